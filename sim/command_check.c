/* command_check.c - cogov check: every fault of every file. */
#include "sim/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int
is_said(const struct sim_messages *said, const struct sim_message *message)
{
    for (size_t i = 0; i < said->count; i++) {
        const struct sim_message *one = &said->list[i];
        int same_file = message->file == NULL || one->file == NULL ? message->file == one->file
                                                                   : strcmp(message->file, one->file) == 0;
        if (same_file && one->line == message->line && one->column == message->column
            && strcmp(one->text, message->text) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Adds what was not said before: files may extend the same one. */
static void
add_new(struct sim_messages *said, const struct sim_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        const struct sim_message *message = &messages->list[i];
        if (!is_said(said, message)) {
            struct sim_where where = { message->file, message->line, message->column };
            sim_messages_add(said, message->severity, where, "%s", message->text);
        }
    }
    said->out_of_memory |= messages->out_of_memory;
}

static void
print_valid(const char *file, const struct sim_experiment *experiment)
{
    const struct sim_design *design = &experiment->design;
    const struct sim_stopping *stopping = &experiment->stopping;
    const char *plural = experiment->n_bases == 1 ? "" : "s";
    printf("%s: valid, %" PRIu32 " scenario%s", file, experiment->n_bases, plural);
    if (design->kind == SIM_DESIGN_NONE && stopping->n == 0) {
        printf(" of model %s\n", experiment->model->name);
        return;
    }
    if (design->kind != SIM_DESIGN_NONE) {
        int alike = 1;
        for (uint32_t b = 1; b < experiment->n_bases; b++) {
            alike &= experiment->bases[b].n_points == experiment->bases[0].n_points;
        }
        printf(alike ? " x %" PRIu32 " points" : ", together %" PRIu32 " points",
            alike ? experiment->bases[0].n_points : experiment->n_points);
        printf(" (%s over %" PRIu32 " parameter%s)", sim_design_name(design->kind), design->n_factors,
            design->n_factors == 1 ? "" : "s");
    }
    if (stopping->n > 0) {
        printf(" x %" PRIu32 " to %" PRIu32 " replicates", stopping->min, stopping->max);
    } else {
        printf(
            " x %" PRIu32 " replicate%s", experiment->n_replicates, experiment->n_replicates == 1 ? "" : "s");
    }
    printf(", model %s\n", experiment->model->name);
}

static int
check_one(const struct cli_program *program, const struct cli_options *options, struct sim_messages *said)
{
    struct sim_experiment experiment;
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = cli_read_experiment(program, options, 1, &experiment, &messages);
    add_new(said, &messages);
    sim_messages_free(&messages);
    if (ret == CLI_DONE) {
        if ((options->given & CLI_QUIET) == 0) {
            print_valid(options->words[0], &experiment);
        }
        sim_experiment_free(&experiment);
    }
    return ret;
}

static int
check(const struct cli_program *program, const struct cli_options *options)
{
    int ret = CLI_DONE;
    struct cli_options one = *options;
    struct sim_messages said;
    sim_messages_init(&said);
    for (size_t i = 0; i < options->n_words; i++) {
        one.words = options->words + i;
        one.n_words = 1;
        int status = check_one(program, &one, &said);
        ret = status != CLI_DONE ? status : ret;
    }
    cli_print_messages(&said);
    sim_messages_free(&said);
    return ret;
}

const struct cli_command command_check = {
    .name = "check",
    .arguments = "FILE ...",
    .summary = "Validate scenarios and experiments; report every fault with its place.",
    .options = CLI_SET | CLI_TICKS | CLI_START_FROM | CLI_QUIET,
    .fewest = 1,
    .most = 10000,
    .run = check,
};
