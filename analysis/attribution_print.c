/* attribution_print.c - an attribution as a table for the terminal. */
#include "analysis/attribution.h"

#include "analysis/ranking.h"
#include "analysis/text.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define NAME_WIDTH 20 /* of a group, at most */
#define BAR_WIDTH 16  /* of the largest contribution, at most */
#define PAIRS_TOLD 3  /* interactions, the largest */

/* Decimals that show three digits of the largest of the numbers of an outcome. */
static int
decimals_of(const struct attribution *attribution, const struct attribution_outcome *row)
{
    double largest = fabs(row->total.value);
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        largest = fmax(largest, fabs(row->effects[g].shapley.value));
    }
    return text_decimals_of(largest, 3);
}

/* A bar of + or -, as long as the contribution is large. */
static void
print_bar(FILE *out, double value, double largest, int width)
{
    int length = largest > 0 ? (int) (fabs(value) / largest * width + 0.5) : 0;
    fputs(length > 0 ? "  " : "", out);
    for (int i = 0; i < length; i++) {
        fputc(value > 0 ? '+' : '-', out);
    }
}

static int
name_width(const struct attribution *attribution)
{
    int width = 7;
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        int own = sim_utf8_width(attribution->groups[g].name);
        width = own > width ? own : width;
    }
    return width < NAME_WIDTH ? width : NAME_WIDTH;
}

static void
print_row(FILE *out, const char *name, int width, struct inference_interval shapley, int decimals)
{
    char text[80];
    fputs("  ", out);
    text_padded(out, name, width);
    text_number(text, sizeof(text), shapley.value, decimals, TEXT_NUMBER_WIDTH);
    fprintf(out, " %*s", TEXT_NUMBER_WIDTH, text);
    text_interval(text, sizeof(text), shapley.low, shapley.high, decimals);
    fprintf(out, " %*s", TEXT_INTERVAL_WIDTH, text);
}

/* Of a difference that may be nothing a share says nothing. */
static void
print_share(char *text, size_t size, double value, struct inference_interval total)
{
    double share = 100 * value / total.value;
    if (!isfinite(share) || (total.low <= 0 && total.high >= 0)) {
        snprintf(text, size, "-");
    } else {
        snprintf(text, size, fabs(share) < 9999.5 ? "%.0f %%" : "%.0e %%", fabs(share) < 0.5 ? 0 : share);
    }
}

static void
print_group(FILE *out, const struct attribution *attribution, const struct attribution_outcome *row,
    uint32_t group, int width, int decimals)
{
    const struct attribution_effect *effect = &row->effects[group];
    char text[80];
    print_row(out, attribution->groups[group].name, width, effect->shapley, decimals);
    print_share(text, sizeof(text), effect->shapley.value, row->total);
    fprintf(out, " %7s", text);
    text_number(text, sizeof(text), effect->one_in.value, decimals, TEXT_NUMBER_WIDTH);
    fprintf(out, " %*s", TEXT_NUMBER_WIDTH, text);
    text_number(text, sizeof(text), effect->one_out.value, decimals, TEXT_NUMBER_WIDTH);
    fprintf(out, " %*s", TEXT_NUMBER_WIDTH, text);
}

static int
print_groups(
    FILE *out, const struct attribution *attribution, const struct attribution_outcome *row, int columns)
{
    const int decimals = decimals_of(attribution, row), width = name_width(attribution);
    const int used = 2 + width + 3 * (TEXT_NUMBER_WIDTH + 1) + TEXT_INTERVAL_WIDTH + 1 + 8;
    const int room = columns - used - 2 < BAR_WIDTH ? columns - used - 2 : BAR_WIDTH;
    struct ranking_entry *ranked = sim_alloc(attribution->n_groups, sizeof(*ranked));
    double sum = 0;
    if (ranked == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        ranked[g] = ranking_entry(g, row->effects[g].shapley.value);
        sum += row->effects[g].shapley.value;
    }
    ranking_sort(ranked, attribution->n_groups);
    fputs("  ", out);
    text_padded(out, "group", width);
    fprintf(out, " %*s %*s %7s %*s %*s\n", TEXT_NUMBER_WIDTH, "adds", TEXT_INTERVAL_WIDTH, "95 % interval",
        "share", TEXT_NUMBER_WIDTH, "alone", TEXT_NUMBER_WIDTH, "as last");
    for (uint32_t i = 0; i < attribution->n_groups; i++) {
        print_group(out, attribution, row, ranked[i].number, width, decimals);
        print_bar(out, row->effects[ranked[i].number].shapley.value, ranked[0].size, room > 3 ? room : 0);
        fputc('\n', out);
    }
    char text[32];
    text_number(text, sizeof(text), sum, decimals, TEXT_NUMBER_WIDTH);
    fputs("  ", out);
    text_padded(out, "sum", width);
    fprintf(out, " %*s\n", TEXT_NUMBER_WIDTH, text);
    print_row(out, "B - A", width, row->total, decimals);
    fputc('\n', out);
    sim_free(ranked);
    return SIM_OK;
}

/* " burden with purchase -0.01 [-0.02, 0.00]", added to text. */
static void
add_pair(char *text, const char *joint, const struct attribution *attribution,
    const struct attribution_outcome *row, uint32_t first, uint32_t second, int decimals)
{
    struct inference_interval pair = row->interactions[attribution_pair(attribution, first, second)];
    char value[32], interval[80];
    size_t length = strlen(text);
    text_number(value, sizeof(value), pair.value, decimals, TEXT_NUMBER_WIDTH);
    text_interval(interval, sizeof(interval), pair.low, pair.high, decimals);
    snprintf(text + length, TEXT_SIZE - length, "%s %s with %s %s %s", joint, attribution->groups[first].name,
        attribution->groups[second].name, value, interval);
}

/* The pairs that act together most. */
static int
print_pairs(
    FILE *out, const struct attribution *attribution, const struct attribution_outcome *row, int columns)
{
    const uint32_t k = attribution->n_groups, n = k * (k - 1) / 2, told = n < PAIRS_TOLD ? n : PAIRS_TOLD;
    char text[TEXT_SIZE] = "Largest interactions:";
    struct ranking_entry *ranked = sim_alloc(n, sizeof(*ranked));
    if (ranked == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t g = 0; g < k; g++) {
        for (uint32_t h = g + 1; h < k; h++) {
            size_t pair = attribution_pair(attribution, g, h);
            ranked[pair] = ranking_entry(g * k + h, row->interactions[pair].value);
        }
    }
    ranking_sort(ranked, n);
    for (uint32_t i = 0; i < told; i++) {
        add_pair(text, i > 0 ? ";" : "", attribution, row, ranked[i].number / k, ranked[i].number % k,
            decimals_of(attribution, row));
    }
    if (told > 0) {
        fputs("  ", out);
        text_line(out, text, columns - 2);
    }
    sim_free(ranked);
    return SIM_OK;
}

static int
print_outcome(
    FILE *out, const struct attribution *attribution, const struct attribution_outcome *row, int columns)
{
    const struct outcome *outcome = &row->outcome;
    const char *unit = outcome->observation->unit, *label = outcome_label(outcome);
    const int decimals = decimals_of(attribution, row);
    char text[TEXT_SIZE], months[64], a[32], b[32];
    text_number(a, sizeof(a), row->value_a, decimals, TEXT_NUMBER_WIDTH);
    text_number(b, sizeof(b), row->value_b, decimals, TEXT_NUMBER_WIDTH);
    text_months(
        months, sizeof(months), outcome->period == OUTCOME_END, outcome->first_tick, outcome->last_tick);
    int plain = strcmp(unit, "1") == 0;
    snprintf(text, sizeof(text), "%s%s%s%s%s%s, %s, %" PRIu32 " replicate%s: A %s, B %s",
        outcome->observation->name, label != NULL ? ":" : "", label != NULL ? label : "", plain ? "" : " (",
        plain ? "" : unit, plain ? "" : ")", months, row->n, row->n == 1 ? "" : "s", a, b);
    fputc('\n', out);
    text_line(out, text, columns);
    int ret = print_groups(out, attribution, row, columns);
    return ret == SIM_OK && row->interactions != NULL ? print_pairs(out, attribution, row, columns) : ret;
}

static void
print_side(FILE *out, const struct attribution *attribution, char side, uint32_t design, int columns)
{
    char text[TEXT_SIZE];
    const struct reader *reader = attribution->reader;
    const char *joint = reader->titles[design][0] == '\0' ? "" : ": ";
    snprintf(
        text, sizeof(text), "%c  %s%s%s", side, reader->scenarios[design], joint, reader->titles[design]);
    int width = sim_utf8_width(text);
    text_padded(out, text, width < columns ? width : columns);
    fputc('\n', out);
}

static void
print_method(FILE *out, const struct attribution *attribution, int columns)
{
    char text[TEXT_SIZE];
    const struct reader *reader = attribution->reader;
    const char *differ = attribution->n_groups == 1 ? "group differs" : "groups differ";
    const char *orders = attribution->n_orders == 1 ? "order" : "orders";
    if (attribution->n_orders > 0) {
        snprintf(text, sizeof(text),
            "%" PRIu32 " %s. %" PRIu32 " random %s of changing them from A to B: %" PRIu32
            " mixtures x %" PRIu32 " replicates.",
            attribution->n_groups, differ, attribution->n_orders, orders, reader->n_designs,
            reader->n_replicates);
    } else {
        snprintf(text, sizeof(text),
            "%" PRIu32 " %s. Every mixture of A and B: %" PRIu32 " x %" PRIu32 " replicates.",
            attribution->n_groups, differ, reader->n_designs, reader->n_replicates);
    }
    text_line(out, text, columns);
    if (attribution->n_failed + attribution->n_not_run > 0) {
        snprintf(text, sizeof(text),
            "%" PRIu64 " cells failed and %" PRIu64
            " have not run; a replicate that lacks a mixture is left out.",
            attribution->n_failed, attribution->n_not_run);
        text_line(out, text, columns);
    }
}

/* What is in the groups. */
static void
print_parameters(FILE *out, const struct attribution *attribution)
{
    const uint32_t last = attribution->reader->n_designs - 1;
    int width = (int) strlen("What is in the groups") - 4;
    for (uint32_t f = 0; f < attribution->factors.n; f++) {
        int own = sim_utf8_width(attribution->factors.list[f].name);
        width = own > width ? own : width;
    }
    fputc('\n', out);
    text_padded(out, "What is in the groups", width + 4);
    fprintf(out, " %14s %14s\n", "A", "B");
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        const struct attribution_group *group = &attribution->groups[g];
        fprintf(out, "  %s%s\n", group->name, group->n_parameters == 0 ? ", as in the scenarios" : "");
        for (uint32_t i = 0; i < group->n_parameters; i++) {
            char a[TEXT_SIZE], b[TEXT_SIZE];
            factors_print(group->parameters[i], 0, a, sizeof(a));
            factors_print(group->parameters[i], last, b, sizeof(b));
            fputs("    ", out);
            text_padded(out, group->parameters[i]->name, width);
            fprintf(out, " %14s %14s\n", a, b);
        }
    }
}

static void
print_legend(FILE *out, const struct attribution *attribution, int columns)
{
    fputc('\n', out);
    text_line(out,
        "adds: what changing the group from A to B changes, averaged over all orders of changing the groups "
        "(Shapley value); the groups add up to B - A. alone: changed in A and nothing else; as last: when all "
        "others have been changed. Both need not add up.",
        columns);
    if (attribution->n_orders == 0) {
        text_line(out, "interaction: how much more (or less) two groups change together than each by itself.",
            columns);
    } else {
        text_line(out, "Intervals hold the error of the sample of orders too.", columns);
    }
}

int
attribution_print_table(const struct attribution *attribution, FILE *out, int columns)
{
    int ret = SIM_OK;
    columns = columns < TEXT_NARROWEST ? TEXT_NARROWEST : columns;
    print_side(out, attribution, 'A', 0, columns);
    print_side(out, attribution, 'B', attribution->reader->n_designs - 1, columns);
    print_method(out, attribution, columns);
    for (size_t i = 0; ret == SIM_OK && i < attribution->n_outcomes; i++) {
        ret = print_outcome(out, attribution, &attribution->outcomes[i], columns);
    }
    print_parameters(out, attribution);
    print_legend(out, attribution, columns);
    return ret != SIM_OK ? ret : text_written(out);
}
