/* export_series.c - the series of observations of the whole world, and their statistics over replicates. */
#include "analysis/export.h"

#include "analysis/csv.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <inttypes.h>

#define TEXT_SIZE 512
/* Statistics in memory at a time, or those of one design point and month if they are more. */
#define BLOCK 262144

struct series {
    const struct export *export;
    const char *const *labels; /* NULL: none */
};

static int
take_month(const struct export_row *row, FILE *out, void *context)
{
    const struct series *series = context;
    uint32_t n_labels = row->rows->list[0].inner;
    for (uint32_t label = 0; label < n_labels; label++) {
        export_design(series->export, row->design, out);
        fprintf(out, ",%" PRIu32 ",%" PRIu32, row->replicate, row->tick);
        if (series->labels != NULL) {
            fputc(',', out);
            csv_text(out, series->labels[label]);
        }
        for (uint32_t v = 0; v < row->rows->n; v++) {
            fputc(',', out);
            csv_number(out, export_number(row, v, label));
        }
        fputs(CSV_END, out);
    }
    return SIM_OK;
}

/* A table of all observations that have the dimension of the first. */
static int
write_series(struct export *export, const char *folder, const struct reader_observation *first)
{
    struct export_rows rows = { .reader = export->reader, .has_ticks = 1 };
    struct series series = { export, (const char *const *) first->labels };
    char name[TEXT_SIZE];
    FILE *out;
    export_table_of(first, name, sizeof(name));
    int ret = export_open(export, folder, name, &out);
    for (uint32_t i = 0; i < export->n_observations && ret == SIM_OK; i++) {
        const struct reader_observation *observation = export->observations[i];
        if (export_same_dimension(observation, first)) {
            ret = export_rows_add(&rows, observation->name, observation->name);
        }
    }
    if (ret == SIM_OK) {
        fputs("design,scenario,replicate,tick", out);
        if (first->dimension != NULL) {
            fputc(',', out);
            csv_text(out, first->dimension);
        }
        export_heads(&rows, out);
        ret = export_rows_write(&rows, take_month, out, &series, export->messages);
    }
    export_rows_free(&rows);
    return export_close(export, ret);
}

static int
is_first(const struct export *export, uint32_t observation)
{
    uint32_t i = 0;
    while (!export_same_dimension(export->observations[i], export->observations[observation])) {
        i++;
    }
    return i == observation;
}

int
export_series(struct export *export, const char *folder)
{
    int ret = SIM_OK;
    for (uint32_t i = 0; i < export->n_observations && ret == SIM_OK; i++) {
        if (is_first(export, i)) {
            ret = write_series(export, folder, export->observations[i]);
        }
    }
    return ret;
}

/* The statistics of one observation: (design, statistic, tick[, label]). */
struct summary {
    const struct export *export;
    const struct reader_observation *observation;
    uint32_t n_statistics;
    uint32_t design, n_designs, tick, n_ticks; /* of the block */
    double *numbers;
};

static int
read_summary(const struct summary *summary)
{
    const struct reader_observation *observation = summary->observation;
    const uint64_t start[] = { summary->design, 0, summary->tick, 0 };
    const uint64_t count[] = { summary->n_designs, summary->n_statistics, summary->n_ticks,
        observation->n_labels };
    char *name = sim_print_text("summary/%s", observation->name);
    int ret = name == NULL ? SIM_ERR_MEMORY
                           : reader_part(summary->export->reader, name, observation->labels != NULL ? 4 : 3,
                               start, count, summary->numbers, summary->export->messages);
    sim_free(name);
    return ret;
}

static void
write_statistics(const struct summary *summary, uint32_t design, uint32_t tick, uint32_t label, FILE *out)
{
    const struct reader_observation *observation = summary->observation;
    export_design(summary->export, summary->design + design, out);
    fprintf(out, ",%s,", observation->name);
    csv_text(out, observation->labels != NULL ? observation->labels[label] : "");
    fprintf(out, ",%" PRIu32, summary->export->reader->before + summary->tick + tick + 1);
    for (uint32_t s = 0; s < summary->n_statistics; s++) {
        size_t row = ((size_t) design * summary->n_statistics + s) * summary->n_ticks + tick;
        fputc(',', out);
        csv_number(out, summary->numbers[row * observation->n_labels + label]);
    }
    fputs(CSV_END, out);
}

static int
write_block(const struct summary *summary, FILE *out)
{
    int ret = read_summary(summary);
    for (uint32_t d = 0; d < summary->n_designs && ret == SIM_OK; d++) {
        for (uint32_t t = 0; t < summary->n_ticks; t++) {
            for (uint32_t label = 0; label < summary->observation->n_labels; label++) {
                write_statistics(summary, d, t, label, out);
            }
        }
    }
    return ret == SIM_OK && ferror(out) ? SIM_ERR_FILE : ret;
}

static uint32_t
at_most(size_t number, uint32_t most)
{
    return number == 0 ? 1 : number < most ? (uint32_t) number : most;
}

static int
write_summary(struct summary *summary, FILE *out)
{
    const struct reader *reader = summary->export->reader;
    size_t month = (size_t) summary->n_statistics * summary->observation->n_labels;
    uint32_t ticks = at_most(BLOCK / month, reader->n_ticks);
    uint32_t designs = at_most(BLOCK / (month * reader->n_ticks), reader->n_designs);
    summary->numbers = sim_alloc((size_t) designs * ticks, month * sizeof(double));
    int ret = summary->numbers != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (summary->design = 0; summary->design < reader->n_designs && ret == SIM_OK;
         summary->design += designs) {
        summary->n_designs = at_most(reader->n_designs - summary->design, designs);
        for (summary->tick = 0; summary->tick < reader->n_ticks && ret == SIM_OK; summary->tick += ticks) {
            summary->n_ticks = at_most(reader->n_ticks - summary->tick, ticks);
            ret = write_block(summary, out);
        }
    }
    sim_free(summary->numbers);
    return ret;
}

int
export_summary(struct export *export, const char *folder)
{
    struct summary summary = { .export = export,
        .n_statistics = reader_length(export->reader, "summary/statistic") };
    char **statistics = NULL;
    FILE *out;
    if (summary.n_statistics == 0) {
        return SIM_OK; /* a file of another program's */
    }
    int ret = reader_texts(export->reader, "summary/statistic", summary.n_statistics, &statistics);
    if (ret == SIM_ERR_FILE) {
        reader_damaged(export->reader, "summary/statistic", export->messages);
    }
    if (ret == SIM_OK) {
        ret = export_open(export, folder, "summary", &out);
    }
    if (ret == SIM_OK) {
        fputs("design,scenario,observation,label,tick", out);
        for (uint32_t s = 0; s < summary.n_statistics; s++) {
            fputc(',', out);
            csv_text(out, statistics[s]);
        }
        fputs(CSV_END, out);
    }
    for (uint32_t i = 0; i < export->n_observations && ret == SIM_OK; i++) {
        summary.observation = export->observations[i];
        ret = write_summary(&summary, out);
    }
    reader_free_texts(statistics, summary.n_statistics);
    return export_close(export, ret);
}
