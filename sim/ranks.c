/* ranks.c - the words between the first process and the others. */
#include "sim/ranks.h"

#include "sim/alloc.h"
#include "sim/clock.h"
#include "sim/error.h"

#include <assert.h>
#include <string.h>
#include <time.h>

/* ASK: a cell, please. BACK: a cell is done. LEAVE: nothing more will come. CELL: here is one. END: there are no more.
 * HALT: finish nothing more. BEGIN, CONCLUDE: with a status. */
enum word { WORD_ASK, WORD_BACK, WORD_LEAVE, WORD_CELL, WORD_END, WORD_HALT, WORD_BEGIN, WORD_CONCLUDE };

struct message {
    uint32_t word, cell;
    int32_t status; /* or reason */
    double values[SIM_SCHEDULE_VALUES];
};

_Static_assert(sizeof(struct message) <= SIM_COMM_LIMIT, "a message fits");

static int
say(struct sim_ranks *ranks, int to, enum word word, uint32_t cell, int status)
{
    struct message message = { .word = word, .cell = cell, .status = status };
    return sim_comm_send(ranks->comm, to, &message, offsetof(struct message, values));
}

static int
say_to_others(struct sim_ranks *ranks, enum word word, int status)
{
    int ret = SIM_OK;
    for (int to = 1; ranks->comm != NULL && to < ranks->comm->size; to++) {
        int said = say(ranks, to, word, 0, status);
        ret = ret == SIM_OK ? said : ret;
    }
    return ret;
}

int
sim_ranks_is_first(const struct sim_ranks *ranks)
{
    return ranks->comm == NULL || ranks->comm->rank == 0;
}

static int
has_others(const struct sim_ranks *ranks)
{
    return ranks->comm != NULL && ranks->comm->size > 1;
}

int
sim_ranks_init(struct sim_ranks *ranks, struct sim_comm *comm, struct sim_schedule *schedule, int wanted)
{
    memset(ranks, 0, sizeof(*ranks));
    ranks->comm = comm;
    ranks->schedule = schedule;
    ranks->wanted = wanted < SIM_RANKS_AHEAD ? (uint32_t) wanted : SIM_RANKS_AHEAD;
    ranks->begun = ranks->final = -1;
    if (has_others(ranks)) {
        ranks->asked = sim_alloc((size_t) comm->size, sizeof(*ranks->asked));
        ranks->left = sim_alloc((size_t) comm->size, sizeof(*ranks->left));
        return ranks->asked != NULL && ranks->left != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    return SIM_OK;
}

void
sim_ranks_free(struct sim_ranks *ranks)
{
    sim_free(ranks->asked);
    sim_free(ranks->left);
    memset(ranks, 0, sizeof(*ranks));
}

/* The first process answers those who asked, as far as it can. */
static int
answer(struct sim_ranks *ranks)
{
    for (int rank = 1; rank < ranks->comm->size; rank++) {
        while (ranks->asked[rank] > 0) {
            uint32_t cell = 0;
            int status = SIM_OK;
            enum sim_next next =
                ranks->halted ? SIM_NEXT_END : sim_schedule_next(ranks->schedule, &cell, &status);
            if (next == SIM_NEXT_WAIT) {
                return status;
            }
            int said = say(ranks, rank, next == SIM_NEXT_CELL ? WORD_CELL : WORD_END, cell, SIM_OK);
            ranks->asked[rank]--;
            if (status != SIM_OK || said != SIM_OK) {
                return status != SIM_OK ? status : said;
            }
        }
    }
    return SIM_OK;
}

static void
count_back(struct sim_ranks *ranks, uint32_t cell, enum sim_run_status status, const double *values)
{
    ranks->n_done++;
    ranks->n_failed += status == SIM_RUN_FAILED;
    sim_schedule_back(ranks->schedule, cell, status == SIM_RUN_OK ? values : NULL);
}

/* Of two statuses the one to end with: that others stopped for an error of one process does not hide the error. */
static int
worse(int one, int other)
{
    return one == SIM_OK || (one == SIM_ERR_STOPPED && other != SIM_OK) ? other : one;
}

/* A word to the first process. */
static int
hear_as_first(struct sim_ranks *ranks, int from, const struct message *message)
{
    switch (message->word) {
    case WORD_ASK: ranks->asked[from]++; break;
    case WORD_BACK:
        count_back(ranks, message->cell, (enum sim_run_status) message->status, message->values);
        break;
    case WORD_LEAVE:
        ranks->n_left += !ranks->left[from];
        ranks->left[from] = 1;
        ranks->worst = worse(ranks->worst, message->status);
        break;
    case WORD_HALT: return sim_ranks_halt(ranks, message->status);
    default: assert(0);
    }
    return SIM_OK;
}

/* A word to another process. */
static void
hear(struct sim_ranks *ranks, const struct message *message)
{
    switch (message->word) {
    case WORD_CELL:
        ranks->n_asked--;
        ranks->ahead[ranks->n_ahead++] = message->cell;
        break;
    case WORD_END:
        ranks->n_asked--;
        ranks->ended = 1;
        break;
    case WORD_HALT:
        ranks->halted = 1;
        ranks->end = message->status;
        break;
    case WORD_BEGIN: ranks->begun = message->status; break;
    case WORD_CONCLUDE: ranks->final = message->status; break;
    default: assert(0);
    }
}

int
sim_ranks_listen(struct sim_ranks *ranks)
{
    unsigned char bytes[SIM_COMM_LIMIT];
    struct message message;
    int from, ret = SIM_OK;
    if (!has_others(ranks)) {
        return SIM_OK;
    }
    for (size_t size; (size = sim_comm_receive(ranks->comm, &from, bytes)) > 0;) {
        memcpy(&message, bytes, size < sizeof(message) ? size : sizeof(message));
        if (sim_ranks_is_first(ranks)) {
            int heard = hear_as_first(ranks, from, &message);
            ret = ret == SIM_OK ? heard : ret;
        } else {
            hear(ranks, &message);
        }
    }
    if (ret == SIM_OK && sim_ranks_is_first(ranks)) {
        ret = answer(ranks);
    }
    return ret;
}

/* Asks for cells ahead of need; the oldest of those given is begun first. */
static enum sim_next
next_given(struct sim_ranks *ranks, uint32_t *cell, int *status)
{
    while (*status == SIM_OK && !ranks->ended && ranks->n_ahead + ranks->n_asked < ranks->wanted) {
        *status = say(ranks, 0, WORD_ASK, 0, SIM_OK);
        ranks->n_asked++;
    }
    if (*status != SIM_OK || ranks->halted || (ranks->ended && ranks->n_ahead == 0 && ranks->n_asked == 0)) {
        return SIM_NEXT_END;
    }
    if (ranks->n_ahead == 0) {
        return SIM_NEXT_WAIT;
    }
    *cell = ranks->ahead[0];
    memmove(ranks->ahead, ranks->ahead + 1, --ranks->n_ahead * sizeof(*ranks->ahead));
    return SIM_NEXT_CELL;
}

enum sim_next
sim_ranks_next(struct sim_ranks *ranks, uint32_t *cell, int *status)
{
    *status = sim_ranks_listen(ranks);
    if (*status != SIM_OK || ranks->halted) {
        return SIM_NEXT_END;
    }
    return sim_ranks_is_first(ranks) ? sim_schedule_next(ranks->schedule, cell, status)
                                     : next_given(ranks, cell, status);
}

int
sim_ranks_back(
    struct sim_ranks *ranks, uint32_t cell, enum sim_run_status status, const double *values, uint32_t n)
{
    if (sim_ranks_is_first(ranks)) {
        count_back(ranks, cell, status, values);
        return SIM_OK;
    }
    struct message message = { .word = WORD_BACK, .cell = cell, .status = (int32_t) status };
    memcpy(message.values, values, n * sizeof(*values));
    return sim_comm_send(
        ranks->comm, 0, &message, offsetof(struct message, values) + n * sizeof(*message.values));
}

int
sim_ranks_halt(struct sim_ranks *ranks, int end)
{
    if (ranks->halted) {
        return SIM_OK;
    }
    ranks->halted = 1;
    ranks->end = end;
    return sim_ranks_is_first(ranks) ? say_to_others(ranks, WORD_HALT, end)
                                     : say(ranks, 0, WORD_HALT, 0, end);
}

static void
rest(void)
{
    nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
}

/* Waits for a message. */
static size_t
wait_for(struct sim_comm *comm, void *bytes)
{
    int from;
    size_t size;
    while ((size = sim_comm_receive(comm, &from, bytes)) == 0) {
        rest();
    }
    return size;
}

int
sim_ranks_agree(struct sim_comm *comm, const void *bytes, size_t size)
{
    unsigned char said[SIM_COMM_LIMIT], same = 1;
    if (comm->rank > 0) {
        sim_comm_send(comm, 0, bytes, size);
        wait_for(comm, said);
        return said[0];
    }
    for (int heard = 1; heard < comm->size; heard++) {
        size_t length = wait_for(comm, said);
        same = same && length == size && memcmp(said, bytes, size) == 0;
    }
    for (int to = 1; to < comm->size; to++) {
        sim_comm_send(comm, to, &same, 1);
    }
    return same;
}

int
sim_ranks_begin(struct sim_ranks *ranks, int status)
{
    if (sim_ranks_is_first(ranks)) {
        int said = say_to_others(ranks, WORD_BEGIN, status);
        return status != SIM_OK ? status : said;
    }
    while (ranks->begun < 0) {
        sim_ranks_listen(ranks);
        rest();
    }
    return ranks->begun;
}

int
sim_ranks_leave(struct sim_ranks *ranks, int status)
{
    if (!sim_ranks_is_first(ranks)) {
        int said = say(ranks, 0, WORD_LEAVE, 0, status);
        return status != SIM_OK ? status : said;
    }
    ranks->worst = worse(ranks->worst, status);
    return status;
}

int
sim_ranks_wait(struct sim_ranks *ranks, double seconds)
{
    double start = sim_seconds();
    while (has_others(ranks) && ranks->n_left < ranks->comm->size - 1) {
        int heard = sim_ranks_listen(ranks);
        if (heard != SIM_OK) {
            sim_ranks_halt(ranks, ranks->end);
            ranks->worst = worse(ranks->worst, heard);
        }
        if (sim_seconds() - start >= seconds) {
            return 0;
        }
        rest();
    }
    return 1;
}

int
sim_ranks_conclude(struct sim_ranks *ranks, int status)
{
    if (sim_ranks_is_first(ranks)) {
        say_to_others(ranks, WORD_CONCLUDE, status);
        return status;
    }
    while (ranks->final < 0) {
        sim_ranks_listen(ranks);
        rest();
    }
    return ranks->final;
}
