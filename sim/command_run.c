/* command_run.c - cogov run: an experiment into its parts, and one file at the end. */
#include "sim/cli_request.h"

#include "sim/alloc.h"
#include "sim/binding.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/provenance.h"
#include "sim/sink.h"
#include "sim/states.h"
#include "sim/sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GRACE_SHARE 0.05 /* of --max-walltime, to end in order */
#define GRACE_LEAST 1.0  /* seconds */
#define GRACE_MOST 60.0

/* One run, as its callbacks see it. */
struct run {
    const struct cli_program *program;
    const struct cli_options *options;
    const struct sim_experiment *experiment;
    const char *output;
    struct sim_messages *messages;
    struct cli_meter meter;
    uint32_t before; /* cells that were there */
};

/* What has come up since the last time. */
static void
tell_messages(struct run *run)
{
    if (run->messages->count > 0) {
        cli_meter_break(&run->meter);
        cli_print_messages(run->messages);
        sim_messages_free(run->messages);
        sim_messages_init(run->messages);
    }
}

static void
show_progress(void *context, const struct sim_progress *progress)
{
    struct run *run = context;
    tell_messages(run);
    char what[128], failed[32] = "";
    int rule = run->experiment->stopping.n > 0;
    double cells = (double) progress->cells + run->before;
    double ticks = (double) progress->ticks_done / sim_experiment_rows(run->experiment);
    double share = cells > 0 ? (run->before + ticks) / cells : 1;
    if (progress->cells_failed > 0) {
        snprintf(failed, sizeof(failed), ", %" PRIu32 " failed", progress->cells_failed);
    }
    snprintf(what, sizeof(what), "%" PRIu32 " of %s%.0f cells%s", progress->cells_done + run->before,
        rule ? "at most " : "", cells, failed);
    cli_meter_show(
        &run->meter, share < 1 ? share : 1, what, (double) progress->ticks_done, progress->seconds);
}

static void
begin(void *context, const struct sim_parts *parts, uint32_t before)
{
    struct run *run = context;
    run->before = before;
    cli_request_write(parts->folder, run->program, run->options, run->experiment, run->output, run->messages);
    tell_messages(run);
    if (run->before > 0 && run->meter.shown != CLI_METER_NOTHING) {
        fprintf(stderr, "cogov: %" PRIu32 " of %" PRIu32 " cells were finished before\n", run->before,
            parts->n_cells);
    }
}

/* What is told beside the results: when, where, how long. A log that cannot be written does not spoil a run.
 */
static void
append_log(const struct cli_program *program, const char *output, const char *what,
    const struct sim_sweep_report *report)
{
    char host[256] = "?", when[64];
    time_t now = time(NULL);
    struct tm tm;
    const struct sim_effort *effort = &report->effort;
    double share = effort->seconds > 0 ? effort->model_seconds / (effort->threads * effort->seconds) : 0;
    char *path = sim_print_text("%s.log", output);
    FILE *log = path != NULL ? fopen(path, "a") : NULL;
    if (log != NULL) {
        gethostname(host, sizeof(host) - 1);
        strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &tm));
        fprintf(log,
            "%s %s cogov %s (%s): %s after %.1f s, %" PRIu32 " cells, %" PRIu32
            " failed, model %.1f %% of %d thread%s, output %.2f s:",
            when, host, sim_version(), program->isa, what, effort->seconds, report->done, report->failed,
            100 * share, effort->threads, effort->threads > 1 ? "s" : "", report->output_seconds);
        for (int i = 0; i < program->argc; i++) {
            fprintf(log, " %s", program->argv[i]);
        }
        fputc('\n', log);
        fclose(log);
    }
    sim_free(path);
}

/* Whether the output may be written. CLI_DONE: yes; else the exit status, and *complete says if the file is
 * there already. */
static int
check_output(const struct cli_options *options, const struct sim_experiment *experiment, const char *output,
    int *complete)
{
    int matches = sim_sink_matches(output, experiment);
    int again = matches == SIM_ERR_CELL && (options->given & CLI_FAILED_CELLS) != 0;
    *complete = matches == SIM_OK || (matches == SIM_ERR_CELL && !again);
    if (*complete && options->save_state != NULL && access(options->save_state, F_OK) != 0) {
        cli_complain(
            "%s holds these results already, but there is no %s with their states; name another results "
            "file to run again, or run what failed by cogov retry --failed",
            output, options->save_state);
        *complete = 0;
        return CLI_WRONG;
    }
    if (*complete) {
        return matches == SIM_OK ? CLI_DONE : CLI_FAILED;
    }
    if (matches == SIM_ERR_EXISTS && (options->given & CLI_OVERWRITE) == 0) {
        cli_complain("%s exists and holds something else; name another file, or add --overwrite", output);
        return CLI_WRONG;
    }
    return cli_check_folder(output);
}

/* After the cells: what to say. */
static int
conclude(const struct cli_program *program, const struct cli_options *options, const char *output, int status,
    const struct sim_sweep_report *report)
{
    int kept = options->output != NULL, quiet = (options->given & CLI_QUIET) != 0;
    char took[CLI_TIME_SIZE];
    cli_print_time(took, report->effort.seconds);
    if (status == SIM_OK || (status == SIM_ERR_CELL && report->end == SIM_SWEEP_NOT_ENDED)) {
        append_log(program, output, status == SIM_OK ? "done" : "done, some cells failed", report);
        if (report->complete && !quiet) {
            fprintf(stderr, "%s%s%" PRIu32 " cells in %s\n", kept ? output : "", kept ? ": " : "",
                report->done, took);
        } else if (!quiet) {
            fprintf(stderr, "%s.parts: %" PRIu32 " cells in %s; this share is done, others are not\n", output,
                report->done, took);
        }
        if (status == SIM_ERR_CELL) {
            cli_complain(
                "cells failed; run_error in the results has the reasons, cogov retry %s.parts --failed runs "
                "them again",
                output);
        }
        return status == SIM_OK ? CLI_DONE : CLI_FAILED;
    }
    if (status == SIM_ERR_STOPPED && !kept) {
        fprintf(stderr, "cogov: stopped; nothing is kept without -o\n");
    } else if (status == SIM_ERR_STOPPED) {
        fprintf(stderr,
            "cogov: stopped, for %s; what was finished is safe in %s.parts, the same command goes on\n",
            sim_sweep_end_text(report->end), output);
        append_log(program, output, "stopped", report);
        return CLI_STOPPED;
    } else if (status == SIM_ERR_CELL) {
        cli_complain("%s (%" PRIu32 "); what was finished is in %s.parts, cogov status tells the reasons",
            sim_sweep_end_text(report->end), report->failed, output);
        append_log(program, output, "ended, too many cells had failed", report);
    } else if (status != SIM_ERR_EXISTS) {
        cli_complain("%s; what was finished is in %s.parts, the same command goes on",
            sim_status_text(status), output);
    }
    return CLI_FAILED;
}

/* When to end, by sim_seconds; 0: whenever it is done. */
static double
deadline(const struct cli_options *options)
{
    double grace = GRACE_SHARE * options->max_walltime;
    grace = grace < GRACE_LEAST ? GRACE_LEAST : grace > GRACE_MOST ? GRACE_MOST : grace;
    grace = grace < options->max_walltime / 2 ? grace : options->max_walltime / 2;
    return options->max_walltime > 0 ? sim_seconds() + options->max_walltime - grace : 0;
}

/* Runs what is not there yet. */
static int
sweep(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *output, struct sim_comm *comm)
{
    struct sim_messages messages;
    struct sim_sweep_report report;
    struct run run = { .program = program,
        .options = options,
        .experiment = experiment,
        .output = output,
        .messages = &messages };
    uint32_t stop_after = options->stop_after >= 0 ? (uint32_t) options->stop_after : experiment->stop_after;
    struct sim_sweep_plan plan = { .output = output,
        .share = options->share,
        .comm = comm,
        .crew = { .threads = options->threads > 0 ? (int) options->threads : sim_processors(),
            .bind = cli_binds(options),
            .stop = program->stop,
            .verify = (options->given & CLI_VERIFY) != 0,
            .keep_seconds = options->checkpoint_seconds,
            .keep_ticks = (uint32_t) options->checkpoint_ticks },
        .deadline = deadline(options),
        .stop_after = stop_after,
        .save_state = options->save_state,
        .failed_again = (options->given & CLI_FAILED_CELLS) != 0,
        .progress = show_progress,
        .begin = begin,
        .context = &run };
    cli_meter_init(&run.meter, options);
    sim_messages_init(&messages);
    int status = sim_sweep(experiment, &plan, &report, &messages);
    cli_meter_break(&run.meter);
    tell_messages(&run);
    int ret = comm == NULL || comm->rank == 0 ? conclude(program, options, output, status, &report)
        : status == SIM_OK                    ? CLI_DONE
        : status == SIM_ERR_STOPPED           ? CLI_STOPPED
                                              : CLI_FAILED;
    sim_messages_free(&messages);
    return ret;
}

/* With the processes that a launcher started, if all have the same share; those of an array job, each with its own, do
 * not talk to each other, even if a launcher started them together. Signals are caught first: one that comes while MPI
 * starts would end the process. */
static int
sweep_together(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *output)
{
    struct sim_comm comm;
    int ret = CLI_WRONG;
    program->catch_signals(1);
    int status = sim_comm_init(&comm);
    int common = status == SIM_OK && sim_sweep_is_common(&comm, experiment, options->share);
    if (common || options->share.count > 1) {
        ret = sweep(program, options, experiment, output, common ? &comm : NULL);
    } else if (status != SIM_OK) {
        cli_complain("MPI cannot be started");
        ret = CLI_FAILED;
    } else {
        cli_complain("the processes of this MPI job were given different experiments");
    }
    sim_comm_free(&comm);
    program->catch_signals(0);
    return ret;
}

static int
can_save(const struct sim_experiment *experiment)
{
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = sim_states_can_save(experiment, &messages);
    cli_print_messages(&messages);
    sim_messages_free(&messages);
    return ret == SIM_OK;
}

int
cli_execute(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *output)
{
    int complete = 0;
    if (options->save_state != NULL && !can_save(experiment)) {
        return CLI_WRONG;
    }
    sim_sink_sweep(output);
    int ret = check_output(options, experiment, output, &complete);
    if (ret != CLI_DONE || complete) {
        if (complete && ret == CLI_DONE) { /* whoever wrote it may have been killed before it could tidy up */
            sim_sweep_forget(experiment, output);
        }
        if (complete && ret != CLI_DONE) {
            cli_complain(
                "%s holds these results already, but cells failed; run_error in it has the reasons", output);
        } else if (complete && (options->given & CLI_QUIET) == 0) {
            fprintf(stderr, "%s holds these results already\n", output);
        }
        return ret;
    }
    return sweep_together(program, options, experiment, output);
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    struct sim_experiment experiment;
    if (options->output == NULL && (options->given & CLI_DRY_RUN) == 0) {
        cli_complain("name the results file: cogov run %s -o results.h5", options->words[0]);
        return CLI_WRONG;
    }
    int ret = cli_experiment(program, options, 1, &experiment);
    if (ret != CLI_DONE) {
        return ret;
    }
    ret = (options->given & CLI_DRY_RUN) != 0 ? cli_dry_run(options, &experiment)
                                              : cli_execute(program, options, &experiment, options->output);
    sim_experiment_free(&experiment);
    return ret;
}

const struct cli_command command_run = {
    .name = "run",
    .arguments = "SPEC -o results.h5 [options]",
    .summary = "Run a scenario, or an experiment (several scenarios), and write one results file.",
    .notes =
        "SPEC is a file, or a name among `cogov scenarios`. Finished cells are kept in results.h5.parts/ until the\n"
        "file is complete; the same "
        "command goes on after any interruption. Results do not depend on threads.",
    .options = CLI_OUTPUT | CLI_SET | CLI_SEED | CLI_REPLICATES | CLI_TICKS | CLI_BURN_IN | CLI_START_FROM
        | CLI_SAVE_STATE | CLI_BY | CLI_HISTORIES | CLI_THREADS | CLI_SHARD | CLI_MAX_WALLTIME
        | CLI_CHECKPOINT | CLI_ON_FAILURE | CLI_OVERWRITE | CLI_DRY_RUN | CLI_VERIFY | CLI_QUIET
        | CLI_NO_BIND,
    .fewest = 1,
    .most = 1,
    .run = run,
};
