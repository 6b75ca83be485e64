/* compare.c - paired differences between two design points of one results file. */
#include "analysis/compare.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <math.h>
#include <string.h>

/* What one observation is computed with: its numbers, and room for a number a replicate. */
struct work {
    double *values;
    double *a, *b, *difference;
};

/* The mean of some months of one replicate; months without a value are left out. tick counts from 0. */
static double
mean_of_months(const struct comparison *comparison, const struct compare_row *row, const double *values,
    uint32_t design, uint32_t replicate, uint32_t label, uint32_t first, uint32_t count)
{
    double months[COMPARE_MONTHS];
    size_t n = 0;
    for (uint32_t tick = first; tick < first + count; tick++) {
        months[n] =
            values[reader_index(comparison->reader, row->observation, design, replicate, tick, label)];
        n += isnan(months[n]) ? 0 : 1;
    }
    return sim_mean(months, n);
}

static int
ran(const struct reader *reader, uint32_t design, uint32_t replicate)
{
    return reader->run_status[(size_t) design * reader->n_replicates + replicate] == 0;
}

static double
variance(const double *x, size_t n)
{
    double sd = sim_sd(x, n);
    return sd * sd;
}

static double
ratio_of(const struct work *work, size_t n)
{
    double apart = variance(work->a, n) + variance(work->b, n);
    double paired = variance(work->difference, n);
    if (paired > 0) {
        return apart / paired;
    }
    return apart > 0 ? (double) INFINITY : (double) NAN;
}

/* Fills the numbers of a row from its pairs. */
static void
fill_row(struct compare_row *row, const struct work *work, size_t n)
{
    double half = sim_half_width_95(sim_sd(work->difference, n), n);
    row->n = (uint32_t) n;
    row->mean_a = sim_mean(work->a, n);
    row->mean_b = sim_mean(work->b, n);
    row->difference = sim_mean(work->difference, n);
    row->low = row->difference - half;
    row->high = row->difference + half;
    row->ratio = ratio_of(work, n);
}

static void
compute_row(const struct comparison *comparison, struct compare_row *row, uint32_t label, uint32_t first,
    uint32_t count, const struct work *work)
{
    const struct reader *reader = comparison->reader;
    size_t n = 0;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        if (!ran(reader, comparison->a, r) || !ran(reader, comparison->b, r)) {
            continue;
        }
        work->a[n] = mean_of_months(comparison, row, work->values, comparison->a, r, label, first, count);
        work->b[n] = mean_of_months(comparison, row, work->values, comparison->b, r, label, first, count);
        work->difference[n] = work->b[n] - work->a[n];
        n += isnan(work->difference[n]) ? 0 : 1;
    }
    fill_row(row, work, n);
}

/* Whether the second half of the averaged months differs from the first: 1, 0, or -1 if that cannot be told.
 */
static int
trend_of(const struct comparison *comparison, const struct compare_row *row, uint32_t design, uint32_t label,
    const struct work *work)
{
    const struct reader *reader = comparison->reader;
    uint32_t half = comparison->months / 2;
    uint32_t later = reader->n_ticks - half;
    size_t n = 0;
    for (uint32_t r = 0; half > 0 && r < reader->n_replicates; r++) {
        if (ran(reader, design, r)) {
            double before =
                mean_of_months(comparison, row, work->values, design, r, label, later - half, half);
            work->difference[n] =
                mean_of_months(comparison, row, work->values, design, r, label, later, half) - before;
            n += isnan(work->difference[n]) ? 0 : 1;
        }
    }
    if (n < 2) {
        return -1;
    }
    return fabs(sim_mean(work->difference, n)) > sim_half_width_95(sim_sd(work->difference, n), n);
}

/* The rows of one observation: end points to the first of the last month, average to the first of the
 * averages. */
static void
compare_observation(const struct comparison *comparison, const struct reader_observation *observation,
    struct compare_row *end, struct compare_row *average, const struct work *work)
{
    for (uint32_t label = 0; label < observation->n_labels; label++) {
        const char *text = observation->labels == NULL ? NULL : observation->labels[label];
        end[label] =
            (struct compare_row){ .observation = observation, .label = text, .trend_a = -1, .trend_b = -1 };
        end[label].period = COMPARE_END;
        compute_row(comparison, &end[label], label, comparison->reader->n_ticks - 1, 1, work);
        if (comparison->months > 0) {
            struct compare_row *row = &average[label];
            *row = end[label];
            row->period = COMPARE_AVERAGE;
            compute_row(comparison, row, label, comparison->first_tick - 1 - comparison->reader->before,
                comparison->months, work);
            row->trend_a = trend_of(comparison, row, comparison->a, label, work);
            row->trend_b = trend_of(comparison, row, comparison->b, label, work);
        }
    }
}

static int
compare_observations(struct comparison *comparison, struct work *work, struct sim_messages *messages)
{
    const struct reader *reader = comparison->reader;
    struct compare_row *end = comparison->rows;
    struct compare_row *average = comparison->rows + (comparison->months > 0 ? comparison->n_rows / 2 : 0);
    for (uint32_t o = 0; o < reader->n_observations; o++) {
        const struct reader_observation *observation = &reader->observations[o];
        int ret = reader_values(reader, observation, &work->values, messages);
        if (ret != SIM_OK) {
            return ret;
        }
        compare_observation(comparison, observation, end, average, work);
        end += observation->n_labels;
        average += observation->n_labels;
        sim_free(work->values);
        work->values = NULL;
    }
    return SIM_OK;
}

static void
choose_months(struct comparison *comparison)
{
    const struct reader *reader = comparison->reader;
    uint32_t last = reader->before + reader->n_ticks;
    uint32_t left_out = reader->burn_in > reader->before ? reader->burn_in : reader->before;
    uint32_t after = last > left_out ? last - left_out : 0;
    comparison->months = after < COMPARE_MONTHS ? after : COMPARE_MONTHS;
    comparison->first_tick = last - comparison->months + 1;
}

static int
reserve_rows(struct comparison *comparison)
{
    size_t n = 0;
    for (uint32_t o = 0; o < comparison->reader->n_observations; o++) {
        n += comparison->reader->observations[o].n_labels;
    }
    n *= comparison->months > 0 ? 2 : 1;
    comparison->rows = sim_alloc(n, sizeof(*comparison->rows));
    comparison->n_rows = comparison->rows == NULL ? 0 : n;
    return comparison->rows == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

int
compare_init(struct comparison *comparison, const struct reader *reader, uint32_t a, uint32_t b,
    struct sim_messages *messages)
{
    memset(comparison, 0, sizeof(*comparison));
    comparison->reader = reader;
    comparison->a = a;
    comparison->b = b;
    if (a >= reader->n_designs || b >= reader->n_designs) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "nothing to compare: design points %u and %u are asked for, and there are %u", a, b,
            reader->n_designs);
        return SIM_ERR_INPUT;
    }
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        comparison->n_pairs += ran(reader, a, r) && ran(reader, b, r) ? 1 : 0;
    }
    choose_months(comparison);
    struct work work = { NULL, NULL, NULL, NULL };
    work.a = sim_alloc(reader->n_replicates, sizeof(double));
    work.b = sim_alloc(reader->n_replicates, sizeof(double));
    work.difference = sim_alloc(reader->n_replicates, sizeof(double));
    int ret = work.a == NULL || work.b == NULL || work.difference == NULL ? SIM_ERR_MEMORY
                                                                          : reserve_rows(comparison);
    if (ret == SIM_OK) {
        ret = compare_observations(comparison, &work, messages);
    }
    sim_free(work.values);
    sim_free(work.a);
    sim_free(work.b);
    sim_free(work.difference);
    return ret;
}

void
compare_free(struct comparison *comparison)
{
    sim_free(comparison->rows);
    memset(comparison, 0, sizeof(*comparison));
}
