/* design_vary.c - which parameters vary, and over what.
 *
 *     vary: {purchase.quality_weight: [0, 1], switches.a: [off, on], city.size: {from: 1, to: 9, steps: 5}}
 *     vary_in: {second-scenario: {purchase.quality_weight: [0.2, 0.6]}}
 */
#include "sim/alloc.h"
#include "sim/apply.h"
#include "sim/design_draft.h"
#include "sim/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ALL_BASES UINT32_MAX

/* What a vary: or one mapping of vary_in: is about. */
struct scope {
    const char *path; /* key of the mapping */
    uint32_t base;    /* ALL_BASES: of all scenarios */
};

static int
is_number(const struct sim_field *field)
{
    return field->type == SIM_REAL || field->type == SIM_INTEGER || field->type == SIM_PLACES;
}

struct sim_factor_draft *
sim_design_factor(struct sim_design_draft *draft, const struct sim_field *field)
{
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        if (draft->factors[f].field == field) {
            return &draft->factors[f];
        }
    }
    void *list = draft->factors;
    uint32_t group = draft->n_factors;
    struct sim_factor_draft *factor = sim_append(&list, &draft->n_factors, sizeof(*factor));
    if (factor == NULL) {
        return NULL;
    }
    draft->factors = list;
    factor->field = field;
    factor->group = group;
    factor->ranges = sim_alloc(draft->experiment->n_bases, sizeof(*factor->ranges));
    factor->at = sim_alloc(draft->experiment->n_bases, sizeof(*factor->at));
    return factor->ranges != NULL && factor->at != NULL ? factor : NULL;
}

struct sim_range *
sim_design_add_range(struct sim_design_draft *draft)
{
    struct sim_design *design = &draft->experiment->design;
    void *list = design->ranges;
    struct sim_range **place = sim_append(&list, &design->n_ranges, sizeof(*place));
    if (place == NULL) {
        return NULL;
    }
    design->ranges = list;
    *place = sim_alloc(1, sizeof(**place));
    return *place;
}

int
sim_design_value(struct sim_design_draft *draft, const struct sim_entry *entry, const struct sim_field *field,
    union sim_value *value)
{
    struct sim_field alone = *field;
    struct sim_entry named = *entry;
    char key[SIM_KEY_SIZE];
    alone.offset = 0;
    if (field->group[0] != '\0') {
        sim_field_key(field, key);
    } else {
        snprintf(key, sizeof(key), "%s", field->name);
    }
    named.key = key;
    memset(value, 0, sizeof(*value));
    if (field->type == SIM_PLACES && sim_field_names_table(entry->text)) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "%s: a table cannot vary; make a scenario for each", key);
        return SIM_ERR_INPUT;
    }
    return sim_apply_value(&named, &alone, value, draft->messages);
}

/* A range is low and high, in this order. */
static int
check_order(struct sim_design_draft *draft, const char *key, const struct sim_field *field,
    const struct sim_range *range, struct sim_where where)
{
    int in_order = field->type == SIM_REAL ? range->low.real < range->high.real
                                           : range->low.integer < range->high.integer;
    if (!in_order) {
        char low[SIM_VALUE_SIZE], high[SIM_VALUE_SIZE];
        sim_value_print(field, &range->low, low);
        sim_value_print(field, &range->high, high);
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "%s: the range from %s to %s is empty; the lower end comes first", key, low, high);
    }
    return in_order ? SIM_OK : SIM_ERR_INPUT;
}

static int
add_level(struct sim_range *range, const union sim_value *value)
{
    union sim_value *levels =
        sim_resize(range->levels, range->n_levels, (size_t) range->n_levels + 1, sizeof(*levels));
    if (levels == NULL) {
        return SIM_ERR_MEMORY;
    }
    range->levels = levels;
    range->levels[range->n_levels++] = *value;
    return SIM_OK;
}

/* Evenly spaced levels instead of a range. */
static int
spread_levels(struct sim_design_draft *draft, const char *key, const struct sim_field *field,
    struct sim_range *range, int64_t steps, struct sim_where where)
{
    int64_t span = field->type == SIM_REAL ? 0 : range->high.integer - range->low.integer;
    int ret = SIM_OK;
    if (span % (steps - 1) != 0) {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "%s: %" PRId64 " steps from %" PRId64 " to %" PRId64 " are not all whole numbers", key, steps,
            range->low.integer, range->high.integer);
        return SIM_ERR_INPUT;
    }
    for (int64_t i = 0; i < steps && ret == SIM_OK; i++) {
        union sim_value value = { .integer = 0 };
        if (field->type == SIM_REAL) {
            value.real =
                sim_range_between(range->low.real, range->high.real, (double) i / (double) (steps - 1));
        } else {
            value.integer = range->low.integer + span / (steps - 1) * i;
        }
        ret = add_level(range, &value);
    }
    return ret;
}

static const struct sim_field steps_field = { .type = SIM_INTEGER,
    .group = "",
    .name = "steps",
    .lowest = 2,
    .highest = SIM_LEVELS_LIMIT,
    .unit = "1" };

/* {from: 0, to: 1, steps: 5}: levels; in a sampled design {from: 0, to: 1}, the same as [0, 1]. */
static int
read_span(struct sim_design_draft *draft, const struct sim_branch *branch, const struct sim_field *field,
    const char *key, struct sim_range *range)
{
    const int sampled = sim_design_is_sampled(draft->experiment->design.kind);
    static const char *const words[] = { "from", "to", "steps" };
    union sim_value values[3];
    size_t found = 0, number = (size_t) (branch - draft->document->branches) + 1, n = sampled ? 2 : 3;
    const char *expected = sampled ? "[low, high]" : "a list of levels, or {from: .., to: .., steps: ..}";
    if (!is_number(field)) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "%s: a list of values is expected, not a mapping", key);
        return SIM_ERR_INPUT;
    }
    for (size_t i = 0; i < n; i++) {
        char name[SIM_PATH_SIZE];
        snprintf(name, sizeof(name), "%s.%s", branch->key, words[i]);
        const struct sim_entry *entry = sim_document_find(draft->document, name);
        if (entry == NULL || entry->parent != number) {
            break;
        }
        if (sim_design_value(draft, entry, i == 2 ? &steps_field : field, &values[i]) != SIM_OK) {
            return SIM_ERR_INPUT;
        }
        found++;
    }
    if (found != n || branch->count != n) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, "%s: %s is expected", key, expected);
        return SIM_ERR_INPUT;
    }
    range->low = values[0];
    range->high = values[1];
    int ret = check_order(draft, key, field, range, branch->value_at);
    return ret != SIM_OK || sampled
        ? ret
        : spread_levels(draft, key, field, range, values[2].integer, branch->value_at);
}

static int
is_listed(const struct sim_range *range, const struct sim_field *field, const union sim_value *value)
{
    for (uint32_t i = 0; i < range->n_levels; i++) {
        if (sim_value_equal(field, &range->levels[i], value)) {
            return 1;
        }
    }
    return 0;
}

/* The items of a list, all different. */
static int
read_levels(struct sim_design_draft *draft, const struct sim_branch *branch, const struct sim_field *field,
    const char *key, struct sim_range *range)
{
    size_t number = (size_t) (branch - draft->document->branches) + 1;
    int ret = SIM_OK;
    if (branch->count > SIM_LEVELS_LIMIT) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "%s: %zu levels; at most %d are possible", key, branch->count, SIM_LEVELS_LIMIT);
        return SIM_ERR_INPUT;
    }
    for (size_t i = 0; i < draft->document->count && ret != SIM_ERR_MEMORY; i++) {
        const struct sim_entry *entry = &draft->document->entries[i];
        union sim_value value;
        if (entry->parent != number) {
            continue;
        }
        int read = sim_design_value(draft, entry, field, &value);
        if (read == SIM_OK && is_listed(range, field, &value)) {
            sim_messages_add(
                draft->messages, SIM_ERROR, entry->value_at, "%s: %s is listed twice", key, entry->text);
            read = SIM_ERR_INPUT;
        }
        int added = read == SIM_OK ? add_level(range, &value) : SIM_OK;
        ret = added != SIM_OK ? added : read != SIM_OK ? read : ret;
    }
    if (ret == SIM_OK && range->n_levels < branch->count) { /* a list or mapping is among the items */
        sim_messages_add(
            draft->messages, SIM_ERROR, branch->value_at, "%s: each item must be one value", key);
        ret = SIM_ERR_INPUT;
    }
    return ret;
}

/* What a sampled design makes of a list: numbers are the two ends of a range, words are equally likely. */
static int
settle_sampled(struct sim_design_draft *draft, const struct sim_branch *branch, const struct sim_field *field,
    const char *key, struct sim_range *range)
{
    const char *name = sim_design_name(draft->experiment->design.kind);
    if (is_number(field) && range->n_levels != 2) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "%s: %s draws from a range: [low, high] is expected, not %" PRIu32 " number%s", key, name,
            range->n_levels, range->n_levels == 1 ? "" : "s");
        return SIM_ERR_INPUT;
    }
    if (range->n_levels < 2) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "%s: %s draws from a list: at least two values are expected", key, name);
        return SIM_ERR_INPUT;
    }
    if (!is_number(field)) {
        return SIM_OK;
    }
    range->low = range->levels[0];
    range->high = range->levels[1];
    range->n_levels = 0;
    return check_order(draft, key, field, range, branch->value_at);
}

/* One parameter and what it varies over. */
static int
read_factor(struct sim_design_draft *draft, const struct scope *scope, const struct sim_field *field,
    const struct sim_branch *branch)
{
    char key[SIM_KEY_SIZE];
    sim_field_key(field, key);
    struct sim_factor_draft *factor = sim_design_factor(draft, field);
    struct sim_range *range = factor != NULL ? sim_design_add_range(draft) : NULL;
    if (range == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t b = 0; b < draft->experiment->n_bases; b++) {
        if (scope->base == ALL_BASES || scope->base == b) {
            factor->ranges[b] = range;
            factor->at[b] = branch->key_at;
        }
    }
    if (branch->kind == SIM_MAPPING) {
        return read_span(draft, branch, field, key, range);
    }
    if (branch->count == 0) {
        sim_messages_add(
            draft->messages, SIM_ERROR, branch->value_at, "%s: the list of values is empty", key);
        return SIM_ERR_INPUT;
    }
    int ret = read_levels(draft, branch, field, key, range);
    return ret == SIM_OK && sim_design_is_sampled(draft->experiment->design.kind)
        ? settle_sampled(draft, branch, field, key, range)
        : ret;
}

static void
report_entry(struct sim_design_draft *draft, const struct sim_entry *entry, const char *key)
{
    if (sim_fields_find(draft->fields, key) != NULL) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "%s: a list of values is expected, such as [0, 1]; what does not vary belongs in the scenario",
            key);
    } else if (sim_fields_has_group(draft->fields, key)) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "%s is a group: a mapping of its parameters is expected", key);
    } else {
        sim_design_report_parameter(draft, key, entry->key_at, 0);
    }
}

/* What stands in vary:, or in one mapping of vary_in:. */
static int
read_scope(struct sim_design_draft *draft, const struct scope *scope)
{
    const struct sim_document *document = draft->document;
    for (size_t i = 0; i < document->n_branches; i++) {
        const struct sim_branch *branch = &document->branches[i];
        const char *key = sim_design_below(branch->key, scope->path);
        if (key == NULL || !sim_design_stands_in(draft, branch->parent, scope->path)) {
            continue;
        }
        const struct sim_field *field = sim_fields_find(draft->fields, key);
        if (field != NULL) {
            if (read_factor(draft, scope, field, branch) == SIM_ERR_MEMORY) {
                return SIM_ERR_MEMORY;
            }
        } else if (branch->kind == SIM_LIST || !sim_fields_has_group(draft->fields, key)) {
            sim_design_report_parameter(draft, key, branch->key_at, branch->kind == SIM_MAPPING);
        }
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct sim_entry *entry = &document->entries[i];
        const char *key = sim_design_below(entry->key, scope->path);
        if (key != NULL && sim_design_stands_in(draft, entry->parent, scope->path)) {
            report_entry(draft, entry, key);
        }
    }
    return SIM_OK;
}

/* The scenario whose stem a key begins with; its number, or UINT32_MAX. */
static uint32_t
base_of(const struct sim_experiment *experiment, const char *key)
{
    uint32_t found = UINT32_MAX;
    size_t longest = 0;
    for (uint32_t b = 0; b < experiment->n_bases; b++) {
        const char *stem = experiment->bases[b].stem;
        size_t length = stem != NULL ? strlen(stem) : 0;
        if (length > longest && strncmp(key, stem, length) == 0 && strchr(".", key[length]) != NULL) {
            found = b;
            longest = length;
        }
    }
    return found;
}

static void
report_base(struct sim_design_draft *draft, const char *key, struct sim_where where)
{
    char nearest[SIM_KEY_SIZE] = "", quote[SIM_QUOTE_SIZE];
    for (uint32_t b = 0; b < draft->experiment->n_bases && nearest[0] == '\0'; b++) {
        sim_suggest_word(draft->experiment->bases[b].stem, key, nearest, sizeof(nearest));
    }
    sim_messages_add(draft->messages, SIM_ERROR, where,
        nearest[0] != '\0' ? "vary_in: no scenario \"%s\" here; did you mean \"%s\"?"
                           : "vary_in: no scenario \"%s\" here; it must be one that the experiment lists",
        sim_quote(key, quote), nearest);
}

/* A key of vary_in: must be a scenario, whose mapping it is, or begin with one. */
static void
check_base(struct sim_design_draft *draft, const char *path, const char *full_key, size_t parent,
    struct sim_where key_at, int is_mapping, struct sim_where value_at)
{
    const char *key = sim_design_below(full_key, path);
    const char *above = parent > 0 ? draft->document->branches[parent - 1].key : path;
    if (key == NULL || sim_design_below(above, path) != NULL) {
        return;
    }
    uint32_t base = base_of(draft->experiment, key);
    if (base == UINT32_MAX) {
        report_base(draft, key, key_at);
    } else if (!is_mapping && strcmp(draft->experiment->bases[base].stem, key) == 0) {
        sim_messages_add(
            draft->messages, SIM_ERROR, value_at, "vary_in: a mapping of parameters is expected for %s", key);
    }
}

/* Every key right below vary_in: */
static void
check_bases(struct sim_design_draft *draft, const char *path)
{
    for (size_t i = 0; i < draft->document->n_branches; i++) {
        const struct sim_branch *branch = &draft->document->branches[i];
        check_base(draft, path, branch->key, branch->parent, branch->key_at, branch->kind == SIM_MAPPING,
            branch->value_at);
    }
    for (size_t i = 0; i < draft->document->count; i++) {
        const struct sim_entry *entry = &draft->document->entries[i];
        check_base(draft, path, entry->key, entry->parent, entry->key_at, 0, entry->value_at);
    }
}

void
sim_design_check_shape(
    struct sim_design_draft *draft, const char *key, enum sim_branch_kind expected, const char *text)
{
    const struct sim_branch *branch = sim_design_branch(draft, key);
    const struct sim_entry *entry = sim_design_entry(draft, key);
    if (entry != NULL || (branch != NULL && (branch->kind != expected || branch->count == 0))) {
        sim_messages_add(draft->messages, SIM_ERROR, entry != NULL ? entry->value_at : branch->value_at,
            "%s must be %s", key, text);
    }
}

#define VARY_EXAMPLE "a mapping of parameters to values, such as {GROUP.NAME: [0, 1]}"

int
sim_design_read_vary(struct sim_design_draft *draft)
{
    char path[SIM_PATH_SIZE], below[SIM_PATH_SIZE];
    snprintf(path, sizeof(path), "%svary", draft->prefix);
    sim_design_check_shape(draft, "vary", SIM_MAPPING, VARY_EXAMPLE);
    sim_design_check_shape(
        draft, "vary_in", SIM_MAPPING, "a mapping of scenarios, such as {SCENARIO: {GROUP.NAME: [0, 1]}}");
    int ret = read_scope(draft, &(struct scope){ path, ALL_BASES });
    snprintf(path, sizeof(path), "%svary_in", draft->prefix);
    check_bases(draft, path);
    for (uint32_t b = 0; b < draft->experiment->n_bases && ret == SIM_OK; b++) {
        const char *stem = draft->experiment->bases[b].stem;
        if (stem != NULL) {
            snprintf(below, sizeof(below), "%.40s.%.*s", path, SIM_KEY_SIZE, stem);
            ret = read_scope(draft, &(struct scope){ below, b });
        }
    }
    if (ret == SIM_OK && draft->n_factors == 0 && draft->messages->errors == draft->draft->errors) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at, "%s varies nothing; add vary, " VARY_EXAMPLE,
            sim_design_name(draft->experiment->design.kind));
    }
    return ret;
}
