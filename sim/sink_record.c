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
    char *coordinates; /* job->coordinates and what tells one place from another; NULL without memory */
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

/* How many design points' places are in memory at a time. */
static uint32_t
points_at_once(const struct places *places)
{
    return places->most < SIM_SINK_TEXTS ? SIM_SINK_TEXTS / places->most : 1;
}

static struct sim_shape
shape_of(const struct sim_sink_job *job, const struct places *places)
{
    return (struct sim_shape){ 2, { job->experiment->n_points, places->most },
        { job->scales.design, places->scale } };
}

/* A text for each place of a design point, "" where there is none. names_of: the level that is named. */
static void
name_places(const struct sim_sink_job *job, uint32_t point, const struct places *places,
    enum sim_level names_of, char (*names)[NAME_SIZE], const char **texts)
{
    uint32_t n = sim_record_places(job->experiment, point, places->level), region, block;
    for (uint32_t place = 0; place < places->most; place++) {
        texts[place] = "";
        if (place < n) {
            sim_record_place(job->experiment, point, places->level, place, &region, &block);
            uint32_t named = names_of == places->level ? place : region;
            texts[place] = place_name(job, point, names_of, named, names[place]);
        }
    }
}

static void
write_place_names(struct sim_sink_job *job, const struct places *places, const char *name,
    enum sim_level names_of, const char *long_name)
{
    uint32_t n_points = job->experiment->n_points, most = places->most, batch = points_at_once(places);
    char(*names)[NAME_SIZE] = sim_alloc((size_t) batch * most, sizeof(*names));
    const char **texts = sim_alloc((size_t) batch * most, sizeof(*texts));
    struct sim_shape shape = shape_of(job, places);
    hid_t variable = sim_writer_text_variable(&job->writer, job->writer.file, name, &shape);
    sim_sink_describe(job, variable, long_name, NULL);
    if (names == NULL || texts == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
        n_points = 0;
    }
    for (uint32_t first = 0; first < n_points && job->writer.status == SIM_OK; first += batch) {
        uint32_t count = n_points - first < batch ? n_points - first : batch;
        for (uint32_t p = 0; p < count; p++) {
            size_t at = (size_t) p * most;
            name_places(job, first + p, places, names_of, names + at, texts + at);
        }
        sim_writer_fill_texts(&job->writer, variable, &(struct sim_part){ 1, { first }, { count } }, texts);
    }
    sim_writer_close(&job->writer, variable);
    sim_free(names);
    sim_free(texts);
}

/* The region of each block of each design point, -1 where there is none. */
static void
write_regions(struct sim_sink_job *job, const struct places *places, const char *name, const char *long_name)
{
    struct sim_shape shape = shape_of(job, places);
    hid_t variable =
        sim_writer_variable(&job->writer, job->writer.file, name, SIM_FORM_INTEGER, &shape, NULL);
    sim_sink_describe(job, variable, long_name, NULL);
    int64_t *regions = sim_alloc(places->most, sizeof(*regions));
    if (regions == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
    }
    for (uint32_t point = 0; point < job->experiment->n_points && job->writer.status == SIM_OK; point++) {
        uint32_t n = sim_record_places(job->experiment, point, places->level), region, block;
        for (uint32_t place = 0; place < places->most; place++) {
            regions[place] = -1;
            if (place < n) {
                sim_record_place(job->experiment, point, places->level, place, &region, &block);
                regions[place] = region;
            }
        }
        sim_writer_fill(&job->writer, variable, SIM_FORM_INTEGER, point, 1, regions);
    }
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
    if (places->level == SIM_BLOCK && above != NULL) {
        snprintf(name, sizeof(name), "%s_%s", places->name, above);
        snprintf(text, sizeof(text), "number of the %s of the %s", above, places->name);
        write_regions(job, places, name, text);
        snprintf(name, sizeof(name), "%s_%s_name", places->name, above);
        snprintf(text, sizeof(text), "name of the %s of the %s", above, places->name);
        write_place_names(job, places, name, SIM_REGION, text);
        places->coordinates =
            sim_print_text("%s %s_name %s_%s %s", job->coordinates, places->name, places->name, above, name);
    } else {
        places->coordinates = sim_print_text("%s %s", job->coordinates, name);
    }
}

static struct sim_shape
shape_by(const struct sim_sink_job *job, const struct sim_observation *observation, uint32_t labels,
    const struct places *places)
{
    struct sim_shape shape = sim_sink_shape(job);
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
    enum sim_form form = observation->aggregate == SIM_COUNT ? SIM_FORM_INTEGER : SIM_FORM_REAL;
    struct sim_shape shape = shape_by(job, observation, labels, places);
    char *name = sim_print_text("%s_by_%s", observation->name, places->name);
    char *comment =
        sim_print_text("%s where a design point has fewer places than the dimension: see %s_count",
            form == SIM_FORM_INTEGER ? "0" : "NaN", places->name);
    if (name == NULL || comment == NULL || places->coordinates == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, observation->name);
    } else {
        hid_t variable =
            sim_writer_variable(&job->writer, job->writer.file, name, form, &shape, job->plan.runs);
        sim_sink_describe_observation(job, variable, observation, places->coordinates);
        sim_writer_text_attribute(&job->writer, variable, "comment", comment);
        sim_sink_add(job,
            (struct sim_sink_column){ .variable = variable,
                .summary = -1,
                .form = form,
                .offset = offset,
                .labels = (uint64_t) labels * places->most });
    }
    sim_free(name);
    sim_free(comment);
}

static void
write_level(struct sim_sink_job *job, enum sim_level level)
{
    const struct sim_layout *layout = &job->source->layout;
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
    sim_free(places.coordinates);
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
    sim_writer_text_attribute(&job->writer, variable, "coordinates", job->coordinates);
}

/* What is taken down once: the at-th such column of all cells. missing: of integers, for what does not exist. */
static void
write_once(struct sim_sink_job *job, const struct sample *sample, uint32_t at, const char *suffix,
    enum sim_form form, int64_t missing, const char *long_name, const char *unit)
{
    uint32_t n = job->source->layout.n_agents;
    struct sim_shape shape = sim_sink_shape(job);
    shape.extent[2] = n;
    shape.scale[2] = sample->scale;
    const hsize_t runs[SIM_WRITER_RANK] = { job->plan.points, job->plan.replicates };
    char name[NAME_SIZE];
    snprintf(name, sizeof(name), "%s_%s", sample->kind, suffix);
    hid_t variable = sim_writer_variable(&job->writer, job->writer.file, name, form, &shape, runs);
    describe_history(job, variable, long_name, unit);
    sim_sink_add(job,
        (struct sim_sink_column){ .variable = variable,
            .summary = -1,
            .form = form,
            .once = 1,
            .offset = (uint64_t) at * n,
            .labels = n,
            .missing = missing });
}

static void
write_each_tick(
    struct sim_sink_job *job, const struct sample *sample, const struct sim_history *history, uint64_t offset)
{
    const struct sim_column *described = column_of(job->model, history);
    enum sim_form form = form_of(history->type);
    struct sim_shape shape = sim_sink_shape(job);
    shape.extent[shape.rank] = job->source->layout.n_agents;
    shape.scale[shape.rank++] = sample->scale;
    char name[NAME_SIZE];
    snprintf(name, sizeof(name), "%s_%s", sample->kind, history->name);
    hid_t variable = sim_writer_variable(&job->writer, job->writer.file, name, form, &shape, job->plan.runs);
    describe_history(job, variable, described->doc, described->unit);
    sim_sink_add(job,
        (struct sim_sink_column){ .variable = variable,
            .summary = -1,
            .form = form,
            .offset = offset,
            .labels = job->source->layout.n_agents });
}

/* Who the agents are. */
static void
write_sample(struct sim_sink_job *job, struct sample *sample)
{
    static const enum sim_level levels[] = { SIM_REGION, SIM_BLOCK };
    char text[NAME_SIZE];
    snprintf(text, sizeof(text), "%s of the sample", sample->kind);
    sample->scale =
        sim_sink_write_integers(job, job->writer.file, sample->kind, 0, job->source->layout.n_agents, text);
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
    uint64_t offset = job->source->layout.histories;
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
            offset += job->source->layout.n_agents;
        }
    }
    sim_writer_close(&job->writer, sample.scale);
}

void
sim_sink_write_record(struct sim_sink_job *job)
{
    const struct sim_layout *layout = &job->source->layout;
    for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
        if (layout->places[level] > 0) {
            write_level(job, (enum sim_level) level);
        }
    }
    if (layout->n_agents > 0) {
        write_histories(job);
    }
}
