/* test_compare.c - reading results files, and comparing two design points. */
#include "memory.h"
#include "sample.h"
#include "scratch_file.h"

#include "analysis/compare.h"
#include "analysis/resample.h"
#include "sim/sink.h"
#include "sim/utf8.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define REPLICATES 6
#define TICKS 40
#define BURN_IN 10

static const double luck[REPLICATES] = { 0.1, -0.2 / 3, 0.3, 0.05, -0.15, 0.2 };
static const double noise[REPLICATES] = { 0.01, 0.03, -0.02, 0.0, -0.01, 0.02 };

/* Both sides share their luck; B is higher by 0.25 and a little noise. Spending grows in A only; tickets are
 * the same on both sides. */
static void
set_numbers(struct sim_results *results)
{
    for (uint32_t r = 0; r < REPLICATES; r++) {
        for (uint32_t t = 1; t <= TICKS; t++) {
            *sample_number(results, 0, r, t, SHARE, 0) = luck[r];
            *sample_number(results, 1, r, t, SHARE, 0) = luck[r] + 0.25 + noise[r];
            *sample_number(results, 0, r, t, SPENDING, 0) = 1000 + 10 * luck[r] + t;
            *sample_number(results, 1, r, t, SPENDING, 0) =
                1000 + 10 * luck[r] + (t % 2 == 0 ? 1 : -1) * noise[r];
            for (uint32_t label = 0; label < 3; label++) {
                *sample_number(results, 0, r, t, TICKETS, label) = 100 * label + (r % 2);
                *sample_number(results, 1, r, t, TICKETS, label) = 100 * label + (r % 2);
                *sample_number(results, 0, r, t, BY_DEPTH, label) = 0.5;
                *sample_number(results, 1, r, t, BY_DEPTH, label) = 0.5;
            }
        }
    }
}

struct fixture {
    struct sim_experiment experiment;
    struct sim_results results;
    struct reader reader;
    struct comparison comparison;
};

static void
set_up(struct fixture *fixture, uint32_t ticks, uint32_t burn_in)
{
    memset(fixture, 0, sizeof(*fixture));
    fixture->experiment = sample_experiment(2, REPLICATES, ticks, burn_in);
    assert_int_equal(sample_results(&fixture->results, &fixture->experiment), SIM_OK);
    if (ticks == TICKS) {
        set_numbers(&fixture->results);
    }
}

static int
compare_points(struct comparison *comparison, const struct reader *reader, uint32_t a, uint32_t b,
    struct sim_messages *messages)
{
    const struct compare_choice all = { .a = a, .b = b, .resamples = RESAMPLES };
    return compare_init_chosen(comparison, reader, &all, messages);
}

static void
compare(struct fixture *fixture)
{
    assert_int_equal(sample_write(path, &fixture->results, NULL), SIM_OK);
    assert_int_equal(reader_init(&fixture->reader, path, NULL), SIM_OK);
    assert_int_equal(compare_points(&fixture->comparison, &fixture->reader, 0, 1, NULL), SIM_OK);
}

static void
tear_down(struct fixture *fixture)
{
    compare_free(&fixture->comparison);
    reader_free(&fixture->reader);
    sim_results_free(&fixture->results);
}

static const struct compare_row *
row_of(const struct fixture *fixture, const char *name, const char *label, enum outcome_period period)
{
    for (size_t i = 0; i < fixture->comparison.n_rows; i++) {
        const struct compare_row *row = &fixture->comparison.rows[i];
        int same = label == NULL ? row->label == NULL : row->label != NULL && strcmp(row->label, label) == 0;
        if (same && row->period == period && strcmp(row->observation->name, name) == 0) {
            return row;
        }
    }
    fail_msg("no row %s", name);
    return NULL;
}

/* All that was written to a temporary file, which is closed; to be freed by sim_free. */
static char *
text_of(FILE *out)
{
    long size = ftell(out);
    char *text = sim_alloc((size_t) size + 1, 1);
    assert_non_null(text);
    rewind(out);
    assert_int_equal(fread(text, 1, (size_t) size, out), size);
    fclose(out);
    return text;
}

static char *
printed(const struct comparison *comparison, int (*print)(const struct comparison *, FILE *))
{
    FILE *out = tmpfile();
    assert_non_null(out);
    assert_int_equal(print(comparison, out), SIM_OK);
    return text_of(out);
}

static char *
table(const struct comparison *comparison, int columns)
{
    FILE *out = tmpfile();
    assert_non_null(out);
    assert_int_equal(compare_print_table(comparison, out, columns), SIM_OK);
    return text_of(out);
}

static void
reader_tells_what_was_written(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    assert_int_equal(sim_cell_fail(&fixture.results, 2, "no"), SIM_OK);
    compare(&fixture);
    const struct reader *reader = &fixture.reader;
    assert_string_equal(reader->model, "sample");
    assert_int_equal(reader->n_designs, 2);
    assert_int_equal(reader->n_replicates, REPLICATES);
    assert_int_equal(reader->n_ticks, TICKS);
    assert_int_equal(reader->burn_in, BURN_IN);
    assert_int_equal(reader->seed, 7);
    assert_string_equal(reader->scenarios[1], "west");
    assert_string_equal(reader->titles[0], "东部城区的社区");
    assert_int_equal(reader_status(reader, 0, 2), READER_FAILED);
    assert_int_equal(reader_status(reader, 0, 3), READER_RAN);
    assert_int_equal(reader->n_observations, 4);
    const struct reader_observation *tickets = reader_find(reader, "tickets");
    assert_string_equal(reader->observations[1].name, "by_depth");
    assert_string_equal(tickets->dimension, "depth");
    assert_string_equal(tickets->labels[2], "议事");
    assert_string_equal(tickets->unit, "tickets");
    assert_string_equal(tickets->title, "tickets opened");
    assert_null(reader_find(reader, "run_status"));
    assert_null(reader_find(reader, "share")->labels);
    const struct reader_box last = { 1, 1, 5, 1, TICKS - 1, 1, 2, 1 };
    double value;
    assert_int_equal(reader_box(reader, tickets, &last, &value, NULL), SIM_OK);
    assert_true(value == 201);
    tear_down(&fixture);
}

static void
only_variables_of_numbers_are_observations(void **state)
{
    (void) state;
    struct fixture fixture;
    const hsize_t extent[] = { 2, REPLICATES, TICKS };
    set_up(&fixture, TICKS, BURN_IN);
    assert_int_equal(sample_write(path, &fixture.results, NULL), SIM_OK);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t space = H5Screate_simple(3, extent, NULL);
    H5Dclose(H5Dcreate2(file, "remarks", H5T_C_S1, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Fclose(file);
    assert_int_equal(reader_init(&fixture.reader, path, NULL), SIM_OK);
    assert_int_equal(fixture.reader.n_observations, 4);
    assert_null(reader_find(&fixture.reader, "remarks"));
    tear_down(&fixture);
}

static void
assert_refused(const char *name, const char *why)
{
    struct reader reader;
    struct sim_messages messages;
    H5E_auto2_t before;
    H5E_auto2_t after;
    void *data;
    H5Eget_auto2(H5E_DEFAULT, &before, &data);
    sim_messages_init(&messages);
    assert_int_equal(reader_init(&reader, name, &messages), SIM_ERR_FILE);
    assert_int_equal(messages.count, 1);
    if (strstr(messages.list[0].text, why) == NULL) {
        fail_msg("%s", messages.list[0].text);
    }
    assert_string_equal(messages.list[0].file, name);
    sim_messages_free(&messages);
    reader_free(&reader);
    H5Eget_auto2(H5E_DEFAULT, &after, &data);
    assert_true(before == after);
}

static void
reader_refuses_what_is_no_results_file(void **state)
{
    (void) state;
    struct fixture fixture;
    assert_refused("/dev/null/no.h5", "Not a directory");
    assert_refused("/nowhere.h5", "No such file");
    FILE *file = fopen(path, "w");
    fputs("not HDF5", file);
    fclose(file);
    assert_refused(path, "not HDF5");
    hid_t other = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(other);
    assert_refused(path, "not a results file");
    set_up(&fixture, TICKS, BURN_IN);
    assert_int_equal(sample_write(path, &fixture.results, NULL), SIM_OK);
    assert_int_equal(truncate(path, 5000), 0);
    assert_refused(path, "truncated");
    assert_int_equal(sample_write(path, &fixture.results, NULL), SIM_OK);
    other = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(other, "run_status", H5P_DEFAULT);
    H5Fclose(other);
    assert_refused(path, "damaged");
    sim_results_free(&fixture.results);
}

static void
differences_and_intervals_are_those_of_gsl(void **state)
{
    (void) state;
    struct fixture fixture;
    double a[REPLICATES];
    double b[REPLICATES];
    double d[REPLICATES];
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    for (uint32_t r = 0; r < REPLICATES; r++) {
        a[r] = luck[r];
        b[r] = luck[r] + 0.25 + noise[r];
        d[r] = b[r] - a[r];
    }
    double mean = gsl_stats_mean(d, 1, REPLICATES);
    double half = gsl_cdf_tdist_Pinv(0.975, REPLICATES - 1) * gsl_stats_sd(d, 1, REPLICATES)
        / sqrt((double) REPLICATES);
    double ratio = (gsl_stats_variance(a, 1, REPLICATES) + gsl_stats_variance(b, 1, REPLICATES))
        / gsl_stats_variance(d, 1, REPLICATES);
    for (int period = OUTCOME_END; period <= OUTCOME_AVERAGE; period++) {
        const struct compare_row *row = row_of(&fixture, "share", NULL, (enum outcome_period) period);
        assert_int_equal(row->n, REPLICATES);
        assert_true(fabs(row->mean_a - gsl_stats_mean(a, 1, REPLICATES)) < 1e-14);
        assert_true(fabs(row->mean_b - gsl_stats_mean(b, 1, REPLICATES)) < 1e-14);
        assert_true(fabs(row->difference - mean) < 1e-14);
        assert_true(fabs(row->low - (mean - half)) < 1e-12);
        assert_true(fabs(row->high - (mean + half)) < 1e-12);
        assert_true(fabs(row->ratio / ratio - 1) < 1e-10);
    }
    assert_true(ratio > 10);
    tear_down(&fixture);
}

static void
effects_and_probabilities_are_those_of_the_formulas(void **state)
{
    (void) state;
    struct fixture fixture;
    double a[REPLICATES], b[REPLICATES], d[REPLICATES], wins = 0;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    for (uint32_t r = 0; r < REPLICATES; r++) {
        a[r] = luck[r];
        b[r] = luck[r] + 0.25 + noise[r];
        d[r] = b[r] - a[r];
    }
    for (uint32_t i = 0; i < REPLICATES * REPLICATES; i++) {
        double higher = b[i / REPLICATES], lower = a[i % REPLICATES];
        wins += higher > lower ? 1 : higher == lower ? 0.5 : 0;
    }
    const struct compare_row *row = row_of(&fixture, "share", NULL, OUTCOME_AVERAGE);
    double t =
        gsl_stats_mean(d, 1, REPLICATES) / (gsl_stats_sd(d, 1, REPLICATES) / sqrt((double) REPLICATES));
    double pooled = sqrt((gsl_stats_variance(a, 1, REPLICATES) + gsl_stats_variance(b, 1, REPLICATES)) / 2);
    double g = gsl_stats_mean(d, 1, REPLICATES) / pooled;
    assert_true(fabs(row->p / (2 * gsl_cdf_tdist_Q(t, REPLICATES - 1)) - 1) < 1e-9);
    assert_true(fabs(row->superiority - wins / (REPLICATES * REPLICATES)) < 1e-12);
    assert_true(row->effect_size < g && row->effect_size > 0.9 * g); /* 1 - 3 / (4 * 10 - 1) = 0.923 */
    assert_true(fabs(row->effect_size / g - (1 - 3.0 / 39)) < 1e-3);
    const struct compare_row *spending = row_of(&fixture, "spending", NULL, OUTCOME_AVERAGE);
    assert_true(
        spending->p < row->p && row->p_holm == row->p); /* a family of two: the other rows are all 0 */
    assert_true(spending->p_holm == 2 * spending->p);
    const struct compare_row *same = row_of(&fixture, "tickets", "attend", OUTCOME_END);
    assert_true(isnan(same->p) && isnan(same->p_holm));
    assert_true(same->superiority == 0.5 && same->effect_size == 0);
    tear_down(&fixture);
}

static void
bootstrap_intervals_lie_within_the_differences_and_repeat(void **state)
{
    (void) state;
    struct fixture fixture;
    struct comparison again;
    set_up(&fixture, TICKS, BURN_IN);
    *sample_number(&fixture.results, 1, 4, TICKS, SHARE, 0) = (double) NAN;
    compare(&fixture);
    assert_int_equal(compare_points(&again, &fixture.reader, 0, 1, NULL), SIM_OK);
    for (size_t i = 0; i < again.n_rows; i++) {
        const struct compare_row *row = &fixture.comparison.rows[i];
        assert_true(row->bootstrap_low <= row->difference && row->bootstrap_high >= row->difference);
        assert_memory_equal(row, &again.rows[i], sizeof(*row));
    }
    const struct compare_row *share = row_of(&fixture, "share", NULL, OUTCOME_END);
    assert_int_equal(share->n, 5); /* 0.26, 0.28, 0.23, 0.25, 0.27 */
    assert_true(share->bootstrap_low > 0.23 && share->bootstrap_low < 0.245);
    assert_true(share->bootstrap_high < 0.28 && share->bootstrap_high > 0.265);
    const struct compare_row *same = row_of(&fixture, "tickets", "none", OUTCOME_END);
    assert_true(same->bootstrap_low == 0 && same->bootstrap_high == 0);
    compare_free(&again);
    tear_down(&fixture);
}

static void
a_choice_limits_the_rows_and_their_family(void **state)
{
    (void) state;
    struct fixture fixture;
    struct comparison chosen;
    const char *const names[] = { "tickets:议事@end", "share", "share@end" };
    const struct compare_choice choice = {
        .a = 0, .b = 1, .observations = names, .n_observations = 3, .resamples = 100
    };
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    assert_int_equal(compare_init_chosen(&chosen, &fixture.reader, &choice, NULL), SIM_OK);
    assert_int_equal(chosen.n_rows, 3);
    assert_string_equal(chosen.rows[0].label, "议事");
    assert_true(chosen.rows[0].period == OUTCOME_END && chosen.rows[1].period == OUTCOME_END);
    assert_true(chosen.rows[2].period == OUTCOME_AVERAGE);
    assert_string_equal(chosen.rows[2].observation->name, "share");
    const struct compare_row *share = row_of(&fixture, "share", NULL, OUTCOME_END);
    assert_true(chosen.rows[1].difference == share->difference && chosen.rows[1].p == share->p);
    assert_true(chosen.rows[1].p_holm == share->p); /* alone in its family */
    assert_int_equal(chosen.n_series, 2);
    compare_free(&chosen);
    tear_down(&fixture);
}

static void
unknown_observations_are_refused_with_a_suggestion(void **state)
{
    (void) state;
    struct fixture fixture;
    struct comparison chosen;
    struct sim_messages messages;
    const char *const names[] = { "spendng" };
    const struct compare_choice choice = {
        .a = 0, .b = 1, .observations = names, .n_observations = 1, .resamples = 100
    };
    sim_messages_init(&messages);
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    assert_int_equal(compare_init_chosen(&chosen, &fixture.reader, &choice, &messages), SIM_ERR_INPUT);
    assert_non_null(strstr(messages.list[0].text, "did you mean \"spending\""));
    compare_free(&chosen);
    sim_messages_free(&messages);
    tear_down(&fixture);
}

static void
points_are_found_by_scenario_and_by_number(void **state)
{
    (void) state;
    struct fixture fixture;
    struct sim_messages messages;
    uint32_t design = 7;
    sim_messages_init(&messages);
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    assert_int_equal(compare_find_point(&fixture.reader, "west", &design, &messages), SIM_OK);
    assert_int_equal(design, 1);
    assert_int_equal(compare_find_point(&fixture.reader, "0", &design, &messages), SIM_OK);
    assert_int_equal(design, 0);
    static const char *const wrong[] = { "2", "99999999999999999999", "wset", "", "-1", "nothing like it" };
    static const char *const said[] = { "from 0 to 1", "from 0 to 1", "did you mean \"west\"", "\"east\"",
        "\"east\"", "\"east\"" };
    for (int i = 0; i < 6; i++) {
        assert_int_equal(compare_find_point(&fixture.reader, wrong[i], &design, &messages), SIM_ERR_INPUT);
        assert_int_equal(messages.count, i + 1);
        if (strstr(messages.list[i].text, said[i]) == NULL) {
            fail_msg("%s", messages.list[i].text);
        }
    }
    sim_messages_free(&messages);
    tear_down(&fixture);
}

static void
series_end_where_the_rows_are(void **state)
{
    (void) state;
    struct fixture fixture;
    struct comparison chosen;
    const char *const names[] = { "share", "spending", "by_depth" };
    const struct compare_choice choice = {
        .a = 0, .b = 1, .observations = names, .n_observations = 3, .resamples = 100
    };
    set_up(&fixture, TICKS, BURN_IN);
    assert_int_equal(sim_cell_fail(&fixture.results, 1, "A failed"), SIM_OK);
    *sample_number(&fixture.results, 1, 4, 3, SHARE, 0) = (double) NAN;
    compare(&fixture);
    assert_int_equal(compare_init_chosen(&chosen, &fixture.reader, &choice, NULL), SIM_OK);
    assert_int_equal(chosen.n_series, 5);
    for (size_t i = 0; i < chosen.n_series; i++) {
        const struct compare_series *series = &chosen.series[i];
        const struct compare_row *row =
            row_of(&fixture, series->observation->name, series->label, OUTCOME_END);
        const struct compare_month *last = &series->months[TICKS - 1];
        assert_int_equal(last->n, row->n);
        assert_true(last->mean_a == row->mean_a && last->mean_b == row->mean_b);
        assert_true(last->difference == row->difference && last->low == row->low && last->high == row->high);
    }
    assert_int_equal(chosen.series[0].months[2].n, REPLICATES - 2);
    assert_int_equal(chosen.series[0].months[3].n, REPLICATES - 1);
    assert_true(fabs(chosen.series[1].months[6].mean_a - chosen.series[1].months[2].mean_a - 4) < 1e-9);
    FILE *out = tmpfile();
    assert_int_equal(compare_print_series_table(&chosen, out, 80), SIM_OK);
    char *text = text_of(out);
    assert_non_null(strstr(text, "by_depth: attend\n"));
    assert_non_null(strstr(text, "\n    3     4 "));
    sim_free(text);
    text = printed(&chosen, compare_print_series_csv);
    assert_non_null(strstr(text, "share,,1,3,4,"));
    assert_non_null(strstr(text, "by_depth,议事,1,40,5,0.5,0.5,0,0,0\r\n"));
    sim_free(text);
    compare_free(&chosen);
    tear_down(&fixture);
}

static void
failed_cells_are_told_in_words_and_json(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    assert_int_equal(sim_cell_fail(&fixture.results, 1, "A failed"), SIM_OK);
    assert_int_equal(sim_cell_fail(&fixture.results, REPLICATES + 1, "B too"), SIM_OK);
    compare(&fixture);
    char *text = table(&fixture.comparison, 200);
    assert_non_null(strstr(text, "5 of 6 pairs"));
    assert_non_null(strstr(text, "2 cells failed and are left out"));
    assert_non_null(strstr(text, "cogov status"));
    sim_free(text);
    json_t *all = compare_json(&fixture.comparison);
    assert_int_equal(json_integer_value(json_object_get(all, "failed_cells")), 2);
    assert_int_equal(json_integer_value(json_object_get(all, "not_run_cells")), 0);
    assert_int_equal(json_integer_value(json_object_get(all, "pairs")), 5);
    json_decref(all);
    tear_down(&fixture);
}

static void
averages_are_over_the_last_24_months(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    assert_int_equal(fixture.comparison.first_tick, 17);
    assert_int_equal(fixture.comparison.months, 24);
    double start = 1000 + 10 * gsl_stats_mean(luck, 1, REPLICATES);
    assert_true(fabs(row_of(&fixture, "spending", NULL, OUTCOME_END)->mean_a - (start + 40)) < 1e-9);
    assert_true(fabs(row_of(&fixture, "spending", NULL, OUTCOME_AVERAGE)->mean_a - (start + 28.5)) < 1e-9);
    tear_down(&fixture);
}

static void
burn_in_is_left_out_of_averages(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, 33);
    compare(&fixture);
    assert_int_equal(fixture.comparison.first_tick, 34);
    assert_int_equal(fixture.comparison.months, 7);
    double start = 1000 + 10 * gsl_stats_mean(luck, 1, REPLICATES);
    assert_true(fabs(row_of(&fixture, "spending", NULL, OUTCOME_AVERAGE)->mean_a - (start + 37)) < 1e-9);
    tear_down(&fixture);
    set_up(&fixture, 3, 24);
    compare(&fixture);
    assert_int_equal(fixture.comparison.months, 0);
    assert_int_equal(fixture.comparison.n_rows, 8);
    tear_down(&fixture);
}

static void
differences_that_do_not_vary_have_an_infinite_ratio(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    const struct compare_row *varies = row_of(&fixture, "tickets", "attend", OUTCOME_END);
    assert_true(isinf(varies->ratio));
    assert_true(varies->difference == 0 && varies->low == 0 && varies->high == 0);
    assert_true(isnan(row_of(&fixture, "by_depth", "none", OUTCOME_AVERAGE)->ratio));
    tear_down(&fixture);
}

static void
a_trend_is_told_where_there_is_one(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    const struct compare_row *spending = row_of(&fixture, "spending", NULL, OUTCOME_AVERAGE);
    assert_int_equal(spending->trend_a, 1);
    assert_int_equal(spending->trend_b, 0);
    assert_int_equal(row_of(&fixture, "share", NULL, OUTCOME_AVERAGE)->trend_a, 0);
    assert_int_equal(row_of(&fixture, "share", NULL, OUTCOME_END)->trend_a, -1);
    tear_down(&fixture);
}

static void
failed_runs_and_missing_values_are_dropped_in_pairs(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    assert_int_equal(sim_cell_fail(&fixture.results, 1, "A failed"), SIM_OK);
    *sample_number(&fixture.results, 1, 4, TICKS, SHARE, 0) = (double) NAN;
    compare(&fixture);
    assert_int_equal(fixture.comparison.n_pairs, REPLICATES - 1);
    const struct compare_row *share = row_of(&fixture, "share", NULL, OUTCOME_END);
    const double left[] = { luck[0], luck[2], luck[3], luck[5] };
    assert_int_equal(share->n, 4);
    assert_true(fabs(share->mean_a - gsl_stats_mean(left, 1, 4)) < 1e-14);
    assert_int_equal(
        row_of(&fixture, "share", NULL, OUTCOME_AVERAGE)->n, 5); /* the months with a value are averaged */
    assert_int_equal(row_of(&fixture, "tickets", "none", OUTCOME_END)->n, 5);
    tear_down(&fixture);
}

/* Share by community: three of them, 0, 1 and 2 times the share in A, all alike in B, of which the third is none. */
static void
add_communities(void)
{
    const hsize_t extent[] = { 2, REPLICATES, TICKS, 3 }, designs = 2, places = 3;
    static double values[2][REPLICATES][TICKS][3];
    const double numbers[] = { 0, 1, 2 }, counts[] = { 3, 2 };
    for (int r = 0; r < REPLICATES; r++) {
        for (int t = 0; t < TICKS; t++) {
            for (int c = 0; c < 3; c++) {
                values[0][r][t][c] = c * (1 + luck[r]);
                values[1][r][t][c] = c < 2 ? 1 + luck[r] : (double) NAN;
            }
        }
    }
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(H5LTmake_dataset_double(file, "community", 1, &places, numbers) >= 0);
    assert_true(H5LTmake_dataset_double(file, "community_count", 1, &designs, counts) >= 0);
    assert_true(H5LTmake_dataset_double(file, "share_by_community", 4, extent, values[0][0][0]) >= 0);
    hid_t scale = H5Dopen2(file, "community", H5P_DEFAULT);
    hid_t variable = H5Dopen2(file, "share_by_community", H5P_DEFAULT);
    assert_true(H5DSset_scale(scale, "community") >= 0 && H5DSattach_scale(variable, scale, 3) >= 0);
    H5Dclose(scale);
    H5Dclose(variable);
    H5Fclose(file);
}

/* A comparison of a file that is recorded by community. */
static void
compare_communities(struct fixture *fixture)
{
    assert_int_equal(sample_write(path, &fixture->results, NULL), SIM_OK);
    add_communities();
    assert_int_equal(reader_init(&fixture->reader, path, NULL), SIM_OK);
    assert_int_equal(fixture->reader.n_observations, 4);
    assert_int_equal(compare_points(&fixture->comparison, &fixture->reader, 0, 1, NULL), SIM_OK);
}

static void
spreads_over_communities_are_those_of_the_example(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare_communities(&fixture);
    compare_free(&fixture.comparison);
    const char *const names[] = { "share", "spending" };
    const struct compare_choice choice = {
        .a = 0, .b = 1, .observations = names, .n_observations = 2, .resamples = 100
    };
    assert_int_equal(compare_init_chosen(&fixture.comparison, &fixture.reader, &choice, NULL), SIM_OK);
    assert_int_equal(fixture.comparison.n_distributions, 1);
    const struct compare_distribution *share = &fixture.comparison.distributions[0];
    double mean = 1 + gsl_stats_mean(luck, 1, REPLICATES);
    assert_string_equal(share->place, "community");
    assert_true(share->a.n_places == 3 && share->b.n_places == 2 && share->n == REPLICATES);
    assert_true(fabs(share->a.gini.value - 4.0 / 9) < 1e-12 && share->b.gini.value == 0);
    assert_true(fabs(share->gini_difference.value + 4.0 / 9) < 1e-12);
    assert_true(fabs(share->a.quantiles[2] - mean) < 1e-12 && fabs(share->b.quantiles[0] - mean) < 1e-12);
    assert_true(fabs(share->quantile_differences[4].value - (1 - 1.9) * mean) < 1e-12);
    assert_true(fabs(share->a.p90_p10 - 1.8 / 0.2) < 1e-9 && fabs(share->b.p90_p10 - 1) < 1e-12);
    char *text = table(&fixture.comparison, 100);
    assert_non_null(strstr(text, "by community (3 of A, 2 of B), mean of months 17-40"));
    sim_free(text);
    text = printed(&fixture.comparison, compare_print_csv);
    assert_non_null(strstr(text, "share,,1,average,17,40,6,"));
    assert_non_null(strstr(text, ",community_q05\r\n"));
    sim_free(text);
    tear_down(&fixture);
}

static void
no_refused_request_is_lost_or_leaks(void **state)
{
    (void) state;
    struct fixture fixture;
    struct comparison refused;
    const char *const names[] = { "share", "by_depth" };
    const struct compare_choice choice = {
        .a = 0, .b = 1, .observations = names, .n_observations = 2, .resamples = 100
    };
    set_up(&fixture, TICKS, BURN_IN);
    compare_communities(&fixture);
    long live = memory_live, n = 0;
    int ret = SIM_ERR_MEMORY;
    while (ret != SIM_OK) {
        memory_fails_at(++n, 0);
        ret = compare_init_chosen(&refused, &fixture.reader, &choice, NULL);
        memory_fails_at(0, 0);
        assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY);
        assert_int_equal(refused.n_distributions, ret == SIM_OK ? 1 : refused.n_distributions);
        compare_free(&refused);
        assert_int_equal(memory_live, live);
    }
    assert_true(n > 50);
    tear_down(&fixture);
}

static void
too_few_pairs_have_no_interval(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    for (uint32_t r = 1; r < REPLICATES; r++) {
        assert_int_equal(sim_cell_fail(&fixture.results, r, "no"), SIM_OK);
    }
    compare(&fixture);
    const struct compare_row *share = row_of(&fixture, "share", NULL, OUTCOME_END);
    assert_int_equal(share->n, 1);
    assert_true(fabs(share->difference - 0.26) < 1e-12);
    assert_true(isnan(share->low) && isnan(share->high) && isnan(share->ratio));
    char *text = printed(&fixture.comparison, compare_print_csv);
    assert_non_null(strstr(text, "share,,1,end,40,40,1,"));
    sim_free(text);
    tear_down(&fixture);
}

static void
designs_that_are_not_there_are_refused(void **state)
{
    (void) state;
    struct fixture fixture;
    struct sim_messages messages;
    sim_messages_init(&messages);
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    compare_free(&fixture.comparison);
    assert_int_equal(compare_points(&fixture.comparison, &fixture.reader, 0, 2, &messages), SIM_ERR_INPUT);
    assert_int_equal(messages.count, 1);
    sim_messages_free(&messages);
    tear_down(&fixture);
}

static int
widest_line(const char *text)
{
    int widest = 0;
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        char copy[1024];
        assert_true(length < sizeof(copy));
        memcpy(copy, line, length);
        copy[length] = '\0';
        int width = sim_utf8_width(copy);
        widest = width > widest ? width : widest;
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return widest;
}

static void
table_fits_the_terminal_and_says_what_it_shows(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    *sample_number(&fixture.results, 0, 0, TICKS, TICKETS, 0) = 1.5e12;
    *sample_number(&fixture.results, 0, 1, TICKS, SHARE, 0) = (double) NAN;
    compare(&fixture);
    const int columns[] = { 72, 80, 100, 140, 200 };
    for (int i = 0; i < 5; i++) {
        char *text = table(&fixture.comparison, columns[i]);
        assert_true(widest_line(text) <= columns[i]);
        assert_non_null(strstr(text, "东部城区的社区"));
        assert_non_null(strstr(text, "at month 40"));
        assert_non_null(strstr(text, "mean of months 17-40"));
        assert_non_null(strstr(text, "spending (CNY)"));
        assert_null(strstr(text, "…"));
        assert_non_null(strstr(text, "A trend remains"));
        assert_non_null(strstr(text, "spending (A)"));
        assert_non_null(strstr(text, "share (end, 5)"));
        assert_int_equal(strstr(text, "P(B>A)") != NULL, columns[i] >= 100);
        assert_int_equal(strstr(text, "bootstrap") != NULL, columns[i] >= 140);
        sim_free(text);
    }
    tear_down(&fixture);
}

/* Where the line of the table begins that begins like this. */
static const char *
line_of(const char *text, const char *start)
{
    char wanted[128];
    snprintf(wanted, sizeof(wanted), "\n%s", start);
    const char *line = strstr(text, wanted);
    if (line == NULL) {
        fail_msg("no line begins with '%s' in:\n%s", start, text);
    }
    return line == NULL ? text : line + 1;
}

static void
units_are_complete_however_narrow_the_table(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    struct reader_observation *spending = &fixture.reader.observations[SPENDING];
    char *unit = spending->unit;
    char *name = spending->name;
    char long_unit[] = "CNY per resident and month";
    char long_name[] = "spending_of_all_streets_and_communities_together";
    spending->unit = long_unit;
    char *text = table(&fixture.comparison, 120);
    assert_non_null(strstr(text, "spending (CNY per resident and month) "));
    sim_free(text);
    text = table(&fixture.comparison, 80);
    const char *line = line_of(text, "spending      ");
    assert_non_null(strpbrk(line, "0123456789"));
    assert_true(strpbrk(line, "0123456789") < strchr(line, '\n')); /* the numbers stand beside the name */
    assert_true(line_of(line, "  (CNY per resident and month)\n") == strchr(line, '\n') + 1);
    assert_true(widest_line(text) <= 80);
    sim_free(text);
    spending->name = long_name;
    text = table(&fixture.comparison, 80);
    line = line_of(text, "spending_of_all_streets_and_communities_together (CNY per resident and month)\n");
    assert_true(strchr(line, '\n')[1] == ' ');
    assert_null(strstr(text, "…"));
    assert_true(widest_line(text) <= 80);
    sim_free(text);
    spending->unit = unit;
    spending->name = name;
    tear_down(&fixture);
}

static void
csv_keeps_every_bit(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    char *text = printed(&fixture.comparison, compare_print_csv);
    size_t lines = 0;
    for (const char *at = strstr(text, "\r\n"); at != NULL; at = strstr(at + 2, "\r\n")) {
        lines++;
    }
    assert_int_equal(lines, fixture.comparison.n_rows + 1);
    const struct compare_row *share = row_of(&fixture, "share", NULL, OUTCOME_AVERAGE);
    const char *line = strstr(text, "share,,1,average,17,40,6,");
    assert_non_null(line);
    double a;
    double b;
    double difference;
    assert_int_equal(sscanf(line, "share,,1,average,17,40,6,%lf,%lf,%lf,", &a, &b, &difference), 3);
    assert_true(a == share->mean_a && b == share->mean_b && difference == share->difference);
    assert_non_null(strstr(text, "tickets,议事,tickets,end,40,40,6,"));
    assert_non_null(strstr(text, ",inf,,,mean\r\n"));
    sim_free(text);
    tear_down(&fixture);
}

static void
csv_quotes_what_needs_it(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    char *unit = fixture.reader.observations[SPENDING].unit;
    char quoted[] = "CNY, \"now\"";
    fixture.reader.observations[SPENDING].unit = quoted;
    char *text = printed(&fixture.comparison, compare_print_csv);
    assert_non_null(strstr(text, "spending,,\"CNY, \"\"now\"\"\",end,"));
    sim_free(text);
    fixture.reader.observations[SPENDING].unit = unit;
    tear_down(&fixture);
}

static void
json_says_the_same(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    char *text = printed(&fixture.comparison, compare_print_json);
    json_t *all = json_loads(text, 0, NULL);
    assert_non_null(all);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(all, "a"), "title")), "东部城区的社区");
    assert_int_equal(json_integer_value(json_object_get(all, "averaged_months")), 24);
    json_t *rows = json_object_get(all, "rows");
    assert_int_equal(json_array_size(rows), fixture.comparison.n_rows);
    for (size_t i = 0; i < fixture.comparison.n_rows; i++) {
        const struct compare_row *row = &fixture.comparison.rows[i];
        const json_t *object = json_array_get(rows, i);
        const json_t *ratio = json_object_get(object, "ratio");
        assert_string_equal(
            json_string_value(json_object_get(object, "observation")), row->observation->name);
        assert_true(json_number_value(json_object_get(object, "difference")) == row->difference);
        const struct {
            const char *name;
            double number;
        } members[] = { { "mean_a", row->mean_a }, { "mean_b", row->mean_b }, { "low", row->low },
            { "high", row->high }, { "bootstrap_low", row->bootstrap_low },
            { "bootstrap_high", row->bootstrap_high }, { "effect_size", row->effect_size },
            { "superiority", row->superiority }, { "p", row->p }, { "p_holm", row->p_holm } };
        for (size_t m = 0; m < sizeof(members) / sizeof(*members); m++) {
            const json_t *number = json_object_get(object, members[m].name);
            assert_true(isnan(members[m].number) ? json_is_null(number)
                                                 : json_real_value(number) == members[m].number);
        }
        assert_true(isnan(row->ratio) ? json_is_null(ratio)
                : isinf(row->ratio)   ? json_is_string(ratio)
                                      : json_is_real(ratio));
        assert_int_equal(json_is_null(json_object_get(object, "label")), row->label == NULL);
        assert_int_equal(json_is_true(json_object_get(object, "trend_a")), row->trend_a == 1);
    }
    json_decref(all);
    sim_free(text);
    tear_down(&fixture);
}

static void
a_full_disk_is_an_error_of_the_printers(void **state)
{
    (void) state;
    struct fixture fixture;
    set_up(&fixture, TICKS, BURN_IN);
    compare(&fixture);
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        skip();
    }
    assert_int_equal(compare_print_table(&fixture.comparison, full, 80), SIM_ERR_FILE);
    assert_int_equal(compare_print_csv(&fixture.comparison, full), SIM_ERR_FILE);
    assert_int_equal(compare_print_json(&fixture.comparison, full), SIM_ERR_FILE);
    assert_int_equal(compare_print_series_table(&fixture.comparison, full, 80), SIM_ERR_FILE);
    assert_int_equal(compare_print_series_csv(&fixture.comparison, full), SIM_ERR_FILE);
    fclose(full);
    tear_down(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader_tells_what_was_written),
        cmocka_unit_test(only_variables_of_numbers_are_observations),
        cmocka_unit_test(reader_refuses_what_is_no_results_file),
        cmocka_unit_test(differences_and_intervals_are_those_of_gsl),
        cmocka_unit_test(effects_and_probabilities_are_those_of_the_formulas),
        cmocka_unit_test(bootstrap_intervals_lie_within_the_differences_and_repeat),
        cmocka_unit_test(a_choice_limits_the_rows_and_their_family),
        cmocka_unit_test(unknown_observations_are_refused_with_a_suggestion),
        cmocka_unit_test(points_are_found_by_scenario_and_by_number),
        cmocka_unit_test(series_end_where_the_rows_are),
        cmocka_unit_test(failed_cells_are_told_in_words_and_json),
        cmocka_unit_test(averages_are_over_the_last_24_months),
        cmocka_unit_test(burn_in_is_left_out_of_averages),
        cmocka_unit_test(differences_that_do_not_vary_have_an_infinite_ratio),
        cmocka_unit_test(a_trend_is_told_where_there_is_one),
        cmocka_unit_test(failed_runs_and_missing_values_are_dropped_in_pairs),
        cmocka_unit_test(spreads_over_communities_are_those_of_the_example),
        cmocka_unit_test(no_refused_request_is_lost_or_leaks),
        cmocka_unit_test(too_few_pairs_have_no_interval),
        cmocka_unit_test(designs_that_are_not_there_are_refused),
        cmocka_unit_test(table_fits_the_terminal_and_says_what_it_shows),
        cmocka_unit_test(units_are_complete_however_narrow_the_table),
        cmocka_unit_test(csv_keeps_every_bit),
        cmocka_unit_test(csv_quotes_what_needs_it),
        cmocka_unit_test(json_says_the_same),
        cmocka_unit_test(a_full_disk_is_an_error_of_the_printers),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
