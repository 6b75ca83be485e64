/* command_retry.c - cogov retry: goes on with an experiment from its parts alone. */
#include "sim/cli_folder.h"

#include "sim/error.h"
#include "sim/sink.h"

#include <string.h>

/* What was asked for then, run as is asked for now. */
static struct cli_options
combine(const struct cli_options *then, const struct cli_options *now)
{
    const uint64_t ours = CLI_FAILED_CELLS | CLI_QUIET | CLI_NO_BIND | CLI_OUTPUT;
    struct cli_options options = *then;
    options.given = (then->given & CLI_VERIFY) | (now->given & ours) | CLI_OUTPUT;
    options.threads = now->threads;
    options.share = now->share;
    options.max_walltime = now->max_walltime;
    if ((now->given & CLI_CHECKPOINT) != 0) {
        options.checkpoint_seconds = now->checkpoint_seconds;
        options.checkpoint_ticks = now->checkpoint_ticks;
    }
    if ((now->given & CLI_ON_FAILURE) != 0) {
        options.stop_after = now->stop_after;
    }
    return options;
}

static int
retry(const struct cli_program *program, const struct cli_options *now, const struct cli_folder *folder,
    struct sim_messages *messages)
{
    struct cli_request request = { 0 };
    struct sim_experiment experiment = { 0 };
    int ret = cli_folder_experiment(folder, program, &request, &experiment, messages);
    cli_print_messages(messages);
    int status = ret == SIM_ERR_MEMORY ? CLI_FAILED : CLI_WRONG;
    if (ret == SIM_OK) {
        struct cli_options options = combine(&request.options, now);
        options.output = folder->output;
        status = cli_execute(&request.program, &options, &experiment, folder->output);
    }
    sim_experiment_free(&experiment);
    cli_request_free(&request);
    return status;
}

/* Without a folder there is a results file. */
static int
complain_of_no_parts(const struct cli_folder *folder)
{
    uint32_t counts[SIM_RUN_NOT_RUN + 1];
    if (sim_sink_count(folder->output, counts) != SIM_OK) {
        cli_complain("%s is no results file of this program, and has no parts", folder->output);
        return CLI_WRONG;
    }
    if (counts[SIM_RUN_FAILED] == 0) {
        fprintf(
            stderr, "%s is complete, and no cell of it failed: there is nothing to run\n", folder->output);
        return CLI_DONE;
    }
    cli_complain(
        "the parts of %s are gone, and what failed cannot be run again alone; `cogov run` with --overwrite runs "
        "all of it",
        folder->output);
    return CLI_FAILED;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_folder folder;
    struct sim_messages messages;
    int status = CLI_WRONG;
    sim_messages_init(&messages);
    if (cli_folder_init(&folder, options->words[0], &messages) != SIM_OK) {
        cli_print_messages(&messages);
    } else if (!folder.is_there) {
        status = complain_of_no_parts(&folder);
    } else if (folder.output == NULL) {
        cli_complain("%s is not called like a results file with .parts", folder.parts);
    } else {
        status = retry(program, options, &folder, &messages);
    }
    cli_folder_free(&folder);
    sim_messages_free(&messages);
    return status;
}

const struct cli_command command_retry = {
    .name = "retry",
    .arguments = "results.h5.parts [--failed] [options]",
    .summary = "Go on with an experiment from its parts alone; with --failed run the failed cells again.",
    .notes =
        "Runs every cell that is not there yet, as the command that made the folder would, with the same scenarios even if\n"
        "their files have changed or gone since; with --failed the cells that failed too, which give way to those that\n"
        "run well. When some cells fail, the results file is written and the parts are kept beside it, so that this works;\n"
        "they are removed with the last failure.",
    .options = CLI_FAILED_CELLS | CLI_THREADS | CLI_SHARD | CLI_MAX_WALLTIME | CLI_CHECKPOINT | CLI_ON_FAILURE
        | CLI_QUIET | CLI_NO_BIND,
    .fewest = 1,
    .most = 1,
    .run = run,
};
