/* field.c - finds fields by their keys; reads, checks and prints the values of parameters. */
#include "sim/field.h"

#include "sim/error.h"
#include "sim/number.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* One type of field each: parsers write the member last of all, printers have SIM_VALUE_SIZE bytes. */

static int
parse_real_field(const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    double value;
    int ret = sim_parse_real(text, "a number", &value, why, size);
    if (ret == SIM_OK) {
        ret = sim_check_bounds(field, value, "", why, size);
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
    sim_print_real(*(const double *) member, value, SIM_VALUE_SIZE);
}

static int
parse_integer_field(const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    double real;
    int ret = sim_parse_real(text, "a whole number", &real, why, size);
    if (ret != SIM_OK) {
        return ret;
    }
    char buffer[SIM_QUOTE_SIZE];
    if (!sim_is_integer(text)) {
        snprintf(why, size, "%s is not a whole number; write it with digits only", sim_quote(text, buffer));
        return SIM_ERR_INPUT;
    }
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno == ERANGE) {
        char bounds[128];
        sim_print_bounds(field, bounds, sizeof(bounds));
        snprintf(
            why, size, "%s is too large for a whole number; it must be %s", sim_quote(text, buffer), bounds);
        return SIM_ERR_INPUT;
    }
    ret = sim_check_bounds(field, (double) value, "", why, size);
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
    static const char words[] = "on|off|true|false";

    (void) field;
    int index = sim_find_word(words, text);
    if (index >= 0) {
        *(int *) member = index % 2 == 0;
        return SIM_OK;
    }
    char buffer[SIM_QUOTE_SIZE], nearest[8];
    sim_quote(text, buffer);
    if (sim_suggest_word(words, text, nearest, sizeof(nearest))) {
        snprintf(why, size, "\"%s\" is not a switch; did you mean \"%s\"?", buffer, nearest);
    } else {
        snprintf(why, size, "\"%s\" is not a switch; it must be on, off, true or false", buffer);
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
    int index = sim_find_word(field->choices, text);
    if (index >= 0) {
        *(int *) member = index;
        return SIM_OK;
    }
    char buffer[SIM_QUOTE_SIZE], nearest[64], choices[256];
    sim_quote(text, buffer);
    if (sim_suggest_word(field->choices, text, nearest, sizeof(nearest))) {
        snprintf(why, size, "\"%s\" is not one of the choices; did you mean \"%s\"?", buffer, nearest);
    } else {
        print_choices(field->choices, choices, sizeof(choices));
        snprintf(why, size, "\"%s\" is not one of the choices; it must be one of %s", buffer, choices);
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

static int
parse_distribution_field(
    const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    return sim_distribution_parse(member, text, field, why, size);
}

static void
print_distribution_field(const struct sim_field *field, const void *member, char *value)
{
    (void) field;
    sim_distribution_print(member, value);
}

int
sim_field_names_table(const char *text)
{
    size_t length = strlen(text);
    return length > 4 && strcasecmp(text + length - 4, ".csv") == 0;
}

static int
parse_places_field(const struct sim_field *field, const char *text, void *member, char *why, size_t size)
{
    if (sim_field_names_table(text)) {
        return SIM_OK;
    }
    if (*text != '\0' && strchr("+-.0123456789", *text) != NULL) {
        return parse_integer_field(field, text, member, why, size);
    }
    char buffer[SIM_QUOTE_SIZE];
    snprintf(why, size, "\"%s\" is neither a whole number nor a table, whose name ends in .csv",
        sim_quote(text, buffer));
    return SIM_ERR_INPUT;
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
    [SIM_PLACES] = { "a whole number or the name of a table", parse_places_field, print_integer_field },
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
