/* network.h - ties among the agents of one block, in compressed rows with indices local to the block: 16 bits
 * wide where the block has at most 65,536 agents, else 32. Ties are mutual, without loops or repetitions.
 *
 * Agents are numbered along the ring and, within windows of 256, by degree: rows of one length stand
 * together, so that the branch at the end of each is predicted. Where all degrees are equal the number is the
 * place on the ring.
 */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "sim/random.h"

#include <stdint.h>

enum sim_network_kind {
    SIM_NETWORK_NONE,
    SIM_NETWORK_COMPLETE,    /* everybody with everybody: stores no ties */
    SIM_NETWORK_RING,        /* degree / 2 neighbours to either side */
    SIM_NETWORK_SMALL_WORLD, /* the ring with a share of ties rewired (Watts and Strogatz 1998) */
};

struct sim_network {
    enum sim_network_kind kind;
    uint32_t count;   /* agents */
    uint32_t *start;  /* count + 1: where each agent's neighbours begin; NULL for none and complete */
    uint16_t *narrow; /* neighbours, if count <= 65536 */
    uint32_t *wide;   /* neighbours, if count > 65536 */
    size_t bytes;     /* memory held */
};

/* What a model asks for. degree is even; it is cut to count - 1 (to an even number). rewire: share of ties
 * rewired; the number of ties stays. */
struct sim_network_plan {
    enum sim_network_kind kind;
    uint32_t count;
    uint32_t degree;
    double rewire;
};

/* Builds the ties; rewiring draws from stream. SIM_ERR_MEMORY. May always be freed. */
int sim_network_init(
    struct sim_network *network, const struct sim_network_plan *plan, struct sim_stream stream);
void sim_network_free(struct sim_network *network);

/* Degree of one agent. */
static inline uint32_t
sim_network_degree(const struct sim_network *network, uint32_t agent)
{
    switch (network->kind) {
    case SIM_NETWORK_NONE: return 0;
    case SIM_NETWORK_COMPLETE: return network->count - 1;
    default: return network->start[agent + 1] - network->start[agent];
    }
}

/* The short inner loop stays scalar, which is faster at usual degrees. */
#if defined(__clang__)
#define SIM_NETWORK_SCALAR _Pragma("clang loop vectorize(disable) interleave(disable)")
#else
#define SIM_NETWORK_SCALAR
#endif

/* For each agent the sum of x over its neighbours, added in the order of the row. One function per type and
 * width of index. */
#define SIM_NETWORK_SUM(name, type, sum_type, width, index)                                            \
    static inline void name##_##width(const struct sim_network *network, const type *x, sum_type *sum) \
    {                                                                                                  \
        const index *neighbour = network->width;                                                       \
        for (uint32_t i = 0; i < network->count; i++) {                                                \
            sum_type s = 0;                                                                            \
            uint32_t end = network->start[i + 1];                                                      \
            SIM_NETWORK_SCALAR                                                                         \
            for (uint32_t tie = network->start[i]; tie < end; tie++) {                                 \
                s += x[neighbour[tie]];                                                                \
            }                                                                                          \
            sum[i] = s;                                                                                \
        }                                                                                              \
    }
#define SIM_NETWORK_SUMS(name, type, sum_type)                                               \
    SIM_NETWORK_SUM(name, type, sum_type, narrow, uint16_t)                                  \
    SIM_NETWORK_SUM(name, type, sum_type, wide, uint32_t)                                    \
    static inline void name(const struct sim_network *network, const type *x, sum_type *sum) \
    {                                                                                        \
        if (network->kind == SIM_NETWORK_COMPLETE) {                                         \
            sum_type all = 0;                                                                \
            for (uint32_t i = 0; i < network->count; i++) {                                  \
                all += x[i];                                                                 \
            }                                                                                \
            for (uint32_t i = 0; i < network->count; i++) {                                  \
                sum[i] = all - x[i];                                                         \
            }                                                                                \
        } else if (network->kind == SIM_NETWORK_NONE) {                                      \
            for (uint32_t i = 0; i < network->count; i++) {                                  \
                sum[i] = 0;                                                                  \
            }                                                                                \
        } else if (network->narrow != NULL) {                                                \
            name##_narrow(network, x, sum);                                                  \
        } else {                                                                             \
            name##_wide(network, x, sum);                                                    \
        }                                                                                    \
    }

SIM_NETWORK_SUMS(sim_network_sum_u8, uint8_t, uint32_t)
SIM_NETWORK_SUMS(sim_network_sum_u16, uint16_t, uint32_t)
SIM_NETWORK_SUMS(sim_network_sum_f32, float, float)

/* share[i] = sum[first + i] / degree of that agent, i < n, from the sums of sim_network_sum_u8 and u16; 0 for
 * who has no neighbour. */
static inline void
sim_network_share(
    const struct sim_network *network, const uint32_t *sum, uint32_t first, uint32_t n, float *share)
{
    const uint32_t *start = network->start;
    if (start == NULL) {
        float degree =
            network->kind == SIM_NETWORK_COMPLETE && network->count > 1 ? (float) (network->count - 1) : 1.0f;
        for (uint32_t i = 0; i < n; i++) {
            share[i] = (float) (int32_t) sum[first + i] / degree;
        }
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        int32_t degree = (int32_t) (start[first + i + 1] - start[first + i]);
        share[i] = (float) (int32_t) sum[first + i] / (float) (degree > 0 ? degree : 1);
    }
}

#endif
