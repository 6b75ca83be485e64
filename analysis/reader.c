/* reader.c - opens results files, read-only, and gives what they hold. */
#include "analysis/reader.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAYOUT "cogov-" /* before the number of the layout, among the words of the attribute Conventions */
#define THIS_LAYOUT 1

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

int
reader_damaged(const struct reader *reader, const char *part, struct sim_messages *messages)
{
    const char *reason = reader->file->reason;
    const char *joint = reason[0] == '\0' ? "" : ": ";
    return complain(reader, messages, "damaged or incomplete, at %s%s%s", part, joint, reason);
}

/* What is recorded by place, or of single agents, ends in a dimension that counts from 0, where an observation
 * has time or labels. */
static int
is_counted(const struct reader *reader, const char *name, int rank, int *ret)
{
    char *dimension = NULL;
    *ret = sim_reader_last_dimension(reader->file, name, &dimension);
    int counted = *ret == SIM_OK && sim_reader_is_number(reader->file, dimension)
        && (rank > 3 || strcmp(dimension, "tick") != 0);
    sim_free(dimension);
    return counted;
}

static int
is_observation(const struct reader *reader, const char *name, int rank, const uint64_t *extent, int *ret)
{
    return (rank == 3 || rank == 4) && extent[0] == reader->n_designs && extent[1] == reader->n_replicates
        && extent[2] == reader->n_ticks && sim_reader_is_number(reader->file, name)
        && !is_counted(reader, name, rank, ret);
}

/* Fills an observation from its variable; labels: 0 without a dimension. */
static int
describe(struct reader *reader, const char *name, uint32_t labels, struct reader_observation *observation)
{
    observation->n_labels = labels == 0 ? 1 : labels;
    observation->name = sim_copy_text(name);
    int ret = observation->name == NULL ? SIM_ERR_MEMORY
                                        : reader_attribute(reader, name, "long_name", &observation->title);
    if (ret == SIM_OK) {
        ret = reader_attribute(reader, name, "units", &observation->unit);
    }
    if (ret == SIM_OK && (observation->title == NULL || observation->unit == NULL)) {
        ret = SIM_ERR_FILE;
    }
    if (ret == SIM_OK && labels > 0) {
        ret = sim_reader_last_dimension(reader->file, name, &observation->dimension);
    }
    if (ret == SIM_OK && labels > 0) {
        ret = reader_texts(reader, observation->dimension, labels, &observation->labels);
    }
    return ret;
}

static int
add_variable(struct reader *reader, const char *name)
{
    uint64_t extent[SIM_WRITER_RANK];
    int rank = sim_reader_extent(reader->file, name, extent);
    int ret = SIM_OK;
    if (!is_observation(reader, name, rank, extent, &ret) || ret != SIM_OK) {
        return ret;
    }
    uint32_t n = reader->n_observations;
    struct reader_observation *larger = sim_resize(reader->observations, n, n + 1, sizeof(*larger));
    if (larger == NULL) {
        return SIM_ERR_MEMORY;
    }
    reader->observations = larger;
    reader->n_observations++;
    return describe(reader, name, rank == 4 ? (uint32_t) extent[3] : 0, &larger[n]);
}

static int
read_observations(struct reader *reader, struct sim_messages *messages)
{
    char **names = NULL;
    uint32_t n = 0;
    int ret = reader_variables(reader, &names, &n);
    if (ret == SIM_ERR_FILE) {
        return reader_damaged(reader, "the list of variables", messages);
    }
    for (uint32_t i = 0; ret == SIM_OK && i < n; i++) {
        ret = add_variable(reader, names[i]);
        if (ret == SIM_ERR_FILE) {
            reader_damaged(reader, names[i], messages);
        }
    }
    reader_free_texts(names, n);
    return ret;
}

/* Which layout of this program's files a list of conventions names; -1: none. */
static long
layout_of(const char *conventions)
{
    size_t length = strlen(LAYOUT);
    for (const char *word = conventions; word != NULL; word = strchr(word, ' ')) {
        word += strspn(word, " ");
        if (strncmp(word, LAYOUT, length) == 0 && word[length] >= '0' && word[length] <= '9') {
            char *end = NULL;
            long layout = strtol(word + length, &end, 10);
            return *end == '\0' || *end == ' ' ? layout : -1;
        }
    }
    return -1;
}

static int
check_layout(const struct reader *reader, const char *conventions, struct sim_messages *messages)
{
    long layout = layout_of(conventions);
    if (layout == THIS_LAYOUT) {
        return SIM_OK;
    }
    if (layout < 0) {
        return complain(reader, messages, "not a results file of this program: its Conventions are %s%.60s%s",
            conventions != NULL ? "\"" : "", conventions != NULL ? conventions : "missing",
            conventions != NULL ? "\"" : "");
    }
    return complain(reader, messages,
        "made by %s version of this program: its layout is " LAYOUT "%ld, and this program reads " LAYOUT
        "%d; take that version, or run its scenarios again with this one",
        layout > THIS_LAYOUT ? "a newer" : "an older", layout, THIS_LAYOUT);
}

static int
read_attributes(struct reader *reader, struct sim_messages *messages)
{
    char *conventions = NULL;
    int64_t burn_in = -1;
    int ret = reader_attribute(reader, "/", "Conventions", &conventions);
    if (ret == SIM_OK) {
        ret = check_layout(reader, conventions, messages);
    }
    if (ret == SIM_OK) {
        ret = reader_attribute(reader, "/", "title", &reader->title);
    }
    if (ret == SIM_OK) {
        ret = reader_attribute(reader, "/", "model", &reader->model);
    }
    if (ret == SIM_OK
        && (reader->title == NULL || reader->model == NULL
            || sim_reader_integer_attribute(reader->file, "seed", &reader->seed) != SIM_OK
            || sim_reader_integer_attribute(reader->file, "burn_in", &burn_in) != SIM_OK || burn_in < 0
            || burn_in > UINT32_MAX)) {
        ret = reader_damaged(reader, "the attributes", messages);
    }
    reader->burn_in = (uint32_t) burn_in;
    sim_free(conventions);
    return ret;
}

static int
read_run_status(struct reader *reader)
{
    size_t n = (size_t) reader->n_designs * reader->n_replicates;
    reader->run_status = sim_alloc(n, sizeof(*reader->run_status));
    return reader->run_status == NULL
        ? (int) SIM_ERR_MEMORY
        : sim_reader_numbers(reader->file, "run_status", SIM_FORM_BYTE, reader->run_status, n);
}

/* Months that are not in the file: those that a state which the runs started from had had. */
static int
read_first_tick(struct reader *reader)
{
    int64_t *ticks = sim_alloc(reader->n_ticks, sizeof(*ticks));
    if (ticks == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = sim_reader_numbers(reader->file, "tick", SIM_FORM_INTEGER, ticks, reader->n_ticks);
    if (ret == SIM_OK && (ticks[0] < 1 || ticks[0] > UINT32_MAX)) {
        ret = SIM_ERR_FILE;
    }
    reader->before = ret == SIM_OK ? (uint32_t) (ticks[0] - 1) : 0;
    sim_free(ticks);
    return ret;
}

static int
read_coordinates(struct reader *reader, struct sim_messages *messages)
{
    reader->n_designs = sim_reader_length(reader->file, "design");
    reader->n_replicates = sim_reader_length(reader->file, "replicate");
    reader->n_ticks = sim_reader_length(reader->file, "tick");
    if (reader->n_designs == 0 || reader->n_replicates == 0 || reader->n_ticks == 0) {
        return reader_damaged(reader, "the coordinates", messages);
    }
    int ret = read_first_tick(reader);
    if (ret == SIM_OK) {
        ret = reader_texts(reader, "scenario", reader->n_designs, &reader->scenarios);
    }
    if (ret == SIM_OK) {
        ret = reader_texts(reader, "title", reader->n_designs, &reader->titles);
    }
    if (ret == SIM_OK) {
        ret = read_run_status(reader);
    }
    return ret == SIM_ERR_FILE ? reader_damaged(reader, "the list of runs", messages) : ret;
}

static int
open_results(struct reader *reader, struct sim_messages *messages)
{
    struct stat kind;
    int plain = open(reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe does not keep it waiting */
    if (plain < 0 || fstat(plain, &kind) != 0) {
        complain(reader, messages, "cannot be read: %s", strerror(errno));
        if (plain >= 0) {
            close(plain);
        }
        return SIM_ERR_FILE;
    }
    close(plain);
    if (!S_ISREG(kind.st_mode)) {
        return complain(reader, messages, "not a results file: it is %s",
            S_ISDIR(kind.st_mode) ? "a folder" : "no regular file");
    }
    if (kind.st_size == 0) {
        return complain(reader, messages, "not a results file: it is empty");
    }
    if (H5Fis_hdf5(reader->path) <= 0) {
        return complain(reader, messages, "not a results file: it is not HDF5");
    }
    return sim_reader_init(reader->file, reader->path) == SIM_OK
        ? SIM_OK
        : reader_damaged(reader, "its start", messages);
}

int
reader_init(struct reader *reader, const char *path, struct sim_messages *messages)
{
    memset(reader, 0, sizeof(*reader));
    reader->path = sim_copy_text(path);
    reader->file = sim_alloc(1, sizeof(*reader->file));
    if (reader->file != NULL) {
        reader->file->file = -1;
    }
    if (reader->path == NULL || reader->file == NULL) {
        return SIM_ERR_MEMORY;
    }
    struct sim_silence silence = sim_silence_begin();
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
    sim_silence_end(silence);
    return ret;
}

void
reader_free(struct reader *reader)
{
    for (uint32_t i = 0; i < reader->n_observations; i++) {
        struct reader_observation *observation = &reader->observations[i];
        reader_free_texts(observation->labels, observation->n_labels);
        sim_free(observation->name);
        sim_free(observation->title);
        sim_free(observation->unit);
        sim_free(observation->dimension);
    }
    sim_free(reader->observations);
    reader_free_texts(reader->scenarios, reader->n_designs);
    reader_free_texts(reader->titles, reader->n_designs);
    sim_free(reader->run_status);
    sim_free(reader->title);
    sim_free(reader->model);
    sim_free(reader->path);
    if (reader->file != NULL) {
        struct sim_silence silence = sim_silence_begin();
        sim_reader_free(reader->file);
        sim_silence_end(silence);
        sim_free(reader->file);
    }
    memset(reader, 0, sizeof(*reader));
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
reader_box(const struct reader *reader, const struct reader_observation *observation,
    const struct reader_box *box, double *values, struct sim_messages *messages)
{
    const uint64_t start[] = { box->design, box->replicate, box->tick, box->label };
    const uint64_t count[] = { box->n_designs, box->n_replicates, box->n_ticks, box->n_labels };
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_box(
        reader->file, observation->name, observation->labels != NULL ? 4 : 3, start, count, values);
    sim_silence_end(silence);
    if (ret == SIM_ERR_FILE) {
        reader_damaged(reader, observation->name, messages);
    }
    return ret;
}

int
reader_part(const struct reader *reader, const char *variable, int rank, const uint64_t *start,
    const uint64_t *count, double *values, struct sim_messages *messages)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_box(reader->file, variable, rank, start, count, values);
    sim_silence_end(silence);
    return ret == SIM_ERR_FILE ? reader_damaged(reader, variable, messages) : ret;
}
