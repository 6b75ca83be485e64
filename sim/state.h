/* state.h - the form of a state in a file: all that a world is at the end of a tick and could not compute from its
 * parameters and its key. Inside the library only; checkpoint.h and states.h are what others use.
 *
 *     head      model, its columns and their types; digests of experiment and build; cell, seed, replicate, tick;
 *               how many numbers are recorded
 *     shape     regions, blocks of each, agents of each kind at each place
 *     columns   place by place, each column, then its copy from the start of the tick if it has one
 *     numbers   of the rows recorded so far, then those after the last row
 */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include "sim/binary_file.h"
#include "sim/checkpoint.h"

extern const struct sim_binary_form sim_state_form;

#define SIM_STATE_DIGEST 64 /* bytes enough for a digest and its end */

struct sim_state_head {
    char spec[SIM_STATE_DIGEST], build[SIM_STATE_DIGEST];
    uint32_t cell, tick;
    struct sim_key key;
    uint64_t n_rows, n_once; /* numbers */
};

/* SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_state_write(const char *path, const struct sim_world *world, const struct sim_checkpoint *checkpoint,
    struct sim_messages *messages);

/* The parts in their order; each refuses what is not the model's or the world's, with the reason in the reader.
 * SIM_ERR_INPUT, SIM_ERR_FILE, SIM_ERR_MEMORY. The first two change nothing. */
int sim_state_read_head(
    struct sim_binary_reader *reader, const struct sim_model *model, struct sim_state_head *head);
int sim_state_check_shape(
    struct sim_binary_reader *reader, const struct sim_world *world, const struct sim_state_head *head);
int sim_state_read_columns(
    struct sim_binary_reader *reader, struct sim_world *world, const struct sim_state_head *head);

/* What a place of a world is called in a message: "community 3 of street 2", counted from 1. */
#define SIM_PLACE_SIZE 128
const char *sim_place_text(const struct sim_model *model, const struct sim_view *place, char *text);

/* Adds the reader's reason, if it has one, as a message about the file. */
void sim_state_tell(const struct sim_binary_reader *reader, const char *path, enum sim_severity severity,
    struct sim_messages *messages);

#endif
