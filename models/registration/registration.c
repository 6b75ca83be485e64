/* registration.c - the model's tables, its initial state, its month, and what is recorded. */
#define SIM_TABLE_ROWS
#include "models/registration/registration.h"

#include "sim/error.h"

#include <inttypes.h>
#include <stdio.h>

enum { STREAM_SETUP = 1, STREAM_NETWORK, STREAM_SIZE, STREAM_REGISTRATION };

static void
extent(const void *params, uint32_t *regions, uint32_t *blocks)
{
    (void) params;
    *regions = 1;
    *blocks = 1;
}

static void
size(const struct sim_view *view, uint32_t *count)
{
    if (view->level == SIM_WORLD) {
        count[registration_register_kind] = REGISTRATION_CLASS_COUNT;
    }
}

static size_t
scratch(const struct sim_view *view)
{
    (void) view;
    return 0;
}

struct registration_terms
registration_terms_of(const struct sim_view *view, enum registration_class class)
{
    const struct registration_params *p = view->params;
#define TERMS(name)                                                                                          \
    { p->name##_registered, p->name##_pool, p->name##_founders, p->name##_fade, p->name##_registration_rate, \
        p->name##_threshold, p->name##_capital, p->name##_capital_spread, p->name##_exit_rate },
    const struct registration_terms terms[] = { REGISTRATION_CLASSES(TERMS) };
#undef TERMS
    return terms[class];
}

static void
setup(const struct sim_view *view)
{
    if (view->level == SIM_WORLD) {
        const struct registration_register *rows = registration_register_of(view);
        for (uint32_t c = 0; c < registration_register_count(view); c++) {
            struct registration_terms terms = registration_terms_of(view, (enum registration_class) c);
            rows->registered[c] = terms.registered;
            rows->pool[c] = terms.pool;
        }
    }
}

static void
observe(const struct sim_view *world, const int64_t *column, struct sim_tally tally)
{
    for (uint32_t c = 0; c < registration_register_count(world); c++) {
        tally.value[c] += (double) column[c];
    }
}

void
registration_observe_registered(const struct sim_view *world, struct sim_tally tally)
{
    observe(world, registration_register_of(world)->registered, tally);
}

void
registration_observe_pool(const struct sim_view *world, struct sim_tally tally)
{
    observe(world, registration_register_of(world)->pool, tally);
}

void
registration_observe_registrations(const struct sim_view *world, struct sim_tally tally)
{
    observe(world, registration_register_of(world)->registrations, tally);
}

/* Nothing appears and nothing is lost: what there is, is what there was and what came and went. */
int
registration_verify(const struct sim_view *world, char *why, size_t why_size)
{
    const struct registration_register *rows = registration_register_of(world);
    for (uint32_t c = 0; c < registration_register_count(world); c++) {
        struct registration_terms terms = registration_terms_of(world, (enum registration_class) c);
        int64_t pool = terms.pool + rows->founded_sum[c] - rows->faded_sum[c] - rows->registrations_sum[c];
        int64_t registered = terms.registered + rows->registrations_sum[c] - rows->exits_sum[c];
        if (rows->pool[c] != pool || rows->registered[c] != registered || pool < 0 || registered < 0) {
            snprintf(why, why_size,
                "%s: %" PRId64 " groups and %" PRId64 " organisations, where the flows leave %" PRId64
                " and %" PRId64,
                registration_class_labels[c], rows->pool[c], rows->registered[c], pool, registered);
            return SIM_ERR_STATE;
        }
    }
    return SIM_OK;
}

static const struct sim_phase month[] = {
    { "registration", SIM_WORLD, registration_month, STREAM_REGISTRATION, NULL, "(14)",
        "groups are founded, register or dissolve; organisations are struck off" },
};

const struct sim_model registration_model = {
    .name = "registration",
    .title = "Registered social organisations of a country",
    .doc = "Associations, private non-enterprise units and foundations register out of pools of grassroots "
           "groups, as far as a threshold lets them.",
    .actors = "social organisations",
    SIM_TABLES_OF(registration),
    .phases = month,
    .n_phases = SIM_COUNT_OF(month),
    .benchmark = "associations.registered=245000",
    .extent = extent,
    .size = size,
    .scratch = scratch,
    .setup = setup,
    .setup_stream = STREAM_SETUP,
    .network_stream = STREAM_NETWORK,
    .size_stream = STREAM_SIZE,
    .verify = registration_verify,
};
