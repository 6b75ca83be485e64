/* street_capacity.c - a government that has everything done by others forgets how to do it (hollow
 * government).
 *
 *     q <- q + k (q_gov (1 - c_h reliance) - q),   reliance = min(1, bought / asked)          (22c)
 *
 * q: own capacity; c_h: hollowing; bought: tickets that contracts buy a month; asked: tickets opened in
 * the month before. A government with less capacity than supervision needs makes less use of evaluations
 * (evaluation.c). Over-reliance on collaborators Dacheng2020 (m37); form assumption.
 */
#include "models/cogov/cogov.h"

void
street_capacity(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    double *capacity = cogov_government_of(view)->capacity, bought = 0, asked = 0;
    for (uint32_t b = 0; b < view->n_below; b++) {
        const struct cogov_contract *contract = cogov_contract_of(view->below[b]);
        for (uint32_t lot = 0; lot < LOTS; lot++) {
            bought += contract->provider[lot] >= 0 ? contract->units[lot] : 0;
        }
        asked += (double) cogov_community_of(view->below[b])->opened[0];
    }
    double reliance = asked > 0 ? sim_unit(bought / asked) : 0;
    double rests_at = p->government_capacity * (1 - p->government_hollowing * reliance);
    *capacity += p->government_capacity_rate * (rests_at - *capacity);
}
