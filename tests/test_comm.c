/* test_comm.c - processes find each other, and messages arrive whole and in order. Runs alone, and with
 * mpirun -n 1 and 3, where each process runs all tests; a barrier after each keeps their messages apart.
 */
#include "sim/comm.h"

#include "sim/error.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static double
seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

static void
sleep_for(double seconds)
{
    usleep((useconds_t) (seconds * 1e6));
}

/* The next message; a minute without one is a failure. */
static size_t
wait_for_message(struct sim_comm *comm, int *from, void *bytes)
{
    size_t size = 0;
    double end = seconds_of(CLOCK_MONOTONIC) + 60;
    while (size == 0 && seconds_of(CLOCK_MONOTONIC) < end) {
        size = sim_comm_receive(comm, from, bytes);
        if (size == 0) {
            sleep_for(0.001);
        }
    }
    assert_true(size > 0);
    return size;
}

static void
every_process_has_its_rank(void **state)
{
    const struct sim_comm *comm = *state;
    const char *size = getenv("OMPI_COMM_WORLD_SIZE"), *rank = getenv("OMPI_COMM_WORLD_RANK");
    const int with_mpi = strcmp(sim_comm_library(), "none") != 0;
    assert_int_equal(comm->size, with_mpi && size != NULL ? atoi(size) : 1);
    assert_int_equal(comm->rank, with_mpi && rank != NULL ? atoi(rank) : 0);
    assert_int_equal(sim_comm_told_rank(), comm->size > 1 ? comm->rank : -1);
}

/* Message i of a process: its length and its bytes follow from both. */
static size_t
make_message(unsigned char *bytes, int rank, uint32_t i)
{
    size_t size = i == 0 ? SIM_COMM_LIMIT : 1 + (size_t) (i * 97 + (uint32_t) rank) % SIM_COMM_LIMIT;
    memset(bytes, (int) (i * 31 + (uint32_t) rank + 1) & 255, size);
    return size;
}

/* Rank 0 answers every message with itself; the others have all theirs under way at once. */
static void
messages_arrive_whole_and_in_order(void **state)
{
    struct sim_comm *comm = *state;
    enum { N = 300 };
    unsigned char bytes[SIM_COMM_LIMIT], wanted[SIM_COMM_LIMIT];
    int from = -1;
    uint32_t next[64] = { 0 };
    for (uint32_t i = 0; comm->rank != 0 && i < N; i++) {
        size_t size = make_message(bytes, comm->rank, i);
        assert_int_equal(sim_comm_send(comm, 0, bytes, size), 0);
        memset(bytes, 0, size); /* the sender may use its memory again */
    }
    for (uint32_t i = 0; i < (uint32_t) (comm->rank == 0 ? N * (comm->size - 1) : N); i++) {
        size_t size = wait_for_message(comm, &from, bytes);
        assert_true(comm->rank == 0 ? from > 0 && from < comm->size : from == 0);
        size_t wanted_size = make_message(wanted, comm->rank == 0 ? from : comm->rank, next[from]++);
        assert_int_equal(size, wanted_size);
        assert_memory_equal(bytes, wanted, size);
        if (comm->rank == 0) {
            assert_int_equal(sim_comm_send(comm, from, bytes, size), 0);
        }
    }
    assert_int_equal(sim_comm_receive(comm, &from, bytes), 0);
}

/* All messages are sent before the receiver takes the first. */
static void
a_sender_does_not_wait_for_the_receiver(void **state)
{
    struct sim_comm *comm = *state;
    enum { N = 100 };
    unsigned char bytes[SIM_COMM_LIMIT] = { 0 };
    int from = -1;
    for (int i = 0; comm->size > 1 && i < N; i++) {
        bytes[0] = (unsigned char) i;
        assert_int_equal(sim_comm_send(comm, (comm->rank + 1) % comm->size, bytes, sizeof(bytes)), 0);
    }
    sim_comm_barrier(comm);
    for (int i = 0; comm->size > 1 && i < N; i++) {
        assert_int_equal(wait_for_message(comm, &from, bytes), sizeof(bytes));
        assert_int_equal(from, (comm->rank + comm->size - 1) % comm->size);
        assert_int_equal(bytes[0], i);
    }
}

/* Each tells the others when it went into the barrier; the machine's clock is one for all. */
static void
a_barrier_holds_until_all_have_come_and_needs_no_processor(void **state)
{
    struct sim_comm *comm = *state;
    sim_comm_barrier(comm);
    sleep_for(0.4 * comm->rank);
    double entered = seconds_of(CLOCK_MONOTONIC), used = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    for (int to = 0; to < comm->size; to++) {
        if (to != comm->rank) {
            assert_int_equal(sim_comm_send(comm, to, &entered, sizeof(entered)), 0);
        }
    }
    sim_comm_barrier(comm);
    used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used;
    double left = seconds_of(CLOCK_MONOTONIC);
    for (int i = 1; i < comm->size; i++) {
        unsigned char bytes[SIM_COMM_LIMIT];
        double other;
        int from;
        assert_int_equal(wait_for_message(comm, &from, bytes), sizeof(other));
        memcpy(&other, bytes, sizeof(other));
        assert_true(other <= left);
    }
    assert_true(used < 0.1);
}

static void
without_memory_messages_arrive_all_the_same(void **state)
{
    struct sim_comm *comm = *state;
    if (comm->size > 1) {
        unsigned char bytes[SIM_COMM_LIMIT];
        int from;
        memory_fails_at(1, 0);
        int sent = sim_comm_send(comm, (comm->rank + 1) % comm->size, "x", 1);
        memory_fails_at(0, 0);
        assert_int_equal(sent, 0);
        assert_int_equal(wait_for_message(comm, &from, bytes), 1);
    }
}

static int
wait_for_all(void **state)
{
    sim_comm_barrier(*state);
    return 0;
}

static int
threads_of_this_process(void)
{
    char line[128];
    int n = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && n == 0 && fgets(line, sizeof(line), file) != NULL) {
        n = strncmp(line, "Threads:", 8) == 0 ? atoi(line + 8) : 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return n;
}

/* MPI's threads would be there. Before anything else, since MPI cannot be started twice. */
static void
a_process_without_launcher_does_not_start_mpi(void **state)
{
    struct sim_comm comm;
    (void) state;
    if (getenv("OMPI_COMM_WORLD_SIZE") == NULL || strcmp(getenv("OMPI_COMM_WORLD_SIZE"), "1") == 0) {
        int before = threads_of_this_process();
        setenv("SLURM_PROCID", "0", 1);
        setenv("SLURM_NTASKS", "4", 1);
        assert_int_equal(sim_comm_init(&comm), 0);
        assert_int_equal(threads_of_this_process(), before);
        assert_true(comm.rank == 0 && comm.size == 1);
        sim_comm_free(&comm);
        sim_comm_free(&comm);
    }
}

static void
joining_needs_memory(void **state)
{
    struct sim_comm comm;
    (void) state;
    memory_fails_at(1, 0);
    int ret = sim_comm_init(&comm);
    assert_int_equal(ret, memory_requests > 0 ? SIM_ERR_MEMORY : 0);
    memory_fails_at(0, 0);
    assert_true(comm.rank == 0 && comm.size == 1);
    sim_comm_free(&comm);
}

static int
join(void **state)
{
    static struct sim_comm comm;
    *state = &comm;
    return sim_comm_init(&comm);
}

/* The last test. */
static void
all_part_though_nobody_takes_their_messages(void **state)
{
    struct sim_comm *comm = *state;
    unsigned char bytes[SIM_COMM_LIMIT] = { 0 };
    for (int i = 0; comm->size > 1 && i < 50; i++) {
        assert_int_equal(sim_comm_send(comm, (comm->rank + 1) % comm->size, bytes, sizeof(bytes)), 0);
    }
    sim_comm_free(comm);
    sim_comm_free(comm);
    assert_true(comm->rank == 0 && comm->size == 1);
    assert_int_equal(memory_live, 0);
}

/* test_comm abort STATUS: the last process ends all, which would wait for a minute. */
static int
end_all(int status)
{
    struct sim_comm comm;
    int ret = sim_comm_init(&comm);
    if (ret == 0 && comm.rank == comm.size - 1) {
        sim_comm_abort(&comm, status);
    }
    sleep_for(comm.size > 1 ? 60 : 0);
    return 1;
}

/* test_comm foreign: a launcher of another MPI says that there are two, each of which finds itself alone. */
static int
be_alone_among_two(void)
{
    struct sim_comm comm;
    setenv("PMI_RANK", "0", 1);
    setenv("PMI_SIZE", "2", 1);
    int wanted = strcmp(sim_comm_library(), "none") == 0 ? 0 : SIM_ERR_STATE;
    int ret = sim_comm_init(&comm);
    sim_comm_free(&comm);
    return ret != wanted || sim_comm_init(&comm) != wanted || memory_live != 0;
}

int
main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "abort") == 0) {
        return end_all(atoi(argv[2]));
    }
    if (argc == 2 && strcmp(argv[1], "foreign") == 0) {
        return be_alone_among_two();
    }
    const struct CMUnitTest before[] = {
        cmocka_unit_test(a_process_without_launcher_does_not_start_mpi),
        cmocka_unit_test(joining_needs_memory),
    };
#define TEST(name) cmocka_unit_test_teardown(name, wait_for_all)
    const struct CMUnitTest tests[] = {
        TEST(every_process_has_its_rank),
        TEST(messages_arrive_whole_and_in_order),
        TEST(a_sender_does_not_wait_for_the_receiver),
        TEST(a_barrier_holds_until_all_have_come_and_needs_no_processor),
        TEST(without_memory_messages_arrive_all_the_same),
        cmocka_unit_test(all_part_though_nobody_takes_their_messages),
    };
    int failed = cmocka_run_group_tests(before, NULL, NULL);
    return failed + cmocka_run_group_tests(tests, join, NULL);
}
