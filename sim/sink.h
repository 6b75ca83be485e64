/* sink.h - results to files and back: the finished file, and shards of finished cells. Implemented by
 * sink_hdf5.c, the only source of the engine that knows the file format. Every write goes to a temporary file
 * in the same folder, is flushed and closed with every status checked, fsynced, and renamed; the folder is
 * fsynced. So a name holds a complete file or none. None of these functions is safe to call from two threads
 * at once.
 */
#ifndef SIM_SINK_H
#define SIM_SINK_H

#include "sim/results.h"

/* Writes the complete results file. SIM_ERR_FILE with a message. */
int sim_sink_write(const char *path, const struct sim_results *results, struct sim_messages *messages);

/* Whether a file holds the complete results of this experiment, made by this build: SIM_OK; SIM_ERR_EXISTS if
 * it is a file of another experiment or build, or no results file at all; SIM_ERR_FILE if there is no such
 * file. */
int sim_sink_matches(const char *path, const struct sim_experiment *experiment);

/* Writes the given cells, which have run, into a new shard DIRECTORY/FIRST.h5, FIRST the number of the first
 * of them, or FIRST-2.h5, FIRST-3.h5 ... where that is taken; makes the directory if needed. SIM_ERR_STATE if
 * one of them has not run; SIM_ERR_FILE with a message. */
int sim_shard_write(const char *directory, const struct sim_results *results, const uint32_t *cells,
    uint32_t n_cells, struct sim_messages *messages);

/* Takes every cell of every readable shard of this experiment into results; shards of another experiment, and
 * unreadable ones, are messages (warnings) and left alone. n_found: cells taken. */
int sim_shards_read(
    const char *directory, struct sim_results *results, uint32_t *n_found, struct sim_messages *messages);

/* Removes the shards, the temporaries and the directory. */
int sim_shards_remove(const char *directory);

/* Removes temporaries (.NAME.PID.tmp) of processes that no longer live, left beside path. */
void sim_sink_sweep(const char *path);

#endif
