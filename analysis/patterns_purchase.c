/* patterns_purchase.c - P12 to P15, P25, P26: tenders, evaluation, payment, and what depends on them. */
#include "analysis/patterns.h"

#define STRESS "0.05 0.2 0.4 0.6 0.8"

static const struct pattern_variant variants_P12[] = {
    { .label = "stress",
        .city = CITY_STREETS,
        .scenario = "chongqing",
        .settings = "organisations.recreational=0 payment.stress=%",
        .values = STRESS }, /* counts those that bid */
};

/* Credibility is a mean over contractors: a level of stress without any contract has none, and then the levels
 * that have are judged. */
static size_t
count_defined(struct judge *judge, const double *const *numbers, size_t n)
{
    size_t defined = 0;
    while (defined < n && judge_mean(judge, numbers[defined]) >= 0) {
        defined++;
    }
    return judge->rehearsal ? n : defined;
}

static void
judge_P12(struct judge *judge)
{
    static const char *const falling[] = { "credibility", "social_organisations", "bids", "trust" };
    const double *x[PATTERN_STEPS_LIMIT], *y[PATTERN_STEPS_LIMIT];
    for (size_t i = 0; i < 4; i++) {
        size_t n = judge_sweep(judge, "stress", falling[i], NULL, x);
        size_t defined = count_defined(judge, x, n);
        check_falls(judge,
            judge_text(judge, "%s as stress goes from .05 to %g", falling[i],
                judge_value(judge, "stress", defined > 0 ? defined - 1 : 0)),
            x, defined);
    }
    size_t n = judge_points(judge, "stress");
    for (size_t k = 0; k < n; k++) {
        x[k] = judge_all(judge, "stress", k, "social_worker_turnover", NULL);
        y[k] = judge_over(judge, judge_all(judge, "stress", k, "organisations_exited", NULL),
            judge_all(judge, "stress", k, "social_organisations", NULL));
    }
    check_rises(judge, "turnover of social workers, mean of the run", x, n);
    check_rises(judge, "exits a month of each organisation, mean of the run", y, n);
    judge_sweep(judge, "stress", "social_organisations", NULL, x);
    check_below(judge, "social organisations, at stress .8 / at .05: a collapse leaves less than half",
        judge_over(judge, x[n - 1], x[0]), 0.5);
}

PATTERN_PLAN(P12)

static const struct pattern_variant variants_P13[] = {
    { .label = "evaluated", .city = CITY_STREETS, .scenario = "southern-jiangsu", .settings = "" },
    { .label = "not evaluated",
        .city = CITY_STREETS,
        .scenario = "southern-jiangsu",
        .settings = "purchase.evaluation=0" },
};

static void
judge_P13(struct judge *judge)
{
    static const char *const falling[] = { "delivered_quality", "trust" };
    for (size_t i = 0; i < 2; i++) {
        check_plus(judge, judge_text(judge, "%s, with less without evaluation", falling[i]),
            judge_minus(judge, judge_last(judge, "evaluated", 0, falling[i], NULL),
                judge_last(judge, "not evaluated", 0, falling[i], NULL)));
    }
    check_plus(judge, "spread of delivered quality between providers, without less with evaluation",
        judge_minus(judge, judge_last(judge, "not evaluated", 0, "delivered_quality_spread", NULL),
            judge_last(judge, "evaluated", 0, "delivered_quality_spread", NULL)));
}

PATTERN_PLAN(P13)

#define WEIGHTS "0 0.2 0.4 0.6 0.8 1"
#define SCARCE "purchase.budget=4 "

static const struct pattern_variant variants_P14[] = {
    { .label = "ample",
        .city = CITY_STREETS,
        .scenario = "southern-jiangsu",
        .settings = "purchase.quality_weight=%",
        .values = WEIGHTS },
    { .label = "scarce",
        .city = CITY_STREETS,
        .scenario = "southern-jiangsu",
        .settings = SCARCE "purchase.quality_weight=%",
        .values = WEIGHTS },
    { .label = "special needs",
        .city = CITY_STREETS,
        .scenario = "southern-jiangsu",
        .settings = "needs.special_share=0.4 needs.public_share=0.25 purchase.quality_weight=%",
        .values = "0 1" },
};

/* The weight at which the mean of satisfaction is highest. */
static size_t
best_of(struct judge *judge, const char *variant, const double **satisfaction)
{
    size_t n = judge_sweep(judge, variant, "satisfaction", NULL, satisfaction), best = 0;
    for (size_t k = 1; k < n; k++) {
        best = judge_mean(judge, satisfaction[k]) > judge_mean(judge, satisfaction[best]) ? k : best;
    }
    return best;
}

/* The values of a sweep as numbers that are the same in every replicate. */
static void
swept_values(struct judge *judge, const char *variant, const double **x, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double *same = judge_numbers(judge);
        for (uint32_t r = 0; r < judge->n_replicates; r++) {
            same[r] = judge_value(judge, variant, k);
        }
        x[k] = same;
    }
}

static void
judge_P14(struct judge *judge)
{
    const double *x[PATTERN_STEPS_LIMIT], *y[PATTERN_STEPS_LIMIT], *ample[PATTERN_STEPS_LIMIT],
        *scarce[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "ample", "winner_quality", NULL, y);
    swept_values(judge, "ample", x, n);
    check_slope_up(judge, "quality of winners, a unit of w_q", x, y, n);
    judge_sweep(judge, "ample", "contract_price", NULL, y);
    check_slope_up(judge, "price of a ticket, a unit of w_q", x, y, n);
    judge_sweep(judge, "ample", "units_bought", NULL, y);
    check_slope_down(judge, "units bought, a unit of w_q", x, y, n);
    size_t best = best_of(judge, "ample", ample), best_scarce = best_of(judge, "scarce", scarce);
    double at = judge_value(judge, "ample", best);
    check_fact(
        judge, judge_text(judge, "best w_q for satisfaction is high (at least .6): %g", at), at >= 0.6);
    check_plus(judge, judge_text(judge, "satisfaction, w_q %g less 0", at),
        judge_minus(judge, ample[best], ample[0]));
    judge_note(judge,
        "with scarce lots (CNY 4 a head and year) the best w_q is %g; satisfaction gains %+.4f from w_q 0 to 1",
        judge_value(judge, "scarce", best_scarce),
        judge_mean(judge, judge_minus(judge, scarce[n - 1], scarce[0])));
    judge_note(judge, "gain of satisfaction from w_q 0 to 1: %+.4f; with twice the special needs %+.4f",
        judge_mean(judge, judge_minus(judge, ample[n - 1], ample[0])),
        judge_mean(judge,
            judge_minus(judge, judge_last(judge, "special needs", 1, "satisfaction", NULL),
                judge_last(judge, "special needs", 0, "satisfaction", NULL))));
}

PATTERN_PLAN(P14)

static const struct pattern_variant variants_P15[] = {
    { .label = "bidders",
        .city = CITY_STREETS,
        .scenario = "base",
        .settings =
            "organisations.professional=% firms.service_companies=0 switches.registration=off switches.organisations_exit=off",
        .values = "1 2 4 8" },
    { .label = "Ezhou, purchase", .city = CITY_SMALL, .scenario = "ezhou", .settings = "purchase.budget=40" },
    { .label = "Ezhou, none", .city = CITY_SMALL, .scenario = "ezhou", .settings = "purchase.budget=0" },
    { .label = "base, purchase", .city = CITY_SMALL, .scenario = "base", .settings = "purchase.budget=40" },
    { .label = "base, none", .city = CITY_SMALL, .scenario = "base", .settings = "purchase.budget=0" },
};

#define NO_EFFECT 0.01 /* a difference of service quality within which purchase has no effect */

static void
judge_P15(struct judge *judge)
{
    const double *x[PATTERN_STEPS_LIMIT], *y[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "bidders", "bids", NULL, x);
    check_rises(judge, "bids per lot, 1 to 8 organisations", x, n);
    judge_sweep(judge, "bidders", "markup", NULL, y);
    check_slope_down(judge, "mark-up, a bid more", x, y, n);
    judge_sweep(judge, "bidders", "winner_quality", NULL, y);
    check_slope_up(judge, "quality of winners, a bid more", x, y, n);
    const double *thin = judge_minus(judge, judge_last(judge, "Ezhou, purchase", 0, "service_quality", NULL),
        judge_last(judge, "Ezhou, none", 0, "service_quality", NULL));
    const double *thick = judge_minus(judge, judge_last(judge, "base, purchase", 0, "service_quality", NULL),
        judge_last(judge, "base, none", 0, "service_quality", NULL));
    check_between(
        judge, "thin market (Ezhou): service quality, budget 40 less none", thin, -NO_EFFECT, NO_EFFECT);
    check_plus(judge, "that effect in base less in Ezhou", judge_minus(judge, thick, thin));
}

PATTERN_PLAN(P15)

#define MANY "organisations.professional=8 purchase.budget=40 "

static const struct pattern_variant variants_P25[] = {
    { .label = "mixed", .scenario = "base", .settings = "government.capacity=0.45" },
    { .label = "hollow",
        .scenario = "base",
        .settings = MANY "government.capacity=%",
        .values = "0.45 0.3 0.15 0" },
};

static void
judge_P25(struct judge *judge)
{
    const double *x[PATTERN_STEPS_LIMIT];
    size_t n = judge_sweep(judge, "hollow", "service_quality", NULL, x);
    check_plus(judge, "service quality, mixed less hollow with twice the organisations and money",
        judge_minus(judge, judge_last(judge, "mixed", 0, "service_quality", NULL), x[n - 1]));
    check_falls(judge, "service quality with many organisations as q_gov goes from .45 to 0", x, n);
    judge_note(judge, "own capacity of the street: mixed %.3f, many organisations at the same q_gov %.3f",
        judge_mean(judge, judge_last(judge, "mixed", 0, "own_capacity", NULL)),
        judge_mean(judge, judge_last(judge, "hollow", 0, "own_capacity", NULL)));
}

PATTERN_PLAN(P25)

#define PURCHASE_ONLY "switches.sponsorship=off"

static const struct pattern_variant variants_P26[] = {
    { .label = "base", .city = CITY_STREETS, .scenario = "base", .settings = PURCHASE_ONLY },
    { .label = "chongqing", .city = CITY_STREETS, .scenario = "chongqing", .settings = PURCHASE_ONLY },
    { .label = "southern-jiangsu",
        .city = CITY_STREETS,
        .scenario = "southern-jiangsu",
        .settings = PURCHASE_ONLY },
    { .label = "donations",
        .city = CITY_STREETS,
        .scenario = "base",
        .settings = PURCHASE_ONLY " organisations.other_income=1200" },
    { .label = "sponsors", .city = CITY_STREETS, .scenario = "base", .settings = "switches.sponsorship=on" },
};

static void
judge_P26(struct judge *judge)
{
    static const char *const presets[] = { "base", "chongqing", "southern-jiangsu" };
    for (size_t i = 0; i < 3; i++) {
        check_between(judge, judge_text(judge, "%s without sponsors: dependence", presets[i]),
            judge_last(judge, presets[i], 0, "dependence", NULL), 0.85, 0.95);
    }
    const double *base = judge_last(judge, "base", 0, "dependence", NULL);
    check_plus(judge, "dependence, base less four times the donations",
        judge_minus(judge, base, judge_last(judge, "donations", 0, "dependence", NULL)));
    check_plus(judge, "dependence, without less with sponsors",
        judge_minus(judge, base, judge_last(judge, "sponsors", 0, "dependence", NULL)));
}

PATTERN_PLAN(P26)
