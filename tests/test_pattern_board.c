/* test_pattern_board.c - which runs patterns share, what is missing before anything runs, and knock-outs. */
#include "analysis/pattern_board.h"

#include "models/registry.h"
#include "sim/error.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define TINY "city.communities=2 city.residents=100 "

static const struct sim_model *
find_model(const char *name)
{
    return models_find(name, NULL);
}

static const char *const folders[] = { "scenarios", NULL };

static struct sim_request
request_of(int64_t replicates)
{
    return (struct sim_request){ .n_replicates = replicates,
        .seed = 1,
        .n_ticks = -1,
        .burn_in = -1,
        .standard_replicates = 1,
        .search = { .folders = folders },
        .find_model = find_model,
        .model_names = models_names() };
}

/* Trust rises with needs.quality_rate or not, as the runs will; what counts is which numbers the judge gets. */
static void
judge_trust(struct judge *judge)
{
    check_at_least(judge, "trust", judge_last(judge, "one", 0, "trust", NULL), 0);
    check_between(judge, "time", judge_all(judge, "sweep", 1, "committee_time", "administrative"), 0, 0.5);
    check_between(judge, "month", judge_month(judge, "sweep", 0, "trust", NULL, 3), 0, 1);
}

static const struct pattern_variant variants[] = {
    { .label = "one", .scenario = "ezhou", .settings = TINY, .n_ticks = 4, .monthly = 1 },
    { .label = "sweep",
        .scenario = "ezhou",
        .settings = TINY "burden.cut=%",
        .values = "0 1",
        .n_ticks = 4,
        .monthly = 1 },
};
static const struct pattern_plan plan = { variants, 2, judge_trust };
static const struct pattern trusting = { "T", "", "", "", "", "", &plan };
static const struct pattern again = { "A", "", "", "", "", "", &plan };

static void
judge_missing(struct judge *judge)
{
    check_plus(judge, "x", judge_last(judge, "one", 0, "no_such_thing", NULL));
}

static const struct pattern_plan missing_plan = { variants, 1, judge_missing };
static const struct pattern missing = { "M", "", "", "", "", "", &missing_plan };

static const struct pattern_variant misspelled[] = {
    { .label = "one", .scenario = "ezhou", .settings = "burden.cutt=1" },
};
static const struct pattern_plan wrong_plan = { misspelled, 1, judge_trust };
static const struct pattern wrong = { "W", "", "", "", "", "", &wrong_plan };

static const struct run_execution alone = { .threads = 1 };

static void
equal_runs_are_run_once(void **state)
{
    (void) state;
    struct sim_request request = request_of(2);
    struct pattern_board board;
    board_init(&board, &request);
    assert_int_equal(board_add(&board, &trusting, NULL, 1, NULL), SIM_OK);
    assert_int_equal(board.runs.n, 3);
    assert_int_equal(board_add(&board, &again, NULL, 1, NULL), SIM_OK);
    assert_int_equal(board.runs.n, 3);
    assert_int_equal(run_set_months(&board.runs), 3 * 2 * 4);
    assert_int_equal(run_set_execute(&board.runs, &alone), SIM_OK);
    assert_int_equal(run_set_months(&board.runs), 0);
    assert_int_equal(board_judge(&board), SIM_OK);
    assert_int_equal(board.entries[0].outcome, PATTERN_HOLDS);
    const struct check *time = &board.entries[0].judge.checks[1];
    assert_true(time->mean == 0 && time->half == 0); /* all items are cut: the second value of the sweep */
    assert_true(board.entries[1].judge.checks[0].mean == board.entries[0].judge.checks[0].mean);
    board_free(&board);
}

/* Means are those of a run by itself, and of the replicate that is asked for. */
static void
numbers_are_those_of_the_cells(void **state)
{
    (void) state;
    struct sim_request request = request_of(3);
    struct run_set set;
    size_t index;
    run_set_init(&set, &request);
    struct pattern_variant variant = variants[0];
    assert_int_equal(run_set_add(&set, &variant, 0, &index), SIM_OK);
    assert_int_equal(run_set_execute(&set, &alone), SIM_OK);
    const struct run *run = &set.list[index];
    size_t column = (size_t) run_column(run, "trust", NULL);
    double sum = 0;
    for (uint32_t t = 1; t <= 4; t++) {
        sum += run_number(run, column, 1, RUN_MONTH, t);
    }
    assert_true(fabs(run_number(run, column, 1, RUN_ALL, 0) - sum / 4) < 1e-12);
    assert_true(fabs(run_number(run, column, 1, RUN_LAST, 0) - sum / 4) < 1e-12);
    assert_true(run_number(run, column, 0, RUN_ALL, 0) != run_number(run, column, 1, RUN_ALL, 0));
    assert_true(isnan(run_number(run, column, 1, RUN_MONTH, 5)));
    assert_true(run_column(run, "committee_time", "service")
        == run_column(run, "committee_time", "administrative") + 2);
    assert_int_equal(run_column(run, "committee_time", NULL), -1);
    assert_int_equal(run_column(run, "trust", "service"), -1);
    run_set_free(&set);
}

static void
what_is_missing_is_said_before_anything_runs(void **state)
{
    (void) state;
    struct sim_request request = request_of(2);
    struct pattern_board board;
    board_init(&board, &request);
    assert_int_equal(board_add(&board, &missing, NULL, 1, NULL), SIM_OK);
    assert_int_equal(board_add(&board, &wrong, NULL, 1, NULL), SIM_OK);
    assert_int_equal(board.entries[0].outcome, PATTERN_CANNOT);
    assert_non_null(strstr(board.entries[0].reason, "no_such_thing"));
    assert_int_equal(board.entries[1].outcome, PATTERN_CANNOT);
    assert_non_null(strstr(board.entries[1].reason, "burden.cut\""));
    assert_int_equal(board_judge(&board), SIM_OK);
    assert_int_equal(board.entries[0].outcome, PATTERN_CANNOT);
    board_free(&board);
}

/* A switch that no run has leaves everything as it is; one that they have makes other runs. */
static void
a_switch_makes_other_runs(void **state)
{
    (void) state;
    struct sim_request request = request_of(2);
    struct pattern_board board;
    board_init(&board, &request);
    assert_int_equal(board_add(&board, &trusting, NULL, 1, NULL), SIM_OK);
    assert_int_equal(board_add(&board, &trusting, "no_such_switch", 0, NULL), SIM_OK);
    assert_int_equal(board.runs.n, 3);
    assert_true(board.entries[1].untouched);
    assert_int_equal(board_add(&board, &trusting, "committee_time", 0, NULL), SIM_OK);
    assert_int_equal(board.runs.n, 6);
    assert_false(board.entries[2].untouched);
    assert_int_equal(run_set_execute(&board.runs, &alone), SIM_OK);
    assert_int_equal(board_judge(&board), SIM_OK);
    assert_int_equal(board_find(&board, "T", NULL)->outcome, PATTERN_HOLDS);
    assert_int_equal(board_find(&board, "T", "committee_time")->outcome, PATTERN_FAILS); /* nothing is cut */
    board_free(&board);
}

static struct check
check_of(enum check_relation relation, double mean, double half, int holds)
{
    return (struct check){ .mean = mean, .half = half, .relation = relation, .holds = holds };
}

/* Only what held and now lies on the other side with its whole interval is reversed. */
static void
a_flip_is_an_interval_on_the_other_side(void **state)
{
    (void) state;
    struct check with[] = { check_of(IS_ABOVE, 1, 0.5, 1), check_of(IS_FALLING, -1, 0.5, 1),
        check_of(IS_ABOVE, 0.1, 0.5, 0) };
    struct check without[] = { check_of(IS_ABOVE, -1, 2, 0), check_of(IS_FALLING, 1, 2, 0),
        check_of(IS_ABOVE, -1, 0.5, 0) };
    struct pattern_entry a = { .judge = { .checks = with, .n_checks = 3 } };
    struct pattern_entry b = { .judge = { .checks = without, .n_checks = 3 } };
    assert_int_equal(pattern_flips(&a, &b), 0);
    without[0].half = 0.5;
    assert_int_equal(pattern_flips(&a, &b), 1);
    without[1].half = 0.5;
    assert_int_equal(pattern_flips(&a, &b), 2);
}

static void
every_mechanism_names_a_pattern(void **state)
{
    (void) state;
    for (size_t m = 0; m < n_mechanisms; m++) {
        assert_non_null(pattern_find(mechanisms[m].pattern));
    }
    for (size_t i = 0; i < n_patterns; i++) {
        assert_ptr_equal(pattern_find(patterns[i].id), &patterns[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_runs_are_run_once),
        cmocka_unit_test(numbers_are_those_of_the_cells),
        cmocka_unit_test(what_is_missing_is_said_before_anything_runs),
        cmocka_unit_test(a_switch_makes_other_runs),
        cmocka_unit_test(a_flip_is_an_interval_on_the_other_side),
        cmocka_unit_test(every_mechanism_names_a_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
