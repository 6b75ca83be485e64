/* test_search.c - a name leads to one file, in a fixed order of places, or to near names. */
#include "scenario_files.h"
#include "sim/alloc.h"
#include "sim/search.h"

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
    assert_missing(
        "base", NULL, "there is no scenario \"base\", neither here nor in the folders of scenarios");
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
    assert_missing(
        "shanghai", NULL, "there is no scenario \"shanghai\", neither here nor in the folders of scenarios");
}

/* Nothing but what is in memory is found, by the path as it was found once. */
static void
files_in_memory_are_all_that_there_is(void **state)
{
    (void) state;
    static const struct sim_file files[] = { { "scenarios/a.yaml", "model: town\nextends: ../b\n" },
        { "scenarios/../b.yaml", "model: town\n" } };
    const struct sim_search memory = { .folders = folders, .files = files, .n_files = 2 };
    const struct sim_where where = { NULL, 0, 0 };
    struct sim_messages messages;
    struct sim_scenario scenario;
    sim_messages_init(&messages);
    mkdir("scenarios", 0777);
    write_text("scenarios/disk.yaml", "model: town\n");
    char *path = sim_search_find(&memory, "a", NULL, where, &messages);
    assert_string_equal(path, "scenarios/a.yaml");
    assert_int_equal(sim_scenario_load(&scenario, path, &memory, &messages), SIM_OK);
    assert_int_equal(scenario.n_documents, 2);
    assert_string_equal(scenario.documents[0].text, files[1].text);
    assert_string_equal(scenario.documents[1].path, "scenarios/a.yaml");
    sim_scenario_free(&scenario);
    sim_free(path);
    assert_null(sim_search_find(&memory, "disk", NULL, where, &messages));
    assert_int_equal(messages.errors, 1);
    assert_string_equal(
        messages.list[0].text, "there is no scenario \"disk\", neither here nor in the folders of scenarios");
    assert_int_equal(sim_scenario_load(&scenario, "scenarios/disk.yaml", &memory, &messages), SIM_ERR_INPUT);
    assert_string_equal(messages.list[1].text, "there is no such file");
    sim_scenario_free(&scenario);
    sim_messages_free(&messages);
}

/* Of files in memory too. */
static void
a_circle_in_memory_is_told(void **state)
{
    (void) state;
    static const struct sim_file files[] = { { "a.yaml", "extends: b\n" }, { "b.yaml", "extends: a\n" } };
    const struct sim_search memory = { .folders = folders, .files = files, .n_files = 2 };
    struct sim_messages messages;
    struct sim_scenario scenario;
    sim_messages_init(&messages);
    assert_int_equal(sim_scenario_load(&scenario, "a.yaml", &memory, &messages), SIM_ERR_INPUT);
    assert_string_equal(messages.list[0].text, "extends goes in a circle: a -> b -> a");
    sim_scenario_free(&scenario);
    sim_messages_free(&messages);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_spec_is_a_path_first_and_a_name_then),
        TEST(a_missing_scenario_is_told_with_near_or_few_names),
        TEST(files_in_memory_are_all_that_there_is),
        TEST(a_circle_in_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
