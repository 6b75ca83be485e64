/* test_states.c - runs that start from the states of others: the branch of a scenario is its run gone on with, and a
 * state that does not fit is refused with the reason. */
#include "branches.h"

#include "memory.h"

#include "sim/execute.h"
#include "sim/states.h"

/* The stream that a text is printed into is memory, too. Needs -Wl,--wrap=open_memstream. */

FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);

FILE *
__wrap_open_memstream(char **text, size_t *size)
{
    FILE *stream = memory_is_refused() ? NULL : __real_open_memstream(text, size);
    __atomic_add_fetch(&memory_live, stream != NULL, __ATOMIC_RELAXED);
    return stream;
}

enum { BURNED = 6, MONTHS = 14, REPLICATES = 3 };

/* What the states are made of, and what goes on from them */
static const char *const models[] = { "city", "town", "country" };
static const char *const runs[] = { "late", "town", "country" };

static int
enter(void **state)
{
    int ret = enter_folder(state);
    write_text("city.yaml",
        "model: cogov\n"
        "city: {streets: 2, communities: 2, residents: 'normal(90, 30)', start_month: 11}\n"
        "organisations: {professional: 3, recreational: 4, entry_slots: 3}\n"
        "events:\n"
        "  - {month: 3, set: {purchase.budget: 10}}\n");
    write_text("late.yaml", "extends: city\nevents: [{month: 9, set: {purchase.budget: 90}}]\n");
    write_text("town.yaml",
        "model: influence\ncity: {streets: 2, communities: 3, residents: 70}\nchoice.spread: 0.5\n");
    write_text("country.yaml", "model: registration\n");
    write_text("minds.yaml", "model: influence\nextends: town\nswitches: {feedback: on}\n");
    return ret;
}

#define STATES_TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave_folder)

/* An experiment of one scenario from a few lines more, under a name of its own. */
static void
experiment_of(struct sim_experiment *experiment, const char *scenario, const char *more)
{
    char text[512];
    snprintf(text, sizeof(text), "scenarios: [%s]\n%s", scenario, more);
    write_text("experiment.yaml", text);
    make_experiment(experiment, "experiment.yaml");
}

/* The program's way: each cell keeps its state when it ends; then they are joined. */
static void
save_states(const struct sim_experiment *experiment, const char *path, int threads)
{
    char why[256];
    for (uint32_t cell = 0; cell < experiment->n_replicates; cell++) {
        struct sim_point point;
        struct sim_world world;
        assert_int_equal(sim_point_init(&point, experiment, 0), SIM_OK);
        assert_int_equal(
            sim_states_world(&world, experiment, &point.setting, cell, threads, why, sizeof(why)), SIM_OK);
        while (world.tick < experiment->n_ticks) {
            sim_world_step(&world);
        }
        assert_false(sim_states_has(".", experiment, cell));
        assert_int_equal(sim_states_keep(".", experiment, &world, cell, NULL), SIM_OK);
        assert_true(sim_states_has(".", experiment, cell));
        sim_world_free(&world);
        sim_point_free(&point);
    }
    assert_int_equal(sim_states_join(path, ".", experiment, experiment->n_replicates, NULL), SIM_OK);
    for (uint32_t cell = 0; cell < sim_experiment_cells(experiment); cell++) {
        char name[64];
        snprintf(name, sizeof(name), "%u.state", cell);
        assert_int_equal(unlink(name), 0);
    }
}

static void
burn_in(const char *scenario, uint32_t replicates, const char *path, int threads)
{
    struct sim_experiment experiment;
    char more[64];
    snprintf(more, sizeof(more), "replicates: %u\nticks: %d\n", replicates, BURNED);
    experiment_of(&experiment, scenario, more);
    save_states(&experiment, path, threads);
    sim_experiment_free(&experiment);
}

static void
run_all(struct sim_results *results, const struct sim_experiment *experiment, int threads)
{
    struct sim_execution how = { .threads = threads, .verify = 1 };
    assert_int_equal(sim_results_init(results, experiment), SIM_OK);
    assert_int_equal(sim_execute(results, &how), SIM_OK);
}

/* Rows from a month on */
static const double *
rows_after(const struct sim_results *results, uint32_t cell, uint32_t month)
{
    return results->cells[cell].rows + (month - results->experiment->first_tick) * results->layout.row;
}

static void
assert_same_future(const struct sim_results *branch, uint32_t cell, const struct sim_results *straight,
    uint32_t straight_cell)
{
    size_t n = (size_t) (MONTHS - BURNED) * branch->layout.row;
    assert_int_equal(branch->layout.row, straight->layout.row);
    assert_memory_equal(
        rows_after(branch, cell, BURNED), rows_after(straight, straight_cell, BURNED), n * sizeof(double));
}

static int
same_future(const struct sim_results *one, uint32_t cell, uint32_t other)
{
    size_t n = (size_t) (MONTHS - BURNED) * one->layout.row;
    return memcmp(rows_after(one, cell, BURNED), rows_after(one, other, BURNED), n * sizeof(double)) == 0;
}

static void
the_branch_of_the_same_scenario_is_the_run_gone_on_with(void **state)
{
    (void) state;
    for (size_t i = 0; i < SIM_COUNT_OF(models); i++) {
        struct sim_experiment whole, rest;
        struct sim_results straight, branch;
        const char *record = i == 0 ? "record: {by: [community], residents: 7}\n" : "";
        char more[256];
        burn_in(models[i], REPLICATES, "burned-in.state", i == 0 ? 3 : 1);
        snprintf(more, sizeof(more), "replicates: 3\nticks: 14\n%s", record);
        experiment_of(&whole, runs[i], more);
        run_all(&straight, &whole, 1);
        snprintf(more, sizeof(more), "replicates: 3\nticks: 14\nstart_from: burned-in.state\n%s", record);
        experiment_of(&rest, runs[i], more);
        assert_int_equal(rest.first_tick, BURNED);
        assert_int_equal(sim_experiment_rows(&rest), MONTHS - BURNED);
        assert_string_not_equal(rest.digest, whole.digest);
        for (int threads = 1; threads <= 3; threads += 2) {
            run_all(&branch, &rest, threads);
            for (uint32_t cell = 0; cell < REPLICATES; cell++) {
                assert_same_future(&branch, cell, &straight, cell);
            }
            sim_results_free(&branch);
        }
        sim_results_free(&straight);
        sim_experiment_free(&whole);
        sim_experiment_free(&rest);
    }
}

static void
a_branch_with_another_policy_is_an_event_in_its_first_month(void **state)
{
    struct sim_experiment whole, rest;
    struct sim_results straight, branch;
    (void) state;
    burn_in("city", REPLICATES, "burned-in.state", 1);
    write_text("changed.yaml", "extends: city\nlinkage.level: 0.95\nplatform.coverage: 0.9\n");
    write_text("event.yaml",
        "extends: city\nevents: [{month: 7, set: {linkage.level: 0.95, platform.coverage: 0.9}}]\n");
    experiment_of(&whole, "city, event", "replicates: 3\nticks: 14\n");
    experiment_of(&rest, "city, changed", "replicates: 3\nticks: 14\nstart_from: burned-in.state\n");
    run_all(&straight, &whole, 2);
    run_all(&branch, &rest, 2);
    for (uint32_t cell = 0; cell < 2 * REPLICATES; cell++) {
        assert_same_future(&branch, cell, &straight, cell);
    }
    assert_false(same_future(&branch, 0, REPLICATES));
    sim_results_free(&straight);
    sim_results_free(&branch);
    sim_experiment_free(&whole);
    sim_experiment_free(&rest);
}

static void
one_state_has_many_futures(void **state)
{
    struct sim_experiment whole, rest, reseeded;
    struct sim_results straight, branch, other;
    (void) state;
    burn_in("city", 1, "one.state", 1);
    experiment_of(&whole, "city", "replicates: 1\nticks: 14\n");
    experiment_of(&rest, "city", "replicates: 3\nticks: 14\nstart_from: one.state\n");
    experiment_of(&reseeded, "city", "replicates: 3\nticks: 14\nseed: 99\nstart_from: one.state\n");
    run_all(&straight, &whole, 1);
    run_all(&branch, &rest, 3);
    run_all(&other, &reseeded, 1);
    assert_same_future(&branch, 0, &straight, 0);
    assert_false(same_future(&branch, 0, 1));
    assert_false(same_future(&branch, 1, 2));
    assert_true(memcmp(rows_after(&other, 0, BURNED), rows_after(&branch, 0, BURNED),
                    (size_t) branch.layout.row * sizeof(double))
        != 0);
    sim_results_free(&straight);
    sim_results_free(&branch);
    sim_results_free(&other);
    sim_experiment_free(&whole);
    sim_experiment_free(&rest);
    sim_experiment_free(&reseeded);
}

static void
a_branch_can_be_branched(void **state)
{
    struct sim_experiment whole, middle, rest;
    struct sim_results straight, branch;
    (void) state;
    burn_in("town", REPLICATES, "6.state", 1);
    experiment_of(&middle, "town", "replicates: 3\nticks: 10\nstart_from: 6.state\n");
    save_states(&middle, "10.state", 1);
    experiment_of(&rest, "town", "replicates: 2\nticks: 14\nstart_from: 10.state\n");
    assert_int_equal(rest.first_tick, 10);
    experiment_of(&whole, "town", "replicates: 3\nticks: 14\n");
    run_all(&straight, &whole, 1);
    run_all(&branch, &rest, 1);
    assert_memory_equal(rows_after(&branch, 1, 10), rows_after(&straight, 1, 10),
        4 * (size_t) branch.layout.row * sizeof(double));
    sim_results_free(&straight);
    sim_results_free(&branch);
    sim_experiment_free(&whole);
    sim_experiment_free(&middle);
    sim_experiment_free(&rest);
}

static void
means_leave_out_the_months_of_the_state(void **state)
{
    static const struct {
        const char *more;
        uint32_t burn_in;
    } cases[] = { { "ticks: 8", 6 }, { "ticks: 20", 10 }, { "ticks: 20\nburn_in: 0", 6 },
        { "ticks: 20\nburn_in: 9", 9 } };
    (void) state;
    burn_in("country", 1, "burned-in.state", 1);
    for (size_t i = 0; i < SIM_COUNT_OF(cases); i++) {
        struct sim_experiment experiment;
        char more[128];
        snprintf(more, sizeof(more), "%s\nstart_from: burned-in.state\n", cases[i].more);
        experiment_of(&experiment, "country", more);
        assert_int_equal(experiment.burn_in, cases[i].burn_in);
        sim_experiment_free(&experiment);
    }
}

/* The path is the file's; the digest has the checksum of the states, not their name. */
static void
states_are_named_from_where_the_experiment_stands(void **state)
{
    struct sim_experiment here, there, other;
    (void) state;
    assert_int_equal(mkdir("sub", 0777), 0);
    burn_in("country", 1, "burned-in.state", 1);
    burn_in("country", 2, "two.state", 1);
    const char *text = "scenarios: [../country]\nticks: 9\nstart_from: ../burned-in.state\n";
    write_text("sub/e.yaml", text);
    make_experiment(&here, "sub/e.yaml");
    assert_string_equal(here.states.path, "sub/../burned-in.state");
    assert_int_equal(rename("burned-in.state", "kept"), 0);
    assert_int_equal(rename("two.state", "burned-in.state"), 0);
    make_experiment(&other, "sub/e.yaml");
    assert_string_not_equal(here.digest, other.digest);
    assert_int_equal(rename("kept", "burned-in.state"), 0);
    make_experiment(&there, "sub/e.yaml");
    assert_string_equal(here.digest, there.digest);
    sim_experiment_free(&here);
    sim_experiment_free(&there);
    sim_experiment_free(&other);
}

/* What an experiment that cannot start is told. */
static void
assert_told(const char *text, const char *setting, int line, const char *words)
{
    struct sim_experiment experiment;
    struct sim_messages messages;
    write_text("experiment.yaml", text);
    int ret = read_experiment(&experiment, "experiment.yaml", setting, &messages);
    if (ret != SIM_ERR_INPUT || messages.count != 1 || messages.list[0].line != line) {
        print_messages(&messages);
        fail_msg("status %d, %zu messages; expected one in line %d: %s", ret, messages.count, line, words);
    }
    assert_says(&messages, words);
}

static void
a_state_that_does_not_fit_is_refused_with_the_reason(void **state)
{
    (void) state;
    burn_in("city", 2, "two.state", 1);
    burn_in("city", 1, "one.state", 1);
    write_text("junk.state", "what is this? no states, that much is sure");
    assert_told("scenarios: [city]\nticks: 9\nstart_from: none.state\n", NULL, 3,
        "start_from: none.state does not exist; --save-state makes such a file");
    assert_told("scenarios: [city]\nticks: 9\nstart_from: junk.state\n", NULL, 3, "is no file of states");
    assert_told("scenarios: [town]\nticks: 9\nstart_from: two.state\n", NULL, 3,
        "start_from: two.state is of model \"cogov\", not of \"influence\"");
    assert_told("scenarios: [city]\nticks: 9\nreplicates: 5\nstart_from: two.state\n", NULL, 4,
        "two.state holds 2 replicates, but 5 are to be run; run at most 2, or save as many");
    assert_told("scenarios: [country]\nticks: 6\nstart_from: two.state\n", NULL, 3,
        "two.state holds states of month 6, but the run ends with month 6; ticks count from the start");
    assert_told("scenarios: [city]\nticks: 9\nstart_from: [two.state]\n", NULL, 3,
        "start_from must be a text, not a list");
    assert_told("scenarios: [city]\nticks: 12\nstart_from: two.state\n", "city.elderly_share=0.3", 3,
        "two.state was saved with city.elderly_share normal(0.22, 0.06), but \"city\" has 0.3; it is read at the "
        "start only");
    assert_told("scenarios: [city]\nticks: 12\nstart_from: one.state\n", "city.streets=3", 3,
        "one.state was saved with city.streets 2, but \"city\" has 3");
}

static void
a_table_of_places_must_be_the_same_one(void **state)
{
    (void) state;
    write_text("table.csv", "street,community,city.residents,city.elderly_share\na,x,50,0.2\na,y,60,\n");
    write_text("other.csv", "street,community,city.residents,city.elderly_share\na,x,50,0.2\na,y,61,\n");
    write_text("third.csv", "street,community,city.residents,city.elderly_share\na,x,50,0.2\na,y,,\n");
    write_text("placed.yaml", "model: cogov\ncity: {streets: 1, communities: table.csv}\n");
    burn_in("placed", 1, "placed.state", 1);
    struct sim_experiment same;
    experiment_of(&same, "placed", "ticks: 12\nstart_from: placed.state\n");
    sim_experiment_free(&same);
    assert_told("scenarios: [placed]\nticks: 12\nstart_from: placed.state\n", "city.communities=other.csv", 3,
        "city.residents 60, but \"placed\" has 61 (place 3 of the table)");
    assert_told("scenarios: [placed]\nticks: 12\nstart_from: placed.state\n", "city.communities=third.csv", 3,
        "was saved with another table of places");
}

/* Agents that only some months' parameters ask for: no check of values can know. */
static void
a_world_of_another_size_is_a_failed_cell_with_the_place(void **state)
{
    struct sim_experiment experiment;
    struct sim_results results;
    struct sim_execution how = { .threads = 1 };
    (void) state;
    burn_in("town", 1, "town.state", 1);
    experiment_of(&experiment, "minds", "ticks: 12\nstart_from: town.state\n");
    assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
    assert_int_equal(sim_execute(&results, &how), SIM_ERR_CELL);
    assert_non_null(strstr(results.cells[0].error,
        "town.state is of a world of another size: community 1 of street 1 has 0 of kind \"mind\", here 70"));
    sim_results_free(&results);
    sim_experiment_free(&experiment);
}

static void
every_flipped_byte_and_every_cut_is_refused(void **state)
{
    struct sim_messages messages;
    struct sim_states states;
    struct sim_where where = { "x.yaml", 1, 1 };
    char bytes[16384];
    (void) state;
    burn_in("country", 2, "whole.state", 1);
    FILE *file = fopen("whole.state", "rb");
    size_t n = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    assert_in_range(n, 1000, sizeof(bytes) - 1);
    for (size_t i = 0; i < 2 * n; i++) {
        size_t at = i % n;
        bytes[at] = (char) (bytes[at] ^ 32);
        write_bytes("bad.state", bytes, i < n ? n : at);
        bytes[at] = (char) (bytes[at] ^ 32);
        sim_messages_init(&messages);
        assert_int_equal(sim_states_init(&states, "bad.state", where, &messages), SIM_ERR_INPUT);
        assert_int_equal(messages.errors, 1);
        assert_int_equal(states.count, 0);
        assert_says(&messages, "bad.state is ");
    }
    assert_int_equal(sim_states_init(&states, "whole.state", where, NULL), SIM_OK);
    assert_int_equal(states.count, 2);
    assert_int_equal(states.tick, BURNED);
    sim_states_free(&states);
}

static void
a_state_that_is_missing_is_told_with_its_replicate(void **state)
{
    struct sim_experiment experiment, other;
    struct sim_messages messages;
    struct sim_point point;
    struct sim_world world;
    (void) state;
    experiment_of(&experiment, "town", "replicates: 2\nticks: 6\n");
    experiment_of(&other, "town", "replicates: 2\nticks: 6\nseed: 5\n");
    assert_int_equal(sim_point_init(&point, &experiment, 0), SIM_OK);
    assert_int_equal(sim_states_world(&world, &experiment, &point.setting, 0, 1, NULL, 0), SIM_OK);
    while (world.tick < 6) {
        sim_world_step(&world);
    }
    assert_int_equal(sim_states_keep(".", &experiment, &world, 0, NULL), SIM_OK);
    sim_messages_init(&messages);
    assert_int_equal(sim_states_join("x.state", ".", &experiment, 2, &messages), SIM_ERR_FILE);
    assert_says(&messages, "the state of replicate 1 cannot be saved: it is not there; did its run fail?");
    assert_int_equal(sim_states_keep(".", &other, &world, 1, NULL), SIM_OK);
    assert_false(sim_states_has(".", &experiment, 1));
    sim_messages_init(&messages);
    assert_int_equal(sim_states_join("x.state", ".", &experiment, 2, &messages), SIM_ERR_FILE);
    assert_says(&messages, "replicate 1 cannot be saved: it is of another experiment or build");
    assert_int_equal(access("x.state", F_OK), -1);
    assert_int_equal(sim_states_can_save(&experiment, NULL), SIM_OK);
    other.n_points = 4;
    sim_messages_init(&messages);
    assert_int_equal(sim_states_can_save(&other, &messages), SIM_ERR_INPUT);
    assert_says(&messages, "this experiment has 4");
    other.n_points = 1;
    sim_world_free(&world);
    sim_point_free(&point);
    sim_experiment_free(&experiment);
    sim_experiment_free(&other);
}

static void
the_file_is_the_same_for_any_number_of_threads(void **state)
{
    (void) state;
    burn_in("city", 2, "by-1.state", 1);
    burn_in("city", 2, "by-3.state", 3);
    assert_int_equal(system("cmp by-1.state by-3.state"), 0);
}

/* One of the things that take memory. */
static int
take_memory(int what, const struct sim_experiment *experiment, const struct sim_world *kept)
{
    struct sim_where where = { "x.yaml", 1, 1 };
    struct sim_states states = { .count = 0 };
    struct sim_world world = { 0 };
    int ret;
    switch (what) {
    case 0:
        ret = sim_states_init(&states, "town.state", where, NULL);
        sim_states_free(&states);
        return ret;
    case 1: return sim_states_check(experiment, where, NULL);
    case 2:
        ret = sim_states_world(&world, experiment, &experiment->bases[0].setting, 0, 1, NULL, 0);
        sim_world_free(&world);
        return ret;
    case 3: return sim_states_keep(".", experiment, kept, 0, NULL);
    default: return sim_states_join("joined", ".", experiment, 1, NULL);
    }
}

static void
every_refused_request_for_memory_is_an_error_and_no_leak(void **state)
{
    struct sim_experiment experiment;
    struct sim_world world;
    (void) state;
    burn_in("town", 1, "town.state", 1);
    experiment_of(&experiment, "town", "ticks: 7\nstart_from: town.state\n");
    assert_int_equal(
        sim_states_world(&world, &experiment, &experiment.bases[0].setting, 0, 1, NULL, 0), SIM_OK);
    sim_world_step(&world);
    for (int what = 0; what < 5; what++) {
        int ret = SIM_ERR_MEMORY;
        for (long n = 1; ret != SIM_OK; n++) {
            long live = memory_live;
            memory_fails_at(n, 0);
            ret = take_memory(what, &experiment, &world);
            memory_fails_at(0, 0);
            assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY);
            assert_int_equal(memory_live, live);
            assert_true(n < 1000);
        }
    }
    sim_world_free(&world);
    sim_experiment_free(&experiment);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STATES_TEST(the_branch_of_the_same_scenario_is_the_run_gone_on_with),
        STATES_TEST(a_branch_with_another_policy_is_an_event_in_its_first_month),
        STATES_TEST(one_state_has_many_futures),
        STATES_TEST(a_branch_can_be_branched),
        STATES_TEST(means_leave_out_the_months_of_the_state),
        STATES_TEST(states_are_named_from_where_the_experiment_stands),
        STATES_TEST(a_state_that_does_not_fit_is_refused_with_the_reason),
        STATES_TEST(a_table_of_places_must_be_the_same_one),
        STATES_TEST(a_world_of_another_size_is_a_failed_cell_with_the_place),
        STATES_TEST(every_flipped_byte_and_every_cut_is_refused),
        STATES_TEST(a_state_that_is_missing_is_told_with_its_replicate),
        STATES_TEST(the_file_is_the_same_for_any_number_of_threads),
        STATES_TEST(every_refused_request_for_memory_is_an_error_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
