/* test_cogov_evaluation.c - what is verified, what that does to bids, deliveries and payment. Equations
 * (10)(11). */
#include "tiny.h"

static void
a_third_party_and_residents_verify(void **state)
{
    struct tiny tiny;
    uint64_t random = 51;
    (void) state;
    tiny_init(&tiny, "");
    const struct cogov_community *community = cogov_community_of(tiny_community(&tiny, 0));
    struct cogov_params *p = &tiny.p;
    for (int trial = 0; trial < 200; trial++) {
        p->purchase_evaluation = tiny_random(&random);
        p->purchase_public_evaluation = trial % 4 == 0 ? 0 : tiny_random(&random);
        p->needs_deliberation_reference = .0001 + .1 * tiny_random(&random);
        community->deliberators[0] = .1 * tiny_random(&random);
        double seen = fmin(1, community->deliberators[0] / p->needs_deliberation_reference);
        evaluation(tiny_community(&tiny, 0));
        assert_near(community->verified[0],
            p->purchase_evaluation + p->purchase_public_evaluation * (seen - p->purchase_evaluation), 1e-14);
    }
    tiny_free(&tiny);
}

static void
without_the_rule_nothing_is_verified(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "switches.evaluation=off purchase.evaluation=1 purchase.shading=.3 city.residents=2000");
    tiny_step(&tiny, 15);
    const struct cogov_contract *contract = cogov_contract_of(tiny_community(&tiny, 0));
    assert_near(cogov_community_of(tiny_community(&tiny, 0))->verified[0], 0, 0);
    contract->provider[LOT_PERSONAL] = (int32_t) cogov_organisation_count(tiny_street(&tiny));
    linkage(tiny_community(&tiny, 0));
    assert_near(contract->delivered[LOT_PERSONAL], .7 * cogov_firm_of(tiny_street(&tiny))->quality[0], 1e-14);
    tiny_free(&tiny);
}

/* Share of 600 tenders in which the best of four is chosen by quality alone. */
static double
best_chosen(const char *settings)
{
    enum { TENDERS = 600 };
    struct tiny tiny;
    int best = 0;
    tiny_init(&tiny, TINY_BARE "organisations.professional=4 purchase.quality_weight=1");
    tiny_set(
        &tiny.p, "purchase.contract_length=1 purchase.assessment_error=.3 needs.deliberation_reference=.03");
    tiny_set(&tiny.p, settings);
    cogov_community_of(tiny_community(&tiny, 0))->deliberators[0] = .03;
    for (int j = 0; j < 4; j++) {
        cogov_organisation_of(tiny_street(&tiny))->capability[j] = .3 + .1 * j;
    }
    for (uint32_t month = 3; month < 3 + TENDERS; month++) {
        tiny_first_tender(&tiny, month);
        best += cogov_contract_of(tiny_community(&tiny, 0))->provider[LOT_SPECIAL] == 3;
    }
    tiny_free(&tiny);
    return (double) best / TENDERS;
}

static void
bids_are_seen_as_clearly_as_deliveries(void **state)
{
    (void) state;
    double none = best_chosen("purchase.evaluation=0"), half = best_chosen("purchase.evaluation=.6");
    assert_true(none < half - .08);
    assert_true(half < 1);
    assert_near(best_chosen("purchase.evaluation=1"), 1, 0);
    assert_near(
        best_chosen("purchase.evaluation=0 purchase.public_evaluation=1"), 1, 0); /* residents do it */
}

static void
a_pending_evaluation_delays_payment_in_a_whole_run(void **state)
{
    (void) state;
    for (int64_t pending = 0; pending <= 2; pending++) {
        struct tiny tiny;
        double late = 0, due = 0;
        tiny_init(&tiny, "payment.stress=0 payment.stress_noise=0 payment.repayment=1 city.residents=2000");
        tiny.p.payment_evaluation_months = pending;
        tiny_step(&tiny, 2);
        for (uint32_t month = 0; month < 48; month++) { /* four contract years */
            tiny_step(&tiny, 1);
            for (int lot = 0; lot < LOTS; lot++) {
                int8_t was = cogov_contract_of(tiny_community(&tiny, 0))->late[lot];
                late += was == 1;
                due += was >= 0;
            }
        }
        assert_true(due >= 48);
        assert_near(late / due, (double) pending / 12, 1e-12);
        tiny_free(&tiny);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_third_party_and_residents_verify),
        cmocka_unit_test(without_the_rule_nothing_is_verified),
        cmocka_unit_test(bids_are_seen_as_clearly_as_deliveries),
        cmocka_unit_test(a_pending_evaluation_delays_payment_in_a_whole_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
