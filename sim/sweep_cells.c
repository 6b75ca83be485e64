/* sweep_cells.c - what the threads that run the cells of a sweep call, one at a time: where cells come from, the shards
 * and checkpoints they go to, and when to end. */
#include "sim/sweep_state.h"

#include "sim/alloc.h"
#include "sim/checkpoint.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/states.h"

#include <inttypes.h>

#define SHARD_SECONDS 1.0       /* the least time between two shards, */
#define SHARD_SECONDS_MOST 30.0 /* the most, however long the sweep has been running, */
#define SHARD_SHARE 0.01        /* and so much of the time so far in between */
#define SHARD_COST 30.0         /* and so many times what writing the last one took */
#define STOP_FILE_SECONDS 1.0
#define FAILURES_TOLD 10

static double
waiting_bytes(const struct sim_sweep_state *sweep)
{
    return (double) sweep->n_waiting * (double) sim_source_numbers(&sweep->source) * sizeof(double);
}

int
sim_sweep_save(struct sim_sweep_state *sweep)
{
    if (sweep->n_waiting == 0) {
        return SIM_OK;
    }
    double start = sim_seconds();
    int ret = sim_parts_add(&sweep->parts, sweep->name, sweep->waiting, sweep->n_waiting, sweep->messages);
    for (uint32_t i = 0; i < sweep->n_waiting; i++) {
        if (ret == SIM_OK && sweep->has_kept) {
            sim_checkpoints_remove(sweep->parts.folder, sweep->waiting[i].cell);
        }
        sim_free(sweep->waiting[i].rows);
    }
    sweep->n_waiting = 0;
    sweep->saved_at = sim_seconds();
    sweep->save_took = sweep->saved_at - start;
    sweep->report->output_seconds += sweep->save_took;
    return ret;
}

static int
save_if_due(struct sim_sweep_state *sweep)
{
    double now = sim_seconds(), pause = SHARD_SHARE * (now - sweep->start);
    pause = pause > SHARD_SECONDS_MOST ? SHARD_SECONDS_MOST : pause < SHARD_SECONDS ? SHARD_SECONDS : pause;
    pause = pause < SHARD_COST * sweep->save_took ? SHARD_COST * sweep->save_took : pause;
    int full = waiting_bytes(sweep) >= SIM_SWEEP_SHARD_BYTES || sweep->n_waiting == SIM_SWEEP_SHARD_CELLS;
    if (!full && now - sweep->saved_at < pause) {
        return SIM_OK;
    }
    int ret = sim_sweep_save(sweep);
    if (ret == SIM_OK && now - sweep->told_at >= SIM_SWEEP_STATUS_SECONDS) {
        sim_sweep_tell_status(sweep, "running");
    }
    return ret;
}

static enum sim_next
next(void *context, uint32_t *cell)
{
    struct sim_sweep_state *sweep = context;
    int status = SIM_OK;
    enum sim_next next = sim_ranks_next(&sweep->ranks, cell, &status);
    if (status != SIM_OK) {
        sim_messages_add(sweep->messages, SIM_ERROR, (struct sim_where){ sweep->parts.folder, 0, 0 },
            "what is to be run cannot be told: %s", sim_status_text(status));
        sim_ranks_halt(&sweep->ranks, SIM_SWEEP_ERROR);
    }
    return next;
}

/* The first failures are told; run_error in the results has all. */
static void
tell_failure(struct sim_sweep_state *sweep, const struct sim_finished *finished)
{
    uint32_t replicates = sweep->experiment->n_replicates;
    char point[256];
    if (sweep->n_told++ < FAILURES_TOLD) {
        sim_point_describe(sweep->experiment, finished->cell / replicates, point, sizeof(point));
        sim_messages_add(sweep->messages, SIM_ERROR, (struct sim_where){ NULL, 0, 0 },
            "%s, replicate %" PRIu32 " failed: %s", point, finished->cell % replicates, finished->error);
    }
}

static int
done(void *context, struct sim_finished *finished)
{
    struct sim_sweep_state *sweep = context;
    const struct sim_experiment *experiment = sweep->experiment;
    double values[SIM_SCHEDULE_VALUES];
    uint32_t n_values = finished->status == SIM_RUN_OK ? sim_schedule_n_values(experiment) : 0;
    if (n_values > 0) {
        sim_schedule_values(experiment, &sweep->source.layout, finished->rows, values);
    }
    if (finished->status == SIM_RUN_FAILED) {
        tell_failure(sweep, finished);
    }
    sweep->waiting[sweep->n_waiting++] = *finished;
    finished->rows = NULL;
    int ret = sim_ranks_back(&sweep->ranks, finished->cell, finished->status, values, n_values);
    return ret == SIM_OK ? save_if_due(sweep) : ret;
}

enum sim_sweep_end
sim_sweep_look_around(struct sim_sweep_state *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    double now = sim_seconds();
    if (plan->crew.stop != NULL && __atomic_load_n(plan->crew.stop, __ATOMIC_RELAXED) != 0) {
        return SIM_SWEEP_SIGNAL;
    }
    if (plan->deadline > 0 && now >= plan->deadline) {
        return SIM_SWEEP_WALLTIME;
    }
    if (!sim_ranks_is_first(&sweep->ranks)) {
        return SIM_SWEEP_NOT_ENDED;
    }
    if (plan->stop_after > 0 && sweep->ranks.n_failed >= plan->stop_after) {
        return SIM_SWEEP_FAILURES;
    }
    if (now - sweep->looked_at >= STOP_FILE_SECONDS) {
        sweep->looked_at = now;
        return sim_parts_asked_to_stop(&sweep->parts) ? SIM_SWEEP_STOP_FILE : SIM_SWEEP_NOT_ENDED;
    }
    return SIM_SWEEP_NOT_ENDED;
}

static int
pulse(void *context, uint64_t ticks)
{
    struct sim_sweep_state *sweep = context;
    sweep->ticks = ticks;
    int ret = sim_ranks_listen(&sweep->ranks);
    enum sim_sweep_end end = sim_sweep_look_around(sweep);
    if (end != SIM_SWEEP_NOT_ENDED) {
        sim_ranks_halt(&sweep->ranks, (int) end);
    }
    if (ret == SIM_OK) {
        ret = save_if_due(sweep);
    }
    sim_sweep_show_progress(sweep);
    return ret != SIM_OK ? ret : sweep->ranks.halted ? (int) SIM_ERR_STOPPED : SIM_OK;
}

static struct sim_checkpoint
checkpoint_of(const struct sim_sweep_state *sweep, const struct sim_run *run)
{
    const struct sim_experiment *experiment = sweep->experiment;
    const struct sim_layout *layout = &sweep->source.layout;
    return (struct sim_checkpoint){ .spec = experiment->digest,
        .build = sweep->build,
        .cell = run->cell,
        .n_ticks = experiment->n_ticks,
        .numbers = run->numbers,
        .n_numbers = run->n_numbers,
        .n_once = layout->once,
        .n_rows = (run->world->tick - experiment->first_tick) * layout->row };
}

/* Goes on where the cell was interrupted, if it was. */
static int
start(void *context, struct sim_run *run)
{
    struct sim_sweep_state *sweep = context;
    struct sim_checkpoint checkpoint = checkpoint_of(sweep, run);
    int ret = sim_checkpoints_load(sweep->parts.folder, run->world, &checkpoint, sweep->messages);
    sweep->has_kept |= ret == SIM_OK;
    return ret == SIM_ERR_MEMORY || ret == SIM_ERR_STATE ? ret : SIM_OK;
}

/* A checkpoint that cannot be written does not spoil a run; one such is told, for all may be so. */
static int
keep(void *context, const struct sim_run *run)
{
    struct sim_sweep_state *sweep = context;
    struct sim_checkpoint checkpoint = checkpoint_of(sweep, run);
    double start = sim_seconds();
    int ret = sim_checkpoints_save(
        sweep->parts.folder, run->world, &checkpoint, sweep->keep_failed ? NULL : sweep->messages);
    sweep->keep_failed |= ret != SIM_OK;
    sweep->has_kept = 1;
    sweep->report->output_seconds += sim_seconds() - start;
    return SIM_OK;
}

/* A cell has reached its end; its state is there before the cell counts as done. */
static int
end(void *context, const struct sim_run *run)
{
    struct sim_sweep_state *sweep = context;
    return sim_states_keep(sweep->parts.folder, sweep->experiment, run->world, run->cell, sweep->messages);
}

struct sim_work
sim_sweep_work(struct sim_sweep_state *sweep)
{
    int saves_states = sweep->plan->save_state != NULL;
    return (struct sim_work){ sweep, next, done, pulse, start, keep, saves_states ? end : NULL };
}
