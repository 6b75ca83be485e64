/* compare_table.h - what the parts of the table of a comparison share. */
#ifndef ANALYSIS_COMPARE_TABLE_H
#define ANALYSIS_COMPARE_TABLE_H

#include "analysis/compare.h"

/* How wide the columns are, and which there is room for. */
struct table_layout {
    int columns; /* of the terminal */
    int name;    /* columns of names */
    int n_more;  /* columns besides the two means, the difference, its interval and the ratio */
};

/* Below the rows: what the columns mean, which cells and values are missing, where a trend remains. */
void table_print_legend(FILE *out, const struct comparison *comparison, const struct table_layout *layout);

#endif
