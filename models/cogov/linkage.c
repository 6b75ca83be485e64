/* linkage.c - what contracts deliver: three-society linkage (三社联动) of community, social organisation and
 * social worker.
 *
 *     Q = (1 - shade) (1 - phi_dep dep) a^alpha_S w^alpha_W v^alpha_V,   sum of alpha = 1    (9)(13)
 *     shade = s_j (1 - nu')                                                                     (10)
 *
 * a: the organisation's capability; w: share of its posts filled; v = v_0 + (1 - v_0) min(1, volunteers /
 * target) with linkage. Without, w counts w_off times and v = v_off; a level of linkage between 0 and 1
 * lies between. dep: its dependence on government; nu': share that is verified, see evaluation; s_j: how
 * far the provider shirks where nobody looks, in which providers differ: without evaluation nobody can
 * tell what to expect (Dacheng2020, m19). Complementarity is all that "1 + 1 + 1 > 3" means (Dacheng2020,
 * Huang2018, m11, m12); form assumption. Firms deliver (1 - shade) a.
 */
#include "models/cogov/cogov.h"

/* What the community itself brings to every contract. */
struct setting {
    double unseen; /* share of effort that nobody verifies */
    double linked;
    double volunteers;
};

static struct setting
setting_of(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    double linked = cogov_linked(view);
    double help = sim_unit(community->volunteers[0] / p->linkage_volunteer_target);
    double with = p->linkage_volunteers_base + (1 - p->linkage_volunteers_base) * help;
    return (struct setting){ 1 - community->verified[0], linked,
        (1 - linked) * p->linkage_volunteers_unlinked + linked * with };
}

static double
organisation_delivers(const struct sim_view *view, const struct setting *setting, int32_t i)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view->above);
    double counts = p->linkage_workers_unlinked + (1 - p->linkage_workers_unlinked) * setting->linked;
    double product = sim_pow(o->capability[i], p->linkage_organisation_share)
        * sim_pow(o->staffing[i] * counts, p->linkage_worker_share)
        * sim_pow(setting->volunteers, p->linkage_volunteer_share);
    return sim_unit((1 - o->shading[i] * setting->unseen) * o->responsiveness[i] * product);
}

static double
firm_delivers(const struct sim_view *view, const struct setting *setting, int32_t provider)
{
    struct cogov_provider firm = cogov_provider_of(view->above, provider);
    return sim_unit((1 - firm.shading * setting->unseen) * firm.capability);
}

void
linkage(const struct sim_view *view)
{
    const struct cogov_contract *contract = cogov_contract_of(view);
    struct setting setting = setting_of(view);
    int32_t organisations = (int32_t) cogov_organisation_count(view->above);
    for (uint32_t lot = 0; lot < LOTS; lot++) {
        int32_t provider = contract->provider[lot];
        if (provider < 0) {
            continue;
        }
        contract->delivered[lot] = provider < organisations ? organisation_delivers(view, &setting, provider)
                                                            : firm_delivers(view, &setting, provider);
        contract->delivered_sum[lot] += contract->delivered[lot];
        contract->months[lot]++;
    }
}
