/* sweep_end.c - the end of a sweep: if nothing is missing any more, the results file, and what a user is to know. */
#include "sim/sweep_state.h"

#include "sim/alloc.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/sink.h"
#include "sim/states.h"

#include <inttypes.h>

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

int
sim_sweep_is_complete(const struct sim_sweep_state *sweep)
{
    int matches = sim_sink_matches(sweep->plan->output, sweep->experiment);
    return matches == SIM_OK || (matches == SIM_ERR_CELL && !sweep->plan->failed_again);
}

static uint32_t
count_failed(const struct sim_source *source)
{
    uint32_t n = 0;
    for (uint32_t cell = 0; cell < sim_experiment_cells(source->experiment); cell++) {
        n += source->outcome(source->context, cell).status == SIM_RUN_FAILED;
    }
    return n;
}

/* The states of all replicates that belong into the results file; if one failed there is nothing to save yet. */
static int
save_states(const struct sim_parts *parts, const struct sim_ruled *ruled, const char *path, uint32_t n_failed,
    struct sim_messages *messages)
{
    uint32_t n = ruled->asked != NULL ? ruled->asked[0] : parts->experiment->n_replicates;
    if (n_failed > 0) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ path, 0, 0 },
            "is not written, for %" PRIu32 " of the replicates failed", n_failed);
        return SIM_OK;
    }
    return sim_states_join(path, parts->folder, parts->experiment, n, messages);
}

/* The parts go last: whatever ends this before, it can be done again. */
int
sim_sweep_merge(struct sim_parts *parts, const char *output, const char *save_state, uint32_t *n_failed,
    struct sim_messages *messages)
{
    struct sim_source all = sim_parts_source(parts);
    struct sim_ruled ruled;
    int ret = sim_ruled_init(&ruled, &all);
    if (ret == SIM_OK) {
        *n_failed = count_failed(&ruled.source);
    }
    if (ret == SIM_OK && save_state != NULL) {
        ret = save_states(parts, &ruled, save_state, *n_failed, messages);
    }
    if (ret == SIM_OK) {
        ret = sim_sink_write(output, &ruled.source, messages);
    }
    if (ret == SIM_OK && *n_failed == 0) {
        ret = sim_parts_remove(parts);
    }
    sim_ruled_free(&ruled);
    return ret;
}

/* If nothing is missing any more, the results file. Of several shares the one that finishes last finds it so: each lets
 * go of its lock before it looks, so that whoever looks last can have the lock of all. n_failed: cells of the results
 * file, or of what is there so far. */
static int
merge_if_complete(struct sim_sweep_state *sweep, uint32_t *n_failed)
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
    *n_failed = sweep->parts.n_failed;
    sweep->report->complete = sim_sweep_is_complete(sweep);
    if (ret == SIM_OK && left > 0 && !sweep->report->complete && sweep->plan->share.count == 1) {
        sim_messages_add(sweep->messages, SIM_ERROR, (struct sim_where){ sweep->parts.folder, 0, 0 },
            "%" PRIu32 " cells that have run are missing", left);
        return SIM_ERR_FILE;
    }
    if (ret != SIM_OK || left > 0 || sweep->report->complete) {
        return ret;
    }
    sim_sweep_tell_status(sweep, "merging");
    ret = sim_sweep_merge(
        &sweep->parts, sweep->plan->output, sweep->plan->save_state, n_failed, sweep->messages);
    sweep->report->complete = ret == SIM_OK;
    sweep->report->output_seconds += sim_seconds() - start;
    return ret;
}

int
sim_sweep_finish(struct sim_sweep_state *sweep, int status)
{
    struct sim_sweep_report *report = sweep->report;
    sim_sweep_show_progress(sweep);
    report->done = sweep->ranks.n_done;
    report->failed = sweep->ranks.n_failed;
    report->end = status == SIM_OK ? SIM_SWEEP_NOT_ENDED : (enum sim_sweep_end) sweep->ranks.end;
    if (status == SIM_ERR_STOPPED && report->end == SIM_SWEEP_FAILURES) {
        status = SIM_ERR_CELL;
    } else if (status == SIM_OK && report->complete) { /* it was there; there was nothing to run */
        sim_parts_remove(&sweep->parts);
    } else if (status == SIM_OK) {
        uint32_t n_failed = 0;
        status = merge_if_complete(sweep, &n_failed);
        status = status == SIM_OK && report->failed + n_failed > 0 ? (int) SIM_ERR_CELL : status;
    }
    if (!report->complete || status == SIM_ERR_CELL) { /* the folder stays */
        int done = status == SIM_OK || (status == SIM_ERR_CELL && report->end != SIM_SWEEP_FAILURES);
        sim_sweep_tell_status(sweep, done ? "done" : "stopped");
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
