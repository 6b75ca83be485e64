/* compare.h - two design points of one results file side by side, under common random numbers: replicate r of
 * both sees the same luck, so the differences are taken within replicates.
 *
 * For each observation and label there are two rows: the last month, and the mean of the last months after
 * the burn-in. Only replicates that ran on both sides and have a value on both sides count.
 *
 * The columns of the CSV, and the members of each object in "rows" of the JSON:
 *
 *     observation, label      label is empty (JSON: null) without a dimension
 *     unit
 *     period                  "end" or "average"
 *     first_tick, last_tick   months it covers
 *     n                       pairs of replicates
 *     mean_a, mean_b
 *     difference              B - A
 *     low, high               its 95 % interval (Student's t over the pairs); none for fewer than two pairs
 *     ratio                   (var A + var B) / var (B - A): how many times more replicates independent
 *                             seeds would need for an interval of the same width; none if undefined, and
 *                             infinite if the differences do not vary
 *     trend_a, trend_b        period "average" only: whether the second half of the months differs from the
 *                             first by more than the 95 % interval of that change (1 or 0; JSON true or
 *                             false); none if it cannot be told
 *
 * None is an empty field in CSV and null in JSON; infinite is "inf" in both. The JSON has around it:
 *
 *     {"a": {"scenario": .., "title": ..}, "b": {..}, "model": .., "seed": .., "replicates": .., "ticks": ..,
 *      "burn_in": .., "averaged_months": .., "rows": [..]}
 */
#ifndef ANALYSIS_COMPARE_H
#define ANALYSIS_COMPARE_H

#include "analysis/reader.h"

#include <stdio.h>

#define COMPARE_MONTHS 24 /* that are averaged, at most */

enum compare_period { COMPARE_END, COMPARE_AVERAGE };

struct compare_row {
    const struct reader_observation *observation;
    const char *label; /* NULL: none */
    enum compare_period period;
    uint32_t n;                                   /* pairs of replicates */
    double mean_a, mean_b, difference, low, high; /* NaN: none */
    double ratio;
    int trend_a, trend_b; /* 1, 0; -1: cannot be told */
};

struct comparison {
    const struct reader *reader; /* must outlive it */
    uint32_t a, b;               /* design points */
    uint32_t first_tick, months; /* that are averaged; months 0: there are none after the burn-in */
    uint32_t n_pairs;            /* replicates that ran on both sides */
    struct compare_row *rows;    /* all of the last month, then all averages */
    size_t n_rows;
};

/* SIM_ERR_INPUT, with a message, if there are no such design points; SIM_ERR_FILE, SIM_ERR_MEMORY. May always
 * be freed. */
int compare_init(struct comparison *comparison, const struct reader *reader, uint32_t a, uint32_t b,
    struct sim_messages *messages);
void compare_free(struct comparison *comparison);

/* Each writes the whole comparison to out, in UTF-8. SIM_ERR_FILE if out takes it not, SIM_ERR_MEMORY. */
int compare_print_table(const struct comparison *comparison, FILE *out, int columns);
int compare_print_csv(const struct comparison *comparison, FILE *out);
int compare_print_json(const struct comparison *comparison, FILE *out);

#endif
