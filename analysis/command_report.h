/* command_report.h - cogov report */
#ifndef ANALYSIS_COMMAND_REPORT_H
#define ANALYSIS_COMMAND_REPORT_H

#include "sim/cli.h"

extern const struct cli_command command_report;

#endif
