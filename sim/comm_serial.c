/* comm_serial.c - sim/comm.h for a program built without MPI: one process, whoever started it. */
#include "sim/comm.h"

#include <assert.h>

int
sim_comm_init(struct sim_comm *comm)
{
    *comm = (struct sim_comm){ .rank = 0, .size = 1, .state = NULL };
    return 0;
}

int
sim_comm_told_rank(void)
{
    return -1;
}

void
sim_comm_free(struct sim_comm *comm)
{
    *comm = (struct sim_comm){ .rank = 0, .size = 1, .state = NULL };
}

void
sim_comm_abort(struct sim_comm *comm, int status)
{
    (void) comm;
    (void) status;
}

int
sim_comm_send(struct sim_comm *comm, int to, const void *bytes, size_t size)
{
    (void) comm;
    (void) to;
    (void) bytes;
    (void) size;
    assert(0 && "there is nobody to send to");
    return 0;
}

size_t
sim_comm_receive(struct sim_comm *comm, int *from, void *bytes)
{
    (void) comm;
    (void) from;
    (void) bytes;
    return 0;
}

void
sim_comm_barrier(struct sim_comm *comm)
{
    (void) comm;
}

const char *
sim_comm_library(void)
{
    return "none";
}
