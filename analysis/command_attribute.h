/* command_attribute.h - cogov attribute. */
#ifndef ANALYSIS_COMMAND_ATTRIBUTE_H
#define ANALYSIS_COMMAND_ATTRIBUTE_H

#include "sim/cli.h"

extern const struct cli_command command_attribute;

#endif
