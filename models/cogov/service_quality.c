/* service_quality.c - the quality of the service for each type of need.
 *
 *     Q_pub = q_gov + .45 g + .15 C + .15 min(1, deliberators / 3 %),   Q_spec from (9)      (22a)
 *     Q_pers from firms,   Q_dev = .25 + .45 min(1, volunteers / target) + .2 g,   all cut to [0, 1]
 *
 * The numbers are parameters (needs.*). q_gov: government's own capacity, 0 for hollow government
 * (Dacheng2020, m37); g: effectiveness; C: coordination. Types and providers Shi2019 (Gusu); forms
 * assumption. Where nobody has the contract for special services, a basic one remains. A contract for
 * personal services replaces the property company's for the tickets that it buys, and a bundled property
 * contract for public ones government's own capacity: one firm does what several offices did (Wang2018,
 * Jianggan); what committee, coordination and deliberation add stays.
 */
#include "models/cogov/cogov.h"

/* Quality where a contract serves a share of the tickets of this need that wait at the community, and the
 * rest have their own. */
static double
mixed(const struct sim_view *view, uint32_t need, uint32_t lot, double own)
{
    const struct cogov_contract *contract = cogov_contract_of(view);
    double tickets = (double) cogov_community_of(view)->queue[0].of[TIER_COMMUNITY][need];
    double share = contract->provider[lot] < 0 ? 0
        : tickets > 0                          ? sim_unit(contract->units[lot] / tickets)
                                               : 1;
    return (1 - share) * own + share * contract->delivered[lot];
}

void
service_quality(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    const struct cogov_contract *contract = cogov_contract_of(view);
    double g = cogov_committee_of(view)->effectiveness[0],
           coordination = cogov_party_of(view)->coordination[0];
    double deliberate = sim_unit(community->deliberators[0] / p->needs_deliberation_reference);
    double help = sim_unit(community->volunteers[0] / p->linkage_volunteer_target);
    double own = cogov_firm_of(view->above)->quality[view->block];
    double *quality = community->quality[0].of;

    quality[NEED_PUBLIC] =
        sim_unit(mixed(view, NEED_PUBLIC, LOT_PUBLIC, cogov_government_of(view->above)->capacity[0])
            + p->needs_public_effectiveness * g + p->needs_public_coordination * coordination
            + p->needs_public_deliberation * deliberate);
    quality[NEED_SPECIAL] = contract->provider[LOT_SPECIAL] >= 0 ? contract->delivered[LOT_SPECIAL]
                                                                 : p->needs_special_without_contract;
    quality[NEED_PERSONAL] = sim_unit(mixed(view, NEED_PERSONAL, LOT_PERSONAL, own));
    quality[NEED_DEVELOPMENTAL] = sim_unit(p->needs_developmental_base
        + p->needs_developmental_volunteers * help + p->needs_developmental_effectiveness * g);
}
