/* schedule.h - which cell is next: those of a share that are not there yet, point by point; with a stopping rule
 * (stopping.h) as many replicates of each design point as the rule asks for.
 *
 * The order in which cells finish changes what is handed out when, and never which cells are run in the end.
 */
#ifndef SIM_SCHEDULE_H
#define SIM_SCHEDULE_H

#include "sim/execute.h"
#include "sim/share.h"

#define SIM_SCHEDULE_VALUES \
    400 /* numbers a replicate may give to the stopping rule: labels of its observations */

/* Whether a cell is of a share: without a stopping rule cells are shared, with one whole design points, for their
 * replicates depend on each other. */
static inline int
sim_schedule_shares(const struct sim_experiment *experiment, struct sim_share share, uint32_t cell)
{
    return sim_share_has(share, experiment->stopping.n > 0 ? cell / experiment->n_replicates : cell);
}

struct sim_schedule {
    const struct sim_experiment *experiment;
    struct sim_source source; /* what was there at the start */
    struct sim_share share;
    int failed_again;       /* cells that failed are run again */
    uint32_t n_cells, next; /* next: no cell before it is free (without a stopping rule) */
    void *points;           /* of the stopping rule */
    uint32_t
        *asked; /* by design point: replicates that the rule asked for, set when it has decided; or NULL */
};

/* The source must outlive it. SIM_ERR_MEMORY; SIM_ERR_INPUT, with a message, if the stopping rule looks at more
 * than SIM_SCHEDULE_VALUES numbers; SIM_ERR_FILE. May always be freed. */
int sim_schedule_init(struct sim_schedule *schedule, const struct sim_source *source, struct sim_share share,
    int failed_again, struct sim_messages *messages);
void sim_schedule_free(struct sim_schedule *schedule);

/* SIM_NEXT_WAIT while nothing is free, but the rule may ask for more once cells that are out come back. status:
 * SIM_OK; SIM_ERR_MEMORY or SIM_ERR_FILE, with SIM_NEXT_END. */
enum sim_next sim_schedule_next(struct sim_schedule *schedule, uint32_t *cell, int *status);

/* A cell that was handed out is back: it ran well and gave these values (sim_schedule_values), or it failed: NULL. */
void sim_schedule_back(struct sim_schedule *schedule, uint32_t cell, const double *values);

/* How many numbers a replicate gives to the stopping rule, and which: of each label of each observation that it
 * lists, the mean over the ticks after burn-in that have a value, else NaN. numbers: all that the cell recorded. */
uint32_t sim_schedule_n_values(const struct sim_experiment *experiment);
void sim_schedule_values(const struct sim_experiment *experiment, const struct sim_layout *layout,
    const double *numbers, double *values);

/* How many cells are still to be run, as far as is known: 0 if and only if the experiment is complete. SIM_ERR_FILE,
 * SIM_ERR_MEMORY. */
int sim_schedule_left(const struct sim_source *source, uint32_t *left);

/* What belongs into the results file: a source without the replicates that the stopping rule does not ask for. There
 * are such if a replicate failed, so that the rule asked for more, and ran well later. */
struct sim_ruled {
    struct sim_source source; /* what it leaves */
    struct sim_source all;
    uint32_t *asked; /* by design point; NULL: there is no rule */
};

/* Of an experiment that is complete; it stays where it is, and all must outlive it. SIM_ERR_FILE, SIM_ERR_MEMORY. May
 * always be freed. */
int sim_ruled_init(struct sim_ruled *ruled, const struct sim_source *all);
void sim_ruled_free(struct sim_ruled *ruled);

#endif
