/* patterns_organisations.c - P1, P2, P16, P22, P23: organisations, officials and innovations over the years. */
#include "analysis/organisations_data.h"
#include "analysis/patterns.h"

#include <math.h>

/* National series: tick 12 k is the end of the k-th year after 2010. */
#define YEARS 10
static const struct pattern_variant variants_P1[] = {
    { "reform", "national", "", NULL, CITY_AS_IT_IS, 12 * YEARS, 1 },
    { "no reform", "national-without-reform", "", NULL, CITY_AS_IT_IS, 12 * YEARS, 1 },
};

static const char *const classes[] = { "associations", "private_non_enterprise", "foundations" };

static const double *
registered(struct judge *judge, const char *variant, const char *class, int year)
{
    uint32_t tick = (uint32_t) (12 * (year - ORGANISATIONS_FIRST_YEAR));
    return judge_month(judge, variant, 0, "registered", class, tick);
}

static double
observed(const struct organisations_year *year, size_t class)
{
    return class == 0 ? year->associations : class == 1 ? year->pne : year->foundations;
}

/* Root mean square of the relative errors of the years after the first, replicate by replicate. */
static const double *
relative_rmse(struct judge *judge, size_t class)
{
    double *rmse = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        rmse[r] = 0;
    }
    for (size_t y = 1; y < ORGANISATIONS_YEARS; y++) {
        const double *simulated = registered(judge, "reform", classes[class], organisations_observed[y].year);
        double truth = observed(&organisations_observed[y], class);
        for (uint32_t r = 0; r < judge->n_replicates; r++) {
            rmse[r] += (simulated[r] / truth - 1) * (simulated[r] / truth - 1) / (ORGANISATIONS_YEARS - 1);
        }
    }
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        rmse[r] = sqrt(rmse[r]);
    }
    return rmse;
}

/* Growth in a year; that of the first starts from what was observed at the end of 2010. */
static const double *
growth(struct judge *judge, const char *variant, size_t class, int year)
{
    double *start = judge_numbers(judge), *change = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        start[r] = observed(&organisations_observed[0], class);
    }
    const double *before =
        year - 1 == ORGANISATIONS_FIRST_YEAR ? start : registered(judge, variant, classes[class], year - 1);
    const double *ratio = judge_over(judge, registered(judge, variant, classes[class], year), before);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        change[r] = ratio[r] - 1;
    }
    return change;
}

static void
judge_P1(struct judge *judge)
{
    const double *rates[YEARS];
    for (size_t c = 0; c < 3; c++) {
        check_below(judge, judge_text(judge, "%s: relative RMSE of 2011 to 2014", classes[c]),
            relative_rmse(judge, c), 0.02);
    }
    for (size_t c = 0; c < 2; c++) {
        for (int k = 0; k < YEARS; k++) {
            rates[k] = growth(judge, "reform", c, ORGANISATIONS_FIRST_YEAR + 1 + k);
        }
        check_rises(judge, judge_text(judge, "%s: growth rises from 2011 to 2014", classes[c]), rates, 4);
        check_falls(
            judge, judge_text(judge, "%s: growth falls from 2014 to 2020", classes[c]), rates + 3, YEARS - 3);
    }
    for (int year = 2011; year <= 2014; year++) {
        check_between(judge, judge_text(judge, "foundations: growth in %d without the reform", year),
            growth(judge, "no reform", 2, year), 0.13, 0.19);
    }
}

PATTERN_PLAN(P1)

static const struct pattern_variant variants_P2[] = {
    { "reform", "national", "", NULL, CITY_AS_IT_IS, 12 * YEARS, 1 },
    { "no reform", "national-without-reform", "", NULL, CITY_AS_IT_IS, 12 * YEARS, 1 },
};

static void
judge_P2(struct judge *judge)
{
    const double *with = registered(judge, "reform", classes[1], 2017);
    const double *without = registered(judge, "no reform", classes[1], 2017);
    check_plus(judge, "private non-enterprise units at the end of 2017, with less without the threshold cut",
        judge_minus(judge, with, without));
    judge_note(judge, "that is %.1f %% of those with it; annual data cannot carry an estimate of the reform",
        100 * judge_mean(judge, judge_over(judge, judge_minus(judge, with, without), with)));
}

PATTERN_PLAN(P2)

#define FIXED "government.institutionalisation_rate=0 "

static const struct pattern_variant variants_P16[] = {
    { "turnover", "base", "government.leader_turnover=%", "0.01 0.0278 0.06", CITY_LEADERS, 120, 1 },
    { "fixed", "base",
        FIXED "government.leader_turnover=0.0278 government.institutionalisation=0.1 "
              "government.readoption=0.3",
        NULL, CITY_LEADERS, 120, 1 },
    { "institutionalised", "base",
        FIXED "government.leader_turnover=0.0278 government.institutionalisation=0.9 "
              "government.readoption=0.3",
        NULL, CITY_LEADERS, 120, 1 },
};

/* Share of policies in force at the end of a month, all five together. */
static const double *
in_force(struct judge *judge, const char *variant, size_t point, uint32_t tick)
{
    static const char *const policies[] = { "deliberation", "linkage", "purchase", "platform",
        "empowerment" };
    const double *sum = NULL;
    for (size_t i = 0; i < 5; i++) {
        const double *here = judge_month(judge, variant, point, "policies_in_force", policies[i], tick);
        sum = sum == NULL ? here : judge_plus(judge, sum, here);
    }
    return judge_times(judge, sum, 0.2);
}

/* Equation (17) with iota fixed: a policy survives a month w.p. 1 - h_o (1 - iota)(1 - rho_new). */
static void
check_survival(struct judge *judge, const char *variant, double iota, uint32_t tick)
{
    double expected = pow(1 - 0.0278 * (1 - iota) * (1 - 0.3), tick);
    check_between(judge,
        judge_text(
            judge, "institutionalisation %g: in force after %u months, %.3f by (17)", iota, tick, expected),
        in_force(judge, variant, 0, tick), expected - 0.03, expected + 0.03);
}

static void
judge_P16(struct judge *judge)
{
    const double *x[PATTERN_STEPS_LIMIT];
    size_t n = judge_points(judge, "turnover");
    for (size_t k = 0; k < n; k++) {
        x[k] = in_force(judge, "turnover", k, 96);
    }
    check_falls(judge, "policies in force after 8 years as leaders' turnover goes from .01 to .06", x, n);
    for (uint32_t tick = 24; tick <= 96; tick *= 2) {
        check_survival(judge, "fixed", 0.1, tick);
    }
    check_survival(judge, "institutionalised", 0.9, 96);
    check_plus(judge, "in force after 8 years, institutionalised less not",
        judge_minus(judge, in_force(judge, "institutionalised", 0, 96), in_force(judge, "fixed", 0, 96)));
}

PATTERN_PLAN(P16)

static const struct pattern_variant variants_P22[] = {
    { .label = "threshold",
        .city = CITY_STREETS,
        .scenario = "base",
        .settings = "organisations.threshold=%",
        .values = "0.8 0.6 0.4 0.2" },
};

static void
judge_P22(struct judge *judge)
{
    const double *x[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "threshold", "social_organisations", NULL, x);
    check_rises(judge, "social organisations as the threshold goes from .8 to .2", x, n);
    judge_sweep(judge, "threshold", "bids", NULL, x);
    check_rises(judge, "bids per lot", x, n);
}

PATTERN_PLAN(P22)

#define INNOVATION_MONTHS 120

/* A region's provinces are streets, ten for each: 11 in the east, 8 in the centre, 12 in the west. Budget index:
 * product per head of the region over the national mean, about 84,600, 48,700 and 45,500 over 59,700 CNY in 2017
 * (assumption). */
#define REGION(label_, streets, index)                                                                     \
    {                                                                                                      \
        .label = label_, .scenario = "base", .n_ticks = INNOVATION_MONTHS,                                 \
        .settings =                                                                                        \
            "city.streets=" streets " city.communities=1 city.residents=50 government.budget_index=" index \
    }

static const struct pattern_variant variants_P23[] = {
    REGION("east", "110", "1.42"),
    REGION("centre", "80", "0.82"),
    REGION("west", "120", "0.76"),
    { .label = "poor province",
        .scenario = "base",
        .n_ticks = INNOVATION_MONTHS,
        .settings = "city.streets=1 city.communities=1 city.residents=50 government.budget_index=0.5" },
};

/* Innovations of a region in the whole run, of all categories. */
static const double *
innovations(struct judge *judge, const char *region)
{
    return judge_times(judge, judge_all_labels(judge, region, 0, "innovations"), INNOVATION_MONTHS);
}

static void
judge_P23(struct judge *judge)
{
    static const char *const regions[] = { "east", "centre", "west" };
    static const double cases[] = { 116, 28, 30 };
    const double *n[3];
    for (size_t i = 0; i < 3; i++) {
        n[i] = innovations(judge, regions[i]);
    }
    const double *all = judge_plus(judge, judge_plus(judge, n[0], n[1]), n[2]);
    for (size_t i = 0; i < 3; i++) {
        check_between(judge,
            judge_text(judge, "share of the %s, %.3f in the 174 cases", regions[i], cases[i] / 174),
            judge_over(judge, n[i], all), cases[i] / 174 - 0.05, cases[i] / 174 + 0.05);
    }
    const double *poor = innovations(judge, "poor province");
    uint32_t none = 0;
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        none += poor[r] == 0 ? 1 : 0;
    }
    check_fact(judge,
        judge_text(judge, "a province with half the national budget has no case in %u of %u replicates", none,
            judge->n_replicates),
        none > 0);
}

PATTERN_PLAN(P23)
