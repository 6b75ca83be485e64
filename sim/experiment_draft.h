/* experiment_draft.h - an experiment while its files are read: experiment_base.c reads its scenarios,
 * experiment_read.c the file that lists them, experiment.c settles what was said. Inside the library only. */
#ifndef SIM_EXPERIMENT_DRAFT_H
#define SIM_EXPERIMENT_DRAFT_H

#include "sim/experiment.h"
#include "sim/resolve.h"

/* What an experiment file may say about numbers. */
struct sim_draft_number {
    const char *key;
    int64_t lowest, highest;
    int64_t value;       /* -1: not said, or wrong */
    struct sim_where at; /* where the file says it */
};

enum { SIM_NUMBER_REPLICATES, SIM_NUMBER_SEED, SIM_NUMBER_TICKS, SIM_NUMBER_BURN_IN, SIM_DRAFT_NUMBERS };

/* A month that a scenario names: it must come before the end, which is known when all files are read. */
struct sim_draft_month {
    char *file;
    int line, column;
    uint32_t month;
};

/* A scenario as it was read, by its base. */
struct sim_draft_source {
    struct sim_scenario scenario;
    struct sim_resolution resolution; /* but the setting, which the base has */
};

/* The keys of a design, and of sim/stopping_read.h */
#define SIM_DESIGN_KEYS \
    "points|vary|vary_in|link|levels|trajectories|skip|scramble|second_order|groups|permutations"

/* All that is known while the scenarios are collected. */
struct sim_draft {
    struct sim_experiment *experiment;
    const struct sim_request *request;
    struct sim_messages *messages;
    struct sim_draft_number numbers[SIM_DRAFT_NUMBERS];
    char *numbers_file; /* where they are said; NULL: nowhere */
    size_t errors;      /* in messages, before it all */
    struct sim_draft_month *months;
    uint32_t n_months;
    char *start_from, *start_file; /* a file of states, and the file that names it; NULL: none */
    int start_line, start_column;
    struct sim_draft_source *sources; /* by base */
    uint32_t n_sources;
    struct sim_document
        file; /* the experiment's, if it has a design or says when to stop; else path is NULL */
};

/* A longer array of n + 1 items in place of *list; the new item is zeroed. NULL without memory. */
void *sim_append(void **list, uint32_t *n, size_t size);

/* Keeps a file as given. SIM_ERR_MEMORY. */
int sim_draft_keep_file(struct sim_experiment *experiment, const struct sim_document *document);

/* The scenario of this path, or of this name in a file; faults are messages. SIM_ERR_MEMORY. */
int sim_draft_add_base(struct sim_draft *draft, const char *path);
int sim_draft_find_base(struct sim_draft *draft, const char *name, const char *from, struct sim_where where);

/* The file of states that runs start from, at the place that names it in the file `from` (NULL: the command line).
 * SIM_ERR_MEMORY. */
int sim_draft_keep_start(struct sim_draft *draft, const char *name, const char *from, struct sim_where where);

/* What a SPEC names: a scenario, or an experiment and its scenarios. SIM_ERR_MEMORY. */
int sim_draft_add_spec(struct sim_draft *draft, const char *spec);

#endif
