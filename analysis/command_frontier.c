/* command_frontier.c - cogov frontier: which design points of a results file are worth their cost. */
#include "analysis/command_frontier.h"

#include "analysis/command_results.h"
#include "analysis/frontier.h"
#include "analysis/resample.h"
#include "sim/error.h"

#include <string.h>

static int
print_frontier(const struct cli_options *options, const struct frontier *frontier)
{
    const char *format = options->format != NULL ? options->format : "table";
    return strcmp(format, "csv") == 0 ? frontier_print_csv(frontier, stdout)
        : strcmp(format, "json") == 0 ? frontier_print_json(frontier, stdout)
                                      : frontier_print_table(frontier, stdout, cli_width());
}

static int
find_frontier(const struct cli_options *options, const struct reader *reader, struct sim_messages *messages,
    void *context)
{
    struct frontier frontier;
    const struct frontier_request request = { .maximise = options->maximise.list,
        .n_maximise = options->maximise.n,
        .minimise = options->minimise.list,
        .n_minimise = options->minimise.n,
        .budget = options->budget,
        .n_samples = resample_count(options->resamples) };
    (void) context;
    int ret = frontier_init(&frontier, reader, &request, messages);
    if (ret == SIM_OK) {
        ret = print_frontier(options, &frontier);
    }
    frontier_free(&frontier);
    return ret;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    (void) program;
    return command_with_results(options, options->words[0], find_frontier, NULL);
}

const struct cli_command command_frontier = {
    .name = "frontier",
    .arguments = "results.h5 [options]",
    .summary = "Find the mixes of levers that no other dominates, and how sure that is.",
    .notes =
        "A design point is on the front if no other is as good in every objective and better in one, by the means over\n"
        "replicates of the last two years after burn-in, or with NAME@end of the last month; NAME:LABEL is one label. By\n"
        "default participation and service_quality are maximised and spending is minimised. --budget sets points apart whose\n"
        "mean cost is above it; the cost is the objective in money that is minimised, else the first that is. The probability\n"
        "of being on the front is a bootstrap over replicates, drawn alike for all points.",
    .options = CLI_MAXIMISE | CLI_MINIMISE | CLI_BUDGET | CLI_RESAMPLES | CLI_FORMAT,
    .fewest = 1,
    .most = 1,
    .formats = "table|csv|json",
    .run = run,
};
