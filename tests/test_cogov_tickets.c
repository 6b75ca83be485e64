/* test_cogov_tickets.c - needs arise at their rates, tickets are routed, resolved within capacity, and move
 * up. Equations (1)(5)(6). */
#include "tiny.h"

/* --- needs --- */

static void
needs_arise_at_their_rates_by_age(void **state)
{
    struct tiny tiny;
    double asked[2] = { 0 }, all[2] = { 0 };
    (void) state;
    tiny_init(&tiny, "city.residents=40000 needs.rate=.15 needs.elderly_extra=.8 residents.old_age=65");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    for (uint32_t i = 0; i < 40000; i++) {
        r->age[i] = (uint8_t) (i % 2 ? 64 : 65);
    }
    for (uint32_t month = 1; month <= 4; month++) {
        memset(r->need, 0, 40000);
        tiny_run(view, needs_arise, STREAM_NEEDS, month);
        int64_t open = 0;
        for (uint32_t i = 0; i < 40000; i++) {
            asked[r->age[i] >= 65] += r->need[i] != 0;
            all[r->age[i] >= 65] += 1;
            open += r->need[i] != 0;
        }
        assert_int_equal(cogov_community_of(view)->opened[0], open);
    }
    assert_likely(asked[0], all[0], 1 - exp(-.15));
    assert_likely(asked[1], all[1], 1 - exp(-.15 * 1.8));
    tiny_free(&tiny);
}

static void
types_and_severities_have_their_shares_independently(void **state)
{
    static const double types[NEEDS] = { .4, .3, .2, .1 }, severities[TIERS] = { .5, .3, .2 };
    struct tiny tiny;
    double count[NEEDS][TIERS] = { { 0 } }, n = 0;
    (void) state;
    tiny_init(&tiny,
        "city.residents=60000 needs.rate=1 needs.public_share=.4 needs.special_share=.3 needs.personal_share=.2 "
        "needs.developmental_share=.1 needs.minor_share=.5 needs.ordinary_share=.3 needs.major_share=.2");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    tiny_run(view, needs_arise, STREAM_NEEDS, 1);
    for (uint32_t i = 0; i < 60000; i++) {
        if (r->need[i] != 0) {
            count[r->need[i] - 1][r->tier[i]]++;
            n++;
        }
    }
    for (int k = 0; k < NEEDS; k++) {
        for (int tier = 0; tier < TIERS; tier++) {
            assert_likely(count[k][tier], n, types[k] * severities[tier]);
        }
    }
    tiny_free(&tiny);
}

static void
nobody_opens_a_second_ticket(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.residents=2000 needs.rate=1 needs.public_share=1 needs.special_share=0 needs.personal_share=0 "
        "needs.developmental_share=0");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    for (uint32_t i = 0; i < 2000; i++) {
        r->need[i] = i % 2 ? 1 + NEED_SPECIAL : 0;
        r->tier[i] = TIER_STREET;
        r->waited[i] = 7;
    }
    tiny_run(view, needs_arise, STREAM_NEEDS, 1);
    for (uint32_t i = 0; i < 2000; i++) {
        if (i % 2) {
            assert_int_equal(r->need[i], 1 + NEED_SPECIAL);
            assert_int_equal(r->waited[i], 7);
        } else {
            assert_true(r->need[i] == 0 || (r->need[i] == 1 + NEED_PUBLIC && r->waited[i] == 0));
        }
    }
    assert_in_range(cogov_community_of(view)->opened[0], 550,
        720); /* 1 - 1/e of 1,000, or of some older residents more */
    tiny_free(&tiny);
}

/* --- routing and capacities --- */

/* Everybody has a ticket, of the four types in turn, at one tier. */
static void
fill_desks(const struct sim_view *view, uint8_t tier)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        r->need[i] = (uint8_t) (1 + i % NEEDS);
        r->tier[i] = tier;
        r->waited[i] = r->waited_before[i] = 0;
    }
    cogov_community_of(view)->waiting[0] = (int64_t) cogov_community_of(view)->population[0];
}

/* Months with full desks: how many of the tickets of each need are resolved. */
static void
resolve_for_months(struct tiny *tiny, uint8_t tier, uint32_t months, double resolved[NEEDS], double *tickets)
{
    const struct sim_view *view = tiny_community(tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    memset(resolved, 0, NEEDS * sizeof(double));
    *tickets = 0;
    for (uint32_t month = 1; month <= months; month++) {
        double closed = 0;
        fill_desks(view, tier);
        tiny_run(view, tickets_escalate, STREAM_NONE, month);
        tiny_run(tiny_street(tiny), street_desk, STREAM_NONE, month);
        tiny_run(view, tickets_resolve, STREAM_RESOLVE, month);
        for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
            assert_true((r->need[i] == 0) == (r->solved[i] == 1 + i % NEEDS));
            closed += r->solved[i] != 0;
            resolved[i % NEEDS] += r->solved[i] != 0;
        }
        for (int t = 0; t < TIERS; t++) {
            assert_int_equal(cogov_community_of(view)->closed[0].of[t],
                t == tier ? closed * (double) tiny->p.city_weight : 0);
        }
        *tickets += (double) cogov_resident_count(view) / NEEDS;
    }
}

static void
misrouted_tickets_wait(void **state)
{
    static const double eta[TIERS] = { .9, .7, .5 };
    struct tiny tiny;
    double resolved[NEEDS], tickets;
    (void) state;
    tiny_init(&tiny,
        "city.residents=40000 tiers.misrouting=.6 tiers.grid_tickets=10000 tiers.staff_tickets=10000 "
        "tiers.station_tickets=10000 firms.tickets=10000 tiers.street_tickets=10000 tiers.grid_success=.9 "
        "tiers.community_success=.7 tiers.street_success=.5 platform.coverage=0");
    const struct sim_view *view = tiny_community(&tiny, 0);
    cogov_party_of(view)->coordination[0] = .25;
    cogov_contract_of(view)->provider[LOT_SPECIAL] = 0;
    cogov_contract_of(view)->units[LOT_SPECIAL] = 1e9;
    cogov_organisation_of(view->above)->contracts[0] = 1;
    cogov_organisation_of(view->above)->posts[0] = 1e9;
    for (uint8_t tier = 0; tier < TIERS; tier++) {
        resolve_for_months(&tiny, tier, 1, resolved, &tickets);
        for (int need = 0; need < NEEDS; need++) {
            assert_likely(resolved[need], tickets, (1 - .6 * (1 - .25)) * eta[tier]);
            assert_near(cogov_community_of(view)->resolution[0].of[need], resolved[need] / tickets, 1e-12);
        }
    }
    cogov_party_of(view)->coordination[0] = 1;
    tiny_set(&tiny.p, "tiers.grid_success=1");
    resolve_for_months(&tiny, TIER_GRID, 1, resolved, &tickets);
    assert_near(resolved[0] + resolved[1] + resolved[2] + resolved[3], 40000, 0);
    tiny_free(&tiny);
}

static void
grid_workers_share_all_needs(void **state)
{
    struct tiny tiny;
    double resolved[NEEDS], tickets;
    (void) state;
    tiny_init(&tiny,
        "city.residents=20000 tiers.misrouting=.5 tiers.grid_workers=5 tiers.grid_tickets=700 tiers.grid_success=.9 "
        "platform.coverage=0");
    cogov_party_of(tiny_community(&tiny, 0))->coordination[0] = .2;
    resolve_for_months(&tiny, TIER_GRID, 2, resolved, &tickets);
    for (int need = 0; need < NEEDS; need++) {
        assert_likely(resolved[need], tickets, (1 - .5 * .8) * (10.0 * 700 / 20000) * .9);
    }
    tiny_free(&tiny);
}

static void
each_need_has_its_own_desk_at_the_community(void **state)
{
    struct tiny tiny;
    double resolved[NEEDS], tickets;
    (void) state;
    tiny_init(&tiny,
        "city.residents=40000 tiers.misrouting=0 tiers.community_success=1 committee.staff=10 tiers.staff_tickets=100 "
        "tiers.station_tickets=200 firms.tickets=300 tiers.volunteer_tickets=2 organisations.cases=50");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_contract *contract = cogov_contract_of(view);
    const struct cogov_organisation *o = cogov_organisation_of(view->above);
    cogov_committee_of(view)->service[0] = .3;
    cogov_committee_of(view)->self_governance[0] = .6;
    cogov_community_of(view)->volunteers[0] = .02;
    contract->provider[LOT_SPECIAL] = 1;
    contract->units[LOT_SPECIAL] = 2500;
    contract->units[LOT_PERSONAL] = 900;
    contract->units[LOT_PUBLIC] = 700;
    o->posts[1] = 100;
    o->staffing[1] = .8;
    o->contracts[1] = 2;
    resolve_for_months(&tiny, TIER_COMMUNITY, 2, resolved, &tickets);
    assert_likely(resolved[NEED_PUBLIC], tickets, (40 * 100 * .3 + 4 * 200 + 700) / 1e4);
    assert_likely(resolved[NEED_SPECIAL], tickets, 100 * .8 * 50 / 2 / 1e4);
    assert_likely(resolved[NEED_PERSONAL], tickets, (4 * 300 + 900) / 1e4);
    assert_likely(resolved[NEED_DEVELOPMENTAL], tickets, (40 * 100 * .6 + .02 * 40000 * 2) / 1e4);
    contract->units[LOT_SPECIAL] = 1500; /* now what is bought is the least */
    resolve_for_months(&tiny, TIER_COMMUNITY, 2, resolved, &tickets);
    assert_likely(resolved[NEED_SPECIAL], tickets, .15);
    contract->provider[LOT_SPECIAL] = -1;
    resolve_for_months(&tiny, TIER_COMMUNITY, 1, resolved, &tickets);
    assert_near(resolved[NEED_SPECIAL], 0, 0);
    tiny_free(&tiny);
}

static void
the_streets_desk_is_shared_by_its_communities(void **state)
{
    static const int64_t queue[2][NEEDS] = { { 30, 10, 5, 5 }, { 100, 0, 40, 10 } };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.communities=2 city.residents=1000 tiers.street_tickets=250 tiers.misrouting=0 tiers.street_success=1");
    for (uint32_t b = 0; b < 2; b++) {
        memcpy(cogov_community_of(tiny_community(&tiny, b))->queue[0].of[TIER_STREET], queue[b],
            sizeof(queue[b]));
        cogov_community_of(tiny_community(&tiny, b))->queue[0].of[TIER_GRID][0] = 1000;
    }
    street_desk(tiny_street(&tiny));
    assert_near(cogov_government_of(tiny_street(&tiny))->desk_ratio[0], 250 * .2 / 200, 1e-14);
    for (uint32_t b = 0; b < 2; b++) {
        const struct sim_view *view = tiny_community(&tiny, b);
        fill_desks(view, TIER_STREET);
        tiny_run(view, tickets_resolve, STREAM_RESOLVE, 1);
        assert_likely((double) cogov_community_of(view)->closed[0].of[TIER_STREET], 1000, .25);
        memset(cogov_community_of(view)->queue, 0, sizeof(struct cogov_queues));
    }
    tiny_set(&tiny.p, "tiers.street_tickets=0");
    street_desk(tiny_street(&tiny));
    assert_near(cogov_government_of(tiny_street(&tiny))->desk_ratio[0], 1, 0);
    tiny_free(&tiny);
}

static void
without_capacity_nothing_is_resolved(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.communities=2 city.residents=500 needs.rate=.5 tiers.grid_workers=0 committee.staff=0 tiers.station_tickets=0 "
        "firms.tickets=0 tiers.volunteer_tickets=0 tiers.street_tickets=0 organisations.posts=0 "
        "purchase.special_share=1 residents.mobility=0");
    for (int month = 0; month < 12; month++) {
        tiny_step(&tiny, 1);
        for (uint32_t b = 0; b < 2; b++) {
            assert_int_equal(cogov_community_of(tiny_community(&tiny, b))->closed_ever[0], 0);
        }
    }
    assert_true(cogov_community_of(tiny_community(&tiny, 0))->waiting[0] > 480);
    tiny_free(&tiny);
}

static void
resolution_is_kept_while_nobody_asks(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=100 platform.coverage=0");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_community *community = cogov_community_of(view);
    for (int need = 0; need < NEEDS; need++) {
        community->resolution[0].of[need] = .1 * (1 + need);
    }
    cogov_resident_of(view)->need[3] = 1 + NEED_PERSONAL;
    cogov_resident_of(view)->tier[3] = TIER_COMMUNITY;
    tiny_set(&tiny.p, "tiers.community_success=0");
    tiny_run(view, tickets_escalate, STREAM_NONE, 1);
    tiny_run(view, tickets_resolve, STREAM_RESOLVE, 1);
    assert_near(community->resolution[0].of[NEED_PUBLIC], .1, 0);
    assert_near(community->resolution[0].of[NEED_PERSONAL], 0, 0);
    assert_near(community->resolution[0].of[NEED_DEVELOPMENTAL], .4, 0);
    tiny_free(&tiny);
}

/* --- moving up --- */

/* Where a ticket of this severity waits in its month-th month (0: the one in which it arises). */
static int
expected_tier(int severity, int month, int grid_wait, int community_wait)
{
    if (severity == TIER_GRID && month >= grid_wait) {
        return month >= grid_wait + community_wait ? TIER_STREET : TIER_COMMUNITY;
    }
    return severity == TIER_COMMUNITY && month >= community_wait ? TIER_STREET : severity;
}

static void
follow_tickets(int grid_wait, int community_wait, int on)
{
    struct tiny tiny;
    tiny_init(
        &tiny, "tiers.grid_success=0 tiers.community_success=0 tiers.street_success=0 platform.coverage=0");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    tiny.p.tiers_grid_wait = grid_wait;
    tiny.p.tiers_community_wait = community_wait;
    tiny.p.switches_tickets_escalate = on;
    for (uint8_t severity = 0; severity < TIERS; severity++) {
        r->need[severity] = 1 + NEED_PUBLIC;
        r->tier[severity] = severity;
    }
    for (int month = 0; month < 12; month++) {
        int64_t queue[TIERS] = { 0 };
        tiny_run(view, tickets_escalate, STREAM_NONE, 1 + (uint32_t) month);
        for (int severity = 0; severity < TIERS; severity++) {
            int tier = on ? expected_tier(severity, month, grid_wait, community_wait) : severity;
            assert_int_equal(r->tier[severity], tier);
            queue[tier]++;
        }
        for (int tier = 0; tier < TIERS; tier++) {
            assert_int_equal(cogov_community_of(view)->queue[0].of[tier][NEED_PUBLIC], queue[tier]);
            assert_int_equal(cogov_community_of(view)->queue[0].of[tier][NEED_SPECIAL], 0);
        }
        tiny_run(view, tickets_resolve, STREAM_RESOLVE, 1 + (uint32_t) month);
        for (int severity = 0; severity < TIERS; severity++) {
            assert_int_equal(r->waited[severity] + r->waited_before[severity], month + 1);
        }
    }
    tiny_free(&tiny);
}

static void
tickets_move_up_one_tier_after_their_wait(void **state)
{
    (void) state;
    for (int grid_wait = 1; grid_wait <= 4; grid_wait++) {
        for (int community_wait = 1; community_wait <= 4; community_wait++) {
            follow_tickets(grid_wait, community_wait, 1);
        }
    }
}

static void
without_escalation_tickets_stay_where_they_are(void **state)
{
    (void) state;
    follow_tickets(1, 1, 0);
}

static void
queues_count_persons(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=100 city.weight=10");
    const struct sim_view *view = tiny_community(&tiny, 0);
    assert_int_equal(cogov_resident_count(view), 10);
    fill_desks(view, TIER_COMMUNITY);
    tiny_run(view, tickets_escalate, STREAM_NONE, 1);
    assert_int_equal(cogov_community_of(view)->queue[0].of[TIER_COMMUNITY][NEED_PUBLIC], 30);
    assert_int_equal(cogov_community_of(view)->queue[0].of[TIER_COMMUNITY][NEED_DEVELOPMENTAL], 20);
    tiny_free(&tiny);
}

static void
months_of_waiting_stop_at_255(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "tiers.street_success=0 tiers.community_success=0 platform.coverage=0");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    r->need[0] = r->need[1] = 1 + NEED_PUBLIC;
    r->tier[0] = TIER_STREET;
    r->tier[1] = TIER_COMMUNITY;
    r->waited[0] = r->waited_before[1] = 254;
    for (uint32_t month = 1; month < 6; month++) {
        tiny_run(view, tickets_escalate, STREAM_NONE, month);
        tiny_run(view, tickets_resolve, STREAM_RESOLVE, month);
    }
    assert_int_equal(r->waited[0], 255);
    assert_int_equal(r->waited_before[1], 255);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needs_arise_at_their_rates_by_age),
        cmocka_unit_test(types_and_severities_have_their_shares_independently),
        cmocka_unit_test(nobody_opens_a_second_ticket),
        cmocka_unit_test(misrouted_tickets_wait),
        cmocka_unit_test(grid_workers_share_all_needs),
        cmocka_unit_test(each_need_has_its_own_desk_at_the_community),
        cmocka_unit_test(the_streets_desk_is_shared_by_its_communities),
        cmocka_unit_test(without_capacity_nothing_is_resolved),
        cmocka_unit_test(resolution_is_kept_while_nobody_asks),
        cmocka_unit_test(tickets_move_up_one_tier_after_their_wait),
        cmocka_unit_test(without_escalation_tickets_stay_where_they_are),
        cmocka_unit_test(queues_count_persons),
        cmocka_unit_test(months_of_waiting_stop_at_255),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
