/* test_salib.c - files of SALib in and out, and any request for memory on the way refused. */
#include "analysis/salib.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* The library's requests for memory */

static long requests, live, refuse; /* so far; not given back; the how-many-th is refused, 0: none */

void *__real_sim_alloc(size_t count, size_t size);
void *__real_sim_resize(void *memory, size_t old_count, size_t count, size_t size);
char *__real_sim_copy_text(const char *text);
char *__wrap_sim_print_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
void __real_sim_free(void *memory);
void *__wrap_sim_alloc(size_t count, size_t size);
void *__wrap_sim_resize(void *memory, size_t old_count, size_t count, size_t size);
char *__wrap_sim_copy_text(const char *text);
void __wrap_sim_free(void *memory);

static int
is_refused(void)
{
    return ++requests == refuse;
}

void *
__wrap_sim_alloc(size_t count, size_t size)
{
    void *memory = is_refused() ? NULL : __real_sim_alloc(count, size);
    live += memory != NULL;
    return memory;
}

void *
__wrap_sim_resize(void *memory, size_t old_count, size_t count, size_t size)
{
    void *larger = is_refused() ? NULL : __real_sim_resize(memory, old_count, count, size);
    live += larger != NULL && memory == NULL;
    return larger;
}

char *
__wrap_sim_copy_text(const char *text)
{
    char *copy = text == NULL || is_refused() ? NULL : __real_sim_copy_text(text);
    live += copy != NULL;
    return copy;
}

char *
__wrap_sim_print_text(const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    return __wrap_sim_copy_text(text);
}

void
__wrap_sim_free(void *memory)
{
    live -= memory != NULL;
    __real_sim_free(memory);
}

/* Folders */

static char folder[64];

static int
enter(void **state)
{
    (void) state;
    strcpy(folder, "/tmp/cogov-salib-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
leave(void **state)
{
    char command[128];
    (void) state;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void
write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Two base points of Saltelli, without pairs; the outcome is x1 + x2. */
static void
write_saltelli(void)
{
    write_file("params.txt", "# name lower upper\n\nx1 0 1\nx2\t-1  1\n");
    write_file(
        "model_input.txt", "0.1 0.2\n0.7 0.2\n0.1 -0.4\n0.7 -0.4\n0.5,0.6\n0.3, 0.6\n0.5 0.9\n0.3 0.9\n");
    write_file("model_output.txt", "0.3\n0.9\n-0.3\n0.3\n1.1\n0.9\n1.4\n1.2\n");
}

static void
write_trajectories(void)
{
    write_file("params.txt", "x1,0,1\nx2,0,1\n");
    write_file("model_input.txt", "0 0\n1 0\n1 1\n1 1\n1 0\n0 0\n");
    write_file("model_output_first.txt", "1\n3\n6\n6\n3\n1\n");
    write_file("model_output_second-end.txt", "1\n3\nnan\n6\n3\n1\n");
}

static int
analyse(struct sensitivity *sensitivity, const char *method, struct sim_messages *messages)
{
    int ret = salib_read(sensitivity, ".", 20, messages);
    return ret == SIM_OK ? sensitivity_estimate(sensitivity, method, messages) : ret;
}

static void
the_scheme_is_recognised_and_analysed(void **state)
{
    (void) state;
    struct sensitivity sensitivity;
    write_saltelli();
    assert_int_equal(analyse(&sensitivity, NULL, NULL), SIM_OK);
    const struct sensitivity_scenario *scenario = sensitivity.scenarios;
    assert_int_equal(scenario->method, SENSITIVITY_SOBOL);
    assert_int_equal(scenario->n_bases, 2);
    assert_string_equal(scenario->sample.factors[1].name, "x2");
    assert_true(scenario->sample.factors[1].low == -1 && scenario->sample.factors[1].high == 1);
    assert_string_equal(scenario->outcomes[0].observation, "output");
    sensitivity_free(&sensitivity);
}

static void
every_outcome_of_a_folder_is_analysed(void **state)
{
    (void) state;
    struct sensitivity sensitivity;
    write_trajectories();
    assert_int_equal(analyse(&sensitivity, NULL, NULL), SIM_OK);
    const struct sensitivity_scenario *scenario = sensitivity.scenarios;
    assert_int_equal(scenario->method, SENSITIVITY_MORRIS);
    assert_int_equal(scenario->n_outcomes, 2);
    const struct sensitivity_outcome *first = &scenario->outcomes[0], *second = &scenario->outcomes[1];
    assert_string_equal(first->observation, "first");
    assert_string_equal(second->observation, "second-end");
    assert_int_equal(first->left_out, 0);
    assert_int_equal(second->left_out, 1);
    assert_true(
        first->estimates[MORRIS_MU].value == 2 && first->estimates[MORRIS_MEASURES + MORRIS_MU].value == 3);
    assert_true(second->estimates[MORRIS_MU].value == 2);
    sensitivity_free(&sensitivity);
}

/* Reads, analyses, prints and writes; whatever request is refused, that is told and nothing leaks. */
static int
do_all(const char *method)
{
    struct sensitivity sensitivity;
    struct sim_messages messages;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    sim_messages_init(&messages);
    int unwritten, ret = analyse(&sensitivity, method, &messages);
    if (ret == SIM_OK) {
        ret = sensitivity_print_table(&sensitivity, out, 80);
    }
    if (ret == SIM_OK) {
        ret = salib_write(&sensitivity, "copy", 1, &unwritten, &messages);
    }
    sensitivity_free(&sensitivity);
    sim_messages_free(&messages);
    fclose(out);
    return ret;
}

static void
refuse_each(const char *method)
{
    int ret = SIM_ERR_MEMORY, refused = 0;
    for (long n = 1; ret != SIM_OK; n++) {
        long before = live;
        requests = 0;
        refuse = n;
        ret = do_all(method);
        refuse = 0;
        assert_int_equal(live, before);
        if (requests < n) {
            assert_int_equal(ret, SIM_OK);
        } else if (ret == SIM_OK) {
            ret = SIM_ERR_MEMORY; /* the request of a message, which may fail */
        } else {
            assert_int_equal(ret, SIM_ERR_MEMORY);
            refused++;
        }
    }
    assert_true(refused > 20);
}

static void
every_refused_request_for_memory_is_an_error_and_no_leak(void **state)
{
    (void) state;
    write_saltelli();
    refuse_each(NULL);
    refuse_each("pawn");
    assert_int_equal(unlink("model_output.txt"), 0);
    write_trajectories();
    refuse_each(NULL);
}

#define SALIB_TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SALIB_TEST(the_scheme_is_recognised_and_analysed),
        SALIB_TEST(every_outcome_of_a_folder_is_analysed),
        SALIB_TEST(every_refused_request_for_memory_is_an_error_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
