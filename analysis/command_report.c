/* command_report.c - cogov report: what results files tell, as one page of HTML that needs nothing else. */
#include "analysis/command_report.h"

#include "analysis/command_results.h"
#include "analysis/report_data.h"
#include "analysis/report_html.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/publish.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The results files of one report. */
struct files {
    struct reader *readers; /* of those after the first */
    struct report_file *list;
    size_t n;
};

static int
open_files(struct files *files, const struct cli_options *options, const struct reader *first,
    const struct report_request *request, struct sim_messages *messages)
{
    files->n = options->n_words;
    files->readers = sim_alloc(files->n, sizeof(*files->readers));
    files->list = sim_alloc(files->n, sizeof(*files->list));
    int ret = files->readers != NULL && files->list != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t i = 0; ret == SIM_OK && i < files->n; i++) {
        if (i > 0) {
            ret = reader_init(&files->readers[i], options->words[i], messages);
        }
        if (ret == SIM_OK) {
            ret = report_file_init(&files->list[i], i > 0 ? &files->readers[i] : first, request, messages);
        }
    }
    return ret;
}

static void
close_files(struct files *files)
{
    for (size_t i = 0; files->list != NULL && files->readers != NULL && i < files->n; i++) {
        report_file_free(&files->list[i]);
        reader_free(&files->readers[i]);
    }
    sim_free(files->readers);
    sim_free(files->list);
}

static int
make_page(const struct cli_options *options, const struct reader *reader, struct sim_messages *messages,
    void *context)
{
    struct report_buffer *page = context;
    struct files files = { NULL, NULL, 0 };
    json_t *data = NULL;
    const struct report_request request = { .observations = options->observations.list,
        .n_observations = options->observations.n,
        .resamples = options->resamples,
        .language = options->language != NULL ? options->language : "en" };
    int ret = open_files(&files, options, reader, &request, messages);
    if (ret == SIM_OK) {
        ret = report_data(&data, files.list, files.n, &request, messages);
    }
    if (ret == SIM_OK) {
        ret = report_page(page, data);
    }
    json_decref(data);
    close_files(&files);
    return ret;
}

/* Whether the output is one of the results files. */
static int
is_input(const struct cli_options *options)
{
    struct stat output, input;
    if (stat(options->output, &output) != 0) {
        return 0;
    }
    for (size_t i = 0; i < options->n_words; i++) {
        if (stat(options->words[i], &input) == 0 && input.st_dev == output.st_dev
            && input.st_ino == output.st_ino) {
            return 1;
        }
    }
    return 0;
}

static int
check_language(const char *language)
{
    if (language != NULL && strcmp(language, "en") != 0 && strcmp(language, "zh") != 0) {
        cli_complain("--language \"%s\": a report speaks en (English) and zh (Chinese)", language);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

/* Only a report may be replaced without being asked: it can be made again. */
static int
check_output(const struct cli_options *options)
{
    struct stat there;
    if (options->output == NULL) {
        cli_complain("where to? -o report.html names the page to write");
        return CLI_WRONG;
    }
    if (is_input(options)) {
        cli_complain("%s is a results file of this report; give the page another name", options->output);
        return CLI_WRONG;
    }
    if ((options->given & CLI_OVERWRITE) == 0 && stat(options->output, &there) == 0 && S_ISREG(there.st_mode)
        && there.st_size > 0 && !report_is_page(options->output)) {
        cli_complain("%s exists and is no report; --overwrite replaces it", options->output);
        return CLI_WRONG;
    }
    return cli_check_folder(options->output);
}

static int
publish(const char *path, const struct report_buffer *page)
{
    struct sim_messages messages;
    struct sim_publication publication;
    sim_messages_init(&messages);
    sim_publish_sweep(path);
    int ret = sim_publication_init(&publication, path, SIM_REPLACE, &messages);
    if (ret == SIM_OK) {
        sim_publication_write(&publication, 0, page->text, page->length);
        ret = sim_publication_finish(&publication, &messages);
        sim_publication_free(&publication);
    }
    cli_print_messages(&messages);
    if (ret != SIM_OK && messages.errors == 0) {
        cli_complain("%s", sim_status_text(ret));
    }
    sim_messages_free(&messages);
    return ret == SIM_OK ? CLI_DONE : CLI_FAILED;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    struct report_buffer page = { .text = NULL };
    (void) program;
    int ret = check_language(options->language);
    if (ret == CLI_DONE) {
        ret = check_output(options);
    }
    if (ret == CLI_DONE) {
        ret = command_with_results(options, options->words[0], make_page, &page);
    }
    if (ret == CLI_DONE) {
        ret = publish(options->output, &page);
    }
    if (ret == CLI_DONE && (options->given & CLI_QUIET) == 0) {
        fprintf(stderr, "%s: %zu kB\n", options->output, (page.length + 500) / 1000);
    }
    report_buffer_free(&page);
    return ret;
}

const struct cli_command command_report = {
    .name = "report",
    .arguments = "results.h5 [more.h5 ...] -o report.html [options]",
    .summary =
        "Write what results files tell as one page of HTML, in English and Chinese, that opens anywhere.",
    .notes =
        "The first file is told of: what was run, time series, profiles, differences. Each file, the first too, adds the\n"
        "analyses that its design is made for: attribution, sensitivity, a frontier. --observation shows only some\n"
        "observations, with all their labels; --language is what the page begins with, and a switch on it changes that.\n"
        "The page needs no network and is the same for the same files. A report that has the name already is replaced,\n"
        "another file only with --overwrite.",
    .options = CLI_OUTPUT | CLI_OBSERVATION | CLI_RESAMPLES | CLI_LANGUAGE | CLI_OVERWRITE | CLI_QUIET,
    .fewest = 1,
    .most = 16,
    .run = run,
};
