/* sink_hdf5.c - the results file: netCDF-4 by dimension scales, so that xarray, ncdump, R and h5dump open it
 * without being told anything.
 *
 *     /            design, replicate, tick and the model's dimensions, each with its coordinate variable;
 *                  scenario(design), title(design);
 *                  run_status, run_error, run_digest(design, replicate);
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

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
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

static hid_t
write_text_scale(struct sim_sink_job *job, hid_t group, const char *name, const char *const *labels,
    uint32_t count, const char *long_name)
{
    struct sim_shape shape = { 1, { count }, { -1 } };
    hid_t scale = sim_writer_texts(&job->writer, group, name, &shape, labels);
    sim_writer_scale(&job->writer, scale, name);
    sim_sink_describe(job, scale, long_name, NULL);
    return scale;
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
            job->scales.dimensions[i] = write_text_scale(
                job, group, dimension->name, dimension->labels, dimension->count, dimension->doc);
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
        scales->statistic = write_text_scale(
            job, group, "statistic", statistic_names, SIM_N_STATISTICS, "statistic over replicates");
    } else {
        scales->replicate =
            sim_sink_write_integers(job, group, "replicate", 0, experiment->n_replicates, "replicate");
    }
    scales->tick = sim_sink_write_integers(
        job, group, "tick", 1 + experiment->first_tick, sim_experiment_rows(experiment), "month, at its end");
    sim_writer_text_attribute(&job->writer, scales->tick, "units", "month");
    write_dimensions(job, group);
    write_scenarios(job, group);
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

static struct sim_shape
cell_shape(const struct sim_sink_job *job)
{
    return (struct sim_shape){ 2, { job->experiment->n_points, job->experiment->n_replicates },
        { job->scales.design, job->scales.replicate } };
}

static void
write_run_status(struct sim_sink_job *job)
{
    static const int8_t flags[] = { SIM_RUN_OK, SIM_RUN_FAILED, SIM_RUN_NOT_RUN };
    struct sim_shape shape = cell_shape(job);
    int8_t *statuses = sim_alloc(job->results->n_cells, sizeof(*statuses));
    if (statuses == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "run_status");
        return;
    }
    for (uint32_t i = 0; i < job->results->n_cells; i++) {
        statuses[i] = (int8_t) job->results->cells[i].status;
    }
    hid_t status =
        sim_writer_numbers(&job->writer, job->writer.file, "run_status", SIM_FORM_BYTE, &shape, statuses);
    sim_sink_describe(job, status, "how the run ended", NULL);
    sim_writer_bytes_attribute(&job->writer, status, "flag_values", flags, sizeof(flags));
    sim_writer_text_attribute(&job->writer, status, "flag_meanings", "ok failed not_run");
    sim_writer_text_attribute(&job->writer, status, "coordinates", SIM_SINK_COORDINATES);
    sim_writer_close(&job->writer, status);
    sim_free(statuses);
}

static void
write_cell_texts(struct sim_sink_job *job, const char *name, const char *long_name)
{
    struct sim_shape shape = cell_shape(job);
    hid_t variable = sim_writer_texts(&job->writer, job->writer.file, name, &shape, job->texts);
    sim_sink_describe(job, variable, long_name, NULL);
    sim_writer_text_attribute(&job->writer, variable, "coordinates", SIM_SINK_COORDINATES);
    sim_writer_close(&job->writer, variable);
}

static void
write_runs(struct sim_sink_job *job)
{
    const struct sim_results *results = job->results;
    write_run_status(job);
    for (uint32_t i = 0; i < results->n_cells; i++) {
        job->texts[i] = results->cells[i].error;
    }
    write_cell_texts(job, "run_error", "why the run failed");

    char(*digests)[SIM_HEX_SIZE] = sim_alloc(results->n_cells, sizeof(*digests));
    if (digests == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "run_digest");
        return;
    }
    for (uint32_t i = 0; i < results->n_cells; i++) {
        snprintf(digests[i], sizeof(*digests), "%016" PRIx64, results->cells[i].digest);
        job->texts[i] = digests[i];
    }
    write_cell_texts(job, "run_digest", "xxh64 of the recorded numbers of the run");
    sim_free(digests);
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

static void
describe_summary(struct sim_sink_job *job, hid_t variable, const struct sim_observation *observation)
{
    sim_sink_describe(job, variable, observation->title, observation->doc);
    sim_writer_text_attribute(&job->writer, variable, "units", observation->unit);
    sim_writer_text_attribute(&job->writer, variable, "coordinates", SIM_SINK_COORDINATES);
}

void
sim_sink_describe_observation(struct sim_sink_job *job, hid_t variable,
    const struct sim_observation *observation, const char *coordinates)
{
    sim_sink_describe(job, variable, observation->title, observation->doc);
    sim_writer_text_attribute(&job->writer, variable, "units", observation->unit);
    write_valid_range(job, variable, observation);
    const char *method = observation->aggregate == SIM_MEAN ? "area: mean" : "area: sum";
    sim_writer_text_attribute(&job->writer, variable, "cell_methods", method);
    sim_writer_text_attribute(&job->writer, variable, "coordinates", coordinates);
}

static struct sim_shape
column_shape(const struct sim_sink_job *job, const struct sim_sink_column *column, int summary)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_shape shape = { 3,
        { experiment->n_points, experiment->n_replicates, sim_experiment_rows(experiment) },
        { job->scales.design, job->scales.replicate, job->scales.tick } };
    if (summary) {
        shape.extent[1] = SIM_N_STATISTICS;
        shape.scale[1] = job->scales.statistic;
    }
    if (column->observation->dimension >= 0) {
        shape.rank = 4;
        shape.extent[3] = column->labels;
        shape.scale[3] = job->scales.dimensions[column->observation->dimension];
    }
    return shape;
}

double
sim_sink_number(const struct sim_sink_job *job, const struct sim_sink_column *column, uint64_t cell,
    uint32_t tick, uint32_t label)
{
    const double *rows = job->results->cells[cell].rows;
    double number =
        rows == NULL ? (double) NAN : rows[(size_t) tick * job->results->row + column->offset + label];
    return isnan(number) ? (double) NAN : number; /* of the many bit patterns of NaN, always the same */
}

union number {
    double real;
    int64_t integer;
};

/* The numbers of all cells of some design points, in the order of the variable. Counts have no NaN: 0 stands
 * for it. */
static void
gather(const struct sim_sink_job *job, const struct sim_sink_column *column, hsize_t first, hsize_t count,
    void *buffer)
{
    union number *out = buffer;
    uint64_t replicates = job->experiment->n_replicates;
    for (uint64_t cell = first * replicates; cell < (first + count) * replicates; cell++) {
        for (uint32_t tick = 0; tick < sim_experiment_rows(job->experiment); tick++) {
            for (uint32_t label = 0; label < column->labels; label++, out++) {
                double number = sim_sink_number(job, column, cell, tick, label);
                if (column->form == SIM_FORM_INTEGER) {
                    out->integer = fabs(number) < 0x1p63 ? (int64_t) number : 0;
                } else {
                    out->real = number;
                }
            }
        }
    }
}

static void
fill_variable(struct sim_sink_job *job, hid_t variable, const struct sim_sink_column *column,
    const struct sim_shape *shape, int summary)
{
    enum sim_form form = summary ? SIM_FORM_REAL : column->form;
    hsize_t batch = sim_writer_batch(shape);
    size_t point = (size_t) (shape->extent[1] * shape->extent[2]) * column->labels;
    void *buffer = sim_alloc((size_t) batch * point, sizeof(union number));
    if (buffer == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "numbers of a variable");
        return;
    }
    for (hsize_t first = 0; first < shape->extent[0] && job->writer.status == SIM_OK; first += batch) {
        hsize_t count = shape->extent[0] - first < batch ? shape->extent[0] - first : batch;
        if (summary) {
            sim_sink_gather_summary(job, column, first, count, buffer);
        } else {
            gather(job, column, first, count, buffer);
        }
        sim_writer_fill(&job->writer, variable, form, first, count, buffer);
    }
    sim_free(buffer);
}

void
sim_sink_fill(struct sim_sink_job *job, hid_t variable, const struct sim_sink_column *column,
    const struct sim_shape *shape)
{
    fill_variable(job, variable, column, shape, 0);
}

static void
write_column(struct sim_sink_job *job, hid_t group, const struct sim_sink_column *column, int summary)
{
    const struct sim_observation *observation = column->observation;
    struct sim_shape shape = column_shape(job, column, summary);
    enum sim_form form = summary ? SIM_FORM_REAL : column->form;
    hid_t variable = sim_writer_variable(&job->writer, group, observation->name, form, &shape, 1);
    if (summary) {
        describe_summary(job, variable, observation);
    } else {
        sim_sink_describe_observation(job, variable, observation, SIM_SINK_COORDINATES);
    }
    fill_variable(job, variable, column, &shape, summary);
    sim_writer_close(&job->writer, variable);
}

static void
write_observations(struct sim_sink_job *job, hid_t group, int summary)
{
    struct sim_sink_column column = { NULL, SIM_FORM_REAL, 0, 0 };
    for (uint32_t o = 0; o < job->model->n_observations; o++) {
        column.observation = &job->model->observations[o];
        column.form = column.observation->aggregate == SIM_COUNT ? SIM_FORM_INTEGER : SIM_FORM_REAL;
        column.labels = sim_observation_labels(job->model, column.observation);
        write_column(job, group, &column, summary);
        column.offset += column.labels;
    }
}

static void
write_summary(struct sim_sink_job *job)
{
    hid_t group = sim_writer_group(&job->writer, job->writer.file, "summary");
    sim_writer_text_attribute(&job->writer, group, "description",
        "statistics over the replicates that ran and have a value; NaN where there are too few");
    write_coordinates(job, group, 1);
    write_observations(job, group, 1);
    close_coordinates(job);
    sim_writer_close(&job->writer, group);
}

static void
write_all(struct sim_sink_job *job)
{
    sim_sink_write_attributes(job);
    write_coordinates(job, job->writer.file, 0);
    write_runs(job);
    write_observations(job, job->writer.file, 0);
    sim_sink_write_record(job);
    close_coordinates(job);
    write_summary(job);
    sim_sink_write_config(job);
    sim_sink_write_provenance(job);
}

static int
job_init(struct sim_sink_job *job, const struct sim_results *results)
{
    const struct sim_experiment *experiment = results->experiment;
    memset(job, 0, sizeof(*job));
    job->results = results;
    job->experiment = experiment;
    job->model = experiment->model;
    size_t texts = results->n_cells;
    texts = experiment->n_given > texts ? experiment->n_given : texts;
    texts = experiment->n_settings > texts ? experiment->n_settings : texts;
    job->texts = sim_alloc(texts, sizeof(*job->texts));
    job->values = sim_alloc(experiment->n_replicates, sizeof(*job->values));
    job->student = sim_alloc(experiment->n_replicates, sizeof(*job->student));
    job->scales.dimensions = sim_alloc(job->model->n_dimensions, sizeof(*job->scales.dimensions));
    int complete =
        job->texts != NULL && job->values != NULL && job->student != NULL && job->scales.dimensions != NULL;
    return complete ? SIM_OK : SIM_ERR_MEMORY;
}

static void
job_free(struct sim_sink_job *job)
{
    sim_free(job->texts);
    sim_free(job->values);
    sim_free(job->student);
    sim_free(job->scales.dimensions);
}

int
sim_sink_write(const char *path, const struct sim_results *results, struct sim_messages *messages)
{
    struct sim_sink_job job;
    int ret = job_init(&job, results);
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

/* How the cells of an open results file ended: SIM_OK; SIM_ERR_CELL if some failed; SIM_ERR_EXISTS if some
 * were not run. */
static int
worst_status(struct sim_reader *reader, const struct sim_experiment *experiment)
{
    size_t n = sim_experiment_cells(experiment);
    int8_t *statuses = sim_alloc(n, sizeof(*statuses));
    int known =
        statuses != NULL && sim_reader_numbers(reader, "run_status", SIM_FORM_BYTE, statuses, n) == SIM_OK;
    int worst = known ? SIM_OK : SIM_ERR_EXISTS;
    for (size_t i = 0; known && i < n && worst != SIM_ERR_EXISTS; i++) {
        worst = statuses[i] == SIM_RUN_NOT_RUN ? SIM_ERR_EXISTS
            : statuses[i] == SIM_RUN_FAILED    ? SIM_ERR_CELL
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
