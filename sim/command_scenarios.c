/* command_scenarios.c - cogov scenarios: the scenarios that can be run by name, or what one of them sets and why. */
#include "sim/cli_table.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static int
is_scenario_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && entry->d_name[sim_stem_length(entry->d_name)] != '\0';
}

static int
is_listed(const struct cli_table *table, const char *stem)
{
    for (size_t r = 0; r < table->n_rows; r++) {
        if (strcmp(cli_table_cell(table, r, 0), stem) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The text of a key along the chain, or none. */
static const char *
top_text(const struct sim_scenario *scenario, const char *key)
{
    const struct sim_entry *entry = sim_scenario_top(scenario, key);
    return entry != NULL ? entry->text : "";
}

/* A file with faults is listed too, with what could be read: cogov check tells them. */
static int
add_scenario(struct cli_table *table, const struct sim_search *search, const char *path)
{
    struct sim_scenario scenario;
    int ret = sim_scenario_load(&scenario, path, search, NULL);
    if (ret != SIM_ERR_MEMORY) {
        const char *stem = scenario.documents[scenario.n_documents - 1].stem;
        const char *row[] = { stem, top_text(&scenario, "title"), top_text(&scenario, "place"),
            top_text(&scenario, "source"), top_text(&scenario, "model"), top_text(&scenario, "extends"),
            path };
        if (!is_listed(table, stem)) {
            cli_table_add(table, row);
        }
    }
    sim_scenario_free(&scenario);
    return ret == SIM_ERR_MEMORY;
}

static int
list_scenarios(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = { .heads = { "name", "title", "place", "source", "model", "extends", "file" },
        .n_columns = 7,
        .is_aligned = 1 };
    const struct sim_search search = { .folders = program->folders };
    for (size_t f = 0; program->folders[f] != NULL; f++) {
        struct dirent **entries = NULL;
        int n = scandir(program->folders[f], &entries, is_scenario_name, alphasort);
        for (int i = 0; i < n; i++) {
            char *path = sim_print_text("%s/%s", program->folders[f], entries[i]->d_name);
            table.failed |= path == NULL || add_scenario(&table, &search, path);
            sim_free(path);
            free(entries[i]); /* scandir's own */
        }
        free(entries);
    }
    return cli_table_print(&table, options);
}

/* What stands behind the mark of a comment in a line of a file; a new text, NULL without memory. */
static char *
copy_comment(const struct sim_document *document, int line)
{
    const char *start = document->text;
    while (line > 1 && (start = strchr(start, '\n')) != NULL) {
        start++;
        line--;
    }
    size_t length = start != NULL ? strcspn(start, "\r\n") : 0;
    size_t at = 1;
    while (at < length && !(start[at] == '#' && strchr(" \t", start[at - 1]) != NULL)) {
        at++;
    }
    if (at >= length) {
        return sim_copy_text("");
    }
    at += 1 + strspn(start + at + 1, " \t");
    return sim_print_text("%.*s", (int) (length - at), start + at);
}

/* The file and the entry that settle a parameter: the last of the chain. NULL if none gives it. */
static const struct sim_entry *
settling_entry(const struct sim_scenario *scenario, const char *key, const struct sim_document **document)
{
    for (size_t i = scenario->n_documents; i > 0; i--) {
        const struct sim_entry *entry = sim_document_find(&scenario->documents[i - 1], key);
        if (entry != NULL) {
            *document = &scenario->documents[i - 1];
            return entry;
        }
    }
    return NULL;
}

static void
add_setting(struct cli_table *table, const struct sim_scenario *scenario, const struct sim_field *field)
{
    char key[SIM_KEY_SIZE];
    sim_field_key(field, key);
    const struct sim_document *document = NULL;
    const struct sim_entry *entry = settling_entry(scenario, key, &document);
    if (entry == NULL) {
        return;
    }
    char *comment = copy_comment(document, entry->value_at.line);
    const char *row[] = { key, entry->text, field->standard, document->stem, comment != NULL ? comment : "" };
    table->failed |= comment == NULL;
    cli_table_add(table, row);
    sim_free(comment);
}

/* What a file says of itself, and all that it extends, nearest first. A program that reads the table has
 * that from the list. */
static void
print_heading(const struct sim_scenario *scenario)
{
    static const char *const keys[] = { "title", "place", "source" };
    for (size_t k = 0; k < SIM_COUNT_OF(keys); k++) {
        const char *text = top_text(scenario, keys[k]);
        if (*text != '\0') {
            printf("%-8s %s\n", keys[k], text);
        }
    }
    for (size_t i = scenario->n_documents - 1; i > 0; i--) {
        printf("extends  %s\n", scenario->documents[i - 1].stem);
    }
    printf("\n");
}

static int
show_loaded(
    const struct cli_options *options, const struct sim_model *model, const struct sim_scenario *scenario)
{
    struct cli_table table = {
        .heads = { "key", "value", "default", "file", "comment" }, .n_columns = 5, .is_aligned = 1
    };
    if (sim_document_branch(&scenario->documents[scenario->n_documents - 1], "scenarios") != NULL) {
        cli_complain("%s is an experiment, a list of scenarios, not a scenario", options->words[0]);
        return CLI_WRONG;
    }
    if (options->format == NULL || strcmp(options->format, "text") == 0) {
        print_heading(scenario);
    }
    for (size_t f = 0; f < model->fields.count; f++) {
        add_setting(&table, scenario, &model->fields.list[f]);
    }
    return cli_table_print(&table, options);
}

/* Checked first as it would be for a run, so that what is shown is what holds. */
static int
show_scenario(const struct cli_program *program, const struct cli_options *options)
{
    struct sim_experiment experiment;
    struct sim_scenario scenario;
    const struct sim_search search = { .folders = program->folders };
    const struct sim_where nowhere = { NULL, 0, 0 };
    int ret = cli_experiment(program, options, 1, &experiment);
    if (ret == CLI_DONE) {
        char *path = sim_search_find(&search, options->words[0], NULL, nowhere, NULL);
        if (path == NULL || sim_scenario_load(&scenario, path, &search, NULL) == SIM_ERR_MEMORY) {
            cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
            ret = CLI_FAILED;
        } else {
            ret = show_loaded(options, experiment.model, &scenario);
            sim_scenario_free(&scenario);
        }
        sim_free(path);
        sim_experiment_free(&experiment);
    }
    return ret;
}

static int
scenarios(const struct cli_program *program, const struct cli_options *options)
{
    return options->n_words == 0 ? list_scenarios(program, options) : show_scenario(program, options);
}

const struct cli_command command_scenarios = {
    .name = "scenarios",
    .arguments = "[SCENARIO]",
    .summary = "List the scenarios that can be run by name, or show what one of them sets and why.",
    .notes =
        "Listed are the scenarios in ./scenarios, then those installed. Of one scenario, each value is shown with\n"
        "the default, the file that says so, and the comment there, which names the source.",
    .options = CLI_FORMAT,
    .most = 1,
    .formats = CLI_TABLE_FORMATS,
    .run = scenarios,
};
