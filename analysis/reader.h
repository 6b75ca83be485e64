/* reader.h - opens results files, read-only, and gives what they hold. It knows the layout of the file and
 * nothing of the engine. All texts are UTF-8: what is not becomes '?', and what has such a name is left out.
 */
#ifndef ANALYSIS_READER_H
#define ANALYSIS_READER_H

#include "sim/message.h"

#include <stddef.h>
#include <stdint.h>

struct sim_reader;

struct reader_observation {
    char *name;
    char *title;
    char *unit;
    char *dimension;   /* besides design, replicate and tick; NULL: none */
    char **labels;     /* of that dimension */
    uint32_t n_labels; /* 1 without a dimension */
};

struct reader {
    char *path;
    char *title, *model;
    uint32_t n_designs, n_replicates, n_ticks, burn_in;
    uint32_t
        before; /* months before the first that is recorded; the how-many-th month a tick is, is one more */
    int64_t seed;
    char **scenarios; /* by design: stem and title of the scenario */
    char **titles;
    int8_t *run_status;                      /* by design, then replicate; reader_status gives it */
    struct reader_observation *observations; /* in the order of the file */
    uint32_t n_observations;
    struct sim_reader *file;
};

/* Faults are messages: no such file, not a results file, damaged. SIM_ERR_FILE, SIM_ERR_MEMORY. May always be
 * freed. */
int reader_init(struct reader *reader, const char *path, struct sim_messages *messages);
void reader_free(struct reader *reader);

/* Tells that a part of the file could not be read, for a SIM_ERR_FILE that came without a message. Returns it. */
int reader_damaged(const struct reader *reader, const char *part, struct sim_messages *messages);

/* What became of a cell. Not run: a stopping rule did not ask for it. */
enum reader_status { READER_RAN, READER_FAILED, READER_NOT_RUN };

static inline enum reader_status
reader_status(const struct reader *reader, uint32_t design, uint32_t replicate)
{
    return (enum reader_status) reader->run_status[(size_t) design * reader->n_replicates + replicate];
}

/* NULL if there is none. */
const struct reader_observation *reader_find(const struct reader *reader, const char *name);

/* Some of the numbers of an observation. */
struct reader_box {
    uint32_t design, n_designs, replicate, n_replicates;
    uint32_t tick, n_ticks; /* counted from 0 */
    uint32_t label, n_labels;
};

/* Reads them into values, which has room for their product: by design, replicate, tick, label, counts converted.
 * SIM_ERR_FILE, with a message; SIM_ERR_MEMORY. */
int reader_box(const struct reader *reader, const struct reader_observation *observation,
    const struct reader_box *box, double *values, struct sim_messages *messages);

/* The kinds of places that something is recorded by, "community": a new list, to be freed by reader_free_texts.
 * SIM_ERR_FILE, SIM_ERR_MEMORY. */
int reader_places(const struct reader *reader, char ***places, uint32_t *n);

/* For how many places of a kind the file has an observation; 0: it is not recorded by them. A design point may have
 * fewer of them. SIM_ERR_MEMORY. */
int reader_place_width(const struct reader *reader, const struct reader_observation *observation,
    const char *place, uint32_t *n_places);

/* How many places of a kind a design point has. SIM_ERR_FILE, without a message; SIM_ERR_MEMORY. */
int reader_place_count(const struct reader *reader, const char *place, uint32_t design, uint32_t *n_places);

/* As reader_box, of an observation as it is recorded by places: each of its numbers becomes one for each of the first
 * n_places places. */
int reader_place_box(const struct reader *reader, const struct reader_observation *observation,
    const char *place, const struct reader_box *box, uint32_t n_places, double *values,
    struct sim_messages *messages);

/* What a variable holds of one cell, in its order: n numbers, counts converted. SIM_ERR_FILE, without a message, if
 * there is no such variable or it holds another number of them. */
int reader_cell(const struct reader *reader, const char *variable, uint32_t design, uint32_t replicate,
    double *values, uint64_t n);

/* One text of a variable of n_index dimensions, as a new text. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int reader_text(
    const struct reader *reader, const char *variable, const uint64_t *index, int n_index, char **text);

/* All n numbers, or texts, of a variable of one dimension. SIM_ERR_FILE, without a message. */
int reader_numbers(const struct reader *reader, const char *variable, double *numbers, uint32_t n);
int reader_texts(const struct reader *reader, const char *variable, uint32_t n, char ***texts);

/* One number of a variable of one dimension; and how many it has, 0 if there is no such variable. SIM_ERR_FILE. */
int reader_number(const struct reader *reader, const char *variable, uint32_t index, double *number);
uint32_t reader_length(const struct reader *reader, const char *variable);
int reader_is_number(const struct reader *reader, const char *variable);

/* A text attribute of an object, "/" or "/config", as a new text; NULL if it has none. SIM_ERR_MEMORY. */
int reader_attribute(const struct reader *reader, const char *object, const char *name, char **text);

/* The names of all attributes of an object, in alphabetical order, to be freed by reader_free_texts. SIM_ERR_FILE,
 * SIM_ERR_MEMORY. */
int reader_attributes(const struct reader *reader, const char *object, char ***names, uint32_t *n);

/* A numeric attribute of an object, which has n elements. SIM_ERR_FILE, without a message, if it has none such. */
int reader_attribute_numbers(
    const struct reader *reader, const char *object, const char *name, double *values, uint32_t n);

/* The names of all variables of the root, to be freed by reader_free_texts. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int reader_variables(const struct reader *reader, char ***names, uint32_t *n);
void reader_free_texts(char **texts, uint32_t n);

#define READER_RANK 5 /* dimensions that a variable may have */

/* How many dimensions a variable has, and its extent along each; -1 if there is no such variable. */
int reader_extent(const struct reader *reader, const char *variable, uint64_t extent[READER_RANK]);

/* The name of its last dimension, as a new text; "" if that has none. SIM_ERR_MEMORY. */
int reader_last_dimension(const struct reader *reader, const char *variable, char **name);

/* A part of any variable: count[i] numbers along dimension i, from start[i] on. SIM_ERR_FILE, with a message;
 * SIM_ERR_MEMORY. */
int reader_part(const struct reader *reader, const char *variable, int rank, const uint64_t *start,
    const uint64_t *count, double *values, struct sim_messages *messages);

#endif
