/* hdf5_reader.c - reads back what hdf5_writer.h writes, from files that may be anything. */
#include "sim/hdf5_reader.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <stdio.h>
#include <string.h>

/* Nobody writes into a published file, and locks fail on many shared file systems. */
static hid_t
open_file(const char *path)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0) {
        return -1;
    }
    hid_t file = -1;
    if (H5Pset_file_locking(access, 0, 1) >= 0) {
        file = H5Fopen(path, H5F_ACC_RDONLY, access);
    }
    H5Pclose(access);
    return file;
}

int
sim_reader_init(struct sim_reader *reader, const char *path)
{
    memset(reader, 0, sizeof(*reader));
    H5Eget_auto2(H5E_DEFAULT, &reader->print, &reader->print_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    reader->file = open_file(path);
    if (reader->file < 0) {
        H5Eset_auto2(H5E_DEFAULT, reader->print, reader->print_data);
        return SIM_ERR_FILE;
    }
    return SIM_OK;
}

void
sim_reader_free(struct sim_reader *reader)
{
    H5Fclose(reader->file);
    H5Eset_auto2(H5E_DEFAULT, reader->print, reader->print_data);
    reader->file = -1;
}

/* Whether an attribute is a scalar fixed-length text of at most limit bytes. */
static int
is_short_text(hid_t attribute, hid_t type, size_t limit)
{
    hid_t space = H5Aget_space(attribute);
    int scalar = space >= 0 && H5Sget_simple_extent_type(space) == H5S_SCALAR;
    if (space >= 0) {
        H5Sclose(space);
    }
    return scalar && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0
        && H5Tget_size(type) <= limit;
}

int
sim_reader_says(const struct sim_reader *reader, const char *object, const char *name, const char *text)
{
    char found[256] = { 0 };
    hid_t attribute = H5Aopen_by_name(reader->file, object, name, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0) {
        return 0;
    }
    hid_t type = H5Aget_type(attribute);
    int same = type >= 0 && is_short_text(attribute, type, sizeof(found) - 1)
        && H5Aread(attribute, type, found) >= 0 && strcmp(found, text) == 0;
    if (type >= 0) {
        H5Tclose(type);
    }
    H5Aclose(attribute);
    return same;
}

static uint64_t
count_of(hid_t variable)
{
    hid_t space = H5Dget_space(variable);
    hssize_t count = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
    if (space >= 0) {
        H5Sclose(space);
    }
    return count < 0 ? 0 : (uint64_t) count;
}

uint64_t
sim_reader_count(const struct sim_reader *reader, const char *name)
{
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    if (variable < 0) {
        return 0;
    }
    uint64_t count = count_of(variable);
    H5Dclose(variable);
    return count;
}

int
sim_reader_numbers(
    const struct sim_reader *reader, const char *name, enum sim_form form, void *values, uint64_t n)
{
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    if (variable < 0) {
        return SIM_ERR_FILE;
    }
    hid_t type = form == SIM_FORM_REAL ? H5T_NATIVE_DOUBLE
        : form == SIM_FORM_INTEGER     ? H5T_NATIVE_INT64
                                       : H5T_NATIVE_INT8;
    int good = count_of(variable) == n && H5Dread(variable, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    H5Dclose(variable);
    return good ? SIM_OK : SIM_ERR_FILE;
}

/* Reads the index-th along the first dimension into n elements of a type. */
static int
read_slice(hid_t variable, uint64_t index, hid_t type, void *values, uint64_t n)
{
    int ret = SIM_ERR_FILE;
    hsize_t extent[SIM_WRITER_RANK] = { 0 };
    hsize_t start[SIM_WRITER_RANK] = { index };
    hsize_t total = n;
    hid_t memory = -1;
    hid_t space = H5Dget_space(variable);
    int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (rank < 1 || rank > SIM_WRITER_RANK || H5Sget_simple_extent_dims(space, extent, NULL) < 0
        || index >= extent[0]) {
        goto out;
    }
    extent[0] = 1;
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, extent, NULL) < 0
        || H5Sget_select_npoints(space) != (hssize_t) n) {
        goto out;
    }
    memory = H5Screate_simple(1, &total, NULL);
    if (memory >= 0 && H5Dread(variable, type, memory, space, H5P_DEFAULT, values) >= 0) {
        ret = SIM_OK;
    }
out:
    if (memory >= 0) {
        H5Sclose(memory);
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    return ret;
}

int
sim_reader_slice(
    const struct sim_reader *reader, const char *name, uint64_t index, double *values, uint64_t n)
{
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    if (variable < 0) {
        return SIM_ERR_FILE;
    }
    int ret = read_slice(variable, index, H5T_NATIVE_DOUBLE, values, n);
    H5Dclose(variable);
    return ret;
}

int
sim_reader_text(const struct sim_reader *reader, const char *name, uint64_t index, char *text, size_t size)
{
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    hid_t type = variable < 0 ? -1 : H5Dget_type(variable);
    char *found = NULL;
    int ret = SIM_ERR_FILE;
    if (type >= 0 && H5Tis_variable_str(type) > 0) {
        ret = read_slice(variable, index, type, &found, 1);
    }
    if (ret == SIM_OK) {
        snprintf(text, size, "%s", found == NULL ? "" : found);
        H5free_memory(found);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (variable >= 0) {
        H5Dclose(variable);
    }
    return ret;
}
