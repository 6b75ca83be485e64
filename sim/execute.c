/* execute.c - cells on threads. Each cell is a world of its own, so nothing is shared but where cells come from
 * and where they go. */
#include "sim/execute.h"

#include "sim/alloc.h"
#include "sim/binding.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/record.h"
#include "sim/states.h"

#include <inttypes.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PULSE_SECONDS 0.1
#define LAST_CHANCE_SECONDS 1 /* a cell that ran less is not worth keeping */

/* One call of sim_execute_work. */
struct job {
    const struct sim_experiment *experiment;
    const struct sim_layout *layout;
    const struct sim_work *work;
    const struct sim_crew *crew;
    size_t n_numbers;
    int cell_threads;  /* cells at a time */
    int world_threads; /* threads that share one cell's world */
    omp_lock_t lock;   /* of everything below but what is atomic, and of the calls of work */
    double pulsed_at, model_seconds;
    int status;     /* of the first call that failed */
    uint64_t ticks; /* atomic */
    int halted;     /* atomic: nothing more is to be finished */
};

static int
is_halted(struct job *job)
{
    int halted;
#pragma omp atomic read
    halted = job->halted;
    return halted || (job->crew->stop != NULL && __atomic_load_n(job->crew->stop, __ATOMIC_RELAXED) != 0);
}

/* Takes note of what a call returned; that the work was to stop does not hide an error. The caller holds the lock. */
static void
heed(struct job *job, int status)
{
    if (status != SIM_OK) {
        int stopped = job->status == SIM_OK || job->status == SIM_ERR_STOPPED;
        job->status = stopped ? status : job->status;
#pragma omp atomic write
        job->halted = 1;
    }
}

/* The caller holds the lock. */
static void
pulse(struct job *job)
{
    double now = sim_seconds();
    if (job->work->pulse != NULL && now - job->pulsed_at >= PULSE_SECONDS) {
        uint64_t ticks;
#pragma omp atomic read
        ticks = job->ticks;
        job->pulsed_at = now;
        heed(job, job->work->pulse(job->work->context, ticks));
    }
}

/* A thread that finds another one busy with the lock goes on. */
static void
pulse_now_and_then(struct job *job, struct sim_run *run)
{
    if (omp_test_lock(&job->lock)) {
        double start = sim_seconds();
        pulse(job);
        run->away += sim_seconds() - start;
        omp_unset_lock(&job->lock);
    }
}

/* One tick into its row. SIM_ERR_STATE: the cell has failed, for the reason in why. */
static int
run_tick(struct job *job, const struct sim_run *run, const struct sim_recorder *recorder, double *row,
    char *why, size_t size)
{
    struct sim_world *world = run->world;
    sim_world_step(world);
    int ret = sim_world_observe(world, row);
    if (ret != SIM_OK) {
        snprintf(why, size, "%s is not a finite number in month %" PRIu32,
            job->experiment->model->observations[world->faulty].name, world->tick);
        return ret;
    }
    sim_recorder_tick(recorder, world, row);
#pragma omp atomic update
    job->ticks++;
    return job->crew->verify ? sim_world_verify(world, why, size) : SIM_OK;
}

/* Keeps the state if it is time, or if this is the last chance for a cell that has run a while. */
static void
keep_state(struct job *job, struct sim_run *run, int last)
{
    const struct sim_crew *crew = job->crew;
    double now = sim_seconds(), since = now - run->kept_at;
    uint32_t ticks = run->world->tick - run->kept_tick;
    int wanted = crew->keep_seconds > 0 || crew->keep_ticks > 0;
    int due = (crew->keep_seconds > 0 && since >= crew->keep_seconds)
        || (crew->keep_ticks > 0 && ticks >= crew->keep_ticks);
    if (job->work->keep == NULL || !wanted || ticks == 0
        || (!due && !(last && since >= LAST_CHANCE_SECONDS))) {
        return;
    }
    omp_set_lock(&job->lock);
    heed(job, job->work->keep(job->work->context, run));
    omp_unset_lock(&job->lock);
    run->kept_at = sim_seconds();
    run->kept_tick = run->world->tick;
    run->away += run->kept_at - now;
}

/* All ticks of one cell. SIM_ERR_STOPPED if halted on the way. */
static int
run_ticks(struct job *job, struct sim_run *run, const struct sim_recorder *recorder, char *why, size_t size)
{
    uint32_t n_ticks = job->experiment->n_ticks, first = job->experiment->first_tick;
    while (run->world->tick < n_ticks) {
        double *row = run->numbers + (size_t) (run->world->tick - first) * (size_t) job->layout->row;
        if (is_halted(job)) {
            keep_state(job, run, 1);
            return SIM_ERR_STOPPED;
        }
        int ret = run_tick(job, run, recorder, row, why, size);
        if (ret != SIM_OK) {
            return SIM_ERR_STATE;
        }
        if (run->world->tick < n_ticks) {
            keep_state(job, run, 0);
        }
        pulse_now_and_then(job, run);
    }
    return SIM_OK;
}

/* A world is set up. SIM_ERR_STOPPED if the work ends for what start returned. */
static int
start_run(struct job *job, struct sim_run *run)
{
    const struct sim_work *work = job->work;
    double begin = sim_seconds();
    omp_set_lock(&job->lock);
    int ret = work->start != NULL ? work->start(work->context, run) : SIM_OK;
    heed(job, ret);
    omp_unset_lock(&job->lock);
    run->kept_at = sim_seconds();
    run->kept_tick = run->world->tick;
    run->away += run->kept_at - begin;
    return ret == SIM_OK ? SIM_OK : SIM_ERR_STOPPED;
}

/* The same at its last tick. */
static int
end_run(struct job *job, struct sim_run *run)
{
    const struct sim_work *work = job->work;
    double begin = sim_seconds();
    omp_set_lock(&job->lock);
    int ret = work->end != NULL ? work->end(work->context, run) : SIM_OK;
    heed(job, ret);
    omp_unset_lock(&job->lock);
    run->away += sim_seconds() - begin;
    return ret == SIM_OK ? SIM_OK : SIM_ERR_STOPPED;
}

/* Builds the world of a cell and runs it. */
static int
run_world(struct job *job, struct sim_run *run, char *why, size_t size)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_point point = { .own = NULL };
    struct sim_world world = { 0 };
    struct sim_recorder recorder = { 0 };

    int ret = sim_point_init(&point, experiment, run->cell / experiment->n_replicates);
    if (ret == SIM_OK) {
        ret = sim_states_world(&world, experiment, &point.setting, run->cell % experiment->n_replicates,
            job->world_threads, why, size);
        ret = ret == SIM_OK || ret == SIM_ERR_MEMORY ? ret : SIM_ERR_STATE;
    }
    if (ret == SIM_OK) {
        ret = sim_recorder_init(&recorder, job->layout, &world);
    }
    if (ret == SIM_OK) {
        sim_recorder_start(
            &recorder, &world, run->numbers + sim_experiment_rows(experiment) * (size_t) job->layout->row);
        run->world = &world;
        ret = start_run(job, run);
    }
    if (ret == SIM_OK) {
        ret = run_ticks(job, run, &recorder, why, size);
    }
    if (ret == SIM_OK) {
        ret = end_run(job, run);
    }
    run->world = NULL;
    sim_recorder_free(&recorder);
    sim_world_free(&world);
    sim_point_free(&point);
    return ret;
}

/* Hands a cell over; seconds: what the model took. */
static void
finish(struct job *job, struct sim_finished *finished, double seconds)
{
    omp_set_lock(&job->lock);
    job->model_seconds += seconds;
    if (job->status == SIM_OK || job->status == SIM_ERR_STOPPED) { /* what is finished is kept */
        heed(job, job->work->done(job->work->context, finished));
        pulse(job);
    }
    omp_unset_lock(&job->lock);
}

static void
run_cell(struct job *job, uint32_t cell)
{
    double start = sim_seconds();
    struct sim_finished finished = { .cell = cell, .status = SIM_RUN_OK };
    struct sim_run run = { .cell = cell, .n_numbers = job->n_numbers };
    run.numbers = sim_alloc(job->n_numbers, sizeof(*run.numbers));
    int ret = run.numbers == NULL ? (int) SIM_ERR_MEMORY
                                  : run_world(job, &run, finished.error, sizeof(finished.error));
    if (ret == SIM_OK) {
        finished.rows = run.numbers;
        finished.digest = sim_digest(run.numbers, run.n_numbers);
        finished.error[0] = '\0';
    } else {
        sim_free(run.numbers);
        finished.status = SIM_RUN_FAILED;
    }
    if (ret == SIM_ERR_MEMORY) {
        snprintf(finished.error, sizeof(finished.error), "%s", sim_status_text(ret));
    }
    if (ret == SIM_OK || ret == SIM_ERR_STATE || ret == SIM_ERR_MEMORY) {
        finish(job, &finished, sim_seconds() - start - run.away);
    }
    sim_free(finished.rows);
}

/* Runs one cell after the other until there are no more. */
static void
run_cells(struct job *job)
{
    enum sim_next next = SIM_NEXT_WAIT;
    while (next != SIM_NEXT_END && !is_halted(job)) {
        uint32_t cell = 0;
        omp_set_lock(&job->lock);
        next = is_halted(job) ? SIM_NEXT_END : job->work->next(job->work->context, &cell);
        if (next == SIM_NEXT_WAIT) {
            pulse(job);
        }
        omp_unset_lock(&job->lock);
        if (next == SIM_NEXT_CELL) {
            run_cell(job, cell);
        } else if (next == SIM_NEXT_WAIT) {
            nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
        }
    }
}

/* Whether so many worlds like the first one would fill more than half of the machine's memory. */
static int
are_large(const struct sim_experiment *experiment, int worlds)
{
    struct sim_point point;
    size_t bytes = 0;
    double memory = (double) sysconf(_SC_PHYS_PAGES) * (double) sysconf(_SC_PAGESIZE);
    struct sim_key key = { experiment->seed, 0 };
    if (sim_point_init(&point, experiment, 0) == SIM_OK) {
        bytes = sim_world_bytes(experiment->model, &point.setting, key);
    }
    sim_point_free(&point);
    return memory > 0 && (double) bytes * worlds > memory / 2;
}

/* So many threads as have something to do. */
static int
useful(int threads, uint32_t parts)
{
    return parts == 0 ? 1 : parts < (uint32_t) threads ? (int) parts : threads;
}

/* Cells a thread when they keep all threads busy to the end, or more of them than the places of a world would, and fit
 * into memory side by side; else all threads on one cell after the other. */
static void
share_threads(struct job *job)
{
    int threads = job->crew->threads > 0 ? job->crew->threads : sim_processors();
    uint32_t cells = job->crew->cells;
    int of_cells = useful(threads, cells);
    int of_places = useful(threads, sim_record_places(job->experiment, 0, SIM_BLOCK));
    int by_cell = cells % (uint32_t) threads == 0 || cells >= 2 * (uint32_t) threads || of_cells > of_places;
    if (by_cell && of_cells > 1 && are_large(job->experiment, of_cells)) {
        by_cell = 0;
    }
    job->cell_threads = by_cell ? of_cells : 1;
    job->world_threads = by_cell ? 1 : of_places;
}

/* Without cells side by side there is no parallel region here, so that the regions of the worlds are not
 * nested. */
static void
run_all(struct job *job)
{
    if (job->cell_threads == 1) {
        run_cells(job);
        return;
    }
#pragma omp parallel num_threads(job->cell_threads)
    run_cells(job);
}

int
sim_execute_work(const struct sim_experiment *experiment, const struct sim_layout *layout,
    const struct sim_work *work, const struct sim_crew *crew, struct sim_effort *effort)
{
    struct sim_binding binding = { 0 };
    struct job job = { .experiment = experiment, .layout = layout, .work = work, .crew = crew };
    double start = sim_seconds();
    job.n_numbers = (size_t) sim_experiment_numbers(experiment, layout);
    omp_init_lock(&job.lock);
    share_threads(&job);
    int threads = job.cell_threads > job.world_threads ? job.cell_threads : job.world_threads;
    sim_binding_init(&binding, threads, crew->bind);
    run_all(&job);
    sim_binding_free(&binding);
    omp_destroy_lock(&job.lock);
    *effort = (struct sim_effort){ threads, sim_seconds() - start, job.model_seconds * job.world_threads };
    return job.status != SIM_OK ? job.status : is_halted(&job) ? (int) SIM_ERR_STOPPED : SIM_OK;
}

/* An experiment in memory. --------------------------------------------------------------------------------- */

struct memory {
    struct sim_results *results;
    const struct sim_execution *how;
    uint32_t next;
    struct sim_progress progress;
    double start;
};

static enum sim_next
next_in_memory(void *context, uint32_t *cell)
{
    struct memory *memory = context;
    while (memory->next < memory->results->n_cells
        && memory->results->cells[memory->next].status != SIM_RUN_NOT_RUN) {
        memory->next++;
    }
    *cell = memory->next++;
    return *cell < memory->results->n_cells ? SIM_NEXT_CELL : SIM_NEXT_END;
}

static int
keep_in_memory(void *context, struct sim_finished *finished)
{
    struct memory *memory = context;
    struct sim_cell *cell = &memory->results->cells[finished->cell];
    memory->progress.cells_done++;
    if (finished->status == SIM_RUN_FAILED) {
        memory->progress.cells_failed++;
        return sim_cell_fail(memory->results, finished->cell, finished->error);
    }
    cell->rows = finished->rows;
    cell->digest = finished->digest;
    cell->status = SIM_RUN_OK;
    finished->rows = NULL;
    return SIM_OK;
}

static int
report(void *context, uint64_t ticks)
{
    struct memory *memory = context;
    memory->progress.ticks_done = ticks;
    memory->progress.seconds = sim_seconds() - memory->start;
    if (memory->how->progress != NULL) {
        memory->how->progress(memory->how->context, &memory->progress);
    }
    return SIM_OK;
}

int
sim_execute(struct sim_results *results, const struct sim_execution *how)
{
    struct sim_effort effort;
    struct memory memory = { .results = results, .how = how, .start = sim_seconds() };
    struct sim_work work = { &memory, next_in_memory, keep_in_memory, report, NULL, NULL, NULL };
    struct sim_crew crew = {
        .threads = how->threads, .bind = how->bind, .stop = how->stop, .verify = how->verify
    };
    uint32_t n_failed = 0;
    for (uint32_t cell = 0; cell < results->n_cells; cell++) {
        crew.cells += results->cells[cell].status == SIM_RUN_NOT_RUN;
        n_failed += results->cells[cell].status == SIM_RUN_FAILED;
    }
    memory.progress.cells = crew.cells;
    memory.progress.ticks = (uint64_t) crew.cells * sim_experiment_rows(results->experiment);
    int ret = sim_execute_work(results->experiment, &results->layout, &work, &crew, &effort);
    int complete = memory.progress.cells_done == crew.cells;
    report(&memory, complete ? memory.progress.ticks : memory.progress.ticks_done);
    if (ret == SIM_OK || (ret == SIM_ERR_STOPPED && complete)) {
        ret = n_failed + memory.progress.cells_failed > 0 ? SIM_ERR_CELL : SIM_OK;
    }
    return ret;
}
