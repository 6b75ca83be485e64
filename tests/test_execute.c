/* test_execute.c - cells give the same numbers however they are shared, and what was finished survives every
 * kind of stop. */
#define _GNU_SOURCE
#include "sim/alloc.h"
#include "sim/binding.h"
#include "sim/error.h"
#include "sim/execute.h"
#include "sim/world.h"

#include "memory.h"

#include <math.h>
#include <omp.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <cmocka.h>

/* A model of people who walk at random. */

struct walk {
    uint32_t blocks;
    double stride;
    uint32_t stray_replicate, stray_tick; /* where verify finds a fault; tick 0: nowhere */
    long nap;                             /* nanoseconds that a place takes for a month */
};

struct walker {
    double *position;
};

enum { STREAM_SETUP = 1, STREAM_STEP };

static uint32_t setups[64];      /* by replicate: worlds that were set up */
static int most_processors_seen; /* that a thread in a rule was allowed to use */

static void
extent(const void *params, uint32_t *regions, uint32_t *blocks)
{
    *regions = 1;
    *blocks = ((const struct walk *) params)->blocks;
}

static void
size(const struct sim_view *view, uint32_t *count)
{
    count[0] = view->level == SIM_BLOCK ? 10 + view->block : 0;
}

static void
setup(const struct sim_view *view)
{
    const struct walker *walker = view->agents[0];
    if (view->level == SIM_WORLD) {
        __atomic_add_fetch(&setups[view->stream.key.replicate], 1, __ATOMIC_RELAXED);
    }
    for (uint32_t i = 0; i < view->count[0]; i++) {
        walker->position[i] = sim_draw(view->stream, i, 0);
    }
}

static void
see_processors(void)
{
    cpu_set_t mask;
    int n = sched_getaffinity(0, sizeof(mask), &mask) == 0 ? CPU_COUNT(&mask) : 0;
    int most = __atomic_load_n(&most_processors_seen, __ATOMIC_RELAXED);
    while (n > most
        && !__atomic_compare_exchange_n(
            &most_processors_seen, &most, n, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
}

static void
step(const struct sim_view *view)
{
    const struct walk *walk = view->params;
    const struct walker *walker = view->agents[0];
    see_processors();
    if (walk->nap > 0) {
        nanosleep(&(struct timespec){ 0, walk->nap }, NULL);
    }
    for (uint32_t i = 0; i < view->count[0]; i++) {
        walker->position[i] += walk->stride * (sim_draw(view->stream, i, 0) - 0.5);
    }
}

static void
observe_position(const struct sim_view *view, struct sim_tally tally)
{
    const struct walker *walker = view->agents[0];
    for (uint32_t i = 0; i < view->count[0]; i++) {
        tally.value[i % 2] += walker->position[i];
        tally.weight[i % 2] += 1;
    }
}

static void
observe_walkers(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = view->count[0];
}

static int
verify(const struct sim_view *world, char *why, size_t why_size)
{
    const struct walk *walk = world->params;
    if (world->tick == walk->stray_tick && world->stream.key.replicate == walk->stray_replicate) {
        snprintf(why, why_size, "a walker went astray in month %u", world->tick);
        return SIM_ERR_STATE;
    }
    return SIM_OK;
}

static const struct sim_kind kinds[] = { { "walker", SIM_BLOCK, sizeof(struct walker), "" } };
static const struct sim_column columns[] = { { "position", 0, sizeof(double), 0, 0, "double", "1", "", 0 } };
static const char *const sides[] = { "left", "right" };
static const struct sim_dimension dimensions[] = { { "side", "", sides, 2, NULL } };
static const struct sim_observation observations[] = {
    { "position", "", "", "1", 0, SIM_MEAN, SIM_BLOCK, (double) NAN, (double) NAN, observe_position, NULL },
    { "walkers", "", "", "1", -1, SIM_COUNT, SIM_BLOCK, (double) NAN, (double) NAN, observe_walkers, NULL },
};
static const struct sim_phase phases[] = { { "step", SIM_BLOCK, step, STREAM_STEP, NULL, NULL, NULL } };

static const struct sim_model walk_model = {
    .name = "walk",
    .fields = { .size = sizeof(struct walk) },
    .kinds = kinds,
    .n_kinds = 1,
    .columns = columns,
    .n_columns = 1,
    .dimensions = dimensions,
    .n_dimensions = 1,
    .observations = observations,
    .n_observations = 2,
    .phases = phases,
    .n_phases = 1,
    .extent = extent,
    .size = size,
    .setup = setup,
    .setup_stream = STREAM_SETUP,
    .verify = verify,
};

#define ROW 3
#define TICKS 8
#define POINTS 3

static struct walk walks[POINTS];
static struct sim_era eras[POINTS];
static struct sim_base bases[POINTS];

static struct sim_experiment
walks_of(uint32_t n_points, uint32_t n_replicates)
{
    for (uint32_t p = 0; p < n_points; p++) {
        walks[p] = (struct walk){ .blocks = 5, .stride = 1 + 0.5 * p };
        eras[p] = (struct sim_era){ .params = &walks[p] };
        bases[p] = (struct sim_base){ .setting = { .eras = &eras[p], .n_eras = 1 } };
    }
    return (struct sim_experiment){ .model = &walk_model,
        .bases = bases,
        .n_bases = n_points,
        .n_points = n_points,
        .n_replicates = n_replicates,
        .seed = 9,
        .n_ticks = TICKS };
}

static void
run(struct sim_results *results, const struct sim_experiment *experiment, int threads)
{
    struct sim_execution how = { .threads = threads };
    assert_int_equal(sim_results_init(results, experiment), SIM_OK);
    assert_int_equal(sim_execute(results, &how), SIM_OK);
}

static void
assert_same_cell(const struct sim_results *a, uint32_t cell_a, const struct sim_results *b, uint32_t cell_b)
{
    const struct sim_cell *left = &a->cells[cell_a], *right = &b->cells[cell_b];
    assert_int_equal(left->status, SIM_RUN_OK);
    assert_int_equal(right->status, SIM_RUN_OK);
    assert_true(left->digest == right->digest && left->digest != 0);
    assert_memory_equal(left->rows, right->rows, a->experiment->n_ticks * ROW * sizeof(double));
}

static void
assert_same(const struct sim_results *a, const struct sim_results *b)
{
    assert_int_equal(a->n_cells, b->n_cells);
    for (uint32_t i = 0; i < a->n_cells; i++) {
        assert_same_cell(a, i, b, i);
    }
}

static uint32_t
count_cells(const struct sim_results *results, enum sim_run_status status)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < results->n_cells; i++) {
        n += results->cells[i].status == status;
    }
    return n;
}

static uint32_t
count_setups(void)
{
    uint32_t n = 0;
    for (size_t i = 0; i < SIM_COUNT_OF(setups); i++) {
        n += setups[i];
    }
    return n;
}

static int
forget(void **state)
{
    (void) state;
    memset(setups, 0, sizeof(setups));
    most_processors_seen = 0;
    memory_fails_at(0, 0);
    return 0;
}

/* The same numbers */

static void
cells_are_the_same_however_they_are_shared(void **state)
{
    (void) state;
    /* With 3 threads: one cell at a time, three at a time, and a rest that does not fill the threads. */
    const uint32_t replicates[] = { 1, 3, 4, 7 };
    for (size_t r = 0; r < SIM_COUNT_OF(replicates); r++) {
        for (uint32_t p = 1; p <= 2; p++) {
            struct sim_experiment experiment = walks_of(p, replicates[r]);
            struct sim_results alone, shared;
            run(&alone, &experiment, 1);
            for (int threads = 2; threads <= 3; threads++) {
                run(&shared, &experiment, threads);
                assert_same(&alone, &shared);
                sim_results_free(&shared);
            }
            sim_results_free(&alone);
        }
    }
}

static void
a_cell_is_the_world_of_its_point_and_replicate(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(2, 3);
    struct sim_results results;
    run(&results, &experiment, 2);
    for (uint32_t cell = 0; cell < 6; cell++) {
        struct sim_world world;
        double row[ROW];
        assert_int_equal(
            sim_world_init(&world, &walk_model, &walks[cell / 3], (struct sim_key){ 9, cell % 3 }, 1),
            SIM_OK);
        for (uint32_t t = 0; t < TICKS; t++) {
            sim_world_step(&world);
            sim_world_observe(&world, row);
            assert_memory_equal(row, results.cells[cell].rows + t * ROW, sizeof(row));
        }
        sim_world_free(&world);
        for (uint32_t other = 0; other < cell; other++) {
            assert_true(results.cells[cell].digest != results.cells[other].digest);
        }
    }
    sim_results_free(&results);
}

static void
more_replicates_leave_the_first_as_they_are(void **state)
{
    (void) state;
    struct sim_results few, many;
    struct sim_experiment two = walks_of(2, 2), five = walks_of(2, 5);
    run(&few, &two, 1);
    run(&many, &five, 3);
    for (uint32_t p = 0; p < 2; p++) {
        for (uint32_t r = 0; r < 2; r++) {
            assert_same_cell(&few, p * 2 + r, &many, p * 5 + r);
        }
    }
    sim_results_free(&few);
    sim_results_free(&many);
}

static void
equal_points_have_equal_luck(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(2, 4);
    struct sim_results results;
    walks[1] = walks[0];
    run(&results, &experiment, 2);
    for (uint32_t r = 0; r < 4; r++) {
        assert_same_cell(&results, r, &results, 4 + r);
    }
    sim_results_free(&results);
}

/* Stops, saves and progress */

struct watch {
    volatile sig_atomic_t stop;
    uint32_t stop_after; /* raise stop when so many cells are done */
    int inside, overlaps;
    uint32_t reports;
    int went_back;
    struct sim_progress last;
};

static void
enter(struct watch *watch)
{
    watch->overlaps += __atomic_exchange_n(&watch->inside, 1, __ATOMIC_RELAXED);
    nanosleep(&(struct timespec){ 0, 200000 }, NULL);
}

static void
leave(struct watch *watch)
{
    __atomic_store_n(&watch->inside, 0, __ATOMIC_RELAXED);
}

static void
on_progress(void *context, const struct sim_progress *progress)
{
    struct watch *watch = context;
    enter(watch);
    watch->reports++;
    watch->went_back += progress->cells_done < watch->last.cells_done
        || progress->ticks_done < watch->last.ticks_done || progress->seconds < watch->last.seconds;
    watch->last = *progress;
    if (watch->stop_after > 0 && progress->cells_done >= watch->stop_after) {
        __atomic_store_n(&watch->stop, 1, __ATOMIC_RELAXED);
    }
    leave(watch);
}

static void
set_naps(uint32_t n_points, long nanoseconds)
{
    for (uint32_t p = 0; p < n_points; p++) {
        walks[p].blocks = 2;
        walks[p].nap = nanoseconds;
    }
}

static void
stop_and_go_on(int threads, uint32_t replicates)
{
    struct sim_experiment experiment = walks_of(2, replicates);
    struct sim_results whole, results;
    set_naps(2, 0);
    run(&whole, &experiment, 1);
    set_naps(2, 2000000);
    assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
    struct watch watch = { .stop_after = 2 };
    struct sim_execution how = {
        .threads = threads, .stop = &watch.stop, .progress = on_progress, .context = &watch
    };
    assert_int_equal(sim_execute(&results, &how), SIM_ERR_STOPPED);
    uint32_t done = count_cells(&results, SIM_RUN_OK);
    double *kept[64];
    assert_true(done >= 2 && done < results.n_cells);
    assert_int_equal(done + count_cells(&results, SIM_RUN_NOT_RUN), results.n_cells);
    assert_int_equal(watch.overlaps, 0);
    for (uint32_t i = 0; i < results.n_cells; i++) {
        kept[i] = results.cells[i].rows;
        assert_int_equal(kept[i] != NULL, results.cells[i].status == SIM_RUN_OK);
    }

    forget(NULL);
    watch = (struct watch){ .stop_after = 0 };
    assert_int_equal(sim_execute(&results, &how), SIM_OK);
    assert_int_equal(count_setups(), results.n_cells - done);
    assert_int_equal(watch.last.cells, results.n_cells - done);
    for (uint32_t i = 0; i < results.n_cells; i++) {
        assert_true(kept[i] == NULL || kept[i] == results.cells[i].rows);
    }
    assert_same(&whole, &results);
    sim_results_free(&whole);
    sim_results_free(&results);
}

static void
a_stopped_run_keeps_what_is_done_and_the_next_does_the_rest(void **state)
{
    (void) state;
    stop_and_go_on(1, 5);
    stop_and_go_on(2, 8);
    stop_and_go_on(3, 5); /* ten cells, three threads in each */
}

static void
a_stop_before_the_start_runs_nothing(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(1, 4);
    struct sim_results results;
    const sig_atomic_t stop = 1;
    struct sim_execution how = { .threads = 2, .stop = &stop };
    assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
    assert_int_equal(sim_execute(&results, &how), SIM_ERR_STOPPED);
    assert_int_equal(count_cells(&results, SIM_RUN_NOT_RUN), 4);
    assert_int_equal(count_setups(), 0);
    sim_results_free(&results);
}

static void
a_finished_experiment_runs_nothing_again(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(2, 2);
    struct sim_results results;
    run(&results, &experiment, 2);
    forget(NULL);
    struct watch watch = { .stop_after = 0 };
    struct sim_execution how = { .threads = 2, .progress = on_progress, .context = &watch };
    assert_int_equal(sim_execute(&results, &how), SIM_OK);
    assert_int_equal(count_setups(), 0);
    sim_results_free(&results);
}

/* Work: where cells come from and where they go */

struct labour {
    const struct sim_experiment *experiment;
    uint32_t next, n, waits; /* waits: how often there is no cell yet */
    uint32_t done, failed, starts, ends, kept, kept_ticks[64];
    uint32_t by_cell[64];
    uint32_t fail_at, halt_at; /* the how-many-th done fails; a pulse after so many done does */
    long nap;                  /* nanoseconds that a pulse takes */
    struct sim_effort effort;
    int halt_at_once; /* every pulse does */
    int inside, overlaps;
    char error[256];
};

static void
step_in(struct labour *labour)
{
    labour->overlaps += __atomic_exchange_n(&labour->inside, 1, __ATOMIC_RELAXED);
}

static void
step_out(struct labour *labour)
{
    __atomic_store_n(&labour->inside, 0, __ATOMIC_RELAXED);
}

static enum sim_next
give(void *context, uint32_t *cell)
{
    struct labour *labour = context;
    step_in(labour);
    enum sim_next next = labour->waits > 0 ? SIM_NEXT_WAIT
        : labour->next < labour->n         ? SIM_NEXT_CELL
                                           : SIM_NEXT_END;
    labour->waits -= labour->waits > 0;
    *cell = next == SIM_NEXT_CELL ? labour->next++ : 0;
    step_out(labour);
    return next;
}

static int
take(void *context, struct sim_finished *finished)
{
    struct labour *labour = context;
    step_in(labour);
    labour->done++;
    labour->by_cell[finished->cell]++;
    if (finished->status == SIM_RUN_FAILED) {
        labour->failed++;
        memcpy(labour->error, finished->error, sizeof(labour->error));
        assert_null(finished->rows);
    } else {
        assert_non_null(finished->rows);
        assert_true(finished->digest == sim_digest(finished->rows, ROW * labour->experiment->n_ticks));
    }
    step_out(labour);
    return labour->done == labour->fail_at ? SIM_ERR_FILE : SIM_OK;
}

static int
feel(void *context, uint64_t ticks)
{
    struct labour *labour = context;
    step_in(labour);
    nanosleep(&(struct timespec){ 0, labour->nap }, NULL);
    int halt = labour->halt_at_once || (labour->halt_at > 0 && labour->done >= labour->halt_at);
    assert_true(ticks <= (uint64_t) labour->n * labour->experiment->n_ticks);
    step_out(labour);
    return halt ? SIM_ERR_STOPPED : SIM_OK;
}

static int
begin_cell(void *context, struct sim_run *run)
{
    struct labour *labour = context;
    step_in(labour);
    labour->starts++;
    assert_int_equal(run->world->tick, 0);
    assert_int_equal(run->n_numbers, ROW * labour->experiment->n_ticks);
    step_out(labour);
    return SIM_OK;
}

static int
keep_cell(void *context, const struct sim_run *run)
{
    struct labour *labour = context;
    step_in(labour);
    labour->kept_ticks[labour->kept++ % 64] = run->world->tick;
    step_out(labour);
    return SIM_OK;
}

static int
end_cell(void *context, const struct sim_run *run)
{
    struct labour *labour = context;
    step_in(labour);
    labour->ends++;
    assert_int_equal(run->world->tick, labour->experiment->n_ticks);
    step_out(labour);
    return SIM_OK;
}

static int
work_on(struct labour *labour, const struct sim_experiment *experiment, const struct sim_crew *crew)
{
    struct sim_layout layout;
    struct sim_crew these = *crew;
    labour->experiment = experiment;
    labour->n = these.cells = sim_experiment_cells(experiment);
    struct sim_work work = { labour, give, take, feel, begin_cell, keep_cell, end_cell };
    sim_record_layout(experiment, &layout);
    int ret = sim_execute_work(experiment, &layout, &work, &these, &labour->effort);
    assert_int_equal(labour->overlaps, 0);
    assert_true(labour->effort.model_seconds >= 0 && labour->effort.seconds > 0);
    return ret;
}

static void
every_cell_is_handed_over_once_by_one_thread_at_a_time(void **state)
{
    (void) state;
    for (int threads = 1; threads <= 3; threads++) {
        struct sim_experiment experiment = walks_of(2, 8);
        struct labour labour = { .waits = 20 };
        assert_int_equal(work_on(&labour, &experiment, &(struct sim_crew){ .threads = threads }), SIM_OK);
        assert_int_equal(labour.done, 16);
        assert_int_equal(labour.starts, 16);
        assert_int_equal(labour.ends, 16);
        assert_int_equal(labour.kept, 0);
        for (uint32_t i = 0; i < 16; i++) {
            assert_int_equal(labour.by_cell[i], 1);
        }
    }
}

static void
work_ends_with_the_first_status_that_is_not_ok(void **state)
{
    (void) state;
    for (int threads = 1; threads <= 2; threads++) {
        struct sim_experiment experiment = walks_of(2, 8);
        struct labour labour = { .fail_at = 3 };
        set_naps(2, 200000);
        assert_int_equal(
            work_on(&labour, &experiment, &(struct sim_crew){ .threads = threads }), SIM_ERR_FILE);
        assert_int_equal(labour.done, 3);
    }
}

static void
a_pulse_can_end_the_work(void **state)
{
    (void) state;
    for (int threads = 1; threads <= 2; threads++) {
        struct sim_experiment experiment = walks_of(2, 20);
        struct labour labour = { .halt_at = 2 };
        set_naps(2, 2000000);
        assert_int_equal(
            work_on(&labour, &experiment, &(struct sim_crew){ .threads = threads }), SIM_ERR_STOPPED);
        assert_true(labour.done >= 2 && labour.done < 40);
    }
}

static void
a_cell_at_its_end_when_the_work_ends_is_handed_over(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(1, 2);
    experiment.n_ticks = 1;
    struct labour labour = { .halt_at_once = 1 };
    assert_int_equal(work_on(&labour, &experiment, &(struct sim_crew){ .threads = 1 }), SIM_ERR_STOPPED);
    assert_int_equal(labour.ends, 1);
    assert_int_equal(labour.done, 1);
}

/* An error that comes after the stop, such as that of a full disk, is what the work ends with. */
static void
an_error_is_not_hidden_by_a_stop(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(2, 1);
    struct labour labour = { .halt_at = 1, .fail_at = 2 };
    walks[1].nap = 300000000; /* its only month is not over when the other cell is done */
    walks[1].blocks = 1;
    experiment.n_ticks = 1;
    assert_int_equal(work_on(&labour, &experiment, &(struct sim_crew){ .threads = 2 }), SIM_ERR_FILE);
    assert_int_equal(labour.done, 2);
}

static void
the_calls_of_the_work_are_no_work_of_the_model(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(1, 2);
    struct labour labour = { .nap = 150000000 };
    set_naps(1, 30000000);
    walks[0].blocks = 1;
    assert_int_equal(work_on(&labour, &experiment, &(struct sim_crew){ .threads = 1 }), SIM_OK);
    assert_true(labour.effort.model_seconds >= 2 * TICKS * 0.03);
    assert_true(labour.effort.seconds - labour.effort.model_seconds > 0.4); /* three pulses, at the least */
}

static void
states_are_kept_after_so_many_ticks_or_seconds(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(1, 1);
    struct labour labour = { .n = 0 };
    assert_int_equal(
        work_on(&labour, &experiment, &(struct sim_crew){ .threads = 1, .keep_ticks = 3 }), SIM_OK);
    assert_int_equal(labour.kept, 2); /* of 8 ticks; none after the last */
    assert_int_equal(labour.kept_ticks[0], 3);
    assert_int_equal(labour.kept_ticks[1], 6);
    labour = (struct labour){ .n = 0 };
    assert_int_equal(
        work_on(&labour, &experiment, &(struct sim_crew){ .threads = 1, .keep_seconds = 1e-9 }), SIM_OK);
    assert_int_equal(labour.kept, TICKS - 1);
    labour = (struct labour){ .n = 0 };
    assert_int_equal(
        work_on(&labour, &experiment, &(struct sim_crew){ .threads = 1, .keep_seconds = 1e9 }), SIM_OK);
    assert_int_equal(labour.kept, 0);
}

static volatile sig_atomic_t alarmed;

static void
on_alarm(int number)
{
    (void) number;
    __atomic_store_n(&alarmed, 1, __ATOMIC_RELAXED);
}

static void
a_long_cell_is_kept_when_the_work_ends(void **state)
{
    (void) state;
    const struct itimerval later = { .it_value = { 1, 300000 } };
    struct sim_experiment experiment = walks_of(1, 2);
    struct labour labour = { .n = 0 };
    struct sim_crew crew = { .threads = 2, .stop = &alarmed, .keep_seconds = 1e9 };
    set_naps(1, 800000000);
    walks[0].blocks = 1;
    experiment.n_ticks = 3;
    signal(SIGALRM, on_alarm);
    assert_int_equal(setitimer(ITIMER_REAL, &later, NULL), 0);
    assert_int_equal(work_on(&labour, &experiment, &crew), SIM_ERR_STOPPED);
    assert_int_equal(labour.done, 0);
    assert_int_equal(labour.kept, 2);
    assert_int_equal(labour.kept_ticks[0], 2);
}

static void
a_number_that_is_not_finite_fails_its_cell(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(2, 2);
    struct labour labour = { .n = 0 };
    walks[1].stride = (double) INFINITY;
    assert_int_equal(work_on(&labour, &experiment, &(struct sim_crew){ .threads = 1 }), SIM_OK);
    assert_int_equal(labour.done, 4);
    assert_int_equal(labour.failed, 2);
    assert_string_equal(labour.error, "position is not a finite number in month 1");
}

static void
progress_only_grows_and_reaches_the_total(void **state)
{
    (void) state;
    for (int threads = 1; threads <= 3; threads++) {
        struct sim_experiment experiment = walks_of(2, 4);
        struct sim_results results;
        set_naps(2, 500000);
        walks[0].stray_tick = 5; /* a cell that fails is done too */
        assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
        struct watch watch = { .stop_after = 0 };
        struct sim_execution how = {
            .threads = threads, .progress = on_progress, .context = &watch, .verify = 1
        };
        assert_int_equal(sim_execute(&results, &how), SIM_ERR_CELL);
        assert_int_equal(watch.overlaps, 0);
        assert_int_equal(watch.went_back, 0);
        assert_true(watch.reports >= 2);
        assert_int_equal(watch.last.cells, 8);
        assert_int_equal(watch.last.cells_done, 8);
        assert_int_equal(watch.last.ticks, 8 * TICKS);
        assert_int_equal(watch.last.ticks_done, 8 * TICKS);
        assert_true(watch.last.seconds > 0);
        sim_results_free(&results);
    }
}

/* Cells that fail */

static void
assert_failed(const struct sim_results *results, uint32_t index, const char *error)
{
    const struct sim_cell *cell = &results->cells[index];
    assert_int_equal(cell->status, SIM_RUN_FAILED);
    assert_string_equal(cell->error, error);
    assert_true(cell->digest != 0);
    for (uint32_t t = 0; t < results->experiment->n_ticks; t++) {
        assert_true(isnan(cell->rows[t * ROW]) && isnan(cell->rows[t * ROW + 1]));
        assert_true(cell->rows[t * ROW + 2] == 0);
    }
}

static void
a_broken_invariant_fails_its_cell_and_no_other(void **state)
{
    (void) state;
    for (int threads = 1; threads <= 3; threads++) {
        struct sim_experiment experiment = walks_of(2, 4);
        struct sim_results whole, results;
        walks[1].stray_tick = 7;
        walks[1].stray_replicate = 2;
        run(&whole, &experiment, 1); /* without verify nobody looks */
        assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
        struct sim_execution how = { .threads = threads, .verify = 1 };
        assert_int_equal(sim_execute(&results, &how), SIM_ERR_CELL);
        for (uint32_t i = 0; i < 8; i++) {
            if (i == 6) {
                assert_failed(&results, i, "a walker went astray in month 7");
            } else {
                assert_same_cell(&whole, i, &results, i);
                assert_string_equal(results.cells[i].error, "");
            }
        }
        forget(NULL);
        assert_int_equal(sim_execute(&results, &how), SIM_ERR_CELL);
        assert_int_equal(count_setups(), 0);
        sim_results_free(&whole);
        sim_results_free(&results);
    }
}

static void
a_fault_in_the_last_month_counts(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(1, 1);
    struct sim_results results;
    struct sim_execution how = { .threads = 1, .verify = 1 };
    walks[0].stray_tick = TICKS;
    assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
    assert_int_equal(sim_execute(&results, &how), SIM_ERR_CELL);
    assert_failed(&results, 0, "a walker went astray in month 8");
    sim_results_free(&results);
}

/* Runs with the n-th request of memory refused; returns whether there was one. */
static int
run_short_of_memory(const struct sim_results *whole, const struct sim_experiment *experiment, int threads,
    long n, int and_after)
{
    struct sim_results results;
    struct sim_execution how = { .threads = threads };
    assert_int_equal(sim_results_init(&results, experiment), SIM_OK);
    memory_fails_at(n, and_after);
    int ret = sim_execute(&results, &how);
    int refused = memory_requests >= n;
    memory_fails_at(0, 0);
    uint32_t n_failed = count_cells(&results, SIM_RUN_FAILED);
    assert_true(ret == (n_failed > 0 ? SIM_ERR_CELL : SIM_OK) || (ret == SIM_ERR_MEMORY && refused));
    assert_true(refused || n_failed == 0);
    for (uint32_t i = 0; i < results.n_cells; i++) {
        if (results.cells[i].status == SIM_RUN_OK) {
            assert_same_cell(whole, i, &results, i);
        } else if (results.cells[i].status == SIM_RUN_FAILED) {
            assert_failed(&results, i, "not enough memory");
        } else {
            assert_null(results.cells[i].rows);
        }
    }
    sim_results_free(&results);
    return refused;
}

static void
a_refused_request_fails_its_cell_and_no_other(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(1, 4);
    struct sim_results whole;
    walks[0].blocks = 2;
    experiment.n_ticks = 1;
    run(&whole, &experiment, 1);
    long live = memory_live;
    for (int threads = 1; threads <= 3; threads++) {
        for (int and_after = 0; and_after <= 1; and_after++) {
            long n = 1;
            while (run_short_of_memory(&whole, &experiment, threads, n, and_after)) {
                assert_int_equal(memory_live, live);
                n += threads == 1 ? 1 : 7;
            }
            assert_true(n > 4 * 20);
        }
    }
    sim_results_free(&whole);
}

/* Processors */

static int
team_is_allowed(int threads, const cpu_set_t *mask)
{
    int others = 0;
#pragma omp parallel num_threads(threads) reduction(+ : others)
    {
        cpu_set_t now;
        others += sched_getaffinity(0, sizeof(now), &now) != 0 || !CPU_EQUAL(&now, mask);
    }
    return others == 0;
}

static void
a_bound_run_leaves_the_affinity_as_it_was(void **state)
{
    (void) state;
    cpu_set_t mask;
    int threads = sim_processors() > 1 ? 2 : 1;
    assert_int_equal(sched_getaffinity(0, sizeof(mask), &mask), 0);
    for (uint32_t replicates = 1; replicates <= 4; replicates++) {
        struct sim_experiment experiment = walks_of(1, replicates);
        struct sim_results free_run, bound;
        run(&free_run, &experiment, threads);
        assert_int_equal(most_processors_seen, CPU_COUNT(&mask));
        most_processors_seen = 0;
        assert_int_equal(sim_results_init(&bound, &experiment), SIM_OK);
        struct sim_execution how = { .threads = threads, .bind = 1 };
        assert_int_equal(sim_execute(&bound, &how), SIM_OK);
        assert_int_equal(most_processors_seen, 1);
        assert_true(team_is_allowed(threads, &mask));
        assert_same(&free_run, &bound);
        sim_results_free(&free_run);
        sim_results_free(&bound);
    }
}

static void
more_threads_than_processors_are_not_bound(void **state)
{
    (void) state;
    cpu_set_t mask;
    int threads = sim_processors() + 1;
    struct sim_experiment experiment = walks_of(1, 1);
    struct sim_results results;
    struct sim_execution how = { .threads = threads, .bind = 1 };
    assert_int_equal(sched_getaffinity(0, sizeof(mask), &mask), 0);
    assert_int_equal(sim_results_init(&results, &experiment), SIM_OK);
    assert_int_equal(sim_execute(&results, &how), SIM_OK);
    assert_int_equal(most_processors_seen, CPU_COUNT(&mask));
    sim_results_free(&results);
}

static void
processors_are_those_of_the_mask(void **state)
{
    (void) state;
    cpu_set_t mask, one;
    assert_int_equal(sched_getaffinity(0, sizeof(mask), &mask), 0);
    assert_int_equal(sim_processors(), CPU_COUNT(&mask));
    CPU_ZERO(&one);
    for (size_t cpu = 0; CPU_COUNT(&one) == 0; cpu++) {
        if (CPU_ISSET(cpu, &mask)) {
            CPU_SET(cpu, &one);
        }
    }
    assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
    int processors = sim_processors();
    assert_int_equal(sched_setaffinity(0, sizeof(mask), &mask), 0);
    assert_int_equal(processors, 1);
}

static void
no_number_of_threads_means_all_processors(void **state)
{
    (void) state;
    struct sim_experiment experiment = walks_of(2, 3);
    struct sim_results alone, all;
    run(&alone, &experiment, 1);
    run(&all, &experiment, 0);
    assert_same(&alone, &all);
    sim_results_free(&alone);
    sim_results_free(&all);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, forget)
    const struct CMUnitTest tests[] = {
        TEST(cells_are_the_same_however_they_are_shared),
        TEST(a_cell_is_the_world_of_its_point_and_replicate),
        TEST(more_replicates_leave_the_first_as_they_are),
        TEST(equal_points_have_equal_luck),
        TEST(a_stopped_run_keeps_what_is_done_and_the_next_does_the_rest),
        TEST(a_stop_before_the_start_runs_nothing),
        TEST(a_finished_experiment_runs_nothing_again),
        TEST(every_cell_is_handed_over_once_by_one_thread_at_a_time),
        TEST(work_ends_with_the_first_status_that_is_not_ok),
        TEST(a_pulse_can_end_the_work),
        TEST(a_cell_at_its_end_when_the_work_ends_is_handed_over),
        TEST(an_error_is_not_hidden_by_a_stop),
        TEST(the_calls_of_the_work_are_no_work_of_the_model),
        TEST(states_are_kept_after_so_many_ticks_or_seconds),
        TEST(a_long_cell_is_kept_when_the_work_ends),
        TEST(a_number_that_is_not_finite_fails_its_cell),
        TEST(progress_only_grows_and_reaches_the_total),
        TEST(a_broken_invariant_fails_its_cell_and_no_other),
        TEST(a_fault_in_the_last_month_counts),
        TEST(a_refused_request_fails_its_cell_and_no_other),
        TEST(a_bound_run_leaves_the_affinity_as_it_was),
        TEST(more_threads_than_processors_are_not_bound),
        TEST(processors_are_those_of_the_mask),
        TEST(no_number_of_threads_means_all_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
