/* text.h - texts and numbers in the columns of a table on the terminal. */
#ifndef ANALYSIS_TEXT_H
#define ANALYSIS_TEXT_H

#include "analysis/reader.h"

#include <stdio.h>

#define TEXT_NUMBER_WIDTH 9
#define TEXT_INTERVAL_WIDTH 20
#define TEXT_NARROWEST 72 /* columns a table needs */
#define TEXT_SIZE 512

/* Writes text in exactly width columns: filled with blanks, or cut with an ellipsis. */
void text_padded(FILE *out, const char *text, int width);

/* Text in lines of at most columns, broken at blanks; *at is the column reached. */
void text_words(FILE *out, const char *text, int columns, int *at);

/* The same, as one paragraph. */
void text_line(FILE *out, const char *text, int columns);

/* "name (unit)"; dimensionless ones without. */
void text_name(const struct reader_observation *observation, char *text, size_t size);

/* "at month 120" for the end, else "mean of months 97-120". */
void text_months(char *text, size_t size, int is_end, uint32_t first_tick, uint32_t last_tick);

/* Decimals that show this many digits of a number of this size; as many as it takes. */
int text_decimals_of(double size, int digits);

/* Decimals that show two digits of the uncertainty, which is half the interval, or four of the size where there is
 * none. */
int text_decimals(double low, double high, double size);

/* A number with so many decimals, but no more than an interval has room for, in at most width columns. It has an
 * exponent if it has too many digits, or if it would be nothing without the decimals that there is no room for. "-" for
 * NaN. No number has a minus before nothing but zeros. */
void text_number(char *text, size_t size, double number, int decimals, int width);

/* "[low, high]", "-" for none */
void text_interval(char *text, size_t size, double low, double high, int decimals);

/* A number in so many digits, "-" for NaN. */
void text_digits(char *text, size_t size, double number, int digits);

/* A number with few digits in six columns: a ratio, an effect. */
void text_short(char *text, size_t size, double number);

/* A probability with this many decimals; "<0.001" for less than it can show. */
void text_probability(char *text, size_t size, double p, int decimals);

/* What has been printed has arrived: SIM_OK or SIM_ERR_FILE. */
int text_written(FILE *out);

#endif
