/* tickets_escalate.c - a ticket that has waited W_l months at the grid or the community moves up one
 * tier; then the queues are counted. The month in which a ticket arises is spent at the tier of its
 * severity. This is the first part of (6). Grid, community, street: Chen2022 (m36); waits assumption.
 */
#include "models/cogov/cogov.h"

#include <string.h>

static uint8_t
add_months(uint8_t a, uint8_t b)
{
    return (uint8_t) (a + b < UINT8_MAX ? a + b : UINT8_MAX);
}

void
tickets_escalate(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    struct cogov_queues *queue = cogov_community_of(view)->queue;
    const int64_t limit[TIERS] = { p->tiers_grid_wait, p->tiers_community_wait, INT64_MAX };

    memset(queue, 0, sizeof(*queue));
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        if (r->need[i] == 0) {
            continue;
        }
        if (p->switches_tickets_escalate && r->waited[i] >= limit[r->tier[i]]) {
            r->waited_before[i] = add_months(r->waited_before[i], r->waited[i]);
            r->waited[i] = 0;
            r->tier[i]++;
        }
        queue->of[r->tier[i]][r->need[i] - 1] += p->city_weight;
    }
}
