/* command_list.c - cogov params, observations, scenarios, models: the registries as the program has them, as
 * text, Markdown or JSON. Each command makes a table of texts; the three formats print any table. */
#include "sim/cli.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_LIMIT 12

/* Rows of texts under heads. */
struct table {
    const char *heads[COLUMNS_LIMIT];
    int n_columns;
    char **cells; /* n_rows * n_columns */
    size_t n_rows;
    int failed; /* out of memory */
};

static void
table_add(struct table *table, const char *const *row)
{
    size_t n = (size_t) table->n_columns;
    char **cells = sim_resize(table->cells, table->n_rows * n, (table->n_rows + 1) * n, sizeof(*cells));
    if (cells == NULL) {
        table->failed = 1;
        return;
    }
    table->cells = cells;
    for (size_t c = 0; c < n; c++) {
        cells[table->n_rows * n + c] = sim_copy_text(row[c]);
        table->failed |= cells[table->n_rows * n + c] == NULL;
    }
    table->n_rows++;
}

static void
table_free(struct table *table)
{
    for (size_t i = 0; i < table->n_rows * (size_t) table->n_columns; i++) {
        sim_free(table->cells[i]);
    }
    sim_free(table->cells);
}

static const char *
cell(const struct table *table, size_t row, int column)
{
    return table->cells[row * (size_t) table->n_columns + (size_t) column];
}

static void
print_json(const struct table *table)
{
    json_t *list = json_array();
    for (size_t r = 0; r < table->n_rows; r++) {
        json_t *object = json_object();
        for (int c = 0; c < table->n_columns; c++) {
            json_object_set_new(object, table->heads[c], json_string(cell(table, r, c)));
        }
        json_array_append_new(list, object);
    }
    json_dumpf(list, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(list);
}

static void
print_markdown_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|' || *text == '*' || *text == '_' || *text == '<') {
            putchar('\\');
        }
        putchar(*text);
    }
}

static void
print_markdown(const struct table *table)
{
    for (int c = 0; c < table->n_columns; c++) {
        printf("| %s ", table->heads[c]);
    }
    printf("|\n");
    for (int c = 0; c < table->n_columns; c++) {
        printf("|---");
    }
    printf("|\n");
    for (size_t r = 0; r < table->n_rows; r++) {
        for (int c = 0; c < table->n_columns; c++) {
            printf("| ");
            print_markdown_text(cell(table, r, c));
            printf(" ");
        }
        printf("|\n");
    }
}

/* One entry a row: the first column on a line of its own with the second, the others below it. */
static void
print_text(const struct table *table)
{
    for (size_t r = 0; r < table->n_rows; r++) {
        printf("%s\n", cell(table, r, 0));
        for (int c = 1; c < table->n_columns; c++) {
            if (*cell(table, r, c) != '\0') {
                printf("    %-12s %s\n", table->heads[c], cell(table, r, c));
            }
        }
    }
}

static int
print_table(struct table *table, const struct cli_options *options)
{
    const char *format = options->format != NULL ? options->format : "text";
    int ret = CLI_DONE;
    if (table->failed) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        ret = CLI_FAILED;
    } else if (strcmp(format, "json") == 0) {
        print_json(table);
    } else if (strcmp(format, "markdown") == 0) {
        print_markdown(table);
    } else {
        print_text(table);
    }
    table_free(table);
    return ret;
}

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
add_param(struct table *table, const struct sim_field *field)
{
    static const char *const types[] = { "real", "integer", "switch", "choice", "distribution" };
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
    table_add(table, row);
}

static int
list_params(const struct cli_program *program, const struct cli_options *options)
{
    struct table table = {
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
    return print_table(&table, options);
}

static void
add_observation(struct table *table, const struct sim_model *model, const struct sim_observation *observation)
{
    static const char *const kinds[] = { "mean", "total", "count" };
    char labels[512] = "", range[64];
    const struct sim_dimension *by =
        observation->dimension >= 0 ? &model->dimensions[observation->dimension] : NULL;
    for (uint32_t l = 0; by != NULL && l < by->count; l++) {
        size_t at = strlen(labels);
        snprintf(labels + at, sizeof(labels) - at, "%s%s", l > 0 ? ", " : "", by->labels[l]);
    }
    range_text(range, sizeof(range), observation->lowest, observation->highest);
    const char *row[] = { observation->name, observation->unit, kinds[observation->aggregate],
        by != NULL ? by->name : "", labels, range, observation->doc };
    table_add(table, row);
}

static int
list_observations(const struct cli_program *program, const struct cli_options *options)
{
    struct table table = { .heads = { "name", "unit", "kind", "dimension", "labels", "range", "meaning" },
        .n_columns = 7 };
    const struct sim_model *model = chosen_model(program, options);
    if (model == NULL) {
        return CLI_WRONG;
    }
    for (uint32_t o = 0; o < model->n_observations; o++) {
        add_observation(&table, model, &model->observations[o]);
    }
    return print_table(&table, options);
}

static int
list_models(const struct cli_program *program, const struct cli_options *options)
{
    struct table table = { .heads = { "name", "title", "actors", "meaning" }, .n_columns = 4 };
    char *names = sim_copy_text(program->model_names), *rest = NULL;
    for (char *name = names != NULL ? strtok_r(names, "|", &rest) : NULL; name != NULL;
         name = strtok_r(NULL, "|", &rest)) {
        const struct sim_model *model = program->find_model(name);
        if (model != NULL) {
            const char *row[] = { model->name, model->title, model->actors, model->doc };
            table_add(&table, row);
        }
    }
    sim_free(names);
    return print_table(&table, options);
}

static int
is_scenario_name(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return entry->d_name[0] != '.' && n > 5 && strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

static int
is_listed(const struct table *table, const char *stem)
{
    for (size_t r = 0; r < table->n_rows; r++) {
        if (strcmp(cell(table, r, 0), stem) == 0) {
            return 1;
        }
    }
    return 0;
}

static void
add_scenario(struct table *table, const char *path)
{
    struct sim_document document;
    sim_document_read(&document, path, NULL);
    const struct sim_entry *title = sim_document_find(&document, "title"),
                           *extends = sim_document_find(&document, "extends");
    if (document.stem != NULL && !is_listed(table, document.stem)) {
        const char *row[] = { document.stem, title != NULL ? title->text : "",
            extends != NULL ? extends->text : "", path };
        table_add(table, row);
    }
    sim_document_free(&document);
}

static int
list_scenarios(const struct cli_program *program, const struct cli_options *options)
{
    struct table table = { .heads = { "name", "title", "extends", "file" }, .n_columns = 4 };
    for (size_t f = 0; program->folders[f] != NULL; f++) {
        struct dirent **entries = NULL;
        int n = scandir(program->folders[f], &entries, is_scenario_name, alphasort);
        for (int i = 0; i < n; i++) {
            char *path = sim_print_text("%s/%s", program->folders[f], entries[i]->d_name);
            if (path != NULL) {
                add_scenario(&table, path);
            }
            sim_free(path);
            free(entries[i]);
        }
        free(entries);
    }
    return print_table(&table, options);
}

#define FORMATS "text|markdown|json"

const struct cli_command command_params = {
    .name = "params",
    .arguments = "[PART OF A KEY]",
    .summary = "List the parameters of a model: key, symbol, default, range, unit, meaning, source.",
    .options = CLI_FORMAT | CLI_MODEL,
    .most = 1,
    .formats = FORMATS,
    .run = list_params,
};

const struct cli_command command_observations = {
    .name = "observations",
    .arguments = "",
    .summary = "List what a model records each month: name, unit, dimension, meaning.",
    .options = CLI_FORMAT | CLI_MODEL,
    .formats = FORMATS,
    .run = list_observations,
};

const struct cli_command command_scenarios = {
    .name = "scenarios",
    .arguments = "",
    .summary = "List the scenarios that can be run by name: those in ./scenarios, then those installed.",
    .options = CLI_FORMAT,
    .formats = FORMATS,
    .run = list_scenarios,
};

const struct cli_command command_models = {
    .name = "models",
    .arguments = "",
    .summary = "List the models of this program.",
    .options = CLI_FORMAT,
    .formats = FORMATS,
    .run = list_models,
};
