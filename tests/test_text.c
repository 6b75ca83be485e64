/* test_text.c - texts and numbers as the tables on the terminal have them, and the order of their rows. */
#include "analysis/text.h"

#include "analysis/ranking.h"
#include "sim/error.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void
assert_number(double number, int decimals, int width, const char *wanted)
{
    char text[TEXT_SIZE];
    text_number(text, sizeof(text), number, decimals, width);
    assert_string_equal(text, wanted);
}

static void
decimals_show_the_digits_that_count(void **state)
{
    (void) state;
    assert_int_equal(text_decimals_of(0.0123, 3), 4);
    assert_int_equal(text_decimals_of(123.4, 3), 0);
    assert_int_equal(text_decimals_of(12345, 3), 0);
    assert_int_equal(text_decimals_of(0, 3), 0);
    assert_int_equal(text_decimals_of(NAN, 3), 0);
    assert_int_equal(text_decimals_of(INFINITY, 3), 0);
    assert_int_equal(text_decimals(0.4, 0.44, 100), 3);   /* half is 0.02: two digits of it */
    assert_int_equal(text_decimals(NAN, NAN, 0.1234), 4); /* four of the size */
    assert_int_equal(text_decimals(0.5, 0.5, 0.5), 4);
}

static void
zeros_have_no_minus(void **state)
{
    char text[TEXT_SIZE];
    (void) state;
    assert_number(-0.0004, 3, TEXT_NUMBER_WIDTH, "0.000");
    assert_number(-0.0, 0, TEXT_NUMBER_WIDTH, "0");
    assert_number(-0.0006, 3, TEXT_NUMBER_WIDTH, "-0.001");
    text_short(text, sizeof(text), -0.04);
    assert_string_equal(text, "0.0");
    text_digits(text, sizeof(text), -0.0, 3);
    assert_string_equal(text, "0");
    text_digits(text, sizeof(text), -0.001234, 3);
    assert_string_equal(text, "-0.00123");
    text_digits(text, sizeof(text), NAN, 3);
    assert_string_equal(text, "-");
}

static void
numbers_keep_to_their_columns(void **state)
{
    char text[TEXT_SIZE];
    (void) state;
    assert_number(NAN, 3, TEXT_NUMBER_WIDTH, "-");
    assert_number(123456789, 0, 9, "123456789");
    assert_number(1234567890, 0, 9, "1.235e+09");
    assert_number(-1234567890, 0, 9, "-1.23e+09");
    assert_number(1234567890, 0, TEXT_SIZE, "1234567890");
    text_interval(text, sizeof(text), -123456789, 123456789, 0);
    assert_string_equal(text, "[-1.2e+08, 1.23e+08]");
    assert_int_equal(strlen(text), TEXT_INTERVAL_WIDTH);
    text_interval(text, sizeof(text), -0.123456, 0.654321, 7);
    assert_string_equal(text, "[-0.12346, 0.65432]");
    text_interval(text, sizeof(text), NAN, NAN, 2);
    assert_string_equal(text, "-");
}

/* What is small beside the other numbers is nothing; what is small as they are has an exponent. */
static void
small_numbers_are_seen_if_they_count(void **state)
{
    (void) state;
    assert_number(0.00000234, 8, TEXT_NUMBER_WIDTH, "2.3e-06");
    assert_number(-0.00000234, 8, TEXT_NUMBER_WIDTH, "-2.3e-06");
    assert_number(2.3e-17, 8, TEXT_NUMBER_WIDTH, "0.00000");
    assert_number(0.00000734, 5, TEXT_NUMBER_WIDTH, "0.00001");
    assert_number(0.00000234, 5, TEXT_NUMBER_WIDTH, "0.00000");
    assert_number(0.00000234, 4, TEXT_NUMBER_WIDTH, "0.0000");
    assert_number(0, 8, TEXT_NUMBER_WIDTH, "0.00000");
}

static void
probabilities_are_not_nothing(void **state)
{
    char text[TEXT_SIZE];
    (void) state;
    text_probability(text, sizeof(text), 0.0004, 3);
    assert_string_equal(text, "<0.001");
    text_probability(text, sizeof(text), 0, 3);
    assert_string_equal(text, "0.000");
    text_probability(text, sizeof(text), 0.004, 2);
    assert_string_equal(text, "0.00");
}

static void
months_of_an_end_are_one(void **state)
{
    char text[TEXT_SIZE];
    (void) state;
    text_months(text, sizeof(text), 1, 97, 120);
    assert_string_equal(text, "at month 120");
    text_months(text, sizeof(text), 0, 97, 120);
    assert_string_equal(text, "mean of months 97-120");
}

/* What print leaves in a file of memory. */
static void
assert_printed(void (*print)(FILE *out, const char *text, int columns), const char *text, int columns,
    const char *wanted)
{
    char *printed = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&printed, &size);
    assert_non_null(out);
    print(out, text, columns);
    assert_int_equal(text_written(out), SIM_OK);
    fclose(out);
    assert_string_equal(printed, wanted);
    free(printed);
}

static void
columns_are_as_wide_as_characters(void **state)
{
    (void) state;
    assert_printed(text_padded, "cut", 5, "cut  ");
    assert_printed(text_padded, "longer", 5, "long…");
    assert_printed(text_padded, "社区", 5, "社区 ");
    assert_printed(text_padded, "社区治理", 6, "社区… "); /* half a character does not fit */
}

static void
lines_break_at_blanks(void **state)
{
    (void) state;
    assert_printed(text_line, "one two three", 13, "one two three\n");
    assert_printed(text_line, "one two three", 12, "one two\n  three\n");
    assert_printed(text_line, "incompressible word", 5, "incompressible\n  word\n");
    assert_printed(text_line, "", 5, "\n");
}

static void
a_full_disk_is_told(void **state)
{
    FILE *out = fopen("/dev/full", "w");
    (void) state;
    if (out == NULL) {
        skip();
    }
    text_line(out, "lost", 80);
    assert_int_equal(text_written(out), SIM_ERR_FILE);
    fclose(out);
}

static void
the_largest_come_first(void **state)
{
    static const double values[] = { 0.1, -0.5, NAN, 0.5, 0, 0.2 };
    static const uint32_t wanted[] = { 1, 3, 5, 0, 2, 4 };
    struct ranking_entry entries[6];
    (void) state;
    for (uint32_t i = 0; i < 6; i++) {
        entries[i] = ranking_entry(i, values[i]);
    }
    ranking_sort(entries, 6);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(entries[i].number, wanted[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_show_the_digits_that_count),
        cmocka_unit_test(zeros_have_no_minus),
        cmocka_unit_test(numbers_keep_to_their_columns),
        cmocka_unit_test(small_numbers_are_seen_if_they_count),
        cmocka_unit_test(probabilities_are_not_nothing),
        cmocka_unit_test(months_of_an_end_are_one),
        cmocka_unit_test(columns_are_as_wide_as_characters),
        cmocka_unit_test(lines_break_at_blanks),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(the_largest_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
