/* sink_shards.c - shards: the raw rows of cells that ran well, one file for each call that saves some. A
 * published shard is never opened for writing again.
 *
 *     /  cell(n), digest(n), rows(n, number); attributes Conventions, spec_digest, build_digest
 */
#include "sim/sink.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"
#include "sim/hdf5_writer.h"
#include "sim/provenance.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONVENTIONS "cogov-shard-1"
#define LAST_NAME 1000000 /* tries to find a free name */

static void
write_attributes(struct sim_writer *writer, const struct sim_experiment *experiment)
{
    char build[SIM_HEX_SIZE];
    sim_provenance_digest(build);
    sim_writer_text_attribute(writer, writer->file, "Conventions", CONVENTIONS);
    sim_writer_text_attribute(writer, writer->file, "spec_digest", experiment->digest);
    sim_writer_text_attribute(writer, writer->file, "build_digest", build);
}

static void
write_cells(
    struct sim_writer *writer, const struct sim_results *results, const uint32_t *cells, uint32_t n_cells)
{
    struct sim_shape shape = { 1, { n_cells }, { -1 } };
    int64_t *numbers = sim_alloc(n_cells, sizeof(*numbers));
    char(*digests)[SIM_HEX_SIZE] = sim_alloc(n_cells, sizeof(*digests));
    const char **texts = sim_alloc(n_cells, sizeof(*texts));
    if (numbers == NULL || digests == NULL || texts == NULL) {
        sim_writer_fail(writer, SIM_ERR_MEMORY, "cells");
        goto out;
    }
    for (uint32_t i = 0; i < n_cells; i++) {
        numbers[i] = cells[i];
        snprintf(digests[i], sizeof(*digests), "%016" PRIx64, results->cells[cells[i]].digest);
        texts[i] = digests[i];
    }
    sim_writer_close(
        writer, sim_writer_numbers(writer, writer->file, "cell", SIM_FORM_INTEGER, &shape, numbers));
    sim_writer_close(writer, sim_writer_texts(writer, writer->file, "digest", &shape, texts));
out:
    sim_free(numbers);
    sim_free(digests);
    sim_free(texts);
}

static void
write_rows(
    struct sim_writer *writer, const struct sim_results *results, const uint32_t *cells, uint32_t n_cells)
{
    struct sim_shape shape = { 2, { n_cells, sim_cell_numbers(results) }, { -1, -1 } };
    hid_t rows = sim_writer_variable(writer, writer->file, "rows", SIM_FORM_REAL, &shape, 0);
    for (uint32_t i = 0; i < n_cells; i++) {
        sim_writer_fill(writer, rows, SIM_FORM_REAL, i, 1, results->cells[cells[i]].rows);
    }
    sim_writer_close(writer, rows);
}

static int
write_shard(const char *path, const struct sim_results *results, const uint32_t *cells, uint32_t n_cells,
    struct sim_messages *messages)
{
    struct sim_writer writer;
    int ret = sim_writer_init(&writer, path, SIM_KEEP, messages);
    if (ret == SIM_OK) {
        write_attributes(&writer, results->experiment);
        write_cells(&writer, results, cells, n_cells);
        write_rows(&writer, results, cells, n_cells);
        ret = sim_writer_publish(&writer, messages);
    }
    sim_writer_free(&writer);
    return ret;
}

/* FIRST.h5, or FIRST-2.h5, FIRST-3.h5 ... where that is taken, by a shard of another experiment or an earlier
 * try. */
static int
write_new_shard(const char *directory, const struct sim_results *results, const uint32_t *cells,
    uint32_t n_cells, struct sim_messages *messages)
{
    int ret = SIM_ERR_EXISTS;
    for (uint32_t n = 1; ret == SIM_ERR_EXISTS && n <= LAST_NAME; n++) {
        char *path = n == 1 ? sim_print_text("%s/%" PRIu32 ".h5", directory, cells[0])
                            : sim_print_text("%s/%" PRIu32 "-%" PRIu32 ".h5", directory, cells[0], n);
        if (path == NULL) {
            return SIM_ERR_MEMORY;
        }
        if (access(path, F_OK) != 0) {
            ret = write_shard(path, results, cells, n_cells, messages);
        }
        sim_free(path);
    }
    return ret;
}

int
sim_shard_write(const char *directory, const struct sim_results *results, const uint32_t *cells,
    uint32_t n_cells, struct sim_messages *messages)
{
    int ret = SIM_OK;
    uint32_t n_good = 0;
    uint32_t *good = sim_alloc(n_cells, sizeof(*good));
    if (good == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n_cells; i++) {
        const struct sim_cell *cell = &results->cells[cells[i]];
        ret = cell->rows == NULL ? SIM_ERR_STATE : ret;
        if (cell->status == SIM_RUN_OK) {
            good[n_good++] = cells[i];
        }
    }
    if (ret == SIM_OK && n_good > 0) {
        ret = sim_publish_folder(directory, messages);
        if (ret == SIM_OK) {
            ret = write_new_shard(directory, results, good, n_good, messages);
        }
    }
    sim_free(good);
    return ret;
}

static int
is_shard(const struct dirent *entry)
{
    const char *name = entry->d_name;
    size_t length = strlen(name);
    return name[0] != '.' && length > 3 && strcmp(name + length - 3, ".h5") == 0;
}

/* Why a shard is not for this experiment and program; NULL if it is. */
static const char *
refusal(const struct sim_reader *reader, const struct sim_experiment *experiment)
{
    char build[SIM_HEX_SIZE];
    sim_provenance_digest(build);
    if (!sim_reader_says(reader, "/", "Conventions", CONVENTIONS)) {
        return "it is no shard";
    }
    if (!sim_reader_says(reader, "/", "spec_digest", experiment->digest)) {
        return "it belongs to another experiment";
    }
    return sim_reader_says(reader, "/", "build_digest", build) ? NULL
                                                               : "another build of the program wrote it";
}

/* The index-th cell of a shard; digest is what it should have. */
static int
read_cell(struct sim_reader *reader, const struct sim_results *results, uint64_t index, const char *digest,
    struct sim_cell *cell)
{
    char found[SIM_HEX_SIZE];
    cell->status = SIM_RUN_OK;
    cell->rows = sim_alloc(sim_cell_numbers(results), sizeof(*cell->rows));
    if (cell->rows == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = sim_reader_slice(reader, "rows", index, cell->rows, sim_cell_numbers(results));
    if (ret != SIM_OK) {
        return ret;
    }
    cell->digest = sim_cell_digest(results, cell);
    snprintf(found, sizeof(found), "%016" PRIx64, cell->digest);
    return strcmp(found, digest) == 0 ? SIM_OK : SIM_ERR_FILE;
}

/* Takes one cell, unless it is there already. */
static int
take_cell(struct sim_reader *reader, struct sim_results *results, uint64_t index, int64_t number,
    const char *digest, uint32_t *n_found)
{
    if (number < 0 || number >= (int64_t) results->n_cells) {
        return SIM_ERR_FILE;
    }
    if (results->cells[number].rows != NULL) {
        return SIM_OK;
    }
    struct sim_cell cell = { 0 };
    int ret = read_cell(reader, results, index, digest, &cell);
    if (ret != SIM_OK) {
        sim_free(cell.rows);
        return ret;
    }
    results->cells[number] = cell;
    *n_found += 1;
    return SIM_OK;
}

/* A damaged cell does not keep the others from being taken. */
static int
take_cells(struct sim_reader *reader, struct sim_results *results, uint32_t *n_found)
{
    char **digests = NULL;
    uint32_t n = sim_reader_length(reader, "cell");
    if (n == 0 || n > results->n_cells) {
        return SIM_ERR_FILE;
    }
    int64_t *numbers = sim_alloc(n, sizeof(*numbers));
    int ret = numbers == NULL ? SIM_ERR_MEMORY : SIM_OK;
    if (ret == SIM_OK) {
        ret = sim_reader_numbers(reader, "cell", SIM_FORM_INTEGER, numbers, n);
    }
    if (ret == SIM_OK) {
        ret = sim_reader_texts(reader, "digest", n, &digests);
    }
    int worst = ret;
    for (uint32_t i = 0; ret == SIM_OK && i < n; i++) {
        int taken = take_cell(reader, results, i, numbers[i], digests[i], n_found);
        worst = taken == SIM_OK ? worst : taken;
    }
    sim_reader_free_texts(digests, n);
    sim_free(numbers);
    return worst;
}

static int
read_shard(const char *path, struct sim_results *results, uint32_t *n_found, struct sim_messages *messages)
{
    int ret = SIM_OK;
    struct sim_reader reader;
    struct sim_silence silence = sim_silence_begin();
    const char *why = "it cannot be read";
    if (sim_reader_init(&reader, path) == SIM_OK) {
        why = refusal(&reader, results->experiment);
        ret = why == NULL ? take_cells(&reader, results, n_found) : SIM_OK;
    }
    if (ret == SIM_ERR_FILE) {
        why = "it is damaged; its cells will be run again";
        ret = SIM_OK;
    }
    if (why != NULL) {
        sim_messages_add(
            messages, SIM_WARNING, (struct sim_where){ path, 0, 0 }, "this shard is not used: %s", why);
    }
    sim_reader_free(&reader);
    sim_silence_end(silence);
    return ret;
}

int
sim_shards_read(
    const char *directory, struct sim_results *results, uint32_t *n_found, struct sim_messages *messages)
{
    struct dirent **entries = NULL;
    *n_found = 0;
    int n = scandir(directory, &entries, is_shard, alphasort);
    if (n < 0) {
        if (errno == ENOENT) {
            return SIM_OK;
        }
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ directory, 0, 0 }, "cannot be read: %s",
            strerror(errno));
        return SIM_ERR_FILE;
    }
    int ret = SIM_OK;
    for (int i = 0; i < n; i++) {
        char *path = ret == SIM_OK ? sim_print_text("%s/%s", directory, entries[i]->d_name) : NULL;
        if (path == NULL && ret == SIM_OK) {
            ret = SIM_ERR_MEMORY;
        }
        if (path != NULL) {
            ret = read_shard(path, results, n_found, messages);
        }
        sim_free(path);
        free(entries[i]);
    }
    free(entries);
    return ret;
}

/* Removes one shard if it is of this experiment and program. */
static int
remove_shard(const char *path, const struct sim_experiment *experiment)
{
    struct sim_reader reader;
    struct sim_silence silence = sim_silence_begin();
    int ours = sim_reader_init(&reader, path) == SIM_OK && refusal(&reader, experiment) == NULL;
    sim_reader_free(&reader);
    sim_silence_end(silence);
    return ours && unlink(path) != 0 ? SIM_ERR_FILE : SIM_OK;
}

int
sim_shards_remove(const char *directory, const struct sim_experiment *experiment)
{
    struct dirent **entries = NULL;
    int n = scandir(directory, &entries, is_shard, alphasort);
    if (n < 0) {
        return errno == ENOENT ? SIM_OK : SIM_ERR_FILE;
    }
    int ret = SIM_OK;
    for (int i = 0; i < n; i++) {
        char *path = sim_print_text("%s/%s", directory, entries[i]->d_name);
        int removed = path == NULL ? SIM_ERR_MEMORY : remove_shard(path, experiment);
        ret = removed == SIM_OK ? ret : removed;
        sim_free(path);
        free(entries[i]);
    }
    free(entries);
    sim_publish_sweep_folder(directory);
    char *status = sim_print_text("%s/status.json", directory);
    if (status == NULL) {
        return SIM_ERR_MEMORY;
    }
    if (unlink(status) != 0 && errno != ENOENT) {
        ret = SIM_ERR_FILE;
    }
    sim_free(status);
    int left = rmdir(directory) != 0 && errno != ENOTEMPTY && errno != EEXIST;
    return left ? SIM_ERR_FILE : ret;
}
