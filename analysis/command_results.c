/* command_results.c - what all commands that read a results file do alike. */
#include "analysis/command_results.h"

#include "sim/error.h"

#include <string.h>
#include <unistd.h>

int
command_with_results(const struct cli_options *options, const char *path, command_work work, void *context)
{
    struct reader reader;
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = reader_init(&reader, path, &messages);
    if (ret == SIM_OK) {
        ret = work(options, &reader, &messages, context);
    }
    int unwritten = ferror(stdout); /* main tells of it */
    cli_print_messages(&messages);
    if (ret != SIM_OK && messages.errors == 0 && !unwritten) {
        cli_complain("%s", sim_status_text(ret));
    }
    int wrong = ret == SIM_ERR_INPUT || (ret == SIM_ERR_FILE && !unwritten && messages.errors > 0);
    reader_free(&reader);
    sim_messages_free(&messages);
    return ret == SIM_OK ? CLI_DONE : wrong ? CLI_WRONG : CLI_FAILED;
}

int
command_is_results(const char *word)
{
    size_t n = strlen(word);
    return access(word, R_OK) == 0 && n > 3 && strcmp(word + n - 3, ".h5") == 0;
}
