/* identity.c - identity with the community grows where neighbours are active, the committee has time for
 * residents, and neighbours meet online.
 *
 *     I <- I + e_I (i_0 + i_s s_i + i_N x_N + i_x [online] - I)                              (18a)
 *
 * s_i: active neighbours; x_N: time for residents; little of it is the "administrative colour" of
 * Huang2018 (m6). Culture and neighbours online Wang2018 (m33, m28); form assumption.
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
    const float online = (float) p->platform_identity;
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        float target =
            base + weight * r->active_neighbours[i] + ((r->traits[i] & TRAIT_ONLINE) != 0 ? online : 0.0f);
        r->identity[i] = sim_unit_f32(r->identity[i] + rate * (target - r->identity[i]));
    }
}
