/* salib_write.c - points and outcomes for SALib. Numbers read back to the same bits; an unknown outcome is nan. */
#include "analysis/salib.h"

#include "analysis/export_file.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/number.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Where a file goes, and with which others it appears. */
struct place {
    const char *folder;
    struct export_files *files;
};

typedef void (*print_text)(FILE *out, const struct sensitivity_scenario *scenario, const void *what);

static void
print_number(FILE *out, double number, char end)
{
    char text[32] = "nan";
    if (!isnan(number)) {
        sim_print_real(number, text, sizeof(text));
    }
    fprintf(out, "%s%c", text, end);
}

static void
print_parameters(FILE *out, const struct sensitivity_scenario *scenario, const void *what)
{
    (void) what;
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        const struct sensitivity_factor *factor = &scenario->sample.factors[f];
        fprintf(out, "%s,", factor->name);
        print_number(out, factor->low, ',');
        print_number(out, factor->high, '\n');
    }
}

static void
print_levels(FILE *out, const struct sensitivity_scenario *scenario, const void *what)
{
    (void) what;
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        const struct sensitivity_factor *factor = &scenario->sample.factors[f];
        if (factor->levels != NULL) {
            fprintf(out, "%s: %s\n", factor->name, factor->levels);
        }
    }
}

static int
has_levels(const struct sensitivity_scenario *scenario)
{
    int any = 0;
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        any |= scenario->sample.factors[f].levels != NULL;
    }
    return any;
}

static void
print_points(FILE *out, const struct sensitivity_scenario *scenario, const void *what)
{
    const struct sensitivity_sample *sample = &scenario->sample;
    (void) what;
    for (uint32_t p = 0; p < sample->n_points; p++) {
        for (uint32_t f = 0; f < sample->n_factors; f++) {
            print_number(out, sensitivity_sample_at(sample, p, f), f + 1 < sample->n_factors ? ' ' : '\n');
        }
    }
}

static void
print_outcomes(FILE *out, const struct sensitivity_scenario *scenario, const void *what)
{
    const struct sensitivity_outcome *outcome = what;
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        print_number(out, outcome->y[p], '\n');
    }
}

static int
write_text(const struct place *place, const char *name, print_text print,
    const struct sensitivity_scenario *scenario, const void *what)
{
    FILE *out;
    char *path = sim_print_text("%s/%s", place->folder, name);
    int ret = path != NULL ? export_files_open(place->files, path, &out) : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        print(out, scenario, what);
        ret = export_files_close(place->files);
    }
    sim_free(path);
    return ret;
}

/* Letters, digits and what names of files have; anything else, such as the sign before a label, becomes a hyphen, and so
 * does a dot in front, which could lead out of the folder. */
static void
make_plain(char *name)
{
    for (char *c = name; *c != '\0'; c++) {
        int dot_in_front = c == name && *c == '.';
        *c = !dot_in_front && (isalnum((unsigned char) *c) || strchr("._-+", *c) != NULL || (*c & 0x80) != 0)
            ? *c
            : '-';
    }
}

static char *
file_name(const struct sensitivity_outcome *outcome)
{
    int at_end = outcome->period != NULL && strcmp(outcome->period, "end") == 0;
    char *name =
        sim_print_text("model_output_%s%s%s%s.txt", outcome->observation, outcome->label != NULL ? "-" : "",
            outcome->label != NULL ? outcome->label : "", at_end ? "-end" : "");
    if (name != NULL) {
        make_plain(name);
    }
    return name;
}

static void
warn(
    const struct place *place, const struct sensitivity_outcome *outcome, uint32_t n_points, const char *name)
{
    uint32_t unknown = 0;
    for (uint32_t p = 0; p < n_points; p++) {
        unknown += isnan(outcome->y[p]) != 0;
    }
    if (unknown > 0) {
        sim_messages_add(place->files->messages, SIM_WARNING, (struct sim_where){ place->folder, 0, 0 },
            "%s: nan at %" PRIu32 " of %" PRIu32 " points, where a cell failed or has no value", name,
            unknown, n_points);
    }
}

static int
write_scenario(const struct place *place, const struct sensitivity_scenario *scenario)
{
    int ret = write_text(place, "params.txt", print_parameters, scenario, NULL);
    if (ret == SIM_OK) {
        ret = write_text(place, "model_input.txt", print_points, scenario, NULL);
    }
    if (ret == SIM_OK && has_levels(scenario)) {
        ret = write_text(place, "levels.txt", print_levels, scenario, NULL);
    }
    for (size_t i = 0; i < scenario->n_outcomes && ret == SIM_OK; i++) {
        const struct sensitivity_outcome *outcome = &scenario->outcomes[i];
        char *name = file_name(outcome);
        ret = name != NULL ? write_text(place, name, print_outcomes, scenario, outcome) : SIM_ERR_MEMORY;
        if (ret == SIM_OK) {
            warn(place, outcome, scenario->sample.n_points, name);
        }
        sim_free(name);
    }
    return ret;
}

/* The folder of one of several scenarios, or of the only one; a new text, NULL without memory. */
static char *
folder_of(const struct sensitivity_scenario *scenario, const char *folder, int several)
{
    char *name = several ? sim_copy_text(scenario->name) : NULL;
    if (!several || name == NULL) {
        return several ? NULL : sim_copy_text(folder);
    }
    make_plain(name);
    char *below = sim_print_text("%s/%s", folder, name);
    sim_free(name);
    return below;
}

int
salib_write(const struct sensitivity *sensitivity, const char *folder, int overwrite, int *unwritten,
    struct sim_messages *messages)
{
    struct export_files files = { .overwrite = overwrite, .messages = messages };
    int ret = sim_publish_folder(folder, messages), several = sensitivity->n_scenarios > 1;
    for (uint32_t s = 0; s < sensitivity->n_scenarios && ret == SIM_OK; s++) {
        char *below = folder_of(&sensitivity->scenarios[s], folder, several);
        const struct place place = { below, &files };
        ret = below == NULL ? SIM_ERR_MEMORY : several ? sim_publish_folder(below, messages) : SIM_OK;
        if (ret == SIM_OK) {
            sim_publish_sweep_folder(below);
            ret = write_scenario(&place, &sensitivity->scenarios[s]);
        }
        sim_free(below);
    }
    if (ret == SIM_OK) {
        ret = export_files_publish(&files);
    }
    *unwritten = files.unwritten;
    export_files_free(&files);
    return ret;
}
