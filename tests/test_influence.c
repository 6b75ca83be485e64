/* test_influence.c - the model against its closed forms. On the complete network with identical residents
 *
 *     p = Lambda(h + J p),   with feedback p = Lambda(h + J_eff p),  J_eff = J + a a_Y b_T,  h = b_0 + b_T
 * a_Y (q_0 - 1/2);
 *
 * for J_eff > 4 there are two stable equilibria when h lies between two folds. The mean field is computed
 * here by code of its own.
 */
#include "models/influence/influence.h"

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

/* --- worlds --- */

static struct influence_params
params_of(const char *settings)
{
    struct influence_params params;
    char text[1024], why[256];
    assert_int_equal(sim_fields_defaults(&influence_model.fields, &params, NULL), SIM_OK);
    assert_true(strlen(settings) < sizeof(text));
    strcpy(text, settings);
    for (char *rest = text, *setting; (setting = strtok_r(rest, " ", &rest)) != NULL;) {
        char *value = strchr(setting, '=');
        assert_non_null(value);
        *value++ = '\0';
        const struct sim_field *field = sim_fields_find(&influence_model.fields, setting);
        if (field == NULL || sim_field_parse(field, value, &params, why, sizeof(why)) != SIM_OK) {
            fail_msg("%s=%s", setting, value);
        }
    }
    return params;
}

static void
start_threaded(struct sim_world *world, const struct influence_params *params, uint32_t seed, int threads)
{
    assert_int_equal(
        sim_world_init(world, &influence_model, params, (struct sim_key){ seed, 0 }, threads), SIM_OK);
}

static void
start(struct sim_world *world, const struct influence_params *params)
{
    start_threaded(world, params, 1, 1);
}

static void
assert_sound(const struct sim_world *world)
{
    char why[256] = "";
    if (sim_world_verify(world, why, sizeof(why)) != SIM_OK) {
        fail_msg("%s", why);
    }
}

static void
run(struct sim_world *world, uint32_t ticks)
{
    for (uint32_t t = 0; t < ticks; t++) {
        sim_world_step(world);
    }
    assert_sound(world);
}

enum { PARTICIPATION, ACTIVE, TRUST, QUALITY, EXPECTATION, ROW };

struct state {
    double p, trust, quality, expectation;
};

static struct state
observe(struct sim_world *world)
{
    double row[ROW];
    assert_int_equal(world->row, ROW);
    sim_world_observe(world, row);
    return (struct state){ row[PARTICIPATION], row[TRUST], row[QUALITY], row[EXPECTATION] };
}

static const struct sim_view *
community(const struct sim_world *world, uint32_t block)
{
    return sim_world_view(world)->below[0]->below[block];
}

static double
share_active(const struct sim_view *block)
{
    return (double) influence_count_active(block) / influence_resident_count(block);
}

static void
set_field(const struct sim_world *world, double field)
{
    const struct sim_view *block = community(world, 0);
    for (uint32_t i = 0; i < influence_resident_count(block); i++) {
        influence_resident_of(block)->constant[i] = (float) field;
    }
}

static void
assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.9g is not within %g of %.9g", value, tolerance, expected);
    }
}

/* --- the mean field, independently --- */

static double
logistic(double v)
{
    return 1 / (1 + exp(-v));
}

static double
logit(double p)
{
    return log(p / (1 - p));
}

/* +1: the field above which only the high equilibrium is left; -1: the field below which only the low one is.
 */
static double
fold(double j, int side)
{
    double p = (1 - side * sqrt(1 - 4 / j)) / 2;
    return logit(p) - j * p;
}

/* One month of the model's rules in their order, for infinitely many residents. */
static struct state
mean_month(const struct influence_params *m, struct state s)
{
    double v = m->choice_field + m->choice_influence * s.p + m->choice_trust_weight * (s.trust - 0.5);
    s.p += m->choice_revision_probability * (logistic(v) - s.p);
    s.quality += m->quality_rate * (m->quality_base + m->quality_coproduction * s.p - s.quality);
    double satisfaction = 0.5 + m->satisfaction_quality_weight * (s.quality - 0.5)
        + m->satisfaction_disconfirmation_weight * (s.quality - s.expectation);
    double gap = satisfaction - s.trust;
    s.trust += (gap > 0 ? m->trust_rate_up : m->trust_rate_down) * gap;
    s.expectation += m->satisfaction_expectation_rate * (s.quality - s.expectation);
    return s;
}

static struct state
mean_rest(const struct influence_params *m, struct state s)
{
    for (int t = 0; t < 20000; t++) {
        s = mean_month(m, s);
    }
    return s;
}

/* The same in continuous time. */
static int
mean_flow(double t, const double *y, double *dy, void *context)
{
    const struct influence_params *m = context;
    double satisfaction = 0.5 + m->satisfaction_quality_weight * (y[2] - 0.5)
        + m->satisfaction_disconfirmation_weight * (y[2] - y[3]);
    double v = m->choice_field + m->choice_influence * y[0] + m->choice_trust_weight * (y[1] - 0.5);
    (void) t;
    dy[0] = m->choice_revision_probability * (logistic(v) - y[0]);
    dy[1] = (satisfaction > y[1] ? m->trust_rate_up : m->trust_rate_down) * (satisfaction - y[1]);
    dy[2] = m->quality_rate * (m->quality_base + m->quality_coproduction * y[0] - y[2]);
    dy[3] = m->satisfaction_expectation_rate * (y[2] - y[3]);
    return GSL_SUCCESS;
}

static struct state
flow_rest(struct influence_params *m, struct state s)
{
    double y[4] = { s.p, s.trust, s.quality, s.expectation }, t = 0;
    gsl_odeiv2_system system = { mean_flow, NULL, 4, m };
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rkf45, 0.1, 1e-9, 0);
    assert_non_null(driver);
    assert_int_equal(gsl_odeiv2_driver_apply(driver, &t, 3000, y), GSL_SUCCESS);
    gsl_odeiv2_driver_free(driver);
    return (struct state){ y[0], y[1], y[2], y[3] };
}

/* --- without feedback --- */

static void
choice_probability_is_logistic(void **state)
{
    (void) state;
    for (double h = -4; h <= 4; h += 0.5) {
        enum { N = 200000 };
        struct sim_world world;
        char settings[256];
        snprintf(settings, sizeof(settings),
            "city.communities=1 city.residents=%d choice.influence=0 choice.field=%g", N, h);
        struct influence_params params = params_of(settings);
        start(&world, &params);
        run(&world, 1);
        double p = logistic(h);
        assert_near(observe(&world).p, p, 4 * sqrt(p * (1 - p) / N));
        sim_world_free(&world);
    }
}

static void
certain_choices_are_certain(void **state)
{
    static const struct {
        const char *field;
        double p;
    } cases[] = { { "choice.field=100", 1 }, { "choice.field=-100", 0 } };
    (void) state;
    for (int c = 0; c < 2; c++) {
        struct sim_world world;
        char settings[256];
        snprintf(settings, sizeof(settings), "city.residents=1001 choice.influence=0 %s", cases[c].field);
        struct influence_params params = params_of(settings);
        start(&world, &params);
        run(&world, 1);
        assert_true(observe(&world).p == cases[c].p);
        sim_world_free(&world);
    }
}

static void
only_a_share_revises_each_month(void **state)
{
    enum { N = 200000 };
    struct sim_world world;
    struct influence_params params = params_of(
        "city.communities=1 city.residents=200000 choice.influence=0 choice.field=100 initial.active=0 "
        "choice.revision_probability=0.3");
    (void) state;
    start(&world, &params);
    for (int t = 1; t <= 5; t++) {
        run(&world, 1);
        double p = 1 - pow(0.7, t);
        assert_near(observe(&world).p, p, 4 * sqrt(p * (1 - p) / N));
    }
    sim_world_free(&world);
}

/* Two residents who each do what the other did: the own state does not count. */
static void
two_neighbours_swap_their_states(void **state)
{
    struct sim_world world;
    struct influence_params params =
        params_of("city.communities=1 city.residents=2 network.kind=complete choice.field=-50 "
                  "choice.influence=100");
    (void) state;
    start(&world, &params);
    uint8_t *active = influence_resident_of(community(&world, 0))->active;
    active[0] = 1;
    active[1] = 0;
    run(&world, 1);
    assert_true(active[0] == 0 && active[1] == 1);
    run(&world, 1);
    assert_true(active[0] == 1 && active[1] == 0);
    sim_world_free(&world);
}

/* On a ring of degree 2 with a threshold between one and two active neighbours. */
static void
six_residents_on_a_ring_follow_both_neighbours(void **state)
{
    static const uint8_t before[6] = { 1, 1, 1, 0, 1, 0 }, after[6] = { 0, 1, 0, 1, 0, 1 };
    struct sim_world world;
    struct influence_params params =
        params_of("city.communities=1 city.residents=6 network.kind=ring network.degree=2 "
                  "choice.field=-75 choice.influence=100");
    (void) state;
    start(&world, &params);
    uint8_t *active = influence_resident_of(community(&world, 0))->active;
    memcpy(active, before, 6);
    run(&world, 1);
    assert_memory_equal(active, after, 6);
    sim_world_free(&world);
}

static void
printed_fold_positions(void **state)
{
    static const double printed[4][3] = { { 5, -2.6556, -2.3444 }, { 6, -3.4151, -2.5849 },
        { 7, -4.2245, -2.7755 }, { 8, -5.0657, -2.9343 } };
    (void) state;
    for (int i = 0; i < 4; i++) {
        assert_near(fold(printed[i][0], -1), printed[i][1], 5.1e-5);
        assert_near(fold(printed[i][0], +1), printed[i][2], 5.1e-5);
    }
}

/* Moves the field in small steps through the fold and returns where participation crosses one half. */
static double
sweep(double j, int side)
{
    const double step = 0.01;
    const double from = fold(j, side) - 8 * step * side;
    double field = from;
    struct sim_world world;
    char settings[256];
    snprintf(settings, sizeof(settings),
        "city.communities=1 city.residents=10000 network.kind=complete choice.influence=%g initial.active=%g",
        j, side > 0 ? 0.05 : 0.95);
    struct influence_params params = params_of(settings);
    start(&world, &params);
    set_field(&world, field);
    run(&world, 50);
    while (fabs(field - from) < 20 * step && side * (share_active(community(&world, 0)) - 0.5) < 0) {
        field += side * step;
        set_field(&world, field);
        run(&world, 60);
    }
    sim_world_free(&world);
    return field;
}

static void
sweeps_jump_at_the_folds(void **state)
{
    (void) state;
    for (int j = 5; j <= 8; j++) {
        assert_near(sweep(j, +1), fold(j, +1), 0.025);
        assert_near(sweep(j, -1), fold(j, -1), 0.025);
    }
}

/* Root mean square of the distance from the equilibrium over communities and months, and its mean. */
static double
error_at(uint32_t residents, double initial, double equilibrium, double *mean)
{
    enum { COMMUNITIES = 64, SAMPLES = 6 };
    struct sim_world world;
    char settings[256];
    double squares = 0, sum = 0;
    snprintf(settings, sizeof(settings),
        "city.communities=%d city.residents=%u network.kind=complete initial.active=%g", COMMUNITIES,
        residents, initial);
    struct influence_params params = params_of(settings);
    start(&world, &params);
    run(&world, 10);
    for (int sample = 0; sample < SAMPLES; sample++) {
        run(&world, 3); /* the correlation from month to month is J p (1 - p) = 0.39 */
        for (uint32_t b = 0; b < COMMUNITIES; b++) {
            double error = share_active(community(&world, b)) - equilibrium;
            sum += error;
            squares += error * error;
        }
    }
    sim_world_free(&world);
    *mean = sum / (COMMUNITIES * SAMPLES);
    return sqrt(squares / (COMMUNITIES * SAMPLES));
}

/* The noise of a linear map: variance p (1 - p) / N / (1 - (J p (1 - p))^2). */
static void
equilibria_are_approached_as_the_root_of_residents(void **state)
{
    static const uint32_t sizes[] = { 250, 1000, 4000, 16000 };
    static const struct {
        double initial, equilibrium;
    } cases[] = { { 0.05, 0.07072 }, { 0.95, 0.92928 } };
    (void) state;
    for (int c = 0; c < 2; c++) {
        double p = cases[c].equilibrium, slope = 6 * p * (1 - p);
        double x[4], y[4], mean_x = 0, mean_y = 0, above = 0, below = 0;
        assert_near(p, logistic(-3 + 6 * p), 5e-6);
        for (int i = 0; i < 4; i++) {
            double mean, expected = sqrt(p * (1 - p) / (1 - slope * slope) / sizes[i]);
            double error = error_at(sizes[i], cases[c].initial, p, &mean);
            assert_near(error, expected, 0.15 * expected);
            assert_near(mean, 0, 5 * expected / sqrt(64 * 6));
            x[i] = log(sizes[i]);
            y[i] = log(error);
            mean_x += x[i] / 4;
            mean_y += y[i] / 4;
        }
        for (int i = 0; i < 4; i++) {
            above += (x[i] - mean_x) * (y[i] - mean_y);
            below += (x[i] - mean_x) * (x[i] - mean_x);
        }
        assert_near(above / below, -0.5, 0.05);
    }
}

/* p = p Lambda(h + J p + w) + (1 - p) Lambda(h + J p), by plain iteration. */
static void
own_weight_has_its_own_fixed_point(void **state)
{
    enum { N = 200000 };
    struct sim_world world;
    double p = 0.5, without = 0.5, sum = 0;
    struct influence_params params =
        params_of("city.communities=1 city.residents=200000 network.kind=complete choice.field=-1.5 "
                  "choice.influence=1.5 choice.own_weight=1");
    (void) state;
    for (int i = 0; i < 10000; i++) {
        p = p * logistic(-1.5 + 1.5 * p + 1) + (1 - p) * logistic(-1.5 + 1.5 * p);
        without = logistic(-1.5 + 1.5 * without);
    }
    assert_true(p > without + 0.05);
    start(&world, &params);
    run(&world, 60);
    for (int t = 0; t < 20; t++) {
        run(&world, 1);
        sum += observe(&world).p / 20;
    }
    assert_near(sum, p, 3 / sqrt(N));
    sim_world_free(&world);
}

static double
late_share(const char *network, double initial)
{
    struct sim_world world;
    char settings[256];
    double sum = 0;
    snprintf(settings, sizeof(settings),
        "city.communities=4 city.residents=5000 choice.field=-2.5 choice.influence=5 initial.active=%g %s",
        initial, network);
    struct influence_params params = params_of(settings);
    start(&world, &params);
    run(&world, 150);
    for (int t = 0; t < 20; t++) {
        run(&world, 1);
        sum += observe(&world).p / 20;
    }
    sim_world_free(&world);
    return sum;
}

/* Few and clustered neighbours blur the influence: the two equilibria move towards each other, and on the
 * ring, which has one dimension, there is only one. Reported as a deviation from the mean field, not as an
 * error. */
static void
few_neighbours_bring_the_equilibria_together(void **state)
{
    static const char *const networks[] = { "network.kind=complete",
        "network.kind=small_world network.degree=30 network.rewire=1",
        "network.kind=small_world network.degree=8 network.rewire=1",
        "network.kind=small_world network.degree=8 network.rewire=0.1",
        "network.kind=ring network.degree=8" };
    double low[5], high[5];
    (void) state;
    for (int n = 0; n < 5; n++) {
        low[n] = late_share(networks[n], 0.05);
        high[n] = late_share(networks[n], 0.95);
        assert_near(low[n] + high[n], 1, 0.05); /* h = -J / 2 treats both sides alike */
    }
    double p = 0;
    for (int i = 0; i < 1000; i++) {
        p = logistic(-2.5 + 5 * p);
    }
    assert_near(low[0], p, 0.005);
    assert_near(high[0], 1 - p, 0.005);
    for (int n = 1; n < 5; n++) {
        assert_true(high[n] - low[n] < high[n - 1] - low[n - 1] - 0.02);
    }
    assert_near(high[4], low[4], 0.05);
}

/* --- with feedback --- */

static const char reference_run[] =
    "switches.feedback=on network.kind=complete city.communities=1 choice.field=-2.12 choice.influence=4 "
    "choice.trust_weight=3 choice.revision_probability=0.5 trust.rate_up=0.06 trust.rate_down=0.12 "
    "quality.rate=0.2 quality.base=0.2 quality.coproduction=0.7 satisfaction.quality_weight=0.8 "
    "satisfaction.disconfirmation_weight=0.4 satisfaction.expectation_rate=0.05";

static const struct state low_start = { 0.02, 0.3, 0.3, 0.3 },
                          low_rest = { 0.08773, 0.30913, 0.26141, 0.26141 };
static const struct state high_start = { 0.9, 0.8, 0.8, 0.8 },
                          high_rest = { 0.91227, 0.77087, 0.83859, 0.83859 };

static void
assert_states_near(struct state value, struct state expected, double tolerance)
{
    assert_near(value.p, expected.p, tolerance);
    assert_near(value.trust, expected.trust, tolerance);
    assert_near(value.quality, expected.quality, tolerance);
    assert_near(value.expectation, expected.expectation, tolerance);
}

static struct influence_params
reference(uint32_t residents, struct state s)
{
    struct influence_params params = params_of(reference_run);
    params.city_residents = residents;
    params.initial_active = s.p;
    params.initial_trust = s.trust;
    params.initial_quality = s.quality;
    params.initial_expectation = s.expectation;
    return params;
}

static void
mean_field_rests_at_the_printed_values(void **state)
{
    struct influence_params params = params_of(reference_run);
    (void) state;
    assert_states_near(mean_rest(&params, low_start), low_rest, 5.1e-6);
    assert_states_near(mean_rest(&params, high_start), high_rest, 5.1e-6);
    assert_states_near(flow_rest(&params, low_start), low_rest, 5.1e-6);
    assert_states_near(flow_rest(&params, high_start), high_rest, 5.1e-6);
    double effective = 4 + 0.7 * 0.8 * 3, h = -2.12 + 3 * 0.8 * (0.2 - 0.5);
    assert_near(effective, 5.68, 1e-12);
    assert_near(h, -2.84, 1e-12);
    assert_near(low_rest.p, logistic(h + effective * low_rest.p), 5e-6);
    assert_near(high_rest.p, logistic(h + effective * high_rest.p), 5e-6);
    assert_near(fold(effective, -1) - h - 2.12, -2.4453, 5.1e-5);
    assert_near(fold(effective, +1) - h - 2.12, -1.7947, 5.1e-5);
}

/* Month by month, too. The tolerance is a few standard deviations of participation, sqrt(p (1 - p) / N) and
 * more from feedback. */
static void
simulation_follows_the_mean_field_to_the_printed_values(void **state)
{
    static const uint32_t sizes[] = { 4000, 64000 };
    (void) state;
    for (int i = 0; i < 4; i++) {
        struct state s = i % 2 == 0 ? low_start : high_start;
        uint32_t n = sizes[i / 2];
        struct influence_params params = reference(n, s);
        struct sim_world world;
        start(&world, &params);
        s.p = observe(&world).p;
        for (int t = 0; t < 300; t++) {
            sim_world_step(&world);
            s = mean_month(&params, s);
            assert_states_near(observe(&world), s, 2 / sqrt(n));
        }
        assert_sound(&world);
        assert_states_near(observe(&world), i % 2 == 0 ? low_rest : high_rest, 2 / sqrt(n));
        sim_world_free(&world);
    }
}

/* The state with this participation whose other parts are at rest with it. */
static struct state
consistent(double p)
{
    double quality = 0.2 + 0.7 * p;
    return (struct state){ p, 0.5 + 0.8 * (quality - 0.5), quality, quality };
}

static void
one_half_separates_the_basins(void **state)
{
    (void) state;
    for (int side = -1; side <= 1; side += 2) {
        struct influence_params params = reference(20000, consistent(0.5 + 0.04 * side));
        struct sim_world world;
        start(&world, &params);
        run(&world, 600);
        assert_near(observe(&world).p, side < 0 ? low_rest.p : high_rest.p, 0.02);
        sim_world_free(&world);
    }
}

static void
from_one_half_chance_decides(void **state)
{
    struct influence_params params = reference(1000, consistent(0.5));
    struct sim_world world;
    uint32_t high = 0;
    (void) state;
    params.city_communities = 64;
    start(&world, &params);
    run(&world, 600);
    for (uint32_t b = 0; b < 64; b++) {
        high += share_active(community(&world, b)) > 0.5;
    }
    assert_in_range(high, 12, 52); /* five standard deviations of a fair coin */
    sim_world_free(&world);
}

/* Where participation stands after 1500 months with another constant, or once it has crossed one half. */
static double
end_of(double constant, struct state s)
{
    struct influence_params params = reference(8000, s);
    struct sim_world world;
    params.choice_field = constant;
    start(&world, &params);
    double p = s.p;
    for (int t = 0; t < 150 && (p > 0.5) == (s.p > 0.5); t++) {
        run(&world, 10);
        p = share_active(community(&world, 0));
    }
    sim_world_free(&world);
    return p;
}

static void
hysteresis_window_of_the_constant(void **state)
{
    const double lowest = -2.4453, highest = -1.7947, near = 0.05;
    (void) state;
    assert_true(end_of(highest - near, low_rest) < 0.5);
    assert_true(end_of(highest + near, low_rest) > 0.5);
    assert_true(end_of(lowest + near, high_rest) > 0.5);
    assert_true(end_of(lowest - near, high_rest) < 0.5);
}

static void
trust_falls_faster_than_it_rises(void **state)
{
    static const struct state starts[2] = { { 0, 0, 1, 1 }, { 0, 1, 0, 0 } };
    (void) state;
    for (int i = 0; i < 2; i++) {
        struct influence_params params = reference(10, starts[i]);
        struct sim_world world;
        params.quality_rate = 0;
        start(&world, &params);
        run(&world, 1);
        assert_near(observe(&world).trust, i == 0 ? 0.06 * 0.9 : 1 - 0.12 * 0.9, 1e-6);
        sim_world_free(&world);
    }
}

static void
satisfaction_never_exceeds_one(void **state)
{
    struct influence_params params = reference(10, (struct state){ 0, 0, 1, 0 });
    struct sim_world world;
    (void) state;
    params.quality_rate = 0;
    params.satisfaction_quality_weight = 2;
    start(&world, &params);
    run(&world, 1);
    assert_near(observe(&world).trust, 0.06, 1e-6);
    sim_world_free(&world);
}

static void
each_resident_acts_on_its_own_trust(void **state)
{
    enum { N = 3000 };
    struct influence_params params = reference(N, low_start);
    struct sim_world world;
    (void) state;
    params.choice_trust_weight = 100;
    params.choice_revision_probability = 1;
    start(&world, &params);
    const struct sim_view *block = community(&world, 0);
    for (uint32_t i = 0; i < N; i++) {
        influence_mind_of(block)->trust[i] = i % 7 < 3 ? 1.0f : 0.0f;
    }
    run(&world, 1);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(influence_resident_of(block)->active[i], i % 7 < 3);
    }
    sim_world_free(&world);
}

static void
state_stays_within_bounds_for_extreme_rates(void **state)
{
    struct influence_params params =
        params_of("switches.feedback=on city.residents=500 choice.field=-50 choice.influence=100 "
                  "choice.spread=10 quality.base=1 quality.coproduction=1 quality.rate=1 "
                  "satisfaction.quality_weight=2 satisfaction.disconfirmation_weight=2 "
                  "satisfaction.expectation_rate=1 trust.rate_up=1 trust.rate_down=1 "
                  "choice.trust_weight=100 choice.revision_probability=0.5");
    struct sim_world world;
    (void) state;
    start(&world, &params);
    for (int t = 0; t < 50; t++) {
        run(&world, 1);
    }
    sim_world_free(&world);
}

/* --- the contract --- */

static void
feedback_without_weight_changes_no_choice(void **state)
{
    struct influence_params off = params_of("city.residents=2000"),
                            on = params_of("city.residents=2000 switches.feedback=on "
                                           "choice.trust_weight=0");
    struct sim_world a, b;
    (void) state;
    start(&a, &off);
    start(&b, &on);
    for (int t = 0; t < 20; t++) {
        run(&a, 1);
        run(&b, 1);
        for (uint32_t c = 0; c < 8; c++) {
            assert_memory_equal(influence_resident_of(community(&a, c))->active,
                influence_resident_of(community(&b, c))->active, 2000);
        }
    }
    sim_world_free(&a);
    sim_world_free(&b);
}

static void
without_feedback_there_are_no_minds(void **state)
{
    struct influence_params params = params_of("city.communities=3 city.residents=2000");
    struct sim_world world;
    (void) state;
    start(&world, &params);
    run(&world, 2);
    assert_true(world.agents == 6000);
    assert_true(world.bytes < 30 * 6000);
    assert_true(
        isnan(observe(&world).trust) && isnan(observe(&world).quality) && isnan(observe(&world).expectation));
    assert_true(observe(&world).p > 0);
    sim_world_free(&world);
}

static void
nobody_lives_there(void **state)
{
    struct influence_params params = params_of("city.residents=0 switches.feedback=on");
    struct sim_world world;
    double row[ROW];
    (void) state;
    start(&world, &params);
    run(&world, 3);
    sim_world_observe(&world, row);
    assert_true(row[ACTIVE] == 0 && isnan(row[PARTICIPATION]));
    sim_world_free(&world);
}

static void
a_larger_city_contains_the_smaller_one(void **state)
{
    struct influence_params small =
        params_of("city.streets=1 city.communities=2 city.residents=1500 choice.spread=1");
    struct influence_params large =
        params_of("city.streets=2 city.communities=5 city.residents=1500 choice.spread=1");
    struct sim_world a, b;
    (void) state;
    start(&a, &small);
    start(&b, &large);
    run(&a, 5);
    run(&b, 5);
    for (uint32_t c = 0; c < 2; c++) {
        assert_memory_equal(influence_resident_of(community(&a, c))->active,
            influence_resident_of(community(&b, c))->active, 1500);
    }
    assert_memory_not_equal(influence_resident_of(community(&b, 1))->active,
        influence_resident_of(community(&b, 2))->active, 1500);
    sim_world_free(&a);
    sim_world_free(&b);
}

static void
same_bits_for_any_number_of_threads(void **state)
{
    struct influence_params params =
        params_of("switches.feedback=on city.communities=7 city.residents=1200 choice.spread=1");
    double rows[3][ROW];
    (void) state;
    for (int threads = 1; threads <= 3; threads++) {
        struct sim_world world;
        start_threaded(&world, &params, 5, threads);
        run(&world, 12);
        sim_world_observe(&world, rows[threads - 1]);
        sim_world_free(&world);
    }
    assert_memory_equal(rows[0], rows[1], sizeof(rows[0]));
    assert_memory_equal(rows[0], rows[2], sizeof(rows[0]));
}

/* Numbers that every build must have: compilers, optimisation, instruction sets. */
static void
known_numbers_of_a_short_run(void **state)
{
    struct influence_params params =
        params_of("switches.feedback=on city.communities=3 city.residents=1234 choice.spread=1 "
                  "choice.revision_probability=0.8 choice.own_weight=0.5");
    struct sim_world world;
    double row[ROW];
    (void) state;
    start(&world, &params);
    run(&world, 24);
    sim_world_observe(&world, row);
    assert_true(row[ACTIVE] == 3525);
    assert_true(row[TRUST] == 0.70239172379175818);
    assert_true(row[QUALITY] == 0.84355695355508642);
    assert_true(row[EXPECTATION] == 0.67005288600921631);
    sim_world_free(&world);
}

static void
own_constants_have_the_spread_asked_for(void **state)
{
    enum { N = 100000 };
    struct influence_params params =
        params_of("city.communities=1 city.residents=100000 choice.field=-1 choice.spread=0.5");
    struct sim_world world;
    double sum = 0, squares = 0;
    (void) state;
    start(&world, &params);
    const float *constant = influence_resident_of(community(&world, 0))->constant;
    for (uint32_t i = 0; i < N; i++) {
        double deviation = (double) constant[i] + 1;
        sum += deviation;
        squares += deviation * deviation;
    }
    assert_near(sum / N, 0, 5 * 0.5 / sqrt(N));
    assert_near(sqrt(squares / N), 0.5, 5 * 0.5 / sqrt(2.0 * N));
    sim_world_free(&world);
}

static void
assert_faulty(struct sim_world *world, const char *expected)
{
    char why[256] = "";
    assert_int_equal(sim_world_verify(world, why, sizeof(why)), SIM_ERR_STATE);
    assert_string_equal(why, expected);
}

static void
verify_names_the_first_fault(void **state)
{
    struct influence_params params = params_of("switches.feedback=on city.streets=2 city.residents=100");
    struct sim_world world;
    (void) state;
    start(&world, &params);
    assert_sound(&world);
    const struct sim_view *block = sim_world_view(&world)->below[1]->below[3];
    uint8_t *active = influence_resident_of(block)->active;
    float *constant = influence_resident_of(block)->constant, *trust = influence_mind_of(block)->trust;
    double *quality = influence_service_of(block)->quality;

    active[7] = 2;
    assert_faulty(&world, "street 1, community 3, resident 7: active is neither 0 nor 1");
    active[7] = 1;
    constant[99] = NAN;
    assert_faulty(&world, "street 1, community 3, resident 99: constant is not finite");
    constant[99] = 0;
    trust[5] = 1.5f;
    assert_faulty(&world, "street 1, community 3, resident 5: trust or expectation is not between 0 and 1");
    trust[5] = 1;
    influence_mind_of(block)->expectation[6] = NAN;
    assert_faulty(&world, "street 1, community 3, resident 6: trust or expectation is not between 0 and 1");
    influence_mind_of(block)->expectation[6] = 0;
    *quality = -0.1;
    assert_faulty(&world, "street 1, community 3, resident 0: quality is not between 0 and 1");
    *quality = 0;
    assert_sound(&world);
    sim_world_free(&world);
}

static void
check_refuses_odd_degrees_and_too_many_ties(void **state)
{
    struct sim_complaint complaints[4];
    struct influence_params params = params_of("network.degree=8");
    (void) state;
    assert_int_equal(influence_model.check(&params, complaints, 4), 0);
    params.network_degree = 7;
    assert_int_equal(influence_model.check(&params, complaints, 4), 1);
    assert_string_equal(complaints[0].key, "network.degree");
    params.city_residents = 100000000;
    params.network_degree = 101;
    assert_int_equal(influence_model.check(&params, complaints, 4), 2);
    assert_string_equal(complaints[1].key, "city.residents");
    assert_int_equal(influence_model.check(&params, complaints, 1), 1);
    assert_int_equal(influence_model.check(&params, complaints, 0), 0);
    params.network_kind = 0;
    params.network_degree = 100;
    assert_int_equal(influence_model.check(&params, complaints, 4), 0);
}

static void
benchmark_settings_are_valid(void **state)
{
    char settings[512], *to = settings;
    (void) state;
    for (const char *from = influence_model.benchmark; *from != '\0'; from++) {
        if (*from == '{') {
            *to++ = '9';
            from = strchr(from, '}');
            assert_non_null(from);
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    struct influence_params params = params_of(settings);
    assert_int_equal(params.city_communities * params.city_residents, 81);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choice_probability_is_logistic),
        cmocka_unit_test(certain_choices_are_certain),
        cmocka_unit_test(only_a_share_revises_each_month),
        cmocka_unit_test(two_neighbours_swap_their_states),
        cmocka_unit_test(six_residents_on_a_ring_follow_both_neighbours),
        cmocka_unit_test(printed_fold_positions),
        cmocka_unit_test(sweeps_jump_at_the_folds),
        cmocka_unit_test(equilibria_are_approached_as_the_root_of_residents),
        cmocka_unit_test(own_weight_has_its_own_fixed_point),
        cmocka_unit_test(few_neighbours_bring_the_equilibria_together),
        cmocka_unit_test(mean_field_rests_at_the_printed_values),
        cmocka_unit_test(simulation_follows_the_mean_field_to_the_printed_values),
        cmocka_unit_test(one_half_separates_the_basins),
        cmocka_unit_test(from_one_half_chance_decides),
        cmocka_unit_test(hysteresis_window_of_the_constant),
        cmocka_unit_test(trust_falls_faster_than_it_rises),
        cmocka_unit_test(satisfaction_never_exceeds_one),
        cmocka_unit_test(each_resident_acts_on_its_own_trust),
        cmocka_unit_test(state_stays_within_bounds_for_extreme_rates),
        cmocka_unit_test(feedback_without_weight_changes_no_choice),
        cmocka_unit_test(without_feedback_there_are_no_minds),
        cmocka_unit_test(nobody_lives_there),
        cmocka_unit_test(a_larger_city_contains_the_smaller_one),
        cmocka_unit_test(same_bits_for_any_number_of_threads),
        cmocka_unit_test(known_numbers_of_a_short_run),
        cmocka_unit_test(own_constants_have_the_spread_asked_for),
        cmocka_unit_test(verify_names_the_first_fault),
        cmocka_unit_test(check_refuses_odd_degrees_and_too_many_ties),
        cmocka_unit_test(benchmark_settings_are_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
