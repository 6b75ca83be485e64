/* sink_record.c - the variables of a results file that exist where asked for: observations by place, and the
 * histories of a sample of agents. With a model that calls its blocks communities and its agents residents:
 *
 *     community, resident                     coordinates, 0, 1 ...
 *     community_count(design)                 communities of the design point; beyond them all is NaN, or 0
 *     community_name(design, community)       also _street (its number) and _street_name
 *     NAME_by_community                       (design, replicate, tick[, dimension], community)
 *     resident_street, _community, _index     (design, replicate, resident): who it is; -1 if there is none
 *     resident_NAME                           the same, or (design, replicate, tick, resident)
 *
 * /summary has none of them: their numbers are many, and are there to be looked at one by one.
 */
#include "sim/sink_parts.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_SIZE 128

/* The places of one level of all design points. */
struct places {
    enum sim_level level;
    const char *name; /* of the level */
    uint32_t most;
    hid_t scale;
    char coordinates[4 * NAME_SIZE];
};

/* The name that a table of places gives, or one made of numbers, printed into text. */
static const char *
place_name(const struct sim_sink_job *job, uint32_t point, enum sim_level level, uint32_t place, char *text)
{
    const struct sim_setting *setting = &sim_experiment_base(job->experiment, point)->setting;
    const char *kind = job->model->level_names[level];
    uint32_t region, block;
    sim_record_place(job->experiment, point, level, place, &region, &block);
    if (setting->names != NULL) {
        return sim_setting_name(setting, region, level == SIM_REGION ? SIM_NO_BLOCK : block, NULL);
    }
    if (level == SIM_REGION) {
        snprintf(text, NAME_SIZE, "%s %" PRIu32, kind, region + 1);
    } else {
        snprintf(text, NAME_SIZE, "%s %" PRIu32 "-%" PRIu32, kind, region + 1, block + 1);
    }
    return text;
}

/* A text for each place of each design point, "" where there is none. names_of: the level that is named. */
static void
write_place_names(struct sim_sink_job *job, const struct places *places, const char *name,
    enum sim_level names_of, const char *long_name)
{
    uint32_t n_points = job->experiment->n_points;
    size_t n = (size_t) n_points * places->most;
    char(*names)[NAME_SIZE] = sim_alloc(n, sizeof(*names));
    const char **texts = sim_alloc(n, sizeof(*texts));
    if (names == NULL || texts == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t point = (uint32_t) (i / places->most), place = (uint32_t) (i % places->most), region, block;
        texts[i] = names[i];
        if (place < sim_record_places(job->experiment, point, places->level)) {
            sim_record_place(job->experiment, point, places->level, place, &region, &block);
            texts[i] = place_name(job, point, names_of, names_of == places->level ? place : region, names[i]);
        }
    }
    struct sim_shape shape = { 2, { n_points, places->most }, { job->scales.design, places->scale } };
    hid_t variable = sim_writer_texts(&job->writer, job->writer.file, name, &shape, texts);
    sim_sink_describe(job, variable, long_name, NULL);
    sim_writer_close(&job->writer, variable);
out:
    sim_free(names);
    sim_free(texts);
}

/* The region of each block of each design point, -1 where there is none. */
static void
write_regions(struct sim_sink_job *job, const struct places *places, const char *name, const char *long_name)
{
    uint32_t n_points = job->experiment->n_points;
    size_t n = (size_t) n_points * places->most;
    int64_t *regions = sim_alloc(n, sizeof(*regions));
    if (regions == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t point = (uint32_t) (i / places->most), place = (uint32_t) (i % places->most), region, block;
        regions[i] = -1;
        if (place < sim_record_places(job->experiment, point, places->level)) {
            sim_record_place(job->experiment, point, places->level, place, &region, &block);
            regions[i] = region;
        }
    }
    struct sim_shape shape = { 2, { n_points, places->most }, { job->scales.design, places->scale } };
    hid_t variable =
        sim_writer_numbers(&job->writer, job->writer.file, name, SIM_FORM_INTEGER, &shape, regions);
    sim_sink_describe(job, variable, long_name, NULL);
    sim_writer_close(&job->writer, variable);
    sim_free(regions);
}

static void
write_counts(struct sim_sink_job *job, const struct places *places, const char *name, const char *long_name)
{
    uint32_t n_points = job->experiment->n_points;
    struct sim_shape shape = { 1, { n_points }, { job->scales.design } };
    int64_t *counts = sim_alloc(n_points, sizeof(*counts));
    if (counts == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
        return;
    }
    for (uint32_t p = 0; p < n_points; p++) {
        counts[p] = sim_record_places(job->experiment, p, places->level);
    }
    hid_t variable =
        sim_writer_numbers(&job->writer, job->writer.file, name, SIM_FORM_INTEGER, &shape, counts);
    sim_sink_describe(job, variable, long_name, NULL);
    sim_writer_close(&job->writer, variable);
    sim_free(counts);
}

/* The coordinate of the level, and what tells one place from another. */
static void
write_places(struct sim_sink_job *job, struct places *places)
{
    char name[NAME_SIZE], text[NAME_SIZE];
    const char *above = job->model->level_names[SIM_REGION];
    snprintf(text, sizeof(text), "number of the %s", places->name);
    places->scale = sim_sink_write_integers(job, job->writer.file, places->name, 0, places->most, text);
    snprintf(name, sizeof(name), "%s_count", places->name);
    snprintf(text, sizeof(text), "places of the kind %s that the design point has", places->name);
    write_counts(job, places, name, text);
    snprintf(name, sizeof(name), "%s_name", places->name);
    snprintf(text, sizeof(text), "name of the %s", places->name);
    write_place_names(job, places, name, places->level, text);
    snprintf(places->coordinates, sizeof(places->coordinates), "%s %s", SIM_SINK_COORDINATES, name);
    if (places->level == SIM_BLOCK && above != NULL) {
        snprintf(name, sizeof(name), "%s_%s", places->name, above);
        snprintf(text, sizeof(text), "number of the %s of the %s", above, places->name);
        write_regions(job, places, name, text);
        snprintf(name, sizeof(name), "%s_%s_name", places->name, above);
        snprintf(text, sizeof(text), "name of the %s of the %s", above, places->name);
        write_place_names(job, places, name, SIM_REGION, text);
        snprintf(places->coordinates, sizeof(places->coordinates), "%s %s_name %s_%s %s",
            SIM_SINK_COORDINATES, places->name, places->name, above, name);
    }
}

static struct sim_shape
shape_by(const struct sim_sink_job *job, const struct sim_observation *observation, uint32_t labels,
    const struct places *places)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_shape shape = { 3,
        { experiment->n_points, experiment->n_replicates, sim_experiment_rows(experiment) },
        { job->scales.design, job->scales.replicate, job->scales.tick } };
    if (observation->dimension >= 0) {
        shape.extent[shape.rank] = labels;
        shape.scale[shape.rank++] = job->scales.dimensions[observation->dimension];
    }
    shape.extent[shape.rank] = places->most;
    shape.scale[shape.rank++] = places->scale;
    return shape;
}

static void
write_observation_by(struct sim_sink_job *job, const struct sim_observation *observation,
    const struct places *places, uint64_t offset)
{
    uint32_t labels = sim_observation_labels(job->model, observation);
    struct sim_sink_column column = { observation,
        observation->aggregate == SIM_COUNT ? SIM_FORM_INTEGER : SIM_FORM_REAL, (uint32_t) offset,
        labels * places->most };
    struct sim_shape shape = shape_by(job, observation, labels, places);
    char *name = sim_print_text("%s_by_%s", observation->name, places->name);
    char *comment =
        sim_print_text("%s where a design point has fewer places than the dimension: see %s_count",
            column.form == SIM_FORM_INTEGER ? "0" : "NaN", places->name);
    if (name == NULL || comment == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, observation->name);
    } else {
        hid_t variable = sim_writer_variable(&job->writer, job->writer.file, name, column.form, &shape, 1);
        sim_sink_describe_observation(job, variable, observation, places->coordinates);
        sim_writer_text_attribute(&job->writer, variable, "comment", comment);
        sim_sink_fill(job, variable, &column, &shape);
        sim_writer_close(&job->writer, variable);
    }
    sim_free(name);
    sim_free(comment);
}

static void
write_level(struct sim_sink_job *job, enum sim_level level)
{
    const struct sim_layout *layout = &job->results->layout;
    struct places places = {
        .level = level, .name = job->model->level_names[level], .most = layout->places[level]
    };
    uint64_t offset = layout->by[level];
    write_places(job, &places);
    for (uint32_t o = 0; o < job->model->n_observations; o++) {
        const struct sim_observation *observation = &job->model->observations[o];
        if (sim_record_has(observation, level)) {
            write_observation_by(job, observation, &places, offset);
            offset += (uint64_t) sim_observation_labels(job->model, observation) * places.most;
        }
    }
    sim_writer_close(&job->writer, places.scale);
}

/* The histories: the coordinate variable of the agents, and what they are called. */
struct sample {
    const char *kind;
    hid_t scale;
};

static enum sim_form
form_of(enum sim_number_type type)
{
    return type == SIM_NUMBER_double ? SIM_FORM_REAL
        : type == SIM_NUMBER_float   ? SIM_FORM_SHORT_REAL
                                     : SIM_FORM_INTEGER;
}

static const struct sim_column *
column_of(const struct sim_model *model, const struct sim_history *history)
{
    uint32_t c = 0;
    while (model->columns[c].kind != history->kind || strcmp(model->columns[c].name, history->name) != 0) {
        c++; /* HISTORY lines name columns: the compiler has seen to it */
    }
    return &model->columns[c];
}

static void
describe_history(struct sim_sink_job *job, hid_t variable, const char *long_name, const char *unit)
{
    sim_sink_describe(job, variable, long_name, "of each agent of the sample");
    if (unit != NULL) {
        sim_writer_text_attribute(&job->writer, variable, "units", unit);
    }
    sim_writer_text_attribute(&job->writer, variable, "coordinates", SIM_SINK_COORDINATES);
}

/* What is taken down once: the at-th such column of all cells. missing: of integers, for what does not exist. */
static void
write_once(struct sim_sink_job *job, const struct sample *sample, uint32_t at, const char *suffix,
    enum sim_form form, int64_t missing, const char *long_name, const char *unit)
{
    const struct sim_results *results = job->results;
    uint32_t n = results->layout.n_agents;
    struct sim_shape shape = { 3, { job->experiment->n_points, job->experiment->n_replicates, n },
        { job->scales.design, job->scales.replicate, sample->scale } };
    char name[NAME_SIZE];
    snprintf(name, sizeof(name), "%s_%s", sample->kind, suffix);
    double *reals = sim_alloc((size_t) results->n_cells * n, sizeof(*reals));
    int64_t *integers = sim_alloc((size_t) results->n_cells * n, sizeof(*integers));
    if (reals == NULL || integers == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
        goto out;
    }
    for (size_t i = 0; i < (size_t) results->n_cells * n; i++) {
        const double *rows = results->cells[i / n].rows;
        size_t place = (size_t) sim_experiment_rows(job->experiment) * results->row + (size_t) at * n + i % n;
        double number = rows == NULL ? (double) NAN : rows[place];
        reals[i] = isnan(number) ? (double) NAN : number;
        integers[i] = isnan(number) ? missing : (int64_t) number;
    }
    hid_t variable = sim_writer_variable(&job->writer, job->writer.file, name, form, &shape, 1);
    describe_history(job, variable, long_name, unit);
    sim_writer_fill(&job->writer, variable, form, 0, shape.extent[0],
        form == SIM_FORM_INTEGER ? (const void *) integers : (const void *) reals);
    sim_writer_close(&job->writer, variable);
out:
    sim_free(reals);
    sim_free(integers);
}

static void
write_each_tick(
    struct sim_sink_job *job, const struct sample *sample, const struct sim_history *history, uint64_t offset)
{
    const struct sim_experiment *experiment = job->experiment;
    const struct sim_column *described = column_of(job->model, history);
    uint32_t n = job->results->layout.n_agents;
    struct sim_sink_column column = { NULL, form_of(history->type), (uint32_t) offset, n };
    struct sim_shape shape = { 4,
        { experiment->n_points, experiment->n_replicates, sim_experiment_rows(experiment), n },
        { job->scales.design, job->scales.replicate, job->scales.tick, sample->scale } };
    char name[NAME_SIZE];
    snprintf(name, sizeof(name), "%s_%s", sample->kind, history->name);
    hid_t variable = sim_writer_variable(&job->writer, job->writer.file, name, column.form, &shape, 1);
    describe_history(job, variable, described->doc, described->unit);
    sim_sink_fill(job, variable, &column, &shape);
    sim_writer_close(&job->writer, variable);
}

/* Who the agents are. */
static void
write_sample(struct sim_sink_job *job, struct sample *sample)
{
    static const enum sim_level levels[] = { SIM_REGION, SIM_BLOCK };
    char text[NAME_SIZE];
    snprintf(text, sizeof(text), "%s of the sample", sample->kind);
    sample->scale =
        sim_sink_write_integers(job, job->writer.file, sample->kind, 0, job->results->layout.n_agents, text);
    for (uint32_t i = 0; i < SIM_COUNT_OF(levels); i++) {
        const char *level = job->model->level_names[levels[i]];
        snprintf(text, sizeof(text), "number of the %s; -1: there is no such agent", level);
        write_once(job, sample, i == 0 ? SIM_AGENT_REGION : SIM_AGENT_BLOCK, level, SIM_FORM_INTEGER, -1,
            text, NULL);
    }
    write_once(job, sample, SIM_AGENT_INDEX, "index", SIM_FORM_INTEGER, -1,
        "place among the agents of its kind there; -1: there is no such agent", NULL);
}

static void
write_histories(struct sim_sink_job *job)
{
    const struct sim_model *model = job->model;
    struct sample sample = { model->kinds[model->histories[0].kind].name, -1 };
    uint64_t offset = job->results->layout.histories;
    uint32_t at = SIM_AGENT_PLACES;
    write_sample(job, &sample);
    for (uint32_t h = 0; h < model->n_histories; h++) {
        const struct sim_history *history = &model->histories[h];
        if (history->moment == SIM_AT_START) {
            const struct sim_column *column = column_of(model, history);
            write_once(
                job, &sample, at++, history->name, form_of(history->type), 0, column->doc, column->unit);
        } else {
            write_each_tick(job, &sample, history, offset);
            offset += job->results->layout.n_agents;
        }
    }
    sim_writer_close(&job->writer, sample.scale);
}

void
sim_sink_write_record(struct sim_sink_job *job)
{
    const struct sim_layout *layout = &job->results->layout;
    for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
        if (layout->places[level] > 0) {
            write_level(job, (enum sim_level) level);
        }
    }
    if (layout->n_agents > 0) {
        write_histories(job);
    }
}
