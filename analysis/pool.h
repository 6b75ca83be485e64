/* pool.h - what the model `registration` expects on average: the same month by month, without chance.
 *
 *     G <- G + F - (r + f) G,    N <- N + r G - x_0 N,    r = r_1 Lambda((capital - Theta) / s)
 *
 * Equation (14). All is linear in the numbers at the start and in the founders, so this is exactly the mean of
 * the model's Poisson draws as long as none of them is cut to what is there. From month `event` on the
 * threshold is another one.
 */
#ifndef ANALYSIS_POOL_H
#define ANALYSIS_POOL_H

#include "sim/field.h"

#include <stdint.h>

struct pool_terms {
    double registered, pool, founders, fade, registration_rate, capital, capital_spread, exit_rate;
    double threshold, threshold_after;
    uint32_t event; /* month from which threshold_after holds; 0: never */
};

/* r(Theta) at a threshold */
double pool_openness(const struct pool_terms *terms, double threshold);

/* Registered organisations at the end of every twelfth month: years[k] after 12 (k + 1) months, k < n. */
void pool_years(const struct pool_terms *terms, uint32_t n, double *years);

/* The defaults of one class (a group of parameters) of the model. SIM_ERR_INPUT if it has no such
 * parameters, SIM_ERR_MEMORY. */
int pool_defaults(const struct sim_fields *fields, const char *class, struct pool_terms *terms);

#endif
