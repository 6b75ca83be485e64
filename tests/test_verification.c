/* Verification of the cogov model as a whole: what must hold whatever the parameters, and changes that must
 * change nothing. */
#include "tests/tiny.h"

#include <stdlib.h>

enum { MONTHS = 36, REPLICATES = 40, ROW_LIMIT = 512 };

static uint32_t
at(const char *name)
{
    uint32_t row = 0;
    for (uint32_t o = 0; o < cogov_model.n_observations; o++) {
        if (strcmp(cogov_model.observations[o].name, name) == 0) {
            return row;
        }
        row += sim_observation_labels(&cogov_model, &cogov_model.observations[o]);
    }
    fail_msg("no observation %s", name);
    return 0;
}

/* --- Little's law --- */

/* Months that the tickets of one month's resolution have waited at the ends of months before it. */
static int64_t
months_of_resolved(const struct sim_view *community)
{
    const struct cogov_resident *r = cogov_resident_of(community);
    int64_t months = 0;
    for (uint32_t i = 0; i < cogov_resident_count(community); i++) {
        months += r->solved[i] != 0 ? r->waited[i] + r->waited_before[i] - 1 : 0;
    }
    return months;
}

static int64_t
months_of_open(const struct sim_view *community)
{
    const struct cogov_resident *r = cogov_resident_of(community);
    int64_t months = 0;
    for (uint32_t i = 0; i < cogov_resident_count(community); i++) {
        months += r->need[i] != 0 ? r->waited[i] + r->waited_before[i] : 0;
    }
    return months;
}

/* The tickets that wait at the end of a month, summed over months, are the months that tickets wait, summed
 * over tickets. */
static void
tickets_obey_littles_law(void **state)
{
    struct tiny tiny;
    int64_t waiting = 0, waited = 0;
    (void) state;
    tiny_init(&tiny, "city.residents=2000 tiers.grid_tickets=40 tiers.staff_tickets=10 residents.mobility=0");
    const struct sim_view *community = tiny_community(&tiny, 0);
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        waiting += cogov_community_of(community)->waiting[0];
        waited += months_of_resolved(community);
    }
    assert_true(waited > 0 && months_of_open(community) > 0);
    assert_int_equal(waiting, waited + months_of_open(community));
    tiny_free(&tiny);
}

/* In a steady state: mean number waiting = tickets a month x mean months waited. */
static void
in_a_steady_state_the_backlog_is_rate_times_wait(void **state)
{
    struct tiny tiny;
    int64_t waiting = 0, waited = 0, opened = 0, resolved = 0;
    (void) state;
    tiny_init(&tiny, "city.residents=8000 residents.mobility=0");
    const struct sim_view *community = tiny_community(&tiny, 0);
    tiny_step(&tiny, 24);
    for (int month = 0; month < 120; month++) {
        int64_t before = cogov_community_of(community)->closed_ever[0];
        tiny_step(&tiny, 1);
        waiting += cogov_community_of(community)->waiting[0];
        opened += cogov_community_of(community)->opened[0];
        resolved += cogov_community_of(community)->closed_ever[0] - before;
        waited += months_of_resolved(community);
    }
    double backlog = (double) waiting / 120, rate = (double) opened / 120;
    double wait = (double) waited / (double) resolved;
    assert_true(backlog > 10);
    assert_true(fabs(rate * wait / backlog - 1) < 0.03);
    tiny_free(&tiny);
}

/* --- streets do not touch each other --- */

static void
a_street_cut_off_leaves_the_others_as_they_are(void **state)
{
    struct tiny whole, part;
    (void) state;
    tiny_init(&whole, "city.streets=3 city.communities=2 city.residents=400");
    tiny_init(&part, "city.streets=2 city.communities=2 city.residents=400");
    tiny_step(&whole, MONTHS);
    tiny_step(&part, MONTHS);
    for (uint32_t s = 0; s < 2; s++) {
        const struct sim_view *one = sim_world_view(&whole.world)->below[s],
                              *other = sim_world_view(&part.world)->below[s];
        assert_memory_equal(
            cogov_government_of(one)->paid, cogov_government_of(other)->paid, sizeof(int64_t));
        for (uint32_t b = 0; b < 2; b++) {
            const struct cogov_resident *left = cogov_resident_of(one->below[b]),
                                        *right = cogov_resident_of(other->below[b]);
            uint32_t n = cogov_resident_count(one->below[b]);
            assert_memory_equal(left->trust, right->trust, n * sizeof(float));
            assert_memory_equal(left->depth, right->depth, n);
            assert_memory_equal(left->waited, right->waited, n);
        }
    }
    tiny_free(&whole);
    tiny_free(&part);
}

/* --- statistical --- */

struct moments {
    double sum, squares;
    int n;
};

static void
add(struct moments *m, double x)
{
    m->sum += x;
    m->squares += x * x;
    m->n++;
}

static double
mean(const struct moments *m)
{
    return m->sum / m->n;
}

/* Square of the standard error of the mean. */
static double
error_squared(const struct moments *m)
{
    return (m->squares / m->n - mean(m) * mean(m)) / (m->n - 1);
}

/* What one observation is at the end of short runs of a city, over replicates. */
static struct moments
outcome(const char *settings, const char *observation, int replicates)
{
    struct moments moments = { 0, 0, 0 };
    struct cogov_params p;
    double row[ROW_LIMIT];
    tiny_params(&p, settings);
    assert_true(sim_model_row(&cogov_model) <= ROW_LIMIT);
    for (int r = 0; r < replicates; r++) {
        struct sim_world world;
        assert_int_equal(
            sim_world_init(&world, &cogov_model, &p, (struct sim_key){ 7, (uint32_t) r }, 1), SIM_OK);
        for (int month = 0; month < MONTHS; month++) {
            sim_world_step(&world);
        }
        sim_world_observe(&world, row);
        add(&moments, row[at(observation)]);
        sim_world_free(&world);
    }
    return moments;
}

static void
a_city_of_twice_as_many_streets_has_the_same_means(void **state)
{
    static const char *const observations[] = { "participation", "trust", "service_quality",
        "delivered_quality", "bids" };
    (void) state;
    for (size_t o = 0; o < SIM_COUNT_OF(observations); o++) {
        struct moments one =
            outcome("city.streets=1 city.communities=3 city.residents=300", observations[o], REPLICATES);
        struct moments two =
            outcome("city.streets=2 city.communities=3 city.residents=300", observations[o], REPLICATES);
        double z = (mean(&one) - mean(&two)) / sqrt(error_squared(&one) + error_squared(&two));
        if (fabs(z) > 4) {
            fail_msg("%s: %g and %g, %g standard errors apart", observations[o], mean(&one), mean(&two), z);
        }
    }
}

/* Which number a community bears changes nothing that can be expected of it: also not where lots of a street
 * compete for few bidders. */
static void
no_community_is_favoured_by_its_place_in_the_list(void **state)
{
    enum { COMMUNITIES = 6 };
    struct moments contracts[COMMUNITIES] = { { 0, 0, 0 } }, quality[COMMUNITIES] = { { 0, 0, 0 } };
    struct cogov_params p;
    (void) state;
    tiny_params(&p,
        "city.communities=6 city.residents=100 organisations.professional=2 purchase.contracts_limit=2 "
        "purchase.bid_probability=1");
    for (int r = 0; r < 10 * REPLICATES; r++) {
        struct sim_world world;
        assert_int_equal(
            sim_world_init(&world, &cogov_model, &p, (struct sim_key){ 9, (uint32_t) r }, 1), SIM_OK);
        for (int month = 0; month < 6; month++) {
            sim_world_step(&world);
        }
        for (uint32_t b = 0; b < COMMUNITIES; b++) {
            const struct sim_view *community = sim_world_view(&world)->below[0]->below[b];
            add(&contracts[b], cogov_contract_of(community)->provider[LOT_SPECIAL] >= 0);
            add(&quality[b], cogov_community_of(community)->ambient[0]);
        }
        sim_world_free(&world);
    }
    for (int b = 1; b < COMMUNITIES; b++) {
        double z = (mean(&contracts[b]) - mean(&contracts[0]))
            / sqrt(error_squared(&contracts[b]) + error_squared(&contracts[0]));
        double quality_z = (mean(&quality[b]) - mean(&quality[0]))
            / sqrt(error_squared(&quality[b]) + error_squared(&quality[0]));
        if (fabs(z) > 4 || fabs(quality_z) > 4) {
            fail_msg("community %d: contracts %g against %g of the first, ambient quality %g against %g", b,
                mean(&contracts[b]), mean(&contracts[0]), mean(&quality[b]), mean(&quality[0]));
        }
    }
}

/* --- mean field of participation by depth --- */

/* Residents who differ in nothing and do not change their minds: what remains of (8) is a logit in the share of
 * active neighbours. */
#define ALIKE                                                                                       \
    "switches.trust=off switches.identity=off switches.efficacy=off switches.mobility=off "         \
    "switches.needs_arise=off switches.authority=off burden.cut=0 party.mobilisation=0 "            \
    "participation.female=0 participation.busy_work=0 participation.tenant_cost=0 "                 \
    "participation.attend_age=0 participation.volunteer_age=0 participation.deliberate_age=0 "      \
    "participation.decide_age=0 residents.leader_weight=1 initial.trust=0.6 initial.identity=0.5 "  \
    "initial.efficacy=0.5 deliberation.level=0.5 participation.influence=2.5 city.residents=20000 " \
    "platform.coverage=0 "

/* The fixed point of p_d = A_d exp V_d(p) / (1 + sum of A_d exp V_d(p)), p = sum of p_d, from below. */
static void
vector_fixed_point(const struct tiny *tiny, double influence, double *share)
{
    const struct cogov_params *p = &tiny->p;
    const double constant[] = { 0, p->participation_attend_constant, p->participation_volunteer_constant,
        p->participation_deliberate_constant, p->participation_decide_constant };
    const double *available = cogov_committee_of(tiny_community(tiny, 0))->available[0].of;
    double active = 0;
    for (int round = 0; round < 1000; round++) {
        double sum = 1;
        for (int d = 1; d < DEPTHS; d++) {
            share[d] = available[d] * exp(constant[d] + influence * active + p->participation_trust * 0.1);
            sum += share[d];
        }
        active = 0;
        for (int d = 1; d < DEPTHS; d++) {
            share[d] /= sum;
            active += share[d];
        }
    }
    share[0] = 1 - active;
}

/* Means over months, apart from the prediction by no more than so many standard errors and so large a part of
 * it (neighbours are many, not all). */
static void
expect_shares(const char *settings, int has_ties, double part)
{
    struct tiny tiny;
    double share[DEPTHS];
    struct moments depth[DEPTHS] = { { 0, 0, 0 } };
    tiny_init(&tiny, settings);
    tiny_step(&tiny, 30);
    vector_fixed_point(&tiny, has_ties ? tiny.p.participation_influence : 0, share);
    for (int month = 0; month < 100; month++) {
        tiny_step(&tiny, 1);
        for (int d = 0; d < DEPTHS; d++) {
            add(&depth[d], cogov_share_at(cogov_community_of(tiny_community(&tiny, 0))->census, 20000, d, d));
        }
    }
    for (int d = 0; d < DEPTHS; d++) {
        double apart = fabs(mean(&depth[d]) - share[d]);
        if (apart > 4 * sqrt(error_squared(&depth[d])) + part * share[d]) {
            fail_msg("depth %d: %g, fixed point %g", d, mean(&depth[d]), share[d]);
        }
    }
    tiny_free(&tiny);
}

static void
depths_rest_at_the_vector_fixed_point(void **state)
{
    (void) state;
    expect_shares(ALIKE "residents.degree=0", 0, 0);
    expect_shares(ALIKE "residents.degree=100 residents.rewire=1", 1, 0.02);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_obey_littles_law),
        cmocka_unit_test(in_a_steady_state_the_backlog_is_rate_times_wait),
        cmocka_unit_test(a_street_cut_off_leaves_the_others_as_they_are),
        cmocka_unit_test(a_city_of_twice_as_many_streets_has_the_same_means),
        cmocka_unit_test(depths_rest_at_the_vector_fixed_point),
        cmocka_unit_test(no_community_is_favoured_by_its_place_in_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
