/* command_compare.c - cogov compare: runs two scenarios under common random numbers, or takes a results file,
 * and prints them side by side. */
#include "analysis/command_compare.h"

#include "analysis/command_results.h"
#include "analysis/compare.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/sink.h"
#include "sim/sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STANDARD_REPLICATES 20

static int
print_comparison(const struct cli_options *options, const struct comparison *comparison)
{
    const char *format = options->format != NULL ? options->format : "table";
    return strcmp(format, "csv") == 0 ? compare_print_csv(comparison, stdout)
        : strcmp(format, "json") == 0 ? compare_print_json(comparison, stdout)
                                      : compare_print_table(comparison, stdout, cli_width());
}

static int
compare_points(const struct cli_options *options, const struct reader *reader, struct sim_messages *messages,
    void *context)
{
    struct comparison comparison;
    (void) context;
    int ret = compare_init(&comparison, reader, 0, 1, messages);
    if (ret == SIM_OK) {
        ret = print_comparison(options, &comparison);
    }
    compare_free(&comparison);
    return ret;
}

static int
compare_file(const struct cli_options *options, const char *path)
{
    return command_with_results(options, path, compare_points, NULL);
}

/* Failed cells do not keep the others from being compared, but the exit status tells of them. */
static int
execute_and_compare(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *path)
{
    int ret = cli_execute(program, options, experiment, path);
    if (ret == CLI_FAILED && sim_sink_matches(path, experiment) == SIM_ERR_CELL) {
        compare_file(options, path);
        return ret;
    }
    return ret == CLI_DONE ? compare_file(options, path) : ret;
}

/* Without -o the results go to a temporary folder that is removed afterwards. */
static int
compare_unkept(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment)
{
    const char *base = getenv("TMPDIR");
    char *folder = sim_print_text("%s/cogov-XXXXXX", base != NULL && *base != '\0' ? base : "/tmp");
    if (folder == NULL || mkdtemp(folder) == NULL) {
        cli_complain("no temporary folder: %s", strerror(errno));
        sim_free(folder);
        return CLI_FAILED;
    }
    char *path = sim_print_text("%s/results.h5", folder), *log = sim_print_text("%s/results.h5.log", folder);
    int ret =
        path != NULL && log != NULL ? execute_and_compare(program, options, experiment, path) : CLI_FAILED;
    if (path != NULL && log != NULL) {
        unlink(path);
        unlink(log);
        sim_sweep_forget(experiment, path);
    }
    rmdir(folder);
    sim_free(path);
    sim_free(log);
    sim_free(folder);
    return ret;
}

static int
compare_scenarios(const struct cli_program *program, const struct cli_options *options)
{
    struct sim_experiment experiment;
    int ret = cli_experiment(program, options, STANDARD_REPLICATES, &experiment);
    if (ret != CLI_DONE) {
        return ret;
    }
    if (experiment.n_points != 2) {
        cli_complain("compare takes two scenarios, not %u", experiment.n_points);
        ret = CLI_WRONG;
    } else if ((options->given & CLI_DRY_RUN) != 0) {
        ret = cli_dry_run(options, &experiment);
    } else if (options->output == NULL) {
        ret = compare_unkept(program, options, &experiment);
    } else {
        ret = execute_and_compare(program, options, &experiment, options->output);
    }
    sim_experiment_free(&experiment);
    return ret;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    if (!command_is_results(options->words[0]) && !command_is_results(options->words[options->n_words - 1])) {
        return compare_scenarios(program, options);
    }
    if (options->n_words == 2) {
        cli_complain("compare takes one results file, which holds both scenarios, or two scenarios");
        return CLI_WRONG;
    }
    if ((options->given & ~(uint64_t) (CLI_FORMAT | CLI_QUIET)) != 0) {
        cli_complain(
            "%s holds results already: of the options only --format has an effect on it", options->words[0]);
        return CLI_WRONG;
    }
    return compare_file(options, options->words[0]);
}

const struct cli_command command_compare = {
    .name = "compare",
    .arguments = "A B [-o results.h5] [options]   (or one results file or experiment)",
    .summary =
        "Run two scenarios under common random numbers and print paired differences with 95 % intervals.",
    .notes =
        "A and B are files, or names among `cogov scenarios`. For every observation, at the last month and averaged\n"
        "over the last two years after burn-in: both means, B - A with its interval over replicates, and how many\n"
        "times more replicates independent seeds would need.",
    .options = CLI_OUTPUT | CLI_SET | CLI_SEED | CLI_REPLICATES | CLI_TICKS | CLI_BURN_IN | CLI_START_FROM
        | CLI_BY | CLI_HISTORIES | CLI_THREADS | CLI_MAX_WALLTIME | CLI_CHECKPOINT | CLI_ON_FAILURE
        | CLI_FORMAT | CLI_OVERWRITE | CLI_DRY_RUN | CLI_VERIFY | CLI_QUIET | CLI_NO_BIND,
    .fewest = 1,
    .most = 2,
    .formats = "table|csv|json",
    .run = run,
};
