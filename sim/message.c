/* message.c - a growing list of messages; each file's name is kept once. */
#include "sim/message.h"

#include "sim/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
sim_messages_init(struct sim_messages *messages)
{
    memset(messages, 0, sizeof(*messages));
}

void
sim_messages_free(struct sim_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        sim_free(messages->list[i].text);
    }
    for (size_t i = 0; i < messages->n_files; i++) {
        sim_free(messages->files[i]);
    }
    sim_free(messages->list);
    sim_free(messages->files);
    memset(messages, 0, sizeof(*messages));
}

/* Nothing that a user wrote may break the line of a message or command the terminal: C0, DEL and C1 become
 * '?'. */
static void
replace_control_characters(char *text)
{
    for (unsigned char *c = (unsigned char *) text; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f) {
            *c = '?';
        } else if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) {
            c[0] = '?';
            c[1] = '?';
        }
    }
}

static char *
print_list(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : sim_alloc((size_t) length + 1, 1);
    if (text != NULL) {
        vsnprintf(text, (size_t) length + 1, format, again);
        replace_control_characters(text);
    }
    va_end(again);
    return text;
}

/* The rank of a file, counted from 1; a new file is added. 0 without memory. */
static size_t
rank_of_file(struct sim_messages *messages, const char *file)
{
    for (size_t i = messages->n_files; i > 0; i--) {
        if (strcmp(messages->files[i - 1], file) == 0) {
            return i;
        }
    }
    char *copy = sim_copy_text(file);
    char **files = sim_resize(messages->files, messages->n_files, messages->n_files + 1, sizeof(*files));
    if (files != NULL) {
        messages->files = files;
    }
    if (copy == NULL || files == NULL) {
        sim_free(copy);
        return 0;
    }
    files[messages->n_files++] = copy;
    return messages->n_files;
}

static int
reserve(struct sim_messages *messages)
{
    if (messages->count < messages->capacity) {
        return 1;
    }
    size_t capacity = messages->capacity == 0 ? 16 : 2 * messages->capacity;
    struct sim_message *list = sim_resize(messages->list, messages->count, capacity, sizeof(*list));
    if (list == NULL) {
        return 0;
    }
    messages->list = list;
    messages->capacity = capacity;
    return 1;
}

void
sim_messages_add(struct sim_messages *messages, enum sim_severity severity, struct sim_where where,
    const char *format, ...)
{
    if (messages == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    char *text = print_list(format, arguments);
    va_end(arguments);

    messages->errors += severity == SIM_ERROR;
    size_t rank = where.file == NULL ? 0 : rank_of_file(messages, where.file);
    if (text == NULL || (where.file != NULL && rank == 0) || !reserve(messages)) {
        sim_free(text);
        messages->out_of_memory = 1;
        return;
    }
    messages->list[messages->count] = (struct sim_message){
        .severity = severity,
        .file = rank == 0 ? NULL : messages->files[rank - 1],
        .line = where.line,
        .column = where.column,
        .text = text,
        .file_rank = rank,
        .order = messages->count,
    };
    messages->count++;
}

static int
compare_places(const struct sim_message *a, const struct sim_message *b)
{
    if (a->file_rank != b->file_rank) {
        return a->file_rank < b->file_rank ? -1 : 1;
    }
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return (a->column > b->column) - (a->column < b->column);
}

static int
compare_messages(const void *first, const void *second)
{
    const struct sim_message *a = first;
    const struct sim_message *b = second;
    int places = compare_places(a, b);
    return places != 0 ? places : (a->order > b->order) - (a->order < b->order);
}

/* Whether one of the n messages before this one says the same of the same place. */
static int
is_said(const struct sim_message *list, size_t n, const struct sim_message *message)
{
    for (size_t i = n; i > 0 && message->file != NULL && compare_places(&list[i - 1], message) == 0; i--) {
        if (list[i - 1].severity == message->severity && strcmp(list[i - 1].text, message->text) == 0) {
            return 1;
        }
    }
    return 0;
}

void
sim_messages_sort(struct sim_messages *messages)
{
    if (messages->count == 0) {
        return;
    }
    qsort(messages->list, messages->count, sizeof(*messages->list), compare_messages);
    size_t kept = 0;
    for (size_t i = 0; i < messages->count; i++) {
        struct sim_message message = messages->list[i];
        if (is_said(messages->list, kept, &message)) {
            messages->errors -= message.severity == SIM_ERROR;
            sim_free(message.text);
        } else {
            message.order = kept;
            messages->list[kept++] = message;
        }
    }
    messages->count = kept;
}

size_t
sim_message_format(const struct sim_message *message, char *text, size_t size)
{
    static const char *const words[] = {
        [SIM_ERROR] = "error", [SIM_WARNING] = "warning", [SIM_NOTE] = "note"
    };

    const char *word = words[message->severity];
    int length;
    if (message->file == NULL) {
        length = snprintf(text, size, "%s: %s", word, message->text);
    } else if (message->line == 0) {
        length = snprintf(text, size, "%s: %s: %s", message->file, word, message->text);
    } else {
        length = snprintf(text, size, "%s:%d:%d: %s: %s", message->file, message->line, message->column, word,
            message->text);
    }
    if (size > 0) {
        replace_control_characters(text); /* of the file's name */
    }
    return length < 0 ? 0 : (size_t) length;
}

void
sim_cut(const char *from, size_t length, char *to, size_t size)
{
    if (length < size) {
        memcpy(to, from, length);
        to[length] = '\0';
        return;
    }
    length = size - 4;
    while (length > 0 && ((unsigned char) from[length] & 0xc0) == 0x80) {
        length--; /* not within a character */
    }
    memcpy(to, from, length);
    memcpy(to + length, "...", 4);
}

const char *
sim_quote(const char *text, char *buffer)
{
    sim_cut(text, strlen(text), buffer, SIM_QUOTE_SIZE);
    return buffer;
}
