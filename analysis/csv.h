/* csv.h - fields of CSV as RFC 4180 has it. */
#ifndef ANALYSIS_CSV_H
#define ANALYSIS_CSV_H

#include <stdio.h>

/* Ends a line. */
#define CSV_END "\r\n"

/* A text, quoted where it must be. */
void csv_text(FILE *out, const char *text);

/* A number in the fewest digits, from 15 on, that read back to the same bits: empty for NaN, "inf" and "-inf". */
void csv_number(FILE *out, double number);

#endif
