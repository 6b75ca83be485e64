/* command_run_look.h - what compare and attribute do with scenarios: run them as cogov run does, then look at the
 * results. */
#ifndef ANALYSIS_COMMAND_RUN_LOOK_H
#define ANALYSIS_COMMAND_RUN_LOOK_H

#include "sim/cli.h"

/* What a command does with a results file; returns the exit status. */
typedef int (*command_look)(const struct cli_options *options, const char *path);

/* Runs the experiment into the file of -o, or without it into a temporary folder that is removed afterwards, and has one
 * process look at the results. The names after --observation are looked at before anything runs; with --dry-run
 * nothing runs. Returns the exit status: failed cells do not keep the others from being looked at, but it tells of
 * them. */
int command_run_look(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, command_look look);

#endif
