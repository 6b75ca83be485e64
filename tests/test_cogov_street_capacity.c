/* test_cogov_street_capacity.c - a government that buys everything hollows out, and then cannot supervise
 * (22c). */
#include "tiny.h"

static void
capacity_moves_to_what_reliance_leaves(void **state)
{
    struct tiny tiny;
    double expected = .5;
    (void) state;
    tiny_init(&tiny,
        "city.communities=2 government.capacity=.5 government.hollowing=.6 government.capacity_rate=.1");
    const struct sim_view *street = tiny_street(&tiny);
    double *capacity = cogov_government_of(street)->capacity;
    street_capacity(street);
    assert_near(*capacity, .5, 1e-15); /* nothing is bought */
    for (uint32_t b = 0; b < 2; b++) {
        const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, b));
        contract->provider[LOT_SPECIAL] = (int32_t) b;
        contract->units[LOT_SPECIAL] = 7.5;
        contract->units[LOT_PERSONAL] = 1000; /* of a contract that has ended */
    }
    street_capacity(street);
    assert_near(*capacity, .5, 1e-15); /* nothing is asked for */
    cogov_community_of(tiny_community(&tiny, 0))->opened[0] = 10;
    cogov_community_of(tiny_community(&tiny, 1))->opened[0] = 20;
    for (int month = 1; month <= 400; month++) {
        street_capacity(street);
        expected += .1 * (.5 * (1 - .6 * 3 / 6) - expected);
        assert_near(*capacity, expected, 1e-13);
    }
    assert_near(*capacity, .35, 1e-12);
    cogov_contract_of(tiny_community(&tiny, 0))->units[LOT_SPECIAL] = 1e6; /* more than is asked for */
    for (int month = 1; month <= 400; month++) {
        street_capacity(street);
    }
    assert_near(*capacity, .2, 1e-12);
    tiny_free(&tiny);
}

static void
without_capacity_evaluations_are_of_little_use(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "purchase.evaluation=.8 government.supervision=.2");
    double *capacity = cogov_government_of(tiny_street(&tiny))->capacity;
    static const double capacities[] = { 0, .05, .2, .9 }, use[] = { 0, .25, 1, 1 };
    for (int c = 0; c < 4; c++) {
        *capacity = capacities[c];
        evaluation(tiny_community(&tiny, 0));
        assert_near(cogov_community_of(tiny_community(&tiny, 0))->verified[0], .8 * use[c], 1e-15);
    }
    tiny.p.government_supervision = 0;
    *capacity = 0;
    evaluation(tiny_community(&tiny, 0));
    assert_near(cogov_community_of(tiny_community(&tiny, 0))->verified[0], .8, 1e-15);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capacity_moves_to_what_reliance_leaves),
        cmocka_unit_test(without_capacity_evaluations_are_of_little_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
