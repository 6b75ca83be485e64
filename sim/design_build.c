/* design_build.c - from ranges and numbers to the design points of every scenario; the model's own check of
 * each of them. */
#include "sim/alloc.h"
#include "sim/design_draft.h"
#include "sim/error.h"

#include <inttypes.h>
#include <string.h>

#define COMPLAINTS_TOLD 10 /* of the model, about design points */

/* The matrix of one scenario, before it is made. */
struct shape {
    struct sim_matrix_plan plan;
    uint32_t *n_levels;
    int64_t *own_level;
};

/* Columns: one for each group of which something varies here, in the order of their first factors. */
static uint32_t
number_columns(const struct sim_design_draft *draft, uint32_t base, struct sim_variation *variation)
{
    uint32_t n = 0;
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        uint32_t column = UINT32_MAX;
        variation->ranges[f] = draft->factors[f].ranges[base];
        for (uint32_t e = 0; e < f && variation->ranges[f] != NULL; e++) {
            if (variation->ranges[e] != NULL && draft->factors[e].group == draft->factors[f].group) {
                column = variation->columns[e];
            }
        }
        if (variation->ranges[f] != NULL) {
            variation->columns[f] = column == UINT32_MAX ? n++ : column;
        }
    }
    return n;
}

/* Linked parameters go level by level: as many of each. */
static void
count_levels(
    struct sim_design_draft *draft, uint32_t base, const struct sim_variation *variation, struct shape *shape)
{
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        const struct sim_range *range = variation->ranges[f];
        uint32_t *n = range != NULL ? &shape->n_levels[variation->columns[f]] : NULL;
        if (n != NULL && *n == 0) {
            *n = range->n_levels;
        } else if (n != NULL && *n != range->n_levels) {
            const struct sim_field *field = draft->factors[f].field;
            const struct sim_field *first = draft->factors[draft->factors[f].group].field;
            sim_messages_add(draft->messages, SIM_ERROR, draft->factors[f].at[base],
                "%s.%s has %" PRIu32 " values, and %s.%s, which moves with it, %" PRIu32, field->group,
                field->name, range->n_levels, first->group, first->name, *n);
        }
    }
}

/* The level of each column at which the scenario is itself; -1 if there is none. */
static void
find_own_levels(const struct sim_design_draft *draft, uint32_t base, const struct sim_variation *variation,
    struct shape *shape)
{
    const void *params = draft->experiment->bases[base].setting.eras[0].params;
    for (uint32_t c = 0; c < shape->plan.n_columns; c++) {
        shape->own_level[c] = -1;
        for (uint32_t level = 0; level < shape->n_levels[c] && shape->own_level[c] < 0; level++) {
            int same = 1;
            for (uint32_t f = 0; f < draft->n_factors; f++) {
                const struct sim_range *range = variation->ranges[f];
                if (range != NULL && variation->columns[f] == c) {
                    union sim_value own;
                    sim_value_get(draft->factors[f].field, params, &own);
                    same &= sim_value_equal(draft->factors[f].field, &own, &range->levels[level]);
                }
            }
            if (same) {
                shape->own_level[c] = level;
            }
        }
    }
}

/* Morris' trajectories from the number of points, which must be a multiple of what one has. */
static void
settle_trajectories(struct sim_design_draft *draft, struct sim_matrix_plan *plan)
{
    int64_t points = draft->numbers[SIM_DESIGN_NUMBER_POINTS].value, each = (int64_t) plan->n_columns + 1;
    plan->trajectories = (uint32_t) draft->numbers[SIM_DESIGN_NUMBER_TRAJECTORIES].value;
    if (points >= 0 && points % each != 0) {
        int64_t below = points / each * each;
        sim_messages_add(draft->messages, SIM_ERROR, draft->numbers[SIM_DESIGN_NUMBER_POINTS].at,
            "points: a trajectory of %" PRIu32 " parameters has %" PRId64 " points, and %" PRId64
            " is no multiple of that; take %" PRId64 ", or say how many trajectories",
            plan->n_columns, each, points, below > 0 ? below : each);
    } else if (points >= 0) {
        plan->trajectories = (uint32_t) (points / each);
    }
}

static void
limit_dimensions(struct sim_design_draft *draft, const struct sim_matrix_plan *plan)
{
    if (plan->kind == SIM_DESIGN_SOBOL && plan->n_columns > SIM_SOBOL_COLUMNS) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "%" PRIu32
            " parameters vary, and a Sobol' sequence has at most %d dimensions; link some, or use lhs",
            plan->n_columns, SIM_SOBOL_COLUMNS);
    }
    if (plan->kind == SIM_DESIGN_SALTELLI && plan->n_columns > SIM_SALTELLI_COLUMNS) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "%" PRIu32
            " parameters vary, and saltelli has room for %d, each with two dimensions of a Sobol' sequence; "
            "link some, or use lhs",
            plan->n_columns, SIM_SALTELLI_COLUMNS);
    }
}

static void
make_plan(
    struct sim_design_draft *draft, uint32_t base, const struct sim_variation *variation, struct shape *shape)
{
    struct sim_matrix_plan *plan = &shape->plan;
    plan->kind = draft->experiment->design.kind;
    plan->seed = draft->experiment->seed;
    plan->n_points = (uint32_t) draft->numbers[SIM_DESIGN_NUMBER_POINTS].value;
    plan->grid = (uint32_t) draft->numbers[SIM_DESIGN_NUMBER_LEVELS].value;
    plan->skip = draft->numbers[SIM_DESIGN_NUMBER_SKIP].value > 0
        ? (uint32_t) draft->numbers[SIM_DESIGN_NUMBER_SKIP].value
        : 0;
    plan->scramble = draft->numbers[SIM_DESIGN_NUMBER_SCRAMBLE].value != 0;
    plan->second_order = draft->experiment->design.second_order;
    plan->n_levels = shape->n_levels;
    plan->own_level = shape->own_level;
    if (plan->kind == SIM_DESIGN_GRID || plan->kind == SIM_DESIGN_ONE_AT_A_TIME) {
        count_levels(draft, base, variation, shape);
    }
    if (plan->kind == SIM_DESIGN_ONE_AT_A_TIME && draft->messages->errors == draft->draft->errors) {
        find_own_levels(draft, base, variation, shape);
    }
    if (plan->kind == SIM_DESIGN_MORRIS) {
        settle_trajectories(draft, plan);
    }
    limit_dimensions(draft, plan);
}

static int
same_shape(const struct shape *a, const struct shape *b)
{
    size_t n = a->plan.n_columns;
    return a->plan.n_columns == b->plan.n_columns
        && memcmp(a->n_levels, b->n_levels, n * sizeof(*a->n_levels)) == 0
        && memcmp(a->own_level, b->own_level, n * sizeof(*a->own_level)) == 0;
}

/* A list is its own matrix: a column for each parameter. */
static void
fill_list(const struct sim_design_draft *draft, struct sim_matrix *matrix)
{
    for (size_t i = 0; i < (size_t) matrix->n_points * matrix->n_columns; i++) {
        matrix->cells[i] = SIM_OWN_LEVEL;
    }
    for (size_t i = 0; i < draft->n_listed; i++) {
        const struct sim_listed *listed = &draft->listed[i];
        matrix->cells[(size_t) listed->point * matrix->n_columns + listed->factor] = listed->level;
    }
}

static struct sim_matrix *
add_matrix(struct sim_design_draft *draft, const struct sim_matrix_plan *plan)
{
    struct sim_design *design = &draft->experiment->design;
    void *list = design->matrices;
    struct sim_matrix **place = sim_append(&list, &design->n_matrices, sizeof(*place));
    if (place == NULL) {
        return NULL;
    }
    design->matrices = list;
    *place = sim_alloc(1, sizeof(**place));
    if (*place != NULL && plan->kind == SIM_DESIGN_LIST) {
        (*place)->n_points = draft->n_points;
        (*place)->n_columns = plan->n_columns;
        (*place)->cells = sim_alloc((size_t) draft->n_points * plan->n_columns, sizeof(double));
        if ((*place)->cells == NULL) {
            return NULL;
        }
        fill_list(draft, *place);
        return *place;
    }
    return *place != NULL && sim_matrix_init(*place, plan) == SIM_OK ? *place : NULL;
}

/* The matrix of a scenario: that of one before it with the same shape, or a new one. */
static int
find_matrix(struct sim_design_draft *draft, uint32_t base, const struct shape *shapes)
{
    struct sim_base *bases = draft->experiment->bases;
    const struct sim_matrix *matrix = NULL;
    uint64_t n =
        shapes[base].plan.kind == SIM_DESIGN_LIST ? draft->n_points : sim_matrix_points(&shapes[base].plan);
    if (n > SIM_DESIGN_POINTS_LIMIT) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "the %s has %" PRIu64 " points for one scenario; at most %d are possible",
            sim_design_name(shapes[base].plan.kind), n, SIM_DESIGN_POINTS_LIMIT);
        return SIM_OK;
    }
    for (uint32_t b = 0; b < base && matrix == NULL; b++) {
        if (bases[b].variation != NULL && same_shape(&shapes[b], &shapes[base])) {
            matrix = bases[b].variation->matrix;
        }
    }
    matrix = matrix != NULL ? matrix : add_matrix(draft, &shapes[base].plan);
    bases[base].variation->matrix = matrix;
    bases[base].n_points = matrix != NULL ? matrix->n_points : 1;
    return matrix != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* One scenario; one in which nothing varies stays one point. */
static int
build_base(struct sim_design_draft *draft, uint32_t base, struct shape *shapes)
{
    struct sim_base *own = &draft->experiment->bases[base];
    struct sim_variation *variation = sim_alloc(1, sizeof(*variation));
    struct shape *shape = &shapes[base];
    shape->n_levels = sim_alloc(draft->n_factors, sizeof(*shape->n_levels));
    shape->own_level = sim_alloc(draft->n_factors, sizeof(*shape->own_level));
    own->variation = variation;
    if (variation == NULL || shape->n_levels == NULL || shape->own_level == NULL) {
        return SIM_ERR_MEMORY;
    }
    variation->ranges = sim_alloc(draft->n_factors, sizeof(*variation->ranges));
    variation->columns = sim_alloc(draft->n_factors, sizeof(*variation->columns));
    if (variation->ranges == NULL || variation->columns == NULL) {
        return SIM_ERR_MEMORY;
    }
    shape->plan.n_columns = number_columns(draft, base, variation);
    if (shape->plan.n_columns == 0) {
        sim_variation_free(variation);
        own->variation = NULL;
        return SIM_OK;
    }
    make_plan(draft, base, variation, shape);
    if (draft->messages->errors > draft->draft->errors) {
        return SIM_OK;
    }
    int ret = find_matrix(draft, base, shapes);
    return ret == SIM_OK ? sim_variation_plan(
               variation, &draft->experiment->design, own, &draft->draft->sources[base].resolution)
                         : ret;
}

/* The factors as the experiment keeps them. */
static int
keep_factors(struct sim_design_draft *draft)
{
    struct sim_design *design = &draft->experiment->design;
    design->factors = sim_alloc(draft->n_factors, sizeof(*design->factors));
    for (uint32_t f = 0; design->factors != NULL && f < draft->n_factors; f++) {
        design->factors[f].field = draft->factors[f].field;
        design->n_factors++;
    }
    return design->factors != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

int
sim_design_build(struct sim_design_draft *draft)
{
    struct sim_experiment *experiment = draft->experiment;
    int ret = keep_factors(draft);
    if (ret == SIM_OK && experiment->design.kind == SIM_DESIGN_ATTRIBUTION) {
        return sim_design_build_mixtures(draft);
    }
    struct shape *shapes = sim_alloc(experiment->n_bases, sizeof(*shapes));
    ret = shapes != NULL ? ret : SIM_ERR_MEMORY;
    uint64_t points = 0;
    for (uint32_t b = 0; b < experiment->n_bases && ret == SIM_OK; b++) {
        ret = build_base(draft, b, shapes);
        experiment->bases[b].first_point = (uint32_t) points;
        points += experiment->bases[b].n_points;
    }
    for (uint32_t b = 0; shapes != NULL && b < experiment->n_bases; b++) {
        sim_free(shapes[b].n_levels);
        sim_free(shapes[b].own_level);
    }
    sim_free(shapes);
    if (points > UINT32_MAX) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at, "%" PRIu64 " points are too many", points);
        points = 0;
    }
    experiment->n_points = (uint32_t) points;
    return ret;
}

/* Where the experiment says what a parameter is at a point. */
static struct sim_where
blame(const struct sim_design_draft *draft, uint32_t base, uint32_t row, const char *key)
{
    const struct sim_field *field = sim_fields_find(draft->fields, key);
    if (draft->point_at != NULL) {
        return draft->point_at[row];
    }
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        if (draft->factors[f].field == field && draft->factors[f].ranges[base] != NULL) {
            return draft->factors[f].at[base];
        }
    }
    return draft->at;
}

/* Whether the model complains about some of the structs of a point; its first complaint. */
static int
complains(const struct sim_model *model, const struct sim_variation *variation, const struct sim_point *point,
    struct sim_complaint *complaint)
{
    size_t n = 0;
    for (uint32_t c = 0; model->check != NULL && c < variation->n_copies && n == 0; c++) {
        const struct sim_era *era = &point->setting.eras[variation->copies[c].era];
        uint32_t place = variation->copies[c].place;
        n = model->check(place > 0 ? era->own[place] : era->params, complaint, 1);
    }
    return n > 0;
}

/* Takes down the size of a point's world, and asks the model about its parameters; returns whether it
 * complains. */
static int
check_point(struct sim_design_draft *draft, uint32_t base, uint32_t row, int tell, int *status)
{
    const struct sim_experiment *experiment = draft->experiment;
    const struct sim_variation *variation = experiment->bases[base].variation;
    uint32_t index = experiment->bases[base].first_point + row;
    struct sim_point point;
    struct sim_complaint complaint;
    int n = 0;
    *status = sim_point_init(&point, experiment, index);
    if (*status == SIM_OK) {
        n = complains(experiment->model, variation, &point, &complaint);
    }
    if (*status == SIM_OK && n == 0 && variation->extents != NULL) {
        struct sim_extent *extent = &variation->extents[row];
        experiment->model->extent(point.setting.eras[0].params, &extent->regions, &extent->blocks);
    }
    if (n && tell) {
        char text[512];
        sim_point_describe(experiment, index, text, sizeof(text));
        sim_messages_add(draft->messages, SIM_ERROR, blame(draft, base, row, complaint.key),
            "%s (design point %" PRIu32 ": %s)", complaint.text, index, text);
    }
    sim_point_free(&point);
    return n;
}

int
sim_design_check_points(struct sim_design_draft *draft)
{
    const struct sim_experiment *experiment = draft->experiment;
    uint32_t wrong = 0;
    int ret = SIM_OK;
    for (uint32_t b = 0; b < experiment->n_bases && ret == SIM_OK; b++) {
        struct sim_variation *variation = experiment->bases[b].variation;
        uint32_t n = variation != NULL ? experiment->bases[b].n_points : 0;
        if (n > 0 && experiment->bases[b].setting.first_block == NULL && experiment->model->extent != NULL) {
            variation->extents = sim_alloc(n, sizeof(*variation->extents));
            ret = variation->extents != NULL ? SIM_OK : SIM_ERR_MEMORY;
        }
        for (uint32_t row = 0; row < n && ret == SIM_OK; row++) {
            wrong += (uint32_t) check_point(draft, b, row, wrong < COMPLAINTS_TOLD, &ret);
        }
    }
    if (wrong > COMPLAINTS_TOLD) {
        sim_messages_add(draft->messages, SIM_ERROR, draft->at,
            "the model refuses %" PRIu32 " design points; the first %d of them are told", wrong,
            COMPLAINTS_TOLD);
    }
    return ret;
}
