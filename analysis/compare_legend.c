/* compare_legend.c - what stands below the table of a comparison: what the columns mean, what is missing, and where a
 * trend remains. */
#include "analysis/compare_table.h"

#include "analysis/text.h"

#include <inttypes.h>

static void
print_entry(FILE *out, const struct compare_row *row, const char *after, int columns, int *at)
{
    char text[TEXT_SIZE];
    const char *label = row->label == NULL ? "" : row->label;
    const char *joint = row->label == NULL ? "" : ":";
    snprintf(text, sizeof(text), "%s%s%s%s", row->observation->name, joint, label, after);
    text_words(out, text, columns, at);
}

static void
print_trends(FILE *out, const struct comparison *comparison, int columns)
{
    int at = 0, averages = 0;
    for (size_t i = 0; i < comparison->n_rows; i++) {
        const struct compare_row *row = &comparison->rows[i];
        averages |= row->period == OUTCOME_AVERAGE;
        if (row->trend_a == 1 || row->trend_b == 1) {
            if (at == 0) {
                char text[TEXT_SIZE];
                snprintf(text, sizeof(text),
                    "A trend remains (last %" PRIu32 " months against the %" PRIu32 " before):",
                    comparison->months / 2, comparison->months / 2);
                text_words(out, text, columns, &at);
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
    } else if (averages && comparison->months >= 2 && comparison->n_pairs >= 2) {
        text_line(out, "No trend remains within the averaged months.", columns);
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
            snprintf(after, sizeof(after), " (%s, %" PRIu32 ")", row->period == OUTCOME_END ? "end" : "mean",
                row->n);
            if (at == 0) {
                text_words(out, "Fewer pairs have a value:", columns, &at);
            }
            print_entry(out, row, after, columns, &at);
        }
    }
    if (at > 0) {
        fputc('\n', out);
    }
}

/* How many cells are missing, and where to look. */
static void
print_failures(FILE *out, const struct comparison *comparison, int columns)
{
    char text[TEXT_SIZE];
    if (comparison->failed > 0) {
        snprintf(text, sizeof(text),
            "%" PRIu32
            " cell%s failed and %s left out, with the other of the pair; for the reason see `cogov status "
            "%s`, or run_error in the file.",
            comparison->failed, comparison->failed == 1 ? "" : "s", comparison->failed == 1 ? "is" : "are",
            comparison->reader->path);
        text_line(out, text, columns);
    }
    if (comparison->not_run > 0) {
        snprintf(text, sizeof(text),
            "%" PRIu32 " cell%s not run, for the stopping rule did not ask for more, and left out in pairs.",
            comparison->not_run, comparison->not_run == 1 ? " was" : "s were");
        text_line(out, text, columns);
    }
}

static void
print_averaged(FILE *out, const struct comparison *comparison, int columns)
{
    char text[TEXT_SIZE];
    if (comparison->months > 0) {
        snprintf(text, sizeof(text), "Averaged: %" PRIu32 " months after a burn-in of %" PRIu32 ".",
            comparison->months, comparison->reader->burn_in);
    } else {
        snprintf(text, sizeof(text), "No averages: all %" PRIu32 " months are burn-in.",
            compare_last_tick(comparison));
    }
    text_line(out, text, columns);
}

/* Sentences about the columns that are shown, from the left on. */
static void
print_columns(FILE *out, int n_more, int columns)
{
    static const char *const more[] = {
        "effect: Hedges's g, the difference in standard deviations of single runs.",
        "P(B>A): how likely a run of B is above one of A.",
        "p Holm: of no difference, adjusted for all rows of the block.",
        "bootstrap: the interval from resampled pairs.",
    };
    int at = 0;
    text_words(out,
        "ratio: how many times more replicates independent seeds would need for an interval as narrow; inf: "
        "the difference is the same in every pair.",
        columns, &at);
    for (int i = 0; i < n_more; i++) {
        text_words(out, more[i], columns, &at);
    }
    text_words(out, "Numbers without a unit are shares or indices.", columns, &at);
    fputc('\n', out);
}

void
table_print_legend(FILE *out, const struct comparison *comparison, const struct table_layout *layout)
{
    const struct reader *reader = comparison->reader;
    char text[TEXT_SIZE];
    fputc('\n', out);
    snprintf(text, sizeof(text),
        "%" PRIu32 " of %" PRIu32 " pairs of replicates under common random numbers, seed %" PRId64 ".",
        comparison->n_pairs, reader->n_replicates, reader->seed);
    text_line(out, text, layout->columns);
    print_failures(out, comparison, layout->columns);
    print_averaged(out, comparison, layout->columns);
    print_columns(out, layout->n_more, layout->columns);
    print_trends(out, comparison, layout->columns);
    print_missing(out, comparison, layout->columns);
}
