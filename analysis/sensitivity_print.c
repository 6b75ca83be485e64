/* sensitivity_print.c - a sensitivity analysis as tables for the terminal and as CSV (RFC 4180). */
#include "analysis/sensitivity.h"

#include "analysis/csv.h"
#include "analysis/ranking.h"
#include "analysis/text.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define ESTIMATE_WIDTH 26 /* "0.442 [0.431, 0.453]" */
#define NUMBER_WIDTH 10
#define WIDEST_NAME 48
#define NARROWEST_NAME 20
#define MOST_PAIRS 10 /* in a table; the other formats have all */

/* Shares have three decimals; effects are in the unit of the outcome and have three digits. */
static void
print_number(char *text, size_t size, enum sensitivity_method method, double number)
{
    if (method == SENSITIVITY_MORRIS) {
        text_digits(text, size, number, 3);
    } else {
        text_number(text, size, number, 3, TEXT_NUMBER_WIDTH);
    }
}

static void
print_cell(FILE *out, enum sensitivity_method method, double number)
{
    char text[32];
    print_number(text, sizeof(text), method, number);
    fprintf(out, " %*s", NUMBER_WIDTH - 1, text);
}

static void
print_estimate(FILE *out, enum sensitivity_method method, const struct inference_interval *estimate)
{
    char value[32], low[32], high[32], all[TEXT_SIZE];
    print_number(value, sizeof(value), method, estimate->value);
    print_number(low, sizeof(low), method, estimate->low);
    print_number(high, sizeof(high), method, estimate->high);
    if (isnan(estimate->low)) {
        snprintf(all, sizeof(all), "%s", value);
    } else {
        snprintf(all, sizeof(all), "%s [%s, %s]", value, low, high);
    }
    fprintf(out, " %*s", ESTIMATE_WIDTH - 1, all);
}

/* "participation_by_depth:decide (unit), mean of months 97-120" */
static void
print_heading(FILE *out, const struct sensitivity_outcome *outcome)
{
    fprintf(out, "\n%s%s%s", outcome->observation, outcome->label != NULL ? ":" : "",
        outcome->label != NULL ? outcome->label : "");
    if (outcome->unit[0] != '\0' && strcmp(outcome->unit, "1") != 0) {
        fprintf(out, " (%s)", outcome->unit);
    }
    if (outcome->period != NULL) {
        char months[64];
        text_months(months, sizeof(months), strcmp(outcome->period, "end") == 0, outcome->first_tick,
            outcome->last_tick);
        fprintf(out, ", %s", months);
    }
    if (!isnan(outcome->mean)) {
        fprintf(out, ": mean %.4g", outcome->mean);
    }
    if (!isnan(outcome->variance)) {
        fprintf(out, ", standard deviation %.3g", sqrt(outcome->variance));
    }
    fputc('\n', out);
}

static void
print_remarks(FILE *out, const struct sensitivity_scenario *scenario,
    const struct sensitivity_outcome *outcome, int columns)
{
    char text[TEXT_SIZE];
    if (!(outcome->variance > 0)) {
        fputs(isnan(outcome->variance) ? "  It has too few values for a variance.\n"
                                       : "  It is the same at all points: there is nothing to share out.\n",
            out);
    }
    if (outcome->left_out > 0) {
        fprintf(out, "  %" PRIu32 " %s left out: a cell failed, or it has no value there.\n",
            outcome->left_out,
            scenario->method == SENSITIVITY_MORRIS ? "trajectories are"
                : outcome->left_out == 1           ? "point is"
                                                   : "points are");
    }
    if (!isnan(outcome->noise_share)) {
        int at = 1;
        int length = snprintf(text, sizeof(text), "Replicates make %.1f %% of the variance over cells",
            100 * outcome->noise_share);
        if (!isnan(outcome->noise_left)) {
            length += snprintf(text + length, sizeof(text) - (size_t) length,
                "; of the variance of their means %.1f %% is noise", 100 * outcome->noise_left);
        }
        snprintf(text + length, sizeof(text) - (size_t) length, ".");
        fputc(' ', out);
        text_words(out, text, columns, &at);
        fputc('\n', out);
    }
}

/* Factors, or pairs of them, in the order of what ranks them. */
static void
rank(struct ranking_entry *ranks, const struct inference_interval *estimates, uint32_t n, uint32_t step)
{
    for (uint32_t i = 0; i < n; i++) {
        ranks[i] = ranking_entry(i, estimates[(size_t) i * step].value);
    }
    ranking_sort(ranks, n);
}

static int
name_width(const struct sensitivity_scenario *scenario, int columns)
{
    int widest = NARROWEST_NAME, room = columns - 2 * ESTIMATE_WIDTH - 2;
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        char name[TEXT_SIZE];
        sensitivity_factor_name(&scenario->sample.factors[f], name, sizeof(name));
        int width = sim_utf8_width(name);
        widest = width > widest ? width : widest;
    }
    widest = widest > room ? room : widest;
    return widest < NARROWEST_NAME ? NARROWEST_NAME : widest > WIDEST_NAME ? WIDEST_NAME : widest;
}

static void
print_heads(FILE *out, enum sensitivity_method method, int width)
{
    static const char *const heads[][3] = { [SENSITIVITY_MORRIS] = { "mu*", "mu", "sigma" },
        [SENSITIVITY_SOBOL] = { "first", "total", NULL },
        [SENSITIVITY_PAWN] = { "pawn", "largest", "dummy" } };
    fprintf(out, "  %*s %*s", width, "", ESTIMATE_WIDTH - 1, heads[method][0]);
    for (int i = 1; i < 3 && heads[method][i] != NULL; i++) {
        fprintf(
            out, " %*s", (method == SENSITIVITY_SOBOL ? ESTIMATE_WIDTH : NUMBER_WIDTH) - 1, heads[method][i]);
    }
    fputc('\n', out);
}

static void
print_factor(FILE *out, const struct sensitivity_scenario *scenario,
    const struct sensitivity_outcome *outcome, uint32_t f, int width)
{
    const enum sensitivity_method method = scenario->method;
    const struct inference_interval *own = &outcome->estimates[f * sensitivity_measures(method)];
    char name[TEXT_SIZE];
    sensitivity_factor_name(&scenario->sample.factors[f], name, sizeof(name));
    fputs("  ", out);
    text_padded(out, name, width);
    print_estimate(out, method, &own[0]);
    if (method == SENSITIVITY_SOBOL) {
        print_estimate(out, method, &own[SOBOL_TOTAL]);
    } else {
        print_cell(out, method, own[1].value);
        print_cell(out, method, method == SENSITIVITY_MORRIS ? own[MORRIS_SIGMA].value : outcome->dummies[f]);
    }
    fputc('\n', out);
}

/* The pair with this number, as the estimates count them. */
static void
find_pair(uint32_t number, uint32_t n_factors, uint32_t *first, uint32_t *second)
{
    *first = 0;
    while (number >= n_factors - 1 - *first) {
        number -= n_factors - 1 - (*first)++;
    }
    *second = *first + 1 + number;
}

static void
print_pairs(FILE *out, const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome,
    struct ranking_entry *ranks, int width)
{
    const uint32_t k = scenario->sample.n_factors, n = k * (k - 1) / 2;
    rank(ranks, outcome->second, n, 1);
    fprintf(out, "  %*s %*s\n", width + ESTIMATE_WIDTH, "", ESTIMATE_WIDTH - 1, "together");
    for (uint32_t i = 0; i < n && i < MOST_PAIRS; i++) {
        char name[TEXT_SIZE];
        uint32_t a, b;
        find_pair(ranks[i].number, k, &a, &b);
        snprintf(name, sizeof(name), "%.120s x %.120s", scenario->sample.factors[a].name,
            scenario->sample.factors[b].name);
        fputs("  ", out);
        text_padded(out, name, width + ESTIMATE_WIDTH);
        print_estimate(out, scenario->method, &outcome->second[ranks[i].number]);
        fputc('\n', out);
    }
    if (n > MOST_PAIRS) {
        fprintf(out, "  and %" PRIu32 " pairs more, which --format csv or json prints\n", n - MOST_PAIRS);
    }
}

static int
print_outcome(FILE *out, const struct sensitivity_scenario *scenario,
    const struct sensitivity_outcome *outcome, int columns)
{
    const uint32_t k = scenario->sample.n_factors, n = sensitivity_measures(scenario->method);
    const int width = name_width(scenario, columns);
    struct ranking_entry *ranks = sim_alloc((size_t) k * (k + 1), sizeof(*ranks));
    if (ranks == NULL) {
        return SIM_ERR_MEMORY;
    }
    print_heading(out, outcome);
    print_remarks(out, scenario, outcome, columns);
    print_heads(out, scenario->method, width);
    rank(ranks, outcome->estimates + sensitivity_rank_measure(scenario->method), k, n);
    for (uint32_t i = 0; i < k; i++) {
        print_factor(out, scenario, outcome, ranks[i].number, width);
    }
    if (outcome->second != NULL) {
        print_pairs(out, scenario, outcome, ranks, width);
    }
    sim_free(ranks);
    return SIM_OK;
}

static void
print_scenario(FILE *out, const struct sensitivity *sensitivity, const struct sensitivity_scenario *scenario,
    int columns)
{
    static const char *const what[] = { [SENSITIVITY_MORRIS] = "elementary effects (Morris)",
        [SENSITIVITY_SOBOL] = "Sobol' indices",
        [SENSITIVITY_PAWN] = "PAWN" };
    char text[TEXT_SIZE], replicates[32] = "", units[32] = "";
    if (scenario->name != NULL) {
        fprintf(out, "%s: %s\n", scenario->name, scenario->title);
    }
    if (scenario->n_replicates > 0) {
        snprintf(replicates, sizeof(replicates), " x %" PRIu32 " replicate%s", scenario->n_replicates,
            scenario->n_replicates == 1 ? "" : "s");
    }
    if (scenario->method == SENSITIVITY_MORRIS) {
        snprintf(units, sizeof(units), ", %" PRIu32 " trajector%s", scenario->n_trajectories,
            scenario->n_trajectories == 1 ? "y" : "ies");
    } else if (scenario->method == SENSITIVITY_SOBOL) {
        snprintf(units, sizeof(units), ", %" PRIu32 " base points", scenario->n_bases);
    }
    snprintf(text, sizeof(text),
        "%s of %" PRIu32 " factors from %" PRIu32 " points%s%s; 95 %% intervals of %" PRIu32
        " bootstrap samples",
        what[scenario->method], scenario->sample.n_factors, scenario->sample.n_points, replicates, units,
        sensitivity->n_samples);
    text_line(out, text, columns);
    if (scenario->failed_cells + scenario->missing_cells > 0) {
        fprintf(out,
            "Cells that failed: %" PRIu64 ", that were not run: %" PRIu64 "; their points are left out.\n",
            scenario->failed_cells, scenario->missing_cells);
    }
}

static void
print_legend(FILE *out, const struct sensitivity_scenario *scenario, int columns)
{
    static const char *const legends[] = {
        [SENSITIVITY_MORRIS] =
            "mu*: mean size of the change over the whole range of a factor, mu: with its sign; sigma: how "
            "much it depends on where, and on the other factors.",
        [SENSITIVITY_SOBOL] =
            "first: share of the variance that a factor makes alone; total: with all that it takes part "
            "in; together: what two make only together. Indices of nothing scatter around 0 and may be "
            "negative.",
        [SENSITIVITY_PAWN] =
            "pawn: how far holding a factor shifts the distribution, from 0 to 1, the median over its "
            "slices; largest: of them. A factor that is not above its dummy cannot be told from one that "
            "does nothing.",
    };
    fputc('\n', out);
    text_line(out, legends[scenario->method], columns);
    if (scenario->n_replicates == 1) {
        fputs("With one replicate nobody knows how much of this is noise.\n", out);
    } else if (scenario->n_replicates > 1) {
        text_line(out,
            "All is of the mean over replicates, whose noise is luck that acts on one point otherwise than on another.",
            columns);
    }
}

int
sensitivity_print_table(const struct sensitivity *sensitivity, FILE *out, int columns)
{
    int ret = SIM_OK;
    for (uint32_t s = 0; s < sensitivity->n_scenarios && ret == SIM_OK; s++) {
        const struct sensitivity_scenario *scenario = &sensitivity->scenarios[s];
        fputs(s > 0 ? "\n\n" : "", out);
        print_scenario(out, sensitivity, scenario, columns);
        for (size_t i = 0; i < scenario->n_outcomes && ret == SIM_OK; i++) {
            ret = print_outcome(out, scenario, &scenario->outcomes[i], columns);
        }
        print_legend(out, scenario, columns);
    }
    return ret == SIM_OK ? text_written(out) : ret;
}

static void
print_row(FILE *out, const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome,
    const char *const *names, const struct inference_interval *estimate)
{
    const char *const texts[] = { scenario->name != NULL ? scenario->name : "", outcome->observation,
        outcome->label != NULL ? outcome->label : "", outcome->unit,
        outcome->period != NULL ? outcome->period : "" };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        csv_text(out, texts[i]);
        fputc(',', out);
    }
    fprintf(out, "%" PRIu32 ",%" PRIu32 ",%s", outcome->first_tick, outcome->last_tick,
        sensitivity_method_name(scenario->method));
    for (int i = 0; i < 3; i++) {
        fputc(',', out);
        csv_text(out, names[i]);
    }
    const double numbers[] = { estimate->value, estimate->low, estimate->high };
    for (int i = 0; i < 3; i++) {
        fputc(',', out);
        csv_number(out, numbers[i]);
    }
    fputs(CSV_END, out);
}

/* What is said of the outcome and of no factor. */
static void
print_outcome_rows(
    FILE *out, const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome)
{
    const struct {
        const char *name;
        double value;
    } all[] = { { "points", scenario->sample.n_points }, { "replicates", scenario->n_replicates },
        { "failed_cells", (double) scenario->failed_cells },
        { "missing_cells", (double) scenario->missing_cells }, { "left_out", outcome->left_out },
        { "mean", outcome->mean }, { "variance", outcome->variance }, { "noise_share", outcome->noise_share },
        { "noise_left", outcome->noise_left } };
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        const char *const names[] = { "", "", all[i].name };
        print_row(out, scenario, outcome, names, &(struct inference_interval){ all[i].value, NAN, NAN });
    }
}

static void
print_factor_rows(
    FILE *out, const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome)
{
    const struct sensitivity_factor *factors = scenario->sample.factors;
    const uint32_t k = scenario->sample.n_factors, n = sensitivity_measures(scenario->method);
    for (uint32_t f = 0; f < k; f++) {
        for (uint32_t m = 0; m < n; m++) {
            const char *const names[] = { factors[f].name, "",
                sensitivity_measure_name(scenario->method, m) };
            print_row(out, scenario, outcome, names, &outcome->estimates[f * n + m]);
        }
        if (outcome->dummies != NULL) {
            const char *const names[] = { factors[f].name, "", "dummy" };
            print_row(
                out, scenario, outcome, names, &(struct inference_interval){ outcome->dummies[f], NAN, NAN });
        }
    }
    for (uint32_t i = 0, pair = 0; i < k && outcome->second != NULL; i++) {
        for (uint32_t j = i + 1; j < k; j++, pair++) {
            const char *const names[] = { factors[i].name, factors[j].name, "second" };
            print_row(out, scenario, outcome, names, &outcome->second[pair]);
        }
    }
}

int
sensitivity_print_csv(const struct sensitivity *sensitivity, FILE *out)
{
    fputs(
        "scenario,observation,label,unit,period,first_tick,last_tick,method,factor,second_factor,measure,value,low,"
        "high" CSV_END,
        out);
    for (uint32_t s = 0; s < sensitivity->n_scenarios; s++) {
        const struct sensitivity_scenario *scenario = &sensitivity->scenarios[s];
        for (size_t i = 0; i < scenario->n_outcomes; i++) {
            print_outcome_rows(out, scenario, &scenario->outcomes[i]);
            print_factor_rows(out, scenario, &scenario->outcomes[i]);
        }
    }
    return text_written(out);
}
