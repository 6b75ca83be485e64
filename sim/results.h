/* results.h - what an experiment recorded, in memory: the memory sink. A cell is one design point of one
 * replicate. */
#ifndef SIM_RESULTS_H
#define SIM_RESULTS_H

#include "sim/source.h"

struct sim_cell {
    enum sim_run_status status;
    char error[256]; /* why it failed; "" */
    uint64_t digest; /* xxh64 of its recorded values, little-endian; 0 if not run */
    /* A row for each tick that is run, then what does not change, as record.h tells; NULL if not run. Of a failed cell: NaN,
     * and 0 for counts of the whole world. */
    double *rows;
};

struct sim_results {
    const struct sim_experiment *experiment;
    struct sim_layout layout;
    uint32_t row;           /* numbers of a tick: of the layout */
    struct sim_cell *cells; /* design-major: cell = point * n_replicates + replicate */
    uint32_t n_cells;
};

/* Numbers that a cell records. */
static inline size_t
sim_cell_numbers(const struct sim_results *results)
{
    return (size_t) sim_experiment_numbers(results->experiment, &results->layout);
}

/* No cell has run yet. SIM_ERR_MEMORY. May always be freed; that frees the rows. */
int sim_results_init(struct sim_results *results, const struct sim_experiment *experiment);
void sim_results_free(struct sim_results *results);

/* The digest of one cell's rows. */
uint64_t sim_cell_digest(const struct sim_results *results, const struct sim_cell *cell);

/* The results as a source; they must outlive it. */
struct sim_source sim_results_source(const struct sim_results *results);

/* Makes a cell a failed one: rows of NaN (counts 0), status, error, digest. SIM_ERR_MEMORY. */
int sim_cell_fail(struct sim_results *results, uint32_t cell, const char *error);

#endif
