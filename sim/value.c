/* value.c - single values of parameters, and the ranges that they come from. */
#include "sim/design.h"

#include <string.h>

/* Bytes of the member */
static const size_t sizes[] = {
    [SIM_REAL] = sizeof(double),
    [SIM_INTEGER] = sizeof(int64_t),
    [SIM_SWITCH] = sizeof(int),
    [SIM_CHOICE] = sizeof(int),
    [SIM_DISTRIBUTION] = sizeof(struct sim_distribution),
    [SIM_PLACES] = sizeof(int64_t),
};

void
sim_value_get(const struct sim_field *field, const void *params, union sim_value *value)
{
    memcpy(value, (const char *) params + field->offset, sizes[field->type]);
}

void
sim_value_set(const struct sim_field *field, void *params, const union sim_value *value)
{
    memcpy((char *) params + field->offset, value, sizes[field->type]);
}

int
sim_value_equal(const struct sim_field *field, const union sim_value *a, const union sim_value *b)
{
    switch (field->type) {
    case SIM_REAL: return a->real == b->real;
    case SIM_INTEGER:
    case SIM_PLACES: return a->integer == b->integer;
    case SIM_SWITCH:
    case SIM_CHOICE: return a->index == b->index;
    case SIM_DISTRIBUTION:
        return a->distribution.kind == b->distribution.kind && a->distribution.a == b->distribution.a
            && a->distribution.b == b->distribution.b;
    }
    return 0;
}

void
sim_value_print(const struct sim_field *field, const union sim_value *value, char *text)
{
    struct sim_field alone = *field;
    alone.offset = 0;
    sim_field_print(&alone, value, text);
}

double
sim_range_between(double low, double high, double u)
{
    double value = low + u * (high - low);
    return value < low ? low : value > high ? high : value;
}

/* Which of n equally likely parts u lies in. */
static uint64_t
part_of(double u, double n)
{
    uint64_t part = (uint64_t) (u * n);
    return part < (uint64_t) n ? part : (uint64_t) n - 1;
}

void
sim_range_at(const struct sim_range *range, const struct sim_field *field, double u, union sim_value *value)
{
    if (range->n_levels > 0) {
        *value = range->levels[part_of(u, range->n_levels)];
    } else if (field->type == SIM_REAL) {
        value->real = sim_range_between(range->low.real, range->high.real, u);
    } else {
        int64_t low = range->low.integer;
        value->integer = low + (int64_t) part_of(u, (double) (range->high.integer - low) + 1);
    }
}
