/* cli_request.c - request.json, written and read.
 *
 * A number that the command line did not give is not in it; nor are options that change nothing of what is run,
 * such as --threads.
 */
#include "sim/cli_request.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/provenance.h"
#include "sim/publish.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "request.json"
#define FORM 1 /* of the file */

/* The options that are numbers, and are -1 if they were not given. */
#define NUMBERS(X) \
    X(seed)        \
    X(replicates)  \
    X(ticks)       \
    X(burn_in)     \
    X(histories)   \
    X(stop_after)

static const struct sim_where nowhere = { NULL, 0, 0 };

static json_t *
list_of(const char *const *texts, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(list, json_string(texts[i]));
    }
    return list;
}

static json_t *
files_of(const struct sim_experiment *experiment)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < experiment->n_files; i++) {
        const struct sim_file *file = &experiment->files[i];
        json_array_append_new(list, json_pack("{s:s, s:s}", "path", file->path, "text", file->text));
    }
    return list;
}

static void
put_numbers(json_t *object, const struct cli_options *options)
{
#define PUT_NUMBER(name)                                                 \
    if (options->name >= 0) {                                            \
        json_object_set_new(object, #name, json_integer(options->name)); \
    }
    NUMBERS(PUT_NUMBER)
#undef PUT_NUMBER
}

/* How to run it, besides what the experiment is. */
static json_t *
running_of(const struct cli_options *options)
{
    json_t *object = json_object();
    json_object_set_new(object, "verify", json_boolean((options->given & CLI_VERIFY) != 0));
    json_object_set_new(object, "checkpoint_seconds", json_real(options->checkpoint_seconds));
    json_object_set_new(object, "checkpoint_ticks", json_integer(options->checkpoint_ticks));
    if (options->save_state != NULL) {
        json_object_set_new(object, "save_state", json_string(options->save_state));
    }
    return object;
}

static json_t *
request_of(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *output)
{
    char build[17], directory[4096];
    size_t n_folders = 0;
    json_t *object = json_object();
    sim_provenance_digest(build);
    while (program->folders[n_folders] != NULL) {
        n_folders++;
    }
    json_object_set_new(object, "form", json_integer(FORM));
    json_object_set_new(object, "version", json_string(sim_version()));
    json_object_set_new(object, "build_digest", json_string(build));
    json_object_set_new(object, "spec_digest", json_string(experiment->digest));
    json_object_set_new(object, "cells", json_integer(sim_experiment_cells(experiment)));
    json_object_set_new(object, "output", json_string(output));
    json_object_set_new(
        object, "directory", json_string(getcwd(directory, sizeof(directory)) != NULL ? directory : "."));
    json_object_set_new(object, "specs", list_of((const char *const *) options->words, options->n_words));
    json_object_set_new(object, "settings", list_of(options->settings, options->n_settings));
    json_object_set_new(object, "by", list_of(options->by, options->n_by));
    json_object_set_new(object, "standard_replicates", json_integer(experiment->n_replicates));
    put_numbers(object, options);
    if (options->start_from != NULL) {
        json_object_set_new(object, "start_from", json_string(options->start_from));
    }
    json_object_set_new(object, "run", running_of(options));
    json_object_set_new(object, "folders", list_of(program->folders, n_folders));
    json_object_set_new(object, "files", files_of(experiment));
    return object;
}

/* Whether the file has this text already. */
static int
is_there(const char *path, const char *text, size_t length)
{
    char *found = sim_alloc(length + 1, 1);
    FILE *file = found != NULL ? fopen(path, "rb") : NULL;
    int same =
        file != NULL && fread(found, 1, length + 1, file) == length && memcmp(found, text, length) == 0;
    if (file != NULL) {
        fclose(file);
    }
    sim_free(found);
    return same;
}

static int
publish(const char *path, const char *text, size_t length, struct sim_messages *messages)
{
    struct sim_publication file;
    if (is_there(path, text, length)) {
        return SIM_OK;
    }
    int ret = sim_publication_init(&file, path, SIM_REPLACE, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    sim_publication_write(&file, 0, text, length);
    ret = sim_publication_finish(&file, messages);
    sim_publication_free(&file);
    return ret;
}

int
cli_request_write(const char *folder, const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *output, struct sim_messages *messages)
{
    char *path = sim_print_text("%s/%s", folder, FILE_NAME);
    json_t *object = request_of(program, options, experiment, output);
    char *text = json_dumps(object, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    int ret = path != NULL && text != NULL ? publish(path, text, strlen(text), messages) : SIM_ERR_MEMORY;
    json_decref(object);
    free(text); /* jansson's own */
    sim_free(path);
    return ret;
}

/* Reading */

/* A list of texts as an array, NULL at the end; NULL if it is no such list or there is no memory. */
static const char **
texts_of(const json_t *list, size_t *n)
{
    *n = json_array_size(list);
    const char **texts = sim_alloc(*n + 1, sizeof(*texts));
    for (size_t i = 0; texts != NULL && i < *n; i++) {
        texts[i] = json_string_value(json_array_get(list, i));
        if (texts[i] == NULL) {
            sim_free(texts);
            texts = NULL;
        }
    }
    return texts;
}

static struct sim_file *
take_files(const json_t *list, size_t *n)
{
    *n = json_array_size(list);
    struct sim_file *files = sim_alloc(*n, sizeof(*files));
    for (size_t i = 0; files != NULL && i < *n; i++) {
        const json_t *file = json_array_get(list, i);
        files[i] = (struct sim_file){ json_string_value(json_object_get(file, "path")),
            json_string_value(json_object_get(file, "text")) };
        if (files[i].path == NULL || files[i].text == NULL) {
            sim_free(files);
            files = NULL;
        }
    }
    return files;
}

static int64_t
number_of(const json_t *object, const char *name)
{
    const json_t *number = json_object_get(object, name);
    return json_is_integer(number) ? json_integer_value(number) : -1;
}

static void
take_options(struct cli_options *options, const json_t *object)
{
    const json_t *run = json_object_get(object, "run");
#define TAKE_NUMBER(name) options->name = number_of(object, #name);
    NUMBERS(TAKE_NUMBER)
#undef TAKE_NUMBER
    options->threads = options->agents = options->cells = options->array = options->mpi = -1;
    options->share = (struct sim_share){ 0, 1 };
    options->given = json_is_true(json_object_get(run, "verify")) ? CLI_VERIFY : 0;
    options->checkpoint_seconds = json_number_value(json_object_get(run, "checkpoint_seconds"));
    options->checkpoint_ticks = json_integer_value(json_object_get(run, "checkpoint_ticks"));
    options->start_from = json_string_value(json_object_get(object, "start_from"));
    options->save_state = json_string_value(json_object_get(run, "save_state"));
}

/* Nonzero if something is missing. */
static int
take(struct cli_request *request, const json_t *object)
{
    struct cli_options *options = &request->options;
    size_t n;
    take_options(options, object);
    options->words = (char **) texts_of(json_object_get(object, "specs"), &options->n_words);
    options->settings = texts_of(json_object_get(object, "settings"), &options->n_settings);
    options->by = texts_of(json_object_get(object, "by"), &options->n_by);
    request->program.folders = texts_of(json_object_get(object, "folders"), &n);
    request->files = take_files(json_object_get(object, "files"), &request->n_files);
    request->replicates = number_of(object, "standard_replicates");
    request->cells = (uint32_t) number_of(object, "cells");
    request->version = json_string_value(json_object_get(object, "version"));
    request->build = json_string_value(json_object_get(object, "build_digest"));
    request->spec = json_string_value(json_object_get(object, "spec_digest"));
    request->output = json_string_value(json_object_get(object, "output"));
    request->directory = json_string_value(json_object_get(object, "directory"));
    options->output = request->output;
    return options->words == NULL || options->settings == NULL || options->by == NULL
        || request->program.folders == NULL || request->files == NULL || request->version == NULL
        || request->build == NULL || request->spec == NULL || request->output == NULL
        || request->directory == NULL || request->replicates < 1 || number_of(object, "cells") < 1;
}

static int
read_document(struct cli_request *request, const char *path, struct sim_messages *messages)
{
    const struct sim_where where = { path, 0, 0 };
    json_error_t fault;
    if (access(path, R_OK) != 0) {
        sim_messages_add(messages, SIM_ERROR, where, "%s",
            errno == ENOENT ? "there is no such file; the same `cogov run` command makes it"
                            : strerror(errno));
        return SIM_ERR_FILE;
    }
    json_t *object = json_load_file(path, 0, &fault);
    request->document = object;
    if (object == NULL) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ path, fault.line, fault.column },
            "is damaged: %s", fault.text);
        return SIM_ERR_FILE;
    }
    if (number_of(object, "form") != FORM) {
        const char *version = json_string_value(json_object_get(object, "version"));
        sim_messages_add(messages, SIM_ERROR, where, "cannot be read by cogov %s; cogov %s wrote it",
            sim_version(), version != NULL ? version : "of another version");
        return SIM_ERR_FILE;
    }
    if (take(request, object) != 0) {
        sim_messages_add(messages, SIM_ERROR, where, "is damaged: parts of it are missing");
        return SIM_ERR_FILE;
    }
    return SIM_OK;
}

int
cli_request_init(struct cli_request *request, const struct cli_program *program, const char *folder,
    struct sim_messages *messages)
{
    memset(request, 0, sizeof(*request));
    request->program = *program;
    request->program.folders = NULL;
    char *path = sim_print_text("%s/%s", folder, FILE_NAME);
    int ret = path != NULL ? read_document(request, path, messages) : SIM_ERR_MEMORY;
    sim_free(path);
    return ret;
}

void
cli_request_free(struct cli_request *request)
{
    sim_free(request->options.words);
    sim_free(request->options.settings);
    sim_free(request->options.by);
    sim_free((void *) request->program.folders);
    sim_free(request->files);
    json_decref(request->document);
    memset(request, 0, sizeof(*request));
}

int
cli_request_experiment(
    const struct cli_request *request, struct sim_experiment *experiment, struct sim_messages *messages)
{
    struct sim_request asked = cli_ask(&request->program, &request->options, request->replicates);
    asked.search.files = request->files;
    asked.search.n_files = request->n_files;
    int ret = sim_experiment_init(experiment, &asked, messages);
    if (ret == SIM_OK && strcmp(experiment->digest, request->spec) != 0) {
        sim_messages_add(messages, SIM_ERROR, nowhere,
            "request.json does not make the experiment that it was written for (%s, here %s): it was changed, or cogov "
            "%s reads scenarios in another way",
            request->spec, experiment->digest, sim_version());
        sim_experiment_free(experiment);
        ret = SIM_ERR_INPUT;
    }
    return ret;
}

int
cli_request_is_ours(const struct cli_request *request)
{
    char build[17];
    sim_provenance_digest(build);
    return strcmp(build, request->build) == 0;
}
