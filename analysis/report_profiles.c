/* report_profiles.c - observations with a dimension, such as depth or age: the mean of each label over the cells of a
 * scenario, and its 95 % interval. */
#include "analysis/report_data.h"
#include "analysis/report_json.h"

#include "analysis/outcome.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <math.h>

#define PIECE 1048576 /* numbers that are read at a time, or one cell's if these are more */

/* One observation with a dimension. */
struct profile {
    const struct report_file *file;
    const struct reader_observation *observation;
    uint32_t first_tick, n_ticks; /* months that are averaged; ticks count from 0 */
    double *numbers;              /* of some cells: by tick, label */
    double *means;                /* of a group: by label, cell */
};

/* The mean of the months that have a value, of one label of a cell that was read. */
static double
mean_of(const struct profile *profile, const double *numbers)
{
    double months[OUTCOME_MONTHS];
    size_t n = 0;
    for (uint32_t tick = 0; tick < profile->n_ticks; tick++) {
        months[n] = numbers[(size_t) tick * profile->observation->n_labels];
        n += isnan(months[n]) ? 0 : 1;
    }
    return sim_mean(months, n);
}

/* Takes the cells of a box that was read; cells of the group in all. */
static void
take_cells(const struct profile *profile, const struct report_group *group, const struct reader_box *box,
    size_t cells)
{
    const struct reader *reader = profile->file->reader;
    const double *numbers = profile->numbers;
    for (uint32_t d = box->design; d < box->design + box->n_designs; d++) {
        for (uint32_t r = box->replicate; r < box->replicate + box->n_replicates; r++) {
            size_t cell = (size_t) (d - group->first_design) * reader->n_replicates + r;
            int ran = reader_status(reader, d, r) == READER_RAN;
            for (uint32_t label = 0; label < box->n_labels; label++) {
                profile->means[label * cells + cell] = ran ? mean_of(profile, numbers + label) : (double) NAN;
            }
            numbers += (size_t) box->n_ticks * box->n_labels;
        }
    }
}

/* Reads as many design points at a time as fit, or else replicates of one. */
static int
read_group(const struct profile *profile, const struct report_group *group, uint32_t fit,
    struct sim_messages *messages)
{
    const struct reader *reader = profile->file->reader;
    size_t cells = (size_t) group->n_designs * reader->n_replicates;
    uint32_t designs = fit / reader->n_replicates > 0 ? fit / reader->n_replicates : 1;
    uint32_t replicates = fit < reader->n_replicates ? fit : reader->n_replicates;
    uint32_t end = group->first_design + group->n_designs;
    struct reader_box box = {
        .tick = profile->first_tick, .n_ticks = profile->n_ticks, .n_labels = profile->observation->n_labels
    };
    int ret = SIM_OK;
    for (box.design = group->first_design; ret == SIM_OK && box.design < end; box.design += designs) {
        box.n_designs = designs < end - box.design ? designs : end - box.design;
        for (box.replicate = 0; ret == SIM_OK && box.replicate < reader->n_replicates;
             box.replicate += replicates) {
            uint32_t left = reader->n_replicates - box.replicate;
            box.n_replicates = replicates < left ? replicates : left;
            ret = reader_box(reader, profile->observation, &box, profile->numbers, messages);
            if (ret == SIM_OK) {
                take_cells(profile, group, &box, cells);
            }
        }
    }
    return ret;
}

/* Moves those that are known to the front; returns how many. */
static size_t
leave_out_unknown(double *numbers, size_t n)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        numbers[known] = numbers[i];
        known += isnan(numbers[i]) ? 0 : 1;
    }
    return known;
}

static json_t *
group_json(const struct profile *profile, uint32_t g)
{
    size_t cells = (size_t) profile->file->groups[g].n_designs * profile->file->reader->n_replicates,
           most = 0;
    json_t *values = json_array();
    int failed = values == NULL;
    for (uint32_t label = 0; label < profile->observation->n_labels && !failed; label++) {
        size_t n = leave_out_unknown(profile->means + label * cells, cells);
        most = n > most ? n : most;
        failed =
            report_append(values, answer_json_interval(inference_mean(profile->means + label * cells, n)));
    }
    json_t *json =
        json_pack("{s:I, s:I, s:o}", "group", (json_int_t) g, "n", (json_int_t) most, "values", values);
    if (failed) {
        json_decref(json);
    }
    return failed ? NULL : json;
}

static int
add_group(json_t *groups, struct profile *profile, uint32_t g, struct sim_messages *messages)
{
    const struct report_group *group = &profile->file->groups[g];
    size_t cells = (size_t) group->n_designs * profile->file->reader->n_replicates;
    size_t cell = (size_t) profile->n_ticks * profile->observation->n_labels; /* numbers of one */
    size_t fit = PIECE / cell > 0 ? PIECE / cell : 1;
    fit = fit < cells ? fit : cells;
    profile->numbers = sim_alloc(fit, cell * sizeof(double));
    profile->means = sim_alloc(cells, profile->observation->n_labels * sizeof(double));
    int ret = profile->numbers != NULL && profile->means != NULL
        ? read_group(profile, group, (uint32_t) fit, messages)
        : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        ret = report_append(groups, group_json(profile, g)) ? SIM_ERR_MEMORY : SIM_OK;
    }
    sim_free(profile->numbers);
    sim_free(profile->means);
    return ret;
}

static int
add_profile(json_t *profiles, struct profile *profile, struct sim_messages *messages)
{
    const struct reader_observation *observation = profile->observation;
    const struct reader *reader = profile->file->reader;
    json_t *groups = json_array();
    int ret = groups != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t g = 0; ret == SIM_OK && g < profile->file->n_shown; g++) {
        ret = add_group(groups, profile, g, messages);
    }
    uint32_t first = reader->before + profile->first_tick + 1, last = reader->before + reader->n_ticks;
    json_t *json = json_pack("{s:o, s:o, s:o, s:s, s:I, s:I, s:o}", "observation",
        answer_json_text(observation->name), "dimension", answer_json_text(observation->dimension), "labels",
        report_texts(observation->labels, observation->n_labels), "period",
        last > reader->burn_in ? "average" : "end", "first_tick", (json_int_t) first, "last_tick",
        (json_int_t) last, "groups", groups);
    int failed = report_append(profiles, json);
    return ret == SIM_OK && failed ? (int) SIM_ERR_MEMORY : ret;
}

int
report_profiles(json_t *data, const struct report_file *file, struct sim_messages *messages)
{
    const struct reader *reader = file->reader;
    struct profile profile = { .file = file };
    uint32_t first;
    outcome_months(reader, &first, &profile.n_ticks);
    profile.n_ticks = profile.n_ticks > 0 ? profile.n_ticks : 1; /* the last month if all are burn-in */
    profile.first_tick = reader->n_ticks - profile.n_ticks;
    json_t *profiles = json_array();
    int ret = profiles != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t o = 0; ret == SIM_OK && o < reader->n_observations; o++) {
        profile.observation = &reader->observations[o];
        if (file->shown[o] && profile.observation->labels != NULL) {
            ret = add_profile(profiles, &profile, messages);
        }
    }
    int failed = report_set(data, "profiles", profiles);
    return ret == SIM_OK && failed ? (int) SIM_ERR_MEMORY : ret;
}
