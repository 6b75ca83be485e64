/* command_compare.h - cogov compare. */
#ifndef ANALYSIS_COMMAND_COMPARE_H
#define ANALYSIS_COMMAND_COMPARE_H

#include "sim/cli.h"

extern const struct cli_command command_compare;

#endif
