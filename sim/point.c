/* point.c - the parameters of a design point: those of its scenario, but for what varies. */
#include "sim/alloc.h"
#include "sim/design_attribution.h"
#include "sim/design_draft.h"
#include "sim/error.h"
#include "sim/experiment.h"

#include <stdio.h>
#include <string.h>

#define ALIGNED(size) (((size) + SIM_ALIGNMENT - 1) / SIM_ALIGNMENT * SIM_ALIGNMENT)

const struct sim_base *
sim_experiment_base(const struct sim_experiment *experiment, uint32_t point)
{
    uint32_t low = 0, high = experiment->n_bases;
    if (experiment->design.kind == SIM_DESIGN_NONE) {
        return &experiment->bases[point];
    }
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (experiment->bases[middle].first_point <= point) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &experiment->bases[low];
}

int
sim_point_varies(const struct sim_experiment *experiment, uint32_t point, uint32_t factor)
{
    const struct sim_variation *variation = sim_experiment_base(experiment, point)->variation;
    return variation != NULL && variation->ranges[factor] != NULL;
}

/* The value of a factor in a scenario's row of the matrix. */
static void
value_in(const struct sim_experiment *experiment, const struct sim_base *base, uint32_t row, uint32_t factor,
    union sim_value *value)
{
    const struct sim_variation *variation = base->variation;
    const struct sim_field *field = experiment->design.factors[factor].field;
    const struct sim_range *range = variation != NULL ? variation->ranges[factor] : NULL;
    double cell = SIM_OWN_LEVEL;
    if (range != NULL) {
        cell = variation->matrix
                   ->cells[(size_t) row * variation->matrix->n_columns + variation->columns[factor]];
    }
    if (cell < 0) {
        sim_value_get(field, base->setting.eras[0].params, value);
    } else if (sim_design_is_sampled(experiment->design.kind)) {
        sim_range_at(range, field, cell, value);
    } else {
        *value = range->levels[(size_t) cell];
    }
}

void
sim_point_member(
    const struct sim_experiment *experiment, uint32_t point, uint32_t factor, union sim_value *value)
{
    const struct sim_base *base = sim_experiment_base(experiment, point);
    value_in(experiment, base, point - base->first_point, factor, value);
}

void
sim_point_value(const struct sim_experiment *experiment, uint32_t point, uint32_t factor, char *text)
{
    union sim_value value;
    sim_point_member(experiment, point, factor, &value);
    sim_value_print(experiment->design.factors[factor].field, &value, text);
}

void
sim_point_describe(const struct sim_experiment *experiment, uint32_t point, char *text, size_t size)
{
    if (experiment->design.attribution != NULL) {
        sim_attribution_describe(experiment, point, text, size);
        return;
    }
    const char *stem = sim_experiment_base(experiment, point)->stem;
    size_t length = (size_t) snprintf(text, size, "%s", stem != NULL ? stem : "");
    for (uint32_t f = 0; f < experiment->design.n_factors && length < size; f++) {
        if (sim_point_varies(experiment, point, f)) {
            char key[SIM_KEY_SIZE], value[SIM_VALUE_SIZE];
            sim_field_key(experiment->design.factors[f].field, key);
            sim_point_value(experiment, point, f, value);
            length += (size_t) snprintf(text + length, size - length, ", %s=%s", key, value);
        }
    }
    if (length >= size && size > 4) {
        memcpy(text + size - 4, "...", 4);
    }
}

void
sim_point_extent(const struct sim_experiment *experiment, uint32_t point, uint32_t *regions, uint32_t *blocks)
{
    const struct sim_base *base = sim_experiment_base(experiment, point);
    if (base->variation != NULL) {
        *regions = base->variation->extents[point - base->first_point].regions;
        *blocks = base->variation->extents[point - base->first_point].blocks;
    } else {
        experiment->model->extent(base->setting.eras[0].params, regions, blocks);
    }
}

/* Whether an event has changed a parameter by this era. */
static int
is_changed(const struct sim_events *events, const struct sim_field *field, const struct sim_era *era)
{
    for (size_t i = 0; i < events->count && events->list[i].month <= era->first; i++) {
        if (events->list[i].field == field) {
            return 1;
        }
    }
    return 0;
}

/* Whether a table of places says what a parameter is at a place, or in the region of a block. */
static int
is_tabled(const struct sim_places *places, const struct sim_field *field, uint32_t place)
{
    if (place == 0) {
        return 0;
    }
    if (place > places->n_regions) {
        uint32_t region = 1 + places->regions[places->rows[place - 1 - places->n_regions]];
        if (sim_places_set(places, region, field)) {
            return 1;
        }
    }
    return sim_places_set(places, place, field);
}

/* Notes which factors hold in one struct of parameters; returns whether there is any. */
static int
note_factors(const struct sim_variation *variation, const struct sim_design *design,
    const struct sim_resolution *resolution, const struct sim_era *era, uint32_t place, unsigned char *holds)
{
    int any = 0;
    for (uint32_t f = 0; f < design->n_factors; f++) {
        const struct sim_field *field = design->factors[f].field;
        holds[f] = variation->ranges[f] != NULL && !is_changed(&resolution->events, field, era)
            && !is_tabled(&resolution->places, field, place);
        any |= holds[f];
    }
    return any;
}

int
sim_variation_plan(struct sim_variation *variation, const struct sim_design *design,
    const struct sim_base *base, const struct sim_resolution *resolution)
{
    const struct sim_setting *setting = &base->setting;
    uint32_t n_places = 1;
    if (setting->eras[0].own != NULL) {
        n_places += setting->n_regions + setting->first_block[setting->n_regions];
    }
    size_t most = (size_t) n_places * setting->n_eras;
    variation->copies = sim_alloc(most, sizeof(*variation->copies));
    variation->holds = sim_alloc(most, design->n_factors);
    if (variation->copies == NULL || variation->holds == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t e = 0; e < setting->n_eras; e++) {
        const struct sim_era *era = &setting->eras[e];
        for (uint32_t place = 0; place < n_places; place++) {
            unsigned char *holds = variation->holds + (size_t) variation->n_copies * design->n_factors;
            if ((place == 0 || era->own[place] != NULL)
                && note_factors(variation, design, resolution, era, place, holds)) {
                variation->copies[variation->n_copies++] = (struct sim_place_copy){ e, place };
                variation->n_places = place > 0 ? n_places : variation->n_places;
            }
        }
    }
    return SIM_OK;
}

/* Copies the scenario's eras, and of each the array of places if some of them get structs of their own. */
static struct sim_era *
copy_eras(const struct sim_setting *setting, uint32_t n_places, unsigned char *memory)
{
    struct sim_era *eras = (struct sim_era *) (void *) memory;
    memcpy(eras, setting->eras, setting->n_eras * sizeof(*eras));
    memory += ALIGNED(setting->n_eras * sizeof(*eras));
    for (uint32_t e = 0; n_places > 0 && e < setting->n_eras; e++) {
        memcpy(memory, setting->eras[e].own, n_places * sizeof(*eras->own));
        eras[e].own = (const void **) (void *) memory;
        memory += ALIGNED(n_places * sizeof(*eras->own));
    }
    return eras;
}

/* Puts a copy of the parameters in the place of the scenario's own. */
static void
set_copy(struct sim_era *era, uint32_t place, void *copy, size_t size)
{
    const void **own = (const void **) era->own;
    memcpy(copy, place > 0 ? own[place] : era->params, size);
    if (place > 0) {
        own[place] = copy;
    } else {
        era->params = copy;
    }
}

int
sim_point_init(struct sim_point *point, const struct sim_experiment *experiment, uint32_t index)
{
    const struct sim_base *base = sim_experiment_base(experiment, index);
    const struct sim_variation *variation = base->variation;
    const struct sim_design *design = &experiment->design;
    *point = (struct sim_point){ .setting = base->setting };
    if (variation == NULL) {
        return SIM_OK;
    }
    size_t stride = ALIGNED(experiment->model->fields.size);
    size_t before = ALIGNED(base->setting.n_eras * sizeof(struct sim_era));
    before += base->setting.n_eras * ALIGNED(variation->n_places * sizeof(void *));
    unsigned char *memory = sim_alloc(1, before + variation->n_copies * stride);
    if (memory == NULL) {
        return SIM_ERR_MEMORY;
    }
    point->own = memory;
    struct sim_era *eras = copy_eras(&base->setting, variation->n_places, memory);
    point->setting.eras = eras;
    for (uint32_t c = 0; c < variation->n_copies; c++) {
        const struct sim_place_copy *copy = &variation->copies[c];
        set_copy(&eras[copy->era], copy->place, memory + before + c * stride, experiment->model->fields.size);
    }
    for (uint32_t f = 0; f < design->n_factors; f++) {
        union sim_value value;
        if (variation->ranges[f] == NULL) {
            continue;
        }
        value_in(experiment, base, index - base->first_point, f, &value);
        for (uint32_t c = 0; c < variation->n_copies; c++) {
            if (variation->holds[(size_t) c * design->n_factors + f]) {
                sim_value_set(design->factors[f].field, memory + before + c * stride, &value);
            }
        }
    }
    return SIM_OK;
}

void
sim_point_free(struct sim_point *point)
{
    sim_free(point->own);
    *point = (struct sim_point){ .own = NULL };
}
