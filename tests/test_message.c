/* test_message.c - messages keep their place, read from top to bottom, and stay on one line. */
#include "sim/alloc.h"
#include "sim/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void *__real_sim_alloc(size_t count, size_t size);
void *__wrap_sim_alloc(size_t count, size_t size);

static int memory_is_out;

void *
__wrap_sim_alloc(size_t count, size_t size)
{
    return memory_is_out ? NULL : __real_sim_alloc(count, size);
}

static void
add(struct sim_messages *messages, const char *file, int line, int column, const char *text)
{
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ file, line, column }, "%s", text);
}

static void
assert_line(const struct sim_messages *messages, size_t i, const char *line)
{
    char text[256];
    assert_true(i < messages->count);
    assert_int_equal(sim_message_format(&messages->list[i], text, sizeof(text)), strlen(line));
    assert_string_equal(text, line);
}

static void
a_message_reads_like_a_compilers(void **state)
{
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    sim_messages_add(&messages, SIM_ERROR, (struct sim_where){ "x.yaml", 14, 7 }, "unknown %s", "key");
    sim_messages_add(&messages, SIM_WARNING, (struct sim_where){ "x.yaml", 0, 0 }, "is old");
    sim_messages_add(&messages, SIM_NOTE, (struct sim_where){ NULL, 0, 0 }, "%d cells", 3);
    sim_messages_add(&messages, SIM_ERROR, (struct sim_where){ "--set 2", 0, 0 }, "has no value");
    assert_line(&messages, 0, "x.yaml:14:7: error: unknown key");
    assert_line(&messages, 1, "x.yaml: warning: is old");
    assert_line(&messages, 2, "note: 3 cells");
    assert_line(&messages, 3, "--set 2: error: has no value");
    assert_int_equal(messages.errors, 2);
    sim_messages_free(&messages);
}

static void
the_name_of_the_file_is_copied(void **state)
{
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    char file[] = "a.yaml";
    add(&messages, file, 1, 1, "one");
    file[0] = 'b';
    add(&messages, file, 1, 1, "two");
    assert_line(&messages, 0, "a.yaml:1:1: error: one");
    assert_line(&messages, 1, "b.yaml:1:1: error: two");
    sim_messages_free(&messages);
}

static void
a_long_message_is_cut_and_its_length_told(void **state)
{
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    add(&messages, "f", 1, 2, "0123456789");
    char text[12];
    assert_int_equal(
        sim_message_format(&messages.list[0], text, sizeof(text)), strlen("f:1:2: error: 0123456789"));
    assert_string_equal(text, "f:1:2: erro");
    assert_int_equal(sim_message_format(&messages.list[0], NULL, 0), strlen("f:1:2: error: 0123456789"));
    sim_messages_free(&messages);
}

static void
control_characters_do_not_reach_the_terminal(void **state)
{
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    add(&messages, "a\x1b[31m.yaml", 1, 1, "x\ny\x1b\x7f\xc2\x9b 社区");
    assert_line(&messages, 0, "a?[31m.yaml:1:1: error: x?y???? 社区");
    sim_messages_free(&messages);
}

static void
sorting_goes_by_file_line_column_and_arrival(void **state)
{
    static const char *const expected[] = {
        "error: nowhere, first",
        "error: nowhere, second",
        "z: error: whole",
        "z:2:9: error: d",
        "z:10:1: error: b",
        "z:10:1: error: a",
        "z:10:2: error: c",
        "a:1:1: error: e",
    };
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    add(&messages, "z", 10, 1, "b");
    add(&messages, "a", 1, 1, "e");
    add(&messages, NULL, 0, 0, "nowhere, first");
    add(&messages, "z", 10, 2, "c");
    add(&messages, "z", 10, 1, "a");
    add(&messages, "z", 2, 9, "d");
    add(&messages, NULL, 0, 0, "nowhere, second");
    add(&messages, "z", 0, 0, "whole");
    sim_messages_sort(&messages);
    assert_int_equal(messages.count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_line(&messages, i, expected[i]);
    }
    sim_messages_free(&messages);
}

/* The order of arrival among equal places survives for any number of them, and a second sort changes nothing.
 */
static void
sorting_is_stable(void **state)
{
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    for (int i = 0; i < 1000; i++) {
        char text[16];
        snprintf(text, sizeof(text), "%d", i);
        add(&messages, i % 2 == 0 ? "even" : "odd", i % 3, 1, text);
    }
    for (int round = 0; round < 2; round++) {
        sim_messages_sort(&messages);
        for (size_t i = 1; i < messages.count; i++) {
            const struct sim_message *a = &messages.list[i - 1], *b = &messages.list[i];
            if (a->line == b->line && a->file == b->file) {
                assert_true(atoi(a->text) < atoi(b->text));
            }
        }
    }
    assert_int_equal(messages.count, 1000);
    sim_messages_free(&messages);
}

static void
the_same_fault_of_a_shared_file_is_said_once(void **state)
{
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    for (int i = 0; i < 2; i++) {
        add(&messages, "base.yaml", 3, 1, "first");
        add(&messages, "base.yaml", 3, 1, "second");
        add(&messages, NULL, 0, 0, "nowhere");
    }
    sim_messages_sort(&messages);
    assert_int_equal(messages.count, 4);
    assert_int_equal(messages.errors, 4);
    assert_line(&messages, 2, "base.yaml:3:1: error: first");
    assert_line(&messages, 3, "base.yaml:3:1: error: second");
    sim_messages_free(&messages);
}

static void
without_memory_errors_are_still_counted(void **state)
{
    (void) state;
    struct sim_messages messages;
    sim_messages_init(&messages);
    add(&messages, "x", 1, 1, "kept");
    memory_is_out = 1;
    add(&messages, "x", 2, 1, "lost");
    memory_is_out = 0;
    assert_int_equal(messages.count, 1);
    assert_int_equal(messages.errors, 2);
    assert_int_equal(messages.out_of_memory, 1);
    sim_messages_sort(&messages);
    sim_messages_free(&messages);
    sim_messages_free(&messages);
}

static void
nobody_need_listen(void **state)
{
    (void) state;
    add(NULL, "x", 1, 1, "unheard");
    struct sim_messages messages;
    sim_messages_init(&messages);
    sim_messages_sort(&messages);
    assert_int_equal(messages.count, 0);
    sim_messages_free(&messages);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_reads_like_a_compilers),
        cmocka_unit_test(the_name_of_the_file_is_copied),
        cmocka_unit_test(a_long_message_is_cut_and_its_length_told),
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(sorting_goes_by_file_line_column_and_arrival),
        cmocka_unit_test(sorting_is_stable),
        cmocka_unit_test(the_same_fault_of_a_shared_file_is_said_once),
        cmocka_unit_test(without_memory_errors_are_still_counted),
        cmocka_unit_test(nobody_need_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
