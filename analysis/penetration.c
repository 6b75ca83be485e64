#include "analysis/penetration.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <string.h>

#define QUANTILES 2000 /* of a distribution over communities, for its mean */
#define LIMIT 50.0     /* of the constant, either way */
#define ITERATIONS 200

/* The defaults while they are read: the first key that the model lacks is kept. */
struct defaults {
    const struct sim_fields *fields;
    const char *params;
    const char *missing;
};

static const void *
member(struct defaults *defaults, const char *key, enum sim_type type)
{
    const struct sim_field *field = sim_fields_find(defaults->fields, key);
    if (field == NULL || field->type != type) {
        defaults->missing = defaults->missing != NULL ? defaults->missing : key;
        return NULL;
    }
    return defaults->params + field->offset;
}

static double
real(struct defaults *defaults, const char *key)
{
    const double *value = member(defaults, key, SIM_REAL);
    return value != NULL ? *value : (double) NAN;
}

static int64_t
integer(struct defaults *defaults, const char *key)
{
    const int64_t *value = member(defaults, key, SIM_INTEGER);
    return value != NULL ? *value : 0;
}

/* The mean over places of what is drawn, cut as it is drawn. */
static double
mean_of(struct defaults *defaults, const char *key)
{
    const struct sim_distribution *distribution = member(defaults, key, SIM_DISTRIBUTION);
    double sum = 0;
    for (int i = 0; distribution != NULL && i < QUANTILES; i++) {
        sum += sim_distribution_at(distribution, (i + 0.5) / QUANTILES);
    }
    return sum / QUANTILES;
}

static void
spread_ages(struct penetration *penetration, double elderly, double young)
{
    for (int age = 18; age < 60; age++) {
        double of_group = age < 40 ? young / 22 : (1 - young) / 20;
        penetration->adults[age] = (1 - elderly) * of_group;
    }
    for (int age = 60; age <= 90; age++) { /* 31 years, the density falls to 0 at their end */
        double from = 1 - (age - 60) / 31.0, to = 1 - (age - 59) / 31.0;
        penetration->adults[age] = elderly * (from * from - to * to);
    }
}

static void
read_defaults(struct penetration *penetration, struct defaults *defaults)
{
    spread_ages(penetration, mean_of(defaults, "city.elderly_share"), mean_of(defaults, "city.young_share"));
    double employed = real(defaults, "residents.employed_share");
    double employed_old = real(defaults, "residents.employed_share_old");
    int64_t old_age = integer(defaults, "residents.old_age");
    for (int age = 0; age < PENETRATION_AGES; age++) {
        penetration->workers[age] = age < old_age ? employed : employed_old;
    }
    penetration->age_slope = real(defaults, "platform.penetration_age");
    penetration->age_reference = real(defaults, "platform.penetration_reference");
    penetration->work = real(defaults, "platform.penetration_work");
    penetration->standard = real(defaults, "platform.penetration_constant");
}

int
penetration_init(struct penetration *penetration, const struct sim_fields *fields, const char **missing)
{
    memset(penetration, 0, sizeof(*penetration));
    *missing = NULL;
    void *params = sim_alloc(1, fields->size);
    int ret = params == NULL ? SIM_ERR_MEMORY : sim_fields_defaults(fields, params, NULL);
    if (ret == SIM_OK) {
        struct defaults defaults = { fields, params, NULL };
        read_defaults(penetration, &defaults);
        *missing = defaults.missing;
        ret = defaults.missing != NULL ? SIM_ERR_INPUT : SIM_OK;
    }
    sim_free(params);
    return ret;
}

static double
logistic(double x)
{
    return 1 / (1 + exp(-x));
}

double
penetration_mean(const struct penetration *penetration, double constant)
{
    double sum = 0;
    for (int age = 0; age < PENETRATION_AGES; age++) {
        double at = constant + penetration->age_slope * (age - penetration->age_reference) / 10;
        double work = penetration->workers[age];
        sum +=
            penetration->adults[age] * (work * logistic(at + penetration->work) + (1 - work) * logistic(at));
    }
    return sum;
}

struct gap {
    const struct penetration *penetration;
    double mean;
};

static double
gap(double constant, void *context)
{
    const struct gap *gap = context;
    return penetration_mean(gap->penetration, constant) - gap->mean;
}

int
penetration_solve(const struct penetration *penetration, double mean, double *constant)
{
    struct gap context = { penetration, mean };
    gsl_function function = { gap, &context };
    if (!(gap(-LIMIT, &context) < 0) || !(gap(LIMIT, &context) > 0)) {
        return SIM_ERR_INPUT;
    }
    gsl_root_fsolver *search = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (search == NULL) {
        return SIM_ERR_MEMORY;
    }
    int status = gsl_root_fsolver_set(search, &function, -LIMIT, LIMIT);
    for (int i = 0; i < ITERATIONS && status == GSL_SUCCESS; i++) {
        status = gsl_root_fsolver_iterate(search);
        double low = gsl_root_fsolver_x_lower(search), high = gsl_root_fsolver_x_upper(search);
        if (gsl_root_test_interval(low, high, 1e-9, 0) == GSL_SUCCESS) {
            break;
        }
    }
    *constant = gsl_root_fsolver_root(search);
    gsl_root_fsolver_free(search);
    return status == GSL_SUCCESS ? SIM_OK : SIM_ERR_INPUT;
}
