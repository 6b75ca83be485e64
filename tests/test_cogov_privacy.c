/* test_cogov_privacy.c - leaks arise at their rate, cost trust, and drive users away. Equation (20). */
#include "tiny.h"

enum { N = 3000 };

static void
all_online(const struct sim_view *view)
{
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        cogov_resident_of(view)->traits[i] |= TRAIT_ONLINE;
        cogov_resident_of(view)->trust[i] = 1;
    }
    cogov_count_online(view);
}

static void
leaks_arise_at_their_rate(void **state)
{
    enum { MONTHS = 4000 };
    struct tiny tiny;
    double leaks = 0, mean = .7 * (1 - .4);
    (void) state;
    tiny_init(&tiny, "city.residents=60 platform.leak_rate=.7 platform.security=.4");
    const struct sim_view *view = tiny_community(&tiny, 0);
    for (uint32_t month = 1; month <= MONTHS; month++) {
        all_online(view);
        tiny_run(view, privacy, STREAM_PRIVACY, month);
        leaks += (double) cogov_community_of(view)->leaks[0];
    }
    assert_near(leaks / MONTHS, mean, 4.5 * sqrt(mean / MONTHS));
    tiny_free(&tiny);
}

/* After k leaks a resident still online lost trust k times; one who left lost it as often as leaks had come. */
static void
leaks_cost_trust_until_one_leaves(void **state)
{
    struct tiny tiny;
    double stayed[4] = { 0 }, all[4] = { 0 };
    (void) state;
    tiny_init(&tiny,
        "city.residents=3000 platform.leak_rate=2 platform.security=0 platform.leak_damage=.5 platform.leak_leaving=.3");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    for (uint32_t month = 1; month <= 60; month++) {
        all_online(view);
        r->traits[0] = (uint8_t) (r->traits[0] & ~TRAIT_ONLINE);
        tiny_run(view, privacy, STREAM_PRIVACY, month);
        int64_t leaks = cogov_community_of(view)->leaks[0];
        double online = 0;
        for (uint32_t i = 1; i < N; i++) {
            double lost = -log2((double) r->trust[i]);
            int is_online = (r->traits[i] & TRAIT_ONLINE) != 0;
            online += is_online;
            assert_true(is_online ? lost == (double) leaks : lost >= 1 && lost <= (double) leaks);
        }
        assert_near((double) r->trust[0], 1, 0);
        assert_near(cogov_community_of(view)->online[0] * N, leaks > 0 ? online : N - 0.0, 1e-9);
        if (leaks < 4) {
            stayed[leaks] += online;
            all[leaks] += N - 1;
        }
    }
    for (int leaks = 1; leaks < 4; leaks++) {
        assert_true(all[leaks] > 0);
        assert_likely(stayed[leaks], all[leaks], pow(.7, leaks));
    }
    assert_near(stayed[0], all[0], 0);
    tiny_free(&tiny);
}

static void
security_keeps_everything(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=300 platform.leak_rate=10 platform.security=1");
    const struct sim_view *view = tiny_community(&tiny, 0);
    all_online(view);
    for (uint32_t month = 1; month <= 60; month++) {
        tiny_run(view, privacy, STREAM_PRIVACY, month);
        assert_int_equal(cogov_community_of(view)->leaks[0], 0);
    }
    for (uint32_t i = 0; i < 300; i++) {
        assert_true(cogov_resident_of(view)->trust[i] == 1);
    }
    assert_near(cogov_community_of(view)->online[0], 1, 0);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaks_arise_at_their_rate),
        cmocka_unit_test(leaks_cost_trust_until_one_leaves),
        cmocka_unit_test(security_keeps_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
