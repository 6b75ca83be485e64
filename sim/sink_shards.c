/* sink_shards.c - shards: the outcomes of finished cells, and the numbers of those that ran well.
 *
 *     /  cell(n), status(n), digest(n), error(n), rows(n_ok, number); attributes Conventions, spec_digest,
 *        build_digest
 *
 * Cells that ran well come first, so that the i-th row is the i-th cell's. Without numbers there is no rows.
 */
#include "sim/shard.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"
#include "sim/hdf5_writer.h"
#include "sim/provenance.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONVENTIONS "cogov-shard-2"

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
write_integers(
    struct sim_writer *writer, const char *name, const int64_t *numbers, const struct sim_shape *shape)
{
    sim_writer_close(
        writer, sim_writer_numbers(writer, writer->file, name, SIM_FORM_INTEGER, shape, numbers));
}

static void
write_texts(
    struct sim_writer *writer, const char *name, const char *const *texts, const struct sim_shape *shape)
{
    sim_writer_close(writer, sim_writer_texts(writer, writer->file, name, shape, texts));
}

static void
write_outcomes(struct sim_writer *writer, const struct sim_finished *const *cells, uint32_t n)
{
    struct sim_shape shape = { 1, { n }, { -1 } };
    int64_t *numbers = sim_alloc(n, sizeof(*numbers));
    int64_t *statuses = sim_alloc(n, sizeof(*statuses));
    char(*digests)[SIM_HEX_SIZE] = sim_alloc(n, sizeof(*digests));
    const char **digest_texts = sim_alloc(n, sizeof(*digest_texts));
    const char **errors = sim_alloc(n, sizeof(*errors));
    if (numbers == NULL || statuses == NULL || digests == NULL || digest_texts == NULL || errors == NULL) {
        sim_writer_fail(writer, SIM_ERR_MEMORY, "cells");
        goto out;
    }
    for (uint32_t i = 0; i < n; i++) {
        numbers[i] = cells[i]->cell;
        statuses[i] = cells[i]->status;
        snprintf(digests[i], sizeof(*digests), "%016" PRIx64, cells[i]->digest);
        digest_texts[i] = digests[i];
        errors[i] = cells[i]->error;
    }
    write_integers(writer, "cell", numbers, &shape);
    write_integers(writer, "status", statuses, &shape);
    write_texts(writer, "digest", digest_texts, &shape);
    write_texts(writer, "error", errors, &shape);
out:
    sim_free(numbers);
    sim_free(statuses);
    sim_free(digests);
    sim_free(digest_texts);
    sim_free(errors);
}

static void
write_rows(
    struct sim_writer *writer, const struct sim_finished *const *cells, uint32_t n_ok, uint64_t n_numbers)
{
    struct sim_shape shape = { 2, { n_ok, n_numbers }, { -1, -1 } };
    if (n_ok == 0 || n_numbers == 0) {
        return;
    }
    hid_t rows = sim_writer_variable(writer, writer->file, "rows", SIM_FORM_REAL, &shape, 0);
    for (uint32_t i = 0; i < n_ok; i++) {
        sim_writer_fill(writer, rows, SIM_FORM_REAL, i, 1, cells[i]->rows);
    }
    sim_writer_close(writer, rows);
}

int
sim_shard_publish(const char *path, const struct sim_experiment *experiment, uint64_t n_numbers,
    const struct sim_finished *const *cells, uint32_t n, uint32_t n_ok, struct sim_messages *messages)
{
    struct sim_writer writer;
    int ret = sim_writer_init(&writer, path, SIM_KEEP, messages);
    if (ret == SIM_OK) {
        write_attributes(&writer, experiment);
        write_outcomes(&writer, cells, n);
        write_rows(&writer, cells, n_ok, n_numbers);
        ret = sim_writer_publish(&writer, messages);
    }
    sim_writer_free(&writer);
    return ret;
}

int
sim_shard_init(struct sim_shard *shard, const char *path)
{
    memset(shard, 0, sizeof(*shard));
    struct sim_reader *reader = sim_alloc(1, sizeof(*reader));
    if (reader == NULL) {
        return SIM_ERR_MEMORY;
    }
    shard->state = reader;
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_init(reader, path);
    sim_silence_end(silence);
    snprintf(shard->reason, sizeof(shard->reason), "%s", reader->reason);
    return ret;
}

void
sim_shard_free(struct sim_shard *shard)
{
    if (shard->state != NULL) {
        struct sim_silence silence = sim_silence_begin();
        sim_reader_free(shard->state);
        sim_silence_end(silence);
    }
    sim_free(shard->state);
    shard->state = NULL;
}

const char *
sim_shard_refusal(const struct sim_shard *shard, const struct sim_experiment *experiment)
{
    char build[SIM_HEX_SIZE];
    const char *why = NULL;
    const struct sim_reader *reader = shard->state;
    struct sim_silence silence = sim_silence_begin();
    sim_provenance_digest(build);
    if (!sim_reader_says(reader, "/", "Conventions", CONVENTIONS)) {
        why = sim_reader_says(reader, "/", "Conventions", "cogov-shard-1")
            ? "an older version of the program wrote it"
            : "it is no shard";
    } else if (!sim_reader_says(reader, "/", "spec_digest", experiment->digest)) {
        why = "it belongs to another experiment";
    } else if (!sim_reader_says(reader, "/", "build_digest", build)) {
        why = "another build of the program wrote it";
    }
    sim_silence_end(silence);
    return why;
}

static int
refuse(struct sim_shard *shard, const char *reason)
{
    snprintf(shard->reason, sizeof(shard->reason), "%s", reason);
    return SIM_ERR_FILE;
}

/* Sixteen digits as sim_shard_publish writes them; whether they are. */
static int
parse_digest(const char *text, uint64_t *digest)
{
    if (strlen(text) != SIM_HEX_SIZE - 1 || strspn(text, "0123456789abcdef") != SIM_HEX_SIZE - 1) {
        return 0;
    }
    *digest = strtoull(text, NULL, 16);
    return 1;
}

static int
ascending(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *) a, right = *(const uint32_t *) b;
    return (left > right) - (left < right);
}

/* SIM_ERR_FILE if a cell is there twice. */
static int
check_once(struct sim_shard *shard, const uint32_t *numbers, uint32_t n)
{
    uint32_t *sorted = sim_alloc(n, sizeof(*sorted));
    if (sorted == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = SIM_OK;
    memcpy(sorted, numbers, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), ascending);
    for (uint32_t i = 1; ret == SIM_OK && i < n; i++) {
        if (sorted[i] == sorted[i - 1]) {
            snprintf(shard->reason, sizeof(shard->reason), "it has cell %" PRIu32 " twice", sorted[i]);
            ret = SIM_ERR_FILE;
        }
    }
    sim_free(sorted);
    return ret;
}

static int
list_numbers(struct sim_shard *shard, uint32_t n_cells, struct sim_shard_cells *cells)
{
    struct sim_reader *reader = shard->state;
    int64_t *read = sim_alloc(cells->n, sizeof(*read));
    cells->numbers = sim_alloc(cells->n, sizeof(*cells->numbers));
    int ret = read == NULL || cells->numbers == NULL ? SIM_ERR_MEMORY : SIM_OK;
    ret = ret == SIM_OK ? sim_reader_numbers(reader, "cell", SIM_FORM_INTEGER, read, cells->n) : ret;
    if (ret == SIM_ERR_FILE) {
        refuse(shard, "its cells cannot be read");
    }
    for (uint32_t i = 0; ret == SIM_OK && i < cells->n; i++) {
        if (read[i] < 0 || read[i] >= (int64_t) n_cells) {
            snprintf(shard->reason, sizeof(shard->reason),
                "it has a cell %" PRId64 ", and the experiment has %" PRIu32, read[i], n_cells);
            ret = SIM_ERR_FILE;
        }
        cells->numbers[i] = (uint32_t) read[i];
    }
    sim_free(read);
    return ret == SIM_OK ? check_once(shard, cells->numbers, cells->n) : ret;
}

/* Counts those that ran well. */
static int
list_statuses(struct sim_shard *shard, struct sim_shard_cells *cells)
{
    struct sim_reader *reader = shard->state;
    int64_t *read = sim_alloc(cells->n, sizeof(*read));
    if (read == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = sim_reader_numbers(reader, "status", SIM_FORM_INTEGER, read, cells->n);
    while (ret == SIM_OK && cells->n_ok < cells->n && read[cells->n_ok] == SIM_RUN_OK) {
        cells->n_ok++;
    }
    for (uint32_t i = cells->n_ok; ret == SIM_OK && i < cells->n; i++) {
        ret = read[i] == SIM_RUN_FAILED ? SIM_OK : SIM_ERR_FILE;
    }
    sim_free(read);
    return ret == SIM_ERR_FILE ? refuse(shard, "its statuses are none") : ret;
}

static int
list_digests(struct sim_shard *shard, struct sim_shard_cells *cells)
{
    struct sim_reader *reader = shard->state;
    char **texts = NULL;
    int right = 1;
    cells->digests = sim_alloc(cells->n, sizeof(*cells->digests));
    int ret = cells->digests == NULL ? SIM_ERR_MEMORY : sim_reader_texts(reader, "digest", cells->n, &texts);
    for (uint32_t i = 0; ret == SIM_OK && i < cells->n; i++) {
        right = right && parse_digest(texts[i], &cells->digests[i]);
    }
    sim_reader_free_texts(texts, cells->n);
    return ret == SIM_ERR_FILE || !right ? refuse(shard, "its digests are none") : ret;
}

static int
list_errors(struct sim_shard *shard, struct sim_shard_cells *cells)
{
    struct sim_reader *reader = shard->state;
    if (cells->n_ok == cells->n) {
        return SIM_OK;
    }
    int ret = sim_reader_texts(reader, "error", cells->n, &cells->errors);
    return ret == SIM_ERR_FILE ? refuse(shard, "its errors cannot be read") : ret;
}

static int
list_rows(struct sim_shard *shard, struct sim_shard_cells *cells, uint64_t n_numbers)
{
    uint64_t extent[SIM_WRITER_RANK];
    if (cells->n_ok == 0 || n_numbers == 0) {
        return SIM_OK;
    }
    int right = sim_reader_place(shard->state, "rows", extent, &cells->rows_at) == SIM_OK
        && extent[0] == cells->n_ok && extent[1] == n_numbers;
    return right ? SIM_OK : refuse(shard, "its rows are not those of its cells");
}

int
sim_shard_list(struct sim_shard *shard, uint32_t n_cells, uint64_t n_numbers, struct sim_shard_cells *cells)
{
    struct sim_reader *reader = shard->state;
    struct sim_silence silence = sim_silence_begin();
    memset(cells, 0, sizeof(*cells));
    cells->n = sim_reader_length(reader, "cell");
    int ret = cells->n == 0 ? refuse(shard, "it has no cells") : SIM_OK;
    if (ret == SIM_OK && cells->n > n_cells) {
        ret = refuse(shard, "it has more cells than the experiment");
    }
    ret = ret == SIM_OK ? list_numbers(shard, n_cells, cells) : ret;
    ret = ret == SIM_OK ? list_statuses(shard, cells) : ret;
    ret = ret == SIM_OK ? list_digests(shard, cells) : ret;
    ret = ret == SIM_OK ? list_errors(shard, cells) : ret;
    ret = ret == SIM_OK ? list_rows(shard, cells, n_numbers) : ret;
    sim_silence_end(silence);
    return ret;
}

void
sim_shard_cells_free(struct sim_shard_cells *cells)
{
    sim_reader_free_texts(cells->errors, cells->n);
    sim_free(cells->numbers);
    sim_free(cells->digests);
    memset(cells, 0, sizeof(*cells));
}

int
sim_shard_locate(struct sim_shard *shard, uint64_t *rows_at)
{
    uint64_t extent[SIM_WRITER_RANK];
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_place(shard->state, "rows", extent, rows_at);
    sim_silence_end(silence);
    return ret == SIM_OK ? SIM_OK : refuse(shard, "its rows are not where they should be");
}

/* Little-endian numbers become the machine's. */
static void
convert(double *numbers, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &numbers[i], sizeof(bits));
        bits = le64toh(bits);
        memcpy(&numbers[i], &bits, sizeof(bits));
    }
}

int
sim_shard_read(int file, uint64_t rows_at, uint64_t first, uint64_t n, double *numbers)
{
    char *rest = (char *) numbers;
    size_t left = n * sizeof(*numbers);
    uint64_t at = rows_at + first * sizeof(*numbers);
    while (left > 0) {
        errno = 0;
        ssize_t taken = pread(file, rest, left < SSIZE_MAX ? left : SSIZE_MAX, (off_t) at);
        if (taken <= 0 && errno != EINTR) {
            return SIM_ERR_FILE;
        }
        if (taken > 0) {
            rest += taken;
            left -= (size_t) taken;
            at += (uint64_t) taken;
        }
    }
    convert(numbers, n);
    return SIM_OK;
}
