/* report_profiles.c - observations with a dimension, such as depth or age: the mean of each label over the cells of a
 * scenario, and its 95 % interval. */
#include "analysis/report_data.h"
#include "analysis/report_json.h"

#include "analysis/outcome.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>

/* What a profile is computed with. */
struct profile {
    const struct report_file *file;
    struct outcome outcome; /* the label that is being looked at */
    double *values;         /* of it, by cell */
    double *known;          /* of the cells of a group, those that have one */
    json_t *groups;
};

/* Adds a label's mean to a group. */
static int
add_mean(struct profile *profile, uint32_t g)
{
    const struct report_group *group = &profile->file->groups[g];
    uint32_t replicates = profile->file->reader->n_replicates;
    const double *values = profile->values + (size_t) group->first_design * replicates;
    size_t n = 0;
    for (size_t i = 0; i < (size_t) group->n_designs * replicates; i++) {
        if (!isnan(values[i])) {
            profile->known[n++] = values[i];
        }
    }
    json_t *json = json_array_get(profile->groups, g);
    json_int_t most = json_integer_value(json_object_get(json, "n"));
    int failed = report_set(json, "n", json_integer((json_int_t) n > most ? (json_int_t) n : most));
    failed = report_append(json_object_get(json, "values"), report_mean(profile->known, n)) || failed;
    return failed ? SIM_ERR_MEMORY : SIM_OK;
}

static int
add_label(struct profile *profile, struct sim_messages *messages)
{
    int ret = outcome_values(&profile->outcome, profile->file->reader, profile->values, messages);
    for (uint32_t g = 0; ret == SIM_OK && g < profile->file->n_shown; g++) {
        ret = add_mean(profile, g);
    }
    return ret;
}

static json_t *
empty_groups(const struct report_file *file)
{
    json_t *groups = json_array();
    int failed = groups == NULL;
    for (uint32_t g = 0; g < file->n_shown && !failed; g++) {
        failed =
            report_append(groups, json_pack("{s:I, s:i, s:[]}", "group", (json_int_t) g, "n", 0, "values"));
    }
    if (failed) {
        json_decref(groups);
    }
    return failed ? NULL : groups;
}

static int
add_profile(json_t *profiles, struct profile *profile, struct sim_messages *messages)
{
    const struct reader_observation *observation = profile->outcome.observation;
    struct outcome *outcome = &profile->outcome;
    profile->groups = empty_groups(profile->file);
    json_t *json = json_pack("{s:o, s:o, s:o, s:s, s:I, s:I, s:o}", "observation",
        report_text(observation->name), "dimension", report_text(observation->dimension), "labels",
        report_texts(observation->labels, observation->n_labels), "period",
        outcome->period == OUTCOME_END ? "end" : "average", "first_tick", (json_int_t) outcome->first_tick,
        "last_tick", (json_int_t) outcome->last_tick, "groups", profile->groups);
    int ret = report_append(profiles, json) ? SIM_ERR_MEMORY : SIM_OK;
    for (outcome->label = 0; ret == SIM_OK && outcome->label < observation->n_labels; outcome->label++) {
        ret = add_label(profile, messages);
    }
    return ret;
}

/* The averaged months; the last one if all are burn-in. */
static struct outcome
averaged(const struct reader *reader)
{
    uint32_t months;
    struct outcome outcome = { .last_tick = reader->before + reader->n_ticks };
    outcome_months(reader, &outcome.first_tick, &months);
    outcome.period = months > 0 ? OUTCOME_AVERAGE : OUTCOME_END;
    outcome.first_tick = months > 0 ? outcome.first_tick : outcome.last_tick;
    return outcome;
}

int
report_profiles(json_t *data, const struct report_file *file, struct sim_messages *messages)
{
    const struct reader *reader = file->reader;
    size_t cells = (size_t) reader->n_designs * reader->n_replicates;
    struct profile profile = { .file = file,
        .outcome = averaged(reader),
        .values = sim_alloc(cells, sizeof(double)),
        .known = sim_alloc(cells, sizeof(double)) };
    json_t *profiles = json_array();
    int ret = profile.values != NULL && profile.known != NULL && profiles != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t o = 0; ret == SIM_OK && o < reader->n_observations; o++) {
        profile.outcome.observation = &reader->observations[o];
        if (file->shown[o] && reader->observations[o].labels != NULL) {
            ret = add_profile(profiles, &profile, messages);
        }
    }
    sim_free(profile.values);
    sim_free(profile.known);
    int failed = report_set(data, "profiles", profiles);
    return ret == SIM_OK && failed ? (int) SIM_ERR_MEMORY : ret;
}
