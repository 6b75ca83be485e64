/* hdf5_writer.c - an HDF5 file in the few forms that our files use, published whole. */
#include "sim/hdf5_writer.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <string.h>

/* Of one compressed piece, at most: 1 MiB of doubles. */
#define PIECE_NUMBERS 131072
#define DEFLATE_LEVEL 1 /* a sixth quicker than 4, and 2 percent larger */
#define IN_ORDER (H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED)

void
sim_writer_fail(struct sim_writer *writer, int status, const char *what)
{
    if (writer->status != SIM_OK) {
        return;
    }
    writer->status = status;
    char reason[128];
    sim_hdf5_reason(reason, sizeof(reason));
    snprintf(writer->fault, sizeof(writer->fault), "%.100s: %s", what,
        reason[0] == '\0' ? "HDF5 gives no reason" : reason);
}

/* Returns whether all is well so far, on the disk too. */
static int
check(struct sim_writer *writer, herr_t result, const char *what)
{
    if (result < 0 || writer->publication.error != 0) {
        sim_writer_fail(writer, SIM_ERR_FILE, what);
    }
    return writer->status == SIM_OK;
}

/* Nothing leaves HDF5's cache of metadata before the end, so nothing that a failed write has lost is ever
 * read back. */
static void
keep_metadata(struct sim_writer *writer, hid_t access)
{
    H5AC_cache_config_t cache = { .version = H5AC__CURR_CACHE_CONFIG_VERSION };
    if (check(writer, H5Pget_mdc_config(access, &cache), "asking for the cache")) {
        cache.evictions_enabled = 0;
        cache.incr_mode = H5C_incr__off;
        cache.flash_incr_mode = H5C_flash_incr__off;
        cache.decr_mode = H5C_decr__off;
        check(writer, H5Pset_mdc_config(access, &cache), "keeping metadata in the cache");
    }
}

static hid_t
file_access(struct sim_writer *writer)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (check(writer, access < 0 ? -1 : 0, "making an access list")) {
        check(writer, sim_driver_choose(&writer->driver, access), "choosing the driver");
        check(writer, H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18), "choosing the format");
        keep_metadata(writer, access);
    }
    return access;
}

/* Properties of every group and of the file: no times; links and attributes in the order they were made. */
static hid_t
group_properties(struct sim_writer *writer, hid_t class)
{
    hid_t properties = H5Pcreate(class);
    if (check(writer, properties < 0 ? -1 : 0, "making a creation list")) {
        check(writer, H5Pset_obj_track_times(properties, 0), "switching times off");
        check(writer, H5Pset_link_creation_order(properties, IN_ORDER), "keeping the order of links");
        check(writer, H5Pset_attr_creation_order(properties, IN_ORDER), "keeping the order of attributes");
    }
    return properties;
}

static void
close_list(hid_t list)
{
    if (list >= 0) {
        H5Pclose(list);
    }
}

static void
create_file(struct sim_writer *writer)
{
    if (!check(writer, sim_driver_init(&writer->driver, &writer->publication), "registering the driver")) {
        return;
    }
    hid_t access = file_access(writer);
    hid_t creation = group_properties(writer, H5P_FILE_CREATE);
    if (writer->status == SIM_OK) {
        writer->file = H5Fcreate(writer->publication.temporary, H5F_ACC_TRUNC, creation, access);
        check(writer, writer->file < 0 ? -1 : 0, "starting the file");
    }
    close_list(creation);
    close_list(access);
}

static int
report(const struct sim_writer *writer, struct sim_messages *messages)
{
    if (writer->status != SIM_OK) {
        struct sim_where where = { writer->publication.path, 0, 0 };
        sim_messages_add(messages, SIM_ERROR, where, "cannot be written: %s", writer->fault);
    }
    return writer->status;
}

int
sim_writer_init(
    struct sim_writer *writer, const char *path, enum sim_publish_mode mode, struct sim_messages *messages)
{
    memset(writer, 0, sizeof(*writer));
    writer->file = -1;
    writer->driver.id = -1;
    writer->silence = sim_silence_begin();
    int ret = sim_publication_init(&writer->publication, path, mode, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    create_file(writer);
    return report(writer, messages);
}

static void
close_file(struct sim_writer *writer)
{
    if (writer->file >= 0) {
        check(writer, H5Fflush(writer->file, H5F_SCOPE_LOCAL), "flushing the file");
        check(writer, H5Fclose(writer->file), "closing the file");
        writer->file = -1;
    }
}

void
sim_writer_free(struct sim_writer *writer)
{
    close_file(writer);
    sim_driver_free(&writer->driver);
    sim_silence_end(writer->silence);
    sim_publication_free(&writer->publication);
}

/* A failure of the disk comes first: what HDF5 met after it is its consequence. */
int
sim_writer_publish(struct sim_writer *writer, struct sim_messages *messages)
{
    close_file(writer);
    if (writer->status != SIM_OK && writer->publication.error == 0) {
        return report(writer, messages);
    }
    return sim_publication_finish(&writer->publication, messages);
}

hid_t
sim_writer_group(struct sim_writer *writer, hid_t parent, const char *name)
{
    if (writer->status != SIM_OK) {
        return -1;
    }
    hid_t properties = group_properties(writer, H5P_GROUP_CREATE);
    hid_t group =
        writer->status != SIM_OK ? -1 : H5Gcreate2(parent, name, H5P_DEFAULT, properties, H5P_DEFAULT);
    check(writer, group < 0 ? -1 : 0, name);
    close_list(properties);
    return group;
}

static hid_t
form_in_file(enum sim_form form)
{
    return form == SIM_FORM_REAL      ? H5T_IEEE_F64LE
        : form == SIM_FORM_SHORT_REAL ? H5T_IEEE_F32LE
        : form == SIM_FORM_INTEGER    ? H5T_STD_I64LE
                                      : H5T_STD_I8LE;
}

static hid_t
form_in_memory(enum sim_form form)
{
    return form == SIM_FORM_REAL || form == SIM_FORM_SHORT_REAL ? H5T_NATIVE_DOUBLE
        : form == SIM_FORM_INTEGER                              ? H5T_NATIVE_INT64
                                                                : H5T_NATIVE_INT8;
}

static void
write_attribute(struct sim_writer *writer, hid_t object, const char *name, hid_t kept, hid_t given,
    hid_t space, const void *values)
{
    hid_t attribute =
        space < 0 || kept < 0 ? -1 : H5Acreate2(object, name, kept, space, H5P_DEFAULT, H5P_DEFAULT);
    if (check(writer, attribute < 0 ? -1 : 0, name)) {
        check(writer, H5Awrite(attribute, given, values), name);
    }
    if (attribute >= 0) {
        check(writer, H5Aclose(attribute), name);
    }
    if (space >= 0) {
        H5Sclose(space);
    }
}

/* size 0: of variable length */
static hid_t
text_type(struct sim_writer *writer, size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (check(writer, type < 0 ? -1 : 0, "making a type of text")) {
        check(writer, H5Tset_size(type, size == 0 ? H5T_VARIABLE : size), "making a type of text");
        check(writer, H5Tset_cset(type, H5T_CSET_UTF8), "making a type of text");
        check(writer, H5Tset_strpad(type, size == 0 ? H5T_STR_NULLTERM : H5T_STR_NULLPAD),
            "making a type of text");
    }
    return type;
}

void
sim_writer_text_attribute(struct sim_writer *writer, hid_t object, const char *name, const char *text)
{
    if (writer->status != SIM_OK) {
        return;
    }
    size_t length = strlen(text);
    hid_t type = text_type(writer, length == 0 ? 1 : length);
    if (writer->status == SIM_OK) {
        write_attribute(writer, object, name, type, type, H5Screate(H5S_SCALAR), text);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
}

void
sim_writer_integer_attribute(struct sim_writer *writer, hid_t object, const char *name, int64_t value)
{
    if (writer->status == SIM_OK) {
        write_attribute(writer, object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, H5Screate(H5S_SCALAR), &value);
    }
}

static void
write_list(struct sim_writer *writer, hid_t object, const char *name, enum sim_form form, const void *values,
    size_t n)
{
    hsize_t extent = n;
    if (writer->status == SIM_OK) {
        write_attribute(writer, object, name, form_in_file(form), form_in_memory(form),
            H5Screate_simple(1, &extent, NULL), values);
    }
}

void
sim_writer_reals_attribute(
    struct sim_writer *writer, hid_t object, const char *name, const double *values, size_t n)
{
    write_list(writer, object, name, SIM_FORM_REAL, values, n);
}

void
sim_writer_integers_attribute(
    struct sim_writer *writer, hid_t object, const char *name, const int64_t *values, size_t n)
{
    write_list(writer, object, name, SIM_FORM_INTEGER, values, n);
}

void
sim_writer_bytes_attribute(
    struct sim_writer *writer, hid_t object, const char *name, const int8_t *values, size_t n)
{
    write_list(writer, object, name, SIM_FORM_BYTE, values, n);
}

hsize_t
sim_writer_run(hsize_t extent, hsize_t most)
{
    hsize_t power = 1;
    while (power <= most / 2) {
        power *= 2;
    }
    return most >= extent ? extent : power;
}

/* Pieces hold whole rows of the last dimensions, as many as fit. Where a dimension is written in runs, each run
 * holds whole pieces, for both are powers of two. */
static void
choose_piece(const struct sim_shape *shape, const hsize_t *runs, hsize_t *piece)
{
    hsize_t room = PIECE_NUMBERS;
    for (int i = shape->rank - 1; i >= 0; i--) {
        int in_runs = runs[i] > 0 && runs[i] < shape->extent[i];
        hsize_t most = in_runs && runs[i] < room ? runs[i] : room;
        piece[i] = in_runs            ? sim_writer_run(shape->extent[i], most)
            : shape->extent[i] < room ? shape->extent[i]
                                      : room;
        room /= piece[i] == 0 ? 1 : piece[i];
        room = room == 0 ? 1 : room;
    }
}

static hid_t
variable_properties(struct sim_writer *writer, const struct sim_shape *shape, const hsize_t *runs)
{
    hsize_t piece[SIM_WRITER_RANK];
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (!check(writer, properties < 0 ? -1 : 0, "making a creation list")) {
        return properties;
    }
    check(writer, H5Pset_obj_track_times(properties, 0), "switching times off");
    check(writer, H5Pset_attr_creation_order(properties, IN_ORDER), "keeping the order of attributes");
    if (runs != NULL) {
        choose_piece(shape, runs, piece);
        check(writer, H5Pset_chunk(properties, shape->rank, piece), "choosing pieces");
        check(writer, H5Pset_shuffle(properties), "choosing the shuffle filter");
        check(writer, H5Pset_deflate(properties, DEFLATE_LEVEL), "choosing the deflate filter");
    }
    return properties;
}

static void
attach_scales(struct sim_writer *writer, hid_t variable, const char *name, const struct sim_shape *shape)
{
    for (int i = 0; i < shape->rank; i++) {
        if (shape->scale[i] >= 0 && writer->status == SIM_OK) {
            check(writer, H5DSattach_scale(variable, shape->scale[i], (unsigned) i), name);
        }
    }
}

/* Of the pieces none is kept: many variables are open at once, and each piece is written once. */
static hid_t
variable_access(struct sim_writer *writer)
{
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    if (check(writer, access < 0 ? -1 : 0, "making an access list")) {
        check(writer, H5Pset_chunk_cache(access, 1, 0, 1), "keeping no pieces");
    }
    return access;
}

static hid_t
make_variable(struct sim_writer *writer, hid_t parent, const char *name, hid_t type,
    const struct sim_shape *shape, const hsize_t *runs)
{
    hid_t variable = -1;
    hid_t properties = variable_properties(writer, shape, runs);
    hid_t access = variable_access(writer);
    hid_t space = H5Screate_simple(shape->rank, shape->extent, NULL);
    if (check(writer, space < 0 ? -1 : 0, name)) {
        variable = H5Dcreate2(parent, name, type, space, H5P_DEFAULT, properties, access);
        if (check(writer, variable < 0 ? -1 : 0, name)) {
            attach_scales(writer, variable, name, shape);
        }
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    close_list(access);
    close_list(properties);
    return variable;
}

hid_t
sim_writer_variable(struct sim_writer *writer, hid_t parent, const char *name, enum sim_form form,
    const struct sim_shape *shape, const hsize_t *runs)
{
    return writer->status != SIM_OK ? -1
                                    : make_variable(writer, parent, name, form_in_file(form), shape, runs);
}

/* Selects the part of the file and makes the space in memory; negative when that fails. */
static hid_t
select_part(hid_t space, const struct sim_part *part)
{
    hsize_t first[SIM_WRITER_RANK] = { 0 };
    hsize_t count[SIM_WRITER_RANK];
    int rank = H5Sget_simple_extent_ndims(space);
    if (rank < part->rank || rank > SIM_WRITER_RANK || H5Sget_simple_extent_dims(space, count, NULL) < 0) {
        return -1;
    }
    for (int i = 0; i < part->rank; i++) {
        first[i] = part->first[i];
        count[i] = part->count[i];
    }
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL) < 0) {
        return -1;
    }
    return H5Screate_simple(rank, count, NULL);
}

static void
write_part(
    struct sim_writer *writer, hid_t variable, hid_t type, const struct sim_part *part, const void *values)
{
    hid_t space = H5Dget_space(variable);
    hid_t memory = space < 0 ? -1 : select_part(space, part);
    if (check(writer, memory < 0 ? -1 : 0, "selecting a part of a variable")) {
        check(writer, H5Dwrite(variable, type, memory, space, H5P_DEFAULT, values), "writing a variable");
    }
    if (memory >= 0) {
        H5Sclose(memory);
    }
    if (space >= 0) {
        H5Sclose(space);
    }
}

void
sim_writer_fill_part(struct sim_writer *writer, hid_t variable, enum sim_form form,
    const struct sim_part *part, const void *values)
{
    if (writer->status == SIM_OK) {
        write_part(writer, variable, form_in_memory(form), part, values);
    }
}

void
sim_writer_fill(struct sim_writer *writer, hid_t variable, enum sim_form form, hsize_t first, hsize_t count,
    const void *values)
{
    sim_writer_fill_part(writer, variable, form, &(struct sim_part){ 1, { first }, { count } }, values);
}

void
sim_writer_fill_texts(
    struct sim_writer *writer, hid_t variable, const struct sim_part *part, const char *const *texts)
{
    hid_t type = writer->status == SIM_OK ? text_type(writer, 0) : -1;
    if (writer->status == SIM_OK) {
        write_part(writer, variable, type, part, texts);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
}

hid_t
sim_writer_numbers(struct sim_writer *writer, hid_t parent, const char *name, enum sim_form form,
    const struct sim_shape *shape, const void *values)
{
    if (writer->status != SIM_OK) {
        return -1;
    }
    hid_t variable = make_variable(writer, parent, name, form_in_file(form), shape, NULL);
    if (writer->status == SIM_OK) {
        check(writer, H5Dwrite(variable, form_in_memory(form), H5S_ALL, H5S_ALL, H5P_DEFAULT, values), name);
    }
    return variable;
}

hid_t
sim_writer_text_variable(
    struct sim_writer *writer, hid_t parent, const char *name, const struct sim_shape *shape)
{
    hid_t variable = -1;
    hid_t type = writer->status == SIM_OK ? text_type(writer, 0) : -1;
    if (writer->status == SIM_OK) {
        variable = make_variable(writer, parent, name, type, shape, NULL);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    return variable;
}

hid_t
sim_writer_texts(struct sim_writer *writer, hid_t parent, const char *name, const struct sim_shape *shape,
    const char *const *texts)
{
    hid_t variable = sim_writer_text_variable(writer, parent, name, shape);
    sim_writer_fill_texts(writer, variable, &(struct sim_part){ 1, { 0 }, { shape->extent[0] } }, texts);
    return variable;
}

void
sim_writer_scale(struct sim_writer *writer, hid_t variable, const char *name)
{
    if (writer->status == SIM_OK) {
        check(writer, H5DSset_scale(variable, name), name);
    }
}

/* Groups and variables both; also after a failure, so that nothing stays open. */
void
sim_writer_close(struct sim_writer *writer, hid_t object)
{
    if (object < 0) {
        return;
    }
    herr_t result = H5Iget_type(object) == H5I_GROUP ? H5Gclose(object) : H5Dclose(object);
    check(writer, result, "closing a part of the file");
}
