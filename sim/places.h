/* places.h - a table of real places: one row for each block, with its region and name and the parameters in
 * which it differs from the scenario. Inside the library only.
 *
 *     street,community,city.residents,city.elderly_share,organisations.professional
 *     北街,东苑,5200,0.31,3
 *     北街,西苑,,,
 *
 * The first two columns are named by the model (level_names), the others by parameters that may differ by
 * region or block. An empty cell leaves the scenario's value. For a parameter of regions one row may speak for
 * all of its region, and two may not differ. Regions and blocks are numbered in the order of first appearance.
 */
#ifndef SIM_PLACES_H
#define SIM_PLACES_H

#include "sim/model.h"
#include "sim/table.h"

struct sim_places {
    struct sim_table table;
    const struct sim_field **columns; /* by column; NULL for the two names */
    size_t region_column, block_column;
    uint32_t n_regions, n_blocks; /* all blocks */
    uint32_t *first_block;        /* by region, as in struct sim_setting */
    size_t *rows;                 /* of the table, by block, region by region */
    uint32_t *regions;            /* by row of the table: which region it is of */
};

/* Reads the table and checks all of it; every fault is a message. at: where the scenario names the table, to
 * blame for a missing one. SIM_ERR_INPUT, SIM_ERR_MEMORY. May always be freed. */
int sim_places_init(struct sim_places *places, const char *path, const struct sim_search *search,
    const struct sim_model *model, struct sim_where at, struct sim_messages *messages);
void sim_places_free(struct sim_places *places);

/* The parameter that is the number of blocks, or their table; NULL if the model has none. */
const struct sim_field *sim_places_field(const struct sim_fields *fields);

/* The names of the regions, then of all blocks, as a new list of new texts; NULL without memory. */
char **sim_places_names(const struct sim_places *places);

/* Puts what the table says about a place (1: the first region) into params, which hold what is above it.
 * Returns how many values that were. */
size_t sim_places_apply(const struct sim_places *places, uint32_t place, void *params);

/* Nonzero if the table itself says what a parameter is at a place (1: the first region); for a block, not
 * what it says of its region. */
int sim_places_set(const struct sim_places *places, uint32_t place, const struct sim_field *field);

/* Where the table speaks of a parameter of a place; of the place itself if it does not. */
struct sim_where sim_places_where(const struct sim_places *places, uint32_t place, const char *key);

#endif
