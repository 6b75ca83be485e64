/* comm.h - the processes that share an experiment, and short messages between them. comm_mpi.c if the program
 * was built with MPI, else comm_serial.c, where there is one process only.
 *
 * None of these functions may be called by two threads at once; any thread may call them. If MPI itself fails
 * after it was started, so that a message may be lost, all processes end: the others would wait for ever.
 */
#ifndef SIM_COMM_H
#define SIM_COMM_H

#include <stddef.h>

#define SIM_COMM_LIMIT 4096 /* bytes of a message */

struct sim_comm {
    int rank, size;
    void *state; /* of the implementation */
};

/* Joins the processes that a launcher (mpirun, srun --mpi=pmix) started with this one; alone, and at no cost, if
 * there is none. All processes call it. Signals that shall not end the process are to be caught before, for it takes
 * a while. SIM_ERR_MEMORY; SIM_ERR_STATE if MPI cannot be started, or finds fewer processes than the launcher
 * started, which then belongs to another MPI than this program. (An MPI that a launcher refuses may also end the
 * process, with a message of its own.) May always be freed, and joined once only in the life of a process. */
int sim_comm_init(struct sim_comm *comm);

/* The rank that this process has, or will have, among the processes that sim_comm_init joins, as the launcher tells it;
 * -1 if it is alone. At any time, and at no cost. */
int sim_comm_told_rank(void);

/* Waits for the others, without using the processor, and parts; messages that nobody took are dropped. All
 * processes call it, and exit soon after it with one and the same status: mpirun ends the others when one
 * exits with a status other than 0. */
void sim_comm_free(struct sim_comm *comm);

/* Ends all processes at once, this one too, for what cannot be told otherwise; the launcher returns status. Where
 * there is one process only it returns, and the caller exits. */
void sim_comm_abort(struct sim_comm *comm, int status);

/* Sends a message of 1 to SIM_COMM_LIMIT bytes to another process and returns without waiting. Messages from
 * one process to another arrive in order, as long as both call these functions now and then. A process that
 * has no memory can send too, so that it can tell others. */
int sim_comm_send(struct sim_comm *comm, int to, const void *bytes, size_t size);

/* Takes the next message that has arrived, if any: its size in bytes, and who sent it; 0 if none has. bytes has room
 * for SIM_COMM_LIMIT. Returns at once. */
size_t sim_comm_receive(struct sim_comm *comm, int *from, void *bytes);

/* Waits until all processes have come here, without using the processor. */
void sim_comm_barrier(struct sim_comm *comm);

/* What MPI the program was built with: "Open MPI 4.1.4", or "none". */
const char *sim_comm_library(void);

#endif
