/* state.c - writes a world's columns to a file and takes them from it, one after the other, with no second copy of
 * the world. */
#include "sim/state.h"

#include "sim/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct sim_binary_form sim_state_form = { "cogov checkpoint", "checkpoint", 1 };

#define LINE_SIZE 256

static size_t
number_of(const struct sim_column *column)
{
    return column->number > 0 ? column->number : column->item;
}

/* What a column is, in a line: two builds whose lines are the same lay it out alike. */
static void
column_line(const struct sim_model *model, const struct sim_column *column, char *line)
{
    snprintf(line, LINE_SIZE, "%s.%s: %s, %zu bytes%s", model->kinds[column->kind].name, column->name,
        column->type, column->item, column->before != 0 ? ", kept" : "");
}

const char *
sim_place_text(const struct sim_model *model, const struct sim_view *place, char *text)
{
    const char *region = model->level_names[SIM_REGION], *block = model->level_names[SIM_BLOCK];
    region = region != NULL ? region : "region";
    block = block != NULL ? block : "block";
    if (place->level == SIM_BLOCK) {
        snprintf(text, SIM_PLACE_SIZE, "%s %" PRIu32 " of %s %" PRIu32, block, place->block + 1, region,
            place->region + 1);
    } else if (place->level == SIM_REGION) {
        snprintf(text, SIM_PLACE_SIZE, "%s %" PRIu32, region, place->region + 1);
    } else {
        const char *world = model->level_names[SIM_WORLD];
        snprintf(text, SIM_PLACE_SIZE, "the %s", world != NULL ? world : "world");
    }
    return text;
}

void
sim_state_tell(const struct sim_binary_reader *reader, const char *path, enum sim_severity severity,
    struct sim_messages *messages)
{
    if (reader->why[0] != '\0') {
        sim_messages_add(messages, severity, (struct sim_where){ path, 0, 0 }, "%s", reader->why);
    }
}

/* Does something with each column, and each copy, of each place, in the order of the file. */
typedef int column_task(void *context, const struct sim_column *column, void *elements, size_t size);

static int
each_column(const struct sim_world *world, column_task *task, void *context)
{
    const struct sim_model *model = world->model;
    int ret = SIM_OK;
    for (uint32_t i = 0; i < world->n_places; i++) {
        const struct sim_view *place = sim_world_place(world, i);
        for (uint32_t c = 0; c < model->n_columns && ret == SIM_OK; c++) {
            const struct sim_column *column = &model->columns[c];
            const unsigned char *agents = place->agents[column->kind];
            void *elements;
            if (agents == NULL) {
                continue;
            }
            size_t size = column->item * place->count[column->kind];
            memcpy(&elements, agents + column->offset, sizeof(elements));
            ret = task(context, column, elements, size);
            if (ret == SIM_OK && column->before != 0) {
                memcpy(&elements, agents + column->before, sizeof(elements));
                ret = task(context, column, elements, size);
            }
        }
    }
    return ret;
}

static int
put_column(void *context, const struct sim_column *column, void *elements, size_t size)
{
    sim_binary_put_numbers(context, elements, size, number_of(column));
    return SIM_OK;
}

static int
get_column(void *context, const struct sim_column *column, void *elements, size_t size)
{
    return sim_binary_get_numbers(context, elements, size, number_of(column));
}

static int
add_size(void *context, const struct sim_column *column, void *elements, size_t size)
{
    uint64_t *sum = context;
    (void) column;
    (void) elements;
    *sum += size;
    return SIM_OK;
}

static void
put_head(
    struct sim_binary_writer *writer, const struct sim_world *world, const struct sim_checkpoint *checkpoint)
{
    const struct sim_model *model = world->model;
    char line[LINE_SIZE];
    sim_binary_put_text(writer, model->name);
    sim_binary_put_u32(writer, model->n_columns);
    for (uint32_t c = 0; c < model->n_columns; c++) {
        column_line(model, &model->columns[c], line);
        sim_binary_put_text(writer, line);
    }
    sim_binary_put_text(writer, checkpoint->spec);
    sim_binary_put_text(writer, checkpoint->build);
    sim_binary_put_u32(writer, checkpoint->cell);
    sim_binary_put_u32(writer, world->key.seed);
    sim_binary_put_u32(writer, world->key.replicate);
    sim_binary_put_u32(writer, world->tick);
    sim_binary_put_u64(writer, checkpoint->n_rows);
    sim_binary_put_u64(writer, checkpoint->n_once);
}

static void
put_shape(struct sim_binary_writer *writer, const struct sim_world *world)
{
    sim_binary_put_u32(writer, world->n_regions);
    for (uint32_t r = 0; r < world->n_regions; r++) {
        sim_binary_put_u32(writer, world->first_block[r + 1] - world->first_block[r]);
    }
    for (uint32_t i = 0; i < world->n_places; i++) {
        const struct sim_view *place = sim_world_place(world, i);
        for (uint32_t k = 0; k < world->model->n_kinds; k++) {
            sim_binary_put_u32(writer, place->agents[k] != NULL ? place->count[k] : 0);
        }
    }
}

int
sim_state_write(const char *path, const struct sim_world *world, const struct sim_checkpoint *checkpoint,
    struct sim_messages *messages)
{
    struct sim_binary_writer writer;
    const double *numbers = checkpoint->numbers;
    int ret = sim_binary_writer_init(&writer, path, &sim_state_form, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    put_head(&writer, world, checkpoint);
    put_shape(&writer, world);
    each_column(world, put_column, &writer);
    if (numbers != NULL) {
        sim_binary_put_numbers(&writer, numbers, checkpoint->n_rows * sizeof(double), sizeof(double));
        sim_binary_put_numbers(&writer, numbers + checkpoint->n_numbers - checkpoint->n_once,
            checkpoint->n_once * sizeof(double), sizeof(double));
    }
    ret = sim_binary_finish(&writer, messages);
    sim_binary_writer_free(&writer);
    return ret;
}

/* A text of limited length into a buffer, which it must fit. */
static int
get_short(struct sim_binary_reader *reader, char *text, size_t size)
{
    uint32_t length;
    int ret = sim_binary_get_u32(reader, &length);
    if (ret == SIM_OK && length >= size) {
        ret = sim_binary_refuse(reader, "is damaged: a text in its head is too long");
    }
    if (ret == SIM_OK) {
        ret = sim_binary_get(reader, text, length);
        text[length] = '\0';
    }
    return ret;
}

static int
check_columns(struct sim_binary_reader *reader, const struct sim_model *model)
{
    char expected[LINE_SIZE], line[LINE_SIZE];
    uint32_t n;
    int ret = sim_binary_get_u32(reader, &n);
    if (ret == SIM_OK && n != model->n_columns) {
        return sim_binary_refuse(reader, "has %" PRIu32 " columns, while model \"%s\" has %" PRIu32 " now", n,
            model->name, model->n_columns);
    }
    for (uint32_t c = 0; ret == SIM_OK && c < n; c++) {
        column_line(model, &model->columns[c], expected);
        ret = get_short(reader, line, sizeof(line));
        if (ret == SIM_OK && strcmp(line, expected) != 0) {
            ret = sim_binary_refuse(
                reader, "has a column \"%.100s\" where the model has \"%.100s\" now", line, expected);
        }
    }
    return ret;
}

int
sim_state_read_head(
    struct sim_binary_reader *reader, const struct sim_model *model, struct sim_state_head *head)
{
    char name[LINE_SIZE];
    int ret = get_short(reader, name, sizeof(name));
    if (ret == SIM_OK && strcmp(name, model->name) != 0) {
        ret = sim_binary_refuse(reader, "is of model \"%.100s\", not of \"%s\"", name, model->name);
    }
    uint32_t *const small[] = { &head->cell, &head->key.seed, &head->key.replicate, &head->tick };
    ret = ret == SIM_OK ? check_columns(reader, model) : ret;
    ret = ret == SIM_OK ? get_short(reader, head->spec, sizeof(head->spec)) : ret;
    ret = ret == SIM_OK ? get_short(reader, head->build, sizeof(head->build)) : ret;
    for (size_t i = 0; ret == SIM_OK && i < SIM_COUNT_OF(small); i++) {
        ret = sim_binary_get_u32(reader, small[i]);
    }
    ret = ret == SIM_OK ? sim_binary_get_u64(reader, &head->n_rows) : ret;
    return ret == SIM_OK ? sim_binary_get_u64(reader, &head->n_once) : ret;
}

static int
check_regions(struct sim_binary_reader *reader, const struct sim_world *world)
{
    char text[SIM_PLACE_SIZE];
    uint32_t n;
    int ret = sim_binary_get_u32(reader, &n);
    if (ret == SIM_OK && n != world->n_regions) {
        const char *name = world->model->level_names[SIM_REGION];
        ret = sim_binary_refuse(reader,
            "is of a world with another number of places: %s%s %" PRIu32 ", here %" PRIu32,
            name != NULL ? name : "region", "s", n, world->n_regions);
    }
    for (uint32_t r = 0; ret == SIM_OK && r < world->n_regions; r++) {
        const struct sim_view *region = sim_world_place(world, 1 + r);
        ret = sim_binary_get_u32(reader, &n);
        if (ret == SIM_OK && n != region->n_below) {
            ret = sim_binary_refuse(reader,
                "is of a world with another number of places: %s has %" PRIu32 " below it, here %" PRIu32,
                sim_place_text(world->model, region, text), n, region->n_below);
        }
    }
    return ret;
}

static int
check_counts(struct sim_binary_reader *reader, const struct sim_world *world, const struct sim_view *place)
{
    char text[SIM_PLACE_SIZE];
    int ret = SIM_OK;
    for (uint32_t k = 0; ret == SIM_OK && k < world->model->n_kinds; k++) {
        uint32_t n, here = place->agents[k] != NULL ? place->count[k] : 0;
        ret = sim_binary_get_u32(reader, &n);
        if (ret == SIM_OK && n != here) {
            ret = sim_binary_refuse(reader,
                "is of a world of another size: %s has %" PRIu32 " of kind \"%s\", here %" PRIu32,
                sim_place_text(world->model, place, text), n, world->model->kinds[k].name, here);
        }
    }
    return ret;
}

int
sim_state_check_shape(
    struct sim_binary_reader *reader, const struct sim_world *world, const struct sim_state_head *head)
{
    uint64_t size = 0, left;
    int ret = check_regions(reader, world);
    for (uint32_t i = 0; ret == SIM_OK && i < world->n_places; i++) {
        ret = check_counts(reader, world, sim_world_place(world, i));
    }
    if (ret != SIM_OK) {
        return ret;
    }
    each_column(world, add_size, &size);
    left = sim_binary_left(reader);
    uint64_t numbers = size <= left ? (left - size) / sizeof(double) : 0;
    if (size > left || (left - size) % sizeof(double) != 0 || head->n_rows > numbers
        || head->n_once != numbers - head->n_rows) {
        return sim_binary_refuse(reader, "is damaged: its columns and numbers do not take the bytes it has");
    }
    return SIM_OK;
}

int
sim_state_read_columns(
    struct sim_binary_reader *reader, struct sim_world *world, const struct sim_state_head *head)
{
    int ret = each_column(world, get_column, reader);
    if (ret == SIM_OK) {
        sim_world_resume(world, head->tick);
    }
    return ret;
}
