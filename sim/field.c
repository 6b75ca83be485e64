/* field.c - reads, checks and prints the values of parameters, and guesses what a misspelled name meant. */
#include "sim/field.h"

#include "sim/error.h"
#include "sim/random.h"
#include "sim/vector.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Names and what they may have meant */

#define WORD_SIZE 256 /* longer words are near to nothing */

/* Edits between two words: insert, delete, replace, swap neighbours (Damerau 1964, each place edited once).
 * Case does not count. */
static size_t
edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_SIZE];
    if (a_length >= WORD_SIZE || b_length >= WORD_SIZE) {
        return SIZE_MAX;
    }
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b_length; j++) {
        last[j] = j;
        before[j] = 0;
    }
    for (size_t i = 1; i <= a_length; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            int x = tolower((unsigned char) a[i - 1]), y = tolower((unsigned char) b[j - 1]);
            size_t best = last[j - 1] + (x != y);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x == tolower((unsigned char) b[j - 2])
                && tolower((unsigned char) a[i - 2]) == y && before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b_length];
}

/* How far two words are apart, or SIZE_MAX if they are not near: up to an edit for every four characters, and
 * three at most. */
static size_t
nearness(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t longest = a_length > b_length ? a_length : b_length;
    size_t shortest = a_length > b_length ? b_length : a_length;
    size_t limit = (longest + 1) / 4 < 3 ? (longest + 1) / 4 : 3;
    if (longest - shortest > limit) {
        return SIZE_MAX;
    }
    size_t distance = edit_distance(a, a_length, b, b_length);
    return distance <= limit ? distance : SIZE_MAX;
}

static size_t
nearness_of_texts(const char *a, const char *b)
{
    return nearness(a, strlen(a), b, strlen(b));
}

/* Group and name are compared each for itself, lest a long shared group hide that the names have nothing in
 * common. A key without a group is compared as a whole: the point may be what is misspelled. */
static size_t
nearness_of_key(const struct sim_field *field, const char *key)
{
    const char *point = strchr(key, '.');
    if (point == NULL) {
        char whole[SIM_KEY_SIZE];
        sim_field_key(field, whole);
        return nearness_of_texts(key, whole);
    }
    size_t group = nearness(key, (size_t) (point - key), field->group, strlen(field->group));
    size_t name = group == SIZE_MAX ? SIZE_MAX : nearness_of_texts(point + 1, field->name);
    return name == SIZE_MAX ? SIZE_MAX : group + name;
}

static size_t
nearness_of_name(const struct sim_field *field, const char *key)
{
    const char *point = strrchr(key, '.');
    return nearness_of_texts(point == NULL ? key : point + 1, field->name);
}

/* The first of the nearest rows; NULL if none is near. */
static const struct sim_field *
nearest_field(const struct sim_fields *fields, const char *key,
    size_t (*measure)(const struct sim_field *, const char *))
{
    const struct sim_field *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < fields->count; i++) {
        size_t distance = measure(&fields->list[i], key);
        if (distance < least) {
            least = distance;
            nearest = &fields->list[i];
        }
    }
    return nearest;
}

static size_t
nearness_of_group(const struct sim_field *field, const char *group)
{
    return nearness_of_texts(group, field->group);
}

int
sim_fields_suggest_group(const struct sim_fields *fields, const char *group, char *nearest)
{
    const struct sim_field *field = nearest_field(fields, group, nearness_of_group);
    if (field == NULL) {
        return 0;
    }
    snprintf(nearest, SIM_KEY_SIZE, "%s", field->group);
    return 1;
}

int
sim_fields_suggest(const struct sim_fields *fields, const char *key, char *nearest)
{
    const struct sim_field *field = nearest_field(fields, key, nearness_of_key);
    if (field == NULL) {
        field = nearest_field(fields, key, nearness_of_name);
    }
    if (field == NULL) {
        return sim_fields_suggest_group(fields, key, nearest);
    }
    sim_field_key(field, nearest);
    return 1;
}

int
sim_suggest_word(const char *words, const char *word, char *nearest, size_t size)
{
    size_t least = SIZE_MAX;
    for (const char *at = words; at != NULL;) {
        size_t length = strcspn(at, "|");
        size_t distance = nearness(word, strlen(word), at, length);
        if (distance < least) {
            least = distance;
            snprintf(nearest, size, "%.*s", (int) length, at);
        }
        at = at[length] == '|' ? at + length + 1 : NULL;
    }
    return least != SIZE_MAX;
}

void
sim_field_key(const struct sim_field *field, char *key)
{
    snprintf(key, SIM_KEY_SIZE, "%s.%s", field->group, field->name);
}

const struct sim_field *
sim_fields_find(const struct sim_fields *fields, const char *key)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct sim_field *field = &fields->list[i];
        size_t length = strlen(field->group);
        if (strncmp(key, field->group, length) == 0 && key[length] == '.'
            && strcmp(key + length + 1, field->name) == 0) {
            return field;
        }
    }
    return NULL;
}

int
sim_fields_has_group(const struct sim_fields *fields, const char *group)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->list[i].group, group) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Copies a text of this length; one that does not fit ends in "...", which no number does. */
static void
copy_cut(const char *from, size_t length, char *to, size_t size)
{
    if (length < size) {
        memcpy(to, from, length);
        to[length] = '\0';
        return;
    }
    length = size - 4;
    while (length > 0 && ((unsigned char) from[length] & 0xc0) == 0x80) {
        length--; /* not within a character */
    }
    memcpy(to, from, length);
    memcpy(to + length, "...", 4);
}

const char *
sim_quote(const char *text, char *buffer)
{
    copy_cut(text, strlen(text), buffer, SIM_QUOTE_SIZE);
    return buffer;
}

/* Numbers */

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

/* The shortest of three ways to write a number that reads back to the same bits. */
static void
print_real(double value, char *text, size_t size)
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

/* The bounds as words: "from 0 to 1", "at least 0 items". */
static void
print_bounds(const struct sim_field *field, char *text, size_t size)
{
    char lowest[32], highest[32];
    print_real(field->lowest, lowest, sizeof(lowest));
    print_real(field->highest, highest, sizeof(highest));
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

static int
check_bounds(const struct sim_field *field, double value, const char *what, char *why, size_t size)
{
    if (value >= field->lowest && value <= field->highest) {
        return SIM_OK;
    }
    char number[32], bounds[128];
    print_real(value, number, sizeof(number));
    print_bounds(field, bounds, sizeof(bounds));
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

static int
is_integer(const char *text)
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
    } else if (whole > 0 && digits[whole] == ',' && is_integer(digits + whole + 1)) {
        snprintf(why, size, "\"%s\" is not %s; write the decimal point as a point", quote, expected);
    } else if (digits[0] == '0' && strchr("xXoObB", digits[1]) != NULL && digits[1] != '\0') {
        snprintf(why, size, "\"%s\" is not %s; only decimal digits are read", quote, expected);
    } else {
        snprintf(why, size, "\"%s\" is not %s", quote, expected);
    }
    return SIM_ERR_INPUT;
}

static int
parse_real(const char *text, const char *expected, double *value, char *why, size_t size)
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

/* One type of field each: parsers write the member last of all, printers have SIM_VALUE_SIZE bytes. */

static int
parse_real_field(const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    double value;
    int ret = parse_real(text, "a number", &value, why, size);
    if (ret == SIM_OK) {
        ret = check_bounds(field, value, "", why, size);
    }
    if (ret == SIM_OK) {
        *(double *) member = value;
    }
    return ret;
}

static void
print_real_field(const struct sim_field *field, const void *member, char *value)
{
    (void) field;
    print_real(*(const double *) member, value, SIM_VALUE_SIZE);
}

static int
parse_integer_field(const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    double real;
    int ret = parse_real(text, "a whole number", &real, why, size);
    if (ret != SIM_OK) {
        return ret;
    }
    char buffer[SIM_QUOTE_SIZE];
    if (!is_integer(text)) {
        snprintf(why, size, "%s is not a whole number; write it with digits only", sim_quote(text, buffer));
        return SIM_ERR_INPUT;
    }
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno == ERANGE) {
        char bounds[128];
        print_bounds(field, bounds, sizeof(bounds));
        snprintf(
            why, size, "%s is too large for a whole number; it must be %s", sim_quote(text, buffer), bounds);
        return SIM_ERR_INPUT;
    }
    ret = check_bounds(field, (double) value, "", why, size);
    if (ret == SIM_OK) {
        *(int64_t *) member = value;
    }
    return ret;
}

static void
print_integer_field(const struct sim_field *field, const void *member, char *value)
{
    (void) field;
    snprintf(value, SIM_VALUE_SIZE, "%" PRId64, *(const int64_t *) member);
}

static int
parse_switch_field(const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    static const char *const words[] = { "off", "on", "false", "true" };

    (void) field;
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, words[i]) == 0) {
            *(int *) member = i % 2;
            return SIM_OK;
        }
    }
    char buffer[SIM_QUOTE_SIZE], nearest[8];
    if (sim_suggest_word("on|off|true|false", text, nearest, sizeof(nearest))) {
        snprintf(why, size, "\"%s\" is not a switch; did you mean \"%s\"?", sim_quote(text, buffer), nearest);
    } else {
        snprintf(
            why, size, "\"%s\" is not a switch; it must be on, off, true or false", sim_quote(text, buffer));
    }
    return SIM_ERR_INPUT;
}

static void
print_switch_field(const struct sim_field *field, const void *member, char *value)
{
    (void) field;
    snprintf(value, SIM_VALUE_SIZE, "%s", *(const int *) member ? "on" : "off");
}

/* "a|b|c" as "a, b, c" */
static void
print_choices(const char *choices, char *text, size_t size)
{
    size_t length = 0;
    for (; *choices != '\0' && length + 3 < size; choices++) {
        text[length++] = *choices == '|' ? ',' : *choices;
        if (*choices == '|') {
            text[length++] = ' ';
        }
    }
    text[length] = '\0';
}

static int
parse_choice_field(const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    int index = 0;
    for (const char *word = field->choices; word != NULL; index++) {
        size_t length = strcspn(word, "|");
        if (strlen(text) == length && strncmp(text, word, length) == 0) {
            *(int *) member = index;
            return SIM_OK;
        }
        word = word[length] == '|' ? word + length + 1 : NULL;
    }
    char buffer[SIM_QUOTE_SIZE], nearest[64], choices[256];
    if (sim_suggest_word(field->choices, text, nearest, sizeof(nearest))) {
        snprintf(why, size, "\"%s\" is not one of the choices; did you mean \"%s\"?", sim_quote(text, buffer),
            nearest);
    } else {
        print_choices(field->choices, choices, sizeof(choices));
        snprintf(why, size, "\"%s\" is not one of the choices; it must be one of %s", sim_quote(text, buffer),
            choices);
    }
    return SIM_ERR_INPUT;
}

static void
print_choice_field(const struct sim_field *field, const void *member, char *value)
{
    const char *word = field->choices;
    for (int i = *(const int *) member; i > 0 && word[strcspn(word, "|")] == '|'; i--) {
        word += strcspn(word, "|") + 1;
    }
    snprintf(value, SIM_VALUE_SIZE, "%.*s", (int) strcspn(word, "|"), word);
}

/* Distributions */

static const struct {
    const char *name;
    int arguments;
} kinds[] = {
#define DISTRIBUTION_ROW(code, name, arguments) { #name, arguments },
    SIM_DISTRIBUTION_KINDS(DISTRIBUTION_ROW)
#undef DISTRIBUTION_ROW
};

#define ARGUMENTS 2 /* the most that any takes */

/* "name(first, second)" in parts. */
struct call {
    char name[32];
    char arguments[ARGUMENTS][64];
    int n_arguments; /* as written; those beyond ARGUMENTS are only counted */
};

/* Copies without the blanks at both ends. */
static void
copy_trimmed(const char *from, size_t length, char *to, size_t size)
{
    while (length > 0 && strchr(" \t", *from) != NULL) {
        from++;
        length--;
    }
    while (length > 0 && strchr(" \t", from[length - 1]) != NULL) {
        length--;
    }
    copy_cut(from, length, to, size);
}

/* Takes a text with an opening parenthesis apart. */
static int
split_call(const char *text, struct call *call, char *why, size_t size)
{
    char buffer[SIM_QUOTE_SIZE];
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t", text[length - 1]) != NULL) {
        length--;
    }
    const char *at = strchr(text, '(') + 1, *end = text + length - 1;
    if (*end != ')') {
        snprintf(why, size,
            "\"%s\" does not end with a parenthesis; within {} a distribution stands in quotes",
            sim_quote(text, buffer));
        return SIM_ERR_INPUT;
    }
    memset(call, 0, sizeof(*call));
    copy_trimmed(text, (size_t) (at - 1 - text), call->name, sizeof(call->name));
    if (at + strspn(at, " \t") == end) {
        return SIM_OK;
    }
    for (;;) {
        size_t span = strcspn(at, ",");
        span = at + span > end ? (size_t) (end - at) : span;
        if (call->n_arguments < ARGUMENTS) {
            copy_trimmed(at, span, call->arguments[call->n_arguments], sizeof(call->arguments[0]));
        }
        call->n_arguments++;
        if (at + span >= end) {
            return SIM_OK;
        }
        at += span + 1;
    }
}

/* The kind of this name; SIM_DISTRIBUTION_COUNT with a reason if there is none. */
static enum sim_distribution_kind
find_kind(const char *name, char *why, size_t size)
{
    for (int i = 0; i < SIM_DISTRIBUTION_COUNT; i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            return (enum sim_distribution_kind) i;
        }
    }
    char nearest[32];
    if (sim_suggest_word("constant|uniform|normal|lognormal", name, nearest, sizeof(nearest))) {
        snprintf(why, size, "unknown distribution \"%s\"; did you mean \"%s\"?", name, nearest);
    } else {
        snprintf(why, size, "unknown distribution \"%s\"; there are constant, uniform, normal and lognormal",
            name);
    }
    return SIM_DISTRIBUTION_COUNT;
}

static int
check_uniform(
    const struct sim_field *field, const struct sim_distribution *distribution, char *why, size_t size)
{
    if (distribution->a > distribution->b) {
        snprintf(why, size, "the low end of uniform(low, high) is above the high end");
        return SIM_ERR_INPUT;
    }
    int ret = check_bounds(field, distribution->a, "the low end ", why, size);
    return ret != SIM_OK ? ret : check_bounds(field, distribution->b, "the high end ", why, size);
}

static int
check_distribution(
    const struct sim_field *field, const struct sim_distribution *distribution, char *why, size_t size)
{
    switch (distribution->kind) {
    case SIM_UNIFORM: return check_uniform(field, distribution, why, size);
    case SIM_NORMAL:
        if (distribution->b < 0) {
            snprintf(why, size, "the standard deviation of normal(mean, sd) is negative");
            return SIM_ERR_INPUT;
        }
        return check_bounds(field, distribution->a, "the mean ", why, size);
    case SIM_LOGNORMAL:
        if (distribution->b < 0 || distribution->a <= 0) {
            snprintf(why, size, "the %s",
                distribution->b < 0 ? "sigma of lognormal(median, sigma) is negative"
                                    : "median of lognormal(median, sigma) must be above 0");
            return SIM_ERR_INPUT;
        }
        return check_bounds(field, distribution->a, "the median ", why, size);
    case SIM_CONSTANT:
    case SIM_DISTRIBUTION_COUNT: break;
    }
    return check_bounds(field, distribution->a, "", why, size);
}

/* Reads name(arguments) or a bare number into kind, a and b. */
static int
parse_distribution(const char *text, struct sim_distribution *distribution, char *why, size_t size)
{
    if (strchr(text, '(') == NULL) {
        distribution->kind = SIM_CONSTANT;
        return parse_real(
            text, "a number or a distribution like normal(0.2, 0.05)", &distribution->a, why, size);
    }
    struct call call;
    int ret = split_call(text, &call, why, size);
    if (ret != SIM_OK) {
        return ret;
    }
    distribution->kind = find_kind(call.name, why, size);
    if (distribution->kind == SIM_DISTRIBUTION_COUNT) {
        return SIM_ERR_INPUT;
    }
    int arguments = kinds[distribution->kind].arguments;
    if (call.n_arguments != arguments) {
        snprintf(why, size, "%s takes %d argument%s, not %d", call.name, arguments, arguments == 1 ? "" : "s",
            call.n_arguments);
        return SIM_ERR_INPUT;
    }
    double values[ARGUMENTS] = { 0 };
    for (int i = 0; i < arguments && ret == SIM_OK; i++) {
        ret = parse_real(call.arguments[i], "a number", &values[i], why, size);
    }
    distribution->a = values[0];
    distribution->b = values[1];
    return ret;
}

static int
parse_distribution_field(
    const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    struct sim_distribution read = { .kind = SIM_CONSTANT };
    int ret = parse_distribution(text, &read, why, size);
    if (ret == SIM_OK) {
        ret = check_distribution(field, &read, why, size);
    }
    if (ret == SIM_OK) {
        struct sim_distribution *distribution = member; /* by members: padding keeps its bytes */
        distribution->kind = read.kind;
        distribution->a = read.a;
        distribution->b = read.b;
        distribution->lowest = field->lowest;
        distribution->highest = field->highest;
    }
    return ret;
}

static void
print_distribution_field(const struct sim_field *field, const void *member, char *value)
{
    (void) field;
    const struct sim_distribution *distribution = member;
    char a[32], b[32];
    print_real(distribution->a, a, sizeof(a));
    print_real(distribution->b, b, sizeof(b));
    if (distribution->kind == SIM_CONSTANT) {
        snprintf(value, SIM_VALUE_SIZE, "%s", a);
    } else {
        snprintf(value, SIM_VALUE_SIZE, "%s(%s, %s)", kinds[distribution->kind].name, a, b);
    }
}

double
sim_distribution_at(const struct sim_distribution *distribution, double u)
{
    double x = distribution->a;
    switch (distribution->kind) {
    case SIM_UNIFORM: x = distribution->a + (distribution->b - distribution->a) * u; break;
    case SIM_NORMAL: x = distribution->a + distribution->b * sim_normal_at(u); break;
    case SIM_LOGNORMAL: x = distribution->a * sim_exp(distribution->b * sim_normal_at(u)); break;
    case SIM_CONSTANT:
    case SIM_DISTRIBUTION_COUNT: break;
    }
    x = x < distribution->lowest ? distribution->lowest : x;
    return x > distribution->highest ? distribution->highest : x;
}

/* What the types differ in */
static const struct {
    const char *expects;
    int (*parse)(const struct sim_field *field, const char *text, void *member, char *why, size_t size);
    void (*print)(const struct sim_field *field, const void *member, char *value);
} types[] = {
    [SIM_REAL] = { "a number", parse_real_field, print_real_field },
    [SIM_INTEGER] = { "a whole number", parse_integer_field, print_integer_field },
    [SIM_SWITCH] = { "on or off", parse_switch_field, print_switch_field },
    [SIM_CHOICE] = { "a word", parse_choice_field, print_choice_field },
    [SIM_DISTRIBUTION] = { "a number or a distribution", parse_distribution_field, print_distribution_field },
};

const char *
sim_field_expects(const struct sim_field *field)
{
    return types[field->type].expects;
}

int
sim_field_parse(const struct sim_field *field, const char *text, void *params, char *why, size_t size)
{
    return types[field->type].parse(field, text, (char *) params + field->offset, why, size);
}

void
sim_field_print(const struct sim_field *field, const void *params, char *value)
{
    types[field->type].print(field, (const char *) params + field->offset, value);
}

int
sim_fields_defaults(const struct sim_fields *fields, void *params, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < fields->count; i++) {
        const struct sim_field *field = &fields->list[i];
        char why[512];
        if (sim_field_parse(field, field->standard, params, why, sizeof(why)) != SIM_OK) {
            sim_messages_add(messages, SIM_ERROR, (struct sim_where){ NULL, 0, 0 }, "default of %s.%s: %s",
                field->group, field->name, why);
            ret = SIM_ERR_INPUT;
        }
    }
    return ret;
}
