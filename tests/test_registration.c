/* test_registration.c - the pool model against its mean field. Given the thresholds it is linear,
 *
 *     dG/dt = F - (r + f) G,   dN/dt = r G - x_0 N,
 *
 * so the mean of the monthly Poisson draws obeys the same with steps of a month, and that with finer and finer
 * steps is this. The recursion is computed here by code of its own, the ODE by GSL.
 */
#include "models/registration/registration.h"

#include "sim/error.h"
#include "sim/world.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { REGISTERED, POOL, STATE };
enum { MONTHS = 48 };

static struct registration_params
defaults(void)
{
    struct registration_params params;
    assert_int_equal(sim_fields_defaults(&registration_model.fields, &params, NULL), SIM_OK);
    return params;
}

static void
start(struct sim_world *world, const struct registration_params *params, uint32_t replicate)
{
    assert_int_equal(
        sim_world_init(world, &registration_model, params, (struct sim_key){ 7, replicate }, 1), SIM_OK);
}

static void
step(struct sim_world *world)
{
    char why[256] = "";
    sim_world_step(world);
    if (sim_world_verify(world, why, sizeof(why)) != SIM_OK) {
        fail_msg("%s", why);
    }
}

static const struct registration_register *
rows_of(const struct sim_world *world)
{
    return registration_register_of(sim_world_view(world));
}

static void
assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.9g is not within %g of %.9g", value, tolerance, expected);
    }
}

/* One class in plain numbers, with time in units of `unit` months. */
struct field {
    double founders, fade, rate, exit_rate;
};

static struct field
field_of(const struct registration_terms *terms, double unit)
{
    double rate =
        terms->registration_rate / (1 + exp((terms->threshold - terms->capital) / terms->capital_spread));
    return (struct field){ unit * terms->founders, unit * terms->fade, unit * rate, unit * terms->exit_rate };
}

static void
recur(const struct field *field, uint32_t steps, double *state)
{
    for (uint32_t t = 0; t < steps; t++) {
        double registrations = field->rate * state[POOL];
        state[REGISTERED] += registrations - field->exit_rate * state[REGISTERED];
        state[POOL] += field->founders - registrations - field->fade * state[POOL];
    }
}

static int
slope(double t, const double state[], double change[], void *context)
{
    const struct field *field = context;
    (void) t;
    change[REGISTERED] = field->rate * state[POOL] - field->exit_rate * state[REGISTERED];
    change[POOL] = field->founders - (field->rate + field->fade) * state[POOL];
    return GSL_SUCCESS;
}

static void
integrate(struct field *field, double months, double *state)
{
    gsl_odeiv2_system system = { slope, NULL, STATE, field };
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1e-3, 1e-10, 1e-10);
    double t = 0;
    assert_non_null(driver);
    assert_int_equal(gsl_odeiv2_driver_apply(driver, &t, months, state), GSL_SUCCESS);
    gsl_odeiv2_driver_free(driver);
}

static struct registration_terms
terms_of(const struct registration_params *params, enum registration_class class)
{
    struct sim_view view = { .params = params };
    return registration_terms_of(&view, class);
}

/* Mean and standard deviation over replicates, by class, after the months. */
struct moments {
    double sum[REGISTRATION_CLASS_COUNT][STATE], squares[REGISTRATION_CLASS_COUNT][STATE];
    double n;
};

static void
collect(
    struct moments *moments, const struct registration_params *params, uint32_t steps, uint32_t replicates)
{
    memset(moments, 0, sizeof(*moments));
    for (uint32_t r = 0; r < replicates; r++) {
        struct sim_world world;
        start(&world, params, r);
        for (uint32_t t = 0; t < steps; t++) {
            step(&world);
        }
        for (int c = 0; c < REGISTRATION_CLASS_COUNT; c++) {
            double x[] = { (double) rows_of(&world)->registered[c], (double) rows_of(&world)->pool[c] };
            for (int s = 0; s < STATE; s++) {
                moments->sum[c][s] += x[s];
                moments->squares[c][s] += x[s] * x[s];
            }
        }
        sim_world_free(&world);
    }
    moments->n = replicates;
}

static double
mean(const struct moments *moments, int class, int s)
{
    return moments->sum[class][s] / moments->n;
}

static double
deviation(const struct moments *moments, int class, int s)
{
    double middle = mean(moments, class, s);
    return sqrt((moments->squares[class][s] - moments->n * middle * middle) / (moments->n - 1));
}

static double
standard_error(const struct moments *moments, int class, int s)
{
    return deviation(moments, class, s) / sqrt(moments->n);
}

static void
mean_of_replicates_is_the_recursion(void **state)
{
    (void) state;
    struct registration_params params = defaults();
    struct moments moments;
    collect(&moments, &params, MONTHS, 400);
    for (int c = 0; c < REGISTRATION_CLASS_COUNT; c++) {
        struct registration_terms terms = terms_of(&params, (enum registration_class) c);
        struct field field = field_of(&terms, 1);
        double expected[] = { (double) terms.registered, (double) terms.pool };
        recur(&field, MONTHS, expected);
        for (int s = 0; s < STATE; s++) {
            double error = standard_error(&moments, c, s);
            assert_true(error > 0 && error < 0.01 * expected[s]);
            assert_near(mean(&moments, c, s), expected[s], 4.5 * error);
        }
    }
}

#define SCALE(class)                                                \
    params.class##_founders /= parts, params.class##_fade /= parts, \
        params.class##_registration_rate /= parts, params.class##_exit_rate /= parts;

/* The model with a tick of a month / parts */
static struct registration_params
finer(uint32_t parts)
{
    struct registration_params params = defaults();
    REGISTRATION_CLASSES(SCALE)
    return params;
}

static void
finer_ticks_lead_to_the_ode(void **state)
{
    (void) state;
    enum { PARTS = 64 };
    struct registration_params params = defaults(), fine = finer(PARTS);
    struct moments moments;
    collect(&moments, &fine, MONTHS * PARTS, 60);
    for (int c = 0; c < REGISTRATION_CLASS_COUNT; c++) {
        struct registration_terms terms = terms_of(&params, (enum registration_class) c);
        struct field month = field_of(&terms, 1), half = field_of(&terms, 0.5);
        double at_start[] = { (double) terms.registered, (double) terms.pool };
        double ode[STATE], coarse[STATE], halved[STATE];
        memcpy(ode, at_start, sizeof(ode));
        memcpy(coarse, at_start, sizeof(coarse));
        memcpy(halved, at_start, sizeof(halved));
        integrate(&month, MONTHS, ode);
        recur(&month, MONTHS, coarse);
        recur(&half, 2 * MONTHS, halved);
        for (int s = 0; s < STATE; s++) {
            double left =
                fabs(coarse[s] - ode[s]) / PARTS; /* of first order: by so much a fine tick is off */
            assert_near((coarse[s] - ode[s]) / (halved[s] - ode[s]), 2, 0.1);
            assert_near(mean(&moments, c, s), ode[s], 4.5 * standard_error(&moments, c, s) + 1.2 * left);
        }
    }
}

#define ENLARGE(class)                                                  \
    params.class##_registered *= factor, params.class##_pool *= factor, \
        params.class##_founders *= (double) factor;

static void
relative_deviation_falls_with_the_root_of_size(void **state)
{
    (void) state;
    enum { FACTOR = 100, REPLICATES = 500 };
    struct registration_params params = defaults();
    struct moments small, large;
    int64_t factor = FACTOR;
    collect(&small, &params, MONTHS, REPLICATES);
    REGISTRATION_CLASSES(ENLARGE)
    collect(&large, &params, MONTHS, REPLICATES);
    for (int c = 0; c < REGISTRATION_CLASS_COUNT; c++) {
        for (int s = 0; s < STATE; s++) {
            double ratio =
                deviation(&small, c, s) / mean(&small, c, s) / (deviation(&large, c, s) / mean(&large, c, s));
            assert_near(
                ratio, 10, 10 * 4.5 / sqrt(REPLICATES)); /* a ratio of two, each off by 1 / sqrt(2 n) */
        }
    }
}

static void
registrations_of_a_month_are_poisson(void **state)
{
    (void) state;
    enum { REPLICATES = 2000 };
    struct registration_params params = defaults();
    struct registration_terms terms = terms_of(&params, registration_associations);
    double expected = field_of(&terms, 1).rate * (double) terms.pool, sum = 0, squares = 0;
    for (uint32_t r = 0; r < REPLICATES; r++) {
        struct sim_world world;
        start(&world, &params, r);
        step(&world);
        double x = (double) rows_of(&world)->registrations[registration_associations];
        sum += x;
        squares += (x - expected) * (x - expected);
        sim_world_free(&world);
    }
    assert_near(sum / REPLICATES, expected, 4.5 * sqrt(expected / REPLICATES));
    assert_near(squares / REPLICATES, expected, 4.5 * expected * sqrt(2.0 / REPLICATES));
}

static void
openness_is_half_where_the_threshold_is_the_capital_and_falls_with_it(void **state)
{
    (void) state;
    struct registration_params params = defaults();
    struct registration_terms terms = terms_of(&params, registration_foundations);
    terms.threshold = terms.capital;
    assert_near(registration_openness(&terms), terms.registration_rate / 2, 1e-15);
    double last = terms.registration_rate;
    for (terms.threshold = -2; terms.threshold < 4; terms.threshold += 0.25) {
        assert_true(registration_openness(&terms) < last);
        last = registration_openness(&terms);
    }
    terms.threshold = 100; /* beyond where exp is finite the door is shut */
    terms.capital_spread = 0.001;
    assert_true(registration_openness(&terms) == 0);
}

/* verify holds month by month where the draws exceed what there is. */
static void
nothing_is_taken_twice_from_a_small_pool(void **state)
{
    (void) state;
    struct registration_params params = defaults();
    struct sim_world world;
    params.associations_registered = 4;
    params.associations_pool = 5;
    params.associations_founders = 0.5;
    params.associations_fade = 1;
    params.associations_registration_rate = 1;
    params.associations_threshold = -10;
    params.associations_exit_rate = 1;
    int emptied = 0;
    start(&world, &params, 3);
    for (int t = 0; t < 200; t++) {
        step(&world);
        emptied += rows_of(&world)->pool[0] == 0;
    }
    assert_true(emptied > 50);
    assert_true(rows_of(&world)->registrations_sum[0] > 20);
    sim_world_free(&world);
}

static void
verify_tells_of_what_no_flow_brought(void **state)
{
    (void) state;
    struct registration_params params = defaults();
    struct sim_world world;
    char why[256];
    start(&world, &params, 0);
    step(&world);
    int64_t *const columns[] = { rows_of(&world)->pool, rows_of(&world)->registered,
        rows_of(&world)->founded_sum, rows_of(&world)->faded_sum, rows_of(&world)->registrations_sum,
        rows_of(&world)->exits_sum };
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        columns[i][registration_private_non_enterprise]++;
        assert_int_equal(sim_world_verify(&world, why, sizeof(why)), SIM_ERR_STATE);
        assert_non_null(strstr(why, "private_non_enterprise"));
        columns[i][registration_private_non_enterprise]--;
    }
    assert_int_equal(sim_world_verify(&world, why, sizeof(why)), SIM_OK);
    sim_world_free(&world);
}

static void
a_lower_threshold_changes_its_own_class_from_its_month_on(void **state)
{
    (void) state;
    enum { EVENT = 27 };
    struct registration_params params = defaults(), reformed = defaults();
    struct sim_world plain, other;
    start(&plain, &params, 1);
    start(&other, &reformed, 1);
    for (int t = 1; t <= MONTHS; t++) {
        if (t == EVENT) {
            reformed.private_non_enterprise_threshold = 0.9;
        }
        step(&plain);
        step(&other);
        const int64_t *a = rows_of(&plain)->registered, *b = rows_of(&other)->registered;
        assert_int_equal(a[registration_associations], b[registration_associations]);
        assert_int_equal(a[registration_foundations], b[registration_foundations]);
        int more = b[registration_private_non_enterprise] > a[registration_private_non_enterprise];
        assert_int_equal(more, t >= EVENT);
    }
    sim_world_free(&plain);
    sim_world_free(&other);
}

static void
observations_are_the_columns(void **state)
{
    (void) state;
    struct registration_params params = defaults();
    struct sim_world world;
    double row[3 * REGISTRATION_CLASS_COUNT];
    start(&world, &params, 0);
    step(&world);
    assert_int_equal(world.row, 3 * REGISTRATION_CLASS_COUNT);
    sim_world_observe(&world, row);
    for (int c = 0; c < REGISTRATION_CLASS_COUNT; c++) {
        assert_true(row[c] == (double) rows_of(&world)->registered[c]);
        assert_true(row[REGISTRATION_CLASS_COUNT + c] == (double) rows_of(&world)->pool[c]);
        assert_true(row[2 * REGISTRATION_CLASS_COUNT + c] == (double) rows_of(&world)->registrations[c]);
    }
    sim_world_free(&world);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_of_replicates_is_the_recursion),
        cmocka_unit_test(finer_ticks_lead_to_the_ode),
        cmocka_unit_test(relative_deviation_falls_with_the_root_of_size),
        cmocka_unit_test(registrations_of_a_month_are_poisson),
        cmocka_unit_test(openness_is_half_where_the_threshold_is_the_capital_and_falls_with_it),
        cmocka_unit_test(nothing_is_taken_twice_from_a_small_pool),
        cmocka_unit_test(verify_tells_of_what_no_flow_brought),
        cmocka_unit_test(a_lower_threshold_changes_its_own_class_from_its_month_on),
        cmocka_unit_test(observations_are_the_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
