/* sink_config.c - what a results file says of itself: the attributes of /; /config, the spec as given and as
 * resolved, so that the file alone can be run again; /provenance, what built the program.
 */
#include "sim/sink_parts.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"
#include "sim/provenance.h"

#include <string.h>

#define TITLES 8 /* different titles of scenarios that go into the title of the file */

static void
write_config_texts(struct sim_sink_job *job, hid_t group, const char *name, uint32_t count, hid_t scale,
    const char *long_name)
{
    struct sim_shape shape = { 1, { count }, { scale } };
    hid_t variable = sim_writer_texts(&job->writer, group, name, &shape, job->texts);
    sim_sink_describe(job, variable, long_name, NULL);
    sim_writer_close(&job->writer, variable);
}

static void
write_given(struct sim_sink_job *job, hid_t group)
{
    const struct sim_experiment *experiment = job->experiment;
    if (experiment->n_given > 0) {
        hid_t file = sim_sink_write_integers(
            job, group, "file", 0, experiment->n_given, "file, in the order of reading");
        for (uint32_t i = 0; i < experiment->n_given; i++) {
            job->texts[i] = experiment->given[i].stem;
        }
        write_config_texts(job, group, "file_stem", experiment->n_given, file, "name of the file");
        for (uint32_t i = 0; i < experiment->n_given; i++) {
            job->texts[i] = experiment->given[i].text;
        }
        write_config_texts(job, group, "file_text", experiment->n_given, file, "text of the file");
        sim_writer_close(&job->writer, file);
    }
    if (experiment->n_settings > 0) {
        hid_t setting = sim_sink_write_integers(
            job, group, "setting", 0, experiment->n_settings, "setting of the command line");
        for (uint32_t i = 0; i < experiment->n_settings; i++) {
            job->texts[i] = experiment->settings[i];
        }
        write_config_texts(job, group, "settings", experiment->n_settings, setting, "KEY=VALUE of --set");
        sim_writer_close(&job->writer, setting);
    }
}

/* What was recorded besides the observations of the world: as an experiment file would say it. */
static void
write_recorded(struct sim_sink_job *job, hid_t group)
{
    const struct sim_record *record = &job->experiment->record;
    for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
        if (record->by[level]) {
            char *name = sim_print_text("record_by_%s", job->model->level_names[level]);
            if (name == NULL) {
                sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "record_by");
                return;
            }
            sim_writer_integer_attribute(&job->writer, group, name, 1);
            sim_free(name);
        }
    }
    if (record->n_agents > 0) {
        sim_writer_integer_attribute(&job->writer, group, "record_histories", record->n_agents);
    }
}

/* Each scenario once, however many design points start from it. */
static void
write_resolved(struct sim_sink_job *job, hid_t group)
{
    const struct sim_experiment *experiment = job->experiment;
    for (uint32_t i = 0; i < experiment->n_bases; i++) {
        job->texts[i] = experiment->bases[i].stem;
    }
    hid_t scenario = sim_sink_write_labels(job, group, "scenario", job->texts, experiment->n_bases,
        "scenario, as /scenario of the design points that start from it");
    for (uint32_t i = 0; i < experiment->n_bases; i++) {
        job->texts[i] = experiment->bases[i].resolved;
    }
    write_config_texts(job, group, "resolved", experiment->n_bases, scenario, "complete scenario");
    sim_writer_close(&job->writer, scenario);
}

void
sim_sink_write_config(struct sim_sink_job *job)
{
    const struct sim_experiment *experiment = job->experiment;
    hid_t group = sim_writer_group(&job->writer, job->writer.file, "config");
    sim_writer_integer_attribute(&job->writer, group, "replicates", experiment->n_replicates);
    sim_writer_integer_attribute(&job->writer, group, "seed", experiment->seed);
    sim_writer_integer_attribute(&job->writer, group, "ticks", experiment->n_ticks);
    sim_writer_integer_attribute(&job->writer, group, "burn_in", experiment->burn_in);
    if (experiment->states.count > 0) {
        sim_writer_text_attribute(&job->writer, group, "start_from", sim_file_name(experiment->states.path));
        sim_writer_text_attribute(&job->writer, group, "start_from_digest", experiment->states.checksum);
    }
    if (experiment->design.kind != SIM_DESIGN_NONE) {
        sim_writer_text_attribute(&job->writer, group, "design", sim_design_name(experiment->design.kind));
    }
    if (experiment->design.kind == SIM_DESIGN_SALTELLI) {
        sim_writer_text_attribute(
            &job->writer, group, "second_order", experiment->design.second_order ? "on" : "off");
    }
    write_recorded(job, group);
    write_given(job, group);
    write_resolved(job, group);
    sim_sink_write_attribution(job, group);
    sim_writer_close(&job->writer, group);
}

void
sim_sink_write_provenance(struct sim_sink_job *job)
{
    char digest[SIM_HEX_SIZE];
    sim_provenance_digest(digest);
    hid_t group = sim_writer_group(&job->writer, job->writer.file, "provenance");
    for (const struct sim_provenance *pair = sim_provenance(); pair->name != NULL; pair++) {
        sim_writer_text_attribute(&job->writer, group, pair->name, pair->value);
    }
    sim_writer_text_attribute(&job->writer, group, "build_digest", digest);
    sim_writer_close(&job->writer, group);
}

/* The different titles of the scenarios, in order. A new text; NULL without memory. */
static char *
title_of(const struct sim_experiment *experiment)
{
    const char *titles[TITLES];
    size_t n = 0;
    char *text = sim_copy_text("");
    for (uint32_t i = 0; i < experiment->n_bases && n < TITLES && text != NULL; i++) {
        const char *title = experiment->bases[i].title;
        title = title == NULL || title[0] == '\0' ? experiment->bases[i].stem : title;
        size_t known = 0;
        while (known < n && strcmp(titles[known], title) != 0) {
            known++;
        }
        if (known == n) {
            char *longer = sim_print_text("%s%s%s", text, n == 0 ? "" : " | ", title);
            sim_free(text);
            text = longer;
            titles[n++] = title;
        }
    }
    return text;
}

void
sim_sink_write_attributes(struct sim_sink_job *job)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_writer *writer = &job->writer;
    char *title = title_of(experiment);
    if (title == NULL) {
        sim_writer_fail(writer, SIM_ERR_MEMORY, "title");
        return;
    }
    sim_writer_text_attribute(writer, writer->file, "Conventions", SIM_SINK_CONVENTIONS);
    sim_writer_text_attribute(writer, writer->file, "title", title);
    sim_writer_text_attribute(writer, writer->file, "model", job->model->name);
    sim_writer_text_attribute(writer, writer->file, "source", job->model->title);
    sim_writer_integer_attribute(writer, writer->file, "seed", experiment->seed);
    sim_writer_integer_attribute(writer, writer->file, "burn_in", experiment->burn_in);
    sim_writer_text_attribute(writer, writer->file, "spec_digest", experiment->digest);
    sim_free(title);
}
