#include "analysis/pool.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>
#include <stdio.h>

double
pool_openness(const struct pool_terms *terms, double threshold)
{
    return terms->registration_rate / (1 + exp((threshold - terms->capital) / terms->capital_spread));
}

void
pool_years(const struct pool_terms *terms, uint32_t n, double *years)
{
    double pool = terms->pool, registered = terms->registered;
    for (uint32_t month = 1; month <= 12 * n; month++) {
        int is_after = terms->event > 0 && month >= terms->event;
        double rate = pool_openness(terms, is_after ? terms->threshold_after : terms->threshold);
        double registrations = rate * pool;
        registered += registrations - terms->exit_rate * registered;
        pool += terms->founders - registrations - terms->fade * pool;
        if (month % 12 == 0) {
            years[month / 12 - 1] = registered;
        }
    }
}

/* The default of one parameter as a number; *missing is set if there is none. */
static double
default_of(
    const struct sim_fields *fields, const void *params, const char *class, const char *name, int *missing)
{
    char key[SIM_KEY_SIZE];
    snprintf(key, sizeof(key), "%s.%s", class, name);
    const struct sim_field *field = sim_fields_find(fields, key);
    if (field == NULL || (field->type != SIM_REAL && field->type != SIM_INTEGER)) {
        *missing = 1;
        return NAN;
    }
    const void *member = (const char *) params + field->offset;
    return field->type == SIM_REAL ? *(const double *) member : (double) *(const int64_t *) member;
}

int
pool_defaults(const struct sim_fields *fields, const char *class, struct pool_terms *terms)
{
    int missing = 0;
    void *params = sim_alloc(1, fields->size);
    int ret = params == NULL ? SIM_ERR_MEMORY : sim_fields_defaults(fields, params, NULL);
    if (ret == SIM_OK) {
#define DEFAULT(name) .name = default_of(fields, params, class, #name, &missing)
        *terms = (struct pool_terms){ DEFAULT(registered), DEFAULT(pool), DEFAULT(founders), DEFAULT(fade),
            DEFAULT(registration_rate), DEFAULT(capital), DEFAULT(capital_spread), DEFAULT(exit_rate),
            DEFAULT(threshold) };
#undef DEFAULT
        terms->threshold_after = terms->threshold;
        ret = missing ? SIM_ERR_INPUT : SIM_OK;
    }
    sim_free(params);
    return ret;
}
