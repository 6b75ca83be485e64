/* parts.c - the folder of an unfinished experiment: what is known of each cell, in a few bytes; new shards; numbers
 * read from the shards as they are asked for. */
#include "sim/parts_state.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/publish.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAST_NAME 1000000 /* tries to find a free name */
#define PATIENCE_MS 10000

char *
sim_parts_path(const struct sim_parts *parts, const char *name)
{
    return sim_print_text("%s/%s", parts->folder, name);
}

int
sim_parts_append(struct sim_parts_text *text, const char *bytes, size_t n)
{
    if (text->length + n + 1 > text->capacity) {
        size_t more = 2 * text->capacity > text->length + n + 1 ? 2 * text->capacity : text->length + n + 256;
        char *longer = sim_resize(text->bytes, text->capacity, more, 1);
        if (longer == NULL) {
            return SIM_ERR_MEMORY;
        }
        text->bytes = longer;
        text->capacity = more;
    }
    memcpy(text->bytes + text->length, bytes, n);
    text->length += n;
    text->bytes[text->length] = '\0';
    return SIM_OK;
}

int
sim_parts_init(struct sim_parts *parts, const char *folder, const struct sim_experiment *experiment)
{
    memset(parts, 0, sizeof(*parts));
    struct sim_parts_state *state = sim_alloc(1, sizeof(*state));
    if (state == NULL) {
        return SIM_ERR_MEMORY;
    }
    parts->state = state;
    parts->experiment = experiment;
    sim_record_layout(experiment, &parts->layout);
    state->n_numbers = sim_experiment_numbers(experiment, &parts->layout);
    state->lock = state->share_lock = -1;
    state->patience_ms = PATIENCE_MS;
    parts->folder = sim_copy_text(folder);
    parts->cells = sim_alloc(sim_experiment_cells(experiment), sizeof(*parts->cells));
    if (parts->folder == NULL || parts->cells == NULL || sim_parts_append(&state->errors, "", 1) != SIM_OK) {
        return SIM_ERR_MEMORY;
    }
    parts->n_cells = sim_experiment_cells(experiment);
    sim_parts_forget(parts);
    return SIM_OK;
}

static void
close_readers(struct sim_parts_state *state)
{
    for (size_t i = 0; i < SIM_PARTS_OPEN; i++) {
        if (state->open[i].used != 0) {
            close(state->open[i].file);
        }
        state->open[i].used = 0;
    }
}

void
sim_parts_forget(struct sim_parts *parts)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    close_readers(state);
    for (uint32_t i = 0; i < state->n_shards; i++) {
        sim_free(state->shards[i].name);
    }
    state->n_shards = 0;
    state->adopted.length = 0;
    state->errors.length = state->errors.length > 0; /* the "" at its start */
    for (uint32_t i = 0; i < parts->n_cells; i++) {
        parts->cells[i] = (struct sim_found){ .status = SIM_RUN_NOT_RUN };
    }
    parts->n_ok = parts->n_failed = 0;
}

void
sim_parts_free(struct sim_parts *parts)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    if (state != NULL) {
        sim_parts_unlock(parts);
        sim_parts_forget(parts);
        sim_manifest_free(&state->manifest);
        for (uint32_t i = 0; i < state->n_writers; i++) {
            sim_free(state->writers[i].name);
            sim_free(state->writers[i].text.bytes);
        }
        sim_free(state->writers);
        sim_free(state->shards);
        sim_free(state->adopted.bytes);
        sim_free(state->errors.bytes);
    }
    sim_free(state);
    sim_free(parts->cells);
    sim_free(parts->folder);
    memset(parts, 0, sizeof(*parts));
}

int
sim_parts_know(struct sim_parts *parts, const char *name, int used, uint64_t rows_at)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    if (state->n_shards == state->shards_capacity) {
        uint32_t more = state->shards_capacity == 0 ? 64 : 2 * state->shards_capacity;
        struct sim_parts_shard *longer =
            sim_resize(state->shards, state->shards_capacity, more, sizeof(*longer));
        if (longer == NULL) {
            return SIM_ERR_MEMORY;
        }
        state->shards = longer;
        state->shards_capacity = more;
    }
    char *copy = sim_copy_text(name);
    if (copy == NULL) {
        return SIM_ERR_MEMORY;
    }
    state->shards[state->n_shards++] = (struct sim_parts_shard){ copy, rows_at, used };
    return SIM_OK;
}

/* The digest of what stands for the numbers of a cell that failed: one for all. */
static int
know_failed_digest(struct sim_parts *parts)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    if (state->failed_digest != 0) {
        return SIM_OK;
    }
    double *numbers = sim_alloc(state->n_numbers, sizeof(*numbers));
    if (numbers == NULL) {
        return SIM_ERR_MEMORY;
    }
    sim_source_missing(parts->experiment, &parts->layout, 0, state->n_numbers, numbers);
    state->failed_digest = sim_digest(numbers, state->n_numbers);
    sim_free(numbers);
    return SIM_OK;
}

/* Of two reasons the one that comes first in the order of texts, so that the order of shards does not matter. */
static int
take_failed(struct sim_parts *parts, struct sim_found *found, const char *error)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    size_t length = strlen(error);
    if (found->status == SIM_RUN_FAILED && strcmp(state->errors.bytes + found->error, error) <= 0) {
        return SIM_OK;
    }
    int ret = know_failed_digest(parts);
    if (ret == SIM_OK && state->errors.length + length >= UINT32_MAX) {
        ret = SIM_ERR_MEMORY;
    }
    uint32_t offset = (uint32_t) state->errors.length;
    ret = ret == SIM_OK ? sim_parts_append(&state->errors, error, length + 1) : ret;
    if (ret == SIM_OK) {
        parts->n_failed += found->status != SIM_RUN_FAILED;
        *found =
            (struct sim_found){ .digest = state->failed_digest, .error = offset, .status = SIM_RUN_FAILED };
    }
    return ret;
}

int
sim_parts_take(
    struct sim_parts *parts, uint32_t cell, const struct sim_outcome *outcome, uint32_t shard, uint32_t index)
{
    struct sim_found *found = &parts->cells[cell];
    if (found->status == SIM_RUN_OK) {
        return SIM_OK;
    }
    if (outcome->status != SIM_RUN_OK) {
        return take_failed(parts, found, outcome->error);
    }
    parts->n_failed -= found->status == SIM_RUN_FAILED;
    parts->n_ok++;
    *found = (struct sim_found){ outcome->digest, shard, index, 0, SIM_RUN_OK };
    return SIM_OK;
}

/* Those that ran well first, then by number, so that a shard is read from its start to its end. */
static int
by_outcome(const void *a, const void *b)
{
    const struct sim_finished *left = *(const struct sim_finished *const *) a;
    const struct sim_finished *right = *(const struct sim_finished *const *) b;
    if (left->status != right->status) {
        return (left->status > right->status) - (left->status < right->status);
    }
    return (left->cell > right->cell) - (left->cell < right->cell);
}

/* SIM_ERR_EXISTS if a name has been given before, as far as is known: a manifest that still speaks of a lost or damaged
 * shard must not be taken for speaking of a new one. */
static int
check_free(const struct sim_parts *parts, const char *name, const char *path)
{
    char *damaged = sim_print_text("%s.damaged", path);
    int ret = damaged == NULL ? SIM_ERR_MEMORY : SIM_OK;
    if (ret == SIM_OK
        && (access(path, F_OK) == 0 || access(damaged, F_OK) == 0
            || sim_manifest_find(&sim_parts_state(parts)->manifest, name) != NULL)) {
        ret = SIM_ERR_EXISTS;
    }
    sim_free(damaged);
    return ret;
}

/* Cells to be saved, in order. */
struct batch {
    const struct sim_finished **cells;
    uint32_t n, n_ok;
};

/* SIM_ERR_EXISTS if the name is taken. */
static int
publish_as(
    struct sim_parts *parts, const char *name, const struct batch *batch, struct sim_messages *messages)
{
    char *path = sim_parts_path(parts, name);
    int ret = path == NULL ? SIM_ERR_MEMORY : check_free(parts, name, path);
    if (ret == SIM_OK) {
        ret = sim_shard_publish(path, parts->experiment, sim_parts_state(parts)->n_numbers, batch->cells,
            batch->n, batch->n_ok, messages);
    }
    sim_free(path);
    return ret;
}

/* FIRST.h5, or FIRST-2.h5, FIRST-3.h5 ... where that is taken, by a shard of another experiment or an earlier
 * try. */
static int
publish(struct sim_parts *parts, const struct batch *batch, char *name, size_t size,
    struct sim_messages *messages)
{
    uint32_t first = batch->cells[0]->cell;
    snprintf(name, size, "%" PRIu32 ".h5", first);
    int ret = publish_as(parts, name, batch, messages);
    for (uint32_t n = 2; ret == SIM_ERR_EXISTS && n <= LAST_NAME; n++) {
        snprintf(name, size, "%" PRIu32 "-%" PRIu32 ".h5", first, n);
        ret = publish_as(parts, name, batch, messages);
    }
    if (ret == SIM_ERR_EXISTS) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ parts->folder, 0, 0 },
            "a shard cannot be written: too many files have its name");
        ret = SIM_ERR_FILE;
    }
    return ret;
}

static int
take_batch(struct sim_parts *parts, const struct batch *batch, const char *name)
{
    uint32_t shard = sim_parts_state(parts)->n_shards;
    int ret = sim_parts_know(parts, name, 1, 0);
    for (uint32_t i = 0; ret == SIM_OK && i < batch->n; i++) {
        const struct sim_finished *it = batch->cells[i];
        struct sim_outcome outcome = { it->status, it->error, it->digest };
        ret = sim_parts_take(parts, it->cell, &outcome, shard, i);
    }
    return ret;
}

int
sim_parts_add(struct sim_parts *parts, const char *name, const struct sim_finished *list, uint32_t n,
    struct sim_messages *messages)
{
    char shard[64];
    struct batch batch = { sim_alloc(n, sizeof(*batch.cells)), n, 0 };
    if (batch.cells == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n; i++) {
        batch.cells[i] = &list[i];
        batch.n_ok += list[i].status == SIM_RUN_OK;
    }
    int ret = SIM_OK;
    if (n > 0) {
        qsort(batch.cells, n, sizeof(*batch.cells), by_outcome);
        ret = sim_publish_folder(parts->folder, messages);
        ret = ret == SIM_OK ? publish(parts, &batch, shard, sizeof(shard), messages) : ret;
        ret = ret == SIM_OK ? take_batch(parts, &batch, shard) : ret;
        ret = ret == SIM_OK ? sim_manifest_add(parts, name, shard, messages) : ret;
    }
    sim_free(batch.cells);
    return ret;
}

static struct sim_outcome
outcome_of(void *context, uint32_t cell)
{
    const struct sim_parts *parts = context;
    const struct sim_found *found = &parts->cells[cell];
    return (struct sim_outcome){ (enum sim_run_status) found->status,
        sim_parts_state(parts)->errors.bytes + found->error, found->digest };
}

/* Remembers why a shard cannot be read. */
static int
remember(struct sim_parts *parts, const char *name, const char *reason)
{
    char *fault = sim_parts_state(parts)->fault;
    snprintf(fault, sizeof(sim_parts_state(parts)->fault), "%s/%s: cannot be read: %s", parts->folder, name,
        reason);
    return SIM_ERR_FILE;
}

/* Where the numbers of a shard start, if scan did not find it but add wrote it. */
static int
locate(struct sim_parts *parts, struct sim_parts_shard *it, const char *path)
{
    struct sim_shard shard;
    if (it->rows_at != 0) {
        return SIM_OK;
    }
    int ret = sim_shard_init(&shard, path);
    ret = ret == SIM_OK ? sim_shard_locate(&shard, &it->rows_at) : ret;
    sim_shard_free(&shard);
    return ret == SIM_ERR_FILE ? remember(parts, it->name, shard.reason) : ret;
}

/* Opens a shard in the place of another. */
static int
open_file(struct sim_parts *parts, uint32_t index, struct sim_parts_open *it)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    char *path = sim_parts_path(parts, state->shards[index].name);
    int ret = path == NULL ? SIM_ERR_MEMORY : locate(parts, &state->shards[index], path);
    if (ret == SIM_OK) {
        int file = sim_parts_open_file(path);
        if (file < 0) {
            ret = remember(parts, state->shards[index].name, strerror(errno));
        } else {
            *it = (struct sim_parts_open){ file, index, 0 };
        }
    }
    sim_free(path);
    return ret;
}

/* The shard among those open: the one that has not been used for longest gives way. */
static int
find_open(struct sim_parts *parts, uint32_t index, struct sim_parts_open **it)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    int ret = SIM_OK;
    *it = &state->open[0];
    for (size_t i = 0; i < SIM_PARTS_OPEN; i++) {
        struct sim_parts_open *open = &state->open[i];
        if (open->used != 0 && open->index == index) {
            open->used = ++state->uses;
            *it = open;
            return SIM_OK;
        }
        *it = open->used < (*it)->used ? open : *it;
    }
    if ((*it)->used != 0) {
        close((*it)->file);
        (*it)->used = 0;
    }
    ret = open_file(parts, index, *it);
    (*it)->used = ret == SIM_OK ? ++state->uses : 0;
    return ret;
}

static int
numbers_of(void *context, uint32_t cell, uint64_t first, uint64_t n, double *numbers)
{
    struct sim_parts *parts = context;
    struct sim_parts_state *state = sim_parts_state(parts);
    const struct sim_found *found = &parts->cells[cell];
    if (found->status != SIM_RUN_OK) {
        sim_source_missing(parts->experiment, &parts->layout, first, n, numbers);
        return SIM_OK;
    }
    if (n == 0) {
        return SIM_OK;
    }
    struct sim_parts_open *it;
    int ret = find_open(parts, found->shard, &it);
    if (ret != SIM_OK) {
        return ret;
    }
    struct sim_parts_shard *shard = &state->shards[found->shard];
    ret = sim_shard_read(it->file, shard->rows_at, found->index * state->n_numbers + first, n, numbers);
    if (ret != SIM_OK) {
        remember(parts, shard->name, errno == 0 ? "it is too short" : strerror(errno));
    }
    return ret;
}

struct sim_source
sim_parts_source(struct sim_parts *parts)
{
    return (struct sim_source){ parts->experiment, parts->layout, outcome_of, numbers_of, parts };
}

const char *
sim_parts_fault(const struct sim_parts *parts)
{
    return sim_parts_state(parts)->fault;
}
