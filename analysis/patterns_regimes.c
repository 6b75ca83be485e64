/* patterns_regimes.c - P10 and P11: how the parts of governance work together, and the two states they can hold a
 * community in. */
#include "analysis/patterns.h"

/* Chongqing after its reform is the case of linkage; what varies is said in full, the rest is the case. */
#define CORNER(label_, settings_)                                                             \
    {                                                                                         \
        .label = label_, .scenario = "chongqing", .settings = settings_, .city = CITY_STREETS \
    }
#define LOW_SO " organisations.capability=normal(0.4,0.12)"
#define HIGH_SO " organisations.capability=normal(0.8,0.12)"
#define LOW_SW " organisations.staffing=0.3 organisations.rehire=0.007"
#define HIGH_SW " organisations.staffing=0.9 organisations.rehire=0.1"
#define LOW_V "participation.volunteer_constant=-4.5"
#define HIGH_V "participation.volunteer_constant=-2.5"

static const struct pattern_variant variants_P10[] = {
    CORNER("neither", "linkage.level=0 deliberation.level=0.2"),
    CORNER("linkage", "linkage.level=1 deliberation.level=0.2"),
    CORNER("deliberation", "linkage.level=0 deliberation.level=0.8"),
    CORNER("both", "linkage.level=1 deliberation.level=0.8"),
    CORNER("none", LOW_V LOW_SO LOW_SW),
    CORNER("organisations", LOW_V HIGH_SO LOW_SW),
    CORNER("social workers", LOW_V LOW_SO HIGH_SW),
    CORNER("volunteers", HIGH_V LOW_SO LOW_SW),
    CORNER("all three", HIGH_V HIGH_SO HIGH_SW),
};

/* Q(11) - Q(10) - Q(01) + Q(00) */
static void
check_interaction(struct judge *judge, const char *observation)
{
    const double *one = judge_minus(judge, judge_last(judge, "both", 0, observation, NULL),
        judge_last(judge, "linkage", 0, observation, NULL));
    const double *other = judge_minus(judge, judge_last(judge, "deliberation", 0, observation, NULL),
        judge_last(judge, "neither", 0, observation, NULL));
    check_plus(judge,
        judge_text(judge, "linkage x deliberation on %s: Q(11) - Q(10) - Q(01) + Q(00)", observation),
        judge_minus(judge, one, other));
}

/* 1 + 1 + 1 > 3: all three together gain more than the three gains one by one. */
static void
judge_P10(struct judge *judge)
{
    check_interaction(judge, "service_quality");
    check_interaction(judge, "delivered_quality");
    check_interaction(judge, "participation");
    static const char *const alone[] = { "organisations", "social workers", "volunteers" };
    const double *none = judge_last(judge, "none", 0, "delivered_quality", NULL);
    const double *more =
        judge_minus(judge, judge_last(judge, "all three", 0, "delivered_quality", NULL), none);
    for (size_t i = 0; i < 3; i++) {
        const double *gain =
            judge_minus(judge, judge_last(judge, alone[i], 0, "delivered_quality", NULL), none);
        more = judge_minus(judge, more, gain);
    }
    check_plus(judge,
        "organisations x social workers x volunteers: gain of all three less the three gains alone", more);
}

PATTERN_PLAN(P10)

/* Starts of the full model */
#define LOW_START " initial.participation=0.02 initial.trust=normal(0.2,0.1)"
#define HIGH_START " initial.participation=0.95 initial.trust=normal(0.8,0.1)"
#define STRONG "participation.influence=8 "
/* The institutions are held where the sweep puts them: no leader goes. */
#define GOVERNANCE \
    "switches.officials=off party.coverage=% party.coverage_target=% deliberation.level=% linkage.level=%"
#define FIELDS "-4 -3.3 -3 -2.7 -2" /* inside the folds -3.4151 and -2.5849 of J = 6, but for the ends */
/* Activities nearly alone, as the one depth of the mean field: a low constant of the deeper depths lets them not
 * carry the high state by themselves. Twenty years, so that slow starts have settled. */
#define CONSTANTS "-7 -5 -4 -3.5 -3 -2.5 -2"
#define ONE_DEPTH \
    "participation.volunteer_constant=-6 participation.deliberate_constant=-6 participation.decide_constant=-6 "
#define SETTLED 240
#define LEVELS "0 0.1 0.2 0.3 0.4 0.6 0.8 1"
#define FEEDBACK "switches.feedback=on choice.field=-2.12 choice.influence=4 choice.revision_probability=0.5 "

static const struct pattern_variant variants_P11[] = {
    { "field, low start", "mean-field", "choice.field=% initial.active=0.02", FIELDS, CITY_AS_IT_IS, 120, 0 },
    { "field, high start", "mean-field", "choice.field=% initial.active=0.98", FIELDS, CITY_AS_IT_IS, 120,
        0 },
    { "feedback, low start", "mean-field",
        FEEDBACK "initial.active=0.02 initial.trust=0.3 initial.quality=0.3 initial.expectation=0.3", NULL,
        CITY_AS_IT_IS, SETTLED, 0 },
    { "feedback, high start", "mean-field",
        FEEDBACK "initial.active=0.9 initial.trust=0.8 initial.quality=0.8 initial.expectation=0.8", NULL,
        CITY_AS_IT_IS, SETTLED, 0 },
    { "constant, low start", "base", STRONG ONE_DEPTH "participation.attend_constant=%" LOW_START, CONSTANTS,
        CITY_SMALL, SETTLED, 0 },
    { "constant, high start", "base", STRONG ONE_DEPTH "participation.attend_constant=%" HIGH_START,
        CONSTANTS, CITY_SMALL, SETTLED, 0 },
    { "governance, low start", "base", STRONG "participation.attend_constant=-7 " GOVERNANCE LOW_START,
        LEVELS, CITY_SMALL, SETTLED, 0 },
    { "governance, high start", "base", STRONG "participation.attend_constant=-7 " GOVERNANCE HIGH_START,
        LEVELS, CITY_SMALL, SETTLED, 0 },
};

#define TOGETHER 0.1 /* gap of participation below which two starts have met */
#define APART 0.5    /* and above which they have not */

/* Low and high starts meet at both ends of a sweep and end apart at the value in between where they differ most. */
static void
check_window(struct judge *judge, const char *what, const char *low, const char *high)
{
    const double *a[PATTERN_STEPS_LIMIT], *b[PATTERN_STEPS_LIMIT], *gap[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, low, "participation", NULL, a), widest = 0;
    judge_sweep(judge, high, "participation", NULL, b);
    for (size_t k = 0; k < n; k++) {
        gap[k] = judge_minus(judge, b[k], a[k]);
        widest = judge_mean(judge, gap[k]) > judge_mean(judge, gap[widest]) ? k : widest;
    }
    check_below(judge, judge_text(judge, "%s %g: high less low start", what, judge_value(judge, low, 0)),
        gap[0], TOGETHER);
    check_above(judge, judge_text(judge, "%s %g: high less low start", what, judge_value(judge, low, widest)),
        gap[widest], APART);
    check_below(judge, judge_text(judge, "%s %g: high less low start", what, judge_value(judge, low, n - 1)),
        gap[n - 1], TOGETHER);
}

/* Closed forms of the mean field: h = -3 and J = 6, and the reference run with feedback, J_eff = 5.68. */
static void
judge_P11(struct judge *judge)
{
    check_window(judge, "mean field, J = 6, b_0 =", "field, low start", "field, high start");
    check_between(judge, "mean field, J = 6, b_0 = -3: p from below, .0707 in closed form",
        judge_last(judge, "field, low start", 2, "participation", NULL), 0.0607, 0.0807);
    check_between(judge, "mean field, J = 6, b_0 = -3: p from above, .9293 in closed form",
        judge_last(judge, "field, high start", 2, "participation", NULL), 0.9193, 0.9393);
    check_between(judge, "mean field, J_eff = 5.68: p from below, .0877 in closed form",
        judge_last(judge, "feedback, low start", 0, "participation", NULL), 0.0777, 0.0977);
    check_between(judge, "mean field, J_eff = 5.68: p from above, .9123 in closed form",
        judge_last(judge, "feedback, high start", 0, "participation", NULL), 0.9023, 0.9223);
    check_window(judge, "b_J = 8, b_1 =", "constant, low start", "constant, high start");
    check_window(
        judge, "b_J = 8, b_1 = -7, C, D and linkage at", "governance, low start", "governance, high start");
}

PATTERN_PLAN(P11)
