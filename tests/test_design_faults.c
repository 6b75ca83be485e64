/* test_design_faults.c - every fault of a design, of stop: and of on_failure: is told at its place. */
#include "tiny.h"

#include "sim/experiment.h"

#include "points.h"

#define HEAD "scenarios: [a, b]\n"
#define LINES 4

/* An experiment, and all that must be said of it, without the file's name. */
struct bad {
    const char *text;
    const char *lines[LINES + 1];
};

static const struct bad files[] = {
    { HEAD "design: grid\nvary: {linkage.levle: [0, 1]}\n",
        { "3:8: error: unknown parameter \"linkage.levle\"; did you mean \"linkage.level\"?" } },
    { HEAD "design: grid\nvary: {linkag: {level: [0, 1]}}\n",
        { "3:8: error: unknown group \"linkag\"; did you mean \"linkage\"?" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 2]}\n",
        { "3:27: error: linkage.level: 2 is out of bounds; it must be from 0 to 1" } },
    { HEAD "design: grid\nvary: {purchase.budget: [-1]}\n",
        { "3:26: error: purchase.budget: -1 is out of bounds; it must be from 0 to 1000 CNY per resident and year" } },
    { HEAD "design: grid\nvary: {linkage.level: 0.5}\n",
        { "3:23: error: linkage.level: a list of values is expected, such as [0, 1]; what does not vary belongs in the scenario" } },
    { HEAD "design: grid\nvary: {linkage: 0.5}\n",
        { "3:17: error: linkage is a group: a mapping of its parameters is expected" } },
    { HEAD "design: grid\nvary: {linkage.level: []}\n",
        { "3:23: error: linkage.level: the list of values is empty" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 0.5, 0.50]}\n",
        { "3:32: error: linkage.level: 0.50 is listed twice" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, [1]]}\n",
        { "3:23: error: linkage.level: each item must be one value" } },
    { HEAD "design: grid\nvary: {linkage.level: {from: 0, to: 1}}\n",
        { "3:23: error: linkage.level: a list of levels, or {from: .., to: .., steps: ..} is expected" } },
    { HEAD "design: grid\nvary: {linkage.level: {from: 0, to: 1, steps: 1}}\n",
        { "3:47: error: steps: 1 is out of bounds; it must be from 2 to 10000" } },
    { HEAD "design: grid\nvary: {city.streets: {from: 1, to: 10, steps: 5}}\n",
        { "3:22: error: city.streets: 5 steps from 1 to 10 are not all whole numbers" } },
    { HEAD "design: grid\nvary: {linkage.level: {from: 1, to: 0, steps: 5}}\n",
        { "3:23: error: linkage.level: the range from 1 to 0 is empty; the lower end comes first" } },
    { HEAD "design: grid\nvary: {switches.linkage: [off, of]}\n",
        { "3:32: error: switches.linkage: \"of\" is not a switch; did you mean \"off\"?" } },
    { HEAD "design: grid\nvary: {switches.linkage: {from: off, to: on, steps: 2}}\n",
        { "3:26: error: switches.linkage: a list of values is expected, not a mapping" } },
    { HEAD "design: grid\nvary: {city.communities: [t.csv, 4]}\n",
        { "3:27: error: city.communities: a table cannot vary; make a scenario for each" } },
    { HEAD "design: grid\nvary: [linkage.level]\n",
        { "3:7: error: vary must be a mapping of parameters to values, such as {GROUP.NAME: [0, 1]}" } },
    { HEAD "design: grid\n",
        { "2:9: error: grid varies nothing; add vary, a mapping of parameters to values, such as {GROUP.NAME: [0, 1]}" } },
    { HEAD "vary: {linkage.level: [0, 1]}\n",
        { "2:1: error: vary stands without a design; add a line such as \"design: grid\"" } },
    { HEAD "points: 8\n",
        { "2:1: error: points stands without a design; add a line such as \"design: grid\"" } },
    { HEAD "design: gird\nvary: {linkage.level: [0, 1]}\n",
        { "2:9: error: unknown design \"gird\"; did you mean \"grid\"?" } },
    { HEAD "design: factorial\nvary: {linkage.level: [0, 1]}\n",
        { "2:9: error: unknown design \"factorial\"; it must be grid, list, lhs, sobol, saltelli, morris, one-at-a-time or attribution" } },
    { HEAD "design: [grid]\nvary: {linkage.level: [0, 1]}\n",
        { "2:9: error: design must be grid, list, lhs, sobol, saltelli, morris, one-at-a-time or attribution, not a list" } },
    { HEAD "design: lhs\npoints: 8\nvary: {linkage.level: [1, 0]}\n",
        { "4:23: error: linkage.level: the range from 1 to 0 is empty; the lower end comes first" } },
    { HEAD "design: lhs\npoints: 8\nvary: {linkage.level: [0, 0.5, 1]}\n",
        { "4:23: error: linkage.level: lhs draws from a range: [low, high] is expected, not 3 numbers" } },
    { HEAD "design: lhs\npoints: 8\nvary: {switches.linkage: [on]}\n",
        { "4:26: error: switches.linkage: lhs draws from a list: at least two values are expected" } },
    { HEAD "design: lhs\nvary: {linkage.level: [0, 1]}\n",
        { "2:9: error: lhs needs the number of points; add a line such as \"points: 64\"" } },
    { HEAD "design: lhs\npoints: 0\nvary: {linkage.level: [0, 1]}\n",
        { "3:9: error: points: 0 is out of bounds; it must be from 1 to 1000000" } },
    { HEAD "design: lhs\npoints: many\nvary: {linkage.level: [0, 1]}\n",
        { "3:9: error: points: \"many\" is not a whole number" } },
    { HEAD "design: grid\npoints: 8\nvary: {linkage.level: [0, 1]}\n",
        { "3:1: error: points is for lhs, sobol, saltelli, morris and list, not for grid" } },
    { HEAD "design: grid\nskip: 1\nscramble: on\nvary: {linkage.level: [0, 1]}\n",
        { "3:1: error: skip is for sobol and saltelli, not for grid",
            "4:1: error: scramble is for sobol and saltelli, not for grid" } },
    { HEAD "design: saltelli\nvary: {linkage.level: [0, 1]}\n",
        { "2:9: error: saltelli needs the number of points; add a line such as \"points: 64\"" } },
    { HEAD "design: sobol\npoints: 8\nsecond_order: on\nvary: {linkage.level: [0, 1]}\n",
        { "4:1: error: second_order is for saltelli, not for sobol" } },
    { HEAD "design: saltelli\npoints: 8\nsecond_order: [on]\nvary: {linkage.level: [0, 1]}\n",
        { "4:15: error: second_order: on or off is expected, not a list" } },
    { HEAD "design: saltelli\npoints: 262144\nvary: {linkage.level: [0, 1]}\n",
        { "2:9: error: the saltelli has 1048576 points for one scenario; at most 1000000 are possible" } },
    { HEAD "design: lhs\npoints: 8\nlevels: 4\nvary: {linkage.level: [0, 1]}\n",
        { "4:1: error: levels is for morris, not for lhs" } },
    { HEAD "design: morris\nlevels: 5\nvary: {linkage.level: [0, 1]}\n",
        { "3:9: error: levels: 5 is odd; Morris' steps are half of the levels, so take an even number" } },
    { HEAD "design: morris\npoints: 7\nvary: {linkage.level: [0, 1], burden.cut: [0, 1]}\n",
        { "3:9: error: points: a trajectory of 2 parameters has 3 points, and 7 is no multiple of that; take 6, or say how many trajectories" } },
    { HEAD "design: morris\npoints: 6\ntrajectories: 3\nvary: {linkage.level: [0, 1]}\n",
        { "4:15: error: points and trajectories say the same thing; leave one of them out" } },
    { HEAD
        "design: grid\nvary: {linkage.level: [0, 1], burden.cut: [0, 0.1, 0.2]}\nlink: [[linkage.level, burden.cut]]\n",
        { "3:31: error: burden.cut has 3 values, and linkage.level, which moves with it, 2" } },
    { HEAD
        "design: grid\nvary: {linkage.level: [0, 1], burden.cut: [0, 0.1]}\nlink: [[linkage.level, burden.cut, linkage.level]]\n",
        { "4:36: error: link: linkage.level is linked twice" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nlink: [[linkage.level, burden.cut]]\n",
        { "4:24: error: link: burden.cut does not vary; add it to vary, or take it out" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nlink: [[linkage.level, burden.cuts]]\n",
        { "4:24: error: unknown parameter \"burden.cuts\"; did you mean \"burden.cut\"?" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nlink: [linkage.level, burden.cut]\n",
        { "4:8: error: link must be a list of lists, such as [[GROUP.NAME, GROUP.NAME]]" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nlink: [[linkage.level]]\n",
        { "4:8: error: link: a list of two or more parameters is expected" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nlink: linkage.level\n",
        { "4:7: error: link must be a list of lists, such as [[GROUP.NAME, GROUP.NAME]]" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nvary_in: {c: {burden.cut: [0, 1]}}\n",
        { "4:11: error: vary_in: no scenario \"c\" here; it must be one that the experiment lists" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nvary_in: {a: [0, 1]}\n",
        { "4:14: error: vary_in: a mapping of parameters is expected for a" } },
    { HEAD "design: grid\nvary: {linkage.level: [0, 1]}\nvary_in: {b: {burden.cut: [0, 2]}}\n",
        { "4:31: error: burden.cut: 2 is out of bounds; it must be from 0 to 1" } },
    { HEAD "design: list\npoints: [{linkage.levl: 1}, {linkage.level: 3}, 4, {burden: {cut: [1]}}]\n",
        { "3:11: error: unknown parameter \"linkage.levl\"; did you mean \"linkage.level\"?",
            "3:45: error: linkage.level: 3 is out of bounds; it must be from 0 to 1",
            "3:49: error: a point must be a mapping, such as {GROUP.NAME: 0.5}",
            "3:67: error: burden.cut: a number is expected, not a list" } },
    { HEAD "design: list\npoints: 5\n",
        { "3:9: error: points must be a list of mappings, such as [{GROUP.NAME: 0.5}, {GROUP.NAME: 0.8}]" } },
    { HEAD "design: list\n",
        { "2:9: error: a list of points is expected: points, a list of mappings, such as [{GROUP.NAME: 0.5}, {GROUP.NAME: 0.8}]" } },
    { HEAD "design: list\npoints: [{}]\n", { "3:9: error: the points set nothing" } },
    { HEAD "design: list\npoints: [{burden.cut: 1}]\nvary: {linkage.level: [0, 1]}\n",
        { "4:1: error: vary is for grid, lhs, sobol, saltelli, morris and one-at-a-time, not for list" } },
    { HEAD "design: {kind: grid, vari: {linkage.level: [0, 1]}}\n",
        { "2:22: error: unknown key \"vari\" in design; did you mean \"vary\"?" } },
    { HEAD "design: {vary: {linkage.level: [0, 1]}}\n",
        { "2:9: error: design has no kind; add one, such as {kind: grid, ...}" } },
    { HEAD "design: {kind: grid, vary: {linkage.level: [0, 1]}}\nlink: [[a, b]]\n",
        { "3:1: error: link must stand in design, where its kind does" } },
    { HEAD "design: grid\nvary: {needs.public_share: [0.1, 0.9]}\n",
        { "3:8: error: needs.public_share, special_share, personal_share and developmental_share must add up to 1, not 0.65 (design point 0: a, needs.public_share=0.1)",
            "3:8: error: needs.public_share, special_share, personal_share and developmental_share must add up to 1, not 1.45 (design point 1: a, needs.public_share=0.9)",
            "3:8: error: needs.public_share, special_share, personal_share and developmental_share must add up to 1, not 0.65 (design point 2: b, needs.public_share=0.1)",
            "3:8: error: needs.public_share, special_share, personal_share and developmental_share must add up to 1, not 1.45 (design point 3: b, needs.public_share=0.9)" } },
    { HEAD "design: list\npoints: [{residents.degree: 4}, {residents.degree: 5}]\n",
        { "3:33: error: residents.degree must be even, not 5 (design point 1: a, residents.degree=5)",
            "3:33: error: residents.degree must be even, not 5 (design point 3: b, residents.degree=5)" } },
    { "scenarios: [t]\ndesign: grid\nvary: {city.communities: [1, 2], city.streets: [1, 2]}\n",
        { "3:8: error: city.communities cannot vary in t, whose table of places tells how many there are",
            "3:34: error: city.streets cannot vary in t, whose table of places tells how many there are" } },
    { HEAD
        "design: grid\nvary: {linkage.level: {from: 0, to: 1, steps: 1001}, burden.cut: {from: 0, to: 1, steps: 1001}}\n",
        { "2:9: error: the grid has 1002001 points for one scenario; at most 1000000 are possible" } },
    { HEAD "stop: 5\n",
        { "2:7: error: stop must be a mapping, such as {half_width: {NAME: 0.005}, min: 10, max: 400}" } },
    { HEAD "stop: {max: 5}\n",
        { "2:1: error: stop asks for no half width; it is a mapping such as {half_width: {NAME: 0.005}, min: 10, max: 400}" } },
    { HEAD "stop: {half_width: {trust: 0}, max: 20}\n",
        { "2:28: error: half_width.trust: 0 is not above 0; no number of replicates would be enough" } },
    { HEAD "stop: {half_width: {trst: 0.1}, max: 20}\n",
        { "2:21: error: unknown observation \"trst\"; did you mean \"trust\"?" } },
    { HEAD "stop: {half_width: {trust: 0.1}, min: 30, max: 20}\n",
        { "2:48: error: stop: at most 20 replicates are fewer than the least number, 30" } },
    { HEAD "stop: {half_width: {trust: 0.1}}\n",
        { "2:1: error: stop needs the largest number of replicates, such as max: 400" } },
    { HEAD "stop: {half_width: {trust: 0.1}, mx: 20}\n",
        { "2:34: error: unknown key \"mx\" in stop; did you mean \"max\"?" } },
    { HEAD "replicates: 5\nstop: {half_width: {trust: 0.1}, max: 20}\n",
        { "2:1: error: replicates and stop both say how many there are; leave replicates out" } },
    { HEAD "stop: {half_width: [trust], min: 1}\n",
        { "2:20: error: half_width: a mapping of observations is expected, such as {NAME: 0.005}",
            "2:34: error: min: 1 is out of bounds; it must be from 2 to 1000000" } },
    { HEAD "on_failure: contine\n",
        { "2:13: error: on_failure: \"contine\" is unknown; did you mean \"continue\"?" } },
    { HEAD "on_failure: {stop_after: 0}\n",
        { "2:26: error: stop_after: 0 is out of bounds; it must be from 1 to 1000000" } },
    { HEAD "on_failure: {after: 3}\n",
        { "2:13: error: on_failure must be continue, stop, or {stop_after: 5}" } },
    { HEAD "on_failure: never\n", { "2:13: error: on_failure must be continue, stop, or {stop_after: 5}" } },
};

static void
write_scenarios(void)
{
    point_write("a.yaml", "model: cogov\n");
    point_write("b.yaml", "model: cogov\n");
    point_write("t.csv", "street,community,residents.female_share\nS,x,0.4\nT,y,\n");
    point_write("t.yaml", "model: cogov\ncity: {communities: t.csv}\n");
}

static void
every_fault_is_told_at_its_place(void **state)
{
    (void) state;
    write_scenarios();
    for (size_t i = 0; i < SIM_COUNT_OF(files); i++) {
        char full[LINES][512];
        const char *lines[LINES + 1] = { NULL };
        for (size_t n = 0; files[i].lines[n] != NULL; n++) {
            snprintf(full[n], sizeof(full[n]), "x.yaml:%s", files[i].lines[n]);
            lines[n] = full[n];
        }
        point_write("x.yaml", files[i].text);
        point_assert_refused(lines);
    }
}

/* HEAD and a design over the first n real parameters of the model, each over all that its bounds allow. */
static void
write_wide(const char *design, uint32_t n)
{
    static char text[8192];
    size_t length = (size_t) snprintf(text, sizeof(text), HEAD "%svary:\n", design);
    for (size_t f = 0; f < cogov_model.fields.count && n > 0; f++) {
        const struct sim_field *field = &cogov_model.fields.list[f];
        int checked = strcmp(field->group, "needs") == 0 || strcmp(field->group, "linkage") == 0;
        if (field->type == SIM_REAL && !checked) {
            length += (size_t) snprintf(text + length, sizeof(text) - length, "  %s.%s: [%.17g, %.17g]\n",
                field->group, field->name, field->lowest, field->highest);
            n--;
        }
    }
    point_write("x.yaml", text);
}

static void
a_sobol_sequence_has_forty_dimensions(void **state)
{
    (void) state;
    struct point point;
    write_scenarios();
    write_wide("design: sobol\npoints: 64\n", 41);
    point_assert_refused((const char *const[]){
        "x.yaml:2:9: error: 41 parameters vary, and a Sobol' sequence has at most 40 dimensions; link some, or "
        "use lhs",
        NULL });
    write_wide("design: sobol\npoints: 64\n", 40);
    point_read(&point, NULL);
    point_show(&point);
    assert_int_equal(point.status, SIM_OK);
    point_free(&point);
}

static void
saltelli_has_room_for_twenty_parameters(void **state)
{
    (void) state;
    struct point point;
    write_scenarios();
    write_wide("design: saltelli\npoints: 4\n", 21);
    point_assert_refused((const char *const[]){
        "x.yaml:2:9: error: 21 parameters vary, and saltelli has room for 20, each with two dimensions of a Sobol' "
        "sequence; link some, or use lhs",
        NULL });
    write_wide("design: saltelli\npoints: 4\nsecond_order: off\n", 20);
    point_read(&point, NULL);
    point_show(&point);
    assert_int_equal(point.status, SIM_OK);
    assert_int_equal(point.experiment.n_points, 2 * 4 * 22);
    point_free(&point);
}

static void
points_that_are_no_power_of_two_are_a_warning(void **state)
{
    (void) state;
    struct point point;
    char line[256];
    write_scenarios();
    point_write("x.yaml", HEAD "design: sobol\npoints: 100\nvary: {linkage.level: [0, 1]}\n");
    point_read(&point, NULL);
    assert_int_equal(point.status, SIM_OK);
    assert_int_equal(point.messages.count, 1);
    sim_message_format(&point.messages.list[0], line, sizeof(line));
    assert_string_equal(line,
        "x.yaml:3:9: warning: 100 points are no power of two; a Sobol' sequence is balanced at 64 and 128");
    point_free(&point);
}

static void
what_varies_cannot_be_set(void **state)
{
    (void) state;
    struct point point;
    char line[256];
    write_scenarios();
    point_write("x.yaml", HEAD "design: grid\nvary: {linkage.level: [0, 1]}\n");
    point_read(&point, "linkage.level=0.5");
    assert_int_equal(point.status, SIM_ERR_INPUT);
    assert_int_equal(point.messages.count, 1);
    sim_message_format(&point.messages.list[0], line, sizeof(line));
    assert_string_equal(line,
        "--set 1: error: linkage.level varies over the design; leave out --set, or take it out of the design");
    point_free(&point);
    point_read(&point, "burden.cut=0.5");
    assert_int_equal(point.status, SIM_OK);
    point_free(&point);
}

static void
of_many_points_that_the_model_refuses_ten_are_told(void **state)
{
    (void) state;
    struct point point;
    char line[256];
    write_scenarios();
    point_write(
        "x.yaml", HEAD "design: grid\nvary: {needs.public_share: {from: 0.1, to: 0.9, steps: 100}}\n");
    point_read(&point, NULL);
    assert_int_equal(point.status, SIM_ERR_INPUT);
    assert_int_equal(point.messages.count, 11);
    sim_message_format(&point.messages.list[0], line, sizeof(line));
    assert_string_equal(
        line, "x.yaml:2:9: error: the model refuses 200 design points; the first 10 of them are told");
    point_free(&point);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        POINT_TEST(every_fault_is_told_at_its_place),
        POINT_TEST(a_sobol_sequence_has_forty_dimensions),
        POINT_TEST(saltelli_has_room_for_twenty_parameters),
        POINT_TEST(points_that_are_no_power_of_two_are_a_warning),
        POINT_TEST(what_varies_cannot_be_set),
        POINT_TEST(of_many_points_that_the_model_refuses_ten_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
