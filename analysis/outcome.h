/* outcome.h - one number for each cell of a results file: an observation, or one label of it, in the last month or
 * averaged over the last months after the burn-in. What attribution, sensitivity and the frontier look at.
 *
 *     participation                        averaged
 *     participation_by_depth:decide        one label
 *     trust@end                            in the last month
 */
#ifndef ANALYSIS_OUTCOME_H
#define ANALYSIS_OUTCOME_H

#include "analysis/reader.h"

#define OUTCOME_MONTHS 24 /* that are averaged, at most */
#define OUTCOME_TEXT 512  /* bytes of a text that names one */

enum outcome_period { OUTCOME_END, OUTCOME_AVERAGE };

/* "end", "average" */
const char *outcome_period_name(enum outcome_period period);

struct outcome {
    const struct reader_observation *observation;
    uint32_t label; /* of its labels; 0 without */
    enum outcome_period period;
    uint32_t first_tick, last_tick; /* months that it covers */
};

/* The label's text; NULL if the observation has none. */
const char *outcome_label(const struct outcome *outcome);

/* The months that are averaged: the last after the burn-in; months 0 if there are none. */
void outcome_months(const struct reader *reader, uint32_t *first_tick, uint32_t *months);

/* The mean of some months; those without a value are left out, NaN if none has one. stride: from one month's number to
 * the next one's; n: of months, at most OUTCOME_MONTHS. */
double outcome_mean(const double *numbers, size_t stride, uint32_t n);

/* Splits NAME[:LABEL][@end]; name has room for OUTCOME_TEXT bytes and keeps the label too, which becomes NULL if there is
 * none. SIM_ERR_INPUT if the text is too long. */
int outcome_split(const char *text, char *name, enum outcome_period *period, const char **label);

/* Reads NAME[:LABEL][@end]. SIM_ERR_INPUT with a message that suggests what there is. */
int outcome_parse(
    struct outcome *outcome, const struct reader *reader, const char *text, struct sim_messages *messages);

/* A list of outcomes: one for each text, all labels of an observation that has some and of which none is named.
 * Without texts: those of participation, deep_participation, service_quality and satisfaction that the file has,
 * else its first observation. A new array, to be freed by sim_free. SIM_ERR_INPUT, SIM_ERR_MEMORY. */
int outcome_list(struct outcome **outcomes, size_t *n, const struct reader *reader, const char *const *texts,
    size_t n_texts, struct sim_messages *messages);

/* values[design * n_replicates + replicate], which has room for all cells; NaN where a cell has not run, or has no
 * value in these months. Reads the file in pieces of bounded size. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int outcome_values(const struct outcome *outcome, const struct reader *reader, double *values,
    struct sim_messages *messages);

/* "participation_by_depth:decide@end" */
void outcome_print(const struct outcome *outcome, char *text, size_t size);

/* Cells that have run, have failed, and have not been run (a stopping rule did not ask for them). */
void outcome_cells(const struct reader *reader, uint32_t first_design, uint32_t n_designs, uint64_t *ran,
    uint64_t *failed, uint64_t *not_run);

#endif
