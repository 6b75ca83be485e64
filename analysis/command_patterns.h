/* command_patterns.h - cogov patterns */
#ifndef ANALYSIS_COMMAND_PATTERNS_H
#define ANALYSIS_COMMAND_PATTERNS_H

#include "sim/cli.h"

extern const struct cli_command command_patterns;

#endif
