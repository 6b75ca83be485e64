/* pattern_judge.c - what a judge is given: observed numbers, room, arithmetic over replicates. */
#include "analysis/pattern_runs.h"
#include "analysis/patterns.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
judge_init(struct judge *judge, const struct pattern *pattern, uint32_t n_replicates)
{
    *judge = (struct judge){ .pattern = pattern, .n_replicates = n_replicates };
    judge->nothing = sim_alloc(n_replicates, sizeof(double));
    for (uint32_t r = 0; judge->nothing != NULL && r < n_replicates; r++) {
        judge->nothing[r] = NAN;
    }
    judge->status = judge->nothing != NULL ? SIM_OK : SIM_ERR_MEMORY;
    return judge->status;
}

void
judge_free(struct judge *judge)
{
    for (size_t i = 0; i < judge->n_memory; i++) {
        sim_free(judge->memory[i]);
    }
    sim_free(judge->memory);
    sim_free(judge->checks);
    sim_free(judge->notes);
    sim_free(judge->sights);
    sim_free(judge->nothing);
    memset(judge, 0, sizeof(*judge));
}

/* Keeps memory until the judge is freed; frees it at once and gives NULL if it cannot be kept. */
static void *
keep(struct judge *judge, void *memory)
{
    void **longer = memory == NULL
        ? NULL
        : sim_resize(judge->memory, judge->n_memory, judge->n_memory + 1, sizeof(*longer));
    if (longer == NULL) {
        sim_free(memory);
        judge->status = SIM_ERR_MEMORY;
        return NULL;
    }
    judge->memory = longer;
    judge->memory[judge->n_memory++] = memory;
    return memory;
}

/* Without memory, the array of nothing: what is written to it stays NaN's place, for the judge has failed. */
double *
judge_numbers(struct judge *judge)
{
    double *numbers = keep(judge, sim_alloc(judge->n_replicates, sizeof(double)));
    return numbers != NULL ? numbers : judge->nothing;
}

static const char *
keep_text(struct judge *judge, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : keep(judge, sim_alloc((size_t) length + 1, 1));
    if (text != NULL) {
        vsnprintf(text, (size_t) length + 1, format, list);
    }
    return text != NULL ? text : "";
}

const char *
judge_text(struct judge *judge, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *text = keep_text(judge, format, list);
    va_end(list);
    return text;
}

void
judge_note(struct judge *judge, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *text = keep_text(judge, format, list);
    va_end(list);
    char **longer = sim_resize(judge->notes, judge->n_notes, judge->n_notes + 1, sizeof(*longer));
    if (longer == NULL) {
        judge->status = SIM_ERR_MEMORY;
        return;
    }
    judge->notes = longer;
    judge->notes[judge->n_notes++] = (char *) text;
}

/* Which variant has this label, and the number of runs before its own. A judge that names no variant of its
 * plan is a fault of the program. */
static const struct pattern_variant *
find_variant(const struct judge *judge, const char *label, size_t *first)
{
    const struct pattern_plan *plan = judge->pattern->plan;
    *first = 0;
    for (size_t i = 0; i < plan->n_variants; i++) {
        if (strcmp(plan->variants[i].label, label) == 0) {
            return &plan->variants[i];
        }
        *first += pattern_points(&plan->variants[i]);
    }
    return NULL;
}

static const double *
miss(struct judge *judge, const char *what)
{
    judge->missing = judge->missing != NULL ? judge->missing : (char *) what;
    return judge->nothing;
}

static void
keep_sight(struct judge *judge, const struct pattern_variant *variant, size_t point, const char *observation,
    const char *label, const double *numbers)
{
    struct sight *longer = sim_resize(judge->sights, judge->n_sights, judge->n_sights + 1, sizeof(*longer));
    if (longer == NULL) {
        judge->status = SIM_ERR_MEMORY;
        return;
    }
    judge->sights = longer;
    char value[PATTERN_VALUE_SIZE];
    const char *text = pattern_value(variant, point, value) ? judge_text(judge, "%s", value) : NULL;
    judge->sights[judge->n_sights++] = (struct sight){ variant->label, text, observation, label, numbers };
}

/* What run_numbers finds; tick 0: the window. */
static const double *
look(struct judge *judge, const char *variant_label, size_t point, const char *observation, const char *label,
    enum run_window window, uint32_t tick)
{
    size_t first;
    const struct pattern_variant *variant = find_variant(judge, variant_label, &first);
    if (variant == NULL || point >= pattern_points(variant) || judge->runs == NULL) {
        return miss(judge, judge_text(judge, "a variant \"%s\" with a value %zu", variant_label, point));
    }
    const struct run *run = &judge->runs->list[judge->run_of[first + point]];
    int64_t column = run_column(run, observation, label);
    if (column < 0) {
        return miss(judge,
            judge_text(judge, "observation %s%s%s of model %s", observation, label != NULL ? " of " : "",
                label != NULL ? label : "", run_model_name(run)));
    }
    if (judge->rehearsal) {
        return judge->nothing;
    }
    double *numbers = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        numbers[r] = run_number(run, (size_t) column, r, window, tick);
    }
    keep_sight(judge, variant, point,
        window == RUN_MONTH ? judge_text(judge, "%s, month %u", observation, tick) : observation, label,
        numbers);
    return numbers;
}

const double *
judge_last(struct judge *judge, const char *variant, size_t point, const char *observation, const char *label)
{
    return look(judge, variant, point, observation, label, RUN_LAST, 0);
}

const double *
judge_all(struct judge *judge, const char *variant, size_t point, const char *observation, const char *label)
{
    return look(judge, variant, point, observation, label, RUN_ALL, 0);
}

const double *
judge_month(struct judge *judge, const char *variant, size_t point, const char *observation,
    const char *label, uint32_t tick)
{
    return look(judge, variant, point, observation, label, RUN_MONTH, tick);
}

const double *
judge_all_labels(struct judge *judge, const char *variant, size_t point, const char *observation)
{
    size_t first;
    const double *sum = NULL;
    const char *label = "";
    if (find_variant(judge, variant, &first) == NULL || judge->runs == NULL) {
        return miss(judge, judge_text(judge, "a variant \"%s\"", variant));
    }
    const struct run *run = &judge->runs->list[judge->run_of[first + point]];
    for (uint32_t i = 0; (label = run_label(run, observation, i)) != NULL; i++) {
        const double *here = judge_all(judge, variant, point, observation, label);
        sum = sum == NULL ? here : judge_plus(judge, sum, here);
    }
    return sum != NULL ? sum : miss(judge, judge_text(judge, "labels of observation %s", observation));
}

size_t
judge_points(const struct judge *judge, const char *variant)
{
    size_t first;
    const struct pattern_variant *found = find_variant(judge, variant, &first);
    return found != NULL ? pattern_points(found) : 0;
}

double
judge_value(const struct judge *judge, const char *variant, size_t point)
{
    size_t first;
    char text[PATTERN_VALUE_SIZE];
    const struct pattern_variant *found = find_variant(judge, variant, &first);
    return found != NULL && pattern_value(found, point, text) ? strtod(text, NULL) : (double) NAN;
}

size_t
judge_sweep(struct judge *judge, const char *variant, const char *observation, const char *label,
    const double **numbers)
{
    size_t n = judge_points(judge, variant);
    for (size_t k = 0; k < n; k++) {
        numbers[k] = judge_last(judge, variant, k, observation, label);
    }
    return n;
}

double *
judge_plus(struct judge *judge, const double *a, const double *b)
{
    double *sum = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        sum[r] = a[r] + b[r];
    }
    return sum;
}

double *
judge_minus(struct judge *judge, const double *a, const double *b)
{
    double *difference = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        difference[r] = a[r] - b[r];
    }
    return difference;
}

double *
judge_times(struct judge *judge, const double *a, double factor)
{
    double *product = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        product[r] = a[r] * factor;
    }
    return product;
}

double *
judge_over(struct judge *judge, const double *a, const double *b)
{
    double *ratio = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        ratio[r] = b[r] != 0 ? a[r] / b[r] : (double) NAN;
    }
    return ratio;
}
