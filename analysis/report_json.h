/* report_json.h - JSON as a report has it: numbers that pictures need, texts that stay texts wherever they stand. */
#ifndef ANALYSIS_REPORT_JSON_H
#define ANALYSIS_REPORT_JSON_H

#include "analysis/json.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* null unless finite; a whole number without a point. NULL without memory, as all below. */
json_t *report_number(double number);

/* Decimals at which rounding moves numbers from low to high by a thousandth of their range at most, which nobody sees in a
 * picture. Numbers that are all the same, or nearly so, keep four digits. */
int report_decimals(double low, double high);

/* Numbers in a series, rounded to so many decimals (fewer than 0: to tens, hundreds ...), as a text a quarter as long as they
 * would be. Each is the number of steps of 10^-decimals by which it differs from the last one that exists, or from 0, in
 * Base64 VLQ, which source maps use: the lowest bit is the sign, 5 bits to a character, lowest first, the sixth says that
 * more follow. '.' is a number that does not exist, or 1e15 steps and more. numbers.js unpacks it. */
json_t *report_packed(const double *numbers, uint32_t n, int decimals);

/* An array of texts; null for NULL. */
json_t *report_texts(char *const *texts, uint32_t n);

/* Adds a value that is its own from now on, or nothing for NULL, to an array or object that may be NULL. Nonzero if there
 * was no memory for one of them. */
int report_append(json_t *array, json_t *value);
int report_set(json_t *object, const char *name, json_t *value);

#endif
