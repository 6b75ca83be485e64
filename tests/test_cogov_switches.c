/* test_cogov_switches.c - every rule can be switched off, the rest still runs, and off means what rules.def
 * says. Where a rule can be given an effect of zero, off is the same as that, to the last bit.
 */
#include "tiny.h"

enum { ROW_LIMIT = 128, MONTHS = 30 };

static const char *const rules[] = {
#define RULE(name, ...) #name,
#include "models/cogov/rules.def"
#undef RULE
};
enum { RULES = sizeof(rules) / sizeof(rules[0]) };

/* A busy city: every rule has something to do. */
static const char *const busy =
    "city.communities=2 city.residents=lognormal(500,.3) needs.rate=.15 linkage.level=.7 deliberation.level=.6 "
    "burden.cut=.5 empowerment.level=.2 payment.stress=.3 purchase.contract_length=6 tiers.street_tickets=60 "
    "party.coverage_target=.8 committee.administrative_items=96 committee.own_items=32 "
    "organisations.entry_slots=6 organisations.founders=1 organisations.registration_rate=.05 organisations.credit=2 "
    "organisations.exit_rate=.02 government.leader_turnover=.15 government.innovation_rate=.2 "
    "residents.mobility=.02 residents.stair_leader_share=.1 platform.coverage=.8 platform.rumour_rate=.5 "
    "platform.leak_rate=.5 purchase.resident_choice=.5 purchase.public_share=.2 payment.evaluation_months=1 "
    "firms.contract_length=12";

static void
start(struct tiny *tiny, const char *settings, const char *more)
{
    tiny_params(&tiny->p, busy);
    tiny_set(&tiny->p, settings);
    tiny_set(&tiny->p, more);
    assert_int_equal(
        sim_world_init(&tiny->world, &cogov_model, &tiny->p, (struct sim_key){ 8, 0 }, 1), SIM_OK);
}

/* What is recorded in MONTHS months. */
static void
record(const char *settings, const char *more, double rows[MONTHS][ROW_LIMIT])
{
    struct tiny tiny;
    start(&tiny, settings, more);
    memset(rows, 0, MONTHS * sizeof(rows[0]));
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        assert_true(tiny.world.row <= ROW_LIMIT);
        sim_world_observe(&tiny.world, rows[month]);
    }
    tiny_free(&tiny);
}

static const char *
switch_off(const char *rule, char text[64])
{
    snprintf(text, 64, "switches.%s=off", rule);
    return text;
}

static void
each_rule_can_be_left_out_and_matters(void **state)
{
    static double on[MONTHS][ROW_LIMIT], off[MONTHS][ROW_LIMIT];
    char text[64];
    (void) state;
    assert_int_equal(RULES, cogov_model.n_phases);
    record("", "", on);
    for (int r = 0; r < RULES; r++) {
        record(switch_off(rules[r], text), "", off);
        if (memcmp(on, off, sizeof(on)) == 0) {
            fail_msg("%s makes no difference", rules[r]);
        }
    }
}

static void
everything_off_stands_still(void **state)
{
    static double rows[MONTHS][ROW_LIMIT];
    struct tiny tiny;
    char one[64];
    (void) state;
    tiny_params(&tiny.p, busy);
    for (int r = 0; r < RULES; r++) {
        tiny_set(&tiny.p, switch_off(rules[r], one));
    }
    assert_int_equal(sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ 8, 0 }, 1), SIM_OK);
    memset(rows, 0, sizeof(rows));
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        sim_world_observe(&tiny.world, rows[month]);
        assert_memory_equal(rows[month], rows[0], sizeof(rows[0]));
    }
    tiny_free(&tiny);
}

/* Off is the same as these settings; common: of both. */
static const struct equivalent {
    const char *rule, *settings, *common;
} equivalents[] = {
    { "officials", "government.leader_turnover=0", "" },
    { "street_capacity", "government.hollowing=0", "" },
    { "registration", "organisations.founders=0 organisations.fade=0 organisations.registration_rate=0", "" },
    { "fiscal_stress", "payment.stress_noise=0", "" },
    { "party_coordination", "party.coordination_effect=0 party.coverage_growth=0",
        "party.base_coordination=.25" },
    { "platform_adoption", "platform.coverage=0", "" },
    { "project_choice", "purchase.resident_choice=0", "" },
    { "evaluation", "purchase.evaluation=0 purchase.public_evaluation=0", "" },
    { "committee_time", "burden.cut=0 committee.resident_weight=.5", "switches.authority=off" },
    { "authority", "empowerment.level=1", "switches.officials=off" },
    { "channels",
        "deliberation.attend_base=1 deliberation.volunteer_base=1 deliberation.level=1 deliberation.seats=1",
        "committee.administrative_items=0 burden.cut=0 switches.officials=off" },
    { "needs_arise", "needs.rate=0", "" },
    { "linkage", "linkage.level=0", "" },
    { "tickets_escalate", "tiers.grid_wait=60 tiers.community_wait=60", "" },
    { "street_desk", "tiers.street_tickets=10000", "" },
    { "tickets_resolve", "tiers.grid_success=0 tiers.community_success=0 tiers.street_success=0",
        "switches.tickets_escalate=off platform.integration=0" },
    { "rumour", "platform.rumour_rate=0", "" },
    { "privacy", "platform.leak_rate=0", "" },
    { "neighbours", "residents.degree=0", "" },
    { "satisfaction", "attitudes.satisfaction_rate=0 attitudes.expectation_rate=0", "" },
    { "trust",
        "attitudes.trust_gain=0 attitudes.trust_loss=0 attitudes.trust_deep=0 attitudes.trust_neighbours=0",
        "" },
    { "identity", "attitudes.identity_rate=0", "" },
    { "efficacy", "attitudes.efficacy_rate=0 attitudes.efficacy_solved=0 attitudes.efficacy_ignored=0", "" },
    { "cognition",
        "attitudes.cognition_shallow=0 attitudes.cognition_deep=0 attitudes.cognition_fade=0 "
        "platform.cognition=0",
        "" },
    { "mobility", "residents.mobility=0", "" },
    { "payment", "payment.stress=0 payment.stress_noise=0 payment.evaluation_months=0", "" },
    { "credibility", "payment.credibility_gain=0 payment.credibility_loss=0", "" },
    { "social_workers", "organisations.quit_rate=0 organisations.rehire=0",
        "organisations.dependence_effect=0 switches.organisations_exit=off" },
    { "sponsorship", "firms.sponsor_amount=0", "" },
    { "property_contracts", "firms.revision=0", "" },
    { "innovation", "government.innovation_rate=0", "" },
    { "organisations_exit", "organisations.exit_rate=0 organisations.credit=1200", "" },
    { "legitimacy", "government.legitimacy_rate=0", "" },
    { "ambient_quality", "needs.quality_rate=0", "" },
};
enum { EQUIVALENTS = sizeof(equivalents) / sizeof(equivalents[0]) };

static void
off_is_the_same_as_an_effect_of_zero(void **state)
{
    static double off[MONTHS][ROW_LIMIT], zero[MONTHS][ROW_LIMIT];
    char text[64];
    (void) state;
    for (int e = 0; e < EQUIVALENTS; e++) {
        const struct equivalent *equivalent = &equivalents[e];
        record(switch_off(equivalent->rule, text), equivalent->common, off);
        record(equivalent->settings, equivalent->common, zero);
        if (memcmp(off, zero, sizeof(off)) != 0) {
            fail_msg("%s off is not the same as %s", equivalent->rule, equivalent->settings);
        }
    }
}

/* --- rules whose effect no parameter can take away --- */

static void
without_the_budget_rule_there_is_no_money_and_no_contract(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, "switches.purchase_budget=off", "");
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        const struct cogov_government *government = cogov_government_of(tiny_street(&tiny));
        assert_int_equal(government->appropriated[0] + government->paid[0] + government->accrued[0], 0);
        assert_int_equal(cogov_contract_of(tiny_community(&tiny, 0))->provider[LOT_SPECIAL], -1);
    }
    tiny_free(&tiny);
}

static void
without_the_tender_there_are_no_contracts(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, "switches.tender=off", "");
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        for (int lot = 0; lot < LOTS; lot++) {
            assert_int_equal(cogov_contract_of(tiny_community(&tiny, 0))->provider[lot], -1);
        }
        assert_int_equal(cogov_government_of(tiny_street(&tiny))->accrued[0], 0);
    }
    tiny_free(&tiny);
}

static void
without_service_quality_services_stay_as_at_the_start(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, "switches.service_quality=off initial.quality=.37", "");
    tiny_step(&tiny, MONTHS);
    for (int need = 0; need < NEEDS; need++) {
        assert_near(cogov_community_of(tiny_community(&tiny, 0))->quality[0].of[need], .37, 0);
    }
    tiny_free(&tiny);
}

static void
without_participation_depths_stay(void **state)
{
    static uint8_t depth[8000];
    struct tiny tiny;
    (void) state;
    start(&tiny, "switches.participation=off residents.mobility=0", "");
    const struct sim_view *view = tiny_community(&tiny, 0);
    memcpy(depth, cogov_resident_of(view)->depth, cogov_resident_count(view));
    tiny_step(&tiny, MONTHS);
    assert_memory_equal(depth, cogov_resident_of(view)->depth, cogov_resident_count(view));
    tiny_free(&tiny);
}

static void
without_dependence_organisations_answer_in_full(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, "switches.dependence=off", "");
    for (int month = 0; month < MONTHS; month++) {
        tiny_step(&tiny, 1);
        const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
        for (uint32_t i = 0; i < cogov_organisation_count(tiny_street(&tiny)); i++) {
            if (cogov_is_professional(o, i)) {
                assert_near(o->responsiveness[i], 1, 0);
            }
        }
    }
    tiny_free(&tiny);
}

static void
the_tests_here_speak_of_every_rule(void **state)
{
    static const char *const others[] = { "purchase_budget", "tender", "service_quality", "participation",
        "dependence" };
    (void) state;
    for (int r = 0; r < RULES; r++) {
        int found = 0;
        for (int e = 0; e < EQUIVALENTS; e++) {
            found += strcmp(equivalents[e].rule, rules[r]) == 0;
        }
        for (size_t o = 0; o < sizeof(others) / sizeof(others[0]); o++) {
            found += strcmp(others[o], rules[r]) == 0;
        }
        if (found != 1) {
            fail_msg("%s is tested %d times", rules[r], found);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_can_be_left_out_and_matters),
        cmocka_unit_test(everything_off_stands_still),
        cmocka_unit_test(off_is_the_same_as_an_effect_of_zero),
        cmocka_unit_test(without_the_budget_rule_there_is_no_money_and_no_contract),
        cmocka_unit_test(without_the_tender_there_are_no_contracts),
        cmocka_unit_test(without_service_quality_services_stay_as_at_the_start),
        cmocka_unit_test(without_participation_depths_stay),
        cmocka_unit_test(without_dependence_organisations_answer_in_full),
        cmocka_unit_test(the_tests_here_speak_of_every_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
