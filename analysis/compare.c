/* compare.c - two design points of one results file side by side: which points, which observations, which months. */
#include "analysis/compare_parts.h"

#include "analysis/resample.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is to be looked at. */
struct looked_at {
    struct compare_subject *subjects; /* rows */
    size_t n_subjects;
    struct outcome *outcomes; /* series and distributions */
    size_t n_outcomes;
};

int
compare_is_pair(const struct comparison *comparison, uint32_t replicate)
{
    return reader_status(comparison->reader, comparison->a, replicate) == READER_RAN
        && reader_status(comparison->reader, comparison->b, replicate) == READER_RAN;
}

const char *
compare_label(const struct reader_observation *observation, uint32_t label)
{
    return observation->labels == NULL ? NULL : observation->labels[label];
}

uint32_t
compare_last_tick(const struct comparison *comparison)
{
    return comparison->reader->before + comparison->reader->n_ticks;
}

uint32_t
compare_first_tick(const struct comparison *comparison, enum outcome_period period)
{
    return period == OUTCOME_END ? compare_last_tick(comparison) : comparison->first_tick;
}

/* The names of the scenarios, each once, with '|' between them; NULL without memory. */
static char *
list_scenarios(const struct reader *reader)
{
    char *words = sim_copy_text("");
    for (uint32_t d = 0; words != NULL && d < reader->n_designs; d++) {
        if (d == 0 || strcmp(reader->scenarios[d], reader->scenarios[d - 1]) != 0) {
            char *longer = sim_print_text("%s%s%s", words, d > 0 ? "|" : "", reader->scenarios[d]);
            sim_free(words);
            words = longer;
        }
    }
    return words;
}

static int
no_scenario(const struct reader *reader, const char *text, struct sim_messages *messages)
{
    char nearest[128];
    char *words = list_scenarios(reader);
    if (words == NULL) {
        return SIM_ERR_MEMORY;
    }
    int near = sim_suggest_word(words, text, nearest, sizeof(nearest));
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
        near
            ? "no scenario \"%s\"; did you mean \"%s\"?"
            : "no scenario \"%s\"; a design point is one of its scenarios, such as \"%s\", or a number from 0 to %u",
        text, near ? nearest : reader->scenarios[0], reader->n_designs - 1);
    sim_free(words);
    return SIM_ERR_INPUT;
}

int
compare_find_point(
    const struct reader *reader, const char *text, uint32_t *design, struct sim_messages *messages)
{
    for (uint32_t d = 0; d < reader->n_designs; d++) {
        if (strcmp(reader->scenarios[d], text) == 0) {
            *design = d;
            return SIM_OK;
        }
    }
    if (*text == '\0' || strspn(text, "0123456789") != strlen(text)) {
        return no_scenario(reader, text, messages);
    }
    errno = 0;
    unsigned long number = strtoul(text, NULL, 10);
    if (errno != 0 || number >= reader->n_designs) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "no design point %s: they are numbered from 0 to %u", text, reader->n_designs - 1);
        return SIM_ERR_INPUT;
    }
    *design = (uint32_t) number;
    return SIM_OK;
}

/* Adds a subject; one that is there already is averaged if either is. */
static void
add_subject(struct looked_at *looked, const struct compare_subject *subject)
{
    for (size_t i = 0; i < looked->n_subjects; i++) {
        struct compare_subject *present = &looked->subjects[i];
        if (present->observation == subject->observation && present->label == subject->label) {
            present->averaged |= subject->averaged;
            return;
        }
    }
    looked->subjects[looked->n_subjects++] = *subject;
}

static int
look_at_all(struct looked_at *looked, const struct reader *reader, int averaged)
{
    size_t n = 0;
    for (uint32_t o = 0; o < reader->n_observations; o++) {
        n += reader->observations[o].n_labels;
    }
    looked->subjects = sim_alloc(n, sizeof(*looked->subjects));
    for (uint32_t o = 0; looked->subjects != NULL && o < reader->n_observations; o++) {
        const struct reader_observation *observation = &reader->observations[o];
        for (uint32_t label = 0; label < observation->n_labels; label++) {
            looked->subjects[looked->n_subjects++] = (struct compare_subject){ observation, label, averaged };
        }
    }
    return looked->subjects == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static int
look_at_chosen(struct looked_at *looked)
{
    looked->subjects = sim_alloc(looked->n_outcomes, sizeof(*looked->subjects));
    for (size_t i = 0; looked->subjects != NULL && i < looked->n_outcomes; i++) {
        const struct outcome *outcome = &looked->outcomes[i];
        add_subject(looked,
            &(struct compare_subject){
                outcome->observation, outcome->label, outcome->period == OUTCOME_AVERAGE });
    }
    return looked->subjects == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

static int
look_at(struct looked_at *looked, const struct comparison *comparison, const struct compare_choice *choice,
    struct sim_messages *messages)
{
    int ret = outcome_list(&looked->outcomes, &looked->n_outcomes, comparison->reader, choice->observations,
        choice->n_observations, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    return choice->n_observations == 0 ? look_at_all(looked, comparison->reader, comparison->months > 0)
                                       : look_at_chosen(looked);
}

static void
count_cells(struct comparison *comparison)
{
    const struct reader *reader = comparison->reader;
    uint64_t ran, failed, not_run;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        comparison->n_pairs += compare_is_pair(comparison, r) ? 1 : 0;
    }
    outcome_cells(reader, comparison->a, 1, &ran, &failed, &not_run);
    comparison->failed = (uint32_t) failed;
    comparison->not_run = (uint32_t) not_run;
    if (comparison->b != comparison->a) {
        outcome_cells(reader, comparison->b, 1, &ran, &failed, &not_run);
        comparison->failed += (uint32_t) failed;
        comparison->not_run += (uint32_t) not_run;
    }
}

static int
fill(struct comparison *comparison, const struct looked_at *looked, uint32_t resamples,
    struct sim_messages *messages)
{
    int ret = compare_fill_rows(comparison, looked->subjects, looked->n_subjects, resamples, messages);
    if (ret == SIM_OK) {
        ret = compare_fill_series(comparison, looked->outcomes, looked->n_outcomes, messages);
    }
    if (ret == SIM_OK) {
        ret = compare_fill_distributions(comparison, looked->outcomes, looked->n_outcomes, messages);
    }
    return ret;
}

int
compare_init_chosen(struct comparison *comparison, const struct reader *reader,
    const struct compare_choice *choice, struct sim_messages *messages)
{
    struct looked_at looked = { NULL, 0, NULL, 0 };
    *comparison = (struct comparison){ .reader = reader, .a = choice->a, .b = choice->b };
    if (choice->a >= reader->n_designs || choice->b >= reader->n_designs) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "nothing to compare: design points %u and %u are asked for, and there %s %u", choice->a,
            choice->b, reader->n_designs == 1 ? "is" : "are", reader->n_designs);
        return SIM_ERR_INPUT;
    }
    count_cells(comparison);
    outcome_months(reader, &comparison->first_tick, &comparison->months);
    int ret = factors_init(&comparison->factors, reader, messages);
    if (ret == SIM_OK) {
        ret = look_at(&looked, comparison, choice, messages);
    }
    if (ret == SIM_OK) {
        ret = fill(comparison, &looked, choice->resamples, messages);
    }
    sim_free(looked.subjects);
    sim_free(looked.outcomes);
    return ret;
}

void
compare_free(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->n_series; i++) {
        sim_free(comparison->series[i].months);
    }
    sim_free(comparison->series);
    sim_free(comparison->rows);
    sim_free(comparison->distributions);
    reader_free_texts(comparison->places, comparison->n_places);
    factors_free(&comparison->factors);
    memset(comparison, 0, sizeof(*comparison));
}
