/* source.c - what stands for the numbers of a cell that has none. */
#include "sim/source.h"

#include "sim/world.h"

#include <math.h>

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
    uint64_t of_ticks = experiment->n_ticks * layout->row;
    for (uint64_t i = 0; i < n; i++) {
        int counted = first + i < of_ticks && is_count(experiment->model, (first + i) % layout->row);
        numbers[i] = counted ? 0 : (double) NAN;
    }
}
