/* record_read.c - what an experiment file or the command line says is to be recorded. */
#include "sim/record.h"

#include "sim/error.h"
#include "sim/suggest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WORDS_SIZE 128

/* The model's names of levels that may be recorded by, put between by the joint. */
static const char *
level_words(const struct sim_model *model, const char *joint, char *words)
{
    *words = '\0';
    for (int level = SIM_LEVELS - 1; level > SIM_WORLD; level--) {
        if (model->level_names[level] != NULL) {
            size_t length = strlen(words);
            snprintf(words + length, WORDS_SIZE - length, "%s%s", length > 0 ? joint : "",
                model->level_names[level]);
        }
    }
    return words;
}

static void
report_level(
    const struct sim_model *model, const char *name, struct sim_where where, struct sim_messages *messages)
{
    char words[WORDS_SIZE], nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    const char *top = model->level_names[SIM_WORLD];
    if (*level_words(model, "|", words) == '\0') {
        sim_messages_add(messages, SIM_ERROR, where, "model \"%s\" records nothing by place", model->name);
    } else if (top != NULL && strcmp(name, top) == 0) {
        sim_messages_add(messages, SIM_ERROR, where,
            "every observation is recorded for the %s in any case; here stands %s", top,
            level_words(model, " or ", words));
    } else if (sim_suggest_word(words, name, nearest, sizeof(nearest))) {
        sim_messages_add(messages, SIM_ERROR, where,
            "nothing can be recorded by \"%s\"; did you mean \"%s\"?", sim_quote(name, quote), nearest);
    } else {
        sim_messages_add(messages, SIM_ERROR, where, "nothing can be recorded by \"%s\"; use %s",
            sim_quote(name, quote), level_words(model, " or ", words));
    }
}

void
sim_record_by(struct sim_record *record, const struct sim_model *model, const char *name,
    struct sim_where where, struct sim_messages *messages)
{
    for (int level = SIM_WORLD + 1; level < SIM_LEVELS; level++) {
        if (model->level_names[level] != NULL && strcmp(name, model->level_names[level]) == 0) {
            if (record->by[level]) {
                sim_messages_add(messages, SIM_ERROR, where, "%s is named twice", name);
            }
            record->by[level] = 1;
            return;
        }
    }
    report_level(model, name, where, messages);
}

void
sim_record_agents(struct sim_record *record, const struct sim_model *model, int64_t n, struct sim_where where,
    struct sim_messages *messages)
{
    if (model->n_histories == 0) {
        sim_messages_add(messages, SIM_ERROR, where, "model \"%s\" has no histories to record", model->name);
    } else if (n < 1 || n > SIM_SAMPLE_LIMIT) {
        sim_messages_add(messages, SIM_ERROR, where,
            "%s: from 1 to %d histories can be recorded, not %" PRId64, model->history_key, SIM_SAMPLE_LIMIT,
            n);
    } else {
        record->n_agents = (uint32_t) n;
    }
}

static void
read_agents(struct sim_record *record, const struct sim_model *model, const struct sim_entry *entry,
    struct sim_messages *messages)
{
    struct sim_field field = { .type = SIM_INTEGER,
        .group = "",
        .name = model->history_key,
        .lowest = 1,
        .highest = SIM_SAMPLE_LIMIT,
        .unit = "1" };
    char why[256];
    int64_t n;
    if (entry->quoted || sim_field_parse(&field, entry->text, &n, why, sizeof(why)) != SIM_OK) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at, "%s: %s", model->history_key,
            entry->quoted ? "a number is expected, not a quoted text" : why);
        return;
    }
    sim_record_agents(record, model, n, entry->value_at, messages);
}

/* What follows "record." in a key; NULL if it begins otherwise. */
static const char *
key_below(const char *key)
{
    return strncmp(key, "record.", 7) == 0 ? key + 7 : NULL;
}

static void
report_key(
    const struct sim_model *model, const char *key, struct sim_where where, struct sim_messages *messages)
{
    char words[WORDS_SIZE], nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    const char *histories = model->history_key != NULL ? model->history_key : "";
    const char *joint = *histories != '\0' ? "|" : "";
    snprintf(words, sizeof(words), "by%s%s", joint, histories);
    if (sim_suggest_word(words, key, nearest, sizeof(nearest))) {
        sim_messages_add(messages, SIM_ERROR, where, "unknown key \"%s\" in record; did you mean \"%s\"?",
            sim_quote(key, quote), nearest);
    } else {
        sim_messages_add(messages, SIM_ERROR, where, "unknown key \"%s\" in record; it has by%s%s",
            sim_quote(key, quote), *joint != '\0' ? " and " : "", histories);
    }
}

#define BY_IS_A_LIST "by must be a list of places, such as [%s]"

static void
report_by(const struct sim_model *model, struct sim_where where, struct sim_messages *messages)
{
    const char *lowest = model != NULL ? model->level_names[SIM_BLOCK] : NULL;
    sim_messages_add(messages, SIM_ERROR, where, BY_IS_A_LIST, lowest != NULL ? lowest : "");
}

static int
is_key(const struct sim_model *model, const char *key)
{
    return model != NULL && model->history_key != NULL && strcmp(key, model->history_key) == 0;
}

/* A mapping or list. What stands in one that is wrong is not told again. */
static void
check_branch(const struct sim_model *model, const struct sim_document *document,
    const struct sim_branch *branch, struct sim_messages *messages)
{
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    const char *key = key_below(branch->key);
    const char *above = branch->parent > 0 ? document->branches[branch->parent - 1].key : "";
    if (strcmp(branch->key, "record") == 0 && branch->kind == SIM_LIST) {
        sim_messages_add(
            messages, SIM_ERROR, branch->value_at, "record must be a mapping, not a list: see the README");
    } else if (key == NULL) {
        return;
    } else if (strcmp(above, "record.by") == 0 && strncmp(key, "by[", 3) == 0) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at, "by: a name is expected, not a %s", kind);
    } else if (*above != '\0' && strcmp(above, "record") != 0) {
        return;
    } else if (strcmp(key, "by") == 0) {
        if (branch->kind != SIM_LIST) {
            report_by(model, branch->value_at, messages);
        } else if (branch->count == 0) {
            sim_messages_add(messages, SIM_ERROR, branch->value_at, "by lists none");
        }
    } else if (is_key(model, key)) {
        sim_messages_add(
            messages, SIM_ERROR, branch->value_at, "%s: a whole number is expected, not a %s", key, kind);
    } else if (model != NULL) {
        report_key(model, key, branch->key_at, messages);
    }
}

static void
read_entry(struct sim_record *record, const struct sim_model *model, const struct sim_document *document,
    const struct sim_entry *entry, struct sim_messages *messages)
{
    const char *key = key_below(entry->key);
    const char *above = entry->parent > 0 ? document->branches[entry->parent - 1].key : "";
    if (strcmp(entry->key, "record") == 0) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at, "record must be a mapping: see the README");
    } else if (key == NULL) {
        return;
    } else if (strcmp(above, "record.by") == 0 && strncmp(key, "by[", 3) == 0) {
        if (model != NULL) {
            sim_record_by(record, model, entry->text, entry->value_at, messages);
        }
    } else if (*above != '\0' && strcmp(above, "record") != 0) {
        return;
    } else if (strcmp(key, "by") == 0) {
        report_by(model, entry->value_at, messages);
    } else if (is_key(model, key)) {
        read_agents(record, model, entry, messages);
    } else if (model != NULL) {
        report_key(model, key, entry->key_at, messages);
    }
}

void
sim_record_read(struct sim_record *record, const struct sim_model *model, const struct sim_document *document,
    struct sim_messages *messages)
{
    for (size_t i = 0; i < document->n_branches; i++) {
        check_branch(model, document, &document->branches[i], messages);
    }
    for (size_t i = 0; i < document->count; i++) {
        read_entry(record, model, document, &document->entries[i], messages);
    }
}
