/* test_cogov_rumour.c - rumours arise at their rate and spread as Maki and Thompson's do. Equation (20). */
#include "tiny.h"

/* Everybody online (or every second), with trust 1. */
static void
reset(const struct sim_view *view, uint32_t every)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        r->trust[i] = 1;
        r->traits[i] =
            (uint8_t) (i % every == 0 ? r->traits[i] | TRAIT_ONLINE : r->traits[i] & ~TRAIT_ONLINE);
    }
    cogov_count_online(view);
}

/* Residents who have heard just one rumour in a month of one rumour; damage is a half. */
static uint32_t
count_hearers(const struct sim_view *view)
{
    uint32_t hearers = 0;
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        float trust = cogov_resident_of(view)->trust[i];
        assert_true(trust == 1.0f || trust == .5f);
        hearers += trust < 1.0f;
    }
    return hearers;
}

static void
rumours_arise_at_their_rate(void **state)
{
    enum { MONTHS = 4000 };
    struct tiny tiny;
    double sum = 0, squares = 0, mean = .9 * .5 * (1 - .25);
    (void) state;
    tiny_init(&tiny, "city.residents=100 platform.rumour_rate=.9 platform.moderation=.25");
    const struct sim_view *view = tiny_community(&tiny, 0);
    reset(view, 2);
    for (uint32_t month = 1; month <= MONTHS; month++) {
        tiny_run(view, rumour, STREAM_RUMOUR, month);
        double count = (double) cogov_community_of(view)->rumours[0];
        sum += count;
        squares += count * count;
    }
    assert_near(sum / MONTHS, mean, 4.5 * sqrt(mean / MONTHS));
    double variance = squares / MONTHS - sum / MONTHS * sum / MONTHS;
    assert_near(variance, mean, 4.5 * sqrt((mean + 2 * mean * mean) / MONTHS)); /* of a Poisson variable */
    tiny_free(&tiny);
}

struct spread {
    double mean, deviation; /* of the share that never hears */
    int rumours;
};

/* Many rumours among n people, all of them online, each until it dies out. */
static struct spread
ignorant_share(const char *settings, uint32_t n, int rumours)
{
    struct tiny tiny;
    struct spread spread = { 0 };
    double sum = 0, squares = 0;
    tiny_init(&tiny, settings);
    tiny_set(&tiny.p,
        "platform.rumour_rate=1 platform.moderation=0 platform.rumour_contacts=1000 platform.rumour_weeks=52 "
        "platform.rumour_damage=.5");
    const struct sim_view *view = tiny_community(&tiny, 0);
    assert_int_equal(cogov_resident_count(view), n);
    for (uint32_t month = 1; spread.rumours < rumours; month++) {
        reset(view, 1);
        tiny_run(view, rumour, STREAM_RUMOUR, month);
        if (cogov_community_of(view)->rumours[0] == 1) {
            double share = 1 - (double) count_hearers(view) / n;
            sum += share;
            squares += share * share;
            spread.rumours++;
        }
    }
    spread.mean = sum / rumours;
    spread.deviation = sqrt((squares / rumours - spread.mean * spread.mean) * rumours / (rumours - 1));
    tiny_free(&tiny);
    return spread;
}

/* The share is the root of x exp(2 (1 - x)) = 1 below 1 (Sudbury 1985). */
static double
limit_share(void)
{
    double x = .2;
    for (int i = 0; i < 200; i++) {
        x = exp(-2 * (1 - x));
    }
    return x;
}

static void
a_fifth_never_hears_of_a_rumour_that_dies_out(void **state)
{
    (void) state;
    assert_near(limit_share(), .20319, 5e-6);
    struct spread spread = ignorant_share("city.residents=20000", 20000, 300);
    assert_near(spread.mean, limit_share(), 3 * spread.deviation / sqrt(300));
    assert_true(spread.deviation < .005);
}

/* Its deviation falls with the root of the number of people. */
static void
large_communities_differ_less(void **state)
{
    (void) state;
    struct spread small = ignorant_share("city.residents=1250", 1250, 400);
    struct spread large = ignorant_share("city.residents=20000", 20000, 400);
    /* A ratio of two deviations, each known to 1 / sqrt(800). */
    assert_near(small.deviation / large.deviation, 4, 4 * 4.5 * sqrt(2.0 / 800));
}

static void
contacts_and_weeks_limit_a_rumour(void **state)
{
    static const struct {
        const char *settings;
        uint32_t most;
    } cases[] = {
        { "platform.rumour_contacts=0 platform.rumour_weeks=4", 1 },
        { "platform.rumour_contacts=5 platform.rumour_weeks=1", 6 },
        { "platform.rumour_contacts=1 platform.rumour_weeks=4", 16 },
        { "platform.rumour_contacts=2 platform.rumour_weeks=3", 27 },
    };
    struct tiny tiny;
    (void) state;
    tiny_init(
        &tiny, "city.residents=20000 platform.rumour_rate=1 platform.moderation=0 platform.rumour_damage=.5");
    const struct sim_view *view = tiny_community(&tiny, 0);
    for (int c = 0; c < 4; c++) {
        uint32_t hearers = 0, most = 0;
        tiny_set(&tiny.p, cases[c].settings);
        for (uint32_t month = 1; month <= 100; month++) {
            reset(view, 1);
            tiny_run(view, rumour, STREAM_RUMOUR, month);
            if (cogov_community_of(view)->rumours[0] == 1) {
                hearers = count_hearers(view);
                assert_in_range(hearers, 1, cases[c].most);
                most = hearers > most ? hearers : most;
            }
        }
        assert_int_equal(most, cases[c].most); /* nobody meets a hearer by chance in 20,000, most times */
    }
    tiny_free(&tiny);
}

static void
only_residents_online_hear_and_each_rumour_costs(void **state)
{
    struct tiny tiny;
    int many = 0;
    (void) state;
    tiny_init(&tiny,
        "city.residents=900 platform.rumour_rate=4 platform.moderation=0 platform.rumour_contacts=1000 "
        "platform.rumour_damage=.25");
    const struct sim_view *view = tiny_community(&tiny, 0);
    for (uint32_t month = 1; month <= 50; month++) {
        int64_t heard_all = 0;
        reset(view, 3);
        tiny_run(view, rumour, STREAM_RUMOUR, month);
        int64_t rumours = cogov_community_of(view)->rumours[0];
        for (uint32_t i = 0; i < 900; i++) {
            double heard = log((double) cogov_resident_of(view)->trust[i]) / log(.75);
            assert_near(heard, round(heard), 1e-5);
            assert_true(heard < (double) rumours + .5 && (i % 3 == 0 || heard < .5));
            heard_all += heard > .5 && heard > (double) rumours - .5;
        }
        many += rumours > 1 && heard_all > 0;
    }
    assert_true(many > 10);
    tiny_free(&tiny);
}

static void
few_or_nobody_online_is_no_matter(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(
        &tiny, "city.residents=60 platform.rumour_rate=10 platform.moderation=0 platform.rumour_damage=.5");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    int64_t rumours = 0;
    for (uint32_t online = 0; online <= 2; online++) {
        for (uint32_t month = 1; month <= 60; month++) {
            reset(view, 1);
            for (uint32_t i = online; i < 60; i++) {
                r->traits[i] = (uint8_t) (r->traits[i] & ~TRAIT_ONLINE);
            }
            cogov_count_online(view);
            tiny_run(view, rumour, STREAM_RUMOUR, month);
            rumours += cogov_community_of(view)->rumours[0];
            double expected = pow(.5, (double) cogov_community_of(view)->rumours[0]);
            for (uint32_t i = 0; i < 60; i++) { /* of two each tells the other first */
                assert_near((double) r->trust[i], i < online ? expected : 1, 0);
            }
        }
        assert_true((rumours > 0) == (online > 0));
    }
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rumours_arise_at_their_rate),
        cmocka_unit_test(a_fifth_never_hears_of_a_rumour_that_dies_out),
        cmocka_unit_test(large_communities_differ_less),
        cmocka_unit_test(contacts_and_weeks_limit_a_rumour),
        cmocka_unit_test(only_residents_online_hear_and_each_rumour_costs),
        cmocka_unit_test(few_or_nobody_online_is_no_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
