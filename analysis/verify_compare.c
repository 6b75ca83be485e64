/* verify_compare.c - the numbers of a cell against the variables of a results file, as sink_hdf5.c and sink_record.c
 * write them: reals as they are, integers with 0, or -1 for who an agent is, where there is no number.
 */
#include "analysis/verify.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment.h"
#include "sim/world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A variable, as far as it holds one cell: `months` runs of `width` numbers. */
struct column {
    char name[128];
    int is_integer;
    double missing; /* of integers */
    uint64_t first, stride, width;
    uint32_t months;                           /* 0: what does not change with them, one run */
    const struct sim_observation *observation; /* NULL: of agents */
    uint32_t places;                           /* 0: of the whole world, or of agents */
};

struct comparison {
    const struct verify_sheet *sheet;
    const double *numbers;
    struct verify_cell *cell;
    struct sim_messages *messages;
};

/* The number as the file has it. */
static double
as_written(const struct column *column, double number)
{
    if (!column->is_integer) {
        return number;
    }
    return fabs(number) < 0x1p63 ? (double) (int64_t) number : column->missing; /* of NaN too */
}

static int
are_equal(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof(a)) == 0;
}

/* Which label, place or agent the at-th number of a month is. */
static void
print_label(const struct comparison *comparison, const struct column *column, uint64_t at)
{
    const struct sim_model *model = comparison->sheet->model;
    char *text = comparison->cell->label, place[48] = "";
    const size_t size = sizeof(comparison->cell->label);
    if (column->observation == NULL) {
        snprintf(text, size, "agent %" PRIu64 " of the sample", at);
        return;
    }
    int dimension = column->observation->dimension;
    uint64_t label = column->places > 0 ? at / column->places : at;
    if (column->places > 0) {
        snprintf(place, sizeof(place), "place %" PRIu64, at % column->places);
    }
    const char *name = dimension >= 0 ? model->dimensions[dimension].labels[label] : "";
    snprintf(text, size, "%s%s%s", name, name[0] != '\0' && place[0] != '\0' ? ", " : "", place);
}

/* Tells the first number of the first variable that differs. */
static void
tell(const struct comparison *comparison, const struct column *column, uint64_t i, double recorded,
    double computed)
{
    struct verify_cell *cell = comparison->cell;
    snprintf(cell->variable, sizeof(cell->variable), "%s", column->name);
    cell->tick = column->months > 0 ? (uint32_t) (i / column->width) + 1 : 0;
    cell->recorded = recorded;
    cell->computed = computed;
    print_label(comparison, column, i % column->width);
}

static int
compare_column(const struct comparison *comparison, const struct column *column)
{
    const struct verify_sheet *sheet = comparison->sheet;
    struct verify_cell *cell = comparison->cell;
    uint64_t n = column->width * (column->months > 0 ? column->months : 1);
    double *recorded = sim_alloc((size_t) n, sizeof(*recorded));
    if (recorded == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = reader_cell(sheet->reader, column->name, cell->design, cell->replicate, recorded, n);
    if (ret != SIM_OK) {
        sim_messages_add(comparison->messages, SIM_ERROR, (struct sim_where){ sheet->reader->path, 0, 0 },
            "damaged or incomplete, at %s%s", column->name,
            reader_is_number(sheet->reader, column->name)
                ? ""
                : ", which is not there; an earlier version of this program may not have recorded it");
    }
    for (uint64_t i = 0; ret == SIM_OK && i < n; i++) {
        double computed = as_written(column,
            comparison->numbers[column->first + i / column->width * column->stride + i % column->width]);
        if (!are_equal(recorded[i], computed)) {
            if (cell->n_variables++ == 0) {
                tell(comparison, column, i, recorded[i], computed);
            }
            break;
        }
    }
    sim_free(recorded);
    return ret;
}

/* The observations of the whole world, or by places of a level. */
static int
compare_observations(const struct comparison *comparison, enum sim_level level)
{
    const struct sim_model *model = comparison->sheet->model;
    const struct sim_layout *layout = comparison->sheet->layout;
    uint64_t first = level == SIM_WORLD ? 0 : layout->by[level];
    int ret = SIM_OK;
    for (uint32_t o = 0; ret == SIM_OK && o < model->n_observations; o++) {
        const struct sim_observation *observation = &model->observations[o];
        struct column column = { .is_integer = observation->aggregate == SIM_COUNT,
            .first = first,
            .stride = layout->row,
            .width = sim_observation_labels(model, observation),
            .months = comparison->sheet->reader->n_ticks,
            .observation = observation };
        snprintf(column.name, sizeof(column.name), "%s", observation->name);
        if (level != SIM_WORLD) {
            column.places = layout->places[level];
            column.width *= column.places;
            snprintf(
                column.name, sizeof(column.name), "%s_by_%s", observation->name, model->level_names[level]);
        }
        if (level == SIM_WORLD || sim_record_has(observation, level)) {
            ret = compare_column(comparison, &column);
            first += column.width;
        }
    }
    return ret;
}

/* Who the agents of the sample are. */
static int
compare_sample(const struct comparison *comparison, const char *kind, uint64_t first)
{
    const struct sim_model *model = comparison->sheet->model;
    const uint32_t n_agents = comparison->sheet->layout->n_agents;
    const char *suffixes[SIM_AGENT_PLACES] = { [SIM_AGENT_REGION] = model->level_names[SIM_REGION],
        [SIM_AGENT_BLOCK] = model->level_names[SIM_BLOCK],
        [SIM_AGENT_INDEX] = "index" };
    int ret = SIM_OK;
    for (uint32_t i = 0; ret == SIM_OK && i < SIM_AGENT_PLACES; i++) {
        struct column column = {
            .is_integer = 1, .missing = -1, .first = first + (uint64_t) i * n_agents, .width = n_agents
        };
        snprintf(column.name, sizeof(column.name), "%s_%s", kind, suffixes[i]);
        ret = compare_column(comparison, &column);
    }
    return ret;
}

static int
compare_histories(const struct comparison *comparison)
{
    const struct sim_model *model = comparison->sheet->model;
    const struct sim_layout *layout = comparison->sheet->layout;
    const uint32_t n_agents = layout->n_agents, months = comparison->sheet->reader->n_ticks;
    const char *kind = model->kinds[model->histories[0].kind].name;
    uint64_t each = layout->histories, once = (uint64_t) months * layout->row;
    int ret = compare_sample(comparison, kind, once);
    once += (uint64_t) SIM_AGENT_PLACES * n_agents;
    for (uint32_t h = 0; ret == SIM_OK && h < model->n_histories; h++) {
        const struct sim_history *history = &model->histories[h];
        int at_start = history->moment == SIM_AT_START;
        struct column column = { .is_integer =
                                     history->type != SIM_NUMBER_double && history->type != SIM_NUMBER_float,
            .first = at_start ? once : each,
            .stride = layout->row,
            .width = n_agents,
            .months = at_start ? 0 : months };
        snprintf(column.name, sizeof(column.name), "%s_%s", kind, history->name);
        ret = compare_column(comparison, &column);
        *(at_start ? &once : &each) += n_agents;
    }
    return ret;
}

int
verify_compare(const struct verify_sheet *sheet, const double *numbers, struct verify_cell *cell,
    struct sim_messages *messages)
{
    const struct comparison comparison = { sheet, numbers, cell, messages };
    int ret = compare_observations(&comparison, SIM_WORLD);
    for (int level = SIM_REGION; ret == SIM_OK && level < SIM_LEVELS; level++) {
        if (sheet->layout->places[level] > 0) {
            ret = compare_observations(&comparison, (enum sim_level) level);
        }
    }
    if (ret == SIM_OK && sheet->layout->n_agents > 0) {
        ret = compare_histories(&comparison);
    }
    return ret;
}
