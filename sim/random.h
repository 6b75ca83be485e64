/* random.h - keyed random numbers: every draw is a pure function of who, when and why.
 *
 * Philox4x32-10 (Salmon et al. 2011, from Random123). Key: (seed, replicate); counter: (place, index, tick
 * and stream, k). The design point is not in it: two scenarios see the same luck (common random numbers).
 * place is region << 16 | block and index counts within the block, so that a larger city contains the smaller
 * one.
 *
 * Which word serves whom: sim_draws_f32, one draw for each agent of a span, gives agent i word i % 4 of the
 * block with index i / 4 and sets the top bit of k; sim_draw4, four draws for one agent, uses the block with
 * the agent's own index. The two never meet.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <Random123/philox.h>
#include <stddef.h>
#include <stdint.h>

struct sim_key {
    uint32_t seed;
    uint32_t replicate;
};

/* Where and why: the part of the counter that all agents of a span share. */
struct sim_stream {
    struct sim_key key;
    uint32_t place;       /* region << 16 | block */
    uint32_t tick_stream; /* tick << 16 | stream */
};

#define SIM_SPAN_DRAWS 0x80000000u

/* Regions and blocks count from 0 and stay below these, which stand for "the region itself" and "the world
 * itself". */
#define SIM_NO_BLOCK 0xffffu
#define SIM_NO_REGION 0xffffu

static inline uint32_t
sim_place(uint32_t region, uint32_t block)
{
    return region << 16 | block;
}

static inline struct sim_stream
sim_stream_at(struct sim_key key, uint32_t place, uint32_t tick, uint32_t stream)
{
    return (struct sim_stream){ key, place, tick << 16 | stream };
}

/* The four 32-bit words of one block. */
static inline philox4x32_ctr_t
sim_draw_words(struct sim_stream stream, uint32_t index, uint32_t k)
{
    philox4x32_ctr_t counter = { { stream.place, index, stream.tick_stream, k } };
    philox4x32_key_t key = { { stream.key.seed, stream.key.replicate } };
    return philox4x32(counter, key);
}

/* 32 bits to a double in the open (0, 1): (x + 1/2) / 2^32, exact. */
static inline double
sim_uniform(uint32_t word)
{
    return ((double) word + 0.5) * 0x1p-32;
}

/* 23 bits to a float in the open (0, 1), exact. */
static inline float
sim_uniform_f32(uint32_t word)
{
    return ((float) (int32_t) (word >> 9) + 0.5f) * 0x1p-23f;
}

/* One uniform in (0, 1) for agent index. */
static inline double
sim_draw(struct sim_stream stream, uint32_t index, uint32_t k)
{
    return sim_uniform(sim_draw_words(stream, index, k).v[0]);
}

/* Four uniforms in (0, 1) for agent index. */
static inline void
sim_draw4(struct sim_stream stream, uint32_t index, uint32_t k, double *draws)
{
    philox4x32_ctr_t words = sim_draw_words(stream, index, k);
    for (int i = 0; i < 4; i++) {
        draws[i] = sim_uniform(words.v[i]);
    }
}

/* One uniform in (0, 1) for each agent first .. first + n - 1; first is a multiple of 4. k < SIM_SPAN_DRAWS.
 */
static inline void
sim_draws_f32(struct sim_stream stream, uint32_t first, size_t n, uint32_t k, float *draws)
{
    size_t whole = n / 4 * 4;
    for (size_t i = 0; i < whole; i += 4) {
        philox4x32_ctr_t words = sim_draw_words(stream, (first + (uint32_t) i) / 4, k | SIM_SPAN_DRAWS);
        for (size_t w = 0; w < 4; w++) {
            draws[i + w] = sim_uniform_f32(words.v[w]);
        }
    }
    if (whole < n) {
        philox4x32_ctr_t words = sim_draw_words(stream, (first + (uint32_t) whole) / 4, k | SIM_SPAN_DRAWS);
        for (size_t w = 0; whole + w < n; w++) {
            draws[whole + w] = sim_uniform_f32(words.v[w]);
        }
    }
}

/* The standard normal deviate at probability u in (0, 1) (Wichura 1988, AS 241, about 1e-16). Same bits on
 * every machine. */
double sim_normal_at(double u);

/* The Poisson count at probability u in (0, 1): the smallest whose cumulative probability reaches u, so it
 * never falls when the mean rises. Exact to rounding at any mean; takes a time of the order of the mean up to
 * 500 and of its square root above. 0 <= mean <= 1e12. */
int64_t sim_poisson_at(double mean, double u);

#endif
