/* sensitivity_json.c - a sensitivity analysis as JSON; a number that does not exist is null. */
#include "analysis/sensitivity.h"

#include "analysis/json.h"

static json_t *
factor_of(const struct sensitivity_factor *factor)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:I, s:s?}", "name", factor->name, "unit", factor->unit, "low",
        answer_json_number(factor->low), "high", answer_json_number(factor->high), "moves_with_it",
        (json_int_t) factor->n_more, "levels", factor->levels);
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
                     answer_json_interval(outcome->estimates[f * n + m]))
            != 0;
    }
    if (!failed && outcome->dummies != NULL) {
        failed = json_object_set_new(all, "dummy", answer_json_number(outcome->dummies[f])) != 0;
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
    const struct inference_interval *pair = outcome->second;
    for (uint32_t i = 0; i < scenario->sample.n_factors && pair != NULL; i++) {
        for (uint32_t j = i + 1; j < scenario->sample.n_factors; j++, pair++) {
            answer_json_append(&list,
                json_pack("{s:s, s:s, s:o, s:o, s:o}", "first", factors[i].name, "second", factors[j].name,
                    "value", answer_json_number(pair->value), "low", answer_json_number(pair->low), "high",
                    answer_json_number(pair->high)));
        }
    }
    return list;
}

static json_t *
outcome_of(const struct sensitivity_scenario *scenario, const struct sensitivity_outcome *outcome)
{
    json_t *factors = json_array();
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        answer_json_append(&factors, measures_of(scenario, outcome, f));
    }
    return json_pack("{s:s, s:s?, s:s, s:s?, s:I, s:I, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "observation",
        outcome->observation, "label", outcome->label, "unit", outcome->unit, "period", outcome->period,
        "first_tick", (json_int_t) outcome->first_tick, "last_tick", (json_int_t) outcome->last_tick, "mean",
        answer_json_number(outcome->mean), "variance", answer_json_number(outcome->variance), "noise_share",
        answer_json_number(outcome->noise_share), "noise_left", answer_json_number(outcome->noise_left),
        "left_out", (json_int_t) outcome->left_out, "factors", factors, "second",
        pairs_of(scenario, outcome));
}

static json_t *
scenario_of(const struct sensitivity_scenario *scenario)
{
    json_t *factors = json_array(), *outcomes = json_array();
    for (uint32_t f = 0; f < scenario->sample.n_factors; f++) {
        answer_json_append(&factors, factor_of(&scenario->sample.factors[f]));
    }
    for (size_t i = 0; i < scenario->n_outcomes; i++) {
        answer_json_append(&outcomes, outcome_of(scenario, &scenario->outcomes[i]));
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
        answer_json_append(&all, scenario_of(&sensitivity->scenarios[s]));
    }
    return all;
}

int
sensitivity_print_json(const struct sensitivity *sensitivity, FILE *out)
{
    return answer_json_print(sensitivity_json(sensitivity), out);
}
