/* frontier_print.c - a frontier as a table for the terminal and as CSV (RFC 4180). */
#include "analysis/frontier.h"

#include "analysis/csv.h"
#include "analysis/text.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/utf8.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#define GAP 2
#define LEVERS_INDENT 9

/* Texts in rows and columns; the first row has the heads. Levers that make it too wide are told of below it. */
struct grid {
    char **cells;
    uint32_t n_rows, n_columns, at;
    int has_levers;
};

static void
add(struct grid *grid, char *text)
{
    grid->cells[grid->at++] = text;
}

static void
grid_free(struct grid *grid)
{
    for (uint32_t i = 0; grid->cells != NULL && i < grid->n_rows * grid->n_columns; i++) {
        sim_free(grid->cells[i]);
    }
    sim_free(grid->cells);
}

/* "0.412 ± 0.021"; as wide as it must be, for the columns are made for it. */
static char *
estimate_text(const struct inference_interval *estimate)
{
    int decimals = text_decimals(estimate->low, estimate->high, fabs(estimate->value));
    char value[TEXT_SIZE], half[TEXT_SIZE];
    text_number(value, sizeof(value), estimate->value, decimals, TEXT_SIZE);
    text_number(half, sizeof(half), estimate->high - estimate->value, decimals, TEXT_SIZE);
    return isnan(estimate->value) || isnan(estimate->high) ? sim_copy_text(value)
                                                           : sim_print_text("%s ± %s", value, half);
}

static void
add_heads(const struct frontier *frontier, struct grid *grid)
{
    char text[TEXT_SIZE];
    add(grid, sim_copy_text("design"));
    add(grid, sim_copy_text("scenario"));
    for (uint32_t f = 0; f < frontier->factors.n && grid->has_levers; f++) {
        add(grid, sim_copy_text(frontier->factors.list[f].name));
    }
    for (int i = 0; i < frontier->n_outcomes; i++) {
        outcome_print(&frontier->outcomes[i], text, sizeof(text));
        add(grid, sim_copy_text(text));
    }
    add(grid, sim_copy_text("probability"));
}

static void
add_point(const struct frontier *frontier, uint32_t design, struct grid *grid)
{
    const struct frontier_point *point = &frontier->points[design];
    char text[TEXT_SIZE];
    add(grid, sim_print_text("%" PRIu32, design));
    add(grid, sim_copy_text(frontier->reader->scenarios[design]));
    for (uint32_t f = 0; f < frontier->factors.n && grid->has_levers; f++) {
        factors_print(&frontier->factors.list[f], design, text, sizeof(text));
        add(grid, sim_copy_text(text));
    }
    for (int i = 0; i < frontier->n_outcomes; i++) {
        add(grid, estimate_text(&point->numbers[i]));
    }
    add(grid, isnan(point->probability) ? sim_copy_text("-") : sim_print_text("%.3f", point->probability));
}

static int
width_of(const struct grid *grid, uint32_t column)
{
    int widest = 0;
    for (uint32_t row = 0; row < grid->n_rows; row++) {
        int width = sim_utf8_width(grid->cells[row * grid->n_columns + column]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static int
is_whole(const struct grid *grid)
{
    uint32_t i = 0;
    while (i < grid->n_rows * grid->n_columns && grid->cells[i] != NULL) {
        i++;
    }
    return i == grid->n_rows * grid->n_columns;
}

/* Scenarios to the left, numbers to the right. */
static void
print_cell(FILE *out, const char *text, int width, int to_the_left)
{
    int blanks = width - sim_utf8_width(text);
    fprintf(out, "%*s%s%*s", to_the_left ? GAP : GAP + blanks, "", text, to_the_left ? blanks : 0, "");
}

static int
grid_init(
    struct grid *grid, const struct frontier *frontier, const uint32_t *designs, uint32_t n, int has_levers)
{
    uint32_t n_columns = 2 + (has_levers ? frontier->factors.n : 0) + (uint32_t) frontier->n_outcomes + 1;
    *grid = (struct grid){ sim_alloc((size_t) (n + 1) * n_columns, sizeof(*grid->cells)), n + 1, n_columns, 0,
        has_levers };
    if (grid->cells == NULL) {
        return SIM_ERR_MEMORY;
    }
    add_heads(frontier, grid);
    for (uint32_t i = 0; i < n; i++) {
        add_point(frontier, designs[i], grid);
    }
    return is_whole(grid) ? SIM_OK : SIM_ERR_MEMORY;
}

/* Writes nothing if the lines would be wider than that; *width is how wide they are. */
static int
print_grid(const struct grid *grid, int columns, int *width, FILE *out)
{
    int *widths = sim_alloc(grid->n_columns, sizeof(*widths));
    if (widths == NULL) {
        return SIM_ERR_MEMORY;
    }
    *width = 0;
    for (uint32_t c = 0; c < grid->n_columns; c++) {
        widths[c] = width_of(grid, c);
        *width += GAP + widths[c];
    }
    for (uint32_t i = 0; i < grid->n_rows * grid->n_columns && *width <= columns; i++) {
        print_cell(out, grid->cells[i], widths[i % grid->n_columns], i % grid->n_columns == 1);
        if (i % grid->n_columns == grid->n_columns - 1) {
            fputc('\n', out);
        }
    }
    sim_free(widths);
    return SIM_OK;
}

/* The levers of each point, in lines of at most so many columns. */
static void
print_levers(const struct frontier *frontier, const uint32_t *designs, uint32_t n, int columns, FILE *out)
{
    char value[TEXT_SIZE], text[2 * TEXT_SIZE];
    for (uint32_t i = 0; i < n && frontier->factors.n > 0; i++) {
        int at = LEVERS_INDENT;
        fprintf(out, "%s%*" PRIu32, i == 0 ? "\n" : "", LEVERS_INDENT - 1, designs[i]);
        fputc(' ', out);
        for (uint32_t f = 0; f < frontier->factors.n; f++) {
            factors_print(&frontier->factors.list[f], designs[i], value, sizeof(value));
            snprintf(text, sizeof(text), " %s = %s%s", frontier->factors.list[f].name, value,
                f + 1 < frontier->factors.n ? "," : "");
            int width = sim_utf8_width(text);
            if (at > LEVERS_INDENT && at + width > columns) {
                fprintf(out, "\n%*s", LEVERS_INDENT, "");
                at = LEVERS_INDENT;
            }
            fputs(text, out);
            at += width;
        }
        fputc('\n', out);
    }
}

static int
print_points(const struct frontier *frontier, const uint32_t *designs, uint32_t n, int has_levers,
    int columns, int *width, FILE *out)
{
    struct grid grid;
    int ret = grid_init(&grid, frontier, designs, n, has_levers);
    if (ret == SIM_OK) {
        ret = print_grid(&grid, columns, width, out);
    }
    grid_free(&grid);
    return ret;
}

/* The points of the front, with their levers if the lines have room for them, else these stand below. */
static int
print_front(const struct frontier *frontier, const uint32_t *designs, uint32_t n, int columns, FILE *out)
{
    int width, ret = print_points(frontier, designs, n, 1, columns, &width, out);
    if (ret == SIM_OK && width > columns) {
        ret = print_points(frontier, designs, n, 0, INT_MAX, &width, out);
        if (ret == SIM_OK) {
            print_levers(frontier, designs, n, columns, out);
        }
    }
    return ret;
}

static void
print_objectives(const struct frontier *frontier, FILE *out)
{
    char text[TEXT_SIZE];
    for (int i = 0; i < frontier->n_outcomes; i++) {
        const struct outcome *outcome = &frontier->outcomes[i];
        outcome_print(outcome, text, sizeof(text));
        fprintf(out, "%-9s %s",
            i >= frontier->n_objectives  ? "cost"
                : frontier->maximised[i] ? "maximise"
                                         : "minimise",
            text);
        if (strcmp(outcome->observation->unit, "1") != 0) {
            fprintf(out, " (%s)", outcome->observation->unit);
        }
        fprintf(out, ", month%s %" PRIu32, outcome->first_tick < outcome->last_tick ? "s" : "",
            outcome->first_tick);
        if (outcome->first_tick < outcome->last_tick) {
            fprintf(out, "-%" PRIu32, outcome->last_tick);
        }
        if (i == frontier->cost && !isnan(frontier->budget)) {
            fprintf(out, "; the budget is %.6g", frontier->budget);
        }
        fputc('\n', out);
    }
    fputc('\n', out);
}

static void
print_left_out(const struct frontier *frontier, FILE *out)
{
    if (frontier->failed + frontier->not_run + frontier->incomplete > 0) {
        fprintf(out,
            "Cells left out: %" PRIu64 " failed, %" PRIu64 " not run, %" PRIu64 " ran but lack a value.\n",
            frontier->failed, frontier->not_run, frontier->incomplete);
    }
}

static void
print_counts(const struct frontier *frontier, FILE *out)
{
    struct frontier_counts counts = frontier_count(frontier);
    fprintf(out, "%sOf %" PRIu32 " design point%s, %" PRIu32 " %s on the front and %" PRIu32 " dominated",
        counts.on_front > 0 ? "\n" : "", frontier->reader->n_designs,
        frontier->reader->n_designs == 1 ? "" : "s", counts.on_front, counts.on_front == 1 ? "is" : "are",
        counts.dominated);
    if (!isnan(frontier->budget)) {
        fprintf(out, "; %" PRIu32 " over the budget", counts.over_budget);
    }
    if (counts.empty > 0) {
        fprintf(out, "; %" PRIu32 " without a value", counts.empty);
    }
    fprintf(out, ".\n");
    if (!isnan(frontier->budget) && frontier->reader->n_replicates > 1) {
        fprintf(out,
            "At %" PRIu32
            " the 95 %% interval of the mean cost holds the budget: it is not certain that they are within it.\n",
            counts.uncertain);
    }
    print_left_out(frontier, out);
    if (frontier->reader->n_replicates < 2) {
        fprintf(out,
            "With one replicate there are no intervals and no probabilities: run more (--replicates).\n");
    } else {
        fprintf(out,
            "±: half of the 95 %% interval over replicates. probability: that the point is on the front, by %" PRIu32
            "\nsamples of replicates, the same for all points.\n",
            frontier->n_samples);
    }
}

int
frontier_print_table(const struct frontier *frontier, FILE *out, int columns)
{
    uint32_t n;
    uint32_t *designs = frontier_front(frontier, &n);
    if (designs == NULL) {
        return SIM_ERR_MEMORY;
    }
    print_objectives(frontier, out);
    int ret = n > 0 ? print_front(frontier, designs, n, columns, out) : SIM_OK;
    if (ret == SIM_OK) {
        print_counts(frontier, out);
    }
    sim_free(designs);
    return ret != SIM_OK ? ret : text_written(out);
}

static void
print_csv_heads(const struct frontier *frontier, FILE *out)
{
    static const char *const suffixes[] = { "", "_low", "_high" };
    char text[TEXT_SIZE], head[TEXT_SIZE + 8];
    fputs("design,scenario,title", out);
    for (uint32_t f = 0; f < frontier->factors.n; f++) {
        fputc(',', out);
        csv_text(out, frontier->factors.list[f].name);
    }
    fputs(",n", out);
    for (int i = 0; i < frontier->n_outcomes; i++) {
        outcome_print(&frontier->outcomes[i], text, sizeof(text));
        for (size_t s = 0; s < sizeof(suffixes) / sizeof(*suffixes); s++) {
            snprintf(head, sizeof(head), "%s%s", text, suffixes[s]);
            fputc(',', out);
            csv_text(out, head);
        }
    }
    fputs(",on_front,within_budget,probability_on_front" CSV_END, out);
}

static void
print_csv_point(const struct frontier *frontier, uint32_t design, FILE *out)
{
    const struct frontier_point *point = &frontier->points[design];
    fprintf(out, "%" PRIu32 ",", design);
    csv_text(out, frontier->reader->scenarios[design]);
    fputc(',', out);
    csv_text(out, frontier->reader->titles[design]);
    for (uint32_t f = 0; f < frontier->factors.n; f++) {
        const struct factor *factor = &frontier->factors.list[f];
        fputc(',', out);
        if (factor->texts != NULL) {
            csv_text(out, factor->texts[design]);
        } else {
            csv_number(out, factor->values[design]);
        }
    }
    fprintf(out, ",%" PRIu32, point->n);
    for (int i = 0; i < frontier->n_outcomes; i++) {
        const double numbers[] = { point->numbers[i].value, point->numbers[i].low, point->numbers[i].high };
        for (size_t k = 0; k < sizeof(numbers) / sizeof(*numbers); k++) {
            fputc(',', out);
            csv_number(out, numbers[k]);
        }
    }
    fprintf(out, ",%d,%d,", point->on_front, point->within_budget);
    csv_number(out, point->probability);
    fputs(CSV_END, out);
}

int
frontier_print_csv(const struct frontier *frontier, FILE *out)
{
    print_csv_heads(frontier, out);
    for (uint32_t d = 0; d < frontier->reader->n_designs; d++) {
        print_csv_point(frontier, d, out);
    }
    return text_written(out);
}
