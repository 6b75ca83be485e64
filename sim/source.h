/* source.h - where a sink finds what the cells of an experiment recorded: in memory (results.h), or in the
 * shards of a folder (parts.h), of which only what is asked for is read.
 */
#ifndef SIM_SOURCE_H
#define SIM_SOURCE_H

#include "sim/experiment.h"

enum sim_run_status { SIM_RUN_OK = 0, SIM_RUN_FAILED = 1, SIM_RUN_NOT_RUN = 2 };

/* What became of a cell. */
struct sim_outcome {
    enum sim_run_status status;
    const char *error; /* why it failed; "" */
    uint64_t digest;   /* xxh64 of its recorded values, little-endian; 0 if not run */
};

/* A cell that has finished. */
struct sim_finished {
    uint32_t cell;
    enum sim_run_status status; /* SIM_RUN_OK or SIM_RUN_FAILED */
    char error[256];
    uint64_t digest; /* of the rows; of one that failed it is ignored, for its numbers are the missing ones */
    double *rows;    /* all numbers that it recorded; NULL if it failed */
};

struct sim_source {
    const struct sim_experiment *experiment;
    struct sim_layout layout;
    struct sim_outcome (*outcome)(void *context, uint32_t cell);
    /* The numbers first .. first + n - 1 that a cell recorded (its rows, then what does not change, as record.h
     * tells). Of a cell that failed: NaN, and 0 for counts of the whole world; of one that was not run the same.
     * SIM_ERR_FILE, SIM_ERR_MEMORY. */
    int (*numbers)(void *context, uint32_t cell, uint64_t first, uint64_t n, double *numbers);
    void *context;
};

/* Numbers that a cell records. */
static inline size_t
sim_source_numbers(const struct sim_source *source)
{
    return (size_t) sim_experiment_numbers(source->experiment, &source->layout);
}

/* The xxh64 of numbers, little-endian, with one bit pattern for all that are NaN. */
uint64_t sim_digest(const double *numbers, size_t n);

/* Fills in the numbers first .. first + n - 1 of a cell that has none. */
void sim_source_missing(const struct sim_experiment *experiment, const struct sim_layout *layout,
    uint64_t first, uint64_t n, double *numbers);

#endif
