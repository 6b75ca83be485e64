/* test_statistics.c */
#include "sim/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define N 37

static void
fill(double *x, size_t n)
{
    uint32_t state = 7;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        x[i] = (double) state / 4e9 - 0.3;
    }
}

static void
mean_and_sd_agree_with_gsl(void **state)
{
    (void) state;
    double x[N];
    fill(x, N);
    assert_true(fabs(sim_mean(x, N) - gsl_stats_mean(x, 1, N)) < 1e-15);
    assert_true(fabs(sim_sd(x, N) - gsl_stats_sd(x, 1, N)) < 1e-15);
}

static void
equal_numbers_have_themselves_as_mean_and_no_spread(void **state)
{
    (void) state;
    double x[N];
    for (size_t n = 2; n <= N; n++) {
        for (size_t i = 0; i < n; i++) {
            x[i] = 0.1;
        }
        assert_true(sim_mean(x, n) == 0.1);
        assert_true(sim_sd(x, n) == 0);
    }
}

static void
a_far_offset_does_not_spoil_the_spread(void **state)
{
    (void) state;
    const double x[] = { 1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16 };
    assert_true(fabs(sim_sd(x, 4) - sqrt(30.0)) < 1e-12);
}

static void
too_few_numbers_give_nan(void **state)
{
    (void) state;
    const double one = 5;
    assert_true(isnan(sim_mean(NULL, 0)));
    assert_true(sim_mean(&one, 1) == 5);
    assert_true(isnan(sim_sd(&one, 1)));
    assert_true(isnan(sim_quantile(NULL, 0, 0.5)));
    assert_true(sim_quantile(&one, 1, 0.975) == 5);
    assert_true(isnan(sim_half_width_95(1, 1)));
    assert_true(isnan(sim_student_975(0)));
}

static void
infinite_numbers_have_an_infinite_mean(void **state)
{
    (void) state;
    const double x[] = { 1, INFINITY };
    assert_true(isinf(sim_mean(x, 2)));
}

static void
quantiles_agree_with_gsl(void **state)
{
    (void) state;
    double x[N];
    fill(x, N);
    sim_sort(x, N);
    const double p[] = { 0, 0.025, 0.25, 0.5, 0.75, 0.975, 1 };
    for (size_t i = 0; i < sizeof(p) / sizeof(p[0]); i++) {
        double expected = gsl_stats_quantile_from_sorted_data(x, 1, N, p[i]);
        assert_true(fabs(sim_quantile(x, N, p[i]) - expected) < 1e-15);
    }
}

static void
quantile_of_four_is_linear_between_them(void **state)
{
    (void) state;
    const double x[] = { 1, 2, 4, 8 };
    assert_true(sim_quantile(x, 4, 0.5) == 3);
    assert_true(sim_quantile(x, 4, 0.25) == 1.75);
    assert_true(sim_quantile(x, 4, 1) == 8);
}

static void
sorts_ascending_with_negative_zero_first(void **state)
{
    (void) state;
    double x[] = { 0.0, 3, -0.0, -2, 0.0, -0.0 };
    const double expected[] = { -2, -0.0, -0.0, 0.0, 0.0, 3 };
    sim_sort(x, 6);
    assert_memory_equal(x, expected, sizeof(x));
}

static void
student_quantile_agrees_with_gsl_to_1e_12(void **state)
{
    (void) state;
    for (uint32_t dof = 1; dof <= 2000; dof++) {
        double expected = gsl_cdf_tdist_Pinv(0.975, dof);
        double found = sim_student_975(dof);
        if (!(fabs(found / expected - 1) < 1e-12)) {
            fail_msg("dof %u: %.17g, expected %.17g", dof, found, expected);
        }
    }
}

static void
student_quantile_nears_the_normal_one(void **state)
{
    (void) state;
    assert_true(fabs(sim_student_975(1000000) / gsl_cdf_tdist_Pinv(0.975, 1e6) - 1) < 1e-12);
    assert_true(fabs(sim_student_975(UINT32_MAX) - 1.95996398454005) < 1e-9);
    for (uint32_t dof = 1; dof < 3000; dof++) {
        assert_true(sim_student_975(dof + 1) < sim_student_975(dof));
    }
}

static void
half_width_is_the_textbook_one(void **state)
{
    (void) state;
    assert_true(fabs(sim_half_width_95(2, 16) - 2.131449545559323 * 2 / 4) < 1e-12);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_sd_agree_with_gsl),
        cmocka_unit_test(equal_numbers_have_themselves_as_mean_and_no_spread),
        cmocka_unit_test(a_far_offset_does_not_spoil_the_spread),
        cmocka_unit_test(too_few_numbers_give_nan),
        cmocka_unit_test(infinite_numbers_have_an_infinite_mean),
        cmocka_unit_test(quantiles_agree_with_gsl),
        cmocka_unit_test(quantile_of_four_is_linear_between_them),
        cmocka_unit_test(sorts_ascending_with_negative_zero_first),
        cmocka_unit_test(student_quantile_agrees_with_gsl_to_1e_12),
        cmocka_unit_test(student_quantile_nears_the_normal_one),
        cmocka_unit_test(half_width_is_the_textbook_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
