/* states.h - the last states of the replicates of a scenario in one file, for runs that start from them: one burn-in,
 * many branches.
 *
 * Replicate r of a run that starts from such a file begins with state r, at its tick; if there is one state only, all
 * begin with it. Sizes and networks are those of the state; what is drawn from then on is drawn by the seed and the
 * replicate of the run. So the branch of the same scenario with the same seed is the run that made the state, gone on
 * with, and another seed gives another future of the same past.
 *
 * The file is a binary file (binary_file.h): the model, the resolved scenario, the values that were read at the start
 * only, the tick, then each state as a file of its own (state.h). It does not matter which build wrote it.
 */
#ifndef SIM_STATES_H
#define SIM_STATES_H

#include "sim/message.h"
#include "sim/random.h"
#include "sim/setting.h"

#include <stddef.h>
#include <stdint.h>

struct sim_experiment;
struct sim_world;

/* Where a state stands in the file, and what its world was drawn by. */
struct sim_state_part {
    uint64_t first, size; /* bytes */
    struct sim_key key;
};

/* A file of states; count 0: none, a run starts at the beginning. */
struct sim_states {
    char *path;
    char checksum[33]; /* of the whole file */
    char *model;       /* name */
    char *resolved;    /* the scenario that it is of */
    char *once;        /* values read at the start only: lines "PLACE KEY: VALUE" */
    uint32_t tick;     /* that the states are of */
    uint32_t count;
    struct sim_state_part *list;
};

/* Starting from states */

/* The path of a states file as it is named in the file `from`, or on the command line (NULL). NULL without memory. */
char *sim_states_path(const char *name, const char *from);

/* Reads all but the states, and checks the whole file. Faults are messages at `where`. SIM_ERR_INPUT, SIM_ERR_MEMORY.
 * May always be freed. */
int sim_states_init(
    struct sim_states *states, const char *path, struct sim_where where, struct sim_messages *messages);
void sim_states_free(struct sim_states *states);

/* Whether an experiment, of which all but its digest is known, can start from its states: it is of the same model,
 * there are as many as replicates, and every design point has the values that were read at the start. Faults are
 * messages at `where`; returns SIM_ERR_INPUT, SIM_ERR_MEMORY. */
int sim_states_check(
    const struct sim_experiment *experiment, struct sim_where where, struct sim_messages *messages);

/* A world of an experiment at its beginning: set up, and where the experiment starts from states, in its state, with
 * world->tick == experiment->first_tick. setting: of the design point. SIM_ERR_MEMORY; SIM_ERR_INPUT, with the reason in
 * why, if the state does not fit the world (a place has another size): the cell has failed; SIM_ERR_FILE, with the
 * reason, if the file has changed or cannot be read. The world may always be freed. */
int sim_states_world(struct sim_world *world, const struct sim_experiment *experiment,
    const struct sim_setting *setting, uint32_t replicate, int threads, char *why, size_t size);

/* Saving states: each finished cell keeps its own in a folder, FOLDER/CELL.state, whatever process runs it; when all
 * are done, they are joined. */

/* Whether the states of an experiment can be saved: it has one design point. SIM_ERR_INPUT with a message. */
int sim_states_can_save(const struct sim_experiment *experiment, struct sim_messages *messages);

/* Keeps the state of a cell that has finished well. To be called before it counts as done. SIM_ERR_FILE with a message,
 * SIM_ERR_MEMORY. */
int sim_states_keep(const char *folder, const struct sim_experiment *experiment,
    const struct sim_world *world, uint32_t cell, struct sim_messages *messages);

/* Nonzero if the state of a cell of this experiment and build is there and whole. A cell without has to run again. */
int sim_states_has(const char *folder, const struct sim_experiment *experiment, uint32_t cell);

/* Writes the states of the first `count` replicates to one file. SIM_ERR_FILE with a message that names the replicate
 * if one is missing (it failed) or damaged, or nothing can be written; SIM_ERR_MEMORY. */
int sim_states_join(const char *path, const char *folder, const struct sim_experiment *experiment,
    uint32_t count, struct sim_messages *messages);

#endif
