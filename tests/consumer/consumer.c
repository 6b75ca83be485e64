/* consumer.c - the smallest program that runs a scenario in memory with the installed library: consumer
 * FILE.yaml */
#include <models/registry.h>
#include <sim/error.h>
#include <sim/execute.h>

#include <stdio.h>

static const struct sim_model *
find(const char *name)
{
    return models_find(name, NULL);
}

int
main(int argc, char **argv)
{
    const char *specs[] = { argc > 1 ? argv[1] : "" };
    const struct sim_request request = { .specs = specs,
        .n_specs = 1,
        .n_replicates = 2,
        .seed = 1,
        .n_ticks = 12,
        .burn_in = 0,
        .standard_replicates = 1,
        .find_model = find,
        .model_names = models_names() };
    const struct sim_execution execution = { .threads = 1 };
    struct sim_experiment experiment;
    struct sim_results results = { 0 };
    struct sim_messages messages;
    sim_messages_init(&messages);
    int status = sim_experiment_init(&experiment, &request, &messages);
    if (status == SIM_OK) {
        status = sim_results_init(&results, &experiment);
    }
    if (status == SIM_OK) {
        status = sim_execute(&results, &execution);
    }
    for (size_t i = 0; i < messages.count; i++) {
        char line[512];
        sim_message_format(&messages.list[i], line, sizeof(line));
        fprintf(stderr, "%s\n", line);
    }
    if (status == SIM_OK) {
        printf("%s: %u cells of %u months\n", experiment.model->name, results.n_cells, experiment.n_ticks);
    }
    sim_results_free(&results);
    sim_experiment_free(&experiment);
    sim_messages_free(&messages);
    return status;
}
