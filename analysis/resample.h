/* resample.h - the bootstrap: 95 % percentile intervals of statistics, from rows drawn with replacement. The draws
 * follow from the seed, so the same file gives the same intervals.
 */
#ifndef ANALYSIS_RESAMPLE_H
#define ANALYSIS_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

#define RESAMPLES 2000 /* by default */

/* How many samples to draw if so many are asked for; -1: nobody asks. */
uint32_t resample_count(int64_t asked);

/* Computes n_out statistics of a sample: rows are the numbers of its n rows, from 0, some more than once. NaN where
 * one is not defined. */
typedef void (*resample_statistics)(const uint32_t *rows, uint32_t n, void *context, double *out);

struct resample_plan {
    uint32_t n_rows, n_samples;
    uint64_t seed;
    resample_statistics statistics;
    void *context;
    uint32_t n_out;
};

/* low[i] and high[i]: the 2.5 % and 97.5 % quantiles of statistic i over the samples in which it is defined; NaN for
 * fewer than two rows, or if it is in none. SIM_ERR_MEMORY. */
int resample_intervals(const struct resample_plan *plan, double *low, double *high);

#endif
