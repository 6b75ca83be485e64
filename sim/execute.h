/* execute.h - runs the cells of an experiment on threads. Many cells: one cell a thread. Few: the threads
 * share the blocks of each. The numbers are the same either way.
 */
#ifndef SIM_EXECUTE_H
#define SIM_EXECUTE_H

#include "sim/results.h"
#include "sim/world.h"

#include <signal.h>

struct sim_progress {
    uint32_t cells, cells_done;
    uint64_t ticks, ticks_done; /* of all cells */
    double seconds;             /* since the start of this call */
};

struct sim_execution {
    int threads; /* 0: as many as the process may use */
    int bind;    /* pin each thread to one processor of the inherited mask */
    const volatile sig_atomic_t
        *stop; /* when it turns nonzero: finish nothing more, return SIM_ERR_STOPPED; may be NULL */
    void (*progress)(void *context,
        const struct sim_progress *progress); /* called now and then, by one thread at a time; may be NULL */
    /* Called by one thread at a time with cells that have finished since the last call, every save_seconds
     * and at the end; a status other than 0 stops the run. May be NULL. */
    int (*save)(void *context, const uint32_t *cells, uint32_t n_cells);
    double save_seconds;
    /* Called with the world of a cell that has run well, before the cell counts as done, by several threads at a
     * time; a status other than 0 stops the run. May be NULL. */
    int (*keep)(void *context, const struct sim_world *world, uint32_t cell);
    void *context;
    int verify; /* check the model's invariants after every tick; a cell that breaks one has failed */
};

/* Runs every cell that is not yet done. SIM_OK; SIM_ERR_CELL if a cell failed; SIM_ERR_STOPPED; what save
 * returned. */
int sim_execute(struct sim_results *results, const struct sim_execution *execution);

#endif
