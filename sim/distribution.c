/* distribution.c - reads, checks, prints and inverts the named distributions. */
#include "sim/distribution.h"

#include "sim/error.h"
#include "sim/field.h"
#include "sim/number.h"
#include "sim/random.h"
#include "sim/vector.h"

#include <stdio.h>
#include <string.h>

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

/* Copies without the blanks at both ends; what follows the text is no blank. */
static void
copy_trimmed(const char *from, size_t length, char *to, size_t size)
{
    size_t start = strspn(from, " \t");
    while (length > start && strchr(" \t", from[length - 1]) != NULL) {
        length--;
    }
    sim_cut(from + start, length - start, to, size);
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
check_distribution(
    const struct sim_field *field, const struct sim_distribution *distribution, char *why, size_t size)
{
    double a = distribution->a, b = distribution->b;
    const char *what = "", *fault = NULL;
    switch (distribution->kind) {
    case SIM_UNIFORM:
        what = "the low end ";
        fault = a > b ? "the low end of uniform(low, high) is above the high end" : NULL;
        break;
    case SIM_NORMAL:
        what = "the mean ";
        fault = b < 0 ? "the standard deviation of normal(mean, sd) is negative" : NULL;
        break;
    case SIM_LOGNORMAL:
        what = "the median ";
        fault = b < 0 ? "the sigma of lognormal(median, sigma) is negative"
            : a <= 0  ? "the median of lognormal(median, sigma) must be above 0"
                      : NULL;
        break;
    case SIM_CONSTANT:
    case SIM_DISTRIBUTION_COUNT: break;
    }
    if (fault != NULL) {
        snprintf(why, size, "%s", fault);
        return SIM_ERR_INPUT;
    }
    int ret = sim_check_bounds(field, a, what, why, size);
    return ret == SIM_OK && distribution->kind == SIM_UNIFORM
        ? sim_check_bounds(field, b, "the high end ", why, size)
        : ret;
}

/* Reads name(arguments) or a bare number into kind, a and b. */
static int
parse_distribution(const char *text, struct sim_distribution *distribution, char *why, size_t size)
{
    if (strchr(text, '(') == NULL) {
        distribution->kind = SIM_CONSTANT;
        return sim_parse_real(
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
        ret = sim_parse_real(call.arguments[i], "a number", &values[i], why, size);
    }
    distribution->a = values[0];
    distribution->b = values[1];
    return ret;
}

int
sim_distribution_parse(struct sim_distribution *distribution, const char *text, const struct sim_field *field,
    char *why, size_t size)
{
    struct sim_distribution read = { .kind = SIM_CONSTANT };
    int ret = parse_distribution(text, &read, why, size);
    if (ret == SIM_OK) {
        ret = check_distribution(field, &read, why, size);
    }
    if (ret == SIM_OK) { /* by members: padding keeps its bytes */
        distribution->kind = read.kind;
        distribution->a = read.a;
        distribution->b = read.b;
        distribution->lowest = field->lowest;
        distribution->highest = field->highest;
    }
    return ret;
}

void
sim_distribution_print(const struct sim_distribution *distribution, char *value)
{
    char a[32], b[32];
    sim_print_real(distribution->a, a, sizeof(a));
    sim_print_real(distribution->b, b, sizeof(b));
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
