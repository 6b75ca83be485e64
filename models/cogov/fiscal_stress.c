/* fiscal_stress.c - the street's fiscal stress, which is the probability that an instalment is late.
 *
 *     f <- f* + rho (f - f*) + sigma xi,   0 <= f <= limit                                   (11a)
 *
 * f*: long-run stress; rho: persistence; xi: standard normal. A first-order autoregression
 * (assumption).
 */
#include "models/cogov/cogov.h"

void
fiscal_stress(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    double *stress = cogov_government_of(view)->stress;
    double shock = p->payment_stress_noise * sim_normal_at(sim_draw(view->stream, 0, 0));
    double next = p->payment_stress + p->payment_stress_persistence * (*stress - p->payment_stress) + shock;
    *stress = next < 0 ? 0 : next > p->payment_stress_limit ? p->payment_stress_limit : next;
}
