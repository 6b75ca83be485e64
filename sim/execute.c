/* execute.c - cells on threads. Each cell is a world of its own, so nothing is shared but the list of what is
 * done. */
#include "sim/execute.h"

#include "sim/alloc.h"
#include "sim/binding.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/record.h"
#include "sim/world.h"

#include <omp.h>
#include <stdio.h>

/* One call of sim_execute. */
struct job {
    struct sim_results *results;
    const struct sim_execution *how;
    uint32_t *todo; /* cells */
    uint32_t n_todo;
    int cell_threads;  /* cells at a time */
    int world_threads; /* threads that share one cell's world */
    omp_lock_t lock;   /* of everything below */
    uint32_t *unsaved;
    uint32_t n_unsaved, n_done, n_failed;
    double start, saved_at, reported_at;
    int status;          /* of the first save that failed, or SIM_ERR_MEMORY */
    uint64_t ticks_done; /* atomic */
    int halted;          /* atomic: nothing more is to be finished */
};

static int
is_halted(struct job *job)
{
    int halted;
#pragma omp atomic read
    halted = job->halted;
    return halted || (job->how->stop != NULL && __atomic_load_n(job->how->stop, __ATOMIC_RELAXED) != 0);
}

static void
halt(struct job *job)
{
#pragma omp atomic write
    job->halted = 1;
}

/* Tells how far the run is; the caller holds the lock. */
static void
report(struct job *job)
{
    struct sim_progress progress = { .cells = job->n_todo, .cells_done = job->n_done };
    progress.ticks = (uint64_t) job->n_todo * job->results->experiment->n_ticks;
#pragma omp atomic read
    progress.ticks_done = job->ticks_done;
    job->reported_at = sim_seconds();
    progress.seconds = job->reported_at - job->start;
    if (job->how->progress != NULL) {
        job->how->progress(job->how->context, &progress);
    }
}

/* Reports at most ten times a second. A thread that finds another one busy with the job goes on. */
static void
report_now_and_then(struct job *job)
{
    if (omp_test_lock(&job->lock)) {
        if (sim_seconds() - job->reported_at >= 0.1) {
            report(job);
        }
        omp_unset_lock(&job->lock);
    }
}

/* Hands what has finished to save; the caller holds the lock. */
static void
save_unsaved(struct job *job)
{
    if (job->how->save != NULL && job->n_unsaved > 0 && job->status == SIM_OK) {
        job->status = job->how->save(job->how->context, job->unsaved, job->n_unsaved);
        if (job->status != SIM_OK) {
            halt(job);
        }
        job->n_unsaved = 0;
    }
    job->saved_at = sim_seconds();
}

static void
finish_cell(struct job *job, uint32_t cell)
{
    omp_set_lock(&job->lock);
    job->n_done++;
    job->n_failed += job->results->cells[cell].status == SIM_RUN_FAILED;
    job->unsaved[job->n_unsaved++] = cell;
    if (sim_seconds() - job->saved_at >= job->how->save_seconds) {
        save_unsaved(job);
    }
    omp_unset_lock(&job->lock);
}

/* All ticks of one cell into rows. SIM_ERR_STOPPED if halted on the way. */
static int
run_ticks(struct job *job, struct sim_world *world, const struct sim_recorder *recorder, double *rows,
    char *why, size_t size)
{
    uint32_t n_ticks = job->results->experiment->n_ticks;
    sim_recorder_start(recorder, world, rows + (size_t) n_ticks * job->results->row);
    for (uint32_t t = 0; t < n_ticks; t++) {
        if (is_halted(job)) {
            return SIM_ERR_STOPPED;
        }
        sim_world_step(world);
        double *row = rows + (size_t) t * job->results->row;
        sim_world_observe(world, row);
        sim_recorder_tick(recorder, world, row);
#pragma omp atomic update
        job->ticks_done++;
        if (job->how->verify && sim_world_verify(world, why, size) != SIM_OK) {
            return SIM_ERR_STATE;
        }
        report_now_and_then(job);
    }
    return SIM_OK;
}

/* The first fault that is not the cell's own ends the run: no memory, which may be there at another time. */
static void
give_up(struct job *job, int status)
{
    omp_set_lock(&job->lock);
    job->status = job->status == SIM_OK ? status : job->status;
    omp_unset_lock(&job->lock);
    halt(job);
}

/* Keeps what a cell recorded, or that and why it failed. */
static int
keep_cell(struct job *job, uint32_t index, int status, double *rows, const char *why)
{
    struct sim_cell *cell = &job->results->cells[index];
    if (status != SIM_OK) {
        return sim_cell_fail(job->results, index, why);
    }
    cell->rows = rows;
    cell->status = SIM_RUN_OK;
    cell->digest = sim_cell_digest(job->results, cell);
    return SIM_OK;
}

static void
run_cell(struct job *job, uint32_t index)
{
    const struct sim_experiment *experiment = job->results->experiment;
    struct sim_point point = { .own = NULL };
    struct sim_key key = { experiment->seed, index % experiment->n_replicates };
    struct sim_world world = { 0 };
    struct sim_recorder recorder = { 0 };
    char why[sizeof(job->results->cells->error)] = "";

    double *rows = sim_alloc(sim_cell_numbers(job->results), sizeof(double));
    int ret =
        rows != NULL ? sim_point_init(&point, experiment, index / experiment->n_replicates) : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        ret = sim_world_init_setting(&world, experiment->model, &point.setting, key, job->world_threads);
    }
    if (ret == SIM_OK) {
        ret = sim_recorder_init(&recorder, &job->results->layout, &world);
    }
    if (ret == SIM_OK) {
        ret = run_ticks(job, &world, &recorder, rows, why, sizeof(why));
    }
    uint32_t left = experiment->n_ticks - world.tick;
    sim_recorder_free(&recorder);
    sim_world_free(&world);
    sim_point_free(&point);
    if (ret == SIM_OK || ret == SIM_ERR_STATE) {
        int kept = keep_cell(job, index, ret, rows, why);
        rows = ret == SIM_OK ? NULL : rows;
        ret = kept;
        if (kept == SIM_OK) {
#pragma omp atomic update
            job->ticks_done += left; /* of a cell that failed none will follow */
            finish_cell(job, index);
        }
    }
    sim_free(rows);
    if (ret != SIM_OK && ret != SIM_ERR_STOPPED) {
        give_up(job, ret);
    }
}

static void
run_next(struct job *job, uint32_t i)
{
    if (!is_halted(job)) {
        run_cell(job, job->todo[i]);
    }
}

/* Without cells side by side there is no parallel region here, so that the regions of the worlds are not
 * nested. */
static void
run_all(struct job *job)
{
    if (job->cell_threads == 1) {
        for (uint32_t i = 0; i < job->n_todo; i++) {
            run_next(job, i);
        }
        return;
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->cell_threads)
    for (uint32_t i = 0; i < job->n_todo; i++) {
        run_next(job, i);
    }
}

static int
job_init(struct job *job, struct sim_results *results, const struct sim_execution *how)
{
    int threads = how->threads > 0 ? how->threads : sim_processors();
    *job = (struct job){ .results = results, .how = how, .start = sim_seconds() };
    job->saved_at = job->start;
    omp_init_lock(&job->lock);
    job->todo = sim_alloc(results->n_cells, sizeof(*job->todo));
    job->unsaved = sim_alloc(results->n_cells, sizeof(*job->unsaved));
    if (job->todo == NULL || job->unsaved == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t cell = 0; cell < results->n_cells; cell++) {
        if (results->cells[cell].status == SIM_RUN_NOT_RUN) {
            job->todo[job->n_todo++] = cell;
        } else {
            job->n_failed += results->cells[cell].status == SIM_RUN_FAILED;
        }
    }
    /* Cells a thread when they keep all threads busy to the end; else all threads on one cell after the
     * other. */
    int by_cell = job->n_todo % (uint32_t) threads == 0 || job->n_todo >= 2 * (uint32_t) threads;
    job->cell_threads = by_cell ? threads : 1;
    job->world_threads = by_cell ? 1 : threads;
    return SIM_OK;
}

int
sim_execute(struct sim_results *results, const struct sim_execution *how)
{
    struct job job;
    struct sim_binding binding = { 0 };
    int ret = job_init(&job, results, how);
    int threads = job.cell_threads > job.world_threads ? job.cell_threads : job.world_threads;
    if (ret != SIM_OK) {
        goto out;
    }
    sim_binding_init(&binding, threads, how->bind);
    run_all(&job);
    sim_binding_free(&binding);
    omp_set_lock(&job.lock);
    save_unsaved(&job);
    report(&job);
    omp_unset_lock(&job.lock);
    ret = job.status != SIM_OK    ? job.status
        : job.n_done < job.n_todo ? SIM_ERR_STOPPED
        : job.n_failed > 0        ? SIM_ERR_CELL
                                  : SIM_OK;
out:
    omp_destroy_lock(&job.lock);
    sim_free(job.todo);
    sim_free(job.unsaved);
    return ret;
}
