/* test_alloc.c - memory is zeroed and aligned, and a request that cannot be met leaves everything as it was.
 */
#include "sim/alloc.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
assert_zeroed(const unsigned char *memory, size_t bytes)
{
    assert_non_null(memory);
    assert_int_equal((uintptr_t) memory % SIM_ALIGNMENT, 0);
    for (size_t i = 0; i < bytes; i++) {
        assert_int_equal(memory[i], 0);
    }
}

static void
memory_is_zeroed_and_aligned_even_when_used_before(void **state)
{
    (void) state;
    const size_t sizes[] = { 1, 7, 63, 64, 65, 1000, 4096 };
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            unsigned char *memory = sim_alloc(sizes[i], 3);
            assert_zeroed(memory, sizes[i] * 3);
            memset(memory, 0xa5, sizes[i] * 3);
            sim_free(memory);
        }
    }
}

static void
nothing_is_a_valid_pointer(void **state)
{
    (void) state;
    const size_t sizes[][2] = { { 0, 0 }, { 0, 8 }, { 8, 0 }, { SIZE_MAX, 0 }, { 0, SIZE_MAX } };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        void *memory = sim_alloc(sizes[i][0], sizes[i][1]);
        assert_non_null(memory);
        sim_free(memory);
    }
}

/* Read when the test runs, so that no compiler knows the sizes are too large. */
static volatile size_t most = SIZE_MAX;

static void
sizes_beyond_size_max_are_refused_without_asking(void **state)
{
    (void) state;
    memory_fails_at(0, 0);
    assert_null(sim_alloc(most, 2));
    assert_null(sim_alloc(2, most));
    assert_null(sim_alloc(most / 2 + 1, 2));
    assert_null(sim_alloc(most, 1));
    assert_null(sim_alloc(most - SIM_ALIGNMENT + 1, 1));
    assert_int_equal(memory_requests, 0);
}

static void
a_longer_array_keeps_what_it_had_and_is_zero_beyond(void **state)
{
    (void) state;
    uint32_t *list = sim_resize(NULL, 0, 3, sizeof(*list));
    assert_zeroed((unsigned char *) list, 3 * sizeof(*list));
    for (uint32_t i = 0; i < 3; i++) {
        list[i] = 100 + i;
    }
    list = sim_resize(list, 3, 1000, sizeof(*list));
    assert_non_null(list);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(list[i], i < 3 ? 100 + i : 0);
    }
    list = sim_resize(list, 1000, 2, sizeof(*list));
    assert_non_null(list);
    assert_true(list[0] == 100 && list[1] == 101);
    sim_free(list);
}

static void
an_array_that_cannot_grow_stays_valid(void **state)
{
    (void) state;
    uint32_t *list = sim_alloc(2, sizeof(*list));
    assert_non_null(list);
    list[1] = 7;
    assert_null(sim_resize(list, 2, most / 2, sizeof(*list)));
    memory_fails_at(1, 0);
    assert_null(sim_resize(list, 2, 4, sizeof(*list)));
    assert_int_equal(list[1], 7);
    sim_free(list);
}

static void
texts_are_copied_and_printed_whole(void **state)
{
    (void) state;
    char text[] = "三社联动";
    char *copy = sim_copy_text(text);
    text[0] = 'x';
    assert_string_equal(copy, "三社联动");
    sim_free(copy);
    copy = sim_copy_text("");
    assert_string_equal(copy, "");
    sim_free(copy);
    assert_null(sim_copy_text(NULL));

    char *printed = sim_print_text("%s#%d", "chongqing", 12);
    assert_string_equal(printed, "chongqing#12");
    sim_free(printed);
    printed = sim_print_text("%0500d", 1);
    assert_int_equal(strlen(printed), 500);
    sim_free(printed);
}

static void
without_memory_there_is_no_text(void **state)
{
    (void) state;
    memory_fails_at(1, 1);
    assert_null(sim_copy_text("x"));
    assert_null(sim_print_text("x"));
    assert_null(sim_alloc(1, 1));
    sim_free(NULL);
}

static int
check_all_given_back(void **state)
{
    (void) state;
    memory_fails_at(0, 0);
    return memory_live != 0;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, check_all_given_back)
    const struct CMUnitTest tests[] = {
        TEST(memory_is_zeroed_and_aligned_even_when_used_before),
        TEST(nothing_is_a_valid_pointer),
        TEST(sizes_beyond_size_max_are_refused_without_asking),
        TEST(a_longer_array_keeps_what_it_had_and_is_zero_beyond),
        TEST(an_array_that_cannot_grow_stays_valid),
        TEST(texts_are_copied_and_printed_whole),
        TEST(without_memory_there_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
