/* checkpoint.c - whether a state is this cell's, and the two generations of it. */
#include "sim/checkpoint.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GENERATIONS = 2 };

int
sim_checkpoint_write(const char *path, const struct sim_world *world, const struct sim_checkpoint *checkpoint,
    struct sim_messages *messages)
{
    return sim_state_write(path, world, checkpoint, messages);
}

/* Whether a state that is whole is of this experiment, build, cell and run. */
static int
check_owner(struct sim_binary_reader *reader, const struct sim_state_head *head,
    const struct sim_world *world, const struct sim_checkpoint *checkpoint)
{
    if (strcmp(head->spec, checkpoint->spec) != 0) {
        return sim_binary_refuse(reader, "is of another experiment");
    }
    if (strcmp(head->build, checkpoint->build) != 0) {
        return sim_binary_refuse(reader, "was written by another build of the program");
    }
    if (head->cell != checkpoint->cell) {
        return sim_binary_refuse(
            reader, "is of cell %" PRIu32 ", not of cell %" PRIu32, head->cell, checkpoint->cell);
    }
    if (head->key.seed != world->key.seed || head->key.replicate != world->key.replicate) {
        return sim_binary_refuse(reader,
            "is of seed %" PRIu32 ", replicate %" PRIu32 ", not of seed %" PRIu32 ", replicate %" PRIu32,
            head->key.seed, head->key.replicate, world->key.seed, world->key.replicate);
    }
    if (head->tick > checkpoint->n_ticks) {
        return sim_binary_refuse(reader, "is of tick %" PRIu32 ", while the run has only %" PRIu32,
            head->tick, checkpoint->n_ticks);
    }
    if (head->n_once != checkpoint->n_once || head->n_rows > checkpoint->n_numbers - checkpoint->n_once) {
        return sim_binary_refuse(reader, "has %" PRIu64 " recorded numbers, while a whole run has %" PRIu64,
            head->n_rows + head->n_once, checkpoint->n_numbers);
    }
    return SIM_OK;
}

/* Opens a checkpoint and looks at all of it but what its columns and numbers say: what passes can be taken. */
static int
examine(struct sim_binary_reader *reader, const char *path, const struct sim_world *world,
    const struct sim_checkpoint *checkpoint, struct sim_state_head *head)
{
    int ret = sim_binary_reader_init(reader, path, &sim_state_form, 0, 0);
    ret = ret == SIM_OK ? sim_state_read_head(reader, world->model, head) : ret;
    ret = ret == SIM_OK ? check_owner(reader, head, world, checkpoint) : ret;
    return ret == SIM_OK ? sim_state_check_shape(reader, world, head) : ret;
}

static int
take(struct sim_binary_reader *reader, const struct sim_state_head *head, struct sim_world *world,
    struct sim_checkpoint *checkpoint)
{
    double *once = checkpoint->numbers + checkpoint->n_numbers - checkpoint->n_once;
    int ret = sim_state_read_columns(reader, world, head);
    if (ret == SIM_OK) {
        ret = sim_binary_get_numbers(
            reader, checkpoint->numbers, head->n_rows * sizeof(double), sizeof(double));
    }
    if (ret == SIM_OK) {
        ret = sim_binary_get_numbers(reader, once, head->n_once * sizeof(double), sizeof(double));
    }
    checkpoint->n_rows = head->n_rows;
    return ret;
}

static int
read_one(const char *path, struct sim_world *world, struct sim_checkpoint *checkpoint,
    enum sim_severity severity, struct sim_messages *messages)
{
    struct sim_binary_reader reader;
    struct sim_state_head head;
    int ret = examine(&reader, path, world, checkpoint, &head);
    if (ret == SIM_OK && take(&reader, &head, world, checkpoint) != SIM_OK) {
        ret = SIM_ERR_STATE;
    }
    sim_state_tell(&reader, path, severity, messages);
    sim_binary_reader_free(&reader);
    return ret;
}

int
sim_checkpoint_read(const char *path, struct sim_world *world, struct sim_checkpoint *checkpoint,
    struct sim_messages *messages)
{
    return read_one(path, world, checkpoint, SIM_ERROR, messages);
}

static char *
generation_path(const char *folder, uint32_t cell, int generation)
{
    return sim_print_text("%s/%" PRIu32 ".%d.checkpoint", folder, cell, generation);
}

/* The tick of one that can be taken; -1 if it cannot, or is not there. */
static int64_t
tick_of(const char *path, const struct sim_world *world, const struct sim_checkpoint *checkpoint,
    struct sim_messages *messages)
{
    struct sim_binary_reader reader;
    struct sim_state_head head;
    int ret = examine(&reader, path, world, checkpoint, &head);
    sim_state_tell(&reader, path, SIM_WARNING, messages);
    sim_binary_reader_free(&reader);
    return ret == SIM_OK ? (int64_t) head.tick : -1;
}

struct generation {
    char *path;
    int64_t tick; /* -1: it cannot be taken */
};

/* Both, the one to be taken first. SIM_ERR_MEMORY; then too they are to be freed. */
static int
generations_init(struct generation list[GENERATIONS], const char *folder, const struct sim_world *world,
    const struct sim_checkpoint *checkpoint, struct sim_messages *messages)
{
    for (int g = 0; g < GENERATIONS; g++) {
        list[g].path = generation_path(folder, checkpoint->cell, g);
        list[g].tick = list[g].path != NULL ? tick_of(list[g].path, world, checkpoint, messages) : -1;
    }
    if (list[0].tick < list[1].tick) {
        struct generation newer = list[1];
        list[1] = list[0];
        list[0] = newer;
    }
    return list[0].path != NULL && list[1].path != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

static void
generations_free(struct generation list[GENERATIONS])
{
    for (int g = 0; g < GENERATIONS; g++) {
        sim_free(list[g].path);
    }
}

int
sim_checkpoints_save(const char *folder, const struct sim_world *world,
    const struct sim_checkpoint *checkpoint, struct sim_messages *messages)
{
    struct generation list[GENERATIONS];
    int ret = generations_init(list, folder, world, checkpoint, NULL);
    if (ret == SIM_OK) {
        ret = sim_checkpoint_write(list[GENERATIONS - 1].path, world, checkpoint, messages);
    }
    generations_free(list);
    return ret;
}

int
sim_checkpoints_load(const char *folder, struct sim_world *world, struct sim_checkpoint *checkpoint,
    struct sim_messages *messages)
{
    struct generation list[GENERATIONS];
    int spoiled = 0;
    int ret = generations_init(list, folder, world, checkpoint, messages);
    int taken = ret == SIM_OK ? SIM_ERR_FILE : ret;
    for (int g = 0; ret == SIM_OK && taken != SIM_OK && g < GENERATIONS && list[g].tick >= 0; g++) {
        taken = read_one(list[g].path, world, checkpoint, SIM_WARNING, messages);
        spoiled |= taken == SIM_ERR_STATE;
    }
    generations_free(list);
    return taken == SIM_OK || taken == SIM_ERR_MEMORY ? taken : spoiled ? SIM_ERR_STATE : SIM_ERR_FILE;
}

void
sim_checkpoints_remove(const char *folder, uint32_t cell)
{
    for (int g = 0; g < GENERATIONS; g++) {
        char *path = generation_path(folder, cell, g);
        if (path != NULL) {
            unlink(path);
        }
        sim_free(path);
    }
}

int64_t
sim_checkpoints_cell(const char *name, int *generation)
{
    char *end;
    if (strspn(name, "0123456789") == 0) { /* a sign or a blank, which strtoull would take */
        return -1;
    }
    unsigned long long cell = strtoull(name, &end, 10);
    for (*generation = 0; *generation < GENERATIONS; ++*generation) {
        char rest[32];
        snprintf(rest, sizeof(rest), ".%d.checkpoint", *generation);
        if (cell <= UINT32_MAX && strcmp(end, rest) == 0) {
            return (int64_t) cell;
        }
    }
    return -1;
}
