/* pattern_runs.c - from variants to experiments of one design point, and from their cells to means. */
#include "analysis/pattern_runs.h"

#include "sim/alloc.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/execute.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BATCH 64           /* runs whose cells are in memory at a time */
#define SETTINGS_LIMIT 32  /* KEY=VALUE of one run */
#define STANDARD_TICKS 120 /* of a variant */

static const char *const city_settings[] = {
    [CITY_SMALL] = "city.streets=1 city.communities=8 city.residents=1000 ",
    [CITY_STREETS] = "city.streets=8 city.communities=8 city.residents=300 ",
    [CITY_LEADERS] = "city.streets=160 city.communities=1 city.residents=50 ",
    [CITY_AS_IT_IS] = "",
};

/* The how-many-th word of a text, with its length; NULL if there are not so many. */
static const char *
find_word(const char *text, size_t which, size_t *length)
{
    for (const char *at = text + strspn(text, " ");; at += *length, at += strspn(at, " ")) {
        *length = strcspn(at, " ");
        if (*length == 0 || which-- == 0) {
            return *length == 0 ? NULL : at;
        }
    }
}

size_t
pattern_points(const struct pattern_variant *variant)
{
    size_t n = 0, length;
    while (variant->values != NULL && find_word(variant->values, n, &length) != NULL) {
        n++;
    }
    return variant->values != NULL ? n : 1;
}

int
pattern_value(const struct pattern_variant *variant, size_t point, char *text)
{
    size_t length;
    const char *word = variant->values != NULL ? find_word(variant->values, point, &length) : NULL;
    if (word == NULL) {
        return 0;
    }
    snprintf(text, PATTERN_VALUE_SIZE, "%.*s", (int) length, word);
    return 1;
}

/* The settings of one run; NULL without memory. */
static char *
settings_of(const struct pattern_variant *variant, size_t point)
{
    char value[PATTERN_VALUE_SIZE] = "%";
    char *text = sim_print_text("%s", city_settings[variant->city]);
    pattern_value(variant, point, value);
    for (const char *at = variant->settings; *at != '\0' && text != NULL;) {
        size_t length = strcspn(at, "%");
        char *longer = sim_print_text("%s%.*s%s", text, (int) length, at, at[length] == '%' ? value : "");
        sim_free(text);
        text = longer;
        at += length + (at[length] == '%');
    }
    return text;
}

void
run_set_init(struct run_set *set, const struct sim_request *request)
{
    *set = (struct run_set){ .request = *request, .n_replicates = (uint32_t) request->n_replicates };
}

static void
free_run(struct run *run)
{
    sim_experiment_free(&run->experiment);
    sim_free(run->settings);
    sim_free(run->fault);
    sim_free(run->windows);
    sim_free(run->months);
    memset(run, 0, sizeof(*run));
}

void
run_set_free(struct run_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        free_run(&set->list[i]);
    }
    sim_free(set->list);
    memset(set, 0, sizeof(*set));
}

/* The first message, and how many more there are. */
static char *
fault_of(const struct sim_messages *messages)
{
    if (messages->count == 0) {
        return sim_copy_text(sim_status_text(SIM_ERR_INPUT));
    }
    return messages->count > 1
        ? sim_print_text("%s (and %zu more)", messages->list[0].text, messages->count - 1)
        : sim_copy_text(messages->list[0].text);
}

/* Makes the experiment of a run from its scenario and settings; what is wrong with them is its fault. */
static int
prepare(const struct run_set *set, struct run *run)
{
    const char *lines[SETTINGS_LIMIT];
    struct sim_messages messages;
    struct sim_request request = set->request;
    char *text = sim_copy_text(run->settings);
    size_t n = 0, length;
    if (text == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (char *at = text; n < SETTINGS_LIMIT && find_word(at, 0, &length) != NULL;) {
        at += strspn(at, " ");
        lines[n++] = at;
        at += length;
        at += *at != '\0' ? (*at = '\0', 1) : 0;
    }
    request.specs = &run->scenario;
    request.n_specs = 1;
    request.settings = lines;
    request.n_settings = n;
    request.n_ticks = run->n_ticks;
    sim_messages_init(&messages);
    int ret = sim_experiment_init(&run->experiment, &request, &messages);
    if (ret == SIM_ERR_INPUT) {
        run->cannot = 1;
        run->fault = fault_of(&messages);
        ret = run->fault != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    sim_messages_free(&messages);
    sim_free(text);
    return ret;
}

/* Whether two runs are one: the digest names scenarios, settings, ticks, seed and replicates. */
static int
same(const struct run *a, const struct run *b)
{
    return a->monthly == b->monthly && !a->cannot && !b->cannot
        && strcmp(a->experiment.digest, b->experiment.digest) == 0;
}

/* Adds a run, or finds the same; takes over its settings. */
static int
add_run(struct run_set *set, struct run *run, size_t *index)
{
    int ret = run->settings != NULL ? prepare(set, run) : SIM_ERR_MEMORY;
    for (*index = 0; ret == SIM_OK && *index < set->n; ++*index) {
        if (same(&set->list[*index], run)) {
            free_run(run);
            return SIM_OK;
        }
    }
    if (ret == SIM_OK && set->n == set->capacity) {
        size_t capacity = 2 * set->capacity + 64;
        struct run *longer = sim_resize(set->list, set->n, capacity, sizeof(*longer));
        ret = longer != NULL ? SIM_OK : SIM_ERR_MEMORY;
        set->list = longer != NULL ? longer : set->list;
        set->capacity = longer != NULL ? capacity : set->capacity;
    }
    if (ret != SIM_OK) {
        free_run(run);
        return ret;
    }
    set->list[set->n++] = *run;
    return SIM_OK;
}

int
run_set_add(struct run_set *set, const struct pattern_variant *variant, size_t point, size_t *index)
{
    struct run run = { .scenario = variant->scenario, .monthly = variant->monthly };
    run.n_ticks = variant->n_ticks > 0 ? variant->n_ticks : STANDARD_TICKS;
    run.settings = settings_of(variant, point);
    return add_run(set, &run, index);
}

int
run_set_add_without(struct run_set *set, size_t like, const char *switch_name, size_t *index)
{
    const struct run *other = &set->list[like];
    struct run run = { .scenario = other->scenario, .monthly = other->monthly, .n_ticks = other->n_ticks };
    char key[SIM_KEY_SIZE];
    snprintf(key, sizeof(key), "switches.%s", switch_name);
    if (other->cannot || sim_fields_find(&other->experiment.model->fields, key) == NULL) {
        *index = like;
        return SIM_OK;
    }
    run.settings = sim_print_text("%s %s=off", other->settings, key);
    return add_run(set, &run, index);
}

static int
is_waiting(const struct run *run)
{
    return !run->cannot && run->windows == NULL;
}

uint64_t
run_set_months(const struct run_set *set)
{
    uint64_t months = 0;
    for (size_t i = 0; i < set->n; i++) {
        months += is_waiting(&set->list[i]) ? (uint64_t) set->list[i].n_ticks * set->n_replicates : 0;
    }
    return months;
}

/* The mean of one number over the months from first on (from 0); months without a value are left out. */
static double
mean_of(const double *rows, uint32_t first, uint32_t n_ticks, uint32_t row, uint32_t column)
{
    double sum = 0;
    uint32_t n = 0;
    for (uint32_t t = first; t < n_ticks; t++) {
        double number = rows[(size_t) t * row + column];
        sum += isnan(number) ? 0 : number;
        n += isnan(number) ? 0 : 1;
    }
    return n > 0 ? sum / n : (double) NAN;
}

/* Takes from the cells of one run what judges may ask for. */
static int
reduce(struct run *run, const struct sim_results *results, uint32_t point, uint32_t n_replicates)
{
    uint32_t row = results->row, n_ticks = run->n_ticks;
    uint32_t first = n_ticks > PATTERN_MONTHS ? n_ticks - PATTERN_MONTHS : 0;
    const struct sim_cell *cells = results->cells + (size_t) point * n_replicates;
    size_t n_months = run->monthly ? (size_t) n_replicates * n_ticks * row : 0;
    run->row = row;
    run->windows = sim_alloc((size_t) row * n_replicates * 2, sizeof(double));
    run->months = n_months > 0 ? sim_alloc(n_months, sizeof(double)) : NULL;
    if (run->windows == NULL || (n_months > 0 && run->months == NULL)) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t r = 0; r < n_replicates; r++) {
        double *last = run->windows + (size_t) r * row;
        double *all = last + (size_t) n_replicates * row;
        int ok = cells[r].status == SIM_RUN_OK;
        for (uint32_t c = 0; c < row; c++) {
            last[c] = ok ? mean_of(cells[r].rows, first, n_ticks, row, c) : (double) NAN;
            all[c] = ok ? mean_of(cells[r].rows, 0, n_ticks, row, c) : (double) NAN;
        }
        for (size_t i = 0; i < (size_t) n_ticks * row && n_months > 0; i++) {
            run->months[(size_t) r * n_ticks * row + i] = ok ? cells[r].rows[i] : (double) NAN;
        }
        if (!ok && run->fault == NULL) {
            run->fault = sim_print_text("replicate %u failed: %s", r, cells[r].error);
        }
    }
    return SIM_OK;
}

/* Progress of a batch as part of the whole. */
struct batch_context {
    const struct run_execution *how;
    struct run_progress before;
    double start;
};

static void
show(void *context, const struct sim_progress *batch)
{
    const struct batch_context *whole = context;
    struct run_progress progress = whole->before;
    progress.months_done += batch->ticks_done;
    progress.seconds = sim_seconds() - whole->start;
    if (whole->how->progress != NULL) {
        whole->how->progress(whole->how->context, &progress);
    }
}

/* Runs some runs of one model and length together, so that their cells share the threads. */
static int
execute_batch(struct run_set *set, const size_t *which, uint32_t n, struct batch_context *context)
{
    struct sim_base bases[BATCH];
    struct sim_experiment batch = set->list[which[0]].experiment;
    struct sim_results results = { 0 };
    struct sim_execution execution = { .threads = context->how->threads,
        .bind = context->how->bind,
        .stop = context->how->stop,
        .progress = show,
        .context = context };
    for (uint32_t i = 0; i < n; i++) {
        bases[i] = set->list[which[i]].experiment.bases[0];
    }
    batch.bases = bases;
    batch.n_bases = batch.n_points = n;
    int ret = sim_results_init(&results, &batch);
    if (ret == SIM_OK) {
        ret = sim_execute(&results, &execution);
    }
    for (uint32_t i = 0; i < n && (ret == SIM_OK || ret == SIM_ERR_CELL); i++) {
        int reduced = reduce(&set->list[which[i]], &results, i, set->n_replicates);
        ret = reduced != SIM_OK ? reduced : ret;
    }
    sim_results_free(&results);
    return ret == SIM_ERR_CELL ? SIM_OK : ret;
}

/* The next runs that can go together. */
static uint32_t
choose_batch(const struct run_set *set, size_t *which)
{
    uint32_t n = 0;
    for (size_t i = 0; i < set->n && n < BATCH; i++) {
        const struct run *run = &set->list[i];
        if (is_waiting(run)
            && (n == 0
                || (run->experiment.model == set->list[which[0]].experiment.model
                    && run->n_ticks == set->list[which[0]].n_ticks))) {
            which[n++] = i;
        }
    }
    return n;
}

int
run_set_execute(struct run_set *set, const struct run_execution *how)
{
    size_t which[BATCH];
    struct batch_context context = { .how = how, .start = sim_seconds() };
    int ret = SIM_OK;
    context.before.months = run_set_months(set);
    for (size_t i = 0; i < set->n; i++) {
        context.before.runs += is_waiting(&set->list[i]) ? 1 : 0;
    }
    for (uint32_t n; ret == SIM_OK && (n = choose_batch(set, which)) > 0;) {
        ret = execute_batch(set, which, n, &context);
        context.before.months_done += (uint64_t) n * set->n_replicates * set->list[which[0]].n_ticks;
    }
    return ret;
}

const char *
run_model_name(const struct run *run)
{
    return run->cannot ? "?" : run->experiment.model->name;
}

int64_t
run_column(const struct run *run, const char *observation, const char *label)
{
    const struct sim_model *model = run->cannot ? NULL : run->experiment.model;
    int64_t column = 0;
    for (uint32_t o = 0; model != NULL && o < model->n_observations; o++) {
        const struct sim_observation *row = &model->observations[o];
        uint32_t n = row->dimension < 0 ? 1 : model->dimensions[row->dimension].count;
        if (strcmp(row->name, observation) != 0) {
            column += n;
            continue;
        }
        if (row->dimension < 0) {
            return label == NULL ? column : -1;
        }
        for (uint32_t l = 0; l < n && label != NULL; l++) {
            if (strcmp(model->dimensions[row->dimension].labels[l], label) == 0) {
                return column + l;
            }
        }
        return -1;
    }
    return -1;
}

const char *
run_label(const struct run *run, const char *observation, uint32_t which)
{
    const struct sim_model *model = run->cannot ? NULL : run->experiment.model;
    for (uint32_t o = 0; model != NULL && o < model->n_observations; o++) {
        const struct sim_observation *row = &model->observations[o];
        if (strcmp(row->name, observation) == 0 && row->dimension >= 0) {
            const struct sim_dimension *dimension = &model->dimensions[row->dimension];
            return which < dimension->count ? dimension->labels[which] : NULL;
        }
    }
    return NULL;
}

const char *
run_switch(const struct run *run, size_t which)
{
    const struct sim_model *model = run->cannot ? NULL : run->experiment.model;
    for (size_t f = 0; model != NULL && f < model->fields.count; f++) {
        if (strcmp(model->fields.list[f].group, "switches") == 0 && which-- == 0) {
            return model->fields.list[f].name;
        }
    }
    return NULL;
}

double
run_number(const struct run *run, size_t column, uint32_t replicate, enum run_window window, uint32_t tick)
{
    uint32_t n_replicates = run->experiment.n_replicates;
    if (window == RUN_MONTH) {
        return run->months == NULL || tick < 1 || tick > run->n_ticks
            ? (double) NAN
            : run->months[((size_t) replicate * run->n_ticks + tick - 1) * run->row + column];
    }
    size_t block = (window == RUN_ALL ? n_replicates : 0) + replicate;
    return run->windows == NULL ? (double) NAN : run->windows[block * run->row + column];
}
