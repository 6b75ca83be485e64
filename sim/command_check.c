/* command_check.c - cogov check: every fault of every file. */
#include "sim/cli.h"

static int
check(const struct cli_program *program, const struct cli_options *options)
{
    int ret = CLI_DONE;
    struct cli_options one = *options;
    for (size_t i = 0; i < options->n_words; i++) {
        struct sim_experiment experiment;
        one.words = options->words + i;
        one.n_words = 1;
        int status = cli_experiment(program, &one, 1, &experiment);
        if (status == CLI_DONE) {
            if ((options->given & CLI_QUIET) == 0) {
                printf("%s: valid, %u scenario%s of model %s\n", options->words[i], experiment.n_points,
                    experiment.n_points == 1 ? "" : "s", experiment.model->name);
            }
            sim_experiment_free(&experiment);
        }
        ret = status != CLI_DONE ? status : ret;
    }
    return ret;
}

const struct cli_command command_check = {
    .name = "check",
    .arguments = "FILE ...",
    .summary = "Validate scenarios and experiments; report every fault with its place.",
    .options = CLI_SET | CLI_QUIET,
    .fewest = 1,
    .most = 10000,
    .run = check,
};
