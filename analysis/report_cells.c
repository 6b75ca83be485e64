/* report_cells.c - how many cells have run, and why others have not. */
#include "analysis/report_data.h"
#include "analysis/report_json.h"

#include "analysis/outcome.h"
#include "sim/alloc.h"
#include "sim/error.h"

/* A reason that cannot be read is none. */
static json_t *
failure_json(const struct reader *reader, uint32_t design, uint32_t replicate)
{
    const uint64_t index[] = { design, replicate };
    char *reason = NULL;
    if (reader_text(reader, "run_error", index, 2, &reason) == SIM_ERR_MEMORY) {
        return NULL;
    }
    json_t *json =
        json_pack("{s:I, s:I, s:o, s:o}", "design", (json_int_t) design, "replicate", (json_int_t) replicate,
            "scenario", answer_json_text(reader->scenarios[design]), "reason", answer_json_text(reason));
    sim_free(reason);
    return json;
}

/* The first failed cells. */
static json_t *
failures_json(const struct reader *reader)
{
    json_t *failures = json_array();
    int failed = failures == NULL;
    for (uint32_t d = 0; d < reader->n_designs; d++) {
        for (uint32_t r = 0; r < reader->n_replicates; r++) {
            if (reader_status(reader, d, r) == READER_FAILED && !failed
                && json_array_size(failures) < REPORT_FAILURES) {
                failed = report_append(failures, failure_json(reader, d, r));
            }
        }
    }
    if (failed) {
        json_decref(failures);
    }
    return failed ? NULL : failures;
}

int
report_cells(json_t *data, const struct report_file *file, struct sim_messages *messages)
{
    uint64_t ran, failed, not_run;
    (void) messages;
    outcome_cells(file->reader, 0, file->reader->n_designs, &ran, &failed, &not_run);
    json_t *cells = json_pack("{s:I, s:I, s:I, s:o, s:I}", "ran", (json_int_t) ran, "failed",
        (json_int_t) failed, "not_run", (json_int_t) not_run, "failures", failures_json(file->reader),
        "failures_total", (json_int_t) failed);
    return report_set(data, "cells", cells) ? SIM_ERR_MEMORY : SIM_OK;
}
