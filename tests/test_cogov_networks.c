/* test_cogov_networks.c - through which network of actors needs were met, from states made by hand. */
#include "tiny.h"

struct shares {
    double of[NETWORKS];
    double tickets;
};

static struct shares
observe(const struct sim_view *community)
{
    double value[NETWORKS] = { 0 }, weight[NETWORKS] = { 0 };
    cogov_observe_networks(community, (struct sim_tally){ value, weight });
    struct shares shares = { .tickets = weight[0] };
    for (int network = 0; network < NETWORKS; network++) {
        assert_true(weight[network] == weight[0]);
        shares.of[network] = value[network] / weight[network];
    }
    return shares;
}

/* The next n residents had a ticket of this need resolved at this tier. */
static void
resolve(
    const struct sim_view *community, uint32_t *next, uint32_t n, enum cogov_need need, enum cogov_tier tier)
{
    const struct cogov_resident *r = cogov_resident_of(community);
    assert_true(*next + n <= cogov_resident_count(community));
    for (uint32_t last = *next + n; *next < last; (*next)++) {
        r->solved[*next] = (uint8_t) (1 + need);
        r->tier[*next] = (uint8_t) tier;
    }
}

static void
assert_shares(struct shares found, double administrative, double party, double social)
{
    assert_true(fabs(found.of[NETWORK_ADMINISTRATIVE] - administrative) < 1e-12);
    assert_true(fabs(found.of[NETWORK_PARTY] - party) < 1e-12);
    assert_true(fabs(found.of[NETWORK_SOCIAL] - social) < 1e-12);
}

/* Actors are coordinated no better than without the party. */
static const struct sim_view *
begin(struct tiny *tiny, const char *settings)
{
    tiny_init(tiny, settings);
    const struct sim_view *community = tiny_community(tiny, 0);
    cogov_party_of(community)->coordination[0] = tiny->p.party_base_coordination;
    return community;
}

static void
who_did_the_work_tells_the_network(void **state)
{
    struct tiny tiny;
    uint32_t next = 0;
    (void) state;
    const struct sim_view *community = begin(&tiny, "city.residents=500 city.weight=10");
    resolve(community, &next, 3, NEED_SPECIAL, TIER_GRID);
    resolve(community, &next, 2, NEED_DEVELOPMENTAL, TIER_STREET);
    resolve(community, &next, 1, NEED_PUBLIC, TIER_COMMUNITY);
    resolve(community, &next, 1, NEED_SPECIAL, TIER_COMMUNITY);
    resolve(community, &next, 1, NEED_PERSONAL, TIER_COMMUNITY);
    resolve(community, &next, 2, NEED_DEVELOPMENTAL, TIER_COMMUNITY);
    struct shares found = observe(community);
    assert_true(found.tickets == 100);
    assert_shares(found, 0.6, 0, 0.4);
    tiny_free(&tiny);
}

static void
a_bundled_contract_takes_its_part_of_public_needs(void **state)
{
    struct tiny tiny;
    uint32_t next = 0;
    (void) state;
    const struct sim_view *community = begin(&tiny, "");
    resolve(community, &next, 4, NEED_PUBLIC, TIER_COMMUNITY);
    cogov_contract_of(community)->units[LOT_PUBLIC] = 3 * cogov_public_desk(community);
    assert_shares(observe(community), 0.25, 0, 0.75);
    tiny_free(&tiny);
}

/* Without the party .4 (1 - .2) = .32 of tickets go astray; with coordination .6, .16. */
static void
the_party_has_what_would_have_gone_astray(void **state)
{
    struct tiny tiny;
    uint32_t next = 0;
    (void) state;
    const struct sim_view *community = begin(&tiny, "tiers.misrouting=0.4 party.base_coordination=0.2");
    resolve(community, &next, 3, NEED_PUBLIC, TIER_GRID);
    resolve(community, &next, 1, NEED_SPECIAL, TIER_COMMUNITY);
    cogov_party_of(community)->coordination[0] = 0.6;
    cogov_community_of(community)->platform[0] = 0;
    const double anyway = 0.68 / 0.84;
    assert_shares(observe(community), 0.75 * anyway, 1 - anyway, 0.25 * anyway);
    tiny_free(&tiny);
}

static void
nothing_resolved_counts_for_nothing(void **state)
{
    struct tiny tiny;
    double value[NETWORKS] = { 0 }, weight[NETWORKS] = { 0 };
    (void) state;
    cogov_observe_networks(begin(&tiny, ""), (struct sim_tally){ value, weight });
    for (int network = 0; network < NETWORKS; network++) {
        assert_true(value[network] == 0 && weight[network] == 0);
    }
    tiny_free(&tiny);
}

/* Tickets counted here are those that the month counts as resolved, if nobody moves away. */
static void
a_month_counts_all_that_it_resolved(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=2000 switches.mobility=off");
    double tickets = 0;
    for (int month = 0; month < 12; month++) {
        sim_world_step(&tiny.world);
        const struct sim_view *community = tiny_community(&tiny, 0);
        const struct cogov_by_tier *closed = cogov_community_of(community)->closed;
        struct shares found = observe(community);
        assert_true(found.tickets == (double) (closed->of[0] + closed->of[1] + closed->of[2]));
        assert_true(fabs(found.of[0] + found.of[1] + found.of[2] - 1) < 1e-12);
        assert_true(found.of[NETWORK_PARTY] > 0 && found.of[NETWORK_SOCIAL] > 0);
        tickets += found.tickets;
    }
    assert_true(tickets > 100);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_did_the_work_tells_the_network),
        cmocka_unit_test(a_bundled_contract_takes_its_part_of_public_needs),
        cmocka_unit_test(the_party_has_what_would_have_gone_astray),
        cmocka_unit_test(nothing_resolved_counts_for_nothing),
        cmocka_unit_test(a_month_counts_all_that_it_resolved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
