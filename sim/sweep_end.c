/* sweep_end.c - the end of a sweep: if nothing is missing any more, the results file, and what a user is to know. */
#include "sim/sweep_state.h"

#include "sim/alloc.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/sink.h"
#include "sim/states.h"

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
replicates_there(const struct sim_sweep_state *sweep)
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
merge_if_complete(struct sim_sweep_state *sweep)
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
    sweep->report->complete = sim_sweep_is_complete(sweep);
    if (ret != SIM_OK || left > 0 || sweep->report->complete) {
        return ret;
    }
    sim_sweep_tell_status(sweep, "merging");
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

int
sim_sweep_finish(struct sim_sweep_state *sweep, int status)
{
    struct sim_sweep_report *report = sweep->report;
    sim_sweep_show_progress(sweep);
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
        sim_sweep_tell_status(sweep, status == SIM_OK || status == SIM_ERR_CELL ? "done" : "stopped");
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
