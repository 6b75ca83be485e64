/* checkpoint.h - the state of a world in a file, so that a run can go on where it was.
 *
 * A file holds, all little-endian: a magic text with the version of the form; a head that names the model, its
 * columns and their types, the tick, how many agents of each kind live at each place, the experiment, the build and
 * the cell; the columns, place by place; the numbers recorded so far; and an xxh3 checksum of 128 bits of all that.
 * It is written whole or not at all (publish.h). What a world computes from its parameters and its key alone, such
 * as its network, is not in it.
 */
#ifndef SIM_CHECKPOINT_H
#define SIM_CHECKPOINT_H

#include "sim/message.h"
#include "sim/world.h"

/* Whose state it is. */
struct sim_checkpoint {
    const char *spec;  /* digest of the experiment */
    const char *build; /* digest of the program */
    uint32_t cell;
    double *numbers; /* what the cell has recorded; those of later ticks are not yet set */
    uint64_t n_numbers;
};

/* SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_checkpoint_write(const char *path, const struct sim_world *world,
    const struct sim_checkpoint *checkpoint, struct sim_messages *messages);

/* Sets a world that was built with the same parameters and key, and the numbers, to what the file holds.
 * SIM_ERR_FILE if there is no such file; SIM_ERR_INPUT, with the reason in a message, if it is of another version,
 * experiment, build, cell or shape, or damaged: then the world and the numbers are as they were. SIM_ERR_MEMORY. */
int sim_checkpoint_read(const char *path, struct sim_world *world, struct sim_checkpoint *checkpoint,
    struct sim_messages *messages);

/* The two generations of a cell's checkpoint in a folder, FOLDER/CELL.0.checkpoint and FOLDER/CELL.1.checkpoint:
 * save replaces the older one (or a damaged one), load takes the newer one that is whole, remove both.
 * load: SIM_ERR_FILE if there is none; what is refused is a message (a warning). */
int sim_checkpoints_save(const char *folder, const struct sim_world *world,
    const struct sim_checkpoint *checkpoint, struct sim_messages *messages);
int sim_checkpoints_load(const char *folder, struct sim_world *world, struct sim_checkpoint *checkpoint,
    struct sim_messages *messages);
void sim_checkpoints_remove(const char *folder, uint32_t cell);

#endif
