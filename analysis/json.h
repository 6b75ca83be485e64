/* json.h - answers as JSON: what compare, attribute, sensitivity, frontier and report have in common. All that make JSON
 * return NULL without memory, which jansson's own functions pass on.
 */
#ifndef ANALYSIS_JSON_H
#define ANALYSIS_JSON_H

#include "analysis/factors.h"
#include "analysis/inference.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* null unless finite */
json_t *answer_json_number(double number);

/* {"value": .., "low": .., "high": ..} */
json_t *answer_json_interval(struct inference_interval interval);

/* null for NULL; what is not UTF-8 becomes '?'. */
json_t *answer_json_text(const char *text);

/* What a parameter is set to at a design point: true or false for a switch, a text for a choice, else a number. */
json_t *answer_json_setting(const struct factor *factor, uint32_t design);

/* {parameter: setting} of all that vary. */
json_t *answer_json_settings(const struct factors *factors, uint32_t design);

/* An array of what make gives for each i below n. */
json_t *answer_json_array(uint32_t n, json_t *(*make)(const void *context, uint32_t i), const void *context);

/* Adds an item, which is the list's from now on; without memory for either the list becomes NULL. */
void answer_json_append(json_t **list, json_t *item);

/* Prints an answer and is done with it. SIM_ERR_MEMORY if it is NULL, SIM_ERR_FILE if out takes it not. */
int answer_json_print(json_t *answer, FILE *out);

#endif
