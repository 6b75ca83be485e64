/* command_sensitivity.c - cogov sensitivity: which of the parameters that varied matter, and how much. */
#include "analysis/command_sensitivity.h"

#include "analysis/command_results.h"
#include "analysis/resample.h"
#include "analysis/salib.h"
#include "analysis/sensitivity.h"
#include "sim/error.h"

#include <string.h>

static struct sensitivity_request
request_of(const struct cli_options *options)
{
    return (struct sensitivity_request){ .method = options->method,
        .observations = options->observations.list,
        .n_observations = options->observations.n,
        .n_samples = resample_count(options->resamples) };
}

static int
print(const struct cli_options *options, const struct sensitivity *sensitivity)
{
    const char *format = options->format != NULL ? options->format : "table";
    return strcmp(format, "csv") == 0 ? sensitivity_print_csv(sensitivity, stdout)
        : strcmp(format, "json") == 0 ? sensitivity_print_json(sensitivity, stdout)
                                      : sensitivity_print_table(sensitivity, stdout, cli_width());
}

/* SALib's files are written of any design, whether or not a method here fits it. */
static int
analyse(const struct cli_options *options, const struct reader *reader, struct sim_messages *messages,
    void *context)
{
    struct sensitivity sensitivity;
    const struct sensitivity_request request = request_of(options);
    int *unwritten = context;
    int ret = sensitivity_gather(&sensitivity, reader, &request, messages);
    if (ret == SIM_OK && options->salib != NULL) {
        ret = salib_write(
            &sensitivity, options->salib, (options->given & CLI_OVERWRITE) != 0, unwritten, messages);
    } else if (ret == SIM_OK) {
        ret = sensitivity_estimate(&sensitivity, options->method, messages);
        ret = ret == SIM_OK ? print(options, &sensitivity) : ret;
    }
    sensitivity_free(&sensitivity);
    return ret;
}

static int
analyse_folder(const struct cli_options *options)
{
    struct sensitivity sensitivity;
    struct sim_messages messages;
    const struct sensitivity_request request = request_of(options);
    sim_messages_init(&messages);
    int ret = salib_read(&sensitivity, options->words[0], request.n_samples, &messages);
    if (ret == SIM_OK) {
        ret = sensitivity_estimate(&sensitivity, options->method, &messages);
    }
    if (ret == SIM_OK) {
        ret = print(options, &sensitivity);
    }
    int status = command_conclude(ret, &messages);
    sensitivity_free(&sensitivity);
    sim_messages_free(&messages);
    return status;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    char nearest[32];
    (void) program;
    if (options->method != NULL && sim_find_word(SENSITIVITY_METHOD_NAMES, options->method) < 0) {
        int near = sim_suggest_word(SENSITIVITY_METHOD_NAMES, options->method, nearest, sizeof(nearest));
        cli_complain("--method is morris, sobol or pawn, not \"%s\"%s%s%s", options->method,
            near ? "; did you mean \"" : "", near ? nearest : "", near ? "\"?" : "");
        return CLI_WRONG;
    }
    const uint64_t analysing = CLI_METHOD | CLI_RESAMPLES | CLI_FORMAT;
    if (options->salib != NULL && (options->given & analysing) != 0) {
        cli_complain(
            "--salib writes files and analyses nothing: --method, --resamples and --format have no effect with it");
        return CLI_WRONG;
    }
    if (options->salib == NULL && (options->given & CLI_OVERWRITE) != 0) {
        cli_complain("--overwrite is for --salib; nothing else writes a file");
        return CLI_WRONG;
    }
    if (!salib_is_folder(options->words[0])) {
        int unwritten = 0;
        int status = command_with_results(options, options->words[0], analyse, &unwritten);
        return unwritten ? CLI_FAILED : status;
    }
    if ((options->given & (CLI_OBSERVATION | CLI_SALIB)) != 0) {
        cli_complain(
            "%s holds SALib's files: of the options only --method, --resamples and --format have an effect "
            "on them",
            options->words[0]);
        return CLI_WRONG;
    }
    return analyse_folder(options);
}

const struct cli_command command_sensitivity = {
    .name = "sensitivity",
    .arguments = "FILE [options]   (a results file, or a folder of SALib's files)",
    .summary = "Say which of the parameters that varied in an experiment matter, and how much.",
    .notes =
        "--method is morris (elementary effects; needs the design morris), sobol (Sobol' indices; needs the design saltelli)\n"
        "or pawn (any other design of many points, and the default for it). Every index has a 95 % interval by bootstrap.\n"
        "Sobol' indices need every cell: if some failed, the status is 1 and nothing is printed.\n"
        "--salib FOLDER writes params.txt, model_input.txt and model_output_NAME.txt for SALib and analyses nothing;\n"
        "a FOLDER of such files in place of FILE is analysed.",
    .options = CLI_METHOD | CLI_OBSERVATION | CLI_RESAMPLES | CLI_SALIB | CLI_OVERWRITE | CLI_FORMAT,
    .fewest = 1,
    .most = 1,
    .formats = "table|csv|json",
    .run = run,
};
