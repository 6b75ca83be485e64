/* binary_file.c - writes and reads files with a checksum through a buffer: small things gather in it, and what is
 * large is not copied. */
#include "sim/binary_file.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define BUFFER_SIZE 65536
#define SIZE_AT (SIM_BINARY_MAGIC + 4)
#define CONTENTS_AT (SIZE_AT + 8)
#define CHECKSUM_SIZE 16

static int
is_big_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 0;
}

/* Turns each number round where the machine keeps it the other way. */
static void
turn(unsigned char *numbers, size_t size, size_t number)
{
    for (size_t at = 0; is_big_endian() && number > 1 && at + number <= size; at += number) {
        for (size_t i = 0; i < number / 2; i++) {
            unsigned char byte = numbers[at + i];
            numbers[at + i] = numbers[at + number - 1 - i];
            numbers[at + number - 1 - i] = byte;
        }
    }
}

/* Bytes into the checksum and the file. */
static void
write_through(struct sim_binary_writer *writer, const void *bytes, size_t size)
{
    XXH3_128bits_update(writer->hash, bytes, size);
    sim_publication_write(&writer->file, writer->at, bytes, size);
    writer->at += size;
}

static void
flush(struct sim_binary_writer *writer)
{
    write_through(writer, writer->buffer, writer->held);
    writer->held = 0;
}

void
sim_binary_put(struct sim_binary_writer *writer, const void *bytes, size_t size)
{
    if (size > BUFFER_SIZE - writer->held) {
        flush(writer);
    }
    if (size > BUFFER_SIZE) {
        write_through(writer, bytes, size);
    } else if (size > 0) {
        memcpy(writer->buffer + writer->held, bytes, size);
        writer->held += size;
    }
}

void
sim_binary_put_u32(struct sim_binary_writer *writer, uint32_t number)
{
    sim_binary_put_numbers(writer, &number, sizeof(number), sizeof(number));
}

void
sim_binary_put_u64(struct sim_binary_writer *writer, uint64_t number)
{
    sim_binary_put_numbers(writer, &number, sizeof(number), sizeof(number));
}

void
sim_binary_put_text(struct sim_binary_writer *writer, const char *text)
{
    size_t length = strlen(text);
    sim_binary_put_u32(writer, (uint32_t) length);
    sim_binary_put(writer, text, length);
}

/* Where they have to be turned round they go through the buffer, a piece at a time. */
void
sim_binary_put_numbers(struct sim_binary_writer *writer, const void *numbers, size_t size, size_t number)
{
    const unsigned char *rest = numbers;
    if (!is_big_endian()) {
        sim_binary_put(writer, numbers, size);
        return;
    }
    while (size > 0) {
        unsigned char piece[1024];
        size_t part = size < sizeof(piece) ? size : sizeof(piece);
        memcpy(piece, rest, part);
        turn(piece, part, number);
        sim_binary_put(writer, piece, part);
        rest += part;
        size -= part;
    }
}

int
sim_binary_writer_init(struct sim_binary_writer *writer, const char *path, const struct sim_binary_form *form,
    struct sim_messages *messages)
{
    memset(writer, 0, sizeof(*writer));
    writer->file.file = -1;
    writer->buffer = sim_alloc(BUFFER_SIZE, 1);
    writer->hash = XXH3_createState();
    int ret = writer->buffer != NULL && writer->hash != NULL
        ? sim_publication_init(&writer->file, path, SIM_REPLACE, messages)
        : SIM_ERR_MEMORY;
    if (ret != SIM_OK) {
        sim_binary_writer_free(writer);
        return ret;
    }
    XXH3_128bits_reset(writer->hash);
    sim_binary_put(writer, form->magic, SIM_BINARY_MAGIC);
    sim_binary_put_u32(writer, form->version);
    flush(writer);
    writer->at = CONTENTS_AT;
    return SIM_OK;
}

void
sim_binary_writer_free(struct sim_binary_writer *writer)
{
    if (writer->buffer != NULL && writer->hash != NULL) {
        sim_publication_free(&writer->file);
    }
    XXH3_freeState(writer->hash);
    sim_free(writer->buffer);
    memset(writer, 0, sizeof(*writer));
}

/* The size is known now: it takes its place in the head, where the checksum has left it out, and counts in it
 * last. */
int
sim_binary_finish(struct sim_binary_writer *writer, struct sim_messages *messages)
{
    XXH128_canonical_t checksum;
    flush(writer);
    uint64_t size = writer->at + CHECKSUM_SIZE;
    turn((unsigned char *) &size, sizeof(size), sizeof(size));
    sim_publication_write(&writer->file, SIZE_AT, &size, sizeof(size));
    XXH3_128bits_update(writer->hash, &size, sizeof(size));
    XXH128_canonicalFromHash(&checksum, XXH3_128bits_digest(writer->hash));
    sim_publication_write(&writer->file, writer->at, checksum.digest, CHECKSUM_SIZE);
    return sim_publication_finish(&writer->file, messages);
}

int
sim_binary_refuse(struct sim_binary_reader *reader, const char *format, ...)
{
    if (reader->why[0] == '\0') {
        va_list list;
        va_start(list, format);
        vsnprintf(reader->why, sizeof(reader->why), format, list);
        va_end(list);
    }
    return SIM_ERR_INPUT;
}

/* The file at any place, not through the buffer. Fewer bytes than asked for are a fault. */
static int
read_at(struct sim_binary_reader *reader, uint64_t at, void *bytes, size_t size)
{
    unsigned char *rest = bytes;
    while (size > 0) {
        ssize_t taken = pread(reader->file, rest, size, (off_t) (reader->first + at));
        if (taken == 0) {
            return sim_binary_refuse(reader, "ends too soon");
        }
        if (taken < 0 && errno != EINTR) {
            sim_binary_refuse(reader, "cannot be read: %s", strerror(errno));
            return SIM_ERR_FILE;
        }
        if (taken > 0) {
            rest += taken;
            at += (uint64_t) taken;
            size -= (size_t) taken;
        }
    }
    return SIM_OK;
}

/* Counts a stretch of the file in a checksum. */
static int
hash_stretch(struct sim_binary_reader *reader, XXH3_state_t *hash, uint64_t from, uint64_t to)
{
    int ret = SIM_OK;
    while (ret == SIM_OK && from < to) {
        size_t part = to - from < BUFFER_SIZE ? (size_t) (to - from) : BUFFER_SIZE;
        ret = read_at(reader, from, reader->buffer, part);
        XXH3_128bits_update(hash, reader->buffer, part);
        from += part;
    }
    return ret;
}

static int
check_sum(struct sim_binary_reader *reader)
{
    unsigned char written[CHECKSUM_SIZE];
    XXH128_canonical_t checksum;
    XXH3_state_t *hash = XXH3_createState();
    if (hash == NULL) {
        return SIM_ERR_MEMORY;
    }
    XXH3_128bits_reset(hash);
    int ret = hash_stretch(reader, hash, 0, SIZE_AT);
    ret = ret == SIM_OK ? hash_stretch(reader, hash, CONTENTS_AT, reader->size - CHECKSUM_SIZE) : ret;
    ret = ret == SIM_OK ? hash_stretch(reader, hash, SIZE_AT, CONTENTS_AT) : ret;
    ret = ret == SIM_OK ? read_at(reader, reader->size - CHECKSUM_SIZE, written, CHECKSUM_SIZE) : ret;
    XXH128_canonicalFromHash(&checksum, XXH3_128bits_digest(hash));
    XXH3_freeState(hash);
    if (ret == SIM_OK && memcmp(written, checksum.digest, CHECKSUM_SIZE) != 0) {
        ret = sim_binary_refuse(reader, "is damaged: its checksum differs");
    }
    for (size_t i = 0; i < CHECKSUM_SIZE; i++) {
        snprintf(reader->checksum + 2 * i, 3, "%02x", checksum.digest[i]);
    }
    return ret;
}

/* Magic, version, size: in this order, so that each fault has its own reason. */
static int
check_head(struct sim_binary_reader *reader, const struct sim_binary_form *form)
{
    char magic[SIM_BINARY_MAGIC];
    uint32_t version;
    uint64_t size;
    if (reader->size < SIM_BINARY_MAGIC) {
        return sim_binary_refuse(
            reader, "is no %s, or one that was cut off after %" PRIu64 " bytes", form->name, reader->size);
    }
    int ret = read_at(reader, 0, magic, sizeof(magic));
    if (ret == SIM_OK && memcmp(magic, form->magic, sizeof(magic)) != 0) {
        return sim_binary_refuse(reader, "is no %s", form->name);
    }
    if (ret == SIM_OK && reader->size < SIM_BINARY_LEAST) {
        return sim_binary_refuse(reader, "is cut off after %" PRIu64 " bytes", reader->size);
    }
    ret = ret == SIM_OK ? read_at(reader, SIM_BINARY_MAGIC, &version, sizeof(version)) : ret;
    ret = ret == SIM_OK ? read_at(reader, SIZE_AT, &size, sizeof(size)) : ret;
    if (ret != SIM_OK) {
        return ret;
    }
    turn((unsigned char *) &version, sizeof(version), sizeof(version));
    turn((unsigned char *) &size, sizeof(size), sizeof(size));
    if (version != form->version) {
        return sim_binary_refuse(reader,
            "is a %s of version %" PRIu32 "; this program reads version %" PRIu32, form->name, version,
            form->version);
    }
    if (size != reader->size) {
        return sim_binary_refuse(reader, "is %s: it has %" PRIu64 " bytes where it says %" PRIu64,
            size > reader->size ? "cut off" : "damaged", reader->size, size);
    }
    return SIM_OK;
}

/* Opens the file and finds out how long it, or the part, is. */
static int
open_part(struct sim_binary_reader *reader, const char *path)
{
    struct stat info;
    reader->file = open(path, O_RDONLY | O_CLOEXEC);
    if (reader->file < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return SIM_ERR_FILE;
    }
    if (reader->file < 0 || fstat(reader->file, &info) != 0) {
        sim_binary_refuse(reader, "cannot be read: %s", strerror(errno));
        return SIM_ERR_FILE;
    }
    if (!S_ISREG(info.st_mode)) {
        return sim_binary_refuse(reader, "is not a regular file");
    }
    uint64_t whole = (uint64_t) info.st_size;
    if (reader->first > whole || reader->size > whole - reader->first) {
        return sim_binary_refuse(reader, "ends too soon");
    }
    reader->size = reader->size > 0 ? reader->size : whole - reader->first;
    return SIM_OK;
}

int
sim_binary_reader_init(struct sim_binary_reader *reader, const char *path, const struct sim_binary_form *form,
    uint64_t first, uint64_t size)
{
    memset(reader, 0, sizeof(*reader));
    reader->first = first;
    reader->size = size;
    reader->file = -1;
    reader->buffer = sim_alloc(BUFFER_SIZE, 1);
    int ret = reader->buffer != NULL ? open_part(reader, path) : SIM_ERR_MEMORY;
    ret = ret == SIM_OK ? check_head(reader, form) : ret;
    ret = ret == SIM_OK ? check_sum(reader) : ret;
    reader->at = CONTENTS_AT;
    return ret;
}

void
sim_binary_reader_free(struct sim_binary_reader *reader)
{
    if (reader->buffer != NULL && reader->file >= 0) {
        close(reader->file);
    }
    sim_free(reader->buffer);
    reader->buffer = NULL;
    reader->file = -1;
}

uint64_t
sim_binary_left(const struct sim_binary_reader *reader)
{
    return reader->size - CHECKSUM_SIZE - reader->at;
}

/* The next bytes of the contents into the buffer, as many as it holds. */
static int
fill(struct sim_binary_reader *reader)
{
    uint64_t left = sim_binary_left(reader);
    reader->held = left < BUFFER_SIZE ? (size_t) left : BUFFER_SIZE;
    reader->used = 0;
    return read_at(reader, reader->at, reader->buffer, reader->held);
}

int
sim_binary_get(struct sim_binary_reader *reader, void *bytes, size_t size)
{
    unsigned char *rest = bytes;
    if (size > sim_binary_left(reader)) {
        return sim_binary_refuse(reader, "is damaged: it ends too soon");
    }
    for (int ret; size > 0;) {
        size_t part = reader->held - reader->used;
        part = part < size ? part : size;
        memcpy(rest, reader->buffer + reader->used, part);
        if (part == 0 && size >= BUFFER_SIZE) {
            ret = read_at(reader, reader->at, rest, size);
            part = size;
        } else {
            ret = part == 0 ? fill(reader) : SIM_OK;
            reader->used += part;
        }
        if (ret != SIM_OK) {
            return ret;
        }
        reader->at += part;
        rest += part;
        size -= part;
    }
    return SIM_OK;
}

int
sim_binary_get_numbers(struct sim_binary_reader *reader, void *numbers, size_t size, size_t number)
{
    int ret = sim_binary_get(reader, numbers, size);
    turn(numbers, ret == SIM_OK ? size : 0, number);
    return ret;
}

int
sim_binary_get_u32(struct sim_binary_reader *reader, uint32_t *number)
{
    return sim_binary_get_numbers(reader, number, sizeof(*number), sizeof(*number));
}

int
sim_binary_get_u64(struct sim_binary_reader *reader, uint64_t *number)
{
    return sim_binary_get_numbers(reader, number, sizeof(*number), sizeof(*number));
}

int
sim_binary_copy(struct sim_binary_writer *writer, struct sim_binary_reader *reader)
{
    int ret = SIM_OK;
    reader->held = reader->used = 0; /* the buffer serves to copy */
    for (uint64_t at = 0; ret == SIM_OK && at < reader->size;) {
        size_t part = reader->size - at < BUFFER_SIZE ? (size_t) (reader->size - at) : BUFFER_SIZE;
        ret = read_at(reader, at, reader->buffer, part);
        sim_binary_put(writer, reader->buffer, ret == SIM_OK ? part : 0);
        at += part;
    }
    return ret;
}

int
sim_binary_get_text(struct sim_binary_reader *reader, char **text)
{
    uint32_t length;
    *text = NULL;
    int ret = sim_binary_get_u32(reader, &length);
    if (ret == SIM_OK && length > sim_binary_left(reader)) {
        ret = sim_binary_refuse(reader, "is damaged: it ends too soon");
    }
    if (ret == SIM_OK) {
        *text = sim_alloc((size_t) length + 1, 1);
        ret = *text != NULL ? sim_binary_get(reader, *text, length) : SIM_ERR_MEMORY;
    }
    if (ret != SIM_OK) {
        sim_free(*text);
        *text = NULL;
    }
    return ret;
}
