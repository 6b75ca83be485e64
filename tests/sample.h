/* sample.h - a small experiment made by hand, with results whose numbers are known: for the tests of what
 * writes and reads them. */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/results.h"
#include "sim/sink.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHARE, BY_DEPTH, SPENDING, TICKETS };

static const char *const sample_depths[] = { "none", "attend", "议事" };
static const char *const sample_depths_zh[] = { "不参与", "参加", "议事" };
static const char *const sample_unused[] = { "x" };
static const struct sim_dimension sample_dimensions[] = {
    { "unused", "a dimension of no observation", sample_unused, 1, NULL },
    { "depth", "depth of taking part", sample_depths, 3, sample_depths_zh },
};
static const struct sim_observation sample_observations[] = {
    { "share", "share active", "share of people who take part", "1", -1, SIM_MEAN, SIM_BLOCK, 0, 1, NULL,
        "参与率" },
    { "by_depth", "shares by depth", "share of people at each depth", "1", 1, SIM_MEAN, SIM_BLOCK, 0, 1, NULL,
        "各深度的比例" },
    { "spending", "money spent", "money spent in the month", "CNY", -1, SIM_TOTAL, SIM_WORLD, (double) NAN,
        (double) NAN, NULL, NULL },
    { "tickets", "tickets opened", "tickets opened in the month", "tickets", 1, SIM_COUNT, SIM_BLOCK, 0,
        (double) INFINITY, NULL, "新增诉求" },
};
static const struct sim_model sample_model = {
    .name = "sample",
    .title = "A sample",
    .dimensions = sample_dimensions,
    .n_dimensions = SIM_COUNT_OF(sample_dimensions),
    .observations = sample_observations,
    .n_observations = SIM_COUNT_OF(sample_observations),
};

static struct sim_base sample_bases[] = {
    { .stem = (char[]){ "east" },
        .title = (char[]){ "东部城区的社区" },
        .resolved = (char[]){ "model: sample\n" } },
    { .stem = (char[]){ "west" },
        .title = (char[]){ "The west, \"quoted\"" },
        .resolved = (char[]){ "model: sample\ntitle: 西\n" } },
    { .stem = (char[]){ "west#2" }, .title = (char[]){ "" }, .resolved = (char[]){ "" } },
};
static struct sim_given sample_given[] = {
    { (char[]){ "base" }, (char[]){ "model: sample\n" } },
    { (char[]){ "empty" }, (char[]){ "" } },
};
static char *sample_settings[] = { (char[]){ "purchase.budget=3" } };

static struct sim_experiment
sample_experiment(uint32_t points, uint32_t replicates, uint32_t ticks, uint32_t burn_in)
{
    return (struct sim_experiment){ .model = &sample_model,
        .bases = sample_bases,
        .n_bases = points,
        .n_points = points,
        .n_replicates = replicates,
        .seed = 7,
        .n_ticks = ticks,
        .burn_in = burn_in,
        .given = sample_given,
        .n_given = SIM_COUNT_OF(sample_given),
        .settings = sample_settings,
        .n_settings = SIM_COUNT_OF(sample_settings),
        .digest = "0123456789abcdef0123456789abcdef" };
}

/* Where an observation stands in a row. */
static uint32_t
sample_offset(uint32_t observation)
{
    uint32_t offset = 0;
    for (uint32_t o = 0; o < observation; o++) {
        offset += sample_observations[o].dimension < 0
            ? 1
            : sample_dimensions[sample_observations[o].dimension].count;
    }
    return offset;
}

static inline double *
sample_number(struct sim_results *results, uint32_t point, uint32_t replicate, uint32_t tick,
    uint32_t observation, uint32_t label)
{
    struct sim_cell *cell = &results->cells[point * results->experiment->n_replicates + replicate];
    return &cell->rows[(size_t) (tick - 1) * results->row + sample_offset(observation) + label];
}

/* Fills one cell with numbers that are all different; shares within 0 to 1, counts whole. */
static int
sample_run(struct sim_results *results, uint32_t cell)
{
    uint32_t ticks = results->experiment->n_ticks;
    struct sim_cell *place = &results->cells[cell];
    place->rows = sim_alloc((size_t) ticks * results->row, sizeof(double));
    if (place->rows == NULL) {
        return SIM_ERR_MEMORY;
    }
    uint32_t counts = sample_offset(TICKETS);
    for (uint32_t i = 0; i < ticks * results->row; i++) {
        uint32_t hash = (cell * 7919u + i) * 2654435761u;
        place->rows[i] = i % results->row >= counts ? (double) (hash >> 20) : (double) hash / 4294967296.0;
    }
    place->status = SIM_RUN_OK;
    place->digest = sim_cell_digest(results, place);
    return SIM_OK;
}

static inline int
sample_results(struct sim_results *results, const struct sim_experiment *experiment)
{
    int ret = sim_results_init(results, experiment);
    for (uint32_t cell = 0; ret == SIM_OK && cell < results->n_cells; cell++) {
        ret = sample_run(results, cell);
    }
    return ret;
}

/* Writes what is in memory. */
static inline int
sample_write(const char *path, const struct sim_results *results, struct sim_messages *messages)
{
    struct sim_source source = sim_results_source(results);
    return sim_sink_write(path, &source, messages);
}

#endif
