/* compare_rows.c - the rows of a comparison: the paired difference of each observation in the last month, and averaged
 * over the last months. */
#include "analysis/compare_parts.h"

#include "analysis/resample.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <gsl/gsl_blas.h>
#include <math.h>
#include <string.h>

/* Of one side of one observation: a number for each label and replicate, NaN where the cell has none. */
struct side {
    double *end, *average; /* [label * n_replicates + replicate] */
    double *change;        /* second half of the averaged months less the first */
};

/* What the rows are computed with. */
struct work {
    struct side a, b;
    double *box;                   /* numbers of some replicates */
    double *pairs_a, *pairs_b, *d; /* of one row */
    double *deviations,
        *present; /* [pair * n_rows + row]: difference less its mean, or 0; whether there is one */
    int complete; /* all are present */
};

static size_t
side_size(const struct reader *reader, uint32_t n_labels)
{
    return (size_t) n_labels * reader->n_replicates;
}

static int
side_init(struct side *side, size_t n)
{
    side->end = sim_alloc(n, sizeof(double));
    side->average = sim_alloc(n, sizeof(double));
    side->change = sim_alloc(n, sizeof(double));
    return side->end == NULL || side->average == NULL || side->change == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static void
side_free(struct side *side)
{
    sim_free(side->end);
    sim_free(side->average);
    sim_free(side->change);
}

/* Takes what a label of one replicate has to say out of its n_ticks last months. */
static void
take(struct side *side, size_t at, const double *numbers, size_t stride, uint32_t n_ticks, uint32_t months)
{
    uint32_t half = months / 2;
    const double *later = numbers + (n_ticks - half) * stride, *before = later - half * stride;
    side->end[at] = numbers[(n_ticks - 1) * stride];
    side->average[at] = outcome_mean(numbers + (n_ticks - months) * stride, stride, months);
    side->change[at] =
        half > 0 ? outcome_mean(later, stride, half) - outcome_mean(before, stride, half) : (double) NAN;
}

static void
leave_out(struct side *side, size_t at)
{
    side->end[at] = side->average[at] = side->change[at] = NAN;
}

static void
take_box(const struct comparison *comparison, const struct reader_box *box, const double *numbers,
    struct side *side)
{
    const struct reader *reader = comparison->reader;
    size_t cell = (size_t) box->n_ticks * box->n_labels;
    for (uint32_t i = 0; i < box->n_replicates; i++) {
        uint32_t replicate = box->replicate + i;
        for (uint32_t label = 0; label < box->n_labels; label++) {
            size_t at = (size_t) label * reader->n_replicates + replicate;
            if (reader_status(reader, box->design, replicate) == READER_RAN) {
                take(side, at, numbers + i * cell + label, box->n_labels, box->n_ticks, comparison->months);
            } else {
                leave_out(side, at);
            }
        }
    }
}

/* The last months that any row looks at, of as many replicates as make a piece. */
static struct reader_box
box_of(const struct comparison *comparison, uint32_t design, uint32_t n_labels)
{
    const struct reader *reader = comparison->reader;
    uint32_t n_ticks = comparison->months > 0 ? comparison->months : 1;
    uint32_t replicates = COMPARE_PIECE / (n_ticks * n_labels);
    replicates = replicates < 1 ? 1 : replicates > reader->n_replicates ? reader->n_replicates : replicates;
    return (struct reader_box){ .design = design,
        .n_designs = 1,
        .n_replicates = replicates,
        .tick = reader->n_ticks - n_ticks,
        .n_ticks = n_ticks,
        .n_labels = n_labels };
}

static int
read_side(const struct comparison *comparison, const struct reader_observation *observation, uint32_t design,
    double *numbers, struct side *side, struct sim_messages *messages)
{
    const struct reader *reader = comparison->reader;
    struct reader_box box = box_of(comparison, design, observation->n_labels);
    uint32_t step = box.n_replicates;
    int ret = SIM_OK;
    for (; ret == SIM_OK && box.replicate < reader->n_replicates; box.replicate += step) {
        uint32_t left = reader->n_replicates - box.replicate;
        box.n_replicates = step < left ? step : left;
        ret = reader_box(reader, observation, &box, numbers, messages);
        if (ret == SIM_OK) {
            take_box(comparison, &box, numbers, side);
        }
    }
    return ret;
}

/* size: of the numbers that x was computed from. */
static double
variance(const double *x, size_t n, double size)
{
    double sd = sim_sd(x, n);
    return inference_is_rounding(sd, size) ? 0 : sd * sd;
}

static double
ratio_of(const struct work *work, size_t n)
{
    double size = fmax(fabs(sim_mean(work->pairs_a, n)), fabs(sim_mean(work->pairs_b, n)));
    double apart = variance(work->pairs_a, n, size) + variance(work->pairs_b, n, size);
    double paired = variance(work->d, n, size);
    if (paired > 0) {
        return apart / paired;
    }
    return apart > 0 ? (double) INFINITY : (double) NAN;
}

/* Fills the numbers of a row from its pairs, which are sorted then. */
static void
fill_row(struct compare_row *row, const struct work *work, size_t n)
{
    struct inference_interval difference = inference_mean(work->d, n);
    row->n = (uint32_t) n;
    row->mean_a = sim_mean(work->pairs_a, n);
    row->mean_b = sim_mean(work->pairs_b, n);
    row->difference = difference.value;
    row->low = difference.low;
    row->high = difference.high;
    row->ratio = ratio_of(work, n);
    row->effect_size = inference_hedges_g(work->pairs_a, work->pairs_b, n);
    row->p = inference_paired_p(work->d, n);
    sim_sort(work->pairs_a, n);
    sim_sort(work->pairs_b, n);
    row->superiority = inference_superiority(work->pairs_a, work->pairs_b, n);
}

/* a, b: by replicate. */
static void
compute_row(struct comparison *comparison, struct compare_row *row, const double *a, const double *b,
    struct work *work)
{
    const struct reader *reader = comparison->reader;
    size_t column = (size_t) (row - comparison->rows), n = 0, pair = 0;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        if (compare_is_pair(comparison, r)) {
            size_t at = pair++ * comparison->n_rows + column;
            work->pairs_a[n] = a[r];
            work->pairs_b[n] = b[r];
            work->d[n] = inference_difference(a[r], b[r]);
            work->present[at] = isnan(work->d[n]) ? 0 : 1;
            work->deviations[at] = isnan(work->d[n]) ? 0 : work->d[n];
            n += isnan(work->d[n]) ? 0 : 1;
        }
    }
    work->complete &= n == pair;
    fill_row(row, work, n);
    for (size_t at = column; at < pair * comparison->n_rows; at += comparison->n_rows) {
        work->deviations[at] -= work->present[at] > 0 ? row->difference : 0;
    }
}

/* Whether the second half of the averaged months differs from the first: 1, 0, or -1 if that cannot be told. */
static int
trend_of(const struct reader *reader, const double *change, double *known)
{
    size_t n = 0;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        known[n] = change[r];
        n += isnan(change[r]) ? 0 : 1;
    }
    return n < 2 ? -1 : fabs(sim_mean(known, n)) > sim_half_width_95(sim_sd(known, n), n);
}

static void
compute_subject(struct comparison *comparison, const struct compare_subject *subject, struct compare_row *end,
    struct compare_row *average, struct work *work)
{
    size_t at = (size_t) subject->label * comparison->reader->n_replicates;
    const char *label = compare_label(subject->observation, subject->label);
    *end = (struct compare_row){
        .observation = subject->observation, .label = label, .trend_a = -1, .trend_b = -1
    };
    compute_row(comparison, end, work->a.end + at, work->b.end + at, work);
    if (subject->averaged) {
        *average = *end;
        average->period = OUTCOME_AVERAGE;
        compute_row(comparison, average, work->a.average + at, work->b.average + at, work);
        average->trend_a = trend_of(comparison->reader, work->a.change + at, work->d);
        average->trend_b = trend_of(comparison->reader, work->b.change + at, work->d);
    }
}

static int
compute_rows(struct comparison *comparison, const struct compare_subject *subjects, size_t n_subjects,
    struct work *work, struct sim_messages *messages)
{
    struct compare_row *end = comparison->rows, *average = comparison->rows + n_subjects;
    const struct reader_observation *read = NULL;
    for (size_t i = 0; i < n_subjects; i++) {
        if (subjects[i].observation != read) {
            read = subjects[i].observation;
            int ret = read_side(comparison, read, comparison->a, work->box, &work->a, messages);
            if (ret == SIM_OK) {
                ret = read_side(comparison, read, comparison->b, work->box, &work->b, messages);
            }
            if (ret != SIM_OK) {
                return ret;
            }
        }
        compute_subject(comparison, &subjects[i], end++, average, work);
        average += subjects[i].averaged;
    }
    return SIM_OK;
}

/* The means of one sample of the pairs, for all rows at once: how often each pair was drawn, times its deviations. */
struct sample {
    const struct work *work;
    size_t n_pairs, n_rows;
    double *drawn, *counts; /* by pair; by row, of those that are present */
};

static void
sample_means(const uint32_t *pairs, uint32_t n, void *context, double *out)
{
    struct sample *sample = context;
    const struct work *work = sample->work;
    gsl_matrix_const_view deviations =
        gsl_matrix_const_view_array(work->deviations, sample->n_pairs, sample->n_rows);
    gsl_matrix_const_view present =
        gsl_matrix_const_view_array(work->present, sample->n_pairs, sample->n_rows);
    gsl_vector_view drawn = gsl_vector_view_array(sample->drawn, sample->n_pairs);
    gsl_vector_view counts = gsl_vector_view_array(sample->counts, sample->n_rows);
    gsl_vector_view sums = gsl_vector_view_array(out, sample->n_rows);
    gsl_vector_set_zero(&drawn.vector);
    for (uint32_t i = 0; i < n; i++) {
        sample->drawn[pairs[i]]++;
    }
    gsl_blas_dgemv(CblasTrans, 1, &deviations.matrix, &drawn.vector, 0, &sums.vector);
    if (!work->complete) {
        gsl_blas_dgemv(CblasTrans, 1, &present.matrix, &drawn.vector, 0, &counts.vector);
    }
    for (size_t row = 0; row < sample->n_rows; row++) {
        out[row] /= work->complete ? (double) n : sample->counts[row]; /* 0 / 0 is NaN: none is present */
    }
}

static int
bootstrap(struct comparison *comparison, const struct work *work, uint32_t resamples)
{
    struct sample sample = { .work = work, .n_pairs = comparison->n_pairs, .n_rows = comparison->n_rows };
    double *low = sim_alloc(sample.n_rows, sizeof(*low)), *high = sim_alloc(sample.n_rows, sizeof(*high));
    sample.drawn = sim_alloc(sample.n_pairs, sizeof(double));
    sample.counts = sim_alloc(sample.n_rows, sizeof(double));
    int ret = SIM_ERR_MEMORY;
    if (low != NULL && high != NULL && sample.drawn != NULL && sample.counts != NULL) {
        const struct resample_plan plan = { .n_rows = comparison->n_pairs,
            .n_samples = resamples,
            .seed = (uint64_t) comparison->reader->seed,
            .statistics = sample_means,
            .context = &sample,
            .n_out = (uint32_t) sample.n_rows };
        ret = resample_intervals(&plan, low, high);
    }
    for (size_t i = 0; ret == SIM_OK && i < sample.n_rows; i++) {
        struct compare_row *row = &comparison->rows[i];
        row->bootstrap_low = row->n < 2 ? (double) NAN : row->difference + low[i];
        row->bootstrap_high = row->n < 2 ? (double) NAN : row->difference + high[i];
    }
    sim_free(low);
    sim_free(high);
    sim_free(sample.drawn);
    sim_free(sample.counts);
    return ret;
}

/* Adjusts the p values of the rows from first on, which are of one period. */
static int
adjust(struct compare_row *rows, size_t n)
{
    double *p = sim_alloc(n, sizeof(*p)), *adjusted = sim_alloc(n, sizeof(*adjusted));
    int ret = p != NULL && adjusted != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t i = 0; ret == SIM_OK && i < n; i++) {
        p[i] = rows[i].p;
    }
    if (ret == SIM_OK) {
        ret = inference_holm(p, n, adjusted);
    }
    for (size_t i = 0; ret == SIM_OK && i < n; i++) {
        rows[i].p_holm = adjusted[i];
    }
    sim_free(p);
    sim_free(adjusted);
    return ret;
}

static int
reserve(struct comparison *comparison, const struct compare_subject *subjects, size_t n_subjects,
    struct work *work)
{
    size_t replicates = comparison->reader->n_replicates, n = n_subjects;
    uint32_t labels = 1;
    for (size_t i = 0; i < n_subjects; i++) {
        n += subjects[i].averaged ? 1 : 0;
        labels = subjects[i].observation->n_labels > labels ? subjects[i].observation->n_labels : labels;
    }
    comparison->rows = sim_alloc(n, sizeof(*comparison->rows));
    comparison->n_rows = comparison->rows == NULL ? 0 : n;
    struct reader_box box = box_of(comparison, 0, labels);
    size_t largest = (size_t) box.n_replicates * box.n_ticks * labels;
    work->box = sim_alloc(largest > COMPARE_PIECE ? largest : COMPARE_PIECE, sizeof(double));
    work->pairs_a = sim_alloc(replicates, sizeof(double));
    work->pairs_b = sim_alloc(replicates, sizeof(double));
    work->d = sim_alloc(replicates, sizeof(double));
    work->deviations = sim_alloc(comparison->n_pairs, n * sizeof(double));
    work->present = sim_alloc(comparison->n_pairs, n * sizeof(double));
    work->complete = 1;
    int ret_a = side_init(&work->a, side_size(comparison->reader, labels));
    int ret_b = side_init(&work->b, side_size(comparison->reader, labels));
    return comparison->rows == NULL || work->box == NULL || work->pairs_a == NULL || work->pairs_b == NULL
            || work->d == NULL || work->deviations == NULL || work->present == NULL || ret_a != SIM_OK
            || ret_b != SIM_OK
        ? SIM_ERR_MEMORY
        : SIM_OK;
}

int
compare_fill_rows(struct comparison *comparison, const struct compare_subject *subjects, size_t n_subjects,
    uint32_t resamples, struct sim_messages *messages)
{
    struct work work;
    memset(&work, 0, sizeof(work));
    int ret = reserve(comparison, subjects, n_subjects, &work);
    if (ret == SIM_OK) {
        ret = compute_rows(comparison, subjects, n_subjects, &work, messages);
    }
    if (ret == SIM_OK && comparison->n_rows > 0) {
        ret = bootstrap(comparison, &work, resamples);
    }
    if (ret == SIM_OK) {
        ret = adjust(comparison->rows, n_subjects);
    }
    if (ret == SIM_OK) {
        ret = adjust(comparison->rows + n_subjects, comparison->n_rows - n_subjects);
    }
    side_free(&work.a);
    side_free(&work.b);
    sim_free(work.box);
    sim_free(work.pairs_a);
    sim_free(work.pairs_b);
    sim_free(work.d);
    sim_free(work.deviations);
    sim_free(work.present);
    return ret;
}
