/* penetration.h - the constant of the platform's penetration, equation (19), from the penetration of the
 * internet at the end of 2017, 55.8 % (CNNIC in Wang2018).
 *
 *     mean over the base's adults of Lambda(constant + slope (age - a) / 10 + [work] w) = .558
 *
 * Ages as residents.c draws them: 18 to 39 and 40 to 59 evenly, from 60 to 90 falling in a straight line;
 * shares of the three groups by the means of the model's distributions; work by age.
 */
#ifndef ANALYSIS_PENETRATION_H
#define ANALYSIS_PENETRATION_H

#include "sim/field.h"

#define PENETRATION_OBSERVED 0.558
#define PENETRATION_AGES 91 /* ages are below this */

struct penetration {
    double adults[PENETRATION_AGES], workers[PENETRATION_AGES]; /* share of each age among adults; who work */
    double age_slope, age_reference, work;                      /* of equation (19) */
    double standard;                                            /* the model's own default of the constant */
};

/* The model's defaults. SIM_ERR_INPUT if it lacks one of the parameters, whose key is then in missing;
 * SIM_ERR_MEMORY. */
int penetration_init(struct penetration *penetration, const struct sim_fields *fields, const char **missing);

/* Mean penetration of adults with a constant. */
double penetration_mean(const struct penetration *penetration, double constant);

/* The constant at which the mean is this. SIM_ERR_MEMORY; SIM_ERR_INPUT if there is none. */
int penetration_solve(const struct penetration *penetration, double mean, double *constant);

#endif
