/* test_scenario.c - a scenario says what it means, the later word wins, and every fault is told at its line
 * and column. */
#include "memory.h"
#include "scenario_files.h"
#include "sim/scenario.h"

static const struct bad bad_files[] = {
    /* keys */
    { "purchase:\n  qualty_weight: 0.5\n", 2, 3,
        "unknown parameter \"purchase.qualty_weight\"; did you mean \"purchase.quality_weight\"?" },
    { "purchase: {nonsense: 1}\n", 1, 12, "unknown parameter \"purchase.nonsense\"" },
    { "city: {budget: 5}\n", 1, 8, "did you mean \"purchase.budget\"?" },
    { "quality_weight: 0.5\n", 1, 1,
        "unknown key \"quality_weight\"; did you mean \"purchase.quality_weight\"?" },
    { "title: x\npurchse:\n  budget: 5\n  foo: 1\n", 2, 1,
        "unknown group \"purchse\"; did you mean \"purchase\"?" },
    { "zzz: {a: 1, b: {c: [1]}}\n", 1, 1, "unknown group \"zzz\"" },
    { "purchse.budget: 5\n", 1, 1,
        "unknown parameter \"purchse.budget\"; did you mean \"purchase.budget\"?" },
    { "titel: x\n", 1, 1, "unknown key \"titel\"; did you mean \"title\"?" },
    { "extend: x\n", 1, 1, "did you mean \"extends\"?" },
    { "plase: x\n", 1, 1, "unknown key \"plase\"; did you mean \"place\"?" },
    { "sourse: x\n", 1, 1, "unknown key \"sourse\"; did you mean \"source\"?" },
    { "scenarios: [a, b]\n", 1, 1, "unknown key \"scenarios\"" },
    /* shapes */
    { "purchase: 0.8\n", 1, 11, "purchase is a group: a mapping of its parameters is expected, not \"0.8\"" },
    { "purchase: [0.8]\n", 1, 11,
        "purchase is a group: a mapping of its parameters is expected, not a list" },
    { "purchase:\n  budget: [1, 2]\n", 2, 11, "purchase.budget: a number is expected, not a list" },
    { "purchase:\n  budget:\n    mean: 5\n", 3, 5, "purchase.budget: a number is expected, not a mapping" },
    { "purchase.budget: {mean: 5}\n", 1, 18, "purchase.budget: a number is expected, not a mapping" },
    { "residents: {trust: {normal: [0.5, 0.1]}}\n", 1, 20,
        "a number or a distribution is expected, not a mapping" },
    { "city: {inner: {regions: 2}}\n", 1, 8, "unknown parameter \"city.inner\"" },
    { "title: [a]\n", 1, 8, "title must be a text, not a list" },
    { "model: {name: cogov}\n", 1, 8, "model must be a text, not a mapping" },
    { "extends: {a: b}\n", 1, 10, "extends must be a text, not a mapping" },
    { "place: [重庆, 无锡]\n", 1, 8, "place must be a text, not a list" },
    { "source: {key: Shi2019}\n", 1, 9, "source must be a text, not a mapping" },
    { "title: |\n  two\n  lines\n", 1, 8, "title must be one line" },
    { "place: \"江苏省\\t无锡市\"\n", 1, 8, "place must be one line without tabs" },
    { "source: ''\n", 1, 9, "source is empty" },
    { "model: \"\"\n", 1, 8, "model is empty" },
    /* values */
    { "purchase:\n  quality_weight: high\n", 2, 19, "purchase.quality_weight: \"high\" is not a number" },
    { "purchase: {quality_weight: \"0.5\"}\n", 1, 28,
        "purchase.quality_weight: a number is expected, not a quoted text" },
    { "city: {regions: '4'}\n", 1, 17, "city.regions: a whole number is expected, not a quoted text" },
    { "residents: {trust: '0.4'}\n", 1, 20, "not a quoted text" },
    { "switches: {linkage: \"on\"}\n", 1, 21, "switches.linkage: on or off is expected, not a quoted text" },
    { "switches: {linkage: 1}\n", 1, 21, "\"1\" is not a switch" },
    { "switches: {linkage: yes}\n", 1, 21, "\"yes\" is not a switch; it must be on, off, true or false" },
    { "switches: {linkage: True}\n", 1, 21, "did you mean \"true\"?" },
    { "party: {mode: matrics}\n", 1, 15, "did you mean \"matrix\"?" },
    { "party: {mode: none}\n", 1, 15, "it must be one of off, matrix, leader" },
    { "purchase: {quality_weight: 1.7}\n", 1, 28,
        "purchase.quality_weight: 1.7 is out of bounds; it must be from 0 to 1" },
    { "purchase: {budget: -3}\n", 1, 20, "-3 is out of bounds; it must be from 0 to 1000 CNY" },
    { "city: {regions: 2.5}\n", 1, 17, "2.5 is not a whole number" },
    { "city: {regions: 99999999999999999999}\n", 1, 17, "too large for a whole number" },
    { "purchase: {budget: .nan}\n", 1, 20, ".nan is not finite" },
    { "purchase: {budget: nan}\n", 1, 20, "nan is not finite" },
    { "purchase: {budget: .inf}\n", 1, 20, ".inf is not finite" },
    { "purchase: {budget: -inf}\n", 1, 20, "-inf is not finite" },
    { "purchase: {budget: 1e999}\n", 1, 20, "too large for a number" },
    { "purchase: {budget: 0x10}\n", 1, 20, "only decimal digits are read" },
    { "purchase: {budget: 010}\n", 1, 20, "starts with a zero that does not count" },
    { "purchase: {budget: 1_000}\n", 1, 20, "\"1_000\" is not a number" },
    { "purchase: {budget: 5 %}\n", 1, 20, "\"5 %\" is not a number" },
    { "purchase:\n  budget: 1,5\n", 2, 11, "write the decimal point as a point" },
    { "purchase: {budget: \"\"}\n", 1, 20, "not a quoted text" },
    { "residents:\n  trust: normel(0.5, 0.1)\n", 2, 10, "did you mean \"normal\"?" },
    { "residents:\n  trust: normal(0.5)\n", 2, 10, "normal takes 2 arguments, not 1" },
    { "residents:\n  trust: uniform(0.7, 0.2)\n", 2, 10, "is above the high end" },
    { "residents:\n  trust: normal(0.5, -1)\n", 2, 10, "is negative" },
    { "residents:\n  trust: lognormal(2, 1)\n", 2, 10,
        "the median 2 is out of bounds; it must be from 0 to 1" },
    { "residents:\n  trust: \"uniform(0, 2)\"\n", 2, 10, "the high end 2 is out of bounds" },
    { "title: 三社联动\n\"party\": {mode: \"三社\"}\n", 2, 17, "\"三社\" is not one of the choices" },
    { "{title: 三社联动, city: {regions: 0}}\n", 1, 31,
        "0 is out of bounds; it must be from 1 to 100 streets" },
    /* extends */
    { "extends: x\n", 1, 10, "\"x\" extends itself" },
    { "title: a\nextends: ./x.yaml\n", 2, 10, "\"x\" extends itself" },
    { "extends: bsae\n", 1, 10, "there is no scenario \"bsae\"; did you mean \"base\"?" },
    { "extends: elsewhere/bsae.yaml\n", 1, 10, "did you mean \"base\"?" },
    { "extends: nowhere\n", 1, 10, "there is no scenario \"nowhere\"; there are: base x" },
};

static void
every_fault_is_told_at_its_place_and_once(void **state)
{
    (void) state;
    assert_bad_files(bad_files, sizeof(bad_files) / sizeof(bad_files[0]));
}

static void
all_faults_of_a_file_are_told_from_top_to_bottom(void **state)
{
    (void) state;
    write_text("x.yaml",
        "model: cogov\n"
        "purchase:\n"
        "  qualty_weight: 0.5\n"
        "  budget: 5000\n"
        "city: {regions: many, regions: 2}\n"
        "switches: &s\n"
        "  linkage:\n"
        "party: {mode: [a, b], moed: leader}\n"
        "residents: [{}, {}]\n"
        "list: {a: {b: {c: {d: {e: {f: {g: {h: ~}}}}}}}}\n"
        "tilte: 三社: y\n"
        "residents: {trust: 7}\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome,
        LINES("x.yaml:3:3: error: unknown parameter \"purchase.qualty_weight\"; "
              "did you mean \"purchase.quality_weight\"?",
            "x.yaml:4:11: error: purchase.budget: 5000 is out of bounds; it must be from 0 to 1000 CNY",
            "x.yaml:5:17: error: city.regions: \"many\" is not a whole number",
            "x.yaml:5:23: error: repeated key \"city.regions\"; it is given in line 5 already",
            "x.yaml:6:11: error: anchors are not allowed: &s",
            "x.yaml:7:11: error: switches.linkage has no value",
            "x.yaml:8:15: error: party.mode: a word is expected, not a list",
            "x.yaml:8:23: error: unknown parameter \"party.moed\"; did you mean \"party.mode\"?",
            "x.yaml:9:12: error: residents is a group: a mapping of its parameters is expected, not a list",
            "x.yaml:10:1: error: unknown group \"list\"",
            "x.yaml:10:39: error: list.a.b.c.d.e.f.g.h has no value",
            "x.yaml:11:1: error: unknown key \"tilte\"; did you mean \"title\"?",
            "x.yaml:11:10: error: not YAML: mapping values are not allowed in this context"));
    free_outcome(&outcome);
}

static void
a_good_file_sets_what_it_says(void **state)
{
    (void) state;
    write_text("x.yaml",
        "# a comment\n"
        "model: cogov\n"
        "title: \"三社联动: 重庆\"\n"
        "purchase: {quality_weight: 0.25, budget: 1e2}\n"
        "city.regions: 7 # dotted\n"
        "switches:\n"
        "    linkage: off\n"
        "party: {mode: \"leader\"}\n"
        "residents:\n"
        "    trust: uniform(0.2, 0.4)\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    print_messages(&outcome.messages);
    assert_int_equal(outcome.status, SIM_OK);
    const struct parameters *p = &outcome.parameters;
    assert_true(p->purchase_quality_weight == 0.25 && p->purchase_budget == 100);
    assert_int_equal(p->city_regions, 7);
    assert_int_equal(p->switches_linkage, 0);
    assert_int_equal(p->party_mode, 2);
    assert_int_equal(p->residents_trust.kind, SIM_UNIFORM);
    assert_true(p->residents_trust.a == 0.2 && p->residents_trust.b == 0.4);
    const struct sim_entry *title = sim_scenario_top(&outcome.scenario, "title");
    assert_string_equal(title->text, "三社联动: 重庆");
    assert_int_equal(title->value_at.line, 3);
    assert_int_equal(title->value_at.column, 8);
    assert_string_equal(sim_scenario_top(&outcome.scenario, "model")->text, "cogov");
    assert_null(sim_scenario_top(&outcome.scenario, "extends"));
    free_outcome(&outcome);
}

static void
later_words_win_over_earlier_ones(void **state)
{
    (void) state;
    mkdir("scenarios", 0777);
    write_text("scenarios/base.yaml",
        "title: Base\nmodel: cogov\npurchase: {quality_weight: 0.1, budget: 1}\n"
        "city: {regions: 1}\nparty: {mode: off}\n");
    write_text("scenarios/middle.yaml",
        "extends: base\npurchase: {quality_weight: 0.2, budget: 2}\ncity: {regions: 2}\n");
    write_text("scenarios/top.yaml", "extends: middle.yaml\npurchase: {quality_weight: 0.3, budget: 3}\n");
    struct outcome outcome;
    static const char *const settings[] = { "purchase.quality_weight=0.4", " purchase.quality_weight = 0.5 ",
        NULL };
    read_scenario(&outcome, "scenarios/top.yaml", settings);
    print_messages(&outcome.messages);
    assert_int_equal(outcome.status, SIM_OK);
    const struct parameters *p = &outcome.parameters;
    assert_true(p->purchase_quality_weight == 0.5); /* --set, the last one */
    assert_true(p->purchase_budget == 3);           /* the file */
    assert_int_equal(p->city_regions, 2);           /* what it extends */
    assert_int_equal(p->party_mode, 0);             /* what that extends */
    assert_int_equal(p->switches_linkage, 1);       /* the default */
    assert_int_equal(outcome.scenario.n_documents, 3);
    assert_string_equal(outcome.scenario.documents[0].stem, "base");
    assert_string_equal(outcome.scenario.documents[1].stem, "middle");
    assert_string_equal(outcome.scenario.documents[2].stem, "top");
    assert_string_equal(sim_scenario_top(&outcome.scenario, "model")->text, "cogov");
    assert_null(sim_scenario_top(&outcome.scenario, "title"));
    assert_string_equal(sim_scenario_top(&outcome.scenario, "extends")->text, "middle.yaml");
    free_outcome(&outcome);
}

static void
only_the_model_is_inherited_of_what_a_file_says_of_itself(void **state)
{
    (void) state;
    write_text("base.yaml", "model: cogov\ntitle: Base\nplace: 无锡\nsource: Shi2019\n");
    write_text("x.yaml", "extends: base\nplace: 重庆市\n");
    write_text("y.yaml", "extends: x\nsource: Dacheng2020 section 4.1\n");
    struct outcome x, y;
    read_scenario(&x, "x.yaml", NULL);
    assert_int_equal(x.status, SIM_OK);
    assert_string_equal(sim_scenario_top(&x.scenario, "model")->text, "cogov");
    assert_string_equal(sim_scenario_top(&x.scenario, "place")->text, "重庆市");
    assert_null(sim_scenario_top(&x.scenario, "title"));
    assert_null(sim_scenario_top(&x.scenario, "source"));
    free_outcome(&x);
    read_scenario(&y, "y.yaml", NULL);
    assert_int_equal(y.status, SIM_OK);
    assert_string_equal(sim_scenario_top(&y.scenario, "source")->text, "Dacheng2020 section 4.1");
    assert_null(sim_scenario_top(&y.scenario, "place"));
    free_outcome(&y);
}

static void
a_bad_value_is_a_fault_even_if_overridden(void **state)
{
    (void) state;
    write_text("base.yaml", "city: {regions: 1000}\n");
    write_text("x.yaml", "extends: base\ncity: {regions: 2}\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome,
        LINES(
            "base.yaml:1:17: error: city.regions: 1000 is out of bounds; it must be from 1 to 100 streets"));
    assert_int_equal(outcome.parameters.city_regions, 2);
    free_outcome(&outcome);
}

static void
faults_of_settings_name_their_number(void **state)
{
    (void) state;
    static const char *const settings[] = { "city.regions=2", "city.regions=0", "city.regoins=2", "nonsense",
        "=3", "city.regions=", "model=null", "titel=x", "city=3", "", NULL };
    write_text("x.yaml", "city: {regions: 5}\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", settings);
    assert_messages(&outcome,
        LINES("--set 4: error: KEY=VALUE is expected, not \"nonsense\"",
            "--set 5: error: KEY=VALUE is expected before and after the equals sign",
            "--set 6: error: city.regions has no value",
            "--set 7: error: model is not a parameter; only a file can give it",
            "--set 10: error: KEY=VALUE is expected, not \"\"",
            "--set 2: error: city.regions: 0 is out of bounds; it must be from 1 to 100 streets",
            "--set 3: error: unknown parameter \"city.regoins\"; did you mean \"city.regions\"?",
            "--set 8: error: unknown key \"titel\"; did you mean \"title\"?",
            "--set 9: error: city is a group: a mapping of its parameters is expected, not \"3\""));
    assert_int_equal(outcome.parameters.city_regions, 2);
    free_outcome(&outcome);
}

static void
a_circle_of_extends_is_a_fault_where_it_closes(void **state)
{
    (void) state;
    write_text("a.yaml", "extends: b\n");
    write_text("b.yaml", "title: b\nextends: ./c.yaml\n");
    write_text("c.yaml", "\n\nextends: b\ncity: {regions: 0}\n");
    struct outcome outcome;
    read_scenario(&outcome, "a.yaml", NULL);
    assert_messages(&outcome,
        LINES("./c.yaml:3:10: error: extends goes in a circle: b -> c -> b",
            "./c.yaml:4:17: error: city.regions: 0 is out of bounds; it must be from 1 to 100 streets"));
    assert_int_equal(outcome.scenario.n_documents, 3);
    free_outcome(&outcome);
}

static void
a_link_does_not_hide_a_circle(void **state)
{
    (void) state;
    write_text("a.yaml", "extends: other\n");
    assert_int_equal(symlink("a.yaml", "other.yaml"), 0);
    struct outcome outcome;
    read_scenario(&outcome, "a.yaml", NULL);
    assert_messages(&outcome, LINES("a.yaml:1:10: error: \"a\" extends itself"));
    free_outcome(&outcome);
}

static void
two_models_in_one_chain_are_a_fault(void **state)
{
    (void) state;
    write_text("base.yaml", "model: influence\n");
    write_text("middle.yaml", "extends: base\nmodel: influence\n");
    write_text("x.yaml", "extends: middle\nmodel: cogov\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome,
        LINES("x.yaml:2:8: error: model \"cogov\" differs from \"influence\" of base.yaml, "
              "which this file extends"));
    free_outcome(&outcome);
}

static void
a_syntax_error_ends_its_file_and_the_others_go_on(void **state)
{
    (void) state;
    write_text("base.yaml", "city: {regions: 0}\npurchase: {\n");
    write_text("x.yaml", "extends: base\npurchase: {budget: -1}\nswitches: {linkage: maybe}\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_int_equal(outcome.messages.count, 4);
    assert_string_equal(outcome.messages.list[0].file, "base.yaml");
    assert_int_equal(outcome.messages.list[0].line, 1);
    assert_non_null(strstr(outcome.messages.list[1].text, "not YAML"));
    assert_string_equal(outcome.messages.list[2].file, "x.yaml");
    assert_int_equal(outcome.messages.list[3].line, 3);
    free_outcome(&outcome);
}

/* Robustness */

static const char valid[] =
    "model: cogov\ntitle: '三社联动 \"x\"'\nextends: base\n"
    "purchase: {quality_weight: 0.25, budget: 1e2}\ncity:\n  regions: 7\n"
    "switches:\n    linkage: off\nresidents: # who\n    trust: \"normal(0.2, 0.4)\"\nparty.mode: leader\n"
    "list: [a, [b, {c: d}]]\n? e\n: |\n  text\n  more\n";

static void
no_mutation_of_a_file_crashes(void **state)
{
    (void) state;
    static const char *const pieces[] = { ": ", "- ", "{", "}", "[", "]", "\n", "\t", "&a ", "*a", "!", "|",
        ">", "\"", "'", "#", "%", "---\n", "\xff", "\xe4\xb8", "\x00", "? ", "purchase", "\n  ",
        "extends: x\n", "~", "." };
    uint64_t seed = 88172645463325252u;
    char text[2048];
    write_text("base.yaml", "city: {regions: 3}\n");
    for (int i = 0; i < 6000; i++) {
        size_t length = sizeof(valid) - 1;
        memcpy(text, valid, length);
        int changes = 1 + i % 5;
        for (int c = 0; c < changes; c++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t at = (size_t) (seed >> 33) % length;
            size_t kind = (size_t) (seed >> 20) % 4;
            const char *piece = pieces[(size_t) (seed >> 24) % (sizeof(pieces) / sizeof(pieces[0]))];
            size_t size = strlen(piece) == 0 ? 1 : strlen(piece);
            if (kind == 0) {
                text[at] = (char) (seed >> 40);
            } else if (kind == 1 && length > 8) {
                size_t cut = 1 + (size_t) (seed >> 50) % 8;
                cut = at + cut > length ? length - at : cut;
                memmove(text + at, text + at + cut, length - at - cut);
                length -= cut;
            } else {
                memmove(text + at + size, text + at, length - at);
                memcpy(text + at, piece, size);
                length += size;
            }
        }
        struct outcome outcome;
        write_bytes("x.yaml", text, length);
        read_scenario(&outcome, "x.yaml", NULL);
        for (size_t m = 0; m < outcome.messages.count; m++) {
            const struct sim_message *message = &outcome.messages.list[m];
            assert_true(message->line >= 1 && message->line <= 64 && message->column >= 1);
            assert_null(strpbrk(message->text, "\n\r\t\x1b"));
        }
        free_outcome(&outcome);
    }
}

static void
running_out_of_memory_is_a_status_and_loses_nothing(void **state)
{
    (void) state;
    mkdir("scenarios", 0777);
    write_text("scenarios/base.yaml", "city: {regions: 3}\nlist: [1, 2]\n");
    write_text("x.yaml", "extends: base\ntitle: t\ncity: {regions: 4}\n");
    long before = memory_live;
    int failures = 0, ret = SIM_ERR_MEMORY;
    for (long n = 1; ret != SIM_OK; n++) {
        struct sim_scenario scenario;
        assert_true(n < 500);
        memory_fails_at(n, 1);
        ret = sim_scenario_load(&scenario, "x.yaml", &search, NULL);
        if (ret == SIM_OK) {
            ret = sim_scenario_override(&scenario, "city.regions=5", 1, NULL);
        }
        memory_fails_at(0, 0);
        assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY || ret == SIM_ERR_INPUT);
        failures += ret != SIM_OK;
        sim_scenario_free(&scenario);
        sim_scenario_free(&scenario);
        assert_int_equal(memory_live, before);
    }
    assert_true(failures > 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_fault_is_told_at_its_place_and_once),
        TEST(all_faults_of_a_file_are_told_from_top_to_bottom),
        TEST(a_good_file_sets_what_it_says),
        TEST(later_words_win_over_earlier_ones),
        TEST(only_the_model_is_inherited_of_what_a_file_says_of_itself),
        TEST(a_bad_value_is_a_fault_even_if_overridden),
        TEST(faults_of_settings_name_their_number),
        TEST(a_circle_of_extends_is_a_fault_where_it_closes),
        TEST(a_link_does_not_hide_a_circle),
        TEST(two_models_in_one_chain_are_a_fault),
        TEST(a_syntax_error_ends_its_file_and_the_others_go_on),
        TEST(no_mutation_of_a_file_crashes),
        TEST(running_out_of_memory_is_a_status_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
