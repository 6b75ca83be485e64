/* test_design_mixtures.c - the design that mixes two scenarios: what its groups are, and what each point then is. */
#include "tiny.h"

#include "sim/alloc.h"
#include "sim/design_attribution.h"
#include "sim/experiment.h"

#include "memory.h"
#include "points.h"

FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);

FILE *
__wrap_open_memstream(char **text, size_t *size)
{
    FILE *stream = memory_is_refused() ? NULL : __real_open_memstream(text, size);
    __atomic_add_fetch(&memory_live, stream != NULL, __ATOMIC_RELAXED);
    return stream;
}

#define A \
    "model: cogov\npurchase: {quality_weight: 0.5, budget: 20}\nlinkage: {level: 1}\nswitches: {trust: off}\n"
#define B "model: cogov\npurchase: {quality_weight: 0.25, budget: 30}\nlinkage: {level: 0.5}\n"
#define MIX "scenarios: [a, b]\ndesign: attribution\n"

static void
mix(struct point *point, const char *text)
{
    point_write("a.yaml", A);
    point_write("b.yaml", B);
    point_init(point, text);
}

static const struct sim_attribution *
attribution_of(const struct point *point)
{
    return point->experiment.design.attribution;
}

static const struct cogov_params *
params_of(const struct sim_point *at, uint32_t era)
{
    return at->setting.eras[era].params;
}

static void
assert_groups(const struct point *point, const char *expected)
{
    char text[256] = "";
    for (uint32_t g = 0; g < attribution_of(point)->n_groups; g++) {
        strcat(text, g > 0 ? " " : "");
        strcat(text, attribution_of(point)->names[g]);
    }
    assert_string_equal(text, expected);
}

static void
groups_are_what_differs_by_the_first_part_of_its_key(void **state)
{
    (void) state;
    struct point point;
    mix(&point, MIX);
    assert_groups(&point, "linkage purchase switches");
    assert_int_equal(point.experiment.n_points, 8);
    assert_int_equal(point.experiment.design.n_factors, 4);
    assert_int_equal(attribution_of(&point)->n_orders, 0);
    point_free(&point);
}

/* Everything that a scenario says differently, from one or the other. */
static void
each_point_takes_every_group_from_one_of_the_two(void **state)
{
    (void) state;
    struct point point;
    mix(&point, MIX);
    for (uint32_t p = 0; p < 8; p++) {
        struct sim_point at;
        assert_int_equal(attribution_of(&point)->mixtures[p], p);
        assert_int_equal(sim_point_init(&at, &point.experiment, p), SIM_OK);
        struct cogov_params expected =
            *(const struct cogov_params *) point.experiment.bases[0].setting.eras[0].params;
        expected.linkage_level = p & 1 ? 0.5 : 1;
        expected.purchase_quality_weight = p & 2 ? 0.25 : 0.5;
        expected.purchase_budget = p & 2 ? 30 : 20;
        expected.switches_trust = p & 4 ? 1 : 0;
        assert_memory_equal(params_of(&at, 0), &expected, sizeof(expected));
        sim_point_free(&at);
    }
    assert_string_equal(sim_experiment_base(&point.experiment, 0)->stem, "a");
    assert_string_equal(sim_experiment_base(&point.experiment, 6)->stem, "a");
    assert_string_equal(sim_experiment_base(&point.experiment, 7)->stem, "b");
    point_free(&point);
}

static void
the_first_point_is_one_scenario_and_the_last_the_other(void **state)
{
    (void) state;
    struct point point;
    struct sim_point at;
    mix(&point, MIX);
    assert_int_equal(sim_point_init(&at, &point.experiment, 0), SIM_OK);
    assert_memory_equal(
        params_of(&at, 0), point.experiment.bases[0].setting.eras[0].params, sizeof(struct cogov_params));
    sim_point_free(&at);
    assert_int_equal(sim_point_init(&at, &point.experiment, 7), SIM_OK);
    assert_memory_equal(
        params_of(&at, 0), point.experiment.bases[1].setting.eras[0].params, sizeof(struct cogov_params));
    sim_point_free(&at);
    point_free(&point);
}

static void
points_are_described_by_what_they_take_from_b(void **state)
{
    (void) state;
    static const struct {
        uint32_t point;
        const char *text;
    } rows[] = { { 0, "a" }, { 2, "a with purchase of b" }, { 5, "a with linkage and switches of b" },
        { 7, "b" } };
    struct point point;
    char text[128], cut[12];
    mix(&point, MIX);
    for (size_t i = 0; i < SIM_COUNT_OF(rows); i++) {
        sim_point_describe(&point.experiment, rows[i].point, text, sizeof(text));
        assert_string_equal(text, rows[i].text);
    }
    sim_point_describe(&point.experiment, 5, cut, sizeof(cut));
    assert_string_equal(cut, "a with l...");
    point_free(&point);
}

static void
named_groups_take_parameters_and_the_rest_keeps_its_own(void **state)
{
    (void) state;
    struct point point;
    mix(&point, MIX "groups: {reform: [linkage, purchase.budget], same: [burden.cut]}\n");
    assert_groups(&point, "reform same purchase switches");
    assert_int_equal(point.experiment.n_points, 16);
    for (uint32_t p = 0; p < 16; p++) {
        struct sim_point at;
        assert_int_equal(sim_point_init(&at, &point.experiment, p), SIM_OK);
        assert_true(params_of(&at, 0)->linkage_level == (p & 1 ? 0.5 : 1));
        assert_true(params_of(&at, 0)->purchase_budget == (p & 1 ? 30 : 20));
        assert_true(params_of(&at, 0)->purchase_quality_weight == (p & 4 ? 0.25 : 0.5));
        sim_point_free(&at);
    }
    point_free(&point);
    mix(&point, MIX "groups: {purchase: [purchase.budget]}\n");
    assert_groups(&point, "purchase linkage purchase_rest switches");
    point_free(&point);
    mix(&point, MIX "groups: {money: [purchase.budget], all: [purchase, linkage, switches]}\n");
    assert_groups(&point, "money all");
    point_free(&point);
}

/* What --set says holds in both, so that they agree in it. */
static void
a_setting_holds_in_both_scenarios(void **state)
{
    (void) state;
    struct point point;
    point_write("a.yaml", A);
    point_write("b.yaml", B);
    point_init_with(&point, MIX, "linkage.level=0.75");
    assert_groups(&point, "purchase switches");
    point_free(&point);
}

/* An event is no parameter: it comes with the scenario that a point starts from. */
static void
events_that_differ_are_the_last_group(void **state)
{
    (void) state;
    struct point point;
    point_write("a.yaml", A);
    point_write("b.yaml", B "events:\n  - {month: 5, set: {purchase.budget: 70}}\n");
    point_init(&point, MIX);
    assert_groups(&point, "linkage purchase switches events");
    assert_int_equal(attribution_of(&point)->setting_group, 3);
    assert_int_equal(point.experiment.bases[0].n_points, 8);
    for (uint32_t p = 0; p < 16; p++) {
        struct sim_point at;
        assert_int_equal(sim_point_init(&at, &point.experiment, p), SIM_OK);
        assert_int_equal(at.setting.n_eras, p < 8 ? 1 : 2);
        assert_true(params_of(&at, 0)->purchase_budget == (p & 2 ? 30 : 20));
        assert_true(params_of(&at, 0)->linkage_level == (p & 1 ? 0.5 : 1));
        if (p >= 8) {
            assert_true(params_of(&at, 1)->purchase_budget == 70);
            assert_true(params_of(&at, 1)->linkage_level == (p & 1 ? 0.5 : 1));
        }
        sim_point_free(&at);
    }
    point_free(&point);
}

static void
equal_events_are_no_group(void **state)
{
    (void) state;
    struct point point;
    point_write("a.yaml", A "events:\n  - {month: 5, set: {burden.cut: 0.50}}\n");
    point_write("b.yaml", B "events:\n  - {month: 5, set: {burden.cut: 0.5}}\n");
    point_init(&point, MIX);
    assert_groups(&point, "linkage purchase switches");
    point_free(&point);
    static const char *const others[] = { "{month: 5, set: {burden.cut: 0.51}}",
        "{month: 6, set: {burden.cut: 0.5}}", "{month: 5, set: {linkage.level: 0.5}}" };
    for (size_t i = 0; i < SIM_COUNT_OF(others); i++) {
        char text[512];
        snprintf(text, sizeof(text), B "events:\n  - %s\n", others[i]);
        point_write("b.yaml", text);
        point_init(&point, MIX);
        assert_groups(&point, "linkage purchase switches events");
        point_free(&point);
    }
}

static void
tables_of_places_that_differ_are_a_group_with_the_size_of_the_city(void **state)
{
    (void) state;
    struct point point;
    point_write("t.csv", "street,community,city.residents\nN,x,100\nN,y,200\nS,z,150\n");
    point_write("a.yaml", A "city: {communities: t.csv}\n");
    point_write("b.yaml", B "city: {streets: 5, communities: 4}\n");
    point_init(&point, MIX);
    assert_groups(&point, "linkage purchase switches places");
    for (uint32_t p = 0; p < 16; p++) {
        struct sim_point at;
        assert_int_equal(sim_point_init(&at, &point.experiment, p), SIM_OK);
        assert_true((at.setting.first_block != NULL) == (p < 8));
        assert_true(params_of(&at, 0)->purchase_budget == (p & 2 ? 30 : 20));
        sim_point_free(&at);
    }
    uint32_t regions, blocks;
    sim_point_extent(&point.experiment, 12, &regions, &blocks);
    assert_int_equal(regions, 5);
    assert_int_equal(blocks, 4);
    point_free(&point);
    point_write("b.yaml", B "city: {communities: t.csv}\n");
    point_init(&point, MIX);
    assert_groups(&point, "linkage purchase switches");
    point_free(&point);
}

static int
has_mixture(const struct point *point, uint64_t mixture)
{
    for (uint32_t p = 0; p < point->experiment.n_points; p++) {
        if (attribution_of(point)->mixtures[p] == mixture) {
            return 1;
        }
    }
    return 0;
}

static void
sampled_orders_meet_their_mixtures_and_those_of_single_groups(void **state)
{
    (void) state;
    struct point point, again, other;
    const char *text =
        MIX "permutations: 3\ngroups: {a: [burden.cut], b: [linkage.level], c: [purchase.budget], "
            "d: [purchase.quality_weight], e: [switches.trust], f: [city.residents]}\n";
    mix(&point, text);
    const struct sim_attribution *attribution = attribution_of(&point);
    assert_int_equal(attribution->n_groups, 6);
    assert_int_equal(attribution->n_orders, 3);
    for (uint32_t o = 0; o < 3; o++) {
        uint64_t mixture = 0;
        for (uint32_t i = 0; i < 6; i++) {
            mixture |= UINT64_C(1) << attribution->orders[o * 6 + i];
            assert_true(has_mixture(&point, mixture));
        }
        assert_int_equal(mixture, 63);
    }
    for (uint32_t g = 0; g < 6; g++) {
        assert_true(has_mixture(&point, UINT64_C(1) << g) && has_mixture(&point, 63 & ~(UINT64_C(1) << g)));
    }
    assert_int_equal(attribution->mixtures[0], 0);
    assert_in_range(point.experiment.n_points, 14, 14 + 3 * 3);
    for (uint32_t p = 1; p < point.experiment.n_points; p++) {
        assert_true(attribution->mixtures[p] > attribution->mixtures[p - 1]);
    }
    mix(&again, text);
    assert_string_equal(point.experiment.digest, again.experiment.digest);
    point_init_with(&other, "seed: 2\n" MIX "permutations: 3\n", NULL);
    point_free(&other);
    point_free(&again);
    point_free(&point);
}

/* Eleven groups are more than all mixtures are run for. */
static void
many_groups_are_sampled_unless_asked_otherwise(void **state)
{
    (void) state;
    struct point point;
    mix(&point,
        MIX
        "groups: {a: [burden.cut], b: [organisations.posts], c: [city.residents], d: [city.streets], e: [city.weight], "
        "f: [tiers.grid_workers], g: [government.capacity], h: [purchase.evaluation]}\n");
    assert_int_equal(attribution_of(&point)->n_groups, 11);
    assert_int_equal(attribution_of(&point)->n_orders, SIM_ORDERS_STANDARD);
    assert_true(point.experiment.n_points < 1024);
    point_free(&point);
}

#define REFUSED(text, ...)                \
    do {                                  \
        point_write("a.yaml", A);         \
        point_write("b.yaml", B);         \
        point_refused(text, __VA_ARGS__); \
    } while (0)

static void
every_fault_is_told_at_its_place(void **state)
{
    (void) state;
    REFUSED("scenarios: [a]\ndesign: attribution\n",
        "x.yaml:2:9: error: attribution asks why two scenarios differ; here is 1");
    REFUSED("scenarios: [a, b, a]\ndesign: attribution\n",
        "x.yaml:2:9: error: attribution asks why two scenarios differ; here are 3");
    REFUSED("scenarios: [a, a]\ndesign: attribution\n",
        "x.yaml:2:9: error: the scenarios a and a#2 do not differ; there is nothing to attribute");
    REFUSED("scenarios: [a, bb]\ndesign: attribution\n",
        "x.yaml:1:16: error: there is no scenario \"bb\"; there are: a b x");
    REFUSED(MIX "vary: {linkage.level: [0, 1]}\npermutations: 0\ngroups: {g: [burdn]}\n",
        "x.yaml:3:1: error: vary is for grid, lhs, sobol, saltelli, morris and one-at-a-time, not for attribution",
        "x.yaml:4:15: error: permutations: 0 is out of bounds; it must be from 1 to 10000",
        "x.yaml:5:14: error: unknown group \"burdn\"; did you mean \"burden\"?");
    REFUSED(MIX "groups: [linkage]\n",
        "x.yaml:3:9: error: groups must be a mapping of names to lists, such as {reform: [GROUP, GROUP.NAME]}");
    REFUSED(MIX "groups: {g: linkage}\n",
        "x.yaml:3:13: error: groups must be a mapping of names to lists, such as {reform: [GROUP, GROUP.NAME]}");
    REFUSED(MIX "groups: {g: {linkage: 1}, \"h i\": [linkage]}\n",
        "x.yaml:3:13: error: groups: g must be a list of parameters and groups of them",
        "x.yaml:3:27: error: groups: \"h i\" is no name for a group; it must be at most 40 letters, digits, - and _");
    REFUSED(MIX "groups: {g: [linkage.level], h: [linkage.level, linkage.levl]}\n",
        "x.yaml:3:34: error: groups: linkage.level is named twice, in g and in h",
        "x.yaml:3:49: error: unknown parameter \"linkage.levl\"; did you mean \"linkage.level\"?");
    REFUSED(MIX "groups: {g: [linkage], h: [linkage]}\n",
        "x.yaml:3:9: error: groups: nothing is in h: the scenarios agree in what it names, or other groups have it");
    REFUSED("scenarios: [a, b]\ndesign: grid\nvary: {linkage.level: [0, 1]}\ngroups: {g: [linkage]}\n",
        "x.yaml:4:1: error: groups is for attribution, not for grid");
}

static void
no_refused_request_is_lost_or_leaks(void **state)
{
    (void) state;
    point_write("a.yaml", A);
    point_write("b.yaml", B "events:\n  - {month: 5, set: {purchase.budget: 70}}\n");
    point_write("x.yaml", MIX "permutations: 2\ngroups: {reform: [linkage, purchase.budget]}\n");
    struct point whole;
    point_read(&whole, NULL);
    assert_int_equal(whole.status, SIM_OK);
    long n, live = memory_live;
    for (n = 1;; n++) {
        struct point point;
        memory_fails_at(n, 0);
        point_read(&point, NULL);
        int refused = memory_requests >= n;
        memory_fails_at(0, 0);
        if (point.status == SIM_OK) { /* some requests can be done without */
            assert_string_equal(point.experiment.digest, whole.experiment.digest);
        } else {
            assert_true(refused && (point.status == SIM_ERR_MEMORY || point.messages.errors > 0));
        }
        point_free(&point);
        assert_int_equal(memory_live, live);
        if (!refused) {
            break;
        }
    }
    point_free(&whole);
    assert_in_range(n, 100, 100000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { POINT_TEST(groups_are_what_differs_by_the_first_part_of_its_key),
        POINT_TEST(each_point_takes_every_group_from_one_of_the_two),
        POINT_TEST(the_first_point_is_one_scenario_and_the_last_the_other),
        POINT_TEST(points_are_described_by_what_they_take_from_b),
        POINT_TEST(named_groups_take_parameters_and_the_rest_keeps_its_own),
        POINT_TEST(a_setting_holds_in_both_scenarios), POINT_TEST(events_that_differ_are_the_last_group),
        POINT_TEST(equal_events_are_no_group),
        POINT_TEST(tables_of_places_that_differ_are_a_group_with_the_size_of_the_city),
        POINT_TEST(sampled_orders_meet_their_mixtures_and_those_of_single_groups),
        POINT_TEST(many_groups_are_sampled_unless_asked_otherwise),
        POINT_TEST(every_fault_is_told_at_its_place), POINT_TEST(no_refused_request_is_lost_or_leaks) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
