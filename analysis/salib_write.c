/* salib_write.c - points and outcomes for SALib. Numbers read back to the same bits; an unknown outcome is nan. */
#include "analysis/salib.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/number.h"
#include "sim/publish.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where a file goes, and what may be there. */
struct place {
    const char *folder;
    enum sim_publish_mode mode;
    struct sim_messages *messages;
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
publish(const struct place *place, const char *path, const char *text, size_t size)
{
    struct sim_publication publication;
    int ret = sim_publication_init(&publication, path, place->mode, place->messages);
    if (ret != SIM_OK) {
        return ret;
    }
    sim_publication_write(&publication, 0, text, size);
    ret = sim_publication_finish(&publication, place->messages);
    sim_publication_free(&publication);
    if (ret == SIM_ERR_EXISTS) {
        sim_messages_add(place->messages, SIM_ERROR, (struct sim_where){ path, 0, 0 },
            "is there already; --overwrite replaces it");
        ret = SIM_ERR_INPUT;
    }
    return ret;
}

static int
write_text(const struct place *place, const char *name, print_text print,
    const struct sensitivity_scenario *scenario, const void *what)
{
    char *text = NULL, *path = sim_print_text("%s/%s", place->folder, name);
    size_t size = 0;
    FILE *out = path != NULL ? open_memstream(&text, &size) : NULL;
    int ret = out != NULL ? SIM_OK : SIM_ERR_MEMORY;
    if (out != NULL) {
        print(out, scenario, what);
        int failed = ferror(out);
        ret = fclose(out) != 0 || failed ? SIM_ERR_MEMORY : SIM_OK;
    }
    if (ret == SIM_OK) {
        ret = publish(place, path, text, size);
    }
    free(text);
    sim_free(path);
    return ret;
}

/* Letters, digits and what names of files have; anything else, such as the sign before a label, becomes a hyphen. */
static char *
file_name(const struct sensitivity_outcome *outcome)
{
    int at_end = outcome->period != NULL && strcmp(outcome->period, "end") == 0;
    char *name =
        sim_print_text("model_output_%s%s%s%s.txt", outcome->observation, outcome->label != NULL ? "-" : "",
            outcome->label != NULL ? outcome->label : "", at_end ? "-end" : "");
    for (char *c = name; c != NULL && *c != '\0'; c++) {
        *c = isalnum((unsigned char) *c) || strchr("._-+", *c) != NULL || (*c & 0x80) != 0 ? *c : '-';
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
        sim_messages_add(place->messages, SIM_WARNING, (struct sim_where){ place->folder, 0, 0 },
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

int
salib_write(
    const struct sensitivity *sensitivity, const char *folder, int overwrite, struct sim_messages *messages)
{
    int ret = sim_publish_folder(folder, messages), several = sensitivity->n_scenarios > 1;
    for (uint32_t s = 0; s < sensitivity->n_scenarios && ret == SIM_OK; s++) {
        const struct sensitivity_scenario *scenario = &sensitivity->scenarios[s];
        char *below = several ? sim_print_text("%s/%s", folder, scenario->name) : sim_copy_text(folder);
        const struct place place = { below, overwrite ? SIM_REPLACE : SIM_KEEP, messages };
        ret = below == NULL ? SIM_ERR_MEMORY : several ? sim_publish_folder(below, messages) : SIM_OK;
        if (ret == SIM_OK) {
            ret = write_scenario(&place, scenario);
        }
        sim_free(below);
    }
    return ret;
}
