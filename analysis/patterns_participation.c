/* patterns_participation.c - who takes part and how deeply. */
#include "analysis/patterns.h"

#include <math.h>

/* P3: Ezhou is the low-capacity preset. */
static const struct pattern_variant variants_P3[] = {
    { .label = "Ezhou", .scenario = "ezhou", .settings = "" },
};

static const char *const ages[] = { "18", "30", "40", "50", "60", "70+" };

/* Residents, and active ones, of the age groups from first to last. */
static void
count_ages(struct judge *judge, const char *variant, size_t point, const char *observation, size_t first,
    size_t last, double *people, double *active)
{
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        people[r] = 0;
        active[r] = 0;
    }
    for (size_t a = first; a <= last; a++) {
        const double *living = judge_last(judge, variant, point, "residents_by_age", ages[a]);
        const double *rate = judge_last(judge, variant, point, observation, ages[a]);
        for (uint32_t r = 0; r < judge->n_replicates; r++) {
            people[r] += living[r];
            active[r] += living[r] * rate[r];
        }
    }
}

static void
judge_skew(struct judge *judge, const char *observation, int depth)
{
    double *people[3], *active[3], *lead = judge_numbers(judge);
    for (size_t group = 0; group < 3; group++) { /* below 40, 40 to 59, 60 and over */
        people[group] = judge_numbers(judge);
        active[group] = judge_numbers(judge);
        count_ages(judge, "Ezhou", 0, observation, 2 * group, 2 * group + 1, people[group], active[group]);
    }
    check_at_least(judge, judge_text(judge, "Ezhou, depth >= %d: rate at 60+ / rate below 40", depth),
        judge_over(judge, judge_over(judge, active[2], people[2]), judge_over(judge, active[0], people[0])),
        2);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        double all = active[0][r] + active[1][r] + active[2][r];
        lead[r] = (active[2][r] - fmax(active[0][r], active[1][r])) / all;
    }
    check_plus(judge,
        judge_text(
            judge, "Ezhou, depth >= %d: share of participants 60+ less the larger of the others", depth),
        lead);
}

static void
judge_P3(struct judge *judge)
{
    judge_skew(judge, "participation_by_age", 1);
    judge_skew(judge, "engagement_by_age", 2);
}

PATTERN_PLAN(P3)

static const struct pattern_variant variants_P4[] = {
    { .label = "Ezhou", .scenario = "ezhou", .settings = "" },
};

static void
judge_P4(struct judge *judge)
{
    static const char *const depths[] = { "attend", "volunteer", "deliberate", "decide" };
    const double *p[4];
    for (size_t d = 0; d < 4; d++) {
        p[d] = judge_last(judge, "Ezhou", 0, "participation_by_depth", depths[d]);
    }
    for (size_t d = 0; d < 3; d++) {
        check_plus(judge, judge_text(judge, "Ezhou: p_%zu - p_%zu", d + 1, d + 2),
            judge_minus(judge, p[d], p[d + 1]));
    }
    const double *deep = judge_plus(judge, p[2], p[3]);
    const double *all = judge_plus(judge, judge_plus(judge, p[0], p[1]), deep);
    check_below(judge, "Ezhou: (p_3 + p_4) / p", judge_over(judge, deep, all), 0.1);
}

PATTERN_PLAN(P4)

static const struct pattern_variant variants_P24[] = {
    { .label = "employed",
        .scenario = "base",
        .settings = "residents.employed_share=%",
        .values = "0.55 0.65 0.75 0.85 0.95" },
};

static void
judge_P24(struct judge *judge)
{
    const double *p[PATTERN_STEPS_LIMIT], *elderly[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "employed", "participation", NULL, p);
    for (size_t k = 0; k < n; k++) {
        double *people = judge_numbers(judge), *all = judge_numbers(judge), *old = judge_numbers(judge);
        count_ages(judge, "employed", k, "participation_by_age", 0, 5, people, all);
        count_ages(judge, "employed", k, "participation_by_age", 4, 5, people, old);
        elderly[k] = judge_over(judge, old, all);
    }
    check_falls(judge, "participation as the employed share goes from .55 to .95", p, n);
    check_rises(judge, "share of the participants aged 60 and over", elderly, n);
}

PATTERN_PLAN(P24)
