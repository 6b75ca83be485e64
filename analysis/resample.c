/* resample.c - the bootstrap. Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13. */
#include "analysis/resample.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <gsl/gsl_rng.h>
#include <math.h>

struct rooms {
    uint32_t *rows;
    double *out;    /* of one sample */
    double *sorted; /* of one statistic, by sample */
    double *all;    /* all[statistic * n_samples + sample] */
    gsl_rng *rng;
};

uint32_t
resample_count(int64_t asked)
{
    return asked >= 0 ? (uint32_t) asked : RESAMPLES;
}

static void
take_samples(const struct resample_plan *plan, struct rooms *rooms)
{
    gsl_rng_set(rooms->rng, plan->seed);
    for (uint32_t s = 0; s < plan->n_samples; s++) {
        for (uint32_t i = 0; i < plan->n_rows; i++) {
            rooms->rows[i] = (uint32_t) gsl_rng_uniform_int(rooms->rng, plan->n_rows);
        }
        plan->statistics(rooms->rows, plan->n_rows, plan->context, rooms->out);
        for (uint32_t o = 0; o < plan->n_out; o++) {
            rooms->all[(size_t) o * plan->n_samples + s] = rooms->out[o];
        }
    }
}

static void
take_quantiles(const struct resample_plan *plan, struct rooms *rooms, double *low, double *high)
{
    for (uint32_t o = 0; o < plan->n_out; o++) {
        const double *samples = rooms->all + (size_t) o * plan->n_samples;
        size_t n = 0;
        for (uint32_t s = 0; s < plan->n_samples; s++) {
            rooms->sorted[n] = samples[s];
            n += isnan(samples[s]) ? 0 : 1;
        }
        sim_sort(rooms->sorted, n);
        low[o] = sim_quantile(rooms->sorted, n, 0.025);
        high[o] = sim_quantile(rooms->sorted, n, 0.975);
    }
}

int
resample_intervals(const struct resample_plan *plan, double *low, double *high)
{
    for (uint32_t o = 0; o < plan->n_out; o++) {
        low[o] = high[o] = NAN;
    }
    if (plan->n_rows < 2) {
        return SIM_OK;
    }
    struct rooms rooms = { sim_alloc(plan->n_rows, sizeof(*rooms.rows)),
        sim_alloc(plan->n_out, sizeof(*rooms.out)), sim_alloc(plan->n_samples, sizeof(*rooms.sorted)),
        sim_alloc((size_t) plan->n_out * plan->n_samples, sizeof(*rooms.all)),
        gsl_rng_alloc(gsl_rng_mt19937) };
    int ret = SIM_ERR_MEMORY;
    if (rooms.rows != NULL && rooms.out != NULL && rooms.sorted != NULL && rooms.all != NULL
        && rooms.rng != NULL) {
        take_samples(plan, &rooms);
        take_quantiles(plan, &rooms, low, high);
        ret = SIM_OK;
    }
    sim_free(rooms.rows);
    sim_free(rooms.out);
    sim_free(rooms.sorted);
    sim_free(rooms.all);
    if (rooms.rng != NULL) {
        gsl_rng_free(rooms.rng);
    }
    return ret;
}
