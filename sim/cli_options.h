/* cli_options.h - the options of the command line. Inside the program only. */
#ifndef SIM_CLI_OPTIONS_H
#define SIM_CLI_OPTIONS_H

#include "sim/cli.h"

/* Prints the help of a command. */
void cli_print_help(const struct cli_command *command);

/* Reads options and words; argv[0] is the command's name, and argv is put into another order. Returns CLI_DONE, or
 * CLI_WRONG or CLI_FAILED with a complaint. options has its defaults and room for as many settings as words. */
int cli_parse(const struct cli_command *command, int argc, char **argv, struct cli_options *options);

#endif
