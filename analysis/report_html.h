/* report_html.h - the page of a report: one file of HTML with its style, its script and its data in it.
 *
 * The template analysis/report/report.html has <!--TITLE-->, <!--STYLE-->, <!--SCRIPT--> and <!--DATA--> where these go, each
 * once. Data is JSON in which no character stands that HTML or a script would take for its own.
 */
#ifndef ANALYSIS_REPORT_HTML_H
#define ANALYSIS_REPORT_HTML_H

#include <jansson.h>
#include <stddef.h>

/* Texts, as cmake/EmbedText.cmake makes them of the files of analysis/report. */
extern const unsigned char report_template[], report_style[], report_script[];

/* A text that grows; zeros to begin with, to be freed by report_buffer_free. */
struct report_buffer {
    char *text; /* ended by a 0 */
    size_t length, capacity;
    int failed; /* there was no memory for all of it */
};

void report_buffer_free(struct report_buffer *buffer);

/* JSON in one line, with '<', '>', '&', U+2028 and U+2029 as \uXXXX. */
void report_add_json(struct report_buffer *buffer, const json_t *json);

/* The page of the data, whose "title" is its title. SIM_ERR_MEMORY. */
int report_page(struct report_buffer *page, const json_t *data);

/* Nonzero if a file ends as a page does. */
int report_is_page(const char *path);

#endif
