/* test_calibrate.c - the fit of the pool model: known parameters come back, nested models fit no worse, chi^2 is
 * what chance makes it, and what the fit expects is the mean of the stochastic model. */
#include "analysis/calibrate_report.h"
#include "models/registration/registration.h"

#include "sim/error.h"
#include "sim/world.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct pool_terms
terms_of(const char *class)
{
    struct pool_terms terms;
    assert_int_equal(pool_defaults(&registration_model.fields, class, &terms), SIM_OK);
    return terms;
}

static void
assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.9g is not within %g of %.9g", value, tolerance, expected);
    }
}

static struct calibrate_series
series_of(const struct pool_terms *truth, double digit)
{
    struct calibrate_series series = { .class = "made", .start = truth->registered, .digit = digit };
    pool_years(truth, CALIBRATE_YEARS, series.years);
    return series;
}

static void
defaults_are_those_of_the_model(void **state)
{
    (void) state;
    struct pool_terms terms = terms_of("private_non_enterprise");
    assert_true(terms.registered == 198000);
    assert_true(terms.exit_rate == 0.002);
    assert_true(terms.threshold == terms.threshold_after && terms.event == 0);
    assert_int_equal(pool_defaults(&registration_model.fields, "churches", &terms), SIM_ERR_INPUT);
}

static void
known_pool_and_founders_come_back(void **state)
{
    (void) state;
    struct pool_terms assumed = terms_of("associations"), truth = assumed;
    struct calibrate_fit fit;
    truth.pool = 51234;
    truth.founders = 2876.5;
    struct calibrate_series series = series_of(&truth, 0);
    assert_int_equal(calibrate_fit(&fit, &series, &assumed, CALIBRATE_PLAIN), SIM_OK);
    assert_true(fit.terms.pool == 51234);
    assert_near(fit.terms.founders, 2876.5, 1e-9);
    assert_true(fit.chi2 < 1e-6 && fit.rmse < 1e-8);
    assert_int_equal(fit.n_parameters, 2);
}

static void
a_known_cut_comes_back(void **state)
{
    (void) state;
    struct pool_terms assumed = terms_of("private_non_enterprise"), truth = assumed;
    struct calibrate_fit fit;
    for (double cut = 0.05; cut < 1.2; cut += 0.23) {
        truth.pool = 20000;
        truth.founders = 5000;
        truth.threshold_after = truth.threshold - cut;
        truth.event = CALIBRATE_EVENT;
        struct calibrate_series series = series_of(&truth, 1);
        assert_int_equal(calibrate_fit(&fit, &series, &assumed, CALIBRATE_STEP), SIM_OK);
        assert_near(fit.extra, cut, 2e-4);
        assert_near(fit.terms.pool, 20000, 20);
        assert_near(fit.terms.founders, 5000, 1);
        assert_true(fit.low < cut && cut < fit.high);
        assert_true(calibrate_effect(&fit.terms, 7) > 0);
    }
}

static void
a_known_threshold_comes_back(void **state)
{
    (void) state;
    struct pool_terms assumed = terms_of("private_non_enterprise"), truth = assumed;
    struct calibrate_fit fit;
    truth.pool = 20000;
    truth.founders = 5000;
    truth.threshold = truth.threshold_after = 1.37;
    struct calibrate_series series = series_of(&truth, 1);
    assert_int_equal(calibrate_fit(&fit, &series, &assumed, CALIBRATE_THRESHOLD), SIM_OK);
    assert_near(fit.terms.threshold, 1.37, 1e-3);
    assert_near(fit.terms.pool, 20000, 40);
    assert_true(fit.terms.event == 0);
    assert_true(calibrate_effect(&fit.terms, 7) == 0);
}

static void
no_number_of_groups_is_negative(void **state)
{
    (void) state;
    struct pool_terms assumed = terms_of("associations");
    struct calibrate_series early = { .start = 1000, .years = { 2000, 2100, 2110, 2111 }, .digit = 1 };
    struct calibrate_series late = { .start = 1000, .years = { 980, 960, 1500, 3500 }, .digit = 1 };
    struct calibrate_fit fit;
    for (int model = 0; model < CALIBRATE_MODELS; model++) {
        assert_int_equal(calibrate_fit(&fit, &early, &assumed, (enum calibrate_model) model), SIM_OK);
        assert_true(fit.terms.pool > 0 && fit.terms.founders == 0 && isnan(fit.founders_error));
        assert_int_equal(calibrate_fit(&fit, &late, &assumed, (enum calibrate_model) model), SIM_OK);
        assert_true(fit.terms.pool == 0 && fit.terms.founders > 0 && isnan(fit.pool_error));
    }
}

/* Of two free values of a profile none is better than the one that was found, and its ends are where chi^2 has
 * risen as far as it may. */
static void
fits_are_the_best_and_intervals_end_where_they_should(void **state)
{
    (void) state;
    struct calibrate_report report;
    assert_int_equal(calibrate_report_init(&report, &registration_model.fields), SIM_OK);
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        const struct calibrate_fit *plain = &report.fits[c][CALIBRATE_PLAIN];
        for (int m = CALIBRATE_STEP; m < CALIBRATE_MODELS; m++) {
            const struct calibrate_fit *fit = &report.fits[c][m];
            struct calibrate_fit other;
            double limit = m == CALIBRATE_STEP ? CALIBRATE_CUT_LIMIT : CALIBRATE_THRESHOLD_LIMIT;
            assert_true(fit->chi2 <= plain->chi2 + 1e-3); /* what rounding costs */
            for (double extra = 0; extra <= limit; extra += 0.0137) {
                assert_int_equal(calibrate_fit_at(&other, &report.series[c], &report.assumed[c],
                                     (enum calibrate_model) m, extra),
                    SIM_OK);
                assert_true(other.chi2 >= fit->chi2 - 0.05);
            }
            double scale = fmax(fit->chi2, 1);
            assert_true(fit->low <= fit->extra && fit->extra <= fit->high);
            calibrate_fit_at(
                &other, &report.series[c], &report.assumed[c], (enum calibrate_model) m, fit->high);
            assert_true(fit->high == limit || fabs(other.chi2 - fit->chi2 - 3.841459 * scale) < 0.1 * scale);
        }
    }
}

/* A world with the terms of one class, stepped through the fitted years, as a series of numbers. */
static struct calibrate_series
draw_series(const struct pool_terms *truth, uint32_t replicate)
{
    struct registration_params params;
    struct sim_world world;
    struct calibrate_series series = { .class = "drawn", .start = truth->registered };
    assert_int_equal(sim_fields_defaults(&registration_model.fields, &params, NULL), SIM_OK);
    params.associations_registered = (int64_t) truth->registered;
    params.associations_pool = (int64_t) truth->pool;
    params.associations_founders = truth->founders;
    params.associations_threshold = truth->threshold;
    assert_int_equal(
        sim_world_init(&world, &registration_model, &params, (struct sim_key){ 3, replicate }, 1), SIM_OK);
    for (uint32_t t = 1; t <= 12 * CALIBRATE_YEARS; t++) {
        if (t == truth->event) {
            params.associations_threshold = truth->threshold_after;
        }
        sim_world_step(&world);
        if (t % 12 == 0) {
            series.years[t / 12 - 1] = (double) registration_register_of(sim_world_view(&world))
                                           ->registered[registration_associations];
        }
    }
    sim_world_free(&world);
    return series;
}

static void
what_the_fit_expects_is_the_mean_of_the_model(void **state)
{
    (void) state;
    enum { REPLICATES = 300 };
    struct pool_terms truth = terms_of("associations");
    double expected[CALIBRATE_YEARS], sum[CALIBRATE_YEARS] = { 0 }, squares[CALIBRATE_YEARS] = { 0 };
    truth.threshold_after = 0.8;
    truth.event = CALIBRATE_EVENT;
    pool_years(&truth, CALIBRATE_YEARS, expected);
    for (uint32_t r = 0; r < REPLICATES; r++) {
        struct calibrate_series series = draw_series(&truth, r);
        for (int i = 0; i < CALIBRATE_YEARS; i++) {
            double off = series.years[i] - expected[i];
            sum[i] += off;
            squares[i] += off * off;
        }
    }
    for (int i = 0; i < CALIBRATE_YEARS; i++) {
        assert_near(sum[i] / REPLICATES, 0, 4.5 * sqrt(squares[i]) / REPLICATES);
    }
}

/* chi^2 of a true model has the mean n - k, whatever its size: so the weights are right. */
static void
chi_squared_is_what_chance_makes_it(void **state)
{
    (void) state;
    enum { REPLICATES = 300 };
    for (double size = 1; size <= 100; size *= 10) {
        struct pool_terms assumed = terms_of("associations"), truth = assumed;
        double sum = 0;
        truth.registered = 2450 * size;
        truth.pool = 600 * size;
        truth.founders = 34 * size;
        for (uint32_t r = 0; r < REPLICATES; r++) {
            struct calibrate_series series = draw_series(&truth, r);
            struct calibrate_fit fit;
            assert_int_equal(calibrate_fit(&fit, &series, &assumed, CALIBRATE_PLAIN), SIM_OK);
            sum += fit.chi2;
        }
        assert_near(sum / REPLICATES, 2, 4.5 * 2 / sqrt(REPLICATES));
    }
}

static void
criteria_of_information_count_parameters(void **state)
{
    (void) state;
    struct calibrate_report report;
    assert_int_equal(calibrate_report_init(&report, &registration_model.fields), SIM_OK);
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        const struct calibrate_fit *fits = report.fits[c];
        assert_near(fits[CALIBRATE_PLAIN].aic, fits[CALIBRATE_PLAIN].chi2 + 4, 1e-12);
        assert_near(fits[CALIBRATE_PLAIN].aicc, fits[CALIBRATE_PLAIN].aic + 12, 1e-12);
        assert_near(fits[CALIBRATE_STEP].aic, fits[CALIBRATE_STEP].chi2 + 6, 1e-12);
        assert_true(isnan(fits[CALIBRATE_STEP].aicc));
    }
}

/* P1 as it is judged: bent numbers fail. */
static void
criterion_fails_where_it_should(void **state)
{
    (void) state;
    struct calibrate_report report;
    assert_int_equal(calibrate_report_init(&report, &registration_model.fields), SIM_OK);
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        assert_true(calibrate_error_holds(&report, c) && calibrate_shape_holds(&report, c));
    }
    struct calibrate_fit *associations = &report.fits[0][CALIBRATE_STEP];
    associations->terms.pool = 1e6; /* a pool that drains from the start */
    assert_false(calibrate_shape_holds(&report, 0));
    associations->rmse = 0.0201;
    assert_false(calibrate_error_holds(&report, 0));
    report.fits[2][CALIBRATE_PLAIN].terms.founders *= 2;
    assert_false(calibrate_shape_holds(&report, 2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_model),
        cmocka_unit_test(known_pool_and_founders_come_back),
        cmocka_unit_test(a_known_cut_comes_back),
        cmocka_unit_test(a_known_threshold_comes_back),
        cmocka_unit_test(no_number_of_groups_is_negative),
        cmocka_unit_test(fits_are_the_best_and_intervals_end_where_they_should),
        cmocka_unit_test(what_the_fit_expects_is_the_mean_of_the_model),
        cmocka_unit_test(chi_squared_is_what_chance_makes_it),
        cmocka_unit_test(criteria_of_information_count_parameters),
        cmocka_unit_test(criterion_fails_where_it_should),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
