/* scenario.c - reads YAML files with libyaml into flat lists of entries, follows `extends`, and applies what
 * was read to parameters. */
#include "sim/scenario.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#define SUFFIX ".yaml"

static int
ends_with_suffix(const char *name)
{
    size_t length = strlen(name), suffix = strlen(SUFFIX);
    return length > suffix && strcmp(name + length - suffix, SUFFIX) == 0;
}

/* The file's name without its folder. */
static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static char *
copy_part(const char *text, size_t length)
{
    char *copy = sim_alloc(length + 1, 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
    }
    return copy;
}

static char *
stem_of(const char *path)
{
    const char *name = base_name(path);
    return copy_part(name, strlen(name) - (ends_with_suffix(name) ? strlen(SUFFIX) : 0));
}

/* Makes room for one more item of an array; NULL without memory, the array then as it was. */
static void *
grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return array;
    }
    size_t larger = *capacity == 0 ? 16 : 2 * *capacity;
    void *grown = sim_resize(array, count, larger, size);
    if (grown != NULL) {
        *capacity = larger;
    }
    return grown;
}

/* The file's bytes */

static int
refuse_file(const struct sim_document *document, struct sim_messages *messages, const char *why)
{
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ document->path, 0, 0 }, "%s", why);
    return SIM_ERR_INPUT;
}

/* Reads at most one byte more than the limit, so that larger files, and devices without end, are told from
 * the others. */
static int
read_bytes(struct sim_document *document, size_t *length, struct sim_messages *messages)
{
    int ret = SIM_ERR_MEMORY;
    FILE *file = NULL;
    char *bytes = sim_alloc(SIM_FILE_LIMIT + 1, 1);
    char *text = NULL;
    struct stat info;
    if (bytes == NULL) {
        goto out;
    }
    file = fopen(document->path, "rb");
    if (file == NULL) {
        ret = refuse_file(document, messages, errno == ENOENT ? "there is no such file" : strerror(errno));
        goto out;
    }
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        ret = refuse_file(document, messages, "is a directory, not a file");
        goto out;
    }
    *length = fread(bytes, 1, SIM_FILE_LIMIT + 1, file);
    if (ferror(file)) {
        ret = refuse_file(document, messages, "cannot be read");
        goto out;
    }
    if (*length > SIM_FILE_LIMIT) {
        ret = refuse_file(document, messages, "is too large; at most 1 MiB (1048576 bytes) is read");
        goto out;
    }
    text = copy_part(bytes, *length);
    if (text != NULL) {
        sim_free(document->text);
        document->text = text;
        ret = SIM_OK;
    }
out:
    if (file != NULL) {
        fclose(file);
    }
    sim_free(bytes);
    return ret;
}

/* The code point at the start of a text and its bytes; 0 bytes if it is not UTF-8 (RFC 3629: no surrogates,
 * no longer form than needed). */
static size_t
decode(const unsigned char *text, size_t length, uint32_t *point)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

    size_t size = text[0] < 0x80            ? 1
        : text[0] >= 0xf0 && text[0] < 0xf8 ? 4
        : text[0] >= 0xe0                   ? 3
        : text[0] >= 0xc0                   ? 2
                                            : 0;
    if (text[0] >= 0xf8 || size == 0 || size > length) {
        return 0;
    }
    *point = size == 1 ? text[0] : text[0] & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
        *point = *point << 6 | (text[i] & 0x3fu);
    }
    int surrogate = *point >= 0xd800 && *point < 0xe000;
    return *point < least[size] || *point > 0x10ffff || surrogate ? 0 : size;
}

/* The characters that YAML allows in a file. */
static int
is_printable(uint32_t point)
{
    return point == '\t' || point == '\n' || point == '\r' || (point >= 0x20 && point < 0x7f) || point == 0x85
        || (point >= 0xa0 && point != 0xfeff && point != 0xfffe && point != 0xffff);
}

/* What ends a line for YAML 1.1, and so for libyaml's marks. */
static int
is_break(uint32_t point)
{
    return point == '\n' || point == '\r' || point == 0x85 || point == 0x2028 || point == 0x2029;
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
        size_t size = decode(text + i, length - i, &point);
        if (size == 0) {
            sim_messages_add(messages, SIM_ERROR, where, "this is not UTF-8 (byte 0x%02x)", text[i]);
            return SIM_ERR_INPUT;
        }
        if (!is_printable(point)) {
            sim_messages_add(messages, SIM_ERROR, where, "control character U+%04" PRIX32, point);
            return SIM_ERR_INPUT;
        }
        if (is_break(point) && !(point == '\r' && i + 1 < length && text[i + 1] == '\n')) {
            where.line++;
            where.column = 1;
        } else {
            where.column++;
        }
        i += size;
    }
    return SIM_OK;
}

/* The keys seen so far: a hash table with open addressing. */
struct name {
    char *key;
    struct sim_where where;
};

struct names {
    struct name *slots;
    size_t count, capacity; /* a power of two, or 0 */
};

static struct name *
find_slot(struct name *slots, size_t capacity, const char *key)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (const char *c = key; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char) *c) * 1099511628211u;
    }
    size_t i = (size_t) (hash ^ hash >> 32) & (capacity - 1);
    while (slots[i].key != NULL && strcmp(slots[i].key, key) != 0) {
        i = (i + 1) & (capacity - 1);
    }
    return &slots[i];
}

static int
widen_names(struct names *names)
{
    size_t capacity = names->capacity == 0 ? 64 : 2 * names->capacity;
    struct name *slots = sim_alloc(capacity, sizeof(*slots));
    if (slots == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (size_t i = 0; i < names->capacity; i++) {
        if (names->slots[i].key != NULL) {
            *find_slot(slots, capacity, names->slots[i].key) = names->slots[i];
        }
    }
    sim_free(names->slots);
    names->slots = slots;
    names->capacity = capacity;
    return SIM_OK;
}

/* Adds a key; if it is there already, earlier says where. */
static int
add_name(struct names *names, const char *key, struct sim_where where, const struct sim_where **earlier)
{
    *earlier = NULL;
    if (2 * (names->count + 1) > names->capacity) {
        int ret = widen_names(names);
        if (ret != SIM_OK) {
            return ret;
        }
    }
    struct name *slot = find_slot(names->slots, names->capacity, key);
    if (slot->key != NULL) {
        *earlier = &slot->where;
        return SIM_OK;
    }
    slot->key = sim_copy_text(key);
    slot->where = where;
    names->count += slot->key != NULL;
    return slot->key == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static void
free_names(struct names *names)
{
    for (size_t i = 0; i < names->capacity; i++) {
        sim_free(names->slots[i].key);
    }
    sim_free(names->slots);
}

/* From libyaml's events to entries */

struct reader {
    yaml_parser_t parser;
    struct sim_document *document;
    struct sim_messages *messages;
    struct names names;
    int faults; /* there were some after which reading went on */
};

/* Where a value stands: the key that its entry gets, and what it is part of. */
struct spot {
    const char *key;
    struct sim_where key_at;
    size_t parent;
    int depth;
    int is_item;  /* of a list */
    int repeated; /* it, or what it stands in, repeats a key: what is below it does so too and is not worth a
                     message */
};

static struct sim_where
place(const struct reader *reader, yaml_mark_t mark)
{
    return (struct sim_where){ reader->document->path, (int) mark.line + 1, (int) mark.column + 1 };
}

static void fault(struct reader *reader, yaml_mark_t mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
fault(struct reader *reader, yaml_mark_t mark, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    sim_messages_add(reader->messages, SIM_ERROR, place(reader, mark), "%s", text);
    reader->faults = 1;
}

/* The next event; a syntax error is a message and ends the file. The caller deletes the event, also after a
 * failure. */
static int
next_event(struct reader *reader, yaml_event_t *event)
{
    memset(event, 0, sizeof(*event));
    if (yaml_parser_parse(&reader->parser, event)) {
        return SIM_OK;
    }
    memset(event, 0, sizeof(*event));
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return SIM_ERR_MEMORY;
    }
    const char *problem = parser->problem == NULL ? "cannot be read" : parser->problem;
    if (parser->context != NULL) {
        fault(reader, parser->problem_mark, "not YAML: %s (%s)", problem, parser->context);
    } else {
        fault(reader, parser->problem_mark, "not YAML: %s", problem);
    }
    return SIM_ERR_INPUT;
}

/* Anchors and tags are refused: no parameter needs them, and they make a file's meaning hard to see. */
static void
check_properties(struct reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    char buffer[SIM_QUOTE_SIZE];
    if (anchor != NULL) {
        fault(reader, event->start_mark, "anchors are not allowed: &%s",
            sim_quote((const char *) anchor, buffer));
    }
    if (tag != NULL) {
        fault(reader, event->start_mark, "tags are not allowed: %s", sim_quote((const char *) tag, buffer));
    }
}

/* Nesting that deep, libyaml's time grows with the square of the file, so reading ends. */
static int
refuse_depth(struct reader *reader, yaml_mark_t mark)
{
    fault(reader, mark, "nested more than %d deep; the file is not read further", SIM_DEPTH_LIMIT);
    return SIM_ERR_INPUT;
}

/* Passes over the rest of the node that event begins. */
static int
skip_node(struct reader *reader, yaml_event_type_t begins)
{
    int ret = SIM_OK;
    size_t depth = begins == YAML_SEQUENCE_START_EVENT || begins == YAML_MAPPING_START_EVENT;
    while (depth > 0 && ret == SIM_OK) {
        yaml_event_t event;
        ret = next_event(reader, &event);
        depth += event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
        depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        if (depth > SIM_DEPTH_LIMIT) {
            ret = refuse_depth(reader, event.start_mark);
        }
        yaml_event_delete(&event);
    }
    return ret;
}

static int
skip_next_node(struct reader *reader)
{
    yaml_event_t event;
    int ret = next_event(reader, &event);
    yaml_event_type_t type = event.type;
    yaml_event_delete(&event);
    return ret == SIM_OK ? skip_node(reader, type) : ret;
}

/* Nonzero if a scalar, its escapes undone, has characters that no one can have meant. Lines are allowed in
 * values. */
static int
has_control_characters(const yaml_event_t *event, int lines)
{
    const unsigned char *text = event->data.scalar.value;
    size_t length = event->data.scalar.length;
    for (size_t i = 0; i < length;) {
        uint32_t point = 0;
        size_t size = decode(text + i, length - i, &point);
        if (size == 0 || !is_printable(point) || (!lines && (is_break(point) || point == '\t'))) {
            return 1;
        }
        i += size;
    }
    return 0;
}

static int
is_null(const yaml_event_t *event)
{
    const char *text = (const char *) event->data.scalar.value;
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
        && (*text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 || strcmp(text, "Null") == 0
            || strcmp(text, "NULL") == 0);
}

static int
read_scalar(struct reader *reader, const yaml_event_t *event, const struct spot *spot)
{
    if (is_null(event)) {
        fault(reader, event->start_mark, "%s has no value", spot->key);
        return SIM_OK;
    }
    if (has_control_characters(event, 1)) {
        fault(reader, event->start_mark, "%s has a control character in its value", spot->key);
        return SIM_OK;
    }
    struct sim_document *document = reader->document;
    struct sim_entry *entries =
        grow(document->entries, document->count, &document->capacity, sizeof(*entries));
    if (entries == NULL) {
        return SIM_ERR_MEMORY;
    }
    document->entries = entries;
    struct sim_entry *entry = &entries[document->count++];
    *entry = (struct sim_entry){
        .key = sim_copy_text(spot->key),
        .text = sim_copy_text((const char *) event->data.scalar.value),
        .value_at = place(reader, event->start_mark),
        .quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
        .parent = spot->parent,
    };
    entry->key_at = spot->is_item ? entry->value_at : spot->key_at;
    return entry->key == NULL || entry->text == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static int
add_branch(struct reader *reader, const yaml_event_t *event, const struct spot *spot)
{
    struct sim_document *document = reader->document;
    struct sim_branch *branches =
        grow(document->branches, document->n_branches, &document->branch_capacity, sizeof(*branches));
    if (branches == NULL) {
        return SIM_ERR_MEMORY;
    }
    document->branches = branches;
    struct sim_branch *branch = &branches[document->n_branches++];
    *branch = (struct sim_branch){
        .kind = event->type == YAML_MAPPING_START_EVENT ? SIM_MAPPING : SIM_LIST,
        .key = sim_copy_text(spot->key),
        .value_at = place(reader, event->start_mark),
        .parent = spot->parent,
    };
    branch->key_at = spot->is_item ? branch->value_at : spot->key_at;
    return branch->key == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static int read_node(struct reader *reader, const yaml_event_t *event, const struct spot *spot);

/* Reads the items of a list, its first event already taken. */
static int
read_list(struct reader *reader, const struct spot *list)
{
    struct spot spot = *list;
    spot.is_item = 1;
    for (size_t i = 0;; i++) {
        char key[SIM_PATH_SIZE + 32];
        snprintf(key, sizeof(key), "%s[%zu]", list->key, i);
        spot.key = key;
        yaml_event_t event;
        int ret = next_event(reader, &event);
        yaml_event_type_t type = event.type;
        if (ret == SIM_OK && type != YAML_SEQUENCE_END_EVENT) {
            reader->document->branches[list->parent - 1].count++;
            ret = read_node(reader, &event, &spot);
        }
        yaml_event_delete(&event);
        if (ret != SIM_OK || type == YAML_SEQUENCE_END_EVENT) {
            return ret;
        }
    }
}

/* Whether a key can be used; if not, there is a message. */
static int
check_key(struct reader *reader, const yaml_event_t *event, const struct spot *mapping)
{
    char buffer[SIM_QUOTE_SIZE];
    const char *key = (const char *) event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (length == 0) {
        fault(reader, event->start_mark, "a key is empty");
    } else if (has_control_characters(event, 0)) {
        fault(reader, event->start_mark, "a key has a control character");
    } else if (length >= SIM_KEY_SIZE || strlen(mapping->key) + 1 + length >= SIM_PATH_SIZE) {
        fault(reader, event->start_mark, "a key is too long: \"%s\"", sim_quote(key, buffer));
    } else if (strpbrk(key, "[]") != NULL) {
        fault(reader, event->start_mark, "a key cannot have brackets: \"%s\"", sim_quote(key, buffer));
    } else {
        return 1;
    }
    return 0;
}

/* Reads the value of a key that is a good scalar. */
static int
read_pair(struct reader *reader, const yaml_event_t *key, const struct spot *mapping)
{
    char path[SIM_PATH_SIZE];
    const char *point = mapping->key[0] == '\0' ? "" : ".";
    snprintf(path, sizeof(path), "%s%s%s", mapping->key, point, (const char *) key->data.scalar.value);
    struct spot spot = *mapping;
    spot.key = path;
    spot.key_at = place(reader, key->start_mark);
    spot.is_item = 0;
    if (!mapping->repeated) {
        const struct sim_where *earlier;
        int ret = add_name(&reader->names, path, spot.key_at, &earlier);
        if (ret != SIM_OK) {
            return ret;
        }
        if (earlier != NULL) {
            fault(reader, key->start_mark, "repeated key \"%s\"; it is given in line %d already", path,
                earlier->line);
            spot.repeated = 1;
        }
    }
    yaml_event_t event;
    int ret = next_event(reader, &event);
    if (ret == SIM_OK) {
        ret = read_node(reader, &event, &spot);
    }
    yaml_event_delete(&event);
    return ret;
}

static int
read_key(struct reader *reader, const yaml_event_t *event, const struct spot *mapping)
{
    check_properties(reader, event);
    if (event->type == YAML_SCALAR_EVENT) {
        return check_key(reader, event, mapping) ? read_pair(reader, event, mapping) : skip_next_node(reader);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        fault(reader, event->start_mark, "aliases are not allowed: *%s", event->data.alias.anchor);
    } else {
        fault(reader, event->start_mark, "a key must be a word, not a %s",
            event->type == YAML_MAPPING_START_EVENT ? "mapping" : "list");
    }
    int ret = skip_node(reader, event->type);
    return ret == SIM_OK ? skip_next_node(reader) : ret;
}

/* Reads the pairs of a mapping, its first event already taken. */
static int
read_mapping(struct reader *reader, const struct spot *mapping)
{
    for (;;) {
        yaml_event_t event;
        int ret = next_event(reader, &event);
        yaml_event_type_t type = event.type;
        if (ret == SIM_OK && type != YAML_MAPPING_END_EVENT) {
            if (mapping->parent > 0) {
                reader->document->branches[mapping->parent - 1].count++;
            }
            ret = read_key(reader, &event, mapping);
        }
        yaml_event_delete(&event);
        if (ret != SIM_OK || type == YAML_MAPPING_END_EVENT) {
            return ret;
        }
    }
}

/* Reads a value from its first event on. */
static int
read_node(struct reader *reader, const yaml_event_t *event, const struct spot *spot)
{
    check_properties(reader, event);
    if (event->type == YAML_ALIAS_EVENT) {
        char buffer[SIM_QUOTE_SIZE];
        fault(reader, event->start_mark, "aliases are not allowed: *%s",
            sim_quote((const char *) event->data.alias.anchor, buffer));
        return SIM_OK;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        return read_scalar(reader, event, spot);
    }
    if (spot->depth == SIM_DEPTH_LIMIT || strlen(spot->key) >= SIM_PATH_SIZE) {
        return refuse_depth(reader, event->start_mark);
    }
    int ret = add_branch(reader, event, spot);
    if (ret != SIM_OK) {
        return ret;
    }
    struct spot inner = *spot;
    inner.parent = reader->document->n_branches;
    inner.depth++;
    return event->type == YAML_MAPPING_START_EVENT ? read_mapping(reader, &inner) : read_list(reader, &inner);
}

static int
read_top(struct reader *reader, const yaml_event_t *event)
{
    check_properties(reader, event);
    if (event->type == YAML_MAPPING_START_EVENT) {
        struct spot top = { .key = "" };
        return read_mapping(reader, &top);
    }
    if (event->type == YAML_SCALAR_EVENT && is_null(event)) {
        fault(reader, event->start_mark, "the file is empty; a mapping of keys to values is expected");
    } else {
        fault(reader, event->start_mark, "the file must be a mapping of keys to values");
    }
    return skip_node(reader, event->type);
}

/* Takes one event of the frame around the content: the stream's and the document's begin and end. */
static int
read_frame(struct reader *reader, yaml_event_type_t *type, yaml_mark_t *mark)
{
    yaml_event_t event;
    int ret = next_event(reader, &event);
    *type = event.type;
    *mark = event.start_mark;
    yaml_event_delete(&event);
    return ret;
}

static int
read_stream(struct reader *reader)
{
    yaml_event_type_t type;
    yaml_mark_t mark;
    int ret = read_frame(reader, &type, &mark);
    if (ret == SIM_OK) {
        ret = read_frame(reader, &type, &mark);
    }
    if (ret != SIM_OK) {
        return ret;
    }
    if (type == YAML_STREAM_END_EVENT) {
        fault(reader, (yaml_mark_t){ 0, 0, 0 }, "the file is empty; a mapping of keys to values is expected");
        return SIM_OK;
    }
    yaml_event_t event;
    ret = next_event(reader, &event);
    if (ret == SIM_OK) {
        ret = read_top(reader, &event);
    }
    yaml_event_delete(&event);
    for (int i = 0; i < 2 && ret == SIM_OK; i++) { /* the document's end, then the stream's */
        ret = read_frame(reader, &type, &mark);
    }
    if (ret == SIM_OK && type != YAML_STREAM_END_EVENT) {
        fault(reader, mark, "a second document begins; a file holds one");
    }
    return ret;
}

static int
read_yaml(struct sim_document *document, size_t start, size_t length, struct sim_messages *messages)
{
    struct reader reader = { .document = document, .messages = messages };
    if (!yaml_parser_initialize(&reader.parser)) {
        return SIM_ERR_MEMORY;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &reader.parser, (const unsigned char *) document->text + start, length - start);
    int ret = read_stream(&reader);
    yaml_parser_delete(&reader.parser);
    free_names(&reader.names);
    return ret == SIM_OK && reader.faults ? SIM_ERR_INPUT : ret;
}

int
sim_document_read(struct sim_document *document, const char *path, struct sim_messages *messages)
{
    memset(document, 0, sizeof(*document));
    document->path = sim_copy_text(path);
    document->stem = stem_of(path);
    document->text = sim_copy_text("");
    if (document->path == NULL || document->stem == NULL || document->text == NULL) {
        return SIM_ERR_MEMORY;
    }
    size_t length = 0;
    int ret = read_bytes(document, &length, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    size_t start =
        length >= 3 && memcmp(document->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
    ret = check_characters(document, start, length, messages);
    return ret == SIM_OK ? read_yaml(document, start, length, messages) : ret;
}

static void
free_entry(struct sim_entry *entry)
{
    sim_free(entry->key);
    sim_free(entry->text);
}

void
sim_document_free(struct sim_document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        free_entry(&document->entries[i]);
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

/* Finding files by name */

static int
is_file(const char *path)
{
    struct stat info;
    return path != NULL && stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

/* FOLDER/NAME, with or without .yaml, if that is a file. folder includes its slash, or is empty. NULL and
 * *ret untouched if it is none. */
static char *
try_file(const char *folder, const char *name, const char *suffix, int *ret)
{
    const char *slash = *folder == '\0' || folder[strlen(folder) - 1] == '/' ? "" : "/";
    char *path =
        sim_print_text("%s%s%s%s", *name == '/' ? "" : folder, *name == '/' ? "" : slash, name, suffix);
    if (path == NULL) {
        *ret = SIM_ERR_MEMORY;
    } else if (!is_file(path)) {
        sim_free(path);
        path = NULL;
    }
    return path;
}

/* Names of scenarios, separated by '|'. */
struct near {
    char *words;
    size_t count;
};

static int
add_near(struct near *near, const char *name)
{
    size_t length = strlen(name) - strlen(SUFFIX);
    char *words = near->words == NULL ? copy_part(name, length)
                                      : sim_print_text("%s|%.*s", near->words, (int) length, name);
    if (words == NULL) {
        return SIM_ERR_MEMORY;
    }
    sim_free(near->words);
    near->words = words;
    near->count++;
    return SIM_OK;
}

static int
is_in(const struct near *near, const char *name)
{
    size_t length = strlen(name) - strlen(SUFFIX);
    for (const char *word = near->words; word != NULL; word = strchr(word, '|')) {
        word += *word == '|';
        if (strncmp(word, name, length) == 0 && (word[length] == '|' || word[length] == '\0')) {
            return 1;
        }
    }
    return 0;
}

/* Only scenario files, by name in the order of bytes, whatever the locale. */
static int
is_scenario(const struct dirent *file)
{
    return file->d_name[0] != '.' && ends_with_suffix(file->d_name) && strchr(file->d_name, '|') == NULL;
}

static int
compare_files(const struct dirent **first, const struct dirent **second)
{
    const char *a = (*first)->d_name, *b = (*second)->d_name;
    size_t a_length = strlen(a) - strlen(SUFFIX), b_length = strlen(b) - strlen(SUFFIX);
    int order = strncmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Adds the names in a folder, which may be missing. */
static int
list_folder(struct near *near, const char *folder)
{
    struct dirent **files = NULL;
    int ret = SIM_OK;
    int n = scandir(*folder == '\0' ? "." : folder, &files, is_scenario, compare_files);
    for (int i = 0; i < n; i++) {
        if (ret == SIM_OK && !is_in(near, files[i]->d_name)) {
            ret = add_near(near, files[i]->d_name);
        }
        free(files[i]); /* scandir's own */
    }
    free(files);
    return ret;
}

#define FEW 12 /* names to list when none is near */

static void
report_missing(
    const char *name, const struct near *near, struct sim_where where, struct sim_messages *messages)
{
    char quote[SIM_QUOTE_SIZE], nearest[256], wanted[SIM_QUOTE_SIZE];
    sim_quote(base_name(name), wanted);
    if (ends_with_suffix(wanted)) {
        wanted[strlen(wanted) - strlen(SUFFIX)] = '\0';
    }
    sim_quote(name, quote);
    if (near->words != NULL && sim_suggest_word(near->words, wanted, nearest, sizeof(nearest))) {
        sim_messages_add(
            messages, SIM_ERROR, where, "there is no scenario \"%s\"; did you mean \"%s\"?", quote, nearest);
    } else if (near->count > 0 && near->count <= FEW) {
        for (char *bar = strchr(near->words, '|'); bar != NULL; bar = strchr(bar, '|')) {
            *bar = ' ';
        }
        sim_messages_add(
            messages, SIM_ERROR, where, "there is no scenario \"%s\"; there are: %s", quote, near->words);
    } else {
        sim_messages_add(messages, SIM_ERROR, where, "there is no scenario \"%s\"", quote);
    }
}

/* Tries every place in order. *found stays NULL if it is in none. */
static int
find_file(const struct sim_search *search, const char *name, const char *folder, char **found)
{
    int ret = SIM_OK;
    const char *suffix = ends_with_suffix(name) ? "" : SUFFIX;
    *found = try_file(folder, name, "", &ret);
    if (*found == NULL && *suffix != '\0') {
        *found = try_file(folder, name, suffix, &ret);
    }
    for (size_t i = 0; *found == NULL && *name != '/' && search != NULL && search->folders[i] != NULL; i++) {
        *found = try_file(search->folders[i], name, suffix, &ret);
    }
    return *found == NULL ? ret : SIM_OK;
}

char *
sim_search_find(const struct sim_search *search, const char *name, const char *from, struct sim_where where,
    struct sim_messages *messages)
{
    struct near near = { NULL, 0 };
    char *found = NULL;
    char *folder = from == NULL ? sim_copy_text("") : copy_part(from, (size_t) (base_name(from) - from));
    int ret = folder == NULL ? SIM_ERR_MEMORY : find_file(search, name, folder, &found);
    if (ret != SIM_OK || found != NULL) {
        goto out;
    }
    if (from != NULL) {
        ret = list_folder(&near, folder);
    }
    for (size_t i = 0; ret == SIM_OK && search != NULL && search->folders[i] != NULL; i++) {
        ret = list_folder(&near, search->folders[i]);
    }
    if (ret == SIM_OK) {
        report_missing(name, &near, where, messages);
    }
out:
    if (ret != SIM_OK) {
        sim_messages_add(messages, SIM_ERROR, where, "%s", sim_status_text(ret));
    }
    sim_free(near.words);
    sim_free(folder);
    return found;
}

/* Scenarios and what they extend */

#define RESERVED "model|extends|title"

static int
is_reserved(const char *key)
{
    return strcmp(key, "model") == 0 || strcmp(key, "extends") == 0 || strcmp(key, "title") == 0;
}

/* The keys that are no parameters hold one line of text each. */
static int
check_reserved(const struct sim_document *document, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < document->n_branches; i++) {
        const struct sim_branch *branch = &document->branches[i];
        if (is_reserved(branch->key)) {
            sim_messages_add(messages, SIM_ERROR, branch->value_at, "%s must be a text, not a %s",
                branch->key, branch->kind == SIM_LIST ? "list" : "mapping");
            ret = SIM_ERR_INPUT;
        }
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct sim_entry *entry = &document->entries[i];
        if (!is_reserved(entry->key)) {
            continue;
        }
        if (entry->text[0] == '\0') {
            sim_messages_add(messages, SIM_ERROR, entry->value_at, "%s is empty", entry->key);
            ret = SIM_ERR_INPUT;
        } else if (strpbrk(entry->text, "\n\t") != NULL) {
            sim_messages_add(
                messages, SIM_ERROR, entry->value_at, "%s must be one line without tabs", entry->key);
            ret = SIM_ERR_INPUT;
        }
    }
    return ret;
}

static int
is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Reads one more file of the chain, the named one first. */
static int
add_document(struct sim_scenario *scenario, const char *path, struct sim_messages *messages)
{
    size_t n = scenario->n_documents;
    struct sim_document *documents = sim_resize(scenario->documents, n, n + 1, sizeof(*documents));
    if (documents == NULL) {
        return SIM_ERR_MEMORY;
    }
    scenario->documents = documents;
    scenario->n_documents++;
    int ret = sim_document_read(&documents[n], path, messages);
    int reserved = ret == SIM_ERR_MEMORY ? SIM_OK : check_reserved(&documents[n], messages);
    return ret != SIM_OK ? ret : reserved;
}

/* "a -> b -> a", from the n-th document on; NULL without memory. */
static char *
print_cycle(const struct sim_scenario *scenario, size_t n)
{
    char *text = sim_copy_text("");
    for (size_t i = n; i < scenario->n_documents && text != NULL; i++) {
        char *longer = sim_print_text("%s%s -> ", text, scenario->documents[i].stem);
        sim_free(text);
        text = longer;
    }
    char *whole = text == NULL ? NULL : sim_print_text("%s%s", text, scenario->documents[n].stem);
    sim_free(text);
    return whole;
}

/* Whether a file is in the chain already; then there is a message. */
static int
check_cycle(const struct sim_scenario *scenario, const char *path, struct sim_where where,
    struct sim_messages *messages)
{
    for (size_t i = 0; i < scenario->n_documents; i++) {
        if (is_same_file(scenario->documents[i].path, path)) {
            char *cycle = print_cycle(scenario, i);
            if (i + 1 == scenario->n_documents) {
                sim_messages_add(
                    messages, SIM_ERROR, where, "\"%s\" extends itself", scenario->documents[i].stem);
            } else {
                sim_messages_add(
                    messages, SIM_ERROR, where, "extends goes in a circle: %s", cycle == NULL ? path : cycle);
            }
            sim_free(cycle);
            return SIM_ERR_INPUT;
        }
    }
    return SIM_OK;
}

/* The file that the last document read extends; *next stays NULL if it extends none. */
static int
find_next(const struct sim_scenario *scenario, const struct sim_search *search, char **next,
    struct sim_messages *messages)
{
    const struct sim_document *document = &scenario->documents[scenario->n_documents - 1];
    const struct sim_entry *extends = sim_document_find(document, "extends");
    if (extends == NULL || extends->text[0] == '\0') {
        return SIM_OK;
    }
    *next = sim_search_find(search, extends->text, document->path, extends->value_at, messages);
    if (*next == NULL) {
        return SIM_ERR_INPUT;
    }
    int ret = check_cycle(scenario, *next, extends->value_at, messages);
    if (ret != SIM_OK) {
        sim_free(*next);
        *next = NULL;
    }
    return ret;
}

static void
reverse_documents(struct sim_scenario *scenario)
{
    for (size_t i = 0, j = scenario->n_documents; i + 1 < j; i++) {
        j--;
        struct sim_document document = scenario->documents[i];
        scenario->documents[i] = scenario->documents[j];
        scenario->documents[j] = document;
    }
}

/* A scenario cannot change the model of what it extends: its parameters would mean something else. */
static int
check_models(const struct sim_scenario *scenario, struct sim_messages *messages)
{
    int ret = SIM_OK;
    const struct sim_entry *first = NULL;
    for (size_t i = 0; i < scenario->n_documents; i++) {
        const struct sim_entry *model = sim_document_find(&scenario->documents[i], "model");
        if (model == NULL) {
            continue;
        }
        if (first != NULL && strcmp(first->text, model->text) != 0) {
            char here[SIM_QUOTE_SIZE], there[SIM_QUOTE_SIZE];
            sim_messages_add(messages, SIM_ERROR, model->value_at,
                "model \"%s\" differs from \"%s\" of %s, which this file extends",
                sim_quote(model->text, here), sim_quote(first->text, there), first->value_at.file);
            ret = SIM_ERR_INPUT;
        }
        first = first == NULL ? model : first;
    }
    return ret;
}

int
sim_scenario_load(struct sim_scenario *scenario, const char *path, const struct sim_search *search,
    struct sim_messages *messages)
{
    memset(scenario, 0, sizeof(*scenario));
    int ret = SIM_OK, faults = 0;
    char *next = sim_copy_text(path);
    if (next == NULL) {
        return SIM_ERR_MEMORY;
    }
    while (next != NULL) {
        ret = add_document(scenario, next, messages);
        sim_free(next);
        next = NULL;
        if (ret == SIM_ERR_MEMORY) {
            return ret;
        }
        faults += ret != SIM_OK;
        faults += find_next(scenario, search, &next, messages) != SIM_OK;
    }
    reverse_documents(scenario);
    faults += check_models(scenario, messages) != SIM_OK;
    return faults > 0 ? SIM_ERR_INPUT : SIM_OK;
}

void
sim_scenario_free(struct sim_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_documents; i++) {
        sim_document_free(&scenario->documents[i]);
    }
    for (size_t i = 0; i < scenario->n_overrides; i++) {
        free_entry(&scenario->overrides[i]);
        sim_free(scenario->override_places[i]);
    }
    sim_free(scenario->documents);
    sim_free(scenario->overrides);
    sim_free(scenario->override_places);
    memset(scenario, 0, sizeof(*scenario));
}

const struct sim_entry *
sim_scenario_top(const struct sim_scenario *scenario, const char *key)
{
    int inherited = strcmp(key, "title") != 0 && strcmp(key, "extends") != 0;
    for (size_t i = scenario->n_documents; i > 0; i--) {
        const struct sim_entry *entry = sim_document_find(&scenario->documents[i - 1], key);
        if (entry != NULL || !inherited) {
            return entry;
        }
    }
    return NULL;
}

/* The part of a text between blanks at its ends. */
static char *
copy_stripped(const char *text, size_t length)
{
    while (length > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
        length--;
    }
    return copy_part(text, length);
}

/* Makes room for one more override and its place. */
static int
widen_overrides(struct sim_scenario *scenario)
{
    size_t n = scenario->n_overrides;
    struct sim_entry *overrides = sim_resize(scenario->overrides, n, n + 1, sizeof(*overrides));
    if (overrides == NULL) {
        return SIM_ERR_MEMORY;
    }
    scenario->overrides = overrides;
    char **places = sim_resize(scenario->override_places, n, n + 1, sizeof(*places));
    if (places == NULL) {
        return SIM_ERR_MEMORY;
    }
    scenario->override_places = places;
    return SIM_OK;
}

/* Why an override cannot be one; NULL if it can. */
static const char *
judge_override(const char *key, const char *text)
{
    if (is_reserved(key)) {
        return "is not a parameter; only a file can give it";
    }
    if (*key == '\0') {
        return "KEY=VALUE is expected before and after the equals sign";
    }
    return *text == '\0' ? "has no value" : NULL;
}

int
sim_scenario_override(
    struct sim_scenario *scenario, const char *assignment, int n, struct sim_messages *messages)
{
    char *file = sim_print_text("--set %d", n);
    char *key = NULL, *text = NULL;
    const char *equals = strchr(assignment, '=');
    int ret = file == NULL ? SIM_ERR_MEMORY : widen_overrides(scenario);
    if (ret != SIM_OK) {
        goto out;
    }
    struct sim_where where = { file, 0, 0 };
    if (equals == NULL) {
        char quote[SIM_QUOTE_SIZE];
        sim_messages_add(
            messages, SIM_ERROR, where, "KEY=VALUE is expected, not \"%s\"", sim_quote(assignment, quote));
        ret = SIM_ERR_INPUT;
        goto out;
    }
    key = copy_stripped(assignment, (size_t) (equals - assignment));
    text = copy_stripped(equals + 1, strlen(equals + 1));
    if (key == NULL || text == NULL) {
        ret = SIM_ERR_MEMORY;
        goto out;
    }
    const char *why = judge_override(key, text);
    if (why != NULL) {
        sim_messages_add(messages, SIM_ERROR, where, "%s%s%s", key, *key == '\0' ? "" : " ", why);
        ret = SIM_ERR_INPUT;
        goto out;
    }
    scenario->override_places[scenario->n_overrides] = file;
    scenario->overrides[scenario->n_overrides++] =
        (struct sim_entry){ .key = key, .text = text, .key_at = where, .value_at = where };
    return SIM_OK;
out:
    sim_free(file);
    sim_free(key);
    sim_free(text);
    return ret;
}

/* From entries to parameters */

/* A quoted text is a text, as everywhere in YAML; only words and calls may stand in quotes. */
static int
is_quoted_wrongly(const struct sim_entry *entry, const struct sim_field *field)
{
    if (!entry->quoted || field->type == SIM_CHOICE) {
        return 0;
    }
    return field->type != SIM_DISTRIBUTION || strchr(entry->text, '(') == NULL;
}

int
sim_entry_apply(
    const struct sim_entry *entry, const struct sim_field *field, void *params, struct sim_messages *messages)
{
    char key[SIM_KEY_SIZE], why[512];
    sim_field_key(field, key);
    if (is_quoted_wrongly(entry, field)) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at, "%s: %s is expected, not a quoted text", key,
            sim_field_expects(field));
        return SIM_ERR_INPUT;
    }
    int ret = sim_field_parse(field, entry->text, params, why, sizeof(why));
    if (ret != SIM_OK) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at, "%s: %s", key, why);
    }
    return ret;
}

/* what: "parameter", "group" ... */
static void
report_unknown(const char *what, const char *key, struct sim_where where, const char *nearest,
    struct sim_messages *messages)
{
    char quote[SIM_QUOTE_SIZE];
    if (nearest[0] == '\0') {
        sim_messages_add(messages, SIM_ERROR, where, "unknown %s \"%s\"", what, sim_quote(key, quote));
    } else {
        sim_messages_add(messages, SIM_ERROR, where, "unknown %s \"%s\"; did you mean \"%s\"?", what,
            sim_quote(key, quote), nearest);
    }
}

void
sim_entry_unknown(
    const struct sim_entry *entry, const struct sim_fields *fields, struct sim_messages *messages)
{
    char nearest[SIM_KEY_SIZE] = "", quote[SIM_QUOTE_SIZE];
    if (sim_fields_has_group(fields, entry->key)) {
        sim_messages_add(messages, SIM_ERROR, entry->value_at,
            "%s is a group: a mapping of its parameters is expected, not \"%s\"", entry->key,
            sim_quote(entry->text, quote));
        return;
    }
    int is_top = strchr(entry->key, '.') == NULL;
    if (!is_top || !sim_suggest_word(RESERVED, entry->key, nearest, sizeof(nearest))) {
        sim_fields_suggest(fields, entry->key, nearest);
    }
    report_unknown(is_top ? "key" : "parameter", entry->key, entry->key_at, nearest, messages);
}

/* A mapping at the top level that is a group of parameters: the only place where entries can stand besides
 * the top level itself. */
static int
is_group(const struct sim_document *document, size_t branch, const struct sim_fields *fields)
{
    const struct sim_branch *group = &document->branches[branch - 1];
    return group->kind == SIM_MAPPING && group->parent == 0 && sim_fields_has_group(fields, group->key);
}

/* Reports a mapping or list that is in the wrong place, or is wrongly named. */
static void
report_branch(const struct sim_branch *branch, const struct sim_fields *fields, struct sim_messages *messages)
{
    const struct sim_field *field = sim_fields_find(fields, branch->key);
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    char nearest[SIM_KEY_SIZE] = "";
    if (field != NULL) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at, "%s: %s is expected, not a %s", branch->key,
            sim_field_expects(field), kind);
    } else if (branch->parent == 0 && sim_fields_has_group(fields, branch->key)) {
        sim_messages_add(messages, SIM_ERROR, branch->value_at,
            "%s is a group: a mapping of its parameters is expected, not a list", branch->key);
    } else if (strchr(branch->key, '.') != NULL) {
        sim_fields_suggest(fields, branch->key, nearest);
        report_unknown("parameter", branch->key, branch->key_at, nearest, messages);
    } else {
        sim_fields_suggest_group(fields, branch->key, nearest);
        report_unknown(
            branch->kind == SIM_LIST ? "key" : "group", branch->key, branch->key_at, nearest, messages);
    }
}

static int
apply_entry(const struct sim_entry *entry, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    const struct sim_field *field = sim_fields_find(fields, entry->key);
    if (field != NULL) {
        return sim_entry_apply(entry, field, params, messages);
    }
    sim_entry_unknown(entry, fields, messages);
    return SIM_ERR_INPUT;
}

/* What stands in a misplaced mapping or list is not reported again. */
static int
apply_document(const struct sim_document *document, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < document->n_branches; i++) {
        const struct sim_branch *branch = &document->branches[i];
        int is_seen = branch->parent == 0 || is_group(document, branch->parent, fields);
        if (is_seen && !is_group(document, i + 1, fields) && !is_reserved(branch->key)) {
            report_branch(branch, fields, messages);
            ret = SIM_ERR_INPUT;
        }
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct sim_entry *entry = &document->entries[i];
        int is_seen = entry->parent == 0 || is_group(document, entry->parent, fields);
        if (is_seen && !is_reserved(entry->key) && apply_entry(entry, fields, params, messages) != SIM_OK) {
            ret = SIM_ERR_INPUT;
        }
    }
    return ret;
}

int
sim_scenario_apply(const struct sim_scenario *scenario, const struct sim_fields *fields, void *params,
    struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < scenario->n_documents; i++) {
        if (apply_document(&scenario->documents[i], fields, params, messages) != SIM_OK) {
            ret = SIM_ERR_INPUT;
        }
    }
    for (size_t i = 0; i < scenario->n_overrides; i++) {
        if (apply_entry(&scenario->overrides[i], fields, params, messages) != SIM_OK) {
            ret = SIM_ERR_INPUT;
        }
    }
    return ret;
}
