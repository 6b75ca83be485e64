/* yaml_reader.c - walks through libyaml's events and adds an entry for each scalar and a branch for each
 * mapping and list. After most faults reading goes on, to find them all. */
#include "sim/yaml_reader.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/field.h"
#include "sim/key_set.h"
#include "sim/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    struct sim_document *document;
    struct sim_messages *messages;
    struct sim_key_set keys;
    int faults; /* there were some after which reading went on */
};

/* Where a value stands: the key that its entry gets, and what it is part of. */
struct spot {
    const char *key;
    struct sim_where key_at;
    size_t parent;
    int depth;
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

static int
begins(yaml_event_type_t type)
{
    return type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
}

/* Passes over one node from its first event on; if depth is 1, over the rest of a mapping or list whose first
 * event is taken. */
static int
skip(struct reader *reader, int depth)
{
    int ret;
    do {
        yaml_event_t event;
        ret = next_event(reader, &event);
        depth += begins(event.type);
        depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        if (depth > SIM_DEPTH_LIMIT) {
            ret = refuse_depth(reader, event.start_mark);
        }
        yaml_event_delete(&event);
    } while (ret == SIM_OK && depth > 0);
    return ret;
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
        size_t size = sim_utf8_decode(text + i, length - i, &point);
        if (size == 0 || !sim_utf8_is_printable(point)
            || (!lines && (sim_utf8_is_break(point) || point == '\t'))) {
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
        .key_at = spot->key_at,
        .value_at = place(reader, event->start_mark),
        .quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
        .parent = spot->parent,
    };
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
        .key_at = spot->key_at,
        .value_at = place(reader, event->start_mark),
        .parent = spot->parent,
    };
    return branch->key == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static int read_node(struct reader *reader, const yaml_event_t *event, const struct spot *spot);

static int
read_item(struct reader *reader, const yaml_event_t *event, const struct spot *list, size_t i)
{
    char key[SIM_PATH_SIZE + 32];
    snprintf(key, sizeof(key), "%s[%zu]", list->key, i);
    struct spot spot = *list;
    spot.key = key;
    spot.key_at = place(reader, event->start_mark);
    return read_node(reader, event, &spot);
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
    if (!mapping->repeated) {
        int earlier;
        if (sim_key_set_add(&reader->keys, path, spot.key_at.line, &earlier) != SIM_OK) {
            return SIM_ERR_MEMORY;
        }
        if (earlier > 0) {
            fault(reader, key->start_mark, "repeated key \"%s\"; it is given in line %d already", path,
                earlier);
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
        return check_key(reader, event, mapping) ? read_pair(reader, event, mapping) : skip(reader, 0);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        fault(reader, event->start_mark, "aliases are not allowed: *%s", event->data.alias.anchor);
        return skip(reader, 0);
    }
    fault(reader, event->start_mark, "a key must be a word, not a %s",
        event->type == YAML_MAPPING_START_EVENT ? "mapping" : "list");
    int ret = skip(reader, 1);
    return ret == SIM_OK ? skip(reader, 0) : ret;
}

/* Reads what stands in a mapping or list, its first event already taken. */
static int
read_inside(struct reader *reader, const struct spot *around, enum sim_branch_kind kind)
{
    int ret = SIM_OK, ended = 0;
    for (size_t i = 0; ret == SIM_OK && !ended; i++) {
        yaml_event_t event;
        ret = next_event(reader, &event);
        ended = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        if (ret == SIM_OK && !ended) {
            if (around->parent > 0) {
                reader->document->branches[around->parent - 1].count++;
            }
            ret = kind == SIM_LIST ? read_item(reader, &event, around, i) : read_key(reader, &event, around);
        }
        yaml_event_delete(&event);
    }
    return ret;
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
    if (add_branch(reader, event, spot) != SIM_OK) {
        return SIM_ERR_MEMORY;
    }
    struct spot inner = *spot;
    inner.parent = reader->document->n_branches;
    inner.depth++;
    return read_inside(reader, &inner, event->type == YAML_MAPPING_START_EVENT ? SIM_MAPPING : SIM_LIST);
}

static const char empty_file[] = "the file is empty; a mapping of keys to values is expected";

static int
read_top(struct reader *reader, const yaml_event_t *event)
{
    check_properties(reader, event);
    if (event->type == YAML_MAPPING_START_EVENT) {
        return read_inside(reader, &(struct spot){ .key = "" }, SIM_MAPPING);
    }
    int is_empty = event->type == YAML_SCALAR_EVENT && is_null(event);
    fault(reader, event->start_mark, "%s",
        is_empty ? empty_file : "the file must be a mapping of keys to values");
    return begins(event->type) ? skip(reader, 1) : SIM_OK;
}

static int
read_stream(struct reader *reader)
{
    int ret = SIM_OK, documents = 0, ended = 0;
    while (ret == SIM_OK && !ended) {
        yaml_event_t event;
        ret = next_event(reader, &event);
        if (event.type == YAML_STREAM_END_EVENT) {
            ended = 1;
            if (documents == 0) {
                fault(reader, (yaml_mark_t){ 0, 0, 0 }, "%s", empty_file);
            }
        } else if (event.type == YAML_DOCUMENT_START_EVENT && documents++ > 0) {
            ended = 1;
            fault(reader, event.start_mark, "a second document begins; a file holds one");
        } else if (event.type == YAML_SCALAR_EVENT || event.type == YAML_ALIAS_EVENT || begins(event.type)) {
            ret = read_top(reader, &event);
        }
        yaml_event_delete(&event);
    }
    return ret;
}

int
sim_yaml_read(struct sim_document *document, size_t start, size_t length, struct sim_messages *messages)
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
    sim_key_set_free(&reader.keys);
    return ret == SIM_OK && reader.faults ? SIM_ERR_INPUT : ret;
}
