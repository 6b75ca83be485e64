/* test_vector.c - exp, log and pow are right and the same at every width; sums follow their fixed order. */
#include "sim/random.h"
#include "sim/vector.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint32_t
bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

static uint64_t
bits_of_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

static const struct sim_stream somewhere = { { 1, 2 }, 3, 4 };

static void
assert_relative(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance * fabs(expected))) {
        fail_msg("%.17g is not within a relative %g of %.17g", value, tolerance, expected);
    }
}

/* Also at lengths that leave a rest for the scalar loop. */
static void
vector_exp_has_the_bits_of_the_scalar_one(void **state)
{
    enum { N = 4096 };
    static float x[N], y[N];
    (void) state;
    for (size_t n = 0; n < N; n += n < 70 ? 1 : 997) {
        for (uint32_t i = 0; i < N; i++) {
            x[i] = (float) (220 * sim_draw(somewhere, i, (uint32_t) n) - 110);
        }
        memcpy(y, x, sizeof(x));
        sim_exp_f32(y, n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(bits_of(y[i]), bits_of(Sleef_cinz_expf1_u10purec(x[i])));
        }
        assert_int_equal(bits_of(y[n]), bits_of(x[n]));
    }
}

static void
exp_of_extremes_is_zero_one_or_infinite(void **state)
{
    float x[20] = { 0, -0.0f, 1000, -1000, INFINITY, -INFINITY, NAN };
    (void) state;
    volatile size_t n = 20;
    sim_exp_f32(x, n);
    assert_true(x[0] == 1 && x[1] == 1);
    assert_true(isinf(x[2]) && x[2] > 0 && x[3] == 0);
    assert_true(isinf(x[4]) && x[4] > 0 && x[5] == 0);
    assert_true(isnan(x[6]));
    assert_true(sim_exp(0) == 1 && sim_exp(-1e6) == 0 && isinf(sim_exp(1e6)));
    assert_true(sim_log(1) == 0 && isinf(sim_log(0)));
    assert_true(sim_pow(0, 0.3) == 0 && sim_pow(1, 1e9) == 1 && sim_pow(0, 0) == 1);
}

static void
functions_are_right_to_one_unit_in_the_last_place(void **state)
{
    (void) state;
    for (uint32_t i = 0; i < 20000; i++) {
        double u = sim_draw(somewhere, i, 0);
        float x = (float) (160 * u - 80);
        float y = x;
        sim_exp_f32(&y, 1);
        assert_relative((double) y, exp((double) x), 0x1p-23);
        assert_relative(sim_exp(1400 * u - 700), exp(1400 * u - 700), 0x1p-51);
        assert_relative(sim_log(u), log(u), 0x1p-51);
        assert_relative(sim_pow(u, 3 * u), pow(u, 3 * u), 0x1p-51);
    }
}

/* Bits that every build on every machine must have. */
static void
known_bits_of_exp_log_and_pow(void **state)
{
    float x[19];
    volatile size_t n = 19; /* one whole vector of any width, and a rest */
    (void) state;
    for (size_t i = 0; i < n; i++) {
        x[i] = -1.5f;
    }
    sim_exp_f32(x, n);
    assert_int_equal(bits_of(x[0]), 0x3e647c3c);
    assert_int_equal(bits_of(x[18]), 0x3e647c3c);
    assert_true(bits_of_double(sim_exp(-1.5)) == 0x3fcc8f87724b5c1d);
    assert_true(bits_of_double(sim_log(0.3)) == 0xbff34378fcbda721);
    assert_true(bits_of_double(sim_pow(0.776, 0.3)) == 0x3feda7dd5d6d41a0);
}

/* The rule as a sentence: element i belongs to lane i mod 16, each lane adds its elements in order, then the
 * lanes are added. */
static double
sum_by_the_rule(const float *x, size_t n)
{
    double sum = 0;
    for (size_t lane = 0; lane < SIM_LANES; lane++) {
        double partial = 0;
        for (size_t i = lane; i < n; i += SIM_LANES) {
            partial += (double) x[i];
        }
        sum += partial;
    }
    return sum;
}

static void
sums_follow_their_fixed_order(void **state)
{
    enum { N = 1000 };
    float x[N];
    int orders_differ = 0;
    (void) state;
    for (uint32_t i = 0; i < N; i++) {
        x[i] = (float) sim_exp(60 * sim_draw(somewhere, i, 1) - 30);
    }
    for (size_t n = 0; n <= N; n++) {
        double plain = 0;
        for (size_t i = 0; i < n; i++) {
            plain += (double) x[i];
        }
        assert_true(bits_of_double(sim_sum_f32(x, n)) == bits_of_double(sum_by_the_rule(x, n)));
        assert_relative(sim_sum_f32(x, n), plain, 1e-12);
        orders_differ |= sim_sum_f32(x, n) != plain;
    }
    assert_true(orders_differ); /* else this test could not see the order */
    assert_true(sim_sum_f32(x, 0) == 0);
}

static void
shares_are_cut_to_the_unit_interval(void **state)
{
    (void) state;
    assert_true(sim_unit(-0.1) == 0 && sim_unit(0) == 0 && sim_unit(0.4) == 0.4 && sim_unit(1) == 1
        && sim_unit(1.1) == 1);
    assert_true(sim_unit_f32(-0.1f) == 0 && sim_unit_f32(0.4f) == 0.4f && sim_unit_f32(1.1f) == 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vector_exp_has_the_bits_of_the_scalar_one),
        cmocka_unit_test(exp_of_extremes_is_zero_one_or_infinite),
        cmocka_unit_test(functions_are_right_to_one_unit_in_the_last_place),
        cmocka_unit_test(known_bits_of_exp_log_and_pow),
        cmocka_unit_test(sums_follow_their_fixed_order),
        cmocka_unit_test(shares_are_cut_to_the_unit_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
