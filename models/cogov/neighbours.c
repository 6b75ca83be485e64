/* neighbours.c - what each resident sees of the neighbours, as they were at the start of the month.
 *
 *     s_i = sum of w_j active_j / sum of w_j,  w_j = w_lead for party members and stair leaders, else 1  (8)
 *
 * A newcomer's ties count only in part until settled. Also the neighbours' mean trust, for (16).
 * Residents without ties see nobody: s_i = 0, and their own trust. Leading neighbours Shi2019,
 * Huang2018 (m10); form assumption.
 */
#include "models/cogov/cogov.h"

/* Active residents count 1, active leaders 1 and 256: one sum holds both numbers. */
static void
signal_activity(const struct cogov_resident *r, uint32_t n, uint16_t *signal)
{
    for (uint32_t i = 0; i < n; i++) {
        unsigned leads = (r->traits[i] & TRAIT_LEADER) != 0 ? 257 : 1;
        signal[i] = (uint16_t) (r->depth_before[i] > 0 ? leads : 0);
    }
}

static void
see_nobody(const struct cogov_resident *r, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        r->active_neighbours[i] = 0;
        r->trust_neighbours[i] = r->trust_before[i];
    }
}

void
neighbours(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    uint32_t n = cogov_resident_count(view);
    uint32_t *sum = view->scratch;
    uint16_t *signal = (uint16_t *) (void *) (sum + n);
    float extra = (float) p->residents_leader_weight - 1.0f;
    float settling = 1.0f / (float) p->residents_settling_time;

    if (!p->switches_neighbours || view->network->kind == SIM_NETWORK_NONE) {
        see_nobody(r, n);
        return;
    }
    signal_activity(r, n, signal);
    sim_network_sum_u16(view->network, signal, sum);
    sim_network_sum_f32(view->network, r->trust_before, r->trust_neighbours);
    for (uint32_t i = 0; i < n; i++) {
        float ties = (float) sim_network_degree(view->network, i);
        float active = (float) (sum[i] & 255u) + extra * (float) (sum[i] >> 8);
        float all = ties + extra * (float) r->leader_ties[i];
        float settled = (float) r->tenure[i] * settling;
        float share = all > 0.0f ? active / all : 0.0f;
        r->active_neighbours[i] = settled < 1.0f ? share * settled : share;
        r->trust_neighbours[i] = ties > 0.0f ? r->trust_neighbours[i] / ties : r->trust_before[i];
    }
}
