/* table.c - cuts a CSV file into cells. The cells' texts are cut out of a copy of the file, where they are
 * unquoted in place: unquoting makes no text longer. */
#include "sim/table.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/text_file.h"

#include <inttypes.h>
#include <string.h>

#define FAULTS_TOLD 100 /* of one table; a wrong separator would otherwise be told for each row */

struct reader {
    struct sim_table *table;
    struct sim_messages *messages;
    char *at; /* the next character */
    int line, column;
    size_t n_cells; /* of the row that is read */
    size_t count;   /* of all cells kept */
    size_t faults;
};

static struct sim_where
place(const struct reader *reader)
{
    return (struct sim_where){ reader->table->path, reader->line, reader->column };
}

static void fault(struct reader *reader, struct sim_where where, const char *text);

static void
fault(struct reader *reader, struct sim_where where, const char *text)
{
    reader->faults++;
    if (reader->faults <= FAULTS_TOLD) {
        sim_messages_add(reader->messages, SIM_ERROR, where, "%s%s", text,
            reader->faults == FAULTS_TOLD ? "; further faults of this table are not told" : "");
    }
}

static int
is_end_of_line(char c)
{
    return c == '\n' || c == '\r' || c == '\0';
}

/* Goes over one byte; the columns of messages are characters. */
static void
go_on(struct reader *reader)
{
    char c = *reader->at++;
    if (c == '\n' || (c == '\r' && *reader->at != '\n')) {
        reader->line++;
        reader->column = 1;
    } else if (((unsigned char) c & 0xc0) != 0x80 && c != '\r') {
        reader->column++;
    }
}

static void
skip_blanks(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t') {
        go_on(reader);
    }
}

/* A cell in quotes, from the first quote to after the last. */
static char *
read_quoted(struct reader *reader)
{
    struct sim_where start = place(reader);
    go_on(reader);
    char *text = reader->at, *end = text;
    while (*reader->at != '\0' && !(reader->at[0] == '"' && reader->at[1] != '"')) {
        if (*reader->at == '"') {
            go_on(reader);
        }
        *end++ = *reader->at;
        go_on(reader);
    }
    if (*reader->at == '\0') {
        fault(reader, start, "the quote is not closed");
    } else {
        go_on(reader);
    }
    skip_blanks(reader);
    if (*reader->at != ',' && !is_end_of_line(*reader->at)) {
        fault(reader, place(reader),
            "a comma is expected after the closing quote; a quote in a cell is doubled");
        while (*reader->at != ',' && !is_end_of_line(*reader->at)) {
            go_on(reader);
        }
    }
    *end = '\0'; /* the closing quote's own byte, or one before it; what follows was read already */
    return text;
}

static char *
read_plain(struct reader *reader, char **end)
{
    char *text = reader->at;
    *end = text;
    while (*reader->at != ',' && !is_end_of_line(*reader->at)) {
        if (*reader->at == '"') {
            fault(reader, place(reader), "a quote within a cell; put the whole cell in quotes and double it");
        }
        int blank = *reader->at == ' ' || *reader->at == '\t';
        go_on(reader);
        *end = blank ? *end : reader->at;
    }
    return text;
}

static int
keep_cell(struct reader *reader, char *text, struct sim_where where)
{
    struct sim_table *table = reader->table;
    if (reader->count == table->capacity) {
        size_t capacity = table->capacity == 0 ? 64 : 2 * table->capacity;
        struct sim_table_cell *cells = sim_resize(table->cells, table->capacity, capacity, sizeof(*cells));
        if (cells == NULL) {
            return SIM_ERR_MEMORY;
        }
        table->cells = cells;
        table->capacity = capacity;
    }
    table->cells[reader->count++] = (struct sim_table_cell){ text, where };
    return SIM_OK;
}

/* One cell and the comma after it, if there is one. */
static int
read_cell(struct reader *reader, int *more)
{
    char *text, *end = NULL;
    skip_blanks(reader);
    struct sim_where where = place(reader);
    text = *reader->at == '"' ? read_quoted(reader) : read_plain(reader, &end);
    *more = *reader->at == ',';
    if (*more) {
        go_on(reader);
    }
    if (end != NULL && end < reader->at) {
        *end = '\0'; /* a blank or the comma; at a line's end the line's end is cut later */
    }
    reader->n_cells++;
    size_t kept = reader->table->n_columns;
    return kept == 0 || reader->n_cells <= kept ? keep_cell(reader, text, where) : SIM_OK;
}

/* Ends the last cell of a row and goes over the line's end. */
static void
end_line(struct reader *reader)
{
    char *end = reader->at;
    while (*reader->at == '\r' || *reader->at == '\n') {
        char c = *reader->at;
        go_on(reader);
        if (c == '\n' || *reader->at != '\n') {
            break;
        }
    }
    if (reader->at > end) {
        *end = '\0';
    }
}

static int
end_row(struct reader *reader, int line)
{
    struct sim_table *table = reader->table;
    if (table->n_columns == 0) {
        table->n_columns = reader->n_cells;
    } else if (reader->n_cells != table->n_columns) {
        char *text = sim_print_text("%zu cells, but the header has %zu", reader->n_cells, table->n_columns);
        fault(reader, (struct sim_where){ table->path, line, 1 },
            text != NULL ? text : "wrong number of cells");
        sim_free(text);
    }
    for (; reader->n_cells < table->n_columns; reader->n_cells++) {
        if (keep_cell(reader, reader->at + strlen(reader->at), place(reader)) != SIM_OK) {
            return SIM_ERR_MEMORY;
        }
    }
    table->n_rows++;
    return SIM_OK;
}

/* Passes over lines without cells. */
static void
skip_lines(struct reader *reader)
{
    for (;;) {
        char *start = reader->at;
        int column = reader->column;
        skip_blanks(reader);
        if (*reader->at == '#' || (is_end_of_line(*reader->at) && *reader->at != '\0')) {
            while (!is_end_of_line(*reader->at)) {
                go_on(reader);
            }
            end_line(reader);
        } else {
            if (*reader->at != '\0') {
                reader->at = start;
                reader->column = column;
            }
            return;
        }
    }
}

static int
read_rows(struct reader *reader)
{
    int ret = SIM_OK;
    skip_lines(reader);
    while (ret == SIM_OK && *reader->at != '\0') {
        int more = 1, line = reader->line;
        reader->n_cells = 0;
        while (ret == SIM_OK && more) {
            ret = read_cell(reader, &more);
        }
        end_line(reader);
        if (ret == SIM_OK) {
            ret = end_row(reader, line);
        }
        skip_lines(reader);
    }
    return ret;
}

int
sim_table_read(
    struct sim_table *table, const char *path, const struct sim_search *search, struct sim_messages *messages)
{
    size_t length = 0;
    memset(table, 0, sizeof(*table));
    table->path = sim_copy_text(path);
    if (table->path == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = sim_text_file_read(path, search, SIM_TABLE_LIMIT, &table->text, &length, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    size_t start = sim_text_file_start(table->text);
    ret = sim_text_file_check(table->path, table->text, start, length, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    table->copy = sim_copy_text(table->text);
    if (table->copy == NULL) {
        return SIM_ERR_MEMORY;
    }
    struct reader reader = { table, messages, table->copy + start, 1, 1, 0, 0, 0 };
    ret = read_rows(&reader);
    if (ret == SIM_OK && table->n_rows == 0) {
        fault(&reader, (struct sim_where){ table->path, 0, 0 }, "the table is empty; a header is expected");
    }
    return ret == SIM_OK && reader.faults > 0 ? SIM_ERR_INPUT : ret;
}

void
sim_table_free(struct sim_table *table)
{
    sim_free(table->cells);
    sim_free(table->copy);
    sim_free(table->text);
    sim_free(table->path);
    memset(table, 0, sizeof(*table));
}
