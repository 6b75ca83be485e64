/* export_tables.c - the tables that describe an experiment: its design points, its cells, its observations. */
#include "analysis/export.h"

#include "analysis/csv.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <inttypes.h>
#include <math.h>

#define TEXT_SIZE 512

static int
write_design(const struct export *export, FILE *out)
{
    const struct factors *factors = &export->factors;
    fputs("design,scenario,title", out);
    for (uint32_t f = 0; f < factors->n; f++) {
        fputc(',', out);
        csv_text(out, factors->list[f].name);
    }
    fputs(CSV_END, out);
    for (uint32_t d = 0; d < export->reader->n_designs; d++) {
        export_design(export, d, out);
        fputc(',', out);
        csv_text(out, export->reader->titles[d]);
        for (uint32_t f = 0; f < factors->n; f++) {
            fputc(',', out);
            if (factors->list[f].texts != NULL) {
                csv_text(out, factors->list[f].texts[d]);
            } else {
                csv_number(out, factors->list[f].values[d]);
            }
        }
        fputs(CSV_END, out);
    }
    return SIM_OK;
}

static const char *
status_text(enum reader_status status)
{
    return status == READER_RAN ? "ok" : status == READER_FAILED ? "failed" : "not_run";
}

static int
write_cell(const struct export *export, uint32_t design, uint32_t replicate, FILE *out)
{
    const struct reader *reader = export->reader;
    const uint64_t index[] = { design, replicate };
    enum reader_status status = reader_status(reader, design, replicate);
    char *error = NULL;
    int ret = status == READER_FAILED ? reader_text(reader, "run_error", index, 2, &error) : SIM_OK;
    if (ret == SIM_ERR_FILE) {
        reader_damaged(reader, "run_error", export->messages);
    }
    export_design(export, design, out);
    fprintf(out, ",%" PRIu32 ",%s,", replicate, status_text(status));
    csv_text(out, error != NULL ? error : "");
    fputs(CSV_END, out);
    sim_free(error);
    return ret;
}

static int
write_cells(const struct export *export, FILE *out)
{
    int ret = SIM_OK;
    fputs("design,scenario,replicate,run_status,run_error" CSV_END, out);
    for (uint32_t d = 0; d < export->reader->n_designs && ret == SIM_OK; d++) {
        for (uint32_t r = 0; r < export->reader->n_replicates && ret == SIM_OK; r++) {
            ret = write_cell(export, d, r, out);
        }
    }
    return ret;
}

static int
write_observation(const struct export *export, const struct reader_observation *observation, FILE *out)
{
    double range[] = { NAN, NAN };
    char table[TEXT_SIZE];
    char *description = NULL;
    int ret = reader_attribute(export->reader, observation->name, "description", &description);
    if (reader_attribute_numbers(export->reader, observation->name, "valid_range", range, 2) != SIM_OK) {
        range[0] = range[1] = NAN;
    }
    export_table_of(observation, table, sizeof(table));
    const char *texts[] = { observation->name, observation->title, observation->unit,
        observation->dimension != NULL ? observation->dimension : "" };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        csv_text(out, texts[i]);
        fputc(',', out);
    }
    csv_number(out, range[0]);
    fputc(',', out);
    csv_number(out, range[1]);
    fputc(',', out);
    csv_text(out, description != NULL ? description : "");
    fputc(',', out);
    csv_text(out, table);
    fputs(".csv" CSV_END, out);
    sim_free(description);
    return ret;
}

static int
write_observations(const struct export *export, FILE *out)
{
    int ret = SIM_OK;
    fputs("name,long_name,unit,dimension,valid_min,valid_max,description,table" CSV_END, out);
    for (uint32_t i = 0; i < export->n_observations && ret == SIM_OK; i++) {
        ret = write_observation(export, export->observations[i], out);
    }
    return ret;
}

int
export_tables(struct export *export, const char *folder)
{
    static const struct {
        const char *name;
        int (*write)(const struct export *export, FILE *out);
    } tables[] = { { "design", write_design }, { "cells", write_cells },
        { "observations", write_observations } };
    int ret = SIM_OK;
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables) && ret == SIM_OK; i++) {
        FILE *out;
        ret = export_open(export, folder, tables[i].name, &out);
        if (ret == SIM_OK) {
            ret = tables[i].write(export, out);
        }
        ret = export_close(export, ret);
    }
    return ret;
}
