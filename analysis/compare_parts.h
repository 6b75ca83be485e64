/* compare_parts.h - the parts of a comparison, between its sources only. */
#ifndef ANALYSIS_COMPARE_PARTS_H
#define ANALYSIS_COMPARE_PARTS_H

#include "analysis/compare.h"

#define COMPARE_PIECE 262144 /* numbers that are read at a time, or what one replicate or one month needs */

/* An observation, or one label of it, and whether it has a row of averages besides that of the last month. */
struct compare_subject {
    const struct reader_observation *observation;
    uint32_t label;
    int averaged;
};

/* Nonzero if a replicate ran on both sides. */
int compare_is_pair(const struct comparison *comparison, uint32_t replicate);

const char *compare_label(const struct reader_observation *observation, uint32_t label);

/* Fill rows, series and distributions of a comparison whose other members are set. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int compare_fill_rows(struct comparison *comparison, const struct compare_subject *subjects,
    size_t n_subjects, uint32_t resamples, struct sim_messages *messages);
int compare_fill_series(struct comparison *comparison, const struct outcome *outcomes, size_t n_outcomes,
    struct sim_messages *messages);
int compare_fill_distributions(struct comparison *comparison, const struct outcome *outcomes,
    size_t n_outcomes, struct sim_messages *messages);

#endif
