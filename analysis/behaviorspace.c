/* behaviorspace.c - a results file in the layout of the table output of NetLogo's BehaviorSpace (Exporter.scala and
 * TableExporter.scala of NetLogo 6), for scripts that read that: six lines of header, then
 *
 *     "[run number]","scenario","purchase.budget","[step]","participation","participation_by_depth none"
 *     "1","base","20","1","0.11","0.89"
 *
 * All fields are quoted. A run is a cell, counted from 1 in the order of the file; a run that failed has no rows, and its
 * number stays free. A step is a month, from the first that is recorded on: BehaviorSpace's step 0, before anything has
 * happened, there is not. Each label of an observation is a column. The line of the header that has date and time
 * there is empty, so that the same results give the same file, and the world has no patches.
 */
#include "analysis/export.h"

#include "analysis/csv.h"
#include "sim/error.h"
#include "sim/provenance.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A field. A line of a text ends the field only, so that the header keeps its six lines. */
static void
quote(FILE *out, const char *before, const char *text)
{
    fputs(before, out);
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc(*text == '\n' || *text == '\r' ? ' ' : *text, out);
    }
    fputc('"', out);
}

static void
quote_number(FILE *out, double number)
{
    fputs(",\"", out);
    csv_number(out, number);
    fputc('"', out);
}

static void
write_header(const struct reader *reader, FILE *out)
{
    const char *slash = strrchr(reader->path, '/');
    fprintf(out, "\"BehaviorSpace results (cogov %s)\"\n", sim_version());
    quote(out, "", slash != NULL ? slash + 1 : reader->path);
    quote(out, "\n", reader->title);
    fputs("\n\"\"\n\"min-pxcor\",\"max-pxcor\",\"min-pycor\",\"max-pycor\"\n\"0\",\"0\",\"0\",\"0\"\n", out);
}

static void
write_heads(const struct export *export, FILE *out)
{
    fputs("\"[run number]\",\"scenario\"", out);
    for (uint32_t f = 0; f < export->factors.n; f++) {
        quote(out, ",", export->factors.list[f].name);
    }
    fputs(",\"[step]\"", out);
    for (uint32_t i = 0; i < export->n_observations; i++) {
        const struct reader_observation *observation = export->observations[i];
        for (uint32_t label = 0; label < observation->n_labels; label++) {
            char head[512];
            snprintf(head, sizeof(head), "%s%s%s", observation->name, observation->labels != NULL ? " " : "",
                observation->labels != NULL ? observation->labels[label] : "");
            quote(out, ",", head);
        }
    }
    fputc('\n', out);
}

static void
write_factor(const struct factor *factor, uint32_t design, FILE *out)
{
    if (factor->texts != NULL) {
        quote(out, ",", factor->texts[design]);
    } else if (factor->unit[0] == '\0') {
        quote(out, ",", factor->values[design] != 0 ? "true" : "false");
    } else {
        quote_number(out, factor->values[design]);
    }
}

static int
take_step(const struct export_row *row, FILE *out, void *context)
{
    const struct export *export = context;
    uint64_t run = (uint64_t) row->design * export->reader->n_replicates + row->replicate + 1;
    fprintf(out, "\"%" PRIu64 "\"", run);
    quote(out, ",", export->reader->scenarios[row->design]);
    for (uint32_t f = 0; f < export->factors.n; f++) {
        write_factor(&export->factors.list[f], row->design, out);
    }
    fprintf(out, ",\"%" PRIu32 "\"", row->tick);
    for (uint32_t v = 0; v < row->rows->n; v++) {
        for (uint32_t label = 0; label < row->rows->list[v].inner; label++) {
            quote_number(out, export_number(row, v, label));
        }
    }
    fputc('\n', out);
    return SIM_OK;
}

int
export_behaviorspace(struct export *export, const char *path)
{
    struct export_rows rows = { .reader = export->reader, .has_ticks = 1 };
    FILE *out;
    int ret = export_files_open(&export->files, path, &out);
    for (uint32_t i = 0; i < export->n_observations && ret == SIM_OK; i++) {
        ret = export_rows_add(&rows, export->observations[i]->name, export->observations[i]->name);
    }
    if (ret == SIM_OK) {
        write_header(export->reader, out);
        write_heads(export, out);
        ret = export_rows_write(&rows, take_step, out, export, export->messages);
    }
    export_rows_free(&rows);
    return export_close(export, ret);
}
