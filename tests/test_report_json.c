/* test_report_json.c - numbers and texts as a report has them; quantiles without sorting. */
#include "analysis/report_json.h"

#include "analysis/report_fans.h"
#include "sim/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void
assert_json(json_t *json, const char *expected)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    json_decref(json);
}

static void
numbers_that_do_not_exist_are_null_and_whole_ones_have_no_point(void **state)
{
    (void) state;
    assert_json(report_number((double) NAN), "null");
    assert_json(report_number((double) INFINITY), "null");
    assert_json(report_number(-3), "-3");
    assert_json(report_number(-0.0), "0");
    assert_json(report_number(0.1), "0.1");
    assert_json(report_number(1e300), "1e300");
}

/* What report_packed makes of one number, as numbers.js reads it. */
static double
unpacked(double number, int decimals)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    json_t *json = report_packed(&number, 1, decimals);
    double bits = 0, weight = 1;
    for (const char *at = json_string_value(json); *at != '\0'; at++, weight *= 32) {
        bits += (double) ((strchr(digits, *at) - digits) & 31) * weight;
    }
    json_decref(json);
    double steps = fmod(bits, 2) == 1 ? -floor(bits / 2) : bits / 2;
    return decimals < 0 ? steps * pow(10, -decimals) : steps / pow(10, decimals);
}

static void
packed_numbers_are_differences_in_base64_vlq(void **state)
{
    (void) state;
    static const double x[] = { 0, 0.001, -0.001, 0.0149, (double) NAN, 0.0154, 1.0156, 1.0156 };
    static const double large[] = { 4e12, -4e12, 1e15, -(double) INFINITY, 123456 };
    assert_json(report_packed(x, 8, 3), "\"ACFgB.Ay+BA\"");
    assert_json(report_packed(large, 5, 0), "\"gggxyy6oHhggill1xO..gkx4yy6oH\"");
    assert_json(report_packed(&large[4], 1, -2), "\"mtC\"");
    assert_json(report_packed(x, 0, 3), "\"\"");
    assert_true(unpacked(123456, -2) == 123500);
    assert_true(unpacked(-0.8125, 2) == -0.81);
    assert_true(unpacked(-999999999999999, 0) == -999999999999999);
}

static void
rounding_moves_no_number_by_more_than_a_thousandth_of_the_range(void **state)
{
    (void) state;
    static const double lows[] = { 0, -1, 0.9512, 1e6, 1e-9, -3e12 };
    static const double ranges[] = { 1, 0.5, 0.0101, 99, 3e-9, 7e11 };
    for (size_t i = 0; i < sizeof(lows) / sizeof(*lows); i++) {
        int decimals = report_decimals(lows[i], lows[i] + ranges[i]);
        for (int k = 0; k <= 1000; k++) {
            double x = lows[i] + ranges[i] * k / 1000;
            assert_true(fabs(unpacked(x, decimals) - x) <= ranges[i] / 1000 * 1.000001);
        }
    }
}

static void
numbers_that_hardly_differ_are_short(void **state)
{
    (void) state;
    double x = 0.14639640000000001, y = 0.14639640000000004;
    assert_true(unpacked(x, report_decimals(x, y)) == 0.1464);
    assert_int_equal(report_decimals(0, 0), 0);
    assert_int_equal(report_decimals((double) INFINITY, -(double) INFINITY), 0);
}

static void
texts_that_are_not_utf8_are_repaired(void **state)
{
    (void) state;
    char *texts[] = { (char[]){ "a" }, (char[]){ "苏\xff" } };
    assert_json(answer_json_text("a\xffz\xe8\x8b"), "\"a?z??\"");
    assert_json(answer_json_text(NULL), "null");
    assert_json(report_texts(texts, 2), "[\"a\",\"苏?\"]");
    assert_json(report_texts(NULL, 3), "null");
}

static uint64_t
next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* With few different numbers there are ties; with few numbers the ranks of the quantiles are the same. */
static void
quantiles_are_those_of_sorted_numbers(void **state)
{
    (void) state;
    static const double probabilities[FAN_QUANTILES] = { 0.1, 0.25, 0.5, 0.75, 0.9 };
    static double x[3000], sorted[3000];
    uint64_t luck = 1;
    for (size_t n = 0; n < 3000; n = n < 60 ? n + 1 : n * 3 / 2) {
        for (uint64_t different = 1; different < 1000000; different *= 30) {
            double found[FAN_QUANTILES];
            for (size_t i = 0; i < n; i++) {
                x[i] = sorted[i] = (double) (next(&luck) % different);
            }
            sim_sort(sorted, n);
            fan_quantiles(x, n, found);
            for (size_t q = 0; q < FAN_QUANTILES; q++) {
                double expected = sim_quantile(sorted, n, probabilities[q]);
                assert_true(n == 0 ? isnan(found[q]) : found[q] == expected);
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_that_do_not_exist_are_null_and_whole_ones_have_no_point),
        cmocka_unit_test(packed_numbers_are_differences_in_base64_vlq),
        cmocka_unit_test(rounding_moves_no_number_by_more_than_a_thousandth_of_the_range),
        cmocka_unit_test(numbers_that_hardly_differ_are_short),
        cmocka_unit_test(texts_that_are_not_utf8_are_repaired),
        cmocka_unit_test(quantiles_are_those_of_sorted_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
