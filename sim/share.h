/* share.h - one of several processes that share an experiment without talking to each other: I of N. */
#ifndef SIM_SHARE_H
#define SIM_SHARE_H

#include <stdint.h>

/* Of the units of work, cells or (where replicates depend on each other) design points, those whose number
 * leaves index when divided by count. */
struct sim_share {
    uint32_t index, count; /* index from 0; 0 of 1: all */
};

static inline int
sim_share_has(struct sim_share share, uint32_t unit)
{
    return unit % share.count == share.index;
}

#endif
