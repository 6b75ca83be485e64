/* sensitivity.h - which factors an outcome depends on, and how much: for each scenario of a results file whose design
 * points vary something, and for files that SALib and this program exchange.
 *
 * Outcomes are means over replicates. What varies over the replicates of a point is noise, and reported as a share:
 * the indices are those of the mean.
 */
#ifndef ANALYSIS_SENSITIVITY_H
#define ANALYSIS_SENSITIVITY_H

#include "analysis/outcome.h"
#include "analysis/sensitivity_methods.h"

#include <jansson.h>
#include <stdio.h>

enum sensitivity_method { SENSITIVITY_MORRIS, SENSITIVITY_SOBOL, SENSITIVITY_PAWN };

#define SENSITIVITY_METHOD_NAMES "morris|sobol|pawn" /* in this order */

const char *sensitivity_method_name(enum sensitivity_method method);

/* The measures of a method, in the order of the estimates; how many there are; by which one factors are ranked. */
const char *sensitivity_measure_name(enum sensitivity_method method, uint32_t measure);
uint32_t sensitivity_measures(enum sensitivity_method method);
uint32_t sensitivity_rank_measure(enum sensitivity_method method);

/* What is asked for. */
struct sensitivity_request {
    const char *method;              /* NULL: the one that fits the points */
    const char *const *observations; /* as outcome_list takes them */
    size_t n_observations;
    uint32_t n_samples; /* of the bootstrap */
};

/* One outcome of one scenario. */
struct sensitivity_outcome {
    const char *observation, *label, *unit; /* label: NULL without */
    char *own_name;                         /* the observation's, if nobody else keeps it; else NULL */
    const char *period;                     /* "end", "average"; NULL: not known */
    uint32_t first_tick, last_tick;
    double *y; /* by design point: the mean over replicates; NaN: not all of them ran, or there is none */
    double mean, variance; /* over the points: for Sobol' those of A and B, else all */
    double noise_share;    /* of the variance over cells, what replicates make; NaN with one replicate */
    double noise_left;     /* of the variance of the means, what luck makes that the points do not share */
    uint32_t left_out;     /* points, or with Morris trajectories, without a known outcome */
    struct inference_interval *estimates; /* estimates[factor * sensitivity_measures + measure] */
    double *dummies;                      /* of PAWN, by factor */
    struct inference_interval *second;    /* by pair; NULL: there are none */
};

struct sensitivity_scenario {
    const char *name, *title;
    uint32_t first_design, n_replicates;
    uint64_t failed_cells, missing_cells; /* missing: not run although they were asked for */
    struct sensitivity_sample sample;
    enum sensitivity_method method;
    int second_order;                 /* of Saltelli's points */
    uint32_t n_trajectories, n_bases; /* of the points; 0 if they are no such scheme */
    struct sensitivity_outcome *outcomes;
    size_t n_outcomes;
};

struct sensitivity {
    struct sensitivity_scenario *scenarios;
    uint32_t n_scenarios;
    const char *source; /* the file's path, which messages name */
    uint64_t seed;
    uint32_t n_samples;
    char *kind; /* of the design; NULL: not known */
};

/* Analyses a results file, which must outlive what comes out. Points that do not fit the method, or a file in which nothing
 * varies: SIM_ERR_INPUT. Cells that failed where Sobol' indices need every one: SIM_ERR_CELL. SIM_ERR_FILE, SIM_ERR_MEMORY. All
 * with a message. May always be freed. */
int sensitivity_init(struct sensitivity *sensitivity, const struct reader *reader,
    const struct sensitivity_request *request, struct sim_messages *messages);
void sensitivity_free(struct sensitivity *sensitivity);

/* The points and outcomes alone, without estimates: what SALib's files hold. */
int sensitivity_gather(struct sensitivity *sensitivity, const struct reader *reader,
    const struct sensitivity_request *request, struct sim_messages *messages);

/* The estimates of points and outcomes that have been gathered. */
int sensitivity_estimate(struct sensitivity *sensitivity, const char *method, struct sim_messages *messages);

/* Adds a scenario, or to the last of them an outcome whose y has room for its points. NULL without memory. */
struct sensitivity_scenario *sensitivity_add_scenario(struct sensitivity *sensitivity);
struct sensitivity_outcome *sensitivity_add_outcome(struct sensitivity_scenario *scenario);

/* "burden.cut +2": with how many parameters move with it */
void sensitivity_factor_name(const struct sensitivity_factor *factor, char *text, size_t size);

/* A list, one object for each scenario. NULL without memory. */
json_t *sensitivity_json(const struct sensitivity *sensitivity);

/* SIM_ERR_FILE if out cannot be written; SIM_ERR_MEMORY. */
int sensitivity_print_json(const struct sensitivity *sensitivity, FILE *out);
int sensitivity_print_csv(const struct sensitivity *sensitivity, FILE *out);
int sensitivity_print_table(const struct sensitivity *sensitivity, FILE *out, int columns);

#endif
