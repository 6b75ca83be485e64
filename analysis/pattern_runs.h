/* pattern_runs.h - the runs behind the patterns: each that several ask for is run once; of each are kept the
 * means that judges look at, or every month where a variant wants them. */
#ifndef ANALYSIS_PATTERN_RUNS_H
#define ANALYSIS_PATTERN_RUNS_H

#include "analysis/patterns.h"

#include "sim/experiment.h"

#include <signal.h>

#define PATTERN_VALUE_SIZE 64

struct run {
    struct sim_experiment experiment; /* one design point; without its text once it has run */
    const char *scenario;
    char *settings; /* with the values put in, separated by blanks */
    uint32_t n_ticks, row;
    int monthly;
    char *fault;     /* why it cannot be run, or why a cell failed; NULL: nothing */
    int cannot;      /* it cannot be run */
    double *windows; /* row x replicates x (last, all) */
    double *months;  /* replicates x ticks x row; NULL unless monthly */
};

enum run_window { RUN_LAST, RUN_ALL, RUN_MONTH };

struct run_set {
    struct run *list;
    size_t n, capacity;
    struct sim_request request; /* what is common to all */
    uint32_t n_replicates;
};

struct run_progress {
    uint64_t months, months_done;
    uint32_t runs;
    double seconds;
};

struct run_execution {
    int threads, bind;
    const volatile sig_atomic_t *stop;
    void (*progress)(void *context, const struct run_progress *progress); /* may be NULL */
    void *context;
};

/* What is common: replicates and seed, where scenarios and models are found. */
void run_set_init(struct run_set *set, const struct sim_request *request);
void run_set_free(struct run_set *set);

/* The run of one value of a variant; index is that of an equal one if there is one already. A run that cannot
 * be made has a fault. SIM_ERR_MEMORY. */
int run_set_add(struct run_set *set, const struct pattern_variant *variant, size_t point, size_t *index);

/* The same run as another, with one switch off; that other itself if its model has no such switch. */
int run_set_add_without(struct run_set *set, size_t like, const char *switch_name, size_t *index);

/* Runs all that have not run. SIM_OK, SIM_ERR_STOPPED, SIM_ERR_MEMORY; cells that fail are faults of their
 * runs. */
int run_set_execute(struct run_set *set, const struct run_execution *how);

/* Months that are still to be run, of all cells. */
uint64_t run_set_months(const struct run_set *set);

/* Where an observation, or the label of one, stands in a row; -1 if there is none. */
int64_t run_column(const struct run *run, const char *observation, const char *label);

/* The how-many-th label of an observation's dimension; NULL if there are not so many. */
const char *run_label(const struct run *run, const char *observation, uint32_t which);
const char *run_model_name(const struct run *run);

/* The how-many-th switch of the run's model; NULL if there are not so many. */
const char *run_switch(const struct run *run, size_t which);

/* One number of one replicate; NaN if its cell failed. tick: of RUN_MONTH, from 1. */
double run_number(
    const struct run *run, size_t column, uint32_t replicate, enum run_window window, uint32_t tick);

/* How many runs a variant has, and the text of a value; 0 if the variant has no values. */
size_t pattern_points(const struct pattern_variant *variant);
int pattern_value(const struct pattern_variant *variant, size_t point, char *text);

#endif
