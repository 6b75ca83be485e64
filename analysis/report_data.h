/* report_data.h - what `cogov report` tells of results files: one JSON object, which the page shows. Its members:
 *
 *     version, generator, language
 *     file, title, model, seed, first_tick, ticks, burn_in, replicates, spec_digest, build {name: text}
 *                        of the first file; ticks: the last month
 *     files              [{file, title, spec_digest, kind, sections [..]}]: which file gave which analyses
 *     scenarios          [{name, title, first_design, n_designs, resolved}]
 *     scenarios_shown    how many of them have fans and profiles: the first ones
 *     design             {kind, factors [{name, title, unit, values [by design point]}]}; null: each point is a scenario
 *     cells              {ran, failed, not_run, failures [{design, replicate, scenario, reason}], failures_total}
 *     observations       [{name, title, title_zh, unit, dimension, labels, labels_zh}]
 *     fan_groups         [{name, title, n_designs, designs [..]}]: a scenario, over all its design points
 *     tick_step          months from one of the fans' to the next
 *     fans               {tick [..], series [{observation, label, group, n, decimals, median, low80, high80, low50, high50}]}
 *                        n: cells that have run and have a value; from median on: numbers by tick, exact to a thousandth of
 *                        the range of the series, each packed into a text: report_packed in report_json.h
 *     profiles           [{observation, dimension, labels, period, first_tick, last_tick, groups [{group, n, values
 *                        [{value, low, high}]}]}]: mean over the cells of a group, and its 95 % interval
 *     compare, attribution, sensitivity, frontier
 *                        what those analyses print as JSON, compare as a list; null if no file has what they need
 *
 * Numbers and texts that do not exist are null.
 */
#ifndef ANALYSIS_REPORT_DATA_H
#define ANALYSIS_REPORT_DATA_H

#include "analysis/factors.h"
#include "analysis/reader.h"

#include <jansson.h>

#define REPORT_SCENARIOS 8  /* that are shown, at most */
#define REPORT_TICKS 600    /* months of a fan, at most */
#define REPORT_FAILURES 200 /* failed cells that are listed, at most */

/* What is asked of a report. */
struct report_request {
    const char *const
        *observations; /* as outcome.h reads them; none: all, and of the analyses what they choose */
    size_t n_observations;
    int64_t resamples;    /* -1: as many as the analyses take by themselves */
    const char *language; /* "en" or "zh": which the page begins with */
};

/* Design points that start from the same scenario. */
struct report_group {
    uint32_t first_design, n_designs;
};

/* A results file, and what the report tells of it. */
struct report_file {
    const struct reader *reader;
    struct factors factors;
    struct report_group *groups; /* all scenarios */
    uint32_t n_groups, n_shown;
    uint8_t *shown; /* by observation: whether it has fans and profiles */
};

/* SIM_ERR_INPUT, with a message, for an observation that is not there; SIM_ERR_FILE, SIM_ERR_MEMORY. May always be freed. */
int report_file_init(struct report_file *file, const struct reader *reader,
    const struct report_request *request, struct sim_messages *messages);
void report_file_free(struct report_file *file);

/* All of it; the first file is the one that is told of, each gives the analyses that it has the design for. SIM_ERR_INPUT,
 * with a message, for a further file that gives none; SIM_ERR_FILE, SIM_ERR_MEMORY. */
int report_data(json_t **data, const struct report_file *files, size_t n_files,
    const struct report_request *request, struct sim_messages *messages);

/* Parts of it: each adds its members to the data. SIM_ERR_FILE, with a message; SIM_ERR_MEMORY. */
int report_run(json_t *data, const struct report_file *file, struct sim_messages *messages);
int report_cells(json_t *data, const struct report_file *file, struct sim_messages *messages);
int report_fans(json_t *data, const struct report_file *file, struct sim_messages *messages);
int report_profiles(json_t *data, const struct report_file *file, struct sim_messages *messages);

/* Adds what analyses tell of the files, and "files". */
int report_sections(json_t *data, const struct report_file *files, size_t n_files,
    const struct report_request *request, struct sim_messages *messages);

#endif
