/* sink_design.c - what varies over the design points: one coordinate variable (design) for each parameter, named
 * by its key. Where a scenario does not vary it, its own value stands there. Of a design that mixes two scenarios also
 * from_b_GROUP(design) for each group: whether it is the second's.
 */
#include "sim/sink_parts.h"

#include "sim/alloc.h"
#include "sim/design_attribution.h"
#include "sim/error.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FROM_B "from_b_"

char *
sim_sink_coordinates(const struct sim_experiment *experiment)
{
    const struct sim_design *design = &experiment->design;
    const uint32_t n_groups = design->attribution != NULL ? design->attribution->n_groups : 0;
    size_t size = sizeof(SIM_SINK_COORDINATES) + (size_t) (design->n_factors + n_groups) * (1 + SIM_KEY_SIZE);
    char *text = sim_alloc(size, 1);
    size_t length = text != NULL ? (size_t) snprintf(text, size, "%s", SIM_SINK_COORDINATES) : 0;
    for (uint32_t f = 0; text != NULL && f < design->n_factors; f++) {
        char key[SIM_KEY_SIZE];
        sim_field_key(design->factors[f].field, key);
        length += (size_t) snprintf(text + length, size - length, " %s", key);
    }
    for (uint32_t g = 0; text != NULL && g < n_groups; g++) {
        length +=
            (size_t) snprintf(text + length, size - length, " " FROM_B "%s", design->attribution->names[g]);
    }
    return text;
}

static enum sim_form
form_of(const struct sim_field *field)
{
    return field->type == SIM_REAL  ? SIM_FORM_REAL
        : field->type == SIM_SWITCH ? SIM_FORM_BYTE
                                    : SIM_FORM_INTEGER;
}

static hid_t
write_numbers(struct sim_sink_job *job, hid_t group, uint32_t factor, const char *key)
{
    const struct sim_field *field = job->experiment->design.factors[factor].field;
    const uint32_t n = job->experiment->n_points;
    struct sim_shape shape = { 1, { n }, { job->scales.design } };
    union number {
        double real;
        int64_t integer;
    } *numbers = sim_alloc(n, sizeof(*numbers));
    if (numbers == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, key);
        return -1;
    }
    for (uint32_t p = 0; p < n; p++) {
        union sim_value value;
        sim_point_member(job->experiment, p, factor, &value);
        if (field->type == SIM_REAL) {
            numbers[p].real = value.real;
        } else if (field->type == SIM_SWITCH) {
            ((int8_t *) numbers)[p] = (int8_t) value.index;
        } else {
            numbers[p].integer = value.integer;
        }
    }
    hid_t variable = sim_writer_numbers(&job->writer, group, key, form_of(field), &shape, numbers);
    sim_free(numbers);
    return variable;
}

static hid_t
write_words(struct sim_sink_job *job, hid_t group, uint32_t factor, const char *key)
{
    const uint32_t n = job->experiment->n_points;
    struct sim_shape shape = { 1, { n }, { job->scales.design } };
    char(*words)[SIM_VALUE_SIZE] = sim_alloc(n, sizeof(*words));
    if (words == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, key);
        return -1;
    }
    for (uint32_t p = 0; p < n; p++) {
        sim_point_value(job->experiment, p, factor, words[p]);
        job->texts[p] = words[p];
    }
    hid_t variable = sim_writer_texts(&job->writer, group, key, &shape, job->texts);
    sim_free(words);
    return variable;
}

/* Between what a sampled number varies in each scenario, in the order of /config/scenario; NaN: it does not. */
static void
write_ranges(struct sim_sink_job *job, hid_t variable, uint32_t factor)
{
    const struct sim_experiment *experiment = job->experiment;
    const int is_real = experiment->design.factors[factor].field->type == SIM_REAL;
    double *ends = sim_alloc(experiment->n_bases, 2 * sizeof(*ends));
    if (ends == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "ranges");
        return;
    }
    double *low = ends, *high = ends + experiment->n_bases;
    int any = 0;
    for (uint32_t b = 0; b < experiment->n_bases; b++) {
        const struct sim_variation *variation = experiment->bases[b].variation;
        const struct sim_range *range = variation != NULL ? variation->ranges[factor] : NULL;
        int ranges = range != NULL && range->n_levels == 0;
        low[b] = !ranges ? (double) NAN : is_real ? range->low.real : (double) range->low.integer;
        high[b] = !ranges ? (double) NAN : is_real ? range->high.real : (double) range->high.integer;
        any |= ranges;
    }
    if (any) {
        sim_writer_reals_attribute(&job->writer, variable, "range_low", low, experiment->n_bases);
        sim_writer_reals_attribute(&job->writer, variable, "range_high", high, experiment->n_bases);
    }
    sim_free(ends);
}

/* Of parameters that move together, all but the first name it. */
static void
write_link(struct sim_sink_job *job, hid_t variable, uint32_t factor)
{
    const struct sim_experiment *experiment = job->experiment;
    for (uint32_t b = 0; b < experiment->n_bases; b++) {
        const struct sim_variation *variation = experiment->bases[b].variation;
        for (uint32_t f = 0; variation != NULL && variation->ranges[factor] != NULL && f < factor; f++) {
            if (variation->ranges[f] != NULL && variation->columns[f] == variation->columns[factor]) {
                char key[SIM_KEY_SIZE];
                sim_field_key(experiment->design.factors[f].field, key);
                sim_writer_text_attribute(&job->writer, variable, "moves_with", key);
                return;
            }
        }
    }
}

/* The keys of the parameters of a group, with blanks between them, as a new text; NULL without memory. */
static char *
parameters_of(const struct sim_design *design, uint32_t number)
{
    char *text = sim_copy_text("");
    for (uint32_t f = 0; text != NULL && f < design->n_factors; f++) {
        if (design->attribution->groups[f] == number) {
            char key[SIM_KEY_SIZE];
            sim_field_key(design->factors[f].field, key);
            char *longer = sim_print_text("%s%s%s", text, text[0] == '\0' ? "" : " ", key);
            sim_free(text);
            text = longer;
        }
    }
    return text;
}

static void
describe_group(struct sim_sink_job *job, hid_t variable, uint32_t number)
{
    static const int8_t flags[] = { 0, 1 };
    const struct sim_experiment *experiment = job->experiment;
    const char *name = experiment->design.attribution->names[number];
    char *parameters = parameters_of(&experiment->design, number);
    char *title = sim_print_text("scenario that %s is taken from: A is %s, B is %s", name,
        experiment->bases[0].stem, experiment->bases[1].stem);
    if (parameters == NULL || title == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, name);
    } else {
        sim_sink_describe(job, variable, title, NULL);
        sim_writer_bytes_attribute(&job->writer, variable, "flag_values", flags, sizeof(flags));
        sim_writer_text_attribute(&job->writer, variable, "flag_meanings", "A B");
        sim_writer_text_attribute(&job->writer, variable, "parameters", parameters);
    }
    sim_free(parameters);
    sim_free(title);
}

/* Which points take a group from the second scenario. */
static void
write_group(struct sim_sink_job *job, hid_t group, uint32_t number)
{
    const struct sim_attribution *attribution = job->experiment->design.attribution;
    const uint32_t n = job->experiment->n_points;
    struct sim_shape shape = { 1, { n }, { job->scales.design } };
    char *name = sim_print_text(FROM_B "%s", attribution->names[number]);
    int8_t *from_b = sim_alloc(n, sizeof(*from_b));
    if (name == NULL || from_b == NULL) {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, attribution->names[number]);
    } else {
        for (uint32_t p = 0; p < n; p++) {
            from_b[p] = (int8_t) (attribution->mixtures[p] >> number & 1);
        }
        hid_t variable = sim_writer_numbers(&job->writer, group, name, SIM_FORM_BYTE, &shape, from_b);
        describe_group(job, variable, number);
        sim_writer_close(&job->writer, variable);
    }
    sim_free(name);
    sim_free(from_b);
}

/* An order as the names of the groups, with blanks between them; a new text, NULL without memory. */
static char *
print_order(const struct sim_attribution *attribution, uint32_t order)
{
    char *text = sim_copy_text("");
    for (uint32_t i = 0; text != NULL && i < attribution->n_groups; i++) {
        const char *name = attribution->names[attribution->orders[order * attribution->n_groups + i]];
        char *longer = sim_print_text("%s%s%s", text, i == 0 ? "" : " ", name);
        sim_free(text);
        text = longer;
    }
    return text;
}

/* The orders in which groups went over from the first scenario to the second. */
static void
write_orders(struct sim_sink_job *job, hid_t group)
{
    const struct sim_attribution *attribution = job->experiment->design.attribution;
    const uint32_t n = attribution->n_orders;
    char **texts = sim_alloc(n, sizeof(*texts));
    int ok = texts != NULL;
    for (uint32_t o = 0; ok && o < n; o++) {
        texts[o] = print_order(attribution, o);
        ok = texts[o] != NULL;
    }
    if (ok) {
        hid_t order = sim_sink_write_integers(job, group, "order", 0, n, "random order of the groups");
        struct sim_shape shape = { 1, { n }, { order } };
        hid_t variable =
            sim_writer_texts(&job->writer, group, "attribution_order", &shape, (const char *const *) texts);
        sim_sink_describe(job, variable, "order in which the groups change from A to B", NULL);
        sim_writer_close(&job->writer, variable);
        sim_writer_close(&job->writer, order);
    } else {
        sim_writer_fail(&job->writer, SIM_ERR_MEMORY, "attribution_order");
    }
    for (uint32_t o = 0; texts != NULL && o < n; o++) {
        sim_free(texts[o]);
    }
    sim_free(texts);
}

void
sim_sink_write_attribution(struct sim_sink_job *job, hid_t group)
{
    const struct sim_attribution *attribution = job->experiment->design.attribution;
    if (attribution == NULL) {
        return;
    }
    hid_t names = sim_sink_write_labels(job, group, "attribution_group",
        (const char *const *) attribution->names, attribution->n_groups,
        "group of parameters that a design point takes from the first scenario or from the second");
    sim_writer_close(&job->writer, names);
    if (attribution->n_orders > 0) {
        write_orders(job, group);
    }
}

void
sim_sink_write_factors(struct sim_sink_job *job, hid_t group)
{
    static const int8_t flags[] = { 0, 1 };
    const struct sim_design *design = &job->experiment->design;
    for (uint32_t f = 0; f < design->n_factors; f++) {
        const struct sim_field *field = design->factors[f].field;
        char key[SIM_KEY_SIZE];
        sim_field_key(field, key);
        int is_text = field->type == SIM_CHOICE || field->type == SIM_DISTRIBUTION;
        hid_t variable = is_text ? write_words(job, group, f, key) : write_numbers(job, group, f, key);
        sim_sink_describe(job, variable, field->doc, NULL);
        write_link(job, variable, f);
        if (!is_text && field->type != SIM_SWITCH) {
            write_ranges(job, variable, f);
        }
        if (field->type == SIM_SWITCH) {
            sim_writer_bytes_attribute(&job->writer, variable, "flag_values", flags, sizeof(flags));
            sim_writer_text_attribute(&job->writer, variable, "flag_meanings", "off on");
        } else {
            sim_writer_text_attribute(&job->writer, variable, "units", field->unit);
        }
        sim_writer_close(&job->writer, variable);
    }
    for (uint32_t g = 0; design->attribution != NULL && g < design->attribution->n_groups; g++) {
        write_group(job, group, g);
    }
}
