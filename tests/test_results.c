/* test_results.c */
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static void
cells_start_as_not_run(void **state)
{
    (void) state;
    struct sim_experiment experiment = sample_experiment(2, 3, 4, 1);
    struct sim_results results;
    assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
    assert_int_equal(results.n_cells, 6);
    assert_int_equal(results.row, 1 + 3 + 1 + 3);
    for (uint32_t i = 0; i < results.n_cells; i++) {
        assert_int_equal(results.cells[i].status, SIM_RUN_NOT_RUN);
        assert_null(results.cells[i].rows);
        assert_true(sim_cell_digest(&results, &results.cells[i]) == 0);
    }
    sim_results_free(&results);
    sim_results_free(&results);
}

static void
digest_is_xxh64_of_the_little_endian_rows(void **state)
{
    (void) state;
    struct sim_experiment experiment =
        sample_experiment(1, 1, 200, 0); /* 1600 numbers: more than one batch */
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    size_t n = 200 * (size_t) results.row;
    unsigned char *bytes = sim_alloc(n, 8);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &results.cells[0].rows[i], 8);
        for (int b = 0; b < 8; b++) {
            bytes[8 * i + (size_t) b] = (unsigned char) (bits >> 8 * b);
        }
    }
    assert_true(sim_cell_digest(&results, &results.cells[0]) == XXH64(bytes, 8 * n, 0));
    sim_free(bytes);
    sim_results_free(&results);
}

static void
every_number_matters_for_the_digest(void **state)
{
    (void) state;
    struct sim_experiment experiment = sample_experiment(1, 1, 70, 0);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    struct sim_cell *cell = &results.cells[0];
    uint64_t digest = cell->digest;
    for (size_t i = 0; i < 70 * (size_t) results.row; i++) {
        double kept = cell->rows[i];
        cell->rows[i] = nextafter(kept, 2 + 2 * kept);
        assert_true(sim_cell_digest(&results, cell) != digest);
        cell->rows[i] = kept;
    }
    assert_true(sim_cell_digest(&results, cell) == digest);
    sim_results_free(&results);
}

static void
all_nans_are_one_for_the_digest(void **state)
{
    (void) state;
    struct sim_experiment experiment = sample_experiment(1, 1, 3, 0);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    struct sim_cell *cell = &results.cells[0];
    cell->rows[1] = (double) NAN;
    uint64_t digest = sim_cell_digest(&results, cell);
    const uint64_t odd = 0xfff8000000000123u;
    memcpy(&cell->rows[1], &odd, sizeof(odd));
    assert_true(sim_cell_digest(&results, cell) == digest);
    sim_results_free(&results);
}

static void
failed_cell_is_nan_with_zero_counts_and_its_reason(void **state)
{
    (void) state;
    struct sim_experiment experiment = sample_experiment(1, 2, 5, 0);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    sim_free(results.cells[1].rows);
    results.cells[1].rows = NULL; /* fails before it recorded anything; the other after */
    char reason[1000];
    memset(reason, 'x', sizeof(reason));
    reason[999] = '\0';
    assert_int_equal(sim_cell_fail(&results, 0, "too hot"), SIM_OK);
    assert_int_equal(sim_cell_fail(&results, 1, reason), SIM_OK);
    assert_string_equal(results.cells[0].error, "too hot");
    assert_int_equal(strlen(results.cells[1].error), sizeof(results.cells[1].error) - 1);
    assert_true(results.cells[0].digest != 0 && results.cells[0].digest == results.cells[1].digest);
    for (uint32_t r = 0; r < 2; r++) {
        assert_int_equal(results.cells[r].status, SIM_RUN_FAILED);
        for (uint32_t tick = 1; tick <= 5; tick++) {
            assert_true(isnan(*sample_number(&results, 0, r, tick, SHARE, 0)));
            assert_true(isnan(*sample_number(&results, 0, r, tick, BY_DEPTH, 2)));
            assert_true(isnan(*sample_number(&results, 0, r, tick, SPENDING, 0)));
            assert_true(*sample_number(&results, 0, r, tick, TICKETS, 0) == 0);
            assert_true(*sample_number(&results, 0, r, tick, TICKETS, 2) == 0);
        }
    }
    sim_results_free(&results);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_start_as_not_run),
        cmocka_unit_test(digest_is_xxh64_of_the_little_endian_rows),
        cmocka_unit_test(every_number_matters_for_the_digest),
        cmocka_unit_test(all_nans_are_one_for_the_digest),
        cmocka_unit_test(failed_cell_is_nan_with_zero_counts_and_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
