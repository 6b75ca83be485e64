/* sweep_status.c - how far a sweep is: for whoever waits for it, and in status.json for machines. */
#include "sim/sweep_state.h"

#include "sim/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct sim_progress
progress_of(const struct sim_sweep_state *sweep)
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

void
sim_sweep_show_progress(const struct sim_sweep_state *sweep)
{
    if (sweep->plan->progress != NULL && sim_ranks_is_first(&sweep->ranks)) {
        struct sim_progress progress = progress_of(sweep);
        sweep->plan->progress(sweep->plan->context, &progress);
    }
}

void
sim_sweep_tell_status(struct sim_sweep_state *sweep, const char *state)
{
    char text[1024], host[256] = "?";
    if (!sim_ranks_is_first(&sweep->ranks)) {
        return;
    }
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
        sweep->report->before + progress.cells_done, sweep->failed_before + progress.cells_failed,
        progress.ticks_done, progress.seconds, rate, left);
    sim_parts_tell(&sweep->parts, sweep->name, text);
    sweep->told_at = sim_seconds();
}
