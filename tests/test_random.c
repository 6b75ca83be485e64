/* test_random.c - the draws: known answers, which word serves whom, and the distributions. */
#include "sim/random.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct sim_stream somewhere = { { 7, 3 }, 5u << 16 | 2, 11u << 16 | 4 };

/* Random123, tests/kat_vectors, the lines "philox4x32 10". */
static void
philox_gives_the_published_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } vectors[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, { 0xffffffff, 0xffffffff },
            { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, { 0xa4093822, 0x299f31d0 },
            { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    (void) state;
    for (size_t v = 0; v < sizeof(vectors) / sizeof(*vectors); v++) {
        const uint32_t *counter = vectors[v].counter;
        struct sim_stream stream = { { vectors[v].key[0], vectors[v].key[1] }, counter[0], counter[2] };
        philox4x32_ctr_t words = sim_draw_words(stream, counter[1], counter[3]);
        assert_memory_equal(words.v, vectors[v].answer, sizeof(vectors[v].answer));
    }
}

static void
the_counter_holds_place_agent_and_time(void **state)
{
    (void) state;
    assert_int_equal(sim_place(3, 9), 0x30009);
    struct sim_stream stream = sim_stream_at((struct sim_key){ 1, 2 }, 0x30009, 6, 5);
    assert_int_equal(stream.place, 0x30009);
    assert_int_equal(stream.tick_stream, 0x60005);
    philox4x32_ctr_t expected =
        philox4x32(((philox4x32_ctr_t){ { 0x30009, 77, 0x60005, 8 } }), ((philox4x32_key_t){ { 1, 2 } }));
    philox4x32_ctr_t words = sim_draw_words(stream, 77, 8);
    assert_memory_equal(words.v, expected.v, sizeof(expected.v));
}

static void
span_draws_are_single_words_in_order(void **state)
{
    float draws[64];
    (void) state;
    for (size_t n = 0; n <= 37; n++) {
        for (uint32_t first = 0; first <= 8; first += 4) {
            for (size_t i = 0; i < 64; i++) {
                draws[i] = -1;
            }
            sim_draws_f32(somewhere, first, n, 2, draws);
            for (uint32_t i = 0; i < n; i++) {
                philox4x32_ctr_t words = sim_draw_words(somewhere, (first + i) / 4, 2 | SIM_SPAN_DRAWS);
                assert_true(draws[i] == sim_uniform_f32(words.v[(first + i) % 4]));
            }
            assert_true(draws[n] == -1);
        }
    }
}

static void
four_draws_of_one_agent_are_the_words_of_its_block(void **state)
{
    double draws[4];
    (void) state;
    sim_draw4(somewhere, 12, 1, draws);
    philox4x32_ctr_t words = sim_draw_words(somewhere, 12, 1);
    for (int w = 0; w < 4; w++) {
        assert_true(draws[w] == sim_uniform(words.v[w]));
    }
    assert_true(sim_draw(somewhere, 12, 1) == draws[0]);
}

static int
compare_words(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return (x > y) - (x < y);
}

/* Among random 32-bit words a few repeat by chance: of n, about n^2 / 2^33. If spans and single draws shared
 * blocks, hundreds would. */
static void
span_draws_and_single_draws_never_share_a_block(void **state)
{
    enum { AGENTS = 1024 };
    static uint32_t words[2 * 4 * AGENTS];
    uint32_t n = 0, repeats = 0;
    (void) state;
    for (uint32_t index = 0; index < AGENTS; index++) {
        philox4x32_ctr_t one = sim_draw_words(somewhere, index, 0);
        philox4x32_ctr_t span = sim_draw_words(somewhere, index, 0 | SIM_SPAN_DRAWS);
        memcpy(words + n, one.v, sizeof(one.v));
        memcpy(words + n + 4, span.v, sizeof(span.v));
        n += 8;
    }
    qsort(words, n, sizeof(*words), compare_words);
    for (uint32_t i = 1; i < n; i++) {
        repeats += words[i] == words[i - 1];
    }
    assert_in_range(repeats, 0, 3);

    float draws[4 * AGENTS];
    sim_draws_f32(somewhere, 0, 4 * AGENTS, 0, draws);
    for (uint32_t i = 0; i < AGENTS; i++) {
        double own[4];
        uint32_t alike = 0;
        sim_draw4(somewhere, i, 0, own);
        for (uint32_t w = 0; w < 4; w++) {
            alike += fabs((double) draws[4 * i + w] - own[w]) < 0x1p-22;
        }
        assert_in_range(alike, 0, 1);
    }
}

static void
uniforms_lie_inside_the_open_interval(void **state)
{
    (void) state;
    assert_true(sim_uniform(0) > 0 && sim_uniform(UINT32_MAX) < 1);
    assert_true(sim_uniform(0) == 0x1p-33 && sim_uniform(UINT32_MAX) == 1 - 0x1p-33);
    assert_true(sim_uniform_f32(0) > 0 && sim_uniform_f32(UINT32_MAX) < 1);
    assert_true(sim_uniform_f32(0) == 0x1p-24f && sim_uniform_f32(UINT32_MAX) == 1 - 0x1p-24f);
}

/* Mean of f(u)^power over many draws. */
static double
moment(double (*f)(double), int power, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        double term = 1, x = f(sim_draw(somewhere, i, 0));
        for (int p = 0; p < power; p++) {
            term *= x;
        }
        sum += term;
    }
    return sum / n;
}

static double
same(double u)
{
    return u;
}

static void
assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.17g is not within %g of %.17g", value, tolerance, expected);
    }
}

/* Tolerances: five standard errors. */
static void
uniforms_have_the_moments_of_the_uniform(void **state)
{
    enum { N = 1 << 20 };
    (void) state;
    for (int power = 1; power <= 4; power++) {
        double mean = 1.0 / (power + 1);
        double error = sqrt((1.0 / (2 * power + 1) - mean * mean) / N);
        assert_near(moment(same, power, N), mean, 5 * error);
    }
}

static void
normals_have_the_moments_of_the_normal(void **state)
{
    enum { N = 1 << 20 };
    static const double moments[9] = { 1, 0, 1, 0, 3, 0, 15, 0, 105 };
    (void) state;
    for (int power = 1; power <= 4; power++) {
        double error = sqrt((moments[2 * power] - moments[power] * moments[power]) / N);
        assert_near(moment(sim_normal_at, power, N), moments[power], 5 * error);
    }
}

static void
neighbouring_draws_are_uncorrelated(void **state)
{
    enum { N = 1 << 18 };
    static float draws[N];
    double sum[3] = { 0 };
    (void) state;
    sim_draws_f32(somewhere, 0, N, 0, draws);
    for (uint32_t i = 0; i < N; i++) {
        struct sim_stream next = somewhere;
        next.tick_stream += 1u << 16;
        double here = (double) draws[i] - 0.5;
        sum[0] += here * ((double) draws[(i + 1) % N] - 0.5);
        sum[1] += here * ((double) draws[(i + 4) % N] - 0.5);
        sum[2] += here * (sim_uniform(sim_draw_words(next, i / 4, SIM_SPAN_DRAWS).v[i % 4]) - 0.5);
    }
    for (int s = 0; s < 3; s++) {
        assert_near(12 * sum[s] / N, 0, 5 / sqrt(N));
    }
}

static void
normal_deviates_agree_with_gsl(void **state)
{
    (void) state;
    for (uint32_t i = 1; i < 100000; i++) {
        double u = i / 100000.0;
        assert_near(sim_normal_at(u), gsl_cdf_ugaussian_Pinv(u), 1e-15 * fmax(1, fabs(sim_normal_at(u))));
    }
    for (int e = 1; e <= 1000; e++) {
        double u = ldexp(1, -e);
        double expected = gsl_cdf_ugaussian_Pinv(u);
        assert_near(sim_normal_at(u), expected, 1e-15 * fmax(1, fabs(expected)));
    }
    assert_true(sim_normal_at(0.5) == 0);
    assert_true(sim_normal_at(0.25) == -sim_normal_at(0.75));
    assert_true(sim_normal_at(0x1p-33) == -sim_normal_at(1 - 0x1p-33));
}

static void
poisson_counts_are_the_quantiles_of_gsl(void **state)
{
    static const double means[] = { 0.01, 1, 7.5, 499.99, 500, 500.01, 623.4, 5000, 98765.4 };
    static const double probabilities[] = { 0x1p-33, 1e-6, 0.01, 0.3, 0.5, 0.77, 0.99, 1 - 1e-6 };
    (void) state;
    for (size_t m = 0; m < sizeof(means) / sizeof(*means); m++) {
        for (size_t i = 0; i < sizeof(probabilities) / sizeof(*probabilities); i++) {
            double u = probabilities[i], slack = 1e-9 * fmin(u, 1 - u);
            int64_t count = sim_poisson_at(means[m], u);
            assert_true(count >= 0);
            assert_true(gsl_cdf_poisson_P((unsigned) count, means[m]) >= u - slack);
            assert_true(count == 0 || gsl_cdf_poisson_P((unsigned) count - 1, means[m]) < u + slack);
        }
    }
    assert_int_equal(sim_poisson_at(0, 1 - 0x1p-33), 0);
    assert_int_equal(sim_poisson_at(1e-300, 0.5), 0);
}

/* Where GSL's sums end: the first terms of Cornish and Fisher's expansion. */
static void
poisson_counts_of_huge_means_are_those_of_the_expansion(void **state)
{
    (void) state;
    for (double mean = 1e7; mean < 1e11; mean *= 10) {
        for (double u = 0.001; u < 1; u += 0.0831) {
            double z = sim_normal_at(u);
            double expected = mean + sqrt(mean) * z + (z * z - 1) / 6;
            assert_near((double) sim_poisson_at(mean, u), expected, 1.5);
        }
    }
}

static void
poisson_counts_never_fall_when_the_mean_rises(void **state)
{
    (void) state;
    for (uint32_t i = 0; i < 200; i++) {
        double u = sim_draw(somewhere, i, 0);
        int64_t last = 0;
        for (double mean = 400; mean < 700; mean += 0.73) {
            int64_t count = sim_poisson_at(mean, u);
            assert_true(count >= last);
            last = count;
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_answers),
        cmocka_unit_test(the_counter_holds_place_agent_and_time),
        cmocka_unit_test(span_draws_are_single_words_in_order),
        cmocka_unit_test(four_draws_of_one_agent_are_the_words_of_its_block),
        cmocka_unit_test(span_draws_and_single_draws_never_share_a_block),
        cmocka_unit_test(uniforms_lie_inside_the_open_interval),
        cmocka_unit_test(uniforms_have_the_moments_of_the_uniform),
        cmocka_unit_test(normals_have_the_moments_of_the_normal),
        cmocka_unit_test(neighbouring_draws_are_uncorrelated),
        cmocka_unit_test(normal_deviates_agree_with_gsl),
        cmocka_unit_test(poisson_counts_are_the_quantiles_of_gsl),
        cmocka_unit_test(poisson_counts_of_huge_means_are_those_of_the_expansion),
        cmocka_unit_test(poisson_counts_never_fall_when_the_mean_rises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
