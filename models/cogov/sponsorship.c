/* sponsorship.c - property companies sponsor social organisations where residents would notice.
 *
 *     Pr(sponsors this month) = 1 / (1 + exp(-(s_v p x_F - s_c) / s_s))                      (23a)
 *
 * s_v: what being known to all residents is worth to it; p: share of the community's residents who take
 * part; x_F: how visible sponsors are; s_c: what it costs; all in the same measure; s_s: how firms differ. What
 * they give is in proportion to the community's residents and goes in equal parts to the street's
 * professional organisations, to the fen; without any nobody gives. Organisations book it as income that is
 * not government's. Firms' own purses are not modelled. Firms that expect a return Wang2018 (m26); form and
 * sizes assumption.
 */
#include "models/cogov/cogov.h"

/* What the property company of one community gives, in fen. */
static int64_t
gift(const struct sim_view *street, uint32_t block)
{
    const struct cogov_params *p = cogov_params(street);
    const struct sim_view *view = street->below[block];
    const struct cogov_community *community = cogov_community_of(view);
    double active = cogov_share_at(community->census, cogov_resident_count(view), DEPTH_ATTEND, DEPTH_DECIDE);
    double gain = p->firms_sponsor_value * active * p->firms_visibility - p->firms_sponsor_cost;
    double probability = 1 / (1 + sim_exp(-gain / p->firms_sponsor_scale));
    double amount = p->firms_sponsor_amount * 100 * community->population[0] / 1e4;
    return sim_draw(street->stream, block, 0) < probability ? (int64_t) amount : 0;
}

void
sponsorship(const struct sim_view *view)
{
    const struct cogov_organisation *o = cogov_organisation_of(view);
    const struct cogov_firm *firm = cogov_firm_of(view);
    uint32_t n = cogov_organisation_count(view);
    int64_t receivers = 0, left = 0;
    for (uint32_t i = 0; i < n; i++) {
        receivers += cogov_is_professional(o, i);
    }
    for (uint32_t block = 0; block < view->n_below; block++) {
        firm->sponsoring[block] = receivers > 0 ? gift(view, block) : 0;
        left += firm->sponsoring[block];
    }
    for (uint32_t i = 0; i < n; i++) {
        o->sponsored[i] = cogov_is_professional(o, i) ? left / receivers : 0;
        left -= o->sponsored[i];
        receivers -= cogov_is_professional(o, i);
    }
}
