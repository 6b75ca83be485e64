/* place.h - a place of a world: the world itself, a region or a block. Inside the library only. */
#ifndef SIM_PLACE_H
#define SIM_PLACE_H

#include "sim/world.h"

struct sim_place {
    struct sim_view view;
    struct sim_network network;
    uint32_t *count;        /* by kind */
    void **agents;          /* by kind: into structs */
    unsigned char *structs; /* the kinds' structs of column pointers, one after the other */
    unsigned char *columns; /* the columns themselves */
    size_t bytes;           /* of columns */
    struct sim_view **below;
};

/* Which place of the world it is, and what is above and below it; agents follow. region: of the last block, counted
 * on as places are made in order, from 0. SIM_ERR_MEMORY. */
int sim_place_init(struct sim_world *world, uint32_t index, uint32_t *region);

/* Hands each kind of the place's level its struct; returns the bytes that its columns will take. */
size_t sim_place_bytes(const struct sim_model *model, struct sim_place *place);

/* Its columns, zeroed, and its network, once its agents are counted. SIM_ERR_MEMORY. */
int sim_place_make(struct sim_world *world, struct sim_place *place);

/* After whatever was made of it. */
void sim_place_free(struct sim_place *place);

/* The parameters of the current era there. */
const void *sim_place_params(const struct sim_world *world, const struct sim_place *place);

/* What names it in the counter of its draws: no two places have the same, of whatever levels. */
uint32_t sim_place_number(const struct sim_view *view);

/* Keeps each column that others read as it is at the start of the tick. */
void sim_place_keep(const struct sim_model *model, struct sim_place *place);

#endif
