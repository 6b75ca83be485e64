/* trust.c - trust follows satisfaction, faster down than up; deep participation that leads somewhere
 * builds it; neighbours' spreads.
 *
 *     T <- T + e (S - T) + e_d L g [d >= 3] (1 - T) + om (T' - T)  (16)
 *
 * e = e_up if S > T, else e_dn; T': mean of the neighbours' trust; L: legitimacy of the committee, g:
 * its effectiveness, d: depth of participation. Sign Dacheng2020 (m34); form assumption. What incidents
 * of the platform cost is in rumour.c and privacy.c.
 */
#include "models/cogov/cogov.h"

void
trust(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    const float up = (float) p->attitudes_trust_gain, down = (float) p->attitudes_trust_loss;
    const float deep =
        (float) (p->attitudes_trust_deep * committee->legitimacy[0] * committee->effectiveness[0]);
    const float near = (float) p->attitudes_trust_neighbours;
    const float *s = r->satisfaction, *others = r->trust_neighbours;
    const uint8_t *depth = r->depth;
    float *t = r->trust;

    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        float gap = s[i] - t[i];
        float gained = depth[i] >= DEPTH_DELIBERATE ? deep * (1.0f - t[i]) : 0.0f;
        t[i] = sim_unit_f32(t[i] + (gap > 0.0f ? up : down) * gap + gained + near * (others[i] - t[i]));
    }
}
