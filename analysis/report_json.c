/* report_json.c - JSON as a report has it. */
#include "analysis/report_json.h"

#include "sim/alloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_WHOLE 1e15 /* a double has all whole numbers up to it */
#define DECIMALS 12        /* at most */
#define STEPS 500          /* into which a range is divided at least */
#define CONSTANT 1e-6      /* a range smaller than this share of the numbers is none */
#define DIGIT_BITS 5       /* of a packed number in each character; a sixth bit says that more follow */
#define LONGEST 11         /* characters of a packed number: 2e15 steps at most, and a sign */

json_t *
report_number(double number)
{
    if (!isfinite(number)) {
        return json_null();
    }
    int whole = fabs(number) < LARGEST_WHOLE && floor(number) == number;
    return whole ? json_integer((json_int_t) number) : json_real(number);
}

int
report_decimals(double low, double high)
{
    double size = fmax(fabs(low), fabs(high));
    double step = high - low > CONSTANT * size ? (high - low) / STEPS : size / STEPS / 10;
    if (!(step > 0) || !isfinite(step)) {
        return 0;
    }
    int decimals = (int) -floor(log10(step));
    return decimals < DECIMALS ? decimals : DECIMALS;
}

static json_t *
text_json(const void *context, uint32_t i)
{
    char *const *texts = context;
    return answer_json_text(texts[i]);
}

json_t *
report_texts(char *const *texts, uint32_t n)
{
    return texts != NULL ? answer_json_array(n, text_json, texts) : json_null();
}

/* A whole number as characters, its lowest bits first; the lowest of all is the sign. Gives where they end. */
static char *
pack(char *at, int64_t whole)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint64_t left = whole < 0 ? (uint64_t) -whole << 1 | 1 : (uint64_t) whole << 1;
    do {
        uint64_t more = left >> DIGIT_BITS > 0 ? 1 << DIGIT_BITS : 0;
        *at++ = digits[(left & ((1 << DIGIT_BITS) - 1)) | more];
        left >>= DIGIT_BITS;
    } while (left > 0);
    return at;
}

json_t *
report_packed(const double *numbers, uint32_t n, int decimals)
{
    char *text = sim_alloc((size_t) n + 1, LONGEST);
    double unit = pow(10, abs(decimals));
    int64_t before = 0;
    if (text == NULL) {
        return NULL;
    }
    char *at = text;
    for (uint32_t i = 0; i < n; i++) {
        double steps = rint(decimals < 0 ? numbers[i] / unit : numbers[i] * unit);
        if (!(fabs(steps) < LARGEST_WHOLE)) {
            *at++ = '.';
            continue;
        }
        at = pack(at, (int64_t) steps - before);
        before = (int64_t) steps;
    }
    json_t *json = json_stringn(text, (size_t) (at - text));
    sim_free(text);
    return json;
}

int
report_append(json_t *array, json_t *value)
{
    return json_array_append_new(array, value) != 0;
}

int
report_set(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) != 0;
}
