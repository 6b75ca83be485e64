/* export_records.c - what a file has recorded by place and of a sample of agents. Which places and agents there are, the
 * file says itself: PLACE_count has the design points' number of places, AGENT_index who an agent is.
 */
#include "analysis/export.h"

#include "analysis/csv.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_SIZE 512

/* A kind of place, such as community, or of agent, such as resident. */
struct kind {
    struct export *export;
    char *name;
    uint32_t most;   /* places or agents, of the dimension */
    double *counts;  /* of places: by design point */
    char **by;       /* of places: the variable of each observation of the export; NULL: there is none */
    double *indices; /* of agents: in the cell at hand; below 0: there is none */
    uint64_t cell;   /* which one */
    const char *const *labels; /* of the table at hand; NULL: none */
    char **variables;          /* of the file */
    uint32_t n_variables;
};

/* What belongs to one kind only. */
static void
kind_free(struct kind *kind)
{
    for (uint32_t i = 0; kind->by != NULL && i < kind->export->n_observations; i++) {
        sim_free(kind->by[i]);
    }
    sim_free(kind->by);
    sim_free(kind->name);
    sim_free(kind->counts);
    sim_free(kind->indices);
    kind->by = NULL;
    kind->name = NULL;
    kind->counts = kind->indices = NULL;
}

/* The stem if a name has this ending, as a new text; else NULL. */
static char *
stem_of(const char *name, const char *ending)
{
    size_t length = strlen(name), end = strlen(ending);
    if (length <= end || strcmp(name + length - end, ending) != 0) {
        return NULL;
    }
    return sim_print_text("%.*s", (int) (length - end), name);
}

/* Whether the last dimension of a variable is this; rank: how many it must have. */
static int
has_dimension(const struct kind *kind, const char *variable, int rank)
{
    uint64_t extent[READER_RANK];
    char *dimension = NULL;
    int same = reader_extent(kind->export->reader, variable, extent) == rank
        && reader_last_dimension(kind->export->reader, variable, &dimension) == SIM_OK
        && strcmp(dimension, kind->name) == 0;
    sim_free(dimension);
    return same;
}

static int
take_places(const struct export_row *row, FILE *out, void *context)
{
    const struct kind *kind = context;
    uint32_t n_labels = row->rows->list[0].inner / kind->most;
    for (uint32_t label = 0; label < n_labels; label++) {
        for (uint32_t place = 0; place < kind->most && place < kind->counts[row->design]; place++) {
            export_design(kind->export, row->design, out);
            fprintf(out, ",%" PRIu32 ",%" PRIu32 ",", row->replicate, row->tick);
            if (kind->labels != NULL) {
                csv_text(out, kind->labels[label]);
                fputc(',', out);
            }
            fprintf(out, "%" PRIu32, place);
            for (uint32_t v = 0; v < row->rows->n; v++) {
                fputc(',', out);
                csv_number(out, export_number(row, v, label * kind->most + place));
            }
            fputs(CSV_END, out);
        }
    }
    return SIM_OK;
}

/* Finds the observations that are recorded by these places. */
static int
find_by_place(struct kind *kind)
{
    const struct export *export = kind->export;
    int ret = SIM_OK;
    kind->by = sim_alloc(export->n_observations, sizeof(*kind->by));
    for (uint32_t i = 0; kind->by != NULL && i < export->n_observations && ret == SIM_OK; i++) {
        const struct reader_observation *observation = export->observations[i];
        kind->by[i] = sim_print_text("%s_by_%s", observation->name, kind->name);
        ret = kind->by[i] != NULL ? SIM_OK : SIM_ERR_MEMORY;
        if (ret == SIM_OK && !has_dimension(kind, kind->by[i], observation->dimension != NULL ? 5 : 4)) {
            sim_free(kind->by[i]);
            kind->by[i] = NULL;
        }
    }
    return kind->by != NULL ? ret : SIM_ERR_MEMORY;
}

/* A table of all that have the dimension of the first. */
static int
write_by_place(struct kind *kind, const struct reader_observation *first, const char *folder)
{
    struct export *export = kind->export;
    struct export_rows rows = { .reader = export->reader, .has_ticks = 1 };
    char name[TEXT_SIZE], table[2 * TEXT_SIZE];
    FILE *out;
    export_table_of(first, name, sizeof(name));
    snprintf(table, sizeof(table), "%s_by_%s", name, kind->name);
    int ret = export_open(export, folder, table, &out);
    for (uint32_t i = 0; i < export->n_observations && ret == SIM_OK; i++) {
        const struct reader_observation *observation = export->observations[i];
        if (kind->by[i] != NULL && export_same_dimension(observation, first)) {
            ret = export_rows_add(&rows, kind->by[i], observation->name);
        }
    }
    if (ret == SIM_OK) {
        kind->labels = (const char *const *) first->labels;
        fprintf(out, "design,scenario,replicate,tick,%s%s%s",
            first->dimension != NULL ? first->dimension : "", first->dimension != NULL ? "," : "",
            kind->name);
        export_heads(&rows, out);
        ret = export_rows_write(&rows, take_places, out, kind, export->messages);
    }
    export_rows_free(&rows);
    return export_close(export, ret);
}

/* Whether none before it that is recorded by these places has the same dimension. */
static int
is_first(const struct kind *kind, uint32_t observation)
{
    const struct reader_observation *const *list = kind->export->observations;
    uint32_t i = 0;
    while (i < observation && (kind->by[i] == NULL || !export_same_dimension(list[i], list[observation]))) {
        i++;
    }
    return i == observation;
}

/* What tells places apart: every other variable (design, place), PLACE_ before its name. */
static int
is_about(const struct kind *kind, const char *variable)
{
    size_t length = strlen(kind->name);
    return strncmp(variable, kind->name, length) == 0 && variable[length] == '_'
        && has_dimension(kind, variable, 2);
}

static int
write_about(const struct kind *kind, const char *variable, uint32_t design, uint32_t place, FILE *out)
{
    const struct reader *reader = kind->export->reader;
    const uint64_t start[] = { design, place }, one[] = { 1, 1 };
    char *text = NULL;
    double number;
    int ret;
    fputc(',', out);
    if (reader_is_number(reader, variable)) {
        ret = reader_part(reader, variable, 2, start, one, &number, kind->export->messages);
        csv_number(out, ret == SIM_OK ? number : 0);
    } else {
        ret = reader_text(reader, variable, start, 2, &text);
        if (ret == SIM_ERR_FILE) {
            reader_damaged(reader, variable, kind->export->messages);
        }
        csv_text(out, text != NULL ? text : "");
    }
    sim_free(text);
    return ret;
}

static int
write_place_rows(const struct kind *kind, FILE *out)
{
    int ret = SIM_OK;
    for (uint32_t d = 0; d < kind->export->reader->n_designs; d++) {
        for (uint32_t place = 0; ret == SIM_OK && place < kind->most && place < kind->counts[d]; place++) {
            export_design(kind->export, d, out);
            fprintf(out, ",%" PRIu32, place);
            for (uint32_t v = 0; v < kind->n_variables && ret == SIM_OK; v++) {
                ret = is_about(kind, kind->variables[v])
                    ? write_about(kind, kind->variables[v], d, place, out)
                    : SIM_OK;
            }
            fputs(CSV_END, out);
        }
    }
    return ret;
}

static int
write_places(struct kind *kind, const char *folder)
{
    FILE *out;
    int ret = export_open(kind->export, folder, kind->name, &out);
    if (ret == SIM_OK) {
        fprintf(out, "design,scenario,%s", kind->name);
        for (uint32_t v = 0; v < kind->n_variables; v++) {
            if (is_about(kind, kind->variables[v])) {
                fputc(',', out);
                csv_text(out, kind->variables[v] + strlen(kind->name) + 1);
            }
        }
        fputs(CSV_END, out);
        ret = write_place_rows(kind, out);
    }
    return export_close(kind->export, ret);
}

static int
export_places(struct kind *kind, const char *folder)
{
    const struct reader *reader = kind->export->reader;
    char *count = sim_print_text("%s_count", kind->name);
    kind->counts = sim_alloc(reader->n_designs, sizeof(*kind->counts));
    int ret = count != NULL && kind->counts != NULL
        ? reader_numbers(reader, count, kind->counts, reader->n_designs)
        : SIM_ERR_MEMORY;
    sim_free(count);
    if (ret == SIM_OK) {
        ret = write_places(kind, folder);
    }
    if (ret == SIM_OK) {
        ret = find_by_place(kind);
    }
    for (uint32_t i = 0; i < kind->export->n_observations && ret == SIM_OK; i++) {
        if (kind->by[i] != NULL && is_first(kind, i)) {
            ret = write_by_place(kind, kind->export->observations[i], folder);
        }
    }
    return ret;
}

/* Reads who the agents of a row's cell are, unless it is the cell at hand. */
static int
read_indices(struct kind *kind, const struct export_row *row)
{
    const struct reader *reader = kind->export->reader;
    uint64_t cell = (uint64_t) row->design * reader->n_replicates + row->replicate;
    if (kind->cell == cell) {
        return SIM_OK;
    }
    char *name = sim_print_text("%s_index", kind->name);
    int ret = name != NULL ? reader_cell(reader, name, row->design, row->replicate, kind->indices, kind->most)
                           : SIM_ERR_MEMORY;
    sim_free(name);
    kind->cell = cell;
    return ret;
}

static int
take_agents(const struct export_row *row, FILE *out, void *context)
{
    struct kind *kind = context;
    int ret = read_indices(kind, row);
    for (uint32_t agent = 0; ret == SIM_OK && agent < kind->most; agent++) {
        if (kind->indices[agent] >= 0) {
            export_design(kind->export, row->design, out);
            fprintf(out, ",%" PRIu32 ",", row->replicate);
            if (row->rows->has_ticks) {
                fprintf(out, "%" PRIu32 ",", row->tick);
            }
            fprintf(out, "%" PRIu32, agent);
            for (uint32_t v = 0; v < row->rows->n; v++) {
                fputc(',', out);
                csv_number(out, export_number(row, v, agent));
            }
            fputs(CSV_END, out);
        }
    }
    return ret;
}

/* One table of the agents' variables that have a tick, or of those that have none. */
static int
write_agents(struct kind *kind, const char *table, int has_ticks, const char *folder)
{
    struct export_rows rows = { .reader = kind->export->reader, .has_ticks = has_ticks };
    size_t length = strlen(kind->name);
    FILE *out;
    int ret = export_open(kind->export, folder, table, &out);
    for (uint32_t v = 0; v < kind->n_variables && ret == SIM_OK; v++) {
        const char *variable = kind->variables[v];
        if (strncmp(variable, kind->name, length) == 0 && variable[length] == '_'
            && has_dimension(kind, variable, has_ticks ? 4 : 3)) {
            ret = export_rows_add(&rows, variable, variable + length + 1);
        }
    }
    if (ret == SIM_OK) {
        fprintf(out, "design,scenario,replicate,%s%s", has_ticks ? "tick," : "", kind->name);
        export_heads(&rows, out);
        ret = export_rows_write(&rows, take_agents, out, kind, kind->export->messages);
    }
    export_rows_free(&rows);
    return export_close(kind->export, ret);
}

static int
export_agents(struct kind *kind, const char *folder)
{
    char table[TEXT_SIZE];
    kind->indices = sim_alloc(kind->most, sizeof(*kind->indices));
    kind->cell = UINT64_MAX;
    snprintf(table, sizeof(table), "series_of_%s", kind->name);
    int ret = kind->indices != NULL ? write_agents(kind, kind->name, 0, folder) : SIM_ERR_MEMORY;
    return ret == SIM_OK ? write_agents(kind, table, 1, folder) : ret;
}

/* Looks at one variable of the file: PLACE_count and AGENT_index lead to what else there is. */
static int
export_if_record(struct kind *kind, const char *variable, const char *folder)
{
    const struct reader *reader = kind->export->reader;
    int ret = SIM_OK;
    kind->name = stem_of(variable, "_count");
    int is_place = kind->name != NULL;
    kind->name = is_place ? kind->name : stem_of(variable, "_index");
    kind->most =
        kind->name != NULL && reader_is_number(reader, kind->name) ? reader_length(reader, kind->name) : 0;
    if (kind->most > 0 && is_place && reader_length(reader, variable) == reader->n_designs) {
        ret = export_places(kind, folder);
    } else if (kind->most > 0 && !is_place && !kind->export->is_part && has_dimension(kind, variable, 3)) {
        ret = export_agents(kind, folder);
    }
    kind_free(kind);
    return ret;
}

int
export_records(struct export *export, const char *folder)
{
    struct kind kind = { .export = export };
    int ret = reader_variables(export->reader, &kind.variables, &kind.n_variables);
    for (uint32_t v = 0; v < kind.n_variables && ret == SIM_OK; v++) {
        ret = export_if_record(&kind, kind.variables[v], folder);
    }
    reader_free_texts(kind.variables, kind.n_variables);
    return ret;
}
