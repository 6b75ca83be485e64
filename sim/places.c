/* places.c - checks a table of places, and finds what it says about each of them. */
#include "sim/places.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/key_set.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FAULTS_TOLD 100 /* of one table */

/* All that is known while a table is checked. */
struct check {
    struct sim_places *places;
    const struct sim_model *model;
    struct sim_messages *messages;
    const char *region_name, *block_name;
    void *scratch; /* a struct of parameters to try values on */
    size_t faults;
};

static int
may_tell(struct check *check)
{
    return ++check->faults <= FAULTS_TOLD;
}

/* Adds a message, unless there were very many. */
#define TELL(check, where, ...)                                                   \
    do {                                                                          \
        if (may_tell(check)) {                                                    \
            sim_messages_add((check)->messages, SIM_ERROR, (where), __VA_ARGS__); \
        }                                                                         \
    } while (0)

const struct sim_field *
sim_places_field(const struct sim_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (fields->list[i].type == SIM_PLACES) {
            return &fields->list[i];
        }
    }
    return NULL;
}

static void
report_column(struct check *check, const struct sim_table_cell *cell)
{
    char nearest[SIM_KEY_SIZE], words[64], quote[SIM_QUOTE_SIZE];
    snprintf(words, sizeof(words), "%s|%s", check->region_name, check->block_name);
    sim_quote(cell->text, quote);
    if (cell->text[0] == '\0') {
        TELL(check, cell->at, "a column without a name");
    } else if (check->places->table.n_columns == 1 && strpbrk(cell->text, ";\t") != NULL) {
        TELL(check, cell->at, "cells must be separated by commas");
    } else if (sim_suggest_word(words, cell->text, nearest, sizeof(nearest))
        || sim_fields_suggest(&check->model->fields, cell->text, nearest)) {
        TELL(check, cell->at, "unknown column \"%s\"; did you mean \"%s\"?", quote, nearest);
    } else {
        TELL(check, cell->at, "unknown column \"%s\"; it must be %s, %s or the key of a parameter", quote,
            check->region_name, check->block_name);
    }
}

/* What one column is about. */
static void
read_column(struct check *check, size_t column, size_t *names)
{
    const struct sim_table_cell *cell = sim_table_at(&check->places->table, 0, column);
    const struct sim_field *field = sim_fields_find(&check->model->fields, cell->text);
    const int is_region = strcmp(cell->text, check->region_name) == 0;
    if (is_region || strcmp(cell->text, check->block_name) == 0) {
        names[is_region ? 0 : 1] = column;
    } else if (field == NULL) {
        report_column(check, cell);
    } else if (field->level == SIM_WORLD) {
        TELL(check, cell->at, "%s is the same at all places; it belongs in the scenario, not in a table",
            cell->text);
    } else {
        check->places->columns[column] = field;
    }
}

/* The header. */
static int
read_columns(struct check *check)
{
    struct sim_places *places = check->places;
    struct sim_key_set seen = { 0 };
    size_t names[2] = { SIZE_MAX, SIZE_MAX };
    int ret = SIM_OK;
    places->columns = sim_alloc(places->table.n_columns, sizeof(struct sim_field *));
    if (places->columns == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (size_t c = 0; c < places->table.n_columns && ret == SIM_OK; c++) {
        const struct sim_table_cell *cell = sim_table_at(&places->table, 0, c);
        int earlier = 0;
        ret = sim_key_set_add(&seen, cell->text, (int) c + 1, &earlier);
        if (earlier > 0 && cell->text[0] != '\0') {
            char quote[SIM_QUOTE_SIZE];
            TELL(check, cell->at, "column \"%s\" is there twice", sim_quote(cell->text, quote));
        } else {
            read_column(check, c, names);
        }
    }
    sim_key_set_free(&seen);
    int missing = 0;
    for (int i = 0; i < 2 && ret == SIM_OK; i++) {
        if (names[i] == SIZE_MAX) {
            TELL(check, sim_table_at(&places->table, 0, 0)->at, "a column \"%s\" is missing",
                i == 0 ? check->region_name : check->block_name);
            missing = 1;
        }
    }
    places->region_column = names[0];
    places->block_column = names[1];
    return ret == SIM_OK && missing ? SIM_ERR_INPUT : ret;
}

static void
check_name(struct check *check, const struct sim_table_cell *cell, const char *what)
{
    if (cell->text[0] == '\0') {
        TELL(check, cell->at, "the %s has no name", what);
    } else if (strpbrk(cell->text, "\n\r\t") != NULL) {
        TELL(check, cell->at, "the name of a %s must be one line without tabs", what);
    }
}

/* Gives each row its region and tells blocks that are there twice. */
static int
read_names(struct check *check)
{
    struct sim_places *places = check->places;
    const struct sim_table *table = &places->table;
    struct sim_key_set regions = { 0 }, blocks = { 0 };
    int ret = SIM_OK;
    places->regions = sim_alloc(table->n_rows, sizeof(*places->regions));
    ret = places->regions != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t r = 1; r < table->n_rows && ret == SIM_OK; r++) {
        const struct sim_table_cell *region = sim_table_at(table, r, places->region_column);
        const struct sim_table_cell *block = sim_table_at(table, r, places->block_column);
        int known = 0, earlier = 0;
        check_name(check, region, check->region_name);
        check_name(check, block, check->block_name);
        ret = sim_key_set_add(&regions, region->text, (int) places->n_regions + 1, &known);
        places->regions[r] = known > 0 ? (uint32_t) known - 1 : places->n_regions++;
        char *both = sim_print_text("%" PRIu32 " %s", places->regions[r], block->text);
        if (ret == SIM_OK) {
            ret = both != NULL ? sim_key_set_add(&blocks, both, block->at.line, &earlier) : SIM_ERR_MEMORY;
        }
        sim_free(both);
        if (earlier > 0 && block->text[0] != '\0') {
            char quote[SIM_QUOTE_SIZE];
            TELL(check, block->at, "%s \"%s\" is in line %d already", check->block_name,
                sim_quote(block->text, quote), earlier);
        }
    }
    sim_key_set_free(&regions);
    sim_key_set_free(&blocks);
    return ret;
}

/* Puts the rows in order of their regions. */
static int
order_rows(struct check *check)
{
    struct sim_places *places = check->places;
    size_t n = places->table.n_rows - 1;
    places->n_blocks = (uint32_t) n;
    places->first_block = sim_alloc((size_t) places->n_regions + 1, sizeof(*places->first_block));
    places->rows = sim_alloc(n, sizeof(*places->rows));
    uint32_t *next = sim_alloc((size_t) places->n_regions + 1, sizeof(*next));
    if (places->first_block == NULL || places->rows == NULL || next == NULL) {
        sim_free(next);
        return SIM_ERR_MEMORY;
    }
    for (size_t r = 1; r <= n; r++) {
        places->first_block[places->regions[r] + 1]++;
    }
    for (uint32_t region = 0; region < places->n_regions; region++) {
        places->first_block[region + 1] += places->first_block[region];
        next[region] = places->first_block[region];
    }
    for (size_t r = 1; r <= n; r++) {
        places->rows[next[places->regions[r]]++] = r;
    }
    sim_free(next);
    return SIM_OK;
}

/* There are as many regions and blocks as the parameters allow. */
static void
check_counts(struct check *check, struct sim_where whole)
{
    const struct sim_places *places = check->places;
    const struct sim_field *blocks = sim_places_field(&check->model->fields);
    const struct sim_field *regions = sim_fields_find(&check->model->fields, check->model->regions);
    if (places->n_regions > regions->highest) {
        TELL(check, whole, "%" PRIu32 " %ss; at most %g are possible", places->n_regions, check->region_name,
            regions->highest);
    }
    for (uint32_t r = 0; r < places->n_regions; r++) {
        uint32_t n = places->first_block[r + 1] - places->first_block[r];
        if (n > blocks->highest) {
            size_t row = places->rows[places->first_block[r]];
            TELL(check, sim_table_at(&places->table, row, places->region_column)->at,
                "%" PRIu32 " rows of this %s; at most %g are possible", n, check->region_name,
                blocks->highest);
        }
    }
}

/* Two rows of a region may not differ in what is the region's. */
static void
check_agreement(struct check *check, const struct sim_field *field, size_t column)
{
    const struct sim_places *places = check->places;
    for (uint32_t r = 0; r < places->n_regions; r++) {
        char first[SIM_VALUE_SIZE] = "", value[SIM_VALUE_SIZE], why[512];
        int line = 0;
        for (uint32_t b = places->first_block[r]; b < places->first_block[r + 1]; b++) {
            const struct sim_table_cell *cell = sim_table_at(&places->table, places->rows[b], column);
            if (cell->text[0] == '\0'
                || sim_field_parse(field, cell->text, check->scratch, why, sizeof(why)) != SIM_OK) {
                continue;
            }
            sim_field_print(field, check->scratch, value);
            if (line > 0 && strcmp(first, value) != 0) {
                TELL(check, cell->at, "%s.%s is the same in all of a %s; here it is %s, in line %d %s",
                    field->group, field->name, check->region_name, value, line, first);
            } else if (line == 0) {
                memcpy(first, value, sizeof(first));
                line = cell->at.line;
            }
        }
    }
}

static void
check_cells(struct check *check)
{
    const struct sim_places *places = check->places;
    for (size_t c = 0; c < places->table.n_columns; c++) {
        const struct sim_field *field = places->columns[c];
        for (size_t r = 1; field != NULL && r < places->table.n_rows; r++) {
            const struct sim_table_cell *cell = sim_table_at(&places->table, r, c);
            char why[512];
            if (cell->text[0] != '\0'
                && sim_field_parse(field, cell->text, check->scratch, why, sizeof(why)) != SIM_OK) {
                TELL(check, cell->at, "%s.%s: %s", field->group, field->name, why);
            }
        }
        if (field != NULL && field->level == SIM_REGION) {
            check_agreement(check, field, c);
        }
    }
}

static int
check_table(struct check *check)
{
    struct sim_places *places = check->places;
    struct sim_where whole = { places->table.path, 0, 0 };
    int ret = read_columns(check);
    if (places->table.n_rows < 2) {
        TELL(check, whole, "the table has no rows");
        return SIM_ERR_INPUT;
    }
    if (ret == SIM_OK && places->table.n_rows > INT_MAX / 2) {
        ret = SIM_ERR_INPUT;
    }
    if (ret == SIM_OK) {
        ret = read_names(check);
    }
    if (ret == SIM_OK) {
        ret = order_rows(check);
    }
    if (ret == SIM_OK) {
        check_counts(check, whole);
        check_cells(check);
    }
    if (check->faults > FAULTS_TOLD) {
        sim_messages_add(check->messages, SIM_ERROR, whole, "%zu faults; the first %d of them are told",
            check->faults, FAULTS_TOLD);
    }
    return ret == SIM_OK && check->faults > 0 ? SIM_ERR_INPUT : ret;
}

int
sim_places_init(struct sim_places *places, const char *path, const struct sim_search *search,
    const struct sim_model *model, struct sim_where at, struct sim_messages *messages)
{
    memset(places, 0, sizeof(*places));
    if (!sim_search_is_in_memory(search) && access(path, F_OK) != 0) {
        sim_messages_add(messages, SIM_ERROR, at, "the table %s cannot be read: %s", path, strerror(errno));
        return SIM_ERR_INPUT;
    }
    int ret = sim_table_read(&places->table, path, search, messages);
    if (ret == SIM_ERR_MEMORY || places->table.n_rows == 0) {
        return ret;
    }
    struct check check = { places, model, messages, model->level_names[SIM_REGION],
        model->level_names[SIM_BLOCK], sim_alloc(1, model->fields.size), 0 };
    int checked = check.scratch != NULL ? check_table(&check) : SIM_ERR_MEMORY;
    sim_free(check.scratch);
    return checked != SIM_OK ? checked : ret;
}

void
sim_places_free(struct sim_places *places)
{
    sim_table_free(&places->table);
    sim_free(places->columns);
    sim_free(places->first_block);
    sim_free(places->rows);
    sim_free(places->regions);
    memset(places, 0, sizeof(*places));
}

char **
sim_places_names(const struct sim_places *places)
{
    size_t n = (size_t) places->n_regions + places->n_blocks;
    char **names = sim_alloc(n, sizeof(*names));
    int complete = names != NULL;
    for (size_t i = 0; complete && i < n; i++) {
        int is_region = i < places->n_regions;
        uint32_t block = is_region ? places->first_block[i] : (uint32_t) (i - places->n_regions);
        size_t column = is_region ? places->region_column : places->block_column;
        names[i] = sim_copy_text(sim_table_at(&places->table, places->rows[block], column)->text);
        complete = names[i] != NULL;
    }
    for (size_t i = 0; !complete && names != NULL && i < n; i++) {
        sim_free(names[i]);
    }
    if (!complete) {
        sim_free(names);
    }
    return complete ? names : NULL;
}

/* The cell that gives a place a value of one column; NULL if none does. */
static const struct sim_table_cell *
cell_for(const struct sim_places *places, uint32_t place, size_t column)
{
    const struct sim_field *field = places->columns[column];
    int is_region = place <= places->n_regions;
    if (field == NULL || (field->level == SIM_REGION) != is_region) {
        return NULL;
    }
    uint32_t first = is_region ? places->first_block[place - 1] : place - 1 - places->n_regions;
    uint32_t end = is_region ? places->first_block[place] : first + 1;
    for (uint32_t b = first; b < end; b++) {
        const struct sim_table_cell *cell = sim_table_at(&places->table, places->rows[b], column);
        if (cell->text[0] != '\0') {
            return cell;
        }
    }
    return NULL;
}

size_t
sim_places_apply(const struct sim_places *places, uint32_t place, void *params)
{
    size_t n = 0;
    char why[512];
    for (size_t c = 0; c < places->table.n_columns; c++) {
        const struct sim_table_cell *cell = cell_for(places, place, c);
        if (cell != NULL) { /* it was read before, so it can be read */
            sim_field_parse(places->columns[c], cell->text, params, why, sizeof(why));
            n++;
        }
    }
    return n;
}

int
sim_places_set(const struct sim_places *places, uint32_t place, const struct sim_field *field)
{
    for (size_t c = 0; c < places->table.n_columns; c++) {
        if (places->columns[c] == field && cell_for(places, place, c) != NULL) {
            return 1;
        }
    }
    return 0;
}

struct sim_where
sim_places_where(const struct sim_places *places, uint32_t place, const char *key)
{
    for (size_t c = 0; c < places->table.n_columns; c++) {
        const struct sim_table_cell *cell = cell_for(places, place, c);
        char name[SIM_KEY_SIZE];
        if (cell != NULL) {
            sim_field_key(places->columns[c], name);
            if (strcmp(name, key) == 0) {
                return cell->at;
            }
        }
    }
    int is_region = place <= places->n_regions;
    uint32_t block = is_region ? places->first_block[place - 1] : place - 1 - places->n_regions;
    size_t column = is_region ? places->region_column : places->block_column;
    return sim_table_at(&places->table, places->rows[block], column)->at;
}
