/* patterns_committee.c - the resident committee's time, authority and effectiveness. */
#include "analysis/patterns.h"

#include <math.h>

static const struct pattern_variant variants_P5[] = {
    { .label = "90 items", .scenario = "ezhou", .settings = "" },
    { .label = "180 items", .scenario = "ezhou", .settings = "committee.administrative_items=180" },
};

static void
judge_P5(struct judge *judge)
{
    const double *administrative = judge_last(judge, "90 items", 0, "committee_time", "administrative");
    check_at_least(judge, "Ezhou: x_A", administrative, 0.65);
    check_below(judge, "Ezhou: x_A", administrative, 0.80);
    check_plus(judge, "x_N, 90 less 180 items",
        judge_minus(
            judge, judge_last(judge, "180 items", 0, "committee_time", "administrative"), administrative));
    static const char *const names[] = { "effectiveness", "participation" };
    for (size_t i = 0; i < 2; i++) {
        check_plus(judge, judge_text(judge, "%s, 90 less 180 items", names[i]),
            judge_minus(judge, judge_last(judge, "90 items", 0, names[i], NULL),
                judge_last(judge, "180 items", 0, names[i], NULL)));
    }
}

PATTERN_PLAN(P5)

#define BURDEN_CUTS "0 0.2 0.4 0.55 0.65 0.7 0.75 0.8 0.85 0.9 0.95 1"
#define Z_STAR 0.783 /* closed form of equation (3) at Ezhou's items, theta = .30 */

static const struct pattern_variant variants_P6[] = {
    { .label = "burden cut",
        .scenario = "ezhou",
        .settings = "burden.cut=% empowerment.level=0 empowerment.cross_appointment=0",
        .values = BURDEN_CUTS },
};

static void
judge_peak(struct judge *judge, const char *name)
{
    const double *values[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "burden cut", name, NULL, values), peak = 0;
    for (size_t k = 1; k < n; k++) {
        peak = judge_mean(judge, values[k]) > judge_mean(judge, values[peak]) ? k : peak;
    }
    check_plus(
        judge, judge_text(judge, "%s: peak less z = 0", name), judge_minus(judge, values[peak], values[0]));
    check_plus(judge, judge_text(judge, "%s: peak less z = 1", name),
        judge_minus(judge, values[peak], values[n - 1]));
    int unimodal = 1;
    for (size_t k = 1; k < n; k++) {
        double step = judge_mean(judge, values[k]) - judge_mean(judge, values[k - 1]);
        unimodal = unimodal && (k <= peak ? step > 0 : step < 0);
    }
    check_fact(judge, judge_text(judge, "%s: rises to its peak, then falls", name), unimodal);
    double z = judge_value(judge, "burden cut", peak);
    check_fact(judge, judge_text(judge, "%s: peak at z = %g, within .1 of z* = %g", name, z, Z_STAR),
        fabs(z - Z_STAR) <= 0.1);
}

static void
judge_P6(struct judge *judge)
{
    judge_peak(judge, "effectiveness");
    judge_peak(judge, "legitimacy");
    check_plus(judge, "g(0) - g(1)",
        judge_minus(judge, judge_last(judge, "burden cut", 0, "effectiveness", NULL),
            judge_last(judge, "burden cut", judge_points(judge, "burden cut") - 1, "effectiveness", NULL)));
}

PATTERN_PLAN(P6)

static const struct pattern_variant variants_P7[] = {
    { .label = "burden cut",
        .scenario = "ezhou",
        .settings =
            "burden.cut=% empowerment.level=0.3 empowerment.cross_appointment=0 switches.officials=off",
        .values = BURDEN_CUTS },
};

static void
judge_P7(struct judge *judge)
{
    static const char *const names[] = { "effectiveness", "legitimacy" };
    for (size_t i = 0; i < 2; i++) {
        const double *values[PATTERN_STEPS_LIMIT];
        size_t n = judge_sweep(judge, "burden cut", names[i], NULL, values);
        for (size_t k = 1; k < n; k++) {
            check_plus(judge,
                judge_text(judge, "e' = .3: %s, z %g less %g", names[i], judge_value(judge, "burden cut", k),
                    judge_value(judge, "burden cut", k - 1)),
                judge_minus(judge, values[k], values[k - 1]));
        }
    }
}

PATTERN_PLAN(P7)

/* Nanjing's reform raised the weight of residents' satisfaction in the assessment from .5 to .7, everything else
 * being equal. */
static const struct pattern_variant variants_P21[] = {
    { .label = "before", .scenario = "base", .settings = "committee.resident_weight=0.5" },
    { .label = "after", .scenario = "base", .settings = "committee.resident_weight=0.7" },
};

static void
judge_P21(struct judge *judge)
{
    static const char *const names[] = { "effectiveness", "participation", "trust" };
    check_plus(judge, "x_N, weight .7 less .5",
        judge_minus(judge, judge_last(judge, "before", 0, "committee_time", "administrative"),
            judge_last(judge, "after", 0, "committee_time", "administrative")));
    for (size_t i = 0; i < 3; i++) {
        check_plus(judge, judge_text(judge, "%s, weight .7 less .5", names[i]),
            judge_minus(judge, judge_last(judge, "after", 0, names[i], NULL),
                judge_last(judge, "before", 0, names[i], NULL)));
    }
}

PATTERN_PLAN(P21)
