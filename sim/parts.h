/* parts.h - the folder of an unfinished experiment, results.h5.parts/:
 *
 *     12.h5, 12-2.h5 ...       shards: finished cells, each file written once and never again
 *     manifest                 checksums of the shards, as xxhsum -H2 prints them; manifest-2-of-4 of a share,
 *                              manifest-rank-1 of a process
 *     lock, lock-2-of-4        who writes here, held as long as it lives
 *     status.json              progress, for machines; status-2-of-4.json of a share
 *     17.0.checkpoint ...      runs that were interrupted (checkpoint.h)
 *     request.json             what was asked for, with the text of every file (cli_request.h)
 *     stop                     made by a user: everybody ends in order
 */
#ifndef SIM_PARTS_H
#define SIM_PARTS_H

#include "sim/share.h"
#include "sim/source.h"

/* What is known of a cell. */
struct sim_found {
    uint64_t digest;
    uint32_t shard, index; /* which shard, and the how-many-th of its rows; of one that ran well */
    uint32_t error;        /* offset in errors; of one that failed */
    uint8_t status;        /* enum sim_run_status */
};

struct sim_parts {
    const struct sim_experiment *experiment;
    char *folder;
    struct sim_layout layout;
    struct sim_found *cells;
    uint32_t n_cells;
    uint32_t n_ok, n_failed; /* found */
    void *state;             /* shards, their checksums, open files, locks, texts of errors */
};

/* Looks at nothing yet. SIM_ERR_MEMORY. May always be freed; that releases the lock. */
int sim_parts_init(struct sim_parts *parts, const char *folder, const struct sim_experiment *experiment);
void sim_parts_free(struct sim_parts *parts);

/* Makes the folder and takes the right to write there: of all (a share 0 of 1), or of one share, beside which
 * others may write theirs. The lock goes with the process, however it ends. SIM_ERR_EXISTS, with a message that
 * names the holder's host and process and since when; SIM_ERR_FILE, SIM_ERR_MEMORY.
 * Sweeps temporaries of processes that no longer live. */
int sim_parts_lock(struct sim_parts *parts, struct sim_share share, struct sim_messages *messages);

/* Releases what lock took, and tries, without waiting, to hold all: SIM_ERR_EXISTS, without a message, if somebody
 * writes here. For whoever finishes last. */
int sim_parts_lock_all(struct sim_parts *parts, struct sim_messages *messages);

/* Finds the cells of all shards of this experiment and build; again, it finds what has come since. A shard whose
 * checksum is not the manifest's is set aside as NAME.h5.damaged, with a message, and its cells are to be run
 * again; so are those of a shard that the manifest has and the folder does not. A shard that no manifest has
 * (the process was killed before it could tell) is taken if its own digests are right. Shards of another
 * experiment or build are left alone, with a message. A cell that ran well in one shard and failed in another ran
 * well. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int sim_parts_scan(struct sim_parts *parts, struct sim_messages *messages);

/* Writes a shard of them, then the manifest of this writer. name: of the writer, "" or e.g. "2-of-4" or "rank-1".
 * SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_parts_add(struct sim_parts *parts, const char *name, const struct sim_finished *list, uint32_t n,
    struct sim_messages *messages);

/* What the shards found hold, read as it is asked for. parts must outlive it. */
struct sim_source sim_parts_source(struct sim_parts *parts);

/* Whether somebody has made the file `stop` in the folder. */
int sim_parts_asked_to_stop(const struct sim_parts *parts);

/* Replaces status.json, or status-NAME.json, by a text. What cannot be written does not spoil a run. */
void sim_parts_tell(const struct sim_parts *parts, const char *name, const char *text);

/* After the results file is complete: removes what this experiment and build left in the folder, and the folder
 * if nothing else is in it. SIM_ERR_FILE if something cannot be removed, SIM_ERR_MEMORY. */
int sim_parts_remove(struct sim_parts *parts);

#endif
