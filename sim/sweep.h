/* sweep.h - runs an experiment into the folder of its parts (parts.h), with other processes or alone, and writes the
 * results file once every cell is there. Run again, it goes on; whatever ended it, a finished cell is not lost.
 */
#ifndef SIM_SWEEP_H
#define SIM_SWEEP_H

#include "sim/comm.h"
#include "sim/execute.h"
#include "sim/parts.h"

/* What a process holds besides the worlds that run and what they record: finished cells on their way to a shard, and
 * as much while it writes the results file; and so much for every cell and every design point of the
 * experiment (measured: what stands in HDF5's memory until the file is closed). */
#define SIM_SWEEP_SHARD_BYTES (64.0 * 1024 * 1024)
#define SIM_SWEEP_BYTES (2 * SIM_SWEEP_SHARD_BYTES)
#define SIM_SWEEP_CELL_BYTES 150.0
#define SIM_SWEEP_POINT_BYTES 1000.0

/* Why a sweep ended before its time. */
#define SIM_SWEEP_ENDS(X)                              \
    X(SIM_SWEEP_NOT_ENDED, "it did not")               \
    X(SIM_SWEEP_SIGNAL, "a signal came")               \
    X(SIM_SWEEP_WALLTIME, "its time was up")           \
    X(SIM_SWEEP_STOP_FILE, "the stop file was there")  \
    X(SIM_SWEEP_FAILURES, "too many cells had failed") \
    X(SIM_SWEEP_ERROR, "an error occurred")
#define SIM_SWEEP_END_CONSTANT(name, text) name,
enum sim_sweep_end { SIM_SWEEP_ENDS(SIM_SWEEP_END_CONSTANT) SIM_SWEEP_N_ENDS };

const char *sim_sweep_end_text(enum sim_sweep_end end);

struct sim_sweep_plan {
    const char *output; /* the results file; its parts are in OUTPUT.parts */
    struct sim_share share;
    struct sim_comm *comm;  /* NULL: alone. All of them have the same share */
    struct sim_crew crew;   /* cells is filled in */
    double deadline;        /* by sim_seconds: finish nothing after that; 0: none */
    uint32_t stop_after;    /* so many failed cells end it; 0: none do */
    int failed_again;       /* cells that failed before are run again */
    const char *save_state; /* a file of the last states of all replicates, to be written too; NULL: none */
    void (*progress)(void *context, const struct sim_progress *progress); /* of all processes; may be NULL */
    /* The lock is held, and it is known what is there: so many of the cells to be done. Of the first process only; may be
     * NULL. */
    void (*begin)(void *context, const struct sim_parts *parts, uint32_t before);
    void *context;
};

struct sim_sweep_report {
    uint32_t cells;        /* of this share, or so many as the stopping rule may ask for */
    uint32_t before;       /* there at the start */
    uint32_t done, failed; /* now, of all processes together; failed ones are among those done */
    int complete;          /* the results file is there */
    enum sim_sweep_end end;
    struct sim_effort effort; /* of this process */
    double output_seconds;    /* of which: writing shards, checkpoints and the results file */
};

/* Whether all processes that a launcher started were given the same share of the same experiment. If not, each may
 * still do its own share alone. All must ask. */
int sim_sweep_is_common(
    struct sim_comm *comm, const struct sim_experiment *experiment, struct sim_share share);

/* SIM_OK: the share is done (and, if report->complete, all is); SIM_ERR_CELL the same, but cells failed; SIM_ERR_STOPPED;
 * SIM_ERR_EXISTS: somebody else writes there; SIM_ERR_FILE, SIM_ERR_MEMORY. All with messages. */
int sim_sweep(const struct sim_experiment *experiment, const struct sim_sweep_plan *plan,
    struct sim_sweep_report *report, struct sim_messages *messages);

/* Writes the file of states, if one is to be saved (else NULL), and the results file from parts that are complete and
 * locked, and removes them, unless cells of the file failed (*n_failed): those may be run again, and the states wait
 * for that, with a message. SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_sweep_merge(struct sim_parts *parts, const char *output, const char *save_state, uint32_t *n_failed,
    struct sim_messages *messages);

/* Removes what a sweep of this experiment into this file has left in its folder of parts, if nobody writes there. */
void sim_sweep_forget(const struct sim_experiment *experiment, const char *output);

#endif
