/* csv.c - fields of CSV as RFC 4180 has it. */
#include "analysis/csv.h"

#include <math.h>
#include <string.h>

void
csv_text(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

void
csv_number(FILE *out, double number)
{
    if (isinf(number)) {
        fputs(number > 0 ? "inf" : "-inf", out);
    } else if (!isnan(number)) {
        fprintf(out, "%.17g", number);
    }
}
