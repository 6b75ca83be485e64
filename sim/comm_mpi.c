/* comm_mpi.c - sim/comm.h with MPI 3.
 *
 * MPI is started only where a launcher started this process and others: MPI_Init takes a third of a second
 * and starts threads, sockets and files, which a run on one's own machine must not pay for.
 *
 * Waiting is done by asking and sleeping. MPI's own waiting keeps a processor busy, and the processors belong
 * to the processes that still compute.
 *
 * What a user of mpirun must know about signals (Open MPI 4.1): SIGUSR1 and SIGUSR2 sent to mpirun reach every
 * process at once and end nobody. SIGTERM and SIGINT reach them after 1 s, and SIGKILL follows 1 s later;
 * odls_base_sigkill_timeout lengthens both waits, also the one before SIGTERM. When one process exits with a
 * status other than 0, the others are ended in the same way, and mpirun returns the status of the first. So all
 * processes should exit with the same status, and none has anything to do after sim_comm_free.
 */
#include "sim/comm.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <assert.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TAG 1

/* A copy of a message, until MPI has sent it. */
struct outgoing {
    struct outgoing *next;
    MPI_Request request;
    unsigned char bytes[];
};

struct state {
    MPI_Comm world; /* of our own, so that nobody else's messages come here */
    struct outgoing *outgoing;
    int started_here; /* else the program that uses this library did, and will end MPI */
};

/* The first of the variables that the environment has, as a text; NULL if it has none. */
static const char *
find_variable(const char *const *names)
{
    const char *text = NULL;
    for (; text == NULL && *names != NULL; names++) {
        text = getenv(*names);
    }
    return text;
}

/* The number of processes as the launcher tells it; 0 if it does not. */
static int
told_size(void)
{
    static const char *const names[] = { "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", NULL };
    const char *text = find_variable(names);
    return text != NULL ? atoi(text) : 0;
}

/* Slurm's own variables alone mean nothing: a batch script has them, and srun starts processes that can talk to
 * each other only with --mpi=pmix or the like, which sets one of these. */
int
sim_comm_told_rank(void)
{
    static const char *const names[] = { "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", NULL };
    const char *text = find_variable(names);
    return text != NULL && told_size() != 1 ? atoi(text) : -1;
}

static int
start_mpi(int *started_here)
{
    int running = 0, ended = 0, threads = MPI_THREAD_SINGLE;
    MPI_Initialized(&running);
    MPI_Finalized(&ended);
    if (ended) {
        return SIM_ERR_STATE; /* it cannot be started twice */
    }
    if (running) {
        MPI_Query_thread(&threads);
    } else if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &threads) != MPI_SUCCESS) {
        return SIM_ERR_STATE;
    }
    *started_here = !running;
    if (!running) {
        MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    }
    return threads >= MPI_THREAD_SERIALIZED ? 0 : SIM_ERR_STATE;
}

/* Fewer processes than the launcher started: it belongs to another MPI than this program, and each process
 * believes to be alone. */
static int
join_world(struct sim_comm *comm, struct state *state)
{
    if (MPI_Comm_dup(MPI_COMM_WORLD, &state->world) != MPI_SUCCESS) {
        return SIM_ERR_STATE;
    }
    MPI_Comm_set_errhandler(state->world, MPI_ERRORS_RETURN);
    MPI_Comm_rank(state->world, &comm->rank);
    MPI_Comm_size(state->world, &comm->size);
    return comm->size < told_size() ? SIM_ERR_STATE : 0;
}

static void
leave_world(struct state *state)
{
    if (state->world != MPI_COMM_NULL) {
        MPI_Comm_free(&state->world);
    }
    if (state->started_here) {
        int ended = 0;
        MPI_Finalized(&ended);
        if (!ended) {
            MPI_Finalize();
        }
    }
    sim_free(state);
}

int
sim_comm_init(struct sim_comm *comm)
{
    *comm = (struct sim_comm){ .rank = 0, .size = 1, .state = NULL };
    if (sim_comm_told_rank() < 0) {
        return 0;
    }
    struct state *state = sim_alloc(1, sizeof(*state));
    if (state == NULL) {
        return SIM_ERR_MEMORY;
    }
    state->world = MPI_COMM_NULL;
    int ret = start_mpi(&state->started_here);
    if (ret == 0) {
        ret = join_world(comm, state);
    }
    if (ret != 0) {
        leave_world(state);
        *comm = (struct sim_comm){ .rank = 0, .size = 1, .state = NULL };
        return ret;
    }
    comm->state = state;
    return 0;
}

/* An error of MPI after which a message may be lost: the others would wait for it for ever. */
static void
must(const struct state *state, int error)
{
    if (error != MPI_SUCCESS) {
        MPI_Abort(state->world, 1);
    }
}

/* Forgets the copies of what has been sent. */
static void
reap(struct state *state)
{
    struct outgoing **at = &state->outgoing;
    while (*at != NULL) {
        struct outgoing *one = *at;
        int sent = 0;
        must(state, MPI_Test(&one->request, &sent, MPI_STATUS_IGNORE));
        if (sent) {
            *at = one->next;
            sim_free(one);
        } else {
            at = &one->next;
        }
    }
}

int
sim_comm_send(struct sim_comm *comm, int to, const void *bytes, size_t size)
{
    struct state *state = comm->state;
    assert(to >= 0 && to < comm->size && to != comm->rank && size > 0 && size <= SIM_COMM_LIMIT);
    reap(state);
    struct outgoing *one = sim_alloc(1, sizeof(*one) + size);
    if (one == NULL) { /* so small a message is on its way when this returns */
        must(state, MPI_Send(bytes, (int) size, MPI_BYTE, to, TAG, state->world));
        return 0;
    }
    memcpy(one->bytes, bytes, size);
    must(state, MPI_Isend(one->bytes, (int) size, MPI_BYTE, to, TAG, state->world, &one->request));
    one->next = state->outgoing;
    state->outgoing = one;
    return 0;
}

size_t
sim_comm_receive(struct sim_comm *comm, int *from, void *bytes)
{
    struct state *state = comm->state;
    MPI_Message message;
    MPI_Status status;
    int arrived = 0, size = 0;
    if (state == NULL) {
        return 0;
    }
    reap(state);
    must(state, MPI_Improbe(MPI_ANY_SOURCE, TAG, state->world, &arrived, &message, &status));
    if (!arrived) {
        return 0;
    }
    must(state, MPI_Mrecv(bytes, SIM_COMM_LIMIT, MPI_BYTE, &message, &status));
    must(state, MPI_Get_count(&status, MPI_BYTE, &size));
    *from = status.MPI_SOURCE;
    return (size_t) size;
}

/* Sleeps 1 ms at first and up to 20 ms later. */
static void
doze(long *milliseconds)
{
    struct timespec pause = { 0, *milliseconds * 1000000 };
    nanosleep(&pause, NULL);
    *milliseconds = *milliseconds < 20 ? *milliseconds + 1 : 20;
}

/* Goes into the barrier, if it has not yet, and tells whether all others have too. */
static int
all_are_here(const struct state *state, MPI_Request *barrier, int *entered)
{
    int done = 0;
    if (!*entered) {
        must(state, MPI_Ibarrier(state->world, barrier));
        *entered = 1;
    }
    must(state, MPI_Test(barrier, &done, MPI_STATUS_IGNORE));
    return done;
}

void
sim_comm_barrier(struct sim_comm *comm)
{
    struct state *state = comm->state;
    MPI_Request barrier;
    long pause = 1;
    int entered = 0;
    if (state == NULL) {
        return;
    }
    while (!all_are_here(state, &barrier, &entered)) {
        doze(&pause);
        reap(state);
    }
}

/* A message that nobody takes would keep its sender from leaving, so that each drops what still arrives. */
static void
drop_messages(struct sim_comm *comm)
{
    unsigned char bytes[SIM_COMM_LIMIT];
    int from;
    while (sim_comm_receive(comm, &from, bytes) > 0) {}
}

void
sim_comm_free(struct sim_comm *comm)
{
    struct state *state = comm->state;
    if (state != NULL) {
        MPI_Request barrier;
        long pause = 1;
        int entered = 0;
        drop_messages(comm);
        while (state->outgoing != NULL || !all_are_here(state, &barrier, &entered)) {
            doze(&pause);
            drop_messages(comm);
        }
        leave_world(state);
    }
    *comm = (struct sim_comm){ .rank = 0, .size = 1, .state = NULL };
}

void
sim_comm_abort(struct sim_comm *comm, int status)
{
    const struct state *state = comm->state;
    if (state != NULL) {
        MPI_Abort(state->world, status);
    }
}

const char *
sim_comm_library(void)
{
    return COGOV_MPI_LIBRARY;
}
