/* test_export_rows.c - the same rows, in the same order, however few numbers are in memory at a time. */
#include "sample.h"

#include "analysis/export_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define POINTS 3
#define REPLICATES 5
#define TICKS 7

static char path[64];

static int
write_sample(void **state)
{
    struct sim_experiment experiment = sample_experiment(POINTS, REPLICATES, TICKS, 0);
    struct sim_results results;
    (void) state;
    const char *base = getenv("TMPDIR");
    snprintf(path, sizeof(path), "%.40s/export_XXXXXX", base == NULL ? "/tmp" : base);
    int file = mkstemp(path);
    int ret = file < 0 ? -1 : close(file);
    ret = ret == 0 ? sample_results(&results, &experiment) : ret;
    ret = ret == 0 ? sim_cell_fail(&results, 4, "no") : ret;
    ret = ret == 0 ? sample_write(path, &results, NULL) : ret;
    sim_results_free(&results);
    return ret;
}

static int
remove_sample(void **state)
{
    (void) state;
    return unlink(path);
}

/* What has been seen of the rows, against all numbers of the file. */
struct check {
    const struct reader *reader;
    double *share, *tickets;
    size_t next; /* which row is to come: cells and months */
};

static int
take(const struct export_row *row, FILE *out, void *context)
{
    struct check *check = context;
    (void) out;
    check->next += check->next == 4 * TICKS ? TICKS : 0; /* the cell that failed */
    assert_int_equal(row->design, check->next / (TICKS * REPLICATES));
    assert_int_equal(row->replicate, check->next / TICKS % REPLICATES);
    assert_int_equal(row->tick, check->next % TICKS + 1);
    assert_true(export_number(row, 0, 0) == check->share[check->next]);
    for (uint32_t label = 0; label < 3; label++) {
        assert_true(export_number(row, 1, label) == check->tickets[check->next * 3 + label]);
    }
    check->next++;
    return SIM_OK;
}

/* By design, replicate, month, label; to be freed by sim_free. */
static double *
all_numbers(const struct reader *reader, const char *name)
{
    const struct reader_observation *observation = reader_find(reader, name);
    const struct reader_box all = { .n_designs = reader->n_designs,
        .n_replicates = reader->n_replicates,
        .n_ticks = reader->n_ticks,
        .n_labels = observation->n_labels };
    const size_t cells = (size_t) all.n_designs * all.n_replicates;
    double *numbers = sim_alloc(cells * all.n_ticks * all.n_labels, sizeof(*numbers));
    assert_non_null(numbers);
    assert_int_equal(reader_box(reader, observation, &all, numbers, NULL), SIM_OK);
    return numbers;
}

static void
rows_are_the_same_for_any_room(void **state)
{
    (void) state;
    struct reader reader;
    struct check check = { .reader = &reader };
    FILE *out = tmpfile();
    assert_int_equal(reader_init(&reader, path, NULL), SIM_OK);
    check.share = all_numbers(&reader, "share");
    check.tickets = all_numbers(&reader, "tickets");
    for (uint64_t room = 0; room <= (uint64_t) 4 * TICKS * REPLICATES * POINTS + 1; room++) {
        struct export_rows rows = { .reader = &reader, .has_ticks = 1, .room = room };
        assert_int_equal(export_rows_add(&rows, "share", "share"), SIM_OK);
        assert_int_equal(export_rows_add(&rows, "tickets", "tickets"), SIM_OK);
        check.next = 0;
        assert_int_equal(export_rows_write(&rows, take, out, &check, NULL), SIM_OK);
        assert_int_equal(check.next, POINTS * REPLICATES * TICKS);
        export_rows_free(&rows);
    }
    sim_free(check.share);
    sim_free(check.tickets);
    reader_free(&reader);
    fclose(out);
}

static int
stop_at_ten(const struct export_row *row, FILE *out, void *context)
{
    int *n = context;
    (void) row;
    (void) out;
    return ++*n == 10 ? SIM_ERR_MEMORY : SIM_OK;
}

static void
a_status_ends_it_and_strangers_are_refused(void **state)
{
    (void) state;
    struct reader reader;
    int n = 0;
    assert_int_equal(reader_init(&reader, path, NULL), SIM_OK);
    struct export_rows rows = { .reader = &reader, .has_ticks = 1 };
    assert_int_equal(export_rows_write(&rows, stop_at_ten, stdout, &n, NULL), SIM_OK);
    assert_int_equal(export_rows_add(&rows, "nothing", ""), SIM_ERR_FILE);
    assert_int_equal(export_rows_add(&rows, "run_status", ""), SIM_ERR_FILE);
    assert_int_equal(export_rows_add(&rows, "share", "share"), SIM_OK);
    assert_int_equal(export_rows_write(&rows, stop_at_ten, stdout, &n, NULL), SIM_ERR_MEMORY);
    assert_int_equal(n, 10);
    export_rows_free(&rows);
    reader_free(&reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_same_for_any_room),
        cmocka_unit_test(a_status_ends_it_and_strangers_are_refused),
    };
    return cmocka_run_group_tests(tests, write_sample, remove_sample);
}
