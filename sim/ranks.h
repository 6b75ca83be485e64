/* ranks.h - shares the cells of one schedule among processes that talk to each other. The first process keeps the
 * schedule; the others ask it for cells and tell it what became of them. Inside the library only.
 *
 * All of it is done by one thread at a time. Nothing waits but sim_ranks_wait, and the others in sim_ranks_begin and
 * sim_ranks_conclude.
 */
#ifndef SIM_RANKS_H
#define SIM_RANKS_H

#include "sim/comm.h"
#include "sim/schedule.h"

#define SIM_RANKS_AHEAD 64 /* cells a process may hold that it has not begun */

/* What a process may know of all. */
struct sim_ranks {
    struct sim_comm *comm;         /* NULL: one process */
    struct sim_schedule *schedule; /* of the first process */
    uint32_t n_done, n_failed;     /* cells of all processes, as far as the first one knows */
    int halted;                    /* all are to end; */
    int end;                       /* for this reason (the caller's numbers) */
    /* of the first process, by rank: */
    uint32_t *asked;     /* cells it waits for */
    unsigned char *left; /* it has nothing more to tell */
    int n_left;
    int worst; /* status with which one of them, or itself, left */
    /* of the others: */
    uint32_t ahead[SIM_RANKS_AHEAD];   /* cells given and not begun */
    uint32_t n_ahead, n_asked, wanted; /* wanted: how many to have or to have asked for */
    int ended;                         /* there are no more */
    int final, begun;                  /* what the first process decided; -1: not yet known */
};

/* wanted: how many cells a process other than the first holds or waits for, besides those that run. SIM_ERR_MEMORY. May
 * always be freed. */
int sim_ranks_init(struct sim_ranks *ranks, struct sim_comm *comm, struct sim_schedule *schedule, int wanted);
void sim_ranks_free(struct sim_ranks *ranks);

int sim_ranks_is_first(const struct sim_ranks *ranks);

/* The next cell for this process. status: SIM_OK, or with SIM_NEXT_END what sim_schedule_next or sim_comm_send says. */
enum sim_next sim_ranks_next(struct sim_ranks *ranks, uint32_t *cell, int *status);

/* A cell has finished here: well, with these n values for the stopping rule, or not. This and what follows: SIM_ERR_MEMORY,
 * or what else sim_schedule_next says. */
int sim_ranks_back(
    struct sim_ranks *ranks, uint32_t cell, enum sim_run_status status, const double *values, uint32_t n);

/* Reads what has arrived, and answers. */
int sim_ranks_listen(struct sim_ranks *ranks);

/* Ends the work of all processes, for this reason. */
int sim_ranks_halt(struct sim_ranks *ranks, int end);

/* Whether all processes hold the same bytes, at most SIM_COMM_LIMIT: all must ask, before anything else is said. Waits. */
int sim_ranks_agree(struct sim_comm *comm, const void *bytes, size_t size);

/* The first process lets the others begin, or not (a status other than SIM_OK); the others wait to be told. Returns
 * the status. */
int sim_ranks_begin(struct sim_ranks *ranks, int status);

/* This process will run no more cells: its work ended with this status. */
int sim_ranks_leave(struct sim_ranks *ranks, int status);

/* The first process, once it has left: listens to the others for so many seconds, or until all have left; nonzero if all
 * have. Then worst is the status of the first of all that did not leave with SIM_OK. */
int sim_ranks_wait(struct sim_ranks *ranks, double seconds);

/* The first process tells the others how all ended; the others wait for that. Returns it. */
int sim_ranks_conclude(struct sim_ranks *ranks, int status);

#endif
