/* compare_print.c - a comparison as a table for the terminal, as CSV (RFC 4180) and as JSON. */
#include "analysis/compare.h"

#include "analysis/csv.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/utf8.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#define NARROWEST 72 /* columns a table needs */
#define NUMBER_WIDTH 9
#define INTERVAL_WIDTH 20
#define RATIO_WIDTH 6
#define NUMBERS_WIDTH (3 * (NUMBER_WIDTH + 1) + INTERVAL_WIDTH + 1 + RATIO_WIDTH + 1)
#define WIDEST_NAME 48
#define MOST_DECIMALS 5 /* so that two of them fit into an interval */
#define TEXT_SIZE 512

static uint32_t
last_tick(const struct comparison *comparison)
{
    return comparison->reader->before + comparison->reader->n_ticks;
}

static uint32_t
first_tick(const struct comparison *comparison, const struct compare_row *row)
{
    return row->period == COMPARE_END ? last_tick(comparison) : comparison->first_tick;
}

/* Writes text in exactly width columns: filled with blanks, or cut with an ellipsis. */
static void
print_padded(FILE *out, const char *text, int width)
{
    int used = sim_utf8_width(text);
    if (used <= width) {
        fprintf(out, "%s%*s", text, width - used, "");
        return;
    }
    size_t length = sim_utf8_fit(text, width - 1, &used);
    fprintf(out, "%.*s…%*s", (int) length, text, width - 1 - used, "");
}

/* Decimals that show two digits of the uncertainty, or four of the difference or else of the numbers where
 * there is none. */
static int
decimals_of(const struct compare_row *row)
{
    double half = (row->high - row->low) / 2;
    double size =
        fabs(row->difference) > 0 ? fabs(row->difference) : fmax(fabs(row->mean_a), fabs(row->mean_b));
    double scale = half > 0 && isfinite(half) ? half * 100 : size;
    if (!(scale > 0) || !isfinite(scale)) {
        return 0;
    }
    int decimals = 3 - (int) floor(log10(scale));
    return decimals < 0 ? 0 : decimals > MOST_DECIMALS ? MOST_DECIMALS : decimals;
}

/* A number in at most width columns, or with an exponent if it has too many digits. */
static void
print_number(char *text, size_t size, double number, int decimals, int width)
{
    if (isnan(number)) {
        snprintf(text, size, "-");
        return;
    }
    int length = snprintf(text, size, "%.*f", decimals, number);
    for (int digits = 3; length > width && digits > 0; digits--) {
        length = snprintf(text, size, "%.*g", digits, number);
    }
    if (decimals == MOST_DECIMALS && number != 0 && fabs(number) < 1e-5) {
        snprintf(text, size, "%.2g", number);
    }
    if (text[0] == '-' && strspn(text, "-0.") == strlen(text)) {
        memmove(text, text + 1, strlen(text)); /* no minus before nothing but zeros */
    }
}

static void
print_ratio(char *text, size_t size, double ratio)
{
    if (isnan(ratio)) {
        snprintf(text, size, "-");
    } else if (isinf(ratio)) {
        snprintf(text, size, "inf");
    } else {
        snprintf(text, size, ratio < 100 ? "%.1f" : ratio < 1e6 ? "%.0f" : "%.0e", ratio);
    }
}

static void
print_interval(char *text, size_t size, const struct compare_row *row, int decimals)
{
    char low[32];
    char high[32];
    print_number(low, sizeof(low), row->low, decimals, NUMBER_WIDTH - 1);
    print_number(high, sizeof(high), row->high, decimals, NUMBER_WIDTH - 1);
    if (isnan(row->low)) {
        snprintf(text, size, "-");
    } else {
        snprintf(text, size, "[%s, %s]", low, high);
    }
}

static void
print_numbers(FILE *out, const struct compare_row *row)
{
    const double numbers[] = { row->mean_a, row->mean_b, row->difference };
    char text[80];
    int decimals = decimals_of(row);
    for (int i = 0; i < 3; i++) {
        print_number(text, sizeof(text), numbers[i], decimals, NUMBER_WIDTH);
        fprintf(out, " %*s", NUMBER_WIDTH, text);
    }
    print_interval(text, sizeof(text), row, decimals);
    fprintf(out, " %*s", INTERVAL_WIDTH, text);
    print_ratio(text, sizeof(text), row->ratio);
    fprintf(out, " %*s\n", RATIO_WIDTH, text);
}

/* "name (unit)"; dimensionless ones without. */
static void
name_with_unit(const struct reader_observation *observation, char *text, size_t size)
{
    if (strcmp(observation->unit, "1") == 0) {
        snprintf(text, size, "%s", observation->name);
    } else {
        snprintf(text, size, "%s (%s)", observation->name, observation->unit);
    }
}

static void
heading_of(const struct comparison *comparison, enum compare_period period, char *text, size_t size)
{
    uint32_t last = last_tick(comparison);
    if (period == COMPARE_END) {
        snprintf(text, size, "at month %" PRIu32, last);
    } else {
        snprintf(text, size, "mean of months %" PRIu32 "-%" PRIu32, comparison->first_tick, last);
    }
}

static int
name_width(const struct comparison *comparison, int columns)
{
    char text[TEXT_SIZE];
    heading_of(comparison, COMPARE_AVERAGE, text, sizeof(text));
    int longest = sim_utf8_width(text);
    for (size_t i = 0; i < comparison->n_rows; i++) {
        name_with_unit(comparison->rows[i].observation, text, sizeof(text));
        int width = sim_utf8_width(text);
        int label = comparison->rows[i].label == NULL ? 0 : 2 + sim_utf8_width(comparison->rows[i].label);
        width = width > label ? width : label;
        longest = width > longest ? width : longest;
    }
    int room = columns - NUMBERS_WIDTH;
    int width = longest < room ? longest : room;
    return width < WIDEST_NAME ? width : WIDEST_NAME;
}

/* Text in lines of at most columns, broken at blanks; *at is the column reached. */
static void
print_words(FILE *out, const char *text, int columns, int *at)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        char word[TEXT_SIZE];
        snprintf(word, sizeof(word), "%.*s", (int) length, text);
        int width = sim_utf8_width(word);
        if (*at > 0 && *at + 1 + width > columns) {
            fputs("\n  ", out);
            *at = 2;
        } else if (*at > 0) {
            fputc(' ', out);
            *at += 1;
        }
        fputs(word, out);
        *at += width;
        text += length;
        text += strspn(text, " ");
    }
}

static void
print_line(FILE *out, const char *text, int columns)
{
    int at = 0;
    print_words(out, text, columns, &at);
    fputc('\n', out);
}

/* What a row without a label begins with: name and unit if they fit. If only the name does, the unit is to
 * have the line below: then it is returned. If not even the name does, both have a line above. */
static const char *
print_name(FILE *out, const struct reader_observation *observation, int width, int columns)
{
    char text[TEXT_SIZE];
    const char *below = NULL;
    name_with_unit(observation, text, sizeof(text));
    if (sim_utf8_width(text) <= width) {
        print_padded(out, text, width);
    } else if (sim_utf8_width(observation->name) <= width) {
        print_padded(out, observation->name, width);
        below = observation->unit;
    } else {
        print_line(out, text, columns);
        print_padded(out, "", width);
    }
    return below;
}

static void
print_plain_row(FILE *out, const struct compare_row *row, int width, int columns)
{
    char text[TEXT_SIZE];
    const char *unit = print_name(out, row->observation, width, columns);
    print_numbers(out, row);
    if (unit != NULL) {
        snprintf(text, sizeof(text), "(%s)", unit);
        fputs("  ", out);
        print_line(out, text, columns - 2);
    }
}

static void
print_row(FILE *out, const struct comparison *comparison, size_t i, int width, int columns)
{
    const struct compare_row *row = &comparison->rows[i];
    char text[TEXT_SIZE];
    if (row->label == NULL) {
        print_plain_row(out, row, width, columns);
        return;
    }
    if (i == 0 || comparison->rows[i - 1].observation != row->observation
        || comparison->rows[i - 1].period != row->period) {
        name_with_unit(row->observation, text, sizeof(text));
        print_line(out, text, columns);
    }
    snprintf(text, sizeof(text), "  %s", row->label);
    print_padded(out, text, width);
    print_numbers(out, row);
}

static void
print_heading(FILE *out, const char *heading, int width)
{
    fputc('\n', out);
    print_padded(out, heading, width);
    fprintf(out, " %*s %*s %*s %*s %*s\n", NUMBER_WIDTH, "A", NUMBER_WIDTH, "B", NUMBER_WIDTH, "B - A",
        INTERVAL_WIDTH, "95 % interval", RATIO_WIDTH, "ratio");
}

static void
print_period(
    FILE *out, const struct comparison *comparison, enum compare_period period, int width, int columns)
{
    char heading[64];
    heading_of(comparison, period, heading, sizeof(heading));
    print_heading(out, heading, width);
    for (size_t i = 0; i < comparison->n_rows; i++) {
        if (comparison->rows[i].period == period) {
            print_row(out, comparison, i, width, columns);
        }
    }
}

static void
print_side(FILE *out, const struct comparison *comparison, char side, uint32_t design, int columns)
{
    char text[TEXT_SIZE];
    const struct reader *reader = comparison->reader;
    const char *joint = reader->titles[design][0] == '\0' ? "" : ": ";
    snprintf(
        text, sizeof(text), "%c  %s%s%s", side, reader->scenarios[design], joint, reader->titles[design]);
    int width = sim_utf8_width(text);
    print_padded(out, text, width < columns ? width : columns);
    fputc('\n', out);
}

static void
print_entry(FILE *out, const struct compare_row *row, const char *after, int columns, int *at)
{
    char text[TEXT_SIZE];
    const char *label = row->label == NULL ? "" : row->label;
    const char *joint = row->label == NULL ? "" : ":";
    snprintf(text, sizeof(text), "%s%s%s%s", row->observation->name, joint, label, after);
    print_words(out, text, columns, at);
}

static void
print_trends(FILE *out, const struct comparison *comparison, int columns)
{
    int at = 0;
    for (size_t i = 0; i < comparison->n_rows; i++) {
        const struct compare_row *row = &comparison->rows[i];
        if (row->trend_a == 1 || row->trend_b == 1) {
            if (at == 0) {
                char text[TEXT_SIZE];
                snprintf(text, sizeof(text),
                    "A trend remains (last %" PRIu32 " months against the %" PRIu32 " before):",
                    comparison->months / 2, comparison->months / 2);
                print_words(out, text, columns, &at);
            }
            print_entry(out, row,
                row->trend_a != 1       ? " (B)"
                    : row->trend_b != 1 ? " (A)"
                                        : " (A, B)",
                columns, &at);
        }
    }
    if (at > 0) {
        fputc('\n', out);
    } else if (comparison->months >= 2 && comparison->n_pairs >= 2) {
        print_line(out, "No trend remains within the averaged months.", columns);
    }
}

static void
print_missing(FILE *out, const struct comparison *comparison, int columns)
{
    int at = 0;
    for (size_t i = 0; i < comparison->n_rows; i++) {
        const struct compare_row *row = &comparison->rows[i];
        if (row->n < comparison->n_pairs) {
            char after[64];
            snprintf(after, sizeof(after), " (%s, %" PRIu32 ")", row->period == COMPARE_END ? "end" : "mean",
                row->n);
            if (at == 0) {
                print_words(out, "Fewer pairs have a value:", columns, &at);
            }
            print_entry(out, row, after, columns, &at);
        }
    }
    if (at > 0) {
        fputc('\n', out);
    }
}

static void
print_legend(FILE *out, const struct comparison *comparison, int columns)
{
    const struct reader *reader = comparison->reader;
    char text[TEXT_SIZE];
    fputc('\n', out);
    snprintf(text, sizeof(text),
        "%" PRIu32 " of %" PRIu32 " pairs of replicates under common random numbers, seed %" PRId64 ".",
        comparison->n_pairs, reader->n_replicates, reader->seed);
    print_line(out, text, columns);
    if (comparison->months > 0) {
        snprintf(text, sizeof(text), "Averaged: %" PRIu32 " months after a burn-in of %" PRIu32 ".",
            comparison->months, reader->burn_in);
    } else {
        snprintf(
            text, sizeof(text), "No averages: all %" PRIu32 " months are burn-in.", last_tick(comparison));
    }
    print_line(out, text, columns);
    print_line(out,
        "ratio: how many times more replicates independent seeds would need for an interval as narrow; inf: "
        "the difference is the same in every pair. Numbers without a unit are shares or indices.",
        columns);
    print_trends(out, comparison, columns);
    print_missing(out, comparison, columns);
}

static int
written(FILE *out)
{
    return fflush(out) != 0 || ferror(out) ? SIM_ERR_FILE : SIM_OK;
}

int
compare_print_table(const struct comparison *comparison, FILE *out, int columns)
{
    columns = columns < NARROWEST ? NARROWEST : columns;
    int width = name_width(comparison, columns);
    print_side(out, comparison, 'A', comparison->a, columns);
    print_side(out, comparison, 'B', comparison->b, columns);
    print_period(out, comparison, COMPARE_END, width, columns);
    if (comparison->months > 0) {
        print_period(out, comparison, COMPARE_AVERAGE, width, columns);
    }
    print_legend(out, comparison, columns);
    return written(out);
}

static void
print_csv_row(FILE *out, const struct comparison *comparison, const struct compare_row *row)
{
    const double numbers[] = { row->mean_a, row->mean_b, row->difference, row->low, row->high, row->ratio };
    const int trends[] = { row->trend_a, row->trend_b };
    csv_text(out, row->observation->name);
    fputc(',', out);
    csv_text(out, row->label == NULL ? "" : row->label);
    fputc(',', out);
    csv_text(out, row->observation->unit);
    fprintf(out, ",%s,%" PRIu32 ",%" PRIu32 ",%" PRIu32, row->period == COMPARE_END ? "end" : "average",
        first_tick(comparison, row), last_tick(comparison), row->n);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        fputc(',', out);
        csv_number(out, numbers[i]);
    }
    for (size_t i = 0; i < sizeof(trends) / sizeof(*trends); i++) {
        fputs(trends[i] < 0 ? "," : trends[i] ? ",1" : ",0", out);
    }
    fputs("\r\n", out);
}

int
compare_print_csv(const struct comparison *comparison, FILE *out)
{
    fputs("observation,label,unit,period,first_tick,last_tick,n,mean_a,mean_b,difference,low,high,ratio,"
          "trend_a,trend_b\r\n",
        out);
    for (size_t i = 0; i < comparison->n_rows; i++) {
        print_csv_row(out, comparison, &comparison->rows[i]);
    }
    return written(out);
}

static json_t *
json_number(double number)
{
    if (isinf(number)) {
        return json_string(number > 0 ? "inf" : "-inf");
    }
    return isnan(number) ? json_null() : json_real(number);
}

static json_t *
json_trend(int trend)
{
    return trend < 0 ? json_null() : json_boolean(trend);
}

static json_t *
json_row(const struct comparison *comparison, const struct compare_row *row)
{
    return json_pack("{s:s, s:s?, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "observation", row->observation->name, "label", row->label, "unit", row->observation->unit, "period",
        row->period == COMPARE_END ? "end" : "average", "first_tick",
        (json_int_t) first_tick(comparison, row), "last_tick", (json_int_t) last_tick(comparison), "n",
        (json_int_t) row->n, "mean_a", json_number(row->mean_a), "mean_b", json_number(row->mean_b),
        "difference", json_number(row->difference), "low", json_number(row->low), "high",
        json_number(row->high), "ratio", json_number(row->ratio), "trend_a", json_trend(row->trend_a),
        "trend_b", json_trend(row->trend_b));
}

static json_t *
json_side(const struct reader *reader, uint32_t design)
{
    return json_pack("{s:s, s:s}", "scenario", reader->scenarios[design], "title", reader->titles[design]);
}

int
compare_print_json(const struct comparison *comparison, FILE *out)
{
    const struct reader *reader = comparison->reader;
    json_t *rows = json_array();
    for (size_t i = 0; rows != NULL && i < comparison->n_rows; i++) {
        if (json_array_append_new(rows, json_row(comparison, &comparison->rows[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    json_t *all = rows == NULL
        ? NULL
        : json_pack("{s:o, s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "a", json_side(reader, comparison->a),
            "b", json_side(reader, comparison->b), "model", reader->model, "seed", (json_int_t) reader->seed,
            "replicates", (json_int_t) reader->n_replicates, "ticks", (json_int_t) last_tick(comparison),
            "burn_in", (json_int_t) reader->burn_in, "averaged_months", (json_int_t) comparison->months,
            "rows", rows);
    if (all == NULL) {
        return SIM_ERR_MEMORY;
    }
    int failed = json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(all);
    fputc('\n', out);
    return failed != 0 ? SIM_ERR_FILE : written(out);
}
