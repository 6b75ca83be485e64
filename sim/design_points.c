/* design_points.c - a list of points, each with what it sets.
 *
 *     points:
 *       - {purchase.quality_weight: 0.8, switches.a: on}
 *       - {}                                                # the scenario itself
 */
#include "sim/alloc.h"
#include "sim/design_draft.h"
#include "sim/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_EXAMPLE "a list of mappings, such as [{GROUP.NAME: 0.5}, {GROUP.NAME: 0.8}]"

/* All that is known while the points are read. */
struct list {
    struct sim_design_draft *draft;
    size_t number;           /* of the branch, as parents are counted */
    const char *key;         /* of the branch */
    struct sim_range **made; /* by factor, so far */
    uint32_t *capacity;      /* by factor: of its levels */
    uint32_t n_made;
};

/* The how-many-th point a key is of, and what follows in it; UINT32_MAX if it is of none. */
static uint32_t
point_of(const struct list *list, const char *key, const char **below)
{
    size_t length = strlen(list->key);
    char *end;
    if (strncmp(key, list->key, length) != 0 || key[length] != '[') {
        return UINT32_MAX;
    }
    unsigned long point = strtoul(key + length + 1, &end, 10);
    *below = end[0] == ']' && end[1] == '.' ? end + 2 : "";
    return (uint32_t) point;
}

/* Whether what has this parent stands in a point, or in a group of parameters in it. */
static int
stands_in_point(const struct list *list, size_t parent)
{
    const struct sim_branch *branches = list->draft->document->branches;
    if (parent == 0 || branches[parent - 1].kind != SIM_MAPPING) {
        return 0;
    }
    size_t above = branches[parent - 1].parent;
    const char *below;
    return above == list->number
        || (above > 0 && branches[above - 1].parent == list->number
            && point_of(list, branches[parent - 1].key, &below) != UINT32_MAX
            && sim_fields_has_group(list->draft->fields, below));
}

static void
check_branch(struct list *list, const struct sim_branch *branch)
{
    struct sim_design_draft *draft = list->draft;
    const char *below;
    uint32_t point = point_of(list, branch->key, &below);
    if (point == UINT32_MAX) {
        return;
    }
    if (branch->parent == list->number) {
        draft->point_at[point] = branch->value_at;
        if (branch->kind != SIM_MAPPING) {
            sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
                "a point must be a mapping, such as {GROUP.NAME: 0.5}");
        }
    } else if (!stands_in_point(list, branch->parent)) {
        return;
    } else if (sim_fields_find(draft->fields, below) != NULL) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, "%s: %s is expected, not a %s", below,
            sim_field_expects(sim_fields_find(draft->fields, below)),
            branch->kind == SIM_LIST ? "list" : "mapping");
    } else if (branch->kind == SIM_LIST || !sim_fields_has_group(draft->fields, below)) {
        sim_design_report_parameter(draft, below, branch->key_at, branch->kind == SIM_MAPPING);
    }
}

/* Makes an array longer by doubling it. */
static void *
widen(void *array, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity == 0 ? 16 : 2 * *capacity;
    void *wider = sim_resize(array, count, wanted, size);
    *capacity = wider != NULL ? wanted : *capacity;
    return wider;
}

static int
add_level(struct sim_range *range, uint32_t *capacity, const union sim_value *value)
{
    if (range->n_levels == *capacity) {
        size_t wanted = *capacity;
        union sim_value *levels = widen(range->levels, range->n_levels, &wanted, sizeof(*levels));
        if (levels == NULL) {
            return SIM_ERR_MEMORY;
        }
        range->levels = levels;
        *capacity = (uint32_t) wanted;
    }
    range->levels[range->n_levels++] = *value;
    return SIM_OK;
}

/* The number of the factor of a field, with room for its levels; UINT32_MAX without memory. */
static uint32_t
factor_of(struct list *list, const struct sim_field *field, struct sim_where where)
{
    struct sim_design_draft *draft = list->draft;
    struct sim_factor_draft *factor = sim_design_factor(draft, field);
    uint32_t number = factor != NULL ? (uint32_t) (factor - draft->factors) : UINT32_MAX;
    if (factor == NULL || number < list->n_made) {
        return number;
    }
    struct sim_range *range = sim_design_add_range(draft);
    if (range == NULL) {
        return UINT32_MAX;
    }
    list->made[number] = range;
    list->n_made = number + 1;
    for (uint32_t b = 0; b < draft->experiment->n_bases; b++) {
        factor->ranges[b] = range;
        factor->at[b] = where;
    }
    return number;
}

static int
add_value(struct list *list, uint32_t point, const struct sim_field *field, const struct sim_entry *entry)
{
    struct sim_design_draft *draft = list->draft;
    union sim_value value;
    uint32_t factor = factor_of(list, field, entry->key_at);
    if (factor == UINT32_MAX) {
        return SIM_ERR_MEMORY;
    }
    if (sim_design_value(draft, entry, field, &value) != SIM_OK) {
        return SIM_OK; /* it is told */
    }
    if (draft->n_listed == draft->listed_capacity) {
        void *wider = widen(draft->listed, draft->n_listed, &draft->listed_capacity, sizeof(*draft->listed));
        if (wider == NULL) {
            return SIM_ERR_MEMORY;
        }
        draft->listed = wider;
    }
    draft->listed[draft->n_listed++] = (struct sim_listed){ point, factor, list->made[factor]->n_levels };
    return add_level(list->made[factor], &list->capacity[factor], &value);
}

static int
read_entry(struct list *list, const struct sim_entry *entry)
{
    const char *below;
    uint32_t point = point_of(list, entry->key, &below);
    if (point == UINT32_MAX) {
        return SIM_OK;
    }
    if (entry->parent == list->number) {
        sim_messages_add(list->draft->messages, SIM_ERROR, entry->value_at,
            "a point must be a mapping, such as {GROUP.NAME: 0.5}");
        return SIM_OK;
    }
    if (!stands_in_point(list, entry->parent)) {
        return SIM_OK;
    }
    const struct sim_field *field = sim_fields_find(list->draft->fields, below);
    if (field == NULL) {
        sim_design_report_parameter(list->draft, below, entry->key_at, 0);
        return SIM_OK;
    }
    return add_value(list, point, field, entry);
}

static int
read_list(struct list *list, uint32_t n_points)
{
    struct sim_design_draft *draft = list->draft;
    int ret = SIM_OK;
    draft->n_points = n_points;
    draft->point_at = sim_alloc(n_points, sizeof(*draft->point_at));
    list->made = sim_alloc(draft->fields->count, sizeof(struct sim_range *));
    list->capacity = sim_alloc(draft->fields->count, sizeof(*list->capacity));
    if (draft->point_at == NULL || list->made == NULL || list->capacity == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (size_t i = 0; i < draft->document->n_branches; i++) {
        check_branch(list, &draft->document->branches[i]);
    }
    for (size_t i = 0; i < draft->document->count && ret == SIM_OK; i++) {
        ret = read_entry(list, &draft->document->entries[i]);
    }
    return ret;
}

int
sim_design_read_points(struct sim_design_draft *draft)
{
    const struct sim_branch *branch = sim_design_branch(draft, "points");
    size_t errors = draft->messages->errors;
    if (branch == NULL && sim_design_entry(draft, "points") == NULL) {
        sim_messages_add(
            draft->messages, SIM_ERROR, draft->at, "a list of points is expected: points, " POINTS_EXAMPLE);
        return SIM_OK;
    }
    sim_design_check_shape(draft, "points", SIM_LIST, POINTS_EXAMPLE);
    if (draft->messages->errors > errors || branch == NULL) {
        return SIM_OK;
    }
    struct list list = { .draft = draft, .key = branch->key };
    list.number = (size_t) (branch - draft->document->branches) + 1;
    int ret = read_list(&list, (uint32_t) branch->count);
    if (ret == SIM_OK && draft->n_factors == 0 && draft->messages->errors == errors) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, "the points set nothing");
    }
    sim_free(list.made);
    sim_free(list.capacity);
    return ret;
}
