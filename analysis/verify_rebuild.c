/* verify_rebuild.c - an experiment from what a results file says of its own: for each design point a scenario in
 * memory that extends the resolved one and sets what the design varied.
 */
#include "analysis/verify.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The files in memory. */
struct draft {
    const struct reader *reader;
    const struct sim_model *model;
    struct sim_messages *messages;
    struct sim_file *files;
    uint32_t n_files;
    const char **specs; /* paths of files */
    uint32_t n_specs;
    char **names; /* of all variables of the file */
    uint32_t n_names;
};

static int
damaged(const struct draft *draft, const char *part)
{
    sim_messages_add(draft->messages, SIM_ERROR, (struct sim_where){ draft->reader->path, 0, 0 },
        "damaged or incomplete, at %s", part);
    return SIM_ERR_FILE;
}

/* Takes both texts over; either may be NULL for want of memory. */
static int
add_file(struct draft *draft, char *path, char *text)
{
    struct sim_file *longer = path != NULL && text != NULL
        ? sim_resize(draft->files, draft->n_files, draft->n_files + 1u, sizeof(*longer))
        : NULL;
    if (longer == NULL) {
        sim_free(path);
        sim_free(text);
        return SIM_ERR_MEMORY;
    }
    draft->files = longer;
    draft->files[draft->n_files++] = (struct sim_file){ path, text };
    return SIM_OK;
}

/* The tables of places, under the names that resolved scenarios call them by. */
static int
add_tables(struct draft *draft)
{
    int ret = SIM_OK;
    uint32_t n = reader_length(draft->reader, "config/file");
    for (uint64_t i = 0; ret == SIM_OK && i < n; i++) {
        char *stem = NULL, *text = NULL;
        ret = reader_text(draft->reader, "config/file_stem", &i, 1, &stem);
        if (ret == SIM_OK && sim_field_names_table(stem)) {
            ret = reader_text(draft->reader, "config/file_text", &i, 1, &text);
            ret = ret == SIM_OK ? add_file(draft, stem, text) : ret;
        } else {
            sim_free(stem);
        }
    }
    return ret == SIM_ERR_FILE ? damaged(draft, "config/file_text") : ret;
}

/* Whether a variable of the file is a parameter that the design varied. */
static int
is_varied(const struct draft *draft, const char *name)
{
    return sim_fields_find(&draft->model->fields, name) != NULL
        && reader_length(draft->reader, name) == draft->reader->n_designs;
}

/* The value of one parameter at one design point as a scenario writes it; "" if the design leaves it alone there. */
static int
read_value(const struct draft *draft, const char *name, uint32_t design, char **value)
{
    const uint64_t index = design;
    const struct sim_field *field = sim_fields_find(&draft->model->fields, name);
    double number;
    if (!reader_is_number(draft->reader, name)) {
        return reader_text(draft->reader, name, &index, 1, value);
    }
    int ret = reader_number(draft->reader, name, design, &number);
    if (ret != SIM_OK) {
        return ret;
    }
    int whole = fabs(number) < 0x1p63 && number == (double) (int64_t) number;
    *value = isnan(number)          ? sim_copy_text("")
        : field->type == SIM_SWITCH ? sim_copy_text(number != 0 ? "on" : "off")
        : whole                     ? sim_print_text("%" PRId64, (int64_t) number)
                                    : sim_print_text("%.17g", number);
    return *value != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* Whether a resolved scenario has a table of places for this parameter: their number is the table's. */
static int
is_of_table(const struct draft *draft, const char *name, const char *resolved)
{
    if (sim_fields_find(&draft->model->fields, name)->type != SIM_PLACES) {
        return 0;
    }
    size_t length = strlen(name);
    for (const char *at = strstr(resolved, name); at != NULL; at = strstr(at + 1, name)) {
        if ((at == resolved || at[-1] == '\n') && strncmp(at + length, ": \"", 3) == 0) {
            return 1;
        }
    }
    return 0;
}

/* "extends: ..." and what the design varied. */
static int
print_point(struct draft *draft, uint32_t design, const struct sim_file *base, char **text)
{
    int ret = SIM_OK;
    *text = sim_print_text("extends: %s\n", base->path);
    for (uint32_t i = 0; ret == SIM_OK && *text != NULL && i < draft->n_names; i++) {
        char *value = NULL;
        if (!is_varied(draft, draft->names[i]) || is_of_table(draft, draft->names[i], base->text)) {
            continue;
        }
        ret = read_value(draft, draft->names[i], design, &value);
        if (ret == SIM_OK && value[0] != '\0') {
            char *longer = sim_print_text("%s%s: %s\n", *text, draft->names[i], value);
            sim_free(*text);
            *text = longer;
        }
        sim_free(value);
    }
    return ret != SIM_OK ? ret : *text != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* The how-many-th resolved scenario a design point starts from: the one with its name. */
static int
find_base(const struct draft *draft, uint32_t design, uint64_t *base)
{
    const char *stem = draft->reader->scenarios[design];
    uint32_t n = reader_length(draft->reader, "config/resolved");
    int ret = SIM_OK, found = 0;
    for (*base = 0; ret == SIM_OK && *base < n; ++*base) {
        char *name = NULL;
        ret = reader_text(draft->reader, "config/scenario", base, 1, &name);
        found = ret == SIM_OK && strcmp(name, stem) == 0;
        sim_free(name);
        if (found) {
            break;
        }
    }
    return ret == SIM_OK && !found ? (int) SIM_ERR_FILE : ret;
}

/* The resolved scenario as a file, unless it is there. */
static int
add_base(struct draft *draft, uint32_t design, const struct sim_file **file)
{
    uint64_t base;
    char *resolved = NULL;
    int ret = find_base(draft, design, &base);
    char *path = sim_print_text("base-%" PRIu64 ".yaml", base);
    const struct sim_search known = { .files = draft->files, .n_files = draft->n_files };
    if (ret == SIM_OK && path == NULL) {
        ret = SIM_ERR_MEMORY;
    }
    *file = ret == SIM_OK ? sim_search_file(&known, path) : NULL;
    if (ret == SIM_OK && *file == NULL) {
        ret = reader_text(draft->reader, "config/resolved", &base, 1, &resolved);
        if (ret == SIM_OK) {
            ret = add_file(draft, path, resolved);
            path = NULL;
            *file = &draft->files[draft->n_files - 1];
        }
    }
    sim_free(path);
    return ret;
}

static int
add_point(struct draft *draft, uint32_t design)
{
    const struct sim_file *base = NULL;
    char *text = NULL;
    int ret = add_base(draft, design, &base);
    if (ret == SIM_OK) {
        ret = print_point(draft, design, base, &text);
    }
    if (ret == SIM_OK) {
        ret = add_file(draft, sim_print_text("point-%" PRIu32 ".yaml", design), text);
        text = NULL;
    }
    if (ret == SIM_OK) {
        draft->specs[draft->n_specs++] = draft->files[draft->n_files - 1].path;
    }
    sim_free(text);
    return ret == SIM_ERR_FILE ? damaged(draft, "config/resolved") : ret;
}

static int
add_points(struct draft *draft, const struct verify_cell *cells, uint32_t n)
{
    int ret = SIM_OK;
    for (uint32_t i = 0; ret == SIM_OK && i < n; i++) {
        if (i == 0 || cells[i].design != cells[i - 1].design) {
            ret = add_point(draft, cells[i].design);
        }
    }
    return ret;
}

static int
make_experiment(struct draft *draft, const struct verify_how *how, struct sim_experiment *experiment)
{
    static const char *const no_folders[] = { NULL };
    const struct reader *reader = draft->reader;
    const struct sim_request request = { .specs = draft->specs,
        .n_specs = draft->n_specs,
        .n_replicates = reader->n_replicates,
        .seed = reader->seed,
        .n_ticks = reader->n_ticks,
        .burn_in = reader->burn_in,
        .n_histories = -1,
        .standard_replicates = 1,
        .search = { .folders = no_folders, .files = draft->files, .n_files = draft->n_files },
        .find_model = how->find_model,
        .model_names = reader->model };
    return sim_experiment_init(experiment, &request, draft->messages);
}

int
verify_rebuild(const struct reader *reader, const struct verify_cell *cells, uint32_t n,
    const struct verify_how *how, struct sim_experiment *experiment, struct sim_messages *messages)
{
    struct draft draft = { .reader = reader, .model = how->find_model(reader->model), .messages = messages };
    int ret = SIM_OK;
    draft.specs = sim_alloc(n, sizeof(*draft.specs));
    if (draft.specs == NULL) {
        ret = SIM_ERR_MEMORY;
        goto out;
    }
    ret = reader_variables(reader, &draft.names, &draft.n_names);
    if (ret != SIM_OK) {
        ret = ret == SIM_ERR_FILE ? damaged(&draft, "the list of variables") : ret;
        goto out;
    }
    ret = add_tables(&draft);
    if (ret == SIM_OK) {
        ret = add_points(&draft, cells, n);
    }
    if (ret == SIM_OK) {
        ret = make_experiment(&draft, how, experiment);
    }
out:
    for (uint32_t i = 0; i < draft.n_files; i++) {
        sim_free((void *) draft.files[i].path);
        sim_free((void *) draft.files[i].text);
    }
    sim_free(draft.files);
    sim_free(draft.specs);
    reader_free_texts(draft.names, draft.n_names);
    return ret;
}
