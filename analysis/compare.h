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
 *     difference              D = B - A, the mean of the differences within pairs
 *     low, high               its 95 % interval: D -+ t(0.975, n - 1) sd / sqrt(n), Student's t over the pairs; none
 *                             for fewer than two pairs
 *     bootstrap_low,          the same by the bootstrap of pairs: 2.5 % and 97.5 % quantiles of the mean of n pairs that
 *     bootstrap_high          are drawn with replacement (resample.h); all rows see the same draws. It asks for no
 *                             normal distribution, and is too narrow for a handful of pairs
 *     effect_size             Hedges's g: D in pooled standard deviations of single runs (inference.h)
 *     superiority             Vargha & Delaney's A: how likely a run of B is above a run of A, not of the same pair;
 *                             equal ones count half
 *     p                       of the paired t test of no difference; none if all differences are 0
 *     p_holm                  the same, adjusted for all rows of the period that have one and are shown (Holm 1979)
 *     ratio                   (var A + var B) / var (B - A): how many times more replicates independent
 *                             seeds would need for an interval of the same width; none if undefined, and
 *                             infinite if the differences do not vary
 *     trend_a, trend_b        period "average" only: whether the second half of the months differs from the
 *                             first by more than the 95 % interval of that change (1 or 0; JSON true or
 *                             false); none if it cannot be told
 *     statistic               CSV only: "mean" in these rows. Where the file is recorded by place, more rows follow,
 *                             of which mean_a, mean_b, difference, low and high are filled: PLACE_q05, PLACE_q25,
 *                             PLACE_q50, PLACE_q75, PLACE_q95, PLACE_gini, PLACE_p90_p10 (no difference)
 *
 * None is an empty field in CSV and null in JSON; infinite is "inf" in both. The series, month by month, have
 * observation, label, unit, tick, n, mean_a, mean_b, difference, low, high. The JSON has around it all:
 *
 *     {"a": {"scenario": .., "title": .., "design": .., "values": {parameter: ..}}, "b": {..}, "model": .., "seed": ..,
 *      "replicates": .., "ticks": .., "burn_in": .., "averaged_months": .., "pairs": .., "failed_cells": ..,
 *      "not_run_cells": .., "rows": [..], "series": [..], "distribution": [..]}
 */
#ifndef ANALYSIS_COMPARE_H
#define ANALYSIS_COMPARE_H

#include "analysis/factors.h"
#include "analysis/inference.h"
#include "analysis/outcome.h"
#include "analysis/reader.h"

#include <jansson.h>
#include <stdio.h>

struct compare_row {
    const struct reader_observation *observation;
    const char *label; /* NULL: none */
    enum outcome_period period;
    uint32_t n;                                   /* pairs of replicates */
    double mean_a, mean_b, difference, low, high; /* NaN: none */
    double bootstrap_low, bootstrap_high;
    double effect_size, superiority, p, p_holm;
    double ratio;
    int trend_a, trend_b; /* 1, 0; -1: cannot be told */
};

/* One month of a series. */
struct compare_month {
    uint32_t n;
    double mean_a, mean_b, difference, low, high;
};

struct compare_series {
    const struct reader_observation *observation;
    const char *label;
    struct compare_month *months; /* all of the file */
};

/* How an observation is spread over the places of one side: means over the replicates. Every place counts alike. */
#define COMPARE_QUANTILES 5
extern const double compare_quantiles[COMPARE_QUANTILES]; /* 0.05 .. 0.95 */

struct compare_spread {
    uint32_t n_places;
    double quantiles[COMPARE_QUANTILES];
    struct inference_interval gini;
    double p90_p10; /* the 90 % quantile over the 10 % one, where that is above 0 */
};

/* Both sides, and the differences within replicates. Places have the means of the same months as the rows. */
struct compare_distribution {
    const struct reader_observation *observation;
    const char *label;
    const char *place; /* "community" */
    enum outcome_period period;
    uint32_t n; /* pairs of replicates */
    struct compare_spread a, b;
    struct inference_interval gini_difference, quantile_differences[COMPARE_QUANTILES];
};

/* What is to be compared. */
struct compare_choice {
    uint32_t a, b; /* design points */
    const char *const
        *observations;     /* NAME, or NAME:LABEL, for both periods; with @end for the last month alone */
    size_t n_observations; /* 0: all; series and distributions then of those that outcome_list has */
    uint32_t resamples;
};

struct comparison {
    const struct reader *reader; /* must outlive it */
    uint32_t a, b;               /* design points */
    uint32_t first_tick, months; /* that are averaged; months 0: there are none after the burn-in */
    uint32_t n_pairs;            /* replicates that ran on both sides */
    uint32_t failed, not_run;    /* cells of both that are left out, with their partners */
    struct factors factors;      /* what tells the design points apart */
    struct compare_row *rows;    /* all of the last month, then all averages */
    size_t n_rows;
    struct compare_series *series;
    size_t n_series;
    char **places; /* kinds of places that the file is recorded by */
    uint32_t n_places;
    struct compare_distribution *distributions;
    size_t n_distributions;
};

/* The design point that a text names: a scenario, of which it is the first, or a number. SIM_ERR_INPUT with a message
 * that suggests what there is. */
int compare_find_point(
    const struct reader *reader, const char *text, uint32_t *design, struct sim_messages *messages);

/* Compares what is chosen. SIM_ERR_INPUT, with a message, if there are no such design points or observations;
 * SIM_ERR_FILE, SIM_ERR_MEMORY. May always be freed. */
int compare_init_chosen(struct comparison *comparison, const struct reader *reader,
    const struct compare_choice *choice, struct sim_messages *messages);
void compare_free(struct comparison *comparison);

/* The last month of the file; the first month that a row covers. */
uint32_t compare_last_tick(const struct comparison *comparison);
uint32_t compare_first_tick(const struct comparison *comparison, enum outcome_period period);

/* All of it; NULL without memory. */
json_t *compare_json(const struct comparison *comparison);

/* Each writes to out, in UTF-8: the whole comparison, or only the series. SIM_ERR_FILE if out takes it not,
 * SIM_ERR_MEMORY. */
int compare_print_table(const struct comparison *comparison, FILE *out, int columns);
int compare_print_csv(const struct comparison *comparison, FILE *out);
int compare_print_json(const struct comparison *comparison, FILE *out);
int compare_print_series_table(const struct comparison *comparison, FILE *out, int columns);
int compare_print_series_csv(const struct comparison *comparison, FILE *out);

#endif
