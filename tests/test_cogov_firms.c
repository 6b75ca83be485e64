/* test_cogov_firms.c - property companies sponsor social organisations and change with their contracts, and
 * what is recorded of providers. Equation (23). */
#include "tiny.h"

/* --- sponsorship --- */

/* So many of a community's residents take part. */
static void
set_active(const struct sim_view *view, uint32_t active)
{
    uint8_t *depth = cogov_resident_of(view)->depth;
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        depth[i] = i >= active ? DEPTH_NONE : (uint8_t) (DEPTH_ATTEND + i % 4);
    }
    cogov_count_depths(view);
}

static void
sponsor(const struct tiny *tiny, uint32_t month)
{
    tiny_run(tiny_street(tiny), sponsorship, STREAM_SPONSORSHIP, month);
}

static void
companies_sponsor_where_residents_would_notice(void **state)
{
    enum { MONTHS = 4000 };
    struct tiny tiny;
    double gave[3] = { 0 }, both = 0;
    (void) state;
    tiny_init(&tiny,
        "city.communities=3 city.residents=100 firms.sponsor_value=5 firms.visibility=.8 firms.sponsor_cost=1.2 "
        "firms.sponsor_scale=.7 firms.service_companies=2");
    const int64_t *sponsoring = cogov_firm_of(tiny_street(&tiny))->sponsoring;
    for (uint32_t b = 0; b < 3; b++) {
        set_active(tiny_community(&tiny, b), 10 + 40 * b);
    }
    for (uint32_t month = 1; month <= MONTHS; month++) {
        sponsor(&tiny, month);
        for (uint32_t b = 0; b < 3; b++) {
            assert_true(sponsoring[b] == 0 || sponsoring[b] == 1000); /* CNY 1,000 for 10,000 residents */
            gave[b] += sponsoring[b] > 0;
        }
        both += sponsoring[0] > 0 && sponsoring[1] > 0;
        assert_int_equal(
            sponsoring[3] + sponsoring[4], 0); /* service companies have no residents to please */
    }
    double expected[3];
    for (int b = 0; b < 3; b++) {
        expected[b] = 1 / (1 + exp(-(5 * (.1 + .4 * b) * .8 - 1.2) / .7));
        assert_likely(gave[b], MONTHS, expected[b]);
    }
    assert_likely(both, MONTHS, expected[0] * expected[1]);
    tiny_free(&tiny);
}

static void
gifts_are_shared_to_the_fen_among_professional_organisations(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.communities=5 city.residents=uniform(60,900) city.weight=7 organisations.professional=3 "
        "organisations.recreational=2 firms.sponsor_amount=1234.56");
    const struct sim_view *street = tiny_street(&tiny);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    const struct cogov_firm *firm = cogov_firm_of(street);
    int sponsored = 0;
    for (uint32_t month = 1; month <= 300; month++) {
        int64_t given = 0;
        sponsor(&tiny, month);
        for (uint32_t b = 0; b < 5; b++) {
            double amount = 123456 * (double) (7 * cogov_resident_count(street->below[b])) / 1e4;
            assert_true(firm->sponsoring[b] == 0 || firm->sponsoring[b] == (int64_t) amount);
            given += firm->sponsoring[b];
        }
        assert_int_equal(o->sponsored[0] + o->sponsored[1] + o->sponsored[2], given);
        assert_int_equal(o->sponsored[3] + o->sponsored[4], 0);
        for (int j = 0; j < 3; j++) {
            assert_true(o->sponsored[j] >= given / 3 && o->sponsored[j] <= given / 3 + 1);
        }
        sponsored += given > 0;
    }
    assert_true(sponsored > 100);
    tiny_free(&tiny);
}

static void
without_professional_organisations_nobody_gives(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "organisations.professional=0 firms.sponsor_cost=0 firms.sponsor_scale=.01");
    set_active(tiny_community(&tiny, 0), 50);
    for (uint32_t month = 1; month < 50; month++) {
        sponsor(&tiny, month);
        assert_int_equal(cogov_firm_of(tiny_street(&tiny))->sponsoring[0], 0);
    }
    tiny_free(&tiny);
}

static void
sponsorship_is_income_and_not_governments(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "organisations.professional=1 organisations.other_income=0 organisations.wage=0 "
        "organisations.overhead=.1 organisations.income_memory=3");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (int month = 1; month <= 60; month++) {
        o->received[0] = 30000;
        o->sponsored[0] = 20000;
        social_workers(tiny_street(&tiny));
        dependence(tiny_street(&tiny));
        assert_int_equal(o->reserve[0], o->opening[0] + 45000 * month);
        assert_int_equal(o->income[0], 50000 * month);
    }
    assert_near(o->income_government[0] / o->income_all[0], .6, 1e-6);
    tiny_free(&tiny);
}

static void
sponsorship_lowers_dependence_in_a_whole_run(void **state)
{
    double dependence[2];
    (void) state;
    for (int generous = 0; generous < 2; generous++) {
        struct tiny tiny;
        tiny_init(&tiny, "city.communities=4 city.residents=1000 organisations.professional=2");
        tiny_set(&tiny.p, generous ? "firms.sponsor_amount=20000" : "switches.sponsorship=off");
        tiny_step(&tiny, 40);
        const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
        dependence[generous] =
            (o->income_government[0] + o->income_government[1]) / (o->income_all[0] + o->income_all[1]);
        tiny_free(&tiny);
    }
    assert_true(dependence[1] < dependence[0] - .02);
}

/* --- contracts with residents --- */

static void
set_satisfaction(const struct sim_view *view, float first, float step)
{
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        cogov_resident_of(view)->satisfaction[i] = first + step * (float) i;
    }
}

static void
quality_moves_to_satisfaction_when_a_contract_ends(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.communities=3 firms.contract_length=7 firms.revision=.3 firms.quality=.6 firms.service_companies=1");
    const double *quality = cogov_firm_of(tiny_street(&tiny))->quality;
    double expected[3] = { .6, .6, .6 };
    static const double satisfied[] = { .2 + 49 * .005, .4 + 49 * .005, .1 + 49 * .005 };
    for (uint32_t b = 0; b < 3; b++) {
        set_satisfaction(tiny_community(&tiny, b), b == 0 ? .2f : b == 1 ? .4f : .1f, .01f);
    }
    for (uint32_t month = 1; month <= 100; month++) {
        tiny_run(tiny_street(&tiny), property_contracts, STREAM_NONE, month);
        for (uint32_t b = 0; b < 3; b++) {
            expected[b] += (month + b) % 7 == 0 ? .3 * (satisfied[b] - expected[b]) : 0;
            assert_near(quality[b], expected[b], 1e-6);
        }
        assert_near(quality[3], .6, 0); /* a service company serves no compound */
    }
    assert_near(quality[1], satisfied[1], 1e-2);
    tiny_free(&tiny);
}

/* --- what is recorded --- */

static double
observed(const struct sim_view *view, sim_observe *observe)
{
    double value[AGE_GROUPS] = { 0 }, weight[AGE_GROUPS] = { 0 };
    observe(view, (struct sim_tally){ value, weight });
    return value[0] / weight[0];
}

static void
give(const struct tiny *tiny, uint32_t block, uint32_t lot, int32_t provider, double delivered)
{
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(tiny, block));
    contract->provider[lot] = provider;
    contract->delivered[lot] = delivered;
    contract->units[lot] = 3;
    contract->markup[lot] = delivered / 10;
    contract->late[lot] = (int8_t) (lot == LOT_PERSONAL);
}

static void
providers_are_recorded_as_they_are(void **state)
{
    struct tiny tiny;
    double scratch[4 * 64];
    (void) state;
    tiny_init(&tiny, "city.communities=2 organisations.professional=3 organisations.recreational=2");
    struct sim_view street = *tiny_street(&tiny);
    const struct sim_view *first = tiny_community(&tiny, 0);
    street.scratch = scratch;
    assert_true(isnan(observed(&street, cogov_observe_delivered_quality_spread)));
    assert_true(isnan(observed(first, cogov_observe_late_payments)));
    give(&tiny, 0, LOT_SPECIAL, 1, .2);
    give(&tiny, 1, LOT_SPECIAL, 1, .4); /* organisation 1 delivers .3 on average */
    assert_true(isnan(observed(&street, cogov_observe_delivered_quality_spread)));
    give(&tiny, 0, LOT_PERSONAL, 5, .5);
    give(&tiny, 1, LOT_PERSONAL, 2, .7);
    assert_near(observed(&street, cogov_observe_delivered_quality_spread), .2, 1e-14); /* of .3, .5, .7 */
    cogov_organisation_of(&street)->capability[1] = .9;
    cogov_firm_of(&street)->quality[0] = .5;
    cogov_firm_of(&street)->quality[1] = .7;
    assert_near(observed(first, cogov_observe_winner_quality), (.9 + .5) / 2, 1e-14);
    assert_near(observed(&street, cogov_observe_firm_quality), .6, 1e-14);
    assert_near(observed(first, cogov_observe_markup), (.02 + .05) / 2, 1e-14);
    assert_near(observed(first, cogov_observe_units_bought), 6 / 50.0 * 1e4, 1e-9);
    assert_near(observed(first, cogov_observe_late_payments), .5, 0);
    cogov_organisation_of(&street)->sponsored[0] = 700;
    cogov_organisation_of(&street)->sponsored[2] = 300;
    assert_near(observed(&street, cogov_observe_sponsorship), 10 / 100.0, 1e-14);
    tiny_set(&tiny.p, "committee.marginal_legitimacy=.25");
    cogov_committee_of(first)->legitimacy[0] = .2499;
    assert_near(observed(first, cogov_observe_marginalised), 1, 0);
    cogov_committee_of(first)->legitimacy[0] = .25;
    assert_near(observed(first, cogov_observe_marginalised), 0, 0);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(companies_sponsor_where_residents_would_notice),
        cmocka_unit_test(gifts_are_shared_to_the_fen_among_professional_organisations),
        cmocka_unit_test(without_professional_organisations_nobody_gives),
        cmocka_unit_test(sponsorship_is_income_and_not_governments),
        cmocka_unit_test(sponsorship_lowers_dependence_in_a_whole_run),
        cmocka_unit_test(quality_moves_to_satisfaction_when_a_contract_ends),
        cmocka_unit_test(providers_are_recorded_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
