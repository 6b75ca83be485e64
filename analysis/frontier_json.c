/* frontier_json.c - a frontier as JSON:
 *
 *     {"objectives": [{"observation", "label", "unit", "sense": "maximise" | "minimise", "period", "first_tick",
 *                      "last_tick"}, ..],
 *      "cost": the same without sense | null, "budget": .. | null, "replicates", "resamples", "failed_cells",
 *      "not_run_cells", "incomplete_cells",
 *      "counts": {"on_front", "dominated", "over_budget", "empty", "uncertain_budget"},
 *      "points": [{"design", "scenario", "title", "values": {parameter: value}, "n", "objectives": [I, ..], "cost": I | null,
 *                  "on_front", "within_budget", "probability_on_front"}, ..]}
 *
 * I is {"value", "low", "high"}; numbers that do not exist are null. Values of switches are true and false.
 */
#include "analysis/frontier.h"

#include "analysis/json.h"

#include <math.h>

static json_t *
describe(const struct outcome *outcome, const char *sense)
{
    json_t *object = json_pack("{s:s, s:s?, s:s, s:s, s:I, s:I}", "observation", outcome->observation->name,
        "label", outcome_label(outcome), "unit", outcome->observation->unit, "period",
        outcome->period == OUTCOME_END ? "end" : "average", "first_tick", (json_int_t) outcome->first_tick,
        "last_tick", (json_int_t) outcome->last_tick);
    if (object != NULL && sense != NULL && json_object_set_new(object, "sense", json_string(sense)) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* Each of n things in an array; NULL as soon as one is NULL. */
static json_t *
list(const struct frontier *frontier, uint32_t design, uint32_t n,
    json_t *(*item)(const struct frontier *frontier, uint32_t design, uint32_t i))
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < n && array != NULL; i++) {
        answer_json_append(&array, item(frontier, design, i));
    }
    return array;
}

static json_t *
objective(const struct frontier *frontier, uint32_t design, uint32_t i)
{
    (void) design;
    return describe(&frontier->outcomes[i], frontier->maximised[i] ? "maximise" : "minimise");
}

static json_t *
objective_value(const struct frontier *frontier, uint32_t design, uint32_t i)
{
    return answer_json_interval(frontier->points[design].numbers[i]);
}

static json_t *
point(const struct frontier *frontier, uint32_t unused, uint32_t design)
{
    const struct frontier_point *point = &frontier->points[design];
    (void) unused;
    return json_pack("{s:I, s:s, s:s, s:o, s:I, s:o, s:o, s:b, s:b, s:o}", "design", (json_int_t) design,
        "scenario", frontier->reader->scenarios[design], "title", frontier->reader->titles[design], "values",
        answer_json_settings(&frontier->factors, design), "n", (json_int_t) point->n, "objectives",
        list(frontier, design, (uint32_t) frontier->n_objectives, objective_value), "cost",
        frontier->cost >= 0 ? answer_json_interval(point->numbers[frontier->cost]) : json_null(), "on_front",
        point->on_front, "within_budget", point->within_budget, "probability_on_front",
        answer_json_number(point->probability));
}

static json_t *
counts_of(const struct frontier *frontier)
{
    struct frontier_counts counts = frontier_count(frontier);
    return json_pack("{s:I, s:I, s:I, s:I, s:o}", "on_front", (json_int_t) counts.on_front, "dominated",
        (json_int_t) counts.dominated, "over_budget", (json_int_t) counts.over_budget, "empty",
        (json_int_t) counts.empty, "uncertain_budget",
        isnan(frontier->budget) ? json_null() : json_integer(counts.uncertain));
}

json_t *
frontier_json(const struct frontier *frontier)
{
    const struct reader *reader = frontier->reader;
    return json_pack("{s:o, s:o, s:o, s:I, s:o, s:I, s:I, s:I, s:o, s:o}", "objectives",
        list(frontier, 0, (uint32_t) frontier->n_objectives, objective), "cost",
        frontier->cost >= 0 ? describe(&frontier->outcomes[frontier->cost], NULL) : json_null(), "budget",
        answer_json_number(frontier->budget), "replicates", (json_int_t) reader->n_replicates, "resamples",
        reader->n_replicates > 1 ? json_integer(frontier->n_samples) : json_null(), "failed_cells",
        (json_int_t) frontier->failed, "not_run_cells", (json_int_t) frontier->not_run, "incomplete_cells",
        (json_int_t) frontier->incomplete, "counts", counts_of(frontier), "points",
        list(frontier, 0, reader->n_designs, point));
}

int
frontier_print_json(const struct frontier *frontier, FILE *out)
{
    return answer_json_print(frontier_json(frontier), out);
}
