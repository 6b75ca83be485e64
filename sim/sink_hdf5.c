/* sink_hdf5.c - the results file: netCDF-4 by dimension scales, so that xarray, ncdump, R and h5dump open it
 * without being told anything.
 *
 *     /            design, replicate, tick and the model's dimensions, each with its coordinate variable;
 *                  scenario(design), title(design), and each parameter that varies (sink_design.c);
 *                  run_status, run_error, run_digest(design, replicate);
 *                  with sequential stopping replicates(design), how many of them there are;
 *                  one variable an observation, (design, replicate, tick[, dimension]);
 *                  where asked for, the same by place, and histories (sink_record.c)
 *     /summary     each observation over the replicates that ran, (design, statistic, tick[, dimension])
 *     /config      the spec as given and as resolved
 *     /provenance  what built the program
 *
 * Nothing outside /provenance depends on the build, and nothing at all on the host, the time or the path.
 */
#include "sim/sink.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"
#include "sim/provenance.h"
#include "sim/publish.h"
#include "sim/sink_parts.h"
#include "sim/world.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define STATISTIC_NAME(name) #name,

static const char *const statistic_names[] = { SIM_STATISTICS(STATISTIC_NAME) };

void
sim_sink_describe(struct sim_sink_job *job, hid_t object, const char *long_name, const char *description)
{
    sim_writer_text_attribute(&job->writer, object, "long_name", long_name);
    if (description != NULL) {
        sim_writer_text_attribute(&job->writer, object, "description", description);
    }
}

hid_t
sim_sink_write_integers(struct sim_sink_job *job, hid_t group, const char *name, int64_t first,
    uint32_t count, const char *long_name)
{
    struct sim_shape shape = { 1, { count }, { -1 } };
    int64_t *values = sim_alloc(count, sizeof(*values));
    if (values == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
        return -1;
    }
    for (uint32_t i = 0; i < count; i++) {
        values[i] = first + i;
    }
    hid_t scale = sim_writer_numbers(&job->writer, group, name, SIM_FORM_INTEGER, &shape, values);
    sim_writer_scale(&job->writer, scale, name);
    sim_sink_describe(job, scale, long_name, NULL);
    sim_free(values);
    return scale;
}

hid_t
sim_sink_write_labels(struct sim_sink_job *job, hid_t group, const char *name, const char *const *labels,
    uint32_t count, const char *long_name)
{
    struct sim_shape shape = { 1, { count }, { -1 } };
    hid_t scale = sim_writer_texts(&job->writer, group, name, &shape, labels);
    sim_writer_scale(&job->writer, scale, name);
    sim_sink_describe(job, scale, long_name, NULL);
    return scale;
}

/* The labels in Chinese as one text, "none|attend|decide": an attribute holds one, and no label has the joint. */
static void
write_labels_zh(struct sim_sink_job *job, hid_t scale, const struct sim_dimension *dimension)
{
    char *text = sim_copy_text("");
    for (uint32_t i = 0; i < dimension->count && text != NULL; i++) {
        char *longer = sim_print_text("%s%s%s", text, i > 0 ? "|" : "", dimension->labels_zh[i]);
        sim_free(text);
        text = longer;
    }
    if (text == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, dimension->name);
        return;
    }
    sim_writer_text_attribute(&job->writer, scale, "labels_zh", text);
    sim_free(text);
}

static int
dimension_used(const struct sim_model *model, uint32_t dimension)
{
    for (uint32_t o = 0; o < model->n_observations; o++) {
        if (model->observations[o].dimension == (int) dimension) {
            return 1;
        }
    }
    return 0;
}

static void
write_dimensions(struct sim_sink_job *job, hid_t group)
{
    for (uint32_t i = 0; i < job->model->n_dimensions; i++) {
        const struct sim_dimension *dimension = &job->model->dimensions[i];
        job->scales.dimensions[i] = -1;
        if (dimension_used(job->model, i)) {
            job->scales.dimensions[i] = sim_sink_write_labels(
                job, group, dimension->name, dimension->labels, dimension->count, dimension->doc);
            if (dimension->labels_zh != NULL) {
                write_labels_zh(job, job->scales.dimensions[i], dimension);
            }
        }
    }
}

static void
write_scenarios(struct sim_sink_job *job, hid_t group)
{
    struct sim_shape shape = { 1, { job->experiment->n_points }, { job->scales.design } };
    for (uint32_t i = 0; i < job->experiment->n_points; i++) {
        job->texts[i] = sim_experiment_base(job->experiment, i)->stem;
    }
    hid_t scenario = sim_writer_texts(&job->writer, group, "scenario", &shape, job->texts);
    sim_sink_describe(job, scenario, "scenario of the design point", NULL);
    sim_writer_close(&job->writer, scenario);
    for (uint32_t i = 0; i < job->experiment->n_points; i++) {
        const char *text = sim_experiment_base(job->experiment, i)->title;
        job->texts[i] = text == NULL ? "" : text;
    }
    hid_t title = sim_writer_texts(&job->writer, group, "title", &shape, job->texts);
    sim_sink_describe(job, title, "title of the scenario", NULL);
    sim_writer_close(&job->writer, title);
}

/* The coordinates of /, or of /summary, which has statistics in place of replicates. */
static void
write_coordinates(struct sim_sink_job *job, hid_t group, int summary)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_sink_scales *scales = &job->scales;
    scales->replicate = scales->statistic = -1;
    scales->design = sim_sink_write_integers(job, group, "design", 0, experiment->n_points, "design point");
    if (summary) {
        scales->statistic = sim_sink_write_labels(
            job, group, "statistic", statistic_names, SIM_N_STATISTICS, "statistic over replicates");
    } else {
        scales->replicate =
            sim_sink_write_integers(job, group, "replicate", 0, job->n_replicates, "replicate");
    }
    scales->tick = sim_sink_write_integers(
        job, group, "tick", 1 + job->experiment->first_tick, job->n_ticks, "month, at its end");
    sim_writer_text_attribute(&job->writer, scales->tick, "units", "month");
    write_dimensions(job, group);
    write_scenarios(job, group);
    sim_sink_write_factors(job, group);
}

static void
close_coordinates(struct sim_sink_job *job)
{
    sim_writer_close(&job->writer, job->scales.design);
    sim_writer_close(&job->writer, job->scales.replicate);
    sim_writer_close(&job->writer, job->scales.statistic);
    sim_writer_close(&job->writer, job->scales.tick);
    for (uint32_t i = 0; i < job->model->n_dimensions; i++) {
        sim_writer_close(&job->writer, job->scales.dimensions[i]);
    }
}

static void
write_valid_range(struct sim_sink_job *job, hid_t variable, const struct sim_observation *observation)
{
    const double range[] = { observation->lowest, observation->highest };
    if (isnan(range[0]) || isnan(range[1])) {
        return;
    }
    if (observation->aggregate != SIM_COUNT) {
        sim_writer_reals_attribute(&job->writer, variable, "valid_range", range, 2);
        return;
    }
    const int64_t whole[] = {
        range[0] <= -0x1p63 ? INT64_MIN : (int64_t) range[0],
        range[1] >= 0x1p63 ? INT64_MAX : (int64_t) range[1],
    };
    sim_writer_integers_attribute(&job->writer, variable, "valid_range", whole, 2);
}

/* What the variables of an observation say alike, in / and in /summary. */
static void
write_titles(struct sim_sink_job *job, hid_t variable, const struct sim_observation *observation)
{
    sim_sink_describe(job, variable, observation->title, observation->doc);
    if (observation->title_zh != NULL) {
        sim_writer_text_attribute(&job->writer, variable, "long_name_zh", observation->title_zh);
    }
}

static void
describe_summary(struct sim_sink_job *job, hid_t variable, const struct sim_observation *observation)
{
    write_titles(job, variable, observation);
    sim_writer_text_attribute(&job->writer, variable, "units", observation->unit);
    sim_writer_text_attribute(&job->writer, variable, "coordinates", job->coordinates);
}

void
sim_sink_describe_observation(struct sim_sink_job *job, hid_t variable,
    const struct sim_observation *observation, const char *coordinates)
{
    write_titles(job, variable, observation);
    sim_writer_text_attribute(&job->writer, variable, "units", observation->unit);
    write_valid_range(job, variable, observation);
    const char *method = observation->aggregate == SIM_MEAN ? "area: mean" : "area: sum";
    sim_writer_text_attribute(&job->writer, variable, "cell_methods", method);
    sim_writer_text_attribute(&job->writer, variable, "coordinates", coordinates);
}

/* The label dimension of an observation, after those that all variables have. */
static void
add_labels(const struct sim_sink_job *job, const struct sim_observation *observation, struct sim_shape *shape)
{
    if (observation->dimension >= 0) {
        shape->extent[shape->rank] = sim_observation_labels(job->model, observation);
        shape->scale[shape->rank++] = job->scales.dimensions[observation->dimension];
    }
}

static void
write_observations(struct sim_sink_job *job)
{
    uint64_t offset = 0;
    for (uint32_t o = 0; o < job->model->n_observations; o++) {
        const struct sim_observation *observation = &job->model->observations[o];
        struct sim_sink_column column = { .summary = -1,
            .offset = offset,
            .form = observation->aggregate == SIM_COUNT ? SIM_FORM_INTEGER : SIM_FORM_REAL,
            .labels = sim_observation_labels(job->model, observation) };
        struct sim_shape shape = sim_sink_shape(job);
        add_labels(job, observation, &shape);
        column.variable = sim_writer_variable(
            &job->writer, job->writer.file, observation->name, column.form, &shape, job->plan.runs);
        sim_sink_describe_observation(job, column.variable, observation, job->coordinates);
        sim_sink_add(job, column);
        offset += column.labels;
    }
}

static void
write_summary(struct sim_sink_job *job)
{
    hid_t group = sim_writer_group(&job->writer, job->writer.file, "summary");
    sim_writer_text_attribute(&job->writer, group, "description",
        "statistics over the replicates that ran and have a value; NaN where there are too few");
    write_coordinates(job, group, 1);
    for (uint32_t o = 0; o < job->model->n_observations && job->writer.status == SIM_OK; o++) {
        const struct sim_observation *observation = &job->model->observations[o];
        struct sim_shape shape = { 3, { job->experiment->n_points, SIM_N_STATISTICS, job->n_ticks },
            { job->scales.design, job->scales.statistic, job->scales.tick } };
        add_labels(job, observation, &shape);
        hid_t variable = sim_writer_variable(
            &job->writer, group, observation->name, SIM_FORM_REAL, &shape, job->plan.summary_runs);
        describe_summary(job, variable, observation);
        job->columns[o].summary = variable;
    }
    close_coordinates(job);
    sim_writer_close(&job->writer, group);
}

static void
write_all(struct sim_sink_job *job)
{
    sim_sink_write_attributes(job);
    write_coordinates(job, job->writer.file, 0);
    sim_sink_write_runs(job);
    write_observations(job);
    sim_sink_write_record(job);
    close_coordinates(job);
    write_summary(job);
    sim_sink_fill(job);
    sim_sink_write_config(job);
    sim_sink_write_provenance(job);
}

static int
job_init(struct sim_sink_job *job, const struct sim_source *source, uint64_t room)
{
    const struct sim_experiment *experiment = source->experiment;
    memset(job, 0, sizeof(*job));
    job->source = source;
    job->experiment = experiment;
    job->model = experiment->model;
    job->n_ticks = sim_experiment_rows(experiment);
    job->coordinates = sim_sink_coordinates(experiment);
    job->room = room;
    size_t texts = experiment->n_points > SIM_SINK_TEXTS ? experiment->n_points : SIM_SINK_TEXTS;
    texts = experiment->n_given > texts ? experiment->n_given : texts;
    texts = experiment->n_settings > texts ? experiment->n_settings : texts;
    job->texts = sim_alloc(texts, sizeof(*job->texts));
    job->statuses = sim_alloc(sim_experiment_cells(experiment), sizeof(*job->statuses));
    job->scales.dimensions = sim_alloc(job->model->n_dimensions, sizeof(*job->scales.dimensions));
    if (job->coordinates == NULL || job->texts == NULL || job->statuses == NULL
        || job->scales.dimensions == NULL) {
        return SIM_ERR_MEMORY;
    }
    sim_sink_count_replicates(job);
    sim_sink_plan(job);
    job->values = sim_alloc(job->n_replicates, sizeof(*job->values));
    job->student = sim_alloc(job->n_replicates, sizeof(*job->student));
    return job->values != NULL && job->student != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

static void
job_free(struct sim_sink_job *job)
{
    sim_free(job->coordinates);
    sim_free(job->texts);
    sim_free(job->statuses);
    sim_free(job->values);
    sim_free(job->student);
    sim_free(job->scales.dimensions);
    sim_free(job->columns);
}

int
sim_sink_write_within(
    const char *path, const struct sim_source *source, uint64_t room, struct sim_messages *messages)
{
    struct sim_sink_job job;
    int ret = job_init(&job, source, room);
    if (ret == SIM_OK) {
        ret = sim_writer_init(&job.writer, path, SIM_REPLACE, messages);
        if (ret == SIM_OK) {
            write_all(&job);
            ret = sim_writer_publish(&job.writer, messages);
        }
        sim_writer_free(&job.writer);
    }
    job_free(&job);
    return ret;
}

int
sim_sink_write(const char *path, const struct sim_source *source, struct sim_messages *messages)
{
    return sim_sink_write_within(path, source, SIM_SINK_MEMORY / sizeof(double), messages);
}

/* How the cells of an open results file ended: SIM_OK; SIM_ERR_CELL if some failed; SIM_ERR_EXISTS if some
 * were not run that had to be. */
static int
worst_status(struct sim_reader *reader, const struct sim_experiment *experiment)
{
    uint64_t extent[SIM_WRITER_RANK];
    int stopping = experiment->stopping.n > 0;
    if (sim_reader_extent(reader, "run_status", extent) != 2 || extent[0] != experiment->n_points
        || (stopping ? extent[1] > experiment->n_replicates : extent[1] != experiment->n_replicates)) {
        return SIM_ERR_EXISTS;
    }
    size_t n = (size_t) (extent[0] * extent[1]);
    int8_t *statuses = sim_alloc(n, sizeof(*statuses));
    int known =
        statuses != NULL && sim_reader_numbers(reader, "run_status", SIM_FORM_BYTE, statuses, n) == SIM_OK;
    int worst = known ? SIM_OK : SIM_ERR_EXISTS;
    for (size_t i = 0; known && i < n && worst != SIM_ERR_EXISTS; i++) {
        worst = statuses[i] == SIM_RUN_NOT_RUN && !stopping ? SIM_ERR_EXISTS
            : statuses[i] == SIM_RUN_FAILED                 ? SIM_ERR_CELL
                                                            : worst;
    }
    sim_free(statuses);
    return worst;
}

int
sim_sink_matches(const char *path, const struct sim_experiment *experiment)
{
    struct stat there;
    if (stat(path, &there) != 0) {
        return SIM_ERR_FILE;
    }
    char build[SIM_HEX_SIZE];
    sim_provenance_digest(build);
    if (!S_ISREG(there.st_mode)) {
        return SIM_ERR_EXISTS;
    }
    int ret = SIM_ERR_EXISTS;
    struct sim_reader reader;
    struct sim_silence silence = sim_silence_begin();
    if (sim_reader_init(&reader, path) == SIM_OK
        && sim_reader_says(&reader, "/", "Conventions", SIM_SINK_CONVENTIONS)
        && sim_reader_says(&reader, "/", "spec_digest", experiment->digest)
        && sim_reader_says(&reader, "/provenance", "build_digest", build)) {
        ret = worst_status(&reader, experiment);
    }
    sim_reader_free(&reader);
    sim_silence_end(silence);
    return ret;
}

void
sim_sink_sweep(const char *path)
{
    sim_publish_sweep(path);
}
