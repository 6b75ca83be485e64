/* test_cogov_dependence.c - whose money it is decides who is answered to (13b). */
#include "tiny.h"

static void
responsiveness_falls_with_governments_share_of_income(void **state)
{
    static const int64_t governments[] = { 0, 300000, 900000 };
    (void) state;
    for (int g = 0; g < 3; g++) {
        struct tiny tiny;
        tiny_init(&tiny,
            "organisations.dependence_effect=.4 organisations.income_memory=3 organisations.other_income=1000");
        const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
        o->posts[1] = 1; /* 100,000 fen of donations */
        assert_near(o->responsiveness[1], 1, 0);
        for (int month = 0; month < 100; month++) {
            o->received[1] = governments[g];
            o->sponsored[1] = 200000;
            dependence(tiny_street(&tiny));
        }
        double share = (double) governments[g] / (double) (governments[g] + 300000);
        assert_near(o->income_government[1] / o->income_all[1], share, 1e-9);
        assert_near(o->responsiveness[1], 1 - .4 * share, 1e-9);
        tiny_free(&tiny);
    }
}

static void
memory_fades_by_its_length(void **state)
{
    struct tiny tiny;
    double all, government;
    (void) state;
    tiny_init(&tiny, "organisations.income_memory=4 organisations.other_income=500");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    all = o->income_all[0];
    government = o->income_government[0];
    double others = (double) (int64_t) (o->posts[0] * 500 * 100);
    for (int month = 1; month <= 20; month++) {
        o->received[0] = month * 1000;
        dependence(tiny_street(&tiny));
        government += (month * 1000 - government) / 4;
        all += (month * 1000 + others - all) / 4;
        assert_near(o->income_government[0], government, 1e-6);
        assert_near(o->income_all[0], all, 1e-6);
    }
    tiny_free(&tiny);
}

static void
the_mean_is_over_professional_organisations_that_exist(void **state)
{
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "organisations.professional=3 organisations.recreational=2");
    const struct cogov_organisation *o = cogov_organisation_of(tiny_street(&tiny));
    double value[1] = { 0 }, weight[1] = { 0 };
    for (int i = 0; i < 5; i++) {
        o->income_all[i] = 10;
        o->income_government[i] = i;
    }
    o->active[2] = 0;
    cogov_observe_dependence(tiny_street(&tiny), (struct sim_tally){ value, weight });
    assert_near(value[0], .1, 1e-15);
    assert_near(weight[0], 2, 0);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responsiveness_falls_with_governments_share_of_income),
        cmocka_unit_test(memory_fades_by_its_length),
        cmocka_unit_test(the_mean_is_over_professional_organisations_that_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
