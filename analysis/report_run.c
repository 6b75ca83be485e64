/* report_run.c - what was run: the file, its scenarios, what varied, and what was observed. */
#include "analysis/report_data.h"
#include "analysis/report_json.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <string.h>

/* Sets a member of an object, if there is memory for both. */
static int
set(json_t *object, const char *name, json_t *value)
{
    return report_set(object, name, value) ? SIM_ERR_MEMORY : SIM_OK;
}

/* Members of an object; a value that is NULL could not be made without memory. */
struct member {
    const char *name;
    json_t *value;
};

static int
set_members(json_t *object, const struct member *members, size_t n)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < n; i++) {
        int failed = set(object, members[i].name, members[i].value);
        ret = ret != SIM_OK ? ret : failed;
    }
    return ret;
}

/* A text attribute; null if there is none. */
static json_t *
attribute(const struct reader *reader, const char *object, const char *name)
{
    char *text = NULL;
    json_t *json = reader_attribute(reader, object, name, &text) == SIM_OK ? answer_json_text(text) : NULL;
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
    const struct member members[] = {
        { "file", answer_json_text(slash != NULL ? slash + 1 : reader->path) },
        { "title", answer_json_text(reader->title) },
        { "model", answer_json_text(reader->model) },
        { "seed", json_integer(reader->seed) },
        { "first_tick", json_integer((json_int_t) reader->before + 1) },
        { "ticks", json_integer((json_int_t) reader->before + reader->n_ticks) },
        { "burn_in", json_integer(reader->burn_in) },
        { "replicates", json_integer(reader->n_replicates) },
        { "spec_digest", attribute(reader, "/", "spec_digest") },
    };
    return set_members(data, members, sizeof(members) / sizeof(*members));
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
    json_t *json = ret != SIM_ERR_MEMORY ? answer_json_text(text) : NULL;
    sim_free(text);
    reader_free_texts(names, n);
    return json;
}

static json_t *
scenario_json(const void *context, uint32_t i)
{
    const struct report_file *file = context;
    const struct report_group *group = &file->groups[i];
    const struct reader *reader = file->reader;
    return json_pack("{s:o, s:o, s:I, s:I, s:o}", "name",
        answer_json_text(reader->scenarios[group->first_design]), "title",
        answer_json_text(reader->titles[group->first_design]), "first_design",
        (json_int_t) group->first_design, "n_designs", (json_int_t) group->n_designs, "resolved",
        resolved(reader, reader->scenarios[group->first_design]));
}

static json_t *
design_json(const void *context, uint32_t i)
{
    const struct report_group *group = context;
    return json_integer((json_int_t) group->first_design + i);
}

static json_t *
group_json(const void *context, uint32_t i)
{
    const struct report_file *file = context;
    const struct report_group *group = &file->groups[i];
    return json_pack("{s:o, s:o, s:I, s:o}", "name",
        answer_json_text(file->reader->scenarios[group->first_design]), "title",
        answer_json_text(file->reader->titles[group->first_design]), "n_designs",
        (json_int_t) group->n_designs, "designs", answer_json_array(group->n_designs, design_json, group));
}

static json_t *
setting_json(const void *context, uint32_t design)
{
    return answer_json_setting(context, design);
}

static json_t *
factor_json(const void *context, uint32_t i)
{
    const struct factors *factors = context;
    const struct factor *factor = &factors->list[i];
    return json_pack("{s:o, s:o, s:o, s:o}", "name", answer_json_text(factor->name), "title",
        answer_json_text(factor->title), "unit", answer_json_text(factor->unit), "values",
        answer_json_array(factors->n_designs, setting_json, factor));
}

/* null if each design point is a scenario. */
static json_t *
design_of(const struct factors *factors)
{
    return factors->n == 0 ? json_null()
                           : json_pack("{s:o, s:o}", "kind", answer_json_text(factors->kind), "factors",
                               answer_json_array(factors->n, factor_json, factors));
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
        failed = report_append(array, answer_json_text(label));
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
observation_json(const void *context, uint32_t i)
{
    const struct reader *reader = context;
    const struct reader_observation *observation = &reader->observations[i];
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", answer_json_text(observation->name),
        "title", answer_json_text(observation->title), "title_zh",
        attribute(reader, observation->name, "long_name_zh"), "unit", answer_json_text(observation->unit),
        "dimension", answer_json_text(observation->dimension), "labels",
        report_texts(observation->labels, observation->n_labels), "labels_zh",
        labels_zh(reader, observation));
}

static int
add_lists(json_t *data, const struct report_file *file)
{
    const struct reader *reader = file->reader;
    const struct member members[] = {
        { "scenarios", answer_json_array(file->n_groups, scenario_json, file) },
        { "scenarios_shown", json_integer(file->n_shown) },
        { "design", design_of(&file->factors) },
        { "observations", answer_json_array(reader->n_observations, observation_json, reader) },
        { "fan_groups", answer_json_array(file->n_shown, group_json, file) },
    };
    return set_members(data, members, sizeof(members) / sizeof(*members));
}

int
report_run(json_t *data, const struct report_file *file, struct sim_messages *messages)
{
    (void) messages;
    int ret = add_header(data, file->reader);
    if (ret == SIM_OK) {
        ret = add_build(data, file->reader);
    }
    return ret == SIM_OK ? add_lists(data, file) : ret;
}
