/* sweep.c - one process of a sweep: what is there already, then the cells, shards of those that finished, and, if
 * nothing is missing any more, the results file. */
#include "sim/sweep.h"

#include "sim/alloc.h"
#include "sim/checkpoint.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/provenance.h"
#include "sim/ranks.h"
#include "sim/sink.h"
#include "sim/states.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHARD_SECONDS 1.0       /* the least time between two shards, */
#define SHARD_SECONDS_MOST 30.0 /* the most, however long the sweep has been running, */
#define SHARD_SHARE 0.01        /* and so much of the time so far in between */
#define SHARD_COST 30.0         /* and so many times what writing the last one took */
#define SHARD_CELLS 8192
#define STOP_FILE_SECONDS 1.0
#define FAILURES_TOLD 10
#define STATUS_SECONDS 5.0

struct sweep {
    const struct sim_experiment *experiment;
    const struct sim_sweep_plan *plan;
    struct sim_sweep_report *report;
    struct sim_messages *messages;
    struct sim_parts parts;
    struct sim_source source;
    struct sim_source
        wanted; /* the same, but a cell whose state is to be saved and is not there has not run */
    struct sim_schedule schedule; /* of the first process */
    struct sim_ranks ranks;
    char name[64]; /* of this process among those that write */
    char build[SIM_BUILD_SIZE];
    struct sim_finished *waiting; /* finished, but in no shard yet */
    uint32_t n_waiting;
    double start, saved_at, save_took, looked_at, told_at;
    uint64_t ticks;  /* finished by this process */
    uint32_t n_told; /* failed cells */
    int has_kept;    /* there may be checkpoints of cells */
    int keep_failed; /* one could not be written, and that was told */
};

static const char *const end_texts[] = {
#define END_TEXT(name, text) text,
    SIM_SWEEP_ENDS(END_TEXT)
#undef END_TEXT
};

const char *
sim_sweep_end_text(enum sim_sweep_end end)
{
    return (unsigned) end < SIM_SWEEP_N_ENDS ? end_texts[end] : "?";
}

/* Progress ------------------------------------------------------------------------------------------------- */

static struct sim_progress
progress_of(const struct sweep *sweep)
{
    const struct sim_sweep_report *report = sweep->report;
    uint32_t n_ticks = sim_experiment_rows(sweep->experiment);
    struct sim_progress progress = { .cells = report->cells - report->before,
        .cells_done = sweep->ranks.n_done,
        .cells_failed = sweep->ranks.n_failed,
        .seconds = sim_seconds() - sweep->start };
    uint64_t done = (uint64_t) sweep->ranks.n_done * n_ticks;
    progress.ticks = (uint64_t) progress.cells * n_ticks;
    progress.ticks_done = sweep->ticks > done ? sweep->ticks : done;
    return progress;
}

static void
show_progress(const struct sweep *sweep)
{
    if (sweep->plan->progress != NULL && sim_ranks_is_first(&sweep->ranks)) {
        struct sim_progress progress = progress_of(sweep);
        sweep->plan->progress(sweep->plan->context, &progress);
    }
}

/* status.json: how far it is, for machines. */
static void
tell_status(struct sweep *sweep, const char *state)
{
    char text[1024], host[256] = "?";
    struct sim_progress progress = progress_of(sweep);
    double rate = progress.seconds > 0 ? progress.cells_done / progress.seconds : 0;
    double left = rate > 0 ? (progress.cells - progress.cells_done) / rate : -1;
    gethostname(host, sizeof(host) - 1);
    host[strcspn(host, "\"\\")] = '\0';
    snprintf(text, sizeof(text),
        "{\"state\": \"%s\", \"share\": \"%" PRIu32 "/%" PRIu32
        "\", \"host\": \"%s\", \"process\": %ld, \"processes\": %d,\n"
        " \"cells\": %" PRIu32 ", \"done\": %" PRIu32 ", \"failed\": %" PRIu32 ", \"months_done\": %" PRIu64
        ", \"seconds\": %.1f, \"cells_per_second\": %.4g, \"seconds_left\": %.0f}\n",
        state, sweep->plan->share.index + 1, sweep->plan->share.count, host, (long) getpid(),
        sweep->plan->comm != NULL ? sweep->plan->comm->size : 1, sweep->report->cells,
        sweep->report->before + progress.cells_done, sweep->parts.n_failed + progress.cells_failed,
        progress.ticks_done, progress.seconds, rate, left);
    sim_parts_tell(&sweep->parts, sweep->name, text);
    sweep->told_at = sim_seconds();
}

/* Shards --------------------------------------------------------------------------------------------------- */

static double
waiting_bytes(const struct sweep *sweep)
{
    return (double) sweep->n_waiting * (double) sim_source_numbers(&sweep->source) * sizeof(double);
}

/* Writes what waits into a shard. */
static int
save(struct sweep *sweep)
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
save_if_due(struct sweep *sweep)
{
    double now = sim_seconds(), pause = SHARD_SHARE * (now - sweep->start);
    pause = pause > SHARD_SECONDS_MOST ? SHARD_SECONDS_MOST : pause < SHARD_SECONDS ? SHARD_SECONDS : pause;
    pause = pause < SHARD_COST * sweep->save_took ? SHARD_COST * sweep->save_took : pause;
    int full = waiting_bytes(sweep) >= SIM_SWEEP_SHARD_BYTES || sweep->n_waiting == SHARD_CELLS;
    if (!full && now - sweep->saved_at < pause) {
        return SIM_OK;
    }
    int ret = save(sweep);
    if (ret == SIM_OK && now - sweep->told_at >= STATUS_SECONDS) {
        tell_status(sweep, "running");
    }
    return ret;
}

/* What the threads that run the cells call ------------------------------------------------------------------- */

static enum sim_next
next(void *context, uint32_t *cell)
{
    struct sweep *sweep = context;
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
tell_failure(struct sweep *sweep, const struct sim_finished *finished)
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
    struct sweep *sweep = context;
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

/* Whether the sweep is to end, and why. */
static enum sim_sweep_end
look_around(struct sweep *sweep)
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
    struct sweep *sweep = context;
    sweep->ticks = ticks;
    int ret = sim_ranks_listen(&sweep->ranks);
    enum sim_sweep_end end = look_around(sweep);
    if (end != SIM_SWEEP_NOT_ENDED) {
        sim_ranks_halt(&sweep->ranks, (int) end);
    }
    if (ret == SIM_OK) {
        ret = save_if_due(sweep);
    }
    show_progress(sweep);
    return ret != SIM_OK ? ret : sweep->ranks.halted ? (int) SIM_ERR_STOPPED : SIM_OK;
}

static struct sim_checkpoint
checkpoint_of(const struct sweep *sweep, const struct sim_run *run)
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
    struct sweep *sweep = context;
    struct sim_checkpoint checkpoint = checkpoint_of(sweep, run);
    int ret = sim_checkpoints_load(sweep->parts.folder, run->world, &checkpoint, sweep->messages);
    sweep->has_kept |= ret == SIM_OK;
    return ret == SIM_ERR_MEMORY || ret == SIM_ERR_STATE ? ret : SIM_OK;
}

/* A checkpoint that cannot be written does not spoil a run; one such is told, for all may be so. */
static int
keep(void *context, const struct sim_run *run)
{
    struct sweep *sweep = context;
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
    struct sweep *sweep = context;
    return sim_states_keep(sweep->parts.folder, sweep->experiment, run->world, run->cell, sweep->messages);
}

static struct sim_outcome
outcome_with_state(void *context, uint32_t cell)
{
    struct sweep *sweep = context;
    struct sim_outcome outcome = sweep->source.outcome(sweep->source.context, cell);
    if (outcome.status == SIM_RUN_OK && !sim_states_has(sweep->parts.folder, sweep->experiment, cell)) {
        outcome.status = SIM_RUN_NOT_RUN;
    }
    return outcome;
}

static int
numbers_with_state(void *context, uint32_t cell, uint64_t first, uint64_t n, double *numbers)
{
    struct sweep *sweep = context;
    return sweep->source.numbers(sweep->source.context, cell, first, n, numbers);
}

/* From the start to the end ---------------------------------------------------------------------------------- */

/* How this process is called among those that write. */
static void
name_process(struct sweep *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    if (plan->share.count > 1) {
        snprintf(sweep->name, sizeof(sweep->name), "%" PRIu32 "-of-%" PRIu32, plan->share.index + 1,
            plan->share.count);
    } else if (plan->comm != NULL && plan->comm->rank > 0) {
        snprintf(sweep->name, sizeof(sweep->name), "rank-%d", plan->comm->rank);
    }
}

static void
count_cells(struct sweep *sweep)
{
    const struct sim_source *source = &sweep->wanted;
    uint32_t replicates = sweep->experiment->n_replicates;
    int by_point = sweep->experiment->stopping.n > 0;
    for (uint32_t cell = 0; cell < sweep->parts.n_cells; cell++) {
        if (sim_share_has(sweep->plan->share, by_point ? cell / replicates : cell)) {
            enum sim_run_status status = source->outcome(source->context, cell).status;
            sweep->report->cells++;
            sweep->report->before +=
                status == SIM_RUN_OK || (status == SIM_RUN_FAILED && !sweep->plan->failed_again);
        }
    }
}

/* Whether the results file is there: while this process waited for the lock another one may have written it. */
static int
is_complete(const struct sweep *sweep)
{
    int matches = sim_sink_matches(sweep->plan->output, sweep->experiment);
    return matches == SIM_OK || (matches == SIM_ERR_CELL && !sweep->plan->failed_again);
}

/* The first process finds out what is there and what is to be done. */
static int
prepare_first(struct sweep *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    int ret = sim_parts_lock(&sweep->parts, plan->share, sweep->messages);
    if (ret == SIM_OK && sim_parts_asked_to_stop(&sweep->parts)) {
        sim_messages_add(sweep->messages, SIM_ERROR, (struct sim_where){ sweep->parts.folder, 0, 0 },
            "the file \"stop\" is in this folder; remove it to go on");
        sweep->report->end = SIM_SWEEP_STOP_FILE;
        return SIM_ERR_STOPPED;
    }
    sweep->report->complete = ret == SIM_OK && is_complete(sweep);
    if (ret == SIM_OK) {
        ret = sim_parts_scan(&sweep->parts, sweep->messages);
    }
    if (ret != SIM_OK || sweep->report->complete) {
        return ret;
    }
    count_cells(sweep);
    if (plan->begin != NULL) {
        plan->begin(plan->context, &sweep->parts, sweep->report->before);
    }
    return sim_schedule_init(
        &sweep->schedule, &sweep->wanted, plan->share, plan->failed_again, sweep->messages);
}

/* *begun: what the first process says to all; if SIM_OK, each of them is to leave, also one that cannot take part. */
static int
prepare(struct sweep *sweep, int *begun)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    int threads = plan->crew.threads > 0 ? plan->crew.threads : 1;
    char *folder = sim_print_text("%s.parts", plan->output);
    sweep->waiting = sim_alloc(SHARD_CELLS, sizeof(*sweep->waiting));
    int ret = folder != NULL && sweep->waiting != NULL
        ? sim_parts_init(&sweep->parts, folder, sweep->experiment)
        : SIM_ERR_MEMORY;
    sim_free(folder);
    int ready = sim_ranks_init(&sweep->ranks, plan->comm, &sweep->schedule, threads + 1);
    ret = ret == SIM_OK ? ready : ret;
    if (ret == SIM_OK) {
        sweep->source = sweep->wanted = sim_parts_source(&sweep->parts);
        if (plan->save_state != NULL) {
            sweep->wanted.outcome = outcome_with_state;
            sweep->wanted.numbers = numbers_with_state;
            sweep->wanted.context = sweep;
        }
        ret = sim_ranks_is_first(&sweep->ranks) ? prepare_first(sweep) : SIM_OK;
    }
    *begun = sim_ranks_begin(&sweep->ranks, ret);
    return ret == SIM_OK ? *begun : ret;
}

static int
run_cells(struct sweep *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    struct sim_work work = { sweep, next, done, pulse, start, keep, plan->save_state != NULL ? end : NULL };
    struct sim_crew crew = plan->crew;
    crew.cells = sweep->report->cells - sweep->report->before;
    if (plan->comm != NULL && plan->comm->size > 1) {
        crew.cells = sim_experiment_cells(sweep->experiment) / (uint32_t) plan->comm->size;
    }
    tell_status(sweep, "running");
    int ret =
        sim_execute_work(sweep->experiment, &sweep->source.layout, &work, &crew, &sweep->report->effort);
    if (ret == SIM_ERR_STOPPED && !sweep->ranks.halted) { /* the signal came before anybody looked */
        sim_ranks_halt(&sweep->ranks, (int) look_around(sweep));
    } else if (ret != SIM_OK && ret != SIM_ERR_STOPPED) {
        sim_ranks_halt(&sweep->ranks, SIM_SWEEP_ERROR);
    }
    int saved = save(sweep);
    return saved != SIM_OK ? saved : ret == SIM_OK && sweep->ranks.halted ? (int) SIM_ERR_STOPPED : ret;
}

int
sim_sweep_merge(struct sim_parts *parts, const char *output, struct sim_messages *messages)
{
    struct sim_source source = sim_parts_source(parts);
    int ret = sim_sink_write(output, &source, messages);
    if (ret == SIM_OK && parts->n_failed == 0) {
        ret = sim_parts_remove(parts);
    }
    return ret;
}

/* Replicates of the one design point whose states are saved. */
static uint32_t
replicates_there(const struct sweep *sweep)
{
    const struct sim_source *source = &sweep->source;
    uint32_t n = sweep->experiment->n_replicates;
    while (n > 1 && source->outcome(source->context, n - 1).status == SIM_RUN_NOT_RUN) {
        n--;
    }
    return n;
}

/* If nothing is missing any more, the results file. Of several shares the one that finishes last finds it so: each lets
 * go of its lock before it looks, so that whoever looks last can have the lock of all. */
static int
merge_if_complete(struct sweep *sweep)
{
    uint32_t left = 0;
    double start = sim_seconds();
    if (sweep->plan->share.count > 1) {
        sim_parts_unlock(&sweep->parts);
    }
    int ret = sim_parts_scan(&sweep->parts, sweep->messages);
    if (ret == SIM_OK) {
        ret = sim_schedule_left(&sweep->wanted, &left);
    }
    if (ret == SIM_OK && left == 0 && sweep->plan->share.count > 1) {
        ret = sim_parts_lock_all(&sweep->parts, sweep->messages);
        left = ret == SIM_ERR_EXISTS; /* whoever works there will do it */
        ret = ret == SIM_ERR_EXISTS ? SIM_OK : ret;
    }
    sweep->report->complete = is_complete(sweep);
    if (ret != SIM_OK || left > 0 || sweep->report->complete) {
        return ret;
    }
    tell_status(sweep, "merging");
    if (sweep->plan->save_state != NULL) {
        ret = sim_states_join(sweep->plan->save_state, sweep->parts.folder, sweep->experiment,
            replicates_there(sweep), sweep->messages);
        if (ret == SIM_OK) {
            sim_states_remove(sweep->parts.folder, sweep->experiment);
        }
    }
    if (ret == SIM_OK) {
        ret = sim_sweep_merge(&sweep->parts, sweep->plan->output, sweep->messages);
    }
    sweep->report->complete = ret == SIM_OK;
    sweep->report->output_seconds += sim_seconds() - start;
    return ret;
}

/* The first process, when all have left. */
static int
finish_first(struct sweep *sweep, int status)
{
    struct sim_sweep_report *report = sweep->report;
    show_progress(sweep);
    report->done = sweep->ranks.n_done;
    report->failed = sweep->ranks.n_failed;
    if (report->end == SIM_SWEEP_NOT_ENDED) {
        report->end = (enum sim_sweep_end) sweep->ranks.end;
    }
    if (status == SIM_ERR_STOPPED && report->end == SIM_SWEEP_FAILURES) {
        status = SIM_ERR_CELL;
    } else if (status == SIM_OK && report->complete) { /* it was there; there was nothing to run */
        sim_parts_remove(&sweep->parts);
    } else if (status == SIM_OK) {
        status = merge_if_complete(sweep);
        int failed = report->failed > 0 || sweep->parts.n_failed > 0;
        status = status == SIM_OK && failed ? (int) SIM_ERR_CELL : status;
    }
    if (!report->complete) {
        tell_status(sweep, status == SIM_OK || status == SIM_ERR_CELL ? "done" : "stopped");
    }
    return status;
}

void
sim_sweep_forget(const struct sim_experiment *experiment, const char *output)
{
    struct sim_parts parts = { 0 };
    char *folder = sim_print_text("%s.parts", output);
    if (folder != NULL && sim_parts_init(&parts, folder, experiment) == SIM_OK) {
        sim_parts_remove(&parts);
    }
    sim_parts_free(&parts);
    sim_free(folder);
}

static void
sweep_free(struct sweep *sweep)
{
    for (uint32_t i = 0; i < sweep->n_waiting; i++) {
        sim_free(sweep->waiting[i].rows);
    }
    sim_free(sweep->waiting);
    sim_schedule_free(&sweep->schedule);
    sim_ranks_free(&sweep->ranks);
    sim_parts_free(&sweep->parts);
}

int
sim_sweep(const struct sim_experiment *experiment, const struct sim_sweep_plan *plan,
    struct sim_sweep_report *report, struct sim_messages *messages)
{
    struct sweep sweep = {
        .experiment = experiment, .plan = plan, .report = report, .messages = messages, .start = sim_seconds()
    };
    memset(report, 0, sizeof(*report));
    sweep.saved_at = sweep.start;
    sim_provenance_digest(sweep.build);
    name_process(&sweep);
    int begun, ret = prepare(&sweep, &begun);
    if (begun == SIM_OK) {
        if (ret != SIM_OK) {
            sim_ranks_halt(&sweep.ranks, SIM_SWEEP_ERROR);
        }
        ret = sim_ranks_leave(&sweep.ranks, ret == SIM_OK ? run_cells(&sweep) : ret);
        if (sim_ranks_is_first(&sweep.ranks)) {
            ret = finish_first(&sweep, ret);
        }
        ret = sim_ranks_conclude(&sweep.ranks, ret);
    }
    sweep_free(&sweep);
    return ret;
}
