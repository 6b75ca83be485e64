/* network.c - building ties: a ring as lists of the ties that each agent makes, some of them rewired, then
 * turned into rows.
 *
 * Rewiring follows Watts and Strogatz (1998): tie j of agent i, to i + j on the ring, moves with probability
 * `rewire` to an agent drawn from all that are not yet a neighbour. Word 0 of the draw (i, j) decides, the
 * other words and then further draws choose.
 */
#include "sim/network.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <string.h>

#define TRIES \
    64u /* blocks of draws for one target: only among nearly complete neighbourhoods are they not enough, \
           and the tie stays */

/* Ties as they are made: agent i's own are made[i * own] ... made[i * own + own - 1], each tie once. */
struct ties {
    uint32_t count;
    uint32_t own;
    uint32_t *made;
};

static int
makes(const struct ties *ties, uint32_t from, uint32_t to)
{
    const uint32_t *made = ties->made + (size_t) from * ties->own;
    for (uint32_t j = 0; j < ties->own; j++) {
        if (made[j] == to) {
            return 1;
        }
    }
    return 0;
}

static void
make_ring(struct ties *ties)
{
    uint32_t *made = ties->made;
    for (uint32_t i = 0; i < ties->count; i++) {
        for (uint32_t j = 1; j <= ties->own; j++) {
            *made++ = i + j < ties->count ? i + j : i + j - ties->count;
        }
    }
}

/* A new end for a tie of agent i, or the old one if none is found. */
static uint32_t
draw_target(const struct ties *ties, uint32_t i, uint32_t j, struct sim_stream stream, uint32_t old)
{
    for (uint32_t try = 0; try < TRIES; try++) {
        philox4x32_ctr_t words = sim_draw_words(stream, i, try << 16 | j);
        for (int w = try == 0 ? 1 : 0; w < 4; w++) {
            uint32_t target = (uint32_t) ((uint64_t) words.v[w] * ties->count >> 32);
            if (target != i && !makes(ties, i, target) && !makes(ties, target, i)) {
                return target;
            }
        }
    }
    return old;
}

static void
rewire_ties(struct ties *ties, double rewire, struct sim_stream stream)
{
    for (uint32_t j = 0; j < ties->own; j++) {
        for (uint32_t i = 0; i < ties->count; i++) {
            if (sim_draw(stream, i, j) < rewire) {
                uint32_t *tie = &ties->made[(size_t) i * ties->own + j];
                *tie = draw_target(ties, i, j, stream, *tie);
            }
        }
    }
}

static int
make_ties(struct ties *ties, const struct sim_network_plan *plan, struct sim_stream stream)
{
    uint32_t most = plan->count > 0 ? plan->count - 1 : 0;
    ties->count = plan->count;
    ties->own = (plan->degree < most ? plan->degree : most) / 2;
    if ((uint64_t) ties->count * ties->own > UINT32_MAX / 2) {
        return SIM_ERR_MEMORY; /* more ends of ties than start can count */
    }
    ties->made = sim_alloc((size_t) ties->count * ties->own, sizeof(*ties->made));
    if (ties->made == NULL) {
        return SIM_ERR_MEMORY;
    }
    make_ring(ties);
    if (plan->kind == SIM_NETWORK_SMALL_WORLD && plan->rewire > 0) {
        rewire_ties(ties, plan->rewire, stream);
    }
    return SIM_OK;
}

#define WINDOW 256u

/* Numbers agents along the ring, and by degree within windows of WINDOW: so the trip counts of loops over
 * rows are predictable, which makes them more than twice as fast, and yet an agent's number says next to
 * nothing about its degree. In: degree by place on the ring; out: number by place on the ring, and degree by
 * number in start[1 ...]. */
static int
number_agents(struct sim_network *network, const uint32_t *degree, uint32_t *number)
{
    uint32_t highest = 0;
    for (uint32_t i = 0; i < network->count; i++) {
        highest = degree[i] > highest ? degree[i] : highest;
    }
    uint32_t *next = sim_alloc((size_t) highest + 2, sizeof(*next));
    if (next == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t first = 0; first < network->count; first += WINDOW) {
        uint32_t end = network->count - first < WINDOW ? network->count : first + WINDOW;
        memset(next, 0, ((size_t) highest + 2) * sizeof(*next));
        for (uint32_t i = first; i < end; i++) {
            next[degree[i] + 1]++;
        }
        for (uint32_t d = 0; d <= highest; d++) {
            next[d + 1] += next[d];
        }
        for (uint32_t i = first; i < end; i++) {
            number[i] = first + next[degree[i]]++;
            network->start[number[i] + 1] = degree[i];
        }
    }
    sim_free(next);
    return SIM_OK;
}

static void
put(struct sim_network *network, uint32_t at, uint32_t neighbour)
{
    if (network->narrow != NULL) {
        network->narrow[at] = (uint16_t) neighbour;
    } else {
        network->wide[at] = neighbour;
    }
}

/* Every tie into the rows of both its ends. next: room for a number by agent. */
static void
fill_rows(struct sim_network *network, const struct ties *ties, const uint32_t *number, uint32_t *next)
{
    const uint32_t *made = ties->made;
    memcpy(next, network->start, network->count * sizeof(*next));
    for (uint32_t i = 0; i < ties->count; i++) {
        for (uint32_t j = 0; j < ties->own; j++) {
            uint32_t one = number[i], other = number[*made++];
            put(network, next[one]++, other);
            put(network, next[other]++, one);
        }
    }
}

static int
make_rows(struct sim_network *network, const struct ties *ties)
{
    size_t n_made = (size_t) ties->count * ties->own;
    int is_narrow = ties->count <= 65536;
    size_t item = is_narrow ? sizeof(*network->narrow) : sizeof(*network->wide);
    int ret = SIM_ERR_MEMORY;
    uint32_t *number = NULL, *degree = NULL;

    network->start = sim_alloc((size_t) ties->count + 1, sizeof(*network->start));
    void *neighbours = sim_alloc(2 * n_made, item);
    network->narrow = is_narrow ? neighbours : NULL;
    network->wide = is_narrow ? NULL : neighbours;
    number = sim_alloc(ties->count, sizeof(*number));
    degree = sim_alloc(ties->count, sizeof(*degree));
    if (network->start == NULL || neighbours == NULL || number == NULL || degree == NULL) {
        goto out;
    }
    for (size_t tie = 0; tie < n_made; tie++) {
        degree[ties->made[tie]]++;
    }
    for (uint32_t i = 0; i < ties->count; i++) {
        degree[i] += ties->own;
    }
    if (number_agents(network, degree, number) != SIM_OK) {
        goto out;
    }
    for (uint32_t i = 0; i < ties->count; i++) {
        network->start[i + 1] += network->start[i];
    }
    fill_rows(network, ties, number, degree);
    network->bytes = ((size_t) ties->count + 1) * sizeof(*network->start) + 2 * n_made * item;
    ret = SIM_OK;
out:
    sim_free(number);
    sim_free(degree);
    return ret;
}

int
sim_network_init(struct sim_network *network, const struct sim_network_plan *plan, struct sim_stream stream)
{
    struct ties ties = { .made = NULL };
    int ret;

    memset(network, 0, sizeof(*network));
    network->kind = plan->kind;
    network->count = plan->count;
    if (plan->kind == SIM_NETWORK_NONE || plan->kind == SIM_NETWORK_COMPLETE) {
        return SIM_OK;
    }
    ret = make_ties(&ties, plan, stream);
    if (ret == SIM_OK) {
        ret = make_rows(network, &ties);
    }
    sim_free(ties.made);
    if (ret != SIM_OK) {
        sim_network_free(network);
    }
    return ret;
}

void
sim_network_free(struct sim_network *network)
{
    sim_free(network->start);
    sim_free(network->narrow);
    sim_free(network->wide);
    memset(network, 0, sizeof(*network));
}
