/* reader_places.c - what a results file holds by place, such as by community. */
#include "analysis/reader.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"

#include <string.h>

/* "community" of "community_count", which tells for each design point how many there are, beside the names; NULL if the
 * variable is another one, or without memory. */
static char *
place_of(const struct reader *reader, const char *variable)
{
    static const char suffix[] = "_count";
    size_t length = strlen(variable), tail = sizeof(suffix) - 1;
    if (length <= tail || strcmp(variable + length - tail, suffix) != 0
        || reader_length(reader, variable) != reader->n_designs) {
        return NULL;
    }
    char *place = sim_print_text("%.*s", (int) (length - tail), variable);
    if (place != NULL && reader_length(reader, place) == 0) {
        sim_free(place);
        return NULL;
    }
    return place;
}

int
reader_places(const struct reader *reader, char ***places, uint32_t *n)
{
    uint32_t n_names = 0;
    *n = 0;
    *places = NULL;
    char **names = NULL;
    int ret = reader_variables(reader, &names, &n_names);
    for (uint32_t i = 0; ret == SIM_OK && i < n_names; i++) {
        char *place = place_of(reader, names[i]);
        if (place != NULL) {
            char **longer = sim_resize(*places, *n, *n + 1, sizeof(*longer));
            if (longer == NULL) {
                sim_free(place);
                ret = SIM_ERR_MEMORY;
            } else {
                *places = longer;
                longer[(*n)++] = place;
            }
        }
    }
    reader_free_texts(names, n_names);
    return ret;
}

uint32_t
reader_place_width(
    const struct reader *reader, const struct reader_observation *observation, const char *place)
{
    uint64_t extent[SIM_WRITER_RANK];
    int rank = observation->labels != NULL ? 5 : 4;
    char *variable = sim_print_text("%s_by_%s", observation->name, place);
    struct sim_silence silence = sim_silence_begin();
    int found = variable != NULL && sim_reader_extent(reader->file, variable, extent) == rank
        && extent[0] == reader->n_designs && extent[1] == reader->n_replicates && extent[2] == reader->n_ticks
        && (rank == 4 || extent[3] == observation->n_labels) && extent[rank - 1] <= UINT32_MAX
        && sim_reader_is_number(reader->file, variable);
    sim_silence_end(silence);
    sim_free(variable);
    return found ? (uint32_t) extent[rank - 1] : 0;
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
    if (ret != SIM_OK) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "damaged or incomplete, at %s: %s", variable, reader->file->reason);
    }
    sim_free(variable);
    return ret;
}
