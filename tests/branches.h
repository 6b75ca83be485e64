/* branches.h - for tests of runs that are interrupted or branch: experiments from a few lines of text in a folder of
 * the test's own, and one cell of them, run as the program runs it. */
#ifndef TESTS_BRANCHES_H
#define TESTS_BRANCHES_H

#include "models/registry.h"
#include "scenario_files.h"
#include "sim/alloc.h"
#include "sim/experiment.h"
#include "sim/source.h"
#include "sim/world.h"

static const struct sim_model *
plain_model(const char *name)
{
    return models_find(name, NULL);
}

/* What a run is asked for; months and the rest as an experiment file says. NULL: no such option. */
static inline int
read_experiment(
    struct sim_experiment *experiment, const char *spec, const char *setting, struct sim_messages *messages)
{
    const char *const empty[] = { NULL };
    struct sim_request request = { .specs = &spec,
        .n_specs = 1,
        .settings = &setting,
        .n_settings = setting != NULL,
        .n_replicates = -1,
        .seed = -1,
        .n_ticks = -1,
        .burn_in = -1,
        .n_histories = -1,
        .standard_replicates = 1,
        .search = { .folders = empty },
        .find_model = plain_model,
        .model_names = models_names() };
    sim_messages_init(messages);
    return sim_experiment_init(experiment, &request, messages);
}

static inline void
make_experiment(struct sim_experiment *experiment, const char *spec)
{
    struct sim_messages messages;
    int ret = read_experiment(experiment, spec, NULL, &messages);
    print_messages(&messages);
    assert_int_equal(ret, SIM_OK);
    sim_messages_free(&messages);
}

/* One cell, with what it records. */
struct one_run {
    const struct sim_experiment *experiment;
    uint32_t cell;
    struct sim_point point;
    struct sim_layout layout;
    struct sim_world world;
    struct sim_recorder recorder;
    double *numbers;
    size_t n_numbers;
};

static inline struct sim_key
key_of(const struct one_run *run)
{
    return (struct sim_key){ run->experiment->seed, run->cell % run->experiment->n_replicates };
}

/* The last message has these words; frees the messages. */
static inline void
assert_says(struct sim_messages *messages, const char *words)
{
    if (messages->count == 0 || strstr(messages->list[messages->count - 1].text, words) == NULL) {
        print_messages(messages);
        fail_msg("no message says \"%s\"", words);
    }
    sim_messages_free(messages);
}

#endif
