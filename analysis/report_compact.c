/* report_compact.c - a comparison in a quarter of the room that its JSON takes. */
#include "analysis/report_compact.h"

#include "analysis/report_json.h"
#include "sim/alloc.h"

#include <math.h>

static int
add_column(json_t *columns, const char *name)
{
    return report_append(columns, json_string(name));
}

/* The members of an object, in the order of the columns. */
static json_t *
values_of(const json_t *object, const json_t *columns)
{
    json_t *values = json_array();
    int failed = values == NULL;
    for (size_t i = 0; i < json_array_size(columns) && !failed; i++) {
        json_t *value = json_object_get(object, json_string_value(json_array_get(columns, i)));
        failed = report_append(values, value != NULL ? json_incref(value) : json_null());
    }
    if (failed) {
        json_decref(values);
    }
    return failed ? NULL : values;
}

static json_t *
table_of(json_t *objects)
{
    json_t *columns = json_array(), *rows = json_array();
    const char *name;
    json_t *value;
    int failed = columns == NULL || rows == NULL;
    json_object_foreach(json_array_get(objects, 0), name, value)
    {
        failed = add_column(columns, name) || failed;
    }
    for (size_t i = 0; i < json_array_size(objects) && !failed; i++) {
        failed = report_append(rows, values_of(json_array_get(objects, i), columns));
    }
    json_t *table = json_pack("{s:o, s:o}", "columns", columns, "rows", rows);
    if (failed) {
        json_decref(table);
    }
    return failed ? NULL : table;
}

/* What is no number is none that exists. */
static double
number_at(const json_t *list, size_t i)
{
    const json_t *value = json_array_get(list, i);
    return json_is_number(value) ? json_number_value(value) : (double) NAN;
}

/* Packs a list of numbers of a series, and tells its decimals. */
static int
pack_column(json_t *series, json_t *decimals, const char *name)
{
    const json_t *list = json_object_get(series, name);
    size_t n = json_array_size(list);
    double *numbers = sim_alloc(n > 0 ? n : 1, sizeof(*numbers));
    double low = INFINITY, high = -INFINITY;
    if (numbers == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        numbers[i] = number_at(list, i);
        low = fmin(low, numbers[i]);
        high = fmax(high, numbers[i]);
    }
    int places = report_decimals(low, high);
    int failed = report_set(decimals, name, json_integer(places));
    failed = report_set(series, name, report_packed(numbers, (uint32_t) n, places)) || failed;
    sim_free(numbers);
    return failed;
}

static int
pack_series(json_t *series)
{
    static const char *const columns[] = { "mean_a", "mean_b", "difference", "low", "high" };
    json_t *decimals = json_object();
    int failed = decimals == NULL;
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns) && !failed; i++) {
        failed = pack_column(series, decimals, columns[i]);
    }
    return report_set(series, "decimals", decimals) || failed;
}

int
report_compact(json_t *comparison)
{
    const json_t *series = json_object_get(comparison, "series");
    int failed = comparison == NULL;
    for (size_t i = 0; i < json_array_size(series) && !failed; i++) {
        failed = pack_series(json_array_get(series, i));
    }
    return failed || report_set(comparison, "rows", table_of(json_object_get(comparison, "rows")));
}
