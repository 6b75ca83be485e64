/* parts_manifest.c - checksums of the shards: each writer has a text file of lines "CHECKSUM  NAME", as xxhsum -H2
 * prints them, so that `xxhsum -c manifest` in the folder checks them too. */
#include "sim/parts_state.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define BATCH ((size_t) 256 * 1024) /* bytes read at a time */
#define LINE_SIZE 512
#define LINES_TOLD 5 /* faults of one manifest that are told each */

int
sim_parts_open_file(const char *path)
{
    struct stat info = { 0 };
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0 && (fstat(file, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(file);
        errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
        return -1;
    }
    return file;
}

/* Hashes the rest of an open file; 0 or errno. */
static int
hash_file(int file, XXH3_state_t *state, char *buffer)
{
    for (;;) {
        ssize_t n = read(file, buffer, BATCH);
        if (n == 0) {
            return 0;
        }
        if (n < 0 && errno != EINTR) {
            return errno;
        }
        if (n > 0) {
            XXH3_128bits_update(state, buffer, (size_t) n);
        }
    }
}

int
sim_checksum_file(const char *path, char checksum[SIM_CHECKSUM_SIZE])
{
    int error = 0;
    XXH3_state_t *state = XXH3_createState();
    char *buffer = sim_alloc(BATCH, 1);
    int file = state == NULL || buffer == NULL ? -1 : sim_parts_open_file(path);
    int ret = state == NULL || buffer == NULL ? SIM_ERR_MEMORY : file < 0 ? SIM_ERR_FILE : SIM_OK;
    if (ret == SIM_OK) {
        XXH3_128bits_reset(state);
        error = hash_file(file, state, buffer);
        XXH128_hash_t hash = XXH3_128bits_digest(state);
        snprintf(checksum, SIM_CHECKSUM_SIZE, "%016" PRIx64 "%016" PRIx64, hash.high64, hash.low64);
        close(file);
        ret = error == 0 ? SIM_OK : SIM_ERR_FILE;
    } else {
        error = errno;
    }
    XXH3_freeState(state);
    sim_free(buffer);
    errno = error;
    return ret;
}

int
sim_manifest_line(struct sim_parts_text *text, const char *checksum, const char *name)
{
    char line[SIM_CHECKSUM_SIZE + 2 + LINE_SIZE];
    int length = snprintf(line, sizeof(line), "%s  %s\n", checksum, name);
    return sim_parts_append(text, line, (size_t) length);
}

/* Why a line is none; NULL if it is one: then its name begins at SIM_CHECKSUM_SIZE + 1 and has an end. */
static const char *
check_line(char *line)
{
    size_t length = strlen(line);
    const size_t digits = SIM_CHECKSUM_SIZE - 1;
    if (length > 0 && line[length - 1] == '\n') {
        line[--length] = '\0';
    } else if (length == LINE_SIZE - 1) {
        return "it is too long";
    }
    if (strspn(line, "0123456789abcdef") != digits || strncmp(line + digits, "  ", 2) != 0) {
        return "it is not \"CHECKSUM  NAME\" as xxhsum -H2 prints it";
    }
    if (strchr(line + digits, '/') != NULL) {
        return "it names a file outside of the folder";
    }
    return sim_parts_is_shard(line + digits + 2) ? NULL : "it names a file that is no shard";
}

/* The rest of a line that is longer than the buffer. */
static void
skip_line(FILE *file, const char *line)
{
    int c = strlen(line) == LINE_SIZE - 1 && line[LINE_SIZE - 2] != '\n' ? 0 : '\n';
    while (c != '\n' && c != EOF) {
        c = fgetc(file);
    }
}

static int
add_line(struct sim_manifest *manifest, const char *line)
{
    if (manifest->n == manifest->capacity) {
        uint32_t more = manifest->capacity == 0 ? 64 : 2 * manifest->capacity;
        struct sim_manifest_line *longer =
            sim_resize(manifest->lines, manifest->capacity, more, sizeof(*longer));
        if (longer == NULL) {
            return SIM_ERR_MEMORY;
        }
        manifest->lines = longer;
        manifest->capacity = more;
    }
    struct sim_manifest_line *added = &manifest->lines[manifest->n];
    memcpy(added->checksum, line, SIM_CHECKSUM_SIZE - 1);
    added->checksum[SIM_CHECKSUM_SIZE - 1] = '\0';
    added->name = sim_copy_text(line + SIM_CHECKSUM_SIZE + 1);
    manifest->n += added->name != NULL;
    return added->name == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static int
read_lines(struct sim_manifest *manifest, FILE *file, const char *path, struct sim_messages *messages)
{
    char line[LINE_SIZE];
    int ret = SIM_OK;
    int n_faults = 0;
    struct sim_where where = { path, 0, 0 };
    while (ret == SIM_OK && fgets(line, sizeof(line), file) != NULL) {
        where.line++;
        skip_line(file, line);
        const char *why = check_line(line);
        if (why == NULL) {
            ret = add_line(manifest, line);
        } else if (n_faults++ < LINES_TOLD) {
            sim_messages_add(messages, SIM_WARNING, where, "this line is not used: %s", why);
        }
    }
    where.line = 0;
    if (ret == SIM_OK && ferror(file)) {
        ret = SIM_ERR_FILE;
    }
    if (n_faults > LINES_TOLD) {
        sim_messages_add(messages, SIM_WARNING, where, "%d more lines are not used", n_faults - LINES_TOLD);
    }
    return ret;
}

/* Adds the lines of one manifest, if it is there. SIM_ERR_FILE, with a message, if it cannot be read. */
static int
read_one(struct sim_manifest *manifest, const char *path, enum sim_severity severity,
    struct sim_messages *messages)
{
    int number = sim_parts_open_file(path);
    if (number < 0 && errno == ENOENT) {
        return SIM_OK;
    }
    FILE *file = number < 0 ? NULL : fdopen(number, "r");
    int ret = file == NULL ? SIM_ERR_FILE : read_lines(manifest, file, path, messages);
    if (ret == SIM_ERR_FILE) {
        sim_messages_add(messages, severity, (struct sim_where){ path, 0, 0 }, "cannot be read: %s",
            errno == EINVAL ? "it is not a regular file" : strerror(errno));
    }
    if (file != NULL) {
        fclose(file);
    } else if (number >= 0) {
        close(number);
    }
    return ret;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct sim_manifest_line *) a)->name, ((const struct sim_manifest_line *) b)->name);
}

int
sim_manifest_read(struct sim_manifest *manifest, const struct sim_parts *parts,
    const struct sim_parts_names *names, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (uint32_t i = 0; ret != SIM_ERR_MEMORY && i < names->n; i++) {
        const char *name = names->names[i];
        if (strcmp(name, "manifest") == 0 || strncmp(name, "manifest-", 9) == 0) {
            char *path = sim_parts_path(parts, name);
            ret = path == NULL ? SIM_ERR_MEMORY : read_one(manifest, path, SIM_WARNING, messages);
            sim_free(path);
        }
    }
    if (manifest->n > 0) {
        qsort(manifest->lines, manifest->n, sizeof(*manifest->lines), by_name);
    }
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

void
sim_manifest_free(struct sim_manifest *manifest)
{
    for (uint32_t i = 0; i < manifest->n; i++) {
        sim_free(manifest->lines[i].name);
    }
    sim_free(manifest->lines);
    memset(manifest, 0, sizeof(*manifest));
}

const struct sim_manifest_line *
sim_manifest_find(const struct sim_manifest *manifest, const char *name)
{
    uint32_t first = 0, end = manifest->n;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        if (strcmp(manifest->lines[middle].name, name) < 0) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    int found = first < manifest->n && strcmp(manifest->lines[first].name, name) == 0;
    return found ? &manifest->lines[first] : NULL;
}

int
sim_manifest_says(const struct sim_manifest *manifest, const char *name, const char *checksum)
{
    const struct sim_manifest_line *line = sim_manifest_find(manifest, name);
    const struct sim_manifest_line *end = manifest->lines + manifest->n;
    for (; line != NULL && line < end && strcmp(line->name, name) == 0; line++) {
        if (strcmp(line->checksum, checksum) == 0) {
            return 1;
        }
    }
    return 0;
}

static char *
manifest_path(const struct sim_parts *parts, const char *writer)
{
    return writer[0] == '\0' ? sim_print_text("%s/manifest", parts->folder)
                             : sim_print_text("%s/manifest-%s", parts->folder, writer);
}

/* What an earlier process of this writer has told, of shards that are still there. */
static int
load(struct sim_parts_text *text, const struct sim_parts *parts, const char *manifest,
    struct sim_messages *messages)
{
    struct sim_manifest old = { 0 };
    int ret = read_one(&old, manifest, SIM_ERROR, messages);
    for (uint32_t i = 0; ret == SIM_OK && i < old.n; i++) {
        char *path = sim_parts_path(parts, old.lines[i].name);
        ret = path == NULL ? SIM_ERR_MEMORY : SIM_OK;
        if (ret == SIM_OK && access(path, F_OK) == 0) {
            ret = sim_manifest_line(text, old.lines[i].checksum, old.lines[i].name);
        }
        sim_free(path);
    }
    sim_manifest_free(&old);
    return ret;
}

/* A writer who has not written yet, with what is in its manifest. */
static int
add_writer(struct sim_parts *parts, const char *name, const char *manifest, struct sim_messages *messages)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    struct sim_parts_writer *longer =
        sim_resize(state->writers, state->n_writers, state->n_writers + 1, sizeof(*longer));
    if (longer == NULL) {
        return SIM_ERR_MEMORY;
    }
    state->writers = longer;
    struct sim_parts_writer writer = { sim_copy_text(name), { 0 } };
    int ret = writer.name == NULL ? SIM_ERR_MEMORY : load(&writer.text, parts, manifest, messages);
    if (ret == SIM_OK) {
        longer[state->n_writers++] = writer;
        return SIM_OK;
    }
    sim_free(writer.name);
    sim_free(writer.text.bytes);
    return ret;
}

static int
find_writer(struct sim_parts *parts, const char *name, const char *manifest, struct sim_parts_writer **writer,
    struct sim_messages *messages)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    uint32_t i = 0;
    while (i < state->n_writers && strcmp(state->writers[i].name, name) != 0) {
        i++;
    }
    int ret = i < state->n_writers ? SIM_OK : add_writer(parts, name, manifest, messages);
    *writer = &state->writers[i];
    return ret;
}

static int
replace(const char *path, const struct sim_parts_text *text, struct sim_messages *messages)
{
    struct sim_publication file;
    int ret = sim_publication_init(&file, path, SIM_REPLACE, messages);
    if (ret == SIM_OK) {
        sim_publication_write(&file, 0, text->bytes, text->length);
        ret = sim_publication_finish(&file, messages);
        sim_publication_free(&file);
    }
    return ret;
}

/* The lines for shards that had none go in with it. */
static int
append_lines(
    struct sim_parts_state *state, struct sim_parts_writer *writer, const char *checksum, const char *shard)
{
    int ret = sim_manifest_line(&writer->text, checksum, shard);
    if (ret == SIM_OK && state->adopted.length > 0) {
        ret = sim_parts_append(&writer->text, state->adopted.bytes, state->adopted.length);
        state->adopted.length = ret == SIM_OK ? 0 : state->adopted.length;
    }
    return ret;
}

int
sim_manifest_add(
    struct sim_parts *parts, const char *writer, const char *shard, struct sim_messages *messages)
{
    char checksum[SIM_CHECKSUM_SIZE];
    char *manifest = manifest_path(parts, writer);
    char *path = sim_parts_path(parts, shard);
    int ret = manifest == NULL || path == NULL ? SIM_ERR_MEMORY : sim_checksum_file(path, checksum);
    if (ret == SIM_ERR_FILE) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ path, 0, 0 }, "cannot be read back: %s",
            strerror(errno));
    }
    if (ret == SIM_OK) {
        struct sim_parts_writer *it;
        ret = find_writer(parts, writer, manifest, &it, messages);
        ret = ret == SIM_OK ? append_lines(sim_parts_state(parts), it, checksum, shard) : ret;
        ret = ret == SIM_OK ? replace(manifest, &it->text, messages) : ret;
    }
    sim_free(manifest);
    sim_free(path);
    return ret;
}
