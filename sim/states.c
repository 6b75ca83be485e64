/* states.c - opens a file of states, tells whether a run can start from it, and puts worlds into its states. */
#include "sim/states.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment.h"
#include "sim/state.h"
#include "sim/states_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct sim_binary_form sim_states_form = { "cogov states\n\n\n\n", "file of states", 1 };

char *
sim_states_path(const char *name, const char *from)
{
    const char *slash = from != NULL && name[0] != '/' ? strrchr(from, '/') : NULL;
    return slash != NULL ? sim_print_text("%.*s/%s", (int) (slash - from), from, name) : sim_copy_text(name);
}

static void
print_once(FILE *out, const struct sim_model *model, uint32_t place, const void *params)
{
    for (size_t f = 0; params != NULL && f < model->fields.count; f++) {
        char key[SIM_KEY_SIZE], value[SIM_VALUE_SIZE];
        if (model->fields.list[f].once) {
            sim_field_key(&model->fields.list[f], key);
            sim_field_print(&model->fields.list[f], params, value);
            fprintf(out, "%" PRIu32 " %s: %s\n", place, key, value);
        }
    }
}

char *
sim_states_once(const struct sim_model *model, const struct sim_setting *setting)
{
    const struct sim_era *start = &setting->eras[0];
    uint32_t n_places =
        setting->first_block != NULL ? 1 + setting->n_regions + setting->first_block[setting->n_regions] : 1;
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    if (out == NULL) {
        return NULL;
    }
    print_once(out, model, 0, start->params);
    for (uint32_t i = 1; start->own != NULL && i < n_places; i++) {
        print_once(out, model, i, start->own[i]);
    }
    char *copy = fclose(out) == 0 ? sim_copy_text(buffer) : NULL;
    free(buffer);
    return copy;
}

/* Where each state stands; they take all that is left, and nothing else does. */
static int
get_parts(struct sim_binary_reader *reader, struct sim_states *states)
{
    uint32_t count;
    int ret = sim_binary_get_u32(reader, &count);
    if (ret == SIM_OK && (count == 0 || count > sim_binary_left(reader))) {
        return sim_binary_refuse(reader, "is damaged: it cannot hold %" PRIu32 " states", count);
    }
    states->list = ret == SIM_OK ? sim_alloc(count, sizeof(*states->list)) : NULL;
    if (states->list == NULL) {
        return ret == SIM_OK ? SIM_ERR_MEMORY : ret;
    }
    for (uint32_t i = 0; ret == SIM_OK && i < count; i++) {
        struct sim_state_part *part = &states->list[i];
        ret = sim_binary_get_u64(reader, &part->size);
        ret = ret == SIM_OK ? sim_binary_get_u32(reader, &part->key.seed) : ret;
        ret = ret == SIM_OK ? sim_binary_get_u32(reader, &part->key.replicate) : ret;
    }
    uint64_t left = sim_binary_left(reader), at = reader->at;
    for (uint32_t i = 0; ret == SIM_OK && i < count; i++) {
        if (states->list[i].size > left || states->list[i].size < SIM_BINARY_LEAST) {
            return sim_binary_refuse(reader, "is damaged: its states do not take the bytes it has");
        }
        states->list[i].first = at;
        at += states->list[i].size;
        left -= states->list[i].size;
    }
    if (ret == SIM_OK && left != 0) {
        return sim_binary_refuse(reader, "is damaged: its states do not take the bytes it has");
    }
    states->count = ret == SIM_OK ? count : 0;
    return ret;
}

int
sim_states_init(
    struct sim_states *states, const char *path, struct sim_where where, struct sim_messages *messages)
{
    struct sim_binary_reader reader;
    memset(states, 0, sizeof(*states));
    states->path = sim_copy_text(path);
    int ret = sim_binary_reader_init(&reader, path, &sim_states_form, 0, 0);
    ret = ret == SIM_OK ? sim_binary_get_text(&reader, &states->model) : ret;
    ret = ret == SIM_OK ? sim_binary_get_text(&reader, &states->resolved) : ret;
    ret = ret == SIM_OK ? sim_binary_get_text(&reader, &states->once) : ret;
    ret = ret == SIM_OK ? sim_binary_get_u32(&reader, &states->tick) : ret;
    ret = ret == SIM_OK ? get_parts(&reader, states) : ret;
    ret = states->path == NULL ? SIM_ERR_MEMORY : ret;
    memcpy(states->checksum, reader.checksum, sizeof(states->checksum));
    if (ret == SIM_ERR_INPUT || ret == SIM_ERR_FILE) {
        sim_messages_add(messages, SIM_ERROR, where, "start_from: %s %s", path,
            reader.why[0] != '\0' ? reader.why : "does not exist; --save-state makes such a file");
        ret = SIM_ERR_INPUT;
    }
    sim_binary_reader_free(&reader);
    if (ret != SIM_OK) {
        sim_states_free(states);
    }
    return ret;
}

void
sim_states_free(struct sim_states *states)
{
    sim_free(states->path);
    sim_free(states->model);
    sim_free(states->resolved);
    sim_free(states->once);
    sim_free(states->list);
    memset(states, 0, sizeof(*states));
}

/* A line of the values read at the start only, in its parts. */
struct once_line {
    unsigned place;
    char key[SIM_KEY_SIZE], value[SIM_VALUE_SIZE];
};

static int
parse_line(const char *text, struct once_line *line)
{
    _Static_assert(SIM_KEY_SIZE == 128 && SIM_VALUE_SIZE == 128, "the widths below are theirs");
    return sscanf(text, "%u %127[^:]: %127[^\n]", &line->place, line->key, line->value) == 3;
}

/* The first lines in which two texts differ; an end is an empty line. */
static int
find_difference(const char *was, const char *is, const char **line_was, const char **line_is)
{
    while (*was != '\0' || *is != '\0') {
        size_t a = strcspn(was, "\n"), b = strcspn(is, "\n");
        if (a != b || memcmp(was, is, a) != 0) {
            *line_was = was;
            *line_is = is;
            return 1;
        }
        was += a + (was[a] != '\0');
        is += b + (is[b] != '\0');
    }
    return 0;
}

/* Of which place a line of a table speaks, counted from 1: " of the 3rd place". */
static void
tell_difference(const struct sim_experiment *experiment, uint32_t point, const char *was, const char *is,
    struct sim_where where, struct sim_messages *messages)
{
    struct once_line old, new;
    char place[64] = "";
    const char *stem = sim_experiment_base(experiment, point)->stem;
    if (!parse_line(was, &old) || !parse_line(is, &new) || old.place != new.place
        || strcmp(old.key, new.key) != 0) {
        sim_messages_add(messages, SIM_ERROR, where,
            "start_from: %s was saved with another table of places, or another version of the model, than \"%s\" "
            "has",
            experiment->states.path, stem);
        return;
    }
    if (old.place > 0) {
        snprintf(place, sizeof(place), " (place %u of the table)", old.place);
    }
    sim_messages_add(messages, SIM_ERROR, where,
        "start_from: %s was saved with %s %s, but \"%s\" has %s%s; it is read at the start only, so that a branch "
        "cannot change it",
        experiment->states.path, old.key, old.value, stem, new.value, place);
}

/* The values read at the start, of each design point; the first that differs is enough. */
static int
check_values(const struct sim_experiment *experiment, struct sim_where where, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (uint32_t p = 0; ret == SIM_OK && p < experiment->n_points; p++) {
        struct sim_point point;
        const char *was, *is;
        ret = sim_point_init(&point, experiment, p);
        char *once = ret == SIM_OK ? sim_states_once(experiment->model, &point.setting) : NULL;
        if (once == NULL) {
            ret = SIM_ERR_MEMORY;
        } else if (find_difference(experiment->states.once, once, &was, &is)) {
            tell_difference(experiment, p, was, is, where, messages);
            ret = SIM_ERR_INPUT;
        }
        sim_free(once);
        sim_point_free(&point);
    }
    return ret;
}

int
sim_states_check(
    const struct sim_experiment *experiment, struct sim_where where, struct sim_messages *messages)
{
    const struct sim_states *states = &experiment->states;
    if (strcmp(states->model, experiment->model->name) != 0) {
        sim_messages_add(messages, SIM_ERROR, where, "start_from: %s is of model \"%s\", not of \"%s\"",
            states->path, states->model, experiment->model->name);
        return SIM_ERR_INPUT;
    }
    if (states->count > 1 && experiment->n_replicates > states->count) {
        sim_messages_add(messages, SIM_ERROR, where,
            "start_from: %s holds %" PRIu32 " replicates, but %" PRIu32 " are to be run; run at most %" PRIu32
            ", or save as many",
            states->path, states->count, experiment->n_replicates, states->count);
        return SIM_ERR_INPUT;
    }
    return check_values(experiment, where, messages);
}

/* Puts a world that was built as the state's was into the state. */
static int
load_state(struct sim_world *world, const struct sim_states *states, const struct sim_state_part *part,
    char *why, size_t size)
{
    struct sim_binary_reader reader;
    struct sim_state_head head;
    int ret = sim_binary_reader_init(&reader, states->path, &sim_state_form, part->first, part->size);
    int changed = ret == SIM_ERR_INPUT || ret == SIM_ERR_FILE;
    ret = ret == SIM_OK ? sim_state_read_head(&reader, world->model, &head) : ret;
    ret = ret == SIM_OK ? sim_state_check_shape(&reader, world, &head) : ret;
    if (ret == SIM_OK && head.tick != states->tick) {
        ret = sim_binary_refuse(&reader, "is of tick %" PRIu32, head.tick);
    }
    ret = ret == SIM_OK ? sim_state_read_columns(&reader, world, &head) : ret;
    if (ret == SIM_ERR_INPUT || ret == SIM_ERR_FILE) {
        ret = changed ? SIM_ERR_FILE : ret;
        snprintf(why, size, "the state in %s %s", states->path,
            reader.why[0] != '\0' ? reader.why : "is not there any more");
    }
    sim_binary_reader_free(&reader);
    return ret;
}

int
sim_states_world(struct sim_world *world, const struct sim_experiment *experiment,
    const struct sim_setting *setting, uint32_t replicate, int threads, char *why, size_t size)
{
    const struct sim_states *states = &experiment->states;
    const struct sim_key key = { experiment->seed, replicate };
    if (states->count == 0) {
        return sim_world_init_setting(world, experiment->model, setting, key, threads);
    }
    const struct sim_state_part *part = &states->list[states->count > 1 ? replicate : 0];
    int ret = sim_world_init_setting(world, experiment->model, setting, part->key, threads);
    ret = ret == SIM_OK ? load_state(world, states, part, why, size) : ret;
    world->key = key;
    return ret;
}
