/* street_desk.c - the street handles so many tickets a month, whichever of its communities they come
 * from: cap_street of (6).
 */
#include "models/cogov/cogov.h"

void
street_desk(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_government *government = cogov_government_of(view);
    double capacity = p->tiers_street_tickets * government->population[0] / 1e4;
    int64_t waiting = 0;
    for (uint32_t b = 0; b < view->n_below; b++) {
        for (int need = 0; need < NEEDS; need++) {
            waiting += cogov_community_of(view->below[b])->queue[0].of[TIER_STREET][need];
        }
    }
    government->desk_ratio[0] = waiting > 0 ? sim_unit(capacity / (double) waiting) : 1;
}
