/* sink.h - the results file: written from whatever source has the numbers, and looked at. Implemented by sink_*.c;
 * they and hdf5_*.c are the only sources of the engine that know HDF5 (of sink_*.c, sink_shards.c is behind shard.h). A file
 * gets its name as publish.h tells: a name holds a complete file or none. None of these functions is safe to call from
 * two threads at once.
 */
#ifndef SIM_SINK_H
#define SIM_SINK_H

#include "sim/results.h"

#define SIM_SINK_MEMORY (64u << 20) /* bytes */

/* Writes the complete results file. The bytes of the file depend on what the source tells, and not on where
 * that comes from. However many cells there are, at most about SIM_SINK_MEMORY of their numbers are in memory,
 * and about 100 bytes a cell, most of them HDF5's. Each number is read once; if the replicates of one design
 * point alone are more than that, their observations of the whole world are read twice. SIM_ERR_FILE with a
 * message, SIM_ERR_MEMORY. */
int sim_sink_write(const char *path, const struct sim_source *source, struct sim_messages *messages);

/* Whether a file holds the complete results of this experiment, made by this build: SIM_OK; SIM_ERR_CELL if
 * it does, but some of its cells failed; SIM_ERR_EXISTS if it is a file of another experiment or build, or
 * lacks cells (unless stopping.h lets it), or is no results file at all; SIM_ERR_FILE if there is no such file. */
int sim_sink_matches(const char *path, const struct sim_experiment *experiment);

/* How many cells of a results file ran well, failed, and did not run, by enum sim_run_status. SIM_ERR_FILE if it is none,
 * SIM_ERR_MEMORY. */
int sim_sink_count(const char *path, uint32_t counts[SIM_RUN_NOT_RUN + 1]);

/* Removes temporaries (.NAME.HOST-PID.tmp) of processes of this host that no longer live, left beside path.
 */
void sim_sink_sweep(const char *path);

#endif
