/* design_groups.c - in which parameters two scenarios differ, and which of them make a group.
 *
 *     scenarios: [a, b]
 *     design: attribution
 *     groups: {reform: [burden, linkage.level]}     # optional: groups of parameters, or single ones
 *
 * What differs and is not named goes to a group with the name before the point of its key. A single parameter that is
 * named is in its group even if the scenarios agree in it; of a group of parameters only what differs.
 */
#include "sim/alloc.h"
#include "sim/design_attribution.h"
#include "sim/design_draft.h"
#include "sim/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_LIMIT 40
#define GROUPS_EXAMPLE "a mapping of names to lists, such as {reform: [GROUP, GROUP.NAME]}"

/* All that is known while parameters are sorted into groups; arrays by field. */
struct sorting {
    struct sim_design_draft *draft;
    struct sim_attribution *attribution;
    uint32_t *groups; /* SIM_NO_GROUP: none yet */
    int *differs;
};

static uint32_t
number_of(const struct sorting *sorting, const struct sim_field *field)
{
    return (uint32_t) (field - sorting->draft->fields->list);
}

static const struct sim_resolution *
resolution_of(const struct sim_design_draft *draft, uint32_t base)
{
    return &draft->draft->sources[base].resolution;
}

static int
has_table(const struct sim_design_draft *draft)
{
    return resolution_of(draft, 0)->places.table.path != NULL
        || resolution_of(draft, 1)->places.table.path != NULL;
}

/* The number of regions or of blocks, which a table of places tells. */
static int
is_size(const struct sim_design_draft *draft, const struct sim_field *field)
{
    const char *regions = draft->experiment->model->regions;
    char key[SIM_KEY_SIZE];
    sim_field_key(field, key);
    return field->type == SIM_PLACES || (regions != NULL && strcmp(regions, key) == 0);
}

static void
value_in(const struct sim_design_draft *draft, uint32_t base, const struct sim_field *field,
    union sim_value *value)
{
    sim_value_get(field, draft->experiment->bases[base].setting.eras[0].params, value);
}

static void
find_differences(struct sorting *sorting)
{
    const struct sim_design_draft *draft = sorting->draft;
    for (uint32_t f = 0; f < draft->fields->count; f++) {
        const struct sim_field *field = &draft->fields->list[f];
        union sim_value a, b;
        value_in(draft, 0, field, &a);
        value_in(draft, 1, field, &b);
        sorting->differs[f] = !sim_value_equal(field, &a, &b) && !(has_table(draft) && is_size(draft, field));
        sorting->groups[f] = SIM_NO_GROUP;
    }
}

static int
same_change(const struct sim_change *a, const struct sim_change *b)
{
    struct sim_field alone = *a->field;
    union sim_value first = { .integer = 0 }, second = { .integer = 0 };
    char why[SIM_VALUE_SIZE];
    alone.offset = 0;
    return a->month == b->month && a->field == b->field
        && sim_field_parse(&alone, a->value->text, &first, why, sizeof(why)) == SIM_OK
        && sim_field_parse(&alone, b->value->text, &second, why, sizeof(why)) == SIM_OK
        && sim_value_equal(&alone, &first, &second);
}

static int
same_events(const struct sim_design_draft *draft)
{
    const struct sim_events *a = &resolution_of(draft, 0)->events, *b = &resolution_of(draft, 1)->events;
    int same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = same_change(&a->list[i], &b->list[i]);
    }
    return same;
}

static int
same_tables(const struct sim_design_draft *draft)
{
    const struct sim_table *a = &resolution_of(draft, 0)->places.table;
    const struct sim_table *b = &resolution_of(draft, 1)->places.table;
    return (a->path == NULL) == (b->path == NULL) && (a->path == NULL || strcmp(a->text, b->text) == 0);
}

/* The number of a new group; SIM_NO_GROUP without memory. */
static uint32_t
add_group(struct sim_attribution *attribution, const char *name)
{
    void *list = attribution->names;
    char *copy = sim_copy_text(name);
    char **place = copy != NULL ? sim_append(&list, &attribution->n_groups, sizeof(*place)) : NULL;
    if (place == NULL) {
        sim_free(copy);
        return SIM_NO_GROUP;
    }
    attribution->names = (char **) list;
    *place = copy;
    return attribution->n_groups - 1;
}

/* SIM_NO_GROUP: there is none of this name. */
static uint32_t
find_group(const struct sim_attribution *attribution, const char *name)
{
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        if (strcmp(attribution->names[g], name) == 0) {
            return g;
        }
    }
    return SIM_NO_GROUP;
}

/* A parameter that a group names. */
static void
take_parameter(
    struct sorting *sorting, const struct sim_entry *entry, const struct sim_field *field, uint32_t group)
{
    struct sim_design_draft *draft = sorting->draft;
    uint32_t *own = &sorting->groups[number_of(sorting, field)];
    if (*own != SIM_NO_GROUP) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "groups: %s is named twice, in %s and in %s", entry->text, sorting->attribution->names[*own],
            sorting->attribution->names[group]);
    } else if (has_table(draft) && is_size(draft, field)) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "groups: %s is told by a table of places, which is a group of its own", entry->text);
    } else {
        *own = group;
    }
}

/* What differs among the parameters of this group, and is in no other group. */
static void
take_group(struct sorting *sorting, const char *name, uint32_t group)
{
    for (uint32_t f = 0; f < sorting->draft->fields->count; f++) {
        if (strcmp(sorting->draft->fields->list[f].group, name) == 0 && sorting->differs[f]
            && sorting->groups[f] == SIM_NO_GROUP) {
            sorting->groups[f] = group;
        }
    }
}

/* The items of all lists: single parameters, or groups of them. */
static void
take_items(struct sorting *sorting, const struct sim_branch *groups, int single)
{
    struct sim_design_draft *draft = sorting->draft;
    const struct sim_branch *branches = draft->document->branches;
    for (size_t i = 0; i < draft->document->count; i++) {
        const struct sim_entry *entry = &draft->document->entries[i];
        const struct sim_branch *list = entry->parent > 0 ? &branches[entry->parent - 1] : NULL;
        const char *name = list != NULL ? sim_design_below(list->key, groups->key) : NULL;
        uint32_t group = name != NULL ? find_group(sorting->attribution, name) : SIM_NO_GROUP;
        if (group == SIM_NO_GROUP) {
            continue;
        }
        const struct sim_field *field = sim_fields_find(draft->fields, entry->text);
        if (single && field != NULL) {
            take_parameter(sorting, entry, field, group);
        } else if (!single && field == NULL && sim_fields_has_group(draft->fields, entry->text)) {
            take_group(sorting, entry->text, group);
        } else if (single && !sim_fields_has_group(draft->fields, entry->text)) {
            sim_design_report_parameter(
                draft, entry->text, entry->value_at, strchr(entry->text, '.') == NULL);
        }
    }
}

static int
is_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return *name != '\0' && strlen(name) <= NAME_LIMIT && name[strspn(name, allowed)] == '\0';
}

/* Makes a group of each list; whatever else stands there is a fault. */
static int
name_groups(struct sorting *sorting, const struct sim_branch *groups)
{
    struct sim_design_draft *draft = sorting->draft;
    const size_t number = (size_t) (groups - draft->document->branches) + 1;
    char quote[SIM_QUOTE_SIZE];
    for (size_t i = 0; i < draft->document->count; i++) {
        const struct sim_entry *entry = &draft->document->entries[i];
        if (entry->parent == number) {
            sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, "groups must be " GROUPS_EXAMPLE);
        }
    }
    for (size_t i = 0; i < draft->document->n_branches; i++) {
        const struct sim_branch *branch = &draft->document->branches[i];
        if (branch->parent != number) {
            continue;
        }
        const char *name = sim_design_below(branch->key, groups->key);
        if (!is_name(name)) {
            sim_messages_add(draft->messages, SIM_ERROR, branch->key_at,
                "groups: \"%s\" is no name for a group; it must be at most %d letters, digits, - and _",
                sim_quote(name, quote), NAME_LIMIT);
        } else if (branch->kind != SIM_LIST || branch->count == 0) {
            sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
                "groups: %s must be a list of parameters and groups of them", name);
        } else if (add_group(sorting->attribution, name) == SIM_NO_GROUP) {
            return SIM_ERR_MEMORY;
        }
    }
    return SIM_OK;
}

/* A group that nothing is in would double the points for nothing. */
static void
refuse_empty(struct sorting *sorting, const struct sim_branch *groups)
{
    for (uint32_t g = 0; g < sorting->attribution->n_groups; g++) {
        uint32_t n = 0;
        for (uint32_t f = 0; f < sorting->draft->fields->count; f++) {
            n += sorting->groups[f] == g;
        }
        if (n == 0) {
            sim_messages_add(sorting->draft->messages, SIM_ERROR, groups->value_at,
                "groups: nothing is in %s: the scenarios agree in what it names, or other groups have it",
                sorting->attribution->names[g]);
        }
    }
}

static int
read_groups(struct sorting *sorting)
{
    struct sim_design_draft *draft = sorting->draft;
    const struct sim_branch *groups = sim_design_branch(draft, "groups");
    const size_t errors = draft->messages->errors;
    sim_design_check_shape(draft, "groups", SIM_MAPPING, GROUPS_EXAMPLE);
    if (groups == NULL || draft->messages->errors > errors) {
        return SIM_OK;
    }
    int ret = name_groups(sorting, groups);
    if (ret == SIM_OK && draft->messages->errors == errors) {
        take_items(sorting, groups, 1);
        take_items(sorting, groups, 0);
    }
    if (ret == SIM_OK && draft->messages->errors == errors) {
        refuse_empty(sorting, groups);
    }
    return ret;
}

/* The group of what differs in a group of parameters and is not named: one whose name is taken gets another. */
static int
add_rest(struct sorting *sorting, const char *name)
{
    char *own = find_group(sorting->attribution, name) == SIM_NO_GROUP ? sim_copy_text(name)
                                                                       : sim_print_text("%s_rest", name);
    uint32_t group = own != NULL ? add_group(sorting->attribution, own) : SIM_NO_GROUP;
    sim_free(own);
    if (group != SIM_NO_GROUP) {
        take_group(sorting, name, group);
    }
    return group != SIM_NO_GROUP ? SIM_OK : SIM_ERR_MEMORY;
}

static int
add_rests(struct sorting *sorting)
{
    int ret = SIM_OK;
    for (uint32_t f = 0; ret == SIM_OK && f < sorting->draft->fields->count; f++) {
        if (sorting->differs[f] && sorting->groups[f] == SIM_NO_GROUP) {
            ret = add_rest(sorting, sorting->draft->fields->list[f].group);
        }
    }
    return ret;
}

/* What is no parameter, if the scenarios differ in it. */
static int
add_setting(struct sorting *sorting)
{
    struct sim_design_draft *draft = sorting->draft;
    int events = !same_events(draft), tables = !same_tables(draft);
    const char *name = events && tables ? "events_and_places" : events ? "events" : "places";
    if (!events && !tables) {
        return SIM_OK;
    }
    if (find_group(sorting->attribution, name) != SIM_NO_GROUP) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "groups: the scenarios differ in %s, which is a group of this name; take another for %s",
            !tables       ? "their events"
                : !events ? "their tables of places"
                          : "their events and tables of places",
            name);
        return SIM_OK;
    }
    sorting->attribution->setting_group = add_group(sorting->attribution, name);
    return sorting->attribution->setting_group != SIM_NO_GROUP ? SIM_OK : SIM_ERR_MEMORY;
}

/* A parameter of a group varies between its values in A and in B. */
static int
add_factor(struct sorting *sorting, const struct sim_field *field)
{
    struct sim_design_draft *draft = sorting->draft;
    struct sim_factor_draft *factor = sim_design_factor(draft, field);
    struct sim_range *range = factor != NULL ? sim_design_add_range(draft) : NULL;
    if (range == NULL) {
        return SIM_ERR_MEMORY;
    }
    range->levels = sim_alloc(2, sizeof(*range->levels));
    if (range->levels == NULL) {
        return SIM_ERR_MEMORY;
    }
    range->n_levels = 2;
    for (uint32_t b = 0; b < 2; b++) {
        value_in(draft, b, field, &range->levels[b]);
        factor->ranges[b] = range;
        factor->at[b] = draft->at;
    }
    return SIM_OK;
}

static int
add_factors(struct sorting *sorting)
{
    struct sim_attribution *attribution = sorting->attribution;
    struct sim_design_draft *draft = sorting->draft;
    attribution->groups = sim_alloc(draft->fields->count, sizeof(*attribution->groups));
    int ret = attribution->groups != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t f = 0; ret == SIM_OK && f < draft->fields->count; f++) {
        if (sorting->groups[f] != SIM_NO_GROUP) {
            attribution->groups[draft->n_factors] = sorting->groups[f];
            ret = add_factor(sorting, &draft->fields->list[f]);
        }
    }
    return ret;
}

static void
check_count(const struct sorting *sorting)
{
    const struct sim_design_draft *draft = sorting->draft;
    uint32_t n = sorting->attribution->n_groups;
    if (n == 0) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "the scenarios %s and %s do not differ; there is nothing to attribute",
            draft->experiment->bases[0].stem, draft->experiment->bases[1].stem);
    } else if (n > SIM_GROUPS_LIMIT) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "the scenarios differ in %" PRIu32 " groups; at most %d are possible, so join some", n,
            SIM_GROUPS_LIMIT);
    }
}

static int
sort_parameters(struct sorting *sorting)
{
    const size_t errors = sorting->draft->messages->errors;
    find_differences(sorting);
    int ret = read_groups(sorting);
    if (ret == SIM_OK && sorting->draft->messages->errors == errors) {
        ret = add_rests(sorting);
        ret = ret == SIM_OK ? add_setting(sorting) : ret;
        ret = ret == SIM_OK ? add_factors(sorting) : ret;
        check_count(sorting);
    }
    return ret;
}

int
sim_design_read_groups(struct sim_design_draft *draft)
{
    struct sim_experiment *experiment = draft->experiment;
    for (uint32_t b = 0; b < experiment->n_bases; b++) {
        if (experiment->bases[b].setting.eras == NULL) {
            return SIM_OK; /* it is told */
        }
    }
    if (experiment->n_bases != 2 && draft->messages->errors > draft->draft->errors) {
        return SIM_OK; /* the other may only be misspelled */
    }
    if (experiment->n_bases != 2) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "attribution asks why two scenarios differ; here %s %" PRIu32,
            experiment->n_bases == 1 ? "is" : "are", experiment->n_bases);
        return SIM_OK;
    }
    struct sim_attribution *attribution = sim_alloc(1, sizeof(*attribution));
    struct sorting sorting = { .draft = draft, .attribution = attribution };
    experiment->design.attribution = attribution;
    sorting.groups = sim_alloc(draft->fields->count, sizeof(*sorting.groups));
    sorting.differs = sim_alloc(draft->fields->count, sizeof(*sorting.differs));
    int ret = SIM_ERR_MEMORY;
    if (attribution != NULL && sorting.groups != NULL && sorting.differs != NULL) {
        attribution->setting_group = SIM_NO_GROUP;
        ret = sort_parameters(&sorting);
    }
    sim_free(sorting.groups);
    sim_free(sorting.differs);
    return ret;
}
