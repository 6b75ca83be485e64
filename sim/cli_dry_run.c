/* cli_dry_run.c - what a run would take, from a short measurement. */
#include "sim/cli.h"

#include "sim/binding.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/sink_parts.h"
#include "sim/sweep.h"
#include "sim/world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define TRIAL 3          /* months that are measured */
#define TRIALS 20        /* at most, of a small world; the shortest counts, since other programs disturb */
#define TRIALS_TIME 0.05 /* seconds; beyond that one trial more is not worth it */
#define WRITE_TIME 5e-8  /* seconds for a number, in a shard or in the file */
#define FILE_BYTES 5e5   /* of a results file without numbers */

static void
print_bytes(const char *label, double bytes)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < SIM_COUNT_OF(units); unit++) {
        bytes /= 1024;
    }
    printf("%-10s %.3g %s\n", label, bytes, units[unit]);
}

/* Builds the world of a design point and runs a few ticks of it. */
static int
try(const struct sim_experiment *experiment, uint32_t index, struct cli_cost *cost)
{
    struct sim_world world;
    struct sim_point point;
    struct sim_key key = { experiment->seed, 0 };
    double start = sim_seconds();
    int ret = sim_point_init(&point, experiment, index);
    if (ret == SIM_OK) {
        ret = sim_world_init_setting(&world, experiment->model, &point.setting, key, 1);
    }
    if (ret == SIM_OK) {
        double set_up = sim_seconds() - start;
        sim_world_step(&world);
        start = sim_seconds();
        for (int t = 0; t < TRIAL; t++) {
            sim_world_step(&world);
        }
        cost->cell_seconds = set_up + (sim_seconds() - start) / TRIAL * sim_experiment_rows(experiment);
        cost->agents = world.agents;
        cost->world_bytes = (double) world.bytes;
        sim_world_free(&world);
    }
    sim_point_free(&point);
    return ret;
}

static int
measure(const struct sim_experiment *experiment, uint32_t index, struct cli_cost *cost)
{
    double start = sim_seconds(), least = INFINITY;
    int ret = SIM_OK;
    for (int trial = 0; ret == SIM_OK && trial < TRIALS; trial++) {
        ret = try(experiment, index, cost);
        least = cost->cell_seconds < least ? cost->cell_seconds : least;
        if (sim_seconds() - start > TRIALS_TIME) {
            break;
        }
    }
    cost->cell_seconds = least;
    return ret;
}

/* The numbers of the summary of one design point: of the whole world. Those of few replicates are alike, and deflated to
 * little. */
static double
summary_numbers(const struct sim_experiment *experiment)
{
    const struct sim_model *model = experiment->model;
    double labels = 0;
    for (uint32_t o = 0; o < model->n_observations; o++) {
        labels += (double) sim_observation_labels(model, &model->observations[o]);
    }
    double statistics =
        experiment->n_replicates < SIM_N_STATISTICS ? experiment->n_replicates : SIM_N_STATISTICS;
    return labels * sim_experiment_rows(experiment) * statistics;
}

/* "0.3 ms" of what is too short for seconds. */
static void
print_cell_time(char *text, double seconds)
{
    if (seconds < 1) {
        snprintf(text, CLI_TIME_SIZE, seconds < 0.01 ? "%.2g ms" : "%.0f ms", 1000 * seconds);
    } else {
        cli_print_time(text, seconds);
    }
}

/* The mean time and the largest world of the scenarios, each taken from its first design point. */
static int
measure_scenarios(const struct sim_experiment *experiment, struct cli_cost *cost)
{
    struct cli_cost one = { 0 };
    const struct sim_base *before = NULL;
    double seconds = 0;
    for (uint32_t p = 0; p < experiment->n_points; p++) {
        const struct sim_base *base = sim_experiment_base(experiment, p);
        int ret = base != before ? measure(experiment, p, &one) : SIM_OK;
        if (ret != SIM_OK) {
            return ret;
        }
        before = base;
        seconds += one.cell_seconds;
        cost->agents = one.agents > cost->agents ? one.agents : cost->agents;
        cost->world_bytes = one.world_bytes > cost->world_bytes ? one.world_bytes : cost->world_bytes;
    }
    cost->cell_seconds = seconds / experiment->n_points;
    return SIM_OK;
}

int
cli_cost(const struct sim_experiment *experiment, int threads, struct cli_cost *cost)
{
    struct sim_layout layout;
    memset(cost, 0, sizeof(*cost));
    int ret = measure_scenarios(experiment, cost);
    if (ret != SIM_OK) {
        cli_complain("%s for one cell", sim_status_text(ret));
        return CLI_FAILED;
    }
    double cells = sim_experiment_cells(experiment);
    sim_record_layout(experiment, &layout);
    double numbers = (double) layout.row * sim_experiment_rows(experiment) + (double) layout.once;
    double running = cells < threads ? cells : threads;
    cost->cells = cells;
    cost->memory = running * (cost->world_bytes + numbers * sizeof(double)) + SIM_SWEEP_BYTES
        + cells * SIM_SWEEP_CELL_BYTES;
    /* shards, and the results file beside them at the end */
    double summary = experiment->n_points * summary_numbers(experiment);
    cost->disk = 2 * (cells * numbers * sizeof(double) + FILE_BYTES) + summary * sizeof(double);
    cost->seconds = cells * cost->cell_seconds / threads + (2 * cells * numbers + summary) * WRITE_TIME;
    return CLI_DONE;
}

int
cli_dry_run(const struct cli_options *options, const struct sim_experiment *experiment)
{
    struct cli_cost cost;
    char time[CLI_TIME_SIZE], cell[CLI_TIME_SIZE];
    int threads = options->threads > 0 ? (int) options->threads : sim_processors();
    int ret = cli_cost(experiment, threads, &cost);
    if (ret != CLI_DONE) {
        return ret;
    }
    int rule = experiment->stopping.n > 0;
    cli_print_time(time, cost.seconds);
    print_cell_time(cell, cost.cell_seconds);
    printf("cells      %s%.0f (%" PRIu32 " design points x %" PRIu32 " replicates), %" PRIu32
           " months each\n",
        rule ? "at most " : "", cost.cells, experiment->n_points, experiment->n_replicates,
        sim_experiment_rows(experiment));
    printf("agents     %s%" PRIu64 " a cell\n", experiment->n_bases > 1 ? "at most " : "", cost.agents);
    print_bytes("memory", cost.memory);
    print_bytes("disk", cost.disk);
    printf("time       %sabout %s on %d thread%s, %s a cell\n", rule ? "at most " : "", time, threads,
        threads > 1 ? "s" : "", cell);
    return CLI_DONE;
}
