/* frontier.h - which design points, mixes of levers, are worth their cost: those that no other point dominates, being
 * as good in every objective and better in one (Pareto 1906), by their means over replicates.
 *
 * Only replicates that have run and have a value in every objective and in the cost count. Points whose mean cost is
 * above the budget are set apart: they are not on the front and dominate nobody.
 *
 * How sure the front is tells a bootstrap over replicates: each sample draws as many replicate numbers as there are,
 * with replacement, the same for all points, so that common random numbers stay common. A point's probability is the
 * share of samples in which it is within the budget and no other such point dominates it. A point that lacks a replicate
 * has the mean of those drawn that it has; samples in which it has none do not count for it, and there it dominates
 * nobody.
 *
 * The columns of the CSV, one row for each design point, in order:
 *
 *     design, scenario, title, each parameter that varies
 *     n                       replicates that count
 *     NAME, NAME_low, NAME_high      of each objective, and of the cost if it is none of them: the mean and its 95 %
 *                             interval (Student's t; none for fewer than two replicates)
 *     on_front, within_budget 1 or 0
 *     probability_on_front    none for fewer than two replicates
 */
#ifndef ANALYSIS_FRONTIER_H
#define ANALYSIS_FRONTIER_H

#include "analysis/factors.h"
#include "analysis/inference.h"
#include "analysis/outcome.h"
#include "analysis/skyline.h"

#include <jansson.h>
#include <stdio.h>

#define FRONTIER_NUMBERS (SKYLINE_OBJECTIVES + 1) /* objectives and a cost that is none of them */

/* What is asked for. Texts are as outcome.h reads them; none at all: participation and service_quality are maximised
 * and spending is minimised, as far as the file has them. */
struct frontier_request {
    const char *const *maximise, *const *minimise;
    size_t n_maximise, n_minimise;
    double budget; /* NaN: none */
    uint32_t n_samples;
};

struct frontier_point {
    uint32_t n; /* replicates that count */
    struct inference_interval numbers[FRONTIER_NUMBERS];
    int on_front, within_budget;
    double probability; /* NaN: none */
};

struct frontier {
    const struct reader *reader; /* must outlive it */
    struct factors factors;
    struct outcome outcomes[FRONTIER_NUMBERS]; /* objectives first */
    int maximised[FRONTIER_NUMBERS];
    int n_objectives, n_outcomes;
    int cost; /* which outcome is the cost: one in money that is minimised, else the first that is; -1: none */
    double budget;
    uint32_t n_samples;
    struct frontier_point *points; /* by design */
    uint64_t failed, not_run;      /* cells that are left out, */
    uint64_t incomplete;           /* and those that have run but lack a value */
    double *numbers; /* [(design * n_replicates + replicate) * n_outcomes + outcome]; the first is NaN in a
                                      cell that does not count */
};

/* SIM_ERR_INPUT with a message for objectives that there are not; SIM_ERR_FILE, SIM_ERR_MEMORY. May always be freed. */
int frontier_init(struct frontier *frontier, const struct reader *reader,
    const struct frontier_request *request, struct sim_messages *messages);
void frontier_free(struct frontier *frontier);

/* The probabilities of all points, which frontier_init calls. SIM_ERR_MEMORY. */
int frontier_resample(struct frontier *frontier);

/* Sorts designs by their mean in the first objective, the best first. SIM_ERR_MEMORY. */
int frontier_rank(const struct frontier *frontier, uint32_t *designs, uint32_t n);

/* Points on the front, the best in the first objective first: a new array of designs. NULL without memory. */
uint32_t *frontier_front(const struct frontier *frontier, uint32_t *n);

/* How many points are on the front, within the budget but dominated, over it, and without a value; uncertain: of how
 * many the interval of the cost holds the budget. */
struct frontier_counts {
    uint32_t on_front, dominated, over_budget, empty, uncertain;
};
struct frontier_counts frontier_count(const struct frontier *frontier);

/* SIM_ERR_FILE if out takes it not, SIM_ERR_MEMORY. */
int frontier_print_table(const struct frontier *frontier, FILE *out, int columns);
int frontier_print_csv(const struct frontier *frontier, FILE *out);
int frontier_print_json(const struct frontier *frontier, FILE *out);

/* NULL without memory. */
json_t *frontier_json(const struct frontier *frontier);

#endif
