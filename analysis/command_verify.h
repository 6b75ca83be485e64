/* command_verify.h - cogov verify. */
#ifndef ANALYSIS_COMMAND_VERIFY_H
#define ANALYSIS_COMMAND_VERIFY_H

#include "sim/cli.h"

extern const struct cli_command command_verify;

#endif
