/* test_json.c - numbers, intervals, settings and lists as all answers have them in JSON. */
#include "analysis/json.h"

#include "sim/error.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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
numbers_that_do_not_exist_are_null(void **state)
{
    (void) state;
    assert_json(answer_json_number(0.1), "0.1");
    assert_json(answer_json_number((double) NAN), "null");
    assert_json(answer_json_number(-(double) INFINITY), "null");
    assert_json(answer_json_interval((struct inference_interval){ 2, (double) NAN, 3 }),
        "{\"value\":2.0,\"low\":null,\"high\":3.0}");
}

/* A switch is a truth, not a number; a choice its text, though that be damaged. */
static void
settings_are_truths_texts_and_numbers(void **state)
{
    (void) state;
    double amounts[] = { 40, (double) NAN }, switches[] = { 0, 1 };
    char *choices[] = { (char[]){ "linear" }, (char[]){ "thre\xffhold" } };
    struct factor list[] = {
        { .name = (char[]){ "purchase.budget" }, .unit = (char[]){ "CNY" }, .values = amounts },
        { .name = (char[]){ "switches.linkage" }, .unit = (char[]){ "" }, .values = switches },
        { .name = (char[]){ "participation.form" }, .unit = (char[]){ "" }, .texts = choices }
    };
    const struct factors factors = { .list = list, .n = 3, .n_designs = 2 };
    assert_json(answer_json_settings(&factors, 0),
        "{\"purchase.budget\":40.0,\"switches.linkage\":false,\"participation.form\":\"linear\"}");
    assert_json(answer_json_settings(&factors, 1),
        "{\"purchase.budget\":null,\"switches.linkage\":true,\"participation.form\":\"thre?hold\"}");
}

static json_t *
item(const void *context, uint32_t i)
{
    const uint32_t *missing = context;
    return i == *missing ? NULL : json_integer(i);
}

static void
a_list_without_memory_for_an_item_is_none(void **state)
{
    (void) state;
    uint32_t missing = 3;
    assert_json(answer_json_array(3, item, &missing), "[0,1,2]");
    assert_null(answer_json_array(5, item, &missing));
    json_t *none = NULL;
    answer_json_append(&none, json_true());
    assert_null(none);
}

static void
an_answer_is_printed_or_its_fault_told(void **state)
{
    (void) state;
    char text[32] = "";
    FILE *out = tmpfile(), *full = fopen("/dev/full", "w");
    assert_true(out != NULL && full != NULL);
    assert_int_equal(answer_json_print(json_pack("[f]", 0.1), out), SIM_OK);
    rewind(out);
    assert_int_equal(fread(text, 1, sizeof(text) - 1, out), 26);
    assert_string_equal(text, "[\n  0.10000000000000001\n]\n");
    assert_int_equal(answer_json_print(NULL, out), SIM_ERR_MEMORY);
    assert_int_equal(answer_json_print(json_true(), full), SIM_ERR_FILE);
    fclose(out);
    fclose(full);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_that_do_not_exist_are_null),
        cmocka_unit_test(settings_are_truths_texts_and_numbers),
        cmocka_unit_test(a_list_without_memory_for_an_item_is_none),
        cmocka_unit_test(an_answer_is_printed_or_its_fault_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
