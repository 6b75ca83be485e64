/* setting.h - which parameters hold at which places of a world, and from which tick on.
 *
 * Most worlds have one struct of parameters for all places and all ticks. Others change them: an event of a
 * scenario begins a new era. In others again places differ: a table of real places gives some of them structs
 * of their own, and regions may have different numbers of blocks.
 */
#ifndef SIM_SETTING_H
#define SIM_SETTING_H

#include "sim/random.h"

#include <stdint.h>

/* The parameters from one tick on. */
struct sim_era {
    uint32_t first;         /* the tick at whose start they begin to hold; 0: from the set-up on */
    const void *params;     /* the model's struct, of the world and of every region without its own */
    const void *const *own; /* by place: the world, the regions, then all blocks, region by region; NULL where
                                 a place has none of its own (a block then has its region's); NULL: no place has */
};

struct sim_setting {
    const struct sim_era
        *eras; /* in order of time; there is at least one, and the first one's `first` is 0 */
    uint32_t n_eras;
    /* From a table of places; else first_block is NULL, and the model's extent tells the places. */
    uint32_t n_regions;
    const uint32_t *first_block; /* by region: the how-many-th of all blocks its first one is; one more at the
                                    end: how many blocks there are */
    char **names;                /* of the regions, then of all blocks; NULL: they have none */
};

/* Frees a setting whose parts were all taken from sim_alloc. */
void sim_setting_free(struct sim_setting *setting);

/* The name of a block, or of a region if block is SIM_NO_BLOCK: the table's, else its number, from 1, written
 * into buffer. */
#define SIM_NAME_SIZE 16
const char *sim_setting_name(
    const struct sim_setting *setting, uint32_t region, uint32_t block, char *buffer);

#endif
