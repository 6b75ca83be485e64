/* cli_table.h - tables of texts, printed as text, Markdown or JSON: what the commands that list something share.
 */
#ifndef SIM_CLI_TABLE_H
#define SIM_CLI_TABLE_H

#include "sim/cli.h"

#define CLI_TABLE_COLUMNS 12
#define CLI_TABLE_FORMATS "text|markdown|json"

/* Rows of texts under heads. Set heads and n_columns, add rows, print. */
struct cli_table {
    const char *heads[CLI_TABLE_COLUMNS];
    int n_columns;
    char **cells; /* n_rows * n_columns */
    size_t n_rows;
    int is_aligned; /* as text: one row a line in columns, not a block of lines for each row */
    int failed;     /* out of memory */
};

/* Adds a row of n_columns texts, which are copied. */
void cli_table_add(struct cli_table *table, const char *const *row);

const char *cli_table_cell(const struct cli_table *table, size_t row, int column);

/* Prints the table in the format that the options name and frees it. Returns the exit status. */
int cli_table_print(struct cli_table *table, const struct cli_options *options);

#endif
