/* command_export.h - cogov export. */
#ifndef ANALYSIS_COMMAND_EXPORT_H
#define ANALYSIS_COMMAND_EXPORT_H

#include "sim/cli.h"

extern const struct cli_command command_export;

#endif
