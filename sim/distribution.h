/* distribution.h - named distributions, as parameters have them. */
#ifndef SIM_DISTRIBUTION_H
#define SIM_DISTRIBUTION_H

#include <stddef.h>

struct sim_field;

/* A named distribution over places or agents of one kind, written as constant(x) or plainly x, uniform(low,
 * high), normal(mean, sd), lognormal(median, sigma of the logarithm). What is drawn is cut to the field's
 * bounds. */
#define SIM_DISTRIBUTION_KINDS(X) \
    X(CONSTANT, constant, 1) X(UNIFORM, uniform, 2) X(NORMAL, normal, 2) X(LOGNORMAL, lognormal, 2)
#define SIM_DISTRIBUTION_ENUM(code, name, arguments) SIM_##code,
enum sim_distribution_kind { SIM_DISTRIBUTION_KINDS(SIM_DISTRIBUTION_ENUM) SIM_DISTRIBUTION_COUNT };
#undef SIM_DISTRIBUTION_ENUM

struct sim_distribution {
    enum sim_distribution_kind kind;
    double a, b;
    double lowest, highest; /* the field's bounds */
};

/* The value at probability u in (0, 1) (inverse cumulative), within the bounds; the same on any machine. */
double sim_distribution_at(const struct sim_distribution *distribution, double u);

/* Reads a distribution from text. On SIM_ERR_INPUT the reason, with the field's bounds and unit, is in why
 * (of size bytes) and the distribution unchanged. */
int sim_distribution_parse(struct sim_distribution *distribution, const char *text,
    const struct sim_field *field, char *why, size_t size);

/* As text that sim_distribution_parse reads back to the same bits; value has SIM_VALUE_SIZE bytes. */
void sim_distribution_print(const struct sim_distribution *distribution, char *value);

#endif
