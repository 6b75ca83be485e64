/* json.c - answers as JSON. */
#include "analysis/json.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/utf8.h"

#include <math.h>

#define DIGITS 17 /* of a number: all that it has */

json_t *
answer_json_number(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

json_t *
answer_json_interval(struct inference_interval interval)
{
    return json_pack("{s:o, s:o, s:o}", "value", answer_json_number(interval.value), "low",
        answer_json_number(interval.low), "high", answer_json_number(interval.high));
}

json_t *
answer_json_text(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    char *copy = sim_copy_text(text);
    json_t *json = NULL;
    if (copy != NULL) {
        sim_utf8_repair(copy);
        json = json_string(copy);
    }
    sim_free(copy);
    return json;
}

json_t *
answer_json_setting(const struct factor *factor, uint32_t design)
{
    if (factor->texts != NULL) {
        return answer_json_text(factor->texts[design]);
    }
    return factor_is_switch(factor) ? json_boolean(factor->values[design] != 0)
                                    : answer_json_number(factor->values[design]);
}

json_t *
answer_json_settings(const struct factors *factors, uint32_t design)
{
    json_t *settings = json_object();
    for (uint32_t i = 0; settings != NULL && i < factors->n; i++) {
        const struct factor *factor = &factors->list[i];
        if (json_object_set_new(settings, factor->name, answer_json_setting(factor, design)) != 0) {
            json_decref(settings);
            settings = NULL;
        }
    }
    return settings;
}

json_t *
answer_json_array(uint32_t n, json_t *(*make)(const void *context, uint32_t i), const void *context)
{
    json_t *array = json_array();
    for (uint32_t i = 0; array != NULL && i < n; i++) {
        answer_json_append(&array, make(context, i));
    }
    return array;
}

void
answer_json_append(json_t **list, json_t *item)
{
    /* jansson takes NULL for either, and frees the item where it fails */
    if (json_array_append_new(*list, item) != 0) {
        json_decref(*list);
        *list = NULL;
    }
}

int
answer_json_print(json_t *answer, FILE *out)
{
    if (answer == NULL) {
        return SIM_ERR_MEMORY;
    }
    int failed = json_dumpf(answer, out, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));
    json_decref(answer);
    fputc('\n', out);
    return failed != 0 || fflush(out) != 0 || ferror(out) ? SIM_ERR_FILE : SIM_OK;
}
