/* test_cogov_contracts.c - how a provider is assessed for its next contract, whether it is renewed, and when
 * lots are put out to tender. Equation (10). */
#include "tiny.h"

static void
evaluation_makes_quality_seen_as_it_is(void **state)
{
    enum { MONTHS = 3000 };
    static const double evaluation[] = { 0, .5, 1 };
    (void) state;
    for (int e = 0; e < 3; e++) {
        struct tiny tiny;
        double sum = 0, squares = 0, sd = .1 * (1 - evaluation[e]);
        tiny_init(&tiny,
            TINY_BARE "organisations.professional=1 organisations.capability=.5 purchase.contract_length=1");
        tiny_set(&tiny.p, "purchase.assessment_error=.1");
        tiny.p.purchase_evaluation = evaluation[e];
        const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
        for (uint32_t month = 3; month < 3 + MONTHS; month++) {
            tiny_first_tender(&tiny, month);
            sum += contract->promised[LOT_SPECIAL] - .5;
            squares += pow(contract->promised[LOT_SPECIAL] - .5, 2);
        }
        assert_near(sum / MONTHS, 0, 4.5 * sd / sqrt(MONTHS) + 1e-12);
        assert_near(sqrt(squares / MONTHS), sd, 4.5 * sd / sqrt(2 * MONTHS) + 1e-12);
        tiny_free(&tiny);
    }
}

static void
who_held_the_contract_is_assessed_by_what_it_delivered(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE
        "organisations.professional=2 purchase.contract_length=1 purchase.quality_weight=1 purchase.special_share=1");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
    o->capability[0] = .9;
    o->capability[1] = .6;
    for (int good = 0; good < 2; good++) {
        contract->provider[LOT_SPECIAL] = 0;
        o->contracts[0] = 1;
        o->contracts[1] = 0;
        contract->months[LOT_SPECIAL] = 4;
        contract->delivered_sum[LOT_SPECIAL] = good ? 2.6 : 2.2;
        tiny_tender(&tiny, 3);
        assert_int_equal(contract->provider[LOT_SPECIAL], good ? 0 : 1);
        assert_near(contract->promised[LOT_SPECIAL], good ? .65 : .6, 1e-14);
        assert_near(o->contracts[0] + o->contracts[1], 1, 0);
        assert_int_equal(contract->months[LOT_SPECIAL], 0);
    }
    tiny_free(&tiny);
}

/* A contract of organisation 0 that has delivered so much of what it promised; the better organisation 1
 * would win a tender. */
static int
is_renewed(struct tiny *tiny, double share, uint32_t month)
{
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(tiny, 0));
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(tiny));
    contract->provider[LOT_SPECIAL] = 0;
    contract->price[LOT_SPECIAL] = 12345;
    contract->promised[LOT_SPECIAL] = .5;
    contract->months[LOT_SPECIAL] = 10;
    contract->delivered_sum[LOT_SPECIAL] = 10 * .5 * share;
    o->contracts[0] = 1;
    o->contracts[1] = 0;
    tiny_tender(tiny, month);
    int renewed = contract->provider[LOT_SPECIAL] == 0;
    assert_int_equal(contract->months[LOT_SPECIAL], 0);
    assert_near(contract->delivered_sum[LOT_SPECIAL], 0, 0);
    assert_true((contract->price[LOT_SPECIAL] == 12345) == renewed);
    assert_near(o->contracts[0], renewed, 0);
    assert_near(o->contracts[1], !renewed, 0);
    assert_near(
        cogov_government_of(tiny_street(tiny))->lots[0], renewed ? 0 : 1, 0); /* others have no money */
    return renewed;
}

static void
who_delivered_enough_may_be_renewed(void **state)
{
    struct tiny tiny;
    double renewed = 0;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE
        "organisations.professional=2 purchase.contract_length=1 purchase.quality_weight=1 firms.quality=.01");
    cogov_organisation_of(tiny_street(&tiny))->capability[0] = .4;
    cogov_organisation_of(tiny_street(&tiny))->capability[1] = .9;
    tiny_set(
        &tiny.p, "purchase.renewal_probability=1 purchase.renewal_threshold=.8 purchase.special_share=1");
    assert_true(is_renewed(&tiny, .8001, 3));
    assert_false(is_renewed(&tiny, .7999, 4));
    tiny_set(&tiny.p, "purchase.renewal_probability=.3");
    for (uint32_t month = 5; month < 1005; month++) {
        renewed += is_renewed(&tiny, 1, month);
    }
    assert_likely(renewed, 1000, .3);
    tiny_free(&tiny);
}

static void
a_renewed_contract_keeps_its_price_and_follows_the_budget(void **state)
{
    static const double budgets[] = { 20, 20, 50, 7, 0 };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE "organisations.professional=1 purchase.contract_length=1 purchase.special_share=.5 "
                  "city.residents=1000");
    tiny_set(&tiny.p, "purchase.renewal_probability=1");
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
    tiny_first_tender(&tiny, 3);
    int64_t price = contract->price[LOT_SPECIAL];
    double units = contract->units[LOT_SPECIAL];
    assert_true(price > 0);
    for (uint32_t year = 0; year < 5; year++) {
        contract->months[LOT_SPECIAL] = 1;
        contract->delivered_sum[LOT_SPECIAL] = 1;
        tiny.p.purchase_budget = budgets[year];
        tiny_tender(&tiny, 4 + year);
        if (budgets[year] > 0) {
            double month = budgets[year] * 1000 * 100 / 12 * .5;
            assert_int_equal(contract->provider[LOT_SPECIAL], 0);
            assert_int_equal(contract->price[LOT_SPECIAL], price);
            assert_near((double) contract->instalment[LOT_SPECIAL], month, 1);
            assert_near(contract->units[LOT_SPECIAL], month / (double) price, 1e-3);
            assert_true(budgets[year] != 20 || contract->units[LOT_SPECIAL] == units);
        } else { /* without money no contract goes on */
            assert_int_equal(contract->provider[LOT_SPECIAL], -1);
            assert_near(cogov_organisation_of(tiny_street(&tiny))->contracts[0], 0, 0);
        }
    }
    tiny_free(&tiny);
}

static void
contracts_are_renewed_one_by_one(void **state)
{
    enum { TENDERS = 1000 };
    struct tiny tiny;
    double renewed[2] = { 0 }, both = 0;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE "organisations.professional=1 purchase.contract_length=1 purchase.special_share=1 "
                  "city.communities=2 organisations.capability=.3 purchase.quality_weight=1");
    tiny_set(&tiny.p, "purchase.renewal_probability=.4 purchase.contracts_limit=1000");
    for (uint32_t month = 3; month < 3 + TENDERS; month++) {
        int was[2];
        tiny_first_tender(&tiny, 2 * month);
        for (uint32_t b = 0; b < 2; b++) {
            const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, b));
            contract->price[LOT_SPECIAL] = 1;
            contract->months[LOT_SPECIAL] = 1;
            contract->delivered_sum[LOT_SPECIAL] = 1;
        }
        tiny_tender(&tiny, 2 * month + 1);
        for (uint32_t b = 0; b < 2; b++) {
            was[b] = cogov_contract_of(tiny_community(&tiny, b))->price[LOT_SPECIAL] == 1;
            renewed[b] += was[b];
        }
        both += was[0] && was[1];
    }
    assert_likely(renewed[0], TENDERS, .4);
    assert_likely(renewed[1], TENDERS, .4);
    assert_likely(both, TENDERS, .16);
    tiny_free(&tiny);
}

/* Two communities, one contract each; organisation 0 is the better one and holds the second community's. */
static void
start_with_one_contract(struct tiny *tiny)
{
    tiny_init(tiny,
        TINY_BARE "organisations.professional=2 purchase.contract_length=1 purchase.special_share=1 "
                  "city.communities=2 purchase.quality_weight=1");
    tiny_set(&tiny->p, "purchase.contracts_limit=1");
    const struct cogov_contract *second = cogov_contract_of(tiny_community(tiny, 1));
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(tiny));
    o->capability[0] = .9;
    o->capability[1] = .6;
    o->contracts[0] = 1;
    second->provider[LOT_SPECIAL] = 0;
    second->promised[LOT_SPECIAL] = .9;
    second->months[LOT_SPECIAL] = 1;
    second->delivered_sum[LOT_SPECIAL] = .9;
}

static void
contracts_that_end_leave_room_for_others_anywhere(void **state)
{
    (void) state;
    for (int renewed = 0; renewed < 2; renewed++) {
        struct tiny tiny;
        start_with_one_contract(&tiny);
        tiny_set(&tiny.p, renewed ? "purchase.renewal_probability=1" : "purchase.renewal_probability=0");
        tiny_tender(&tiny, 3);
        assert_int_equal(cogov_contract_of(tiny_community(&tiny, 0))->provider[LOT_SPECIAL], renewed);
        assert_int_equal(cogov_contract_of(tiny_community(&tiny, 1))->provider[LOT_SPECIAL], !renewed);
        assert_near(cogov_organisation_of(tiny_street(&tiny))->contracts[0], 1, 0);
        assert_near(cogov_organisation_of(tiny_street(&tiny))->contracts[1], 1, 0);
        tiny_free(&tiny);
    }
}

/* --- when --- */

static void
tenders_are_due_every_contract_length_from_the_tender_month(void **state)
{
    static const int64_t lengths[] = { 1, 5, 12, 36, 60 };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, TINY_BARE "organisations.professional=1");
    double *lots = cogov_government_of(tiny_street(&tiny))->lots;
    for (int64_t start = 1; start <= 12; start++) {
        for (int64_t first_month = 1; first_month <= 12; first_month++) {
            for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++) {
                int64_t month = start, next = -1;
                tiny.p.city_start_month = start;
                tiny.p.purchase_tender_month = first_month;
                tiny.p.purchase_contract_length = lengths[l];
                for (uint32_t tick = 1; tick <= 75; tick++, month = month % 12 + 1) {
                    next = next < 0 && month == first_month ? tick : next;
                    *lots = -1;
                    tiny_tender(&tiny, tick);
                    assert_int_equal(*lots >= 0, tick == next);
                    next += tick == next ? lengths[l] : 0;
                }
            }
        }
    }
    tiny_free(&tiny);
}

static void
without_a_budget_nothing_is_awarded(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, TINY_BARE "purchase.budget=0");
    tiny_tender(&tiny, 3);
    for (int kind = 0; kind < LOTS; kind++) {
        assert_int_equal(cogov_contract_of(tiny_community(&tiny, 0))->provider[kind], -1);
    }
    assert_near(cogov_government_of(tiny_street(&tiny))->lots[0], 0, 0);
    assert_near(cogov_government_of(tiny_street(&tiny))->bids[0], 0, 0);
    for (int32_t j = 0;
         j < (int32_t) (cogov_organisation_count(tiny_street(&tiny)) + cogov_firm_count(tiny_street(&tiny)));
         j++) {
        assert_near(*cogov_provider_of(tiny_street(&tiny), j).contracts, 0, 0);
    }
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluation_makes_quality_seen_as_it_is),
        cmocka_unit_test(who_held_the_contract_is_assessed_by_what_it_delivered),
        cmocka_unit_test(who_delivered_enough_may_be_renewed),
        cmocka_unit_test(a_renewed_contract_keeps_its_price_and_follows_the_budget),
        cmocka_unit_test(contracts_are_renewed_one_by_one),
        cmocka_unit_test(contracts_that_end_leave_room_for_others_anywhere),
        cmocka_unit_test(tenders_are_due_every_contract_length_from_the_tender_month),
        cmocka_unit_test(without_a_budget_nothing_is_awarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
