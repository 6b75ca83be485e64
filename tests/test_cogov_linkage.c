/* test_cogov_linkage.c - what contracts deliver, with and without linkage of the three societies. Equation
 * (9). */
#include "tiny.h"

static double
delivered(const struct tiny *tiny, uint32_t lot)
{
    evaluation(tiny_community(tiny, 0));
    linkage(tiny_community(tiny, 0));
    return cogov_contract_of(tiny_community(tiny, 0))->delivered[lot];
}

static void
link_start(struct tiny *tiny, const char *settings)
{
    tiny_init(tiny, "linkage.level=1 purchase.evaluation=1 organisations.dependence_effect=0");
    tiny_set(&tiny->p, settings);
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(tiny));
    cogov_contract_of(tiny_community(tiny, 0))->provider[LOT_SPECIAL] = 1;
    o->capability[1] = .5;
    o->staffing[1] = .6;
    cogov_community_of(tiny_community(tiny, 0))->volunteers[0] = .01;
    cogov_community_of(tiny_community(tiny, 0))->deliberators[0] = .012;
}

static void
delivered_quality_is_the_product_of_the_three(void **state)
{
    struct tiny tiny;
    uint64_t random = 21;
    (void) state;
    link_start(&tiny, "");
    struct cogov_params *p = &tiny.p;
    const struct cogov_community *community = cogov_community_of(tiny_community(&tiny, 0));
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (int trial = 0; trial < 200; trial++) {
        double *const draws[] = { &p->linkage_level, &p->linkage_workers_unlinked,
            &p->linkage_volunteers_base, &p->linkage_volunteers_unlinked, &p->linkage_volunteer_target,
            &p->purchase_evaluation, &p->purchase_public_evaluation, &o->shading[1], &o->responsiveness[1],
            &p->needs_deliberation_reference, community->volunteers, community->deliberators,
            &o->capability[1], &o->staffing[1] };
        for (size_t d = 0; d < sizeof(draws) / sizeof(draws[0]); d++) {
            *draws[d] = tiny_random(&random);
        }
        p->linkage_organisation_share = .6;
        p->linkage_worker_share = .3;
        p->linkage_volunteer_share = .1;
        p->switches_linkage = trial % 4 != 0;
        double linked = p->switches_linkage ? p->linkage_level : 0;
        double nu = p->purchase_evaluation * (1 - p->purchase_public_evaluation)
            + p->purchase_public_evaluation
                * fmin(1, community->deliberators[0] / p->needs_deliberation_reference);
        double w =
            o->staffing[1] * (p->linkage_workers_unlinked + linked * (1 - p->linkage_workers_unlinked));
        double v = p->linkage_volunteers_base
            + (1 - p->linkage_volunteers_base)
                * fmin(1, community->volunteers[0] / p->linkage_volunteer_target);
        v = linked * v + (1 - linked) * p->linkage_volunteers_unlinked;
        double expected = (1 - o->shading[1] * (1 - nu)) * o->responsiveness[1] * pow(o->capability[1], .6)
            * pow(w, .3) * pow(v, .1);
        assert_near(delivered(&tiny, LOT_SPECIAL), expected, 1e-13);
    }
    tiny_free(&tiny);
}

static void
firms_deliver_their_quality_less_what_nobody_verifies(void **state)
{
    struct tiny tiny;
    (void) state;
    link_start(&tiny, "purchase.evaluation=.6");
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
    int32_t organisations = (int32_t) cogov_organisation_count(tiny_street(&tiny));
    contract->provider[LOT_PERSONAL] = organisations + 2;
    cogov_firm_of(tiny_street(&tiny))->quality[2] = .7;
    cogov_firm_of(tiny_street(&tiny))->shading[2] = .5;
    assert_near(delivered(&tiny, LOT_PERSONAL), (1 - .5 * .4) * .7, 1e-14);
    tiny_set(&tiny.p, "linkage.level=0");
    assert_near(delivered(&tiny, LOT_PERSONAL), (1 - .5 * .4) * .7, 1e-14);
    assert_near(contract->delivered_sum[LOT_PERSONAL], 2 * (1 - .5 * .4) * .7, 1e-14);
    assert_int_equal(contract->months[LOT_PERSONAL], 2);
    contract->provider[LOT_PERSONAL] = -1;
    linkage(tiny_community(&tiny, 0));
    assert_int_equal(contract->months[LOT_PERSONAL], 2);
    tiny_free(&tiny);
}

/* Delivered quality with each of the three low (0) or high (1). */
static double
with_three(const struct tiny *tiny, int organisation, int workers, int volunteers)
{
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(tiny));
    o->capability[1] = organisation ? .9 : .3;
    o->staffing[1] = workers ? 1 : .4;
    cogov_community_of(tiny_community(tiny, 0))->volunteers[0] = volunteers ? .05 : .005;
    return delivered(tiny, LOT_SPECIAL);
}

static void
three_together_bring_more_than_one_by_one(void **state)
{
    struct tiny tiny;
    (void) state;
    link_start(&tiny, "");
    double none = with_three(&tiny, 0, 0, 0), organisation = with_three(&tiny, 1, 0, 0),
           workers = with_three(&tiny, 0, 1, 0), volunteers = with_three(&tiny, 0, 0, 1);
    assert_true(organisation > none && workers > none && volunteers > none);
    assert_true(with_three(&tiny, 1, 1, 0) - none > (organisation - none) + (workers - none) + .01);
    assert_true(with_three(&tiny, 0, 1, 1) - none > (volunteers - none) + (workers - none) + .01);
    assert_true(with_three(&tiny, 1, 0, 1) - none > (organisation - none) + (volunteers - none) + .01);
    assert_true(with_three(&tiny, 1, 1, 1) - none
        > (organisation - none) + (workers - none) + (volunteers - none) + .1);
    tiny_set(&tiny.p, "linkage.level=0");
    assert_near(with_three(&tiny, 1, 1, 1), with_three(&tiny, 1, 1, 0),
        0); /* volunteers do not help whom they are not linked to */
    tiny_free(&tiny);
}

/* Equal in capability, providers deliver alike under full evaluation and as far apart as they shirk without. */
static void
providers_differ_where_nobody_looks(void **state)
{
    struct tiny tiny;
    double lowest = 1, highest = 0, sum = 0;
    (void) state;
    tiny_init(&tiny,
        "organisations.professional=200 organisations.capability=0.5 purchase.shading=uniform(0.1,0.7)");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (int32_t j = 0; j < 200; j++) {
        cogov_contract_of(tiny_community(&tiny, 0))->provider[LOT_SPECIAL] = j;
        tiny_set(&tiny.p, "purchase.evaluation=0");
        double unseen = delivered(&tiny, LOT_SPECIAL);
        tiny_set(&tiny.p, "purchase.evaluation=1");
        double seen = delivered(&tiny, LOT_SPECIAL), withheld = 1 - unseen / seen;
        assert_near(withheld, o->shading[j], 1e-12);
        assert_true(withheld > .1 && withheld < .7);
        lowest = withheld < lowest ? withheld : lowest;
        highest = withheld > highest ? withheld : highest;
        sum += withheld;
    }
    assert_true(lowest < .13 && highest > .67);
    assert_near(sum / 200, .4, 4 * .6 / sqrt(12 * 200));
    tiny_free(&tiny);
}

static void
levels_of_linkage_lie_between_none_and_full(void **state)
{
    struct tiny tiny;
    (void) state;
    link_start(&tiny, "linkage.level=0");
    double before = delivered(&tiny, LOT_SPECIAL), none = before;
    tiny_set(&tiny.p, "linkage.level=1 switches.linkage=off");
    assert_near(delivered(&tiny, LOT_SPECIAL), none, 0);
    tiny_set(&tiny.p, "switches.linkage=on");
    double full = delivered(&tiny, LOT_SPECIAL);
    for (int step = 1; step < 10; step++) {
        tiny.p.linkage_level = step / 10.0;
        double now = delivered(&tiny, LOT_SPECIAL);
        assert_true(now > before && now < full);
        before = now;
    }
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivered_quality_is_the_product_of_the_three),
        cmocka_unit_test(firms_deliver_their_quality_less_what_nobody_verifies),
        cmocka_unit_test(three_together_bring_more_than_one_by_one),
        cmocka_unit_test(providers_differ_where_nobody_looks),
        cmocka_unit_test(levels_of_linkage_lie_between_none_and_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
