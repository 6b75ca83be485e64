/* command_bench.c - cogov bench: agent-updates a second, by phase. */
#include "sim/cli.h"

#include "sim/alloc.h"
#include "sim/binding.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/world.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define AGENTS_PER_BLOCK 8000
#define WARM_UP 2 /* ticks before the clock starts */

/* What is measured. */
struct bench {
    struct sim_world world;
    uint64_t agents; /* of the most numerous kind: those that are updated */
    double setup_seconds, seconds, observe_seconds;
    int64_t ticks;
    int threads;
};

/* text with every `word` replaced by a number, as a new text. */
static char *
substitute(const char *text, const char *word, int64_t number)
{
    const char *at = strstr(text, word);
    if (at == NULL) {
        return sim_copy_text(text);
    }
    char *once = sim_print_text("%.*s%" PRId64 "%s", (int) (at - text), text, number, at + strlen(word));
    char *all = once != NULL ? substitute(once, word, number) : NULL;
    sim_free(once);
    return all;
}

static int
set_one(const struct sim_model *model, const char *assignment, void *params)
{
    char key[SIM_KEY_SIZE], why[256] = "no such key";
    const char *equals = strchr(assignment, '=');
    int length = equals != NULL ? (int) (equals - assignment) : 0;
    snprintf(key, sizeof(key), "%.*s", length, assignment);
    const struct sim_field *field = sim_fields_find(&model->fields, key);
    if (equals == NULL || field == NULL
        || sim_field_parse(field, equals + 1, params, why, sizeof(why)) != SIM_OK) {
        cli_complain("%s: %s", assignment, equals == NULL ? "KEY=VALUE is expected" : why);
        return CLI_WRONG;
    }
    if (field->type == SIM_PLACES && sim_field_names_table(equals + 1)) {
        cli_complain("%s: bench takes a number, no table", assignment);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

static int
check_params(const struct sim_model *model, const void *params)
{
    struct sim_complaint complaint;
    if (model->check != NULL && model->check(params, &complaint, 1) > 0) {
        cli_complain("%s", complaint.text);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

/* The model's own settings for a benchmark of this size, then those of the command line. */
static int
set_params(const struct sim_model *model, const struct cli_options *options, void *params)
{
    int64_t agents = options->agents > 0 ? options->agents : 1000000;
    int64_t each = agents < AGENTS_PER_BLOCK ? agents : AGENTS_PER_BLOCK;
    char *sized = substitute(model->benchmark, "{agents}", each);
    char *settings = sized != NULL ? substitute(sized, "{communities}", (agents + each - 1) / each) : NULL,
         *rest = NULL;
    int ret = settings != NULL && sim_fields_defaults(&model->fields, params, NULL) == SIM_OK ? CLI_DONE
                                                                                              : CLI_FAILED;
    for (char *word = ret == CLI_DONE ? strtok_r(settings, " ", &rest) : NULL;
         word != NULL && ret == CLI_DONE; word = strtok_r(NULL, " ", &rest)) {
        ret = set_one(model, word, params);
    }
    for (size_t i = 0; i < options->n_settings && ret == CLI_DONE; i++) {
        ret = set_one(model, options->settings[i], params);
    }
    sim_free(sized);
    sim_free(settings);
    return ret == CLI_DONE ? check_params(model, params) : ret;
}

/* Of the kind that has most agents, how many there are in the whole world. */
static uint64_t
count_agents(const struct sim_world *world)
{
    const struct sim_view *view = sim_world_view(world);
    uint64_t most = 0;
    for (uint32_t k = 0; k < world->model->n_kinds; k++) {
        uint64_t n = view->count[k];
        for (uint32_t r = 0; r < view->n_below; r++) {
            n += view->below[r]->count[k];
            for (uint32_t b = 0; b < view->below[r]->n_below; b++) {
                n += view->below[r]->below[b]->count[k];
            }
        }
        most = n > most ? n : most;
    }
    return most;
}

static int
measure(struct bench *bench, const struct sim_model *model, const void *params, struct sim_key key)
{
    double start = sim_seconds();
    int ret = sim_world_init(&bench->world, model, params, key, bench->threads);
    double *row = sim_alloc(sim_model_row(model), sizeof(double));
    if (ret != SIM_OK || row == NULL) {
        sim_free(row);
        return SIM_ERR_MEMORY;
    }
    bench->setup_seconds = sim_seconds() - start;
    bench->agents = count_agents(&bench->world);
    for (int t = 0; t < WARM_UP; t++) {
        sim_world_step(&bench->world);
    }
    bench->world.timed = 1;
    for (int64_t t = 0; t < bench->ticks; t++) {
        double before = sim_seconds();
        sim_world_step(&bench->world);
        double stepped = sim_seconds();
        sim_world_observe(&bench->world, row);
        bench->seconds += sim_seconds() - before;
        bench->observe_seconds += sim_seconds() - stepped;
    }
    sim_free(row);
    return SIM_OK;
}

static double
updates_per_second(const struct bench *bench)
{
    return (double) bench->agents * (double) bench->ticks / bench->seconds;
}

static void
print_json(const struct bench *bench, const struct cli_program *program)
{
    const struct sim_model *model = bench->world.model;
    json_t *phases = json_array();
    for (uint32_t p = 0; p < model->n_phases; p++) {
        json_array_append_new(phases,
            json_pack("{s:s, s:f}", "name", model->phases[p].name, "seconds",
                sim_world_phase_seconds(&bench->world, p)));
    }
    json_array_append_new(
        phases, json_pack("{s:s, s:f}", "name", "observe", "seconds", bench->observe_seconds));
    json_t *all = json_pack("{s:s, s:s, s:I, s:I, s:i, s:f, s:f, s:f, s:f, s:o}", "model", model->name, "isa",
        program->isa, "agents", (json_int_t) bench->agents, "ticks", (json_int_t) bench->ticks, "threads",
        bench->threads, "updates_per_second", updates_per_second(bench), "seconds", bench->seconds,
        "setup_seconds", bench->setup_seconds, "bytes_per_agent",
        (double) bench->world.bytes / (double) bench->agents, "phases", phases);
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
    printf("\n");
    json_decref(all);
}

static void
print_row(const struct bench *bench, const char *name, double seconds)
{
    double updates = (double) bench->agents * (double) bench->ticks;
    printf("  %-20s %9.3f ms a tick  %5.1f %%  %7.2f ns an agent\n", name,
        seconds / (double) bench->ticks * 1e3, 100 * seconds / bench->threads / bench->seconds,
        seconds / updates * 1e9);
}

static void
print_text(const struct bench *bench, const struct cli_program *program)
{
    const struct sim_model *model = bench->world.model;
    printf("%s: %" PRIu64 " agents, %" PRId64 " ticks, %d thread%s, instruction set %s\n", model->name,
        bench->agents, bench->ticks, bench->threads, bench->threads > 1 ? "s" : "", program->isa);
    printf("%.3g agent-updates/s, set-up %.3f s, %.1f bytes an agent\n\n", updates_per_second(bench),
        bench->setup_seconds, (double) bench->world.bytes / (double) bench->agents);
    for (uint32_t p = 0; p < model->n_phases; p++) {
        print_row(bench, model->phases[p].name, sim_world_phase_seconds(&bench->world, p));
    }
    print_row(bench, "observe", bench->observe_seconds * bench->threads);
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    const char *name = options->model != NULL ? options->model : program->standard_model;
    const struct sim_model *model = program->find_model(name);
    struct bench bench = { .ticks = options->ticks > 0 ? options->ticks : 20,
        .threads = options->threads > 0 ? (int) options->threads : 1 };
    if (model == NULL) {
        cli_complain("unknown model \"%s\"; models are %s", name, program->model_names);
        return CLI_WRONG;
    }
    void *params = sim_alloc(1, model->fields.size);
    int ret = params != NULL ? set_params(model, options, params) : CLI_FAILED;
    if (ret == CLI_DONE) {
        struct sim_key key = { options->seed >= 0 ? (uint32_t) options->seed : SIM_STANDARD_SEED, 0 };
        struct sim_binding binding;
        sim_binding_init(&binding, bench.threads, cli_binds(options));
        ret = measure(&bench, model, params, key) == SIM_OK ? CLI_DONE : CLI_FAILED;
        sim_binding_free(&binding);
    }
    if (ret == CLI_DONE && options->format != NULL && strcmp(options->format, "json") == 0) {
        print_json(&bench, program);
    } else if (ret == CLI_DONE) {
        print_text(&bench, program);
    } else if (ret == CLI_FAILED) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
    }
    sim_world_free(&bench.world);
    sim_free(params);
    return ret;
}

const struct cli_command command_bench = {
    .name = "bench",
    .arguments = "[options]",
    .summary = "Measure how many agent-updates a second this machine does, by phase.",
    .notes =
        "Measures 20 ticks of one world on one thread unless told otherwise. Timings vary with the machine's load:\n"
        "compare runs side by side.",
    .options =
        CLI_MODEL | CLI_AGENTS | CLI_TICKS | CLI_THREADS | CLI_SEED | CLI_SET | CLI_FORMAT | CLI_NO_BIND,
    .formats = "text|json",
    .run = run,
};
