/* test_cogov_committee.c - the committee's time, authority and effectiveness against the closed forms of
 * equation (3), coordination by the party, channels, and what a community has of all that: legitimacy and
 * quality. Equations (2)(3)(4)(7)(21)(22).
 */
#include "tiny.h"

static double
effectiveness_at(struct tiny *tiny, double cut)
{
    const struct sim_view *view = tiny_community(tiny, 0);
    tiny->p.burden_cut = cut;
    committee_time(view);
    authority(view);
    return cogov_committee_of(view)->effectiveness[0];
}

static double
administrative_share(struct tiny *tiny, const char *settings)
{
    const struct sim_view *view = tiny_community(tiny, 0);
    tiny_set(&tiny->p, settings);
    committee_time(view);
    assert_near(cogov_committee_of(view)->self_governance[0],
        (1 - cogov_committee_of(view)->administrative[0]) * tiny->p.committee_self_governance_share, 1e-15);
    assert_near(cogov_committee_of(view)->administrative[0] + cogov_committee_of(view)->self_governance[0]
            + cogov_committee_of(view)->service[0],
        1, 1e-15);
    return cogov_committee_of(view)->administrative[0];
}

static void
time_follows_items_and_incentives(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "committee.self_governance_share=.3");
    assert_near(
        administrative_share(&tiny, "committee.administrative_items=90 committee.own_items=26"), .776, .0005);
    assert_near(
        administrative_share(&tiny, "committee.resident_weight=.7"), .3 * 90 / (.3 * 90 + .7 * 26), 1e-14);
    assert_near(
        administrative_share(&tiny, "burden.cut=.757"), .3 * 90 * .243 / (.3 * 90 * .243 + .7 * 26), 1e-14);
    assert_near(administrative_share(&tiny, "committee.resident_weight=0"), 1, 0);
    assert_near(administrative_share(&tiny, "committee.resident_weight=1"), 0, 0);
    tiny_free(&tiny);
}

static void
without_any_item_all_time_is_for_residents(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "committee.administrative_items=0 committee.own_items=0");
    assert_near(administrative_share(&tiny, "burden.cut=0"), 0, 0);
    assert_near(administrative_share(&tiny, "committee.administrative_items=90 burden.cut=1"), 0, 0);
    assert_near(administrative_share(&tiny, "committee.own_items=26 committee.resident_weight=0"), 0, 0);
    tiny_free(&tiny);
}

/* The cut with the highest g, on a grid of 4,000. */
static double
best_cut_found(struct tiny *tiny)
{
    double best = 0, top = -1;
    for (int i = 0; i <= 4000; i++) {
        double g = effectiveness_at(tiny, i / 4000.0);
        if (g > top) {
            top = g;
            best = i / 4000.0;
        }
    }
    return best;
}

static void
set_ratio(struct tiny *tiny, double r, double theta, double empowered)
{
    double weight = tiny->p.committee_resident_weight;
    tiny->p.committee_own_items = 20;
    tiny->p.committee_administrative_items = r * 20 * weight / (1 - weight);
    tiny->p.committee_authority_elasticity = theta;
    tiny->p.empowerment_level = empowered;
}

static void
bare_burden_cut_peaks_at_the_closed_form(void **state)
{
    static const struct {
        double r, theta, empowered;
    } cases[] = { { 3, .3, 0 }, { 3, .3, .1 }, { 3.46, .3, 0 }, { 3.46, .3, .09 }, { 2, .2, .05 },
        { 8, .4, 0 }, { 8, .45, .02 }, { 1, .4, 0 }, { 5, .1, .01 }, { 3, .3, .5 } };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "empowerment.cross_appointment=0 committee.resident_weight=.4");
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        double r = cases[c].r, theta = cases[c].theta, left = 1 - cases[c].empowered;
        double closed = ((1 - theta) * r - theta * left * (1 + r)) / (left * r * (1 - 2 * theta));
        set_ratio(&tiny, r, theta, cases[c].empowered);
        assert_near(best_cut_found(&tiny), unit(closed), 1.01 / 4000);
    }
    tiny_free(&tiny);
}

static void
numbers_printed_with_the_closed_forms_hold(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "empowerment.cross_appointment=0");
    set_ratio(&tiny, 3, .3, 0);
    assert_near(best_cut_found(&tiny), .75, .0005);
    assert_near(effectiveness_at(&tiny, 0), .379, .0005);
    assert_near(effectiveness_at(&tiny, .75), .446, .0005);
    assert_near(effectiveness_at(&tiny, 1), 0, 0);
    tiny_set(&tiny.p, "committee.administrative_items=90 committee.own_items=26");
    assert_near(best_cut_found(&tiny), .783, .0005);
    tiny_free(&tiny);
}

static int
rises_to_the_end(struct tiny *tiny)
{
    double before = effectiveness_at(tiny, 0);
    for (int i = 1; i <= 2000; i++) {
        double g = effectiveness_at(tiny, i / 2000.0);
        if (g < before) {
            return 0;
        }
        before = g;
    }
    return 1;
}

static void
enough_empowerment_makes_every_cut_an_improvement(void **state)
{
    static const double cases[][2] = { { 3, .3 }, { 90.0 / 26, .3 }, { 2, .4 }, { 10, .2 } };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "empowerment.cross_appointment=0");
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        double r = cases[c][0], theta = cases[c][1], enough = theta / (theta + (1 - theta) * r);
        set_ratio(&tiny, r, theta, enough + .002);
        assert_true(rises_to_the_end(&tiny));
        set_ratio(&tiny, r, theta, enough - .002);
        assert_false(rises_to_the_end(&tiny));
    }
    set_ratio(&tiny, 3, .3, .1251);
    assert_true(rises_to_the_end(&tiny));
    set_ratio(&tiny, 90.0 / 26, .3, .109);
    assert_false(rises_to_the_end(&tiny));
    set_ratio(&tiny, 90.0 / 26, .3, .111);
    assert_true(rises_to_the_end(&tiny));
    tiny_free(&tiny);
}

static double
authority_with(struct tiny *tiny, const char *settings)
{
    tiny_set(&tiny->p, settings);
    authority(tiny_community(tiny, 0));
    return cogov_committee_of(tiny_community(tiny, 0))->authority[0];
}

static void
cross_appointment_adds_to_empowerment_up_to_one(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "burden.cut=.6 empowerment.level=.2");
    assert_near(authority_with(&tiny, "empowerment.cross_appointment=.5 empowerment.cross_effect=.4"),
        1 - .6 * (1 - .4), 1e-14);
    assert_near(authority_with(&tiny, "empowerment.cross_effect=0"), 1 - .6 * .8, 1e-14);
    assert_near(authority_with(&tiny, "empowerment.cross_effect=1 empowerment.level=.9"), 1, 0);
    assert_near(
        authority_with(&tiny, "empowerment.level=0 empowerment.cross_effect=0 switches.authority=off"), 1, 0);
    tiny_free(&tiny);
}

static void
coverage_goes_to_its_target_and_coordinates(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "party.coverage=.1 party.coverage_target=.9 party.coverage_growth=.07 party.coordination_effect=1.3");
    const struct cogov_party *party = cogov_party_of(tiny_community(&tiny, 0));
    for (int month = 0; month < 60; month++) {
        double coverage = .9 - .8 * pow(1 - .07, month);
        assert_near(party->coverage[0], coverage, 1e-12);
        party_coordination(tiny_community(&tiny, 0));
        assert_near(party->coordination[0], 1 - (1 - .2) * exp(-1.3 * coverage * (1 + .3)), 1e-12);
    }
    tiny_set(&tiny.p, "party.coordination_effect=0");
    party_coordination(tiny_community(&tiny, 0));
    assert_near(party->coordination[0], .2, 1e-15);
    tiny_free(&tiny);
}

static void
channels_open_with_effectiveness_linkage_and_deliberation(void **state)
{
    struct tiny tiny;
    uint64_t random = 3;
    (void) state;
    tiny_init(&tiny, "");
    const struct cogov_committee *committee = cogov_committee_of(tiny_community(&tiny, 0));
    const double *available = committee->available[0].of;
    struct cogov_params *p = &tiny.p;
    for (int trial = 0; trial < 100; trial++) {
        double *const draws[] = { committee->effectiveness, &p->deliberation_level, &p->deliberation_seats,
            &p->deliberation_attend_base, &p->deliberation_volunteer_base, &p->deliberation_volunteer_linkage,
            &p->deliberation_volunteer_effectiveness, &p->linkage_level, &p->deliberation_choice_seats,
            &p->purchase_resident_choice };
        for (size_t d = 0; d < sizeof(draws) / sizeof(draws[0]); d++) {
            *draws[d] = tiny_random(&random);
        }
        p->switches_linkage = trial % 2;
        p->switches_project_choice = trial % 3 != 0;
        double g = committee->effectiveness[0], linked = trial % 2 ? p->linkage_level : 0;
        double chosen = trial % 3 != 0 ? p->purchase_resident_choice : 0;
        double seats = fmin(1, p->deliberation_seats + p->deliberation_choice_seats * chosen);
        channels(tiny_community(&tiny, 0));
        assert_near(available[DEPTH_NONE], 1, 0);
        assert_near(available[DEPTH_ATTEND],
            p->deliberation_attend_base + (1 - p->deliberation_attend_base) * g, 1e-14);
        assert_near(available[DEPTH_VOLUNTEER],
            fmin(1,
                p->deliberation_volunteer_base + p->deliberation_volunteer_linkage * linked
                    + p->deliberation_volunteer_effectiveness * g),
            1e-14);
        assert_near(available[DEPTH_DELIBERATE], p->deliberation_level * g, 1e-14);
        assert_near(available[DEPTH_DECIDE], p->deliberation_level * g * seats, 1e-14);
    }
    tiny_set(p, "deliberation.level=0");
    channels(tiny_community(&tiny, 0));
    assert_near(available[DEPTH_DELIBERATE] + available[DEPTH_DECIDE], 0, 0);
    tiny_free(&tiny);
}

static void
legitimacy_follows_effectiveness_and_satisfaction(void **state)
{
    struct tiny tiny;
    uint64_t random = 5;
    double mean = 0;
    (void) state;
    tiny_init(
        &tiny, "city.residents=333 government.legitimacy_rate=.2 government.legitimacy_effectiveness=.3");
    const struct sim_view *view = tiny_community(&tiny, 0);
    tiny_shuffle(view, &random);
    for (uint32_t i = 0; i < 333; i++) {
        mean += (double) cogov_resident_of(view)->satisfaction[i] / 333;
    }
    cogov_committee_of(view)->legitimacy[0] = .9;
    cogov_committee_of(view)->effectiveness[0] = .25;
    legitimacy(view);
    assert_near(cogov_committee_of(view)->legitimacy[0], .9 + .2 * (.3 * .25 + .7 * mean - .9), 1e-12);
    for (int month = 0; month < 300; month++) {
        legitimacy(view);
    }
    assert_near(cogov_committee_of(view)->legitimacy[0], .3 * .25 + .7 * mean, 1e-12);
    tiny_free(&tiny);
}

/* Random numbers for all that (22) reads. */
static void
draw_service(struct tiny *tiny, uint64_t *random)
{
    const struct sim_view *view = tiny_community(tiny, 0);
    const struct cogov_community *community = cogov_community_of(view);
    const struct cogov_contract *contract = cogov_contract_of(view);
    struct cogov_params *p = &tiny->p;
    double *const draws[] = { cogov_committee_of(view)->effectiveness, cogov_party_of(view)->coordination,
        &p->government_capacity, &p->needs_public_effectiveness, &p->needs_public_coordination,
        &p->needs_public_deliberation, &p->needs_developmental_base, &p->needs_developmental_volunteers,
        &p->needs_developmental_effectiveness, &p->needs_special_without_contract,
        &p->needs_deliberation_reference, &p->linkage_volunteer_target, community->volunteers,
        community->deliberators, &contract->delivered[LOT_SPECIAL], &contract->delivered[LOT_PERSONAL],
        &contract->delivered[LOT_PUBLIC], cogov_firm_of(view->above)->quality };
    for (size_t d = 0; d < sizeof(draws) / sizeof(draws[0]); d++) {
        *draws[d] = tiny_random(random);
    }
    for (int lot = 0; lot < LOTS; lot++) {
        contract->provider[lot] = tiny_random(random) < .5 ? 0 : -1;
        contract->units[lot] = 20 * tiny_random(random);
    }
    community->queue[0].of[TIER_COMMUNITY][NEED_PERSONAL] = (int64_t) (30 * tiny_random(random));
    community->queue[0].of[TIER_COMMUNITY][NEED_PUBLIC] = (int64_t) (30 * tiny_random(random));
}

/* Share of the tickets of a need waiting at the community that a contract serves. */
static double
served_by(const struct sim_view *view, int need, int lot)
{
    const struct cogov_contract *contract = cogov_contract_of(view);
    double tickets = (double) cogov_community_of(view)->queue[0].of[TIER_COMMUNITY][need];
    return contract->provider[lot] < 0 ? 0 : tickets > 0 ? fmin(1, contract->units[lot] / tickets) : 1;
}

static void
services_have_the_quality_of_their_providers(void **state)
{
    struct tiny tiny;
    uint64_t random = 7;
    (void) state;
    tiny_init(&tiny, "");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_community *community = cogov_community_of(view);
    const struct cogov_contract *contract = cogov_contract_of(view);
    const struct cogov_params *p = &tiny.p;
    for (int trial = 0; trial < 200; trial++) {
        draw_service(&tiny, &random);
        double g = cogov_committee_of(view)->effectiveness[0];
        double served = served_by(view, NEED_PERSONAL, LOT_PERSONAL);
        double bundled = served_by(view, NEED_PUBLIC, LOT_PUBLIC);
        cogov_government_of(view->above)->capacity[0] = tiny_random(&random);
        service_quality(view);
        const double *quality = community->quality[0].of;
        assert_near(quality[NEED_PUBLIC],
            unit(bundled * contract->delivered[LOT_PUBLIC]
                + (1 - bundled) * cogov_government_of(view->above)->capacity[0]
                + p->needs_public_effectiveness * g
                + p->needs_public_coordination * cogov_party_of(view)->coordination[0]
                + p->needs_public_deliberation
                    * fmin(1, community->deliberators[0] / p->needs_deliberation_reference)),
            1e-14);
        assert_near(quality[NEED_SPECIAL],
            contract->provider[LOT_SPECIAL] < 0 ? p->needs_special_without_contract
                                                : contract->delivered[LOT_SPECIAL],
            0);
        assert_near(quality[NEED_PERSONAL],
            served * contract->delivered[LOT_PERSONAL]
                + (1 - served) * cogov_firm_of(view->above)->quality[0],
            1e-14);
        assert_near(quality[NEED_DEVELOPMENTAL],
            unit(p->needs_developmental_base + p->needs_developmental_effectiveness * g
                + p->needs_developmental_volunteers
                    * fmin(1, community->volunteers[0] / p->linkage_volunteer_target)),
            1e-14);
    }
    tiny_free(&tiny);
}

static void
each_community_has_its_own_property_company(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.communities=3 firms.service_companies=2");
    assert_int_equal(cogov_firm_count(tiny_street(&tiny)), 5);
    for (uint32_t b = 0; b < 3; b++) {
        cogov_firm_of(tiny_street(&tiny))->quality[b] = .2 + .1 * b;
        service_quality(tiny_community(&tiny, b));
        assert_near(
            cogov_community_of(tiny_community(&tiny, b))->quality[0].of[NEED_PERSONAL], .2 + .1 * b, 0);
    }
    tiny_free(&tiny);
}

static void
ambient_quality_follows_what_is_delivered_and_resolved(void **state)
{
    static const double pi[NEEDS] = { .4, .3, .2, .1 }, quality[NEEDS] = { .5, .1, .9, .3 },
                        resolution[NEEDS] = { 1, .5, 0, .25 };
    struct tiny tiny;
    double delivered = 0;
    (void) state;
    tiny_init(&tiny,
        "needs.public_share=.4 needs.special_share=.3 needs.personal_share=.2 needs.developmental_share=.1");
    const struct cogov_community *community = cogov_community_of(tiny_community(&tiny, 0));
    for (int k = 0; k < NEEDS; k++) {
        community->quality[0].of[k] = quality[k];
        community->resolution[0].of[k] = resolution[k];
        delivered += pi[k] * quality[k] * (.4 + .6 * resolution[k]);
    }
    community->ambient[0] = .8;
    for (int month = 1; month < 40; month++) {
        ambient_quality(tiny_community(&tiny, 0));
        assert_near(community->ambient[0], delivered + (.8 - delivered) * pow(1 - .2, month), 1e-12);
    }
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_follows_items_and_incentives),
        cmocka_unit_test(without_any_item_all_time_is_for_residents),
        cmocka_unit_test(bare_burden_cut_peaks_at_the_closed_form),
        cmocka_unit_test(numbers_printed_with_the_closed_forms_hold),
        cmocka_unit_test(enough_empowerment_makes_every_cut_an_improvement),
        cmocka_unit_test(cross_appointment_adds_to_empowerment_up_to_one),
        cmocka_unit_test(coverage_goes_to_its_target_and_coordinates),
        cmocka_unit_test(channels_open_with_effectiveness_linkage_and_deliberation),
        cmocka_unit_test(legitimacy_follows_effectiveness_and_satisfaction),
        cmocka_unit_test(services_have_the_quality_of_their_providers),
        cmocka_unit_test(each_community_has_its_own_property_company),
        cmocka_unit_test(ambient_quality_follows_what_is_delivered_and_resolved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
