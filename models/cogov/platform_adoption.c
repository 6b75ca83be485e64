/* platform_adoption.c - residents join the digital platform and leave it.
 *
 *     offline -> online with probability a pen x,   online -> offline with probability a (1 - pen x)  (19b)
 *     x_eff = x y                                                                                (5)(6)
 *
 * a: adoption rate; pen: share of people of one's age and work who would use it (platform.c); x: coverage
 * in force; y: integration. In the long run pen x of such people are online. A platform without staff,
 * money and standards (y = 0) does nothing for tickets (Shi2019, m31), and still brings people together.
 * Form assumption.
 *
 * One draw serves both ways: online from now on is who draws less than a pen x + (1 - a) [online]. So who
 * is online at some coverage is online at any higher one, given the same luck.
 */
#include "models/cogov/cogov.h"

void
platform_adoption(const struct sim_view *view)
{
    enum { CHUNK = 1024 };
    const struct cogov_params *p = cogov_params(view);
    uint8_t *traits = cogov_resident_of(view)->traits;
    const uint8_t *age = cogov_resident_of(view)->age;
    const double coverage = cogov_coverage(view);
    const float join = (float) (p->platform_adoption_rate * coverage);
    const float stay = 1.0f - (float) p->platform_adoption_rate;
    uint32_t n = cogov_resident_count(view);
    float share[2][COGOV_AGES], u[CHUNK], bound[CHUNK];

    cogov_penetration(view, share);
    for (uint32_t first = 0; first < n; first += CHUNK) {
        uint32_t size = n - first < CHUNK ? n - first : CHUNK;
        sim_draws_f32(view->stream, first, size, 0, u);
        for (uint32_t i = 0; i < size; i++) {
            bound[i] = share[(traits[first + i] & TRAIT_WORK) != 0][age[first + i]];
        }
        for (uint32_t i = 0; i < size; i++) {
            uint8_t was = traits[first + i];
            float limit = join * bound[i] + ((was & TRAIT_ONLINE) != 0 ? stay : 0.0f);
            traits[first + i] =
                (uint8_t) (u[i] < limit ? was | TRAIT_ONLINE : was & (UINT8_MAX ^ TRAIT_ONLINE));
        }
    }
    cogov_community_of(view)->platform[0] = coverage * p->platform_integration;
    cogov_count_online(view);
}
