/* hdf5_writer.h - an HDF5 file in the few forms that our files use, published whole.
 *
 * A writer remembers the first failure; after it every call does nothing, and sim_writer_publish reports it.
 * So a file can be written down as one list of calls. Handles are HDF5's; a handle of a failed call is
 * negative, and may be given to any function here.
 *
 * Strings: scalar, fixed-length UTF-8 as attributes, variable-length UTF-8 as variables. No times are kept,
 * so equal content is equal bytes.
 */
#ifndef SIM_HDF5_WRITER_H
#define SIM_HDF5_WRITER_H

#include "sim/hdf5_driver.h"
#include "sim/hdf5_errors.h"
#include "sim/message.h"

#include <stdint.h>

#define SIM_WRITER_RANK 5 /* dimensions a variable may have */

struct sim_writer {
    hid_t file;
    int status;      /* of the first failure */
    char fault[256]; /* what failed, and HDF5's reason */
    struct sim_silence silence;
    struct sim_driver driver;
    struct sim_publication publication;
};

enum sim_form {
    SIM_FORM_REAL,
    SIM_FORM_INTEGER,
    SIM_FORM_BYTE,
    SIM_FORM_SHORT_REAL, /* of single precision in the file, of double in memory */
};

/* A variable to be made: its shape, and the coordinate variable of each dimension (negative: none). */
struct sim_shape {
    int rank;
    hsize_t extent[SIM_WRITER_RANK];
    hid_t scale[SIM_WRITER_RANK];
};

/* A part of a variable: these of its first dimensions, and all of the others. */
struct sim_part {
    int rank; /* at least 1 */
    hsize_t first[SIM_WRITER_RANK], count[SIM_WRITER_RANK];
};

/* Starts a file and silences HDF5's error printing until sim_writer_free. The writer must not move.
 * SIM_ERR_FILE, with a message, SIM_ERR_MEMORY. */
int sim_writer_init(
    struct sim_writer *writer, const char *path, enum sim_publish_mode mode, struct sim_messages *messages);
void sim_writer_free(struct sim_writer *writer);

/* Closes the file and publishes it, or reports the first failure. No handle may be left open. SIM_ERR_FILE,
 * with a message, SIM_ERR_MEMORY, SIM_ERR_EXISTS. */
int sim_writer_publish(struct sim_writer *writer, struct sim_messages *messages);

/* Makes the writer fail; what: the part of the file in question. */
void sim_writer_fail(struct sim_writer *writer, int status, const char *what);

hid_t sim_writer_group(struct sim_writer *writer, hid_t parent, const char *name);

void sim_writer_text_attribute(struct sim_writer *writer, hid_t object, const char *name, const char *text);
void sim_writer_integer_attribute(struct sim_writer *writer, hid_t object, const char *name, int64_t value);
void sim_writer_reals_attribute(
    struct sim_writer *writer, hid_t object, const char *name, const double *values, size_t n);
void sim_writer_integers_attribute(
    struct sim_writer *writer, hid_t object, const char *name, const int64_t *values, size_t n);
void sim_writer_bytes_attribute(
    struct sim_writer *writer, hid_t object, const char *name, const int8_t *values, size_t n);

/* An empty variable, to be filled by sim_writer_fill. With runs it is compressed, in pieces: runs tells how many of
 * each dimension will be written at a time, from 0 on: as sim_writer_run has it, or 0 for all. Then each run holds
 * whole pieces. No piece is kept in memory: one that is written in two parts is read back and written again. */
hid_t sim_writer_variable(struct sim_writer *writer, hid_t parent, const char *name, enum sim_form form,
    const struct sim_shape *shape, const hsize_t *runs);

/* Writes values (double, int64_t or int8_t by the variable's form) into a part of the variable. */
void sim_writer_fill_part(struct sim_writer *writer, hid_t variable, enum sim_form form,
    const struct sim_part *part, const void *values);

/* The same into first .. first + count - 1 of the first dimension and all of the others. */
void sim_writer_fill(struct sim_writer *writer, hid_t variable, enum sim_form form, hsize_t first,
    hsize_t count, const void *values);

/* A part of a variable of texts. */
void sim_writer_fill_texts(
    struct sim_writer *writer, hid_t variable, const struct sim_part *part, const char *const *texts);

/* How many of a dimension to write at a time where at most so many fit: all, or a power of two. */
hsize_t sim_writer_run(hsize_t extent, hsize_t most);

/* A variable at once. */
hid_t sim_writer_numbers(struct sim_writer *writer, hid_t parent, const char *name, enum sim_form form,
    const struct sim_shape *shape, const void *values);
hid_t sim_writer_texts(struct sim_writer *writer, hid_t parent, const char *name,
    const struct sim_shape *shape, const char *const *texts);

/* A variable of texts without any, to be filled by sim_writer_fill_texts. */
hid_t sim_writer_text_variable(
    struct sim_writer *writer, hid_t parent, const char *name, const struct sim_shape *shape);

/* Makes a variable the coordinate of the dimension called name. */
void sim_writer_scale(struct sim_writer *writer, hid_t variable, const char *name);

/* Closes a group or a variable. */
void sim_writer_close(struct sim_writer *writer, hid_t object);

#endif
