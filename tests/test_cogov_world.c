/* test_cogov_world.c - the whole month after month: every invariant after every tick for parameters drawn at
 * random, tickets and money conserved as the observations tell them, edge cases, threads, common random
 * numbers, weights.
 */
#include "tiny.h"

enum { ROW_LIMIT = 128, MONTHS = 60 };

/* Where an observation stands in a row. */
static uint32_t
at(const char *name)
{
    uint32_t offset = 0;
    for (uint32_t o = 0; o < cogov_model.n_observations; o++) {
        if (strcmp(cogov_model.observations[o].name, name) == 0) {
            return offset;
        }
        offset += sim_observation_labels(&cogov_model, &cogov_model.observations[o]);
    }
    fail_msg("no observation %s", name);
    return 0;
}

static void
observe(struct tiny *tiny, double row[ROW_LIMIT])
{
    assert_true(tiny->world.row <= ROW_LIMIT);
    sim_world_observe(&tiny->world, row);
}

/* Means without weight are not numbers; everything else is one, and within the range stated. */
static void
assert_in_ranges(const double *row)
{
    for (uint32_t o = 0; o < cogov_model.n_observations; o++) {
        const struct sim_observation *observation = &cogov_model.observations[o];
        uint32_t labels = sim_observation_labels(&cogov_model, observation);
        for (uint32_t label = 0; label < labels; label++, row++) {
            int within = *row >= observation->lowest && *row <= observation->highest;
            if (isnan(*row) ? observation->aggregate != SIM_MEAN
                            : isinf(*row) || (!isnan(observation->lowest) && !within)) {
                fail_msg("%s, label %u: %g", observation->name, label, *row);
            }
        }
    }
}

static void
run_and_check(struct tiny *tiny, uint32_t months)
{
    double row[ROW_LIMIT];
    for (uint32_t t = 0; t < months; t++) {
        tiny_step(tiny, 1);
        observe(tiny, row);
        assert_in_ranges(row);
    }
}

/* --- parameters at random --- */

static double
draw_real(const struct sim_field *field, uint64_t *random)
{
    double choice = tiny_random(random), u = tiny_random(random);
    return choice < .1 ? field->lowest
        : choice < .2  ? field->highest
                       : field->lowest + (field->highest - field->lowest) * u;
}

static void
draw_distribution(const struct sim_field *field, uint64_t *random, struct sim_distribution *distribution)
{
    distribution->kind = (enum sim_distribution_kind)(SIM_DISTRIBUTION_COUNT * tiny_random(random));
    distribution->a = draw_real(field, random);
    distribution->b = distribution->kind == SIM_LOGNORMAL ? tiny_random(random) : draw_real(field, random);
    if (distribution->kind == SIM_UNIFORM && distribution->b < distribution->a) {
        distribution->b = distribution->a;
    }
}

static void
draw_shares(double *const *shares, int n, uint64_t *random)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        *shares[i] = tiny_random(random) < .2 ? 0 : tiny_random(random);
        sum += *shares[i];
    }
    *shares[0] += sum == 0;
    for (int i = 0; i < n; i++) {
        *shares[i] /= sum > 0 ? sum : 1;
    }
}

static void
draw_params(struct cogov_params *p, uint64_t *random)
{
    double *const needs[] = { &p->needs_public_share, &p->needs_special_share, &p->needs_personal_share,
        &p->needs_developmental_share };
    double *const severities[] = { &p->needs_minor_share, &p->needs_ordinary_share, &p->needs_major_share };
    double *const three[] = { &p->linkage_organisation_share, &p->linkage_worker_share,
        &p->linkage_volunteer_share };
    struct sim_complaint complaint;
    tiny_params(p, "");
    for (size_t f = 0; f < cogov_model.fields.count; f++) {
        const struct sim_field *field = &cogov_model.fields.list[f];
        void *member = (unsigned char *) p + field->offset;
        if (field->type == SIM_REAL) {
            *(double *) member = draw_real(field, random);
        } else if (field->type == SIM_INTEGER) {
            *(int64_t *) member = (int64_t) (draw_real(field, random) + .5);
        } else if (field->type == SIM_SWITCH) {
            *(int *) member = tiny_random(random) < .8;
        } else if (field->type == SIM_DISTRIBUTION) {
            draw_distribution(field, random, member);
        }
    }
    draw_shares(needs, NEEDS, random);
    draw_shares(severities, TIERS, random);
    draw_shares(three, 3, random);
    p->city_streets = 1 + (int64_t) (2 * tiny_random(random));
    p->city_communities = 1 + (int64_t) (3 * tiny_random(random));
    p->city_weight = 1 + (int64_t) (20 * tiny_random(random));
    p->city_residents =
        (struct sim_distribution){ SIM_UNIFORM, 50, 50 + 300 * (double) p->city_weight, 50, 60000 };
    p->residents_degree &= ~(int64_t) 1;
    p->organisations_professional.highest = p->organisations_recreational.highest = 12;
    assert_int_equal(cogov_model.check(p, &complaint, 1), 0);
}

static void
any_parameters_within_their_bounds_keep_every_invariant(void **state)
{
    uint64_t random = 20190501;
    (void) state;
    for (int trial = 0; trial < 100; trial++) {
        struct tiny tiny;
        draw_params(&tiny.p, &random);
        assert_int_equal(
            sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ (uint32_t) trial, 3 }, 1),
            SIM_OK);
        run_and_check(&tiny, MONTHS);
        tiny_free(&tiny);
    }
}

/* --- conservation, as the observations tell it --- */

static void
tickets_opened_are_resolved_or_wait(void **state)
{
    struct tiny tiny;
    double row[ROW_LIMIT], opened = 0, closed = 0;
    (void) state;
    tiny_init(&tiny,
        "city.streets=2 city.communities=2 city.residents=700 residents.mobility=0 tiers.street_tickets=40 needs.rate=.3");
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        observe(&tiny, row);
        opened += row[at("tickets_opened")];
        for (uint32_t tier = 0; tier < TIERS; tier++) {
            closed += row[at("tickets_closed") + tier];
        }
        assert_near(opened - closed, row[at("tickets_waiting")], 0);
    }
    assert_true(closed > 1000 && opened - closed > 100);
    tiny_free(&tiny);
}

static void
tickets_of_those_who_moved_are_withdrawn(void **state)
{
    struct tiny tiny;
    double row[ROW_LIMIT], gone = 0;
    (void) state;
    tiny_init(&tiny, "city.residents=700 residents.mobility=.1 tiers.grid_success=.1");
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        observe(&tiny, row);
        gone += row[at("tickets_opened")] - row[at("tickets_closed")] - row[at("tickets_closed") + 1]
            - row[at("tickets_closed") + 2];
        assert_near(gone - row[at("tickets_waiting")],
            (double) cogov_community_of(tiny_community(&tiny, 0))->withdrawn_ever[0], 0);
    }
    assert_true(cogov_community_of(tiny_community(&tiny, 0))->withdrawn_ever[0] > 100);
    tiny_free(&tiny);
}

/* What falls due each month, CNY per resident. */
static double
due_per_resident(const struct tiny *tiny)
{
    const struct sim_view *street = tiny_street(tiny);
    double due = 0;
    for (uint32_t b = 0; b < street->n_below; b++) {
        for (int lot = 0; lot < LOTS; lot++) {
            const struct cogov_contract *contract = cogov_contract_of(street->below[b]);
            due += contract->provider[lot] >= 0 ? (double) contract->instalment[lot] / 100 : 0;
        }
    }
    return due / cogov_government_of(street)->population[0];
}

static void
what_falls_due_is_paid_or_owed(void **state)
{
    struct tiny tiny;
    double row[ROW_LIMIT], owed = 0, paid = 0, given = 0;
    (void) state;
    tiny_init(&tiny,
        "city.communities=3 city.residents=900 payment.stress=.4 purchase.contract_length=7 purchase.bid_probability=.4");
    for (int month = 1; month <= MONTHS; month++) {
        tiny_step(&tiny, 1);
        observe(&tiny, row);
        double due = due_per_resident(&tiny), spending = row[at("spending")], arrears = row[at("arrears")];
        assert_near(arrears - owed, due - spending, 1e-9);
        owed = arrears;
        paid += spending;
        given += month % 12 == 1 ? 20 : 0;
        const struct cogov_government *government = cogov_government_of(tiny_street(&tiny));
        assert_near((double) government->cash[0] / 100 / government->population[0], given - paid, 1e-9);
        assert_true(paid <= given && arrears >= 0);
    }
    assert_true(paid > 50 && owed > 0);
    tiny_free(&tiny);
}

static void
providers_receive_what_the_street_pays(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.communities=3 city.residents=900 payment.stress=.4");
    for (int month = 1; month <= MONTHS; month++) {
        tiny_step(&tiny, 1);
        const struct sim_view *street = tiny_street(&tiny);
        int64_t received = 0, owed = 0;
        int32_t providers = (int32_t) (cogov_organisation_count(street) + cogov_firm_count(street));
        for (int32_t j = 0; j < providers; j++) {
            received += *cogov_provider_of(street, j).received;
            owed += *cogov_provider_of(street, j).receivable;
        }
        const struct cogov_government *government = cogov_government_of(street);
        assert_int_equal(received, government->spending[0]);
        assert_int_equal(owed, government->accrued[0] - government->paid[0]);
        assert_int_equal(government->appropriated[0], government->cash[0] + government->paid[0]);
    }
    tiny_free(&tiny);
}

/* --- edge cases --- */

static void
extreme_cities_run(void **state)
{
    static const char *const cases[] = {
        "city.residents=50 city.weight=50", /* one resident */
        "city.residents=50 city.weight=1000",
        "city.residents=100 city.weight=50", /* two */
        "organisations.professional=0 organisations.recreational=0 firms.service_companies=0",
        "firms.service_companies=0",
        "purchase.budget=0",
        "committee.staff=0 tiers.grid_workers=0 organisations.posts=0",
        "organisations.staffing=0 organisations.wage=0",
        "residents.degree=0",
        "residents.degree=100 residents.rewire=1 residents.stair_leader_share=1 residents.leader_weight=20",
        "committee.administrative_items=0 committee.own_items=0",
        "burden.cut=1 empowerment.level=0 empowerment.cross_effect=0",
        "purchase.contract_length=1 purchase.contracts_limit=1",
        "purchase.contract_length=60",
        "purchase.contract_length=1 purchase.tender_month=1 city.start_month=12",
        "payment.stress_limit=1 payment.stress=.95 payment.stress_noise=0 payment.stress_persistence=1",
        "payment.repayment=1 payment.stress=0 payment.stress_noise=0",
        "linkage.level=1 linkage.organisation_share=0 linkage.worker_share=0 linkage.volunteer_share=1 linkage.volunteers_base=0",
        "initial.participation=1 party.coverage=1 party.coverage_target=0 deliberation.level=1",
        "needs.public_share=0 needs.special_share=1 needs.personal_share=0 needs.developmental_share=0",
        "organisations.other_income=0 organisations.dependence=1 purchase.budget=1000",
    };
    (void) state;
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        struct tiny tiny;
        tiny_init(&tiny, "city.communities=2");
        tiny_free(&tiny);
        tiny_set(&tiny.p, cases[c]);
        assert_int_equal(
            sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ 5, 0 }, 1), SIM_OK);
        run_and_check(&tiny, MONTHS);
        tiny_free(&tiny);
    }
}

/* Every parameter that is a rate per month at one end of its bounds. */
static void
run_with_rates(int highest)
{
    struct tiny tiny;
    int rates = 0;
    tiny_params(&tiny.p, "city.communities=2 city.residents=300");
    for (size_t f = 0; f < cogov_model.fields.count; f++) {
        const struct sim_field *field = &cogov_model.fields.list[f];
        if (field->type == SIM_REAL && strcmp(field->unit, "1/month") == 0) {
            *(double *) (void *) ((unsigned char *) &tiny.p + field->offset) =
                highest ? fmin(field->highest, 1) : field->lowest;
            rates++;
        }
    }
    assert_true(rates >= 15);
    assert_int_equal(sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ 6, 0 }, 1), SIM_OK);
    run_and_check(&tiny, MONTHS);
    tiny_free(&tiny);
}

static void
all_rates_zero_and_all_rates_one_run(void **state)
{
    (void) state;
    run_with_rates(0);
    run_with_rates(1);
}

/* --- the same answer, the same luck --- */

static void
threads_do_not_change_a_number(void **state)
{
    static double rows[3][24][ROW_LIMIT];
    struct cogov_params p;
    (void) state;
    tiny_params(&p,
        "city.streets=2 city.communities=3 city.residents=lognormal(400,.5) deliberation.level=.5 linkage.level=1");
    for (int threads = 1; threads <= 3; threads++) {
        struct sim_world world;
        assert_int_equal(sim_world_init(&world, &cogov_model, &p, (struct sim_key){ 7, 2 }, threads), SIM_OK);
        memset(rows[threads - 1], 0, sizeof(rows[0]));
        for (int month = 0; month < 24; month++) {
            sim_world_step(&world);
            sim_world_observe(&world, rows[threads - 1][month]);
        }
        sim_world_free(&world);
    }
    assert_memory_equal(rows[0], rows[1], sizeof(rows[0]));
    assert_memory_equal(rows[0], rows[2], sizeof(rows[0]));
}

static void
scenarios_share_their_people_and_their_luck(void **state)
{
    struct tiny one, other;
    double first[ROW_LIMIT], second[ROW_LIMIT];
    (void) state;
    tiny_init(&one, "city.residents=lognormal(900,.3) city.communities=2");
    tiny_init(&other,
        "city.residents=lognormal(900,.3) city.communities=2 deliberation.level=.9 purchase.budget=50 burden.cut=.7 "
        "participation.influence=4 switches.linkage=off organisations.professional=9 attitudes.trust_gain=.2 "
        "tiers.misrouting=0 payment.stress=.7");
    for (uint32_t b = 0; b < 2; b++) {
        const struct sim_view *left = tiny_community(&one, b), *right = tiny_community(&other, b);
        uint32_t n = cogov_resident_count(left);
        assert_int_equal(cogov_resident_count(right), n);
        assert_memory_equal(cogov_resident_of(left)->age, cogov_resident_of(right)->age, n);
        assert_memory_equal(cogov_resident_of(left)->traits, cogov_resident_of(right)->traits, n);
        assert_memory_equal(
            cogov_resident_of(left)->trust, cogov_resident_of(right)->trust, n * sizeof(float));
        assert_memory_equal(left->network->start, right->network->start, (n + 1) * sizeof(uint32_t));
        assert_memory_equal(
            left->network->narrow, right->network->narrow, left->network->start[n] * sizeof(uint16_t));
    }
    tiny_step(&one, 1);
    tiny_step(&other, 1);
    observe(&one, first);
    observe(&other, second);
    assert_memory_equal(first + at("residents_by_age"), second + at("residents_by_age"), 6 * sizeof(double));
    assert_near(first[at("tickets_opened")], second[at("tickets_opened")], 0);
    assert_true(first[at("participation")] != second[at("participation")]);
    tiny_free(&one);
    tiny_free(&other);
}

static void
a_larger_city_contains_the_smaller(void **state)
{
    struct tiny small, large;
    (void) state;
    tiny_init(&small,
        "city.communities=2 city.residents=lognormal(300,.3) organisations.professional=uniform(2,9)");
    tiny_init(&large,
        "city.communities=5 city.residents=lognormal(300,.3) organisations.professional=uniform(2,9) city.streets=3");
    assert_int_equal(
        cogov_organisation_count(tiny_street(&small)), cogov_organisation_count(tiny_street(&large)));
    assert_memory_equal(cogov_organisation_of(tiny_street(&small))->capability,
        cogov_organisation_of(tiny_street(&large))->capability,
        cogov_organisation_count(tiny_street(&small)) * sizeof(double));
    assert_memory_equal(cogov_firm_of(tiny_street(&small))->quality,
        cogov_firm_of(tiny_street(&large))->quality, 2 * sizeof(double));
    for (uint32_t b = 0; b < 2; b++) {
        const struct sim_view *left = tiny_community(&small, b), *right = tiny_community(&large, b);
        assert_int_equal(cogov_resident_count(left), cogov_resident_count(right));
        assert_memory_equal(
            cogov_resident_of(left)->age, cogov_resident_of(right)->age, cogov_resident_count(left));
    }
    tiny_free(&small);
    tiny_free(&large);
}

static void
seeds_and_replicates_differ(void **state)
{
    static const struct sim_key keys[] = { { 1, 0 }, { 2, 0 }, { 1, 1 } };
    double row[3][ROW_LIMIT];
    struct cogov_params p;
    (void) state;
    tiny_params(&p, "city.residents=1000");
    for (int k = 0; k < 3; k++) {
        struct sim_world world;
        assert_int_equal(sim_world_init(&world, &cogov_model, &p, keys[k], 1), SIM_OK);
        sim_world_step(&world);
        sim_world_observe(&world, row[k]);
        sim_world_free(&world);
    }
    uint32_t trust_at = at("trust");
    assert_true(row[0][trust_at] != row[1][trust_at] && row[0][trust_at] != row[2][trust_at]
        && row[1][trust_at] != row[2][trust_at]);
}

/* --- weights --- */

static void
a_resident_of_weight_eight_counts_eight_times(void **state)
{
    static const char *const scaled[] = { "tickets_opened", "tickets_closed", "tickets_waiting",
        "residents_by_age" };
    static const char *const equal[] = { "participation", "deep_participation", "satisfaction", "trust",
        "legitimacy", "cognition", "service_quality", "contract_price", "delivered_quality", "bids",
        "contracts" };
    struct tiny one, eight;
    double few[ROW_LIMIT], many[ROW_LIMIT];
    (void) state;
    tiny_init(&one,
        "city.communities=2 city.residents=750 organisations.dependence_effect=0 deliberation.level=.5");
    tiny_init(&eight,
        "city.communities=2 city.residents=6000 city.weight=8 organisations.dependence_effect=0 deliberation.level=.5");
    for (int month = 0; month < 36; month++) {
        tiny_step(&one, 1);
        tiny_step(&eight, 1);
        observe(&one, few);
        observe(&eight, many);
        for (size_t s = 0; s < sizeof(scaled) / sizeof(scaled[0]); s++) {
            uint32_t labels = strcmp(scaled[s], "residents_by_age") == 0 ? 6
                : strcmp(scaled[s], "tickets_closed") == 0               ? TIERS
                                                                         : 1;
            for (uint32_t label = 0; label < labels; label++) {
                assert_near(many[at(scaled[s]) + label], 8 * few[at(scaled[s]) + label], 0);
            }
        }
        for (size_t e = 0; e < sizeof(equal) / sizeof(equal[0]); e++) {
            double a = few[at(equal[e])], b = many[at(equal[e])];
            assert_true((isnan(a) && isnan(b)) || fabs(a - b) < 1e-12);
        }
    }
    assert_near(many[at("social_workers")], 8 * few[at("social_workers")], 1e-6);
    tiny_free(&one);
    tiny_free(&eight);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_parameters_within_their_bounds_keep_every_invariant),
        cmocka_unit_test(tickets_opened_are_resolved_or_wait),
        cmocka_unit_test(tickets_of_those_who_moved_are_withdrawn),
        cmocka_unit_test(what_falls_due_is_paid_or_owed),
        cmocka_unit_test(providers_receive_what_the_street_pays),
        cmocka_unit_test(extreme_cities_run),
        cmocka_unit_test(all_rates_zero_and_all_rates_one_run),
        cmocka_unit_test(threads_do_not_change_a_number),
        cmocka_unit_test(scenarios_share_their_people_and_their_luck),
        cmocka_unit_test(a_larger_city_contains_the_smaller),
        cmocka_unit_test(seeds_and_replicates_differ),
        cmocka_unit_test(a_resident_of_weight_eight_counts_eight_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
