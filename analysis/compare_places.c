/* compare_places.c - how an observation is spread over the places of both sides, and whether the sides differ in that:
 * quantiles over the communities, and how unequal they are. */
#include "analysis/compare_parts.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <math.h>

const double compare_quantiles[COMPARE_QUANTILES] = { 0.05, 0.25, 0.5, 0.75, 0.95 };

enum { GINI = COMPARE_QUANTILES, P90_P10, N_STATISTICS };

/* What one distribution is computed with. */
struct work {
    uint32_t n_a, n_b;                   /* places of each side */
    uint32_t step;                       /* replicates that are read at a time */
    double *box;                         /* their numbers: by replicate, month, place */
    double *places;                      /* of one replicate */
    double *statistics_a, *statistics_b; /* [statistic * n_replicates + replicate]; NaN: none */
    double *known_a, *known_b, *difference;
};

/* A place has the mean of its months that have a value; places that have none in any month are left out. Returns how
 * many are left. */
static size_t
take_places(const double *numbers, uint32_t n_ticks, uint32_t n_places, double *places)
{
    size_t n = 0;
    for (uint32_t place = 0; place < n_places; place++) {
        places[n] = outcome_mean(numbers + place, n_places, n_ticks);
        n += isnan(places[n]) ? 0 : 1;
    }
    return n;
}

/* out: a number for each statistic. */
static void
compute_statistics(const double *sorted, size_t n, double out[N_STATISTICS])
{
    double tenth = sim_quantile(sorted, n, 0.1);
    for (int q = 0; q < COMPARE_QUANTILES; q++) {
        out[q] = sim_quantile(sorted, n, compare_quantiles[q]);
    }
    out[GINI] = inference_gini(sorted, n);
    out[P90_P10] = tenth > 0 ? sim_quantile(sorted, n, 0.9) / tenth : (double) NAN;
}

static void
take_box(const struct reader *reader, const struct reader_box *box, uint32_t n_places,
    const struct work *work, double *statistics)
{
    for (uint32_t i = 0; i < box->n_replicates; i++) {
        uint32_t replicate = box->replicate + i;
        double out[N_STATISTICS];
        size_t n = 0;
        if (reader_status(reader, box->design, replicate) == READER_RAN) {
            const double *numbers = work->box + (size_t) i * box->n_ticks * n_places;
            n = take_places(numbers, box->n_ticks, n_places, work->places);
            sim_sort(work->places, n);
        }
        compute_statistics(work->places, n, out);
        for (int s = 0; s < N_STATISTICS; s++) {
            statistics[(size_t) s * reader->n_replicates + replicate] = out[s];
        }
    }
}

static int
read_side(const struct comparison *comparison, const struct outcome *outcome, const char *place,
    uint32_t design, const struct work *work, struct sim_messages *messages)
{
    const struct reader *reader = comparison->reader;
    uint32_t n_places = design == comparison->a ? work->n_a : work->n_b;
    double *statistics = design == comparison->a ? work->statistics_a : work->statistics_b;
    struct reader_box box = { .design = design,
        .n_designs = 1,
        .tick = outcome->first_tick - 1 - reader->before,
        .n_ticks = outcome->last_tick - outcome->first_tick + 1,
        .label = outcome->label,
        .n_labels = 1 };
    int ret = SIM_OK;
    for (; ret == SIM_OK && box.replicate < reader->n_replicates; box.replicate += work->step) {
        uint32_t left = reader->n_replicates - box.replicate;
        box.n_replicates = work->step < left ? work->step : left;
        ret = reader_place_box(reader, outcome->observation, place, &box, n_places, work->box, messages);
        if (ret == SIM_OK) {
            take_box(reader, &box, n_places, work, statistics);
        }
    }
    return ret;
}

/* The pairs in which both sides have a statistic; returns their number. */
static size_t
take_pairs(const struct comparison *comparison, const struct work *work, int statistic)
{
    const struct reader *reader = comparison->reader;
    const double *b = comparison->b == comparison->a ? work->statistics_a : work->statistics_b;
    size_t n = 0;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        size_t at = (size_t) statistic * reader->n_replicates + r;
        work->known_a[n] = work->statistics_a[at];
        work->known_b[n] = b[at];
        work->difference[n] = b[at] - work->statistics_a[at];
        n += isnan(work->difference[n]) ? 0 : 1;
    }
    return n;
}

static void
fill_distribution(
    const struct comparison *comparison, const struct work *work, struct compare_distribution *distribution)
{
    for (int q = 0; q < COMPARE_QUANTILES; q++) {
        size_t n = take_pairs(comparison, work, q);
        distribution->n = (uint32_t) n;
        distribution->a.quantiles[q] = sim_mean(work->known_a, n);
        distribution->b.quantiles[q] = sim_mean(work->known_b, n);
        distribution->quantile_differences[q] = inference_mean(work->difference, n);
    }
    size_t n = take_pairs(comparison, work, GINI);
    distribution->a.gini = inference_mean(work->known_a, n);
    distribution->b.gini = inference_mean(work->known_b, n);
    distribution->gini_difference = inference_mean(work->difference, n);
    n = take_pairs(comparison, work, P90_P10);
    distribution->a.p90_p10 = sim_mean(work->known_a, n);
    distribution->b.p90_p10 = sim_mean(work->known_b, n);
}

static int
work_init(struct work *work, const struct reader *reader, uint32_t n_a, uint32_t n_b)
{
    size_t replicates = reader->n_replicates, most = n_a > n_b ? n_a : n_b, cell = most * OUTCOME_MONTHS;
    size_t step = cell < COMPARE_PIECE ? COMPARE_PIECE / cell : 1;
    step = step < replicates ? step : replicates;
    *work = (struct work){ .n_a = n_a, .n_b = n_b, .step = (uint32_t) step };
    work->box = sim_alloc(step * cell, sizeof(double));
    work->places = sim_alloc(most, sizeof(double));
    work->statistics_a = sim_alloc(replicates * N_STATISTICS, sizeof(double));
    work->statistics_b = sim_alloc(replicates * N_STATISTICS, sizeof(double));
    work->known_a = sim_alloc(replicates, sizeof(double));
    work->known_b = sim_alloc(replicates, sizeof(double));
    work->difference = sim_alloc(replicates, sizeof(double));
    return work->box == NULL || work->places == NULL || work->statistics_a == NULL
            || work->statistics_b == NULL || work->known_a == NULL || work->known_b == NULL
            || work->difference == NULL
        ? SIM_ERR_MEMORY
        : SIM_OK;
}

static void
work_free(struct work *work)
{
    sim_free(work->box);
    sim_free(work->places);
    sim_free(work->statistics_a);
    sim_free(work->statistics_b);
    sim_free(work->known_a);
    sim_free(work->known_b);
    sim_free(work->difference);
}

static int
add_distribution(struct comparison *comparison, const struct outcome *outcome, const char *place,
    const struct work *work, struct sim_messages *messages)
{
    size_t n = comparison->n_distributions;
    struct compare_distribution *longer = sim_resize(comparison->distributions, n, n + 1, sizeof(*longer));
    if (longer == NULL) {
        return SIM_ERR_MEMORY;
    }
    comparison->distributions = longer;
    longer[n] = (struct compare_distribution){ .observation = outcome->observation,
        .label = outcome_label(outcome),
        .place = place,
        .period = outcome->period };
    longer[n].a.n_places = work->n_a;
    longer[n].b.n_places = work->n_b;
    int ret = read_side(comparison, outcome, place, comparison->a, work, messages);
    if (ret == SIM_OK && comparison->b != comparison->a) {
        ret = read_side(comparison, outcome, place, comparison->b, work, messages);
    }
    if (ret == SIM_OK) {
        fill_distribution(comparison, work, &longer[n]);
        comparison->n_distributions++;
    }
    return ret;
}

/* The distribution of one outcome over the places of both sides, if the file has it. */
static int
add_outcome(struct comparison *comparison, const struct outcome *outcome, const char *place, uint32_t n_a,
    uint32_t n_b, struct sim_messages *messages)
{
    uint32_t width;
    struct work work;
    int ret = reader_place_width(comparison->reader, outcome->observation, place, &width);
    if (ret != SIM_OK || n_a > width || n_b > width) {
        return ret;
    }
    ret = work_init(&work, comparison->reader, n_a, n_b);
    if (ret == SIM_OK) {
        ret = add_distribution(comparison, outcome, place, &work, messages);
    }
    work_free(&work);
    return ret;
}

/* Of one kind of places. A spread asks for two places, and nothing is told of where there is one. */
static int
add_distributions(struct comparison *comparison, const struct outcome *outcomes, size_t n_outcomes,
    const char *place, struct sim_messages *messages)
{
    const struct reader *reader = comparison->reader;
    uint32_t n_a = 0, n_b = 0;
    int ret = reader_place_count(reader, place, comparison->a, &n_a);
    if (ret == SIM_OK) {
        ret = reader_place_count(reader, place, comparison->b, &n_b);
    }
    if (ret == SIM_ERR_FILE) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "damaged or incomplete, at %s_count", place);
    }
    for (size_t i = 0; ret == SIM_OK && n_a > 1 && n_b > 1 && i < n_outcomes; i++) {
        ret = add_outcome(comparison, &outcomes[i], place, n_a, n_b, messages);
    }
    return ret;
}

int
compare_fill_distributions(struct comparison *comparison, const struct outcome *outcomes, size_t n_outcomes,
    struct sim_messages *messages)
{
    int ret = reader_places(comparison->reader, &comparison->places, &comparison->n_places);
    for (uint32_t i = 0; ret == SIM_OK && i < comparison->n_places; i++) {
        ret = add_distributions(comparison, outcomes, n_outcomes, comparison->places[i], messages);
    }
    return ret;
}
