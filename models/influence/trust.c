/* trust.c - satisfaction with the services, and what it does to trust and expectation.
 *
 *     S = 1/2 + a_Y (q - 1/2) + a_D (q - x),   cut to [0, 1]
 *     T <- T + (S > T ? e_up : e_dn) (S - T)
 *     x <- x + rho_x (q - x)
 *
 * q: quality this month; x: what the resident expected of it. Trust is lost faster than won (e_dn > e_up). At
 * rest x = q and T = S, so neither a_D nor the rates move the equilibria. Left out without feedback.
 */
#include "models/influence/influence.h"

#include "sim/vector.h"

void
influence_trust(const struct sim_view *view)
{
    const struct influence_params *p = view->params;
    const struct influence_mind *minds = influence_mind_of(view);
    float quality = (float) *influence_service_of(view)->quality;
    float direct = 0.5f + (float) p->satisfaction_quality_weight * (quality - 0.5f);
    float disconfirmation = (float) p->satisfaction_disconfirmation_weight;
    float up = (float) p->trust_rate_up, down = (float) p->trust_rate_down;
    float rate = (float) p->satisfaction_expectation_rate;

    for (uint32_t i = 0; i < influence_mind_count(view); i++) {
        float surprise = quality - minds->expectation[i];
        float gap = sim_unit_f32(direct + disconfirmation * surprise) - minds->trust[i];
        minds->trust[i] = sim_unit_f32(minds->trust[i] + (gap > 0 ? up : down) * gap);
        minds->expectation[i] = sim_unit_f32(minds->expectation[i] + rate * surprise);
    }
}
