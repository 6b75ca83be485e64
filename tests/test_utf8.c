/* test_utf8.c - how wide a text is on a terminal, how much of it fits, and what becomes of what is no text. */
#include "sim/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
width_counts_east_asian_characters_twice(void **state)
{
    (void) state;
    assert_int_equal(sim_utf8_width(""), 0);
    assert_int_equal(sim_utf8_width("abc"), 3);
    assert_int_equal(sim_utf8_width("三社联动"), 8);
    assert_int_equal(sim_utf8_width("é"), 1);
    assert_int_equal(sim_utf8_width("e\xcc\x81"), 1);
    assert_int_equal(sim_utf8_width("（）"), 4);
}

static void
what_is_no_character_takes_one_column(void **state)
{
    (void) state;
    assert_int_equal(sim_utf8_width("\xe4\xb8"), 1);
    assert_int_equal(sim_utf8_width("\xff-"), 2);
}

static void
a_wide_character_that_does_not_fit_is_left_out(void **state)
{
    (void) state;
    int used = -1;
    assert_int_equal(sim_utf8_fit("三社ab", 3, &used), 3);
    assert_int_equal(used, 2);
    assert_int_equal(sim_utf8_fit("三社ab", 5, &used), 7);
    assert_int_equal(used, 5);
    assert_int_equal(sim_utf8_fit("三社ab", 6, &used), 8);
    assert_int_equal(used, 6);
    assert_int_equal(sim_utf8_fit("三社ab", 0, &used), 0);
    assert_int_equal(used, 0);
}

static void
marks_stay_with_the_letter_that_fits(void **state)
{
    (void) state;
    int used;
    assert_int_equal(sim_utf8_fit("e\xcc\x81x", 1, &used), 3);
    assert_int_equal(used, 1);
}

static void
bytes_that_are_no_character_become_question_marks(void **state)
{
    (void) state;
    static const struct {
        const char *text, *repaired;
    } cases[] = { { "", "" }, { "三社 ab", "三社 ab" },
        { "a\xff"
          "b",
            "a?b" },
        { "\xe4\xb8", "??" }, { "\xed\xa0\x80", "???" }, { "社\xc0\x80", "社??" } };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[16];
        strcpy(text, cases[i].text);
        sim_utf8_repair(text);
        assert_string_equal(text, cases[i].repaired);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_counts_east_asian_characters_twice),
        cmocka_unit_test(what_is_no_character_takes_one_column),
        cmocka_unit_test(a_wide_character_that_does_not_fit_is_left_out),
        cmocka_unit_test(marks_stay_with_the_letter_that_fits),
        cmocka_unit_test(bytes_that_are_no_character_become_question_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
