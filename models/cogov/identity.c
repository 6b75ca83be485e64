/* identity.c - identity with the community grows where neighbours are active and the committee has
 * time for residents.
 *
 *     I <- I + e_I (i_0 + i_s s_i + i_N x_N - I)                                             (18a)
 *
 * s_i: active neighbours; x_N: time for residents; little of it is the "administrative colour" of
 * Huang2018 (m6). Culture Wang2018 (m33); form assumption. The platform's part comes with (19).
 */
#include "models/cogov/cogov.h"

void
identity(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const float base = (float) (p->attitudes_identity_base
        + p->attitudes_identity_committee * (1 - cogov_committee_of(view)->administrative[0]));
    const float rate = (float) p->attitudes_identity_rate, weight = (float) p->attitudes_identity_neighbours;
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        float target = base + weight * r->active_neighbours[i];
        r->identity[i] = sim_unit_f32(r->identity[i] + rate * (target - r->identity[i]));
    }
}
