/* compare_json.c - a comparison as JSON; compare.h tells the members. */
#include "analysis/compare.h"

#include "analysis/json.h"

#include <math.h>

/* Numbers that do not exist are null; a ratio to nothing is infinite. */
static json_t *
number(double x)
{
    if (isinf(x)) {
        return json_string(x > 0 ? "inf" : "-inf");
    }
    return answer_json_number(x);
}

static json_t *
trend(int x)
{
    return x < 0 ? json_null() : json_boolean(x);
}

/* What every part begins with; NULL without memory. */
static json_t *
part(const struct reader_observation *observation, const char *label)
{
    return json_pack(
        "{s:s, s:s?, s:s}", "observation", observation->name, "label", label, "unit", observation->unit);
}

/* Adds the members of one object to another, and is done with it. NULL, with both freed, without memory. */
static json_t *
joined(json_t *object, json_t *members)
{
    int failed = object == NULL || members == NULL || json_object_update(object, members) != 0;
    json_decref(members);
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *
row_json(const struct comparison *comparison, size_t i)
{
    const struct compare_row *row = &comparison->rows[i];
    json_t *months = json_pack("{s:s, s:I, s:I, s:I}", "period", outcome_period_name(row->period),
        "first_tick", (json_int_t) compare_first_tick(comparison, row->period), "last_tick",
        (json_int_t) compare_last_tick(comparison), "n", (json_int_t) row->n);
    json_t *difference = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "mean_a", number(row->mean_a),
        "mean_b", number(row->mean_b), "difference", number(row->difference), "low", number(row->low), "high",
        number(row->high), "bootstrap_low", number(row->bootstrap_low), "bootstrap_high",
        number(row->bootstrap_high));
    json_t *more = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "effect_size", number(row->effect_size),
        "superiority", number(row->superiority), "p", number(row->p), "p_holm", number(row->p_holm), "ratio",
        number(row->ratio), "trend_a", trend(row->trend_a), "trend_b", trend(row->trend_b));
    return joined(joined(joined(part(row->observation, row->label), months), difference), more);
}

/* One of the columns of a series. */
enum column { TICK, N, MEAN_A, MEAN_B, DIFFERENCE, LOW, HIGH };

static json_t *
cell(
    const struct comparison *comparison, const struct compare_month *month, uint32_t tick, enum column column)
{
    switch (column) {
    case TICK: return json_integer((json_int_t) comparison->reader->before + 1 + tick);
    case N: return json_integer((json_int_t) month->n);
    case MEAN_A: return number(month->mean_a);
    case MEAN_B: return number(month->mean_b);
    case DIFFERENCE: return number(month->difference);
    case LOW: return number(month->low);
    default: return number(month->high);
    }
}

static json_t *
column_json(const struct comparison *comparison, const struct compare_series *series, enum column column)
{
    json_t *list = json_array();
    for (uint32_t tick = 0; list != NULL && tick < comparison->reader->n_ticks; tick++) {
        answer_json_append(&list, cell(comparison, &series->months[tick], tick, column));
    }
    return list;
}

static json_t *
series_json(const struct comparison *comparison, size_t i)
{
    const struct compare_series *series = &comparison->series[i];
    json_t *columns = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "tick",
        column_json(comparison, series, TICK), "n", column_json(comparison, series, N), "mean_a",
        column_json(comparison, series, MEAN_A), "mean_b", column_json(comparison, series, MEAN_B),
        "difference", column_json(comparison, series, DIFFERENCE), "low",
        column_json(comparison, series, LOW), "high", column_json(comparison, series, HIGH));
    return joined(part(series->observation, series->label), columns);
}

static json_t *
spread_json(const struct compare_spread *spread)
{
    const double *q = spread->quantiles;
    return json_pack("{s:I, s:[o, o, o, o, o], s:o, s:o}", "n_places", (json_int_t) spread->n_places,
        "quantiles", number(q[0]), number(q[1]), number(q[2]), number(q[3]), number(q[4]), "gini",
        answer_json_interval(spread->gini), "p90_p10", number(spread->p90_p10));
}

static json_t *
distribution_json(const struct comparison *comparison, size_t i)
{
    const struct compare_distribution *distribution = &comparison->distributions[i];
    const struct inference_interval *q = distribution->quantile_differences;
    json_t *members = json_pack("{s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:[o, o, o, o, o]}", "place",
        distribution->place, "period", outcome_period_name(distribution->period), "first_tick",
        (json_int_t) compare_first_tick(comparison, distribution->period), "last_tick",
        (json_int_t) compare_last_tick(comparison), "n", (json_int_t) distribution->n, "a",
        spread_json(&distribution->a), "b", spread_json(&distribution->b), "gini_difference",
        answer_json_interval(distribution->gini_difference), "quantile_differences",
        answer_json_interval(q[0]), answer_json_interval(q[1]), answer_json_interval(q[2]),
        answer_json_interval(q[3]), answer_json_interval(q[4]));
    return joined(part(distribution->observation, distribution->label), members);
}

/* A list of n parts; NULL without memory. */
static json_t *
list_of(const struct comparison *comparison, json_t *(*make)(const struct comparison *, size_t), size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < n; i++) {
        answer_json_append(&list, make(comparison, i));
    }
    return list;
}

static json_t *
side_json(const struct comparison *comparison, uint32_t design)
{
    const struct reader *reader = comparison->reader;
    return json_pack("{s:s, s:s, s:I, s:o}", "scenario", reader->scenarios[design], "title",
        reader->titles[design], "design", (json_int_t) design, "values",
        answer_json_settings(&comparison->factors, design));
}

json_t *
compare_json(const struct comparison *comparison)
{
    const struct reader *reader = comparison->reader;
    json_t *head = json_pack("{s:o, s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "a",
        side_json(comparison, comparison->a), "b", side_json(comparison, comparison->b), "model",
        reader->model, "seed", (json_int_t) reader->seed, "replicates", (json_int_t) reader->n_replicates,
        "ticks", (json_int_t) compare_last_tick(comparison), "burn_in", (json_int_t) reader->burn_in,
        "averaged_months", (json_int_t) comparison->months, "pairs", (json_int_t) comparison->n_pairs,
        "failed_cells", (json_int_t) comparison->failed, "not_run_cells", (json_int_t) comparison->not_run);
    json_t *lists = json_pack("{s:o, s:o, s:o}", "rows", list_of(comparison, row_json, comparison->n_rows),
        "series", list_of(comparison, series_json, comparison->n_series), "distribution",
        list_of(comparison, distribution_json, comparison->n_distributions));
    return joined(head, lists);
}

int
compare_print_json(const struct comparison *comparison, FILE *out)
{
    return answer_json_print(compare_json(comparison), out);
}
