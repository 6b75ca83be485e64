/* reader_places.c - what a results file holds by place, such as by community. */
#include "analysis/reader.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"

#include <string.h>

/* Whether a variable is "community_count", which tells for each design point how many there are; then *place becomes
 * "community", else NULL. */
static int
find_place(const struct reader *reader, const char *variable, char **place)
{
    static const char suffix[] = "_count";
    size_t length = strlen(variable), tail = sizeof(suffix) - 1;
    *place = NULL;
    if (length <= tail || strcmp(variable + length - tail, suffix) != 0
        || reader_length(reader, variable) != reader->n_designs) {
        return SIM_OK;
    }
    *place = sim_print_text("%.*s", (int) (length - tail), variable);
    if (*place == NULL) {
        return SIM_ERR_MEMORY;
    }
    if (reader_length(reader, *place) == 0) {
        sim_free(*place);
        *place = NULL;
    }
    return SIM_OK;
}

/* Adds a text to a list, which it then belongs to; NULL is none. */
static int
add(char ***list, uint32_t *n, char *text)
{
    if (text == NULL) {
        return SIM_OK;
    }
    char **longer = sim_resize(*list, *n, *n + 1u, sizeof(*longer));
    if (longer == NULL) {
        sim_free(text);
        return SIM_ERR_MEMORY;
    }
    *list = longer;
    longer[(*n)++] = text;
    return SIM_OK;
}

int
reader_places(const struct reader *reader, char ***places, uint32_t *n)
{
    char **names = NULL, *place = NULL;
    uint32_t n_names = 0;
    *places = NULL;
    *n = 0;
    int ret = reader_variables(reader, &names, &n_names);
    for (uint32_t i = 0; ret == SIM_OK && i < n_names; i++) {
        ret = find_place(reader, names[i], &place);
        if (ret == SIM_OK) {
            ret = add(places, n, place);
        }
    }
    reader_free_texts(names, n_names);
    return ret;
}

int
reader_place_width(const struct reader *reader, const struct reader_observation *observation,
    const char *place, uint32_t *n_places)
{
    uint64_t extent[SIM_WRITER_RANK];
    int rank = observation->labels != NULL ? 5 : 4;
    char *variable = sim_print_text("%s_by_%s", observation->name, place);
    *n_places = 0;
    if (variable == NULL) {
        return SIM_ERR_MEMORY;
    }
    struct sim_silence silence = sim_silence_begin();
    if (sim_reader_extent(reader->file, variable, extent) == rank && extent[0] == reader->n_designs
        && extent[1] == reader->n_replicates && extent[2] == reader->n_ticks
        && (rank == 4 || extent[3] == observation->n_labels) && extent[rank - 1] <= UINT32_MAX
        && sim_reader_is_number(reader->file, variable)) {
        *n_places = (uint32_t) extent[rank - 1];
    }
    sim_silence_end(silence);
    sim_free(variable);
    return SIM_OK;
}

int
reader_place_count(const struct reader *reader, const char *place, uint32_t design, uint32_t *n_places)
{
    double count = 0;
    char *variable = sim_print_text("%s_count", place);
    int ret = variable != NULL ? reader_number(reader, variable, design, &count) : SIM_ERR_MEMORY;
    sim_free(variable);
    if (ret == SIM_OK && !(count >= 0 && count <= UINT32_MAX)) {
        ret = SIM_ERR_FILE;
    }
    *n_places = ret == SIM_OK ? (uint32_t) count : 0;
    return ret;
}

int
reader_place_box(const struct reader *reader, const struct reader_observation *observation, const char *place,
    const struct reader_box *box, uint32_t n_places, double *values, struct sim_messages *messages)
{
    uint64_t start[SIM_WRITER_RANK] = { box->design, box->replicate, box->tick, box->label };
    uint64_t count[SIM_WRITER_RANK] = { box->n_designs, box->n_replicates, box->n_ticks, box->n_labels };
    int rank = observation->labels != NULL ? 5 : 4;
    start[rank - 1] = 0;
    count[rank - 1] = n_places;
    char *variable = sim_print_text("%s_by_%s", observation->name, place);
    if (variable == NULL) {
        return SIM_ERR_MEMORY;
    }
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_box(reader->file, variable, rank, start, count, values);
    sim_silence_end(silence);
    if (ret == SIM_ERR_FILE) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "damaged or incomplete, at %s: %s", variable, reader->file->reason);
    }
    sim_free(variable);
    return ret;
}
