/* results.c - the cells of an experiment in memory, and what is left of a cell that failed. */
#include "sim/results.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <stdio.h>
#include <string.h>

int
sim_results_init(struct sim_results *results, const struct sim_experiment *experiment)
{
    memset(results, 0, sizeof(*results));
    results->experiment = experiment;
    sim_record_layout(experiment, &results->layout);
    results->row = (uint32_t) results->layout.row;
    results->cells = sim_alloc(sim_experiment_cells(experiment), sizeof(*results->cells));
    if (results->cells == NULL) {
        return SIM_ERR_MEMORY;
    }
    results->n_cells = sim_experiment_cells(experiment);
    for (uint32_t i = 0; i < results->n_cells; i++) {
        results->cells[i].status = SIM_RUN_NOT_RUN;
    }
    return SIM_OK;
}

void
sim_results_free(struct sim_results *results)
{
    for (uint32_t i = 0; i < results->n_cells; i++) {
        sim_free(results->cells[i].rows);
    }
    sim_free(results->cells);
    memset(results, 0, sizeof(*results));
}

uint64_t
sim_cell_digest(const struct sim_results *results, const struct sim_cell *cell)
{
    return cell->rows == NULL ? 0 : sim_digest(cell->rows, sim_cell_numbers(results));
}

static struct sim_outcome
outcome(void *context, uint32_t cell)
{
    const struct sim_cell *it = &((const struct sim_results *) context)->cells[cell];
    return (struct sim_outcome){ it->status, it->error, it->digest };
}

static int
numbers(void *context, uint32_t cell, uint64_t first, uint64_t n, double *out)
{
    const struct sim_results *results = context;
    const double *rows = results->cells[cell].rows;
    if (rows != NULL) {
        memcpy(out, rows + first, n * sizeof(*out));
        return SIM_OK;
    }
    sim_source_missing(results->experiment, &results->layout, first, n, out);
    return SIM_OK;
}

struct sim_source
sim_results_source(const struct sim_results *results)
{
    return (struct sim_source){ results->experiment, results->layout, outcome, numbers, (void *) results };
}

int
sim_cell_fail(struct sim_results *results, uint32_t cell, const char *error)
{
    struct sim_cell *failed = &results->cells[cell];
    if (failed->rows == NULL) {
        failed->rows = sim_alloc(sim_cell_numbers(results), sizeof(*failed->rows));
        if (failed->rows == NULL) {
            return SIM_ERR_MEMORY;
        }
    }
    sim_source_missing(results->experiment, &results->layout, 0, sim_cell_numbers(results), failed->rows);
    failed->status = SIM_RUN_FAILED;
    snprintf(failed->error, sizeof(failed->error), "%s", error);
    failed->digest = sim_cell_digest(results, failed);
    return SIM_OK;
}
