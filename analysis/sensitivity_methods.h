/* sensitivity_methods.h - three ways to say how much a model's outcome depends on each factor. They know nothing of
 * files: points go in, and the outcome at each of them.
 *
 *     Morris    elementary effects; for screening, k + 1 points a trajectory
 *     Sobol'    shares of the variance; Saltelli's points
 *     PAWN      how far fixing a factor shifts the distribution; any independent points
 */
#ifndef ANALYSIS_SENSITIVITY_METHODS_H
#define ANALYSIS_SENSITIVITY_METHODS_H

#include "analysis/inference.h"
#include "analysis/resample.h"
#include "analysis/sensitivity_sample.h"

/* What a method looks at. */
struct sensitivity_data {
    const struct sensitivity_sample *sample;
    const double *y;    /* the outcome, by point; NaN: not known */
    uint32_t n_samples; /* of the bootstrap */
    uint64_t seed;
};

/* What statistics are of all n_rows rows, with their intervals by bootstrap. SIM_ERR_MEMORY. */
int sensitivity_bootstrap(const struct sensitivity_data *data, uint32_t n_rows,
    resample_statistics statistics, void *context, uint32_t n_out, struct inference_interval *estimates);

/* Places in the estimates of one factor */
enum { MORRIS_MU_STAR, MORRIS_MU, MORRIS_SIGMA, MORRIS_MEASURES };
enum { SOBOL_FIRST, SOBOL_TOTAL, SOBOL_MEASURES };
enum { PAWN_MEDIAN, PAWN_MAX, PAWN_MEASURES };
#define SENSITIVITY_MEASURES 3 /* at most */

/* estimates[factor * MORRIS_MEASURES + measure], per range of the factor. Trajectories with an unknown outcome are
 * left out and counted. The points must be trajectories. SIM_ERR_MEMORY. */
int morris_estimate(
    const struct sensitivity_data *data, struct inference_interval *estimates, uint32_t *left_out);

/* estimates[factor * SOBOL_MEASURES + measure]; second: by pair, (0,1), (0,2) ..., or NULL. The points must be those
 * of Saltelli. All is NaN if an outcome is unknown or if the outcome does not vary. SIM_ERR_MEMORY. */
int sobol_estimate(const struct sensitivity_data *data, int second_order,
    struct inference_interval *estimates, struct inference_interval *second);

/* estimates[factor * PAWN_MEASURES + measure]; dummies[factor]: what the median would exceed once in twenty times if
 * the factor did nothing. Points with an unknown outcome are left out. All is NaN if the outcome does not vary.
 * SIM_ERR_MEMORY. */
int pawn_estimate(const struct sensitivity_data *data, struct inference_interval *estimates, double *dummies);

#endif
