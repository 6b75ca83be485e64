/* sink_hdf5.c - the results file: netCDF-4 by dimension scales, so that xarray, ncdump, R and h5dump open it
 * without being told anything.
 *
 *     /            design, replicate, tick and the model's dimensions, each with its coordinate variable;
 * scenario(design), title(design); run_status, run_error, run_digest(design, replicate); one variable an
 * observation, (design, replicate, tick[, dimension]) /summary     each observation over the replicates that
 * ran, (design, statistic, tick[, dimension]) /config      the spec as given and as resolved /provenance what
 * built the program
 *
 * Nothing outside /provenance depends on the build, and nothing at all on the host, the time or the path.
 */
#include "sim/sink.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"
#include "sim/hdf5_writer.h"
#include "sim/provenance.h"
#include "sim/statistics.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CONVENTIONS "CF-1.9 cogov-1"
#define COORDINATES "scenario title"
#define TITLES 8 /* different titles of scenarios that go into the title of the file */

#define STATISTICS(X) X(mean) X(sd) X(min) X(q025) X(q25) X(median) X(q75) X(q975) X(max) X(half_width_95)
#define STATISTIC_ENUM(name) STATISTIC_##name,
#define STATISTIC_NAME(name) #name,
enum statistic { STATISTICS(STATISTIC_ENUM) N_STATISTICS };
static const char *const statistic_names[] = { STATISTICS(STATISTIC_NAME) };

/* Coordinate variables of one group; -1 where it has none. */
struct scales {
    hid_t design, replicate, tick, statistic;
    hid_t *dimensions;
};

/* One observation in the rows of the cells. */
struct column {
    const struct sim_observation *observation;
    uint32_t offset, labels;
};

struct job {
    struct sim_writer writer;
    const struct sim_results *results;
    const struct sim_experiment *experiment;
    const struct sim_model *model;
    struct scales scales;
    const char **texts; /* room for one text a design point, a cell, a file or a setting */
    double *values;     /* room for one number a replicate */
    double *student;    /* by degrees of freedom; 0: not yet known */
};

static void
describe(struct job *job, hid_t object, const char *long_name, const char *description)
{
    sim_writer_text_attribute(&job->writer, object, "long_name", long_name);
    if (description != NULL) {
        sim_writer_text_attribute(&job->writer, object, "description", description);
    }
}

static hid_t
write_integer_scale(
    struct job *job, hid_t group, const char *name, int64_t first, uint32_t count, const char *long_name)
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
    describe(job, scale, long_name, NULL);
    sim_free(values);
    return scale;
}

static hid_t
write_text_scale(struct job *job, hid_t group, const char *name, const char *const *labels, uint32_t count,
    const char *long_name)
{
    struct sim_shape shape = { 1, { count }, { -1 } };
    hid_t scale = sim_writer_texts(&job->writer, group, name, &shape, labels);
    sim_writer_scale(&job->writer, scale, name);
    describe(job, scale, long_name, NULL);
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
write_dimensions(struct job *job, hid_t group)
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
write_scenarios(struct job *job, hid_t group)
{
    struct sim_shape shape = { 1, { job->experiment->n_points }, { job->scales.design } };
    for (uint32_t i = 0; i < job->experiment->n_points; i++) {
        job->texts[i] = job->experiment->points[i].stem;
    }
    hid_t scenario = sim_writer_texts(&job->writer, group, "scenario", &shape, job->texts);
    describe(job, scenario, "scenario of the design point", NULL);
    sim_writer_close(&job->writer, scenario);
    for (uint32_t i = 0; i < job->experiment->n_points; i++) {
        const char *text = job->experiment->points[i].title;
        job->texts[i] = text == NULL ? "" : text;
    }
    hid_t title = sim_writer_texts(&job->writer, group, "title", &shape, job->texts);
    describe(job, title, "title of the scenario", NULL);
    sim_writer_close(&job->writer, title);
}

/* The coordinates of /, or of /summary, which has statistics in place of replicates. */
static void
write_coordinates(struct job *job, hid_t group, int summary)
{
    const struct sim_experiment *experiment = job->experiment;
    struct scales *scales = &job->scales;
    scales->replicate = scales->statistic = -1;
    scales->design = write_integer_scale(job, group, "design", 0, experiment->n_points, "design point");
    if (summary) {
        scales->statistic = write_text_scale(
            job, group, "statistic", statistic_names, N_STATISTICS, "statistic over replicates");
    } else {
        scales->replicate =
            write_integer_scale(job, group, "replicate", 0, experiment->n_replicates, "replicate");
    }
    scales->tick = write_integer_scale(job, group, "tick", 1, experiment->n_ticks, "month, at its end");
    sim_writer_text_attribute(&job->writer, scales->tick, "units", "month");
    write_dimensions(job, group);
    write_scenarios(job, group);
}

static void
close_coordinates(struct job *job)
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
cell_shape(const struct job *job)
{
    return (struct sim_shape){ 2, { job->experiment->n_points, job->experiment->n_replicates },
        { job->scales.design, job->scales.replicate } };
}

static void
write_run_status(struct job *job)
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
    describe(job, status, "how the run ended", NULL);
    sim_writer_bytes_attribute(&job->writer, status, "flag_values", flags, sizeof(flags));
    sim_writer_text_attribute(&job->writer, status, "flag_meanings", "ok failed not_run");
    sim_writer_text_attribute(&job->writer, status, "coordinates", COORDINATES);
    sim_writer_close(&job->writer, status);
    sim_free(statuses);
}

static void
write_cell_texts(struct job *job, const char *name, const char *long_name)
{
    struct sim_shape shape = cell_shape(job);
    hid_t variable = sim_writer_texts(&job->writer, job->writer.file, name, &shape, job->texts);
    describe(job, variable, long_name, NULL);
    sim_writer_text_attribute(&job->writer, variable, "coordinates", COORDINATES);
    sim_writer_close(&job->writer, variable);
}

static void
write_runs(struct job *job)
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
write_valid_range(struct job *job, hid_t variable, const struct sim_observation *observation)
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
describe_observation(struct job *job, hid_t variable, const struct sim_observation *observation, int summary)
{
    describe(job, variable, observation->title, observation->doc);
    sim_writer_text_attribute(&job->writer, variable, "units", observation->unit);
    if (!summary) {
        write_valid_range(job, variable, observation);
        const char *method = observation->aggregate == SIM_MEAN ? "area: mean" : "area: sum";
        sim_writer_text_attribute(&job->writer, variable, "cell_methods", method);
    }
    sim_writer_text_attribute(&job->writer, variable, "coordinates", COORDINATES);
}

static struct sim_shape
column_shape(const struct job *job, const struct column *column, int summary)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_shape shape = { 3, { experiment->n_points, experiment->n_replicates, experiment->n_ticks },
        { job->scales.design, job->scales.replicate, job->scales.tick } };
    if (summary) {
        shape.extent[1] = N_STATISTICS;
        shape.scale[1] = job->scales.statistic;
    }
    if (column->observation->dimension >= 0) {
        shape.rank = 4;
        shape.extent[3] = column->labels;
        shape.scale[3] = job->scales.dimensions[column->observation->dimension];
    }
    return shape;
}

static double
number_at(const struct job *job, const struct column *column, uint64_t cell, uint32_t tick, uint32_t label)
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
gather(const struct job *job, const struct column *column, hsize_t first, hsize_t count, void *buffer)
{
    union number *out = buffer;
    uint64_t replicates = job->experiment->n_replicates;
    for (uint64_t cell = first * replicates; cell < (first + count) * replicates; cell++) {
        for (uint32_t tick = 0; tick < job->experiment->n_ticks; tick++) {
            for (uint32_t label = 0; label < column->labels; label++, out++) {
                double number = number_at(job, column, cell, tick, label);
                if (column->observation->aggregate == SIM_COUNT) {
                    out->integer = fabs(number) < 0x1p63 ? (int64_t) number : 0;
                } else {
                    out->real = number;
                }
            }
        }
    }
}

static double
student(struct job *job, size_t dof)
{
    if (job->student[dof] == 0) {
        job->student[dof] = sim_student_975((uint32_t) dof);
    }
    return job->student[dof];
}

/* Statistics of the first n of job->values. */
static void
summarise(struct job *job, size_t n, double *statistics)
{
    double *x = job->values;
    for (int i = 0; i < N_STATISTICS; i++) {
        statistics[i] = (double) NAN;
    }
    if (n == 0) {
        return;
    }
    sim_sort(x, n);
    statistics[STATISTIC_mean] = sim_mean(x, n);
    statistics[STATISTIC_min] = x[0];
    statistics[STATISTIC_q025] = sim_quantile(x, n, 0.025);
    statistics[STATISTIC_q25] = sim_quantile(x, n, 0.25);
    statistics[STATISTIC_median] = sim_quantile(x, n, 0.5);
    statistics[STATISTIC_q75] = sim_quantile(x, n, 0.75);
    statistics[STATISTIC_q975] = sim_quantile(x, n, 0.975);
    statistics[STATISTIC_max] = x[n - 1];
    if (n > 1) {
        statistics[STATISTIC_sd] = sim_sd(x, n);
        statistics[STATISTIC_half_width_95] =
            student(job, n - 1) * statistics[STATISTIC_sd] / sqrt((double) n);
    }
}

/* The values of the replicates that ran and have one. */
static size_t
collect(struct job *job, const struct column *column, uint64_t point, uint32_t tick, uint32_t label)
{
    size_t n = 0;
    uint64_t first = point * job->experiment->n_replicates;
    for (uint64_t cell = first; cell < first + job->experiment->n_replicates; cell++) {
        if (job->results->cells[cell].status == SIM_RUN_OK) {
            double number = number_at(job, column, cell, tick, label);
            job->values[n] = number;
            n += isnan(number) ? 0 : 1;
        }
    }
    return n;
}

static void
gather_summary(struct job *job, const struct column *column, hsize_t first, hsize_t count, void *buffer)
{
    double *out = buffer;
    double statistics[N_STATISTICS];
    uint32_t ticks = job->experiment->n_ticks;
    for (uint64_t point = first; point < first + count; point++) {
        for (uint32_t tick = 0; tick < ticks; tick++) {
            for (uint32_t label = 0; label < column->labels; label++) {
                summarise(job, collect(job, column, point, tick, label), statistics);
                for (uint64_t s = 0; s < N_STATISTICS; s++) {
                    uint64_t row = ((point - first) * N_STATISTICS + s) * ticks + tick;
                    out[row * column->labels + label] = isnan(statistics[s]) ? (double) NAN : statistics[s];
                }
            }
        }
    }
}

static void
write_column(struct job *job, hid_t group, const struct column *column, int summary)
{
    const struct sim_observation *observation = column->observation;
    struct sim_shape shape = column_shape(job, column, summary);
    enum sim_form form = observation->aggregate == SIM_COUNT && !summary ? SIM_FORM_INTEGER : SIM_FORM_REAL;
    hsize_t batch = sim_writer_batch(&shape);
    size_t point = (size_t) (shape.extent[1] * shape.extent[2]) * column->labels;
    void *buffer = sim_alloc((size_t) batch * point, sizeof(union number));
    if (buffer == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, observation->name);
        return;
    }
    hid_t variable = sim_writer_variable(&job->writer, group, observation->name, form, &shape, 1);
    describe_observation(job, variable, observation, summary);
    for (hsize_t first = 0; first < shape.extent[0] && job->writer.status == SIM_OK; first += batch) {
        hsize_t count = shape.extent[0] - first < batch ? shape.extent[0] - first : batch;
        if (summary) {
            gather_summary(job, column, first, count, buffer);
        } else {
            gather(job, column, first, count, buffer);
        }
        sim_writer_fill(&job->writer, variable, form, first, count, buffer);
    }
    sim_writer_close(&job->writer, variable);
    sim_free(buffer);
}

static void
write_observations(struct job *job, hid_t group, int summary)
{
    struct column column = { NULL, 0, 0 };
    for (uint32_t o = 0; o < job->model->n_observations; o++) {
        column.observation = &job->model->observations[o];
        int dimension = column.observation->dimension;
        column.labels = dimension < 0 ? 1 : job->model->dimensions[dimension].count;
        write_column(job, group, &column, summary);
        column.offset += column.labels;
    }
}

static void
write_summary(struct job *job)
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
write_config_texts(
    struct job *job, hid_t group, const char *name, uint32_t count, hid_t scale, const char *long_name)
{
    struct sim_shape shape = { 1, { count }, { scale } };
    hid_t variable = sim_writer_texts(&job->writer, group, name, &shape, job->texts);
    describe(job, variable, long_name, NULL);
    sim_writer_close(&job->writer, variable);
}

static void
write_given(struct job *job, hid_t group)
{
    const struct sim_experiment *experiment = job->experiment;
    if (experiment->n_given > 0) {
        hid_t file =
            write_integer_scale(job, group, "file", 0, experiment->n_given, "file, in the order of reading");
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
        hid_t setting = write_integer_scale(
            job, group, "setting", 0, experiment->n_settings, "setting of the command line");
        for (uint32_t i = 0; i < experiment->n_settings; i++) {
            job->texts[i] = experiment->settings[i];
        }
        write_config_texts(job, group, "settings", experiment->n_settings, setting, "KEY=VALUE of --set");
        sim_writer_close(&job->writer, setting);
    }
}

static void
write_config(struct job *job)
{
    const struct sim_experiment *experiment = job->experiment;
    hid_t group = sim_writer_group(&job->writer, job->writer.file, "config");
    sim_writer_integer_attribute(&job->writer, group, "replicates", experiment->n_replicates);
    sim_writer_integer_attribute(&job->writer, group, "seed", experiment->seed);
    sim_writer_integer_attribute(&job->writer, group, "ticks", experiment->n_ticks);
    sim_writer_integer_attribute(&job->writer, group, "burn_in", experiment->burn_in);
    write_given(job, group);
    hid_t design = write_integer_scale(job, group, "design", 0, experiment->n_points, "design point");
    for (uint32_t i = 0; i < experiment->n_points; i++) {
        job->texts[i] = experiment->points[i].resolved;
    }
    write_config_texts(
        job, group, "resolved", experiment->n_points, design, "complete scenario of the design point");
    sim_writer_close(&job->writer, design);
    sim_writer_close(&job->writer, group);
}

static void
write_provenance(struct job *job)
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
    for (uint32_t i = 0; i < experiment->n_points && n < TITLES && text != NULL; i++) {
        const char *title = experiment->points[i].title;
        title = title == NULL || title[0] == '\0' ? experiment->points[i].stem : title;
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

static void
write_root_attributes(struct job *job)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_writer *writer = &job->writer;
    char *title = title_of(experiment);
    if (title == NULL) {
        sim_writer_fail(writer, SIM_ERR_MEMORY, "title");
        return;
    }
    sim_writer_text_attribute(writer, writer->file, "Conventions", CONVENTIONS);
    sim_writer_text_attribute(writer, writer->file, "title", title);
    sim_writer_text_attribute(writer, writer->file, "model", job->model->name);
    sim_writer_text_attribute(writer, writer->file, "source", job->model->title);
    sim_writer_integer_attribute(writer, writer->file, "seed", experiment->seed);
    sim_writer_integer_attribute(writer, writer->file, "burn_in", experiment->burn_in);
    sim_writer_text_attribute(writer, writer->file, "spec_digest", experiment->digest);
    sim_free(title);
}

static void
write_all(struct job *job)
{
    write_root_attributes(job);
    write_coordinates(job, job->writer.file, 0);
    write_runs(job);
    write_observations(job, job->writer.file, 0);
    close_coordinates(job);
    write_summary(job);
    write_config(job);
    write_provenance(job);
}

static int
job_init(struct job *job, const struct sim_results *results)
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
job_free(struct job *job)
{
    sim_free(job->texts);
    sim_free(job->values);
    sim_free(job->student);
    sim_free(job->scales.dimensions);
}

int
sim_sink_write(const char *path, const struct sim_results *results, struct sim_messages *messages)
{
    struct job job;
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

/* Whether all cells of an open results file were run. */
static int
all_run(const struct sim_reader *reader, const struct sim_experiment *experiment)
{
    size_t n = sim_experiment_cells(experiment);
    int8_t *statuses = sim_alloc(n, sizeof(*statuses));
    int all =
        statuses != NULL && sim_reader_numbers(reader, "run_status", SIM_FORM_BYTE, statuses, n) == SIM_OK;
    for (size_t i = 0; all && i < n; i++) {
        all = statuses[i] != SIM_RUN_NOT_RUN;
    }
    sim_free(statuses);
    return all;
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
    struct sim_reader reader;
    int ret = SIM_ERR_EXISTS;
    if (S_ISREG(there.st_mode) && sim_reader_init(&reader, path) == SIM_OK) {
        int same = sim_reader_says(&reader, "/", "Conventions", CONVENTIONS)
            && sim_reader_says(&reader, "/", "spec_digest", experiment->digest)
            && sim_reader_says(&reader, "/provenance", "build_digest", build) && all_run(&reader, experiment);
        ret = same ? SIM_OK : SIM_ERR_EXISTS;
        sim_reader_free(&reader);
    }
    return ret;
}

void
sim_sink_sweep(const char *path)
{
    sim_publish_sweep(path);
}
