/* cli_dry_run.c - what a run would take, from a short measurement. */
#include "sim/cli.h"

#include "sim/binding.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/sink.h"
#include "sim/sweep.h"
#include "sim/world.h"

#include <inttypes.h>
#include <string.h>

#define TRIAL 3 /* months that are measured */

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

/* Builds the world of the first design point and runs a few ticks of it. */
static int
measure(const struct sim_experiment *experiment, struct cli_cost *cost)
{
    struct sim_world world;
    struct sim_point point;
    struct sim_key key = { experiment->seed, 0 };
    double start = sim_seconds();
    int ret = sim_point_init(&point, experiment, 0);
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

int
cli_cost(const struct sim_experiment *experiment, int threads, struct cli_cost *cost)
{
    struct sim_layout layout;
    memset(cost, 0, sizeof(*cost));
    int ret = measure(experiment, cost);
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
    cost->disk =
        2 * cells * numbers * sizeof(double); /* shards, and the results file beside them at the end */
    cost->seconds = cells * cost->cell_seconds / threads;
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
    cli_print_time(cell, cost.cell_seconds);
    printf("cells      %s%.0f (%" PRIu32 " design points x %" PRIu32 " replicates), %" PRIu32
           " months each\n",
        rule ? "at most " : "", cost.cells, experiment->n_points, experiment->n_replicates,
        sim_experiment_rows(experiment));
    printf("agents     %" PRIu64 " a cell\n", cost.agents);
    print_bytes("memory", cost.memory);
    print_bytes("disk", cost.disk);
    printf("time       %sabout %s on %d thread%s, %s a cell\n", rule ? "at most " : "", time, threads,
        threads > 1 ? "s" : "", cell);
    return CLI_DONE;
}
