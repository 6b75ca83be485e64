/* hdf5_reader.c - reads back what hdf5_writer.h writes, from files that may be anything. */
#include "sim/hdf5_reader.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_chunks.h"
#include "sim/hdf5_heap.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST 0x7fffffff /* elements of one dimension that are believed */
#define MOST_DEFLATED 2048 /* elements that one may shrink to; deflate gets to 1032 at most */

/* At once after the call that failed: the next call of HDF5 forgets the reason. */
static int
fault(struct sim_reader *reader)
{
    sim_hdf5_reason(reader->reason, sizeof(reader->reason));
    return SIM_ERR_FILE;
}

/* Nobody writes into a published file, and locks fail on many shared file systems. */
int
sim_reader_init(struct sim_reader *reader, const char *path)
{
    int ret = SIM_OK;
    memset(reader, 0, sizeof(*reader));
    reader->file = -1;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access >= 0 && H5Pset_file_locking(access, 0, 1) >= 0) {
        reader->file = H5Fopen(path, H5F_ACC_RDONLY, access);
    }
    if (reader->file < 0) {
        ret = fault(reader);
    }
    if (access >= 0) {
        H5Pclose(access);
    }
    return ret;
}

void
sim_reader_free(struct sim_reader *reader)
{
    if (reader->file >= 0) {
        H5Fclose(reader->file);
        reader->file = -1;
    }
}

static void
close_space(hid_t space)
{
    if (space >= 0) {
        H5Sclose(space);
    }
}

static void
close_type(hid_t type)
{
    if (type >= 0) {
        H5Tclose(type);
    }
}

static void
close_attribute(hid_t attribute)
{
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
}

static void
close_variable(hid_t variable)
{
    if (variable >= 0) {
        H5Dclose(variable);
    }
}

static int
has_one_element(hid_t attribute)
{
    hid_t space = H5Aget_space(attribute);
    int one = space >= 0 && H5Sget_simple_extent_npoints(space) == 1;
    close_space(space);
    return one;
}

int
sim_reader_text_attribute(const struct sim_reader *reader, const char *object, const char *name, char **text)
{
    int ret = SIM_OK;
    *text = NULL;
    hid_t attribute = H5Aopen_by_name(reader->file, object, name, H5P_DEFAULT, H5P_DEFAULT);
    hid_t type = attribute < 0 ? -1 : H5Aget_type(attribute);
    if (type >= 0 && has_one_element(attribute) && H5Tget_class(type) == H5T_STRING
        && H5Tis_variable_str(type) == 0) {
        *text = sim_alloc(H5Tget_size(type) + 1, 1);
        ret = *text == NULL ? SIM_ERR_MEMORY : SIM_OK;
        if (*text != NULL && H5Aread(attribute, type, *text) < 0) {
            sim_free(*text);
            *text = NULL;
        }
    }
    close_type(type);
    close_attribute(attribute);
    return ret;
}

int
sim_reader_says(const struct sim_reader *reader, const char *object, const char *name, const char *text)
{
    char *found = NULL;
    int same = sim_reader_text_attribute(reader, object, name, &found) == SIM_OK && found != NULL
        && strcmp(found, text) == 0;
    sim_free(found);
    return same;
}

int
sim_reader_integer_attribute(struct sim_reader *reader, const char *name, int64_t *value)
{
    int ret = SIM_OK;
    hid_t attribute = H5Aopen(reader->file, name, H5P_DEFAULT);
    if (attribute < 0 || !has_one_element(attribute) || H5Aread(attribute, H5T_NATIVE_INT64, value) < 0) {
        ret = fault(reader);
    }
    close_attribute(attribute);
    return ret;
}

int
sim_reader_reals_attribute(
    struct sim_reader *reader, const char *object, const char *name, double *values, uint64_t n)
{
    int ret = SIM_OK;
    hid_t attribute = H5Aopen_by_name(reader->file, object, name, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    if (space < 0 || H5Sget_simple_extent_npoints(space) != (hssize_t) n
        || H5Aread(attribute, H5T_NATIVE_DOUBLE, values) < 0) {
        ret = fault(reader);
    }
    close_space(space);
    close_attribute(attribute);
    return ret;
}

struct link {
    int64_t made; /* the how-many-th of the group */
    char *name;
};

struct list {
    struct link *links;
    uint32_t n;
    int status;
};

static int
add_link(struct list *list, const char *name, int64_t made)
{
    struct link *longer = sim_resize(list->links, list->n, list->n + 1, sizeof(*longer));
    if (longer == NULL) {
        return SIM_ERR_MEMORY;
    }
    list->links = longer;
    longer[list->n] = (struct link){ made, sim_copy_text(name) };
    return longer[list->n++].name == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

/* A failure stops the iteration. */
static herr_t
visit_link(hid_t group, const char *name, const H5L_info_t *link, void *context)
{
    struct list *list = context;
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) {
        return -1;
    }
    if (H5Iget_type(object) == H5I_DATASET) {
        list->status = add_link(list, name, link->corder);
    }
    H5Oclose(object);
    return list->status == SIM_OK ? 0 : 1;
}

static int
by_making(const void *a, const void *b)
{
    const struct link *first = a, *second = b;
    return (first->made > second->made) - (first->made < second->made);
}

/* HDF5 is not asked for an order: for that it makes a table, which it frees unread in damaged files. */
int
sim_reader_variables(struct sim_reader *reader, char ***names, uint32_t *n)
{
    struct list list = { NULL, 0, SIM_OK };
    hsize_t position = 0;
    if (H5Literate(reader->file, H5_INDEX_CRT_ORDER, H5_ITER_NATIVE, &position, visit_link, &list) < 0) {
        list.status = fault(reader);
    }
    char **found = list.status == SIM_OK ? sim_alloc(list.n, sizeof(*found)) : NULL;
    if (found != NULL && list.n > 0) {
        qsort(list.links, list.n, sizeof(*list.links), by_making);
    }
    for (uint32_t i = 0; i < list.n; i++) {
        if (found != NULL) {
            found[i] = list.links[i].name;
        } else {
            sim_free(list.links[i].name);
        }
    }
    sim_free(list.links);
    if (found == NULL) {
        return list.status == SIM_OK ? (int) SIM_ERR_MEMORY : list.status;
    }
    *names = found;
    *n = list.n;
    return SIM_OK;
}

/* Whether n elements of a variable can have been written at all. HDF5 would make up those that were not, however
 * many a damaged file says there are. */
static int
is_written(hid_t variable, uint64_t n)
{
    hid_t type = H5Dget_type(variable);
    size_t size = type < 0 ? 0 : H5Tget_size(type);
    int written = size > 0 && n / MOST_DEFLATED <= H5Dget_storage_size(variable) / size;
    close_type(type);
    return written;
}

static int
extent_of(hid_t variable, uint64_t *extent)
{
    hsize_t found[SIM_WRITER_RANK];
    size_t bytes = 8;
    hid_t space = H5Dget_space(variable);
    int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (rank < 1 || rank > SIM_WRITER_RANK || H5Sget_simple_extent_dims(space, found, NULL) < 0) {
        rank = -1;
    }
    for (int i = 0; i < rank; i++) {
        if (found[i] == 0 || found[i] > LARGEST || found[i] > SIZE_MAX / bytes) {
            rank = -1;
            break;
        }
        extent[i] = found[i];
        bytes *= (size_t) found[i];
    }
    close_space(space);
    return rank > 0 && !is_written(variable, bytes / 8) ? -1 : rank;
}

int
sim_reader_extent(const struct sim_reader *reader, const char *name, uint64_t extent[SIM_WRITER_RANK])
{
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    int rank = variable < 0 ? -1 : extent_of(variable, extent);
    close_variable(variable);
    return rank;
}

uint32_t
sim_reader_length(const struct sim_reader *reader, const char *name)
{
    uint64_t extent[SIM_WRITER_RANK];
    return sim_reader_extent(reader, name, extent) == 1 ? (uint32_t) extent[0] : 0;
}

int
sim_reader_is_number(const struct sim_reader *reader, const char *name)
{
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    hid_t type = variable < 0 ? -1 : H5Dget_type(variable);
    H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    close_type(type);
    close_variable(variable);
    return class == H5T_FLOAT || class == H5T_INTEGER;
}

static uint64_t
count_of(hid_t variable)
{
    hid_t space = H5Dget_space(variable);
    hssize_t count = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
    close_space(space);
    return count < 0 ? 0 : (uint64_t) count;
}

/* Reads what is selected of a variable, whose space this is, after a look at its pieces. SIM_ERR_MEMORY, or
 * SIM_ERR_FILE with the reason. */
static int
read_selected(struct sim_reader *reader, hid_t variable, hid_t type, hid_t memory, hid_t space, void *values)
{
    int ret = sim_chunks_check(variable, space);
    if (ret == SIM_ERR_FILE
        || (ret == SIM_OK && H5Dread(variable, type, memory, space, H5P_DEFAULT, values) < 0)) {
        ret = fault(reader);
    }
    return ret;
}

int
sim_reader_numbers(struct sim_reader *reader, const char *name, enum sim_form form, void *values, uint64_t n)
{
    int ret = SIM_OK;
    hid_t type = form == SIM_FORM_REAL ? H5T_NATIVE_DOUBLE
        : form == SIM_FORM_INTEGER     ? H5T_NATIVE_INT64
                                       : H5T_NATIVE_INT8;
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    hid_t space = variable < 0 ? -1 : H5Dget_space(variable);
    if (space < 0 || count_of(variable) != n || !is_written(variable, n)) {
        ret = fault(reader);
    } else {
        ret = read_selected(reader, variable, type, space, space, values);
    }
    close_space(space);
    close_variable(variable);
    return ret;
}

/* Selects what has these indices along the first dimensions of a space; whether that has n elements. */
static int
select_part(hid_t space, const uint64_t *index, int n_index, uint64_t n)
{
    hsize_t extent[SIM_WRITER_RANK] = { 0 }, start[SIM_WRITER_RANK] = { 0 };
    int rank = H5Sget_simple_extent_ndims(space);
    if (rank < n_index || rank > SIM_WRITER_RANK || H5Sget_simple_extent_dims(space, extent, NULL) < 0) {
        return 0;
    }
    for (int i = 0; i < n_index; i++) {
        if (index[i] >= extent[i]) {
            return 0;
        }
        start[i] = index[i];
        extent[i] = 1;
    }
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, extent, NULL) >= 0
        && H5Sget_select_npoints(space) == (hssize_t) n;
}

int
sim_reader_part(struct sim_reader *reader, const char *name, const uint64_t *index, int n_index,
    double *values, uint64_t n)
{
    int ret = SIM_OK;
    hsize_t total = n;
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    hid_t space = variable < 0 ? -1 : H5Dget_space(variable);
    hid_t memory = H5Screate_simple(1, &total, NULL);
    if (space < 0 || memory < 0 || !select_part(space, index, n_index, n)) {
        ret = fault(reader);
    } else {
        ret = read_selected(reader, variable, H5T_NATIVE_DOUBLE, memory, space, values);
    }
    close_space(memory);
    close_space(space);
    close_variable(variable);
    return ret;
}

static int
select_box(hid_t space, int rank, const uint64_t *start, const uint64_t *count, hsize_t *total)
{
    hsize_t extent[SIM_WRITER_RANK] = { 0 }, from[SIM_WRITER_RANK] = { 0 }, along[SIM_WRITER_RANK] = { 0 };
    if (rank > SIM_WRITER_RANK || H5Sget_simple_extent_ndims(space) != rank
        || H5Sget_simple_extent_dims(space, extent, NULL) < 0) {
        return 0;
    }
    *total = 1;
    for (int i = 0; i < rank; i++) {
        if (start[i] > extent[i] || count[i] > extent[i] - start[i]) {
            return 0;
        }
        from[i] = start[i];
        along[i] = count[i];
        *total *= count[i];
    }
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, from, NULL, along, NULL) >= 0;
}

int
sim_reader_box(struct sim_reader *reader, const char *name, int rank, const uint64_t *start,
    const uint64_t *count, double *values)
{
    int ret = SIM_OK;
    hsize_t total = 0;
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    hid_t space = variable < 0 ? -1 : H5Dget_space(variable);
    hid_t memory =
        space >= 0 && select_box(space, rank, start, count, &total) ? H5Screate_simple(1, &total, NULL) : -1;
    if (memory < 0) {
        ret = fault(reader);
    } else {
        ret = read_selected(reader, variable, H5T_NATIVE_DOUBLE, memory, space, values);
    }
    close_space(memory);
    close_space(space);
    close_variable(variable);
    return ret;
}

/* The how-many-th element has these indices, row by row; none that is asked for wrongly gets past select_part. */
static uint64_t
place_of(hid_t variable, const uint64_t *index, int n_index)
{
    uint64_t extent[SIM_WRITER_RANK] = { 0 }, place = 0;
    int rank = extent_of(variable, extent);
    for (int i = 0; i < n_index && i < rank; i++) {
        place = place * extent[i] + index[i];
    }
    return place;
}

int
sim_reader_text(struct sim_reader *reader, const char *name, const uint64_t *index, int n_index, char **text)
{
    int ret = SIM_OK, whole = SIM_OK;
    hsize_t one = 1;
    char *raw = NULL;
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    hid_t space = variable < 0 ? -1 : H5Dget_space(variable);
    hid_t type = variable < 0 ? -1 : H5Dget_type(variable);
    hid_t memory = H5Screate_simple(1, &one, NULL);
    if (space < 0 || type < 0 || memory < 0 || H5Tis_variable_str(type) <= 0
        || !select_part(space, index, n_index, 1)
        || (whole = sim_heap_check(reader->file, variable, place_of(variable, index, n_index), 1)) != SIM_OK
        || H5Dread(variable, type, memory, space, H5P_DEFAULT, &raw) < 0) {
        ret = whole == SIM_ERR_MEMORY ? whole : fault(reader);
    } else {
        *text = sim_copy_text(raw == NULL ? "" : raw);
        ret = *text == NULL ? SIM_ERR_MEMORY : SIM_OK;
        H5Dvlen_reclaim(type, memory, H5P_DEFAULT, &raw);
    }
    close_space(memory);
    close_space(space);
    close_type(type);
    close_variable(variable);
    return ret;
}

/* Whether a variable is kept as plain little-endian numbers in one piece of its own file. */
static int
is_plain(hid_t variable)
{
    hid_t type = H5Dget_type(variable);
    hid_t properties = H5Dget_create_plist(variable);
    int plain = type >= 0 && properties >= 0 && H5Tequal(type, H5T_IEEE_F64LE) > 0
        && H5Pget_layout(properties) == H5D_CONTIGUOUS && H5Pget_external_count(properties) == 0;
    close_type(type);
    if (properties >= 0) {
        H5Pclose(properties);
    }
    return plain;
}

int
sim_reader_place(
    struct sim_reader *reader, const char *name, uint64_t extent[SIM_WRITER_RANK], uint64_t *offset)
{
    int ret = SIM_OK;
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    haddr_t at = HADDR_UNDEF;
    if (variable >= 0 && extent_of(variable, extent) == 2 && is_plain(variable)) {
        at = H5Dget_offset(variable);
    }
    if (at == HADDR_UNDEF) {
        ret = fault(reader);
    }
    *offset = at;
    close_variable(variable);
    return ret;
}

/* Copies HDF5's texts, which it takes back. */
static int
copy_texts(hid_t variable, hid_t type, char **raw, char **copies, uint32_t n)
{
    int ret = SIM_OK;
    for (uint32_t i = 0; i < n; i++) {
        copies[i] = sim_copy_text(raw[i] == NULL ? "" : raw[i]);
        ret = copies[i] == NULL ? SIM_ERR_MEMORY : ret;
    }
    hid_t space = H5Dget_space(variable);
    if (space >= 0) {
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw);
    }
    close_space(space);
    return ret;
}

int
sim_reader_texts(struct sim_reader *reader, const char *name, uint32_t n, char ***texts)
{
    uint64_t extent[SIM_WRITER_RANK];
    int ret = SIM_ERR_MEMORY, whole = SIM_OK;
    char **raw = sim_alloc(n, sizeof(*raw));
    char **copies = sim_alloc(n, sizeof(*copies));
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    hid_t type = variable < 0 ? -1 : H5Dget_type(variable);
    if (raw != NULL && copies != NULL) {
        if (type < 0 || H5Tis_variable_str(type) <= 0 || extent_of(variable, extent) != 1 || extent[0] != n
            || (whole = sim_heap_check(reader->file, variable, 0, n)) != SIM_OK
            || H5Dread(variable, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw) < 0) {
            ret = whole == SIM_ERR_MEMORY ? whole : fault(reader);
        } else {
            ret = copy_texts(variable, type, raw, copies, n);
        }
    }
    close_type(type);
    close_variable(variable);
    sim_free(raw);
    if (ret != SIM_OK) {
        sim_reader_free_texts(copies, n);
        return ret;
    }
    *texts = copies;
    return SIM_OK;
}

struct names {
    char **list;
    uint32_t n;
};

/* A failure stops the iteration. */
static herr_t
visit_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    struct names *names = context;
    (void) object;
    (void) info;
    char **longer = sim_resize(names->list, names->n, names->n + 1, sizeof(*longer));
    if (longer == NULL) {
        return 1;
    }
    names->list = longer;
    longer[names->n] = sim_copy_text(name);
    return longer[names->n++] == NULL ? 1 : 0;
}

static int
by_alphabet(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Sorted here and not by HDF5, which for that makes a table that a damaged file may upset. */
int
sim_reader_attributes(struct sim_reader *reader, const char *object, char ***names, uint32_t *n)
{
    struct names found = { NULL, 0 };
    hsize_t position = 0;
    herr_t ended = H5Aiterate_by_name(
        reader->file, object, H5_INDEX_NAME, H5_ITER_NATIVE, &position, visit_attribute, &found, H5P_DEFAULT);
    if (ended != 0) {
        int ret = ended < 0 ? fault(reader) : (int) SIM_ERR_MEMORY;
        sim_reader_free_texts(found.list, found.n);
        return ret;
    }
    if (found.n > 0) {
        qsort(found.list, found.n, sizeof(*found.list), by_alphabet);
    }
    *names = found.list;
    *n = found.n;
    return SIM_OK;
}

void
sim_reader_free_texts(char **texts, uint32_t n)
{
    for (uint32_t i = 0; texts != NULL && i < n; i++) {
        sim_free(texts[i]);
    }
    sim_free(texts);
}
