/* hdf5_reader.h - reads back what hdf5_writer.h writes, from files that may be anything. Names are paths from
 * the root of the file. HDF5 prints its errors unless the caller silences it.
 */
#ifndef SIM_HDF5_READER_H
#define SIM_HDF5_READER_H

#include "sim/hdf5_writer.h"

#include <stddef.h>
#include <stdint.h>

#define SIM_HEX_SIZE 17 /* a 64-bit digest as text, with its end */

struct sim_reader {
    hid_t file;
    char reason[128]; /* HDF5's, of the last SIM_ERR_FILE; "" if it gave none */
};

/* Opens a file for reading. SIM_ERR_FILE. May always be freed. */
int sim_reader_init(struct sim_reader *reader, const char *path);
void sim_reader_free(struct sim_reader *reader);

/* A text attribute of an object as a new text; NULL if it has no such attribute. SIM_ERR_MEMORY. */
int sim_reader_text_attribute(
    const struct sim_reader *reader, const char *object, const char *name, char **text);

/* The names of all attributes of an object, in alphabetical order: a new array, to be freed by
 * sim_reader_free_texts. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int sim_reader_attributes(struct sim_reader *reader, const char *object, char ***names, uint32_t *n);

/* Whether the object has this text attribute with exactly this text. */
int sim_reader_says(const struct sim_reader *reader, const char *object, const char *name, const char *text);

/* An integer attribute of the root. SIM_ERR_FILE. */
int sim_reader_integer_attribute(struct sim_reader *reader, const char *name, int64_t *value);

/* The names of the variables of the root, in the order in which they were made: a new array, to be freed by
 * sim_reader_free_texts. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int sim_reader_variables(struct sim_reader *reader, char ***names, uint32_t *n);

/* The rank of a variable, and its extent, whose product times 8 fits into a size; -1 if there is no such
 * variable, it is none of ours, or the file is too small to hold it. */
int sim_reader_extent(const struct sim_reader *reader, const char *name, uint64_t extent[SIM_WRITER_RANK]);

/* The length of a variable of one dimension; 0 if there is no such variable. */
uint32_t sim_reader_length(const struct sim_reader *reader, const char *name);

/* Whether a variable holds numbers. */
int sim_reader_is_number(const struct sim_reader *reader, const char *name);

/* The name of the coordinate variable of a variable's last dimension, as a new text; "" if it has none.
 * SIM_ERR_MEMORY. */
int sim_reader_last_dimension(const struct sim_reader *reader, const char *name, char **dimension);

/* All of a variable, which must have n elements, in this form. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int sim_reader_numbers(
    struct sim_reader *reader, const char *name, enum sim_form form, void *values, uint64_t n);

/* A part of a variable: what has these indices along its first n_index dimensions; n elements. SIM_ERR_FILE,
 * SIM_ERR_MEMORY. */
int sim_reader_part(struct sim_reader *reader, const char *name, const uint64_t *index, int n_index,
    double *values, uint64_t n);

/* A box of a variable of this rank: count[i] elements along dimension i, from start[i] on. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int sim_reader_box(struct sim_reader *reader, const char *name, int rank, const uint64_t *start,
    const uint64_t *count, double *values);

/* A numeric attribute of an object, which must have n elements. SIM_ERR_FILE if it has no such attribute. */
int sim_reader_reals_attribute(
    struct sim_reader *reader, const char *object, const char *name, double *values, uint64_t n);

/* One text of a variable of n_index dimensions, as a new text. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int sim_reader_text(
    struct sim_reader *reader, const char *name, const uint64_t *index, int n_index, char **text);

/* Where the numbers of a variable of two dimensions lie in the file, in bytes from its start: row by row, in one
 * piece, little-endian and of 8 bytes, else SIM_ERR_FILE. So they can be read while the file is not open here. */
int sim_reader_place(
    struct sim_reader *reader, const char *name, uint64_t extent[SIM_WRITER_RANK], uint64_t *offset);

/* All n texts of a variable of one dimension: a new array. SIM_ERR_FILE, SIM_ERR_MEMORY. */
int sim_reader_texts(struct sim_reader *reader, const char *name, uint32_t n, char ***texts);
void sim_reader_free_texts(char **texts, uint32_t n);

#endif
