/* command_run.c - cogov run: cells on threads, shards while it lasts, one file at the end. */
#include "sim/cli.h"

#include "sim/alloc.h"
#include "sim/binding.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/execute.h"
#include "sim/provenance.h"
#include "sim/publish.h"
#include "sim/sink.h"
#include "sim/world.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAVE_SECONDS 10.0 /* so much of finished cells can be lost to SIGKILL */

/* One run, as its callbacks see it. */
struct run {
    const char *shards; /* folder */
    struct sim_results *results;
    struct sim_messages messages;
    int shown; /* 1: a line that is rewritten, 2: a line each 5 percent, 0: nothing */
    int percent;
    uint32_t before; /* cells done by an earlier run */
    uint32_t saved;  /* cells in shards of this run */
    struct sim_progress latest;
};

static void
print_time(char *text, size_t size, double seconds)
{
    long s = (long) (seconds + 0.5);
    if (s < 60) {
        snprintf(text, size, "%ld s", s);
    } else if (s < 3600) {
        snprintf(text, size, "%ld min %02ld s", s / 60, s % 60);
    } else {
        snprintf(text, size, "%ld h %02ld min", s / 3600, s / 60 % 60);
    }
}

static void
show_progress(void *context, const struct sim_progress *progress)
{
    struct run *run = context;
    run->latest = *progress;
    double share = progress->ticks > 0 ? (double) progress->ticks_done / (double) progress->ticks : 1;
    double cells = (double) progress->cells + run->before;
    int percent = cells > 0 ? (int) (100 * (run->before + share * progress->cells) / cells) : 100,
        last = progress->cells_done == progress->cells;
    char left[32];
    if (run->shown == 0 || (run->shown == 2 && percent < run->percent + 5 && !(last && run->percent < 100))) {
        return;
    }
    run->percent = run->shown == 2 ? percent / 5 * 5 : percent;
    print_time(left, sizeof(left), share > 0 ? progress->seconds * (1 - share) / share : 0);
    fprintf(stderr, "%s%3d %%  %" PRIu32 " of %" PRIu32 " cells  %.0f months/s  %s left%s",
        run->shown == 1 ? "\r" : "", percent, progress->cells_done + run->before,
        progress->cells + run->before,
        progress->seconds > 0 ? (double) progress->ticks_done / progress->seconds : 0, left,
        run->shown == 1 ? "   " : "\n");
    if (run->shown == 1 && last) {
        fputc('\n', stderr);
    }
}

/* status.json beside the shards: the progress line for machines. One that cannot be written does not spoil a
 * run. */
static void
write_status(const struct run *run, uint32_t n_cells)
{
    struct sim_publication file;
    char text[256];
    char *path = sim_print_text("%s/status.json", run->shards);
    int length = snprintf(text, sizeof(text),
        "{\"cells\": %" PRIu32 ", \"cells_saved\": %" PRIu32 ", \"months_done\": %" PRIu64
        ", \"seconds\": %.1f}\n",
        run->results->n_cells, n_cells, run->latest.ticks_done, run->latest.seconds);
    if (path != NULL) {
        if (sim_publication_init(&file, path, SIM_REPLACE, NULL) == SIM_OK) {
            sim_publication_write(&file, 0, text, (size_t) length);
            sim_publication_finish(&file, NULL);
        }
        sim_publication_free(&file);
    }
    sim_free(path);
}

static int
save_shard(void *context, const uint32_t *cells, uint32_t n_cells)
{
    struct run *run = context;
    int ret = sim_shard_write(run->shards, run->results, cells, n_cells, &run->messages);
    if (ret == SIM_OK) {
        for (uint32_t i = 0; i < n_cells; i++) {
            run->saved += run->results->cells[cells[i]].status == SIM_RUN_OK;
        }
        write_status(run, run->before + run->saved);
    }
    return ret;
}

/* What is told beside the results: when, where, how long. A log that cannot be written does not spoil a run.
 */
static void
append_log(const struct cli_program *program, const char *output, const char *what, double seconds)
{
    char host[256] = "?", when[64];
    time_t now = time(NULL);
    struct tm tm;
    char *path = sim_print_text("%s.log", output);
    FILE *log = path != NULL ? fopen(path, "a") : NULL;
    if (log != NULL) {
        gethostname(host, sizeof(host) - 1);
        strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &tm));
        fprintf(log, "%s %s cogov %s (%s): %s after %.1f s:", when, host, sim_version(), program->isa, what,
            seconds);
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
    *complete = matches == SIM_OK || matches == SIM_ERR_CELL;
    if (*complete) {
        return matches == SIM_OK ? CLI_DONE : CLI_FAILED;
    }
    if (matches == SIM_ERR_EXISTS && (options->given & CLI_OVERWRITE) == 0) {
        cli_complain("%s exists and holds something else; name another file, or add --overwrite", output);
        return CLI_WRONG;
    }
    char *folder = sim_copy_text(output);
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (slash != NULL) {
        slash[slash == folder] = '\0';
    }
    int ok = access(slash != NULL ? folder : ".", W_OK | X_OK) == 0;
    if (!ok) {
        cli_complain("the folder of %s cannot be written to: %s", output, strerror(errno));
    }
    sim_free(folder);
    return ok ? CLI_DONE : CLI_WRONG;
}

static void
report_failed_cells(const struct sim_results *results)
{
    uint32_t shown = 0;
    for (uint32_t c = 0; c < results->n_cells; c++) {
        const struct sim_experiment *experiment = results->experiment;
        if (results->cells[c].status == SIM_RUN_FAILED && shown++ < 10) {
            cli_complain("%s, replicate %" PRIu32 " failed: %s",
                sim_experiment_base(experiment, c / experiment->n_replicates)->stem,
                c % experiment->n_replicates, results->cells[c].error);
        }
    }
    if (shown > 10) {
        cli_complain("and %" PRIu32 " more; run_error in the file has all", shown - 10);
    }
}

/* After the cells: the file, or what to say instead. */
static int
conclude(const struct cli_program *program, const struct cli_options *options, struct run *run,
    const char *output, int status, double seconds)
{
    int ret = CLI_FAILED, kept = options->output != NULL;
    if (status == SIM_OK || status == SIM_ERR_CELL) {
        struct sim_source source = sim_results_source(run->results);
        int written = sim_sink_write(output, &source, &run->messages);
        cli_print_messages(&run->messages);
        if (written != SIM_OK) {
            cli_complain("%s is not safe on the disk; finished cells are in %s", output, run->shards);
            return CLI_FAILED;
        }
        sim_shards_remove(run->shards, run->results->experiment);
        report_failed_cells(run->results);
        ret = status == SIM_OK ? CLI_DONE : CLI_FAILED;
        append_log(program, output, ret == CLI_DONE ? "done" : "done, some cells failed", seconds);
        if ((options->given & CLI_QUIET) == 0) {
            char took[32];
            print_time(took, sizeof(took), seconds);
            fprintf(stderr, "%s%s%" PRIu32 " cells in %s\n", kept ? output : "", kept ? ": " : "",
                run->results->n_cells, took);
        }
    } else if (status == SIM_ERR_STOPPED && !kept) {
        cli_print_messages(&run->messages);
        fprintf(stderr, "cogov: stopped; nothing is kept without -o\n");
    } else if (status == SIM_ERR_STOPPED) {
        cli_print_messages(&run->messages);
        fprintf(stderr, "cogov: stopped; what was finished is safe in %s, the same command goes on\n",
            run->shards);
        append_log(program, output, "stopped", seconds);
        ret = CLI_STOPPED;
    } else {
        cli_print_messages(&run->messages);
        cli_complain(
            "%s; what was finished is in %s, the same command goes on", sim_status_text(status), run->shards);
    }
    return ret;
}

static int
execute_cells(
    const struct cli_program *program, const struct cli_options *options, struct run *run, const char *output)
{
    struct sim_execution execution = { .threads = options->threads > 0 ? (int) options->threads : 0,
        .bind = cli_binds(options),
        .stop = program->stop,
        .progress = show_progress,
        .save = save_shard,
        .save_seconds = SAVE_SECONDS,
        .context = run,
        .verify = (options->given & CLI_VERIFY) != 0 };
    double start = sim_seconds();
    int status = sim_shards_read(run->shards, run->results, &run->before, &run->messages);
    cli_print_messages(&run->messages);
    sim_messages_free(&run->messages);
    sim_messages_init(&run->messages);
    if (status == SIM_OK && run->before > 0 && run->shown) {
        fprintf(stderr, "cogov: %" PRIu32 " of %" PRIu32 " cells were finished before\n", run->before,
            run->results->n_cells);
    }
    program->catch_signals(1);
    if (status == SIM_OK) {
        status = sim_execute(run->results, &execution);
    }
    int ret = conclude(program, options, run, output, status, sim_seconds() - start);
    program->catch_signals(0);
    return ret;
}

/* What a run that was killed after it had written the file left behind. */
static void
remove_shards_of(const char *output, const struct sim_experiment *experiment)
{
    char *shards = sim_print_text("%s.parts", output);
    if (shards != NULL) {
        sim_shards_remove(shards, experiment);
    }
    sim_free(shards);
}

int
cli_execute(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *output)
{
    struct sim_results results = { 0 };
    struct run run = { .results = &results };
    int complete = 0;
    sim_sink_sweep(output);
    int ret = check_output(options, experiment, output, &complete);
    if (ret != CLI_DONE || complete) {
        if (complete) {
            remove_shards_of(output, experiment);
        }
        if (complete && ret != CLI_DONE) {
            cli_complain(
                "%s holds these results already, but cells failed; run_error in it has the reasons", output);
        } else if (complete && (options->given & CLI_QUIET) == 0) {
            fprintf(stderr, "%s holds these results already\n", output);
        }
        return ret;
    }
    sim_messages_init(&run.messages);
    run.shown = (options->given & CLI_QUIET) != 0 ? 0 : isatty(STDERR_FILENO) ? 1 : 2;
    char *shards = sim_print_text("%s.parts", output);
    run.shards = shards;
    if (shards == NULL || sim_results_init(&results, experiment) != SIM_OK) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        ret = CLI_FAILED;
    } else {
        ret = execute_cells(program, options, &run, output);
    }
    sim_results_free(&results);
    sim_messages_free(&run.messages);
    sim_free(shards);
    return ret;
}

static void
print_bytes(const char *label, double bytes)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < SIM_COUNT_OF(units); unit++) {
        bytes /= 1024;
    }
    printf("%-10s %.3g %s\n", label, bytes, units[unit]);
}

/* Bytes that one variable of the file takes while it is written: all replicates of a design point. */
static double
largest_variable(const struct sim_experiment *experiment, const struct sim_layout *layout)
{
    const struct sim_model *model = experiment->model;
    double numbers = layout->n_agents;
    for (uint32_t o = 0; o < model->n_observations; o++) {
        double labels = sim_observation_labels(model, &model->observations[o]);
        for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
            double here = labels * layout->places[level];
            numbers = here > numbers ? here : numbers;
        }
    }
    return numbers * experiment->n_replicates * experiment->n_ticks * sizeof(double);
}

/* Builds one world and runs a few ticks of it to know what a whole run takes. */
int
cli_dry_run(const struct cli_options *options, const struct sim_experiment *experiment)
{
    enum { TRIAL = 3 };
    struct sim_world world;
    struct sim_key key = { experiment->seed, 0 };
    int threads = options->threads > 0 ? (int) options->threads : sim_processors();
    double start = sim_seconds();
    if (sim_world_init_setting(&world, experiment->model, &experiment->bases[0].setting, key, 1) != SIM_OK) {
        cli_complain("%s for one cell", sim_status_text(SIM_ERR_MEMORY));
        return CLI_FAILED;
    }
    double set_up = sim_seconds() - start;
    sim_world_step(&world);
    start = sim_seconds();
    for (int t = 0; t < TRIAL; t++) {
        sim_world_step(&world);
    }
    double tick = (sim_seconds() - start) / TRIAL;
    double cells = sim_experiment_cells(experiment);
    struct sim_layout layout;
    sim_record_layout(experiment, &layout);
    double values =
        cells * ((double) layout.row * experiment->n_ticks + (double) layout.once) * sizeof(double);
    char left[32];
    print_time(left, sizeof(left), cells * (set_up + tick * experiment->n_ticks) / threads);
    printf("cells      %.0f (%" PRIu32 " design points x %" PRIu32 " replicates), %" PRIu32 " months each\n",
        cells, experiment->n_points, experiment->n_replicates, experiment->n_ticks);
    printf("agents     %" PRIu64 " a cell\n", world.agents);
    print_bytes("memory",
        (double) world.bytes * (cells < threads ? cells : threads) + values
            + largest_variable(experiment, &layout));
    print_bytes("disk", values);
    printf("time       about %s on %d thread%s\n", left, threads, threads > 1 ? "s" : "");
    sim_world_free(&world);
    return CLI_DONE;
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
    .options = CLI_OUTPUT | CLI_SET | CLI_SEED | CLI_REPLICATES | CLI_TICKS | CLI_BURN_IN | CLI_BY
        | CLI_HISTORIES | CLI_THREADS | CLI_OVERWRITE | CLI_DRY_RUN | CLI_VERIFY | CLI_QUIET | CLI_NO_BIND,
    .fewest = 1,
    .most = 1,
    .run = run,
};
