/* record.c - takes down observations by place and the histories of a sample of agents; where each number
 * stands. */
#include "sim/record.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment.h"
#include "sim/world.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

int
sim_record_is_on(const struct sim_record *record)
{
    return record->by[SIM_REGION] || record->by[SIM_BLOCK] || record->n_agents > 0;
}

/* These two alone know how blocks are shared out among regions before a world is built. */
uint32_t
sim_record_places(const struct sim_experiment *experiment, uint32_t point, enum sim_level level)
{
    const struct sim_setting *setting = &sim_experiment_base(experiment, point)->setting;
    uint32_t regions = setting->n_regions, blocks = 0;
    if (setting->first_block == NULL) {
        sim_point_extent(experiment, point, &regions, &blocks);
        blocks *= regions;
    } else {
        blocks = setting->first_block[regions];
    }
    return level == SIM_WORLD ? 1 : level == SIM_REGION ? regions : blocks;
}

void
sim_record_place(const struct sim_experiment *experiment, uint32_t point, enum sim_level level,
    uint32_t place, uint32_t *region, uint32_t *block)
{
    const struct sim_setting *setting = &sim_experiment_base(experiment, point)->setting;
    *region = place;
    *block = 0;
    if (level != SIM_BLOCK) {
        return;
    }
    if (setting->first_block == NULL) {
        uint32_t regions, blocks;
        sim_point_extent(experiment, point, &regions, &blocks);
        *region = place / blocks;
        *block = place % blocks;
    } else {
        for (*region = 0; setting->first_block[*region + 1] <= place;) {
            ++*region;
        }
        *block = place - setting->first_block[*region];
    }
}

/* Numbers of one place. */
static uint64_t
numbers_by(const struct sim_model *model, enum sim_level level)
{
    uint64_t numbers = 0;
    for (uint32_t o = 0; o < model->n_observations; o++) {
        const struct sim_observation *observation = &model->observations[o];
        numbers += sim_record_has(observation, level) ? sim_observation_labels(model, observation) : 0;
    }
    return numbers;
}

void
sim_record_layout(const struct sim_experiment *experiment, struct sim_layout *layout)
{
    uint32_t most[SIM_LEVELS] = { 0 };
    for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
        for (uint32_t p = 0; experiment->record.by[level] && p < experiment->n_points; p++) {
            uint32_t places = sim_record_places(experiment, p, (enum sim_level) level);
            most[level] = places > most[level] ? places : most[level];
        }
    }
    sim_record_layout_of(experiment->model, most, experiment->record.n_agents, layout);
}

void
sim_record_layout_of(const struct sim_model *model, const uint32_t places[SIM_LEVELS], uint32_t n_agents,
    struct sim_layout *layout)
{
    memset(layout, 0, sizeof(*layout));
    layout->row = sim_model_row(model);
    for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
        layout->by[level] = layout->row;
        layout->places[level] = places[level];
        layout->row += layout->places[level] * numbers_by(model, (enum sim_level) level);
    }
    layout->histories = layout->row;
    layout->n_agents = n_agents;
    layout->once = (uint64_t) SIM_AGENT_PLACES * layout->n_agents;
    for (uint32_t h = 0; h < model->n_histories; h++) {
        uint64_t *numbers = model->histories[h].moment == SIM_AT_START ? &layout->once : &layout->row;
        *numbers += layout->n_agents;
    }
}

void
sim_record_check(const struct sim_experiment *experiment, struct sim_messages *messages)
{
    struct sim_layout layout;
    if (!sim_record_is_on(&experiment->record)) {
        return;
    }
    sim_record_layout(experiment, &layout);
    double numbers = sim_experiment_cells(experiment)
        * ((double) layout.row * sim_experiment_rows(experiment) + (double) layout.once);
    if (numbers > (double) SIM_RECORD_LIMIT) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ NULL, 0, 0 },
            "what is to be recorded takes %.4g GiB: %" PRIu64 " numbers in each of %" PRIu32
            " ticks of %" PRIu32
            " cells; at most %.4g GiB is recorded: ask for fewer agents, places, replicates or ticks",
            numbers * 8 / 0x1p30, layout.row, sim_experiment_rows(experiment),
            sim_experiment_cells(experiment), (double) SIM_RECORD_LIMIT * 8 / 0x1p30);
    }
}

static uint64_t
ticket_of(struct sim_stream stream, uint32_t index)
{
    philox4x32_ctr_t words = sim_draw_words(stream, index, 0);
    return (uint64_t) words.v[0] << 32 | words.v[1];
}

/* Whether the first comes later in the sample. Equal tickets are as good as impossible, and yet in order. */
static int
is_later(const struct sim_sampled *one, const struct sim_sampled *other)
{
    return one->ticket != other->ticket ? one->ticket > other->ticket
        : one->order != other->order    ? one->order > other->order
                                        : one->index > other->index;
}

/* Restores a heap of n with the latest on top, of which only the element at the given place may be wrong. */
static void
sift(struct sim_sampled *heap, uint32_t at, uint32_t n)
{
    struct sim_sampled moving = heap[at];
    for (uint32_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        child += child + 1 < n && is_later(&heap[child + 1], &heap[child]);
        if (!is_later(&heap[child], &moving)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

/* Keeps the n_agents lowest of what comes: the first fill the sample, which then is a heap. */
static void
consider(struct sim_recorder *recorder, struct sim_sampled candidate)
{
    uint32_t full = recorder->layout->n_agents;
    if (recorder->n_sampled < full) {
        recorder->sample[recorder->n_sampled++] = candidate;
        for (uint32_t at = full / 2; recorder->n_sampled == full && at-- > 0;) {
            sift(recorder->sample, at, full);
        }
    } else if (is_later(&recorder->sample[0], &candidate)) {
        recorder->sample[0] = candidate;
        sift(recorder->sample, 0, full);
    }
}

static void
consider_block(struct sim_recorder *recorder, const struct sim_world *world, const struct sim_view *block,
    uint32_t order)
{
    uint32_t n = block->count[world->model->histories[0].kind];
    struct sim_stream stream =
        sim_stream_at(world->key, sim_place(block->region, block->block), 0, SIM_SAMPLE_STREAM);
    for (uint32_t i = 0; i < n; i++) {
        consider(recorder, (struct sim_sampled){ ticket_of(stream, i), block, order, i });
    }
}

/* The lowest ticket first. */
static void
sort_sample(struct sim_recorder *recorder)
{
    uint32_t n = recorder->n_sampled;
    for (uint32_t at = n / 2; at-- > 0;) {
        sift(recorder->sample, at, n);
    }
    while (n > 1) {
        struct sim_sampled latest = recorder->sample[0];
        recorder->sample[0] = recorder->sample[--n];
        recorder->sample[n] = latest;
        sift(recorder->sample, 0, n);
    }
}

int
sim_recorder_init(
    struct sim_recorder *recorder, const struct sim_layout *layout, const struct sim_world *world)
{
    memset(recorder, 0, sizeof(*recorder));
    recorder->layout = layout;
    if (layout->n_agents == 0) {
        return SIM_OK;
    }
    recorder->sample = sim_alloc(layout->n_agents, sizeof(*recorder->sample));
    if (recorder->sample == NULL) {
        return SIM_ERR_MEMORY;
    }
    const struct sim_view *top = sim_world_view(world);
    uint32_t order = 0;
    for (uint32_t r = 0; r < top->n_below; r++) {
        for (uint32_t b = 0; b < top->below[r]->n_below; b++) {
            consider_block(recorder, world, top->below[r]->below[b], order++);
        }
    }
    sort_sample(recorder);
    return SIM_OK;
}

void
sim_recorder_free(struct sim_recorder *recorder)
{
    sim_free(recorder->sample);
    memset(recorder, 0, sizeof(*recorder));
}

static double
number_at(const void *column, enum sim_number_type type, uint32_t index)
{
    switch (type) {
#define SIM_NUMBER_CASE(type) \
    case SIM_NUMBER_##type: return (double) ((const type *) column)[index];
        SIM_NUMBERS(SIM_NUMBER_CASE)
#undef SIM_NUMBER_CASE
    case SIM_NUMBER_TYPES: break;
    }
    return (double) NAN;
}

/* One column of all agents of the sample; NaN where there is none. */
static void
take_column(const struct sim_recorder *recorder, const struct sim_history *history, double *out)
{
    for (uint32_t i = 0; i < recorder->n_sampled; i++) {
        const struct sim_sampled *agent = &recorder->sample[i];
        const unsigned char *columns = agent->place->agents[history->kind];
        const void *column;
        memcpy(&column, columns + history->offset, sizeof(column));
        out[i] = number_at(column, history->type, agent->index);
    }
    for (uint32_t i = recorder->n_sampled; i < recorder->layout->n_agents; i++) {
        out[i] = (double) NAN;
    }
}

static void
take_histories(
    const struct sim_recorder *recorder, const struct sim_model *model, enum sim_moment moment, double *out)
{
    for (uint32_t h = 0; h < model->n_histories; h++) {
        if (model->histories[h].moment == moment) {
            take_column(recorder, &model->histories[h], out);
            out += recorder->layout->n_agents;
        }
    }
}

void
sim_recorder_start(const struct sim_recorder *recorder, const struct sim_world *world, double *once)
{
    uint32_t n = recorder->layout->n_agents;
    for (uint32_t i = 0; i < n; i++) {
        const struct sim_sampled *agent = &recorder->sample[i];
        int is_there = i < recorder->n_sampled;
        once[SIM_AGENT_REGION * n + i] = is_there ? agent->place->region : (double) NAN;
        once[SIM_AGENT_BLOCK * n + i] = is_there ? agent->order : (double) NAN;
        once[SIM_AGENT_INDEX * n + i] = is_there ? agent->index : (double) NAN;
    }
    if (n > 0) {
        take_histories(recorder, world->model, SIM_AT_START, once + (size_t) SIM_AGENT_PLACES * n);
    }
}

/* The places whose tallies one recorded place adds up: itself, and a run of blocks. */
struct span {
    size_t own, first;
    uint32_t n;
};

static double
number_of(const struct sim_world *world, const struct span *span, size_t at, enum sim_aggregate aggregate)
{
    size_t width = 2 * (size_t) world->row;
    double value = world->tallies[span->own * width + at];
    double weight = world->tallies[span->own * width + world->row + at];
    for (size_t i = span->first; i < span->first + span->n; i++) {
        value += world->tallies[i * width + at];
        weight += world->tallies[i * width + world->row + at];
    }
    return aggregate != SIM_MEAN ? value : weight > 0 ? value / weight : (double) NAN;
}

/* Every number of one place; those of the others stand `stride` apart. */
static void
take_place(const struct sim_world *world, const struct span *span, enum sim_level level, uint32_t stride,
    double *out)
{
    size_t at = 0;
    for (uint32_t o = 0; o < world->model->n_observations; o++) {
        const struct sim_observation *observation = &world->model->observations[o];
        uint32_t labels = sim_observation_labels(world->model, observation);
        for (uint32_t label = 0; label < labels; label++, at++) {
            if (sim_record_has(observation, level)) {
                *out = number_of(world, span, at, observation->aggregate);
                out += stride;
            }
        }
    }
}

/* World, regions, blocks region by region: the order of the tallies. */
static void
take_places(
    const struct sim_recorder *recorder, const struct sim_world *world, enum sim_level level, double *out)
{
    const struct sim_view *top = sim_world_view(world);
    uint32_t stride = recorder->layout->places[level], place = 0;
    size_t first = 1 + (size_t) top->n_below;
    for (uint64_t i = 0; i < stride * numbers_by(world->model, level); i++) {
        out[i] = (double) NAN;
    }
    for (uint32_t r = 0; r < top->n_below; r++) {
        uint32_t n = top->below[r]->n_below;
        if (level == SIM_REGION) {
            struct span span = { 1 + (size_t) r, first, n };
            take_place(world, &span, level, stride, out + place++);
        }
        for (uint32_t b = 0; level == SIM_BLOCK && b < n; b++) {
            struct span span = { first + b, 0, 0 };
            take_place(world, &span, level, stride, out + place++);
        }
        first += n;
    }
}

void
sim_recorder_tick(const struct sim_recorder *recorder, const struct sim_world *world, double *row)
{
    const struct sim_layout *layout = recorder->layout;
    for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
        if (layout->places[level] > 0) {
            take_places(recorder, world, (enum sim_level) level, row + layout->by[level]);
        }
    }
    if (layout->n_agents > 0) {
        take_histories(recorder, world->model, SIM_EACH_TICK, row + layout->histories);
    }
}
