/* test_report_html.c - what goes into the page stays text there, and a page is known again. */
#include "analysis/report_html.h"

#include "sim/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static size_t
times(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        n++;
    }
    return n;
}

static void
assert_written(const char *text, const char *expected)
{
    struct report_buffer buffer = { .text = NULL };
    json_t *json = json_pack("[s]", text);
    report_add_json(&buffer, json);
    assert_false(buffer.failed);
    assert_string_equal(buffer.text, expected);
    json_t *again = json_loads(buffer.text, 0, NULL);
    assert_true(json_equal(again, json));
    json_decref(again);
    json_decref(json);
    report_buffer_free(&buffer);
}

static void
nothing_in_the_data_is_markup_and_all_of_it_reads_back(void **state)
{
    (void) state;
    assert_written("</script><img onerror=x>", "[\"\\u003c/script\\u003e\\u003cimg onerror=x\\u003e\"]");
    assert_written("<!-- & ]]>", "[\"\\u003c!-- \\u0026 ]]\\u003e\"]");
    assert_written("a\xe2\x80\xa8, \xe2\x80\xa9", "[\"a\\u2028, \\u2029\"]");
    assert_written("重庆 \xe2\x80\xa7 \xe2\x80\xaa", "[\"重庆 \xe2\x80\xa7 \xe2\x80\xaa\"]");
    assert_written("\"\\\n", "[\"\\\"\\\\\\n\"]");
    assert_written("", "[\"\"]");
}

static json_t *
sample(const char *title)
{
    return json_pack("{s:s, s:[f, i]}", "title", title, "numbers", 0.1, 3);
}

static void
page_has_every_part_once_and_no_mark_left(void **state)
{
    (void) state;
    const char *template = (const char *) report_template;
    static const char *const places[] = { "<!--TITLE-->", "<!--STYLE-->", "<!--SCRIPT-->", "<!--DATA-->" };
    struct report_buffer page;
    json_t *data = sample("a <b> & \"c\"");
    assert_int_equal(report_page(&page, data), SIM_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(times(template, places[i]), 1);
        assert_null(strstr(page.text, places[i]));
    }
    assert_non_null(strstr(page.text, "<title>a &lt;b&gt; &amp; \"c\"</title>"));
    assert_non_null(
        strstr(page.text, "{\"title\":\"a \\u003cb\\u003e \\u0026 \\\"c\\\"\",\"numbers\":[0.1,3]}"));
    assert_non_null(strstr(page.text, (const char *) report_script));
    assert_non_null(strstr(page.text, (const char *) report_style));
    assert_int_equal(strlen(page.text), page.length);
    report_buffer_free(&page);
    json_decref(data);
}

static void
a_title_that_is_a_mark_is_a_title(void **state)
{
    (void) state;
    struct report_buffer page;
    json_t *data = sample("<!--DATA--></title>");
    assert_int_equal(report_page(&page, data), SIM_OK);
    assert_non_null(strstr(page.text, "<title>&lt;!--DATA--&gt;&lt;/title&gt;</title>"));
    assert_int_equal(times(page.text, "\"numbers\""), 1);
    report_buffer_free(&page);
    json_decref(data);
}

static void
assert_page(const char *path, const char *text, size_t length, int is_page)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
    assert_int_equal(report_is_page(path), is_page);
}

static void
a_page_is_known_again_and_other_files_are_none(void **state)
{
    (void) state;
    char path[64];
    struct report_buffer page;
    const char *base = getenv("TMPDIR");
    snprintf(path, sizeof(path), "%.40s/report_XXXXXX", base == NULL ? "/tmp" : base);
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    json_t *data = sample("x");
    assert_int_equal(report_page(&page, data), SIM_OK);
    assert_page(path, page.text, page.length, 1);
    assert_page(path, page.text, page.length - 2, 0);
    assert_page(path, "<html></html>\n", 14, 0);
    assert_page(path, "", 0, 0);
    unlink(path);
    assert_false(report_is_page(path));
    assert_false(report_is_page("/"));
    report_buffer_free(&page);
    json_decref(data);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_in_the_data_is_markup_and_all_of_it_reads_back),
        cmocka_unit_test(page_has_every_part_once_and_no_mark_left),
        cmocka_unit_test(a_title_that_is_a_mark_is_a_title),
        cmocka_unit_test(a_page_is_known_again_and_other_files_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
