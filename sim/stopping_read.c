/* stopping_read.c - when a design point has replicates enough, and what a failed cell does to the rest. */
#include "sim/stopping_read.h"

#include "sim/apply.h"
#include "sim/error.h"

#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FEWEST 2 /* replicates, for a half width is a matter of differences */
#define LIMIT 1000000
#define DEFAULT_MIN 10
#define EXAMPLE "such as {half_width: {NAME: 0.005}, min: 10, max: 400}"
#define STOP_KEYS "half_width|min|step|max"

enum { MIN, STEP, MAX, COUNTS };
static const char *const counts[] = { "min", "step", "max" };

/* All that is known while stop: is read. */
struct reader {
    struct sim_stopping *stopping;
    const struct sim_model *model;
    const struct sim_document *document;
    struct sim_messages *messages;
    int64_t values[COUNTS]; /* -1: not said */
    struct sim_where at[COUNTS];
};

/* What follows path and a point in a key; NULL if it begins otherwise. */
static const char *
below(const char *key, const char *path)
{
    size_t length = strlen(path);
    return strncmp(key, path, length) == 0 && key[length] == '.' ? key + length + 1 : NULL;
}

static void
report_key(struct reader *reader, const char *key, struct sim_where where)
{
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    if (sim_suggest_word(STOP_KEYS, key, nearest, sizeof(nearest))) {
        sim_messages_add(reader->messages, SIM_ERROR, where,
            "unknown key \"%s\" in stop; did you mean \"%s\"?", sim_quote(key, quote), nearest);
    } else {
        sim_messages_add(reader->messages, SIM_ERROR, where,
            "unknown key \"%s\" in stop; it has half_width, min, step and max", sim_quote(key, quote));
    }
}

static int
read_integer(const struct sim_entry *entry, const char *name, int64_t lowest, int64_t *value,
    struct sim_messages *messages)
{
    char key[SIM_KEY_SIZE];
    struct sim_entry named = *entry;
    struct sim_field field = { .type = SIM_INTEGER,
        .group = "",
        .name = name,
        .lowest = (double) lowest,
        .highest = LIMIT,
        .unit = "1" };
    snprintf(key, sizeof(key), "%s", name);
    named.key = key;
    return sim_apply_value(&named, &field, value, messages);
}

static uint32_t
find_observation(const struct sim_model *model, const char *name)
{
    for (uint32_t o = 0; o < model->n_observations; o++) {
        if (strcmp(model->observations[o].name, name) == 0) {
            return o;
        }
    }
    return UINT32_MAX;
}

static void
report_observation(struct reader *reader, const char *name, struct sim_where where)
{
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    for (uint32_t o = 0; o < reader->model->n_observations; o++) {
        if (sim_suggest_word(reader->model->observations[o].name, name, nearest, sizeof(nearest))) {
            sim_messages_add(reader->messages, SIM_ERROR, where,
                "unknown observation \"%s\"; did you mean \"%s\"?", sim_quote(name, quote), nearest);
            return;
        }
    }
    sim_messages_add(reader->messages, SIM_ERROR, where, "unknown observation \"%s\" of model %s",
        sim_quote(name, quote), reader->model->name);
}

/* One line of half_width. */
static void
read_precision(struct reader *reader, const struct sim_entry *entry, const char *name)
{
    struct sim_stopping *stopping = reader->stopping;
    uint32_t observation = find_observation(reader->model, name);
    if (observation == UINT32_MAX) {
        report_observation(reader, name, entry->key_at);
        return;
    }
    struct sim_field field = { .type = SIM_REAL,
        .group = "half_width",
        .name = name,
        .lowest = -DBL_MAX,
        .highest = DBL_MAX,
        .unit = reader->model->observations[observation].unit };
    struct sim_entry named = *entry;
    char key[SIM_KEY_SIZE];
    double width = 0;
    snprintf(key, sizeof(key), "half_width.%s", name);
    named.key = key;
    if (sim_apply_value(&named, &field, &width, reader->messages) != SIM_OK) {
        return;
    }
    if (!(width > 0)) {
        sim_messages_add(reader->messages, SIM_ERROR, entry->value_at,
            "half_width.%s: %s is not above 0; no number of replicates would be enough", name, entry->text);
    } else if (stopping->n == SIM_PRECISIONS) {
        sim_messages_add(reader->messages, SIM_ERROR, entry->key_at,
            "half_width: at most %d observations can be asked for", SIM_PRECISIONS);
    } else {
        stopping->list[stopping->n++] = (struct sim_precision){ observation, width };
    }
}

static void
read_entry(struct reader *reader, const struct sim_entry *entry)
{
    const char *key = below(entry->key, "stop");
    const char *name = key != NULL ? below(key, "half_width") : NULL;
    if (key == NULL || strchr(key, '[') != NULL) {
        return;
    }
    if (name != NULL) {
        read_precision(reader, entry, name);
        return;
    }
    for (int i = 0; i < COUNTS; i++) {
        if (strcmp(key, counts[i]) == 0) {
            reader->at[i] = entry->value_at;
            read_integer(entry, counts[i], i == STEP ? 1 : FEWEST, &reader->values[i], reader->messages);
            return;
        }
    }
    if (strcmp(key, "half_width") == 0) {
        sim_messages_add(reader->messages, SIM_ERROR, entry->value_at,
            "half_width: a mapping of observations is expected, such as {NAME: 0.005}");
    } else {
        report_key(reader, key, entry->key_at);
    }
}

static void
check_branch(struct reader *reader, const struct sim_branch *branch)
{
    const char *key = below(branch->key, "stop");
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    if (key == NULL || strchr(key, '[') != NULL) {
        return;
    }
    if (strcmp(key, "half_width") == 0) {
        if (branch->kind == SIM_LIST || branch->count == 0) {
            sim_messages_add(reader->messages, SIM_ERROR, branch->value_at,
                "half_width: a mapping of observations is expected, such as {NAME: 0.005}");
        }
    } else if (sim_find_word(STOP_KEYS, key) >= 0 || below(key, "half_width") != NULL) {
        sim_messages_add(
            reader->messages, SIM_ERROR, branch->value_at, "%s: a number is expected, not a %s", key, kind);
    } else if (strchr(key, '.') == NULL) {
        report_key(reader, key, branch->key_at);
    }
}

/* What was not said, and what does not fit together. */
static void
settle(struct reader *reader, struct sim_where at, int64_t most)
{
    struct sim_stopping *stopping = reader->stopping;
    int64_t *values = reader->values;
    if (stopping->n == 0) {
        sim_messages_add(
            reader->messages, SIM_ERROR, at, "stop asks for no half width; it is a mapping " EXAMPLE);
        return;
    }
    if (most < 0 && values[MAX] < 0) {
        sim_messages_add(
            reader->messages, SIM_ERROR, at, "stop needs the largest number of replicates, such as max: 400");
        return;
    }
    struct sim_where where = most >= 0 ? (struct sim_where){ "--replicates", 0, 0 } : reader->at[MAX];
    values[MAX] = most >= 0 ? most : values[MAX];
    if (values[MIN] < 0) {
        values[MIN] = values[MAX] < DEFAULT_MIN && values[MAX] >= FEWEST ? values[MAX] : DEFAULT_MIN;
    }
    if (values[MIN] > values[MAX]) {
        sim_messages_add(reader->messages, SIM_ERROR, where,
            "stop: at most %" PRId64 " replicates are fewer than the least number, %" PRId64, values[MAX],
            values[MIN]);
    }
    stopping->min = (uint32_t) values[MIN];
    stopping->step = (uint32_t) (values[STEP] < 0 ? values[MIN] : values[STEP]);
    stopping->max = (uint32_t) values[MAX];
}

/* Where the key stands; 0: it does not. */
static int
find_stop(const struct reader *reader, struct sim_where *at)
{
    const struct sim_branch *branch = sim_document_branch(reader->document, "stop");
    const struct sim_entry *entry = sim_document_find(reader->document, "stop");
    for (size_t i = 0; i < reader->document->count && entry == NULL; i++) {
        entry =
            below(reader->document->entries[i].key, "stop") != NULL ? &reader->document->entries[i] : NULL;
    }
    if (branch == NULL && entry == NULL) {
        return 0;
    }
    *at = branch != NULL ? branch->key_at : entry->key_at;
    return 1;
}

void
sim_stopping_read(struct sim_stopping *stopping, const struct sim_model *model,
    const struct sim_document *document, int64_t most, struct sim_messages *messages)
{
    struct reader reader = { stopping, model, document, messages, { -1, -1, -1 }, { { NULL, 0, 0 } } };
    const struct sim_branch *branch = sim_document_branch(document, "stop");
    const struct sim_entry *entry = sim_document_find(document, "stop");
    const struct sim_entry *replicates = sim_document_find(document, "replicates");
    struct sim_where at;
    size_t errors = messages->errors;
    if (model == NULL || !find_stop(&reader, &at)) {
        return;
    }
    if (entry != NULL || (branch != NULL && branch->kind == SIM_LIST)) {
        sim_messages_add(messages, SIM_ERROR, entry != NULL ? entry->value_at : branch->value_at,
            "stop must be a mapping, " EXAMPLE);
        return;
    }
    if (replicates != NULL) {
        sim_messages_add(messages, SIM_ERROR, replicates->key_at,
            "replicates and stop both say how many there are; leave replicates out");
    }
    for (size_t i = 0; i < document->n_branches; i++) {
        check_branch(&reader, &document->branches[i]);
    }
    for (size_t i = 0; i < document->count; i++) {
        read_entry(&reader, &document->entries[i]);
    }
    if (messages->errors == errors) {
        settle(&reader, at, most);
    }
}

#define FAILURE_EXAMPLE "continue, stop, or {stop_after: 5}"

void
sim_failure_read(uint32_t *stop_after, const struct sim_document *document, struct sim_messages *messages)
{
    const struct sim_branch *branch = sim_document_branch(document, "on_failure");
    const struct sim_entry *entry = sim_document_find(document, "on_failure");
    const struct sim_entry *after = sim_document_find(document, "on_failure.stop_after");
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    int64_t n = 0;
    if (entry != NULL && sim_find_word("continue|stop", entry->text) >= 0) {
        *stop_after = (uint32_t) sim_find_word("continue|stop", entry->text);
    } else if (entry != NULL && sim_suggest_word("continue|stop", entry->text, nearest, sizeof(nearest))) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at,
            "on_failure: \"%s\" is unknown; did you mean \"%s\"?", sim_quote(entry->text, quote), nearest);
    } else if (entry != NULL) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at, "on_failure must be " FAILURE_EXAMPLE);
    } else if (after != NULL && (branch == NULL || branch->count == 1)) {
        if (read_integer(after, "stop_after", 1, &n, messages) == SIM_OK) {
            *stop_after = (uint32_t) n;
        }
    } else if (branch != NULL) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at, "on_failure must be " FAILURE_EXAMPLE);
    }
}
