/* csv.c - fields of CSV as RFC 4180 has it. */
#include "analysis/csv.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
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

/* The shortest of the forms with 15 to 17 digits that reads back to the same bits; 17 always do. */
static void
print_finite(FILE *out, double number)
{
    char text[32];
    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    fputs(text, out);
}

void
csv_number(FILE *out, double number)
{
    if (isinf(number)) {
        fputs(number > 0 ? "inf" : "-inf", out);
    } else if (!isnan(number)) {
        print_finite(out, number);
    }
}
