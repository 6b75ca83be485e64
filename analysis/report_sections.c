/* report_sections.c - the analyses that a report shows: one row each of a table. */
#include "analysis/report_compact.h"
#include "analysis/report_data.h"
#include "analysis/report_json.h"

#include "analysis/attribution.h"
#include "analysis/compare.h"
#include "analysis/frontier.h"
#include "analysis/resample.h"
#include "analysis/sensitivity.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>
#include <string.h>

/* An analysis: whether a file has the design for it, and what it tells of the file, as JSON. */
struct section {
    const char *name;
    int (*applies)(const struct report_file *file, size_t i); /* i: the how-many-th file it is */
    int (*tell)(json_t **told, const struct report_file *file, const struct report_request *request,
        struct sim_messages *messages);
};

static int
is_kind(const struct report_file *file, const char *const *kinds)
{
    while (*kinds != NULL && strcmp(*kinds, file->factors.kind) != 0) {
        kinds++;
    }
    return *kinds != NULL;
}

/* Scenarios, or the few points of a design that somebody chose; the points of a sample are not there to be compared. */
static int
is_to_be_compared(const struct report_file *file, size_t i)
{
    static const char *const chosen[] = { "grid", "list", "one-at-a-time", "none", NULL };
    uint32_t n = file->reader->n_designs;
    int scenarios = file->n_groups == n;
    return i == 0 && n >= 2 && is_kind(file, chosen) && (scenarios || n <= REPORT_SCENARIOS);
}

static uint32_t
samples_of(const struct report_request *request)
{
    return resample_count(request->resamples);
}

/* Each design point against the first one. Of all observations, as the fans are, unless some are named. */
static int
tell_comparisons(json_t **told, const struct report_file *file, const struct report_request *request,
    struct sim_messages *messages)
{
    uint32_t n = file->reader->n_designs;
    int ret = SIM_OK;
    *told = json_array();
    for (uint32_t design = 1; ret == SIM_OK && design < n && design < REPORT_SCENARIOS; design++) {
        struct comparison comparison;
        const struct compare_choice choice = { .a = 0,
            .b = design,
            .observations = request->observations,
            .n_observations = request->n_observations,
            .resamples = samples_of(request) };
        ret = compare_init_chosen(&comparison, file->reader, &choice, messages);
        if (ret == SIM_OK) {
            json_t *json = compare_json(&comparison);
            int failed = report_compact(json);
            ret = report_append(*told, json) || failed ? SIM_ERR_MEMORY : SIM_OK;
        }
        compare_free(&comparison);
    }
    return ret;
}

static int
is_mixture(const struct report_file *file, size_t i)
{
    (void) i;
    return strcmp(file->factors.kind, ATTRIBUTION_DESIGN) == 0;
}

static int
tell_attribution(json_t **told, const struct report_file *file, const struct report_request *request,
    struct sim_messages *messages)
{
    struct attribution attribution;
    int ret = attribution_init(
        &attribution, file->reader, request->observations, request->n_observations, messages);
    *told = ret == SIM_OK ? attribution_json(&attribution) : NULL;
    attribution_free(&attribution);
    return ret == SIM_OK && *told == NULL ? (int) SIM_ERR_MEMORY : ret;
}

static int
is_sample(const struct report_file *file, size_t i)
{
    static const char *const samples[] = { "morris", "saltelli", "lhs", "sobol", NULL };
    (void) i;
    return file->factors.n > 0 && is_kind(file, samples);
}

static int
tell_sensitivity(json_t **told, const struct report_file *file, const struct report_request *request,
    struct sim_messages *messages)
{
    struct sensitivity sensitivity;
    const struct sensitivity_request wanted = { .observations = request->observations,
        .n_observations = request->n_observations,
        .n_samples = samples_of(request) };
    int ret = sensitivity_init(&sensitivity, file->reader, &wanted, messages);
    *told = ret == SIM_OK ? sensitivity_json(&sensitivity) : NULL;
    sensitivity_free(&sensitivity);
    return ret == SIM_OK && *told == NULL ? (int) SIM_ERR_MEMORY : ret;
}

/* Points that somebody would choose among: not those of a scheme that only estimates need. */
static int
is_choice(const struct report_file *file, size_t i)
{
    static const char *const choices[] = { "grid", "list", "lhs", "sobol", "one-at-a-time", NULL };
    (void) i;
    return file->factors.n > 0 && is_kind(file, choices);
}

static int
tell_frontier(json_t **told, const struct report_file *file, const struct report_request *request,
    struct sim_messages *messages)
{
    struct frontier frontier;
    const struct frontier_request wanted = { .budget = (double) NAN, .n_samples = samples_of(request) };
    int ret = frontier_init(&frontier, file->reader, &wanted, messages);
    *told = ret == SIM_OK ? frontier_json(&frontier) : NULL;
    frontier_free(&frontier);
    return ret == SIM_OK && *told == NULL ? (int) SIM_ERR_MEMORY : ret;
}

/* In the order of the page. */
static const struct section sections[] = {
    { "compare", is_to_be_compared, tell_comparisons },
    { "attribution", is_mixture, tell_attribution },
    { "sensitivity", is_sample, tell_sensitivity },
    { "frontier", is_choice, tell_frontier },
};

#define N_SECTIONS (sizeof(sections) / sizeof(*sections))

/* Passes on what an analysis had to say; as a warning if the report goes without it. */
static void
pass_on(const struct sim_messages *found, const char *section, int without, struct sim_messages *messages)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct sim_message *message = &found->list[i];
        sim_messages_add(messages, without ? SIM_WARNING : message->severity,
            (struct sim_where){ message->file, message->line, message->column }, "%s%s%s%s",
            without ? "the report goes without " : "", without ? section : "", without ? ": " : "",
            message->text);
    }
}

/* Adds a section. If the first file, which is told of in any case, does not allow it after all, there is none. */
static int
add_section(json_t *data, json_t *names, const struct section *section, const struct report_file *file,
    size_t i, const struct report_request *request, struct sim_messages *messages)
{
    struct sim_messages found;
    json_t *told = NULL;
    sim_messages_init(&found);
    int ret = section->tell(&told, file, request, &found);
    int without = i == 0 && (ret == SIM_ERR_INPUT || ret == SIM_ERR_CELL);
    pass_on(&found, section->name, without, messages);
    sim_messages_free(&found);
    if (ret != SIM_OK) {
        json_decref(told);
        return without ? (int) SIM_OK : ret;
    }
    int failed = report_set(data, section->name, told);
    failed = report_append(names, json_string(section->name)) || failed;
    return failed ? SIM_ERR_MEMORY : SIM_OK;
}

/* Adds what a file has that none before it had; names: the sections that it gave. */
static int
add_sections(json_t *data, json_t *names, const struct report_file *file, size_t i,
    const struct report_request *request, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (size_t s = 0; s < N_SECTIONS && ret == SIM_OK; s++) {
        if (sections[s].applies(file, i) && json_is_null(json_object_get(data, sections[s].name))) {
            ret = add_section(data, names, &sections[s], file, i, request, messages);
        }
    }
    return ret;
}

static json_t *
file_json(const struct report_file *file, json_t *names)
{
    const struct reader *reader = file->reader;
    const char *slash = strrchr(reader->path, '/');
    char *digest = NULL;
    int ret = reader_attribute(reader, "/", "spec_digest", &digest);
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:O}", "file",
        answer_json_text(slash != NULL ? slash + 1 : reader->path), "title", answer_json_text(reader->title),
        "spec_digest", ret == SIM_OK ? answer_json_text(digest) : NULL, "kind",
        answer_json_text(file->factors.kind), "sections", names);
    sim_free(digest);
    return json;
}

static int
add_file(json_t *data, json_t *list, const struct report_file *file, size_t i,
    const struct report_request *request, struct sim_messages *messages)
{
    json_t *names = json_array();
    int ret = names != NULL ? add_sections(data, names, file, i, request, messages) : SIM_ERR_MEMORY;
    if (ret == SIM_OK && i > 0 && json_array_size(names) == 0) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ file->reader->path, 0, 0 },
            "adds nothing to the report: a file after the first gives only analyses that its design is made for, and that no "
            "file before it gave; its design is %s",
            file->factors.kind);
        ret = SIM_ERR_INPUT;
    }
    if (ret == SIM_OK && report_append(list, file_json(file, names))) {
        ret = SIM_ERR_MEMORY;
    }
    json_decref(names);
    return ret;
}

int
report_sections(json_t *data, const struct report_file *files, size_t n_files,
    const struct report_request *request, struct sim_messages *messages)
{
    json_t *list = json_array();
    int ret = list != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t s = 0; ret == SIM_OK && s < N_SECTIONS; s++) { /* the page expects all of them */
        ret = report_set(data, sections[s].name, json_null()) ? SIM_ERR_MEMORY : SIM_OK;
    }
    for (size_t i = 0; ret == SIM_OK && i < n_files; i++) {
        ret = add_file(data, list, &files[i], i, request, messages);
    }
    int failed = report_set(data, "files", list);
    return ret == SIM_OK && failed ? (int) SIM_ERR_MEMORY : ret;
}
