/* command_merge.c - cogov merge: the results file from parts that are complete. */
#include "sim/cli_folder.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/schedule.h"
#include "sim/sink.h"
#include "sim/sweep.h"

#include <inttypes.h>
#include <string.h>

#define SHARES_TOLD 8

/* Which shares lack cells, as a new text; "" if there is one share only. NULL without memory. */
static char *
shares_missing(const struct sim_parts *parts)
{
    uint32_t n = cli_folder_shares(parts->folder), told = 0;
    char *text = sim_copy_text("");
    for (uint32_t i = 0; n > 1 && i < n && text != NULL; i++) {
        struct cli_tally tally;
        cli_tally_share(parts, (struct sim_share){ i, n }, &tally);
        uint32_t left = tally.cells - tally.ok - tally.failed;
        if (left > 0 && told++ < SHARES_TOLD) {
            char *longer = sim_print_text("%s%s%" PRIu32 " of share %" PRIu32 "/%" PRIu32, text,
                text[0] == '\0' ? ": " : ", ", left, i + 1, n);
            sim_free(text);
            text = longer;
        }
    }
    if (told > SHARES_TOLD && text != NULL) {
        char *longer = sim_print_text("%s, and %" PRIu32 " more shares", text, told - SHARES_TOLD);
        sim_free(text);
        text = longer;
    }
    return text;
}

static int
complain_of_missing(const struct sim_parts *parts, uint32_t left)
{
    char *shares = shares_missing(parts);
    if (shares == NULL) {
        return SIM_ERR_MEMORY;
    }
    cli_complain("%s: %s%" PRIu32 " of %" PRIu32 " cells are missing%s; nothing is written", parts->folder,
        parts->experiment->stopping.n > 0 ? "at least " : "", left, parts->n_cells, shares);
    sim_free(shares);
    return SIM_ERR_STATE;
}

/* With the lock held. SIM_ERR_STATE, told, if cells are missing. */
static int
merge_parts(
    struct sim_parts *parts, const char *output, const char *save_state, struct sim_messages *messages)
{
    uint32_t left = 0;
    int ret = sim_parts_scan(parts, messages);
    struct sim_source source = sim_parts_source(parts);
    if (ret == SIM_OK) {
        ret = sim_schedule_left(&source, &left);
    }
    if (ret == SIM_OK && left > 0) {
        return complain_of_missing(parts, left);
    }
    uint32_t n_failed = 0, n_done = parts->n_ok + parts->n_failed;
    if (ret == SIM_OK) {
        ret = sim_sweep_merge(parts, output, save_state, &n_failed, messages);
    }
    if (ret == SIM_OK) {
        fprintf(stderr, "%s: %" PRIu32 " cells\n", output, n_done);
    }
    if (ret == SIM_OK && n_failed > 0) {
        cli_complain("%" PRIu32
                     " of them failed; run_error in the file has the reasons, cogov retry %s --failed runs "
                     "them again",
            n_failed, parts->folder);
        ret = SIM_ERR_CELL;
    }
    return ret;
}

/* Whether the file may be written: nothing is there, or what belongs there. */
static int
check_output(const struct cli_options *options, const struct sim_experiment *experiment, const char *output)
{
    if (sim_sink_matches(output, experiment) == SIM_ERR_EXISTS && (options->given & CLI_OVERWRITE) == 0) {
        cli_complain(
            "%s exists and holds something else; name another file with -o, or add --overwrite", output);
        return SIM_ERR_STATE;
    }
    return SIM_OK;
}

static int
merge_experiment(const struct cli_folder *folder, const struct sim_experiment *experiment, const char *output,
    const char *save_state, struct sim_messages *messages)
{
    struct sim_parts parts = { 0 };
    int ret = sim_parts_init(&parts, folder->parts, experiment);
    if (ret == SIM_OK) {
        ret = sim_parts_lock(&parts, (struct sim_share){ 0, 1 }, messages);
    }
    if (ret == SIM_OK) {
        ret = merge_parts(&parts, output, save_state, messages);
    }
    sim_parts_free(&parts);
    return ret;
}

static int
merge(const struct cli_program *program, const struct cli_options *options, const struct cli_folder *folder,
    struct sim_messages *messages)
{
    const char *output = options->output != NULL ? options->output : folder->output;
    struct cli_request request = { 0 };
    struct sim_experiment experiment = { 0 };
    if (!folder->is_there) {
        fprintf(stderr, "%s is there, and no parts of it: nothing is to be merged\n", folder->output);
        return SIM_OK;
    }
    if (output == NULL) {
        cli_complain(
            "%s is not called like a results file with .parts; name the file with -o", folder->parts);
        return SIM_ERR_INPUT;
    }
    int ret = cli_folder_experiment(folder, program, &request, &experiment, messages);
    if (ret == SIM_OK) {
        ret = check_output(options, &experiment, output);
        ret = ret == SIM_OK
            ? merge_experiment(folder, &experiment, output, request.options.save_state, messages)
            : (int) SIM_ERR_INPUT;
    }
    sim_experiment_free(&experiment);
    cli_request_free(&request);
    return ret;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_folder folder;
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = cli_folder_init(&folder, options->words[0], &messages);
    if (ret == SIM_OK) {
        ret = merge(program, options, &folder, &messages);
    }
    cli_print_messages(&messages);
    if (ret == SIM_ERR_MEMORY) {
        cli_complain("%s", sim_status_text(ret));
    }
    cli_folder_free(&folder);
    sim_messages_free(&messages);
    return ret == SIM_OK ? CLI_DONE : ret == SIM_ERR_INPUT ? CLI_WRONG : CLI_FAILED;
}

const struct cli_command command_merge = {
    .name = "merge",
    .arguments = "results.h5.parts [-o FILE]",
    .summary = "Write the results file from the parts of an experiment of which every cell is done.",
    .notes =
        "The file is what the run itself writes when its last cell is done, byte for byte; the scenarios need not be\n"
        "there any more. It gets the folder's name without .parts, or that of -o. Then the parts are removed, under\n"
        "either name, unless cells failed: those can be run again with cogov retry. If cells are missing, nothing is\n"
        "written and the exit status is 1.",
    .options = CLI_OUTPUT | CLI_OVERWRITE,
    .fewest = 1,
    .most = 1,
    .run = run,
};
