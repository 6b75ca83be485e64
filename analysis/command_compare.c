/* command_compare.c - cogov compare: runs two scenarios under common random numbers, or takes a results file,
 * and prints them side by side. */
#include "analysis/command_compare.h"

#include "analysis/command_results.h"
#include "analysis/command_run_look.h"
#include "analysis/compare.h"
#include "analysis/resample.h"
#include "sim/error.h"

#include <string.h>

#define STANDARD_REPLICATES 20

static int
print_comparison(const struct cli_options *options, const struct comparison *comparison)
{
    const char *format = options->format != NULL ? options->format : "table";
    int series = (options->given & CLI_SERIES) != 0;
    if (strcmp(format, "csv") == 0) {
        return series ? compare_print_series_csv(comparison, stdout) : compare_print_csv(comparison, stdout);
    }
    if (strcmp(format, "json") == 0) {
        return compare_print_json(comparison, stdout);
    }
    return series ? compare_print_series_table(comparison, stdout, cli_width())
                  : compare_print_table(comparison, stdout, cli_width());
}

/* The two design points: those that the words after the file name, or else the first two. */
static int
choose_points(const struct cli_options *options, const struct reader *reader, struct compare_choice *choice,
    struct sim_messages *messages)
{
    if (options->n_words == 3) {
        int ret_a = compare_find_point(reader, options->words[1], &choice->a, messages);
        int ret_b = compare_find_point(reader, options->words[2], &choice->b, messages);
        if (ret_a == SIM_OK && ret_b == SIM_OK && choice->a == choice->b) {
            sim_messages_add(messages, SIM_WARNING, (struct sim_where){ reader->path, 0, 0 },
                "A and B are both design point %u, and no difference can be seen; a scenario stands for its first point",
                choice->a);
        }
        return ret_a != SIM_OK ? ret_a : ret_b;
    }
    choice->a = 0;
    choice->b = 1;
    if (reader->n_designs > 2 && (options->given & CLI_QUIET) == 0) {
        sim_messages_add(messages, SIM_NOTE, (struct sim_where){ reader->path, 0, 0 },
            "design points 0 and 1 of %u are compared; `cogov compare FILE A B` takes others, by number from 0 to %u or "
            "by scenario",
            reader->n_designs, reader->n_designs - 1);
    }
    return SIM_OK;
}

static int
compare_points(const struct cli_options *options, const struct reader *reader, struct sim_messages *messages,
    void *context)
{
    struct comparison comparison = { .reader = NULL };
    struct compare_choice choice = { .observations = options->observations.list,
        .n_observations = options->observations.n,
        .resamples = resample_count(options->resamples) };
    (void) context;
    int ret = choose_points(options, reader, &choice, messages);
    if (ret == SIM_OK) {
        ret = compare_init_chosen(&comparison, reader, &choice, messages);
    }
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

static int
compare_scenarios(const struct cli_program *program, const struct cli_options *options)
{
    struct sim_experiment experiment;
    int ret = cli_experiment(program, options, STANDARD_REPLICATES, &experiment);
    if (ret != CLI_DONE) {
        return ret;
    }
    if (experiment.n_points != 2) {
        cli_complain(
            "compare takes two scenarios, not %u; of an experiment that has been run, it takes any two points: cogov "
            "compare FILE A B",
            experiment.n_points);
        ret = CLI_WRONG;
    } else {
        ret = command_run_look(program, options, &experiment, compare_file);
    }
    sim_experiment_free(&experiment);
    return ret;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    const char *first = options->words[0], *last = options->words[options->n_words - 1];
    int of_file = command_is_results(first);
    if (!of_file && options->n_words < 3 && !command_is_results(last)) {
        return compare_scenarios(program, options);
    }
    if (!of_file && options->n_words == 3) {
        cli_complain(
            "compare takes two scenarios, or one results file and two points of it; %s is no results file",
            first);
        return CLI_WRONG;
    }
    if (options->n_words == 2) {
        cli_complain(
            "compare takes one results file, and two points of it if need be, or two scenarios: it does not mix them");
        return CLI_WRONG;
    }
    if ((options->given & ~(uint64_t) (CLI_FORMAT | CLI_QUIET | CLI_OBSERVATION | CLI_RESAMPLES | CLI_SERIES))
        != 0) {
        cli_complain(
            "%s holds results already: of the options only --format, --observation, --resamples and --series have "
            "an effect on it",
            first);
        return CLI_WRONG;
    }
    return compare_file(options, first);
}

const struct cli_command command_compare = {
    .name = "compare",
    .arguments = "A B [-o results.h5] [options]   (or an experiment, or results.h5 [A B])",
    .summary =
        "Run two scenarios under common random numbers and print paired differences with 95 % intervals.",
    .notes =
        "A and B are files, or names among `cogov scenarios`; of a results file they are design points, each named by\n"
        "its number or its scenario (default 0 and 1). For every observation, at the last month and averaged over the\n"
        "last two years after burn-in: both means, B - A with its interval over replicates, and how many times more\n"
        "replicates independent seeds would need; where there is room, and in CSV and JSON, effect size, P(B > A),\n"
        "p values and bootstrap intervals. --observation chooses rows: NAME and NAME:LABEL for both periods, with @end\n"
        "for the last month alone. --series prints month by month instead. Results recorded by community also tell how\n"
        "the communities differ.",
    .options = CLI_OUTPUT | CLI_SET | CLI_SEED | CLI_REPLICATES | CLI_TICKS | CLI_BURN_IN | CLI_START_FROM
        | CLI_BY | CLI_HISTORIES | CLI_THREADS | CLI_MAX_WALLTIME | CLI_CHECKPOINT | CLI_ON_FAILURE
        | CLI_FORMAT | CLI_OVERWRITE | CLI_DRY_RUN | CLI_VERIFY | CLI_QUIET | CLI_NO_BIND | CLI_OBSERVATION
        | CLI_RESAMPLES | CLI_SERIES,
    .fewest = 1,
    .most = 3,
    .formats = "table|csv|json",
    .run = run,
};
