/* report_html.c - puts title, style, script and data into the template. */
#include "analysis/report_html.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <stdio.h>
#include <string.h>

#define DIGITS 7 /* of numbers, at least of those that are not whole */

/* What every page ends with. */
static const char mark[] = "<!-- made by cogov report -->\n";

void
report_buffer_free(struct report_buffer *buffer)
{
    sim_free(buffer->text);
    *buffer = (struct report_buffer){ .text = NULL };
}

static void
add(struct report_buffer *buffer, const char *text, size_t length)
{
    if (buffer->capacity - buffer->length <= length) {
        size_t capacity = 2 * buffer->capacity + length + 1;
        char *larger = sim_resize(buffer->text, buffer->capacity, capacity, 1);
        if (larger == NULL) {
            buffer->failed = 1;
            return;
        }
        buffer->text = larger;
        buffer->capacity = capacity;
    }
    memcpy(buffer->text + buffer->length, text, length);
    buffer->length += length;
    buffer->text[buffer->length] = '\0';
}

static void
add_text(struct report_buffer *buffer, const char *text)
{
    add(buffer, text, strlen(text));
}

static void
add_html(struct report_buffer *buffer, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<': add_text(buffer, "&lt;"); break;
        case '>': add_text(buffer, "&gt;"); break;
        case '&': add_text(buffer, "&amp;"); break;
        default: add(buffer, text, 1);
        }
    }
}

/* U+2028 and U+2029, which end a line for older scripts, are E2 80 A8 and E2 80 A9; a character may come in two calls. */
static int
ends_in_separator(const struct report_buffer *buffer)
{
    return buffer->length >= 3
        && (memcmp(buffer->text + buffer->length - 3, "\xe2\x80\xa8", 3) == 0
            || memcmp(buffer->text + buffer->length - 3, "\xe2\x80\xa9", 3) == 0);
}

static int
add_escaped(const char *text, size_t length, void *context)
{
    struct report_buffer *buffer = context;
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '<': add_text(buffer, "\\u003c"); break;
        case '>': add_text(buffer, "\\u003e"); break;
        case '&': add_text(buffer, "\\u0026"); break;
        default: add(buffer, &text[i], 1);
        }
        if (ends_in_separator(buffer)) {
            const char *escape = buffer->text[buffer->length - 1] == '\xa8' ? "\\u2028" : "\\u2029";
            buffer->length -= 3;
            add_text(buffer, escape);
        }
    }
    return buffer->failed ? -1 : 0;
}

void
report_add_json(struct report_buffer *buffer, const json_t *json)
{
    if (json_dump_callback(json, add_escaped, buffer, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)) != 0) {
        buffer->failed = 1;
    }
}

int
report_page(struct report_buffer *page, const json_t *data)
{
    static const char *const places[] = { "<!--TITLE-->", "<!--STYLE-->", "<!--SCRIPT-->", "<!--DATA-->" };
    const char *title = json_string_value(json_object_get(data, "title"));
    const char *rest = (const char *) report_template;
    *page = (struct report_buffer){ .text = NULL };
    for (const char *next = strstr(rest, "<!--"); next != NULL; next = strstr(rest, "<!--")) {
        size_t place = 0;
        while (place < 4 && strncmp(next, places[place], strlen(places[place])) != 0) {
            place++;
        }
        add(page, rest, (size_t) (next - rest));
        rest = next + strlen(place < 4 ? places[place] : "<!--");
        switch (place) {
        case 0: add_html(page, title != NULL ? title : ""); break;
        case 1: add_text(page, (const char *) report_style); break;
        case 2: add_text(page, (const char *) report_script); break;
        case 3: report_add_json(page, data); break;
        default: add_text(page, "<!--"); /* a comment */
        }
    }
    add_text(page, rest);
    add_text(page, mark);
    return page->failed ? SIM_ERR_MEMORY : SIM_OK;
}

int
report_is_page(const char *path)
{
    char end[sizeof(mark)] = "";
    long length = (long) sizeof(mark) - 1;
    FILE *file = fopen(path, "rb");
    int same = file != NULL && fseek(file, -length, SEEK_END) == 0
        && fread(end, 1, (size_t) length, file) == (size_t) length && memcmp(end, mark, (size_t) length) == 0;
    if (file != NULL) {
        fclose(file);
    }
    return same;
}
