/* test_sensitivity.c - the three methods, on functions whose indices are known, at the points that the designs make. */
#include "analysis/sensitivity_methods.h"
#include "sim/alloc.h"
#include "sim/design.h"
#include "sim/error.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define PI 3.14159265358979323846
#define MOST 8 /* factors */

typedef double function(const double *u);

/* Ishigami & Homma 1990, a = 7, b = 0.1; each x from -pi to pi. */
static double
ishigami(const double *u)
{
    double x[3];
    for (int i = 0; i < 3; i++) {
        x[i] = PI * (2 * u[i] - 1);
    }
    return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
}

static const double ishigami_first[] = { 0.3139, 0.4424, 0 }, ishigami_total[] = { 0.5576, 0.4424, 0.2437 };
static const double ishigami_pairs[] = { 0, 0.2437, 0 }; /* 12, 13, 23 */

/* Sobol's G with a = 0, 1, 4.5, 9 */
static const double g_weights[] = { 0, 1, 4.5, 9 };

static double
sobol_g(const double *u)
{
    double product = 1;
    for (int i = 0; i < 4; i++) {
        product *= (fabs(4 * u[i] - 2) + g_weights[i]) / (1 + g_weights[i]);
    }
    return product;
}

/* V_i = 1 / (3 (1 + a_i)^2), V = prod (1 + V_i) - 1, S_i = V_i / V, T_i = V_i prod_{j != i} (1 + V_j) / V */
static double
g_index(int factor, int is_total)
{
    double all = 1, own = 1 / (3 * (1 + g_weights[factor]) * (1 + g_weights[factor]));
    for (int i = 0; i < 4; i++) {
        all *= 1 + 1 / (3 * (1 + g_weights[i]) * (1 + g_weights[i]));
    }
    return is_total ? own * (all / (1 + own)) / (all - 1) : own / (all - 1);
}

static double
plane(const double *u)
{
    return 3 * u[0] - 2 * u[1] + 0.5 * u[2] + 10;
}

static double
flat(const double *u)
{
    (void) u;
    return 0.1;
}

struct fixture {
    struct sim_matrix matrix;
    struct sensitivity_sample sample;
    double *y;
    struct sensitivity_data data;
    struct inference_interval estimates[MOST * SENSITIVITY_MEASURES], second[MOST * MOST];
    double dummies[MOST];
};

/* The points of a design, from low to high in each factor, and a function of them. */
static void
set_up_over(struct fixture *fixture, const struct sim_matrix_plan *plan, function *f, double low, double high)
{
    memset(fixture, 0, sizeof(*fixture));
    assert_int_equal(sim_matrix_init(&fixture->matrix, plan), SIM_OK);
    const uint32_t n = fixture->matrix.n_points, k = fixture->matrix.n_columns;
    fixture->sample.n_points = n;
    for (uint32_t c = 0; c < k; c++) {
        char name[16];
        snprintf(name, sizeof(name), "x.%u", c);
        assert_int_equal(sensitivity_sample_add(&fixture->sample, name, "1", low, high), SIM_OK);
    }
    fixture->sample.x = sim_alloc((size_t) n * k, sizeof(double));
    fixture->y = sim_alloc(n, sizeof(double));
    for (uint32_t p = 0; p < n; p++) {
        const double *u = fixture->matrix.cells + (size_t) p * k;
        fixture->y[p] = f(u);
        for (uint32_t c = 0; c < k; c++) {
            fixture->sample.x[(size_t) p * k + c] = low + u[c] * (high - low);
        }
    }
    fixture->data = (struct sensitivity_data){ &fixture->sample, fixture->y, 500, 1 };
}

static void
set_up(struct fixture *fixture, enum sim_design_kind kind, uint32_t n_points, uint32_t k, function *f)
{
    const struct sim_matrix_plan plan = { .kind = kind,
        .n_columns = k,
        .seed = 3,
        .n_points = n_points,
        .trajectories = n_points,
        .grid = 4,
        .scramble = 1,
        .second_order = 1 };
    set_up_over(fixture, &plan, f, 0, 1);
}

static void
tear_down(struct fixture *fixture)
{
    sim_matrix_free(&fixture->matrix);
    sensitivity_sample_free(&fixture->sample);
    sim_free(fixture->y);
}

/* The known index lies in the interval and near the estimate, which lies in the interval too. */
static void
assert_known(const struct inference_interval *estimate, double known, double near)
{
    if (!(estimate->low <= known && known <= estimate->high && fabs(estimate->value - known) <= near
            && estimate->low <= estimate->value && estimate->value <= estimate->high)) {
        fail_msg("%g is not %g [%g, %g]", known, estimate->value, estimate->low, estimate->high);
    }
}

static void
the_indices_of_ishigami_are_the_known_ones(void **state)
{
    (void) state;
    struct fixture fixture;
    int second_order;
    set_up(&fixture, SIM_DESIGN_SALTELLI, 1024, 3, ishigami);
    assert_int_equal(sensitivity_sample_bases(&fixture.sample, &second_order), 1024);
    assert_int_equal(second_order, 1);
    assert_int_equal(sobol_estimate(&fixture.data, 1, fixture.estimates, fixture.second), SIM_OK);
    for (int f = 0; f < 3; f++) {
        const struct inference_interval *own = fixture.estimates + f * SOBOL_MEASURES;
        assert_known(&own[SOBOL_FIRST], ishigami_first[f], 0.03);
        assert_known(&own[SOBOL_TOTAL], ishigami_total[f], 0.03);
        assert_known(&fixture.second[f], ishigami_pairs[f], 0.04);
    }
    tear_down(&fixture);
}

static void
the_indices_of_sobol_g_are_the_known_ones_with_and_without_pairs(void **state)
{
    (void) state;
    for (int pairs = 0; pairs < 2; pairs++) {
        struct fixture fixture;
        int second_order;
        const struct sim_matrix_plan plan = { .kind = SIM_DESIGN_SALTELLI,
            .n_columns = 4,
            .seed = 5,
            .n_points = 1024,
            .scramble = 1,
            .second_order = pairs };
        set_up_over(&fixture, &plan, sobol_g, -2, 7);
        assert_int_equal(fixture.sample.n_points, 1024 * (pairs ? 10 : 6));
        assert_int_equal(sensitivity_sample_bases(&fixture.sample, &second_order), 1024);
        assert_int_equal(second_order, pairs);
        assert_int_equal(sobol_estimate(&fixture.data, pairs, fixture.estimates, NULL), SIM_OK);
        for (int f = 0; f < 4; f++) {
            assert_known(&fixture.estimates[f * SOBOL_MEASURES + SOBOL_FIRST], g_index(f, 0), 0.05);
            assert_known(&fixture.estimates[f * SOBOL_MEASURES + SOBOL_TOTAL], g_index(f, 1), 0.05);
        }
        tear_down(&fixture);
    }
}

/* Ninety-five of a hundred are promised; a bootstrap of quasi-random points is wide rather than narrow. */
static void
intervals_of_sobol_cover_what_is_known(void **state)
{
    (void) state;
    int n = 0, covered = 0;
    for (uint32_t seed = 1; seed <= 40; seed++) {
        struct fixture fixture;
        const struct sim_matrix_plan plan = { .kind = SIM_DESIGN_SALTELLI,
            .n_columns = 3,
            .seed = seed,
            .n_points = 128,
            .scramble = 1,
            .second_order = 1 };
        set_up_over(&fixture, &plan, ishigami, 0, 1);
        fixture.data.n_samples = 200;
        assert_int_equal(sobol_estimate(&fixture.data, 1, fixture.estimates, NULL), SIM_OK);
        for (int f = 0; f < 3; f++) {
            const struct inference_interval *own = fixture.estimates + f * SOBOL_MEASURES;
            covered +=
                own[SOBOL_FIRST].low <= ishigami_first[f] && ishigami_first[f] <= own[SOBOL_FIRST].high;
            covered +=
                own[SOBOL_TOTAL].low <= ishigami_total[f] && ishigami_total[f] <= own[SOBOL_TOTAL].high;
            n += 2;
        }
        tear_down(&fixture);
    }
    assert_in_range(covered, n * 85 / 100, n);
}

static void
sobol_says_nothing_without_variance_or_with_an_unknown_outcome(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, SIM_DESIGN_SALTELLI, 16, 3, flat);
    assert_int_equal(sobol_estimate(&fixture.data, 1, fixture.estimates, fixture.second), SIM_OK);
    assert_true(isnan(fixture.estimates[0].value) && isnan(fixture.estimates[SOBOL_TOTAL].low));
    assert_true(isnan(fixture.second[2].value));
    tear_down(&fixture);
    set_up(&fixture, SIM_DESIGN_SALTELLI, 16, 3, ishigami);
    fixture.y[100] = NAN;
    assert_int_equal(sobol_estimate(&fixture.data, 1, fixture.estimates, fixture.second), SIM_OK);
    assert_true(isnan(fixture.estimates[0].value) && isnan(fixture.second[0].high));
    tear_down(&fixture);
    const struct sim_matrix_plan plan = { .kind = SIM_DESIGN_SALTELLI, .n_columns = 3, .n_points = 16 };
    set_up_over(&fixture, &plan, ishigami, 0, 1);
    fixture.y[12] = NAN; /* A with the second column of B, which the others do not need */
    assert_int_equal(sobol_estimate(&fixture.data, 0, fixture.estimates, NULL), SIM_OK);
    assert_true(isnan(fixture.estimates[0].value) && isnan(fixture.estimates[SOBOL_TOTAL].high));
    tear_down(&fixture);
}

static void
effects_of_a_plane_are_its_slopes(void **state)
{
    (void) state;
    static const double slopes[] = { 3, -2, 0.5 };
    struct fixture fixture;
    uint32_t left_out;
    const struct sim_matrix_plan plan = {
        .kind = SIM_DESIGN_MORRIS, .n_columns = 3, .seed = 1, .trajectories = 10, .grid = 4
    };
    set_up_over(&fixture, &plan, plane, 100, 350); /* effects are per range, not per unit */
    assert_int_equal(sensitivity_sample_trajectories(&fixture.sample), 10);
    fixture.y[7] = NAN; /* of the second trajectory */
    assert_int_equal(morris_estimate(&fixture.data, fixture.estimates, &left_out), SIM_OK);
    assert_int_equal(left_out, 1);
    for (int f = 0; f < 3; f++) {
        const struct inference_interval *own = fixture.estimates + f * MORRIS_MEASURES;
        assert_true(fabs(own[MORRIS_MU].value - slopes[f]) < 1e-9);
        assert_true(
            fabs(own[MORRIS_MU].low - slopes[f]) < 1e-9 && fabs(own[MORRIS_MU].high - slopes[f]) < 1e-9);
        assert_true(fabs(own[MORRIS_MU_STAR].value - fabs(slopes[f])) < 1e-9);
        assert_true(own[MORRIS_SIGMA].value < 1e-9);
    }
    tear_down(&fixture);
}

static void
effects_of_sobol_g_are_ranked_and_change_their_sign(void **state)
{
    (void) state;
    struct fixture fixture;
    uint32_t left_out;
    set_up(&fixture, SIM_DESIGN_MORRIS, 100, 4, sobol_g);
    assert_int_equal(morris_estimate(&fixture.data, fixture.estimates, &left_out), SIM_OK);
    assert_int_equal(left_out, 0);
    for (int f = 0; f < 4; f++) {
        const struct inference_interval *own = fixture.estimates + f * MORRIS_MEASURES;
        assert_true(own[MORRIS_MU_STAR].low <= own[MORRIS_MU_STAR].value);
        assert_true(own[MORRIS_MU_STAR].value <= own[MORRIS_MU_STAR].high);
        assert_true(own[MORRIS_SIGMA].value > 0);
        assert_true(own[MORRIS_MU].low < 0 && own[MORRIS_MU].high > 0); /* it falls as often as it rises */
        if (f > 0) {
            assert_true(own[MORRIS_MU_STAR].value < own[MORRIS_MU_STAR - MORRIS_MEASURES].value);
        }
    }
    tear_down(&fixture);
}

/* One that does nothing is added to Ishigami's. */
static void
pawn_ranks_ishigami_and_finds_the_dummy(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, SIM_DESIGN_LHS, 2000, 4, ishigami);
    assert_int_equal(pawn_estimate(&fixture.data, fixture.estimates, fixture.dummies), SIM_OK);
    const struct inference_interval *own[4];
    for (int f = 0; f < 4; f++) {
        own[f] = fixture.estimates + f * PAWN_MEASURES;
        assert_true(own[f]->low < own[f]->value && own[f]->value < own[f]->high);
        assert_true(own[f]->value <= own[f][PAWN_MAX].value);
    }
    assert_true(
        own[1]->value > own[0]->value && own[0]->value > own[2]->value && own[2]->value > own[3]->value);
    for (int f = 0; f < 3; f++) {
        assert_true(own[f]->value > fixture.dummies[f]);
    }
    assert_true(own[3]->value <= fixture.dummies[3]);
    tear_down(&fixture);
}

static void
a_dummy_is_above_the_threshold_once_in_twenty_times(void **state)
{
    (void) state;
    int n = 0, above = 0;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        struct fixture fixture;
        const struct sim_matrix_plan plan = {
            .kind = SIM_DESIGN_LHS, .n_columns = 8, .seed = seed, .n_points = 100
        };
        set_up_over(&fixture, &plan, ishigami, 0, 1);
        fixture.data.n_samples = 200;
        assert_int_equal(pawn_estimate(&fixture.data, fixture.estimates, fixture.dummies), SIM_OK);
        for (int f = 3; f < 8; f++, n++) {
            above += fixture.estimates[f * PAWN_MEASURES].value > fixture.dummies[f];
        }
        tear_down(&fixture);
    }
    assert_in_range(above, n / 100, n / 10);
}

static double
two_steps(const double *u)
{
    return u[0] < 0.5 ? 0 : 1;
}

/* Half of the points are 0, half are 1; in either slice all are one of them, and the distance is 1/2. */
static void
distances_of_ties_are_exact(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, SIM_DESIGN_LHS, 40, 2, two_steps);
    for (uint32_t p = 0; p < 40; p++) {
        fixture.sample.x[p * 2] = fixture.y[p]; /* as a switch */
    }
    assert_int_equal(pawn_estimate(&fixture.data, fixture.estimates, fixture.dummies), SIM_OK);
    assert_true(fixture.estimates[PAWN_MEDIAN].value == 0.5 && fixture.estimates[PAWN_MAX].value == 0.5);
    assert_true(fixture.estimates[PAWN_MEASURES + PAWN_MEDIAN].value < 0.5);
    tear_down(&fixture);
    set_up(&fixture, SIM_DESIGN_LHS, 40, 2, flat);
    assert_int_equal(pawn_estimate(&fixture.data, fixture.estimates, fixture.dummies), SIM_OK);
    assert_true(isnan(fixture.estimates[0].value) && isnan(fixture.dummies[1]));
    tear_down(&fixture);
}

static void
schemes_are_recognised_by_their_points(void **state)
{
    (void) state;
    struct fixture fixture;
    int second_order;
    set_up(&fixture, SIM_DESIGN_LHS, 40, 3, plane);
    assert_int_equal(sensitivity_sample_bases(&fixture.sample, &second_order), 0);
    assert_int_equal(sensitivity_sample_trajectories(&fixture.sample), 0);
    tear_down(&fixture);
    set_up(&fixture, SIM_DESIGN_SALTELLI, 8, 3, plane);
    assert_int_equal(sensitivity_sample_trajectories(&fixture.sample), 0);
    fixture.sample.x[3 * 20]++;
    assert_int_equal(sensitivity_sample_bases(&fixture.sample, &second_order), 0);
    tear_down(&fixture);
    set_up(&fixture, SIM_DESIGN_MORRIS, 5, 3, plane);
    assert_int_equal(sensitivity_sample_bases(&fixture.sample, &second_order), 0);
    assert_int_equal(sensitivity_sample_trajectories(&fixture.sample), 5);
    uint32_t recognised = 0;
    for (int i = 0; i < 5 * 3; i++) { /* the last step of each moves one factor; no other may move with it */
        double *x = fixture.sample.x + 3 * (4 * (i / 3) + 3) + i % 3, kept = *x;
        *x += 0.01;
        recognised += sensitivity_sample_trajectories(&fixture.sample) == 5;
        *x = kept;
    }
    assert_int_equal(recognised, 5);
    tear_down(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_indices_of_ishigami_are_the_known_ones),
        cmocka_unit_test(the_indices_of_sobol_g_are_the_known_ones_with_and_without_pairs),
        cmocka_unit_test(intervals_of_sobol_cover_what_is_known),
        cmocka_unit_test(sobol_says_nothing_without_variance_or_with_an_unknown_outcome),
        cmocka_unit_test(effects_of_a_plane_are_its_slopes),
        cmocka_unit_test(effects_of_sobol_g_are_ranked_and_change_their_sign),
        cmocka_unit_test(pawn_ranks_ishigami_and_finds_the_dummy),
        cmocka_unit_test(a_dummy_is_above_the_threshold_once_in_twenty_times),
        cmocka_unit_test(distances_of_ties_are_exact),
        cmocka_unit_test(schemes_are_recognised_by_their_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
