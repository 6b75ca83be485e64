/* report_run.c - what was run: the file, its scenarios, what varied, what was observed, and which cells failed. */
#include "analysis/report_data.h"
#include "analysis/report_json.h"

#include "analysis/outcome.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <stdlib.h>
#include <string.h>

/* Sets a member of an object, if there is memory for both. */
static int
set(json_t *object, const char *name, json_t *value)
{
    return report_set(object, name, value) ? SIM_ERR_MEMORY : SIM_OK;
}

/* Sets a member that is an array, of what make gives for each of n. */
static int
set_each(json_t *data, const char *name, const struct report_file *file, uint32_t n,
    json_t *(*make)(const struct report_file *file, uint32_t i))
{
    json_t *array = json_array();
    int failed = array == NULL;
    for (uint32_t i = 0; i < n && !failed; i++) {
        failed = report_append(array, make(file, i));
    }
    int ret = set(data, name, array);
    return failed ? (int) SIM_ERR_MEMORY : ret;
}

/* A text attribute; null if there is none. */
static json_t *
attribute(const struct reader *reader, const char *object, const char *name)
{
    char *text = NULL;
    json_t *json = reader_attribute(reader, object, name, &text) == SIM_OK ? report_text(text) : NULL;
    sim_free(text);
    return json;
}

static int
add_build(json_t *data, const struct reader *reader)
{
    char **names = NULL;
    uint32_t n = 0;
    json_t *build = json_object();
    int ret = reader_attributes(reader, "/provenance", &names, &n);
    ret = ret == SIM_ERR_FILE ? (int) SIM_OK : ret; /* a file without says nothing of it */
    for (uint32_t i = 0; ret == SIM_OK && i < n; i++) {
        ret = set(build, names[i], attribute(reader, "/provenance", names[i]));
    }
    reader_free_texts(names, n);
    int failed = set(data, "build", build);
    return ret != SIM_OK ? ret : failed;
}

static int
add_header(json_t *data, const struct reader *reader)
{
    const char *slash = strrchr(reader->path, '/');
    const struct {
        const char *name;
        json_t *value;
    } members[] = {
        { "file", report_text(slash != NULL ? slash + 1 : reader->path) },
        { "title", report_text(reader->title) },
        { "model", report_text(reader->model) },
        { "seed", json_integer(reader->seed) },
        { "first_tick", json_integer((json_int_t) reader->before + 1) },
        { "ticks", json_integer((json_int_t) reader->before + reader->n_ticks) },
        { "burn_in", json_integer(reader->burn_in) },
        { "replicates", json_integer(reader->n_replicates) },
        { "spec_digest", attribute(reader, "/", "spec_digest") },
    };
    int ret = SIM_OK;
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
        int failed = set(data, members[i].name, members[i].value);
        ret = ret != SIM_OK ? ret : failed;
    }
    return ret;
}

/* The complete scenario, as it was run; null if the file has none of this name. */
static json_t *
resolved(const struct reader *reader, const char *scenario)
{
    char **names = NULL, *text = NULL;
    uint32_t n = reader_length(reader, "config/scenario");
    int ret = n > 0 ? reader_texts(reader, "config/scenario", n, &names) : SIM_ERR_FILE;
    for (uint64_t i = 0; ret == SIM_OK && i < n && text == NULL; i++) {
        if (strcmp(names[i], scenario) == 0) {
            ret = reader_text(reader, "config/resolved", &i, 1, &text);
        }
    }
    json_t *json = ret != SIM_ERR_MEMORY ? report_text(text) : NULL;
    sim_free(text);
    reader_free_texts(names, n);
    return json;
}

static json_t *
scenario_json(const struct report_file *file, uint32_t i)
{
    const struct report_group *group = &file->groups[i];
    const struct reader *reader = file->reader;
    return json_pack("{s:o, s:o, s:I, s:I, s:o}", "name", report_text(reader->scenarios[group->first_design]),
        "title", report_text(reader->titles[group->first_design]), "first_design",
        (json_int_t) group->first_design, "n_designs", (json_int_t) group->n_designs, "resolved",
        resolved(reader, reader->scenarios[group->first_design]));
}

static json_t *
group_json(const struct report_file *file, uint32_t i)
{
    const struct report_group *group = &file->groups[i];
    json_t *designs = json_array();
    int failed = designs == NULL;
    for (uint32_t d = 0; d < group->n_designs && !failed; d++) {
        failed = report_append(designs, json_integer((json_int_t) group->first_design + d));
    }
    json_t *json =
        json_pack("{s:o, s:o, s:I, s:o}", "name", report_text(file->reader->scenarios[group->first_design]),
            "title", report_text(file->reader->titles[group->first_design]), "n_designs",
            (json_int_t) group->n_designs, "designs", designs);
    if (failed) {
        json_decref(json);
    }
    return failed ? NULL : json;
}

static json_t *
factor_json(const struct report_file *file, uint32_t i)
{
    const struct factor *factor = &file->factors.list[i];
    json_t *values = json_array();
    int failed = values == NULL;
    for (uint32_t d = 0; d < file->factors.n_designs && !failed; d++) {
        failed = report_append(
            values, factor->texts != NULL ? report_text(factor->texts[d]) : report_number(factor->values[d]));
    }
    json_t *json = json_pack("{s:o, s:o, s:o, s:o}", "name", report_text(factor->name), "title",
        report_text(factor->title), "unit", report_text(factor->unit), "values", values);
    if (failed) {
        json_decref(json);
    }
    return failed ? NULL : json;
}

static int
add_design(json_t *data, const struct report_file *file)
{
    if (file->factors.n == 0) {
        return set(data, "design", json_null());
    }
    json_t *design = json_object();
    int ret = set(design, "kind", report_text(file->factors.kind));
    if (ret == SIM_OK) {
        ret = set_each(design, "factors", file, file->factors.n, factor_json);
    }
    int failed = set(data, "design", design);
    return ret != SIM_OK ? ret : failed;
}

/* The labels in Chinese: a text of the dimension, with '|' between them; null if there are not as many as labels. */
static json_t *
labels_zh(const struct reader *reader, const struct reader_observation *observation)
{
    char *text = NULL;
    if (observation->labels == NULL) {
        return json_null();
    }
    if (reader_attribute(reader, observation->dimension, "labels_zh", &text) != SIM_OK) {
        return NULL;
    }
    json_t *array = json_array();
    int failed = array == NULL;
    for (char *label = text; label != NULL && !failed;) {
        char *end = strchr(label, '|');
        if (end != NULL) {
            *end = '\0';
        }
        failed = report_append(array, report_text(label));
        label = end != NULL ? end + 1 : NULL;
    }
    sim_free(text);
    if (failed || json_array_size(array) != observation->n_labels) {
        json_decref(array);
        return failed ? NULL : json_null();
    }
    return array;
}

static json_t *
observation_json(const struct reader *reader, const struct reader_observation *observation)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", report_text(observation->name), "title",
        report_text(observation->title), "title_zh", attribute(reader, observation->name, "long_name_zh"),
        "unit", report_text(observation->unit), "dimension", report_text(observation->dimension), "labels",
        report_texts(observation->labels, observation->n_labels), "labels_zh",
        labels_zh(reader, observation));
}

static int
add_observations(json_t *data, const struct reader *reader)
{
    json_t *array = json_array();
    int failed = array == NULL;
    for (uint32_t o = 0; o < reader->n_observations && !failed; o++) {
        failed = report_append(array, observation_json(reader, &reader->observations[o]));
    }
    int ret = set(data, "observations", array);
    return failed ? (int) SIM_ERR_MEMORY : ret;
}

int
report_run(json_t *data, const struct report_file *file, struct sim_messages *messages)
{
    (void) messages;
    int ret = add_header(data, file->reader);
    if (ret == SIM_OK) {
        ret = add_build(data, file->reader);
    }
    if (ret == SIM_OK) {
        ret = set_each(data, "scenarios", file, file->n_groups, scenario_json);
    }
    if (ret == SIM_OK) {
        ret = set(data, "scenarios_shown", json_integer(file->n_shown));
    }
    if (ret == SIM_OK) {
        ret = add_design(data, file);
    }
    if (ret == SIM_OK) {
        ret = add_observations(data, file->reader);
    }
    return ret == SIM_OK ? set_each(data, "fan_groups", file, file->n_shown, group_json) : ret;
}
