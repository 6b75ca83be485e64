/* hdf5_reader.h - reads back what hdf5_writer.h writes, from files that may be anything. */
#ifndef SIM_HDF5_READER_H
#define SIM_HDF5_READER_H

#include "sim/hdf5_writer.h"

#include <stddef.h>

#define SIM_HEX_SIZE 17 /* a 64-bit digest as text, with its end */

struct sim_reader {
    hid_t file;
    H5E_auto2_t print; /* HDF5's own error printing, as it was */
    void *print_data;
};

/* Opens a file for reading and silences HDF5's error printing until sim_reader_free, which follows a success
 * only. SIM_ERR_FILE. */
int sim_reader_init(struct sim_reader *reader, const char *path);
void sim_reader_free(struct sim_reader *reader);

/* Whether the object (a path) has this text attribute with exactly this text. */
int sim_reader_says(const struct sim_reader *reader, const char *object, const char *name, const char *text);

/* How many elements a variable has; 0 if there is no such variable. */
uint64_t sim_reader_count(const struct sim_reader *reader, const char *name);

/* All of a variable, which must have n elements of this form. SIM_ERR_FILE. */
int sim_reader_numbers(
    const struct sim_reader *reader, const char *name, enum sim_form form, void *values, uint64_t n);

/* A part of a variable: its index-th along the first dimension, which must have n elements. SIM_ERR_FILE. */
int sim_reader_slice(
    const struct sim_reader *reader, const char *name, uint64_t index, double *values, uint64_t n);

/* One of the texts of a variable of one dimension, cut to size and ended. SIM_ERR_FILE. */
int sim_reader_text(
    const struct sim_reader *reader, const char *name, uint64_t index, char *text, size_t size);

#endif
