/* setting.h - which parameters hold at which places of a world, and from which tick on.
 *
 * Most worlds have one struct of parameters for all places and all ticks. Others change them: an event of a
 * scenario begins a new era.
 */
#ifndef SIM_SETTING_H
#define SIM_SETTING_H

#include <stdint.h>

/* The parameters from one tick on. */
struct sim_era {
    uint32_t first;     /* the tick at whose start they begin to hold; 0: from the set-up on */
    const void *params; /* the model's struct */
};

/* Eras in order of time; there is at least one, and the first one's `first` is 0. */
struct sim_setting {
    const struct sim_era *eras;
    uint32_t n_eras;
};

/* Frees a setting whose parts were all taken from sim_alloc. */
void sim_setting_free(struct sim_setting *setting);

#endif
