/* number.c - reads numbers strictly, prints them so that they read back to the same bits, checks bounds. */
#include "sim/number.h"

#include "sim/error.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A decimal point is a point whatever the program's locale. Without memory for that the current locale stays,
 * which a program that never calls setlocale has anyway. */
static locale_t
begin_plain_numbers(locale_t *plain)
{
    *plain = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
    return *plain == (locale_t) 0 ? (locale_t) 0 : uselocale(*plain);
}

static void
end_plain_numbers(locale_t plain, locale_t before)
{
    if (plain != (locale_t) 0) {
        uselocale(before);
        freelocale(plain);
    }
}

void
sim_print_real(double value, char *text, size_t size)
{
    locale_t plain;
    locale_t before = begin_plain_numbers(&plain);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (memcmp(&back, &value, sizeof(value)) == 0) {
            break;
        }
    }
    end_plain_numbers(plain, before);
}

void
sim_print_bounds(const struct sim_field *field, char *text, size_t size)
{
    char lowest[32], highest[32];
    sim_print_real(field->lowest, lowest, sizeof(lowest));
    sim_print_real(field->highest, highest, sizeof(highest));
    int has_unit = field->unit[0] != '\0' && strcmp(field->unit, "1") != 0;
    const char *space = has_unit ? " " : "";
    const char *unit = has_unit ? field->unit : "";
    if (isinf(field->highest)) {
        snprintf(text, size, "at least %s%s%s", lowest, space, unit);
    } else if (isinf(field->lowest)) {
        snprintf(text, size, "at most %s%s%s", highest, space, unit);
    } else {
        snprintf(text, size, "from %s to %s%s%s", lowest, highest, space, unit);
    }
}

int
sim_check_bounds(const struct sim_field *field, double value, const char *what, char *why, size_t size)
{
    if (value >= field->lowest && value <= field->highest) {
        return SIM_OK;
    }
    char number[32], bounds[128];
    sim_print_real(value, number, sizeof(number));
    sim_print_bounds(field, bounds, sizeof(bounds));
    snprintf(why, size, "%s%s is out of bounds; it must be %s", what, number, bounds);
    return SIM_ERR_INPUT;
}

static size_t
skip_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* [+-] digits [. digits] [(e|E) [+-] digits], with a digit before or after the point. */
static int
is_real(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t whole = skip_digits(text);
    text += whole;
    size_t part = 0;
    if (*text == '.') {
        part = skip_digits(text + 1);
        text += 1 + part;
    }
    if (whole + part == 0) {
        return 0;
    }
    if (*text == 'e' || *text == 'E') {
        text += 1 + (text[1] == '+' || text[1] == '-');
        size_t exponent = skip_digits(text);
        if (exponent == 0) {
            return 0;
        }
        text += exponent;
    }
    return *text == '\0';
}

int
sim_is_integer(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t digits = skip_digits(text);
    return digits > 0 && text[digits] == '\0';
}

/* 010 is eight to some readers of YAML and ten to others. */
static int
has_leading_zero(const char *text)
{
    text += *text == '+' || *text == '-';
    return text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

static int
is_not_finite_word(const char *text)
{
    static const char *const words[] = { "nan", ".nan", "inf", ".inf", "infinity" };

    text += *text == '+' || *text == '-';
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Why a text is not a number; SIM_ERR_INPUT always. */
static int
refuse_number(const char *text, const char *expected, char *why, size_t size)
{
    char buffer[SIM_QUOTE_SIZE];
    const char *quote = sim_quote(text, buffer);
    const char *digits = text + (*text == '+' || *text == '-');
    size_t whole = skip_digits(digits);
    if (is_not_finite_word(text)) {
        snprintf(why, size, "%s is not finite; %s is expected", quote, expected);
    } else if (whole > 0 && digits[whole] == ',' && sim_is_integer(digits + whole + 1)) {
        snprintf(why, size, "\"%s\" is not %s; write the decimal point as a point", quote, expected);
    } else if (digits[0] == '0' && strchr("xXoObB", digits[1]) != NULL && digits[1] != '\0') {
        snprintf(why, size, "\"%s\" is not %s; only decimal digits are read", quote, expected);
    } else {
        snprintf(why, size, "\"%s\" is not %s", quote, expected);
    }
    return SIM_ERR_INPUT;
}

int
sim_parse_real(const char *text, const char *expected, double *value, char *why, size_t size)
{
    char buffer[SIM_QUOTE_SIZE];
    if (!is_real(text)) {
        return refuse_number(text, expected, why, size);
    }
    if (has_leading_zero(text)) {
        snprintf(why, size, "\"%s\" starts with a zero that does not count; write the number without it",
            sim_quote(text, buffer));
        return SIM_ERR_INPUT;
    }
    locale_t plain;
    locale_t before = begin_plain_numbers(&plain);
    double read = strtod(text, NULL);
    end_plain_numbers(plain, before);
    if (!isfinite(read)) {
        snprintf(why, size, "%s is too large for a number; it must be finite", sim_quote(text, buffer));
        return SIM_ERR_INPUT;
    }
    *value = read;
    return SIM_OK;
}
