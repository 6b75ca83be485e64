/* place.c - what one place of a world holds: the columns of its agents in one piece of memory, so that it stays
 * together in cache, and its network.
 */
#include "sim/place.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <string.h>

static size_t
aligned(size_t bytes)
{
    return (bytes + SIM_ALIGNMENT - 1) / SIM_ALIGNMENT * SIM_ALIGNMENT;
}

const void *
sim_place_params(const struct sim_world *world, const struct sim_place *place)
{
    const struct sim_era *era = &world->eras[world->era];
    if (era->own == NULL) {
        return era->params;
    }
    const void *own = era->own[place - world->places];
    if (own == NULL && place->view.level == SIM_BLOCK) {
        own = era->own[1 + place->view.region];
    }
    return own != NULL ? own : era->params;
}

/* Which place of the world it is, and what it is part of. */
static void
locate(struct sim_world *world, uint32_t index, uint32_t *region)
{
    struct sim_view *view = &world->places[index].view;
    uint32_t blocks = 1 + world->n_regions;
    view->level = index == 0 ? SIM_WORLD : index < blocks ? SIM_REGION : SIM_BLOCK;
    if (view->level == SIM_REGION) {
        view->region = index - 1;
        view->above = &world->places[0].view;
        view->n_below = world->first_block[index] - world->first_block[index - 1];
    } else if (view->level == SIM_BLOCK) {
        while (index - blocks >= world->first_block[*region + 1]) {
            (*region)++;
        }
        view->region = *region;
        view->block = index - blocks - world->first_block[*region];
        view->above = &world->places[1 + view->region].view;
    } else {
        view->n_below = world->n_regions;
    }
}

int
sim_place_init(struct sim_world *world, uint32_t index, uint32_t *region)
{
    struct sim_place *place = &world->places[index];
    struct sim_view *view = &place->view;
    const struct sim_model *model = world->model;
    size_t struct_bytes = 0;

    for (uint32_t k = 0; k < model->n_kinds; k++) {
        struct_bytes += aligned(model->kinds[k].size);
    }
    place->count = sim_alloc(model->n_kinds, sizeof(*place->count));
    place->agents = sim_alloc(model->n_kinds, sizeof(*place->agents));
    place->structs = sim_alloc(struct_bytes, 1);
    if (place->count == NULL || place->agents == NULL || place->structs == NULL) {
        return SIM_ERR_MEMORY;
    }
    locate(world, index, region);
    view->params = sim_place_params(world, place);
    view->agents = place->agents;
    view->count = place->count;
    view->network = &place->network;
    if (view->n_below > 0) {
        place->below = sim_alloc(view->n_below, sizeof(struct sim_view *));
        if (place->below == NULL) {
            return SIM_ERR_MEMORY;
        }
        uint32_t first =
            view->level == SIM_WORLD ? 1 : 1 + world->n_regions + world->first_block[view->region];
        for (uint32_t i = 0; i < view->n_below; i++) {
            place->below[i] = &world->places[first + i].view;
        }
        view->below = place->below;
    }
    return SIM_OK;
}

/* Where every column of a place lies, from 0; with memory, also sets the pointers of the kinds' structs.
 * Returns the bytes. */
static size_t
lay_columns(const struct sim_model *model, struct sim_place *place, unsigned char *memory)
{
    size_t at = 0;
    for (uint32_t c = 0; c < model->n_columns; c++) {
        const struct sim_column *column = &model->columns[c];
        unsigned char *agents = place->agents[column->kind];
        size_t bytes = aligned(column->item * place->count[column->kind]);
        int copies = column->before != 0 ? 2 : 1;
        for (int copy = 0; agents != NULL && copy < copies; copy++) {
            if (memory != NULL) {
                void *start = memory + at;
                memcpy(agents + (copy == 0 ? column->offset : column->before), &start, sizeof(start));
            }
            at += bytes;
        }
    }
    return at;
}

size_t
sim_place_bytes(const struct sim_model *model, struct sim_place *place)
{
    unsigned char *structs = place->structs;
    for (uint32_t k = 0; k < model->n_kinds; k++) {
        place->agents[k] = model->kinds[k].level == place->view.level ? structs : NULL;
        structs += aligned(model->kinds[k].size);
    }
    return lay_columns(model, place, NULL);
}

static int
place_columns_init(struct sim_world *world, struct sim_place *place)
{
    const struct sim_model *model = world->model;
    place->bytes = sim_place_bytes(model, place);
    place->columns = sim_alloc(place->bytes, 1);
    if (place->columns == NULL) {
        return SIM_ERR_MEMORY;
    }
    lay_columns(model, place, place->columns);
    return SIM_OK;
}

uint32_t
sim_place_number(const struct sim_view *view)
{
    return view->level == SIM_BLOCK ? sim_place(view->region, view->block)
        : view->level == SIM_REGION ? sim_place(view->region, SIM_NO_BLOCK)
                                    : sim_place(SIM_NO_REGION, SIM_NO_BLOCK);
}

static int
place_network_init(struct sim_world *world, struct sim_place *place)
{
    const struct sim_model *model = world->model;
    struct sim_network_plan plan = { .kind = SIM_NETWORK_NONE };
    if (model->network == NULL || place->view.level != SIM_BLOCK) {
        return SIM_OK;
    }
    model->network(&place->view, &plan);
    return sim_network_init(&place->network, &plan,
        sim_stream_at(world->key, sim_place_number(&place->view), 0, model->network_stream));
}

int
sim_place_make(struct sim_world *world, struct sim_place *place)
{
    int ret = place_columns_init(world, place);
    return ret == SIM_OK ? place_network_init(world, place) : ret;
}

void
sim_place_free(struct sim_place *place)
{
    sim_network_free(&place->network);
    sim_free(place->count);
    sim_free(place->agents);
    sim_free(place->structs);
    sim_free(place->columns);
    sim_free(place->below);
}

void
sim_place_keep(const struct sim_model *model, struct sim_place *place)
{
    for (uint32_t c = 0; c < model->n_columns; c++) {
        const struct sim_column *column = &model->columns[c];
        const unsigned char *agents = place->agents[column->kind];
        if (agents != NULL && column->before != 0) {
            void *now, *before;
            memcpy(&now, agents + column->offset, sizeof(now));
            memcpy(&before, agents + column->before, sizeof(before));
            memcpy(before, now, column->item * place->count[column->kind]);
        }
    }
}
