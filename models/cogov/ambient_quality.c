/* ambient_quality.c - the quality of services as residents without a need of their own meet it.
 *
 *     q <- q + .2 (sum over needs of pi_k Q_k (.4 + .6 resolution_k) - q)                    (22b)
 *
 * The numbers are parameters (needs.*); pi: shares of needs; Q: see service_quality. Form assumption.
 */
#include "models/cogov/cogov.h"

void
ambient_quality(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    const double share[NEEDS] = { p->needs_public_share, p->needs_special_share, p->needs_personal_share,
        p->needs_developmental_share };
    double delivered = 0;
    for (int need = 0; need < NEEDS; need++) {
        double weight = p->needs_quality_unresolved
            + (1 - p->needs_quality_unresolved) * community->resolution[0].of[need];
        delivered += share[need] * community->quality[0].of[need] * weight;
    }
    community->ambient[0] =
        sim_unit(community->ambient[0] + p->needs_quality_rate * (delivered - community->ambient[0]));
}
