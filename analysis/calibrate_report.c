/* calibrate_report.c - the fits of all classes, what they predict, and whether P1's criteria hold. */
#include "analysis/calibrate_report.h"

#include "analysis/organisations_data.h"
#include "sim/error.h"

#include <stddef.h>
#include <string.h>

/* The classes: group of parameters, column of the data, last digit's worth, whether the reform was about it
 * (industry and science bodies, charities, community services register directly: associations and private
 * non-enterprise units, Wang2018), and P1's shape of growth. */
static const struct {
    const char *name;
    size_t column;
    double digit;
    int is_reformed;
} classes[] = {
    { "associations", offsetof(struct organisations_year, associations), 1000, 1 },
    { "private_non_enterprise", offsetof(struct organisations_year, pne), 1000, 1 },
    { "foundations", offsetof(struct organisations_year, foundations), 0, 0 },
};

_Static_assert(sizeof(classes) / sizeof(classes[0]) == CALIBRATE_CLASSES, "a row for each class");
_Static_assert(
    ORGANISATIONS_YEARS == CALIBRATE_YEARS + 1, "the first year is the start, the others are fitted");

/* Thresholds before the reform that the sensitivity assumes */
static const double assumed_thresholds[CALIBRATE_ASSUMED] = { 1.0, 1.1, 1.2, 1.3, 1.4 };

static double
observed(int class, int year)
{
    const char *row = (const char *) &organisations_observed[year];
    return *(const double *) (const void *) (row + classes[class].column);
}

static void
set_series(struct calibrate_series *series, int class)
{
    *series = (struct calibrate_series){ .class = classes[class].name, .digit = classes[class].digit };
    series->start = observed(class, 0);
    for (int i = 0; i < CALIBRATE_YEARS; i++) {
        series->years[i] = observed(class, i + 1);
    }
}

static int
fit_effect(struct calibrate_report *report, int class)
{
    const struct calibrate_fit *step = &report->fits[class][CALIBRATE_STEP];
    const struct calibrate_series *series = &report->series[class];
    const struct pool_terms *terms = &report->assumed[class];
    struct calibrate_fit end;
    int ret = calibrate_fit_at(&end, series, terms, CALIBRATE_STEP, step->low);
    if (ret == SIM_OK) {
        report->effect_low[class] = calibrate_effect(&end.terms, CALIBRATE_EFFECT_YEARS);
        ret = calibrate_fit_at(&end, series, terms, CALIBRATE_STEP, step->high);
    }
    if (ret == SIM_OK) {
        report->effect_high[class] = calibrate_effect(&end.terms, CALIBRATE_EFFECT_YEARS);
    }
    return ret;
}

static int
fit_class(struct calibrate_report *report, int class)
{
    const struct calibrate_series *series = &report->series[class];
    int ret = SIM_OK;
    for (int model = 0; model < CALIBRATE_MODELS && ret == SIM_OK; model++) {
        ret = calibrate_fit(
            &report->fits[class][model], series, &report->assumed[class], (enum calibrate_model) model);
    }
    for (int i = 0; i < CALIBRATE_ASSUMED && ret == SIM_OK; i++) {
        struct pool_terms terms = report->assumed[class];
        terms.threshold = assumed_thresholds[i];
        ret = calibrate_fit(&report->sensitivity[class][i], series, &terms, CALIBRATE_STEP);
    }
    return ret == SIM_OK ? fit_effect(report, class) : ret;
}

int
calibrate_report_init(struct calibrate_report *report, const struct sim_fields *fields)
{
    int ret = SIM_OK;
    memset(report, 0, sizeof(*report));
    for (int class = 0; class < CALIBRATE_CLASSES && ret == SIM_OK; class ++) {
        set_series(&report->series[class], class);
        report->is_reformed[class] = classes[class].is_reformed;
        ret = pool_defaults(fields, classes[class].name, &report->assumed[class]);
        if (ret == SIM_OK) {
            ret = fit_class(report, class);
        }
    }
    return ret;
}

void
calibrate_years(const struct calibrate_report *report, int class, double *with, double *without)
{
    struct pool_terms terms = calibrate_taken(report, class)->terms;
    pool_years(&terms, CALIBRATE_HORIZON, with);
    terms.event = 0;
    pool_years(&terms, CALIBRATE_HORIZON, without);
}

int
calibrate_error_holds(const struct calibrate_report *report, int class)
{
    return calibrate_taken(report, class)->rmse <= 0.02;
}

int
calibrate_shape_holds(const struct calibrate_report *report, int class)
{
    double with[CALIBRATE_HORIZON], without[CALIBRATE_HORIZON], before = report->series[class].start,
                                                                last = 0;
    int holds = 1;
    calibrate_years(report, class, with, without);
    for (int i = 0; i < CALIBRATE_HORIZON; i++) {
        double growth = with[i] / before - 1;
        int is_fitted = i < CALIBRATE_YEARS; /* up to 2014 */
        if (report->is_reformed[class]) {
            holds &= is_fitted ? growth > last : growth < last;
        } else {
            holds &= !is_fitted || (growth >= 0.13 && growth <= 0.19);
        }
        last = growth;
        before = with[i];
    }
    return holds;
}
