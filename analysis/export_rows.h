/* export_rows.h - the numbers of several variables of a results file, row by row in the order of the file, read in
 * blocks of bounded size. A row is a month of a cell; what has not run has none.
 */
#ifndef ANALYSIS_EXPORT_ROWS_H
#define ANALYSIS_EXPORT_ROWS_H

#include "analysis/reader.h"

#include <stdio.h>

#define EXPORT_ROOM 2097152

struct export_variable {
    const char *name, *head; /* of the file; for people */
    uint32_t inner; /* numbers in a row: labels x places; the variables' dimensions after the month */
    int rank;
    uint64_t extent[READER_RANK];
    double *numbers; /* of the block: by design, replicate, tick, then the inner ones */
};

/* Variables of a file that are written side by side. */
struct export_rows {
    const struct reader *reader;
    struct export_variable *list;
    uint32_t n;
    int has_ticks; /* 0: the variables have no dimension tick; a cell is one row */
    uint64_t
        room; /* numbers of all variables that are in memory at a time, or one month of a cell if that has more;
                      0: EXPORT_ROOM */
};

struct export_row {
    const struct export_rows *rows;
    uint32_t design, replicate;
    uint32_t tick; /* the how-many-th month, from 1 */
    size_t at;     /* which row of the block */
};

typedef int (*export_take)(const struct export_row *row, FILE *out, void *context);

/* Adds a variable; both texts must outlive it. SIM_ERR_FILE if it has not these dimensions, SIM_ERR_MEMORY. */
int export_rows_add(struct export_rows *rows, const char *name, const char *head);
void export_rows_free(struct export_rows *rows);

/* Reads all and hands it over row by row, until that returns a status or out takes no more. SIM_ERR_FILE, with a message
 * if reading failed; SIM_ERR_MEMORY. */
int export_rows_write(const struct export_rows *rows, export_take take, FILE *out, void *context,
    struct sim_messages *messages);

static inline double
export_number(const struct export_row *row, uint32_t variable, uint32_t inner)
{
    const struct export_variable *v = &row->rows->list[variable];
    return v->numbers[row->at * v->inner + inner];
}

#endif
