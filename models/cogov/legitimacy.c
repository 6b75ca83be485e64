/* legitimacy.c - the committee's standing with residents.
 *
 *     L <- L + e_L (q_g g + (1 - q_g) mean S - L)                                            (21)
 *
 * g: effectiveness; S: satisfaction. Huang2018 (m4, m6); form assumption. L feeds the adoption of
 * proposals in (18) and the gain of trust from deep participation in (16).
 */
#include "models/cogov/cogov.h"

void
legitimacy(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    uint32_t n = cogov_resident_count(view);
    double satisfied = n > 0 ? sim_sum_f32(cogov_resident_of(view)->satisfaction, n) / n : 0;
    double target = p->government_legitimacy_effectiveness * committee->effectiveness[0]
        + (1 - p->government_legitimacy_effectiveness) * satisfied;
    committee->legitimacy[0] += p->government_legitimacy_rate * (target - committee->legitimacy[0]);
}
