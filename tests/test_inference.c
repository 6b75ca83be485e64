/* test_inference.c - the statistics against values worked out by hand, and Holm's promise against many families. */
#include "analysis/inference.h"

#include "sim/error.h"
#include "sim/statistics.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void
assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) <= 1e-9 * fmax(1, fabs(wanted)))) {
        fail_msg("%.17g is not %.17g", value, wanted);
    }
}

static void
intervals_of_means_are_students(void **state)
{
    const double x[] = { 1, 2, 3, 4, 5 };
    struct inference_interval mean = inference_mean(x, 5);
    (void) state;
    assert_near(mean.value, 3);
    assert_near(mean.high - 3, 2.7764451051977987 * sqrt(2.5 / 5)); /* t(0.975, 4) from tables */
    assert_near(3 - mean.low, mean.high - 3);
    assert_true(isnan(inference_mean(x, 1).low) && inference_mean(x, 1).value == 1);
    assert_true(isnan(inference_mean(x, 0).value));
}

/* t = 3 / sqrt(2.5 / 5) = 4.2426 with 4 degrees of freedom, for which the distribution is known in closed form. */
static void
p_is_that_of_the_paired_t_test(void **state)
{
    const double d[] = { 1, 2, 3, 4, 5 }, equal[] = { 2, 2, 2 }, zero[] = { 0, 0, 0 },
                 sides[] = { -1, 1, -2, 2 };
    double t = 3 / sqrt(0.5), s = t / sqrt(4 + t * t);
    (void) state;
    assert_near(inference_paired_p(d, 5), 1 - 1.5 * s + 0.5 * s * s * s);
    assert_near(inference_paired_p(sides, 4), 1);
    assert_true(inference_paired_p(equal, 3) == 0);
    assert_true(isnan(inference_paired_p(zero, 3)) && isnan(inference_paired_p(d, 1)));
}

/* Smallest first: 4 x .01, 3 x .02, 2 x .022 raised to what came before, 1 x .5. */
static void
holm_is_that_of_the_example(void **state)
{
    const double p[] = { 0.5, 0.02, NAN, 0.01, 0.022, NAN };
    double adjusted[6];
    (void) state;
    assert_int_equal(inference_holm(p, 6, adjusted), SIM_OK);
    assert_near(adjusted[3], 0.04);
    assert_near(adjusted[1], 0.06);
    assert_near(adjusted[4], 0.06);
    assert_near(adjusted[0], 0.5);
    assert_true(isnan(adjusted[2]) && isnan(adjusted[5]));
    const double large[] = { 0.6, 0.9 };
    assert_int_equal(inference_holm(large, 2, adjusted), SIM_OK);
    assert_true(adjusted[0] == 1 && adjusted[1] == 1);
    assert_int_equal(inference_holm(p, 0, adjusted), SIM_OK);
}

/* Of 2000 families of ten true hypotheses, one in twenty has a false rejection: independent ones make it 1 - (1 - .05 / 10)^10
 * = .0489, with a standard error of .0048 over the families. Unadjusted it would be .40. */
static void
holm_keeps_the_error_of_the_family(void **state)
{
    enum { FAMILIES = 2000, TESTS = 10, N = 8 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    int wrong = 0, unadjusted = 0;
    (void) state;
    for (int family = 0; family < FAMILIES; family++) {
        double p[TESTS], adjusted[TESTS], d[N];
        int rejected = 0, before = 0;
        for (int test = 0; test < TESTS; test++) {
            for (int i = 0; i < N; i++) {
                d[i] = gsl_ran_ugaussian(rng);
            }
            p[test] = inference_paired_p(d, N);
            before |= p[test] < 0.05;
        }
        assert_int_equal(inference_holm(p, TESTS, adjusted), SIM_OK);
        for (int test = 0; test < TESTS; test++) {
            rejected |= adjusted[test] < 0.05;
        }
        wrong += rejected;
        unadjusted += before;
    }
    gsl_rng_free(rng);
    assert_true(fabs((double) wrong / FAMILIES - 0.0489) < 3 * 0.0048);
    assert_true((double) unadjusted / FAMILIES > 0.35);
}

/* Means 2 and 5, variances 1 and 4, n = 3: d = 3 / sqrt(2.5); m = 4, J = Gamma(2) / (sqrt(2) Gamma(1.5)) = sqrt(2 / pi) . */
static void
hedges_g_is_that_of_the_example(void **state)
{
    const double a[] = { 1, 2, 3 }, b[] = { 3, 5, 7 }, equal[] = { 4, 4, 4 };
    (void) state;
    assert_near(inference_hedges_g(a, b, 3), 3 / sqrt(2.5) * sqrt(2 / 3.14159265358979323846));
    assert_near(inference_hedges_g(b, a, 3), -inference_hedges_g(a, b, 3));
    assert_true(isnan(inference_hedges_g(equal, equal, 3)) && isnan(inference_hedges_g(a, b, 1)));
    assert_true(inference_hedges_g(a, equal, 3) > 0);
}

/* The correction takes the bias away: two samples of 4, one standard deviation apart. Its standard error over 20,000 pairs is
 * .007. */
static void
hedges_g_has_no_bias_in_small_samples(void **state)
{
    enum { PAIRS = 20000, N = 4 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double sum = 0, squares = 0;
    (void) state;
    for (int pair = 0; pair < PAIRS; pair++) {
        double a[N], b[N];
        for (int i = 0; i < N; i++) {
            a[i] = gsl_ran_ugaussian(rng);
            b[i] = 1 + gsl_ran_ugaussian(rng);
        }
        double g = inference_hedges_g(a, b, N);
        sum += g;
        squares += g * g;
    }
    gsl_rng_free(rng);
    double mean = sum / PAIRS, error = sqrt((squares / PAIRS - mean * mean) / PAIRS);
    assert_true(error < 0.008);
    assert_true(fabs(mean - 1) < 3 * error);
}

/* Of the nine pairs B is above in 5 and equal in 2. */
static void
superiority_is_that_of_the_example(void **state)
{
    const double a[] = { 1, 2, 4 }, b[] = { 2, 3, 4 };
    (void) state;
    assert_near(inference_superiority(a, b, 3), (5 + 2 * 0.5) / 9);
    assert_near(inference_superiority(b, a, 3), (2 + 2 * 0.5) / 9);
    assert_true(inference_superiority(a, a, 3) == 0.5);
    assert_true(isnan(inference_superiority(a, b, 0)) && isnan(inference_superiority(a, b, 1)));
}

/* Months that add up to the same in another order have means that may differ in the last bits: these are ties, and no
 * side varies. */
static void
rounding_is_no_difference(void **state)
{
    const double mean = 7.0 / 12, next = nextafter(mean, 1), a[] = { mean, next, mean },
                 b[] = { next, mean, next };
    (void) state;
    assert_true(
        next > mean && inference_difference(mean, next) == 0 && inference_difference(next, mean) == 0);
    assert_true(inference_difference(-next, -mean) == 0 && inference_difference(0, 0) == 0);
    assert_true(inference_difference(mean, mean + 1e-9) == mean + 1e-9 - mean);
    assert_true(inference_difference(1e-30, 3e-30) == 3e-30 - 1e-30);
    const double sorted_a[] = { mean, mean, next }, sorted_b[] = { mean, next, next };
    assert_true(inference_superiority(sorted_a, sorted_b, 3) == 0.5);
    assert_true(inference_superiority(sorted_b, sorted_a, 3) == 0.5);
    assert_true(isnan(inference_hedges_g(a, b, 3)));
}

static void
gini_has_its_known_values(void **state)
{
    const double equal[] = { 3, 3, 3, 3 }, one[] = { 0, 0, 0, 0, 8 }, steps[] = { 1, 2, 3 },
                 none[] = { 0, 0 };
    const double debt[] = { -1, 2, 3 };
    (void) state;
    assert_true(inference_gini(equal, 4) == 0);
    assert_near(inference_gini(one, 5), 1 - 1.0 / 5);
    assert_near(inference_gini(steps, 3), 2.0 / 9); /* mean absolute difference 8 / 9, over twice the mean */
    assert_true(
        isnan(inference_gini(none, 2)) && isnan(inference_gini(debt, 3)) && isnan(inference_gini(one, 0)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_of_means_are_students),
        cmocka_unit_test(p_is_that_of_the_paired_t_test),
        cmocka_unit_test(holm_is_that_of_the_example),
        cmocka_unit_test(holm_keeps_the_error_of_the_family),
        cmocka_unit_test(hedges_g_is_that_of_the_example),
        cmocka_unit_test(hedges_g_has_no_bias_in_small_samples),
        cmocka_unit_test(superiority_is_that_of_the_example),
        cmocka_unit_test(rounding_is_no_difference),
        cmocka_unit_test(gini_has_its_known_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
