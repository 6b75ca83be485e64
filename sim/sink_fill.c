/* sink_fill.c - fills the variables of a results file in bounded memory.
 *
 * The cells are read in tiles: whole design points, some at a time; where one is too large, some replicates of it;
 * where one cell is, some ticks of it. Every variable gets its part of a tile before the next is read, so each
 * number is read once. /summary needs all replicates of a number together: whole design points have them; else the
 * observations of the whole world are read again, some numbers of all replicates at a time.
 *
 * How large a tile is depends on the experiment alone, and each holds whole pieces of the file (hdf5_writer.h). So
 * no piece is ever read back, and the bytes of the file depend on nothing but the numbers.
 */
#include "sim/sink_parts.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* What is in memory of the cells. */
struct tile {
    hsize_t point, n_points, replicate, n_replicates, tick, n_ticks;
};

union number {
    double real;
    int64_t integer;
};

void
sim_sink_add(struct sim_sink_job *job, struct sim_sink_column column)
{
    if (job->n_columns == job->room_columns) {
        uint32_t room = job->room_columns == 0 ? 64 : 2 * job->room_columns;
        struct sim_sink_column *longer = sim_resize(job->columns, job->room_columns, room, sizeof(*longer));
        if (longer == NULL) {
            sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "variables");
            sim_writer_close(&job->writer, column.variable);
            return;
        }
        job->columns = longer;
        job->room_columns = room;
    }
    job->columns[job->n_columns++] = column;
}

struct sim_shape
sim_sink_shape(const struct sim_sink_job *job)
{
    return (struct sim_shape){ 3, { job->experiment->n_points, job->n_replicates, job->n_ticks },
        { job->scales.design, job->scales.replicate, job->scales.tick } };
}

uint64_t
sim_sink_summarised(const struct sim_sink_job *job)
{
    uint64_t n = 0;
    for (uint32_t o = 0; o < job->model->n_observations; o++) {
        n += sim_observation_labels(job->model, &job->model->observations[o]);
    }
    return n;
}

/* Numbers of a tick of the widest observation; with those by place and the histories, of the widest variable. */
static uint64_t
widest(const struct sim_sink_job *job, int all)
{
    const struct sim_layout *layout = &job->source->layout;
    uint64_t most = all ? layout->n_agents : 0;
    for (uint32_t o = 0; o < job->model->n_observations; o++) {
        const struct sim_observation *observation = &job->model->observations[o];
        uint64_t labels = sim_observation_labels(job->model, observation);
        most = labels > most ? labels : most;
        for (int level = SIM_REGION; all && level < SIM_LEVELS; level++) {
            int has = layout->places[level] > 0 && sim_record_has(observation, (enum sim_level) level);
            uint64_t numbers = has ? labels * layout->places[level] : 0;
            most = numbers > most ? numbers : most;
        }
    }
    return most;
}

static uint64_t
at_least_one(uint64_t n)
{
    return n == 0 ? 1 : n;
}

/* Of one design point some replicates, or of one replicate some ticks. A quarter of the room is for statistics. */
static void
plan_parts(const struct sim_sink_job *job, struct sim_sink_plan *plan, uint64_t tick, uint64_t once,
    uint64_t statistics)
{
    uint64_t room = job->room - job->room / 4;
    uint64_t cell = job->n_ticks * tick + once;
    plan->points = 1;
    plan->replicates = sim_writer_run(job->n_replicates, at_least_one(room / cell));
    plan->ticks = job->n_ticks;
    if (cell > room) {
        plan->ticks = sim_writer_run(job->n_ticks, at_least_one(room > once ? (room - once) / tick : 1));
    }
    plan->summary_ticks =
        sim_writer_run(job->n_ticks, at_least_one(job->room / 4 / at_least_one(statistics)));
}

static void
plan_rooms(
    const struct sim_sink_job *job, struct sim_sink_plan *plan, uint64_t widest_here, uint64_t widest_summary)
{
    uint64_t cells = plan->points * plan->replicates;
    uint64_t statistics = plan->points * plan->summary_ticks * SIM_N_STATISTICS;
    uint64_t slab = cells * plan->ticks * widest_here, summary = statistics * widest_summary;
    plan->numbers = (size_t) cells * plan->stride;
    plan->numbers = plan->numbers < job->n_replicates ? job->n_replicates : plan->numbers;
    plan->statistics = (size_t) (statistics * sim_sink_summarised(job));
    plan->slab = (size_t) (slab > summary ? slab : summary);
}

void
sim_sink_plan(struct sim_sink_job *job)
{
    const struct sim_layout *layout = &job->source->layout;
    struct sim_sink_plan *plan = &job->plan;
    uint64_t widest_here = widest(job, 1), widest_summary = widest(job, 0);
    uint64_t tick = at_least_one(layout->row + widest_here), once = layout->once;
    uint64_t statistics = SIM_N_STATISTICS * (sim_sink_summarised(job) + widest_summary);
    uint64_t point = job->n_replicates * (job->n_ticks * tick + once) + job->n_ticks * statistics;
    plan->whole = point <= job->room;
    if (plan->whole) {
        plan->points = sim_writer_run(job->experiment->n_points, job->room / point);
        plan->replicates = job->n_replicates;
        plan->ticks = plan->summary_ticks = job->n_ticks;
    } else {
        plan_parts(job, plan, tick, once, statistics);
    }
    plan->runs[0] = plan->summary_runs[0] = plan->points;
    plan->runs[1] = plan->replicates;
    plan->runs[2] = plan->ticks;
    plan->summary_runs[2] = plan->summary_ticks;
    plan->stride = (size_t) (plan->ticks * layout->row + once);
    plan_rooms(job, plan, widest_here, widest_summary);
}

/* The memory that a plan asks for. */
struct rooms {
    double *numbers, *statistics;
    union number *slab;
};

static int
read_numbers(
    struct sim_sink_job *job, hsize_t point, hsize_t replicate, uint64_t first, uint64_t n, double *out)
{
    const struct sim_source *source = job->source;
    uint32_t cell = (uint32_t) (point * job->experiment->n_replicates + replicate);
    int ret = source->numbers(source->context, cell, first, n, out);
    if (ret != SIM_OK) {
        char what[64];
        snprintf(what, sizeof(what), "what cell %" PRIu32 " recorded", cell);
        sim_writer_fail(&job->writer, ret, what);
    }
    return ret;
}

/* Of each cell the rows of these ticks; the last are followed by what does not change. */
static void
read_tile(struct sim_sink_job *job, const struct tile *tile, double *numbers)
{
    const struct sim_layout *layout = &job->source->layout;
    int last = tile->tick + tile->n_ticks == job->n_ticks;
    uint64_t n = tile->n_ticks * layout->row + (last ? layout->once : 0);
    for (hsize_t p = tile->point; p < tile->point + tile->n_points; p++) {
        for (hsize_t r = tile->replicate; r < tile->replicate + tile->n_replicates; r++) {
            if (read_numbers(job, p, r, tile->tick * layout->row, n, numbers) != SIM_OK) {
                return;
            }
            numbers += job->plan.stride;
        }
    }
}

static void
convert(const struct sim_sink_column *column, const double *numbers, union number *out)
{
    for (uint64_t i = 0; i < column->labels; i++) {
        if (column->form == SIM_FORM_INTEGER) {
            out[i].integer = fabs(numbers[i]) < 0x1p63 ? (int64_t) numbers[i] : column->missing;
        } else {
            out[i].real = isnan(numbers[i]) ? (double) NAN : numbers[i]; /* of its bit patterns always one */
        }
    }
}

/* Writes a column's part of a tile. */
static void
fill_column(struct sim_sink_job *job, const struct sim_sink_column *column, const struct tile *tile,
    const struct rooms *rooms)
{
    uint64_t row = job->source->layout.row, n_ticks = column->once ? 1 : tile->n_ticks;
    const double *from = rooms->numbers + column->offset + (column->once ? tile->n_ticks * row : 0);
    union number *out = rooms->slab;
    for (hsize_t cell = 0; cell < tile->n_points * tile->n_replicates; cell++) {
        for (hsize_t tick = 0; tick < n_ticks; tick++) {
            convert(column, from + cell * job->plan.stride + tick * row, out);
            out += column->labels;
        }
    }
    struct sim_part part = { column->once ? 2 : 3, { tile->point, tile->replicate, tile->tick },
        { tile->n_points, tile->n_replicates, tile->n_ticks } };
    sim_writer_fill_part(&job->writer, column->variable, column->form, &part, rooms->slab);
}

/* Writes the statistics of some design points and ticks, one number after the other, in the order of the file. */
static void
fill_summary(struct sim_sink_job *job, const struct tile *tile, const struct rooms *rooms)
{
    uint64_t width = sim_sink_summarised(job);
    struct sim_part part = { 3, { tile->point, 0, tile->tick },
        { tile->n_points, SIM_N_STATISTICS, tile->n_ticks } };
    for (uint32_t o = 0; o < job->model->n_observations && job->writer.status == SIM_OK; o++) {
        const struct sim_sink_column *column = &job->columns[o];
        union number *out = rooms->slab;
        for (hsize_t p = 0; p < tile->n_points; p++) {
            for (hsize_t s = 0; s < SIM_N_STATISTICS; s++) {
                for (hsize_t tick = 0; tick < tile->n_ticks; tick++) {
                    uint64_t at = (p * tile->n_ticks + tick) * width + column->offset;
                    for (uint64_t label = 0; label < column->labels; label++) {
                        (out++)->real = rooms->statistics[(at + label) * SIM_N_STATISTICS + s];
                    }
                }
            }
        }
        sim_writer_fill_part(&job->writer, column->summary, SIM_FORM_REAL, &part, rooms->slab);
    }
}

static const int8_t *
statuses_of(const struct sim_sink_job *job, hsize_t point)
{
    return job->statuses + point * job->experiment->n_replicates;
}

/* The statistics of design points that are in memory as a whole. */
static void
summarise_tile(struct sim_sink_job *job, const struct tile *tile, const struct rooms *rooms)
{
    uint64_t row = job->source->layout.row, width = sim_sink_summarised(job);
    for (hsize_t p = 0; p < tile->n_points; p++) {
        const double *numbers = rooms->numbers + p * tile->n_replicates * job->plan.stride;
        for (hsize_t tick = 0; tick < tile->n_ticks; tick++) {
            double *out = rooms->statistics + (p * tile->n_ticks + tick) * width * SIM_N_STATISTICS;
            sim_sink_summarise(job, numbers + tick * row, job->plan.stride, (size_t) width,
                statuses_of(job, tile->point + p), out);
        }
    }
    fill_summary(job, tile, rooms);
}

/* The statistics of some ticks of one design point, whose numbers are read again. */
static void
summarise_ticks(struct sim_sink_job *job, const struct tile *tile, const struct rooms *rooms)
{
    uint64_t row = job->source->layout.row, width = sim_sink_summarised(job);
    uint64_t end = (tile->tick + tile->n_ticks) * row, n = 0;
    double *out = rooms->statistics;
    for (uint64_t at = tile->tick * row; at < end && job->writer.status == SIM_OK; at += n) {
        n = row - at % row; /* to the next tick, if all that is left of this one is of places and agents */
        if (at % row < width) {
            uint64_t most = row == width ? end - at : width - at % row;
            n = job->plan.numbers / job->n_replicates;
            n = n < most ? n : most;
            for (hsize_t r = 0; r < job->n_replicates && job->writer.status == SIM_OK; r++) {
                read_numbers(job, tile->point, r, at, n, rooms->numbers + r * n);
            }
            sim_sink_summarise(job, rooms->numbers, n, n, statuses_of(job, tile->point), out);
            out += n * SIM_N_STATISTICS;
        }
    }
    fill_summary(job, tile, rooms);
}

static void
summarise_again(struct sim_sink_job *job, hsize_t point, const struct rooms *rooms)
{
    struct tile tile = { .point = point, .n_points = 1, .n_replicates = job->n_replicates };
    for (; tile.tick < job->n_ticks && job->writer.status == SIM_OK; tile.tick += tile.n_ticks) {
        hsize_t left = job->n_ticks - tile.tick;
        tile.n_ticks = left < job->plan.summary_ticks ? left : job->plan.summary_ticks;
        summarise_ticks(job, &tile, rooms);
    }
}

static void
fill_tile(struct sim_sink_job *job, const struct tile *tile, const struct rooms *rooms)
{
    int last = tile->tick + tile->n_ticks == job->n_ticks;
    read_tile(job, tile, rooms->numbers);
    for (uint32_t c = 0; c < job->n_columns && job->writer.status == SIM_OK; c++) {
        if (last || !job->columns[c].once) {
            fill_column(job, &job->columns[c], tile, rooms);
        }
    }
    if (job->plan.whole && job->writer.status == SIM_OK) {
        summarise_tile(job, tile, rooms);
    }
}

/* Some design points, one tile after the other. */
static void
fill_points(struct sim_sink_job *job, hsize_t point, hsize_t n_points, const struct rooms *rooms)
{
    const struct sim_sink_plan *plan = &job->plan;
    struct tile tile = { .point = point, .n_points = n_points };
    for (; tile.replicate < job->n_replicates; tile.replicate += plan->replicates) {
        hsize_t replicates = job->n_replicates - tile.replicate;
        tile.n_replicates = replicates < plan->replicates ? replicates : plan->replicates;
        for (tile.tick = 0; tile.tick < job->n_ticks; tile.tick += plan->ticks) {
            hsize_t ticks = job->n_ticks - tile.tick;
            tile.n_ticks = ticks < plan->ticks ? ticks : plan->ticks;
            if (job->writer.status == SIM_OK) {
                fill_tile(job, &tile, rooms);
            }
        }
    }
    if (!plan->whole && job->writer.status == SIM_OK) {
        summarise_again(job, point, rooms);
    }
}

void
sim_sink_fill(struct sim_sink_job *job)
{
    const struct sim_sink_plan *plan = &job->plan;
    struct rooms rooms = { sim_alloc(plan->numbers, sizeof(*rooms.numbers)),
        sim_alloc(plan->statistics, sizeof(*rooms.statistics)), sim_alloc(plan->slab, sizeof(*rooms.slab)) };
    if (rooms.numbers == NULL || rooms.statistics == NULL || rooms.slab == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "numbers of the cells");
    }
    hsize_t n_points = job->experiment->n_points;
    for (hsize_t point = 0; point < n_points && job->writer.status == SIM_OK; point += plan->points) {
        hsize_t left = n_points - point;
        fill_points(job, point, left < plan->points ? left : plan->points, &rooms);
    }
    for (uint32_t c = 0; c < job->n_columns; c++) {
        sim_writer_close(&job->writer, job->columns[c].variable);
        sim_writer_close(&job->writer, job->columns[c].summary);
    }
    job->n_columns = 0;
    sim_free(rooms.numbers);
    sim_free(rooms.statistics);
    sim_free(rooms.slab);
}
