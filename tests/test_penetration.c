/* test_penetration.c - the constant of the platform's penetration: the ages it assumes are those that the model draws,
 * and the mean over them is the observed one. */
#include "analysis/penetration.h"

#include "tiny.h"

#include <gsl/gsl_errno.h>

static struct penetration
of_the_model(void)
{
    struct penetration penetration;
    const char *missing;
    assert_int_equal(penetration_init(&penetration, &cogov_model.fields, &missing), SIM_OK);
    assert_null(missing);
    return penetration;
}

/* Over the residents of many communities: share of each group of ages, share of those who work, and the mean of
 * equation (19) at the default constant. Communities differ, so that their spread is the error. */
static void
adults_are_those_that_the_model_draws(void **state)
{
    enum { COMMUNITIES = 400, SHARES = 4 };
    struct penetration penetration = of_the_model();
    struct tiny tiny;
    double expected[SHARES] = { 0 }, sum[SHARES] = { 0 }, squares[SHARES] = { 0 };
    (void) state;
    for (int age = 0; age < PENETRATION_AGES; age++) {
        expected[0] += age < 40 ? penetration.adults[age] : 0;
        expected[1] += age >= 75 ? penetration.adults[age] : 0;
        expected[2] += penetration.adults[age] * penetration.workers[age];
    }
    expected[3] = penetration_mean(&penetration, penetration.standard);
    tiny_init(&tiny, "city.communities=400 city.residents=200");
    for (uint32_t b = 0; b < COMMUNITIES; b++) {
        const struct cogov_resident *r = cogov_resident_of(tiny_community(&tiny, b));
        uint32_t n = cogov_resident_count(tiny_community(&tiny, b));
        double share[SHARES] = { 0 };
        for (uint32_t i = 0; i < n; i++) {
            int work = (r->traits[i] & TRAIT_WORK) != 0;
            double v = penetration.standard + work * penetration.work
                + penetration.age_slope * (r->age[i] - penetration.age_reference) / 10;
            share[0] += r->age[i] < 40;
            share[1] += r->age[i] >= 75;
            share[2] += work;
            share[3] += 1 / (1 + exp(-v));
        }
        for (int s = 0; s < SHARES; s++) {
            sum[s] += share[s] / n;
            squares[s] += share[s] / n * share[s] / n;
        }
    }
    for (int s = 0; s < SHARES; s++) {
        double mean = sum[s] / COMMUNITIES;
        double error = sqrt((squares[s] / COMMUNITIES - mean * mean) / (COMMUNITIES - 1));
        assert_true(error < 0.01);
        assert_near(mean, expected[s], 4.5 * error);
    }
    tiny_free(&tiny);
}

static void
ages_are_all_adults(void **state)
{
    struct penetration penetration = of_the_model();
    double sum = 0;
    (void) state;
    for (int age = 0; age < PENETRATION_AGES; age++) {
        sum += penetration.adults[age];
        assert_true(age >= 18 ? penetration.adults[age] > 0 : penetration.adults[age] == 0);
    }
    assert_near(sum, 1, 1e-12);
}

static void
the_solved_constant_has_the_mean(void **state)
{
    struct penetration penetration = of_the_model();
    double constant, last = -100;
    (void) state;
    for (double mean = 0.01; mean < 1; mean += 0.049) {
        assert_int_equal(penetration_solve(&penetration, mean, &constant), SIM_OK);
        assert_near(penetration_mean(&penetration, constant), mean, 1e-9);
        assert_true(constant > last);
        last = constant;
    }
    assert_int_equal(penetration_solve(&penetration, 1, &constant), SIM_ERR_INPUT);
    assert_int_equal(penetration_solve(&penetration, 0, &constant), SIM_ERR_INPUT);
}

static void
the_default_is_the_constant_of_the_observed_mean(void **state)
{
    struct penetration penetration = of_the_model();
    double constant;
    (void) state;
    assert_int_equal(penetration_solve(&penetration, PENETRATION_OBSERVED, &constant), SIM_OK);
    assert_near(penetration.standard, constant, 0.0005); /* three digits */
}

static void
a_missing_parameter_is_named(void **state)
{
    struct sim_fields fields = cogov_model.fields;
    struct penetration penetration;
    const char *missing;
    (void) state;
    while (strcmp(fields.list[fields.count - 1].name, "penetration_work") != 0) {
        fields.count--;
    }
    fields.count--;
    assert_int_equal(penetration_init(&penetration, &fields, &missing), SIM_ERR_INPUT);
    assert_string_equal(missing, "platform.penetration_work");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adults_are_those_that_the_model_draws),
        cmocka_unit_test(ages_are_all_adults),
        cmocka_unit_test(the_solved_constant_has_the_mean),
        cmocka_unit_test(the_default_is_the_constant_of_the_observed_mean),
        cmocka_unit_test(a_missing_parameter_is_named),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
