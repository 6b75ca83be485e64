/* test_cogov_platform.c - who is online: penetration by age and work, joining and leaving, calibration; and what
 * the platform does to tickets. Equations (5)(6)(19). */
#include "tiny.h"

enum { N = 40000, DECADES = 9 }; /* of age: 18, 20, ..., 90 */

static double
penetration(const struct cogov_params *p, int age, int work)
{
    double logit = p->platform_penetration_constant
        + p->platform_penetration_age * (age - p->platform_penetration_reference) / 10
        + (work ? p->platform_penetration_work : 0);
    return 1 / (1 + exp(-logit));
}

static int
works(const struct sim_view *view, uint32_t i)
{
    return (cogov_resident_of(view)->traits[i] & TRAIT_WORK) != 0;
}

static int
is_online(const struct sim_view *view, uint32_t i)
{
    return (cogov_resident_of(view)->traits[i] & TRAIT_ONLINE) != 0;
}

static void
penetration_is_logistic_in_age_and_work(void **state)
{
    struct tiny tiny;
    float share[2][COGOV_AGES];
    (void) state;
    tiny_init(&tiny,
        "platform.penetration_constant=.4 platform.penetration_age=-1.1 platform.penetration_work=.7 "
        "platform.penetration_reference=40");
    cogov_penetration(tiny_community(&tiny, 0), share);
    for (int work = 0; work < 2; work++) {
        for (int age = 0; age < COGOV_AGES; age++) {
            assert_near((double) share[work][age], penetration(&tiny.p, age, work), 1e-6);
        }
    }
    assert_near(penetration(&tiny.p, 40, 0), 1 / (1 + exp(-.4)), 1e-15);
    tiny_free(&tiny);
}

/* Of each decade of age and each kind of work, the share online is penetration times coverage. */
static void
assert_stationary(const struct sim_view *view, double coverage)
{
    double online[2][DECADES] = { { 0 } }, expected[2][DECADES] = { { 0 } }, count[2][DECADES] = { { 0 } };
    for (uint32_t i = 0; i < N; i++) {
        uint8_t age = cogov_resident_of(view)->age[i];
        int work = works(view, i), decade = age / 10 - 1;
        online[work][decade] += is_online(view, i);
        expected[work][decade] += coverage * penetration(cogov_params(view), age, work);
        count[work][decade] += 1;
    }
    for (int work = 0; work < 2; work++) {
        for (int decade = 0; decade < DECADES; decade++) {
            if (count[work][decade] > 0) {
                assert_likely(
                    online[work][decade], count[work][decade], expected[work][decade] / count[work][decade]);
            }
        }
    }
}

static void
the_start_is_stationary_and_stays_so(void **state)
{
    static const double coverages[] = { .15, .6, 1 };
    (void) state;
    for (int c = 0; c < 3; c++) {
        struct tiny tiny;
        char settings[128];
        snprintf(settings, sizeof(settings), "city.residents=40000 platform.coverage=%g", coverages[c]);
        tiny_init(&tiny, settings);
        const struct sim_view *view = tiny_community(&tiny, 0);
        assert_stationary(view, coverages[c]);
        for (uint32_t month = 1; month <= 40; month++) {
            tiny_run(view, platform_adoption, STREAM_PLATFORM, month);
        }
        assert_stationary(view, coverages[c]);
        tiny_free(&tiny);
    }
}

static void
from_nobody_and_from_everybody_it_goes_to_the_same(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=40000 platform.coverage=.7 platform.adoption_rate=.2");
    const struct sim_view *view = tiny_community(&tiny, 0);
    for (int everybody = 0; everybody < 2; everybody++) {
        double share = 0;
        for (uint32_t i = 0; i < N; i++) {
            uint8_t *traits = &cogov_resident_of(view)->traits[i];
            *traits = (uint8_t) (everybody ? *traits | TRAIT_ONLINE : *traits & ~TRAIT_ONLINE);
            share += .7 * penetration(&tiny.p, cogov_resident_of(view)->age[i], works(view, i)) / N;
        }
        for (uint32_t month = 1; month <= 60; month++) {
            double rest = pow(1 - .2, month), expected = share + (everybody - share) * rest;
            tiny_run(view, platform_adoption, STREAM_PLATFORM, month);
            assert_near(cogov_community_of(view)->online[0], expected, 4.5 * .5 / sqrt(N));
        }
        assert_stationary(view, .7);
    }
    tiny_free(&tiny);
}

static void
joining_and_leaving_change_nothing_else(void **state)
{
    static uint8_t traits[N];
    struct tiny tiny;
    int joined = 0, left = 0;
    (void) state;
    tiny_init(&tiny, "city.residents=40000 platform.coverage=.5");
    const struct sim_view *view = tiny_community(&tiny, 0);
    memcpy(traits, cogov_resident_of(view)->traits, N);
    tiny_run(view, platform_adoption, STREAM_PLATFORM, 1);
    for (uint32_t i = 0; i < N; i++) {
        uint8_t now = cogov_resident_of(view)->traits[i];
        assert_int_equal(now & ~TRAIT_ONLINE, traits[i] & ~TRAIT_ONLINE);
        joined += now > traits[i];
        left += now < traits[i];
    }
    assert_true(joined > 500 && left > 500);
    tiny_free(&tiny);
}

/* Under the same luck, whoever is online at some coverage is online at a higher one. */
static void
more_coverage_takes_nobody_offline(void **state)
{
    struct tiny low, high;
    (void) state;
    tiny_init(&low, "city.residents=3000 platform.coverage=.3");
    tiny_init(&high, "city.residents=3000 platform.coverage=.5");
    for (uint32_t month = 1; month <= 30; month++) {
        tiny_run(tiny_community(&low, 0), platform_adoption, STREAM_PLATFORM, month);
        tiny_run(tiny_community(&high, 0), platform_adoption, STREAM_PLATFORM, month);
        for (uint32_t i = 0; i < 3000; i++) {
            assert_true(is_online(tiny_community(&low, 0), i) <= is_online(tiny_community(&high, 0), i));
        }
    }
    tiny_free(&low);
    tiny_free(&high);
}

/* 55.8 % of the base's adults at full coverage: CNNIC, end of 2017, in Wang2018. */
static void
the_base_has_the_penetration_of_2017(void **state)
{
    struct tiny tiny;
    double online = 0, all = 0;
    (void) state;
    tiny_params(&tiny.p, "city.streets=20 city.communities=20 city.residents=500 platform.coverage=1");
    assert_int_equal(sim_world_init(&tiny.world, &cogov_model, &tiny.p, (struct sim_key){ 3, 0 }, 1), SIM_OK);
    tiny_step(&tiny, 1);
    for (uint32_t s = 0; s < 20; s++) {
        for (uint32_t c = 0; c < 20; c++) {
            const struct sim_view *view = sim_world_view(&tiny.world)->below[s]->below[c];
            online += cogov_community_of(view)->online[0] * cogov_resident_count(view);
            all += cogov_resident_count(view);
        }
    }
    assert_near(online / all, .558, .01);
    tiny_free(&tiny);
}

static void
off_is_coverage_zero_also_when_switched_off_later(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=3000 platform.coverage=.9 switches.platform_adoption=off");
    const struct sim_view *view = tiny_community(&tiny, 0);
    tiny_run(view, platform_adoption, STREAM_PLATFORM, 1);
    assert_near(cogov_community_of(view)->online[0], 0, 0);
    assert_near(cogov_community_of(view)->platform[0], 0, 0);
    tiny_set(&tiny.p, "switches.platform_adoption=on");
    for (uint32_t month = 2; month < 20; month++) {
        tiny_run(view, platform_adoption, STREAM_PLATFORM, month);
    }
    assert_true(cogov_community_of(view)->online[0] > .3);
    tiny_set(&tiny.p, "switches.platform_adoption=off platform.adoption_rate=1");
    tiny_run(view, platform_adoption, STREAM_PLATFORM, 20);
    assert_near(cogov_community_of(view)->online[0], 0, 0);
    assert_near(cogov_community_of(view)->platform[0], 0, 0);
    tiny_free(&tiny);
}

/* --- tickets --- */

static void
an_effective_platform_routes_and_resolves_better(void **state)
{
    static const double eta[TIERS] = { .6, .5, .4 }, effects[] = { 0, .4, 1 };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.residents=40000 needs.rate=1 tiers.misrouting=.6 tiers.grid_tickets=10000 tiers.staff_tickets=10000 "
        "tiers.station_tickets=10000 tiers.street_tickets=10000 tiers.grid_success=.6 tiers.community_success=.5 "
        "tiers.street_success=.4 platform.routing_effect=.7");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    cogov_party_of(view)->coordination[0] = .25;
    for (int e = 0; e < 3; e++) {
        double x = effects[e], wrong = .6 * (1 - .25) * (1 - .7 * x);
        community->platform[0] = x;
        for (uint8_t tier = 0; tier < TIERS; tier++) {
            memset(r->need, 1 + NEED_PUBLIC, N);
            memset(r->tier, tier, N);
            memset(r->waited, 0, N);
            community->waiting[0] = N;
            tiny_run(view, tickets_escalate, STREAM_NONE, 1);
            tiny_run(tiny_street(&tiny), street_desk, STREAM_NONE, 1);
            tiny_run(view, tickets_resolve, STREAM_RESOLVE, 1 + tier);
            assert_likely(
                (double) community->closed[0].of[tier], N, (1 - wrong) * (eta[tier] + (1 - eta[tier]) * x));
        }
    }
    tiny_free(&tiny);
}

/* P20: the same tickets are resolved whatever the coverage, if nothing is integrated. */
static void
an_idle_platform_resolves_nothing_and_still_brings_people_together(void **state)
{
    struct tiny none, idle;
    (void) state;
    tiny_init(&none, "city.residents=2000 platform.coverage=0 switches.participation=off");
    tiny_init(&idle,
        "city.residents=2000 platform.coverage=1 platform.integration=0 switches.participation=off "
        "switches.rumour=off switches.privacy=off");
    double identity[2] = { 0 };
    for (int month = 1; month <= 24; month++) {
        tiny_step(&none, 1);
        tiny_step(&idle, 1);
        assert_memory_equal(cogov_community_of(tiny_community(&none, 0))->closed,
            cogov_community_of(tiny_community(&idle, 0))->closed, sizeof(struct cogov_by_tier));
    }
    for (uint32_t i = 0; i < 2000; i++) {
        identity[0] += (double) cogov_resident_of(tiny_community(&none, 0))->identity[i];
        identity[1] += (double) cogov_resident_of(tiny_community(&idle, 0))->identity[i];
    }
    assert_true(cogov_community_of(tiny_community(&none, 0))->closed_ever[0] > 1000);
    assert_true(identity[1] > identity[0] + 2000 * .02);
    tiny_free(&none);
    tiny_free(&idle);
}

static void
effect_is_coverage_times_integration(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "platform.coverage=.8 platform.integration=.25");
    const struct cogov_community *community = cogov_community_of(tiny_community(&tiny, 0));
    assert_near(community->platform[0], .2, 1e-15);
    tiny_set(&tiny.p, "platform.coverage=.5 platform.integration=1");
    tiny_run(tiny_community(&tiny, 0), platform_adoption, STREAM_PLATFORM, 1);
    assert_near(community->platform[0], .5, 1e-15);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(penetration_is_logistic_in_age_and_work),
        cmocka_unit_test(the_start_is_stationary_and_stays_so),
        cmocka_unit_test(from_nobody_and_from_everybody_it_goes_to_the_same),
        cmocka_unit_test(joining_and_leaving_change_nothing_else),
        cmocka_unit_test(more_coverage_takes_nobody_offline),
        cmocka_unit_test(the_base_has_the_penetration_of_2017),
        cmocka_unit_test(off_is_coverage_zero_also_when_switched_off_later),
        cmocka_unit_test(an_effective_platform_routes_and_resolves_better),
        cmocka_unit_test(an_idle_platform_resolves_nothing_and_still_brings_people_together),
        cmocka_unit_test(effect_is_coverage_times_integration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
