/* test_scenario.c - every fault of a file is told at its line and column, and good files say what they mean.
 */
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Memory that runs out at the n-th request */

void *__real_sim_alloc(size_t count, size_t size);
void *__wrap_sim_alloc(size_t count, size_t size);
void *__real_sim_resize(void *memory, size_t old_count, size_t count, size_t size);
void *__wrap_sim_resize(void *memory, size_t old_count, size_t count, size_t size);
char *__real_sim_copy_text(const char *text);
char *__wrap_sim_copy_text(const char *text);

static long requests_left = -1; /* below 0: never out */

static int
is_refused(void)
{
    if (requests_left == 0) {
        return 1;
    }
    requests_left -= requests_left > 0;
    return 0;
}

void *
__wrap_sim_alloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_sim_alloc(count, size);
}

void *
__wrap_sim_resize(void *memory, size_t old_count, size_t count, size_t size)
{
    return is_refused() ? NULL : __real_sim_resize(memory, old_count, count, size);
}

char *
__wrap_sim_copy_text(const char *text)
{
    return is_refused() ? NULL : __real_sim_copy_text(text);
}

/* A small table of parameters */

#define PARAMETERS(PARAM, CHOICE)                                                                        \
    PARAM(REAL, purchase, quality_weight, "w_q", 0.8, 0, 1, "1", "weight of quality", "Che 1993")        \
    PARAM(REAL, purchase, budget, "B", 60, 0, 1000, "CNY", "budget per resident and year", "assumption") \
    PARAM(INTEGER, city, regions, "", 4, 1, 100, "streets", "streets", "assumption")                     \
    PARAM(SWITCH, switches, linkage, "", on, 0, 1, "1", "three-society linkage", "assumption")           \
    CHOICE(party, mode, "", matrix, "off|matrix|leader", "how the party coordinates", "assumption")      \
    PARAM(DISTRIBUTION, residents, trust, "", normal(0.5, 0.1), 0, 1, "1", "initial trust", "assumption")

struct parameters {
    PARAMETERS(SIM_PARAM_MEMBER, SIM_CHOICE_MEMBER)
};

#define PARAM_ROW(...) SIM_PARAM_ROW(struct parameters, __VA_ARGS__)
#define CHOICE_ROW(...) SIM_CHOICE_ROW(struct parameters, __VA_ARGS__)

static const struct sim_field rows[] = { PARAMETERS(PARAM_ROW, CHOICE_ROW) };
static const struct sim_fields fields = { rows, sizeof(rows) / sizeof(rows[0]), sizeof(struct parameters) };

/* A folder of its own for every test */

static char folder[64];

static int
enter_folder(void **state)
{
    (void) state;
    strcpy(folder, "/tmp/cogov-scenario-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
leave_folder(void **state)
{
    (void) state;
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void
write_bytes(const char *name, const char *bytes, size_t length)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void
write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static const char *const folders[] = { "missing", "scenarios", NULL };
static const struct sim_search search = { folders };

/* What loading and applying a file leaves behind. */
struct outcome {
    struct sim_messages messages;
    struct sim_scenario scenario;
    struct parameters parameters;
    int status;
};

static void
read_scenario(struct outcome *outcome, const char *path, const char *const *settings)
{
    memset(outcome, 0, sizeof(*outcome));
    sim_messages_init(&outcome->messages);
    assert_int_equal(sim_fields_defaults(&fields, &outcome->parameters, NULL), SIM_OK);
    outcome->status = sim_scenario_load(&outcome->scenario, path, &search, &outcome->messages);
    for (int i = 0; settings != NULL && settings[i] != NULL; i++) {
        int ret = sim_scenario_override(&outcome->scenario, settings[i], i + 1, &outcome->messages);
        outcome->status = ret != SIM_OK ? ret : outcome->status;
    }
    int ret = sim_scenario_apply(&outcome->scenario, &fields, &outcome->parameters, &outcome->messages);
    outcome->status = ret != SIM_OK ? ret : outcome->status;
    sim_messages_sort(&outcome->messages);
    assert_int_equal(outcome->status == SIM_ERR_INPUT, outcome->messages.errors > 0);
}

static void
free_outcome(struct outcome *outcome)
{
    sim_scenario_free(&outcome->scenario);
    sim_messages_free(&outcome->messages);
}

static void
print_messages(const struct sim_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        char line[1024];
        sim_message_format(&messages->list[i], line, sizeof(line));
        print_message("    %s\n", line);
    }
}

/* The outcome has these lines and no others. */
static void
assert_messages(const struct outcome *outcome, const char *const *lines, size_t count)
{
    size_t same = 0;
    for (size_t i = 0; i < outcome->messages.count && i < count; i++) {
        char line[1024];
        sim_message_format(&outcome->messages.list[i], line, sizeof(line));
        same += strcmp(line, lines[i]) == 0;
    }
    if (same != count || outcome->messages.count != count) {
        print_messages(&outcome->messages);
        fail_msg("%zu messages, %zu of %zu as expected", outcome->messages.count, same, count);
    }
}

#define LINES(...) \
    (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)

#define FORTY "a234567890b234567890c234567890d234567890"

/* Bad files: each has this one fault. */
struct bad {
    const char *text;
    int line, column;
    const char *message; /* a part */
};

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
    { "scenarios: [a, b]\n", 1, 1, "unknown key \"scenarios\"" },
    { "title: a\ncity: {regions: 2}\ntitle: b\n", 3, 1,
        "repeated key \"title\"; it is given in line 1 already" },
    { "city: {regions: 2, regions: 2}\n", 1, 20, "repeated key \"city.regions\"" },
    { "city: {regions: 2}\n\ncity:\n  regions: 2\n", 3, 1, "repeated key \"city\"" },
    { "city.regions: 2\ncity:\n  regions: 2\n", 3, 3,
        "repeated key \"city.regions\"; it is given in line 1 already" },
    { "? [a, b]\n: 1\n", 1, 3, "a key must be a word, not a list" },
    { "? {a: b}\n: {c: d}\n", 1, 3, "a key must be a word, not a mapping" },
    { "\"\": 1\n", 1, 1, "a key is empty" },
    { "\"city\\nregions\": 1\n", 1, 1, "a key has a control character" },
    { "scenarios[0]: 1\n", 1, 1, "a key cannot have brackets" },
    { "city:\n  " FORTY FORTY FORTY "12345678: 1\n", 2, 3, "a key is too long" },
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
    { "title: |\n  two\n  lines\n", 1, 8, "title must be one line" },
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
    { "purchase:\n  budget:\n  quality_weight: 0.5\n", 2, 10, "purchase.budget has no value" },
    { "purchase: {budget: null}\n", 1, 20, "purchase.budget has no value" },
    { "purchase: {budget: ~}\n", 1, 20, "purchase.budget has no value" },
    { "purchase:\n", 1, 10, "purchase has no value" },
    { "purchase: {budget: \"\"}\n", 1, 20, "not a quoted text" },
    { "title: \"a\\0b\"\n", 1, 8, "title has a control character in its value" },
    { "title: \"a\\e[31mb\"\n", 1, 8, "title has a control character in its value" },
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
    /* YAML */
    { "purchase: &anchor {budget: 5}\n", 1, 11, "anchors are not allowed: &anchor" },
    { "purchase: {budget: !!float 5}\n", 1, 20, "tags are not allowed: tag:yaml.org,2002:float" },
    { "purchase: *anchor\n", 1, 11, "aliases are not allowed: *anchor" },
    { "*a : 1\n", 1, 1, "aliases are not allowed: *a" },
    { "title: a\n---\ntitle: b\n", 2, 1, "a second document begins" },
    { "- a\n- b\n", 1, 1, "the file must be a mapping of keys to values" },
    { "\n  just text\n", 2, 3, "the file must be a mapping of keys to values" },
    { "", 1, 1, "the file is empty" },
    { "# nothing\n\n", 1, 1, "the file is empty" },
    { "---\n", 2, 1, "the file is empty" },
    { "title: a\ncity: {regions: 2\n", 3, 1, "not YAML: did not find expected ',' or '}'" },
    { "title: a\n\tcity: b\n", 2, 1, "not YAML" },
    { "title: \"open\n", 2, 1, "not YAML: found unexpected end of stream" },
    { "city:\n  regions: 2\n regions: 3\n", 3, 2, "not YAML" },
    { "title: a\ncity: {regions: 2}}\n", 2, 19, "not YAML" },
    { "title: @a\n", 1, 8, "not YAML" },
    /* bytes */
    { "title: ab\xff\n", 1, 10, "this is not UTF-8 (byte 0xff)" },
    { "title: 社区\n# 区\xe5\x8c\n", 2, 4, "this is not UTF-8 (byte 0xe5)" },
    { "title: \xc0\xaf\n", 1, 8, "this is not UTF-8 (byte 0xc0)" },
    { "title: \xed\xa0\x80\n", 1, 8, "this is not UTF-8 (byte 0xed)" },
    { "title: \xf4\x90\x80\x80\n", 1, 8, "this is not UTF-8 (byte 0xf4)" },
    { "title: a\r\nmodel: \x01\r\n", 2, 8, "control character U+0001" },
    { "title: \xc2\x9b\n", 1, 8, "control character U+009B" },
    { "title: a\xef\xbb\xbf\n", 1, 9, "control character U+FEFF" },
    { "\xff\xfet\n", 1, 1, "this is not UTF-8 (byte 0xff)" },
};

/* Whether the outcome has this fault, once. */
static int
has_fault(const struct outcome *outcome, const struct bad *bad)
{
    int found = 0;
    for (size_t i = 0; i < outcome->messages.count; i++) {
        const struct sim_message *message = &outcome->messages.list[i];
        found += message->line == bad->line && message->column == bad->column
            && strcmp(message->file, "x.yaml") == 0 && message->severity == SIM_ERROR
            && strstr(message->text, bad->message) != NULL;
    }
    return found == 1;
}

static void
every_fault_is_told_at_its_place_and_once(void **state)
{
    (void) state;
    write_text("base.yaml", "title: Base\n");
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
        const struct bad *bad = &bad_files[i];
        struct outcome outcome;
        write_text("x.yaml", bad->text);
        read_scenario(&outcome, "x.yaml", NULL);
        if (!has_fault(&outcome, bad) || outcome.messages.count != 1 || outcome.status != SIM_ERR_INPUT) {
            print_message("%sis expected to give %d:%d: %s, but gives\n", bad->text, bad->line, bad->column,
                bad->message);
            print_messages(&outcome.messages);
            wrong++;
        }
        free_outcome(&outcome);
    }
    assert_int_equal(wrong, 0);
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
reading_ends_where_nesting_is_too_deep(void **state)
{
    (void) state;
    write_text(
        "x.yaml", "a: {b: {c: {d: {e: {f: {g: {h: {}}}}}}}}\nb: [[[[[[[[[0]]]]]]]]]\ncity: {regions: 0}\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome,
        LINES("x.yaml:1:1: error: unknown group \"a\"", "x.yaml:2:1: error: unknown key \"b\"",
            "x.yaml:2:12: error: nested more than 8 deep; the file is not read further"));
    free_outcome(&outcome);

    write_text("x.yaml", "title: a\n? [[[[[[[[[0]]]]]]]]]\n: 1\n");
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome,
        LINES("x.yaml:2:3: error: a key must be a word, not a list",
            "x.yaml:2:11: error: nested more than 8 deep; the file is not read further"));
    free_outcome(&outcome);
}

static void
a_key_without_value_can_be_repeated_too(void **state)
{
    (void) state;
    write_text("x.yaml", "city: {regions: ~}\ncity.regions: 3\n");
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome,
        LINES("x.yaml:1:17: error: city.regions has no value",
            "x.yaml:2:1: error: repeated key \"city.regions\"; it is given in line 1 already"));
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
a_byte_order_mark_and_other_line_ends_are_accepted(void **state)
{
    (void) state;
    const char *text = "\xef\xbb\xbf"
                       "title: a\r\ncity: {regions: 3}\r\nparty: {mode: x}\r\n";
    write_text("x.yaml", text);
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_int_equal(outcome.parameters.city_regions, 3);
    assert_messages(&outcome,
        LINES("x.yaml:3:15: error: party.mode: \"x\" is not one of the choices; "
              "it must be one of off, matrix, leader"));
    assert_string_equal(outcome.scenario.documents[0].text, text);
    free_outcome(&outcome);

    write_text("x.yaml",
        "\xef\xbb\xbf"
        "titel: a\n");
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome, LINES("x.yaml:1:1: error: unknown key \"titel\"; did you mean \"title\"?"));
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

static void
files_that_cannot_be_read_are_told_as_a_whole(void **state)
{
    (void) state;
    struct outcome outcome;
    read_scenario(&outcome, "absent.yaml", NULL);
    assert_messages(&outcome, LINES("absent.yaml: error: there is no such file"));
    free_outcome(&outcome);

    mkdir("folder.yaml", 0777);
    read_scenario(&outcome, "folder.yaml", NULL);
    assert_messages(&outcome, LINES("folder.yaml: error: is a directory, not a file"));
    free_outcome(&outcome);

    write_text("plain", "x");
    read_scenario(&outcome, "plain/x.yaml", NULL);
    assert_messages(&outcome, LINES("plain/x.yaml: error: Not a directory"));
    free_outcome(&outcome);
}

static void
a_file_may_have_a_mebibyte_and_not_a_byte_more(void **state)
{
    (void) state;
    size_t size = SIM_FILE_LIMIT;
    char *text = malloc(size + 1);
    assert_non_null(text);
    memset(text, '#', size + 1);
    memcpy(text, "city: {regions: 9}\n", 19);
    struct outcome outcome;
    write_bytes("x.yaml", text, size);
    read_scenario(&outcome, "x.yaml", NULL);
    assert_int_equal(outcome.messages.count, 0);
    assert_int_equal(outcome.parameters.city_regions, 9);
    free_outcome(&outcome);

    write_bytes("x.yaml", text, size + 1);
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome, LINES("x.yaml: error: is too large; at most 1 MiB (1048576 bytes) is read"));
    free_outcome(&outcome);
    free(text);

    read_scenario(&outcome, "/dev/zero", NULL);
    assert_messages(&outcome, LINES("/dev/zero: error: is too large; at most 1 MiB (1048576 bytes) is read"));
    free_outcome(&outcome);
}

static void
a_zero_byte_is_a_fault_at_its_place(void **state)
{
    (void) state;
    write_bytes("x.yaml", "title: a\ncity\0: 1\n", 18);
    struct outcome outcome;
    read_scenario(&outcome, "x.yaml", NULL);
    assert_messages(&outcome, LINES("x.yaml:2:5: error: control character U+0000"));
    free_outcome(&outcome);
}

static void
hostile_files_end_in_good_time(void **state)
{
    (void) state;
    static const char *const patterns[] = { "[", "{", "- ", "? ", "a: ", "!!a ", "&a ", "a: 1\n", "{a: 1}, ",
        "\"\\x", "[a, ", "\n ", "'" };
    char *text = malloc(SIM_FILE_LIMIT);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        size_t length = strlen(patterns[i]);
        size_t count = (i == 7 ? SIM_FILE_LIMIT / 64 : SIM_FILE_LIMIT) / length;
        for (size_t j = 0; j < count; j++) {
            memcpy(text + j * length, patterns[i], length);
        }
        struct outcome outcome;
        write_bytes("x.yaml", text, count * length);
        read_scenario(&outcome, "x.yaml", NULL);
        assert_int_equal(outcome.status, SIM_ERR_INPUT);
        free_outcome(&outcome);
    }
    free(text);
}

/* Documents of any shape, as an experiment needs them */

static const char experiment[] = "scenarios: [chongqing, 南京]\n"
                                 "replicates: 20\n"
                                 "design:\n"
                                 "  method: grid\n"
                                 "  vary:\n"
                                 "    purchase.quality_weight: [0, \"1\"]\n"
                                 "    city: {regions: [2, 3]}\n"
                                 "  points:\n"
                                 "    - {a: 1}\n"
                                 "    - a: 2\n"
                                 "record: {by: []}\n";

static void
nested_keys_are_written_flat(void **state)
{
    static const struct {
        const char *key, *text;
        int line, column;
        size_t parent;
    } expected[] = {
        { "scenarios[0]", "chongqing", 1, 13, 1 },
        { "scenarios[1]", "南京", 1, 24, 1 },
        { "replicates", "20", 2, 13, 0 },
        { "design.method", "grid", 4, 11, 2 },
        { "design.vary.purchase.quality_weight[0]", "0", 6, 31, 4 },
        { "design.vary.purchase.quality_weight[1]", "1", 6, 34, 4 },
        { "design.vary.city.regions[0]", "2", 7, 22, 6 },
        { "design.vary.city.regions[1]", "3", 7, 25, 6 },
        { "design.points[0].a", "1", 9, 11, 8 },
        { "design.points[1].a", "2", 10, 10, 9 },
    };
    (void) state;
    write_text("x.yaml", experiment);
    struct sim_document document;
    assert_int_equal(sim_document_read(&document, "x.yaml", NULL), SIM_OK);
    assert_int_equal(document.count, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < document.count; i++) {
        const struct sim_entry *entry = &document.entries[i];
        assert_string_equal(entry->key, expected[i].key);
        assert_string_equal(entry->text, expected[i].text);
        assert_string_equal(entry->value_at.file, "x.yaml");
        assert_int_equal(entry->value_at.line, expected[i].line);
        assert_int_equal(entry->value_at.column, expected[i].column);
        assert_int_equal(entry->parent, expected[i].parent);
        assert_int_equal(entry->quoted, i == 5);
    }
    assert_int_equal(document.entries[2].key_at.column, 1);
    assert_int_equal(document.entries[9].key_at.column, 7);
    assert_ptr_equal(sim_document_find(&document, "replicates"), &document.entries[2]);
    assert_null(sim_document_find(&document, "design"));
    assert_string_equal(document.text, experiment);
    assert_string_equal(document.stem, "x");
    sim_document_free(&document);
}

static void
mappings_and_lists_keep_their_places(void **state)
{
    static const struct {
        enum sim_branch_kind kind;
        const char *key;
        int line, column;
        size_t count, parent;
    } expected[] = {
        { SIM_LIST, "scenarios", 1, 12, 2, 0 },
        { SIM_MAPPING, "design", 4, 3, 3, 0 },
        { SIM_MAPPING, "design.vary", 6, 5, 2, 2 },
        { SIM_LIST, "design.vary.purchase.quality_weight", 6, 30, 2, 3 },
        { SIM_MAPPING, "design.vary.city", 7, 11, 1, 3 },
        { SIM_LIST, "design.vary.city.regions", 7, 21, 2, 5 },
        { SIM_LIST, "design.points", 9, 5, 2, 2 },
        { SIM_MAPPING, "design.points[0]", 9, 7, 1, 7 },
        { SIM_MAPPING, "design.points[1]", 10, 7, 1, 7 },
        { SIM_MAPPING, "record", 11, 9, 1, 0 },
        { SIM_LIST, "record.by", 11, 14, 0, 10 },
    };
    (void) state;
    write_text("x.yaml", experiment);
    struct sim_document document;
    assert_int_equal(sim_document_read(&document, "x.yaml", NULL), SIM_OK);
    assert_int_equal(document.n_branches, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < document.n_branches; i++) {
        const struct sim_branch *branch = &document.branches[i];
        assert_int_equal(branch->kind, expected[i].kind);
        assert_string_equal(branch->key, expected[i].key);
        assert_int_equal(branch->value_at.line, expected[i].line);
        assert_int_equal(branch->value_at.column, expected[i].column);
        assert_int_equal(branch->count, expected[i].count);
        assert_int_equal(branch->parent, expected[i].parent);
    }
    assert_ptr_equal(sim_document_branch(&document, "record"), &document.branches[9]);
    assert_null(sim_document_branch(&document, "replicates"));
    sim_document_free(&document);
}

/* Finding scenarios */

static void
assert_found(const char *name, const char *from, const char *expected)
{
    struct sim_messages messages;
    sim_messages_init(&messages);
    char *found = sim_search_find(&search, name, from, (struct sim_where){ "SPEC", 0, 0 }, &messages);
    if (expected == NULL) {
        assert_null(found);
        assert_int_equal(messages.errors, 1);
    } else {
        print_messages(&messages);
        assert_non_null(found);
        assert_string_equal(found, expected);
        assert_int_equal(messages.count, 0);
    }
    sim_free(found);
    sim_messages_free(&messages);
}

static void
a_spec_is_a_path_first_and_a_name_then(void **state)
{
    (void) state;
    mkdir("scenarios", 0777);
    mkdir("scenarios/experiments", 0777);
    mkdir("mine", 0777);
    mkdir("ezhou", 0777);
    write_text("scenarios/base.yaml", "");
    write_text("scenarios/ezhou.yaml", "");
    write_text("scenarios/experiments/levels.yaml", "");
    write_text("mine/base.yaml", "");
    write_text("mine/x.yaml", "");
    write_text("here.yaml", "");
    assert_found("here.yaml", NULL, "here.yaml");
    assert_found("here", NULL, "here.yaml");
    assert_found("mine/x.yaml", NULL, "mine/x.yaml");
    assert_found("base", NULL, "scenarios/base.yaml");
    assert_found("base.yaml", NULL, "scenarios/base.yaml");
    assert_found("experiments/levels", NULL, "scenarios/experiments/levels.yaml");
    assert_found("ezhou", NULL, "scenarios/ezhou.yaml"); /* not the folder */
    assert_found("base", "mine/x.yaml", "mine/base.yaml");
    assert_found("ezhou", "mine/x.yaml", "scenarios/ezhou.yaml");
    assert_found("../here", "mine/x.yaml", "mine/../here.yaml");
    char absolute[128];
    snprintf(absolute, sizeof(absolute), "%s/here.yaml", folder);
    assert_found(absolute, "mine/x.yaml", absolute);
    assert_found("x", NULL, NULL);
    assert_found("", NULL, NULL);
    assert_found("mine", NULL, NULL);
}

static void
assert_missing(const char *name, const char *from, const char *text)
{
    struct sim_messages messages;
    sim_messages_init(&messages);
    assert_null(sim_search_find(&search, name, from, (struct sim_where){ NULL, 0, 0 }, &messages));
    assert_int_equal(messages.count, 1);
    assert_string_equal(messages.list[0].text, text);
    sim_messages_free(&messages);
}

static void
a_missing_scenario_is_told_with_near_or_few_names(void **state)
{
    (void) state;
    assert_missing("base", NULL, "there is no scenario \"base\"");
    mkdir("scenarios", 0777);
    write_text("scenarios/base.yaml", "");
    write_text("scenarios/chongqing.yaml", "");
    write_text("scenarios/chongqing-before.yaml", "");
    write_text("scenarios/.hidden.yaml", "");
    write_text("scenarios/notes.txt", "");
    write_text("own.yaml", "");
    write_text("base.yaml", "");
    assert_missing("chonqing", NULL, "there is no scenario \"chonqing\"; did you mean \"chongqing\"?");
    assert_missing("Chongqing.yml", NULL,
        "there is no scenario \"Chongqing.yml\"; there are: base chongqing chongqing-before");
    assert_missing(
        "shanghai", NULL, "there is no scenario \"shanghai\"; there are: base chongqing chongqing-before");
    assert_missing("shanghai", "own.yaml",
        "there is no scenario \"shanghai\"; there are: base own chongqing chongqing-before");
    for (int i = 0; i < 20; i++) {
        char name[64];
        snprintf(name, sizeof(name), "scenarios/district-%02d.yaml", i);
        write_text(name, "");
    }
    assert_missing("shanghai", NULL, "there is no scenario \"shanghai\"");
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
    int failures = 0, ret = SIM_ERR_MEMORY;
    for (long n = 0; ret != SIM_OK; n++) {
        struct sim_scenario scenario;
        assert_true(n < 500);
        requests_left = n;
        ret = sim_scenario_load(&scenario, "x.yaml", &search, NULL);
        if (ret == SIM_OK) {
            ret = sim_scenario_override(&scenario, "city.regions=5", 1, NULL);
        }
        requests_left = -1;
        assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY || ret == SIM_ERR_INPUT);
        failures += ret != SIM_OK;
        sim_scenario_free(&scenario);
        sim_scenario_free(&scenario);
    }
    assert_true(failures > 20);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        TEST(every_fault_is_told_at_its_place_and_once),
        TEST(all_faults_of_a_file_are_told_from_top_to_bottom),
        TEST(reading_ends_where_nesting_is_too_deep),
        TEST(a_key_without_value_can_be_repeated_too),
        TEST(a_good_file_sets_what_it_says),
        TEST(a_byte_order_mark_and_other_line_ends_are_accepted),
        TEST(later_words_win_over_earlier_ones),
        TEST(a_bad_value_is_a_fault_even_if_overridden),
        TEST(faults_of_settings_name_their_number),
        TEST(a_circle_of_extends_is_a_fault_where_it_closes),
        TEST(a_link_does_not_hide_a_circle),
        TEST(two_models_in_one_chain_are_a_fault),
        TEST(a_syntax_error_ends_its_file_and_the_others_go_on),
        TEST(files_that_cannot_be_read_are_told_as_a_whole),
        TEST(a_file_may_have_a_mebibyte_and_not_a_byte_more),
        TEST(a_zero_byte_is_a_fault_at_its_place),
        TEST(hostile_files_end_in_good_time),
        TEST(nested_keys_are_written_flat),
        TEST(mappings_and_lists_keep_their_places),
        TEST(a_spec_is_a_path_first_and_a_name_then),
        TEST(a_missing_scenario_is_told_with_near_or_few_names),
        TEST(no_mutation_of_a_file_crashes),
        TEST(running_out_of_memory_is_a_status_and_loses_nothing),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
