/* document.c - takes a file's bytes, checks its characters, and keeps what sim/yaml_reader.h finds in it. */
#include "sim/document.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/search.h"
#include "sim/utf8.h"
#include "sim/yaml_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Reads at most one byte more than the limit, so that larger files, and devices without end, are told from
 * the others. Why the file cannot be read; NULL if it was. */
static const char *
read_bytes(const char *path, char *bytes, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return errno == ENOENT ? "there is no such file" : strerror(errno);
    }
    const char *why = NULL;
    struct stat info;
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        why = "is a directory, not a file";
    } else {
        *length = fread(bytes, 1, SIM_FILE_LIMIT + 1, file);
        why = ferror(file)             ? "cannot be read"
            : *length > SIM_FILE_LIMIT ? "is too large; at most 1 MiB (1048576 bytes) is read"
                                       : NULL;
    }
    fclose(file);
    return why;
}

static int
read_text(struct sim_document *document, size_t *length, struct sim_messages *messages)
{
    char *bytes = sim_alloc(SIM_FILE_LIMIT + 1, 1);
    if (bytes == NULL) {
        return SIM_ERR_MEMORY;
    }
    const char *why = read_bytes(document->path, bytes, length);
    char *text = why == NULL ? sim_resize(bytes, *length, *length + 1, 1) : NULL;
    if (text == NULL) {
        sim_free(bytes);
    }
    if (why != NULL) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ document->path, 0, 0 }, "%s", why);
        return SIM_ERR_INPUT;
    }
    if (text == NULL) {
        return SIM_ERR_MEMORY;
    }
    sim_free(document->text);
    document->text = text;
    return SIM_OK;
}

/* Finds the first byte that is not UTF-8, and the first character that no text has. */
static int
check_characters(
    const struct sim_document *document, size_t start, size_t length, struct sim_messages *messages)
{
    const unsigned char *text = (const unsigned char *) document->text;
    struct sim_where where = { document->path, 1, 1 };
    for (size_t i = start; i < length;) {
        uint32_t point = 0;
        size_t size = sim_utf8_decode(text + i, length - i, &point);
        if (size == 0) {
            sim_messages_add(messages, SIM_ERROR, where, "this is not UTF-8 (byte 0x%02x)", text[i]);
            return SIM_ERR_INPUT;
        }
        if (!sim_utf8_is_printable(point)) {
            sim_messages_add(messages, SIM_ERROR, where, "control character U+%04" PRIX32, point);
            return SIM_ERR_INPUT;
        }
        where.column++;
        if (sim_utf8_is_break(point) && !(point == '\r' && i + 1 < length && text[i + 1] == '\n')) {
            where.line++;
            where.column = 1;
        }
        i += size;
    }
    return SIM_OK;
}

int
sim_document_read(struct sim_document *document, const char *path, struct sim_messages *messages)
{
    memset(document, 0, sizeof(*document));
    const char *name = sim_file_name(path);
    document->path = sim_copy_text(path);
    document->stem = sim_print_text("%.*s", (int) sim_stem_length(name), name);
    document->text = sim_copy_text("");
    if (document->path == NULL || document->stem == NULL || document->text == NULL) {
        return SIM_ERR_MEMORY;
    }
    size_t length = 0;
    int ret = read_text(document, &length, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    size_t start = strncmp(document->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
    ret = check_characters(document, start, length, messages);
    return ret == SIM_OK ? sim_yaml_read(document, start, length, messages) : ret;
}

void
sim_document_free(struct sim_document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        sim_free(document->entries[i].key);
        sim_free(document->entries[i].text);
    }
    for (size_t i = 0; i < document->n_branches; i++) {
        sim_free(document->branches[i].key);
    }
    sim_free(document->entries);
    sim_free(document->branches);
    sim_free(document->path);
    sim_free(document->stem);
    sim_free(document->text);
    memset(document, 0, sizeof(*document));
}

const struct sim_entry *
sim_document_find(const struct sim_document *document, const char *key)
{
    for (size_t i = 0; i < document->count; i++) {
        if (strcmp(document->entries[i].key, key) == 0) {
            return &document->entries[i];
        }
    }
    return NULL;
}

const struct sim_branch *
sim_document_branch(const struct sim_document *document, const char *key)
{
    for (size_t i = 0; i < document->n_branches; i++) {
        if (strcmp(document->branches[i].key, key) == 0) {
            return &document->branches[i];
        }
    }
    return NULL;
}
