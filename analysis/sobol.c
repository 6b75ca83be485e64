/* sobol.c - Sobol' indices: shares of the variance of an outcome.
 *
 *     V = variance over A and B;  A_i: A with column i of B;  B_i: B with column i of A
 *     first    S_i  = 1 - E (y(B) - y(A_i))^2 / 2V = 1 - E (y(A) - y(B_i))^2 / 2V
 *     total    T_i  = E (y(A) - y(A_i))^2 / 2V = E (y(B) - y(B_i))^2 / 2V
 *     second   S_ij = 1 - E (y(B_i) - y(A_j))^2 / 2V - S_i - S_j
 *
 * Two points that have columns in common and are independent in the others: half of the mean square of their difference is
 * what the other columns bring. Jansen 1999, Computer Physics Communications 117:35; Saltelli et al. 2010, CPC 181:259, table 2; pairs
 * from the points of Saltelli 2002, CPC 145:280, whose B_i give all a second estimate: the mean of both is taken.
 *
 * Each estimate is made from means over base points, so the bootstrap draws base points. Nothing is cut off: an
 * index near 0 may be negative.
 */
#include "analysis/sensitivity_methods.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <math.h>

/* The numbers of a base point of which means are taken: these two, one for each index, one for each pair */
enum { TERM_MEAN, TERM_SQUARE, TERMS_BEFORE };

struct terms {
    double *list; /* list[base * n + term] */
    double *means;
    uint32_t n, n_factors;
    int second_order;
};

static uint32_t
count_pairs(uint32_t n_factors)
{
    return n_factors * (n_factors - 1) / 2;
}

static double
half_square(double a, double b)
{
    return (a - b) * (a - b) / 2;
}

static double
mean_of(double a, double b)
{
    return (a + b) / 2;
}

/* The terms of a base point; y: its outcomes, in the order of the points. */
static void
take_terms(const struct terms *terms, const double *y, double *out)
{
    const uint32_t k = terms->n_factors;
    const double a = y[0], b = y[sensitivity_sample_rows(k, terms->second_order) - 1];
    const double *ab = y + 1, *ba = y + 1 + k;
    double *pair = out + TERMS_BEFORE + (size_t) k * SOBOL_MEASURES;
    out[TERM_MEAN] = mean_of(a, b);
    out[TERM_SQUARE] = mean_of(a * a, b * b);
    for (uint32_t i = 0; i < k; i++) {
        double *own = out + TERMS_BEFORE + (size_t) i * SOBOL_MEASURES;
        own[SOBOL_FIRST] = half_square(b, ab[i]);
        own[SOBOL_TOTAL] = half_square(a, ab[i]);
        if (terms->second_order) {
            own[SOBOL_FIRST] = mean_of(own[SOBOL_FIRST], half_square(a, ba[i]));
            own[SOBOL_TOTAL] = mean_of(own[SOBOL_TOTAL], half_square(b, ba[i]));
        }
        for (uint32_t j = i + 1; j < k && terms->second_order; j++) {
            *pair++ = mean_of(half_square(ba[i], ab[j]), half_square(ba[j], ab[i]));
        }
    }
}

/* Indices from the means of the terms. */
static void
finish(const struct terms *terms, double *out)
{
    const uint32_t k = terms->n_factors;
    const double *own = terms->means + TERMS_BEFORE, *pair = own + (size_t) k * SOBOL_MEASURES;
    double *second = out + (size_t) k * SOBOL_MEASURES;
    double variance = terms->means[TERM_SQUARE] - terms->means[TERM_MEAN] * terms->means[TERM_MEAN];
    variance = variance > 0 ? variance : (double) NAN;
    for (uint32_t i = 0; i < k; i++) {
        out[i * SOBOL_MEASURES + SOBOL_FIRST] = 1 - own[i * SOBOL_MEASURES + SOBOL_FIRST] / variance;
        out[i * SOBOL_MEASURES + SOBOL_TOTAL] = own[i * SOBOL_MEASURES + SOBOL_TOTAL] / variance;
    }
    for (uint32_t i = 0; i < k && terms->second_order; i++) {
        for (uint32_t j = i + 1; j < k; j++) {
            *second++ = 1 - *pair++ / variance - out[i * SOBOL_MEASURES + SOBOL_FIRST]
                - out[j * SOBOL_MEASURES + SOBOL_FIRST];
        }
    }
}

static void
indices_of(const uint32_t *rows, uint32_t n, void *context, double *out)
{
    struct terms *terms = context;
    for (uint32_t t = 0; t < terms->n; t++) {
        terms->means[t] = 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        const double *own = terms->list + (size_t) rows[i] * terms->n;
        for (uint32_t t = 0; t < terms->n; t++) {
            terms->means[t] += own[t];
        }
    }
    for (uint32_t t = 0; t < terms->n; t++) {
        terms->means[t] /= n;
    }
    finish(terms, out);
}

/* Outcomes as they differ from their mean, which keeps the digits of the variance. */
static int
make_terms(struct terms *terms, const struct sensitivity_data *data, uint32_t n_bases)
{
    uint32_t n_points = data->sample->n_points, rows = n_points / n_bases;
    double mean = sim_mean(data->y, n_points), *y = sim_alloc(rows, sizeof(*y));
    terms->list = sim_alloc((size_t) n_bases * terms->n, sizeof(*terms->list));
    terms->means = sim_alloc(terms->n, sizeof(*terms->means));
    int ret = terms->list != NULL && terms->means != NULL && y != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t base = 0; base < n_bases && ret == SIM_OK; base++) {
        for (uint32_t i = 0; i < rows; i++) {
            y[i] = data->y[(size_t) base * rows + i] - mean;
        }
        take_terms(terms, y, terms->list + (size_t) base * terms->n);
    }
    sim_free(y);
    return ret;
}

int
sobol_estimate(const struct sensitivity_data *data, int second_order, struct sensitivity_estimate *estimates,
    struct sensitivity_estimate *second)
{
    const uint32_t k = data->sample->n_factors, n_own = k * SOBOL_MEASURES;
    const uint32_t n_out = n_own + (second_order ? count_pairs(k) : 0);
    const uint32_t n_bases = data->sample->n_points / sensitivity_sample_rows(k, second_order);
    struct terms terms = { .n = TERMS_BEFORE + n_out, .n_factors = k, .second_order = second_order };
    struct sensitivity_estimate *all = sim_alloc(n_out, sizeof(*all));
    int ret = all != NULL ? make_terms(&terms, data, n_bases) : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        ret = sensitivity_bootstrap(data, n_bases, indices_of, &terms, n_out, all);
    }
    for (uint32_t i = 0; i < n_out && ret == SIM_OK; i++) {
        if (i < n_own) {
            estimates[i] = all[i];
        } else if (second != NULL) {
            second[i - n_own] = all[i];
        }
    }
    sim_free(all);
    sim_free(terms.list);
    sim_free(terms.means);
    return ret;
}
