/* test_document.c - what is no YAML, or no file, is told at its line and column, and what is there keeps its
 * key and place. */
#include "scenario_files.h"
#include "sim/document.h"

#define FORTY "a234567890b234567890c234567890d234567890"

static const struct bad bad_files[] = {
    /* keys */
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
    /* values */
    { "purchase:\n  budget:\n  quality_weight: 0.5\n", 2, 10, "purchase.budget has no value" },
    { "purchase: {budget: null}\n", 1, 20, "purchase.budget has no value" },
    { "purchase: {budget: ~}\n", 1, 20, "purchase.budget has no value" },
    { "purchase:\n", 1, 10, "purchase has no value" },
    { "title: \"a\\0b\"\n", 1, 8, "title has a control character in its value" },
    { "title: \"a\\e[31mb\"\n", 1, 8, "title has a control character in its value" },
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

static void
every_fault_of_the_text_is_told_at_its_place_and_once(void **state)
{
    (void) state;
    assert_bad_files(bad_files, sizeof(bad_files) / sizeof(bad_files[0]));
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
    assert_int_equal(sim_document_read(&document, "x.yaml", NULL, NULL), SIM_OK);
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
    assert_int_equal(document.entries[1].key_at.column, 24); /* an item's is its value's */
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
    assert_int_equal(sim_document_read(&document, "x.yaml", NULL, NULL), SIM_OK);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_fault_of_the_text_is_told_at_its_place_and_once),
        TEST(reading_ends_where_nesting_is_too_deep),
        TEST(a_key_without_value_can_be_repeated_too),
        TEST(a_byte_order_mark_and_other_line_ends_are_accepted),
        TEST(files_that_cannot_be_read_are_told_as_a_whole),
        TEST(a_file_may_have_a_mebibyte_and_not_a_byte_more),
        TEST(a_zero_byte_is_a_fault_at_its_place),
        TEST(hostile_files_end_in_good_time),
        TEST(nested_keys_are_written_flat),
        TEST(mappings_and_lists_keep_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
