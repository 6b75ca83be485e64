/* attribution_data.c - an attribution as CSV (RFC 4180) and as JSON. */
#include "analysis/attribution.h"

#include "analysis/csv.h"
#include "analysis/json.h"
#include "sim/error.h"

#include <inttypes.h>
#include <math.h>

static int
written(FILE *out)
{
    return fflush(out) != 0 || ferror(out) ? SIM_ERR_FILE : SIM_OK;
}

/* One line of CSV. group, second: "" for none. */
static void
print_row(FILE *out, const struct attribution_outcome *row, const char *effect, const char *group,
    const char *second, struct inference_interval interval)
{
    const struct outcome *outcome = &row->outcome;
    const char *label = outcome_label(outcome);
    const double numbers[] = { interval.value, interval.low, interval.high };
    csv_text(out, outcome->observation->name);
    fputc(',', out);
    csv_text(out, label != NULL ? label : "");
    fputc(',', out);
    csv_text(out, outcome->observation->unit);
    fprintf(out, ",%s,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%s,%s,%s",
        outcome->period == OUTCOME_END ? "end" : "average", outcome->first_tick, outcome->last_tick, row->n,
        effect, group, second);
    for (int i = 0; i < 3; i++) {
        fputc(',', out);
        csv_number(out, numbers[i]);
    }
    fputs(CSV_END, out);
}

static struct inference_interval
alone(double value)
{
    return (struct inference_interval){ value, (double) NAN, (double) NAN };
}

static void
print_outcome(FILE *out, const struct attribution *attribution, const struct attribution_outcome *row)
{
    const struct attribution_group *groups = attribution->groups;
    print_row(out, row, "value_a", "", "", alone(row->value_a));
    print_row(out, row, "value_b", "", "", alone(row->value_b));
    print_row(out, row, "total", "", "", row->total);
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        print_row(out, row, "shapley", groups[g].name, "", row->effects[g].shapley);
        print_row(out, row, "one_in", groups[g].name, "", row->effects[g].one_in);
        print_row(out, row, "one_out", groups[g].name, "", row->effects[g].one_out);
    }
    for (uint32_t g = 0; row->interactions != NULL && g < attribution->n_groups; g++) {
        for (uint32_t h = g + 1; h < attribution->n_groups; h++) {
            print_row(out, row, "interaction", groups[g].name, groups[h].name,
                row->interactions[attribution_pair(attribution, g, h)]);
        }
    }
}

int
attribution_print_csv(const struct attribution *attribution, FILE *out)
{
    fputs("observation,label,unit,period,first_tick,last_tick,n,effect,group,second,value,low,high" CSV_END,
        out);
    for (size_t i = 0; i < attribution->n_outcomes; i++) {
        print_outcome(out, attribution, &attribution->outcomes[i]);
    }
    return written(out);
}

static json_t *
side_json(const struct reader *reader, uint32_t design)
{
    return json_pack("{s:s, s:s}", "scenario", reader->scenarios[design], "title", reader->titles[design]);
}

static json_t *
group_json(const struct attribution *attribution, const struct attribution_group *group)
{
    json_t *parameters = json_array();
    for (uint32_t i = 0; i < group->n_parameters; i++) {
        const struct factor *factor = group->parameters[i];
        answer_json_append(&parameters,
            json_pack("{s:s, s:o, s:o}", "name", factor->name, "a", answer_json_setting(factor, 0), "b",
                answer_json_setting(factor, attribution->reader->n_designs - 1)));
    }
    return json_pack("{s:s, s:o}", "name", group->name, "parameters", parameters);
}

static json_t *
effects_json(const struct attribution *attribution, const struct attribution_outcome *row)
{
    json_t *list = json_array();
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        const struct attribution_effect *effect = &row->effects[g];
        answer_json_append(&list,
            json_pack("{s:s, s:o, s:o, s:o}", "name", attribution->groups[g].name, "shapley",
                answer_json_interval(effect->shapley), "one_in", answer_json_interval(effect->one_in),
                "one_out", answer_json_interval(effect->one_out)));
    }
    return list;
}

static json_t *
interactions_json(const struct attribution *attribution, const struct attribution_outcome *row)
{
    json_t *list = json_array();
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        for (uint32_t h = g + 1; h < attribution->n_groups; h++) {
            struct inference_interval pair = row->interactions[attribution_pair(attribution, g, h)];
            answer_json_append(&list,
                json_pack("{s:s, s:s, s:o, s:o, s:o}", "first", attribution->groups[g].name, "second",
                    attribution->groups[h].name, "value", answer_json_number(pair.value), "low",
                    answer_json_number(pair.low), "high", answer_json_number(pair.high)));
        }
    }
    return list;
}

static json_t *
outcome_json(const struct attribution *attribution, const struct attribution_outcome *row)
{
    const struct outcome *outcome = &row->outcome;
    return json_pack("{s:s, s:s?, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "observation",
        outcome->observation->name, "label", outcome_label(outcome), "unit", outcome->observation->unit,
        "period", outcome->period == OUTCOME_END ? "end" : "average", "first_tick",
        (json_int_t) outcome->first_tick, "last_tick", (json_int_t) outcome->last_tick, "n",
        (json_int_t) row->n, "value_a", answer_json_number(row->value_a), "value_b",
        answer_json_number(row->value_b), "total", answer_json_interval(row->total), "groups",
        effects_json(attribution, row), "interactions",
        row->interactions != NULL ? interactions_json(attribution, row) : json_null());
}

json_t *
attribution_json(const struct attribution *attribution)
{
    const struct reader *reader = attribution->reader;
    json_t *groups = json_array(), *outcomes = json_array();
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        answer_json_append(&groups, group_json(attribution, &attribution->groups[g]));
    }
    for (size_t i = 0; i < attribution->n_outcomes; i++) {
        answer_json_append(&outcomes, outcome_json(attribution, &attribution->outcomes[i]));
    }
    const int sampled = attribution->n_orders > 0;
    return json_pack("{s:o, s:o, s:s, s:o, s:I, s:I, s:I, s:I, s:o, s:o}", "a", side_json(reader, 0), "b",
        side_json(reader, reader->n_designs - 1), "method", sampled ? "permutations" : "exact", "orders",
        sampled ? json_integer(attribution->n_orders) : json_null(), "points", (json_int_t) reader->n_designs,
        "replicates", (json_int_t) reader->n_replicates, "failed_cells", (json_int_t) attribution->n_failed,
        "not_run_cells", (json_int_t) attribution->n_not_run, "groups", groups, "outcomes", outcomes);
}

int
attribution_print_json(const struct attribution *attribution, FILE *out)
{
    return answer_json_print(attribution_json(attribution), out);
}
