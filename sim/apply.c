/* apply.c - finds the field of each entry, sets its member, and tells what no field takes. */
#include "sim/apply.h"

#include "sim/error.h"

#include <string.h>

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

/* An entry that no field has. */
static void
report_entry(const struct sim_entry *entry, const struct sim_fields *fields, struct sim_messages *messages)
{
    char nearest[SIM_KEY_SIZE] = "", quote[SIM_QUOTE_SIZE];
    if (sim_fields_has_group(fields, entry->key)) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at,
            "%s is a group: a mapping of its parameters is expected, not \"%s\"", entry->key,
            sim_quote(entry->text, quote));
        return;
    }
    int is_top = strchr(entry->key, '.') == NULL;
    if (!is_top || !sim_suggest_word(SIM_RESERVED_KEYS, entry->key, nearest, sizeof(nearest))) {
        sim_fields_suggest(fields, entry->key, nearest);
    }
    report_unknown(is_top ? "key" : "parameter", entry->key, entry->key_at, nearest, messages);
}

/* A mapping or list that is in the wrong place, or is wrongly named. */
static void
report_branch(const struct sim_branch *branch, const struct sim_fields *fields, struct sim_messages *messages)
{
    const struct sim_field *field = sim_fields_find(fields, branch->key);
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    char nearest[SIM_KEY_SIZE] = "";
    if (field != NULL) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at, "%s: %s is expected, not a %s", branch->key,
            sim_field_expects(field), kind);
    } else if (branch->parent == 0 && sim_fields_has_group(fields, branch->key)) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at,
            "%s is a group: a mapping of its parameters is expected, not a list", branch->key);
    } else if (strchr(branch->key, '.') != NULL) {
        sim_fields_suggest(fields, branch->key, nearest);
        report_unknown("parameter", branch->key, branch->key_at, nearest, messages);
    } else {
        sim_fields_suggest_group(fields, branch->key, nearest);
        report_unknown(
            branch->kind == SIM_LIST ? "key" : "group", branch->key, branch->key_at, nearest, messages);
    }
}

/* A quoted text is a text, as everywhere in YAML; only words and calls may stand in quotes. */
static int
is_quoted_wrongly(const struct sim_entry *entry, const struct sim_field *field)
{
    int is_call = field->type == SIM_DISTRIBUTION && strchr(entry->text, '(') != NULL;
    return entry->quoted && field->type != SIM_CHOICE && !is_call;
}

int
sim_apply_entry(const struct sim_entry *entry, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    const struct sim_field *field = sim_fields_find(fields, entry->key);
    if (field == NULL) {
        report_entry(entry, fields, messages);
        return SIM_ERR_INPUT;
    }
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

/* A mapping at the top level that is a group of parameters: the only place where entries can stand besides
 * the top level itself. */
static int
is_group(const struct sim_document *document, size_t branch, const struct sim_fields *fields)
{
    const struct sim_branch *group = &document->branches[branch - 1];
    return group->kind == SIM_MAPPING && group->parent == 0 && sim_fields_has_group(fields, group->key);
}

/* What stands in a misplaced mapping or list is not reported again. */
int
sim_apply_document(const struct sim_document *document, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    int faults = 0;
    for (size_t i = 0; i < document->n_branches; i++) {
        const struct sim_branch *branch = &document->branches[i];
        int is_seen = branch->parent == 0 || is_group(document, branch->parent, fields);
        if (is_seen && !is_group(document, i + 1, fields) && !sim_is_reserved(branch->key)) {
            report_branch(branch, fields, messages);
            faults = 1;
        }
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct sim_entry *entry = &document->entries[i];
        int is_seen = entry->parent == 0 || is_group(document, entry->parent, fields);
        if (is_seen && !sim_is_reserved(entry->key)) {
            faults |= sim_apply_entry(entry, fields, params, messages) != SIM_OK;
        }
    }
    return faults ? SIM_ERR_INPUT : SIM_OK;
}
