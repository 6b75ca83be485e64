/* cli_table.c - three formats print any table. */
#include "sim/cli_table.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/utf8.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define COLUMN_GAP 2

void
cli_table_add(struct cli_table *table, const char *const *row)
{
    size_t n = (size_t) table->n_columns;
    char **cells = sim_resize(table->cells, table->n_rows * n, (table->n_rows + 1) * n, sizeof(*cells));
    if (cells == NULL) {
        table->failed = 1;
        return;
    }
    table->cells = cells;
    for (size_t c = 0; c < n; c++) {
        cells[table->n_rows * n + c] = sim_copy_text(row[c]);
        table->failed |= cells[table->n_rows * n + c] == NULL;
    }
    table->n_rows++;
}

static void
table_free(struct cli_table *table)
{
    for (size_t i = 0; i < table->n_rows * (size_t) table->n_columns; i++) {
        sim_free(table->cells[i]);
    }
    sim_free(table->cells);
}

const char *
cli_table_cell(const struct cli_table *table, size_t row, int column)
{
    return table->cells[row * (size_t) table->n_columns + (size_t) column];
}

static void
print_json(const struct cli_table *table)
{
    json_t *list = json_array();
    for (size_t r = 0; r < table->n_rows; r++) {
        json_t *object = json_object();
        for (int c = 0; c < table->n_columns; c++) {
            json_object_set_new(object, table->heads[c], json_string(cli_table_cell(table, r, c)));
        }
        json_array_append_new(list, object);
    }
    json_dumpf(list, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(list);
}

static void
print_markdown_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|' || *text == '*' || *text == '_' || *text == '<') {
            putchar('\\');
        }
        putchar(*text);
    }
}

static void
print_markdown(const struct cli_table *table)
{
    for (int c = 0; c < table->n_columns; c++) {
        printf("| %s ", table->heads[c]);
    }
    printf("|\n");
    for (int c = 0; c < table->n_columns; c++) {
        printf("|---");
    }
    printf("|\n");
    for (size_t r = 0; r < table->n_rows; r++) {
        for (int c = 0; c < table->n_columns; c++) {
            printf("| ");
            print_markdown_text(cli_table_cell(table, r, c));
            printf(" ");
        }
        printf("|\n");
    }
}

/* One entry a row: the first column on a line of its own with the second, the others below it. */
static void
print_text(const struct cli_table *table)
{
    for (size_t r = 0; r < table->n_rows; r++) {
        printf("%s\n", cli_table_cell(table, r, 0));
        for (int c = 1; c < table->n_columns; c++) {
            if (*cli_table_cell(table, r, c) != '\0') {
                printf("    %-12s %s\n", table->heads[c], cli_table_cell(table, r, c));
            }
        }
    }
}

static int
column_width(const struct cli_table *table, int column)
{
    int widest = sim_utf8_width(table->heads[column]);
    for (size_t r = 0; r < table->n_rows; r++) {
        int width = sim_utf8_width(cli_table_cell(table, r, column));
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* One row a line; row n_rows stands for the heads. A terminal shows what its width has room for. */
static void
print_line(const struct cli_table *table, size_t row, const int *widths, int room)
{
    int blanks = 0;
    for (int c = 0; c < table->n_columns && room > blanks; c++) {
        const char *text = row == table->n_rows ? table->heads[c] : cli_table_cell(table, row, c);
        int used;
        if (*text != '\0') {
            room -= blanks;
            size_t length = sim_utf8_fit(text, room, &used);
            printf("%*s%.*s", blanks, "", (int) length, text);
            room -= used;
            blanks = widths[c] + COLUMN_GAP - used;
        } else {
            blanks += widths[c] + COLUMN_GAP;
        }
    }
    printf("\n");
}

static void
print_columns(const struct cli_table *table)
{
    int widths[CLI_TABLE_COLUMNS];
    int room = isatty(STDOUT_FILENO) ? cli_width() : INT_MAX;
    for (int c = 0; c < table->n_columns; c++) {
        widths[c] = column_width(table, c);
    }
    print_line(table, table->n_rows, widths, room);
    for (size_t r = 0; r < table->n_rows; r++) {
        print_line(table, r, widths, room);
    }
}

int
cli_table_print(struct cli_table *table, const struct cli_options *options)
{
    const char *format = options->format != NULL ? options->format : "text";
    int ret = CLI_DONE;
    if (table->failed) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        ret = CLI_FAILED;
    } else if (strcmp(format, "json") == 0) {
        print_json(table);
    } else if (strcmp(format, "markdown") == 0) {
        print_markdown(table);
    } else if (table->is_aligned) {
        print_columns(table);
    } else {
        print_text(table);
    }
    table_free(table);
    return ret;
}
