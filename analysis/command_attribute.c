/* command_attribute.c - cogov attribute: runs the mixtures of two scenarios, or takes a results file that holds them,
 * and prints what each group of parameters adds to the difference.
 *
 * Two scenarios become an experiment file in memory, "scenarios: [A, B]" and "design: attribution", which is run as any
 * other file is, and kept in the results; so merge, retry and status find it there.
 */
#include "analysis/command_attribute.h"

#include "analysis/attribution.h"
#include "analysis/command_results.h"
#include "analysis/command_run_look.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <inttypes.h>
#include <string.h>

#define FILE_NAME "cogov-attribute.yaml" /* of the experiment in memory */
#define STANDARD_REPLICATES 5            /* of each of many mixtures */

/* Options that say how to look at results; all others say how to run. */
#define LOOKING (CLI_FORMAT | CLI_QUIET | CLI_OBSERVATION)

static int
attribute_results(const struct cli_options *options, const struct reader *reader,
    struct sim_messages *messages, void *context)
{
    const char *format = options->format != NULL ? options->format : "table";
    struct attribution attribution;
    (void) context;
    int ret =
        attribution_init(&attribution, reader, options->observations.list, options->observations.n, messages);
    if (ret == SIM_OK) {
        ret = strcmp(format, "csv") == 0  ? attribution_print_csv(&attribution, stdout)
            : strcmp(format, "json") == 0 ? attribution_print_json(&attribution, stdout)
                                          : attribution_print_table(&attribution, stdout, cli_width());
    }
    attribution_free(&attribution);
    return ret;
}

static int
attribute_file(const struct cli_options *options, const char *path)
{
    return command_with_results(options, path, attribute_results, NULL);
}

static int
attribute_experiment(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment)
{
    if (experiment->design.kind != SIM_DESIGN_ATTRIBUTION) {
        cli_complain(
            "%s has no such design; attribute takes two scenarios, a results file, or an experiment with "
            "\"design: " ATTRIBUTION_DESIGN "\"",
            options->words[0]);
        return CLI_WRONG;
    }
    return command_run_look(program, options, experiment, attribute_file);
}

/* A name in YAML's single quotes; a new text, NULL without memory. */
static char *
quote(const char *name)
{
    char *text = sim_alloc(2 * strlen(name) + 3, 1), *at = text;
    if (text == NULL) {
        return NULL;
    }
    *at++ = '\'';
    for (; *name != '\0'; name++) {
        if (*name == '\'') {
            *at++ = '\'';
        }
        *at++ = *name;
    }
    *at++ = '\'';
    return text;
}

/* The experiment of two scenarios as a file; a new text, NULL without memory. */
static char *
print_experiment(const struct cli_options *options)
{
    char *a = quote(options->words[0]), *b = quote(options->words[1]), *orders = NULL, *text = NULL;
    orders = options->permutations > 0 ? sim_print_text("permutations: %" PRId64 "\n", options->permutations)
                                       : sim_copy_text("");
    if (a != NULL && b != NULL && orders != NULL) {
        text = sim_print_text("scenarios: [%s, %s]\ndesign: " ATTRIBUTION_DESIGN "\n%s", a, b, orders);
    }
    sim_free(a);
    sim_free(b);
    sim_free(orders);
    return text;
}

/* Reads the experiment; file: one in memory, or NULL. */
static int
attribute_specs(
    const struct cli_program *program, const struct cli_options *options, const struct sim_file *file)
{
    struct sim_experiment experiment;
    struct sim_messages messages;
    struct sim_request request = cli_ask(program, options, STANDARD_REPLICATES);
    request.search.beside = file;
    sim_messages_init(&messages);
    int status = sim_experiment_init(&experiment, &request, &messages);
    cli_print_messages(&messages);
    if (status == SIM_ERR_MEMORY) {
        cli_complain("%s", sim_status_text(status));
    }
    sim_messages_free(&messages);
    int ret = status == SIM_OK     ? attribute_experiment(program, options, &experiment)
        : status == SIM_ERR_MEMORY ? CLI_FAILED
                                   : CLI_WRONG;
    sim_experiment_free(&experiment);
    return ret;
}

static int
attribute_scenarios(const struct cli_program *program, const struct cli_options *options)
{
    char name[] = FILE_NAME;
    char *words[] = { name };
    struct cli_options own = *options;
    char *text = print_experiment(options);
    if (text == NULL) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        return CLI_FAILED;
    }
    const struct sim_file file = { FILE_NAME, text };
    own.words = words;
    own.n_words = 1;
    int ret = attribute_specs(program, &own, &file);
    sim_free(text);
    return ret;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    const int results =
        command_is_results(options->words[0]) || command_is_results(options->words[options->n_words - 1]);
    if (results && options->n_words == 2) {
        cli_complain("attribute takes one results file, which holds both scenarios, or two scenarios");
        return CLI_WRONG;
    }
    if (results && (options->given & ~(uint64_t) LOOKING) != 0) {
        cli_complain(
            "%s holds results already: of the options only --observation and --format have an effect on it",
            options->words[0]);
        return CLI_WRONG;
    }
    if (options->n_words == 1 && options->permutations > 0) {
        cli_complain("--permutations is for two scenarios; an experiment file says \"permutations: %" PRId64
                     "\"",
            options->permutations);
        return CLI_WRONG;
    }
    return results              ? attribute_file(options, options->words[0])
        : options->n_words == 2 ? attribute_scenarios(program, options)
                                : attribute_specs(program, options, NULL);
}

const struct cli_command command_attribute = {
    .name = "attribute",
    .arguments = "A B [-o results.h5] [options]   (or one results file or experiment)",
    .summary = "Say which groups of parameters make the difference between two scenarios.",
    .notes =
        "A and B are files, or names among `cogov scenarios`. Each group of parameters in which they differ is taken\n"
        "from A or from B; all mixtures are run (2^k for k groups), or with more than 10 groups those on the way of\n"
        "random orders from A to B. Printed is what each group adds to B - A: its Shapley value, with an interval over\n"
        "replicates, what it does alone and as the last, and which pairs act together. An experiment file with\n"
        "\"design: attribution\" may make its own groups.",
    .options = CLI_OUTPUT | CLI_SET | CLI_SEED | CLI_REPLICATES | CLI_TICKS | CLI_BURN_IN | CLI_START_FROM
        | CLI_BY | CLI_HISTORIES | CLI_THREADS | CLI_SHARD | CLI_MAX_WALLTIME | CLI_CHECKPOINT
        | CLI_ON_FAILURE | CLI_OBSERVATION | CLI_PERMUTATIONS | CLI_FORMAT | CLI_OVERWRITE | CLI_DRY_RUN
        | CLI_VERIFY | CLI_QUIET | CLI_NO_BIND,
    .fewest = 1,
    .most = 2,
    .formats = "table|csv|json",
    .run = run,
};
