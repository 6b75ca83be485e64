/* cli.c - how a command is run, and what commands say and ask alike. */
#include "sim/cli.h"

#include "sim/alloc.h"
#include "sim/cli_options.h"
#include "sim/error.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define STANDARD_CHECKPOINT 600.0 /* seconds */

void
cli_complain(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("cogov: error: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
}

void
cli_print_messages(const struct sim_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        char line[4096];
        sim_message_format(&messages->list[i], line, sizeof(line));
        fprintf(stderr, "%s\n", line);
    }
    if (messages->out_of_memory) {
        fprintf(stderr, "cogov: some messages were lost: not enough memory\n");
    }
}

int
cli_check_folder(const char *output)
{
    char *folder = sim_copy_text(output);
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (folder == NULL) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        return CLI_FAILED;
    }
    if (slash != NULL) {
        slash[slash == folder] = '\0';
    }
    int ok = access(slash != NULL ? folder : ".", W_OK | X_OK) == 0;
    if (!ok) {
        cli_complain("the folder of %s cannot be written to: %s", output, strerror(errno));
    }
    sim_free(folder);
    return ok ? CLI_DONE : CLI_WRONG;
}

int
cli_width(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40 ? size.ws_col : 100;
}

int
cli_run_command(const struct cli_program *program, const struct cli_command *command, int argc, char **argv)
{
    struct cli_options options = { .seed = -1,
        .replicates = -1,
        .ticks = -1,
        .burn_in = -1,
        .threads = -1,
        .agents = -1,
        .histories = -1,
        .cells = -1,
        .array = -1,
        .mpi = -1,
        .resamples = -1,
        .permutations = -1,
        .budget = NAN,
        .share = { 0, 1 },
        .checkpoint_seconds = STANDARD_CHECKPOINT,
        .stop_after = -1 };
    char **words = sim_alloc((size_t) argc + 1, sizeof(*words)); /* getopt puts them in another order */
    options.settings = sim_alloc((size_t) argc, sizeof(*options.settings));
    options.by = sim_alloc((size_t) argc, sizeof(*options.by));
    if (words == NULL || options.settings == NULL || options.by == NULL) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        sim_free(words);
        sim_free(options.settings);
        sim_free(options.by);
        return CLI_FAILED;
    }
    memcpy(words, argv, (size_t) argc * sizeof(*words));
    int ret = cli_parse(command, argc, words, &options);
    if (ret == CLI_DONE && (options.given & CLI_HELP) != 0) {
        cli_print_help(command);
    } else if (ret == CLI_DONE) {
        ret = command->run(program, &options);
    }
    sim_free(words);
    sim_free(options.settings);
    sim_free(options.by);
    sim_free(options.observations.list);
    sim_free(options.maximise.list);
    sim_free(options.minimise.list);
    return ret;
}

struct sim_request
cli_ask(const struct cli_program *program, const struct cli_options *options, int64_t replicates)
{
    return (struct sim_request){ .specs = (const char *const *) options->words,
        .n_specs = options->n_words,
        .settings = options->settings,
        .n_settings = options->n_settings,
        .n_replicates = options->replicates,
        .seed = options->seed,
        .n_ticks = options->ticks,
        .burn_in = options->burn_in,
        .by = options->by,
        .n_by = options->n_by,
        .n_histories = options->histories,
        .start_from = options->start_from,
        .standard_replicates = replicates,
        .search = { .folders = program->folders },
        .find_model = program->find_model,
        .model_names = program->model_names };
}

int
cli_read_experiment(const struct cli_program *program, const struct cli_options *options, int64_t replicates,
    struct sim_experiment *experiment, struct sim_messages *messages)
{
    struct sim_request request = cli_ask(program, options, replicates);
    int ret = sim_experiment_init(experiment, &request, messages);
    if (ret != SIM_OK && ret != SIM_ERR_INPUT) {
        cli_complain("%s", sim_status_text(ret));
    }
    return ret == SIM_OK ? CLI_DONE : ret == SIM_ERR_INPUT ? CLI_WRONG : CLI_FAILED;
}

int
cli_experiment(const struct cli_program *program, const struct cli_options *options, int64_t replicates,
    struct sim_experiment *experiment)
{
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = cli_read_experiment(program, options, replicates, experiment, &messages);
    cli_print_messages(&messages);
    sim_messages_free(&messages);
    return ret;
}

int
cli_binds(const struct cli_options *options)
{
    static const char *const names[] = { "OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY", "SLURM_JOB_ID",
        "OMPI_COMM_WORLD_SIZE", "PMI_RANK" };
    for (size_t i = 0; i < SIM_COUNT_OF(names); i++) {
        if (getenv(names[i]) != NULL) {
            return 0;
        }
    }
    return (options->given & CLI_NO_BIND) == 0;
}
