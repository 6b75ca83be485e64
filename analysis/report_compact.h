/* report_compact.h - a comparison in a quarter of the room that its JSON takes, for a page that holds many. */
#ifndef ANALYSIS_REPORT_COMPACT_H
#define ANALYSIS_REPORT_COMPACT_H

#include <jansson.h>

/* Changes what compare_json gave. Of "rows", objects with the same members, becomes {"columns": [names of the members],
 * "rows": [[values] of each]}. In each of "series", the months' means and differences become texts as report_packed makes
 * them, and "decimals" has the decimals of each: {"mean_a": .., "mean_b": .., "difference": .., "low": .., "high": ..}.
 * differences.js undoes both. Nonzero if there was no memory; the comparison is then of no use. */
int report_compact(json_t *comparison);

#endif
