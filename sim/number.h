/* number.h - numbers as users write them, for the fields that hold them. Inside the library only. */
#ifndef SIM_NUMBER_H
#define SIM_NUMBER_H

#include "sim/field.h"

#include <stddef.h>

/* The shortest of three ways to write a number that reads back to the same bits; with a point, whatever the
 * locale. */
void sim_print_real(double value, char *text, size_t size);

/* [+-] digits. */
int sim_is_integer(const char *text);

/* Reads a decimal number, always finite. expected: what is, in words. On SIM_ERR_INPUT the reason is in why
 * (of size bytes) and value unchanged. */
int sim_parse_real(const char *text, const char *expected, double *value, char *why, size_t size);

/* The field's bounds as words: "from 0 to 1", "at least 0 items". */
void sim_print_bounds(const struct sim_field *field, char *text, size_t size);

/* SIM_ERR_INPUT, with the reason in why, if the value is not within the field's bounds. what: "the mean ". */
int sim_check_bounds(const struct sim_field *field, double value, const char *what, char *why, size_t size);

#endif
