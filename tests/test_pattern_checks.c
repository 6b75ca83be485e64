/* test_pattern_checks.c - the statistics of the patterns, on made-up numbers: what has to hold does, what does not
 * fails. */
#include "analysis/patterns.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { R = 20 };

static void
judge_nothing(struct judge *judge)
{
    (void) judge;
}

static const struct pattern_variant variants[] = {
    { .label = "one", .scenario = "base", .settings = "" },
    { .label = "sweep", .scenario = "base", .settings = "burden.cut=%", .values = "0 0.25  1" },
};
static const struct pattern_plan plan = { variants, 2, judge_nothing };
static const struct pattern pattern = { "X", "", "", "", "", "", &plan };

static int
make_judge(void **state)
{
    static struct judge judge;
    *state = &judge;
    return judge_init(&judge, &pattern, R);
}

static int
free_judge(void **state)
{
    judge_free(*state);
    return 0;
}

/* Replicates around a middle, with a standard deviation of about `spread` that is the same for equal `luck`. */
static double *
around(struct judge *judge, double middle, double spread, int luck)
{
    double *numbers = judge_numbers(judge);
    for (int r = 0; r < R; r++) {
        numbers[r] = middle + spread * (((r * 7 + luck * 3) % R) - (R - 1) / 2.0) / (R / 3.5);
    }
    return numbers;
}

static int
last_holds(const struct judge *judge)
{
    return judge->checks[judge->n_checks - 1].holds;
}

static void
half_width_is_students(void **state)
{
    struct judge *judge = *state;
    double *x = around(judge, 3, 1, 0);
    check_plus(judge, "x", x);
    double half = gsl_cdf_tdist_Pinv(0.975, R - 1) * gsl_stats_sd(x, 1, R) / sqrt(R);
    assert_true(fabs(judge->checks[0].half - half) < 1e-9);
    assert_true(fabs(judge->checks[0].mean - 3) < 1e-12);
    assert_int_equal(judge->checks[0].n, R);
}

/* An interval that reaches across 0 is not above it, though its mean is. */
static void
plus_asks_for_the_whole_interval(void **state)
{
    struct judge *judge = *state;
    check_plus(judge, "clear", around(judge, 1, 1, 0));
    assert_true(last_holds(judge));
    check_plus(judge, "unclear", around(judge, 0.2, 1, 0));
    assert_false(last_holds(judge));
    assert_true(judge->checks[1].mean > 0);
    check_plus(judge, "other sign", around(judge, -1, 1, 0));
    assert_false(last_holds(judge));
    check_plus(judge, "exactly nothing", around(judge, 0, 0, 0));
    assert_false(last_holds(judge));
    assert_false(judge_holds(judge));
}

static void
bounds_ask_for_the_whole_interval(void **state)
{
    struct judge *judge = *state;
    double *x = around(judge, 1, 0.5, 0); /* half-width about .24 */
    check_at_least(judge, "x", x, 0.5);
    assert_true(last_holds(judge));
    check_at_least(judge, "x", x, 0.9);
    assert_false(last_holds(judge));
    check_below(judge, "x", x, 1.5);
    assert_true(last_holds(judge));
    check_below(judge, "x", x, 1.1);
    assert_false(last_holds(judge));
    check_between(judge, "x", x, 0.5, 1.5);
    assert_true(last_holds(judge));
    check_between(judge, "x", x, 0.9, 1.5);
    assert_false(last_holds(judge));
    check_between(judge, "x", x, 0.5, 1.1);
    assert_false(last_holds(judge));
    check_at_least(judge, "equal", around(judge, 1, 0, 0), 1);
    assert_true(last_holds(judge));
}

/* Replicates without a number are left out; with fewer than two nothing holds. */
static void
leaves_out_what_is_no_number(void **state)
{
    struct judge *judge = *state;
    double *x = around(judge, 5, 1, 0);
    x[3] = NAN;
    check_plus(judge, "x", x);
    assert_true(last_holds(judge));
    assert_int_equal(judge->checks[0].n, R - 1);
    for (int r = 1; r < R; r++) {
        x[r] = NAN;
    }
    check_plus(judge, "one left", x);
    assert_false(last_holds(judge));
    check_below(judge, "one left", x, 1e9);
    assert_false(last_holds(judge));
    x[0] = NAN;
    check_between(judge, "none left", x, -1e9, 1e9);
    assert_false(last_holds(judge));
}

/* Pairing: each level varies by more than its step, but all levels share their luck. */
static void
monotone_is_judged_within_replicates(void **state)
{
    struct judge *judge = *state;
    const double *up[4], *unpaired[4];
    for (int k = 0; k < 4; k++) {
        up[k] = around(judge, 0.1 * k, 5, 0);
        unpaired[k] = around(judge, 0.1 * k, 5, k);
    }
    check_rises(judge, "paired", up, 4);
    assert_true(last_holds(judge));
    check_falls(judge, "paired", up, 4);
    assert_false(last_holds(judge));
    check_rises(judge, "unpaired", unpaired, 4);
    assert_false(last_holds(judge));
}

static void
one_step_back_is_not_monotone(void **state)
{
    struct judge *judge = *state;
    double middles[] = { 4, 3, 3.01, 1 };
    const double *x[4];
    for (int k = 0; k < 4; k++) {
        x[k] = around(judge, middles[k], 0.001, k);
    }
    check_falls(judge, "a step back", x, 4);
    assert_false(last_holds(judge));
    x[2] = around(judge, 3, 0.001, 1); /* exactly as the one before */
    check_falls(judge, "a step of nothing", x, 4);
    assert_true(last_holds(judge));
    check_falls(judge, "one level", x, 1);
    assert_false(last_holds(judge));
    x[1] = judge->nothing;
    check_falls(judge, "a level without numbers", x, 4);
    assert_false(last_holds(judge));
}

static void
a_peak_exceeds_both_ends(void **state)
{
    struct judge *judge = *state;
    double inside[] = { 1, 2, 3, 2 }, at_end[] = { 1, 2, 3, 4 };
    const double *x[4];
    for (int k = 0; k < 4; k++) {
        x[k] = around(judge, inside[k], 0.5, k);
    }
    assert_int_equal(check_peak(judge, "x", x, 4), 2);
    assert_true(judge_holds(judge));
    for (int k = 0; k < 4; k++) {
        x[k] = around(judge, at_end[k], 0.5, k);
    }
    assert_int_equal(check_peak(judge, "x", x, 4), 3);
    assert_false(judge_holds(judge));
}

static void
nothing_checked_does_not_hold(void **state)
{
    struct judge *judge = *state;
    assert_false(judge_holds(judge));
    check_fact(judge, "so", 1);
    assert_true(judge_holds(judge));
    check_fact(judge, "not so", 0);
    assert_false(judge_holds(judge));
}

static void
arithmetic_is_by_replicate(void **state)
{
    struct judge *judge = *state;
    double *a = judge_numbers(judge), *b = judge_numbers(judge);
    for (int r = 0; r < R; r++) {
        a[r] = r + 1;
        b[r] = r;
    }
    assert_true(judge_plus(judge, a, b)[4] == 9);
    assert_true(judge_minus(judge, a, b)[4] == 1);
    assert_true(judge_times(judge, a, 3)[4] == 15);
    assert_true(judge_over(judge, a, b)[4] == 1.25);
    assert_true(isnan(judge_over(judge, a, b)[0]));
    assert_true(judge_mean(judge, b) == 9.5);
}

static void
a_sweep_has_its_values(void **state)
{
    struct judge *judge = *state;
    assert_int_equal(judge_points(judge, "one"), 1);
    assert_int_equal(judge_points(judge, "sweep"), 3);
    assert_true(judge_value(judge, "sweep", 1) == 0.25);
    assert_true(isnan(judge_value(judge, "one", 0)));
    assert_true(isnan(judge_value(judge, "sweep", 3)));
    judge_last(judge, "another", 0, "trust", NULL);
    assert_non_null(strstr(judge->missing, "another"));
    check_fact(judge, "so", 1);
    assert_false(judge_holds(judge));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_judge, free_judge)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(half_width_is_students),
        TEST(plus_asks_for_the_whole_interval),
        TEST(bounds_ask_for_the_whole_interval),
        TEST(leaves_out_what_is_no_number),
        TEST(monotone_is_judged_within_replicates),
        TEST(one_step_back_is_not_monotone),
        TEST(a_peak_exceeds_both_ends),
        TEST(nothing_checked_does_not_hold),
        TEST(arithmetic_is_by_replicate),
        TEST(a_sweep_has_its_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
