/* apply.c - finds the field of each entry, sets its member, and tells what no field takes. */
#include "sim/apply.h"

#include "sim/error.h"

#include <string.h>

#define SIM_TOP_KEYS SIM_RESERVED_KEYS "|" SIM_EVENTS_KEY

int
sim_is_reserved(const char *key)
{
    return sim_find_word(SIM_RESERVED_KEYS, key) >= 0;
}

/* what: "parameter", "group" ... */
static void
report_unknown(const char *what, const char *key, struct sim_where where, const char *nearest,
    struct sim_messages *messages)
{
    char quote[SIM_QUOTE_SIZE];
    if (nearest[0] == '\0') {
        sim_messages_add(messages, SIM_ERROR, where, "unknown %s \"%s\"", what, sim_quote(key, quote));
    } else {
        sim_messages_add(messages, SIM_ERROR, where, "unknown %s \"%s\"; did you mean \"%s\"?", what,
            sim_quote(key, quote), nearest);
    }
}

/* An entry that no field has. others: keys besides the groups that can stand where it does. */
static void
report_entry(const struct sim_entry *entry, const char *others, const struct sim_fields *fields,
    struct sim_messages *messages)
{
    char nearest[SIM_KEY_SIZE] = "", quote[SIM_QUOTE_SIZE];
    if (sim_fields_has_group(fields, entry->key)) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at,
            "%s is a group: a mapping of its parameters is expected, not \"%s\"", entry->key,
            sim_quote(entry->text, quote));
        return;
    }
    int is_top = strchr(entry->key, '.') == NULL;
    if (!is_top || !sim_suggest_word(others, entry->key, nearest, sizeof(nearest))) {
        sim_fields_suggest(fields, entry->key, nearest);
    }
    report_unknown(is_top ? "key" : "parameter", entry->key, entry->key_at, nearest, messages);
}

/* A mapping or list that is in the wrong place, or is wrongly named. */
static void
report_branch(const struct sim_branch *branch, size_t mapping, const char *others,
    const struct sim_fields *fields, struct sim_messages *messages)
{
    const struct sim_field *field = sim_fields_find(fields, branch->key);
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    char nearest[SIM_KEY_SIZE] = "";
    if (field != NULL) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at, "%s: %s is expected, not a %s", branch->key,
            sim_field_expects(field), kind);
    } else if (branch->parent == mapping && sim_fields_has_group(fields, branch->key)) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at,
            "%s is a group: a mapping of its parameters is expected, not a list", branch->key);
    } else if (strchr(branch->key, '.') != NULL) {
        sim_fields_suggest(fields, branch->key, nearest);
        report_unknown("parameter", branch->key, branch->key_at, nearest, messages);
    } else {
        if (!sim_suggest_word(others, branch->key, nearest, sizeof(nearest))) {
            sim_fields_suggest_group(fields, branch->key, nearest);
        }
        report_unknown(
            branch->kind == SIM_LIST ? "key" : "group", branch->key, branch->key_at, nearest, messages);
    }
}

/* A quoted text is a text, as everywhere in YAML; only words and calls may stand in quotes. */
static int
is_quoted_wrongly(const struct sim_entry *entry, const struct sim_field *field)
{
    int is_call = field->type == SIM_DISTRIBUTION && strchr(entry->text, '(') != NULL;
    int is_table = field->type == SIM_PLACES && sim_field_names_table(entry->text);
    return entry->quoted && field->type != SIM_CHOICE && !is_call && !is_table;
}

int
sim_apply_value(
    const struct sim_entry *entry, const struct sim_field *field, void *params, struct sim_messages *messages)
{
    if (is_quoted_wrongly(entry, field)) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at, "%s: %s is expected, not a quoted text",
            entry->key, sim_field_expects(field));
        return SIM_ERR_INPUT;
    }
    char why[512];
    int ret = sim_field_parse(field, entry->text, params, why, sizeof(why));
    if (ret != SIM_OK) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at, "%s: %s", entry->key, why);
    }
    return ret;
}

static int
apply_entry(const struct sim_entry *entry, const char *others, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    const struct sim_field *field = sim_fields_find(fields, entry->key);
    if (field == NULL) {
        report_entry(entry, others, fields, messages);
        return SIM_ERR_INPUT;
    }
    return sim_apply_value(entry, field, params, messages);
}

int
sim_apply_entry(const struct sim_entry *entry, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    return apply_entry(entry, SIM_TOP_KEYS, fields, params, messages);
}

/* A key without that of the mapping that it stands in and the point after it. */
static char *
key_below(const struct sim_document *document, size_t mapping, char *key)
{
    return mapping == 0 ? key : key + strlen(document->branches[mapping - 1].key) + 1;
}

/* A mapping within the given one (0: the whole file) that is a group of parameters: the only place where
 * entries can stand besides the given one itself. */
static int
is_group(const struct sim_document *document, size_t mapping, size_t branch, const struct sim_fields *fields)
{
    const struct sim_branch *group = &document->branches[branch - 1];
    return group->kind == SIM_MAPPING && group->parent == mapping
        && sim_fields_has_group(fields, key_below(document, mapping, group->key));
}

/* Nonzero if what stands in `parent` is the mapping's own or of a group in it. */
static int
is_within(const struct sim_document *document, size_t mapping, size_t parent, const struct sim_fields *fields)
{
    return parent == mapping || (parent != 0 && is_group(document, mapping, parent, fields));
}

/* What stands in a misplaced mapping or list is not reported again. others: keys of the mapping that are told
 * elsewhere. */
static int
apply_inside(const struct sim_document *document, size_t mapping, const char *others,
    const struct sim_fields *fields, void *params, struct sim_messages *messages)
{
    int faults = 0;
    for (size_t i = 0; i < document->n_branches; i++) {
        struct sim_branch branch = document->branches[i];
        if (is_within(document, mapping, branch.parent, fields)
            && !is_group(document, mapping, i + 1, fields)) {
            branch.key = key_below(document, mapping, branch.key);
            if (sim_find_word(others, branch.key) < 0) {
                report_branch(&branch, mapping, others, fields, messages);
                faults = 1;
            }
        }
    }
    for (size_t i = 0; i < document->count; i++) {
        struct sim_entry entry = document->entries[i];
        if (is_within(document, mapping, entry.parent, fields)) {
            entry.key = key_below(document, mapping, entry.key);
            if (sim_find_word(others, entry.key) < 0) {
                faults |= apply_entry(&entry, others, fields, params, messages) != SIM_OK;
            }
        }
    }
    return faults ? SIM_ERR_INPUT : SIM_OK;
}

int
sim_apply_document(const struct sim_document *document, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    return apply_inside(document, 0, SIM_TOP_KEYS, fields, params, messages);
}

int
sim_apply_mapping(const struct sim_document *document, size_t mapping, const struct sim_fields *fields,
    void *params, struct sim_messages *messages)
{
    return apply_inside(document, mapping, NULL, fields, params, messages);
}

const struct sim_field *
sim_apply_field(const struct sim_document *document, size_t mapping, const struct sim_entry *entry,
    const struct sim_fields *fields)
{
    return is_within(document, mapping, entry->parent, fields)
        ? sim_fields_find(fields, key_below(document, mapping, entry->key))
        : NULL;
}
