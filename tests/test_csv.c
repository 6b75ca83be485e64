/* test_csv.c - fields of CSV. */
#include "analysis/csv.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is written of a number, or else of a text. */
static void
write_field(char field[64], double number, const char *text)
{
    memset(field, 0, 64);
    FILE *out = fmemopen(field, 64, "w");
    assert_non_null(out);
    if (text == NULL) {
        csv_number(out, number);
    } else {
        csv_text(out, text);
    }
    fclose(out);
}

static void
numbers_have_the_digits_they_need(void **state)
{
    (void) state;
    static const struct {
        double number;
        const char *field;
    } cases[] = { { 0.81, "0.81" }, { 0.1 + 0.2, "0.30000000000000004" }, { 0, "0" }, { -0.0, "-0" },
        { 1.0 / 3, "0.3333333333333333" }, { 1e300, "1e+300" }, { 100, "100" },
        { DBL_MIN / 4, "5.562684646268003e-309" }, { (double) INFINITY, "inf" },
        { (double) -INFINITY, "-inf" }, { (double) NAN, "" } };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char field[64];
        write_field(field, cases[i].number, NULL);
        assert_string_equal(field, cases[i].field);
    }
}

static void
numbers_read_back_to_the_same_bits(void **state)
{
    (void) state;
    uint64_t bits = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < 20000; i++) {
        double number, again;
        char field[64];
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&number, &bits, sizeof(number));
        if (isfinite(number)) {
            write_field(field, number, NULL);
            again = strtod(field, NULL);
            assert_memory_equal(&again, &number, sizeof(number));
        }
    }
}

static void
texts_are_quoted_where_they_must_be(void **state)
{
    (void) state;
    char field[64];
    write_field(field, 0, "plain text");
    assert_string_equal(field, "plain text");
    write_field(field, 0, "a, \"b\"\n");
    assert_string_equal(field, "\"a, \"\"b\"\"\n\"");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_the_digits_they_need),
        cmocka_unit_test(numbers_read_back_to_the_same_bits),
        cmocka_unit_test(texts_are_quoted_where_they_must_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
