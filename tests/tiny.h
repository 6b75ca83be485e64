/* tiny.h - small worlds of the cogov model for the tests of its rules: a rule runs by itself on a state set
 * by hand. */
#ifndef TESTS_TINY_H
#define TESTS_TINY_H

#include "models/cogov/cogov.h"

#include "sim/error.h"
#include "sim/world.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct tiny {
    struct cogov_params p; /* rules read it at each call, so a test may change it between two */
    struct sim_world world;
};

/* Settings as on the command line, separated by blanks. */
static inline void
tiny_set(struct cogov_params *p, const char *settings)
{
    char text[1024], why[256] = "unknown";
    assert_true(strlen(settings) < sizeof(text));
    strcpy(text, settings);
    for (char *rest = text, *setting; (setting = strtok_r(rest, " ", &rest)) != NULL;) {
        char *value = strchr(setting, '=');
        assert_non_null(value);
        *value++ = '\0';
        const struct sim_field *field = sim_fields_find(&cogov_model.fields, setting);
        if (field == NULL || sim_field_parse(field, value, p, why, sizeof(why)) != SIM_OK) {
            fail_msg("%s=%s: %s", setting, value, why);
        }
    }
}

static inline void
tiny_params(struct cogov_params *p, const char *settings)
{
    assert_int_equal(sim_fields_defaults(&cogov_model.fields, p, NULL), SIM_OK);
    tiny_set(p, "city.streets=1 city.communities=1 city.residents=50 organisations.entry_slots=0");
    tiny_set(p, settings);
}

/* The initial state of one street with one community of 50 residents, or what the settings say. */
static inline void
tiny_init(struct tiny *tiny, const char *settings)
{
    tiny_params(&tiny->p, settings);
    assert_int_equal(
        sim_world_init(&tiny->world, &cogov_model, &tiny->p, (struct sim_key){ 1, 0 }, 1), SIM_OK);
}

static inline void
tiny_free(struct tiny *tiny)
{
    sim_world_free(&tiny->world);
}

static inline const struct sim_view *
tiny_street(const struct tiny *tiny)
{
    return sim_world_view(&tiny->world)->below[0];
}

static inline const struct sim_view *
tiny_community(const struct tiny *tiny, uint32_t block)
{
    return tiny_street(tiny)->below[block];
}

/* The draws of a place in one month. */
static inline struct sim_stream
tiny_stream(const struct sim_view *view, uint32_t tick, uint32_t stream)
{
    return sim_stream_at((struct sim_key){ 1, 0 }, sim_place(view->region, view->block), tick, stream);
}

/* One rule, by itself, in one month. */
static inline void
tiny_run(const struct sim_view *place, sim_rule *rule, uint32_t stream, uint32_t tick)
{
    struct sim_view view = *place;
    view.tick = tick;
    view.stream = tiny_stream(place, tick, stream);
    rule(&view);
}

static inline void
tiny_step(struct tiny *tiny, uint32_t months)
{
    char why[256] = "";
    for (uint32_t t = 0; t < months; t++) {
        sim_world_step(&tiny->world);
        if (sim_world_verify(&tiny->world, why, sizeof(why)) != SIM_OK) {
            fail_msg("%s", why);
        }
    }
}

/* For tenders whose result can be worked out: everybody who may bid does, quality is seen as it is, nothing
 * is renewed. */
#define TINY_BARE                                                                        \
    "organisations.recreational=1 firms.service_companies=1 purchase.bid_probability=1 " \
    "purchase.assessment_error=0 purchase.renewal_probability=0 purchase.contracts_limit=1000 "

/* A tender in a street that has this year's money, after what comes before it in the month. */
static inline void
tiny_tender(const struct tiny *tiny, uint32_t tick)
{
    const struct cogov_government *government = cogov_government_of(tiny_street(tiny));
    government->budget[0] = (int64_t) (tiny->p.purchase_budget * 100 * government->population[0]);
    for (uint32_t b = 0; b < tiny_street(tiny)->n_below; b++) {
        tiny_run(tiny_community(tiny, b), project_choice, STREAM_NONE, tick);
        tiny_run(tiny_community(tiny, b), evaluation, STREAM_NONE, tick);
    }
    tiny_run(tiny_street(tiny), tender, STREAM_TENDER, tick);
}

/* The same after all contracts were forgotten, so that nobody is known by what was delivered. */
static inline void
tiny_first_tender(const struct tiny *tiny, uint32_t tick)
{
    const struct sim_view *street = tiny_street(tiny);
    for (int32_t j = 0; j < (int32_t) (cogov_organisation_count(street) + cogov_firm_count(street)); j++) {
        *cogov_provider_of(street, j).contracts = 0;
    }
    for (uint32_t b = 0; b < street->n_below; b++) {
        for (int kind = 0; kind < LOTS; kind++) {
            cogov_contract_of(street->below[b])->provider[kind] = -1;
        }
    }
    tiny_tender(tiny, tick);
}

/* A generator of the tests' own (SplitMix64): uniform in [0, 1). */
static inline double
tiny_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double) ((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Random attitudes, depths and traits for every resident. */
static inline void
tiny_shuffle(const struct sim_view *view, uint64_t *random)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        float *const attitudes[] = { r->trust, r->trust_before, r->satisfaction, r->expectation, r->identity,
            r->efficacy, r->cognition, r->active_neighbours, r->trust_neighbours };
        for (size_t a = 0; a < sizeof(attitudes) / sizeof(attitudes[0]); a++) {
            attitudes[a][i] = (float) tiny_random(random);
        }
        r->depth[i] = (uint8_t) (DEPTHS * tiny_random(random));
        r->age[i] = (uint8_t) (18 + (int) (73 * tiny_random(random)));
        r->traits[i] = (uint8_t) (64 * tiny_random(random));
        r->need[i] = (uint8_t) ((1 + NEEDS) * tiny_random(random));
    }
    cogov_count_depths(view);
    cogov_count_online(view);
}

static inline void
assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.9g is not within %g of %.9g", value, tolerance, expected);
    }
}

/* A count out of n that a probability explains: within 4.5 standard deviations. */
static inline void
assert_likely(double count, double n, double probability)
{
    assert_near(count / n, probability, 4.5 * sqrt(probability * (1 - probability) / n) + 1e-6);
}

static inline double
unit(double x)
{
    return fmin(fmax(x, 0), 1);
}

#endif
