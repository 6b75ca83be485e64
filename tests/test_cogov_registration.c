/* test_cogov_registration.c - grassroots groups register, organisations close, and neither money nor contracts
 * are lost. Equation (14). */
#include "tiny.h"

static void
enter(const struct tiny *tiny, uint32_t month)
{
    tiny_run(tiny_street(tiny), registration, STREAM_REGISTRATION, month);
}

static void
leave(const struct tiny *tiny, uint32_t month)
{
    tiny_run(tiny_street(tiny), organisations_exit, STREAM_EXIT, month);
}

/* Mean registrations of a month from 100 groups. */
static double
registered(const char *settings)
{
    enum { MONTHS = 4000 };
    struct tiny tiny;
    double entered = 0;
    tiny_init(&tiny,
        "organisations.entry_slots=40 organisations.fade=0 organisations.founders=0 organisations.registration_rate=.02");
    tiny_set(&tiny.p, settings);
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (uint32_t month = 1; month <= MONTHS; month++) {
        cogov_government_of(tiny_street(&tiny))->grassroots[0] = 100;
        enter(&tiny, month);
        entered += cogov_government_of(tiny_street(&tiny))->entered[0];
        memset(o->active + 16, 0, 40); /* those that entered are forgotten */
    }
    tiny_free(&tiny);
    return entered / MONTHS;
}

static void
registrations_follow_the_threshold(void **state)
{
    static const double thresholds[] = { 1.5, .8, .5, .2, -2 };
    char text[96];
    (void) state;
    for (int t = 0; t < 5; t++) {
        snprintf(
            text, sizeof(text), "organisations.threshold=%g organisations.capital_spread=.2", thresholds[t]);
        double expected = 2 / (1 + exp((thresholds[t] - .5) / .2));
        assert_near(registered(text), expected, 4.5 * sqrt(expected / 4000) + 1e-3);
    }
}

static void
the_pool_gains_founders_and_loses_who_fades_and_who_registers(void **state)
{
    enum { MONTHS = 20000 };
    struct tiny tiny;
    double founded = 0;
    (void) state;
    tiny_init(&tiny,
        "organisations.entry_slots=10 organisations.founders=.8 organisations.fade=.05 organisations.grassroots=16");
    const struct cogov_government *government = cogov_government_of(tiny_street(&tiny));
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (uint32_t month = 1; month <= MONTHS; month++) {
        double before = government->grassroots[0];
        enter(&tiny, month);
        double after = (before - government->entered[0]) * .95,
               new_groups = government->grassroots[0] - after;
        assert_near(new_groups, round(new_groups), 1e-9);
        assert_true(new_groups > -.5 && government->grassroots[0] >= 0);
        founded += new_groups;
        memset(o->active + 16, 0, 10);
    }
    assert_near(founded / MONTHS, .8, 4.5 * sqrt(.8 / MONTHS));
    tiny_free(&tiny);
}

static void
who_registers_begins_like_the_first_and_knows_what_others_believe(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "organisations.entry_slots=3 organisations.registration_rate=1 organisations.threshold=-10 city.residents=20000 "
        "organisations.capability=uniform(.2,.9)");
    const struct sim_view *street = tiny_street(&tiny);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    const struct cogov_government *government = cogov_government_of(street);
    for (int i = 0; i < 4; i++) {
        o->credibility[i] = .1 + .2 * i; /* mean .4 */
    }
    assert_int_equal(cogov_organisation_count(street), 19);
    enter(&tiny, 1);
    assert_near(government->entered[0], 3, 0); /* as many as there is room for */
    for (int i = 16; i < 19; i++) {
        assert_true(o->active[i] == 1 && o->professional[i] == 1);
        assert_true(o->capability[i] >= .2 && o->capability[i] <= .9);
        assert_near(o->posts[i], .5 * 2, 1e-12);
        assert_near(o->staffing[i], .9, 0);
        assert_near(o->credibility[i], .4, 1e-15);
        assert_int_equal(o->reserve[i], 1 * 3 * 5500 * 100);
        assert_near(o->income_government[i] / o->income_all[i], .9, 1e-12);
    }
    assert_true(fabs(o->capability[16] - o->capability[17]) > 1e-9);
    double left = government->grassroots[0];
    enter(&tiny, 2);
    assert_near(government->entered[0], 0, 0);
    assert_true(government->grassroots[0] >= left * .99);
    tiny_free(&tiny);
}

static void
a_bad_name_outlives_those_who_had_it(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "organisations.registration_rate=0 organisations.threshold=-10 organisations.recreational=0 initial.credibility=.8 "
        "purchase.credibility_needed=.1");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (int i = 0; i < 4; i++) {
        o->credibility[i] = .1;
    }
    enter(&tiny, 1);
    tiny.p.organisations_exit_rate = 1;
    leave(&tiny, 1);
    tiny.p.organisations_registration_rate = 1;
    enter(&tiny, 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(o->active[i], 1);
        assert_near(o->credibility[i], .1, 1e-15);
    }
    tiny_free(&tiny);
    tiny_init(&tiny,
        "organisations.professional=0 organisations.recreational=0 organisations.entry_slots=1 "
        "organisations.registration_rate=1 organisations.threshold=-10 initial.credibility=.8");
    enter(&tiny, 1);
    assert_near(cogov_organisation_of(tiny_street(&tiny))->credibility[0], .8, 0);
    tiny_free(&tiny);
}

/* A group that would not bid has nothing to register for. */
static void
nobody_registers_where_nobody_would_bid(void **state)
{
    static const double needed[] = { .31, .3, .29 };
    (void) state;
    for (int i = 0; i < 3; i++) {
        struct tiny tiny;
        tiny_init(&tiny,
            "organisations.professional=1 organisations.recreational=0 organisations.entry_slots=1 "
            "organisations.registration_rate=1 organisations.threshold=-10 initial.credibility=.3");
        tiny.p.purchase_credibility_needed = needed[i];
        enter(&tiny, 1);
        assert_int_equal(cogov_organisation_of(tiny_street(&tiny))->active[1], i > 0);
        tiny_free(&tiny);
    }
}

static void
organisations_close_when_debt_is_beyond_their_credit(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.residents=10000 organisations.exit_rate=0 organisations.credit=4 organisations.professional=4");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    int64_t limit = (int64_t) (4 * .5 * 5500 * 100);
    for (int i = 0; i < 4; i++) {
        o->reserve[i] = -limit + (i == 1 ? -1 : i);
        o->opening[i] = o->reserve[i];
    }
    leave(&tiny, 1);
    assert_near(cogov_government_of(tiny_street(&tiny))->exited[0], 1, 0);
    for (int i = 0; i < 16; i++) {
        assert_int_equal(o->active[i], i != 1);
    }
    leave(&tiny, 2);
    assert_near(cogov_government_of(tiny_street(&tiny))->exited[0], 0, 0);
    tiny_free(&tiny);
}

static void
some_close_for_other_reasons_and_recreational_ones_stay(void **state)
{
    enum { MONTHS = 5000 };
    struct tiny tiny;
    double exits = 0;
    (void) state;
    tiny_init(
        &tiny, "organisations.exit_rate=.03 organisations.professional=10 organisations.recreational=5");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (uint32_t month = 1; month <= MONTHS; month++) {
        leave(&tiny, month);
        exits += cogov_government_of(tiny_street(&tiny))->exited[0];
        for (int i = 10; i < 15; i++) {
            assert_int_equal(o->active[i], 1);
        }
        memset(o->active, 1, 10);
    }
    assert_likely(exits, 10.0 * MONTHS, .03);
    tiny_free(&tiny);
}

static void
contracts_and_staff_end_and_arrears_stay_owed(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        TINY_BARE
        "organisations.entry_slots=2 city.communities=3 organisations.professional=1 organisations.exit_rate=0 "
        "purchase.special_share=1 payment.stress=.95 payment.stress_noise=0");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    const struct cogov_government *government = cogov_government_of(tiny_street(&tiny));
    tiny_step(&tiny, 6);
    assert_near(o->contracts[0], 3, 0);
    int64_t owed = o->receivable[0], accrued = government->accrued[0], paid = o->received_ever[0];
    assert_true(owed > 0);
    tiny.p.organisations_exit_rate = 1;
    leave(&tiny, 7);
    tiny.p.organisations_exit_rate = 0;
    assert_near(o->contracts[0] + o->posts[0] + o->staffing[0], 0, 0);
    for (uint32_t b = 0; b < 3; b++) {
        assert_int_equal(cogov_contract_of(tiny_community(&tiny, b))->provider[LOT_SPECIAL], -1);
        assert_int_equal(cogov_contract_of(tiny_community(&tiny, b))->instalment[LOT_SPECIAL], 0);
    }
    assert_int_equal(o->receivable[0], owed);
    tiny_step(&tiny, 4); /* verifies every month that money is conserved */
    assert_int_equal(government->accrued[0], accrued);
    assert_int_equal(o->receivable[0] + o->received_ever[0], owed + paid);
    tiny_free(&tiny);
}

static void
a_place_is_taken_again_only_when_nothing_is_owed_there(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(
        &tiny, "organisations.registration_rate=1 organisations.threshold=-10 organisations.recreational=0");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    const struct cogov_government *government = cogov_government_of(tiny_street(&tiny));
    for (int i = 0; i < 4; i++) {
        o->active[i] = 0;
        o->posts[i] = 0;
    }
    o->income[2] = 100;
    o->reserve[2] = o->opening[2] + 100;
    o->received_ever[2] = 7;
    government->appropriated[0] += 7;
    government->paid[0] += 7;
    o->receivable[1] = 5;
    government->accrued[0] += 12;
    enter(&tiny, 1);
    assert_near(government->entered[0], 3, 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(o->active[i], i != 1);
    }
    assert_int_equal(o->reserve[2], o->opening[2]);
    assert_int_equal(o->income[2] + o->outgo[2], 0);
    assert_int_equal(o->received_ever[2], 7);
    char why[256] = "";
    if (sim_world_verify(&tiny.world, why, sizeof(why)) != SIM_OK) {
        fail_msg("%s", why);
    }
    tiny_free(&tiny);
}

static void
who_does_not_exist_neither_bids_nor_is_counted(void **state)
{
    struct tiny tiny;
    double entered = 0, exited = 0;
    (void) state;
    tiny_init(&tiny,
        "city.communities=4 city.residents=500 organisations.entry_slots=8 organisations.registration_rate=.05 "
        "organisations.exit_rate=.05 organisations.founders=2 purchase.contract_length=3 payment.stress=.4");
    const struct sim_view *street = tiny_street(&tiny);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    for (int month = 1; month <= 120; month++) {
        double there = 0;
        tiny_step(&tiny, 1); /* verifies: nobody who is not there has a contract */
        entered += cogov_government_of(street)->entered[0];
        exited += cogov_government_of(street)->exited[0];
        for (uint32_t i = 0; i < cogov_organisation_count(street); i++) {
            there += o->active[i];
        }
        assert_near(there, 16 + entered - exited, 0);
        double value[1] = { 0 }, weight[1] = { 0 };
        cogov_observe_social_organisations(street, (struct sim_tally){ value, weight });
        assert_near(value[0], there, 0);
    }
    assert_true(entered > 10 && exited > 10);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registrations_follow_the_threshold),
        cmocka_unit_test(the_pool_gains_founders_and_loses_who_fades_and_who_registers),
        cmocka_unit_test(who_registers_begins_like_the_first_and_knows_what_others_believe),
        cmocka_unit_test(a_bad_name_outlives_those_who_had_it),
        cmocka_unit_test(nobody_registers_where_nobody_would_bid),
        cmocka_unit_test(organisations_close_when_debt_is_beyond_their_credit),
        cmocka_unit_test(some_close_for_other_reasons_and_recreational_ones_stay),
        cmocka_unit_test(contracts_and_staff_end_and_arrears_stay_owed),
        cmocka_unit_test(a_place_is_taken_again_only_when_nothing_is_owed_there),
        cmocka_unit_test(who_does_not_exist_neither_bids_nor_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
