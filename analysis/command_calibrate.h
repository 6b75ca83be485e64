/* command_calibrate.h - cogov calibrate. */
#ifndef ANALYSIS_COMMAND_CALIBRATE_H
#define ANALYSIS_COMMAND_CALIBRATE_H

#include "sim/cli.h"

extern const struct cli_command command_calibrate;

#endif
