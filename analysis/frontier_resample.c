/* frontier_resample.c - how probable it is that a point is on the front: a bootstrap over replicates, the same drawn for
 * all points (frontier.h).
 *
 * A point that another beats in every single replicate is beaten in every sample, so it is looked at no more, and the
 * skyline of a sample is that of the few that remain.
 */
#include "analysis/frontier.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <gsl/gsl_rng.h>
#include <math.h>

struct rooms {
    struct skyline_point *points; /* of all designs; then, in each sample, of the candidates */
    uint32_t *candidates;         /* designs */
    uint32_t n_candidates;
    unsigned char *is_on;
    uint32_t *on, *counted; /* by candidate: samples in which it is on the front, in which it has a mean */
    uint32_t *weights;      /* by replicate: how often it was drawn */
    gsl_rng *rng;
    struct skyline skyline;
};

static int
rooms_init(struct rooms *rooms, const struct reader *reader)
{
    uint32_t n = reader->n_designs;
    *rooms = (struct rooms){ .points = sim_alloc(n, sizeof(*rooms->points)),
        .candidates = sim_alloc(n, sizeof(*rooms->candidates)),
        .is_on = sim_alloc(n, 1),
        .on = sim_alloc(n, sizeof(*rooms->on)),
        .counted = sim_alloc(n, sizeof(*rooms->counted)),
        .weights = sim_alloc(reader->n_replicates, sizeof(*rooms->weights)),
        .rng = gsl_rng_alloc(gsl_rng_mt19937) };
    return rooms->points != NULL && rooms->candidates != NULL && rooms->is_on != NULL && rooms->on != NULL
            && rooms->counted != NULL && rooms->weights != NULL && rooms->rng != NULL
        ? SIM_OK
        : SIM_ERR_MEMORY;
}

static void
rooms_free(struct rooms *rooms)
{
    sim_free(rooms->points);
    sim_free(rooms->candidates);
    sim_free(rooms->is_on);
    sim_free(rooms->on);
    sim_free(rooms->counted);
    sim_free(rooms->weights);
    if (rooms->rng != NULL) {
        gsl_rng_free(rooms->rng);
    }
    skyline_free(&rooms->skyline);
}

static const double *
numbers_of(const struct frontier *frontier, uint32_t design)
{
    return frontier->numbers
        + (size_t) design * frontier->reader->n_replicates * (size_t) frontier->n_outcomes;
}

/* Whether a beats b in one replicate: as good in all objectives, as cheap, and better in an objective. */
static int
beats_once(const struct frontier *frontier, const double *a, const double *b)
{
    int better = 0;
    for (int i = 0; i < frontier->n_outcomes; i++) {
        double gain = frontier->maximised[i] ? a[i] - b[i] : b[i] - a[i];
        if (gain < 0) {
            return 0;
        }
        better |= i < frontier->n_objectives && gain > 0;
    }
    return better;
}

/* Whether a beats b in every replicate; both have all of them. */
static int
beats(const struct frontier *frontier, uint32_t a, uint32_t b)
{
    const double *of_a = numbers_of(frontier, a), *of_b = numbers_of(frontier, b);
    uint32_t r = 0;
    while (r < frontier->reader->n_replicates && beats_once(frontier, of_a, of_b)) {
        of_a += frontier->n_outcomes;
        of_b += frontier->n_outcomes;
        r++;
    }
    return r == frontier->reader->n_replicates;
}

static int
is_beaten(const struct frontier *frontier, const struct rooms *rooms, uint32_t n, uint32_t design)
{
    for (uint32_t i = 0; i < n; i++) {
        if (beats(frontier, rooms->candidates[i], design)) {
            return 1;
        }
    }
    return 0;
}

/* Who beats another in every replicate comes before it, or has an equal mean, and then a pair that is not told apart
 * costs only time. Points that lack a replicate are candidates, but are not held against others. */
static int
choose_candidates(const struct frontier *frontier, struct rooms *rooms)
{
    const struct reader *reader = frontier->reader;
    uint32_t n = 0, n_whole = 0;
    for (uint32_t d = 0; d < reader->n_designs; d++) {
        rooms->candidates[n_whole] = d;
        n_whole += frontier->points[d].n == reader->n_replicates ? 1 : 0;
    }
    if (frontier_rank(frontier, rooms->candidates, n_whole) != SIM_OK) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n_whole; i++) {
        uint32_t design = rooms->candidates[i];
        rooms->candidates[n] = design;
        n += is_beaten(frontier, rooms, n, design) ? 0 : 1;
    }
    for (uint32_t d = 0; d < reader->n_designs; d++) {
        if (frontier->points[d].n > 0 && frontier->points[d].n < reader->n_replicates) {
            rooms->candidates[n++] = d;
        }
    }
    rooms->n_candidates = n;
    return skyline_init(&rooms->skyline, n);
}

/* The mean of an outcome over the replicates drawn; NaN if the point has none of them. */
static double
weighted_mean(const struct frontier *frontier, const uint32_t *weights, const double *numbers, int outcome)
{
    size_t n = (size_t) frontier->n_outcomes;
    double sum = 0, weight = 0;
    for (size_t r = 0; r < frontier->reader->n_replicates; r++) {
        if (weights[r] > 0 && !isnan(numbers[r * n])) {
            sum += weights[r] * numbers[r * n + (size_t) outcome];
            weight += weights[r];
        }
    }
    return weight > 0 ? sum / weight : (double) NAN;
}

static void
place_candidate(const struct frontier *frontier, struct rooms *rooms, uint32_t candidate)
{
    const double *numbers = numbers_of(frontier, rooms->candidates[candidate]);
    double *objectives = rooms->points[candidate].objectives;
    double means[FRONTIER_NUMBERS];
    for (int i = 0; i < frontier->n_outcomes; i++) {
        means[i] = weighted_mean(frontier, rooms->weights, numbers, i);
    }
    for (int i = 0; i < frontier->n_objectives; i++) {
        objectives[i] = frontier->maximised[i] ? means[i] : -means[i];
    }
    rooms->counted[candidate] += isnan(means[0]) ? 0 : 1;
    if (!isnan(frontier->budget) && means[frontier->cost] > frontier->budget) {
        objectives[0] = NAN;
    }
}

static void
take_sample(const struct frontier *frontier, struct rooms *rooms)
{
    uint32_t replicates = frontier->reader->n_replicates;
    for (uint32_t r = 0; r < replicates; r++) {
        rooms->weights[r] = 0;
    }
    for (uint32_t r = 0; r < replicates; r++) {
        rooms->weights[gsl_rng_uniform_int(rooms->rng, replicates)]++;
    }
    for (uint32_t c = 0; c < rooms->n_candidates; c++) {
        place_candidate(frontier, rooms, c);
    }
    skyline_find(&rooms->skyline, rooms->points, frontier->n_objectives, rooms->is_on);
    for (uint32_t c = 0; c < rooms->n_candidates; c++) {
        rooms->on[c] += rooms->is_on[c];
    }
}

static void
take_samples(struct frontier *frontier, struct rooms *rooms)
{
    gsl_rng_set(rooms->rng, (unsigned long) frontier->reader->seed);
    for (uint32_t s = 0; s < frontier->n_samples; s++) {
        take_sample(frontier, rooms);
    }
    for (uint32_t d = 0; d < frontier->reader->n_designs; d++) {
        frontier->points[d].probability = frontier->points[d].n > 0 ? 0 : (double) NAN;
    }
    for (uint32_t c = 0; c < rooms->n_candidates; c++) {
        frontier->points[rooms->candidates[c]].probability =
            rooms->counted[c] > 0 ? (double) rooms->on[c] / rooms->counted[c] : (double) NAN;
    }
}

int
frontier_resample(struct frontier *frontier)
{
    struct rooms rooms;
    if (frontier->reader->n_replicates < 2) {
        return SIM_OK;
    }
    int ret = rooms_init(&rooms, frontier->reader);
    if (ret == SIM_OK) {
        ret = choose_candidates(frontier, &rooms);
    }
    if (ret == SIM_OK) {
        take_samples(frontier, &rooms);
    }
    rooms_free(&rooms);
    return ret;
}
