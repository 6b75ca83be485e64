/* shard.h - finished cells in one file, written whole and never opened for writing again. sink_shards.c knows its
 * form. Inside the library only. None of these functions is safe to call from two threads at once.
 */
#ifndef SIM_SHARD_H
#define SIM_SHARD_H

#include "sim/source.h"

/* Writes cells, of which the first n_ok ran well and the others failed, into a new file; each that ran well has
 * n_numbers. SIM_ERR_EXISTS, without a message, if the path is taken; SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_shard_publish(const char *path, const struct sim_experiment *experiment, uint64_t n_numbers,
    const struct sim_finished *const *cells, uint32_t n, uint32_t n_ok, struct sim_messages *messages);

/* A shard whose outcomes are being read. */
struct sim_shard {
    void *state;
    char reason[128]; /* of the last SIM_ERR_FILE; "" if there is none to tell */
};

/* SIM_ERR_FILE, SIM_ERR_MEMORY. May always be freed. */
int sim_shard_init(struct sim_shard *shard, const char *path);
void sim_shard_free(struct sim_shard *shard);

/* Why a shard is not for this experiment and program; NULL if it is. */
const char *sim_shard_refusal(const struct sim_shard *shard, const struct sim_experiment *experiment);

/* What a shard holds. */
struct sim_shard_cells {
    uint32_t n, n_ok;  /* those that ran well come first */
    uint32_t *numbers; /* of the cells */
    uint64_t *digests;
    char **errors; /* NULL if none failed */
    uint64_t
        rows_at; /* where the numbers of those that ran well start, in bytes from the start of the file */
};

/* Checks that a shard has the form it should have, with cells below n_cells, each once, of n_numbers. SIM_ERR_FILE,
 * with a reason, if it has not; SIM_ERR_MEMORY. cells may always be freed. */
int sim_shard_list(
    struct sim_shard *shard, uint32_t n_cells, uint64_t n_numbers, struct sim_shard_cells *cells);
void sim_shard_cells_free(struct sim_shard_cells *cells);

/* Only where the numbers start. SIM_ERR_FILE, with a reason. */
int sim_shard_locate(struct sim_shard *shard, uint64_t *rows_at);

/* Reads n numbers, from the first-th number of the shard on, where cells follow each other without a gap. file: the
 * shard, opened by the system and not by sim_shard_init, so that many can be open at once. SIM_ERR_FILE, and errno:
 * 0 if the file is too short. */
int sim_shard_read(int file, uint64_t rows_at, uint64_t first, uint64_t n, double *numbers);

#endif
