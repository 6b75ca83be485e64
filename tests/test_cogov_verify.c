/* test_cogov_verify.c - the model finds every kind of damage to its state, and parameters that do not go
 * together. */
#include "tiny.h"

enum { TICK = 14 };

/* A city in its second year, with tickets, contracts and money of all kinds. */
static void
start(struct tiny *tiny)
{
    tiny_init(tiny,
        "city.streets=2 city.communities=3 city.residents=300 payment.stress=.5 switches.organisations_exit=off");
    tiny_step(tiny, TICK);
}

static const struct sim_view *
damaged(const struct tiny *tiny)
{
    return sim_world_view(&tiny->world)->below[1]->below[2];
}

static void
assert_broken(const struct tiny *tiny, const char *expected)
{
    char why[256] = "nothing";
    assert_int_equal(sim_world_verify(&tiny->world, why, sizeof(why)), SIM_ERR_STATE);
    if (strstr(why, expected) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", why, expected);
    }
}

static void
every_value_out_of_its_range_is_found(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny);
    const struct sim_view *view = damaged(&tiny);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    float *const attitudes[] = { r->trust, r->satisfaction, r->expectation, r->identity, r->efficacy,
        r->cognition, r->active_neighbours, r->threshold };
    double *const shares[] = { committee->authority, committee->effectiveness, committee->legitimacy,
        community->ambient, community->platform, cogov_party_of(view)->coordination,
        cogov_party_of(view)->coverage, community->special_part, community->verified,
        &community->quality[0].of[NEED_PERSONAL], &community->resolution[0].of[NEED_SPECIAL],
        &committee->available[0].of[DEPTH_DECIDE] };
    const double bad[] = { -1e-6, 1 + 1e-6, (double) NAN };
    for (int b = 0; b < 3; b++) {
        for (size_t a = 0; a < sizeof(attitudes) / sizeof(attitudes[0]); a++) {
            float kept = attitudes[a][7];
            attitudes[a][7] = (float) bad[b];
            assert_broken(&tiny, "tick 14, street 1, community 2: resident 7 has an attitude outside [0, 1]");
            attitudes[a][7] = kept;
        }
        for (size_t s = 0; s < sizeof(shares) / sizeof(shares[0]); s++) {
            double kept = *shares[s];
            *shares[s] = bad[b];
            assert_broken(&tiny, "a value of the community lies outside [0, 1]");
            *shares[s] = kept;
        }
    }
    committee->service[0] += 1e-9;
    assert_broken(&tiny, "the committee's time adds up to");
    tiny_free(&tiny);
}

static void
every_code_out_of_range_is_found(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny);
    const struct cogov_resident *r = cogov_resident_of(damaged(&tiny));
    uint8_t *const codes[] = { r->depth, r->need, r->solved, r->tier, r->age, r->age };
    static const uint8_t bad[] = { DEPTHS, NEEDS + 1, NEEDS + 1, TIERS, 17, 91 };
    for (int c = 0; c < 6; c++) {
        uint8_t kept = codes[c][5];
        codes[c][5] = bad[c];
        assert_broken(&tiny, "resident 5 has a code out of range");
        codes[c][5] = kept;
    }
    r->need[5] = r->solved[5] = 1;
    assert_broken(&tiny, "resident 5 has a ticket both open and resolved");
    tiny_free(&tiny);
}

static void
lost_tickets_and_residents_are_found(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny);
    const struct sim_view *view = damaged(&tiny);
    const struct cogov_community *community = cogov_community_of(view);
    int64_t *const counts[] = { community->waiting, community->opened_ever, community->closed_ever,
        community->withdrawn_ever };
    for (int c = 0; c < 4; c++) {
        ++*counts[c];
        assert_broken(&tiny, "tickets are not conserved");
        --*counts[c];
    }
    const struct cogov_resident *r = cogov_resident_of(view);
    r->depth[3] = (uint8_t) (r->depth[3] == 0);
    assert_broken(&tiny, "the census is not what residents do");
    r->depth[3] = (uint8_t) (r->depth[3] == 0);
    r->traits[3] ^= TRAIT_ONLINE;
    assert_broken(&tiny, "residents are online, not the share");
    r->traits[3] ^= TRAIT_ONLINE;
    int64_t *const incidents[] = { community->rumours, community->leaks };
    for (int c = 0; c < 2; c++) {
        int64_t kept = *incidents[c];
        *incidents[c] = -1;
        assert_broken(&tiny, "incidents are counted below 0");
        *incidents[c] = kept;
    }
    tiny_free(&tiny);
}

static void
lost_money_is_found(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny);
    const struct sim_view *street = sim_world_view(&tiny.world)->below[1];
    const struct cogov_government *government = cogov_government_of(street);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    const struct cogov_firm *firm = cogov_firm_of(street);
    int64_t *const fen[] = { government->cash, government->appropriated, government->accrued,
        government->paid, o->receivable, o->received_ever, firm->receivable, firm->received_ever };
    for (int m = 0; m < 8; m++) {
        ++*fen[m];
        assert_broken(&tiny, "tick 14, street 1, community 0: money is not conserved");
        --*fen[m];
    }
    int64_t *const books[] = { o->reserve, o->opening, o->income, o->outgo };
    for (int b = 0; b < 4; b++) {
        ++*books[b];
        assert_broken(&tiny, "the books of organisation 0 do not balance");
        --*books[b];
    }
    double *const shares[] = { o->credibility, o->staffing, firm->credibility };
    for (int s = 0; s < 3; s++) {
        double kept = *shares[s];
        *shares[s] = 1.5;
        assert_broken(&tiny, "has a value out of range");
        *shares[s] = kept;
    }
    o->receivable[0] -= 2000000000;
    assert_broken(&tiny, "provider 0 has a value out of range");
    tiny_free(&tiny);
}

static void
lost_sponsorship_is_found(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny);
    const struct sim_view *street = sim_world_view(&tiny.world)->below[1];
    const struct cogov_organisation *o = cogov_organisation_of(street);
    const struct cogov_firm *firm = cogov_firm_of(street);
    int64_t *const fen[] = { o->sponsored, firm->sponsoring, firm->sponsoring };
    static const char *const texts[] = { "organisation 0 is sponsored with less than nothing",
        "firm 0 has a value out of range", "firms gave" };
    static const int64_t damage[] = { -1000000, -1000000, 1 };
    for (int d = 0; d < 3; d++) {
        *fen[d] += damage[d];
        assert_broken(&tiny, texts[d]);
        *fen[d] -= damage[d];
    }
    firm->quality[1] = 1.01;
    assert_broken(&tiny, "firm 1 has a value out of range");
    tiny_free(&tiny);
}

static void
impossible_organisations_and_governments_are_found(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny);
    const struct sim_view *street = sim_world_view(&tiny.world)->below[1];
    const struct cogov_government *government = cogov_government_of(street);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    double *const shares[] = { o->responsiveness, o->quitting, o->posts };
    for (int s = 0; s < 3; s++) {
        double kept = *shares[s];
        *shares[s] = -.1;
        assert_broken(&tiny, "organisation 0 has a value out of range");
        *shares[s] = kept;
    }
    o->contracts[1] += 1;
    assert_broken(&tiny, "organisation 1 holds");
    o->contracts[1] -= 1;
    o->active[0] = 0;
    assert_broken(&tiny, "organisation 0 works though it is not there to work");
    o->active[0] = 1;
    double *const values[] = { government->capacity, government->grassroots, government->entered,
        government->exited, &government->force[0].of[POLICY_PLATFORM],
        &government->institutionalised[0].of[POLICY_LINKAGE] };
    for (int v = 0; v < 6; v++) {
        double kept = *values[v];
        *values[v] = -.1;
        assert_broken(&tiny, "a value of the government is out of range");
        *values[v] = kept;
    }
    government->leader_left[0] = 2;
    assert_broken(&tiny, "a value of the government is out of range");
    government->leader_left[0] = 0;
    government->innovations[0].of[INNOVATIONS - 1] = -1;
    assert_broken(&tiny, "a value of the government is out of range");
    tiny_free(&tiny);
}

static void
parameters_that_do_not_go_together_are_named(void **state)
{
    static const struct {
        const char *settings, *key, *text;
    } cases[] = {
        { "needs.public_share=.46", "needs.public_share", "must add up to 1, not 1.01" },
        { "needs.major_share=.06", "needs.minor_share", "must add up to 1, not 1.01" },
        { "linkage.volunteer_share=.1", "linkage.organisation_share", "must add up to 1, not 0.9" },
        { "residents.degree=7", "residents.degree", "residents.degree must be even, not 7" },
    };
    struct sim_complaint complaints[4];
    struct cogov_params p;
    (void) state;
    tiny_params(&p, "");
    assert_int_equal(cogov_model.check(&p, complaints, 4), 0);
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        tiny_params(&p, cases[c].settings);
        assert_int_equal(cogov_model.check(&p, complaints, 4), 1);
        assert_string_equal(complaints[0].key, cases[c].key);
        assert_non_null(strstr(complaints[0].text, cases[c].text));
    }
    tiny_params(
        &p, "needs.public_share=.46 needs.major_share=.06 linkage.volunteer_share=.1 residents.degree=7");
    assert_int_equal(cogov_model.check(&p, complaints, 4), 4);
    complaints[1].key = "untouched";
    assert_int_equal(cogov_model.check(&p, complaints, 1), 4);
    assert_string_equal(complaints[1].key, "untouched");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_out_of_its_range_is_found),
        cmocka_unit_test(every_code_out_of_range_is_found),
        cmocka_unit_test(lost_tickets_and_residents_are_found),
        cmocka_unit_test(lost_money_is_found),
        cmocka_unit_test(lost_sponsorship_is_found),
        cmocka_unit_test(impossible_organisations_and_governments_are_found),
        cmocka_unit_test(parameters_that_do_not_go_together_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
