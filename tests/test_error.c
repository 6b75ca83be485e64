/* test_error.c - every status has its own sentence, and any number has one. */
#include "sim/error.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
success_is_zero(void **state)
{
    (void) state;
    assert_int_equal(SIM_OK, 0);
    assert_string_equal(sim_status_text(0), "no error");
}

static void
every_code_has_the_sentence_of_its_line(void **state)
{
    (void) state;
#define CHECK(code, text) assert_string_equal(sim_status_text(code), text);
    SIM_STATUS_CODES(CHECK)
#undef CHECK
}

static void
no_two_codes_share_a_sentence(void **state)
{
    (void) state;
    for (int a = 0; a < SIM_STATUS_COUNT; a++) {
        assert_true(strlen(sim_status_text(a)) > 0);
        assert_string_not_equal(sim_status_text(a), "unknown error");
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(sim_status_text(a), sim_status_text(b));
        }
    }
}

static void
other_numbers_are_an_unknown_error(void **state)
{
    (void) state;
    const int others[] = { -1, SIM_STATUS_COUNT, SIM_STATUS_COUNT + 1, INT_MAX, INT_MIN };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_string_equal(sim_status_text(others[i]), "unknown error");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_is_zero),
        cmocka_unit_test(every_code_has_the_sentence_of_its_line),
        cmocka_unit_test(no_two_codes_share_a_sentence),
        cmocka_unit_test(other_numbers_are_an_unknown_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
