/* patterns_places.c - the places that the sources compare. */
#include "analysis/patterns.h"

static const struct pattern_variant variants_P8[] = {
    { .label = "before", .scenario = "chongqing-before", .settings = "" },
    { .label = "after", .scenario = "chongqing", .settings = "" },
};

static void
judge_P8(struct judge *judge)
{
    check_plus(judge, "time for residents, after less before",
        judge_minus(judge, judge_last(judge, "before", 0, "committee_time", "administrative"),
            judge_last(judge, "after", 0, "committee_time", "administrative")));
    static const char *const names[] = { "deep_participation", "trust", "satisfaction" };
    for (size_t i = 0; i < 3; i++) {
        check_plus(judge, judge_text(judge, "%s, after less before", names[i]),
            judge_minus(judge, judge_last(judge, "after", 0, names[i], NULL),
                judge_last(judge, "before", 0, names[i], NULL)));
    }
    check_at_least(judge, "deep participation, after / before",
        judge_over(judge, judge_last(judge, "after", 0, "deep_participation", NULL),
            judge_last(judge, "before", 0, "deep_participation", NULL)),
        3);
}

PATTERN_PLAN(P8)

static const struct pattern_variant variants_P9[] = {
    { .label = "before", .scenario = "chongqing-before", .settings = "" },
    { .label = "after", .scenario = "chongqing", .settings = "" },
    { .label = "southern Jiangsu", .scenario = "southern-jiangsu", .settings = "" },
    { .label = "capacity",
        .scenario = "southern-jiangsu",
        .settings = "government.capacity=%",
        .values = "0.3 0.45 0.55 0.65 0.75" },
};

/* What approval owes to the one assumption that it depends on most; no criterion. */
static void
note_sensitivity(struct judge *judge)
{
    const double *approval[PATTERN_STEPS_LIMIT];
    const char *told = "";
    size_t n = judge_sweep(judge, "capacity", "approval", NULL, approval);
    for (size_t k = 0; k < n; k++) {
        told = judge_text(judge, "%s%s%.2f at %g", told, k > 0 ? ", " : "", judge_mean(judge, approval[k]),
            judge_value(judge, "capacity", k));
    }
    judge_note(judge, "approval in southern Jiangsu by government.capacity: %s", told);
}

static void
judge_P9(struct judge *judge)
{
    const double *approval = judge_last(judge, "southern Jiangsu", 0, "approval", NULL);
    check_at_least(judge, "approval in southern Jiangsu", approval, 0.5);
    check_plus(judge, "approval, southern Jiangsu less Chongqing before",
        judge_minus(judge, approval, judge_last(judge, "before", 0, "approval", NULL)));
    note_sensitivity(judge);
    static const char *const names[] = { "cognition", "deep_participation" };
    for (size_t i = 0; i < 2; i++) {
        check_plus(judge, judge_text(judge, "%s, Chongqing less southern Jiangsu", names[i]),
            judge_minus(judge, judge_last(judge, "after", 0, names[i], NULL),
                judge_last(judge, "southern Jiangsu", 0, names[i], NULL)));
    }
}

PATTERN_PLAN(P9)
