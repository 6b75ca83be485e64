/* scenario.c - follows `extends` from file to file, takes the overrides, and applies all of them in order. */
#include "sim/scenario.h"

#include "sim/alloc.h"
#include "sim/apply.h"
#include "sim/error.h"

#include <string.h>
#include <sys/stat.h>

/* The keys that are no parameters hold one line of text each. */
static int
check_reserved(const struct sim_document *document, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < document->n_branches; i++) {
        const struct sim_branch *branch = &document->branches[i];
        if (sim_is_reserved(branch->key)) {
            sim_messages_add(messages, SIM_ERROR, branch->value_at, "%s must be a text, not a %s",
                branch->key, branch->kind == SIM_LIST ? "list" : "mapping");
            ret = SIM_ERR_INPUT;
        }
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct sim_entry *entry = &document->entries[i];
        int is_empty = entry->text[0] == '\0';
        if (sim_is_reserved(entry->key) && (is_empty || strpbrk(entry->text, "\n\t") != NULL)) {
            sim_messages_add(messages, SIM_ERROR, entry->value_at, "%s %s", entry->key,
                is_empty ? "is empty" : "must be one line without tabs");
            ret = SIM_ERR_INPUT;
        }
    }
    return ret;
}

static int
is_same_file(const struct sim_search *search, const char *a, const char *b)
{
    struct stat x, y;
    if (sim_search_is_in_memory(search)) {
        return strcmp(a, b) == 0;
    }
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Reads one more file of the chain, the named one first. */
static int
add_document(struct sim_scenario *scenario, const char *path, struct sim_messages *messages)
{
    size_t n = scenario->n_documents;
    struct sim_document *documents = sim_resize(scenario->documents, n, n + 1, sizeof(*documents));
    if (documents == NULL) {
        return SIM_ERR_MEMORY;
    }
    scenario->documents = documents;
    scenario->n_documents++;
    int ret = sim_document_read(&documents[n], path, scenario->search, messages);
    int reserved = ret == SIM_ERR_MEMORY ? SIM_OK : check_reserved(&documents[n], messages);
    return ret != SIM_OK ? ret : reserved;
}

/* "a -> b -> a", from the n-th document on; NULL without memory. */
static char *
print_cycle(const struct sim_scenario *scenario, size_t n)
{
    char *text = sim_copy_text(scenario->documents[n].stem);
    for (size_t i = scenario->n_documents; i > n && text != NULL; i--) {
        char *longer = sim_print_text("%s -> %s", scenario->documents[i - 1].stem, text);
        sim_free(text);
        text = longer;
    }
    return text;
}

/* Whether a file is in the chain already; then there is a message. */
static int
check_cycle(const struct sim_scenario *scenario, const char *path, struct sim_where where,
    struct sim_messages *messages)
{
    size_t n = 0;
    while (n < scenario->n_documents && !is_same_file(scenario->search, scenario->documents[n].path, path)) {
        n++;
    }
    if (n == scenario->n_documents) {
        return SIM_OK;
    }
    if (n + 1 == scenario->n_documents) {
        sim_messages_add(messages, SIM_ERROR, where, "\"%s\" extends itself", scenario->documents[n].stem);
    } else {
        char *cycle = print_cycle(scenario, n);
        sim_messages_add(
            messages, SIM_ERROR, where, "extends goes in a circle: %s", cycle == NULL ? path : cycle);
        sim_free(cycle);
    }
    return SIM_ERR_INPUT;
}

/* The file that the last document read extends; *next stays NULL if it extends none. */
static int
find_next(const struct sim_scenario *scenario, const struct sim_search *search, char **next,
    struct sim_messages *messages)
{
    const struct sim_document *document = &scenario->documents[scenario->n_documents - 1];
    const struct sim_entry *extends = sim_document_find(document, "extends");
    if (extends == NULL || extends->text[0] == '\0') {
        return SIM_OK;
    }
    *next = sim_search_find(search, extends->text, document->path, extends->value_at, messages);
    if (*next == NULL) {
        return SIM_ERR_INPUT;
    }
    int ret = check_cycle(scenario, *next, extends->value_at, messages);
    if (ret != SIM_OK) {
        sim_free(*next);
        *next = NULL;
    }
    return ret;
}

static void
reverse_documents(struct sim_scenario *scenario)
{
    for (size_t i = 0, j = scenario->n_documents; i + 1 < j; i++) {
        j--;
        struct sim_document document = scenario->documents[i];
        scenario->documents[i] = scenario->documents[j];
        scenario->documents[j] = document;
    }
}

/* A scenario cannot change the model of what it extends: its parameters would mean something else. */
static int
check_models(const struct sim_scenario *scenario, struct sim_messages *messages)
{
    int ret = SIM_OK;
    const struct sim_entry *first = NULL;
    for (size_t i = 0; i < scenario->n_documents; i++) {
        const struct sim_entry *model = sim_document_find(&scenario->documents[i], "model");
        if (model == NULL) {
            continue;
        }
        if (first != NULL && strcmp(first->text, model->text) != 0) {
            char here[SIM_QUOTE_SIZE], there[SIM_QUOTE_SIZE];
            sim_messages_add(messages, SIM_ERROR, model->value_at,
                "model \"%s\" differs from \"%s\" of %s, which this file extends",
                sim_quote(model->text, here), sim_quote(first->text, there), first->value_at.file);
            ret = SIM_ERR_INPUT;
        }
        first = first == NULL ? model : first;
    }
    return ret;
}

int
sim_scenario_load(struct sim_scenario *scenario, const char *path, const struct sim_search *search,
    struct sim_messages *messages)
{
    memset(scenario, 0, sizeof(*scenario));
    scenario->search = search;
    int faults = 0;
    char *next = sim_copy_text(path);
    if (next == NULL) {
        return SIM_ERR_MEMORY;
    }
    while (next != NULL) {
        int ret = add_document(scenario, next, messages);
        sim_free(next);
        next = NULL;
        if (ret == SIM_ERR_MEMORY) {
            return ret;
        }
        faults += ret != SIM_OK;
        faults += find_next(scenario, search, &next, messages) != SIM_OK;
    }
    reverse_documents(scenario);
    faults += check_models(scenario, messages) != SIM_OK;
    return faults > 0 ? SIM_ERR_INPUT : SIM_OK;
}

void
sim_scenario_free(struct sim_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_documents; i++) {
        sim_document_free(&scenario->documents[i]);
    }
    for (size_t i = 0; i < scenario->n_overrides; i++) {
        sim_free(scenario->overrides[i].key);
        sim_free(scenario->overrides[i].text);
        sim_free(scenario->override_places[i]);
    }
    sim_free(scenario->documents);
    sim_free(scenario->overrides);
    sim_free(scenario->override_places);
    memset(scenario, 0, sizeof(*scenario));
}

const struct sim_entry *
sim_scenario_top(const struct sim_scenario *scenario, const char *key)
{
    int inherited = strcmp(key, "model") == 0;
    for (size_t i = scenario->n_documents; i > 0; i--) {
        const struct sim_entry *entry = sim_document_find(&scenario->documents[i - 1], key);
        if (entry != NULL || !inherited) {
            return entry;
        }
    }
    return NULL;
}

/* The part of a text between blanks at its ends; what follows the text is no blank. */
static char *
copy_stripped(const char *text, size_t length)
{
    size_t start = strspn(text, " \t");
    while (length > start && strchr(" \t", text[length - 1]) != NULL) {
        length--;
    }
    return sim_print_text("%.*s", (int) (length - start), text + start);
}

/* Makes room for one more override and its place. */
static int
widen_overrides(struct sim_scenario *scenario)
{
    size_t n = scenario->n_overrides;
    struct sim_entry *overrides = sim_resize(scenario->overrides, n, n + 1, sizeof(*overrides));
    if (overrides == NULL) {
        return SIM_ERR_MEMORY;
    }
    scenario->overrides = overrides;
    char **places = sim_resize(scenario->override_places, n, n + 1, sizeof(*places));
    if (places == NULL) {
        return SIM_ERR_MEMORY;
    }
    scenario->override_places = places;
    return SIM_OK;
}

/* Why an override cannot be one; NULL if it can. */
static const char *
judge_override(const char *key, const char *text)
{
    return sim_is_reserved(key) || strcmp(key, SIM_EVENTS_KEY) == 0
        ? "is not a parameter; only a file can give it"
        : *key == '\0'  ? "KEY=VALUE is expected before and after the equals sign"
        : *text == '\0' ? "has no value"
                        : NULL;
}

int
sim_scenario_override(
    struct sim_scenario *scenario, const char *assignment, int n, struct sim_messages *messages)
{
    char *file = sim_print_text("--set %d", n);
    char *key = NULL, *text = NULL;
    const char *equals = strchr(assignment, '=');
    int ret = file == NULL ? SIM_ERR_MEMORY : widen_overrides(scenario);
    if (ret != SIM_OK) {
        goto out;
    }
    struct sim_where where = { file, 0, 0 };
    if (equals == NULL) {
        char quote[SIM_QUOTE_SIZE];
        sim_messages_add(
            messages, SIM_ERROR, where, "KEY=VALUE is expected, not \"%s\"", sim_quote(assignment, quote));
        ret = SIM_ERR_INPUT;
        goto out;
    }
    key = copy_stripped(assignment, (size_t) (equals - assignment));
    text = copy_stripped(equals + 1, strlen(equals + 1));
    if (key == NULL || text == NULL) {
        ret = SIM_ERR_MEMORY;
        goto out;
    }
    const char *why = judge_override(key, text);
    if (why != NULL) {
        sim_messages_add(messages, SIM_ERROR, where, "%s%s%s", key, *key == '\0' ? "" : " ", why);
        ret = SIM_ERR_INPUT;
        goto out;
    }
    scenario->override_places[scenario->n_overrides] = file;
    scenario->overrides[scenario->n_overrides++] =
        (struct sim_entry){ .key = key, .text = text, .key_at = where, .value_at = where };
    return SIM_OK;
out:
    sim_free(file);
    sim_free(key);
    sim_free(text);
    return ret;
}

int
sim_scenario_apply(const struct sim_scenario *scenario, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    int faults = 0;
    for (size_t i = 0; i < scenario->n_documents; i++) {
        faults |= sim_apply_document(&scenario->documents[i], fields, params, messages) != SIM_OK;
    }
    for (size_t i = 0; i < scenario->n_overrides; i++) {
        faults |= sim_apply_entry(&scenario->overrides[i], fields, params, messages) != SIM_OK;
    }
    return faults ? SIM_ERR_INPUT : SIM_OK;
}
