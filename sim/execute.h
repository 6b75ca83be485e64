/* execute.h - runs cells on threads. Many cells: one cell a thread. Few, or large ones: the threads share the
 * blocks of each. The numbers are the same either way.
 */
#ifndef SIM_EXECUTE_H
#define SIM_EXECUTE_H

#include "sim/results.h"
#include "sim/world.h"

#include <signal.h>

enum sim_next {
    SIM_NEXT_CELL,
    SIM_NEXT_WAIT, /* none now, but there may be one later: ask again */
    SIM_NEXT_END,
};

/* A cell that runs. */
struct sim_run {
    uint32_t cell;
    struct sim_world *world;
    double *numbers; /* what it records, as record.h tells; those of later ticks are not yet set */
    size_t n_numbers;
    double kept_at;     /* when keep was last called, or the cell started */
    uint32_t kept_tick; /* and at which tick */
    double away;        /* seconds spent in calls of the work, and waiting for them */
};

/* Where cells come from and where they go. All are called by one thread at a time. A status other than SIM_OK ends
 * all work: no cell is finished after that. Those that are NULL are left out; next and done may not be. */
struct sim_work {
    void *context;
    enum sim_next (*next)(void *context, uint32_t *cell);
    /* A cell has finished, well or not. It may take the rows: then it sets them to NULL. */
    int (*done)(void *context, struct sim_finished *finished);
    /* Now and then, at most ten times a second while cells run; ticks: finished by all of them. */
    int (*pulse)(void *context, uint64_t ticks);
    /* A world is set up, and may be set further on. */
    int (*start)(void *context, struct sim_run *run);
    /* After a tick, when it is time to keep the state, and when the work ends here and the cell with it. */
    int (*keep)(void *context, const struct sim_run *run);
    /* A world has reached its last tick. */
    int (*end)(void *context, const struct sim_run *run);
};

struct sim_crew {
    int threads;                       /* 0: as many as the process may use */
    int bind;                          /* pin each thread to one processor of the inherited mask */
    uint32_t cells;                    /* about how many there are to run */
    const volatile sig_atomic_t *stop; /* when it turns nonzero: finish nothing more; may be NULL */
    int verify; /* check the model's invariants after every tick; a cell that breaks one has failed */
    double keep_seconds; /* keep the state of a cell so often; 0: not by time */
    uint32_t keep_ticks; /* or so often; 0: not by ticks */
};

/* What the work took. */
struct sim_effort {
    int threads;
    double seconds; /* from the start to the end */
    double
        model_seconds; /* of all threads: building worlds, running and observing them, without the calls of the work;
                             where threads share a world each counts for as long as it runs */
};

/* Runs cells until there are no more. A cell fails if it breaks an invariant, if an observation has no finite
 * value, if the state that it starts from does not fit or cannot be read, or if there is not enough memory for it; that
 * ends nothing. SIM_OK; SIM_ERR_STOPPED; what done, pulse, start, keep or end returned. */
int sim_execute_work(const struct sim_experiment *experiment, const struct sim_layout *layout,
    const struct sim_work *work, const struct sim_crew *crew, struct sim_effort *effort);

/* An experiment in memory. */

struct sim_progress {
    uint32_t cells, cells_done, cells_failed;
    uint64_t ticks, ticks_done; /* of all cells */
    double seconds;             /* since the start of this call */
};

struct sim_execution {
    int threads, bind, verify; /* as in struct sim_crew */
    const volatile sig_atomic_t *stop;
    void (*progress)(void *context,
        const struct sim_progress *progress); /* called now and then, by one thread at a time; may be NULL */
    void *context;
};

/* Runs every cell that is not yet done. SIM_OK; SIM_ERR_CELL if a cell failed; SIM_ERR_STOPPED, SIM_ERR_MEMORY. */
int sim_execute(struct sim_results *results, const struct sim_execution *execution);

#endif
