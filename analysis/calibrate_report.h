/* calibrate_report.h - all that `cogov calibrate organisations` tells, and how it is printed.
 *
 * The CSV has a row for each class and year: class, year, observed (empty after 2014), fitted, growth,
 * without_reform, growth_without_reform, difference; growth and difference in per cent. The JSON:
 *
 *     {"source": .., "criterion": [{"class": .., "rmse": .., "holds": ..}, ..],
 *      "fits": [{"class": .., "model": .., "scenario": .., "pool": .., "founders": .., "threshold": ..,
 *                "threshold_after": .., "chi2": .., "rmse": .., "aic": .., "aicc": .., "low": .., "high": .., ..}, ..],
 *      "years": [{"class": .., "year": .., "observed": .., "fitted": .., ..}, ..],
 *      "sensitivity": [{"class": .., "threshold": .., "cut": .., "effect": .., ..}, ..],
 *      "yaml": {"national-without-reform": .., "national": ..}}
 *
 * None is an empty field in CSV and null in JSON.
 */
#ifndef ANALYSIS_CALIBRATE_REPORT_H
#define ANALYSIS_CALIBRATE_REPORT_H

#include "analysis/calibrate.h"

#include <stdio.h>

#define CALIBRATE_CLASSES 3
#define CALIBRATE_ASSUMED 5      /* thresholds that the sensitivity tries */
#define CALIBRATE_EFFECT_YEARS 7 /* the reform's effect is told at the end of 2017 */

struct calibrate_report {
    struct calibrate_series series[CALIBRATE_CLASSES];
    struct pool_terms assumed[CALIBRATE_CLASSES];
    int is_reformed[CALIBRATE_CLASSES]; /* whether the scenario lowers its threshold */
    struct calibrate_fit fits[CALIBRATE_CLASSES][CALIBRATE_MODELS];
    double effect_low[CALIBRATE_CLASSES],
        effect_high[CALIBRATE_CLASSES]; /* at the ends of the cut's interval */
    struct calibrate_fit sensitivity[CALIBRATE_CLASSES][CALIBRATE_ASSUMED];
};

/* The fit that the scenarios take. */
static inline const struct calibrate_fit *
calibrate_taken(const struct calibrate_report *report, int class)
{
    return &report->fits[class][report->is_reformed[class] ? CALIBRATE_STEP : CALIBRATE_PLAIN];
}

/* fields: of the model `registration`. SIM_ERR_INPUT, SIM_ERR_MEMORY. */
int calibrate_report_init(struct calibrate_report *report, const struct sim_fields *fields);

/* The years' numbers of the fit that the scenarios take, with the reform and without. */
void calibrate_years(const struct calibrate_report *report, int class, double *with, double *without);

/* Whether P1's criteria hold for a class: the relative error is at most 2 %; and growth rises to 2014 and
 * then falls (associations and private non-enterprise units), or is 13 to 19 % a year (foundations). */
int calibrate_error_holds(const struct calibrate_report *report, int class);
int calibrate_shape_holds(const struct calibrate_report *report, int class);

void calibrate_print_text(const struct calibrate_report *report, FILE *out);
void calibrate_print_csv(const struct calibrate_report *report, FILE *out);
int calibrate_print_json(const struct calibrate_report *report, FILE *out); /* SIM_ERR_MEMORY */

/* The values for national-without-reform.yaml and for national.yaml. */
void calibrate_print_values(const struct calibrate_report *report, FILE *out);
void calibrate_print_event(const struct calibrate_report *report, FILE *out);

#endif
