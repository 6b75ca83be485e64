/* morris.c - elementary effects.
 *
 *     d_i = (y(x + e_i) - y(x)) / (Delta x_i / (high_i - low_i))
 *     mu_i = mean of d_i, mu*_i = mean of |d_i|, sigma_i = their standard deviation
 *
 * Morris 1991, Technometrics 33:161; mu*: Campolongo, Cariboni & Saltelli 2007, Environmental Modelling & Software 22:1509.
 * An effect is what the outcome would change by over the whole range of the factor if it went on like this. Intervals: a
 * bootstrap of trajectories, which are independent of each other, where their steps are not.
 */
#include "analysis/sensitivity_methods.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <math.h>

struct effects {
    double *list; /* list[trajectory * n_factors + factor] */
    uint32_t n_factors, n;
    double *column; /* room for one factor's */
};

/* The effects of a trajectory; nonzero if an outcome is unknown. */
static int
take_effects(const struct sensitivity_data *data, uint32_t first, double *effects)
{
    const struct sensitivity_sample *sample = data->sample;
    int unknown = 0;
    for (uint32_t p = first; p < first + sample->n_factors; p++) {
        uint32_t f = sensitivity_sample_step(sample, p);
        const struct sensitivity_factor *factor = &sample->factors[f];
        double moved = sensitivity_sample_at(sample, p + 1, f) - sensitivity_sample_at(sample, p, f);
        effects[f] = (data->y[p + 1] - data->y[p]) / (moved / (factor->high - factor->low));
        unknown |= isnan(effects[f]) != 0;
    }
    return unknown;
}

static void
summarise(const uint32_t *rows, uint32_t n, void *context, double *out)
{
    const struct effects *effects = context;
    for (uint32_t f = 0; f < effects->n_factors; f++) {
        double *measures = out + (size_t) f * MORRIS_MEASURES, size = 0;
        for (uint32_t i = 0; i < n; i++) {
            effects->column[i] = effects->list[(size_t) rows[i] * effects->n_factors + f];
            size += fabs(effects->column[i]);
        }
        measures[MORRIS_MU_STAR] = n > 0 ? size / n : (double) NAN;
        measures[MORRIS_MU] = sim_mean(effects->column, n);
        measures[MORRIS_SIGMA] = sim_sd(effects->column, n);
    }
}

static int
make_effects(struct effects *effects, const struct sensitivity_data *data, uint32_t *left_out)
{
    uint32_t length = data->sample->n_factors + 1, trajectories = data->sample->n_points / length;
    effects->n_factors = data->sample->n_factors;
    effects->list = sim_alloc((size_t) trajectories * effects->n_factors, sizeof(*effects->list));
    effects->column = sim_alloc(trajectories, sizeof(*effects->column));
    *left_out = 0;
    if (effects->list == NULL || effects->column == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t t = 0; t < trajectories; t++) {
        int unknown =
            take_effects(data, t * length, effects->list + (size_t) effects->n * effects->n_factors);
        effects->n += unknown ? 0 : 1;
        *left_out += unknown ? 1 : 0;
    }
    return SIM_OK;
}

int
morris_estimate(const struct sensitivity_data *data, struct inference_interval *estimates, uint32_t *left_out)
{
    struct effects effects = { .list = NULL };
    int ret = make_effects(&effects, data, left_out);
    if (ret == SIM_OK) {
        ret = sensitivity_bootstrap(
            data, effects.n, summarise, &effects, effects.n_factors * MORRIS_MEASURES, estimates);
    }
    sim_free(effects.list);
    sim_free(effects.column);
    return ret;
}
