/* design_attribution.h - a design that asks why two scenarios differ: its points mix them, each group of parameters
 * taken from the first (A) or from the second (B).
 *
 * With few groups every mixture is a point. With many, random orders of the groups are drawn, and the points are the
 * mixtures met on the way from A to B when the groups change over in these orders, besides those in which one group
 * alone is B's, or A's.
 *
 * Points stand in the order of their mixtures as numbers, group g the bit 1 << g: the first is A, the last is B.
 * What is no parameter (events, tables of places) comes with the scenario that a point starts from. If the two differ
 * in that, it is a group of its own, the last one; so the points that start from A still come before those that
 * start from B. If they do not, only the last point starts from B.
 */
#ifndef SIM_DESIGN_ATTRIBUTION_H
#define SIM_DESIGN_ATTRIBUTION_H

#include "sim/experiment.h"

#define SIM_GROUPS_LIMIT 60     /* bits of a mixture */
#define SIM_GROUPS_EXACT 10     /* more are sampled by orders */
#define SIM_ORDERS_LIMIT 10000  /* random orders of the groups */
#define SIM_ORDERS_STANDARD 100 /* if nobody says */
#define SIM_NO_GROUP UINT32_MAX

struct sim_attribution {
    char **names; /* of the groups */
    uint32_t n_groups;
    uint32_t *groups;       /* by factor: the group that it is in */
    uint32_t setting_group; /* of events and tables of places; SIM_NO_GROUP: they are the same in both */
    uint64_t *mixtures;     /* by design point: the groups that are B's */
    uint32_t n_orders;      /* 0: all mixtures are points */
    uint32_t *orders;       /* orders[order * n_groups + position]: a group */
};

/* NULL is fine. */
void sim_attribution_free(struct sim_attribution *attribution);

/* "a with burden and purchase of b". Cut to size. */
void sim_attribution_describe(
    const struct sim_experiment *experiment, uint32_t point, char *text, size_t size);

#endif
