/* cognition.c - residents come to know how their community is governed by taking part, most by taking
 * part deeply, and by what they read online, and forget.
 *
 *     k <- k + (k_3 [d >= 3] + k_1 [d in 1, 2] + k_x [online]) (1 - k) - k_f k               (18c)
 *
 * Approved yet shallow: Dacheng2020 on southern Jiangsu. Information online Wang2018 (m27). Form
 * assumption.
 */
#include "models/cogov/cogov.h"

void
cognition(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const float shallow = (float) p->attitudes_cognition_shallow, deep = (float) p->attitudes_cognition_deep;
    const float fade = (float) p->attitudes_cognition_fade, online = (float) p->platform_cognition;
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        float learn = r->depth[i] >= DEPTH_DELIBERATE ? deep : r->depth[i] > DEPTH_NONE ? shallow : 0.0f;
        learn += (r->traits[i] & TRAIT_ONLINE) != 0 ? online : 0.0f;
        float k = r->cognition[i];
        r->cognition[i] = sim_unit_f32(k + learn * (1.0f - k) - fade * k);
    }
}
