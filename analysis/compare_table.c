/* compare_table.c - a comparison as tables for the terminal. */
#include "analysis/compare_table.h"

#include "analysis/text.h"
#include "sim/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define SHORT_WIDTH 6
#define FIRST_WIDTH \
    (3 * (TEXT_NUMBER_WIDTH + 1) + TEXT_INTERVAL_WIDTH + 1) /* of means, difference and interval */
#define NUMBERS_WIDTH (FIRST_WIDTH + SHORT_WIDTH + 1)
#define WIDEST_NAME 48
#define LEAST_NAME 28 /* that further columns leave to the names */

/* The columns that are added from the left on, as far as there is room. */
enum more { EFFECT, SUPERIORITY, P_HOLM, BOOTSTRAP, MORE };
static const char *const more_headings[MORE] = { "effect", "P(B>A)", "p Holm", "bootstrap 95 %" };
static const int more_widths[MORE] = { SHORT_WIDTH, SHORT_WIDTH, SHORT_WIDTH, TEXT_INTERVAL_WIDTH };

static void
print_means(FILE *out, const double means[3], double low, double high, int decimals)
{
    char text[80];
    for (int i = 0; i < 3; i++) {
        text_number(text, sizeof(text), means[i], decimals, TEXT_NUMBER_WIDTH);
        fprintf(out, " %*s", TEXT_NUMBER_WIDTH, text);
    }
    text_interval(text, sizeof(text), low, high, decimals);
    fprintf(out, " %*s", TEXT_INTERVAL_WIDTH, text);
}

static double
size_of(const double means[3])
{
    return fabs(means[2]) > 0 ? fabs(means[2]) : fmax(fabs(means[0]), fabs(means[1]));
}

static void
print_more(FILE *out, const struct compare_row *row, enum more column, int decimals)
{
    char text[80];
    switch (column) {
    case EFFECT: text_short(text, sizeof(text), row->effect_size); break;
    case SUPERIORITY: text_probability(text, sizeof(text), row->superiority, 2); break;
    case P_HOLM: text_probability(text, sizeof(text), row->p_holm, 3); break;
    default: text_interval(text, sizeof(text), row->bootstrap_low, row->bootstrap_high, decimals); break;
    }
    fprintf(out, " %*s", more_widths[column], text);
}

static void
print_numbers(FILE *out, const struct compare_row *row, const struct table_layout *layout)
{
    const double means[] = { row->mean_a, row->mean_b, row->difference };
    int decimals = text_decimals(row->low, row->high, size_of(means));
    char text[80];
    print_means(out, means, row->low, row->high, decimals);
    text_short(text, sizeof(text), row->ratio);
    fprintf(out, " %*s", SHORT_WIDTH, text);
    for (int i = 0; i < layout->n_more; i++) {
        print_more(out, row, (enum more) i, decimals);
    }
    fputc('\n', out);
}

static void
heading_of(const struct comparison *comparison, enum outcome_period period, char *text, size_t size)
{
    text_months(text, size, period == OUTCOME_END, comparison->first_tick, compare_last_tick(comparison));
}

static int
longest_name(const struct comparison *comparison)
{
    char text[TEXT_SIZE];
    heading_of(comparison, OUTCOME_AVERAGE, text, sizeof(text));
    int longest = sim_utf8_width(text);
    for (size_t i = 0; i < comparison->n_rows; i++) {
        text_name(comparison->rows[i].observation, text, sizeof(text));
        int width = sim_utf8_width(text);
        int label = comparison->rows[i].label == NULL ? 0 : 2 + sim_utf8_width(comparison->rows[i].label);
        width = width > label ? width : label;
        longest = width > longest ? width : longest;
    }
    return longest < WIDEST_NAME ? longest : WIDEST_NAME;
}

static struct table_layout
choose_layout(const struct comparison *comparison, int columns)
{
    int longest = longest_name(comparison), least = longest < LEAST_NAME ? longest : LEAST_NAME;
    struct table_layout layout = { .columns = columns < TEXT_NARROWEST ? TEXT_NARROWEST : columns };
    int room = layout.columns - NUMBERS_WIDTH;
    while (layout.n_more < MORE && room - more_widths[layout.n_more] - 1 >= least) {
        room -= more_widths[layout.n_more++] + 1;
    }
    layout.name = longest < room ? longest : room;
    return layout;
}

/* What a row without a label begins with: name and unit if they fit. If only the name does, the unit is to
 * have the line below: then it is returned. If not even the name does, both have a line above. */
static const char *
print_name(FILE *out, const struct reader_observation *observation, const struct table_layout *layout)
{
    char text[TEXT_SIZE];
    const char *below = NULL;
    text_name(observation, text, sizeof(text));
    if (sim_utf8_width(text) <= layout->name) {
        text_padded(out, text, layout->name);
    } else if (sim_utf8_width(observation->name) <= layout->name) {
        text_padded(out, observation->name, layout->name);
        below = observation->unit;
    } else {
        text_line(out, text, layout->columns);
        text_padded(out, "", layout->name);
    }
    return below;
}

static void
print_plain_row(FILE *out, const struct compare_row *row, const struct table_layout *layout)
{
    char text[TEXT_SIZE];
    const char *unit = print_name(out, row->observation, layout);
    print_numbers(out, row, layout);
    if (unit != NULL) {
        snprintf(text, sizeof(text), "(%s)", unit);
        fputs("  ", out);
        text_line(out, text, layout->columns - 2);
    }
}

static void
print_row(FILE *out, const struct comparison *comparison, size_t i, const struct table_layout *layout)
{
    const struct compare_row *row = &comparison->rows[i];
    char text[TEXT_SIZE];
    if (row->label == NULL) {
        print_plain_row(out, row, layout);
        return;
    }
    if (i == 0 || comparison->rows[i - 1].observation != row->observation
        || comparison->rows[i - 1].period != row->period) {
        text_name(row->observation, text, sizeof(text));
        text_line(out, text, layout->columns);
    }
    snprintf(text, sizeof(text), "  %s", row->label);
    text_padded(out, text, layout->name);
    print_numbers(out, row, layout);
}

/* The heading of the columns that all blocks have; one that is too wide for the names has a line of its own. */
static void
print_first_headings(FILE *out, const char *heading, int width)
{
    int fits = sim_utf8_width(heading) <= width;
    fprintf(out, "\n%s%s", fits ? "" : heading, fits ? "" : "\n");
    text_padded(out, fits ? heading : "", width);
    fprintf(out, " %*s %*s %*s %*s", TEXT_NUMBER_WIDTH, "A", TEXT_NUMBER_WIDTH, "B", TEXT_NUMBER_WIDTH,
        "B - A", TEXT_INTERVAL_WIDTH, "95 % interval");
}

static void
print_period(FILE *out, const struct comparison *comparison, enum outcome_period period,
    const struct table_layout *layout)
{
    char heading[64];
    int begun = 0;
    heading_of(comparison, period, heading, sizeof(heading));
    for (size_t i = 0; i < comparison->n_rows; i++) {
        if (comparison->rows[i].period != period) {
            continue;
        }
        if (!begun++) {
            print_first_headings(out, heading, layout->name);
            fprintf(out, " %*s", SHORT_WIDTH, "ratio");
            for (int k = 0; k < layout->n_more; k++) {
                fprintf(out, " %*s", more_widths[k], more_headings[k]);
            }
            fputc('\n', out);
        }
        print_row(out, comparison, i, layout);
    }
}

static void
print_statistic(
    FILE *out, const char *name, double a, double b, const struct inference_interval *difference, int width)
{
    const double means[] = { a, b, difference->value };
    text_padded(out, name, width);
    print_means(out, means, difference->low, difference->high,
        text_decimals(difference->low, difference->high, size_of(means)));
    fputc('\n', out);
}

static void
print_spreads(FILE *out, const struct compare_distribution *distribution, const struct table_layout *layout)
{
    const struct compare_spread *a = &distribution->a, *b = &distribution->b;
    const struct inference_interval none = { NAN, NAN, NAN };
    char text[TEXT_SIZE];
    text_name(distribution->observation, text, sizeof(text));
    if (distribution->label != NULL) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof(text) - length, ": %s", distribution->label);
    }
    text_line(out, text, layout->columns);
    for (int q = 0; q < COMPARE_QUANTILES; q++) {
        snprintf(text, sizeof(text), "  %.0f %% quantile", 100 * compare_quantiles[q]);
        print_statistic(out, text, a->quantiles[q], b->quantiles[q], &distribution->quantile_differences[q],
            layout->name);
    }
    print_statistic(
        out, "  Gini", a->gini.value, b->gini.value, &distribution->gini_difference, layout->name);
    print_statistic(out, "  P90/P10", a->p90_p10, b->p90_p10, &none, layout->name);
}

static void
print_distributions(FILE *out, const struct comparison *comparison, const struct table_layout *layout)
{
    const struct compare_distribution *before = NULL;
    for (size_t i = 0; i < comparison->n_distributions; i++) {
        const struct compare_distribution *distribution = &comparison->distributions[i];
        if (before == NULL || strcmp(before->place, distribution->place) != 0
            || before->period != distribution->period) {
            char months[64], text[TEXT_SIZE];
            heading_of(comparison, distribution->period, months, sizeof(months));
            fputc('\n', out);
            snprintf(text, sizeof(text),
                "by %s (%" PRIu32 " of A, %" PRIu32 " of B), %s, mean over replicates", distribution->place,
                distribution->a.n_places, distribution->b.n_places, months);
            text_line(out, text, layout->columns);
            print_first_headings(out, "", layout->name);
            fputc('\n', out);
        }
        print_spreads(out, distribution, layout);
        before = distribution;
    }
}

/* What the varied parameters are at the design point. */
static void
print_values(FILE *out, const struct comparison *comparison, uint32_t design, int columns)
{
    int at = 0;
    for (uint32_t i = 0; i < comparison->factors.n; i++) {
        const struct factor *factor = &comparison->factors.list[i];
        char value[TEXT_SIZE], text[2 * TEXT_SIZE];
        factors_print(factor, design, value, sizeof(value));
        int has_unit = *factor->unit != '\0' && strcmp(factor->unit, "1") != 0;
        snprintf(text, sizeof(text), "%s = %s%s%s%s", factor->name, value, has_unit ? " " : "",
            has_unit ? factor->unit : "", i + 1 < comparison->factors.n ? "," : "");
        fputs(i == 0 ? "  " : "", out);
        text_words(out, text, columns - 2, &at);
    }
    if (at > 0) {
        fputc('\n', out);
    }
}

static void
print_side(FILE *out, const struct comparison *comparison, char side, uint32_t design, int columns)
{
    char text[TEXT_SIZE], point[32] = "";
    const struct reader *reader = comparison->reader;
    const char *joint = reader->titles[design][0] == '\0' ? "" : ": ";
    if (comparison->factors.n > 0 || reader->n_designs > 2) {
        snprintf(point, sizeof(point), " (design point %" PRIu32 ")", design);
    }
    snprintf(text, sizeof(text), "%c  %s%s%s%s", side, reader->scenarios[design], point, joint,
        reader->titles[design]);
    int width = sim_utf8_width(text);
    text_padded(out, text, width < columns ? width : columns);
    fputc('\n', out);
    print_values(out, comparison, design, columns);
}

int
compare_print_table(const struct comparison *comparison, FILE *out, int columns)
{
    struct table_layout layout = choose_layout(comparison, columns);
    print_side(out, comparison, 'A', comparison->a, layout.columns);
    print_side(out, comparison, 'B', comparison->b, layout.columns);
    print_period(out, comparison, OUTCOME_END, &layout);
    print_period(out, comparison, OUTCOME_AVERAGE, &layout);
    print_distributions(out, comparison, &layout);
    table_print_legend(out, comparison, &layout);
    return text_written(out);
}

static void
print_months(FILE *out, const struct comparison *comparison, const struct compare_series *series)
{
    for (uint32_t tick = 0; tick < comparison->reader->n_ticks; tick++) {
        const struct compare_month *month = &series->months[tick];
        const double means[] = { month->mean_a, month->mean_b, month->difference };
        fprintf(out, "%5" PRIu32 " %5" PRIu32, comparison->reader->before + 1 + tick, month->n);
        print_means(
            out, means, month->low, month->high, text_decimals(month->low, month->high, size_of(means)));
        fputc('\n', out);
    }
}

int
compare_print_series_table(const struct comparison *comparison, FILE *out, int columns)
{
    char text[TEXT_SIZE];
    columns = columns < TEXT_NARROWEST ? TEXT_NARROWEST : columns;
    print_side(out, comparison, 'A', comparison->a, columns);
    print_side(out, comparison, 'B', comparison->b, columns);
    for (size_t i = 0; i < comparison->n_series; i++) {
        const struct compare_series *series = &comparison->series[i];
        text_name(series->observation, text, sizeof(text));
        if (series->label != NULL) {
            size_t length = strlen(text);
            snprintf(text + length, sizeof(text) - length, ": %s", series->label);
        }
        fputc('\n', out);
        text_line(out, text, columns);
        fprintf(out, "%5s %5s %*s %*s %*s %*s\n", "month", "pairs", TEXT_NUMBER_WIDTH, "A", TEXT_NUMBER_WIDTH,
            "B", TEXT_NUMBER_WIDTH, "B - A", TEXT_INTERVAL_WIDTH, "95 % interval");
        print_months(out, comparison, series);
    }
    return text_written(out);
}
