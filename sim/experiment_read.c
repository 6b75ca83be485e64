/* experiment_read.c - what an experiment file says. */
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment_draft.h"
#include "sim/stopping_read.h"

#include <stdio.h>
#include <string.h>

static const struct sim_where nowhere = { NULL, 0, 0 };

#define KEYS                                                                                  \
    "scenarios|replicates|seed|ticks|burn_in|start_from|title|record|design|" SIM_DESIGN_KEYS \
    "|" SIM_STOPPING_KEYS
#define SCENARIOS_ARE_A_LIST "scenarios must be a list, such as [a, b]"

/* The number of this name; NULL if there is none. */
static struct sim_draft_number *
number_named(struct sim_draft *draft, const char *key)
{
    for (int i = 0; i < SIM_DRAFT_NUMBERS; i++) {
        if (strcmp(draft->numbers[i].key, key) == 0) {
            return &draft->numbers[i];
        }
    }
    return NULL;
}

static void
read_number(struct sim_draft *draft, const struct sim_entry *entry, struct sim_draft_number *number)
{
    struct sim_field field = { .type = SIM_INTEGER,
        .group = "",
        .name = number->key,
        .lowest = (double) number->lowest,
        .highest = (double) number->highest,
        .unit = "1" };
    char why[256];
    int64_t value;
    if (draft->numbers_file == NULL && entry->value_at.file != NULL) {
        draft->numbers_file =
            sim_copy_text(entry->value_at.file); /* the document may go before it is needed */
    }
    number->at = (struct sim_where){ draft->numbers_file, entry->value_at.line, entry->value_at.column };
    if (entry->quoted || sim_field_parse(&field, entry->text, &value, why, sizeof(why)) != SIM_OK) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, "%s: %s", number->key,
            entry->quoted ? "a number is expected, not a quoted text" : why);
        return;
    }
    number->value = value;
}

static void
report_key(struct sim_draft *draft, const char *key, struct sim_where where)
{
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    if (sim_suggest_word(KEYS, key, nearest, sizeof(nearest))) {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "unknown key \"%s\" in an experiment; did you mean \"%s\"?", sim_quote(key, quote), nearest);
    } else {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "unknown key \"%s\" in an experiment; it has scenarios, replicates, seed, ticks, burn_in, "
            "start_from, record, title, "
            "design, stop, on_failure; parameters belong in scenarios",
            sim_quote(key, quote));
    }
}

/* Whether a key is of what sim_record_read reads. */
static int
is_of_record(const char *key)
{
    return strncmp(key, "record", 6) == 0 && (key[6] == '\0' || key[6] == '.');
}

/* Whether a key is of what sim_design_read and sim_stopping_read read. */
static int
is_of_design(const char *key)
{
    char first[SIM_PATH_SIZE];
    snprintf(first, sizeof(first), "%.*s", (int) strcspn(key, ".["), key);
    return sim_find_word("design|" SIM_DESIGN_KEYS "|" SIM_STOPPING_KEYS, first) >= 0;
}

/* Any list or mapping but the list of scenarios is a fault. */
static void
check_branch(struct sim_draft *draft, const struct sim_branch *branch)
{
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    if (is_of_record(branch->key) || is_of_design(branch->key)) {
        return;
    }
    if (strncmp(branch->key, "scenarios[", 10) == 0) {
        sim_messages_add(
            draft->messages, SIM_ERROR, branch->value_at, "scenarios: a name is expected, not a %s", kind);
    } else if (branch->parent == 0 && strcmp(branch->key, "scenarios") == 0 && branch->kind == SIM_LIST) {
        if (branch->count == 0) {
            sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, "scenarios lists none");
        }
    } else if (branch->parent != 0) {
        return;
    } else if (strcmp(branch->key, "scenarios") == 0) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, SCENARIOS_ARE_A_LIST);
    } else if (strcmp(branch->key, "title") == 0 || strcmp(branch->key, "start_from") == 0) {
        sim_messages_add(
            draft->messages, SIM_ERROR, branch->value_at, "%s must be a text, not a %s", branch->key, kind);
    } else if (number_named(draft, branch->key) != NULL) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "%s: a whole number is expected, not a %s", branch->key, kind);
    } else {
        report_key(draft, branch->key, branch->key_at);
    }
}

int
sim_draft_keep_start(struct sim_draft *draft, const char *name, const char *from, struct sim_where where)
{
    sim_free(draft->start_from);
    sim_free(draft->start_file);
    draft->start_from = sim_states_path(name, from);
    draft->start_file = sim_copy_text(where.file);
    draft->start_line = where.line;
    draft->start_column = where.column;
    return draft->start_from != NULL && draft->start_file != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* One entry of an experiment file. */
static int
read_entry(struct sim_draft *draft, const struct sim_document *document, const struct sim_entry *entry)
{
    struct sim_draft_number *number = number_named(draft, entry->key);
    if (entry->parent != 0) {
        const struct sim_branch *branch = &document->branches[entry->parent - 1];
        int listed = branch->kind == SIM_LIST && strcmp(branch->key, "scenarios") == 0;
        return listed ? sim_draft_find_base(draft, entry->text, document->path, entry->value_at) : SIM_OK;
    }
    if (strcmp(entry->key, "start_from") == 0) {
        return sim_draft_keep_start(draft, entry->text, document->path, entry->value_at);
    }
    if (number != NULL) {
        read_number(draft, entry, number);
    } else if (strcmp(entry->key, "scenarios") == 0) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, SCENARIOS_ARE_A_LIST);
    } else if (strcmp(entry->key, "title") != 0 && !is_of_record(entry->key) && !is_of_design(entry->key)) {
        report_key(draft, entry->key, entry->key_at);
    }
    return SIM_OK;
}

/* Keeps a file with a design until the seed and all scenarios are known. */
static void
keep_file(struct sim_draft *draft, struct sim_document *document)
{
    struct sim_where at = { NULL, 0, 0 };
    for (size_t i = 0; i < document->n_branches && at.file == NULL; i++) {
        at = is_of_design(document->branches[i].key) ? document->branches[i].key_at : at;
    }
    for (size_t i = 0; i < document->count && at.file == NULL; i++) {
        at = is_of_design(document->entries[i].key) ? document->entries[i].key_at : at;
    }
    if (at.file != NULL && draft->request->n_specs > 1) {
        sim_messages_add(draft->messages, SIM_ERROR, at,
            "an experiment with a design or a rule to stop runs by itself, not together with other files");
    } else if (at.file != NULL) {
        draft->file = *document;
        memset(document, 0, sizeof(*document));
    }
}

static int
read_experiment_file(struct sim_draft *draft, const char *path)
{
    struct sim_document document;
    int ret = sim_document_read(&document, path, &draft->request->search, draft->messages);
    if (ret == SIM_OK) {
        ret = sim_draft_keep_file(draft->experiment, &document);
    }
    for (size_t i = 0; ret != SIM_ERR_MEMORY && i < document.n_branches; i++) {
        check_branch(draft, &document.branches[i]);
    }
    for (size_t i = 0; ret != SIM_ERR_MEMORY && i < document.count; i++) {
        ret = read_entry(draft, &document, &document.entries[i]);
    }
    if (ret != SIM_ERR_MEMORY) { /* the scenarios have told the model by now */
        sim_record_read(&draft->experiment->record, draft->experiment->model, &document, draft->messages);
        keep_file(draft, &document);
    }
    sim_document_free(&document);
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

/* An experiment has a key scenarios; whatever is wrong with the file is said when it is read in earnest. */
static int
is_experiment_file(const struct sim_search *search, const char *path, int *is)
{
    struct sim_document document;
    int ret = sim_document_read(&document, path, search, NULL);
    *is = ret != SIM_ERR_MEMORY
        && (sim_document_branch(&document, "scenarios") != NULL
            || sim_document_find(&document, "scenarios") != NULL);
    sim_document_free(&document);
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

int
sim_draft_add_spec(struct sim_draft *draft, const char *spec)
{
    int ret = SIM_OK, is_experiment = 0;
    char *path = sim_search_find(&draft->request->search, spec, NULL, nowhere, draft->messages);
    if (path != NULL) {
        ret = is_experiment_file(&draft->request->search, path, &is_experiment);
    }
    if (path != NULL && ret == SIM_OK) {
        ret = is_experiment ? read_experiment_file(draft, path) : sim_draft_add_base(draft, path);
    }
    sim_free(path);
    return ret;
}
