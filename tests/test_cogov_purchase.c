/* test_cogov_purchase.c - the tender (10) on organisations made by hand, against scores and prices worked out
 * here. */
#include "tiny.h"

enum { PROVIDERS = 64 };

static double
random_between(uint64_t *random, double low, double high)
{
    return low + (high - low) * tiny_random(random);
}

/* Capability and credibility of everybody on the street. */
static void
random_providers(const struct sim_view *street, uint64_t *random)
{
    for (uint32_t j = 0; j < cogov_organisation_count(street); j++) {
        cogov_organisation_of(street)->capability[j] = random_between(random, .1, 1);
        cogov_organisation_of(street)->credibility[j] = random_between(random, .1, 1);
    }
    for (uint32_t j = 0; j < cogov_firm_count(street); j++) {
        cogov_firm_of(street)->quality[j] = random_between(random, .1, 1);
        cogov_firm_of(street)->credibility[j] = random_between(random, .1, 1);
    }
}

/* --- award --- */

struct offer {
    int bids;
    double quality, price;
};

/* What provider j offers on a lot with n bids. */
static struct offer
offer_of(const struct sim_view *street, int32_t j, int n)
{
    const struct cogov_params *p = cogov_params(street);
    int32_t organisations = (int32_t) cogov_organisation_count(street);
    double q = j < organisations ? cogov_organisation_of(street)->capability[j]
                                 : cogov_firm_of(street)->quality[j - organisations];
    double k = j < organisations ? cogov_organisation_of(street)->credibility[j]
                                 : cogov_firm_of(street)->credibility[j - organisations];
    double price = (p->purchase_cost_base + p->purchase_cost_quality * q * q)
        * (1 + p->purchase_markup / (1 + p->purchase_markup_competition * n))
        * (1 + p->purchase_risk_premium * (1 - k));
    return (struct offer){ k >= p->purchase_credibility_needed, q, price };
}

/* Who wins a lot if all who may bid do: professional organisations on special and personal services, firms on
 * personal and public ones. */
static int32_t
winner_among(const struct sim_view *street, uint32_t kind, struct offer *offers, int *bids)
{
    int32_t organisations = (int32_t) cogov_organisation_count(street), best = -1;
    int32_t end = kind == LOT_SPECIAL ? organisations : organisations + (int32_t) cogov_firm_count(street);
    double most = 0, least = INFINITY, top = -INFINITY, w = cogov_params(street)->purchase_quality_weight;
    *bids = 0;
    for (int32_t j = 0; j < end; j++) {
        offers[j] = offer_of(street, j, 0);
        offers[j].bids &=
            j >= organisations || (kind != LOT_PUBLIC && cogov_organisation_of(street)->professional[j]);
        *bids += offers[j].bids;
    }
    for (int32_t j = 0; j < end; j++) {
        offers[j].price = offer_of(street, j, *bids).price;
        most = offers[j].bids ? fmax(most, offers[j].quality) : most;
        least = offers[j].bids ? fmin(least, offers[j].price) : least;
    }
    for (int32_t j = 0; j < end; j++) {
        double score = w * offers[j].quality / most + (1 - w) * least / offers[j].price;
        if (offers[j].bids && score > top) {
            top = score;
            best = j;
        }
    }
    return best;
}

static void
best_score_wins_at_its_price(void **state)
{
    struct tiny tiny;
    struct offer offers[PROVIDERS];
    uint64_t random = 31;
    int won[LOTS] = { 0 };
    (void) state;
    tiny_init(&tiny,
        TINY_BARE "organisations.professional=5 purchase.contract_length=1 purchase.special_share=.6 "
                  "purchase.public_share=.25 firms.service_companies=3 city.residents=1000");
    const struct sim_view *street = tiny_street(&tiny);
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
    for (uint32_t trial = 0; trial < 300; trial++) {
        random_providers(street, &random);
        tiny.p.purchase_quality_weight = tiny_random(&random);
        tiny.p.purchase_credibility_needed = random_between(&random, 0, .5);
        tiny_first_tender(&tiny, 3 + trial);
        int total = 0;
        for (uint32_t kind = 0; kind < LOTS; kind++) {
            int bids;
            int32_t winner = winner_among(street, kind, offers, &bids);
            static const double shares[LOTS] = { .75 * .6, .75 * .4, .25 };
            double budget = 20 * 1000 * shares[kind];
            total += bids;
            assert_int_equal(contract->provider[kind], winner);
            if (winner >= 0) {
                assert_near((double) contract->price[kind], 100 * offers[winner].price, .5 + 1e-6);
                assert_near(contract->units[kind], budget / (12 * offers[winner].price), 1e-9);
                assert_near((double) contract->instalment[kind], 100 * budget / 12, 1);
                assert_near(contract->promised[kind], offers[winner].quality, 1e-15);
                assert_near(contract->markup[kind],
                    tiny.p.purchase_markup / (1 + tiny.p.purchase_markup_competition * bids), 1e-15);
                won[kind] += winner > 5;
            }
        }
        assert_near(cogov_government_of(street)->bids[0], total, 0);
        assert_near(cogov_government_of(street)->lots[0], LOTS, 0);
    }
    assert_int_equal(won[LOT_SPECIAL], 0); /* firms do not bid on special services */
    assert_true(won[LOT_PERSONAL] > 30);
    assert_true(won[LOT_PUBLIC] > 200); /* and are alone with public ones */
    tiny_free(&tiny);
}

static void
quality_alone_picks_the_best_and_price_alone_the_cheapest(void **state)
{
    struct tiny tiny;
    uint64_t random = 33;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE
        "organisations.professional=6 purchase.contract_length=1 purchase.credibility_needed=0 city.residents=1000");
    const struct sim_view *street = tiny_street(&tiny);
    const int32_t *winner = cogov_contract_of(tiny_community(&tiny, 0))->provider;
    for (uint32_t trial = 0; trial < 50; trial++) {
        random_providers(street, &random);
        tiny_set(&tiny.p, "purchase.quality_weight=1");
        tiny_first_tender(&tiny, 3 + 2 * trial);
        double best = offer_of(street, winner[LOT_SPECIAL], 6).quality;
        tiny_set(&tiny.p, "purchase.quality_weight=0");
        tiny_first_tender(&tiny, 4 + 2 * trial);
        double cheapest = offer_of(street, winner[LOT_SPECIAL], 6).price;
        for (int32_t j = 0; j < 6; j++) {
            assert_true(offer_of(street, j, 6).quality <= best);
            assert_true(offer_of(street, j, 6).price >= cheapest - 1e-9);
        }
    }
    tiny_free(&tiny);
}

static void
the_first_listed_wins_a_tie(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, TINY_BARE "organisations.professional=4 organisations.capability=.5 firms.quality=.5");
    tiny_tender(&tiny, 3);
    assert_int_equal(cogov_contract_of(tiny_community(&tiny, 0))->provider[LOT_SPECIAL], 0);
    assert_int_equal(cogov_contract_of(tiny_community(&tiny, 0))->provider[LOT_PERSONAL], 0);
    tiny_free(&tiny);
}

static double
price_with(uint32_t bidders, double belief)
{
    struct tiny tiny;
    char settings[64];
    snprintf(
        settings, sizeof(settings), "organisations.professional=%u initial.credibility=%g", bidders, belief);
    tiny_init(&tiny, TINY_BARE "organisations.capability=.5 firms.service_companies=0");
    tiny_free(&tiny);
    tiny_set(&tiny.p, settings);
    assert_int_equal(sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ 1, 0 }, 1), SIM_OK);
    tiny_tender(&tiny, 3);
    double price = (double) cogov_contract_of(tiny_community(&tiny, 0))->price[LOT_SPECIAL] / 100;
    tiny_free(&tiny);
    return price;
}

static void
competition_and_credibility_lower_the_price(void **state)
{
    (void) state;
    assert_near(price_with(1, 1), 150 * (1 + .3 / 1.5), .005);
    assert_near(price_with(4, 1), 150 * (1 + .3 / 3), .005);
    assert_near(price_with(4, .5), 150 * (1 + .3 / 3) * (1 + .3 * .5), .005);
    assert_true(price_with(8, .5) < price_with(4, .5));
}

static void
the_budget_is_shared_by_residents_and_kind_of_lot(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE "city.communities=4 city.residents=uniform(100,2000) city.weight=3 purchase.budget=17.3 "
                  "purchase.special_share=.7 organisations.recreational=uniform(0,9)");
    tiny_first_tender(&tiny, 3);
    for (uint32_t b = 0; b < 4; b++) {
        const struct sim_view *view = tiny_community(&tiny, b);
        const struct cogov_contract *contract = cogov_contract_of(view);
        double month = 17.3 * 100 / 12 * 3 * cogov_resident_count(view);
        assert_near((double) contract->instalment[LOT_SPECIAL], .7 * month, 1.5);
        assert_near((double) contract->instalment[LOT_PERSONAL], .3 * month, 1.5);
    }
    assert_int_not_equal(
        cogov_resident_count(tiny_community(&tiny, 0)), cogov_resident_count(tiny_community(&tiny, 1)));
    tiny_free(&tiny);
}

static void
without_a_bid_a_lot_stays_unfilled(void **state)
{
    static const char *const settings[] = { "organisations.professional=0 purchase.special_share=1",
        "purchase.bid_probability=0", "purchase.credibility_needed=.71" };
    (void) state;
    for (size_t s = 0; s < sizeof(settings) / sizeof(settings[0]); s++) {
        struct tiny tiny;
        tiny_init(&tiny, TINY_BARE);
        tiny_free(&tiny);
        tiny_set(&tiny.p, settings[s]);
        assert_int_equal(
            sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ 1, 0 }, 1), SIM_OK);
        const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
        tiny_tender(&tiny, 3);
        assert_int_equal(contract->provider[LOT_SPECIAL], -1);
        assert_near(contract->units[LOT_SPECIAL], 0, 0);
        assert_int_equal(contract->instalment[LOT_SPECIAL], 0);
        assert_int_equal(contract->provider[LOT_PERSONAL], -1);
        assert_near(cogov_government_of(tiny_street(&tiny))->lots[0], s == 0 ? 1 : 2, 0); /* with money */
        tiny_free(&tiny);
    }
}

static void
nobody_bids_below_the_belief_needed(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE "organisations.professional=3 purchase.credibility_needed=.4 purchase.contract_length=1");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    const int32_t *provider = cogov_contract_of(tiny_community(&tiny, 0))->provider;
    for (int j = 0; j < 3; j++) {
        o->capability[j] = .9 - .3 * j;
        o->credibility[j] = .39;
    }
    tiny_tender(&tiny, 3);
    assert_int_equal(provider[LOT_SPECIAL], -1);
    o->credibility[2] = .4;
    tiny_tender(&tiny, 4);
    assert_int_equal(provider[LOT_SPECIAL], 2);
    tiny_free(&tiny);
}

static void
those_who_may_bid_do_with_their_probability(void **state)
{
    struct tiny tiny;
    double bids = 0;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE
        "organisations.professional=4 purchase.contract_length=1 city.communities=5 purchase.bid_probability=.35");
    for (uint32_t month = 3; month < 203; month++) {
        tiny_tender(&tiny, month);
        bids += cogov_government_of(tiny_street(&tiny))->bids[0];
    }
    assert_likely(bids, 200 * 5 * (4 + 10),
        .35); /* 4 for the special lots; with firms, 5 + 1 of them, 10 for the others */
    tiny_free(&tiny);
}

static void
each_lot_has_bids_of_its_own(void **state)
{
    enum { KINDS = 2, LOTS_HERE = 3 * KINDS, TENDERS = 1000 }; /* no organisation bids on public services */
    struct tiny tiny;
    double filled[LOTS_HERE][LOTS_HERE] = { { 0 } };
    (void) state;
    tiny_init(&tiny, TINY_BARE "organisations.professional=1 purchase.contract_length=1 city.communities=3");
    tiny_set(&tiny.p, "purchase.bid_probability=.4");
    for (int32_t firm = 1 + 1; firm < 1 + 1 + 4; firm++) {
        *cogov_provider_of(tiny_street(&tiny), firm).credibility =
            0; /* so that one organisation is all there is */
    }
    for (uint32_t month = 3; month < 3 + TENDERS; month++) {
        tiny_first_tender(&tiny, month);
        for (uint32_t a = 0; a < LOTS_HERE; a++) {
            for (uint32_t b = 0; b < LOTS_HERE; b++) {
                filled[a][b] += cogov_contract_of(tiny_community(&tiny, a / KINDS))->provider[a % KINDS] >= 0
                    && cogov_contract_of(tiny_community(&tiny, b / KINDS))->provider[b % KINDS] >= 0;
            }
        }
    }
    for (uint32_t a = 0; a < LOTS_HERE; a++) {
        for (uint32_t b = 0; b < LOTS_HERE; b++) {
            assert_likely(filled[a][b], TENDERS, a == b ? .4 : .16);
        }
    }
    tiny_free(&tiny);
}

static void
nobody_holds_more_contracts_than_the_limit(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, TINY_BARE "organisations.professional=2 city.communities=6 purchase.contract_length=2");
    tiny_set(&tiny.p, "purchase.contracts_limit=2");
    for (uint32_t month = 3; month < 9; month += 2) {
        int held[PROVIDERS] = { 0 }, unfilled = 0;
        tiny_tender(&tiny, month);
        for (uint32_t b = 0; b < 6; b++) {
            for (uint32_t kind = 0; kind < LOTS; kind++) {
                int32_t j = cogov_contract_of(tiny_community(&tiny, b))->provider[kind];
                unfilled += j < 0 && kind == LOT_SPECIAL;
                held[j >= 0 ? j : PROVIDERS - 1]++;
            }
        }
        held[PROVIDERS - 1] = 0;
        for (int32_t j = 0; j < 3 + 7; j++) {
            assert_true(held[j] <= 2);
            assert_near(*cogov_provider_of(tiny_street(&tiny), j).contracts, held[j], 0);
        }
        assert_true(unfilled >= 2); /* of six, two organisations can take four */
    }
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_score_wins_at_its_price),
        cmocka_unit_test(quality_alone_picks_the_best_and_price_alone_the_cheapest),
        cmocka_unit_test(the_first_listed_wins_a_tie),
        cmocka_unit_test(competition_and_credibility_lower_the_price),
        cmocka_unit_test(the_budget_is_shared_by_residents_and_kind_of_lot),
        cmocka_unit_test(without_a_bid_a_lot_stays_unfilled),
        cmocka_unit_test(nobody_bids_below_the_belief_needed),
        cmocka_unit_test(those_who_may_bid_do_with_their_probability),
        cmocka_unit_test(each_lot_has_bids_of_its_own),
        cmocka_unit_test(nobody_holds_more_contracts_than_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
