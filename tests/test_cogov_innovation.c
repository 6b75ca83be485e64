/* test_cogov_innovation.c - how many innovations a street adopts, and of which kinds (23c). */
#include "tiny.h"

enum theme { INSTITUTIONS, ORGANISATIONS, SERVICE, CULTURE, SMART, GREEN, THEMES };

#define ROW(theme, label, label_zh, cases) { theme, cases },
static const struct {
    enum theme theme;
    int cases;
} rows[] = { COGOV_INNOVATIONS(ROW) };

static void
the_174_cases_add_up(void **state)
{
    static const int expected[THEMES] = { 75, 14, 43, 13, 19, 10 };
    int sums[THEMES] = { 0 };
    (void) state;
    assert_int_equal(sizeof(rows) / sizeof(rows[0]), 21);
    assert_int_equal(INNOVATIONS, 21);
    for (int r = 0; r < INNOVATIONS; r++) {
        sums[rows[r].theme] += rows[r].cases;
    }
    assert_memory_equal(sums, expected, sizeof(sums));
}

/* Innovations of many months, by kind; returns all. */
static double
adopt(const char *settings, uint32_t months, double of[INNOVATIONS])
{
    struct tiny tiny;
    double all = 0;
    tiny_init(&tiny, settings);
    memset(of, 0, INNOVATIONS * sizeof(*of));
    for (uint32_t month = 1; month <= months; month++) {
        tiny_run(tiny_street(&tiny), innovation, STREAM_INNOVATION, month);
        for (int kind = 0; kind < INNOVATIONS; kind++) {
            of[kind] += (double) cogov_government_of(tiny_street(&tiny))->innovations[0].of[kind];
            all += (double) cogov_government_of(tiny_street(&tiny))->innovations[0].of[kind];
        }
    }
    tiny_free(&tiny);
    return all;
}

static void
kinds_come_as_often_as_among_the_cases(void **state)
{
    double of[INNOVATIONS];
    (void) state;
    double all = adopt("government.innovation_rate=1", 30000, of);
    for (int kind = 0; kind < INNOVATIONS; kind++) {
        assert_likely(of[kind], all, rows[kind].cases / 174.0);
    }
}

static void
richer_streets_adopt_more_by_the_elasticity(void **state)
{
    static const double indexes[] = { 0, .5, 1, 2 };
    double of[INNOVATIONS];
    char text[128];
    (void) state;
    for (int i = 0; i < 4; i++) {
        snprintf(text, sizeof(text),
            "government.innovation_rate=.05 government.innovation_elasticity=1.7 government.budget_index=%g",
            indexes[i]);
        double mean = .05 * pow(indexes[i], 1.7);
        assert_near(adopt(text, 20000, of) / 20000, mean, 4.5 * sqrt(mean / 20000));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_174_cases_add_up),
        cmocka_unit_test(kinds_come_as_often_as_among_the_cases),
        cmocka_unit_test(richer_streets_adopt_more_by_the_elasticity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
