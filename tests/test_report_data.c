/* test_report_data.c - what a report tells of a file made by hand. */
#include "sample.h"

#include "analysis/report_data.h"
#include "analysis/report_html.h"

#include <hdf5.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "memory.h"
#include "scratch_file.h"

/* A file of these scenarios, of which cell 1 failed. */
static void
write_file(struct sim_experiment experiment)
{
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    assert_int_equal(sim_cell_fail(&results, 1, "no memory"), SIM_OK);
    assert_int_equal(sample_write(path, &results, NULL), SIM_OK);
    sim_results_free(&results);
}

/* What is told of the file; NULL, with the status, if nothing. */
static json_t *
tell(int *status)
{
    const struct report_request request = { .resamples = -1, .language = "en" };
    struct reader reader;
    struct report_file file = { .reader = NULL };
    json_t *data = NULL;
    *status = reader_init(&reader, path, NULL);
    if (*status == SIM_OK) {
        *status = report_file_init(&file, &reader, &request, NULL);
    }
    if (*status == SIM_OK) {
        *status = report_data(&data, &file, 1, &request, NULL);
    }
    report_file_free(&file);
    reader_free(&reader);
    return data;
}

static json_int_t
integer(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static const json_t *
profile_of(const json_t *data)
{
    const json_t *profiles = json_object_get(data, "profiles");
    assert_int_equal(json_array_size(profiles), 2);
    return json_array_get(profiles, 0);
}

static void
months_before_the_first_count(void **state)
{
    (void) state;
    int status;
    struct sim_experiment experiment = sample_experiment(2, 3, 40, 10);
    experiment.first_tick = 30;
    write_file(experiment);
    json_t *data = tell(&status);
    assert_int_equal(status, SIM_OK);
    const json_t *tick = json_object_get(json_object_get(data, "fans"), "tick");
    assert_int_equal(integer(data, "first_tick"), 31);
    assert_int_equal(integer(data, "ticks"), 40);
    assert_int_equal(json_array_size(tick), 10);
    assert_int_equal(json_integer_value(json_array_get(tick, 0)), 31);
    const json_t *profile = profile_of(data);
    assert_int_equal(integer(profile, "first_tick"), 31);
    assert_int_equal(integer(profile, "last_tick"), 40);
    assert_string_equal(json_string_value(json_object_get(profile, "period")), "average");
    json_decref(data);
}

static void
profiles_are_of_the_last_month_if_all_are_burn_in(void **state)
{
    (void) state;
    int status;
    write_file(sample_experiment(1, 3, 12, 12));
    json_t *data = tell(&status);
    const json_t *profile = profile_of(data);
    assert_int_equal(integer(profile, "first_tick"), 12);
    assert_int_equal(integer(profile, "last_tick"), 12);
    assert_string_equal(json_string_value(json_object_get(profile, "period")), "end");
    json_decref(data);
}

static void
scenarios_keep_their_names_titles_and_texts(void **state)
{
    (void) state;
    int status;
    write_file(sample_experiment(3, 2, 4, 2));
    json_t *data = tell(&status);
    const json_t *scenario = json_array_get(json_object_get(data, "scenarios"), 1);
    assert_string_equal(json_string_value(json_object_get(scenario, "name")), "west");
    assert_string_equal(json_string_value(json_object_get(scenario, "title")), "The west, \"quoted\"");
    assert_string_equal(
        json_string_value(json_object_get(scenario, "resolved")), "model: sample\ntitle: 西\n");
    assert_int_equal(integer(scenario, "first_design"), 1);
    assert_int_equal(json_array_size(json_object_get(data, "compare")), 2);
    json_decref(data);
}

/* Older files, and those of others, may lack what the report tells besides numbers. */
static void
a_file_that_does_not_say_where_it_comes_from_is_told_without(void **state)
{
    (void) state;
    int status;
    write_file(sample_experiment(2, 2, 4, 2));
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(file, "provenance", H5P_DEFAULT);
    H5Ldelete(file, "config", H5P_DEFAULT);
    H5Ldelete(file, "run_error", H5P_DEFAULT);
    H5Adelete(file, "spec_digest");
    H5Fclose(file);
    json_t *data = tell(&status);
    assert_int_equal(status, SIM_OK);
    assert_int_equal(json_object_size(json_object_get(data, "build")), 0);
    assert_true(json_is_null(json_object_get(data, "spec_digest")));
    const json_t *scenario = json_array_get(json_object_get(data, "scenarios"), 0);
    assert_true(json_is_null(json_object_get(scenario, "resolved")));
    const json_t *failures = json_object_get(json_object_get(data, "cells"), "failures");
    assert_int_equal(json_array_size(failures), 1);
    assert_true(json_is_null(json_object_get(json_array_get(failures, 0), "reason")));
    json_decref(data);
}

/* Either nothing is told, or all of it. */
static void
without_memory_nothing_is_told_and_all_is_given_back(void **state)
{
    (void) state;
    struct report_buffer page;
    int status = SIM_ERR_MEMORY;
    long n;
    write_file(sample_experiment(2, 2, 4, 2));
    json_t *whole = tell(&status);
    assert_int_equal(status, SIM_OK);
    status = SIM_ERR_MEMORY;
    for (n = 1; status != SIM_OK; n++) {
        long live = memory_live;
        memory_fails_at(n, 0);
        json_t *data = tell(&status);
        int paged = status == SIM_OK ? report_page(&page, data) : SIM_OK;
        memory_fails_at(0, 0);
        if (status == SIM_OK) {
            assert_true(json_equal(data, whole));
            report_buffer_free(&page);
        }
        json_decref(data);
        assert_true(status == SIM_OK ? paged == SIM_OK || paged == SIM_ERR_MEMORY : status == SIM_ERR_MEMORY);
        assert_int_equal(memory_live, live);
        assert_true(n < 100000);
        status = paged == SIM_OK ? status : paged;
    }
    assert_true(n > 100);
    json_decref(whole);
}

#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, make_path, remove_path)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT_TEST(months_before_the_first_count),
        REPORT_TEST(profiles_are_of_the_last_month_if_all_are_burn_in),
        REPORT_TEST(scenarios_keep_their_names_titles_and_texts),
        REPORT_TEST(a_file_that_does_not_say_where_it_comes_from_is_told_without),
        REPORT_TEST(without_memory_nothing_is_told_and_all_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
