/* command_frontier.h - cogov frontier. */
#ifndef ANALYSIS_COMMAND_FRONTIER_H
#define ANALYSIS_COMMAND_FRONTIER_H

#include "sim/cli.h"

extern const struct cli_command command_frontier;

#endif
