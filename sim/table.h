/* table.h - a table in a CSV file (RFC 4180): cells with their places, no meaning. Inside the library only.
 *
 * Cells are separated by commas. A cell with a comma, a quote or a line's end in it stands in double quotes,
 * a quote in it is doubled. Blanks around a cell without quotes do not count. Empty lines do not count, nor
 * lines that begin with #. The first line that counts is the header.
 */
#ifndef SIM_TABLE_H
#define SIM_TABLE_H

#include "sim/message.h"
#include "sim/search.h"

#include <stddef.h>

#define SIM_TABLE_LIMIT (16 * 1024 * 1024) /* bytes a table may have */

struct sim_table_cell {
    char *text;
    struct sim_where at;
};

struct sim_table {
    char *path;
    char *text;                   /* the whole content, for /config */
    char *copy;                   /* where the texts of the cells are */
    struct sim_table_cell *cells; /* row by row; the header is row 0 */
    size_t n_columns, n_rows;     /* with the header */
    size_t capacity;              /* of cells */
};

/* Reads a table, from memory if search, which may be NULL, has files there. Every fault is a message: what sim/text_file.h tells, quotes that are wrong, rows with more or
 * fewer cells than the header, no header. SIM_ERR_INPUT, SIM_ERR_MEMORY. May always be freed. */
int sim_table_read(struct sim_table *table, const char *path, const struct sim_search *search,
    struct sim_messages *messages);
void sim_table_free(struct sim_table *table);

static inline const struct sim_table_cell *
sim_table_at(const struct sim_table *table, size_t row, size_t column)
{
    return &table->cells[row * table->n_columns + column];
}

#endif
