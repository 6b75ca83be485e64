/* patterns_platform.c - P17 to P20: party, grid, desks and the digital platform. */
#include "analysis/patterns.h"

/* Share of the tickets at hand in a month that are resolved in it, all tiers together or one alone. */
static const double *
resolution(struct judge *judge, const char *variant, size_t point)
{
    static const char *const tiers[] = { "grid", "community", "street" };
    const double *closed = NULL;
    for (size_t t = 0; t < 3; t++) {
        const double *here = judge_last(judge, variant, point, "tickets_closed", tiers[t]);
        closed = closed == NULL ? here : judge_plus(judge, closed, here);
    }
    const double *waiting = judge_last(judge, variant, point, "tickets_waiting", NULL);
    return judge_over(judge, closed, judge_plus(judge, closed, waiting));
}

/* A tier's part of all resolved tickets. */
static const double *
share_of(struct judge *judge, const char *variant, size_t point, const char *tier)
{
    const double *all = judge_plus(judge, judge_last(judge, variant, point, "tickets_closed", "grid"),
        judge_plus(judge, judge_last(judge, variant, point, "tickets_closed", "community"),
            judge_last(judge, variant, point, "tickets_closed", "street")));
    return judge_over(judge, judge_last(judge, variant, point, "tickets_closed", tier), all);
}

static const struct pattern_variant variants_P17[] = {
    { .label = "coverage",
        .scenario = "base",
        .settings = "party.coverage=% party.coverage_target=%",
        .values = "0 0.3 0.6 0.9" },
};

static void
judge_P17(struct judge *judge)
{
    const double *x[PATTERN_STEPS_LIMIT], *grid[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "coverage", "coordination", NULL, x);
    check_rises(judge, "coordination", x, n);
    judge_sweep(judge, "coverage", "participation", NULL, x);
    check_rises(judge, "participation", x, n);
    for (size_t k = 0; k < n; k++) {
        x[k] = resolution(judge, "coverage", k);
        grid[k] = share_of(judge, "coverage", k, "grid");
    }
    check_rises(judge, "share of the tickets at hand that a month resolves", x, n);
    check_plus(judge, "the grid's share of resolved tickets, highest less lowest coverage",
        judge_minus(judge, grid[n - 1], grid[0]));
}

PATTERN_PLAN(P17)

#define STEP(label_, workers, wires, party)                                                                  \
    {                                                                                                        \
        .label = label_, .scenario = "base",                                                                 \
        .settings = "tiers.grid_workers=" workers " platform.coverage=" wires " platform.integration=" wires \
                    " party.coverage=" party " party.coverage_target=" party                                 \
    }

static const struct pattern_variant variants_P18[] = {
    STEP("lowest", "1", "0.1", "0.1"),
    STEP("low", "2", "0.3", "0.3"),
    STEP("high", "4", "0.6", "0.6"),
    STEP("highest", "8", "0.9", "0.9"),
};

/* "End in the grid": the grid resolves minor tickets only, and minor ones are minor_share of those opened, so that
 * in the highest case the grid's resolved tickets have to be more than half of the minor ones. */
#define MINOR_SHARE 0.7 /* default of needs.minor_share */

static void
judge_P18(struct judge *judge)
{
    static const char *const steps[] = { "lowest", "low", "high", "highest" };
    const double *grid[4], *street[4];
    for (size_t k = 0; k < 4; k++) {
        grid[k] = share_of(judge, steps[k], 0, "grid");
        street[k] = share_of(judge, steps[k], 0, "street");
    }
    check_rises(
        judge, "the grid's share of resolved tickets with grid staff, platform and coordination", grid, 4);
    check_falls(judge, "the street's share of resolved tickets", street, 4);
    const double *minor =
        judge_times(judge, judge_last(judge, "highest", 0, "tickets_opened", NULL), MINOR_SHARE);
    check_above(judge, "minor tickets that end in the grid, highest case",
        judge_over(judge, judge_last(judge, "highest", 0, "tickets_closed", "grid"), minor), 0.5);
}

PATTERN_PLAN(P18)

#define COVERAGES "0 0.2 0.4 0.6 0.8 1"

static const struct pattern_variant variants_P19[] = {
    { .label = "unmoderated",
        .scenario = "base",
        .settings = "platform.integration=0.8 platform.moderation=0 platform.coverage=%",
        .values = COVERAGES },
    { .label = "moderated",
        .scenario = "base",
        .settings = "platform.integration=0.8 platform.moderation=1 platform.security=1 platform.coverage=%",
        .values = COVERAGES },
    { .label = "10 times",
        .scenario = "base",
        .settings =
            "platform.integration=0.8 platform.moderation=0 platform.rumour_rate=0.2 platform.leak_rate=0.1 platform.coverage=%",
        .values = COVERAGES },
    { .label = "30 times",
        .scenario = "base",
        .settings =
            "platform.integration=0.8 platform.moderation=0 platform.rumour_rate=0.6 platform.leak_rate=0.3 platform.coverage=%",
        .values = COVERAGES },
};

/* Where trust would be highest were rumours and leaks more frequent; no criterion. */
static void
note_more_incidents(struct judge *judge, const char *variant)
{
    const double *x[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, variant, "trust", NULL, x), peak = 0;
    for (size_t k = 1; k < n; k++) {
        peak = judge_mean(judge, x[k]) > judge_mean(judge, x[peak]) ? k : peak;
    }
    judge_note(judge,
        "with %s the rates of rumours and leaks it is highest at coverage %g, by %.4f over full coverage",
        variant, judge_value(judge, variant, peak), judge_mean(judge, judge_minus(judge, x[peak], x[n - 1])));
}

static void
judge_P19(struct judge *judge)
{
    const double *x[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "unmoderated", "trust", NULL, x);
    size_t peak = check_peak(judge, "trust in coverage without moderation", x, n);
    judge_note(
        judge, "trust without moderation is highest at coverage %g", judge_value(judge, "unmoderated", peak));
    note_more_incidents(judge, "10 times");
    note_more_incidents(judge, "30 times");
    judge_sweep(judge, "unmoderated", "service_quality", NULL, x);
    check_rises(judge, "service quality in coverage without moderation", x, n);
    judge_sweep(judge, "moderated", "trust", NULL, x);
    check_rises(judge, "trust in coverage with moderation and security", x, n);
    judge_sweep(judge, "moderated", "service_quality", NULL, x);
    check_rises(judge, "service quality in coverage with moderation and security", x, n);
}

PATTERN_PLAN(P19)

#define SAFE "platform.moderation=1 platform.security=1 "

static const struct pattern_variant variants_P20[] = {
    { .label = "idle",
        .scenario = "base",
        .settings = SAFE "platform.integration=0 platform.coverage=%",
        .values = "0 0.9" },
    { .label = "staffed",
        .scenario = "base",
        .settings = SAFE "platform.integration=0.8 platform.coverage=%",
        .values = "0 0.9" },
};

#define NO_EFFECT 0.01 /* a difference of the resolved share within which a platform has no effect */

static void
judge_P20(struct judge *judge)
{
    const double *idle = judge_minus(judge, resolution(judge, "idle", 1), resolution(judge, "idle", 0));
    const double *staffed =
        judge_minus(judge, resolution(judge, "staffed", 1), resolution(judge, "staffed", 0));
    check_between(judge, "resolved share of tickets at hand, coverage .9 less 0, without integration", idle,
        -NO_EFFECT, NO_EFFECT);
    check_plus(judge, "that effect with integration less without", judge_minus(judge, staffed, idle));
}

PATTERN_PLAN(P20)
