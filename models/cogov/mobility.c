/* mobility.c - a resident moves away and another takes the home: attitudes are a newcomer's, ties have to
 * grow, an open ticket is withdrawn. Age, sex, work, ownership, party membership, leadership, use of the
 * platform and the threshold of influence stay with the home. This is the last part of (18). Market
 * mobility breaks the stability of groups: Dacheng2020 (m38).
 */
#include "models/cogov/cogov.h"

static void
replace(const struct sim_view *view, uint32_t i)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    if (r->need[i] != 0) {
        community->withdrawn_ever[0] += cogov_params(view)->city_weight;
        community->waiting[0] -= cogov_params(view)->city_weight;
    }
    unsigned group = cogov_age_group(r->age[i]);
    community->census[0].of[group][r->depth[i]]--;
    community->census[0].of[group][DEPTH_NONE]++;
    r->need[i] = r->solved[i] = 0;
    r->depth[i] = DEPTH_NONE;
    r->tenure[i] = 0;
    r->active_neighbours[i] = 0;
    cogov_draw_attitudes(view, i, 0);
}

void
mobility(const struct sim_view *view)
{
    enum { CHUNK = 1024 };
    const struct cogov_resident *r = cogov_resident_of(view);
    const float leaves = (float) cogov_params(view)->residents_mobility;
    uint32_t n = cogov_resident_count(view);
    float u[CHUNK];

    for (uint32_t first = 0; first < n; first += CHUNK) {
        uint32_t size = n - first < CHUNK ? n - first : CHUNK;
        sim_draws_f32(view->stream, first, size, 0, u);
        for (uint32_t i = 0; i < size; i++) {
            uint8_t *tenure = &r->tenure[first + i];
            *tenure = (uint8_t) (*tenure + (*tenure < UINT8_MAX));
        }
        for (uint32_t i = 0; i < size; i++) {
            if (u[i] < leaves) {
                replace(view, first + i);
            }
        }
    }
}
