/* inference.c - the statistics by which two sides of paired runs are told apart, and inequality is measured. */
#include "analysis/inference.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>

#define ROUNDING 1e-12 /* of the size of numbers; well above that of a mean over some months */

int
inference_is_rounding(double number, double size)
{
    return fabs(number) <= ROUNDING * fabs(size);
}

double
inference_difference(double a, double b)
{
    return inference_is_rounding(b - a, fmax(fabs(a), fabs(b))) ? 0 : b - a;
}

struct inference_interval
inference_mean(const double *x, size_t n)
{
    double mean = sim_mean(x, n), half = sim_half_width_95(sim_sd(x, n), n);
    return (struct inference_interval){ mean, mean - half, mean + half };
}

double
inference_paired_p(const double *differences, size_t n)
{
    double mean = sim_mean(differences, n), sd = sim_sd(differences, n);
    if (n < 2 || isnan(sd) || (sd == 0 && mean == 0)) {
        return NAN;
    }
    if (sd == 0) {
        return 0;
    }
    return 2 * gsl_cdf_tdist_Q(fabs(mean) / (sd / sqrt((double) n)), (double) (n - 1));
}

/* p has no NaN, order is ascending. */
static void
step_down(const double *p, const size_t *order, size_t n, double *adjusted)
{
    double highest = 0;
    for (size_t i = 0; i < n; i++) {
        highest = fmax(highest, fmin(1, (double) (n - i) * p[order[i]]));
        adjusted[order[i]] = highest;
    }
}

int
inference_holm(const double *p, size_t n, double *adjusted)
{
    double *known = sim_alloc(n, sizeof(*known)), *stepped = sim_alloc(n, sizeof(*stepped));
    size_t *order = sim_alloc(n, sizeof(*order)), n_known = 0;
    int ret = known != NULL && stepped != NULL && order != NULL ? SIM_OK : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        for (size_t i = 0; i < n; i++) {
            known[n_known] = p[i];
            n_known += isnan(p[i]) ? 0 : 1;
        }
        gsl_sort_index(order, known, 1, n_known);
        step_down(known, order, n_known, stepped);
        for (size_t i = 0, k = 0; i < n; i++) {
            adjusted[i] = isnan(p[i]) ? p[i] : stepped[k++];
        }
    }
    sim_free(known);
    sim_free(stepped);
    sim_free(order);
    return ret;
}

double
inference_hedges_g(const double *a, const double *b, size_t n)
{
    double sd_a = sim_sd(a, n), sd_b = sim_sd(b, n);
    double pooled = sqrt((sd_a * sd_a + sd_b * sd_b) / 2);
    double mean_a = sim_mean(a, n), mean_b = sim_mean(b, n);
    if (!(pooled > 0) || inference_is_rounding(pooled, fmax(fabs(mean_a), fabs(mean_b)))) {
        return NAN;
    }
    double half = (double) (n - 1); /* m / 2 */
    double correction = exp(gsl_sf_lngamma(half) - gsl_sf_lngamma(half - 0.5)) / sqrt(half);
    return correction * (mean_b - mean_a) / pooled;
}

double
inference_superiority(const double *sorted_a, const double *sorted_b, size_t n)
{
    double wins = 0;
    size_t below = 0, not_above = 0; /* of a, than the one of b */
    for (size_t i = 0; i < n; i++) {
        while (below < n && inference_difference(sorted_a[below], sorted_b[i]) > 0) {
            below++;
        }
        while (not_above < n && inference_difference(sorted_a[not_above], sorted_b[i]) >= 0) {
            not_above++;
        }
        wins += (double) below + 0.5 * (double) (not_above - below);
    }
    return n > 1 ? wins / ((double) n * (double) n) : NAN;
}

double
inference_gini(const double *sorted, size_t n)
{
    double sum = 0, weighted = 0;
    for (size_t i = 0; i < n; i++) {
        sum += sorted[i];
        weighted += (2 * (double) i + 1 - (double) n) * sorted[i];
    }
    return n > 0 && sorted[0] >= 0 && sum > 0 ? weighted / ((double) n * sum) : NAN;
}
