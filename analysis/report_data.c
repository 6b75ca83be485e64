/* report_data.c - what a report tells of results files, put together from its parts. */
#include "analysis/report_data.h"

#include "analysis/outcome.h"
#include "analysis/report_json.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/provenance.h"

#include <stdio.h>

#define VERSION 1 /* of the data: what a page must know to show it */

static int
find_groups(struct report_file *file)
{
    const struct reader *reader = file->reader;
    uint32_t n = 0;
    file->groups = sim_alloc(reader->n_designs, sizeof(*file->groups));
    if (file->groups == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t first = 0; first < reader->n_designs; first += file->groups[n++].n_designs) {
        file->groups[n] = (struct report_group){ first, factors_points(reader, first) };
    }
    file->n_groups = n;
    file->n_shown = n < REPORT_SCENARIOS ? n : REPORT_SCENARIOS;
    return SIM_OK;
}

/* An observation is shown with all its labels, whichever is named. */
static int
choose_observations(
    struct report_file *file, const struct report_request *request, struct sim_messages *messages)
{
    const struct reader *reader = file->reader;
    struct outcome *outcomes = NULL;
    size_t n = 0;
    file->shown = sim_alloc(reader->n_observations, 1);
    int ret = file->shown != NULL ? SIM_OK : SIM_ERR_MEMORY;
    if (ret == SIM_OK && request->n_observations > 0) {
        ret = outcome_list(&outcomes, &n, reader, request->observations, request->n_observations, messages);
    }
    for (uint32_t o = 0; ret == SIM_OK && o < reader->n_observations; o++) {
        file->shown[o] = request->n_observations == 0;
    }
    for (size_t i = 0; ret == SIM_OK && i < n; i++) {
        file->shown[outcomes[i].observation - reader->observations] = 1;
    }
    sim_free(outcomes);
    return ret;
}

int
report_file_init(struct report_file *file, const struct reader *reader, const struct report_request *request,
    struct sim_messages *messages)
{
    *file = (struct report_file){ .reader = reader };
    int ret = factors_init(&file->factors, reader, messages);
    if (ret == SIM_OK) {
        ret = find_groups(file);
    }
    return ret == SIM_OK ? choose_observations(file, request, messages) : ret;
}

void
report_file_free(struct report_file *file)
{
    factors_free(&file->factors);
    sim_free(file->groups);
    sim_free(file->shown);
    *file = (struct report_file){ .reader = NULL };
}

int
report_data(json_t **data, const struct report_file *files, size_t n_files,
    const struct report_request *request, struct sim_messages *messages)
{
    static int (*const parts[])(json_t *, const struct report_file *, struct sim_messages *) = { report_run,
        report_cells, report_fans, report_profiles };
    char generator[64];
    snprintf(generator, sizeof(generator), "cogov %s", sim_version());
    *data = json_pack(
        "{s:i, s:s, s:s}", "version", VERSION, "generator", generator, "language", request->language);
    int ret = *data != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t i = 0; ret == SIM_OK && i < sizeof(parts) / sizeof(*parts); i++) {
        ret = parts[i](*data, &files[0], messages);
    }
    if (ret == SIM_OK) {
        ret = report_sections(*data, files, n_files, request, messages);
    }
    if (ret != SIM_OK) {
        json_decref(*data);
        *data = NULL;
    }
    return ret;
}
