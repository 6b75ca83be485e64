/* source.c - the digest of what a cell recorded, and what stands for the numbers of one that has none. */
#include "sim/source.h"

#include "sim/world.h"

#include <endian.h>
#include <math.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define BATCH 512 /* numbers hashed at a time */

/* NaN has many bit patterns, and which one arises depends on the processor: all are hashed as one. */
static uint64_t
hashed_bits(double number)
{
    double canonical = isnan(number) ? (double) NAN : number;
    uint64_t bits;
    memcpy(&bits, &canonical, sizeof(bits));
    return htole64(bits);
}

uint64_t
sim_digest(const double *numbers, size_t n)
{
    XXH64_state_t state;
    uint64_t batch[BATCH];
    XXH64_reset(&state, 0);
    for (size_t first = 0; first < n; first += BATCH) {
        size_t count = n - first < BATCH ? n - first : BATCH;
        for (size_t i = 0; i < count; i++) {
            batch[i] = hashed_bits(numbers[first + i]);
        }
        XXH64_update(&state, batch, count * sizeof(*batch));
    }
    return XXH64_digest(&state);
}

/* Nonzero if a number of a row is a count of the whole world. */
static int
is_count(const struct sim_model *model, uint64_t column)
{
    uint64_t end = 0;
    for (uint32_t o = 0; o < model->n_observations; o++) {
        end += sim_observation_labels(model, &model->observations[o]);
        if (column < end) {
            return model->observations[o].aggregate == SIM_COUNT;
        }
    }
    return 0;
}

void
sim_source_missing(const struct sim_experiment *experiment, const struct sim_layout *layout, uint64_t first,
    uint64_t n, double *numbers)
{
    uint64_t of_ticks = sim_experiment_rows(experiment) * layout->row;
    for (uint64_t i = 0; i < n; i++) {
        int counted = first + i < of_ticks && is_count(experiment->model, (first + i) % layout->row);
        numbers[i] = counted ? 0 : (double) NAN;
    }
}
