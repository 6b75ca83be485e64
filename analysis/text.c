/* text.c - texts and numbers in the columns of a table on the terminal. */
#include "analysis/text.h"

#include "sim/error.h"
#include "sim/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define MOST_DECIMALS 5 /* so that two of them fit into an interval */

void
text_padded(FILE *out, const char *text, int width)
{
    int used = sim_utf8_width(text);
    if (used <= width) {
        fprintf(out, "%s%*s", text, width - used, "");
        return;
    }
    size_t length = sim_utf8_fit(text, width - 1, &used);
    fprintf(out, "%.*s…%*s", (int) length, text, width - 1 - used, "");
}

void
text_words(FILE *out, const char *text, int columns, int *at)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        char word[TEXT_SIZE];
        snprintf(word, sizeof(word), "%.*s", (int) length, text);
        int width = sim_utf8_width(word);
        if (*at > 0 && *at + 1 + width > columns) {
            fputs("\n  ", out);
            *at = 2;
        } else if (*at > 0) {
            fputc(' ', out);
            *at += 1;
        }
        fputs(word, out);
        *at += width;
        text += length;
        text += strspn(text, " ");
    }
}

void
text_line(FILE *out, const char *text, int columns)
{
    int at = 0;
    text_words(out, text, columns, &at);
    fputc('\n', out);
}

void
text_name(const struct reader_observation *observation, char *text, size_t size)
{
    if (strcmp(observation->unit, "1") == 0) {
        snprintf(text, size, "%s", observation->name);
    } else {
        snprintf(text, size, "%s (%s)", observation->name, observation->unit);
    }
}

void
text_months(char *text, size_t size, int is_end, uint32_t first_tick, uint32_t last_tick)
{
    if (is_end) {
        snprintf(text, size, "at month %" PRIu32, last_tick);
    } else {
        snprintf(text, size, "mean of months %" PRIu32 "-%" PRIu32, first_tick, last_tick);
    }
}

int
text_decimals_of(double size, int digits)
{
    if (!(size > 0) || !isfinite(size)) {
        return 0;
    }
    int decimals = digits - 1 - (int) floor(log10(size));
    return decimals < 0 ? 0 : decimals;
}

int
text_decimals(double low, double high, double size)
{
    double half = (high - low) / 2;
    return half > 0 && isfinite(half) ? text_decimals_of(half * 100, 4) : text_decimals_of(size, 4);
}

/* No minus before nothing but zeros. */
static void
drop_minus(char *text)
{
    if (text[0] == '-' && text[1] != '\0' && strspn(text, "-0.") == strlen(text)) {
        memmove(text, text + 1, strlen(text));
    }
}

void
text_number(char *text, size_t size, double number, int decimals, int width)
{
    if (isnan(number)) {
        snprintf(text, size, "-");
        return;
    }
    int shown = decimals < MOST_DECIMALS ? decimals : MOST_DECIMALS;
    int length = snprintf(text, size, "%.*f", shown, number);
    for (int digits = 4; length > width && digits > 0; digits--) {
        length = snprintf(text, size, "%.*g", digits, number);
    }
    if (shown < decimals && fabs(number) < 1e-5 && fabs(number) >= pow(10, -decimals) / 2) {
        snprintf(text, size, "%.2g", number);
    }
    drop_minus(text);
}

void
text_digits(char *text, size_t size, double number, int digits)
{
    if (isnan(number)) {
        snprintf(text, size, "-");
        return;
    }
    snprintf(text, size, "%.*g", digits, number);
    drop_minus(text);
}

void
text_interval(char *text, size_t size, double low, double high, int decimals)
{
    char first[32];
    char second[32];
    text_number(first, sizeof(first), low, decimals, TEXT_NUMBER_WIDTH - 1);
    text_number(second, sizeof(second), high, decimals, TEXT_NUMBER_WIDTH - 1);
    if (isnan(low)) {
        snprintf(text, size, "-");
    } else {
        snprintf(text, size, "[%s, %s]", first, second);
    }
}

void
text_short(char *text, size_t size, double number)
{
    if (isnan(number)) {
        snprintf(text, size, "-");
    } else if (isinf(number)) {
        snprintf(text, size, "inf");
    } else if (fabs(number) < 100) {
        snprintf(text, size, "%.1f", number);
        drop_minus(text);
    } else {
        snprintf(text, size, number > -1e5 && number < 1e6 ? "%.0f" : "%.0e", number);
    }
}

void
text_probability(char *text, size_t size, double p, int decimals)
{
    if (isnan(p)) {
        snprintf(text, size, "-");
    } else if (p > 0 && p < pow(10, -decimals) && decimals > 2) {
        snprintf(text, size, "<%.*f", decimals, pow(10, -decimals));
    } else {
        snprintf(text, size, "%.*f", decimals, p);
    }
}

int
text_written(FILE *out)
{
    return fflush(out) != 0 || ferror(out) ? SIM_ERR_FILE : SIM_OK;
}
