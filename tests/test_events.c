/* test_events.c - events change what holds from their month on, and nothing before. */
#include "tiny.h"

#include "sim/alloc.h"
#include "sim/experiment.h"

#include "points.h"

/* Numbers of every month, one row each, from a file's own setting. */
static double *
record(const struct point *point, uint32_t ticks, int threads)
{
    struct sim_world world;
    const struct sim_setting *setting = &point->experiment.bases[0].setting;
    assert_int_equal(
        sim_world_init_setting(&world, &cogov_model, setting, (struct sim_key){ 4, 0 }, threads), SIM_OK);
    double *rows = sim_alloc((size_t) ticks * world.row, sizeof(double));
    char why[256] = "";
    for (uint32_t t = 0; t < ticks; t++) {
        sim_world_step(&world);
        sim_world_observe(&world, rows + (size_t) t * world.row);
        if (sim_world_verify(&world, why, sizeof(why)) != SIM_OK) {
            fail_msg("%s", why);
        }
    }
    sim_world_free(&world);
    return rows;
}

/* How many of the first months two recordings share, bit for bit. */
static uint32_t
same_months(const char *first, const char *second, uint32_t ticks, int threads)
{
    struct point a, b;
    size_t bytes = sim_model_row(&cogov_model) * sizeof(double);
    point_init(&a, first);
    point_init(&b, second);
    double *x = record(&a, ticks, 1), *y = record(&b, ticks, threads);
    uint32_t same = 0;
    while (same < ticks && memcmp((char *) x + same * bytes, (char *) y + same * bytes, bytes) == 0) {
        same++;
    }
    sim_free(x);
    sim_free(y);
    point_free(&a);
    point_free(&b);
    return same;
}

#define TOWN "model: cogov\ncity: {streets: 2, communities: 2, residents: 150}\n"

static void
nothing_changes_before_the_month_of_the_event(void **state)
{
    (void) state;
    static const char *const changes[] = { "burden.cut: 0.6", "deliberation.level: 0.9",
        "switches.neighbours: off", "party: {base_coordination: 0.9}", "needs.rate: 0.5",
        "organisations.wage: 9000" };
    for (size_t i = 0; i < SIM_COUNT_OF(changes); i++) {
        for (uint32_t month = 1; month < 16; month += 7) {
            char *text =
                sim_print_text(TOWN "events:\n  - {month: %u, set: {%s}}\n", (unsigned) month, changes[i]);
            uint32_t same = same_months(TOWN, text, 20, 2);
            if (same < month - 1 || same == 20) {
                fail_msg(
                    "%s in month %u: the same for %u months", changes[i], (unsigned) month, (unsigned) same);
            }
            sim_free(text);
        }
    }
}

static void
an_event_in_the_first_month_is_the_value_of_the_scenario(void **state)
{
    (void) state;
    static const char *const changes[] = { "burden: {cut: 0.6}", "deliberation: {level: 0.9}",
        "switches: {neighbours: off}", "purchase: {budget: 300}", "switches: {tickets_escalate: off}" };
    for (size_t i = 0; i < SIM_COUNT_OF(changes); i++) {
        char *scenario = sim_print_text(TOWN "%s\n", changes[i]);
        char *event = sim_print_text(TOWN "events: [{month: 1, set: {%s}}]\n", changes[i]);
        assert_int_equal(same_months(scenario, event, 24, 1), 24);
        assert_true(same_months(TOWN, event, 24, 1) < 24);
        sim_free(scenario);
        sim_free(event);
    }
}

static void
a_switch_is_turned_off_and_on_again(void **state)
{
    (void) state;
    struct point point;
    struct sim_world world;
    point_init(&point,
        TOWN "events:\n"
             "  - {month: 4, set: {switches.neighbours: off}}\n"
             "  - {month: 7, set: {switches: {neighbours: on}}}\n");
    assert_int_equal(sim_world_init_setting(&world, &cogov_model, &point.experiment.bases[0].setting,
                         (struct sim_key){ 4, 0 }, 2),
        SIM_OK);
    for (uint32_t month = 1; month < 10; month++) {
        float seen = 0;
        sim_world_step(&world);
        const struct sim_view *community = sim_world_view(&world)->below[1]->below[0];
        for (uint32_t i = 0; i < cogov_resident_count(community); i++) {
            seen += cogov_resident_of(community)->active_neighbours[i];
        }
        assert_int_equal(seen > 0, month < 4 || month >= 7);
    }
    sim_world_free(&world);
    point_free(&point);
}

static double
budget_in(const struct point *point, uint32_t month)
{
    const struct sim_setting *setting = &point->experiment.bases[0].setting;
    uint32_t e = setting->n_eras - 1;
    while (setting->eras[e].first > month) {
        e--;
    }
    return ((const struct cogov_params *) setting->eras[e].params)->purchase_budget;
}

static void
a_file_adds_to_the_events_of_what_it_extends_and_wins_in_the_same_month(void **state)
{
    (void) state;
    struct point point;
    point_write("low.yaml",
        TOWN "events:\n"
             "  - month: 24\n    set:\n      purchase:\n        budget: 10\n      burden.cut: 0.3\n"
             "  - {month: 6, set: {purchase.budget: 20}}\n");
    point_init(&point,
        "extends: low\npurchase.budget: 5\nevents:\n"
        "  - {month: 24, note: \"why: \\\"so\\\"\", set: {purchase.budget: 30}}\n"
        "  - {month: 9, set: {purchase.budget: 40}}\n");
    const struct sim_setting *setting = &point.experiment.bases[0].setting;
    const struct cogov_params *last = setting->eras[setting->n_eras - 1].params;
    assert_int_equal(setting->n_eras, 4);
    assert_true(budget_in(&point, 1) == 5);
    assert_true(budget_in(&point, 5) == 5);
    assert_true(budget_in(&point, 6) == 20);
    assert_true(budget_in(&point, 9) == 40);
    assert_true(budget_in(&point, 23) == 40);
    assert_true(budget_in(&point, 24) == 30);
    assert_true(last->burden_cut == 0.3);

    struct point again; /* what it says of itself is the same scenario */
    point_init(&again, point.experiment.bases[0].resolved);
    assert_string_equal(again.experiment.bases[0].resolved, point.experiment.bases[0].resolved);
    assert_int_equal(again.experiment.bases[0].setting.n_eras, 4);
    assert_true(budget_in(&again, 24) == 30);
    assert_non_null(strstr(again.experiment.bases[0].resolved, "    note: \"why: \\\"so\\\"\"\n"));
    point_free(&again);
    point_free(&point);
}

static void
an_override_sets_the_value_that_the_events_change(void **state)
{
    (void) state;
    struct point point;
    point_init_with(&point, TOWN "events: [{month: 3, set: {purchase.budget: 7}}]\n", "purchase.budget=11");
    assert_true(budget_in(&point, 2) == 11);
    assert_true(budget_in(&point, 3) == 7);
    point_free(&point);
}

static void
the_spec_of_a_run_holds_its_events(void **state)
{
    (void) state;
    struct point with, without, later;
    point_init(&with, TOWN "events: [{month: 3, set: {purchase.budget: 7}}]\n");
    point_init(&later, TOWN "events: [{month: 4, set: {purchase.budget: 7}}]\n");
    point_init(&without, TOWN);
    assert_string_not_equal(with.experiment.digest, without.experiment.digest);
    assert_string_not_equal(with.experiment.digest, later.experiment.digest);
    point_free(&with);
    point_free(&later);
    point_free(&without);
}

#define HEAD "model: cogov\nevents:\n"

static void
every_fault_of_an_event_is_told_at_its_place(void **state)
{
    (void) state;
    point_refused(HEAD "  - {month: 0, set: {purchase.budgt: 10, purchase: {budget: -4}}}\n"
                       "  - {month: 130, set: {burden.cut: 0.1}, nte: x}\n"
                       "  - 5\n"
                       "  - [1]\n"
                       "  - {set: 3, month: {a: 1}, note: [x]}\n"
                       "  - {month: 4, set: {}}\n"
                       "  - {month: \"4\", set: [1], note: \"\"}\n"
                       "  - {month: 2, set: {city.streets: 1}}\n"
                       "  - {month: 2}\n",
        "x.yaml:3:13: error: month: 0 is out of bounds; it must be from 1 to 65535",
        "x.yaml:3:22: error: unknown parameter \"purchase.budgt\"; did you mean \"purchase.budget\"?",
        "x.yaml:3:61: error: purchase.budget: -4 is out of bounds; it must be from 0 to 1000 CNY per resident "
        "and year",
        "x.yaml:4:13: error: month 130 comes after the run's last month, 120",
        "x.yaml:4:42: error: unknown key \"nte\" in an event; did you mean \"note\"?",
        "x.yaml:5:5: error: an event must be a mapping, such as - {month: 24, set: {GROUP.NAME: VALUE}}",
        "x.yaml:6:5: error: an event must be a mapping, such as - {month: 24, set: {GROUP.NAME: VALUE}}",
        "x.yaml:7:5: error: the event has no month; it is a mapping such as - {month: 24, set: {GROUP.NAME: "
        "VALUE}}",
        "x.yaml:7:11: error: set: a mapping of parameters to values is expected, not a text",
        "x.yaml:7:21: error: month: a whole number is expected, not a mapping",
        "x.yaml:7:35: error: note: a text is expected, not a list",
        "x.yaml:8:21: error: set: the event sets nothing",
        "x.yaml:9:13: error: month: a number is expected, not a quoted text",
        "x.yaml:9:23: error: set: a mapping of parameters to values is expected, not a list",
        "x.yaml:9:34: error: note is empty",
        "x.yaml:10:22: error: city.streets is read at the start only; an event cannot change it",
        "x.yaml:11:5: error: the event sets nothing; it is a mapping such as - {month: 24, set: {GROUP.NAME: "
        "VALUE}}",
        NULL);
}

static void
parameters_that_do_not_go_together_are_told_at_the_event_that_brings_them(void **state)
{
    (void) state;
    point_refused(HEAD "  - {month: 8, set: {burden.cut: 0.1}}\n"
                       "  - {month: 5, set: {needs: {minor_share: 0.5, rate: 0.1}}}\n"
                       "  - {month: 12, set: {needs.minor_share: 0.6}}\n"
                       "  - {month: 20, set: {needs.major_share: 0.15}}\n",
        "x.yaml:4:43: error: needs.minor_share, ordinary_share and major_share must add up to 1, not 0.8",
        "x.yaml:5:42: error: needs.minor_share, ordinary_share and major_share must add up to 1, not 0.9",
        NULL);
}

static void
a_parameter_has_one_value_in_a_month_of_a_file(void **state)
{
    (void) state;
    point_refused(HEAD "  - {month: 9, set: {burden: {cut: 0.1}}}\n"
                       "  - {month: 9, set: {burden.cut: 0.2, purchase.budget: 3}}\n"
                       "  - {month: 10, set: {burden: {cut: 0.2}, burden.cut: 0.3}}\n",
        "x.yaml:4:22: error: burden.cut is set twice in month 9; line 3 sets it already",
        "x.yaml:5:43: error: repeated key \"events[2].set.burden.cut\"; it is given in line 5 already", NULL);
}

static void
what_is_no_list_of_events_is_refused(void **state)
{
    (void) state;
    point_refused("model: cogov\nevents: 3\n",
        "x.yaml:2:9: error: events must be a list of events, such as - {month: 24, set: {GROUP.NAME: VALUE}}",
        NULL);
    point_refused("model: cogov\nevents: {month: 3}\n",
        "x.yaml:2:9: error: events must be a list of events, such as - {month: 24, set: {GROUP.NAME: VALUE}}",
        NULL);
    point_refused("model: cogov\nevents: []\n",
        "x.yaml:2:9: error: events must be a list of events, such as - {month: 24, set: {GROUP.NAME: VALUE}}",
        NULL);
    point_refused("model: cogov\nevent:\n  - {month: 3}\n",
        "x.yaml:2:1: error: unknown key \"event\"; did you mean \"events\"?", NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        POINT_TEST(nothing_changes_before_the_month_of_the_event),
        POINT_TEST(an_event_in_the_first_month_is_the_value_of_the_scenario),
        POINT_TEST(a_switch_is_turned_off_and_on_again),
        POINT_TEST(a_file_adds_to_the_events_of_what_it_extends_and_wins_in_the_same_month),
        POINT_TEST(an_override_sets_the_value_that_the_events_change),
        POINT_TEST(the_spec_of_a_run_holds_its_events),
        POINT_TEST(every_fault_of_an_event_is_told_at_its_place),
        POINT_TEST(parameters_that_do_not_go_together_are_told_at_the_event_that_brings_them),
        POINT_TEST(a_parameter_has_one_value_in_a_month_of_a_file),
        POINT_TEST(what_is_no_list_of_events_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
