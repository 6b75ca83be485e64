/* design_read.c - the kind of a design and its numbers; then the steps that make it.
 *
 *     design: lhs                       design: {kind: lhs, points: 64, vary: {...}}
 *     points: 64                or
 *     vary: {...}
 */
#include "sim/alloc.h"
#include "sim/apply.h"
#include "sim/design_attribution.h"
#include "sim/design_draft.h"
#include "sim/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define KIND_WORDS "grid|list|lhs|sobol|saltelli|morris|one-at-a-time|attribution"
#define KIND_TEXT "grid, list, lhs, sobol, saltelli, morris, one-at-a-time or attribution"
#define NESTED_KEYS "kind|" SIM_DESIGN_KEYS
#define DEFAULT_LEVELS 4
#define DEFAULT_TRAJECTORIES 10
#define SKIP_LIMIT 10000000

/* Which kinds have a key; the others refuse it. */
static const struct {
    const char *key, *kinds;
    int64_t lowest, highest;
} numbers[] = {
    [SIM_DESIGN_NUMBER_POINTS] = { "points", "lhs|sobol|saltelli|morris|list", 1, SIM_DESIGN_POINTS_LIMIT },
    [SIM_DESIGN_NUMBER_LEVELS] = { "levels", "morris", 2, SIM_LEVELS_LIMIT },
    [SIM_DESIGN_NUMBER_TRAJECTORIES] = { "trajectories", "morris", 1, SIM_DESIGN_POINTS_LIMIT },
    [SIM_DESIGN_NUMBER_SKIP] = { "skip", "sobol|saltelli", 0, SKIP_LIMIT },
    [SIM_DESIGN_NUMBER_SCRAMBLE] = { "scramble", "sobol|saltelli", 0, 1 },
    [SIM_DESIGN_NUMBER_SECOND_ORDER] = { "second_order", "saltelli", 0, 1 },
    [SIM_DESIGN_NUMBER_PERMUTATIONS] = { "permutations", "attribution", 1, SIM_ORDERS_LIMIT },
};

static const struct {
    const char *key, *kinds;
} mappings[] = {
    { "vary", "grid|lhs|sobol|saltelli|morris|one-at-a-time" },
    { "vary_in", "grid|lhs|sobol|saltelli|morris|one-at-a-time" },
    { "link", "grid|lhs|sobol|saltelli|morris|one-at-a-time" },
    { "groups", "attribution" },
};

static const char *
kind_name(const struct sim_design_draft *draft)
{
    return sim_design_name(draft->experiment->design.kind);
}

const struct sim_branch *
sim_design_branch(const struct sim_design_draft *draft, const char *key)
{
    char path[SIM_PATH_SIZE];
    snprintf(path, sizeof(path), "%s%s", draft->prefix, key);
    return sim_document_branch(draft->document, path);
}

const struct sim_entry *
sim_design_entry(const struct sim_design_draft *draft, const char *key)
{
    char path[SIM_PATH_SIZE];
    snprintf(path, sizeof(path), "%s%s", draft->prefix, key);
    return sim_document_find(draft->document, path);
}

const char *
sim_design_below(const char *key, const char *path)
{
    size_t length = strlen(path);
    return strncmp(key, path, length) == 0 && key[length] == '.' ? key + length + 1 : NULL;
}

int
sim_design_stands_in(const struct sim_design_draft *draft, size_t parent, const char *path)
{
    if (parent == 0) {
        return 1;
    }
    const struct sim_branch *above = &draft->document->branches[parent - 1];
    const char *below = sim_design_below(above->key, path);
    return above->kind == SIM_MAPPING
        && (below == NULL || (strchr(below, '.') == NULL && sim_fields_has_group(draft->fields, below)));
}

void
sim_design_report_parameter(
    struct sim_design_draft *draft, const char *key, struct sim_where where, int is_mapping)
{
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    const char *what = strchr(key, '.') == NULL && is_mapping ? "group" : "parameter";
    int near = strcmp(what, "group") == 0 ? sim_fields_suggest_group(draft->fields, key, nearest)
                                          : sim_fields_suggest(draft->fields, key, nearest);
    sim_messages_add(draft->messages, SIM_ERROR, where,
        near ? "unknown %s \"%s\"; did you mean \"%s\"?" : "unknown %s \"%s\"", what, sim_quote(key, quote),
        nearest);
}

/* Where a key of the top level stands; 0: it is not there. */
static int
find_key(const struct sim_document *document, const char *key, struct sim_where *where)
{
    size_t length = strlen(key);
    for (size_t i = 0; i < document->n_branches; i++) {
        const struct sim_branch *branch = &document->branches[i];
        if (strncmp(branch->key, key, length) == 0 && strchr(".", branch->key[length]) != NULL) {
            *where = branch->key_at;
            return 1;
        }
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct sim_entry *entry = &document->entries[i];
        if (strncmp(entry->key, key, length) == 0 && strchr(".", entry->key[length]) != NULL) {
            *where = entry->key_at;
            return 1;
        }
    }
    return 0;
}

/* Keys of a design that stand at the top level without one, or beside one that is a mapping. */
static void
refuse_strays(struct sim_design_draft *draft, const char *reason)
{
    const char *key = SIM_DESIGN_KEYS;
    for (size_t length; *key != '\0'; key += length + (key[length] == '|')) {
        char word[SIM_KEY_SIZE];
        struct sim_where where;
        length = strcspn(key, "|");
        snprintf(word, sizeof(word), "%.*s", (int) length, key);
        if (find_key(draft->document, word, &where)) {
            sim_messages_add(draft->messages, SIM_ERROR, where, "%s %s", word, reason);
        }
    }
}

/* Unknown keys of design: {...}. */
static void
check_nested_key(struct sim_design_draft *draft, const char *key, size_t parent, struct sim_where where)
{
    const char *below = sim_design_below(key, "design");
    char word[SIM_PATH_SIZE], nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    if (below == NULL || (parent != 0 && strcmp(draft->document->branches[parent - 1].key, "design") != 0)) {
        return;
    }
    snprintf(word, sizeof(word), "%.*s", (int) strcspn(below, "."), below);
    if (sim_find_word(NESTED_KEYS, word) >= 0) {
        return;
    }
    if (sim_suggest_word(NESTED_KEYS, word, nearest, sizeof(nearest))) {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "unknown key \"%s\" in design; did you mean \"%s\"?", sim_quote(word, quote), nearest);
    } else {
        sim_messages_add(draft->messages, SIM_ERROR, where, "unknown key \"%s\" in design; it has kind, %s",
            sim_quote(word, quote),
            "points, vary, vary_in, link, levels, trajectories, skip, scramble, second_order, groups, permutations");
    }
}

static void
check_nested(struct sim_design_draft *draft)
{
    for (size_t i = 0; i < draft->document->n_branches; i++) {
        const struct sim_branch *branch = &draft->document->branches[i];
        check_nested_key(draft, branch->key, branch->parent, branch->key_at);
    }
    for (size_t i = 0; i < draft->document->count; i++) {
        const struct sim_entry *entry = &draft->document->entries[i];
        check_nested_key(draft, entry->key, entry->parent, entry->key_at);
    }
}

static void
read_kind(struct sim_design_draft *draft, const struct sim_entry *entry)
{
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    int kind = sim_find_word(KIND_WORDS, entry->text);
    draft->at = entry->value_at;
    if (kind >= 0) {
        draft->experiment->design.kind = (enum sim_design_kind)(kind + 1);
    } else if (sim_suggest_word(KIND_WORDS, entry->text, nearest, sizeof(nearest))) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "unknown design \"%s\"; did you mean \"%s\"?", sim_quote(entry->text, quote), nearest);
    } else {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "unknown design \"%s\"; it must be " KIND_TEXT, sim_quote(entry->text, quote));
    }
}

/* Where the design stands, and its kind, which stays NONE if there is none, or a wrong one. */
static void
find_design(struct sim_design_draft *draft)
{
    const struct sim_branch *branch = sim_document_branch(draft->document, "design");
    const struct sim_entry *entry = sim_document_find(draft->document, "design");
    draft->prefix = "";
    if (branch == NULL && entry == NULL && sim_document_find(draft->document, "design.kind") == NULL) {
        refuse_strays(draft, "stands without a design; add a line such as \"design: grid\"");
        return;
    }
    if (branch != NULL && branch->kind == SIM_LIST) {
        sim_messages_add(
            draft->messages, SIM_ERROR, branch->value_at, "design must be " KIND_TEXT ", not a list");
        return;
    }
    if (entry == NULL) {
        draft->prefix = "design.";
        entry = sim_document_find(draft->document, "design.kind");
        refuse_strays(draft, "must stand in design, where its kind does");
        check_nested(draft);
    }
    if (entry != NULL) {
        read_kind(draft, entry);
    } else {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "design has no kind; add one, such as {kind: grid, ...}");
    }
}

/* Whether the design is of one of the kinds that have this key; else a message. */
static int
may_have(struct sim_design_draft *draft, const char *key, const char *kinds, struct sim_where where)
{
    if (sim_find_word(kinds, kind_name(draft)) >= 0) {
        return 1;
    }
    char text[128] = "";
    for (const char *at = kinds; *at != '\0'; at++) {
        size_t length = strlen(text);
        const char *joint = strchr(at, '|') == strrchr(at, '|') ? " and " : ", ";
        snprintf(text + length, sizeof(text) - length, "%.*s", *at == '|' ? (int) strlen(joint) : 1,
            *at == '|' ? joint : at);
    }
    sim_messages_add(
        draft->messages, SIM_ERROR, where, "%s is for %s, not for %s", key, text, kind_name(draft));
    return 0;
}

static int
is_switch(int which)
{
    return which == SIM_DESIGN_NUMBER_SCRAMBLE || which == SIM_DESIGN_NUMBER_SECOND_ORDER;
}

static void
read_number(struct sim_design_draft *draft, int which, const struct sim_entry *entry)
{
    struct sim_field field = { .type = is_switch(which) ? SIM_SWITCH : SIM_INTEGER,
        .group = "",
        .name = numbers[which].key,
        .lowest = (double) numbers[which].lowest,
        .highest = (double) numbers[which].highest,
        .unit = "1" };
    struct sim_entry named = *entry;
    char name[SIM_KEY_SIZE];
    union sim_value value = { .integer = 0 };
    snprintf(name, sizeof(name), "%s", numbers[which].key);
    named.key = name;
    if (sim_apply_value(&named, &field, &value, draft->messages) == SIM_OK) {
        draft->numbers[which].value = field.type == SIM_SWITCH ? value.index : value.integer;
    }
}

static void
read_numbers(struct sim_design_draft *draft)
{
    int listed = draft->experiment->design.kind == SIM_DESIGN_LIST;
    for (int i = 0; i < SIM_DESIGN_NUMBERS; i++) {
        const struct sim_entry *entry = sim_design_entry(draft, numbers[i].key);
        const struct sim_branch *branch = sim_design_branch(draft, numbers[i].key);
        draft->numbers[i].value = -1;
        if (entry == NULL && branch == NULL) {
            continue;
        }
        draft->numbers[i].at = entry != NULL ? entry->value_at : branch->value_at;
        if (!may_have(draft, numbers[i].key, numbers[i].kinds, entry != NULL ? entry->key_at : branch->key_at)
            || (listed && i == SIM_DESIGN_NUMBER_POINTS)) {
            continue;
        }
        if (entry != NULL) {
            read_number(draft, i, entry);
        } else {
            sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, "%s: %s is expected, not a %s",
                numbers[i].key, is_switch(i) ? "on or off" : "a whole number",
                branch->kind == SIM_LIST ? "list" : "mapping");
        }
    }
}

static void
check_mappings(struct sim_design_draft *draft)
{
    for (size_t i = 0; i < SIM_COUNT_OF(mappings); i++) {
        const struct sim_branch *branch = sim_design_branch(draft, mappings[i].key);
        const struct sim_entry *entry = sim_design_entry(draft, mappings[i].key);
        if (branch != NULL || entry != NULL) {
            may_have(
                draft, mappings[i].key, mappings[i].kinds, branch != NULL ? branch->key_at : entry->key_at);
        }
    }
}

/* What must be said, and what is taken if it is not. */
static void
settle_numbers(struct sim_design_draft *draft)
{
    enum sim_design_kind kind = draft->experiment->design.kind;
    struct sim_design_number *points = &draft->numbers[SIM_DESIGN_NUMBER_POINTS];
    struct sim_design_number *levels = &draft->numbers[SIM_DESIGN_NUMBER_LEVELS];
    struct sim_design_number *trajectories = &draft->numbers[SIM_DESIGN_NUMBER_TRAJECTORIES];
    int is_sequence = kind == SIM_DESIGN_SOBOL || kind == SIM_DESIGN_SALTELLI;
    if ((kind == SIM_DESIGN_LHS || is_sequence) && points->at.file == NULL) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "%s needs the number of points; add a line such as \"points: 64\"", kind_name(draft));
    }
    if (is_sequence && points->value > 0 && (points->value & (points->value - 1)) != 0) {
        int64_t below = 1;
        while (2 * below < points->value) {
            below *= 2;
        }
        sim_messages_add(draft->messages, SIM_WARNING, points->at,
            "%" PRId64 " points are no power of two; a Sobol' sequence is balanced at %" PRId64
            " and %" PRId64,
            points->value, below, 2 * below);
    }
    if (levels->value > 0 && levels->value % 2 != 0) {
        sim_messages_add(draft->messages, SIM_ERROR, levels->at,
            "levels: %" PRId64 " is odd; Morris' steps are half of the levels, so take an even number",
            levels->value);
    }
    if (points->at.file != NULL && trajectories->at.file != NULL) {
        sim_messages_add(draft->messages, SIM_ERROR, trajectories->at,
            "points and trajectories say the same thing; leave one of them out");
    }
    draft->experiment->design.second_order =
        kind == SIM_DESIGN_SALTELLI && draft->numbers[SIM_DESIGN_NUMBER_SECOND_ORDER].value != 0;
    levels->value = levels->value < 0 ? DEFAULT_LEVELS : levels->value;
    if (trajectories->value < 0 && points->value < 0) {
        trajectories->value = DEFAULT_TRAJECTORIES;
    }
}

/* --set and a design cannot both say what a parameter is. */
static void
refuse_settings(struct sim_design_draft *draft)
{
    const struct sim_scenario *scenario = &draft->draft->sources[0].scenario;
    for (size_t i = 0; i < scenario->n_overrides; i++) {
        const struct sim_entry *entry = &scenario->overrides[i];
        const struct sim_field *field = sim_fields_find(draft->fields, entry->key);
        for (uint32_t f = 0; f < draft->n_factors; f++) {
            if (draft->factors[f].field == field) {
                sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
                    "%s varies over the design; leave out --set, or take it out of the design", entry->key);
            }
        }
    }
}

/* A table of places tells how many there are. */
static void
refuse_tabled(struct sim_design_draft *draft)
{
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        const struct sim_factor_draft *factor = &draft->factors[f];
        const struct sim_field *field = factor->field;
        char key[SIM_KEY_SIZE];
        sim_field_key(field, key);
        int is_size = field->type == SIM_PLACES
            || (draft->experiment->model->regions != NULL
                && strcmp(draft->experiment->model->regions, key) == 0);
        for (uint32_t b = 0; is_size && b < draft->experiment->n_bases; b++) {
            if (factor->ranges[b] != NULL && draft->experiment->bases[b].setting.first_block != NULL) {
                sim_messages_add(draft->messages, SIM_ERROR, factor->at[b],
                    "%s cannot vary in %s, whose table of places tells how many there are", key,
                    draft->experiment->bases[b].stem);
            }
        }
    }
}

static int
read_parts(struct sim_design_draft *draft)
{
    int ret = SIM_OK;
    read_numbers(draft);
    check_mappings(draft);
    settle_numbers(draft);
    if (draft->experiment->design.kind == SIM_DESIGN_LIST) {
        ret = sim_design_read_points(draft);
    } else if (draft->experiment->design.kind == SIM_DESIGN_ATTRIBUTION) {
        return sim_design_read_groups(draft); /* --set holds in both scenarios before they are mixed */
    } else {
        ret = sim_design_read_vary(draft);
        ret = ret == SIM_OK ? sim_design_read_links(draft) : ret;
    }
    if (ret == SIM_OK) {
        refuse_settings(draft);
        refuse_tabled(draft);
    }
    return ret;
}

static void
draft_free(struct sim_design_draft *draft)
{
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        sim_free(draft->factors[f].ranges);
        sim_free(draft->factors[f].at);
    }
    sim_free(draft->factors);
    sim_free(draft->listed);
    sim_free(draft->point_at);
}

/* Every scenario is one point, until a design makes more of it. */
static void
number_points(struct sim_experiment *experiment)
{
    for (uint32_t b = 0; b < experiment->n_bases; b++) {
        experiment->bases[b].first_point = b;
        experiment->bases[b].n_points = 1;
    }
    experiment->n_points = experiment->n_bases;
}

int
sim_design_read(struct sim_draft *parent)
{
    struct sim_experiment *experiment = parent->experiment;
    struct sim_design_draft draft = {
        .draft = parent, .experiment = experiment, .document = &parent->file, .messages = parent->messages
    };
    int ret = SIM_OK;
    number_points(experiment);
    if (parent->file.path == NULL || experiment->model == NULL) {
        return SIM_OK;
    }
    draft.fields = &experiment->model->fields;
    find_design(&draft);
    if (experiment->design.kind != SIM_DESIGN_NONE) {
        ret = read_parts(&draft);
        if (ret == SIM_OK && parent->messages->errors == parent->errors) {
            ret = sim_design_build(&draft);
        }
        if (ret == SIM_OK && parent->messages->errors == parent->errors) {
            ret = sim_design_check_points(&draft);
        }
    }
    draft_free(&draft);
    return ret;
}
