/* sink_runs.c - how the runs ended: run_status, run_error, run_digest(design, replicate); with sequential stopping
 * replicates(design) too.
 */
#include "sim/sink_parts.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"

#include <inttypes.h>
#include <stdio.h>

void
sim_sink_count_replicates(struct sim_sink_job *job)
{
    const struct sim_experiment *experiment = job->experiment;
    uint32_t most = 1;
    for (uint32_t cell = 0; cell < sim_experiment_cells(experiment); cell++) {
        uint32_t replicate = cell % experiment->n_replicates;
        job->statuses[cell] = (int8_t) job->source->outcome(job->source->context, cell).status;
        if (job->statuses[cell] != SIM_RUN_NOT_RUN && replicate >= most) {
            most = replicate + 1;
        }
    }
    job->n_replicates = experiment->stopping.n > 0 ? most : experiment->n_replicates;
}

/* The variables (design, replicate) that tell how the runs ended. */
struct runs {
    hid_t status, error, digest;
    int8_t statuses[SIM_SINK_TEXTS];
    char digests[SIM_SINK_TEXTS][SIM_HEX_SIZE];
};

static void
describe_runs(struct sim_sink_job *job, hid_t variable, const char *long_name)
{
    sim_sink_describe(job, variable, long_name, NULL);
    sim_writer_text_attribute(&job->writer, variable, "coordinates", job->coordinates);
}

static void
make_runs(struct sim_sink_job *job, struct runs *runs)
{
    static const int8_t flags[] = { SIM_RUN_OK, SIM_RUN_FAILED, SIM_RUN_NOT_RUN };
    struct sim_writer *writer = &job->writer;
    struct sim_shape shape = sim_sink_shape(job);
    shape.rank = 2;
    runs->status = sim_writer_variable(writer, writer->file, "run_status", SIM_FORM_BYTE, &shape, NULL);
    describe_runs(job, runs->status, "how the run ended");
    sim_writer_bytes_attribute(writer, runs->status, "flag_values", flags, sizeof(flags));
    sim_writer_text_attribute(writer, runs->status, "flag_meanings", "ok failed not_run");
    runs->error = sim_writer_text_variable(writer, writer->file, "run_error", &shape);
    describe_runs(job, runs->error, "why the run failed");
    runs->digest = sim_writer_text_variable(writer, writer->file, "run_digest", &shape);
    describe_runs(job, runs->digest, "xxh64 of the recorded numbers of the run");
}

/* Some cells: whole design points, or some replicates of one. */
static void
fill_runs(struct sim_sink_job *job, struct runs *runs, const struct sim_part *part)
{
    const struct sim_source *source = job->source;
    size_t n = (size_t) (part->count[0] * part->count[1]);
    for (size_t i = 0; i < n; i++) {
        hsize_t point = part->first[0] + i / part->count[1], replicate = part->first[1] + i % part->count[1];
        hsize_t cell = point * job->experiment->n_replicates + replicate;
        struct sim_outcome outcome = source->outcome(source->context, (uint32_t) cell);
        runs->statuses[i] = (int8_t) outcome.status;
        snprintf(runs->digests[i], sizeof(runs->digests[i]), "%016" PRIx64, outcome.digest);
        job->texts[i] = outcome.error;
    }
    sim_writer_fill_part(&job->writer, runs->status, SIM_FORM_BYTE, part, runs->statuses);
    sim_writer_fill_texts(&job->writer, runs->error, part, job->texts);
    for (size_t i = 0; i < n; i++) {
        job->texts[i] = runs->digests[i];
    }
    sim_writer_fill_texts(&job->writer, runs->digest, part, job->texts);
}

/* Where sequential stopping decides how many replicates a design point has: how many it got. */
static void
write_replicates(struct sim_sink_job *job)
{
    const struct sim_experiment *experiment = job->experiment;
    struct sim_shape shape = { 1, { experiment->n_points }, { job->scales.design } };
    int64_t *counts = sim_alloc(experiment->n_points, sizeof(*counts));
    if (counts == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "replicates");
        return;
    }
    for (size_t i = 0; i < sim_experiment_cells(experiment); i++) {
        counts[i / experiment->n_replicates] += job->statuses[i] == SIM_RUN_OK;
    }
    hid_t variable =
        sim_writer_numbers(&job->writer, job->writer.file, "replicates", SIM_FORM_INTEGER, &shape, counts);
    sim_sink_describe(job, variable, "replicates that ran well", NULL);
    sim_writer_text_attribute(&job->writer, variable, "units", "1");
    sim_writer_text_attribute(&job->writer, variable, "coordinates", job->coordinates);
    sim_writer_close(&job->writer, variable);
    sim_free(counts);
}

void
sim_sink_write_runs(struct sim_sink_job *job)
{
    hsize_t n_points = job->experiment->n_points, n_replicates = job->n_replicates;
    hsize_t points = n_replicates < SIM_SINK_TEXTS ? SIM_SINK_TEXTS / n_replicates : 1;
    hsize_t replicates = n_replicates < SIM_SINK_TEXTS ? n_replicates : SIM_SINK_TEXTS;
    if (job->experiment->stopping.n > 0) {
        write_replicates(job);
    }
    struct runs *runs = sim_alloc(1, sizeof(*runs));
    if (runs == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "runs");
        return;
    }
    make_runs(job, runs);
    for (hsize_t p = 0; p < n_points; p += points) {
        for (hsize_t r = 0; r < n_replicates && job->writer.status == SIM_OK; r += replicates) {
            struct sim_part part = { 2, { p, r },
                { n_points - p < points ? n_points - p : points,
                    n_replicates - r < replicates ? n_replicates - r : replicates } };
            fill_runs(job, runs, &part);
        }
    }
    sim_writer_close(&job->writer, runs->status);
    sim_writer_close(&job->writer, runs->error);
    sim_writer_close(&job->writer, runs->digest);
    sim_free(runs);
}
