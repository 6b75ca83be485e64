/* stopping.h - when a design point has replicates enough.
 *
 *     stop: {half_width: {service_quality: 0.005}, min: 10, step: 10, max: 400}
 *
 * A design point has min, min + step, min + 2 step ... max replicates: the first of these numbers at which the
 * half width of the 95 % interval of every observation listed is at most what is asked for. Of an observation
 * that is the interval of the mean over the ticks after burn-in, by Student's t over the replicates that ran well
 * and have a value; of one with labels, of each label. So how many there are depends on the numbers alone, and
 * not on the order of work.
 */
#ifndef SIM_STOPPING_H
#define SIM_STOPPING_H

#include <stdint.h>

#define SIM_PRECISIONS 16 /* observations that may be listed */

struct sim_precision {
    uint32_t observation; /* index into the model's observations */
    double half_width;    /* in its unit */
};

struct sim_stopping {
    uint32_t min, step, max; /* replicates */
    struct sim_precision list[SIM_PRECISIONS];
    uint32_t n; /* 0: every design point has all replicates */
};

#endif
