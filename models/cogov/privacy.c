/* privacy.c - private data leak from the platform: those online lose trust, and some leave it.
 *
 *     leaks in a month ~ Poisson(h_p o (1 - v));   online: T <- T (1 - d_p)                  (20b)
 *
 * o: share of residents online; v: security. At each leak a resident leaves the platform with some
 * probability, and then has nothing to lose by the next. Leaks Wang2018 (m30); form and sizes assumption.
 */
#include "models/cogov/cogov.h"

/* One leak, the k-th of the month. */
static void
leak(const struct sim_view *view, uint32_t k)
{
    enum { CHUNK = 1024 };
    const struct cogov_resident *r = cogov_resident_of(view);
    const float left = 1.0f - (float) cogov_params(view)->platform_leak_damage;
    const float leaves = (float) cogov_params(view)->platform_leak_leaving;
    uint32_t n = cogov_resident_count(view);
    float u[CHUNK];

    for (uint32_t first = 0; first < n; first += CHUNK) {
        uint32_t size = n - first < CHUNK ? n - first : CHUNK;
        uint8_t *traits = r->traits + first;
        float *trust = r->trust + first;
        sim_draws_f32(view->stream, first, size, k, u);
        for (uint32_t i = 0; i < size; i++) {
            int online = (traits[i] & TRAIT_ONLINE) != 0;
            trust[i] *= online ? left : 1.0f;
            traits[i] = (uint8_t) (u[i] < leaves ? traits[i] & (UINT8_MAX ^ TRAIT_ONLINE) : traits[i]);
        }
    }
}

void
privacy(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    double mean = p->platform_leak_rate * community->online[0] * (1 - p->platform_security);
    int64_t leaks = sim_poisson_at(mean, sim_draw(view->stream, 0, 0));

    community->leaks[0] = leaks;
    for (int64_t k = 0; k < leaks; k++) {
        leak(view, (uint32_t) k);
    }
    if (leaks > 0) {
        cogov_count_online(view);
    }
}
