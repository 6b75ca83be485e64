/* sweep.c - one process of a sweep, from its start to its end: what is there already, then the cells, then the end. */
#include "sim/sweep_state.h"

#include "sim/alloc.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/states.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LOOK_SECONDS 0.1

static struct sim_outcome
outcome_with_state(void *context, uint32_t cell)
{
    struct sim_sweep_state *sweep = context;
    struct sim_outcome outcome = sweep->source.outcome(sweep->source.context, cell);
    if (outcome.status == SIM_RUN_OK && !sim_states_has(sweep->parts.folder, sweep->experiment, cell)) {
        outcome.status = SIM_RUN_NOT_RUN;
    }
    return outcome;
}

static int
numbers_with_state(void *context, uint32_t cell, uint64_t first, uint64_t n, double *numbers)
{
    struct sim_sweep_state *sweep = context;
    return sweep->source.numbers(sweep->source.context, cell, first, n, numbers);
}

/* How this process is called among those that write. */
static void
name_process(struct sim_sweep_state *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    int n = 0;
    if (plan->share.count > 1) {
        n = snprintf(sweep->name, sizeof(sweep->name), "%" PRIu32 "-of-%" PRIu32, plan->share.index + 1,
            plan->share.count);
    }
    if (plan->comm != NULL && plan->comm->rank > 0) {
        snprintf(sweep->name + n, sizeof(sweep->name) - (size_t) n, "%srank-%d", n > 0 ? "-" : "",
            plan->comm->rank);
    }
}

static void
count_cells(struct sim_sweep_state *sweep)
{
    const struct sim_source *source = &sweep->wanted;
    for (uint32_t cell = 0; cell < sweep->parts.n_cells; cell++) {
        if (sim_schedule_shares(sweep->experiment, sweep->plan->share, cell)) {
            enum sim_run_status status = source->outcome(source->context, cell).status;
            sweep->report->cells++;
            int stays = status == SIM_RUN_FAILED && !sweep->plan->failed_again;
            sweep->report->before += status == SIM_RUN_OK || stays;
            sweep->failed_before += (uint32_t) stays;
        }
    }
}

/* The first process finds out what is there and what is to be done. */
static int
prepare_first(struct sim_sweep_state *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    int ret = sim_parts_lock(&sweep->parts, plan->share, sweep->messages);
    if (ret == SIM_OK && sim_parts_asked_to_stop(&sweep->parts)) {
        sim_messages_add(sweep->messages, SIM_ERROR, (struct sim_where){ sweep->parts.folder, 0, 0 },
            "the file \"stop\" is in this folder; remove it to go on");
        sweep->report->end = SIM_SWEEP_STOP_FILE;
        return SIM_ERR_STOPPED;
    }
    sweep->report->complete = ret == SIM_OK && sim_sweep_is_complete(sweep);
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

static int
prepare(struct sim_sweep_state *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    int threads = plan->crew.threads > 0 ? plan->crew.threads : 1;
    char *folder = sim_print_text("%s.parts", plan->output);
    sweep->waiting = sim_alloc(SIM_SWEEP_SHARD_CELLS, sizeof(*sweep->waiting));
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
    return ret;
}

static int
run_cells(struct sim_sweep_state *sweep)
{
    const struct sim_sweep_plan *plan = sweep->plan;
    struct sim_work work = sim_sweep_work(sweep);
    struct sim_crew crew = plan->crew;
    crew.cells = sweep->report->cells - sweep->report->before;
    if (plan->comm != NULL && plan->comm->size > 1) {
        crew.cells = (sim_experiment_cells(sweep->experiment) - 1) / (uint32_t) plan->comm->size + 1;
    }
    sim_sweep_tell_status(sweep, "running");
    int ret =
        sim_execute_work(sweep->experiment, &sweep->source.layout, &work, &crew, &sweep->report->effort);
    if (ret == SIM_ERR_STOPPED && !sweep->ranks.halted) { /* the signal came before anybody looked */
        sim_ranks_halt(&sweep->ranks, (int) sim_sweep_look_around(sweep));
    } else if (ret != SIM_OK && ret != SIM_ERR_STOPPED) {
        sim_ranks_halt(&sweep->ranks, SIM_SWEEP_ERROR);
    }
    int saved = sim_sweep_save(sweep);
    return saved != SIM_OK ? saved : ret == SIM_OK && sweep->ranks.halted ? (int) SIM_ERR_STOPPED : ret;
}

/* The first process has no cell left: it goes on looking at signals, the stop file and failures while others have. */
static int
wait_for_others(struct sim_sweep_state *sweep)
{
    while (!sim_ranks_wait(&sweep->ranks, LOOK_SECONDS)) {
        enum sim_sweep_end end = sim_sweep_look_around(sweep);
        if (end != SIM_SWEEP_NOT_ENDED) {
            sim_ranks_halt(&sweep->ranks, (int) end);
        }
        sim_sweep_show_progress(sweep);
        if (sim_seconds() - sweep->told_at >= SIM_SWEEP_STATUS_SECONDS) {
            sim_sweep_tell_status(sweep, "running");
        }
    }
    return sweep->ranks.worst;
}

static void
sweep_free(struct sim_sweep_state *sweep)
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
sim_sweep_is_common(struct sim_comm *comm, const struct sim_experiment *experiment, struct sim_share share)
{
    char text[128];
    int n =
        snprintf(text, sizeof(text), "%s %" PRIu32 " %" PRIu32, experiment->digest, share.index, share.count);
    return sim_ranks_agree(comm, text, (size_t) n + 1);
}

int
sim_sweep(const struct sim_experiment *experiment, const struct sim_sweep_plan *plan,
    struct sim_sweep_report *report, struct sim_messages *messages)
{
    struct sim_sweep_state sweep = {
        .experiment = experiment, .plan = plan, .report = report, .messages = messages, .start = sim_seconds()
    };
    memset(report, 0, sizeof(*report));
    sweep.saved_at = sweep.start;
    sim_provenance_digest(sweep.build);
    name_process(&sweep);
    int ready = prepare(&sweep);
    int ret = sim_ranks_begin(&sweep.ranks, ready);
    if (ret == SIM_OK) { /* who is not ready leaves, so that nobody waits for him, and nobody works in vain */
        if (ready != SIM_OK) {
            sim_ranks_halt(&sweep.ranks, SIM_SWEEP_ERROR);
        }
        ret = sim_ranks_leave(&sweep.ranks, ready == SIM_OK ? run_cells(&sweep) : ready);
        if (sim_ranks_is_first(&sweep.ranks)) {
            ret = sim_sweep_finish(&sweep, wait_for_others(&sweep));
        }
        ret = sim_ranks_conclude(&sweep.ranks, ret);
    }
    sweep_free(&sweep);
    return ret;
}
