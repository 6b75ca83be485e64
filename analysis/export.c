/* export.c - what an export is made of. */
#include "analysis/export.h"

#include "analysis/csv.h"
#include "analysis/outcome.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <inttypes.h>
#include <string.h>

static int
add(struct export *export, const struct reader_observation *observation)
{
    uint32_t n = export->n_observations;
    const struct reader_observation **longer =
        sim_resize(export->observations, n, n + 1u, sizeof(const struct reader_observation *));
    if (longer == NULL) {
        return SIM_ERR_MEMORY;
    }
    export->observations = longer;
    longer[export->n_observations++] = observation;
    return SIM_OK;
}

static int
is_there(const struct export *export, const struct reader_observation *observation)
{
    uint32_t i = 0;
    while (i < export->n_observations && export->observations[i] != observation) {
        i++;
    }
    return i < export->n_observations;
}

static int
add_named(struct export *export, const char *name)
{
    const struct reader_observation *observation = reader_find(export->reader, name);
    struct outcome outcome;
    if (observation != NULL) {
        return is_there(export, observation) ? SIM_OK : add(export, observation);
    }
    int ret = outcome_parse(&outcome, export->reader, name, export->messages);
    if (ret == SIM_OK) {
        sim_messages_add(export->messages, SIM_ERROR, (struct sim_where){ export->reader->path, 0, 0 },
            "observations are exported whole, with all labels and months: \"%s\", not \"%s\"",
            outcome.observation->name, name);
        ret = SIM_ERR_INPUT;
    }
    return ret;
}

static int
choose(struct export *export, const char *const *names, size_t n_names)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < n_names && ret != SIM_ERR_MEMORY; i++) {
        int one = add_named(export, names[i]);
        ret = one == SIM_OK ? ret : one;
    }
    for (uint32_t i = 0; n_names == 0 && i < export->reader->n_observations && ret == SIM_OK; i++) {
        ret = add(export, &export->reader->observations[i]);
    }
    return ret;
}

/* Cells that have no rows. */
static void
tell_of_cells(const struct export *export)
{
    uint64_t ran, failed, not_run;
    outcome_cells(export->reader, 0, export->reader->n_designs, &ran, &failed, &not_run);
    if (failed + not_run > 0) {
        sim_messages_add(export->messages, SIM_NOTE, (struct sim_where){ export->reader->path, 0, 0 },
            "%" PRIu64 " cells failed and %" PRIu64 " were not run: the series have no rows of them", failed,
            not_run);
    }
}

int
export_init(struct export *export, const struct reader *reader, const char *const *names, size_t n_names,
    int overwrite, struct sim_messages *messages)
{
    *export = (struct export){ .reader = reader,
        .is_part = n_names > 0,
        .files = { .overwrite = overwrite, .messages = messages },
        .messages = messages };
    int ret = choose(export, names, n_names);
    return ret == SIM_OK ? factors_init(&export->factors, reader, messages) : ret;
}

void
export_free(struct export *export)
{
    export_files_free(&export->files);
    factors_free(&export->factors);
    sim_free(export->observations);
    *export = (struct export){ .n_observations = 0 };
}

int
export_csv(struct export *export, const char *folder)
{
    static int (*const parts[])(
        struct export *, const char *) = { export_tables, export_series, export_records, export_summary };
    int ret = sim_publish_folder(folder, export->messages);
    if (ret == SIM_OK) {
        sim_publish_sweep_folder(folder);
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && ret == SIM_OK; i++) {
        ret = parts[i](export, folder);
    }
    return ret;
}

int
export_publish(struct export *export)
{
    int ret = export_files_publish(&export->files);
    if (ret == SIM_OK) {
        tell_of_cells(export);
    }
    return ret;
}

int
export_open(struct export *export, const char *folder, const char *name, FILE **out)
{
    char *path = sim_print_text("%s/%s.csv", folder, name);
    *out = NULL;
    int ret = path != NULL ? export_files_open(&export->files, path, out) : SIM_ERR_MEMORY;
    sim_free(path);
    return ret;
}

int
export_close(struct export *export, int ret)
{
    int closed = export_files_close(&export->files);
    return ret == SIM_OK ? closed : ret;
}

void
export_heads(const struct export_rows *rows, FILE *out)
{
    for (uint32_t v = 0; v < rows->n; v++) {
        fputc(',', out);
        csv_text(out, rows->list[v].head);
    }
    fputs(CSV_END, out);
}

void
export_design(const struct export *export, uint32_t design, FILE *out)
{
    fprintf(out, "%" PRIu32 ",", design);
    csv_text(out, export->reader->scenarios[design]);
}

int
export_same_dimension(const struct reader_observation *a, const struct reader_observation *b)
{
    return a->dimension == NULL || b->dimension == NULL ? a->dimension == b->dimension
                                                        : strcmp(a->dimension, b->dimension) == 0;
}

void
export_table_of(const struct reader_observation *observation, char *text, size_t size)
{
    snprintf(text, size, "series%s%s", observation->dimension != NULL ? "_by_" : "",
        observation->dimension != NULL ? observation->dimension : "");
}
