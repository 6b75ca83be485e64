/* test_cogov_officials.c - leaders change, policies lapse, and a lapsed policy has less of its level. Equation
 * (17). */
#include "tiny.h"

static const struct sim_view *
street(const struct tiny *tiny, uint32_t s)
{
    return sim_world_view(&tiny->world)->below[s];
}

static double *
force(const struct sim_view *view)
{
    return cogov_government_of(view)->force[0].of;
}

/* Streets without anybody to speak of: only their governments matter here. */
static void
many_streets(struct tiny *tiny, uint32_t streets, const char *settings)
{
    char size[64];
    snprintf(size, sizeof(size), "city.streets=%u", streets);
    tiny_params(&tiny->p, size);
    tiny_set(&tiny->p,
        "residents.degree=0 organisations.professional=0 organisations.recreational=0 firms.service_companies=0");
    tiny_set(&tiny->p, settings);
    assert_int_equal(
        sim_world_init(&tiny->world, &cogov_model, &tiny->p, (struct sim_key){ 1, 0 }, 1), SIM_OK);
}

static void
survival_is_that_of_the_hazard(void **state)
{
    enum { N = 1000, MONTHS = 96 };
    static const double iotas[] = { .1, .6, 1 };
    (void) state;
    for (int k = 0; k < 3; k++) {
        struct tiny tiny;
        double leaders = 0;
        many_streets(&tiny, N,
            "government.institutionalisation_rate=0 government.leader_turnover=.05 government.readoption=.3");
        for (uint32_t s = 0; s < N; s++) {
            for (int policy = 0; policy < POLICIES; policy++) {
                cogov_government_of(street(&tiny, s))->institutionalised[0].of[policy] = iotas[k];
            }
        }
        for (uint32_t month = 1; month <= MONTHS; month++) {
            double in_force[POLICIES] = { 0 };
            for (uint32_t s = 0; s < N; s++) {
                tiny_run(street(&tiny, s), officials, STREAM_OFFICIALS, month);
                leaders += cogov_government_of(street(&tiny, s))->leader_left[0];
                for (int policy = 0; policy < POLICIES; policy++) {
                    in_force[policy] += force(street(&tiny, s))[policy] >= 1;
                }
            }
            for (int policy = 0; policy < POLICIES && month % 24 == 0; policy++) {
                assert_likely(in_force[policy], N, pow(1 - .05 * (1 - iotas[k]) * .7, month));
            }
        }
        assert_likely(leaders, (double) N * MONTHS, .05);
        tiny_free(&tiny);
    }
}

static void
policies_lapse_each_for_itself_and_for_good(void **state)
{
    enum { N = 400 };
    struct tiny tiny;
    uint32_t mixed = 0;
    (void) state;
    many_streets(
        &tiny, N, "government.leader_turnover=.1 government.readoption=.5 government.policy_remainder=.4");
    for (uint32_t month = 1; month <= 40; month++) {
        for (uint32_t s = 0; s < N; s++) {
            double before[POLICIES], lapsed = 0;
            memcpy(before, force(street(&tiny, s)), sizeof(before));
            tiny_run(street(&tiny, s), officials, STREAM_OFFICIALS, month);
            for (int policy = 0; policy < POLICIES; policy++) {
                double now = force(street(&tiny, s))[policy];
                int fell = now < before[policy];
                assert_true(!(now > before[policy]));
                assert_true(fell == 0 || cogov_government_of(street(&tiny, s))->leader_left[0]);
                assert_near(now, fell || before[policy] < 1 ? .4 : 1, 0);
                lapsed += now < 1;
            }
            mixed += lapsed > 0 && lapsed < POLICIES;
        }
    }
    assert_true(mixed > N);
    tiny_free(&tiny);
}

static void
law_and_deliberation_institutionalise(void **state)
{
    struct tiny tiny;
    double expected = .2;
    (void) state;
    tiny_init(&tiny,
        "city.communities=2 government.institutionalisation=.2 government.institutionalisation_rate=.03 "
        "government.in_law=.5 government.law_support=3 government.public_support=2 government.leader_turnover=0");
    tiny_set(&tiny.p, "needs.deliberation_reference=.05");
    cogov_community_of(tiny_community(&tiny, 0))->deliberators[0] = .02; /* .4 of the reference */
    cogov_community_of(tiny_community(&tiny, 1))->deliberators[0] = .5;  /* counts once */
    for (uint32_t month = 1; month <= 30; month++) {
        tiny_run(tiny_street(&tiny), officials, STREAM_OFFICIALS, month);
        expected += .03 * (1 + 3 * .5 + 2 * .7) * (1 - expected);
        for (int policy = 0; policy < POLICIES; policy++) {
            assert_near(
                cogov_government_of(tiny_street(&tiny))->institutionalised[0].of[policy], expected, 1e-13);
        }
    }
    tiny_free(&tiny);
}

/* What a level does while a remainder of it is in force is what that part of the level does. */
static void
a_lapsed_policy_is_a_part_of_its_level(void **state)
{
    static const double parts[POLICIES] = { .25, .5, .75, .4, .6 };
    struct tiny lapsed, lower;
    (void) state;
    tiny_init(&lapsed,
        "deliberation.level=.8 linkage.level=1 purchase.budget=40 platform.coverage=.6 empowerment.level=.5 "
        "burden.cut=.5");
    tiny_init(&lower,
        "deliberation.level=.2 linkage.level=.5 purchase.budget=30 platform.coverage=.24 empowerment.level=.3 "
        "burden.cut=.5");
    for (int policy = 0; policy < POLICIES; policy++) {
        force(tiny_street(&lapsed))[policy] = parts[policy];
    }
    const struct sim_view *one = tiny_community(&lapsed, 0), *two = tiny_community(&lower, 0);
    sim_rule *const rules[] = { committee_time, authority, channels };
    for (int r = 0; r < 3; r++) {
        rules[r](one);
        rules[r](two);
    }
    tiny_run(tiny_street(&lapsed), purchase_budget, STREAM_NONE, 1);
    tiny_run(tiny_street(&lower), purchase_budget, STREAM_NONE, 1);
    for (int depth = 0; depth < DEPTHS; depth++) {
        assert_near(cogov_committee_of(one)->available[0].of[depth],
            cogov_committee_of(two)->available[0].of[depth], 1e-14);
    }
    assert_near(cogov_committee_of(one)->authority[0], cogov_committee_of(two)->authority[0], 1e-14);
    assert_near(cogov_linked(one), .5, 1e-15);
    assert_near(cogov_coverage(one), .24, 1e-15);
    assert_near(cogov_coverage(two), .24, 1e-15);
    assert_int_equal(cogov_government_of(tiny_street(&lapsed))->cash[0],
        cogov_government_of(tiny_street(&lower))->cash[0]);
    tiny_free(&lapsed);
    tiny_free(&lower);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survival_is_that_of_the_hazard),
        cmocka_unit_test(policies_lapse_each_for_itself_and_for_good),
        cmocka_unit_test(law_and_deliberation_institutionalise),
        cmocka_unit_test(a_lapsed_policy_is_a_part_of_its_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
