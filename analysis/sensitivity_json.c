/* sensitivity_json.c - a sensitivity analysis as JSON; a number that does not exist is null. */
#include "analysis/sensitivity.h"

#include "sim/error.h"

#include <math.h>

static json_t *
number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *
estimate(const struct sensitivity_estimate *estimate)
{
    return json_pack("{s:o, s:o, s:o}", "value", number(estimate->value), "low", number(estimate->low),
        "high", number(estimate->high));
}

/* Adds an item that was just made to a list; both may be NULL. Returns the list, or NULL without memory. */
static json_t *
add(json_t *list, json_t *item)
{
    if (list != NULL && (item == NULL || json_array_append_new(list, item) != 0)) {
        json_decref(list);
        return NULL;
    }
    if (list == NULL) {
        json_decref(item);
    }
    return list;
}

static json_t *
factor_of(const struct sensitivity_factor *factor)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:I, s:s?}", "name", factor->name, "unit", factor->unit, "low",
        number(factor->low), "high", number(factor->high), "moves_with_it", (json_int_t) factor->n_more,
        "levels", factor->levels);
}

static json_t *
measures_of(
    const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome, uint32_t f)
{
    const uint32_t n = sensitivity_measures(scenario->method);
    json_t *all = json_pack("{s:s}", "name", scenario->sample.factors[f].name);
    int failed = all == NULL;
    for (uint32_t m = 0; m < n && !failed; m++) {
        failed = json_object_set_new(all, sensitivity_measure_name(scenario->method, m),
                     estimate(&outcome->estimates[f * n + m]))
            != 0;
    }
    if (!failed && outcome->dummies != NULL) {
        failed = json_object_set_new(all, "dummy", number(outcome->dummies[f])) != 0;
    }
    if (failed) {
        json_decref(all);
    }
    return failed ? NULL : all;
}

static json_t *
pairs_of(const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome)
{
    const struct sensitivity_factor *factors = scenario->sample.factors;
    json_t *list = json_array();
    const struct sensitivity_estimate *pair = outcome->second;
    for (uint32_t i = 0; i < scenario->sample.n_factors && pair != NULL; i++) {
        for (uint32_t j = i + 1; j < scenario->sample.n_factors; j++, pair++) {
            list = add(list,
                json_pack("{s:s, s:s, s:o, s:o, s:o}", "first", factors[i].name, "second", factors[j].name,
                    "value", number(pair->value), "low", number(pair->low), "high", number(pair->high)));
        }
    }
    return list;
}

static json_t *
outcome_of(const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome)
{
    json_t *factors = json_array();
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        factors = add(factors, measures_of(scenario, outcome, f));
    }
    return json_pack("{s:s, s:s?, s:s, s:s?, s:I, s:I, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "observation",
        outcome->observation, "label", outcome->label, "unit", outcome->unit, "period", outcome->period,
        "first_tick", (json_int_t) outcome->first_tick, "last_tick", (json_int_t) outcome->last_tick, "mean",
        number(outcome->mean), "variance", number(outcome->variance), "noise_share",
        number(outcome->noise_share), "noise_left", number(outcome->noise_left), "left_out",
        (json_int_t) outcome->left_out, "factors", factors, "second", pairs_of(scenario, outcome));
}

static json_t *
scenario_of(const struct sensitivity_scenario *scenario)
{
    json_t *factors = json_array(), *outcomes = json_array();
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        factors = add(factors, factor_of(&scenario->sample.factors[f]));
    }
    for (size_t i = 0; i < scenario->n_outcomes; i++) {
        outcomes = add(outcomes, outcome_of(scenario, &scenario->outcomes[i]));
    }
    return json_pack("{s:s?, s:s?, s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "scenario", scenario->name, "title",
        scenario->title, "method", sensitivity_method_name(scenario->method), "points",
        (json_int_t) scenario->sample.n_points, "replicates", (json_int_t) scenario->n_replicates,
        "failed_cells", (json_int_t) scenario->failed_cells, "missing_cells",
        (json_int_t) scenario->missing_cells, "factors", factors, "outcomes", outcomes);
}

json_t *
sensitivity_json(const struct sensitivity *sensitivity)
{
    json_t *all = json_array();
    for (uint32_t s = 0; s < sensitivity->n_scenarios; s++) {
        all = add(all, scenario_of(&sensitivity->scenarios[s]));
    }
    return all;
}

int
sensitivity_print_json(const struct sensitivity *sensitivity, FILE *out)
{
    json_t *all = sensitivity_json(sensitivity);
    if (all == NULL) {
        return SIM_ERR_MEMORY;
    }
    int failed = json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(all);
    fputc('\n', out);
    return failed != 0 || ferror(out) ? SIM_ERR_FILE : SIM_OK;
}
