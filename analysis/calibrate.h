/* calibrate.h - fits the pool model of equation (14) to the yearly numbers of one class of registered social
 * organisations.
 *
 * Free are the pool at the start and the founders, and at most one threshold; all other parameters are
 * assumptions that stay. There are four numbers to fit (the first year is the start), so that no more can be
 * told. Given the thresholds the model is linear in pool and founders: these come from a weighted least
 * squares fit that keeps them from being negative, and the threshold from a search around it.
 *
 * The weights are those of what chance alone would do: registrations and exits are counts (Poisson), the
 * numbers are rounded (a uniform error), and both carry over from year to year:
 *
 *     cov(N_j, N_k) = sum of (registrations + exits) of the years up to min(j, k) + c^2 / 12 (1 + [j = k])
 *
 * with c the last digit's worth, and 1 for the first year's rounding. chi^2 is the distance in that metric: about
 * the number of years less that of parameters if the model is true. AIC = chi^2 + 2 k for k parameters.
 */
#ifndef ANALYSIS_CALIBRATE_H
#define ANALYSIS_CALIBRATE_H

#include "analysis/pool.h"

#define CALIBRATE_YEARS 4             /* that are fitted */
#define CALIBRATE_HORIZON 12          /* years after the first that are computed */
#define CALIBRATE_EVENT 27            /* month of the reform, March 2013 */
#define CALIBRATE_CUT_LIMIT 2.0       /* the largest cut of the threshold that is tried */
#define CALIBRATE_THRESHOLD_LIMIT 3.0 /* the highest common threshold that is tried; the lowest is 0 */

/* What is free besides pool and founders */
enum calibrate_model {
    CALIBRATE_PLAIN,     /* nothing: the threshold is the assumed one and never changes */
    CALIBRATE_STEP,      /* a lower threshold from the reform on */
    CALIBRATE_THRESHOLD, /* the threshold, the same before and after */
    CALIBRATE_MODELS
};

/* The yearly numbers of one class. */
struct calibrate_series {
    const char *class;
    double start;
    double years[CALIBRATE_YEARS];
    double digit; /* the last digit's worth; 0: exact */
};

struct calibrate_fit {
    enum calibrate_model model;
    struct pool_terms terms; /* with the fitted values, rounded as they are printed */
    int n_parameters;
    double pool_error, founders_error; /* standard errors, given the threshold; NaN at a bound of 0 */
    double extra;                      /* the cut, or the threshold; NaN without */
    double low, high;                  /* its 95 % profile interval, within what is tried */
    double chi2, rmse;                 /* rmse is relative */
    double aic, aicc;                  /* aicc is NaN where there are too few years for it */
};

/* terms: the assumptions, as pool_defaults gives them. SIM_ERR_MEMORY; SIM_ERR_INPUT if the series is none. */
int calibrate_fit(struct calibrate_fit *fit, const struct calibrate_series *series,
    const struct pool_terms *terms, enum calibrate_model model);

/* The same with the free threshold or cut held at a value. */
int calibrate_fit_at(struct calibrate_fit *fit, const struct calibrate_series *series,
    const struct pool_terms *terms, enum calibrate_model model, double extra);

/* How many per cent more organisations there are after n years than without the step, all else equal. */
double calibrate_effect(const struct pool_terms *terms, uint32_t n);

#endif
