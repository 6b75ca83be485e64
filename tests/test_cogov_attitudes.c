/* test_cogov_attitudes.c - satisfaction, trust, identity, efficacy, cognition and mobility against the
 * equations in double, resident by resident. Equations (15)(16)(18).
 */
#include "tiny.h"

enum { N = 1500 };
static const double near = 2e-6; /* of single precision */

/* A community of N residents with random attitudes, depths, traits and tickets; some of those just resolved.
 */
static void
start(struct tiny *tiny, uint64_t seed, const char *settings)
{
    tiny_init(tiny, "city.residents=1500");
    tiny_set(&tiny->p, settings);
    const struct sim_view *view = tiny_community(tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    uint64_t random = seed;
    int64_t open = 0;
    tiny_shuffle(view, &random);
    for (uint32_t i = 0; i < N; i++) {
        r->waited[i] = (uint8_t) (1 + 3 * tiny_random(&random));
        r->waited_before[i] = (uint8_t) (4 * tiny_random(&random));
        if (tiny_random(&random) < .5) {
            r->solved[i] = r->need[i];
            r->need[i] = 0;
        }
        open += r->need[i] != 0;
    }
    cogov_community_of(view)->waiting[0] = cogov_community_of(view)->opened_ever[0] = open;
    cogov_community_of(view)->ambient[0] = .47;
    for (int need = 0; need < NEEDS; need++) {
        cogov_community_of(view)->quality[0].of[need] = tiny_random(&random);
    }
    cogov_committee_of(view)->legitimacy[0] = .7;
    cogov_committee_of(view)->effectiveness[0] = .6;
    cogov_committee_of(view)->authority[0] = .5;
    cogov_committee_of(view)->administrative[0] = .4;
}

/* Copies of what a rule is about to change. */
static void
keep(const float *column, double *copy)
{
    for (int i = 0; i < N; i++) {
        copy[i] = (double) column[i];
    }
}

/* --- satisfaction and expectation --- */

static double
outcome_of(const struct sim_view *view, uint32_t i)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    if (r->need[i] != 0) {
        return p->attitudes_outcome_floor;
    }
    if (r->solved[i] != 0) {
        int months =
            r->waited[i] + r->waited_before[i] - 1; /* resolved in the month in which it arose: none */
        double quality = cogov_community_of(view)->quality[0].of[r->solved[i] - 1];
        return fmax(p->attitudes_outcome_floor, quality - p->attitudes_waiting_penalty * months);
    }
    return cogov_community_of(view)->ambient[0];
}

static void
satisfaction_follows_outcomes_and_expectations(void **state)
{
    static double s[N], x[N];
    struct tiny tiny;
    int below = 0, above = 0;
    (void) state;
    start(&tiny, 1,
        "attitudes.expectation_drift=.02 attitudes.waiting_penalty=.06 attitudes.outcome_floor=.15 "
        "attitudes.neutral=.55");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    keep(r->satisfaction, s);
    keep(r->expectation, x);
    satisfaction(view);
    for (uint32_t i = 0; i < N; i++) {
        double y = outcome_of(view, i), d = y - x[i];
        double target = unit(.55 + .8 * (y - .55) + .4 * (d < 0 ? 1.5 * d : d));
        below += d < 0;
        above += d > 0;
        assert_near((double) r->satisfaction[i], s[i] + .15 * (target - s[i]), near);
        assert_near((double) r->expectation[i], unit(x[i] + .05 * d + .02 * (1 - x[i])), near);
    }
    assert_true(below > 100 && above > 100);
    tiny_free(&tiny);
}

static void
disappointment_weighs_more_than_delight(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, 2, "attitudes.quality_weight=0 attitudes.satisfaction_rate=1");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    r->need[0] = r->solved[0] = r->need[1] = r->solved[1] = 0;
    cogov_community_of(view)->ambient[0] = .5;
    r->expectation[0] = .7f;
    r->expectation[1] = .3f;
    satisfaction(view);
    assert_near((double) r->satisfaction[0], .5 - .4 * 1.5 * .2, near);
    assert_near((double) r->satisfaction[1], .5 + .4 * .2, near);
    tiny_free(&tiny);
}

static void
in_the_end_expectation_equals_the_outcome(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, 3, "");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    memset(r->need, 0, N);
    memset(r->solved, 0, N);
    for (int month = 0; month < 400; month++) {
        satisfaction(view);
    }
    for (uint32_t i = 0; i < N; i++) {
        assert_near((double) r->expectation[i], .47, 1e-5);
        assert_near((double) r->satisfaction[i], .5 + .8 * (.47 - .5), 1e-5);
    }
    tiny_free(&tiny);
}

/* --- trust --- */

static void
trust_follows_satisfaction_depth_and_neighbours(void **state)
{
    static double t[N];
    struct tiny tiny;
    (void) state;
    start(&tiny, 4, "attitudes.trust_deep=.2 attitudes.trust_neighbours=.3");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    keep(r->trust, t);
    trust(view);
    for (uint32_t i = 0; i < N; i++) {
        double gap = (double) r->satisfaction[i] - t[i];
        double deep = r->depth[i] >= 3 ? .2 * .7 * .6 * (1 - t[i]) : 0;
        assert_near((double) r->trust[i],
            unit(t[i] + (gap > 0 ? .06 : .12) * gap + deep + .3 * ((double) r->trust_neighbours[i] - t[i])),
            near);
    }
    tiny_free(&tiny);
}

static void
trust_falls_faster_than_it_rises(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, 5, "attitudes.trust_neighbours=0");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    r->depth[0] = r->depth[1] = DEPTH_VOLUNTEER;
    r->trust[0] = r->trust[1] = .5f;
    r->satisfaction[0] = .7f;
    r->satisfaction[1] = .3f;
    trust(view);
    assert_near((double) r->trust[0] - .5, .06 * .2, near);
    assert_near(.5 - (double) r->trust[1], 2 * ((double) r->trust[0] - .5), near);
    tiny_free(&tiny);
}

static void
deliberation_without_legitimacy_or_effect_builds_no_trust(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, 6, "attitudes.trust_neighbours=0 attitudes.trust_deep=1");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    for (int without = 0; without < 2; without++) {
        cogov_committee_of(view)->legitimacy[0] = without == 0 ? 0 : .9;
        cogov_committee_of(view)->effectiveness[0] = without == 0 ? .9 : 0;
        r->depth[0] = DEPTH_DECIDE;
        r->trust[0] = r->satisfaction[0] = .5f;
        trust(view);
        assert_near((double) r->trust[0], .5, 0);
    }
    tiny_free(&tiny);
}

/* --- identity, efficacy, cognition --- */

static double
online_adds(const struct cogov_resident *r, uint32_t i, double effect)
{
    return r->traits[i] & TRAIT_ONLINE ? effect : 0;
}

static void
identity_follows_neighbours_the_committees_time_and_the_platform(void **state)
{
    static double before[N];
    struct tiny tiny;
    (void) state;
    start(&tiny, 7, "");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    keep(r->identity, before);
    identity(view);
    for (uint32_t i = 0; i < N; i++) {
        double target = .3 + .4 * (double) r->active_neighbours[i] + .4 * (1 - .4) + online_adds(r, i, .1);
        assert_near((double) r->identity[i], unit(before[i] + .05 * (target - before[i])), near);
    }
    for (int month = 0; month < 400; month++) {
        identity(view);
    }
    for (uint32_t i = 0; i < N; i++) {
        double target = .54 + .4 * (double) r->active_neighbours[i] + online_adds(r, i, .1);
        assert_near((double) r->identity[i], fmin(1, target), 1e-5);
    }
    tiny_free(&tiny);
}

static void
needs_met_raise_efficacy_and_needs_ignored_lower_it(void **state)
{
    static double before[N];
    struct tiny tiny;
    (void) state;
    start(&tiny, 8, "");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    keep(r->efficacy, before);
    tiny_run(view, efficacy, STREAM_EFFICACY, 1);
    for (uint32_t i = 0; i < N; i++) {
        double e = before[i], adopted = e;
        if (r->depth[i] >= DEPTH_DELIBERATE) {
            adopted = e + .1 * (1 - e); /* or not: e - .1 e */
            e -= .1 * e;
        }
        double step = r->solved[i] != 0 ? .05 : r->need[i] != 0 ? -.02 : 0;
        e += step > 0 ? step * (1 - e) : step * e;
        adopted += step > 0 ? step * (1 - adopted) : step * adopted;
        assert_true(
            fabs((double) r->efficacy[i] - e) < near || fabs((double) r->efficacy[i] - adopted) < near);
    }
    tiny_free(&tiny);
}

/* How many of the proposals of N residents in 20 months are adopted. */
static double
adopted_in_20_months(struct tiny *tiny)
{
    const struct sim_view *view = tiny_community(tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    double adopted = 0;
    memset(r->need, 0, N);
    memset(r->solved, 0, N);
    memset(r->depth, DEPTH_DELIBERATE, N);
    for (uint32_t month = 1; month <= 20; month++) {
        tiny_run(view, efficacy, STREAM_EFFICACY, month);
        for (uint32_t i = 0; i < N; i++) {
            assert_true(r->efficacy[i] == 0 || r->efficacy[i] == 1);
            adopted += (double) r->efficacy[i];
        }
    }
    return adopted;
}

static void
proposals_are_adopted_with_legitimacy_effectiveness_and_authority(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, 9, "attitudes.efficacy_rate=1");
    const struct cogov_committee *committee = cogov_committee_of(tiny_community(&tiny, 0));
    assert_likely(adopted_in_20_months(&tiny), 20 * N, .7 * .6 * .5);
    committee->legitimacy[0] = .9;
    assert_likely(adopted_in_20_months(&tiny), 20 * N, .9 * .6 * .5);
    committee->effectiveness[0] = 1;
    assert_likely(adopted_in_20_months(&tiny), 20 * N, .9 * .5);
    committee->authority[0] = 0;
    assert_near(adopted_in_20_months(&tiny), 0, 0);
    committee->authority[0] = committee->legitimacy[0] = 1;
    assert_near(adopted_in_20_months(&tiny), 20 * N, 0);
    tiny_free(&tiny);
}

static void
cognition_settles_at_the_fixed_point_of_each_depth(void **state)
{
    static const double learn[DEPTHS] = { 0, .01, .01, .08, .08 };
    static double before[N];
    struct tiny tiny;
    (void) state;
    start(&tiny, 10, "attitudes.cognition_fade=.02");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    keep(r->cognition, before);
    cognition(view);
    for (uint32_t i = 0; i < N; i++) {
        double k = before[i];
        double learns = learn[r->depth[i]] + online_adds(r, i, .005);
        assert_near((double) r->cognition[i], k + learns * (1 - k) - .02 * k, near);
    }
    for (int month = 0; month < 600; month++) {
        cognition(view);
    }
    for (uint32_t i = 0; i < N; i++) {
        double k = learn[r->depth[i]] + online_adds(r, i, .005);
        assert_near((double) r->cognition[i], k / (k + .02), 2e-5);
    }
    tiny_free(&tiny);
}

/* --- mobility --- */

static void
newcomers_bring_attitudes_and_no_ticket(void **state)
{
    struct tiny tiny;
    int moved = 0, tickets = 0;
    (void) state;
    start(&tiny, 11,
        "residents.mobility=.2 initial.trust=.11 initial.satisfaction=.22 initial.expectation=.33 initial.identity=.44 "
        "initial.efficacy=.55 initial.cognition=.66");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    static uint8_t need[N], age[N], traits[N], depth[N];
    memcpy(need, r->need, N);
    memcpy(age, r->age, N);
    memcpy(traits, r->traits, N);
    memcpy(depth, r->depth, N);
    memset(r->tenure, 100, N);
    int64_t open = community->waiting[0];
    tiny_run(view, mobility, STREAM_MOBILITY, 1);
    for (uint32_t i = 0; i < N; i++) {
        if (r->tenure[i] == 0) {
            const float *const attitudes[] = { r->trust, r->satisfaction, r->expectation, r->identity,
                r->efficacy, r->cognition };
            for (int a = 0; a < 6; a++) {
                assert_near((double) attitudes[a][i], .11 * (a + 1), near);
            }
            assert_true(r->active_neighbours[i] == 0);
            assert_int_equal(r->need[i] + r->solved[i] + r->depth[i], 0);
            moved++;
            tickets += need[i] != 0;
        } else {
            assert_int_equal(r->tenure[i], 101);
            assert_int_equal(r->need[i], need[i]);
            assert_int_equal(r->depth[i], depth[i]);
        }
    }
    assert_likely(moved, N, .2);
    assert_true(tickets > 10);
    assert_int_equal(community->withdrawn_ever[0], tickets);
    assert_int_equal(community->waiting[0], open - tickets);
    assert_memory_equal(r->age, age, N);
    assert_memory_equal(r->traits, traits, N);
    tiny_free(&tiny);
}

static void
newcomers_differ_like_the_first_residents(void **state)
{
    struct tiny tiny;
    double sum = 0, squares = 0;
    (void) state;
    start(&tiny, 12, "residents.mobility=.5 initial.trust=uniform(.2,.8)");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    int n = 0;
    for (uint32_t month = 1; month <= 10; month++) {
        tiny_run(view, mobility, STREAM_MOBILITY, month);
        for (uint32_t i = 0; i < N; i++) {
            if (r->tenure[i] == 0) {
                sum += (double) r->trust[i];
                squares += (double) r->trust[i] * (double) r->trust[i];
                n++;
            }
        }
    }
    double sd = .6 / sqrt(12);
    assert_near(sum / n, .5, 4.5 * sd / sqrt(n));
    assert_near(sqrt(squares / n - sum / n * sum / n), sd, .006);
    tiny_free(&tiny);
}

static void
tenure_stops_at_255(void **state)
{
    struct tiny tiny;
    (void) state;
    start(&tiny, 13, "residents.mobility=0");
    const struct sim_view *view = tiny_community(&tiny, 0);
    cogov_resident_of(view)->tenure[0] = 253;
    for (uint32_t month = 1; month < 5; month++) {
        tiny_run(view, mobility, STREAM_MOBILITY, month);
    }
    assert_int_equal(cogov_resident_of(view)->tenure[0], 255);
    assert_int_equal(cogov_community_of(view)->withdrawn_ever[0], 0);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(satisfaction_follows_outcomes_and_expectations),
        cmocka_unit_test(disappointment_weighs_more_than_delight),
        cmocka_unit_test(in_the_end_expectation_equals_the_outcome),
        cmocka_unit_test(trust_follows_satisfaction_depth_and_neighbours),
        cmocka_unit_test(trust_falls_faster_than_it_rises),
        cmocka_unit_test(deliberation_without_legitimacy_or_effect_builds_no_trust),
        cmocka_unit_test(identity_follows_neighbours_the_committees_time_and_the_platform),
        cmocka_unit_test(needs_met_raise_efficacy_and_needs_ignored_lower_it),
        cmocka_unit_test(proposals_are_adopted_with_legitimacy_effectiveness_and_authority),
        cmocka_unit_test(cognition_settles_at_the_fixed_point_of_each_depth),
        cmocka_unit_test(newcomers_bring_attitudes_and_no_ticket),
        cmocka_unit_test(newcomers_differ_like_the_first_residents),
        cmocka_unit_test(tenure_stops_at_255),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
