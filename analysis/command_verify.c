/* command_verify.c - cogov verify: draws cells of a results file, runs them again and says what differs. */
#include "analysis/command_verify.h"

#include "analysis/verify.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/provenance.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STANDARD_CELLS 5
#define STANDARD_SEED 1 /* of the choice */

/* What is verified. */
struct job {
    struct reader reader;
    struct verify_cell *cells;
    uint32_t n_cells;
    uint32_t n_ok, n_failed, n_missing; /* in the file */
    char *version, *build;              /* that made it */
    int same_build;
    uint32_t n_equal;
};

static const char *const findings[] = {
    [VERIFY_NOT_RUN] = "not run",
    [VERIFY_EQUAL] = "equal",
    [VERIFY_DIGEST] = "the numbers are equal, run_digest is not",
    [VERIFY_NUMBERS] = "run_digest is right, but numbers in the file were changed",
    [VERIFY_BOTH] = "another result",
    [VERIFY_FAILED] = "ran well for the file, and fails now",
};

static void
complain_of(const struct job *job, struct sim_messages *messages, const char *text, const char *what)
{
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ job->reader.path, 0, 0 }, "%s%s", text, what);
}

/* Whether the file alone can be run again; a message if not. */
static int
check_file(struct job *job, const struct cli_program *program, struct sim_messages *messages)
{
    char *states = NULL, digest[VERIFY_DIGEST_SIZE];
    int ret = reader_attribute(&job->reader, "/provenance", "version", &job->version);
    if (ret == SIM_OK) {
        ret = reader_attribute(&job->reader, "/provenance", "build_digest", &job->build);
    }
    if (ret == SIM_OK) {
        ret = reader_attribute(&job->reader, "/config", "start_from", &states);
    }
    if (ret == SIM_OK && states != NULL) {
        complain_of(
            job, messages, "cannot be run again from itself: its runs start from the states in ", states);
        ret = SIM_ERR_INPUT;
    } else if (ret == SIM_OK && program->find_model(job->reader.model) == NULL) {
        complain_of(job, messages, "this program does not have its model, ", job->reader.model);
        ret = SIM_ERR_INPUT;
    }
    sim_provenance_digest(digest);
    job->same_build = job->build != NULL && strcmp(job->build, digest) == 0;
    sim_free(states);
    return ret;
}

/* Points and replicates count from 0, months from the first that is recorded. */
static int
check_coordinate(
    const struct job *job, const char *name, uint32_t n, uint32_t first, struct sim_messages *messages)
{
    for (uint32_t i = 0; i < n; i++) {
        double number = NAN;
        if (reader_number(&job->reader, name, i, &number) != SIM_OK || number != (double) first + i) {
            complain_of(job, messages, "damaged or changed: these are not the numbers of ", name);
            return SIM_ERR_FILE;
        }
    }
    return SIM_OK;
}

/* A cell that is said to have failed has a reason, and no other has. */
static int
check_errors(const struct job *job, struct sim_messages *messages)
{
    const struct reader *reader = &job->reader;
    int ret = SIM_OK;
    for (uint64_t i = 0; ret == SIM_OK && i < (uint64_t) reader->n_designs * reader->n_replicates; i++) {
        const uint64_t index[] = { i / reader->n_replicates, i % reader->n_replicates };
        char *text = NULL;
        if (reader_status(reader, (uint32_t) index[0], (uint32_t) index[1]) != READER_FAILED) {
            continue;
        }
        ret = reader_text(reader, "run_error", index, 2, &text);
        if (ret == SIM_OK && text[0] == '\0') {
            complain_of(job, messages, "damaged or changed: a cell failed without a reason in ", "run_error");
            ret = SIM_ERR_FILE;
        }
        sim_free(text);
    }
    return ret;
}

/* What would lead a reader to the wrong cell. */
static int
check_frame(const struct job *job, struct sim_messages *messages)
{
    const struct reader *reader = &job->reader;
    int ret = check_coordinate(job, "design", reader->n_designs, 0, messages);
    if (ret == SIM_OK) {
        ret = check_coordinate(job, "replicate", reader->n_replicates, 0, messages);
    }
    if (ret == SIM_OK) {
        ret = check_coordinate(job, "tick", reader->n_ticks, reader->before + 1, messages);
    }
    return ret == SIM_OK ? check_errors(job, messages) : ret;
}

/* Draws cells that ran well, without putting back, in the order of the file. */
static int
draw_cells(struct job *job, uint32_t most, uint32_t seed)
{
    const struct reader *reader = &job->reader;
    const uint32_t n = reader->n_designs * reader->n_replicates;
    uint32_t *good = sim_alloc(n, sizeof(*good)), *drawn = sim_alloc(most, sizeof(*drawn));
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    int ret = SIM_ERR_MEMORY;
    if (good == NULL || drawn == NULL || rng == NULL) {
        goto out;
    }
    for (uint32_t i = 0; i < n; i++) {
        enum reader_status status = reader_status(reader, i / reader->n_replicates, i % reader->n_replicates);
        good[job->n_ok] = i;
        job->n_ok += status == READER_RAN;
        job->n_failed += status == READER_FAILED;
    }
    job->n_missing = n - job->n_ok - job->n_failed;
    job->n_cells = job->n_ok < most ? job->n_ok : most;
    job->cells = sim_alloc(job->n_cells, sizeof(*job->cells));
    if (job->cells == NULL) {
        goto out;
    }
    gsl_rng_set(rng, seed);
    gsl_ran_choose(rng, drawn, job->n_cells, good, job->n_ok, sizeof(*good));
    for (uint32_t i = 0; i < job->n_cells; i++) {
        job->cells[i].design = drawn[i] / reader->n_replicates;
        job->cells[i].replicate = drawn[i] % reader->n_replicates;
    }
    ret = SIM_OK;
out:
    sim_free(good);
    sim_free(drawn);
    gsl_rng_free(rng);
    return ret;
}

/* The place of the first number that differs. */
static void
print_place(const struct verify_cell *cell)
{
    printf("      %s", cell->variable);
    if (cell->tick > 0) {
        printf(", month %" PRIu32, cell->tick);
    }
    printf("%s%s: %.17g in the file, %.17g now", cell->label[0] != '\0' ? ", " : "", cell->label,
        cell->recorded, cell->computed);
    if (cell->n_variables > 1) {
        printf("; %" PRIu32 " variables differ", cell->n_variables);
    }
    printf("\n");
}

static void
print_cell(const struct job *job, const struct verify_cell *cell)
{
    printf("  design point %" PRIu32 " (%s), replicate %" PRIu32 ": %s\n", cell->design,
        job->reader.scenarios[cell->design], cell->replicate, findings[cell->finding]);
    if (cell->finding == VERIFY_FAILED) {
        printf("      %s\n", cell->error);
    }
    if (cell->finding == VERIFY_DIGEST || cell->finding == VERIFY_BOTH) {
        printf("      run_digest: %s in the file, %s now\n", cell->recorded_digest, cell->digest);
    }
    if (cell->n_variables > 0) {
        print_place(cell);
    }
}

static void
print_text(const struct job *job, uint32_t seed)
{
    printf("%s: %" PRIu32 " of %" PRIu32 " cells run again (drawn with seed %" PRIu32 ")\n", job->reader.path,
        job->n_cells, job->n_ok, seed);
    if (!job->same_build) {
        printf("  made by another build, of cogov %s (build %s); this is cogov %s\n",
            job->version != NULL ? job->version : "?", job->build != NULL ? job->build : "?", sim_version());
    }
    if (job->n_failed > 0) {
        printf(
            "  %" PRIu32 " more failed when the file was made; run_error has the reasons\n", job->n_failed);
    }
    for (uint32_t i = 0; i < job->n_cells; i++) {
        print_cell(job, &job->cells[i]);
    }
    if (job->n_cells == 0) {
        printf("no cell of the file ran well: there is nothing to compare\n");
    } else if (job->n_equal == job->n_cells) {
        printf("all equal\n");
    } else {
        printf("%" PRIu32 " of %" PRIu32 " differ\n", job->n_cells - job->n_equal, job->n_cells);
    }
}

/* JSON has no NaN. */
static json_t *
number_of(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

static json_t *
json_of(const struct job *job, const struct verify_cell *cell)
{
    json_t *object = json_pack("{s:I, s:s, s:I, s:b, s:s, s:s, s:s}", "design", (json_int_t) cell->design,
        "scenario", job->reader.scenarios[cell->design], "replicate", (json_int_t) cell->replicate, "equal",
        cell->finding == VERIFY_EQUAL, "finding", findings[cell->finding], "recorded_digest",
        cell->recorded_digest, "digest", cell->digest);
    if (cell->error[0] != '\0') {
        json_object_set_new(object, "error", json_string(cell->error));
    }
    if (cell->n_variables > 0) {
        json_object_set_new(object, "variables", json_integer(cell->n_variables));
        json_object_set_new(object, "variable", json_string(cell->variable));
        json_object_set_new(object, "month", json_integer(cell->tick));
        json_object_set_new(object, "label", json_string(cell->label));
        json_object_set_new(object, "recorded", number_of(cell->recorded));
        json_object_set_new(object, "computed", number_of(cell->computed));
    }
    return object;
}

static void
print_json(const struct job *job, uint32_t seed)
{
    json_t *cells = json_array();
    for (uint32_t i = 0; i < job->n_cells; i++) {
        json_array_append_new(cells, json_of(job, &job->cells[i]));
    }
    json_t *all = json_pack("{s:s, s:s?, s:s?, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "file",
        job->reader.path, "version", job->version, "build_digest", job->build, "same_build", job->same_build,
        "seed", (json_int_t) seed, "ok", (json_int_t) job->n_ok, "failed", (json_int_t) job->n_failed,
        "not_run", (json_int_t) job->n_missing, "verified", (json_int_t) job->n_cells, "equal",
        (json_int_t) job->n_equal, "cells", cells);
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    printf("\n");
    json_decref(all);
}

static void
print_findings(const struct cli_options *options, struct job *job, uint32_t seed)
{
    for (uint32_t i = 0; i < job->n_cells; i++) {
        job->n_equal += job->cells[i].finding == VERIFY_EQUAL;
    }
    if (options->format != NULL && strcmp(options->format, "json") == 0) {
        print_json(job, seed);
    } else {
        print_text(job, seed);
    }
}

static int
verify(const struct cli_program *program, const struct cli_options *options, struct job *job,
    struct sim_messages *messages)
{
    const struct verify_how how = { program->find_model, options->threads > 0 ? (int) options->threads : 0,
        cli_binds(options), program->stop };
    uint32_t seed = options->seed >= 0 ? (uint32_t) options->seed : STANDARD_SEED;
    int ret = reader_init(&job->reader, options->words[0], messages);
    if (ret == SIM_OK) {
        ret = check_file(job, program, messages);
    }
    if (ret == SIM_OK) {
        ret = check_frame(job, messages);
    }
    if (ret == SIM_OK) {
        ret = draw_cells(job, options->cells > 0 ? (uint32_t) options->cells : STANDARD_CELLS, seed);
    }
    if (ret == SIM_OK && job->n_cells > 0) {
        program->catch_signals(1);
        ret = verify_run(&job->reader, job->cells, job->n_cells, &how, messages);
        program->catch_signals(0);
    }
    if (ret == SIM_OK) {
        print_findings(options, job, seed);
    }
    return ret;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    struct job job = { .n_cells = 0 };
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = verify(program, options, &job, &messages);
    cli_print_messages(&messages);
    if (ret != SIM_OK && messages.errors == 0) {
        cli_complain("%s", sim_status_text(ret));
    }
    int equal = job.n_equal == job.n_cells && job.n_cells > 0;
    reader_free(&job.reader);
    sim_free(job.cells);
    sim_free(job.version);
    sim_free(job.build);
    sim_messages_free(&messages);
    return ret == SIM_OK         ? (equal ? CLI_DONE : CLI_FAILED)
        : ret == SIM_ERR_STOPPED ? CLI_STOPPED
        : ret == SIM_ERR_MEMORY  ? CLI_FAILED
                                 : CLI_WRONG;
}

const struct cli_command command_verify = {
    .name = "verify",
    .arguments = "results.h5 [options]",
    .summary = "Run random cells of a results file again, from the file alone, and compare.",
    .notes =
        "Compares the digest and every recorded number of each cell. Cells are drawn among those that ran well; --seed\n"
        "(here of the choice) draws others. /summary and the texts of /config are not compared. A file that another\n"
        "build made is run by this one. Exit status 1 if something differs.\n"
        "--format: text|json.",
    .options = CLI_CELLS | CLI_SEED | CLI_THREADS | CLI_FORMAT | CLI_NO_BIND,
    .fewest = 1,
    .most = 1,
    .formats = "text|json",
    .run = run,
};
