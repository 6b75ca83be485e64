/* test_design.c - what varies over the design points of an experiment, and what each point then is. */
#include "tiny.h"

#include "sim/alloc.h"
#include "sim/experiment.h"

#include "points.h"

#define A "model: cogov\npurchase: {quality_weight: 0.5, budget: 20}\nlinkage: {level: 1}\n"
#define B "model: cogov\npurchase: {quality_weight: 0.25}\n"
#define HEAD "scenarios: [a, b]\n"

/* The experiment of a text about the scenarios a and b. */
static void
design_init(struct point *point, const char *text)
{
    point_write("a.yaml", A);
    point_write("b.yaml", B);
    point_init(point, text);
}

static uint32_t
factor_of(const struct point *point, const char *key)
{
    const struct sim_design *design = &point->experiment.design;
    for (uint32_t f = 0; f < design->n_factors; f++) {
        char own[SIM_KEY_SIZE];
        sim_field_key(design->factors[f].field, own);
        if (strcmp(own, key) == 0) {
            return f;
        }
    }
    fail_msg("%s does not vary", key);
    return 0;
}

/* Keys separated by blanks: their values at all points, a line each. */
static void
assert_values(const struct point *point, const char *keys, const char *expected)
{
    char found[4096] = "", value[SIM_VALUE_SIZE], list[256];
    for (uint32_t p = 0; p < point->experiment.n_points; p++) {
        strcpy(list, keys);
        for (char *rest = list, *key; (key = strtok_r(rest, " ", &rest)) != NULL;) {
            sim_point_value(&point->experiment, p, factor_of(point, key), value);
            strcat(strcat(found, value), *rest != '\0' ? " " : "\n");
        }
    }
    assert_string_equal(found, expected);
}

static double
number_at(const struct point *point, uint32_t index, const char *key)
{
    union sim_value value;
    sim_point_member(&point->experiment, index, factor_of(point, key), &value);
    return value.real;
}

static const struct cogov_params *
params_in(const struct sim_point *point, uint32_t era)
{
    return point->setting.eras[era].params;
}

/* The kinds */

static void
a_grid_has_every_combination_and_the_last_runs_fastest(void **state)
{
    (void) state;
    struct point point;
    design_init(&point,
        HEAD "design: grid\nvary:\n  purchase.quality_weight: [0, 0.5, 1]\n  switches.linkage: [off, on]\n");
    assert_int_equal(point.experiment.n_points, 12);
    assert_int_equal(point.experiment.bases[1].first_point, 6);
    assert_int_equal(point.experiment.bases[1].n_points, 6);
    assert_values(&point, "purchase.quality_weight switches.linkage",
        "0 off\n0 on\n0.5 off\n0.5 on\n1 off\n1 on\n0 off\n0 on\n0.5 off\n0.5 on\n1 off\n1 on\n");
    assert_ptr_equal(sim_experiment_base(&point.experiment, 5), &point.experiment.bases[0]);
    assert_ptr_equal(sim_experiment_base(&point.experiment, 6), &point.experiment.bases[1]);
    point_free(&point);
}

static void
steps_are_evenly_spaced_and_end_where_they_should(void **state)
{
    (void) state;
    struct point point;
    design_init(&point,
        "scenarios: [a]\ndesign: grid\nvary: {purchase: {quality_weight: {from: 0.1, to: 0.7, steps: 4}}}\n");
    assert_values(&point, "purchase.quality_weight", "0.1\n0.3\n0.5\n0.7\n");
    point_free(&point);
    design_init(&point, "scenarios: [a]\ndesign: grid\nvary: {city.streets: {from: 1, to: 9, steps: 5}}\n");
    assert_values(&point, "city.streets", "1\n3\n5\n7\n9\n");
    point_free(&point);
}

static void
words_and_distributions_vary_too(void **state)
{
    (void) state;
    struct point point;
    design_init(&point,
        "scenarios: [a]\ndesign: grid\nvary:\n  participation.influence_form: [linear, threshold]\n"
        "  city.elderly_share: [\"normal(0.2, 0.1)\", 0.3]\n");
    assert_values(&point, "participation.influence_form city.elderly_share",
        "linear normal(0.2, 0.1)\nlinear 0.3\nthreshold normal(0.2, 0.1)\nthreshold 0.3\n");
    point_free(&point);
}

static void
a_list_has_the_points_that_it_says(void **state)
{
    (void) state;
    struct point point;
    design_init(&point,
        HEAD "design: list\npoints:\n  - {purchase.quality_weight: 0.8, linkage: {level: 0}}\n  - {}\n"
             "  - {purchase: {quality_weight: 0.1}}\n");
    assert_int_equal(point.experiment.n_points, 6);
    assert_values(
        &point, "purchase.quality_weight linkage.level", "0.8 0\n0.5 1\n0.1 1\n0.8 0\n0.25 0\n0.1 0\n");
    point_free(&point);
}

static void
one_at_a_time_leaves_the_scenario_by_one_step_each(void **state)
{
    (void) state;
    struct point point;
    design_init(&point,
        HEAD
        "design: one-at-a-time\nvary: {purchase.quality_weight: [0, 0.5, 1], switches.linkage: [off, on]}\n");
    assert_int_equal(point.experiment.bases[0].n_points, 4); /* 0.5 and on are a's own */
    assert_int_equal(point.experiment.bases[1].n_points, 5);
    assert_values(&point, "purchase.quality_weight switches.linkage",
        "0.5 on\n0 on\n1 on\n0.5 off\n"
        "0.25 on\n0 on\n0.5 on\n1 on\n0.25 off\n");
    point_free(&point);
}

/* Each of n equal parts of 0 .. 1 holds one number of a column. */
static void
assert_each_stratum_once(const struct point *point, uint32_t first, uint32_t n, const char *key)
{
    unsigned char seen[64] = { 0 };
    for (uint32_t p = 0; p < n; p++) {
        uint32_t stratum = (uint32_t) (number_at(point, first + p, key) * n);
        assert_true(stratum < n && !seen[stratum]);
        seen[stratum] = 1;
    }
}

#define LHS "design: lhs\npoints: 13\nvary: {purchase.quality_weight: [0, 1], linkage.level: [0, 1]}\n"

static void
a_latin_hypercube_has_each_stratum_once_and_the_scenarios_in_the_same_places(void **state)
{
    (void) state;
    struct point point, other, again;
    design_init(&point, HEAD LHS);
    design_init(&other, HEAD LHS "seed: 2\n");
    design_init(&again, HEAD LHS);
    double same = 0, sum = 0;
    unsigned rises = 0;
    assert_int_equal(point.experiment.n_points, 26);
    for (uint32_t b = 0; b < 2; b++) {
        assert_each_stratum_once(&point, 13 * b, 13, "purchase.quality_weight");
        assert_each_stratum_once(&point, 13 * b, 13, "linkage.level");
    }
    for (uint32_t p = 0; p < 13; p++) {
        double x = number_at(&point, p, "purchase.quality_weight"), y = number_at(&point, p, "linkage.level");
        assert_true(x == number_at(&point, 13 + p, "purchase.quality_weight"));
        assert_true(x == number_at(&again, p, "purchase.quality_weight"));
        same += x == number_at(&other, p, "purchase.quality_weight");
        sum += x == y;
        rises += p > 0 && x > number_at(&point, p - 1, "purchase.quality_weight");
    }
    assert_in_range(rises, 1, 11); /* in random order */
    assert_true(same == 0 && sum == 0);
    assert_ptr_equal(
        point.experiment.bases[0].variation->matrix, point.experiment.bases[1].variation->matrix);
    assert_string_equal(point.experiment.digest, again.experiment.digest);
    assert_string_not_equal(point.experiment.digest, other.experiment.digest);
    point_free(&point);
    point_free(&other);
    point_free(&again);
}

static void
another_parameter_leaves_the_columns_of_the_others(void **state)
{
    (void) state;
    struct point two, three;
    design_init(&two, HEAD LHS);
    design_init(&three, HEAD LHS "vary_in: {b: {purchase.budget: [10, 30]}}\n");
    for (uint32_t p = 0; p < 26; p++) {
        assert_true(number_at(&two, p, "linkage.level") == number_at(&three, p, "linkage.level"));
    }
    assert_true(number_at(&three, 3, "purchase.budget") == 20); /* a's own */
    assert_true(number_at(&three, 14, "purchase.budget") != number_at(&three, 15, "purchase.budget"));
    assert_true(sim_point_varies(&three.experiment, 14, factor_of(&three, "purchase.budget")));
    assert_false(sim_point_varies(&three.experiment, 3, factor_of(&three, "purchase.budget")));
    point_free(&two);
    point_free(&three);
}

#define SOBOL \
    "scenarios: [a]\ndesign: sobol\npoints: 8\nvary: {purchase.quality_weight: [0, 1], linkage.level: [0, 1]}\n"

static void
sobol_points_are_the_known_sequence(void **state)
{
    (void) state;
    struct point point;
    design_init(&point, SOBOL "scramble: off\n");
    assert_values(&point, "purchase.quality_weight linkage.level",
        "0 0\n0.5 0.5\n0.75 0.25\n0.25 0.75\n0.375 0.375\n0.875 0.875\n0.625 0.125\n0.125 0.625\n");
    point_free(&point);
    design_init(&point, SOBOL "scramble: off\nskip: 3\n");
    assert_true(number_at(&point, 0, "purchase.quality_weight") == 0.25);
    assert_true(number_at(&point, 0, "linkage.level") == 0.75);
    point_free(&point);
}

static void
a_shifted_sobol_sequence_stays_balanced(void **state)
{
    (void) state;
    struct point plain, point, other;
    design_init(&plain, SOBOL "scramble: off\n");
    design_init(&point, SOBOL);
    design_init(&other, SOBOL "seed: 2\n");
    assert_each_stratum_once(&point, 0, 8, "purchase.quality_weight");
    assert_each_stratum_once(&point, 0, 8, "linkage.level");
    for (uint32_t p = 0; p < 8; p++) {
        double x = number_at(&point, p, "purchase.quality_weight");
        assert_true(x != number_at(&plain, p, "purchase.quality_weight"));
        assert_true(x != number_at(&other, p, "purchase.quality_weight"));
        assert_true(x != number_at(&point, p, "linkage.level"));
    }
    point_free(&plain);
    point_free(&point);
    point_free(&other);
}

static void
saltelli_mixes_two_halves_of_a_sobol_sequence_in_the_order_of_salib(void **state)
{
    (void) state;
    static const char *const halves[] = { "purchase.quality_weight", "linkage.level", "burden.cut",
        "empowerment.level" };
    struct point point, sequence;
    design_init(&sequence,
        "scenarios: [a]\ndesign: sobol\npoints: 8\nskip: 8\nvary: {purchase.quality_weight: [0, 1], "
        "linkage.level: [0, 1], burden.cut: [0, 1], empowerment.level: [0, 1]}\n");
    design_init(&point,
        "scenarios: [a]\ndesign: saltelli\npoints: 8\nskip: 8\nsecond_order: off\n"
        "vary: {purchase.quality_weight: [0, 1], linkage.level: [0, 1]}\n");
    assert_int_equal(point.experiment.n_points, 8 * 4);
    for (uint32_t p = 0; p < 8; p++) {
        for (uint32_t k = 0; k < 2; k++) {
            double of_a = number_at(&sequence, p, halves[k]), of_b = number_at(&sequence, p, halves[k + 2]);
            for (uint32_t i = 0; i < 4; i++) { /* A, A with the first of B, A with the second, B */
                assert_true(number_at(&point, 4 * p + i, halves[k]) == (i == 3 || i == k + 1 ? of_b : of_a));
            }
        }
    }
    point_free(&sequence);
    point_free(&point);
    design_init(&point,
        "scenarios: [a]\ndesign: saltelli\npoints: 2\nscramble: on\n"
        "vary: {purchase.quality_weight: [0, 1], linkage.level: [0, 1], burden.cut: [0, 0.3], switches.trust: [off, on]}\n"
        "link: [[purchase.quality_weight, burden.cut]]\n");
    assert_int_equal(point.experiment.n_points, 2 * (2 * 3 + 2)); /* linked ones are one */
    assert_true(point.experiment.design.second_order);
    for (uint32_t a = 0; a < 16; a += 8) {
        static const char *const keys[] = { "purchase.quality_weight", "linkage.level" };
        for (uint32_t k = 0; k < 2; k++) {
            double of_a = number_at(&point, a, keys[k]), of_b = number_at(&point, a + 7, keys[k]);
            assert_true(of_a != of_b);
            for (uint32_t i = 0; i < 3; i++) {
                assert_true(number_at(&point, a + 1 + i, keys[k]) == (i == k ? of_b : of_a));
                assert_true(number_at(&point, a + 4 + i, keys[k]) == (i == k ? of_a : of_b));
            }
        }
        for (uint32_t i = 0; i < 8; i++) {
            assert_near(number_at(&point, a + i, "burden.cut"),
                0.3 * number_at(&point, a + i, "purchase.quality_weight"), 1e-15);
        }
    }
    point_free(&point);
}

static void
each_step_of_a_trajectory_moves_one_group_by_delta(void **state)
{
    (void) state;
    static const char *const keys[] = { "purchase.quality_weight", "linkage.level", "burden.cut" };
    struct point point;
    unsigned ups = 0, orders = 0;
    design_init(&point,
        "scenarios: [a]\ndesign: morris\ntrajectories: 20\nlevels: 4\n"
        "vary: {purchase.quality_weight: [0, 1], linkage.level: [0, 1], burden.cut: [0, 0.3]}\n"
        "link: [[purchase.quality_weight, burden.cut]]\n");
    assert_int_equal(point.experiment.n_points, 60);
    for (uint32_t t = 0; t < 20; t++) {
        unsigned moved = 0;
        for (uint32_t step = 0; step < 2; step++) {
            double moves[3];
            for (int k = 0; k < 3; k++) {
                double from = number_at(&point, 3 * t + step, keys[k]),
                       to = number_at(&point, 3 * t + step + 1, keys[k]);
                moves[k] = to - from;
                double level = 3 * from / (k == 2 ? 0.3 : 1);
                assert_near(level, (double) (int) (level + 0.5), 1e-12);
            }
            int first = moves[0] != 0;
            assert_near(moves[first ? 0 : 1], moves[first ? 0 : 1] > 0 ? 2. / 3 : -2. / 3, 1e-12);
            assert_true(moves[first ? 1 : 0] == 0);
            assert_near(moves[2], 0.3 * moves[0], 1e-12); /* linked */
            moved |= first ? 1 : 2;
            ups += moves[first ? 0 : 1] > 0;
            orders += first && step == 0;
        }
        assert_int_equal(moved, 3);
    }
    assert_likely(ups, 40, 0.5);
    assert_likely(orders, 20, 0.5);
    point_free(&point);
}

/* Ranges */

static void
whole_numbers_and_words_are_equally_likely(void **state)
{
    (void) state;
    struct point point;
    unsigned streets[4] = { 0 }, on = 0, threshold = 0;
    design_init(&point,
        "scenarios: [a]\ndesign: lhs\npoints: 24\nvary: {city.streets: [2, 5], switches.linkage: [off, on], "
        "participation.influence_form: [linear, threshold]}\n");
    for (uint32_t p = 0; p < 24; p++) {
        union sim_value value;
        sim_point_member(&point.experiment, p, 0, &value);
        assert_in_range(value.integer, 2, 5);
        streets[value.integer - 2]++;
        sim_point_member(&point.experiment, p, 1, &value);
        on += value.index == 1;
        sim_point_member(&point.experiment, p, 2, &value);
        threshold += value.index == 1;
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(streets[i], 6);
    }
    assert_int_equal(on, 12);
    assert_int_equal(threshold, 12);
    point_free(&point);
}

static void
a_scenario_may_have_a_range_of_its_own(void **state)
{
    (void) state;
    struct point point;
    design_init(&point, HEAD LHS "vary_in: {b: {linkage: {level: [0.2, 0.6]}}}\n");
    for (uint32_t p = 0; p < 13; p++) {
        double u = number_at(&point, p, "linkage.level");
        assert_near(number_at(&point, 13 + p, "linkage.level"), 0.2 + 0.4 * u, 1e-15);
    }
    point_free(&point);
    design_init(&point,
        HEAD
        "design: grid\nvary: {linkage.level: [0, 1]}\nvary_in: {b: {linkage.level: [0.5]}, a: {burden.cut: [0, 0.5]}}\n");
    assert_values(&point, "linkage.level burden.cut", "0 0\n0 0.5\n1 0\n1 0.5\n0.5 0\n");
    point_free(&point);
}

static void
linked_parameters_move_together(void **state)
{
    (void) state;
    struct point point;
    design_init(&point,
        "scenarios: [a]\ndesign: grid\nvary: {linkage.level: [0, 1], burden.cut: [0.1, 0.2], purchase.budget: [5, 10]}\n"
        "link: [[purchase.budget, linkage.level]]\n");
    assert_values(
        &point, "linkage.level burden.cut purchase.budget", "0 0.1 5\n0 0.2 5\n1 0.1 10\n1 0.2 10\n");
    point_free(&point);
    design_init(&point,
        "scenarios: [a]\ndesign: lhs\npoints: 5\nvary: {linkage.level: [0, 1], burden.cut: [0.5, 0.6], purchase.budget: [5, 10]}\n"
        "link: [[purchase.budget, linkage.level]]\n");
    for (uint32_t p = 0; p < 5; p++) {
        double u = number_at(&point, p, "linkage.level");
        assert_near(number_at(&point, p, "purchase.budget"), 5 + 5 * u, 1e-14);
        assert_true(number_at(&point, p, "burden.cut") != 0.5 + 0.1 * u);
    }
    point_free(&point);
}

static void
the_two_spellings_say_the_same(void **state)
{
    (void) state;
    struct point flat, nested;
    design_init(&flat, HEAD LHS "link: [[purchase.quality_weight, linkage.level]]\n");
    design_init(&nested,
        HEAD
        "design:\n  kind: lhs\n  points: 13\n  vary:\n    purchase: {quality_weight: [0, 1]}\n    linkage.level: [0, 1]\n"
        "  link: [[purchase.quality_weight, linkage.level]]\n");
    assert_int_equal(flat.experiment.n_points, nested.experiment.n_points);
    for (uint32_t p = 0; p < 26; p++) {
        assert_true(number_at(&flat, p, "linkage.level") == number_at(&nested, p, "linkage.level"));
        assert_true(number_at(&flat, p, "purchase.quality_weight")
            == number_at(&nested, p, "purchase.quality_weight"));
    }
    point_free(&flat);
    point_free(&nested);
}

/* What becomes of the parameters */

static void
a_point_is_the_scenario_but_for_what_varies(void **state)
{
    (void) state;
    struct point point;
    struct sim_point at;
    design_init(&point, HEAD "design: grid\nvary: {purchase.quality_weight: [0, 1]}\n");
    assert_int_equal(sim_point_init(&at, &point.experiment, 1), SIM_OK);
    struct cogov_params expected =
        *(const struct cogov_params *) point.experiment.bases[0].setting.eras[0].params;
    assert_true(expected.purchase_quality_weight == 0.5);
    expected.purchase_quality_weight = 1;
    assert_memory_equal(params_in(&at, 0), &expected, sizeof(expected));
    char text[128], cut[16];
    sim_point_describe(&point.experiment, 3, text, sizeof(text));
    assert_string_equal(text, "b, purchase.quality_weight=1");
    sim_point_describe(&point.experiment, 3, cut, sizeof(cut));
    assert_string_equal(cut, "b, purchase....");
    sim_point_free(&at);
    sim_point_free(&at);
    point_free(&point);
}

static void
an_event_holds_from_its_month_on_whatever_the_design_says(void **state)
{
    (void) state;
    struct point point;
    struct sim_point at;
    point_write("a.yaml",
        "model: cogov\nevents:\n  - {month: 5, set: {burden.cut: 0.4}}\n  - {month: 9, set: {purchase.budget: 70}}\n");
    point_init(
        &point, "scenarios: [a]\ndesign: grid\nvary: {burden.cut: [0.1, 0.2], purchase.budget: [5, 10]}\n");
    assert_int_equal(sim_point_init(&at, &point.experiment, 3), SIM_OK);
    static const double cuts[] = { 0.2, 0.4, 0.4 }, budgets[] = { 10, 10, 70 };
    assert_int_equal(at.setting.n_eras, 3);
    for (uint32_t e = 0; e < 3; e++) {
        assert_true(params_in(&at, e)->burden_cut == cuts[e]);
        assert_true(params_in(&at, e)->purchase_budget == budgets[e]);
        assert_int_equal(at.setting.eras[e].first, point.experiment.bases[0].setting.eras[e].first);
    }
    sim_point_free(&at);
    point_free(&point);
}

static void
a_place_of_a_table_keeps_what_its_row_says(void **state)
{
    (void) state;
    struct point point;
    struct sim_point at;
    point_write("t.csv",
        "street,community,residents.female_share,purchase.quality_weight\nS,x,0.4,\nS,y,,\nT,z,,0.9\nT,w,0.3,\n");
    point_write(
        "a.yaml", "model: cogov\ncity: {communities: t.csv}\nevents: [{month: 3, set: {burden.cut: 0.4}}]\n");
    point_init(&point,
        "scenarios: [a]\ndesign: grid\nvary: {residents.female_share: [0.1, 0.2], purchase.quality_weight: [0, 0.3]}\n");
    assert_int_equal(sim_point_init(&at, &point.experiment, 3), SIM_OK);
    for (uint32_t e = 0; e < 2; e++) {
        const struct sim_era *era = &at.setting.eras[e];
        const struct cogov_params *x = era->own[3], *t = era->own[2], *w = era->own[6];
        assert_true(params_in(&at, e)->residents_female_share == 0.2);
        assert_true(x->residents_female_share == 0.4 && x->purchase_quality_weight == 0.3);
        assert_null(era->own[4]); /* as its street, which is as the city */
        assert_null(era->own[1]);
        assert_true(t->residents_female_share == 0.2 && t->purchase_quality_weight == 0.9);
        assert_true(w->residents_female_share == 0.3 && w->purchase_quality_weight == 0.9);
        assert_true(params_in(&at, e)->burden_cut == (e == 0 ? x->burden_cut : 0.4));
    }
    sim_point_free(&at);
    point_free(&point);
}

static void
cities_may_differ_in_size(void **state)
{
    (void) state;
    struct point point;
    uint32_t streets, communities;
    design_init(
        &point, "scenarios: [a]\ndesign: grid\nvary: {city.streets: [1, 3], city.communities: [2, 4]}\n");
    sim_point_extent(&point.experiment, 2, &streets, &communities);
    assert_true(streets == 3 && communities == 2);
    assert_int_equal(sim_record_places(&point.experiment, 3, SIM_BLOCK), 12);
    point_free(&point);
}

static void
stopping_and_failures_are_read(void **state)
{
    (void) state;
    struct point point;
    design_init(&point,
        "scenarios: [a]\nstop: {half_width: {service_quality: 0.005, trust: 0.01}, min: 8, max: 400}\non_failure: stop\n");
    const struct sim_stopping *stopping = &point.experiment.stopping;
    assert_int_equal(stopping->n, 2);
    assert_string_equal(cogov_model.observations[stopping->list[1].observation].name, "trust");
    assert_true(stopping->list[0].half_width == 0.005);
    assert_true(stopping->min == 8 && stopping->step == 8 && stopping->max == 400);
    assert_int_equal(point.experiment.n_replicates, 400);
    assert_int_equal(point.experiment.stop_after, 1);
    point_free(&point);
    design_init(&point,
        "scenarios: [a]\nstop.half_width.trust: 1e-3\nstop.max: 40\nstop.step: 5\non_failure: {stop_after: 7}\n");
    assert_true(point.experiment.stopping.min == 10 && point.experiment.stopping.step == 5);
    assert_int_equal(point.experiment.stop_after, 7);
    point_free(&point);
    design_init(&point, "scenarios: [a]\non_failure: continue\n");
    assert_int_equal(point.experiment.stop_after, 0);
    point_free(&point);
}

static void
a_hundred_thousand_points_take_little(void **state)
{
    (void) state;
    struct point point;
    struct sim_point at;
    design_init(&point,
        "scenarios: [a]\ndesign: sobol\npoints: 131072\nvary: {linkage.level: [0, 1], switches.linkage: [off, on]}\n");
    assert_int_equal(sim_point_init(&at, &point.experiment, 131071), SIM_OK);
    assert_true(params_in(&at, 0)->linkage_level == number_at(&point, 131071, "linkage.level"));
    sim_point_free(&at);
    point_free(&point);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        POINT_TEST(a_grid_has_every_combination_and_the_last_runs_fastest),
        POINT_TEST(steps_are_evenly_spaced_and_end_where_they_should),
        POINT_TEST(words_and_distributions_vary_too),
        POINT_TEST(a_list_has_the_points_that_it_says),
        POINT_TEST(one_at_a_time_leaves_the_scenario_by_one_step_each),
        POINT_TEST(a_latin_hypercube_has_each_stratum_once_and_the_scenarios_in_the_same_places),
        POINT_TEST(another_parameter_leaves_the_columns_of_the_others),
        POINT_TEST(sobol_points_are_the_known_sequence),
        POINT_TEST(a_shifted_sobol_sequence_stays_balanced),
        POINT_TEST(saltelli_mixes_two_halves_of_a_sobol_sequence_in_the_order_of_salib),
        POINT_TEST(each_step_of_a_trajectory_moves_one_group_by_delta),
        POINT_TEST(whole_numbers_and_words_are_equally_likely),
        POINT_TEST(a_scenario_may_have_a_range_of_its_own),
        POINT_TEST(linked_parameters_move_together),
        POINT_TEST(the_two_spellings_say_the_same),
        POINT_TEST(a_point_is_the_scenario_but_for_what_varies),
        POINT_TEST(an_event_holds_from_its_month_on_whatever_the_design_says),
        POINT_TEST(a_place_of_a_table_keeps_what_its_row_says),
        POINT_TEST(cities_may_differ_in_size),
        POINT_TEST(stopping_and_failures_are_read),
        POINT_TEST(a_hundred_thousand_points_take_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
