/* states_save.c - each cell keeps its last state in a file of its own; one file joins them. */
#include "sim/states.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment.h"
#include "sim/provenance.h"
#include "sim/state.h"
#include "sim/states_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static char *
state_path(const char *folder, uint32_t cell)
{
    return sim_print_text("%s/%" PRIu32 ".state", folder, cell);
}

int
sim_states_can_save(const struct sim_experiment *experiment, struct sim_messages *messages)
{
    if (experiment->n_points == 1) {
        return SIM_OK;
    }
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ "--save-state", 0, 0 },
        "states are saved of one design point, but this experiment has %" PRIu32 "; run one scenario without "
        "a design",
        experiment->n_points);
    return SIM_ERR_INPUT;
}

int
sim_states_keep(const char *folder, const struct sim_experiment *experiment, const struct sim_world *world,
    uint32_t cell, struct sim_messages *messages)
{
    char build[SIM_STATE_DIGEST];
    sim_provenance_digest(build);
    struct sim_checkpoint checkpoint = { .spec = experiment->digest, .build = build, .cell = cell };
    char *path = state_path(folder, cell);
    int ret = path != NULL ? sim_state_write(path, world, &checkpoint, messages) : SIM_ERR_MEMORY;
    sim_free(path);
    return ret;
}

/* Opens the state of a cell if it is whole and this experiment's. Then, or if the reason is known, the reader is to be
 * freed. */
static int
open_state(struct sim_binary_reader *reader, const char *path, const struct sim_experiment *experiment,
    uint32_t cell, struct sim_state_head *head)
{
    char build[SIM_STATE_DIGEST];
    sim_provenance_digest(build);
    int ret = sim_binary_reader_init(reader, path, &sim_state_form, 0, 0);
    ret = ret == SIM_OK ? sim_state_read_head(reader, experiment->model, head) : ret;
    if (ret == SIM_OK
        && (strcmp(head->spec, experiment->digest) != 0 || strcmp(head->build, build) != 0
            || head->cell != cell || head->tick != experiment->n_ticks)) {
        ret = sim_binary_refuse(reader, "is of another experiment or build");
    }
    return ret;
}

int
sim_states_has(const char *folder, const struct sim_experiment *experiment, uint32_t cell)
{
    struct sim_binary_reader reader;
    struct sim_state_head head;
    char *path = state_path(folder, cell);
    int ret = path != NULL ? open_state(&reader, path, experiment, cell, &head) : SIM_ERR_MEMORY;
    if (path != NULL) {
        sim_binary_reader_free(&reader);
    }
    sim_free(path);
    return ret == SIM_OK;
}

/* What stands before the states: model, scenario, values, tick, and how large each of them is. */
static int
put_contents(struct sim_binary_writer *writer, const struct sim_experiment *experiment,
    const struct sim_state_part *list, uint32_t count)
{
    struct sim_point point;
    int ret = sim_point_init(&point, experiment, 0);
    char *once = ret == SIM_OK ? sim_states_once(experiment->model, &point.setting) : NULL;
    if (once != NULL) {
        sim_binary_put_text(writer, experiment->model->name);
        sim_binary_put_text(writer, sim_experiment_base(experiment, 0)->resolved);
        sim_binary_put_text(writer, once);
        sim_binary_put_u32(writer, experiment->n_ticks);
        sim_binary_put_u32(writer, count);
        for (uint32_t i = 0; i < count; i++) {
            sim_binary_put_u64(writer, list[i].size);
            sim_binary_put_u32(writer, list[i].key.seed);
            sim_binary_put_u32(writer, list[i].key.replicate);
        }
    }
    sim_free(once);
    sim_point_free(&point);
    return once != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* Does what is asked for with the state of each replicate. */
typedef int part_task(void *context, struct sim_binary_reader *reader, const struct sim_state_head *head,
    struct sim_state_part *part);

static int
each_state(const char *folder, const struct sim_experiment *experiment, struct sim_state_part *list,
    uint32_t count, part_task *task, void *context, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (uint32_t cell = 0; ret == SIM_OK && cell < count; cell++) {
        struct sim_binary_reader reader;
        struct sim_state_head head;
        char *path = state_path(folder, cell);
        if (path == NULL) {
            return SIM_ERR_MEMORY;
        }
        ret = open_state(&reader, path, experiment, cell, &head);
        ret = ret == SIM_OK ? task(context, &reader, &head, &list[cell]) : ret;
        if (ret == SIM_ERR_INPUT || ret == SIM_ERR_FILE) {
            sim_messages_add(messages, SIM_ERROR, (struct sim_where){ path, 0, 0 },
                "the state of replicate %" PRIu32 " cannot be saved: it %s", cell,
                reader.why[0] != '\0' ? reader.why : "is not there; did its run fail?");
            ret = SIM_ERR_FILE;
        }
        sim_binary_reader_free(&reader);
        sim_free(path);
    }
    return ret;
}

static int
measure_part(void *context, struct sim_binary_reader *reader, const struct sim_state_head *head,
    struct sim_state_part *part)
{
    (void) context;
    *part = (struct sim_state_part){ .size = reader->size, .key = head->key };
    return SIM_OK;
}

/* The whole of a state's file, its own head and checksum with it. */
static int
copy_part(void *context, struct sim_binary_reader *reader, const struct sim_state_head *head,
    struct sim_state_part *part)
{
    (void) head;
    if (reader->size != part->size) {
        return sim_binary_refuse(reader, "has changed meanwhile");
    }
    return sim_binary_copy(context, reader);
}

int
sim_states_join(const char *path, const char *folder, const struct sim_experiment *experiment, uint32_t count,
    struct sim_messages *messages)
{
    struct sim_binary_writer writer = { .buffer = NULL };
    struct sim_state_part *list = sim_alloc(count, sizeof(*list));
    int ret = list != NULL ? each_state(folder, experiment, list, count, measure_part, NULL, messages)
                           : SIM_ERR_MEMORY;
    ret = ret == SIM_OK ? sim_binary_writer_init(&writer, path, &sim_states_form, messages) : ret;
    if (ret == SIM_OK) {
        ret = put_contents(&writer, experiment, list, count);
        ret = ret == SIM_OK ? each_state(folder, experiment, list, count, copy_part, &writer, messages) : ret;
        ret = ret == SIM_OK ? sim_binary_finish(&writer, messages) : ret;
    }
    sim_binary_writer_free(&writer);
    sim_free(list);
    return ret;
}
