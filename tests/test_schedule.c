/* test_schedule.c - which cells are run depends on the experiment and the numbers, never on the order of work. */
#include "sim/error.h"
#include "sim/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT 512 /* cells */
#define TICKS 4

static const char *const sides[] = { "left", "right" };
static const struct sim_dimension dimensions[] = { { "side", "", sides, 2, NULL } };
static const struct sim_observation observations[] = {
    { .name = "total", .dimension = -1, .aggregate = SIM_TOTAL },
    { .name = "by_side", .dimension = 0, .aggregate = SIM_MEAN },
};
static const struct sim_model model = { .name = "imagined",
    .dimensions = dimensions,
    .n_dimensions = 1,
    .observations = observations,
    .n_observations = 2 };

#define ROW 3

/* An experiment whose cells give made-up numbers. */
struct bench {
    struct sim_experiment experiment;
    unsigned char there[LIMIT], runs[LIMIT], bad[LIMIT]; /* by cell */
    double spread[64];                                   /* by point */
};

/* A number that looks random and depends on its cell alone, with the spread of its point. */
static double
imagine(const struct bench *bench, uint32_t cell, uint32_t column)
{
    uint32_t x = (cell * 3 + column + 1) * 2654435761u;
    x ^= x >> 15;
    x *= 2246822519u;
    x ^= x >> 13;
    return bench->spread[cell / bench->experiment.n_replicates] * ((double) x / 4294967296.0 - 0.5);
}

static int
numbers(void *context, uint32_t cell, uint64_t first, uint64_t n, double *out)
{
    const struct bench *bench = context;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t tick = (first + i) / ROW;
        out[i] =
            tick < bench->experiment.burn_in ? 1e6 : imagine(bench, cell, (uint32_t) ((first + i) % ROW));
    }
    return SIM_OK;
}

static struct sim_outcome
outcome(void *context, uint32_t cell)
{
    const struct bench *bench = context;
    return (struct sim_outcome){ !bench->there[cell] ? SIM_RUN_NOT_RUN
            : bench->bad[cell]                       ? SIM_RUN_FAILED
                                                     : SIM_RUN_OK,
        "", 1 };
}

static struct sim_source
source_of(struct bench *bench)
{
    return (struct sim_source){ &bench->experiment, { .row = ROW }, outcome, numbers, bench };
}

static void
bench_init(struct bench *bench, uint32_t n_points, uint32_t n_replicates)
{
    memset(bench, 0, sizeof(*bench));
    bench->experiment = (struct sim_experiment){ .model = &model,
        .n_bases = n_points,
        .n_points = n_points,
        .n_replicates = n_replicates,
        .n_ticks = TICKS,
        .burn_in = 1 };
    for (uint32_t p = 0; p < n_points; p++) {
        bench->spread[p] = 1 + p;
    }
}

static void
watch(struct bench *bench, uint32_t min, uint32_t step, double half_width)
{
    bench->experiment.stopping = (struct sim_stopping){
        .min = min, .step = step, .max = bench->experiment.n_replicates, .list = { { 1, half_width } }, .n = 1
    };
}

/* A cell comes back. */
static void
bring_back(struct bench *bench, struct sim_schedule *schedule, uint32_t cell)
{
    double all[TICKS * ROW], values[SIM_SCHEDULE_VALUES];
    numbers(bench, cell, 0, TICKS * ROW, all);
    sim_schedule_values(&bench->experiment, &schedule->source.layout, all, values);
    sim_schedule_back(schedule, cell, bench->bad[cell] ? NULL : values);
}

/* Runs what the schedule of a share asks for, so many at a time, which come back in an order that the seed tells; after
 * `most` cells nothing more is done. Returns how many were run. */
static uint32_t
run_share(struct bench *bench, struct sim_share share, uint32_t at_a_time, uint32_t seed, uint32_t most)
{
    struct sim_schedule schedule;
    struct sim_source source = source_of(bench);
    struct bench before = *bench; /* what the schedule sees is what was there at the start */
    uint32_t out[LIMIT], n_out = 0, n = 0;
    enum sim_next next = SIM_NEXT_CELL;
    source.context = &before;
    assert_int_equal(sim_schedule_init(&schedule, &source, share, 0, NULL), SIM_OK);
    while (n < most && (next != SIM_NEXT_END || n_out > 0)) {
        int status = -1;
        while (n_out < at_a_time
            && (next = sim_schedule_next(&schedule, &out[n_out], &status)) == SIM_NEXT_CELL) {
            assert_int_equal(status, SIM_OK);
            assert_false(bench->there[out[n_out]]);
            assert_int_equal(bench->runs[out[n_out]]++, 0);
            n_out++;
        }
        assert_true(next != SIM_NEXT_WAIT || n_out > 0);
        if (n_out > 0) {
            seed = seed * 1664525u + 1013904223u;
            uint32_t which = (seed >> 16) % n_out;
            bring_back(bench, &schedule, out[which]);
            bench->there[out[which]] = 1;
            out[which] = out[--n_out];
            n++;
        }
    }
    for (uint32_t i = 0; i < n_out; i++) {
        bench->runs[out[i]] = 0; /* lost with the process */
    }
    sim_schedule_free(&schedule);
    return n;
}

static const struct sim_share all = { 0, 1 };

static uint32_t
left_of(struct bench *bench)
{
    struct sim_source source = source_of(bench);
    uint32_t left = 12345;
    assert_int_equal(sim_schedule_left(&source, &left), SIM_OK);
    return left;
}

static void
every_missing_cell_is_run_once(void **state)
{
    (void) state;
    struct bench bench;
    bench_init(&bench, 3, 7);
    bench.there[4] = bench.there[20] = bench.there[11] = bench.bad[11] = 1;
    assert_int_equal(left_of(&bench), 18);
    assert_int_equal(run_share(&bench, all, 5, 1, LIMIT), 18);
    assert_int_equal(left_of(&bench), 0);
    assert_int_equal(run_share(&bench, all, 5, 1, LIMIT), 0);
}

static void
failed_cells_are_run_again_only_if_asked_for(void **state)
{
    (void) state;
    struct bench bench;
    struct sim_schedule schedule;
    uint32_t cell;
    int status;
    bench_init(&bench, 2, 2);
    memset(bench.there, 1, 4);
    bench.bad[2] = 1;
    struct sim_source source = source_of(&bench);
    for (int again = 0; again <= 1; again++) {
        assert_int_equal(sim_schedule_init(&schedule, &source, all, again, NULL), SIM_OK);
        enum sim_next next = sim_schedule_next(&schedule, &cell, &status);
        assert_int_equal(next, again ? SIM_NEXT_CELL : SIM_NEXT_END);
        assert_true(!again || cell == 2);
        sim_schedule_free(&schedule);
    }
}

static void
shares_make_up_the_whole(void **state)
{
    (void) state;
    for (int rule = 0; rule <= 1; rule++) {
        for (uint32_t n = 1; n <= 5; n++) {
            struct bench whole, parts;
            bench_init(&whole, 7, 30);
            if (rule) {
                watch(&whole, 4, 3, 0.8);
            }
            parts = whole;
            run_share(&whole, all, 1, 1, LIMIT);
            for (uint32_t i = 0; i < n; i++) {
                assert_true(left_of(&parts) > 0);
                run_share(&parts, (struct sim_share){ i, n }, 3, i, LIMIT);
            }
            assert_int_equal(left_of(&parts), 0);
            assert_memory_equal(whole.there, parts.there, sizeof(whole.there));
        }
    }
}

/* The first n replicates of a point, by the rule's own words. */
static uint32_t
replicates_needed(const struct bench *bench, uint32_t point)
{
    const struct sim_stopping *rule = &bench->experiment.stopping;
    for (uint32_t n = rule->min; n < rule->max; n += rule->step) {
        int precise = 1;
        for (uint32_t label = 0; label < 2; label++) {
            double sum = 0, squares = 0;
            uint32_t count = 0;
            for (uint32_t r = 0; r < n; r++) {
                uint32_t cell = point * bench->experiment.n_replicates + r;
                double x = imagine(bench, cell, 1 + label);
                if (!bench->bad[cell]) {
                    sum += x;
                    squares += x * x;
                    count++;
                }
            }
            double sd = sqrt((squares - sum * sum / count) / (count - 1));
            /* Student's 97.5 % quantiles for 3, 6, 9 ... degrees of freedom, from a table */
            static const double table[] = { [2] = 4.303,
                [3] = 3.182,
                [4] = 2.776,
                [5] = 2.571,
                [6] = 2.447,
                [7] = 2.365,
                [8] = 2.306,
                [9] = 2.262,
                [11] = 2.201,
                [12] = 2.179,
                [14] = 2.145,
                [15] = 2.131,
                [17] = 2.110,
                [18] = 2.101,
                [20] = 2.086,
                [21] = 2.080,
                [23] = 2.069,
                [24] = 2.064,
                [26] = 2.056,
                [27] = 2.052 };
            assert_true(count - 1 < sizeof(table) / sizeof(*table) && table[count - 1] > 0);
            precise &= table[count - 1] * sd / sqrt(count) <= rule->list[0].half_width;
        }
        if (precise) {
            return n;
        }
    }
    return rule->max;
}

static void
the_rule_asks_for_as_many_replicates_as_it_says(void **state)
{
    (void) state;
    struct bench bench;
    uint32_t least = 99, most = 0;
    bench_init(&bench, 7, 30);
    watch(&bench, 4, 3, 0.8);
    bench.bad[35] = 1;
    run_share(&bench, all, 1, 1, LIMIT);
    for (uint32_t p = 0; p < 7; p++) {
        uint32_t needed = replicates_needed(&bench, p);
        for (uint32_t r = 0; r < 30; r++) {
            assert_int_equal(bench.there[p * 30 + r], r < needed);
        }
        least = needed < least ? needed : least;
        most = needed > most ? needed : most;
    }
    assert_int_equal(least, 4);
    assert_int_equal(most, 30);
}

static void
the_order_of_work_and_interruptions_change_nothing(void **state)
{
    (void) state;
    struct bench whole;
    bench_init(&whole, 7, 30);
    watch(&whole, 4, 3, 0.8);
    struct bench start = whole;
    run_share(&whole, all, 1, 1, LIMIT);
    for (uint32_t seed = 1; seed < 200; seed++) {
        struct bench bench = start;
        while (left_of(&bench) > 0) {
            memset(bench.runs, 0, sizeof(bench.runs));
            run_share(&bench, all, 1 + seed % 9, seed, seed % 3 == 0 ? LIMIT : 1 + seed % 13);
        }
        assert_memory_equal(whole.there, bench.there, sizeof(whole.there));
    }
}

static void
values_are_means_after_burn_in_of_what_is_there(void **state)
{
    (void) state;
    struct bench bench;
    struct sim_layout layout = { .row = ROW };
    double values[2];
    const double all_numbers[TICKS * ROW] = { 99, 99, 99, 1, 2, NAN, 1, 4, NAN, 1, NAN, NAN };
    bench_init(&bench, 1, 2);
    watch(&bench, 2, 1, 1);
    assert_int_equal(sim_schedule_n_values(&bench.experiment), 2);
    sim_schedule_values(&bench.experiment, &layout, all_numbers, values);
    assert_true(values[0] == 3);
    assert_true(isnan(values[1]));
}

static void
a_rule_without_values_goes_to_the_end(void **state)
{
    (void) state;
    struct bench bench;
    bench_init(&bench, 2, 10);
    watch(&bench, 2, 4, 1e9);
    memset(bench.bad, 1, 10); /* all of the first point fail */
    run_share(&bench, all, 3, 1, LIMIT);
    for (uint32_t cell = 0; cell < 20; cell++) {
        assert_int_equal(bench.there[cell], cell < 10 || cell < 12);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_missing_cell_is_run_once),
        cmocka_unit_test(failed_cells_are_run_again_only_if_asked_for),
        cmocka_unit_test(shares_make_up_the_whole),
        cmocka_unit_test(the_rule_asks_for_as_many_replicates_as_it_says),
        cmocka_unit_test(the_order_of_work_and_interruptions_change_nothing),
        cmocka_unit_test(values_are_means_after_burn_in_of_what_is_there),
        cmocka_unit_test(a_rule_without_values_goes_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
