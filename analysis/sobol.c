/* sobol.c - Sobol' indices: shares of the variance of an outcome.
 *
 *     A, B independent points;  A_i: A with column i of B;  B_i: B with column i of A
 *     V    = E (y(A) - y(B))^2 / 2 = E (y(A_i) - y(B_i))^2 / 2
 *     V_i  = V - E (y(B) - y(A_i))^2 / 2 = E (y(A) - y(A_i)) (y(B_i) - y(B)) / 2       first    S_i  = V_i / V
 *     T_i  = E (y(A) - y(A_i))^2 / 2V                                                  total
 *     V_ij = -E (y(A) - y(A_i)) (y(B_j) - y(B)), and with i for j                      second   S_ij = V_ij / V
 *
 * Half of the mean square of a difference is what the columns bring that the two points do not have in common: Jansen
 * 1999, Computer Physics Communications 117:35. As products, after Azzini, Mara & Rosati 2021, Environmental Modelling & Software 144:105167,
 * these estimates are exactly 0 for a factor that does nothing, however few the points, where V - E (...)^2 / 2 with
 * another estimate of V would scatter around 0. Pairs need the B_i of Saltelli 2002, CPC 145:280; without them V_i is
 * E (y(A) - y(A_i)) (y(A) + y(A_i) - 2 y(B)) / 2. Where two estimates of the same are there, their mean is taken.
 *
 * Each index is a ratio of means over base points, so the bootstrap draws base points. Nothing is cut off: an index
 * near 0 may be negative.
 */
#include "analysis/sensitivity_methods.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>

/* The numbers of a base point that are summed: V, then two for each factor, then one for each pair. */
enum { TERM_VARIANCE, TERMS_BEFORE };

struct terms {
    double *list; /* list[base * n + term] */
    double *sums;
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

static void
take_pairs(double a, double b, const double *ab, const double *ba, uint32_t k, double *pair)
{
    for (uint32_t i = 0; i < k; i++) {
        for (uint32_t j = i + 1; j < k; j++) {
            *pair++ = -((a - ab[i]) * (ba[j] - b) + (a - ab[j]) * (ba[i] - b)) / 2;
        }
    }
}

/* The terms of a base point; y: its outcomes, in the order of the points. */
static void
take_terms(const struct terms *terms, const double *y, double *out)
{
    const uint32_t k = terms->n_factors;
    const double a = y[0], b = y[sensitivity_sample_rows(k, terms->second_order) - 1];
    const double *ab = y + 1, *ba = y + 1 + k;
    out[TERM_VARIANCE] = half_square(a, b);
    for (uint32_t i = 0; i < k; i++) {
        double *own = out + TERMS_BEFORE + (size_t) i * SOBOL_MEASURES;
        if (terms->second_order) {
            out[TERM_VARIANCE] += half_square(ab[i], ba[i]);
            own[SOBOL_FIRST] = (a - ab[i]) * (ba[i] - b) / 2;
            own[SOBOL_TOTAL] = (half_square(a, ab[i]) + half_square(b, ba[i])) / 2;
        } else {
            own[SOBOL_FIRST] = (a - ab[i]) * (a + ab[i] - 2 * b) / 2;
            own[SOBOL_TOTAL] = half_square(a, ab[i]);
        }
    }
    if (terms->second_order) {
        out[TERM_VARIANCE] /= k + 1;
        take_pairs(a, b, ab, ba, k, out + TERMS_BEFORE + (size_t) k * SOBOL_MEASURES);
    }
}

static int
is_known(const double *y, uint32_t n)
{
    int known = 1;
    for (uint32_t i = 0; i < n; i++) {
        known &= !isnan(y[i]);
    }
    return known;
}

static void
indices_of(const uint32_t *rows, uint32_t n, void *context, double *out)
{
    struct terms *terms = context;
    for (uint32_t t = 0; t < terms->n; t++) {
        terms->sums[t] = 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        const double *own = terms->list + (size_t) rows[i] * terms->n;
        for (uint32_t t = 0; t < terms->n; t++) {
            terms->sums[t] += own[t];
        }
    }
    double variance = terms->sums[TERM_VARIANCE] > 0 ? terms->sums[TERM_VARIANCE] : (double) NAN;
    for (uint32_t t = TERMS_BEFORE; t < terms->n; t++) {
        out[t - TERMS_BEFORE] = terms->sums[t] / variance;
    }
}

static int
make_terms(struct terms *terms, const struct sensitivity_data *data, uint32_t n_bases)
{
    uint32_t rows = data->sample->n_points / n_bases;
    terms->list = sim_alloc((size_t) n_bases * terms->n, sizeof(*terms->list));
    terms->sums = sim_alloc(terms->n, sizeof(*terms->sums));
    if (terms->list == NULL || terms->sums == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t base = 0; base < n_bases; base++) {
        const double *y = data->y + (size_t) base * rows;
        double *own = terms->list + (size_t) base * terms->n;
        take_terms(terms, y, own);
        own[TERM_VARIANCE] = is_known(y, rows) ? own[TERM_VARIANCE] : (double) NAN;
    }
    return SIM_OK;
}

int
sobol_estimate(const struct sensitivity_data *data, int second_order, struct inference_interval *estimates,
    struct inference_interval *second)
{
    const uint32_t k = data->sample->n_factors, n_own = k * SOBOL_MEASURES;
    const uint32_t n_out = n_own + (second_order ? count_pairs(k) : 0);
    const uint32_t n_bases = data->sample->n_points / sensitivity_sample_rows(k, second_order);
    struct terms terms = { .n = TERMS_BEFORE + n_out, .n_factors = k, .second_order = second_order };
    struct inference_interval *all = sim_alloc(n_out, sizeof(*all));
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
    sim_free(terms.sums);
    return ret;
}
