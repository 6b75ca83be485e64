/* command_list.c - cogov params, observations, models and so on: the registries as the program has them, as
 * text, Markdown or JSON. */
#include "sim/cli_table.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LABELS_SIZE 1024 /* room for all labels of a dimension, joined */

/* The model that --model names. */
static const struct sim_model *
chosen_model(const struct cli_program *program, const struct cli_options *options)
{
    const char *name = options->model != NULL ? options->model : program->standard_model;
    const struct sim_model *model = program->find_model(name);
    if (model == NULL) {
        cli_complain("unknown model \"%s\"; models are %s", name, program->model_names);
    }
    return model;
}

static void
range_text(char *text, size_t size, double lowest, double highest)
{
    if (isnan(lowest)) {
        text[0] = '\0';
    } else {
        snprintf(text, size, "%.15g to %.15g", lowest, highest);
    }
}

static void
add_param(struct cli_table *table, const struct sim_field *field)
{
    static const char *const types[] = { [SIM_REAL] = "real",
        [SIM_INTEGER] = "integer",
        [SIM_SWITCH] = "switch",
        [SIM_CHOICE] = "choice",
        [SIM_DISTRIBUTION] = "distribution",
        [SIM_PLACES] = "integer or table" };
    char key[SIM_KEY_SIZE], range[64] = "";
    int numeric = field->type != SIM_SWITCH && field->type != SIM_CHOICE;
    sim_field_key(field, key);
    if (numeric) {
        range_text(range, sizeof(range), field->lowest, field->highest);
    }
    const char *row[] = { key, field->symbol, types[field->type], field->standard,
        field->type == SIM_CHOICE       ? field->choices
            : field->type == SIM_SWITCH ? "on|off"
                                        : range,
        field->unit, field->doc, field->source };
    cli_table_add(table, row);
}

static int
list_params(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = {
        .heads = { "key", "symbol", "type", "default", "range", "unit", "meaning", "source" }, .n_columns = 8
    };
    const struct sim_model *model = chosen_model(program, options);
    if (model == NULL) {
        return CLI_WRONG;
    }
    for (size_t f = 0; f < model->fields.count; f++) {
        const struct sim_field *field = &model->fields.list[f];
        char key[SIM_KEY_SIZE];
        sim_field_key(field, key);
        if (options->n_words == 0 || strstr(key, options->words[0]) != NULL) {
            add_param(&table, field);
        }
    }
    if (table.n_rows == 0 && options->n_words > 0 && !table.failed) {
        char nearest[SIM_KEY_SIZE];
        int near = sim_fields_suggest(&model->fields, options->words[0], nearest);
        cli_complain("no parameter of %s has \"%s\" in its key%s%s%s", model->name, options->words[0],
            near ? "; did you mean \"" : "", near ? nearest : "", near ? "\"?" : "");
    }
    return cli_table_print(&table, options);
}

static void
join_labels(char text[LABELS_SIZE], const char *const *labels, uint32_t n)
{
    for (uint32_t l = 0; l < n; l++) {
        size_t at = strlen(text);
        snprintf(text + at, LABELS_SIZE - at, "%s%s", l > 0 ? ", " : "", labels[l]);
    }
}

static void
add_observation(
    struct cli_table *table, const struct sim_model *model, const struct sim_observation *observation)
{
    static const char *const kinds[] = { "mean", "total", "count" };
    char labels[LABELS_SIZE] = "", labels_zh[LABELS_SIZE] = "", range[64];
    const struct sim_dimension *by =
        observation->dimension >= 0 ? &model->dimensions[observation->dimension] : NULL;
    if (by != NULL) {
        join_labels(labels, by->labels, by->count);
        join_labels(labels_zh, by->labels_zh, by->labels_zh != NULL ? by->count : 0);
    }
    range_text(range, sizeof(range), observation->lowest, observation->highest);
    const char *row[] = { observation->name, observation->unit, kinds[observation->aggregate],
        by != NULL ? by->name : "", labels, range, observation->doc,
        observation->title_zh != NULL ? observation->title_zh : "", labels_zh };
    cli_table_add(table, row);
}

static int
list_observations(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = { .heads = { "name", "unit", "kind", "dimension", "labels", "range", "meaning",
                                   "title_zh", "labels_zh" },
        .n_columns = 9 };
    const struct sim_model *model = chosen_model(program, options);
    if (model == NULL) {
        return CLI_WRONG;
    }
    for (uint32_t o = 0; o < model->n_observations; o++) {
        add_observation(&table, model, &model->observations[o]);
    }
    return cli_table_print(&table, options);
}

/* What a parameter's value rests on, by how its source begins or what it says; the first that fits. */
struct ground {
    const char *name;
    const char *begins; /* NULL: anything */
    const char *says;   /* NULL: anything */
};

static const struct ground grounds[] = {
    { "calibrated", NULL, "calibrated" },
    { "assumption, sign from a source", "assumption", "sign " },
    { "assumption", "assumption", NULL },
    { "fitted", "fitted", NULL },
    { "derived", "derived", NULL },
    { "public figure, as reported", NULL, "as reported" },
    { "model (constant or switch)", "model", NULL },
    { "source paper", NULL, NULL },
};

static size_t
ground_of(const char *source)
{
    size_t g = 0;
    while ((grounds[g].begins != NULL && strncmp(source, grounds[g].begins, strlen(grounds[g].begins)) != 0)
        || (grounds[g].says != NULL && strstr(source, grounds[g].says) == NULL)) {
        g++;
    }
    return g;
}

/* One row a ground, with how many parameters rest on it. */
static int
list_sources(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = { .heads = { "rests on", "parameters", "share" }, .n_columns = 3 };
    const struct sim_model *model = chosen_model(program, options);
    size_t count[SIM_COUNT_OF(grounds)] = { 0 };
    if (model == NULL) {
        return CLI_WRONG;
    }
    for (size_t f = 0; f < model->fields.count; f++) {
        count[ground_of(model->fields.list[f].source)]++;
    }
    for (size_t g = 0; g <= SIM_COUNT_OF(grounds); g++) {
        int is_all = g == SIM_COUNT_OF(grounds);
        size_t n = is_all ? model->fields.count : count[g];
        char number[24], share[24];
        snprintf(number, sizeof(number), "%zu", n);
        snprintf(share, sizeof(share), "%.2f",
            model->fields.count > 0 ? (double) n / (double) model->fields.count : 0);
        const char *row[] = { is_all ? "all" : grounds[g].name, number, share };
        cli_table_add(&table, row);
    }
    return cli_table_print(&table, options);
}

/* What a model calls a level. */
static const char *
level_text(const struct sim_model *model, enum sim_level level)
{
    static const char *const levels[] = { "world", "region", "block" };
    return model->level_names[level] != NULL ? model->level_names[level] : levels[level];
}

static int
list_phases(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = { .heads = { "phase", "scope", "equation", "switch", "meaning" },
        .n_columns = 5 };
    const struct sim_model *model = chosen_model(program, options);
    if (model == NULL) {
        return CLI_WRONG;
    }
    for (uint32_t p = 0; p < model->n_phases; p++) {
        const struct sim_phase *phase = &model->phases[p];
        char key[SIM_KEY_SIZE];
        snprintf(key, sizeof(key), "switches.%s", phase->name);
        int has_own = sim_fields_find(&model->fields, key) != NULL;
        const char *row[] = { phase->name, level_text(model, phase->scope),
            phase->equation != NULL ? phase->equation : "",
            phase->switched_by != NULL ? phase->switched_by
                : has_own              ? key
                                       : "",
            phase->doc != NULL ? phase->doc : "" };
        cli_table_add(&table, row);
    }
    return cli_table_print(&table, options);
}

static int
list_state(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = { .heads = { "variable", "of", "level", "type", "unit", "copy", "meaning" },
        .n_columns = 7 };
    const struct sim_model *model = chosen_model(program, options);
    if (model == NULL) {
        return CLI_WRONG;
    }
    for (uint32_t c = 0; c < model->n_columns; c++) {
        const struct sim_column *column = &model->columns[c];
        const struct sim_kind *kind = &model->kinds[column->kind];
        char name[SIM_KEY_SIZE];
        snprintf(name, sizeof(name), "%s.%s", kind->name, column->name);
        const char *row[] = { name, kind->doc, level_text(model, kind->level), column->type, column->unit,
            column->before != 0 ? "start of the month" : "", column->doc };
        cli_table_add(&table, row);
    }
    return cli_table_print(&table, options);
}

static int
list_models(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = { .heads = { "name", "title", "actors", "meaning" }, .n_columns = 4 };
    char *names = sim_copy_text(program->model_names), *rest = NULL;
    for (char *name = names != NULL ? strtok_r(names, "|", &rest) : NULL; name != NULL;
         name = strtok_r(NULL, "|", &rest)) {
        const struct sim_model *model = program->find_model(name);
        if (model != NULL) {
            const char *row[] = { model->name, model->title, model->actors, model->doc };
            cli_table_add(&table, row);
        }
    }
    sim_free(names);
    return cli_table_print(&table, options);
}

const struct cli_command command_params = {
    .name = "params",
    .arguments = "[PART OF A KEY]",
    .summary = "List the parameters of a model: key, symbol, default, range, unit, meaning, source.",
    .options = CLI_FORMAT | CLI_MODEL,
    .most = 1,
    .formats = CLI_TABLE_FORMATS,
    .run = list_params,
};

const struct cli_command command_observations = {
    .name = "observations",
    .arguments = "",
    .summary = "List what a model records each month: name, unit, dimension, meaning, and titles in Chinese.",
    .options = CLI_FORMAT | CLI_MODEL,
    .formats = CLI_TABLE_FORMATS,
    .run = list_observations,
};

const struct cli_command command_phases = {
    .name = "phases",
    .arguments = "",
    .summary = "List a model's month: its rules in order, with scope, equation, switch and meaning.",
    .options = CLI_FORMAT | CLI_MODEL,
    .formats = CLI_TABLE_FORMATS,
    .run = list_phases,
};

const struct cli_command command_state = {
    .name = "state",
    .arguments = "",
    .summary = "List a model's state variables: of what, at which level, type, unit, meaning.",
    .options = CLI_FORMAT | CLI_MODEL,
    .formats = CLI_TABLE_FORMATS,
    .run = list_state,
};

const struct cli_command command_sources = {
    .name = "sources",
    .arguments = "",
    .summary = "Count a model's parameters by what their values rest on: a source, or an assumption.",
    .options = CLI_FORMAT | CLI_MODEL,
    .formats = CLI_TABLE_FORMATS,
    .run = list_sources,
};

const struct cli_command command_models = {
    .name = "models",
    .arguments = "",
    .summary = "List the models of this program.",
    .options = CLI_FORMAT,
    .formats = CLI_TABLE_FORMATS,
    .run = list_models,
};
