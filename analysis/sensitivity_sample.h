/* sensitivity_sample.h - the points at which a model has been run, as a sensitivity analysis sees them: a row of
 * numbers for each point, a column for each factor. Parameters that move together are one factor.
 */
#ifndef ANALYSIS_SENSITIVITY_SAMPLE_H
#define ANALYSIS_SENSITIVITY_SAMPLE_H

#include "analysis/factors.h"

struct sensitivity_factor {
    char *name;       /* of its first parameter */
    char *unit;       /* "" for a switch or a choice */
    uint32_t n_more;  /* parameters that move with it */
    double low, high; /* between what it varies */
    char *levels; /* of a choice: its texts, separated by " | ", counted from 0 in the sample; else NULL */
};

struct sensitivity_sample {
    struct sensitivity_factor *factors;
    uint32_t n_factors, n_points;
    double *x; /* x[point * n_factors + factor] */
};

/* What varies over n_points design points from first on, which start from scenario number base of the file; no
 * factor if nothing does. SIM_ERR_MEMORY. May always be freed. */
int sensitivity_sample_init(struct sensitivity_sample *sample, const struct factors *factors, uint32_t base,
    uint32_t first, uint32_t n_points);
void sensitivity_sample_free(struct sensitivity_sample *sample);

/* A factor more, for a sample that is made by hand; the texts are copied. SIM_ERR_MEMORY. */
int sensitivity_sample_add(
    struct sensitivity_sample *sample, const char *name, const char *unit, double low, double high);

static inline double
sensitivity_sample_at(const struct sensitivity_sample *sample, uint32_t point, uint32_t factor)
{
    return sample->x[(size_t) point * sample->n_factors + factor];
}

/* How many trajectories of Morris the points are, each of n_factors + 1 points of which every one but the first moves
 * one factor that has not moved yet; 0 if they are something else. */
uint32_t sensitivity_sample_trajectories(const struct sensitivity_sample *sample);

/* The factor that moves from a point to the next; UINT32_MAX if it is none or more than one. */
uint32_t sensitivity_sample_step(const struct sensitivity_sample *sample, uint32_t point);

/* How many base points of Saltelli's scheme the points are, in the order A, A with each column of B, (with
 * second_order B with each column of A,) B; 0 if they are something else. */
uint32_t sensitivity_sample_bases(const struct sensitivity_sample *sample, int *second_order);

/* How many points a base point makes. */
uint32_t sensitivity_sample_rows(uint32_t n_factors, int second_order);

#endif
