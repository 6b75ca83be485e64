/* test_cogov_payment.c - fiscal stress, payment in time or late, belief in payment, social workers' staff.
 * Equations (11)(12)(13). */
#include "tiny.h"

/* A contract with a monthly instalment, and cash to pay with. */
static void
give_contract(const struct tiny *tiny, uint32_t block, uint32_t lot, int32_t provider, int64_t instalment)
{
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(tiny, block));
    contract->provider[lot] = provider;
    contract->instalment[lot] = instalment;
    *cogov_provider_of(tiny_street(tiny), provider).contracts += 1;
}

static void
give_cash(const struct tiny *tiny, int64_t fen)
{
    cogov_government_of(tiny_street(tiny))->cash[0] += fen;
    cogov_government_of(tiny_street(tiny))->appropriated[0] += fen;
}

static void
pay_month(const struct tiny *tiny, uint32_t month)
{
    char why[256] = "";
    tiny_run(tiny_street(tiny), payment, STREAM_PAYMENT, month);
    if (sim_world_verify(&tiny->world, why, sizeof(why)) != SIM_OK) {
        fail_msg("%s", why);
    }
}

/* --- stress --- */

static void
stress_varies_around_its_long_run_level(void **state)
{
    enum { MONTHS = 40000 };
    static double f[MONTHS];
    struct tiny tiny;
    double mean = 0, variance = 0, covariance = 0;
    (void) state;
    tiny_init(&tiny, "payment.stress=.45 payment.stress_noise=.03 payment.stress_persistence=.7");
    double *stress = cogov_government_of(tiny_street(&tiny))->stress;
    assert_near(*stress, .45, 0);
    for (uint32_t t = 0; t < MONTHS; t++) {
        tiny_run(tiny_street(&tiny), fiscal_stress, STREAM_STRESS, t + 1);
        f[t] = *stress - .45;
        mean += f[t] / MONTHS;
        variance += f[t] * f[t] / MONTHS;
        covariance += t > 0 ? f[t] * f[t - 1] / MONTHS : 0;
    }
    assert_near(mean, 0, .0025);
    assert_near(sqrt(variance), .03 / sqrt(1 - .49), .0015);
    assert_near(covariance / variance, .7, .02);
    tiny_free(&tiny);
}

static void
stress_returns_to_its_level_and_keeps_within_its_limits(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "payment.stress=.2 payment.stress_noise=0 payment.stress_limit=.6");
    double *stress = cogov_government_of(tiny_street(&tiny))->stress;
    *stress = .5;
    for (int month = 1; month < 20; month++) {
        tiny_run(tiny_street(&tiny), fiscal_stress, STREAM_STRESS, (uint32_t) month);
        assert_near(*stress, .2 + .3 * pow(.8, month), 1e-14);
    }
    tiny_set(&tiny.p, "payment.stress_noise=1");
    int low = 0, high = 0;
    for (uint32_t month = 20; month < 120; month++) {
        tiny_run(tiny_street(&tiny), fiscal_stress, STREAM_STRESS, month);
        assert_true(*stress >= 0 && *stress <= .6);
        low += *stress == 0;
        high += *stress == .6;
    }
    assert_true(low > 10 && high > 10);
    tiny_free(&tiny);
}

/* --- budget --- */

static void
the_years_money_comes_in_january_and_in_the_first_month(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.communities=2 city.residents=300 city.weight=3 purchase.budget=21.5");
    const struct cogov_government *government = cogov_government_of(tiny_street(&tiny));
    for (int64_t start = 1; start <= 12; start++) {
        int64_t years = 0, month = start;
        tiny.p.city_start_month = start;
        government->cash[0] = government->appropriated[0] = 0;
        for (uint32_t tick = 1; tick <= 40; tick++, month = month % 12 + 1) {
            tiny_run(tiny_street(&tiny), purchase_budget, STREAM_NONE, tick);
            years += tick == 1 || month == 1;
            assert_int_equal(government->cash[0], years * 2150 * 600);
            assert_int_equal(government->appropriated[0], years * 2150 * 600);
        }
    }
    tiny_free(&tiny);
}

/* --- instalments and arrears --- */

static void
instalments_are_late_with_the_probability_of_stress(void **state)
{
    enum { MONTHS = 200 };
    static const double stress[] = { 0, .1, .6, 1 };
    (void) state;
    for (int s = 0; s < 4; s++) {
        struct tiny tiny;
        double late = 0;
        tiny_init(&tiny, "city.communities=20");
        give_cash(&tiny, INT64_C(1000000000000));
        cogov_government_of(tiny_street(&tiny))->stress[0] = stress[s];
        for (uint32_t b = 0; b < 20; b++) {
            give_contract(&tiny, b, LOT_SPECIAL, (int32_t) b % 4, 1000 + b);
            give_contract(&tiny, b, LOT_PERSONAL, 16 + (int32_t) b, 500 + b);
            give_contract(&tiny, b, LOT_PUBLIC, 17 + (int32_t) b, 300 + b);
        }
        for (uint32_t month = 1; month <= MONTHS; month++) {
            pay_month(&tiny, month);
            for (uint32_t b = 0; b < 20; b++) {
                for (int lot = 0; lot < LOTS; lot++) {
                    int8_t was = cogov_contract_of(tiny_community(&tiny, b))->late[lot];
                    assert_true(was == 0 || was == 1);
                    late += was;
                }
            }
        }
        assert_likely(late, MONTHS * 20 * LOTS, stress[s]);
        tiny_free(&tiny);
    }
}

static void
without_cash_an_instalment_is_late(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "payment.repayment=0");
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
    const struct cogov_government *government = cogov_government_of(tiny_street(&tiny));
    government->stress[0] = 0;
    give_cash(&tiny, 1700);
    give_contract(&tiny, 0, LOT_SPECIAL, 0, 1000);
    give_contract(&tiny, 0, LOT_PERSONAL, 17, 701);
    pay_month(&tiny, 1);
    assert_int_equal(contract->late[LOT_SPECIAL], 0);
    assert_int_equal(contract->late[LOT_PERSONAL], 1);
    assert_int_equal(government->cash[0], 700);
    assert_int_equal(government->spending[0], 1000);
    assert_int_equal(cogov_organisation_of(tiny_street(&tiny))->received[0], 1000);
    assert_int_equal(*cogov_provider_of(tiny_street(&tiny), 17).receivable, 701);
    contract->provider[LOT_SPECIAL] = -1;
    *cogov_provider_of(tiny_street(&tiny), 0).contracts -= 1;
    pay_month(&tiny, 2);
    assert_int_equal(contract->late[LOT_SPECIAL], -1);
    assert_int_equal(*cogov_provider_of(tiny_street(&tiny), 17).receivable, 1402);
    assert_int_equal(cogov_organisation_of(tiny_street(&tiny))->received[0], 0);
    tiny_free(&tiny);
}

static void
owe(const struct tiny *tiny, int32_t provider, int64_t fen)
{
    *cogov_provider_of(tiny_street(tiny), provider).receivable += fen;
    cogov_government_of(tiny_street(tiny))->accrued[0] += fen;
}

static void
arrears_are_repaid_at_their_rate(void **state)
{
    static const double stress[] = { 0, .4 };
    (void) state;
    for (int s = 0; s < 2; s++) {
        struct tiny tiny;
        tiny_init(&tiny, "payment.repayment=.25");
        give_cash(&tiny, 100000000);
        owe(&tiny, 1, 10000000);
        owe(&tiny, 18, 5000000);
        cogov_government_of(tiny_street(&tiny))->stress[0] = stress[s];
        for (int month = 1; month <= 20; month++) {
            double left = pow(1 - .25 * (1 - stress[s]), month);
            pay_month(&tiny, (uint32_t) month);
            assert_near((double) *cogov_provider_of(tiny_street(&tiny), 1).receivable, 1e7 * left, 10);
            assert_near((double) *cogov_provider_of(tiny_street(&tiny), 18).receivable, 5e6 * left, 10);
        }
        for (uint32_t month = 21; month <= 200; month++) {
            pay_month(&tiny, month);
        }
        assert_int_equal(*cogov_provider_of(tiny_street(&tiny), 1).receivable, 0);
        assert_int_equal(cogov_government_of(tiny_street(&tiny))->cash[0], 85000000);
        assert_int_equal(cogov_organisation_of(tiny_street(&tiny))->received_ever[1], 10000000);
        tiny_free(&tiny);
    }
}

static void
at_rate_zero_arrears_stay(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "payment.repayment=0");
    give_cash(&tiny, 1000);
    owe(&tiny, 1, 500);
    for (uint32_t month = 1; month <= 20; month++) {
        pay_month(&tiny, month);
    }
    assert_int_equal(*cogov_provider_of(tiny_street(&tiny), 1).receivable, 500);
    tiny_set(&tiny.p, "payment.repayment=1");
    cogov_government_of(tiny_street(&tiny))->stress[0] = 1;
    pay_month(&tiny, 21);
    assert_int_equal(*cogov_provider_of(tiny_street(&tiny), 1).receivable, 500);
    tiny_free(&tiny);
}

static void
arrears_are_repaid_only_with_cash(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "payment.repayment=1");
    cogov_government_of(tiny_street(&tiny))->stress[0] = 0;
    give_cash(&tiny, 700);
    owe(&tiny, 0, 500);
    owe(&tiny, 1, 500);
    owe(&tiny, 2, 500);
    pay_month(&tiny, 1);
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    assert_int_equal(o->receivable[0] + o->receivable[1] + o->receivable[2], 800);
    assert_int_equal(cogov_government_of(tiny_street(&tiny))->cash[0], 0);
    assert_int_equal(o->received[0] + o->received[1] + o->received[2], 700);
    tiny_free(&tiny);
}

static void
instalments_are_late_while_the_evaluation_is_pending(void **state)
{
    (void) state;
    for (int64_t pending = 0; pending <= 12; pending += 3) {
        struct tiny tiny;
        tiny_init(&tiny, "payment.repayment=0");
        tiny.p.payment_evaluation_months = pending;
        const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
        double *verified = cogov_community_of(tiny_community(&tiny, 0))->verified;
        cogov_government_of(tiny_street(&tiny))->stress[0] = 0;
        give_cash(&tiny, 1000000);
        give_contract(&tiny, 0, LOT_SPECIAL, 0, 1000);
        *verified = .5;
        for (uint32_t month = 1; month <= 30; month++) {
            contract->months[LOT_SPECIAL] = month;
            pay_month(&tiny, month);
            assert_int_equal(contract->late[LOT_SPECIAL], (month - 1) % 12 < pending);
        }
        contract->months[LOT_SPECIAL] = 1;
        *verified = 0; /* where there is no evaluation nothing waits for it */
        pay_month(&tiny, 31);
        assert_int_equal(contract->late[LOT_SPECIAL], 0);
        *verified = .5;
        tiny_set(&tiny.p, "switches.payment=off");
        pay_month(&tiny, 32);
        assert_int_equal(contract->late[LOT_SPECIAL], 0);
        tiny_free(&tiny);
    }
}

static void
switched_off_payment_is_always_in_time(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "switches.payment=off");
    cogov_government_of(tiny_street(&tiny))->stress[0] = 1;
    give_cash(&tiny, 100000000);
    give_contract(&tiny, 0, LOT_SPECIAL, 0, 1000);
    for (uint32_t month = 1; month <= 50; month++) {
        pay_month(&tiny, month);
        assert_int_equal(cogov_contract_of(tiny_community(&tiny, 0))->late[LOT_SPECIAL], 0);
        assert_int_equal(cogov_government_of(tiny_street(&tiny))->paid[0], 1000 * month);
    }
    tiny_free(&tiny);
}

/* --- credibility --- */

static void
belief_steps_up_after_payment_and_down_after_delay(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "initial.credibility=.6");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    int8_t *late = cogov_contract_of(tiny_community(&tiny, 0))->late;
    give_contract(&tiny, 0, LOT_SPECIAL, 2, 10);
    give_contract(&tiny, 0, LOT_PERSONAL, 17, 10);
    late[LOT_SPECIAL] = 0;
    late[LOT_PERSONAL] = 1;
    for (int month = 1; month < 50; month++) {
        credibility(tiny_street(&tiny));
        assert_near(o->credibility[2], 1 - .4 * pow(1 - .03, month), 1e-13);
        assert_near(*cogov_provider_of(tiny_street(&tiny), 17).credibility, .6 * pow(1 - .1, month), 1e-13);
        assert_near(o->credibility[0], .6, 0);
    }
    late[LOT_SPECIAL] = late[LOT_PERSONAL] = -1;
    double before = o->credibility[2];
    credibility(tiny_street(&tiny));
    assert_near(o->credibility[2], before, 0);
    tiny_free(&tiny);
}

static void
late_payment_never_raises_credibility(void **state)
{
    struct tiny tiny;
    uint64_t random = 41;
    (void) state;
    tiny_init(&tiny, "");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    int8_t *late = cogov_contract_of(tiny_community(&tiny, 0))->late;
    give_contract(&tiny, 0, LOT_SPECIAL, 0, 10);
    for (int trial = 0; trial < 2000; trial++) {
        tiny.p.payment_credibility_gain = tiny_random(&random);
        tiny.p.payment_credibility_loss = tiny_random(&random);
        double before = trial % 10 == 0 ? trial % 20 / 10 : tiny_random(&random);
        o->credibility[0] = before;
        late[LOT_SPECIAL] = 1;
        credibility(tiny_street(&tiny));
        assert_true(o->credibility[0] <= before && o->credibility[0] >= 0);
        o->credibility[0] = before;
        late[LOT_SPECIAL] = 0;
        credibility(tiny_street(&tiny));
        assert_true(o->credibility[0] >= before && o->credibility[0] <= 1);
    }
    tiny_free(&tiny);
}

/* --- social workers --- */

static void
staff_settles_where_quitting_and_hiring_balance(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "organisations.wage=0 organisations.quit_rate=.03 organisations.rehire=.2");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    double w = .9;
    for (int month = 0; month < 200; month++) {
        social_workers(tiny_street(&tiny));
        w = w * (1 - .03) + .2 * (1 - w);
        assert_near(o->staffing[0], w, 1e-12);
    }
    assert_near(o->staffing[0], .2 / .23, 1e-10);
    tiny_free(&tiny);
}

static void
in_debt_workers_quit_faster_and_nobody_is_hired(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "organisations.reserve=0 organisations.quit_rate=.02 organisations.quit_unpaid=1.5 city.residents=5000");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    for (int month = 1; month < 30; month++) {
        social_workers(tiny_street(&tiny));
        assert_true(o->reserve[0] < 0);
        assert_near(o->staffing[0], .9 * pow(1 - .02 * 2.5, month), 1e-12);
    }
    tiny_set(&tiny.p, "organisations.quit_rate=1");
    social_workers(tiny_street(&tiny));
    assert_near(o->staffing[0], 0, 0);
    tiny_free(&tiny);
}

static void
neither_in_debt_nor_in_funds_they_quit_at_the_usual_rate(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "organisations.reserve=0 organisations.wage=0 organisations.other_income=0");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    social_workers(tiny_street(&tiny));
    assert_int_equal(o->reserve[0], 0);
    assert_near(o->staffing[0], .9 * (1 - .016), 1e-14);
    tiny_free(&tiny);
}

static void
books_balance_and_dependence_is_governments_share(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.residents=20000 organisations.professional=2 organisations.posts=5 organisations.overhead=.2 "
        "organisations.income_memory=6 organisations.other_income=500");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    double reserve = 5 * 5500.0 * 100 * 3, staffing = .9; /* 5 posts each, three months of wages */
    assert_near(o->posts[0], 5, 1e-12);
    assert_near((double) o->reserve[0], reserve, 1);
    assert_near(o->income_government[0] / o->income_all[0], .9, 1e-12);
    for (int month = 1; month <= 80; month++) {
        o->received[0] = 3000000;
        social_workers(tiny_street(&tiny));
        dependence(tiny_street(&tiny));
        double income = 3000000 + 5 * 500 * 100;
        reserve += .8 * income - 5 * staffing * 5500 * 100;
        assert_near((double) o->reserve[0], reserve, 2.0 * month);
        assert_int_equal(o->reserve[0], o->opening[0] + o->income[0] - o->outgo[0]);
        staffing = o->staffing[0];
    }
    assert_near(o->income_government[0] / o->income_all[0], 3000000.0 / 3250000, 1e-5);
    assert_near(o->posts[2] + o->staffing[2], 0, 0); /* recreational ones have no workers */
    tiny_free(&tiny);
}

static void
posts_are_shared_among_professional_organisations(void **state)
{
    static const double wanted[] = { 0, 1, 3, 4.5, 7.4 };
    static const uint32_t professional[] = { 0, 1, 3, 5, 7 };
    (void) state;
    for (int w = 0; w < 5; w++) {
        struct tiny tiny;
        char settings[128];
        snprintf(settings, sizeof(settings),
            "organisations.professional=%g organisations.recreational=2 city.residents=30000", wanted[w]);
        tiny_init(&tiny, settings);
        const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
        assert_int_equal(cogov_organisation_count(tiny_street(&tiny)), professional[w] + 2);
        for (uint32_t i = 0; i < professional[w] + 2; i++) {
            assert_int_equal(o->professional[i], i < professional[w]);
            assert_near(o->posts[i], i < professional[w] ? 6.0 / professional[w] : 0, 1e-12);
        }
        tiny_free(&tiny);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stress_varies_around_its_long_run_level),
        cmocka_unit_test(stress_returns_to_its_level_and_keeps_within_its_limits),
        cmocka_unit_test(the_years_money_comes_in_january_and_in_the_first_month),
        cmocka_unit_test(instalments_are_late_with_the_probability_of_stress),
        cmocka_unit_test(without_cash_an_instalment_is_late),
        cmocka_unit_test(arrears_are_repaid_at_their_rate),
        cmocka_unit_test(at_rate_zero_arrears_stay),
        cmocka_unit_test(arrears_are_repaid_only_with_cash),
        cmocka_unit_test(instalments_are_late_while_the_evaluation_is_pending),
        cmocka_unit_test(switched_off_payment_is_always_in_time),
        cmocka_unit_test(belief_steps_up_after_payment_and_down_after_delay),
        cmocka_unit_test(late_payment_never_raises_credibility),
        cmocka_unit_test(staff_settles_where_quitting_and_hiring_balance),
        cmocka_unit_test(in_debt_workers_quit_faster_and_nobody_is_hired),
        cmocka_unit_test(neither_in_debt_nor_in_funds_they_quit_at_the_usual_rate),
        cmocka_unit_test(books_balance_and_dependence_is_governments_share),
        cmocka_unit_test(posts_are_shared_among_professional_organisations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
