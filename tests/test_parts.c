/* test_parts.c - the folder of an unfinished experiment: cells go into shards and come back. */
#include "parts_fixture.h"

static void
cells_come_back(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 2, 3);
    *sample_number(&it.results, 1, 1, 2, SHARE, 0) = (double) NAN;
    it.results.cells[4].digest = sim_cell_digest(&it.results, &it.results.cells[4]);
    struct sim_finished list[] = { well(&it, 4), failed(1, "too hot"), well(&it, 0), well(&it, 2) };
    struct sim_finished last = well(&it, 5);
    lock(&it);
    add_as(&it, "", list, 4);
    add_as(&it, "", &last, 1);
    assert_true(is_there("0.h5") && is_there("5.h5"));
    for (int round = 0; round < 2; round++) {
        assert_int_equal(it.parts.n_ok, 4);
        assert_int_equal(it.parts.n_failed, 1);
        assert_cell(&it, 0);
        assert_cell(&it, 2);
        assert_cell(&it, 4);
        assert_cell(&it, 5);
        assert_int_equal(status_of(&it, 3), SIM_RUN_NOT_RUN);
        look_again(&it);
        scan(&it);
    }
    assert_int_equal(it.messages.count, 0);
    end(&it);
}

static void
any_part_of_a_row_can_be_read(void **state)
{
    (void) state;
    struct fixture it;
    double numbers[64];
    begin(&it, 1, 3);
    struct sim_finished list[] = { well(&it, 0), well(&it, 1), well(&it, 2) };
    add_as(&it, "", list, 3);
    struct sim_source source = sim_parts_source(&it.parts);
    uint64_t total = sim_source_numbers(&source);
    for (uint64_t first = 0; first <= total; first++) {
        for (uint64_t n = 0; first + n <= total; n++) {
            assert_int_equal(source.numbers(source.context, 1, first, n, numbers), SIM_OK);
            assert_memory_equal(numbers, it.results.cells[1].rows + first, n * sizeof(*numbers));
        }
    }
    assert_int_equal(truncate(path_in("0.h5"), 3000), 0);
    assert_int_equal(source.numbers(source.context, 2, total - 1, 1, numbers), SIM_ERR_FILE);
    assert_non_null(strstr(sim_parts_fault(&it.parts), "/r.h5.parts/0.h5: cannot be read: it is too short"));
    end(&it);
}

static void
what_is_missing_reads_as_in_memory(void **state)
{
    (void) state;
    struct fixture it;
    double a[64], b[64];
    begin(&it, 1, 3);
    struct sim_finished list[] = { failed(1, "it broke"), well(&it, 0) };
    add_as(&it, "", list, 2);
    assert_int_equal(sim_cell_fail(&it.results, 1, "it broke"), SIM_OK);
    struct sim_source expected = sim_results_source(&it.results);
    for (int round = 0; round < 2; round++) {
        struct sim_source source = sim_parts_source(&it.parts);
        struct sim_outcome outcome = source.outcome(source.context, 1);
        assert_int_equal(outcome.status, SIM_RUN_FAILED);
        assert_string_equal(outcome.error, "it broke");
        assert_true(outcome.digest == expected.outcome(expected.context, 1).digest);
        assert_int_equal(source.numbers(source.context, 1, 2, 10, a), SIM_OK);
        assert_int_equal(expected.numbers(expected.context, 1, 2, 10, b), SIM_OK);
        assert_memory_equal(a, b, 10 * sizeof(*a));
        outcome = source.outcome(source.context, 2);
        assert_int_equal(outcome.status, SIM_RUN_NOT_RUN);
        assert_string_equal(outcome.error, "");
        assert_true(outcome.digest == 0);
        assert_int_equal(source.numbers(source.context, 2, 0, 10, a), SIM_OK);
        assert_true(isnan(a[0]));
        look_again(&it);
        scan(&it);
    }
    end(&it);
}

static void
a_shard_of_failures_only_is_kept(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 3);
    struct sim_finished list[] = { failed(2, "b"), failed(1, "议事") };
    add_as(&it, "", list, 2);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_failed, 2);
    struct sim_source source = sim_parts_source(&it.parts);
    assert_string_equal(source.outcome(source.context, 1).error, "议事");
    assert_int_equal(it.messages.count, 0);
    end(&it);
}

static void
running_well_wins_and_order_does_not_matter(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 3);
    struct sim_finished first[] = { failed(0, "z"), failed(1, "m"), well(&it, 2) };
    struct sim_finished second[] = { well(&it, 0), failed(1, "k"), failed(2, "x") };
    struct sim_finished third[] = { well(&it, 0), failed(1, "p") };
    add_as(&it, "", first, 3);
    add_as(&it, "", second, 3);
    add_as(&it, "", third, 2);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(it.parts.n_ok, 2);
        assert_int_equal(it.parts.n_failed, 1);
        assert_cell(&it, 0);
        assert_cell(&it, 2);
        struct sim_source source = sim_parts_source(&it.parts);
        assert_string_equal(source.outcome(source.context, 1).error, "k");
        look_again(&it);
        scan(&it);
    }
    assert_int_equal(it.messages.count, 0);
    end(&it);
}

static void
a_second_scan_finds_what_has_come_and_reads_nothing_twice(void **state)
{
    (void) state;
    struct fixture it;
    struct fixture other;
    begin(&it, 1, 6);
    begin(&other, 1, 6);
    add_cells(&it, 0, 3);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 3);
    add_as(&other, "2-of-2", (struct sim_finished[]){ well(&other, 3), well(&other, 4) }, 2);
    add_cells(&it, 5, 1);
    opens = 0;
    scan(&it);
    assert_int_equal(opens, 1);
    assert_int_equal(it.parts.n_ok, 6);
    for (uint32_t cell = 0; cell < 6; cell++) {
        assert_cell(&it, cell);
    }
    assert_int_equal(unlink(path_in("1.h5")), 0);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 5);
    assert_int_equal(status_of(&it, 1), SIM_RUN_NOT_RUN);
    assert_cell(&it, 4);
    assert_int_equal(said(&it, "this shard is lost"), 1);
    end(&it);
    end(&other);
}

static void
no_folder_is_an_empty_one(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 1);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 0);
    assert_false(sim_parts_asked_to_stop(&it.parts));
    sim_parts_tell(&it.parts, "", "{}\n");
    assert_int_equal(sim_parts_remove(&it.parts), SIM_OK);
    assert_int_equal(it.messages.count, 0);
    assert_int_equal(count_entries(above), 0);
    end(&it);
}

static void
interleaved_shards_are_not_opened_for_each_cell(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 3, 200);
    for (uint32_t writer = 0; writer < 40; writer++) {
        struct sim_finished list[15];
        for (uint32_t i = 0; i < 15; i++) {
            list[i] = well(&it, i * 40 + writer);
        }
        add_as(&it, "", list, 15);
    }
    for (int round = 0; round < 2; round++) {
        opens = file_opens = 0;
        for (uint32_t cell = 0; cell < 600; cell++) {
            assert_cell(&it, cell);
        }
        assert_int_equal(opens, round == 0 ? 40 : 0);
        assert_int_equal(file_opens, 40);
        look_again(&it);
        scan(&it);
    }
    add_cells(&it, 0, 9); /* the same cells again; those known stay */
    look_again(&it);
    scan(&it);
    for (uint32_t cell = 0; cell < 600; cell += 7) {
        assert_cell(&it, cell);
        assert_cell(&it, 599 - cell);
    }
    end(&it);
}

/* Removal, and the small files. */

static void
remove_takes_what_is_ours_and_nothing_else(void **state)
{
    (void) state;
    struct fixture it, other;
    begin(&it, 1, 3);
    begin(&other, 1, 3);
    other.experiment.digest[5] = 'f';
    add_cells(&it, 0, 2);
    lock(&it);
    struct sim_finished cell = well(&it, 2);
    add_as(&it, "rank-1", &cell, 1);
    sim_parts_tell(&it.parts, "", "{\"cells\": 3}\n");
    sim_parts_tell(&it.parts, "2-of-4", "{}\n");
    write_text("17.0.checkpoint", "");
    write_text("17.1.checkpoint", "");
    write_text("request.json", "{}");
    write_text("stop", "");
    write_text("lock-2-of-4", "");
    add_cells(&other, 0, 1);
    write_text("1.h5.damaged", "mine");
    write_text("x.1.checkpoint", "mine");
    assert_true(is_there("0-2.h5"));
    look_again(&it); /* it needs no scan */
    assert_int_equal(sim_parts_lock(&other.parts, (struct sim_share){ 1, 2 }, NULL), SIM_OK);
    assert_int_equal(sim_parts_remove(&it.parts), SIM_ERR_EXISTS);
    assert_true(is_there("0.h5") && is_there("manifest"));
    sim_parts_unlock(&other.parts);
    assert_int_equal(sim_parts_remove(&it.parts), SIM_OK);
    assert_true(is_there("0-2.h5") && is_there("1.h5.damaged") && is_there("x.1.checkpoint"));
    assert_int_equal(count_entries(folder), 3);
    unlink(path_in("1.h5.damaged"));
    unlink(path_in("x.1.checkpoint"));
    assert_int_equal(sim_parts_scan(&other.parts, NULL), SIM_OK);
    assert_cell(&other, 0);
    assert_int_equal(sim_parts_remove(&other.parts), SIM_OK);
    assert_int_equal(other.parts.n_ok, 0);
    assert_int_equal(count_entries(above), 0);
    end(&it);
    end(&other);
}

static void
status_and_stop_are_files(void **state)
{
    (void) state;
    struct fixture it;
    char text[64];
    begin(&it, 1, 1);
    lock(&it);
    sim_parts_tell(&it.parts, "", "{\"cells\": 1}\n");
    sim_parts_tell(&it.parts, "", "{}\n");
    sim_parts_tell(&it.parts, "1-of-2", "[]\n");
    read_text("status.json", text, sizeof(text));
    assert_string_equal(text, "{}\n");
    read_text("status-1-of-2.json", text, sizeof(text));
    assert_string_equal(text, "[]\n");
    assert_false(sim_parts_asked_to_stop(&it.parts));
    write_text("stop", "");
    assert_true(sim_parts_asked_to_stop(&it.parts));
    end(&it);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(cells_come_back),
        PARTS_TEST(any_part_of_a_row_can_be_read),
        PARTS_TEST(what_is_missing_reads_as_in_memory),
        PARTS_TEST(a_shard_of_failures_only_is_kept),
        PARTS_TEST(running_well_wins_and_order_does_not_matter),
        PARTS_TEST(a_second_scan_finds_what_has_come_and_reads_nothing_twice),
        PARTS_TEST(no_folder_is_an_empty_one),
        PARTS_TEST(interleaved_shards_are_not_opened_for_each_cell),
        PARTS_TEST(remove_takes_what_is_ours_and_nothing_else),
        PARTS_TEST(status_and_stop_are_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
