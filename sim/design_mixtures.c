/* design_mixtures.c - the design points that mix two scenarios, and how they are described. */
#include "sim/alloc.h"
#include "sim/design_attribution.h"
#include "sim/design_draft.h"
#include "sim/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t
all_of(const struct sim_attribution *attribution)
{
    return (UINT64_C(1) << attribution->n_groups) - 1;
}

/* The scenario that a mixture starts from: 0 or 1. */
static uint32_t
base_of(const struct sim_attribution *attribution, uint64_t mixture)
{
    uint32_t group = attribution->setting_group;
    return group != SIM_NO_GROUP ? (uint32_t) (mixture >> group & 1) : mixture == all_of(attribution);
}

static int
compare_mixtures(const void *first, const void *second)
{
    uint64_t a = *(const uint64_t *) first, b = *(const uint64_t *) second;
    return (a > b) - (a < b);
}

/* In order, each once; returns how many are left. */
static uint32_t
sort_mixtures(uint64_t *mixtures, size_t n)
{
    size_t kept = 0;
    qsort(mixtures, n, sizeof(*mixtures), compare_mixtures);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || mixtures[i] != mixtures[i - 1]) {
            mixtures[kept++] = mixtures[i];
        }
    }
    return (uint32_t) kept;
}

static int
mix_all(struct sim_attribution *attribution, uint32_t *n_points)
{
    *n_points = UINT32_C(1) << attribution->n_groups;
    attribution->mixtures = sim_alloc(*n_points, sizeof(*attribution->mixtures));
    for (uint32_t p = 0; attribution->mixtures != NULL && p < *n_points; p++) {
        attribution->mixtures[p] = p;
    }
    return attribution->mixtures != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* All on the way from A to B by each order; A and B with one group of the other. */
static int
mix_along_orders(struct sim_attribution *attribution, uint32_t seed, uint32_t *n_points)
{
    const uint32_t k = attribution->n_groups;
    size_t n = 0;
    attribution->mixtures =
        sim_alloc((size_t) attribution->n_orders * (k + 1) + 2 * k, sizeof(*attribution->mixtures));
    attribution->orders = sim_alloc((size_t) attribution->n_orders * k, sizeof(*attribution->orders));
    if (attribution->mixtures == NULL || attribution->orders == NULL
        || sim_design_orders(seed, k, attribution->n_orders, attribution->orders) != SIM_OK) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t o = 0; o < attribution->n_orders; o++) {
        uint64_t mixture = 0;
        attribution->mixtures[n++] = mixture;
        for (uint32_t position = 0; position < k; position++) {
            mixture |= UINT64_C(1) << attribution->orders[o * k + position];
            attribution->mixtures[n++] = mixture;
        }
    }
    for (uint32_t g = 0; g < k; g++) {
        attribution->mixtures[n++] = UINT64_C(1) << g;
        attribution->mixtures[n++] = all_of(attribution) & ~(UINT64_C(1) << g);
    }
    *n_points = sort_mixtures(attribution->mixtures, n);
    return SIM_OK;
}

/* A column for each group: level 0 is A's value, level 1 is B's. */
static struct sim_matrix *
add_matrix(struct sim_design *design, const uint64_t *mixtures, uint32_t n_points)
{
    void *list = design->matrices;
    struct sim_matrix **place = sim_append(&list, &design->n_matrices, sizeof(*place));
    if (place == NULL) {
        return NULL;
    }
    design->matrices = list;
    *place = sim_alloc(1, sizeof(**place));
    struct sim_matrix *matrix = *place;
    if (matrix == NULL) {
        return NULL;
    }
    *matrix = (struct sim_matrix){ .n_points = n_points, .n_columns = design->attribution->n_groups };
    matrix->cells = sim_alloc((size_t) n_points * matrix->n_columns, sizeof(*matrix->cells));
    for (uint32_t p = 0; matrix->cells != NULL && p < n_points; p++) {
        for (uint32_t g = 0; g < matrix->n_columns; g++) {
            matrix->cells[(size_t) p * matrix->n_columns + g] = (double) (mixtures[p] >> g & 1);
        }
    }
    return matrix->cells != NULL ? matrix : NULL;
}

/* The points that start from one of the scenarios: n_points from first on. */
static int
build_base(struct sim_design_draft *draft, uint32_t base, uint32_t first, uint32_t n_points)
{
    struct sim_design *design = &draft->experiment->design;
    struct sim_base *own = &draft->experiment->bases[base];
    struct sim_variation *variation = sim_alloc(1, sizeof(*variation));
    own->variation = variation;
    if (variation == NULL) {
        return SIM_ERR_MEMORY;
    }
    variation->ranges = sim_alloc(draft->n_factors, sizeof(*variation->ranges));
    variation->columns = sim_alloc(draft->n_factors, sizeof(*variation->columns));
    variation->matrix = add_matrix(design, design->attribution->mixtures + first, n_points);
    if (variation->ranges == NULL || variation->columns == NULL || variation->matrix == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        variation->ranges[f] = draft->factors[f].ranges[base];
        variation->columns[f] = design->attribution->groups[f];
    }
    own->first_point = first;
    own->n_points = n_points;
    return sim_variation_plan(variation, design, own, &draft->draft->sources[base].resolution);
}

int
sim_design_build_mixtures(struct sim_design_draft *draft)
{
    struct sim_experiment *experiment = draft->experiment;
    struct sim_attribution *attribution = experiment->design.attribution;
    int64_t orders = draft->numbers[SIM_DESIGN_NUMBER_PERMUTATIONS].value;
    uint32_t n_points = 0, n_first = 0;
    if (orders > 0 || attribution->n_groups > SIM_GROUPS_EXACT) {
        attribution->n_orders = orders > 0 ? (uint32_t) orders : SIM_ORDERS_STANDARD;
    }
    int ret = attribution->n_orders > 0 ? mix_along_orders(attribution, experiment->seed, &n_points)
                                        : mix_all(attribution, &n_points);
    while (ret == SIM_OK && base_of(attribution, attribution->mixtures[n_first]) == 0) {
        n_first++;
    }
    if (ret == SIM_OK) {
        ret = build_base(draft, 0, 0, n_first);
    }
    if (ret == SIM_OK) {
        ret = build_base(draft, 1, n_first, n_points - n_first);
    }
    experiment->n_points = n_points;
    return ret;
}

void
sim_attribution_free(struct sim_attribution *attribution)
{
    if (attribution == NULL) {
        return;
    }
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        sim_free(attribution->names[g]);
    }
    sim_free(attribution->names);
    sim_free(attribution->groups);
    sim_free(attribution->mixtures);
    sim_free(attribution->orders);
    sim_free(attribution);
}

void
sim_attribution_describe(const struct sim_experiment *experiment, uint32_t point, char *text, size_t size)
{
    const struct sim_attribution *attribution = experiment->design.attribution;
    const char *a = experiment->bases[0].stem, *b = experiment->bases[1].stem;
    const uint64_t mixture = attribution->mixtures[point];
    if (mixture == 0 || mixture == all_of(attribution)) {
        snprintf(text, size, "%s", mixture == 0 ? a : b);
        return;
    }
    const char *joint = "with";
    size_t length = (size_t) snprintf(text, size, "%s", a);
    for (uint32_t g = 0; g < attribution->n_groups && length < size; g++) {
        if ((mixture >> g & 1) != 0) {
            length += (size_t) snprintf(text + length, size - length, " %s %s", joint, attribution->names[g]);
            joint = "and";
        }
    }
    length += length < size ? (size_t) snprintf(text + length, size - length, " of %s", b) : 0;
    if (length >= size && size > 4) {
        memcpy(text + size - 4, "...", 4);
    }
}
