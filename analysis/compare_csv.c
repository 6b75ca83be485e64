/* compare_csv.c - a comparison as CSV (RFC 4180); compare.h tells the columns. */
#include "analysis/compare.h"

#include "analysis/csv.h"
#include "analysis/text.h"

#include <inttypes.h>
#include <math.h>

static void
print_name(FILE *out, const struct reader_observation *observation, const char *label)
{
    csv_text(out, observation->name);
    fputc(',', out);
    csv_text(out, label == NULL ? "" : label);
    fputc(',', out);
    csv_text(out, observation->unit);
}

static void
print_numbers(FILE *out, const double *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fputc(',', out);
        csv_number(out, numbers[i]);
    }
}

static void
print_row(
    FILE *out, const struct comparison *comparison, const struct compare_row *row, const char *statistic)
{
    const double numbers[] = { row->mean_a, row->mean_b, row->difference, row->low, row->high,
        row->bootstrap_low, row->bootstrap_high, row->effect_size, row->superiority, row->p, row->p_holm,
        row->ratio };
    const int trends[] = { row->trend_a, row->trend_b };
    print_name(out, row->observation, row->label);
    fprintf(out, ",%s,%" PRIu32 ",%" PRIu32 ",%" PRIu32, outcome_period_name(row->period),
        compare_first_tick(comparison, row->period), compare_last_tick(comparison), row->n);
    print_numbers(out, numbers, sizeof(numbers) / sizeof(*numbers));
    for (size_t i = 0; i < sizeof(trends) / sizeof(*trends); i++) {
        fputs(trends[i] < 0 ? "," : trends[i] ? ",1" : ",0", out);
    }
    fputc(',', out);
    csv_text(out, statistic);
    fputs(CSV_END, out);
}

/* A statistic over places, as a row that has little else. */
static void
print_statistic(FILE *out, const struct comparison *comparison,
    const struct compare_distribution *distribution, const char *name, double a, double b,
    const struct inference_interval *difference)
{
    char statistic[256];
    const struct compare_row row = { distribution->observation, distribution->label, distribution->period,
        distribution->n, a, b, difference->value, difference->low, difference->high, NAN, NAN, NAN, NAN, NAN,
        NAN, NAN, -1, -1 };
    snprintf(statistic, sizeof(statistic), "%s_%s", distribution->place, name);
    print_row(out, comparison, &row, statistic);
}

static void
print_distribution(
    FILE *out, const struct comparison *comparison, const struct compare_distribution *distribution)
{
    const struct compare_spread *a = &distribution->a, *b = &distribution->b;
    const struct inference_interval none = { NAN, NAN, NAN };
    for (int q = 0; q < COMPARE_QUANTILES; q++) {
        char name[16];
        snprintf(name, sizeof(name), "q%02.0f", 100 * compare_quantiles[q]);
        print_statistic(out, comparison, distribution, name, a->quantiles[q], b->quantiles[q],
            &distribution->quantile_differences[q]);
    }
    print_statistic(
        out, comparison, distribution, "gini", a->gini.value, b->gini.value, &distribution->gini_difference);
    print_statistic(out, comparison, distribution, "p90_p10", a->p90_p10, b->p90_p10, &none);
}

int
compare_print_csv(const struct comparison *comparison, FILE *out)
{
    fputs(
        "observation,label,unit,period,first_tick,last_tick,n,mean_a,mean_b,difference,low,high,bootstrap_low,"
        "bootstrap_high,effect_size,superiority,p,p_holm,ratio,trend_a,trend_b,statistic" CSV_END,
        out);
    for (size_t i = 0; i < comparison->n_rows; i++) {
        print_row(out, comparison, &comparison->rows[i], "mean");
    }
    for (size_t i = 0; i < comparison->n_distributions; i++) {
        print_distribution(out, comparison, &comparison->distributions[i]);
    }
    return text_written(out);
}

int
compare_print_series_csv(const struct comparison *comparison, FILE *out)
{
    fputs("observation,label,unit,tick,n,mean_a,mean_b,difference,low,high" CSV_END, out);
    for (size_t i = 0; i < comparison->n_series; i++) {
        const struct compare_series *series = &comparison->series[i];
        for (uint32_t tick = 0; tick < comparison->reader->n_ticks; tick++) {
            const struct compare_month *month = &series->months[tick];
            const double numbers[] = { month->mean_a, month->mean_b, month->difference, month->low,
                month->high };
            print_name(out, series->observation, series->label);
            fprintf(out, ",%" PRIu32 ",%" PRIu32, comparison->reader->before + 1 + tick, month->n);
            print_numbers(out, numbers, sizeof(numbers) / sizeof(*numbers));
            fputs(CSV_END, out);
        }
    }
    return text_written(out);
}
