/* outcome.c - one number for each cell of a results file. */
#include "analysis/outcome.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"
#include "sim/suggest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PIECE 262144 /* numbers that are read at a time, or one cell's months if these are more */

static const char end_suffix[] = "@end";

const char *
outcome_label(const struct outcome *outcome)
{
    const struct reader_observation *observation = outcome->observation;
    return observation->labels != NULL ? observation->labels[outcome->label] : NULL;
}

const char *
outcome_period_name(enum outcome_period period)
{
    return period == OUTCOME_END ? "end" : "average";
}

void
outcome_months(const struct reader *reader, uint32_t *first_tick, uint32_t *months)
{
    uint32_t last = reader->before + reader->n_ticks;
    uint32_t left_out = reader->burn_in > reader->before ? reader->burn_in : reader->before;
    uint32_t after = last > left_out ? last - left_out : 0;
    *months = after < OUTCOME_MONTHS ? after : OUTCOME_MONTHS;
    *first_tick = last - *months + 1;
}

static void
choose_months(struct outcome *outcome, const struct reader *reader)
{
    uint32_t months;
    outcome_months(reader, &outcome->first_tick, &months);
    outcome->last_tick = reader->before + reader->n_ticks;
    if (outcome->period == OUTCOME_END || months == 0) {
        outcome->period = OUTCOME_END;
        outcome->first_tick = outcome->last_tick;
    }
}

static int
complain(const struct reader *reader, const char *what, const char *word, const char *words,
    struct sim_messages *messages)
{
    char nearest[OUTCOME_TEXT];
    int near = sim_suggest_word(words, word, nearest, sizeof(nearest));
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
        near ? "no %s \"%s\"; did you mean \"%s\"?" : "no %s \"%s\"%s", what, word, near ? nearest : "");
    return SIM_ERR_INPUT;
}

/* Texts in one, with '|' between them, as sim_suggest_word wants them; NULL without memory. */
static char *
join(char *text, const char *word)
{
    char *longer = text == NULL ? NULL : sim_print_text("%s%s%s", text, *text == '\0' ? "" : "|", word);
    sim_free(text);
    return longer;
}

static int
no_observation(const struct reader *reader, const char *name, struct sim_messages *messages)
{
    char *words = sim_copy_text("");
    for (uint32_t i = 0; i < reader->n_observations; i++) {
        words = join(words, reader->observations[i].name);
    }
    int ret = words != NULL ? complain(reader, "observation", name, words, messages) : SIM_ERR_MEMORY;
    sim_free(words);
    return ret;
}

static int
find_label(
    struct outcome *outcome, const struct reader *reader, const char *label, struct sim_messages *messages)
{
    const struct reader_observation *observation = outcome->observation;
    char what[OUTCOME_TEXT];
    if (observation->labels == NULL) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "%s has no labels, so none can be \"%s\"", observation->name, label);
        return SIM_ERR_INPUT;
    }
    for (uint32_t i = 0; i < observation->n_labels; i++) {
        if (strcmp(observation->labels[i], label) == 0) {
            outcome->label = i;
            return SIM_OK;
        }
    }
    char *words = sim_copy_text("");
    for (uint32_t i = 0; i < observation->n_labels; i++) {
        words = join(words, observation->labels[i]);
    }
    snprintf(what, sizeof(what), "%s of %s", observation->dimension, observation->name);
    int ret = words != NULL ? complain(reader, what, label, words, messages) : SIM_ERR_MEMORY;
    sim_free(words);
    return ret;
}

int
outcome_split(const char *text, char *name, enum outcome_period *period, const char **label)
{
    size_t length = strlen(text), suffix = strlen(end_suffix);
    if (length >= OUTCOME_TEXT) {
        return SIM_ERR_INPUT;
    }
    strcpy(name, text);
    *period = OUTCOME_AVERAGE;
    if (length > suffix && strcmp(name + length - suffix, end_suffix) == 0) {
        *period = OUTCOME_END;
        name[length - suffix] = '\0';
    }
    char *colon = strchr(name, ':');
    *label = colon != NULL ? colon + 1 : NULL;
    if (colon != NULL) {
        *colon = '\0';
    }
    return SIM_OK;
}

/* without: whether the text names no label of an observation that has some. */
static int
parse(struct outcome *outcome, int *without, const struct reader *reader, const char *text,
    struct sim_messages *messages)
{
    char name[OUTCOME_TEXT];
    const char *label;
    *outcome = (struct outcome){ .observation = NULL };
    *without = 0;
    if (outcome_split(text, name, &outcome->period, &label) != SIM_OK) {
        snprintf(name, sizeof(name), "%.40s...", text);
        return no_observation(reader, name, messages);
    }
    outcome->observation = reader_find(reader, name);
    if (outcome->observation == NULL) {
        return no_observation(reader, name, messages);
    }
    choose_months(outcome, reader);
    *without = label == NULL && outcome->observation->labels != NULL;
    return label != NULL ? find_label(outcome, reader, label, messages) : SIM_OK;
}

int
outcome_parse(
    struct outcome *outcome, const struct reader *reader, const char *text, struct sim_messages *messages)
{
    int without;
    int ret = parse(outcome, &without, reader, text, messages);
    if (ret == SIM_OK && without) {
        const struct reader_observation *observation = outcome->observation;
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "%s is by %s; name one of them, such as \"%s:%s\"", observation->name, observation->dimension,
            observation->name, observation->labels[0]);
        ret = SIM_ERR_INPUT;
    }
    return ret;
}

/* Adds an outcome, or one for each label. */
static int
add(struct outcome **outcomes, size_t *n, const struct outcome *outcome, int all_labels)
{
    uint32_t first = all_labels ? 0 : outcome->label;
    uint32_t last = all_labels ? outcome->observation->n_labels - 1 : outcome->label;
    for (uint32_t label = first; label <= last; label++) {
        struct outcome *longer = sim_resize(*outcomes, *n, *n + 1, sizeof(*longer));
        if (longer == NULL) {
            return SIM_ERR_MEMORY;
        }
        *outcomes = longer;
        longer[*n] = *outcome;
        longer[(*n)++].label = label;
    }
    return SIM_OK;
}

static int
add_standard(struct outcome **outcomes, size_t *n, const struct reader *reader)
{
    static const char *const names[] = { "participation", "deep_participation", "service_quality",
        "satisfaction" };
    struct outcome outcome = { .period = OUTCOME_AVERAGE };
    int ret = SIM_OK;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names) && ret == SIM_OK; i++) {
        outcome.observation = reader_find(reader, names[i]);
        if (outcome.observation != NULL) {
            choose_months(&outcome, reader);
            ret = add(outcomes, n, &outcome, 1);
        }
    }
    if (ret == SIM_OK && *n == 0 && reader->n_observations > 0) {
        outcome.observation = &reader->observations[0];
        choose_months(&outcome, reader);
        ret = add(outcomes, n, &outcome, 1);
    }
    return ret;
}

int
outcome_list(struct outcome **outcomes, size_t *n, const struct reader *reader, const char *const *texts,
    size_t n_texts, struct sim_messages *messages)
{
    int ret = SIM_OK;
    *outcomes = NULL;
    *n = 0;
    for (size_t i = 0; i < n_texts && ret != SIM_ERR_MEMORY; i++) {
        struct outcome outcome;
        int without;
        int one = parse(&outcome, &without, reader, texts[i], messages);
        if (one == SIM_OK) {
            one = add(outcomes, n, &outcome, without);
        }
        ret = one == SIM_OK ? ret : one;
    }
    return n_texts == 0 ? add_standard(outcomes, n, reader) : ret;
}

double
outcome_mean(const double *numbers, size_t stride, uint32_t n)
{
    double months[OUTCOME_MONTHS];
    size_t known = 0;
    for (uint32_t i = 0; i < n; i++) {
        months[known] = numbers[i * stride];
        known += isnan(months[known]) ? 0 : 1;
    }
    return sim_mean(months, known);
}

static void
take_means(const struct reader *reader, const struct reader_box *box, const double *numbers, double *values)
{
    for (uint32_t d = 0; d < box->n_designs; d++) {
        for (uint32_t r = 0; r < box->n_replicates; r++) {
            uint32_t design = box->design + d, replicate = box->replicate + r;
            values[(size_t) design * reader->n_replicates + replicate] =
                reader_status(reader, design, replicate) == READER_RAN
                ? outcome_mean(numbers, 1, box->n_ticks)
                : (double) NAN;
            numbers += box->n_ticks;
        }
    }
}

int
outcome_values(
    const struct outcome *outcome, const struct reader *reader, double *values, struct sim_messages *messages)
{
    uint32_t n_ticks = outcome->last_tick - outcome->first_tick + 1;
    uint32_t cells = PIECE / n_ticks > 0 ? PIECE / n_ticks : 1; /* at a time */
    struct reader_box box = { .tick = outcome->first_tick - 1 - reader->before,
        .n_ticks = n_ticks,
        .label = outcome->label,
        .n_labels = 1 };
    double *numbers = sim_alloc((size_t) cells * n_ticks, sizeof(*numbers));
    int ret = numbers != NULL ? SIM_OK : SIM_ERR_MEMORY;
    uint32_t replicates = cells < reader->n_replicates ? cells : reader->n_replicates;
    uint32_t designs = cells / reader->n_replicates > 0 ? cells / reader->n_replicates : 1;
    for (box.design = 0; ret == SIM_OK && box.design < reader->n_designs; box.design += designs) {
        uint32_t left = reader->n_designs - box.design;
        box.n_designs = designs < left ? designs : left;
        for (box.replicate = 0; ret == SIM_OK && box.replicate < reader->n_replicates;
             box.replicate += replicates) {
            uint32_t rest = reader->n_replicates - box.replicate;
            box.n_replicates = replicates < rest ? replicates : rest;
            ret = reader_box(reader, outcome->observation, &box, numbers, messages);
            if (ret == SIM_OK) {
                take_means(reader, &box, numbers, values);
            }
        }
    }
    sim_free(numbers);
    return ret;
}

void
outcome_print(const struct outcome *outcome, char *text, size_t size)
{
    const char *label = outcome_label(outcome);
    snprintf(text, size, "%s%s%s%s", outcome->observation->name, label != NULL ? ":" : "",
        label != NULL ? label : "", outcome->period == OUTCOME_END ? end_suffix : "");
}

void
outcome_cells(const struct reader *reader, uint32_t first_design, uint32_t n_designs, uint64_t *ran,
    uint64_t *failed, uint64_t *not_run)
{
    *ran = *failed = *not_run = 0;
    for (uint32_t d = first_design; d < first_design + n_designs; d++) {
        for (uint32_t r = 0; r < reader->n_replicates; r++) {
            enum reader_status status = reader_status(reader, d, r);
            *(status == READER_RAN ? ran : status == READER_FAILED ? failed : not_run) += 1;
        }
    }
}
