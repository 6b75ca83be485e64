/* reader.c - opens results files, read-only, and gives what they hold. */
#include "analysis/reader.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CONVENTIONS "cogov-1"
#define RANK 4
#define LARGEST 0x7fffffff /* elements of one dimension that are believed */

/* HDF5's own error printing, as it was. */
struct silence {
    H5E_auto2_t print;
    void *data;
};

static struct silence
silence_begin(void)
{
    struct silence silence = { NULL, NULL };
    H5Eget_auto2(H5E_DEFAULT, &silence.print, &silence.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return silence;
}

static void
silence_end(struct silence silence)
{
    H5Eset_auto2(H5E_DEFAULT, silence.print, silence.data);
}

static int complain(const struct reader *reader, struct sim_messages *messages, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int
complain(const struct reader *reader, struct sim_messages *messages, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 }, "%s", text);
    return SIM_ERR_FILE;
}

static herr_t
keep_reason(unsigned n, const H5E_error2_t *error, void *context)
{
    (void) n;
    snprintf(context, 160, "%s", error->desc == NULL ? "" : error->desc);
    return 0;
}

static int
damaged(const struct reader *reader, struct sim_messages *messages, const char *part)
{
    char reason[160] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_reason, reason);
    const char *joint = reason[0] == '\0' ? "" : ": ";
    return complain(reader, messages, "damaged or incomplete, at %s%s%s", part, joint, reason);
}

/* A scalar text attribute as a new text, *text; NULL if there is none. SIM_ERR_MEMORY. */
static int
read_text_attribute(hid_t object, const char *name, char **text)
{
    int ret = SIM_OK;
    *text = NULL;
    if (H5Aexists(object, name) <= 0) {
        return SIM_OK;
    }
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t type = attribute < 0 ? -1 : H5Aget_type(attribute);
    hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    int usable = type >= 0 && space >= 0 && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0
        && H5Sget_simple_extent_npoints(space) == 1;
    if (usable) {
        *text = sim_alloc(H5Tget_size(type) + 1, 1);
        ret = *text == NULL ? SIM_ERR_MEMORY : SIM_OK;
        if (*text != NULL && H5Aread(attribute, type, *text) < 0) {
            sim_free(*text);
            *text = NULL;
        }
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    return ret;
}

static int
read_integer_attribute(hid_t object, const char *name, int64_t *value)
{
    hid_t attribute = H5Aexists(object, name) > 0 ? H5Aopen(object, name, H5P_DEFAULT) : -1;
    if (attribute < 0) {
        return SIM_ERR_FILE;
    }
    hid_t space = H5Aget_space(attribute);
    int good = space >= 0 && H5Sget_simple_extent_npoints(space) == 1
        && H5Aread(attribute, H5T_NATIVE_INT64, value) >= 0;
    if (space >= 0) {
        H5Sclose(space);
    }
    H5Aclose(attribute);
    return good ? SIM_OK : SIM_ERR_FILE;
}

/* Rank and extent of a variable; -1 if it is none of ours. */
static int
extent_of(hid_t variable, hsize_t *extent)
{
    hid_t space = H5Dget_space(variable);
    int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (rank < 1 || rank > RANK || H5Sget_simple_extent_dims(space, extent, NULL) < 0) {
        rank = -1;
    }
    for (int i = 0; i < rank; i++) {
        rank = extent[i] == 0 || extent[i] > LARGEST ? -1 : rank;
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    return rank;
}

/* The length of a variable of one dimension; 0 if there is no such variable. */
static uint32_t
length_of(hid_t file, const char *name)
{
    hsize_t extent[RANK] = { 0 };
    hid_t variable = H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Dopen2(file, name, H5P_DEFAULT) : -1;
    int rank = variable < 0 ? -1 : extent_of(variable, extent);
    if (variable >= 0) {
        H5Dclose(variable);
    }
    return rank == 1 ? (uint32_t) extent[0] : 0;
}

static void
free_texts(char **texts, uint32_t n)
{
    for (uint32_t i = 0; texts != NULL && i < n; i++) {
        sim_free(texts[i]);
    }
    sim_free(texts);
}

/* The variable-length texts of an open variable of n elements, as a new array. */
static int
read_open_texts(hid_t variable, uint32_t n, char ***texts)
{
    hid_t space = -1;
    char **raw = sim_alloc(n, sizeof(*raw));
    char **copies = sim_alloc(n, sizeof(*copies));
    hid_t type = H5Dget_type(variable);
    int ret = raw == NULL || copies == NULL ? SIM_ERR_MEMORY : SIM_ERR_FILE;
    if (ret == SIM_ERR_MEMORY || type < 0 || H5Tis_variable_str(type) <= 0) {
        goto out;
    }
    space = H5Dget_space(variable);
    if (space < 0 || H5Dread(variable, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw) < 0) {
        goto out;
    }
    ret = SIM_OK;
    for (uint32_t i = 0; i < n; i++) {
        copies[i] = sim_copy_text(raw[i] == NULL ? "" : raw[i]);
        ret = copies[i] == NULL ? SIM_ERR_MEMORY : ret;
    }
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw);
out:
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    sim_free(raw);
    if (ret == SIM_OK) {
        *texts = copies;
    } else {
        free_texts(copies, n);
    }
    return ret;
}

static int
read_texts(hid_t file, const char *name, uint32_t n, char ***texts)
{
    if (length_of(file, name) != n) {
        return SIM_ERR_FILE;
    }
    hid_t variable = H5Dopen2(file, name, H5P_DEFAULT);
    int ret = variable < 0 ? (int) SIM_ERR_FILE : read_open_texts(variable, n, texts);
    if (variable >= 0) {
        H5Dclose(variable);
    }
    return ret;
}

static int
read_run_status(struct reader *reader)
{
    hsize_t extent[RANK] = { 0 };
    int ret = SIM_ERR_FILE;
    hid_t variable = H5Dopen2(reader->file, "run_status", H5P_DEFAULT);
    if (variable < 0) {
        return SIM_ERR_FILE;
    }
    if (extent_of(variable, extent) == 2 && extent[0] == reader->n_designs
        && extent[1] == reader->n_replicates) {
        reader->run_status = sim_alloc((size_t) extent[0] * (size_t) extent[1], sizeof(*reader->run_status));
        if (reader->run_status == NULL) {
            ret = SIM_ERR_MEMORY;
        } else if (H5Dread(variable, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, reader->run_status)
            >= 0) {
            ret = SIM_OK;
        }
    }
    H5Dclose(variable);
    return ret;
}

/* The name of the coordinate variable of the last dimension, as a new text; "" if it has none. */
static char *
last_dimension(hid_t variable, int rank)
{
    hid_t scale = -1;
    char *name = NULL;
    hid_t attribute =
        H5Aexists(variable, "DIMENSION_LIST") > 0 ? H5Aopen(variable, "DIMENSION_LIST", H5P_DEFAULT) : -1;
    hid_t type = attribute < 0 ? -1 : H5Aget_type(attribute);
    hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    hvl_t lists[RANK] = { { 0, NULL } };
    if (type < 0 || space < 0 || H5Sget_simple_extent_npoints(space) != rank
        || H5Aread(attribute, type, lists) < 0) {
        goto out;
    }
    if (lists[rank - 1].len > 0) {
        scale = H5Rdereference2(variable, H5P_DEFAULT, H5R_OBJECT, lists[rank - 1].p);
    }
    ssize_t length = scale < 0 ? -1 : H5DSget_scale_name(scale, NULL, 0);
    name = length < 0 ? NULL : sim_alloc((size_t) length + 1, 1);
    if (name != NULL) {
        H5DSget_scale_name(scale, name, (size_t) length + 1);
    }
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, lists);
out:
    if (scale >= 0) {
        H5Oclose(scale);
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    return name == NULL ? sim_copy_text("") : name;
}

static int
is_observation(const struct reader *reader, hid_t variable, int rank, const hsize_t *extent)
{
    hid_t type = H5Dget_type(variable);
    H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    if (type >= 0) {
        H5Tclose(type);
    }
    return rank >= 3 && (class == H5T_FLOAT || class == H5T_INTEGER) && extent[0] == reader->n_designs
        && extent[1] == reader->n_replicates && extent[2] == reader->n_ticks;
}

/* Fills an observation from its open variable. */
static int
describe(const struct reader *reader, hid_t variable, const char *name, int rank, const hsize_t *extent,
    struct reader_observation *observation)
{
    observation->n_labels = rank == 4 ? (uint32_t) extent[3] : 1;
    observation->name = sim_copy_text(name);
    int ret = observation->name == NULL ? SIM_ERR_MEMORY
                                        : read_text_attribute(variable, "long_name", &observation->title);
    if (ret == SIM_OK) {
        ret = read_text_attribute(variable, "units", &observation->unit);
    }
    if (ret == SIM_OK && (observation->title == NULL || observation->unit == NULL)) {
        ret = SIM_ERR_FILE;
    }
    if (ret == SIM_OK && rank == 4) {
        observation->dimension = last_dimension(variable, rank);
        ret = observation->dimension == NULL
            ? (int) SIM_ERR_MEMORY
            : read_texts(reader->file, observation->dimension, observation->n_labels, &observation->labels);
    }
    return ret;
}

static int
add_variable(struct reader *reader, const char *name)
{
    hsize_t extent[RANK] = { 0 };
    hid_t variable = H5Dopen2(reader->file, name, H5P_DEFAULT);
    if (variable < 0) {
        return SIM_ERR_FILE;
    }
    int ret = SIM_OK;
    int rank = extent_of(variable, extent);
    if (is_observation(reader, variable, rank, extent)) {
        uint32_t n = reader->n_observations;
        struct reader_observation *larger = sim_resize(reader->observations, n, n + 1, sizeof(*larger));
        ret = larger == NULL ? SIM_ERR_MEMORY : SIM_OK;
        if (larger != NULL) {
            reader->observations = larger;
            reader->n_observations++;
            ret = describe(reader, variable, name, rank, extent, &larger[n]);
        }
    }
    H5Dclose(variable);
    return ret;
}

struct visit {
    struct reader *reader;
    struct sim_messages *messages;
    int status;
};

static herr_t
visit_link(hid_t group, const char *name, const H5L_info_t *link, void *context)
{
    (void) link;
    struct visit *visit = context;
    H5O_info_t object;
    if (H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) < 0) {
        visit->status = damaged(visit->reader, visit->messages, name);
        return 1;
    }
    if (object.type != H5O_TYPE_DATASET) {
        return 0;
    }
    visit->status = add_variable(visit->reader, name);
    if (visit->status == SIM_ERR_FILE) {
        damaged(visit->reader, visit->messages, name);
    }
    return visit->status == SIM_OK ? 0 : 1;
}

static int
read_observations(struct reader *reader, struct sim_messages *messages)
{
    struct visit visit = { reader, messages, SIM_OK };
    hsize_t position = 0;
    herr_t result = H5Literate(reader->file, H5_INDEX_CRT_ORDER, H5_ITER_INC, &position, visit_link, &visit);
    if (result < 0 && visit.status == SIM_OK) {
        return damaged(reader, messages, "the list of variables");
    }
    return visit.status;
}

static int
read_attributes(struct reader *reader, struct sim_messages *messages)
{
    char *conventions = NULL;
    int64_t burn_in = -1;
    int ret = read_text_attribute(reader->file, "Conventions", &conventions);
    if (ret == SIM_OK && (conventions == NULL || strstr(conventions, CONVENTIONS) == NULL)) {
        ret = complain(reader, messages, "not a results file of this program");
        goto out;
    }
    if (ret == SIM_OK) {
        ret = read_text_attribute(reader->file, "title", &reader->title);
    }
    if (ret == SIM_OK) {
        ret = read_text_attribute(reader->file, "model", &reader->model);
    }
    if (ret == SIM_OK
        && (reader->title == NULL || reader->model == NULL
            || read_integer_attribute(reader->file, "seed", &reader->seed) != SIM_OK
            || read_integer_attribute(reader->file, "burn_in", &burn_in) != SIM_OK || burn_in < 0
            || burn_in > UINT32_MAX)) {
        ret = damaged(reader, messages, "the attributes");
    }
    reader->burn_in = (uint32_t) burn_in;
out:
    sim_free(conventions);
    return ret;
}

static int
read_coordinates(struct reader *reader, struct sim_messages *messages)
{
    reader->n_designs = length_of(reader->file, "design");
    reader->n_replicates = length_of(reader->file, "replicate");
    reader->n_ticks = length_of(reader->file, "tick");
    if (reader->n_designs == 0 || reader->n_replicates == 0 || reader->n_ticks == 0) {
        return damaged(reader, messages, "the coordinates");
    }
    int ret = read_texts(reader->file, "scenario", reader->n_designs, &reader->scenarios);
    if (ret == SIM_OK) {
        ret = read_texts(reader->file, "title", reader->n_designs, &reader->titles);
    }
    if (ret == SIM_OK) {
        ret = read_run_status(reader);
    }
    return ret == SIM_ERR_FILE ? damaged(reader, messages, "the list of runs") : ret;
}

/* Nobody writes into a finished results file, and locks fail on many shared file systems. */
static int
open_hdf5(struct reader *reader, struct sim_messages *messages)
{
    int ret = SIM_OK;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access >= 0 && H5Pset_file_locking(access, 0, 1) >= 0) {
        reader->file = H5Fopen(reader->path, H5F_ACC_RDONLY, access);
    }
    if (reader->file < 0) {
        ret = damaged(reader, messages, "its start"); /* now: the next call of HDF5 forgets the reason */
    }
    if (access >= 0) {
        H5Pclose(access);
    }
    return ret;
}

static int
open_results(struct reader *reader, struct sim_messages *messages)
{
    int plain = open(reader->path, O_RDONLY | O_CLOEXEC);
    if (plain < 0) {
        return complain(reader, messages, "cannot be read: %s", strerror(errno));
    }
    close(plain);
    if (H5Fis_hdf5(reader->path) <= 0) {
        return complain(reader, messages, "not a results file: it is not HDF5");
    }
    return open_hdf5(reader, messages);
}

int
reader_init(struct reader *reader, const char *path, struct sim_messages *messages)
{
    memset(reader, 0, sizeof(*reader));
    reader->file = -1;
    reader->path = sim_copy_text(path);
    if (reader->path == NULL) {
        return SIM_ERR_MEMORY;
    }
    struct silence silence = silence_begin();
    int ret = open_results(reader, messages);
    if (ret == SIM_OK) {
        ret = read_attributes(reader, messages);
    }
    if (ret == SIM_OK) {
        ret = read_coordinates(reader, messages);
    }
    if (ret == SIM_OK) {
        ret = read_observations(reader, messages);
    }
    silence_end(silence);
    return ret;
}

void
reader_free(struct reader *reader)
{
    for (uint32_t i = 0; i < reader->n_observations; i++) {
        struct reader_observation *observation = &reader->observations[i];
        free_texts(observation->labels, observation->n_labels);
        sim_free(observation->name);
        sim_free(observation->title);
        sim_free(observation->unit);
        sim_free(observation->dimension);
    }
    sim_free(reader->observations);
    free_texts(reader->scenarios, reader->n_designs);
    free_texts(reader->titles, reader->n_designs);
    sim_free(reader->run_status);
    sim_free(reader->title);
    sim_free(reader->model);
    sim_free(reader->path);
    if (reader->file >= 0) {
        struct silence silence = silence_begin();
        H5Fclose(reader->file);
        silence_end(silence);
    }
    memset(reader, 0, sizeof(*reader));
    reader->file = -1;
}

const struct reader_observation *
reader_find(const struct reader *reader, const char *name)
{
    for (uint32_t i = 0; i < reader->n_observations; i++) {
        if (strcmp(reader->observations[i].name, name) == 0) {
            return &reader->observations[i];
        }
    }
    return NULL;
}

int
reader_values(const struct reader *reader, const struct reader_observation *observation, double **values,
    struct sim_messages *messages)
{
    size_t count = reader_index(reader, observation, reader->n_designs, 0, 0, 0);
    *values = sim_alloc(count, sizeof(**values));
    if (*values == NULL) {
        return SIM_ERR_MEMORY;
    }
    struct silence silence = silence_begin();
    hid_t variable = H5Dopen2(reader->file, observation->name, H5P_DEFAULT);
    herr_t result =
        variable < 0 ? -1 : H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, *values);
    int ret = result < 0 ? damaged(reader, messages, observation->name) : SIM_OK;
    if (variable >= 0) {
        H5Dclose(variable);
    }
    silence_end(silence);
    if (ret != SIM_OK) {
        sim_free(*values);
        *values = NULL;
    }
    return ret;
}
