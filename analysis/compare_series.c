/* compare_series.c - the paired differences month by month. */
#include "analysis/compare_parts.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <math.h>

/* What one label of one observation is computed with: all replicates of both sides, for some months. */
struct work {
    double *a, *b;                          /* [replicate * n_ticks + tick] */
    double *month_a, *month_b, *difference; /* of one month, by pair */
};

static void
compute_month(const struct comparison *comparison, const struct work *work, uint32_t tick, uint32_t n_ticks,
    struct compare_month *month)
{
    const struct reader *reader = comparison->reader;
    size_t n = 0;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        if (compare_is_pair(comparison, r)) {
            size_t at = (size_t) r * n_ticks + tick;
            work->month_a[n] = work->a[at];
            work->month_b[n] = work->b[at];
            work->difference[n] = work->b[at] - work->a[at];
            n += isnan(work->difference[n]) ? 0 : 1;
        }
    }
    struct inference_interval difference = inference_mean(work->difference, n);
    *month = (struct compare_month){ (uint32_t) n, sim_mean(work->month_a, n), sim_mean(work->month_b, n),
        difference.value, difference.low, difference.high };
}

/* As many months as make a piece are read at a time. */
static int
compute_series(const struct comparison *comparison, const struct outcome *outcome, const struct work *work,
    struct compare_month *months, uint32_t step, struct sim_messages *messages)
{
    const struct reader *reader = comparison->reader;
    struct reader_box box = {
        .n_designs = 1, .n_replicates = reader->n_replicates, .label = outcome->label, .n_labels = 1
    };
    int ret = SIM_OK;
    for (; ret == SIM_OK && box.tick < reader->n_ticks; box.tick += step) {
        uint32_t left = reader->n_ticks - box.tick;
        box.n_ticks = step < left ? step : left;
        box.design = comparison->a;
        ret = reader_box(reader, outcome->observation, &box, work->a, messages);
        if (ret == SIM_OK) {
            box.design = comparison->b;
            ret = reader_box(reader, outcome->observation, &box, work->b, messages);
        }
        for (uint32_t i = 0; ret == SIM_OK && i < box.n_ticks; i++) {
            compute_month(comparison, work, i, box.n_ticks, &months[box.tick + i]);
        }
    }
    return ret;
}

/* Whether an outcome before this one is the same but for the period. */
static int
is_there(const struct outcome *outcomes, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (outcomes[k].observation == outcomes[i].observation && outcomes[k].label == outcomes[i].label) {
            return 1;
        }
    }
    return 0;
}

static int
add_series(struct comparison *comparison, const struct outcome *outcome, const struct work *work,
    uint32_t step, struct sim_messages *messages)
{
    struct compare_series *series = &comparison->series[comparison->n_series];
    series->observation = outcome->observation;
    series->label = outcome_label(outcome);
    series->months = sim_alloc(comparison->reader->n_ticks, sizeof(*series->months));
    if (series->months == NULL) {
        return SIM_ERR_MEMORY;
    }
    comparison->n_series++;
    return compute_series(comparison, outcome, work, series->months, step, messages);
}

int
compare_fill_series(struct comparison *comparison, const struct outcome *outcomes, size_t n_outcomes,
    struct sim_messages *messages)
{
    size_t replicates = comparison->reader->n_replicates;
    uint32_t step = replicates < COMPARE_PIECE ? (uint32_t) (COMPARE_PIECE / replicates) : 1;
    step = step < comparison->reader->n_ticks ? step : comparison->reader->n_ticks;
    struct work work = { sim_alloc(replicates * step, sizeof(double)),
        sim_alloc(replicates * step, sizeof(double)), sim_alloc(replicates, sizeof(double)),
        sim_alloc(replicates, sizeof(double)), sim_alloc(replicates, sizeof(double)) };
    comparison->series = sim_alloc(n_outcomes, sizeof(*comparison->series));
    int ret = work.a == NULL || work.b == NULL || work.month_a == NULL || work.month_b == NULL
            || work.difference == NULL || comparison->series == NULL
        ? SIM_ERR_MEMORY
        : SIM_OK;
    for (size_t i = 0; ret == SIM_OK && i < n_outcomes; i++) {
        ret = is_there(outcomes, i) ? SIM_OK : add_series(comparison, &outcomes[i], &work, step, messages);
    }
    sim_free(work.a);
    sim_free(work.b);
    sim_free(work.month_a);
    sim_free(work.month_b);
    sim_free(work.difference);
    return ret;
}
