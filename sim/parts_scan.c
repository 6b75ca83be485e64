/* parts_scan.c - what is in the folder: which files are shards of this experiment, whether they are whole, and what
 * became of which cell. Anything else that lies there is left alone. */
#include "sim/parts_state.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAST_DAMAGED 1000 /* tries to find a name for a damaged shard */

int
sim_parts_is_shard(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 3 && strcmp(name + length - 3, ".h5") == 0;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static int
add_name(struct sim_parts_names *names, const char *name)
{
    if (names->n == names->capacity) {
        uint32_t more = names->capacity == 0 ? 64 : 2 * names->capacity;
        char **longer = sim_resize(names->names, names->capacity, more, sizeof(*longer));
        if (longer == NULL) {
            return SIM_ERR_MEMORY;
        }
        names->names = longer;
        names->capacity = more;
    }
    names->names[names->n] = sim_copy_text(name);
    if (names->names[names->n] == NULL) {
        return SIM_ERR_MEMORY;
    }
    names->n++;
    return SIM_OK;
}

int
sim_parts_names(struct sim_parts_names *names, const struct sim_parts *parts, struct sim_messages *messages)
{
    int ret = SIM_OK;
    memset(names, 0, sizeof(*names));
    DIR *entries = opendir(parts->folder);
    if (entries == NULL && errno == ENOENT) {
        return SIM_OK;
    }
    if (entries == NULL) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ parts->folder, 0, 0 }, "cannot be read: %s",
            strerror(errno));
        return SIM_ERR_FILE;
    }
    struct dirent *entry;
    while (ret == SIM_OK && (entry = readdir(entries)) != NULL) {
        ret = add_name(names, entry->d_name);
    }
    closedir(entries);
    if (names->n > 0) {
        qsort(names->names, names->n, sizeof(*names->names), by_text);
    }
    return ret;
}

void
sim_parts_names_free(struct sim_parts_names *names)
{
    for (uint32_t i = 0; i < names->n; i++) {
        sim_free(names->names[i]);
    }
    sim_free(names->names);
    memset(names, 0, sizeof(*names));
}

int
sim_parts_names_have(const struct sim_parts_names *names, const char *name)
{
    return names->n > 0 && bsearch(&name, names->names, names->n, sizeof(*names->names), by_text) != NULL;
}

int
sim_parts_known(struct sim_parts_names *known, const struct sim_parts *parts, int only_used)
{
    const struct sim_parts_state *state = sim_parts_state(parts);
    known->names = sim_alloc(state->n_shards, sizeof(*known->names));
    if (known->names == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < state->n_shards; i++) {
        if (state->shards[i].used || !only_used) {
            known->names[known->n++] = state->shards[i].name;
        }
    }
    if (known->n > 0) {
        qsort(known->names, known->n, sizeof(*known->names), by_text);
    }
    return SIM_OK;
}

/* A file that is being looked at. */
struct candidate {
    struct sim_parts *parts;
    struct sim_messages *messages;
    const char *name;
    const char *path;
    int listed; /* a manifest has its checksum */
};

/* Says why a file is not used, and remembers that it was said. */
static int
refuse(const struct candidate *it, const char *why)
{
    sim_messages_add(
        it->messages, SIM_WARNING, (struct sim_where){ it->path, 0, 0 }, "this shard is not used: %s", why);
    return sim_parts_know(it->parts, it->name, 0, 0);
}

/* A name that a damaged shard can have; NULL without memory. */
static char *
damaged_path(const char *path)
{
    char *to = sim_print_text("%s.damaged", path);
    for (uint32_t n = 2; to != NULL && access(to, F_OK) == 0 && n < LAST_DAMAGED; n++) {
        sim_free(to);
        to = sim_print_text("%s.damaged-%" PRIu32, path, n);
    }
    return to;
}

/* Sets a shard aside, so that its name says what it is. Only who may write here does. */
static int
set_aside(const struct candidate *it, const char *why)
{
    const struct sim_where where = { it->path, 0, 0 };
    char *to = sim_parts_state(it->parts)->writes ? damaged_path(it->path) : NULL;
    if (to == NULL && sim_parts_state(it->parts)->writes) {
        return SIM_ERR_MEMORY;
    }
    if (to != NULL && rename(it->path, to) == 0) {
        sim_messages_add(it->messages, SIM_WARNING, where,
            "this shard is not used: it is damaged (%s), and now called %s; its cells are run again", why,
            strrchr(to, '/') + 1);
        sim_free(to);
        return SIM_OK;
    }
    sim_free(to);
    sim_messages_add(it->messages, SIM_WARNING, where,
        "this shard is not used: it is damaged (%s); its cells are run again", why);
    return sim_parts_know(it->parts, it->name, 0, 0);
}

/* Whether the numbers of all cells have the digests they should have. */
static int
verify_numbers(
    struct sim_shard *shard, int file, const struct sim_shard_cells *cells, double *numbers, uint64_t n)
{
    int ret = SIM_OK;
    for (uint32_t i = 0; ret == SIM_OK && i < cells->n_ok; i++) {
        ret = sim_shard_read(file, cells->rows_at, i * n, n, numbers);
        if (ret == SIM_OK && sim_digest(numbers, n) != cells->digests[i]) {
            snprintf(shard->reason, sizeof(shard->reason),
                "the digest of cell %" PRIu32 " is not that of its numbers", cells->numbers[i]);
            return SIM_ERR_FILE;
        }
    }
    if (ret == SIM_ERR_FILE) {
        snprintf(shard->reason, sizeof(shard->reason), "its numbers cannot be read");
    }
    return ret;
}

/* A shard that no manifest has is looked at closely. */
static int
verify(const struct candidate *it, struct sim_shard *shard, const struct sim_shard_cells *cells)
{
    uint64_t n = sim_parts_state(it->parts)->n_numbers;
    double *numbers = sim_alloc(n, sizeof(*numbers));
    if (numbers == NULL) {
        return SIM_ERR_MEMORY;
    }
    int file = sim_parts_open_file(it->path);
    int ret = verify_numbers(shard, file, cells, numbers, n);
    if (file >= 0) {
        close(file);
    }
    sim_free(numbers);
    return ret;
}

static int
take_cells(const struct candidate *it, const struct sim_shard_cells *cells)
{
    uint32_t index = sim_parts_state(it->parts)->n_shards;
    int ret = sim_parts_know(it->parts, it->name, 1, cells->rows_at);
    for (uint32_t i = 0; ret == SIM_OK && i < cells->n; i++) {
        int well = i < cells->n_ok;
        struct sim_outcome outcome = { well ? SIM_RUN_OK : SIM_RUN_FAILED, well ? "" : cells->errors[i],
            cells->digests[i] };
        ret = sim_parts_take(it->parts, cells->numbers[i], &outcome, index, i);
    }
    return ret;
}

/* A shard of this experiment and build. */
static int
take_shard(const struct candidate *it, struct sim_shard *shard, const char *checksum)
{
    struct sim_parts_state *state = sim_parts_state(it->parts);
    struct sim_shard_cells cells;
    int ret = sim_shard_list(shard, it->parts->n_cells, state->n_numbers, &cells);
    if (ret == SIM_OK && !it->listed) {
        ret = verify(it, shard, &cells);
    }
    if (ret == SIM_OK && !it->listed && state->writes) {
        ret = sim_manifest_line(&state->adopted, checksum, it->name);
    }
    if (ret == SIM_OK) {
        ret = take_cells(it, &cells);
    } else if (ret == SIM_ERR_FILE) {
        ret = set_aside(it, shard->reason);
    }
    sim_shard_cells_free(&cells);
    return ret;
}

/* A file whose checksum is right, or not known. */
static int
look_inside(const struct candidate *it, const char *checksum)
{
    struct sim_shard shard;
    int ret = sim_shard_init(&shard, it->path);
    if (ret == SIM_ERR_FILE) {
        char why[192];
        snprintf(
            why, sizeof(why), "it cannot be read%s%s", shard.reason[0] == '\0' ? "" : ": ", shard.reason);
        ret = refuse(it, why);
    } else if (ret == SIM_OK) {
        const char *why = sim_shard_refusal(&shard, it->parts->experiment);
        ret = why != NULL ? refuse(it, why) : take_shard(it, &shard, checksum);
    }
    sim_shard_free(&shard);
    return ret;
}

static int
is_gone(const char *path)
{
    struct stat info;
    return lstat(path, &info) != 0 && errno == ENOENT;
}

/* A file that is gone was there a moment ago: somebody else has set it aside, or merged. */
static int
look_at(struct candidate *it)
{
    char checksum[SIM_CHECKSUM_SIZE];
    char why[192];
    const struct sim_manifest *manifest = &sim_parts_state(it->parts)->manifest;
    it->listed = sim_manifest_find(manifest, it->name) != NULL;
    int ret = sim_checksum_file(it->path, checksum);
    if (ret == SIM_ERR_FILE) {
        int error = errno;
        snprintf(why, sizeof(why), "it cannot be read: %s",
            error == EINVAL ? "it is not a regular file" : strerror(error));
        return is_gone(it->path) ? SIM_OK : refuse(it, why);
    }
    if (ret == SIM_OK && it->listed && !sim_manifest_says(manifest, it->name, checksum)) {
        return set_aside(it, "its checksum is not that of the manifest");
    }
    return ret == SIM_OK ? look_inside(it, checksum) : ret;
}

/* Whether all files that were looked at before are still there. */
static int
are_there(const struct sim_parts *parts, const struct sim_parts_names *names)
{
    const struct sim_parts_state *state = sim_parts_state(parts);
    for (uint32_t i = 0; i < state->n_shards; i++) {
        if (!sim_parts_names_have(names, state->shards[i].name)) {
            return 0;
        }
    }
    return 1;
}

/* Looks at the shards that are not among those known. */
static int
look_at_new(struct sim_parts *parts, const struct sim_parts_names *names, const struct sim_parts_names *known,
    struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (uint32_t i = 0; ret == SIM_OK && i < names->n; i++) {
        const char *name = names->names[i];
        if (sim_parts_is_shard(name) && !sim_parts_names_have(known, name)) {
            char *path = sim_parts_path(parts, name);
            struct candidate it = { parts, messages, name, path, 0 };
            ret = path == NULL ? SIM_ERR_MEMORY : look_at(&it);
            sim_free(path);
        }
    }
    return ret;
}

/* Shards that a manifest has and the folder has not, nor under the name of a damaged one, which was told when it was
 * found. If no cell is missing, nothing is lost. */
static int
tell_missing(
    const struct sim_parts *parts, const struct sim_parts_names *names, struct sim_messages *messages)
{
    const struct sim_manifest *manifest = &sim_parts_state(parts)->manifest;
    int ret = SIM_OK;
    if (parts->n_ok + parts->n_failed == parts->n_cells) {
        return SIM_OK;
    }
    for (uint32_t i = 0; ret == SIM_OK && i < manifest->n; i++) {
        const char *name = manifest->lines[i].name;
        char *damaged = sim_print_text("%s.damaged", name);
        char *path = sim_parts_path(parts, name);
        ret = damaged == NULL || path == NULL ? SIM_ERR_MEMORY : SIM_OK;
        if (ret == SIM_OK && !sim_parts_names_have(names, name) && !sim_parts_names_have(names, damaged)
            && access(path, F_OK) != 0) {
            sim_messages_add(messages, SIM_WARNING, (struct sim_where){ path, 0, 0 },
                "this shard is lost: the manifest has it, and it is not there; its cells are run again");
        }
        sim_free(damaged);
        sim_free(path);
    }
    return ret;
}

int
sim_parts_scan(struct sim_parts *parts, struct sim_messages *messages)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    struct sim_parts_names names;
    struct sim_parts_names known = { 0 };
    int ret = sim_parts_names(&names, parts, messages);
    if (ret == SIM_OK && !are_there(parts, &names)) {
        sim_parts_forget(parts);
    }
    if (ret == SIM_OK) {
        sim_manifest_free(&state->manifest);
        ret = sim_manifest_read(&state->manifest, parts, &names, messages);
    }
    ret = ret == SIM_OK ? sim_parts_known(&known, parts, 0) : ret;
    ret = ret == SIM_OK ? look_at_new(parts, &names, &known, messages) : ret;
    ret = ret == SIM_OK ? tell_missing(parts, &names, messages) : ret;
    sim_free(known.names);
    sim_parts_names_free(&names);
    return ret;
}
