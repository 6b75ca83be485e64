/* efficacy.c - who takes part deeply learns whether it matters; who asks learns whether anybody
 * answers.
 *
 *     d >= 3:  E <- E + e_E (1[adopted] - E),   Pr(adopted) = L g U                          (18b)
 *     need solved:  E <- E + e_s (1 - E);   need ignored this month:  E <- E - e_i E
 *
 * L: legitimacy; g: effectiveness; U: authority (without authority nothing is implemented).
 * Deliberation with feedback Shi2019, Huang2018, Chen2022 (m35); form assumption.
 */
#include "models/cogov/cogov.h"

void
efficacy(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    double adoption = committee->legitimacy[0] * committee->effectiveness[0] * committee->authority[0];
    const float rate = (float) p->attitudes_efficacy_rate, solved = (float) p->attitudes_efficacy_solved;
    const float ignored = (float) p->attitudes_efficacy_ignored;
    float *e = r->efficacy;

    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        if (r->depth[i] >= DEPTH_DELIBERATE) {
            float adopted = sim_draw(view->stream, i, 0) < adoption ? 1.0f : 0.0f;
            e[i] += rate * (adopted - e[i]);
        }
        if (r->solved[i] != 0) {
            e[i] += solved * (1.0f - e[i]);
        } else if (r->need[i] != 0) {
            e[i] -= ignored * e[i];
        }
    }
}
