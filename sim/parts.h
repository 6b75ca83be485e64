/* parts.h - the folder of an unfinished experiment, results.h5.parts/:
 *
 *     12.h5, 12-2.h5 ...       shards: finished cells, each file written once and never again
 *     manifest                 checksums of the shards, as xxhsum -H2 prints them; manifest-2-of-4 of a share,
 *                              manifest-rank-1 of a process
 *     lock, lock-2-of-4        who writes here, held as long as the process lives
 *     status.json              progress, for machines; status-2-of-4.json of a share
 *     17.0.checkpoint ...      runs that were interrupted (checkpoint.h)
 *     17.state ...             last states of cells, if they are to be saved (states.h)
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

/* Looks at nothing yet. SIM_ERR_MEMORY. May always be freed; that releases the lock. None of these functions is safe
 * to call from two threads at once, nor beside one of sink.h. */
int sim_parts_init(struct sim_parts *parts, const char *folder, const struct sim_experiment *experiment);
void sim_parts_free(struct sim_parts *parts);

/* Makes the folder and takes the right to write there: of all (a share 0 of 1), or of one share, beside which
 * others may write theirs. The lock goes with the process, however it ends. A share that finds all locked waits
 * 10 s, for the holder may be merging. SIM_ERR_EXISTS, with a message that names the holder's host and process and
 * since when; SIM_ERR_FILE, with a message, SIM_ERR_MEMORY. Where the file system has no locks, that is a warning.
 * Forgets what was found; sweeps temporaries of processes that no longer live. */
int sim_parts_lock(struct sim_parts *parts, struct sim_share share, struct sim_messages *messages);

/* Releases what lock took. */
void sim_parts_unlock(struct sim_parts *parts);

/* Releases what lock took, and tries, without waiting, to hold all: SIM_ERR_EXISTS, without a message, if somebody
 * writes here, or if who held a lock here finds it removed: somebody else has merged. Nothing is held then. For
 * whoever finishes last. SIM_ERR_FILE, with a message, SIM_ERR_MEMORY. */
int sim_parts_lock_all(struct sim_parts *parts, struct sim_messages *messages);

/* Finds the cells of all shards of this experiment and build; again, it finds what has come since. A shard whose
 * checksum is not the manifest's is damaged: its cells are to be run again, with a message, and if the right to
 * write is held it is set aside as NAME.h5.damaged. Cells of a shard that the manifest has and the folder does not
 * are to be run again, too. A shard that no manifest has (the process was killed before it could tell) is taken if
 * its own digests are right, and goes into the manifest with the next one added. Shards of another experiment or
 * build, and what is no shard, are left alone, with a message. A cell that ran well in one shard and failed in
 * another ran well; of two errors the first in the order of texts is kept. No folder is no fault. SIM_ERR_FILE,
 * with a message, SIM_ERR_MEMORY. */
int sim_parts_scan(struct sim_parts *parts, struct sim_messages *messages);

/* Writes a shard of cells, then the manifest of this writer, and knows them as if scan had found them. name: of the
 * writer, "" or e.g. "2-of-4" or "rank-1"; at any time a name has one writer. Other processes of one MPI run add
 * without a lock of their own, for the first holds it. SIM_ERR_FILE with a message,
 * SIM_ERR_MEMORY. After a failure there may be a whole shard that the manifest does not tell of; scan takes it. */
int sim_parts_add(struct sim_parts *parts, const char *name, const struct sim_finished *list, uint32_t n,
    struct sim_messages *messages);

/* What the shards found hold, read as it is asked for, quickest in the order of cells. A cell that failed has the
 * digest of what stands for its numbers. parts must outlive it, and what it found before must not be scanned for or
 * removed while an outcome is in use. */
struct sim_source sim_parts_source(struct sim_parts *parts);

/* Why the source could not read: the file and the reason; "" if it never failed. */
const char *sim_parts_fault(const struct sim_parts *parts);

/* Whether somebody has made the file `stop` in the folder. */
int sim_parts_asked_to_stop(const struct sim_parts *parts);

/* Replaces status.json, or status-NAME.json, by a text. What cannot be written does not spoil a run. */
void sim_parts_tell(const struct sim_parts *parts, const char *name, const char *text);

/* After the results file is complete: removes what this experiment and build left in the folder (shards, manifests,
 * status, checkpoints, states, request, stop, locks), and the folder if nothing else is in it; releases the lock and forgets
 * what was found. Needs no scan. Takes the lock of all unless it is held: SIM_ERR_EXISTS if others write here.
 * SIM_ERR_FILE if something cannot be removed, SIM_ERR_MEMORY. No folder is no fault. */
int sim_parts_remove(struct sim_parts *parts);

#endif
