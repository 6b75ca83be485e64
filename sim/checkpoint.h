/* checkpoint.h - the state of a world in a file, so that a run can go on where it was.
 *
 * A file holds, all little-endian: a magic text with the version of the form; a head that names the model, its
 * columns and their types, the tick, how many agents of each kind live at each place, the experiment, the build and
 * the cell; the columns, place by place; the numbers recorded so far; and an xxh3 checksum of 128 bits of all that.
 * It is written whole or not at all (publish.h). What a world computes from its parameters and its key alone, such
 * as its network, is not in it. sim/state.h has the form.
 */
#ifndef SIM_CHECKPOINT_H
#define SIM_CHECKPOINT_H

#include "sim/message.h"
#include "sim/world.h"

/* Whose state it is, and what was recorded until then. */
struct sim_checkpoint {
    const char *spec;  /* digest of the experiment */
    const char *build; /* digest of the program */
    uint32_t cell;
    uint32_t n_ticks; /* of the run: a state of a later tick is refused */
    double *numbers;  /* what the cell records: its rows, then what does not change */
    uint64_t n_numbers;
    uint64_t n_once; /* of them, those after the last row */
    uint64_t
        n_rows; /* numbers in rows of ticks so far; set by reading. Those between are neither written nor read */
};

/* SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_checkpoint_write(const char *path, const struct sim_world *world,
    const struct sim_checkpoint *checkpoint, struct sim_messages *messages);

/* Sets a world that was built with the same parameters and key, and the numbers, to what the file holds.
 * SIM_ERR_FILE, without a message, if there is no such file; SIM_ERR_INPUT, with the reason in a message, if it is of
 * another version, model, experiment, build, cell or shape, or damaged: then the world and the numbers are as they
 * were. SIM_ERR_MEMORY. SIM_ERR_STATE, with a message, if the disk fails half-way: the world has to be built anew. */
int sim_checkpoint_read(const char *path, struct sim_world *world, struct sim_checkpoint *checkpoint,
    struct sim_messages *messages);

/* The two generations of a cell's checkpoint in a folder, FOLDER/CELL.0.checkpoint and FOLDER/CELL.1.checkpoint:
 * save replaces the older one (or one that would be refused), load takes the newer one that is not refused, remove
 * both. The folder must be there. save returns what sim_checkpoint_write does. load: SIM_ERR_FILE if there is none that
 * can be taken, and the world is as it was; what is refused is a message (a warning); SIM_ERR_STATE as above. */
int sim_checkpoints_save(const char *folder, const struct sim_world *world,
    const struct sim_checkpoint *checkpoint, struct sim_messages *messages);
int sim_checkpoints_load(const char *folder, struct sim_world *world, struct sim_checkpoint *checkpoint,
    struct sim_messages *messages);
void sim_checkpoints_remove(const char *folder, uint32_t cell);

/* The cell of a file's name, and which of the generations, 0 or 1, it is; -1 if it is no checkpoint's name. */
int64_t sim_checkpoints_cell(const char *name, int *generation);

#endif
