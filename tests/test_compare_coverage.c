/* test_compare_coverage.c - how often the intervals of a comparison cover the truth. Each label of one observation is an
 * experiment of its own: 40 pairs whose difference is known. Luck is shared, and large.
 *
 *     normal    B - A = 0.3 + normal with sd 1     Student's t covers in exactly 95 %
 *     skewed    B - A = 0.3 + exponential - 1      it covers a little less often, in 93 to 94 % with 40 pairs
 *
 * The standard error of a share of .95 over 8192 experiments is .0024. The bootstrap's percentile intervals have normal
 * instead of t quantiles and lack the factor sqrt(n / (n - 1)): with 40 pairs they are 0.957 as wide and cover about 94 %
 * where the t interval covers 95 %.
 */
#include "sample.h"

#include "analysis/compare.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define EXPERIMENTS 8192 /* as many as make the pairs be read in two pieces */
#define PAIRS 40
#define TRUTH 0.3

static char path[64];
static char names[EXPERIMENTS][12];
static const char *labels[EXPERIMENTS];
static const struct sim_dimension dimensions[] = { { "experiment", "experiments", labels, EXPERIMENTS,
    NULL } };
static const struct sim_observation observations[] = {
    { "plain", "plain", "the one whose months are told too", "1", -1, SIM_MEAN, SIM_BLOCK, (double) NAN,
        (double) NAN, NULL, NULL },
    { "normal", "normal", "differences are normal", "1", 0, SIM_MEAN, SIM_BLOCK, (double) NAN, (double) NAN,
        NULL, NULL },
    { "skewed", "skewed", "differences are exponential", "1", 0, SIM_MEAN, SIM_BLOCK, (double) NAN,
        (double) NAN, NULL, NULL },
};
static const struct sim_model model = { .name = "synthetic",
    .title = "Experiments whose truth is known",
    .dimensions = dimensions,
    .n_dimensions = SIM_COUNT_OF(dimensions),
    .observations = observations,
    .n_observations = SIM_COUNT_OF(observations) };

/* One month, in rows of numbers: the plain one, normal by experiment, skewed. */
static void
make_numbers(struct sim_results *results)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (uint32_t r = 0; r < PAIRS; r++) {
        double *a = results->cells[r].rows, *b = results->cells[PAIRS + r].rows;
        for (uint32_t i = 0; i <= 2 * EXPERIMENTS; i++) {
            double noise = i <= EXPERIMENTS ? gsl_ran_ugaussian(rng) : gsl_ran_exponential(rng, 1) - 1;
            a[i] = gsl_ran_gaussian(rng, 5);
            b[i] = a[i] + TRUTH + noise;
        }
    }
    gsl_rng_free(rng);
}

static int
write_experiments(void **state)
{
    struct sim_experiment experiment = sample_experiment(2, PAIRS, 1, 1);
    struct sim_results results;
    const char *base = getenv("TMPDIR");
    (void) state;
    snprintf(path, sizeof(path), "%.40s/coverage_XXXXXX", base == NULL ? "/tmp" : base);
    int file = mkstemp(path);
    for (int i = 0; i < EXPERIMENTS; i++) {
        snprintf(names[i], sizeof(names[i]), "%d", i);
        labels[i] = names[i];
    }
    experiment.model = &model;
    int ret = sim_results_init(&results, &experiment);
    for (uint32_t cell = 0; ret == SIM_OK && cell < results.n_cells; cell++) {
        results.cells[cell].rows = sim_alloc(results.row, sizeof(double));
        results.cells[cell].status = SIM_RUN_OK;
        ret = results.cells[cell].rows != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    if (ret == SIM_OK) {
        make_numbers(&results);
        ret = sample_write(path, &results, NULL);
    }
    sim_results_free(&results);
    return ret == SIM_OK && file >= 0 ? close(file) : -1;
}

static int
remove_experiments(void **state)
{
    (void) state;
    return unlink(path);
}

static void
intervals_cover_the_truth_as_often_as_they_say(void **state)
{
    const struct compare_choice choice = { .a = 0, .b = 1, .resamples = 200 };
    struct reader reader;
    struct comparison comparison;
    double by_t[2] = { 0, 0 }, by_bootstrap[2] = { 0, 0 }, unpaired = 0;
    (void) state;
    assert_int_equal(reader_init(&reader, path, NULL), SIM_OK);
    assert_int_equal(compare_init_chosen(&comparison, &reader, &choice, NULL), SIM_OK);
    assert_int_equal(comparison.n_rows, 1 + 2 * EXPERIMENTS);
    for (size_t i = 1; i < comparison.n_rows; i++) {
        const struct compare_row *row = &comparison.rows[i];
        int skewed = i > EXPERIMENTS;
        by_t[skewed] += row->low <= TRUTH && TRUTH <= row->high ? 1.0 / EXPERIMENTS : 0;
        by_bootstrap[skewed] +=
            row->bootstrap_low <= TRUTH && TRUTH <= row->bootstrap_high ? 1.0 / EXPERIMENTS : 0;
        unpaired += row->ratio / (double) comparison.n_rows;
    }
    print_message("covered: t %.4f normal, %.4f skewed; bootstrap %.4f normal, %.4f skewed\n", by_t[0],
        by_t[1], by_bootstrap[0], by_bootstrap[1]);
    assert_true(fabs(by_t[0] - 0.95) < 3 * 0.0024);
    assert_true(by_t[1] > 0.925 && by_t[1] < 0.945);
    assert_true(by_bootstrap[0] > 0.93 && by_bootstrap[0] < 0.945);
    assert_true(by_bootstrap[1] > 0.91 && by_bootstrap[1] < 0.935);
    assert_true(unpaired > 45 && unpaired < 65); /* 2 * 25 / 1, a little more, for it is a ratio */
    compare_free(&comparison);
    reader_free(&reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(intervals_cover_the_truth_as_often_as_they_say) };
    return cmocka_run_group_tests(tests, write_experiments, remove_experiments);
}
