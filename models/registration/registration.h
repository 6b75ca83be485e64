/* registration.h - registered social organisations of a whole country, in three classes, fed by a pool of
 * grassroots groups.
 *
 * Equation (14) alone, for the national series: with the yearly numbers of Wang2018 it says what a pool that
 * drains can explain of their growth, and what a lower threshold of registration would add. Tick 0 of the
 * scenarios is the end of 2010.
 */
#ifndef MODELS_REGISTRATION_H
#define MODELS_REGISTRATION_H

#define SIM_MODEL registration
#define SIM_PARAMS "models/registration/params.def"
#define SIM_COLUMNS "models/registration/columns.def"
#define SIM_OBSERVATIONS "models/registration/observe.def"
#include "sim/tables.h"

extern const struct sim_model registration_model SIM_LABEL("registration_model");

/* The classes, in the order of the dimension: words of params.def. */
#define REGISTRATION_CLASSES(X) X(associations) X(private_non_enterprise) X(foundations)
#define REGISTRATION_CLASS(name) registration_##name,
enum registration_class { REGISTRATION_CLASSES(REGISTRATION_CLASS) REGISTRATION_CLASS_COUNT };
#undef REGISTRATION_CLASS

/* The parameters of one class. */
struct registration_terms {
    int64_t registered, pool;
    double founders, fade, registration_rate, threshold, capital, capital_spread, exit_rate;
};

struct registration_terms registration_terms_of(const struct sim_view *view, enum registration_class class)
    SIM_LABEL("registration_terms_of");

/* r(Theta): the share of the pool that registers in a month. */
double registration_openness(const struct registration_terms *terms) SIM_LABEL("registration_openness");

void registration_month(const struct sim_view *world) SIM_LABEL("registration_month");

int registration_verify(const struct sim_view *world, char *why, size_t size)
    SIM_LABEL("registration_verify");

#endif
