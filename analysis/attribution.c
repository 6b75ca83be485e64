/* attribution.c - attributes outcomes to groups. */
#include "analysis/attribution.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>

/* What one outcome is computed with: numbers by replicate, of those that count. */
struct work {
    double *values;  /* of all cells */
    uint32_t *used;  /* replicates */
    uint32_t n;      /* of them */
    double *game;    /* of one replicate: by mixture */
    double *phi;     /* of one replicate: by group */
    double *samples; /* samples[what * n_replicates + i]: contributions by group, then interactions by pair */
    double *sample;  /* by replicate */
    double *adds;    /* by order and replicate */
    uint32_t *path;  /* path[order * (n_groups + 1) + position]: design points from A to B */
};

static size_t
n_pairs(const struct attribution *attribution)
{
    return (size_t) attribution->n_groups * (attribution->n_groups - 1) / 2;
}

static uint32_t
last_point(const struct attribution *attribution)
{
    return attribution->reader->n_designs - 1;
}

static int
work_init(struct work *work, const struct attribution *attribution)
{
    const size_t r = attribution->reader->n_replicates, d = attribution->reader->n_designs;
    const size_t k = attribution->n_groups;
    *work = (struct work){ .n = 0 };
    work->values = sim_alloc(d * r, sizeof(*work->values));
    work->used = sim_alloc(r, sizeof(*work->used));
    work->game = sim_alloc(d, sizeof(*work->game));
    work->phi = sim_alloc(k, sizeof(*work->phi));
    work->samples = sim_alloc((k + n_pairs(attribution)) * r, sizeof(*work->samples));
    work->sample = sim_alloc(r, sizeof(*work->sample));
    work->adds = sim_alloc(attribution->n_orders * r, sizeof(*work->adds));
    work->path = sim_alloc((size_t) attribution->n_orders * (k + 1), sizeof(*work->path));
    return work->values != NULL && work->used != NULL && work->game != NULL && work->phi != NULL
            && work->samples != NULL && work->sample != NULL && work->adds != NULL && work->path != NULL
        ? SIM_OK
        : SIM_ERR_MEMORY;
}

static void
work_free(struct work *work)
{
    sim_free(work->values);
    sim_free(work->used);
    sim_free(work->game);
    sim_free(work->phi);
    sim_free(work->samples);
    sim_free(work->sample);
    sim_free(work->adds);
    sim_free(work->path);
}

static void
find_paths(const struct attribution *attribution, struct work *work)
{
    const uint32_t k = attribution->n_groups;
    for (uint32_t o = 0; o < attribution->n_orders; o++) {
        uint32_t *path = work->path + (size_t) o * (k + 1);
        uint64_t mixture = 0;
        for (uint32_t i = 0; i < k; i++) {
            path[i] = attribution_point(attribution, mixture);
            mixture |= UINT64_C(1) << attribution->orders[(size_t) o * k + i];
        }
        path[k] = last_point(attribution);
    }
}

static double
value_at(const struct attribution *attribution, const struct work *work, uint32_t point, uint32_t i)
{
    return work->values[(size_t) point * attribution->reader->n_replicates + work->used[i]];
}

/* Replicates of which every point has a value. */
static void
choose_replicates(const struct attribution *attribution, struct work *work)
{
    const struct reader *reader = attribution->reader;
    work->n = 0;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        int whole = 1;
        for (uint32_t p = 0; whole && p < reader->n_designs; p++) {
            whole = !isnan(work->values[(size_t) p * reader->n_replicates + r]);
        }
        if (whole) {
            work->used[work->n++] = r;
        }
    }
}

/* The mean of what B's point changes against A's. */
static struct inference_interval
difference(const struct attribution *attribution, struct work *work, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < work->n; i++) {
        work->sample[i] = value_at(attribution, work, b, i) - value_at(attribution, work, a, i);
    }
    return inference_mean(work->sample, work->n);
}

static double
mean_at(const struct attribution *attribution, struct work *work, uint32_t point)
{
    for (uint32_t i = 0; i < work->n; i++) {
        work->sample[i] = value_at(attribution, work, point, i);
    }
    return inference_mean(work->sample, work->n).value;
}

static void
compute_all(const struct attribution *attribution, struct work *work, struct attribution_outcome *outcome)
{
    const uint32_t k = attribution->n_groups, stride = attribution->reader->n_replicates;
    double *pairs = work->samples + (size_t) k * stride;
    for (uint32_t i = 0; i < work->n; i++) {
        for (uint32_t p = 0; p < attribution->reader->n_designs; p++) {
            work->game[p] = value_at(attribution, work, p, i);
        }
        shapley_values(k, work->game, work->phi);
        for (uint32_t g = 0; g < k; g++) {
            work->samples[(size_t) g * stride + i] = work->phi[g];
            for (uint32_t h = g + 1; h < k; h++) {
                pairs[attribution_pair(attribution, g, h) * stride + i] =
                    shapley_interaction(k, work->game, g, h);
            }
        }
    }
    for (uint32_t g = 0; g < k; g++) {
        outcome->effects[g].shapley = inference_mean(work->samples + (size_t) g * stride, work->n);
    }
    for (size_t pair = 0; pair < n_pairs(attribution); pair++) {
        outcome->interactions[pair] = inference_mean(pairs + pair * stride, work->n);
    }
}

/* What a group adds in every order and replicate. */
static void
compute_along_orders(
    const struct attribution *attribution, struct work *work, struct attribution_outcome *outcome)
{
    const uint32_t k = attribution->n_groups;
    for (uint32_t g = 0; g < k; g++) {
        for (uint32_t o = 0; o < attribution->n_orders; o++) {
            const uint32_t *order = attribution->orders + (size_t) o * k;
            const uint32_t *path = work->path + (size_t) o * (k + 1);
            uint32_t turn = 0;
            while (order[turn] != g) {
                turn++;
            }
            for (uint32_t i = 0; i < work->n; i++) {
                work->adds[(size_t) o * work->n + i] = value_at(attribution, work, path[turn + 1], i)
                    - value_at(attribution, work, path[turn], i);
            }
        }
        outcome->effects[g].shapley = shapley_mean_of_orders(work->adds, attribution->n_orders, work->n);
    }
}

static int
compute(const struct attribution *attribution, struct work *work, struct attribution_outcome *outcome,
    struct sim_messages *messages)
{
    const uint64_t all = attribution_all(attribution);
    const uint32_t last = last_point(attribution);
    int ret = outcome_values(&outcome->outcome, attribution->reader, work->values, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    outcome->effects = sim_alloc(attribution->n_groups, sizeof(*outcome->effects));
    if (attribution->n_orders == 0) {
        outcome->interactions = sim_alloc(n_pairs(attribution), sizeof(*outcome->interactions));
    }
    if (outcome->effects == NULL || (attribution->n_orders == 0 && outcome->interactions == NULL)) {
        return SIM_ERR_MEMORY;
    }
    choose_replicates(attribution, work);
    outcome->n = work->n;
    outcome->value_a = mean_at(attribution, work, 0);
    outcome->value_b = mean_at(attribution, work, last);
    outcome->total = difference(attribution, work, 0, last);
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        const uint64_t own = UINT64_C(1) << g;
        outcome->effects[g].one_in = difference(attribution, work, 0, attribution_point(attribution, own));
        outcome->effects[g].one_out =
            difference(attribution, work, attribution_point(attribution, all & ~own), last);
    }
    if (attribution->n_orders == 0) {
        compute_all(attribution, work, outcome);
    } else {
        compute_along_orders(attribution, work, outcome);
    }
    return SIM_OK;
}

static int
compute_outcomes(
    struct attribution *attribution, const struct outcome *outcomes, size_t n, struct sim_messages *messages)
{
    struct work work;
    attribution->outcomes = sim_alloc(n, sizeof(*attribution->outcomes));
    int ret = work_init(&work, attribution);
    if (attribution->outcomes == NULL) {
        ret = SIM_ERR_MEMORY;
    }
    if (ret == SIM_OK) {
        find_paths(attribution, &work);
    }
    for (size_t i = 0; ret == SIM_OK && i < n; i++) {
        attribution->outcomes[attribution->n_outcomes].outcome = outcomes[i];
        ret = compute(attribution, &work, &attribution->outcomes[attribution->n_outcomes++], messages);
    }
    work_free(&work);
    return ret;
}

int
attribution_init(struct attribution *attribution, const struct reader *reader, const char *const *texts,
    size_t n_texts, struct sim_messages *messages)
{
    struct outcome *outcomes = NULL;
    size_t n = 0;
    uint64_t n_ran;
    *attribution = (struct attribution){ .reader = reader };
    int ret = attribution_read(attribution, messages);
    if (ret == SIM_OK) {
        ret = outcome_list(&outcomes, &n, reader, texts, n_texts, messages);
    }
    if (ret == SIM_OK) {
        outcome_cells(reader, 0, reader->n_designs, &n_ran, &attribution->n_failed, &attribution->n_not_run);
        ret = compute_outcomes(attribution, outcomes, n, messages);
    }
    sim_free(outcomes);
    return ret;
}

void
attribution_free(struct attribution *attribution)
{
    for (size_t i = 0; i < attribution->n_outcomes; i++) {
        sim_free(attribution->outcomes[i].effects);
        sim_free(attribution->outcomes[i].interactions);
    }
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        sim_free(attribution->groups[g].name);
        sim_free((void *) attribution->groups[g].parameters);
    }
    sim_free(attribution->outcomes);
    sim_free(attribution->groups);
    sim_free(attribution->mixtures);
    sim_free(attribution->orders);
    factors_free(&attribution->factors);
    *attribution = (struct attribution){ .reader = NULL };
}
