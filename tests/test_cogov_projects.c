/* test_cogov_projects.c - what is bought: projects that residents choose, and the bundled property contract.
 * Equation (10). */
#include "tiny.h"

static void
set_queue(const struct tiny *tiny, int64_t special, int64_t personal)
{
    struct cogov_queues *queue = cogov_community_of(tiny_community(tiny, 0))->queue;
    memset(queue, 0, sizeof(*queue));
    for (int64_t t = 0; t < special; t++) {
        queue->of[t % TIERS][NEED_SPECIAL]++;
    }
    for (int64_t t = 0; t < personal; t++) {
        queue->of[t % TIERS][NEED_PERSONAL]++;
    }
    queue->of[TIER_GRID][NEED_PUBLIC] = 1000; /* which is not theirs to divide */
}

static void
money_follows_what_residents_ask_for(void **state)
{
    static const double choices[] = { 0, .25, 1 };
    struct tiny tiny;
    uint64_t random = 61;
    (void) state;
    tiny_init(&tiny, "");
    const double *part = cogov_community_of(tiny_community(&tiny, 0))->special_part;
    for (int trial = 0; trial < 90; trial++) {
        double choice = choices[trial % 3], fixed = tiny_random(&random);
        int64_t special = (int64_t) (20 * tiny_random(&random)),
                personal = 1 + (int64_t) (20 * tiny_random(&random));
        tiny.p.purchase_resident_choice = choice;
        tiny.p.purchase_special_share = fixed;
        set_queue(&tiny, special, personal);
        project_choice(tiny_community(&tiny, 0));
        assert_near(
            *part, fixed + choice * ((double) special / (double) (special + personal) - fixed), 1e-14);
        set_queue(&tiny, 0, 0);
        project_choice(tiny_community(&tiny, 0));
        assert_near(*part, fixed, 1e-15);
    }
    tiny_free(&tiny);
}

static void
each_community_divides_its_own_money(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE
        "organisations.professional=4 city.communities=2 city.residents=1000 purchase.special_share=.5");
    tiny_set(&tiny.p, "purchase.resident_choice=1 purchase.public_share=.4");
    cogov_community_of(tiny_community(&tiny, 0))->queue[0].of[TIER_GRID][NEED_SPECIAL] = 30;
    cogov_community_of(tiny_community(&tiny, 0))->queue[0].of[TIER_GRID][NEED_PERSONAL] = 10;
    cogov_community_of(tiny_community(&tiny, 1))->queue[0].of[TIER_STREET][NEED_PERSONAL] = 5;
    tiny_first_tender(&tiny, 3);
    const double month = 20 * 1000 * 100 / 12.0;
    const int64_t *first = cogov_contract_of(tiny_community(&tiny, 0))->instalment;
    const int64_t *second = cogov_contract_of(tiny_community(&tiny, 1))->instalment;
    assert_near((double) first[LOT_SPECIAL], .6 * .75 * month, 1);
    assert_near((double) first[LOT_PERSONAL], .6 * .25 * month, 1);
    assert_near((double) first[LOT_PUBLIC], .4 * month, 1);
    assert_near((double) second[LOT_SPECIAL], 0, 0); /* nobody asked: no lot */
    assert_near((double) second[LOT_PERSONAL], .6 * month, 1);
    assert_near(cogov_government_of(tiny_street(&tiny))->lots[0], 5, 0);
    tiny_free(&tiny);
}

static void
only_firms_bid_on_the_bundled_property_contract(void **state)
{
    enum { TENDERS = 400, FIRMS = 3 };
    struct tiny tiny;
    double bids = 0, filled = 0;
    (void) state;
    tiny_init(
        &tiny, TINY_BARE "organisations.professional=5 purchase.public_share=1 purchase.contract_length=1");
    tiny_set(&tiny.p, "city.communities=2");
    tiny_free(&tiny);
    tiny_set(&tiny.p, "purchase.bid_probability=.4");
    assert_int_equal(sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ 1, 0 }, 1), SIM_OK);
    int32_t organisations = (int32_t) cogov_organisation_count(tiny_street(&tiny));
    for (uint32_t month = 3; month < 3 + TENDERS; month++) {
        tiny_first_tender(&tiny, month);
        bids += cogov_government_of(tiny_street(&tiny))->bids[0];
        assert_near(cogov_government_of(tiny_street(&tiny))->lots[0], 2, 0); /* the others have no money */
        for (uint32_t b = 0; b < 2; b++) {
            int32_t provider = cogov_contract_of(tiny_community(&tiny, b))->provider[LOT_PUBLIC];
            assert_true(provider == -1 || provider >= organisations);
            filled += provider >= 0;
        }
    }
    assert_likely(bids, TENDERS * 2 * FIRMS, .4);
    assert_likely(filled, TENDERS * 2, 1 - .6 * .6 * .6); /* also says that lots have draws of their own */
    tiny_free(&tiny);
}

static void
draws_of_lots_have_numbers_of_their_own(void **state)
{
    enum { BLOCKS = 10000 };
    (void) state;
    for (uint32_t block = 0; block < BLOCKS; block++) {
        assert_int_equal(cogov_lot_number(block, LOT_SPECIAL), 2 * block); /* as ever */
        assert_int_equal(cogov_lot_number(block, LOT_PERSONAL), 2 * block + 1);
        assert_true(cogov_lot_number(block, LOT_PUBLIC) > 2 * 0xffffu + 1);
        assert_true(cogov_lot_number(block, LOT_PUBLIC) < SIM_SPAN_DRAWS);
        assert_int_not_equal(cogov_lot_number(block, LOT_PUBLIC), cogov_lot_number(block + 1, LOT_PUBLIC));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_follows_what_residents_ask_for),
        cmocka_unit_test(each_community_divides_its_own_money),
        cmocka_unit_test(only_firms_bid_on_the_bundled_property_contract),
        cmocka_unit_test(draws_of_lots_have_numbers_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
