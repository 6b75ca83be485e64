/* test_shapley.c - contributions of players on games whose answers are known, and how often intervals hold them. */
#include "analysis/shapley.h"

#include "sim/design.h"
#include "sim/error.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <cmocka.h>

#define PLAYERS 6
#define GAMES 64 /* 2^6 */

static void
assert_near(double x, double expected, double tolerance)
{
    if (!(fabs(x - expected) <= tolerance)) {
        fail_msg("%.17g is not %.17g", x, expected);
    }
}

/* A player with a left glove and two with right ones; a pair is worth 1: 2/3, 1/6, 1/6. */
static void
the_scarce_glove_gets_most(void **state)
{
    const double v[] = { 0, 0, 0, 1, 0, 1, 0, 1 };
    double phi[3];
    (void) state;
    shapley_values(3, v, phi);
    assert_near(phi[0], 2. / 3, 1e-15);
    assert_near(phi[1], 1. / 6, 1e-15);
    assert_near(phi[2], 1. / 6, 1e-15);
}

static void
one_player_gets_all(void **state)
{
    const double v[] = { 3, 5 };
    double phi;
    (void) state;
    shapley_values(1, v, &phi);
    assert_true(phi == 2);
}

static void
random_game(gsl_rng *rng, double *v)
{
    for (uint32_t s = 0; s < GAMES; s++) {
        v[s] = gsl_ran_gaussian(rng, 1);
    }
}

static void
contributions_add_up(void **state)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double v[GAMES], phi[PLAYERS];
    (void) state;
    for (int game = 0; game < 20; game++) {
        double sum = 0;
        random_game(rng, v);
        shapley_values(PLAYERS, v, phi);
        for (int i = 0; i < PLAYERS; i++) {
            sum += phi[i];
        }
        assert_near(sum, v[GAMES - 1] - v[0], 1e-14);
    }
    gsl_rng_free(rng);
}

/* Player 2 never changes anything; 0 and 1 are alike. */
static void
who_adds_nothing_gets_nothing_and_equals_get_the_same(void **state)
{
    double v[8], phi[3];
    (void) state;
    for (uint32_t s = 0; s < 8; s++) {
        uint32_t n = (s & 1) + (s >> 1 & 1);
        v[s] = 1 + 0.3 * n * n;
    }
    shapley_values(3, v, phi);
    assert_true(phi[2] == 0);
    assert_near(phi[0], phi[1], 1e-15);
    assert_near(phi[0], 0.6, 1e-15);
    assert_true(shapley_interaction(3, v, 0, 2) == 0);
}

/* Worth 1 only if players 0 and 1 are both there: each gets a half, and all of it is their interaction. */
static void
what_needs_both_is_their_interaction(void **state)
{
    double v[16], phi[4];
    (void) state;
    for (uint32_t s = 0; s < 16; s++) {
        v[s] = (s & 3) == 3;
    }
    shapley_values(4, v, phi);
    assert_near(phi[0], 0.5, 1e-15);
    assert_near(phi[1], 0.5, 1e-15);
    assert_near(shapley_interaction(4, v, 0, 1), 1, 1e-15);
    assert_near(shapley_interaction(4, v, 1, 2), 0, 1e-15);
}

/* All three must be there: 1/3 each; of a pair, (1/2) (1 - 0) with the third there and (1/2) 0 without. */
static void
interactions_weigh_the_coalitions_around_a_pair(void **state)
{
    double v[8] = { 0 }, phi[3];
    (void) state;
    v[7] = 1;
    shapley_values(3, v, phi);
    assert_near(phi[1], 1. / 3, 1e-15);
    assert_near(shapley_interaction(3, v, 0, 1), 0.5, 1e-15);
}

static void
a_mean_of_one_number_has_no_interval(void **state)
{
    const double x[] = { 2, 4 };
    (void) state;
    struct inference_interval one = inference_mean(x, 1), two = inference_mean(x, 2);
    assert_true(one.value == 2 && isnan(one.low) && isnan(one.high));
    assert_near(two.value, 3, 0);
    assert_near(two.high - 3, 12.706204736432095, 1e-9); /* t of one degree of freedom, standard error 1 */
    assert_near(3 - two.low, two.high - 3, 1e-12);
    struct inference_interval orders = shapley_mean_of_orders(x, 2, 1),
                              replicates = shapley_mean_of_orders(x, 1, 2);
    assert_true(orders.value == 3 && isnan(orders.low));
    assert_true(replicates.value == 3 && isnan(replicates.low));
}

/* Of orders that all say the same, only replicates count: Student's interval over them. And the other way round. */
static void
an_interval_over_orders_is_students_where_only_one_of_the_two_varies(void **state)
{
    const double same_orders[] = { 1, 2, 4, 1, 2, 4, 1, 2, 4, 1, 2, 4 };
    const double same_replicates[] = { 1, 1, 2, 2, 4, 4 };
    const double x[] = { 1, 2, 4 };
    (void) state;
    struct inference_interval expected = inference_mean(x, 3);
    struct inference_interval a = shapley_mean_of_orders(same_orders, 4, 3);
    struct inference_interval b = shapley_mean_of_orders(same_replicates, 3, 2);
    assert_near(a.value, expected.value, 1e-15);
    assert_near(a.low, expected.low, 1e-12);
    assert_near(b.low, expected.low, 1e-12);
    assert_near(b.high, expected.high, 1e-12);
    const double equal[] = { 5, 5, 5, 5 };
    struct inference_interval none = shapley_mean_of_orders(equal, 2, 2);
    assert_true(none.low == 5 && none.high == 5);
}

/* adds[order * n_replicates + replicate] of one player. */
static void
follow_orders(const double (*games)[GAMES], uint32_t n_replicates, const uint32_t *orders, uint32_t n_orders,
    uint32_t player, double *adds)
{
    for (uint32_t o = 0; o < n_orders; o++) {
        uint32_t before = 0;
        for (const uint32_t *at = orders + o * PLAYERS; *at != player; at++) {
            before |= UINT32_C(1) << *at;
        }
        for (uint32_t r = 0; r < n_replicates; r++) {
            adds[o * n_replicates + r] = games[r][before | UINT32_C(1) << player] - games[r][before];
        }
    }
}

#define ORDERS 30
#define REPLICATES 6
#define TRIALS 400

/* Random orders of a game that replicates see with noise of their own: how often the interval holds what all orders of
 * the game without noise give. */
static double
share_held(double noise)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double v[GAMES], phi[PLAYERS], games[REPLICATES][GAMES], adds[ORDERS * REPLICATES];
    uint32_t orders[ORDERS * PLAYERS], held = 0;
    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        random_game(rng, v);
        shapley_values(PLAYERS, v, phi);
        for (uint32_t i = 0; i < REPLICATES * GAMES; i++) {
            games[i / GAMES][i % GAMES] = v[i % GAMES] + gsl_ran_gaussian(rng, noise);
        }
        assert_int_equal(sim_design_orders(trial, PLAYERS, ORDERS, orders), SIM_OK);
        for (uint32_t player = 0; player < PLAYERS; player++) {
            follow_orders((const double(*)[GAMES]) games, REPLICATES, orders, ORDERS, player, adds);
            struct inference_interval found = shapley_mean_of_orders(adds, ORDERS, REPLICATES);
            held += found.low <= phi[player] && phi[player] <= found.high;
        }
    }
    gsl_rng_free(rng);
    return (double) held / (TRIALS * PLAYERS);
}

static void
intervals_over_random_orders_hold_the_exact_value_as_often_as_they_say(void **state)
{
    (void) state;
    assert_near(share_held(0.01), 0.95, 0.02); /* the error is that of orders */
    assert_near(share_held(1), 0.965, 0.03);   /* of both; a little wide */
}

static void
random_orders_are_orders_and_all_of_them(void **state)
{
    uint32_t orders[3 * 600], counts[3][3] = { { 0 } };
    (void) state;
    assert_int_equal(sim_design_orders(1, 3, 600, orders), SIM_OK);
    for (uint32_t o = 0; o < 600; o++) {
        uint32_t seen = 0;
        for (uint32_t p = 0; p < 3; p++) {
            seen |= 1u << orders[3 * o + p];
            counts[p][orders[3 * o + p]]++;
        }
        assert_int_equal(seen, 7);
    }
    for (uint32_t i = 0; i < 9; i++) {
        assert_in_range(counts[i / 3][i % 3], 160, 240); /* 200, sd 11.5 */
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_scarce_glove_gets_most),
        cmocka_unit_test(one_player_gets_all), cmocka_unit_test(contributions_add_up),
        cmocka_unit_test(who_adds_nothing_gets_nothing_and_equals_get_the_same),
        cmocka_unit_test(what_needs_both_is_their_interaction),
        cmocka_unit_test(interactions_weigh_the_coalitions_around_a_pair),
        cmocka_unit_test(a_mean_of_one_number_has_no_interval),
        cmocka_unit_test(an_interval_over_orders_is_students_where_only_one_of_the_two_varies),
        cmocka_unit_test(intervals_over_random_orders_hold_the_exact_value_as_often_as_they_say),
        cmocka_unit_test(random_orders_are_orders_and_all_of_them) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
