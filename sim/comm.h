/* comm.h - the processes that share an experiment, and short messages between them. comm_mpi.c if the program
 * was built with MPI, else comm_serial.c, where there is one process only.
 *
 * None of these functions may be called by two threads at once; any thread may call them.
 */
#ifndef SIM_COMM_H
#define SIM_COMM_H

#include <stddef.h>

#define SIM_COMM_LIMIT 4096 /* bytes of a message */

struct sim_comm {
    int rank, size;
    void *state; /* of the implementation */
};

/* Joins the processes that a launcher (mpirun, srun) started with this one; alone if there is none. SIM_ERR_MEMORY,
 * SIM_ERR_STATE if MPI cannot be started. May always be freed. */
int sim_comm_init(struct sim_comm *comm);

/* Waits for the others, without using the processor, and parts. */
void sim_comm_free(struct sim_comm *comm);

/* Ends all processes at once, for what cannot be told otherwise. */
void sim_comm_abort(struct sim_comm *comm, int status);

/* Sends a message of at most SIM_COMM_LIMIT bytes and returns without waiting. Messages from one process to
 * another arrive in order. SIM_ERR_MEMORY. */
int sim_comm_send(struct sim_comm *comm, int to, const void *bytes, size_t size);

/* Takes the next message that has arrived, if any: its size, and who sent it; 0 if none has. bytes has room for
 * SIM_COMM_LIMIT. Returns at once. */
size_t sim_comm_receive(struct sim_comm *comm, int *from, void *bytes);

/* Waits until all processes have come here, without using the processor. */
void sim_comm_barrier(struct sim_comm *comm);

/* What MPI it is, for provenance: "Open MPI 4.1.4", or "none". */
const char *sim_comm_library(void);

#endif
