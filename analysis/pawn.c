/* pawn.c - PAWN: how far the distribution of an outcome is from what it is while a factor is held.
 *
 *     KS_j = max over y of |F(y) - F(y | factor in slice j)|;  the index is the median over slices, and their maximum
 *
 * Pianosi & Wagener 2015, Environmental Modelling & Software 67:1; from given points, whatever made them, by slices of each factor with
 * as many points each: Pianosi & Wagener 2018, EMS 108:197. A factor with few values has a slice for each of them.
 *
 * A slice of few points is far from F by chance alone. A dummy factor says how far: its slices are as large, and hold
 * points at random; the threshold is the 95 % quantile of its index. What drawing points with replacement
 * adds to the distance by chance it adds to every sample of the bootstrap, so the interval has the width of the
 * bootstrap's and the estimate in its middle.
 */
#include "analysis/sensitivity_methods.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <string.h>

#define MOST_SLICES 10
#define POINTS_OF_SLICE 10 /* at least, if there are enough for two slices */

/* The points whose outcome is known, in ascending order of it. */
struct cloud {
    uint32_t n, n_factors;
    uint32_t *points;       /* by rank: of the sample */
    uint32_t *ties;         /* by rank: the first rank with the same outcome */
    uint32_t *slices;       /* slices[factor * n + rank] */
    uint32_t *n_slices;     /* by factor */
    uint32_t *weights;      /* by rank: how often a sample of the bootstrap has it */
    uint32_t *below, *upto; /* by rank: how many have a smaller outcome; at most this one */
};

/* One slice while the points are walked through. */
struct slice {
    double distance;
    uint32_t size, seen, upto; /* points; seen so far; all points up to the last one seen and its ties */
};

static void
cloud_free(struct cloud *cloud)
{
    sim_free(cloud->points);
    sim_free(cloud->ties);
    sim_free(cloud->slices);
    sim_free(cloud->n_slices);
    sim_free(cloud->weights);
    sim_free(cloud->below);
    sim_free(cloud->upto);
}

static void
widen(struct slice *slice, uint32_t all, uint32_t n)
{
    double distance = fabs((double) all / n - (double) slice->seen / slice->size);
    slice->distance = distance > slice->distance ? distance : slice->distance;
}

/* The distance is greatest just before an outcome of the slice, or at it. */
static void
see(const struct cloud *cloud, struct slice *slice, uint32_t rank, uint32_t n)
{
    if (slice->upto != cloud->upto[rank]) {
        if (slice->seen > 0) {
            widen(slice, slice->upto, n);
        }
        widen(slice, cloud->below[rank], n);
        slice->upto = cloud->upto[rank];
    }
    slice->seen += cloud->weights[rank];
}

/* The distances of a factor's slices, as the points are weighted; slices without a point are left out. Returns how
 * many there are. n: the sum of the weights. */
static uint32_t
distances_of(const struct cloud *cloud, const uint32_t *of, uint32_t n_slices, uint32_t n, double *distances)
{
    struct slice slices[MOST_SLICES];
    uint32_t n_found = 0;
    memset(slices, 0, sizeof(slices));
    for (uint32_t rank = 0; rank < cloud->n; rank++) {
        slices[of[rank]].size += cloud->weights[rank];
    }
    for (uint32_t rank = 0; rank < cloud->n; rank++) {
        if (cloud->weights[rank] > 0) {
            see(cloud, &slices[of[rank]], rank, n);
        }
    }
    for (uint32_t s = 0; s < n_slices; s++) {
        if (slices[s].size > 0) {
            widen(&slices[s], slices[s].upto, n);
            distances[n_found++] = slices[s].distance;
        }
    }
    return n_found;
}

/* How many of the weighted points have a smaller outcome than each, and how many at most its. */
static void
count_points(struct cloud *cloud)
{
    uint32_t before = 0;
    for (uint32_t first = 0, next; first < cloud->n; first = next) {
        uint32_t after = before;
        for (next = first; next < cloud->n && cloud->ties[next] == first; next++) {
            after += cloud->weights[next];
        }
        for (uint32_t rank = first; rank < next; rank++) {
            cloud->below[rank] = before;
            cloud->upto[rank] = after;
        }
        before = after;
    }
}

static void
take_measures(const struct cloud *cloud, const uint32_t *of, uint32_t n_slices, uint32_t n, double *out)
{
    double distances[MOST_SLICES];
    uint32_t n_found = distances_of(cloud, of, n_slices, n, distances);
    sim_sort(distances, n_found);
    out[PAWN_MEDIAN] = sim_quantile(distances, n_found, 0.5);
    out[PAWN_MAX] = n_found > 0 ? distances[n_found - 1] : (double) NAN;
}

static void
measures_of(const uint32_t *rows, uint32_t n, void *context, double *out)
{
    struct cloud *cloud = context;
    memset(cloud->weights, 0, cloud->n * sizeof(*cloud->weights));
    for (uint32_t i = 0; i < n; i++) {
        cloud->weights[rows[i]]++;
    }
    count_points(cloud);
    for (uint32_t f = 0; f < cloud->n_factors; f++) {
        take_measures(cloud, cloud->slices + (size_t) f * cloud->n, cloud->n_slices[f], n,
            out + (size_t) f * PAWN_MEASURES);
    }
}

/* Slices of a factor with as many points each, by rank; equal values go into the same. Few values have a slice
 * each. x, order: room, by rank. */
static void
cut_slices(
    struct cloud *cloud, const struct sensitivity_sample *sample, uint32_t factor, double *x, size_t *order)
{
    uint32_t *slices = cloud->slices + (size_t) factor * cloud->n, n_values = 0, first = 0;
    uint32_t most = cloud->n / POINTS_OF_SLICE;
    most = most < 2 ? 2 : most < MOST_SLICES ? most : MOST_SLICES;
    for (uint32_t rank = 0; rank < cloud->n; rank++) {
        x[rank] = sensitivity_sample_at(sample, cloud->points[rank], factor);
    }
    gsl_sort_index(order, x, 1, cloud->n);
    for (uint32_t i = 0; i < cloud->n; i++) {
        n_values += i == 0 || x[order[i]] != x[order[i - 1]];
    }
    for (uint32_t i = 0, value = 0; i < cloud->n; i++) {
        int is_new = i > 0 && x[order[i]] != x[order[i - 1]];
        value += (uint32_t) is_new;
        first = is_new ? i : first;
        slices[order[i]] = n_values <= most ? value : (uint32_t) ((uint64_t) first * most / cloud->n);
    }
    cloud->n_slices[factor] = n_values <= most ? n_values : most;
}

static void
sort_points(struct cloud *cloud, const struct sensitivity_data *data, double *y, size_t *order)
{
    uint32_t n = 0;
    for (uint32_t p = 0; p < data->sample->n_points; p++) {
        if (!isnan(data->y[p])) {
            cloud->weights[n] = p; /* for a moment */
            y[n++] = data->y[p];
        }
    }
    cloud->n = n;
    gsl_sort_index(order, y, 1, n);
    for (uint32_t rank = 0; rank < n; rank++) {
        int tied = rank > 0 && y[order[rank]] == y[order[rank - 1]];
        cloud->points[rank] = cloud->weights[order[rank]];
        cloud->ties[rank] = tied ? cloud->ties[rank - 1] : rank;
    }
}

static int
cloud_init(struct cloud *cloud, const struct sensitivity_data *data)
{
    const uint32_t n = data->sample->n_points, k = data->sample->n_factors;
    double *numbers = sim_alloc(n, sizeof(*numbers));
    size_t *order = sim_alloc(n, sizeof(*order));
    *cloud = (struct cloud){ .n_factors = k };
    cloud->points = sim_alloc(n, sizeof(*cloud->points));
    cloud->ties = sim_alloc(n, sizeof(*cloud->ties));
    cloud->slices = sim_alloc((size_t) n * k, sizeof(*cloud->slices));
    cloud->n_slices = sim_alloc(k, sizeof(*cloud->n_slices));
    cloud->weights = sim_alloc(n, sizeof(*cloud->weights));
    cloud->below = sim_alloc(n, sizeof(*cloud->below));
    cloud->upto = sim_alloc(n, sizeof(*cloud->upto));
    int ret = numbers != NULL && order != NULL && cloud->points != NULL && cloud->ties != NULL
            && cloud->slices != NULL && cloud->n_slices != NULL && cloud->weights != NULL
            && cloud->below != NULL && cloud->upto != NULL
        ? SIM_OK
        : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        sort_points(cloud, data, numbers, order);
    }
    for (uint32_t f = 0; f < k && ret == SIM_OK; f++) {
        cut_slices(cloud, data->sample, f, numbers, order);
    }
    sim_free(numbers);
    sim_free(order);
    return ret;
}

/* How many points each slice has; equal ones have equal thresholds. */
static void
count_slices(const struct cloud *cloud, uint32_t factor, uint32_t *sizes)
{
    memset(sizes, 0, MOST_SLICES * sizeof(*sizes));
    for (uint32_t rank = 0; rank < cloud->n; rank++) {
        sizes[cloud->slices[(size_t) factor * cloud->n + rank]]++;
    }
}

/* The threshold of a factor: its slices with their points at random. of, found: room, by rank and by sample. */
static double
dummy_of(struct cloud *cloud, uint32_t factor, const struct sensitivity_data *data, uint32_t *of,
    double *found, gsl_rng *rng)
{
    double measures[PAWN_MEASURES];
    memcpy(of, cloud->slices + (size_t) factor * cloud->n, cloud->n * sizeof(*of));
    gsl_rng_set(rng, data->seed);
    for (uint32_t s = 0; s < data->n_samples; s++) {
        gsl_ran_shuffle(rng, of, cloud->n, sizeof(*of));
        take_measures(cloud, of, cloud->n_slices[factor], cloud->n, measures);
        found[s] = measures[PAWN_MEDIAN];
    }
    sim_sort(found, data->n_samples);
    return sim_quantile(found, data->n_samples, 0.95);
}

static int
find_dummies(struct cloud *cloud, const struct sensitivity_data *data, double *dummies)
{
    uint32_t *of = sim_alloc(cloud->n, sizeof(*of)), sizes[MOST_SLICES], before[MOST_SLICES];
    double *found = sim_alloc(data->n_samples, sizeof(*found));
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    int ret = of != NULL && found != NULL && rng != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t rank = 0; rank < cloud->n; rank++) {
        cloud->weights[rank] = 1;
    }
    count_points(cloud);
    for (uint32_t f = 0; f < cloud->n_factors && ret == SIM_OK; f++) {
        dummies[f] = NAN;
        count_slices(cloud, f, sizes);
        for (uint32_t e = 0; e < f && isnan(dummies[f]); e++) {
            count_slices(cloud, e, before);
            dummies[f] = memcmp(sizes, before, sizeof(sizes)) == 0 ? dummies[e] : (double) NAN;
        }
        dummies[f] = isnan(dummies[f]) ? dummy_of(cloud, f, data, of, found, rng) : dummies[f];
    }
    sim_free(of);
    sim_free(found);
    if (rng != NULL) {
        gsl_rng_free(rng);
    }
    return ret;
}

/* The interval of the same width with the value in its middle, within 0 to 1. */
static void
centre(struct inference_interval *estimate)
{
    double half = (estimate->high - estimate->low) / 2;
    estimate->low = estimate->value - half < 0 ? 0 : estimate->value - half;
    estimate->high = estimate->value + half > 1 ? 1 : estimate->value + half;
}

int
pawn_estimate(const struct sensitivity_data *data, struct inference_interval *estimates, double *dummies)
{
    struct cloud cloud;
    const uint32_t k = data->sample->n_factors, n_out = k * PAWN_MEASURES;
    int ret = cloud_init(&cloud, data);
    if (ret == SIM_OK && (cloud.n == 0 || cloud.ties[cloud.n - 1] == 0)) {
        for (uint32_t i = 0; i < n_out; i++) {
            estimates[i] = (struct inference_interval){ NAN, NAN, NAN };
            dummies[i / PAWN_MEASURES] = NAN;
        }
        cloud_free(&cloud);
        return SIM_OK;
    }
    if (ret == SIM_OK) {
        ret = sensitivity_bootstrap(data, cloud.n, measures_of, &cloud, n_out, estimates);
    }
    for (uint32_t i = 0; i < n_out && ret == SIM_OK; i++) {
        centre(&estimates[i]);
    }
    if (ret == SIM_OK) {
        ret = find_dummies(&cloud, data, dummies);
    }
    cloud_free(&cloud);
    return ret;
}
