/* command_sensitivity.h - cogov sensitivity. */
#ifndef ANALYSIS_COMMAND_SENSITIVITY_H
#define ANALYSIS_COMMAND_SENSITIVITY_H

#include "sim/cli.h"

extern const struct cli_command command_sensitivity;

#endif
