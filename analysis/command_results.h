/* command_results.h - what all commands that read a results file do alike. */
#ifndef ANALYSIS_COMMAND_RESULTS_H
#define ANALYSIS_COMMAND_RESULTS_H

#include "analysis/reader.h"
#include "sim/cli.h"

struct sim_model;

/* What a command does with an open results file; returns a status of sim/error.h, and adds messages. */
typedef int (*command_work)(const struct cli_options *options, const struct reader *reader,
    struct sim_messages *messages, void *context);

/* Prints the messages of work that ended with a status of sim/error.h. Returns the exit status: CLI_WRONG for a file
 * that is not what it should be, or for wrong input, CLI_FAILED for the rest. */
int command_conclude(int ret, const struct sim_messages *messages);

/* Opens the results file, has the work done and concludes it. Returns the exit status. */
int command_with_results(
    const struct cli_options *options, const char *path, command_work work, void *context);

/* Nonzero if a word names a file of results and not a scenario. By its name: one that is not there is told of as a
 * file. */
int command_is_results(const char *word);

/* Whether the model has what each --observation names, so that nothing is run for a slip of the pen: CLI_DONE, or
 * CLI_WRONG after a complaint. */
int command_check_observations(const struct cli_options *options, const struct sim_model *model);

#endif
