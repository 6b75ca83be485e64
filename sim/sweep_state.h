/* sweep_state.h - what the sources of sweep.h share: sweep.c begins, sweep_cells.c runs the cells and saves what they
 * recorded, sweep_status.c tells how far it is, sweep_end.c merges. Inside the library only.
 */
#ifndef SIM_SWEEP_STATE_H
#define SIM_SWEEP_STATE_H

#include "sim/provenance.h"
#include "sim/ranks.h"
#include "sim/sweep.h"

#define SIM_SWEEP_SHARD_CELLS 8192 /* finished cells that wait for a shard, at most */
#define SIM_SWEEP_STATUS_SECONDS 5.0

struct sim_sweep_state {
    const struct sim_experiment *experiment;
    const struct sim_sweep_plan *plan;
    struct sim_sweep_report *report;
    struct sim_messages *messages;
    struct sim_parts parts;
    struct sim_source source;
    struct sim_source
        wanted; /* the same, but a cell whose state is to be saved and is not there has not run */
    struct sim_schedule schedule; /* of the first process */
    struct sim_ranks ranks;
    char name[64]; /* of this process among those that write */
    char build[SIM_BUILD_SIZE];
    struct sim_finished *waiting; /* finished, but in no shard yet */
    uint32_t n_waiting;
    double start, saved_at, save_took, looked_at, told_at;
    uint64_t ticks;         /* finished by this process */
    uint32_t n_told;        /* failed cells */
    uint32_t failed_before; /* of those that were there at the start */
    int has_kept;           /* there may be checkpoints of cells */
    int keep_failed;        /* one could not be written, and that was told */
};

/* sweep_cells.c */

/* What the threads that run the cells are to call. */
struct sim_work sim_sweep_work(struct sim_sweep_state *sweep);

/* Writes the cells that wait into a shard. SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_sweep_save(struct sim_sweep_state *sweep);

/* Whether the sweep is to end, and why. */
enum sim_sweep_end sim_sweep_look_around(struct sim_sweep_state *sweep);

/* sweep_status.c */

/* Hands the progress to whoever asked for it; of the first process. */
void sim_sweep_show_progress(const struct sim_sweep_state *sweep);

/* Writes status.json, or status-I-of-N.json of a share: how far it is, for machines. Of the first process, which alone
 * knows. state: "running" ... */
void sim_sweep_tell_status(struct sim_sweep_state *sweep, const char *state);

/* sweep_end.c */

/* Whether the results file is there: while this process waited for the lock another one may have written it. */
int sim_sweep_is_complete(const struct sim_sweep_state *sweep);

/* The first process, when all have left with, at worst, this status: merges if nothing is missing. Returns the status of
 * the sweep. */
int sim_sweep_finish(struct sim_sweep_state *sweep, int status);

#endif
