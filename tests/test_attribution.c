/* test_attribution.c - from a results file whose numbers are a game with a known answer to what each group adds; no
 * refused memory on the way is lost. */
#include "analysis/attribution.h"

#include "models/null/null.h"
#include "sim/alloc.h"
#include "sim/design_attribution.h"
#include "sim/error.h"
#include "sim/experiment.h"
#include "sim/results.h"
#include "sim/sink.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "memory.h"

#define REPLICATES 3
#define A "model: 'null'\ntitle: 甲\ncity: {streets: 1, communities: 2, residents: 3}\n"
#define B "model: 'null'\ntitle: B\ncity: {streets: 2, communities: 3, residents: 4}\n"
#define MIX \
    "scenarios: [a, b]\ndesign: attribution\ngroups: {left: [city.streets], right: [city.communities], other: [city.residents]}\n"

static const struct sim_model *
find_null(const char *name)
{
    return strcmp(name, "null") == 0 ? &null_model : NULL;
}

static int
read_experiment(struct sim_experiment *experiment, const char *text)
{
    static const char *const no_folders[] = { NULL }, *const specs[] = { "x.yaml" };
    const struct sim_file files[] = { { "a.yaml", A }, { "b.yaml", B }, { "x.yaml", text } };
    const struct sim_request request = { .specs = specs,
        .n_specs = 1,
        .n_replicates = REPLICATES,
        .seed = -1,
        .n_ticks = 4,
        .burn_in = -1,
        .standard_replicates = 1,
        .search = { .folders = no_folders, .files = files, .n_files = SIM_COUNT_OF(files) },
        .find_model = find_null,
        .model_names = "null" };
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = sim_experiment_init(experiment, &request, &messages);
    sim_messages_free(&messages);
    return ret;
}

/* What a mixture is worth in a replicate: 60 for a left glove with a right one (or another), and its luck. */
static double
worth(uint64_t mixture, uint32_t replicate)
{
    return 100.0 * replicate + ((mixture & 1) != 0 && (mixture & 6) != 0 ? 60 : 0);
}

static int
fill(struct sim_results *results, const struct sim_experiment *experiment)
{
    int ret = sim_results_init(results, experiment);
    for (uint32_t c = 0; ret == SIM_OK && c < results->n_cells; c++) {
        struct sim_cell *cell = &results->cells[c];
        cell->rows = sim_alloc(sim_cell_numbers(results), sizeof(double));
        if (cell->rows == NULL) {
            return SIM_ERR_MEMORY;
        }
        for (size_t i = 0; i < sim_cell_numbers(results); i++) {
            cell->rows[i] = worth(experiment->design.attribution->mixtures[c / REPLICATES], c % REPLICATES);
        }
        cell->status = SIM_RUN_OK;
        cell->digest = sim_cell_digest(results, cell);
    }
    return ret;
}

static char folder[64];

static int
enter(void **state)
{
    (void) state;
    strcpy(folder, "/tmp/cogov-mix-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
leave(void **state)
{
    (void) state;
    unlink("r.h5");
    return chdir("/") != 0 || rmdir(folder) != 0;
}

/* Writes r.h5. */
static void
write_game(const char *text)
{
    struct sim_experiment experiment;
    struct sim_results results;
    assert_int_equal(read_experiment(&experiment, text), SIM_OK);
    assert_int_equal(fill(&results, &experiment), SIM_OK);
    struct sim_source source = sim_results_source(&results);
    assert_int_equal(sim_sink_write("r.h5", &source, NULL), SIM_OK);
    sim_results_free(&results);
    sim_experiment_free(&experiment);
}

static void
assert_interval(struct inference_interval interval, double expected)
{
    if (!(fabs(interval.value - expected) < 1e-12 && fabs(interval.low - expected) < 1e-12
            && fabs(interval.high - expected) < 1e-12)) {
        fail_msg("%g [%g, %g] is not %g", interval.value, interval.low, interval.high, expected);
    }
}

static void
the_answer_of_a_known_game_comes_out_of_its_file(void **state)
{
    struct reader reader;
    struct attribution attribution;
    (void) state;
    write_game(MIX);
    assert_int_equal(reader_init(&reader, "r.h5", NULL), SIM_OK);
    assert_int_equal(attribution_init(&attribution, &reader, NULL, 0, NULL), SIM_OK);
    assert_int_equal(attribution.n_groups, 3);
    assert_string_equal(attribution.groups[2].name, "other");
    assert_int_equal(attribution.groups[2].n_parameters, 1);
    assert_string_equal(attribution.groups[2].parameters[0]->name, "city.residents");
    assert_int_equal(attribution.n_outcomes, 1);
    const struct attribution_outcome *row = &attribution.outcomes[0];
    assert_int_equal(row->n, REPLICATES);
    assert_true(row->value_a == 100 && row->value_b == 160);
    assert_interval(row->total, 60);
    assert_interval(row->effects[0].shapley, 40);
    assert_interval(row->effects[1].shapley, 10);
    assert_interval(row->effects[2].shapley, 10);
    assert_interval(row->effects[0].one_in, 0);
    assert_interval(row->effects[0].one_out, 60);
    assert_interval(row->effects[1].one_out, 0);
    /* left with right: 60 without the other, nothing with it; half of the sum */
    assert_interval(row->interactions[attribution_pair(&attribution, 0, 1)], 30);
    assert_interval(row->interactions[attribution_pair(&attribution, 0, 2)], 30);
    assert_interval(row->interactions[attribution_pair(&attribution, 1, 2)], -30);
    attribution_free(&attribution);
    attribution_free(&attribution);
    reader_free(&reader);
}

static void
the_groups_of_any_sample_of_orders_add_up(void **state)
{
    struct reader reader;
    struct attribution attribution;
    (void) state;
    write_game(MIX "permutations: 40\n");
    assert_int_equal(reader_init(&reader, "r.h5", NULL), SIM_OK);
    assert_int_equal(attribution_init(&attribution, &reader, NULL, 0, NULL), SIM_OK);
    assert_int_equal(attribution.n_orders, 40);
    const struct attribution_outcome *row = &attribution.outcomes[0];
    const struct attribution_effect *effects = row->effects;
    assert_null(row->interactions);
    assert_true(
        fabs(effects[0].shapley.value + effects[1].shapley.value + effects[2].shapley.value - 60) < 1e-12);
    assert_true(effects[0].shapley.low < 40 && effects[0].shapley.high > 40);
    assert_true(effects[0].shapley.high - effects[0].shapley.low > 5); /* replicates agree, orders do not */
    attribution_free(&attribution);
    reader_free(&reader);
}

static void
a_file_of_which_no_memory_is_left_is_not_there(void **state)
{
    struct sim_experiment experiment;
    struct sim_results results;
    int ret = SIM_ERR_MEMORY;
    (void) state;
    assert_int_equal(read_experiment(&experiment, MIX "permutations: 2\n"), SIM_OK);
    assert_int_equal(fill(&results, &experiment), SIM_OK);
    struct sim_source source = sim_results_source(&results);
    long n = 1, live = memory_live;
    for (; ret != SIM_OK; n++) {
        memory_fails_at(n, 0);
        ret = sim_sink_write("r.h5", &source, NULL);
        memory_fails_at(0, 0);
        assert_int_equal(memory_live, live);
        assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY);
        assert_true(access("r.h5", F_OK) != 0 || sim_sink_matches("r.h5", &experiment) == SIM_OK);
        if (ret != SIM_OK) {
            unlink("r.h5");
        }
    }
    assert_true(n > 30);
    sim_results_free(&results);
    sim_experiment_free(&experiment);
}

static int
attribute(FILE *out)
{
    struct reader reader;
    struct attribution attribution = { .reader = NULL };
    int ret = reader_init(&reader, "r.h5", NULL);
    if (ret == SIM_OK) {
        ret = attribution_init(&attribution, &reader, NULL, 0, NULL);
    }
    if (ret == SIM_OK) {
        ret = attribution_print_table(&attribution, out, 100);
    }
    if (ret == SIM_OK) {
        ret = attribution_print_csv(&attribution, out);
    }
    if (ret == SIM_OK) {
        ret = attribution_print_json(&attribution, out);
    }
    attribution_free(&attribution);
    reader_free(&reader);
    return ret;
}

static void
no_refused_request_of_the_analysis_leaks(void **state)
{
    static const char *const texts[] = { MIX, MIX "permutations: 2\n" };
    (void) state;
    for (size_t i = 0; i < SIM_COUNT_OF(texts); i++) {
        FILE *out = fopen("/dev/null", "w");
        int ret = SIM_ERR_MEMORY;
        assert_non_null(out);
        write_game(texts[i]);
        long n = 1, live = memory_live;
        for (; ret != SIM_OK; n++) {
            memory_fails_at(n, 0);
            ret = attribute(out);
            memory_fails_at(0, 0);
            assert_int_equal(memory_live, live);
            assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY);
        }
        assert_true(n > 60);
        fclose(out);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave)

int
main(void)
{
    const struct CMUnitTest tests[] = { TEST(the_answer_of_a_known_game_comes_out_of_its_file),
        TEST(the_groups_of_any_sample_of_orders_add_up), TEST(a_file_of_which_no_memory_is_left_is_not_there),
        TEST(no_refused_request_of_the_analysis_leaks) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
