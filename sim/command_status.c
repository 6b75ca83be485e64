/* command_status.c - cogov status: how far an experiment is, by its folder. */
#include "sim/cli_status.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/schedule.h"
#include "sim/sink.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* All that is told. */
struct report {
    struct cli_folder folder;
    struct cli_status status;
    struct cli_request request;
    struct sim_experiment experiment;
    struct sim_parts parts;
    struct sim_source source;
    struct cli_failures failures;
    struct sim_messages messages;
    int knows_cells;                      /* the experiment could be rebuilt and the shards read */
    int is_complete;                      /* no parts, or nothing left: */
    uint32_t left;                        /* cells to run, as far as is known */
    uint32_t counts[SIM_RUN_NOT_RUN + 1]; /* of the results file, if there is one */
};

/* The cells, if this program can tell them. What keeps it from it is a message. */
static int
find_cells(struct report *report, const struct cli_program *program)
{
    int ret = cli_folder_experiment(
        &report->folder, program, &report->request, &report->experiment, &report->messages);
    if (ret != SIM_OK) {
        return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
    }
    ret = sim_parts_init(&report->parts, report->folder.parts, &report->experiment);
    if (ret == SIM_OK) {
        ret = sim_parts_scan(&report->parts, &report->messages);
    }
    report->source = sim_parts_source(&report->parts);
    if (ret == SIM_OK) {
        ret = sim_schedule_left(&report->source, &report->left);
    }
    if (ret == SIM_OK) {
        ret = cli_failures_init(&report->failures, &report->source);
    }
    report->knows_cells = ret == SIM_OK;
    report->is_complete = report->knows_cells && report->left == 0;
    return ret;
}

static int
look(struct report *report, const struct cli_program *program, const char *named)
{
    int ret = cli_folder_init(&report->folder, named, &report->messages);
    if (ret == SIM_OK && report->folder.has_output
        && sim_sink_count(report->folder.output, report->counts) != SIM_OK) {
        report->folder.has_output = 0;
        if (!report->folder.is_there) {
            sim_messages_add(&report->messages, SIM_ERROR, (struct sim_where){ report->folder.output, 0, 0 },
                "is no results file of this program, or damaged");
            ret = SIM_ERR_INPUT;
        }
    }
    if (ret == SIM_OK && report->folder.is_there) {
        ret = cli_status_init(&report->status, report->folder.parts, &report->messages);
        ret = ret == SIM_OK ? find_cells(report, program) : ret;
    }
    return ret;
}

/* As text ------------------------------------------------------------------------------------------------- */

static void
print_bytes(uint64_t bytes)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    double size = (double) bytes;
    size_t unit = 0;
    for (; size >= 1024 && unit + 1 < SIM_COUNT_OF(units); unit++) {
        size /= 1024;
    }
    printf("%.3g %s", size, units[unit]);
}

static void
print_writer(const struct cli_writer *writer)
{
    if (writer->is_alive) {
        printf("%s\n", writer->holder[0] != '\0' ? writer->holder : "running");
    } else if (!writer->has_status) {
        printf("nobody works on it\n");
    } else if (strcmp(writer->state, "running") == 0 || strcmp(writer->state, "merging") == 0) {
        printf("nobody works on it; who did was killed\n");
    } else {
        printf("nobody works on it: %s\n", writer->state);
    }
}

static void
print_share(const struct report *report, const struct cli_writer *writer)
{
    struct cli_tally tally;
    printf("  share %" PRIu32 "/%" PRIu32 "  ", writer->share.index + 1, writer->share.count);
    if (report->knows_cells) {
        cli_tally_share(&report->parts, writer->share, &tally);
        printf("%" PRIu32 " of %" PRIu32 " cells, ", tally.ok + tally.failed, tally.cells);
        if (tally.ok + tally.failed == tally.cells && !writer->is_alive) {
            printf("done\n");
            return;
        }
    }
    print_writer(writer);
}

/* The scenario, with what the design varies, and the replicate. */
static void
print_cell(const struct report *report, uint32_t cell)
{
    const struct sim_experiment *experiment = &report->experiment;
    char point[512];
    sim_point_describe(experiment, cell / experiment->n_replicates, point, sizeof(point));
    printf("      %s, replicate %" PRIu32 "\n", point, cell % experiment->n_replicates);
}

static void
print_failures(const struct report *report)
{
    enum { MOST = 20 };
    const struct cli_failures *failures = &report->failures;
    for (uint32_t i = 0; i < failures->n && i < MOST; i++) {
        const struct cli_failure *failure = &failures->list[i];
        printf("  failed, %" PRIu32 ": %s\n", failure->n, failure->error);
        for (uint32_t k = 0; k < failure->n && k < SIM_COUNT_OF(failure->first); k++) {
            print_cell(report, failure->first[k]);
        }
        if (failure->n > SIM_COUNT_OF(failure->first)) {
            printf("      and %" PRIu32 " more\n", failure->n - (uint32_t) SIM_COUNT_OF(failure->first));
        }
    }
    if (failures->n > MOST) {
        printf("  and %" PRIu32 " more reasons\n", failures->n - MOST);
    }
}

/* Cells a second of all who work there. */
static double
rate_of(const struct cli_status *status)
{
    double rate = 0;
    for (uint32_t i = 0; i < status->n_writers; i++) {
        rate += status->writers[i].is_alive && status->writers[i].has_status ? status->writers[i].rate : 0;
    }
    return rate;
}

static void
print_cells(const struct report *report)
{
    const struct sim_parts *parts = &report->parts;
    const int rule = report->experiment.stopping.n > 0;
    uint32_t done = parts->n_ok + parts->n_failed;
    printf("%s: %" PRIu32 " of %s%" PRIu32 " cells done (%.0f %%), %" PRIu32 " of them failed, %s%" PRIu32
           " to run\n",
        parts->folder, done, rule ? "at most " : "", parts->n_cells, 100.0 * done / parts->n_cells,
        parts->n_failed, rule && report->left > 0 ? "at least " : "", report->left);
}

/* What a user would do now. */
static void
print_advice(const struct report *report)
{
    const char *parts = report->folder.parts;
    if (report->status.asked_to_stop) {
        printf("  the file \"stop\" is there: remove it to go on\n");
    }
    if (cli_status_is_alive(&report->status) || !report->knows_cells) {
        return;
    }
    if (report->is_complete && report->parts.n_failed > 0 && report->folder.has_output) {
        printf("  %s is written; cogov retry %s --failed runs again what failed\n", report->folder.output,
            parts);
    } else if (report->is_complete) {
        printf("  nothing is missing: cogov merge %s writes the results file\n", parts);
    } else {
        printf("  the command that began it goes on, and so does cogov retry %s\n", parts);
    }
}

static void
print_parts(const struct report *report)
{
    const struct cli_status *status = &report->status;
    if (report->knows_cells) {
        print_cells(report);
    } else {
        printf("%s: what is in the shards cannot be told\n", report->folder.parts);
    }
    for (uint32_t i = status->n_shares > 1; i < status->n_writers && status->n_shares > 1; i++) {
        print_share(report, &status->writers[i]);
    }
    if (status->n_shares == 1 || status->writers[0].is_alive) {
        printf("  ");
        print_writer(&status->writers[0]);
    }
    printf("  %" PRIu32 " shard%s, ", status->n_shards, status->n_shards == 1 ? "" : "s");
    print_bytes(status->bytes);
    if (status->n_damaged > 0) {
        printf("; %" PRIu32 " set aside as damaged", status->n_damaged);
    }
    if (status->n_checkpoints > 0) {
        printf("; the state of %" PRIu32 " unfinished cell%s", status->n_checkpoints,
            status->n_checkpoints == 1 ? "" : "s");
    }
    printf("\n");
    double rate = rate_of(status);
    if (rate > 0 && report->knows_cells) {
        char left[CLI_TIME_SIZE];
        cli_print_time(left, report->left / rate);
        printf("  %.3g cells/s, about %s left\n", rate, left);
    }
    print_failures(report);
    print_advice(report);
}

static void
print_text(const struct report *report)
{
    const uint32_t *counts = report->counts;
    if (!report->folder.is_there) {
        printf("%s is complete: %" PRIu32 " cells ran well, %" PRIu32 " failed", report->folder.output,
            counts[SIM_RUN_OK], counts[SIM_RUN_FAILED]);
        if (counts[SIM_RUN_NOT_RUN] > 0) {
            printf(", %" PRIu32 " were not needed", counts[SIM_RUN_NOT_RUN]);
        }
        printf("\n");
        return;
    }
    print_parts(report);
}

/* As JSON ------------------------------------------------------------------------------------------------- */

static json_t *
json_of_writer(const struct report *report, const struct cli_writer *writer)
{
    struct cli_tally tally;
    json_t *object = json_pack("{s:I, s:I, s:b, s:s, s:s}", "share", (json_int_t) writer->share.index + 1,
        "of", (json_int_t) writer->share.count, "running", writer->is_alive, "holder", writer->holder,
        "state", writer->has_status ? writer->state : "");
    if (report->knows_cells) {
        cli_tally_share(&report->parts, writer->share, &tally);
        json_object_set_new(object, "cells", json_integer(tally.cells));
        json_object_set_new(object, "ok", json_integer(tally.ok));
        json_object_set_new(object, "failed", json_integer(tally.failed));
    }
    return object;
}

static json_t *
json_of_cell(const struct sim_experiment *experiment, uint32_t cell)
{
    uint32_t point = cell / experiment->n_replicates;
    char text[512];
    sim_point_describe(experiment, point, text, sizeof(text));
    return json_pack("{s:I, s:s, s:s, s:I}", "design", (json_int_t) point, "scenario",
        sim_experiment_base(experiment, point)->stem, "point", text, "replicate",
        (json_int_t) (cell % experiment->n_replicates));
}

static json_t *
json_of_failures(const struct report *report)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < report->failures.n; i++) {
        const struct cli_failure *failure = &report->failures.list[i];
        json_t *cells = json_array();
        for (uint32_t k = 0; k < failure->n && k < SIM_COUNT_OF(failure->first); k++) {
            json_array_append_new(cells, json_of_cell(&report->experiment, failure->first[k]));
        }
        json_array_append_new(list,
            json_pack("{s:s, s:I, s:o}", "error", failure->error, "cells", (json_int_t) failure->n, "first",
                cells));
    }
    return list;
}

static json_t *
json_of_messages(const struct sim_messages *messages)
{
    json_t *list = json_array();
    for (size_t i = 0; i < messages->count; i++) {
        char line[4096];
        sim_message_format(&messages->list[i], line, sizeof(line));
        json_array_append_new(list, json_string(line));
    }
    return list;
}

static void
add_parts(const struct report *report, json_t *all)
{
    const struct cli_status *status = &report->status;
    json_t *writers = json_array();
    double rate = rate_of(status);
    for (uint32_t i = 0; i < status->n_writers; i++) {
        json_array_append_new(writers, json_of_writer(report, &status->writers[i]));
    }
    if (report->knows_cells) {
        json_object_set_new(all, "cells", json_integer(report->parts.n_cells));
        json_object_set_new(all, "ok", json_integer(report->parts.n_ok));
        json_object_set_new(all, "failed", json_integer(report->parts.n_failed));
        json_object_set_new(all, "left", json_integer(report->left));
        json_object_set_new(all, "failures", json_of_failures(report));
    }
    json_object_set_new(all, "running", json_boolean(cli_status_is_alive(status)));
    json_object_set_new(all, "cells_per_second", json_real(rate));
    json_object_set_new(
        all, "seconds_left", rate > 0 && report->knows_cells ? json_real(report->left / rate) : json_null());
    json_object_set_new(all, "writers", writers);
    json_object_set_new(all, "shards", json_integer(status->n_shards));
    json_object_set_new(all, "bytes", json_integer((json_int_t) status->bytes));
    json_object_set_new(all, "damaged", json_integer(status->n_damaged));
    json_object_set_new(all, "checkpoints", json_integer(status->n_checkpoints));
    json_object_set_new(all, "stop", json_boolean(status->asked_to_stop));
    json_object_set_new(all, "notes", json_of_messages(&report->messages));
}

static void
print_json(const struct report *report)
{
    json_t *all = json_object();
    json_object_set_new(all, "folder", json_string(report->folder.parts));
    if (report->folder.is_there) {
        json_object_set_new(all, "complete", json_boolean(report->is_complete));
        add_parts(report, all);
    } else {
        uint32_t ok = report->counts[SIM_RUN_OK], failed = report->counts[SIM_RUN_FAILED],
                 unneeded = report->counts[SIM_RUN_NOT_RUN];
        json_object_set_new(all, "complete", json_true());
        json_object_set_new(all, "cells", json_integer((json_int_t) ok + failed + unneeded));
        json_object_set_new(all, "ok", json_integer(ok));
        json_object_set_new(all, "failed", json_integer(failed));
        json_object_set_new(all, "left", json_integer(0));
    }
    json_object_set_new(
        all, "results", report->folder.has_output ? json_string(report->folder.output) : json_null());
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
    printf("\n");
    json_decref(all);
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    struct report report = { .left = 0 };
    sim_messages_init(&report.messages);
    int as_json = options->format != NULL && strcmp(options->format, "json") == 0;
    int ret = look(&report, program, options->words[0]);
    if (ret != SIM_OK || !as_json) {
        cli_print_messages(&report.messages);
    }
    if (ret == SIM_OK && as_json) {
        print_json(&report);
    } else if (ret == SIM_OK) {
        print_text(&report);
    } else if (report.messages.errors == 0) {
        cli_complain("%s", sim_status_text(ret));
    }
    cli_failures_free(&report.failures);
    if (report.parts.state != NULL) {
        sim_parts_free(&report.parts);
    }
    sim_experiment_free(&report.experiment);
    cli_request_free(&report.request);
    cli_status_free(&report.status);
    cli_folder_free(&report.folder);
    sim_messages_free(&report.messages);
    return ret == SIM_OK ? CLI_DONE : ret == SIM_ERR_INPUT ? CLI_WRONG : CLI_FAILED;
}

const struct cli_command command_status = {
    .name = "status",
    .arguments = "results.h5.parts [--format text|json]",
    .summary =
        "Tell how far an experiment is: cells done and failed, who works on it, how long it will take.",
    .notes =
        "Looks only: it takes no lock and changes nothing, so that it may be asked while others work. results.h5 means\n"
        "its parts, or, when they are gone, itself. --format: text|json.",
    .options = CLI_FORMAT,
    .fewest = 1,
    .most = 1,
    .formats = "text|json",
    .run = run,
};
