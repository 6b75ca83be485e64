/* text_file.c - takes a file's bytes and checks its characters. */
#include "sim/text_file.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define NO_FILE "there is no such file"

/* Reads at most one byte more than the limit, so that larger files, and devices without end, are told from
 * the others. Why the file cannot be read; NULL if it was. */
static const char *
read_bytes(const char *path, size_t limit, char *bytes, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return errno == ENOENT ? NO_FILE : strerror(errno);
    }
    const char *why = NULL;
    struct stat info;
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        why = "is a directory, not a file";
    } else {
        *length = fread(bytes, 1, limit + 1, file);
        why = ferror(file) ? "cannot be read" : NULL;
    }
    fclose(file);
    return why;
}

/* The same from memory. */
static const char *
take_bytes(const struct sim_file *file, size_t limit, char *bytes, size_t *length)
{
    if (file == NULL) {
        return NO_FILE;
    }
    size_t whole = strlen(file->text);
    *length = whole > limit ? limit + 1 : whole;
    memcpy(bytes, file->text, *length);
    return NULL;
}

int
sim_text_file_read(const char *path, const struct sim_search *search, size_t limit, char **text,
    size_t *length, struct sim_messages *messages)
{
    const struct sim_where whole = { path, 0, 0 };
    *text = NULL;
    char *bytes = sim_alloc(limit + 1, 1);
    if (bytes == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = SIM_OK;
    const struct sim_file *file = sim_search_file(search, path);
    const char *why = file != NULL || sim_search_is_in_memory(search)
        ? take_bytes(file, limit, bytes, length)
        : read_bytes(path, limit, bytes, length);
    if (why != NULL) {
        sim_messages_add(messages, SIM_ERROR, whole, "%s", why);
        ret = SIM_ERR_INPUT;
    } else if (*length > limit) {
        sim_messages_add(messages, SIM_ERROR, whole, "is too large; at most %zu MiB (%zu bytes) is read",
            limit >> 20, limit);
        ret = SIM_ERR_INPUT;
    } else {
        *text = sim_resize(bytes, *length, *length + 1, 1);
        ret = *text != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    if (*text == NULL) {
        sim_free(bytes);
    }
    return ret;
}

size_t
sim_text_file_start(const char *text)
{
    return strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

int
sim_text_file_check(
    const char *path, const char *text, size_t start, size_t length, struct sim_messages *messages)
{
    const unsigned char *bytes = (const unsigned char *) text;
    struct sim_where where = { path, 1, 1 };
    for (size_t i = start; i < length;) {
        uint32_t point = 0;
        size_t size = sim_utf8_decode(bytes + i, length - i, &point);
        if (size == 0) {
            sim_messages_add(messages, SIM_ERROR, where, "this is not UTF-8 (byte 0x%02x)", bytes[i]);
            return SIM_ERR_INPUT;
        }
        if (!sim_utf8_is_printable(point)) {
            sim_messages_add(messages, SIM_ERROR, where, "control character U+%04" PRIX32, point);
            return SIM_ERR_INPUT;
        }
        where.column++;
        if (sim_utf8_is_break(point) && !(point == '\r' && i + 1 < length && bytes[i + 1] == '\n')) {
            where.line++;
            where.column = 1;
        }
        i += size;
    }
    return SIM_OK;
}
