/* cli_request.h - request.json in the folder of an unfinished experiment: what was asked for and the text of every
 * file that was read, so that the folder alone tells what is to be done there.
 */
#ifndef SIM_CLI_REQUEST_H
#define SIM_CLI_REQUEST_H

#include "sim/cli.h"

/* What was asked for. Its texts live as long as it does. */
struct cli_request {
    struct cli_options options; /* as the command line said them; words: the specs */
    struct cli_program program; /* this program, with the folders of scenarios of then */
    int64_t replicates;         /* if neither the options nor the files say */
    const char *version;        /* of the program that ran it */
    const char *build;          /* its digest */
    const char *spec;           /* digest of the experiment */
    const char *output;         /* the results file, as it was named */
    const char *directory;      /* where it ran */
    uint32_t cells;
    struct sim_file *files;
    size_t n_files;
    void *document; /* the texts */
};

/* Writes FOLDER/request.json, whole or not at all, unless it says just this already. SIM_ERR_FILE with a message,
 * SIM_ERR_MEMORY. */
int cli_request_write(const char *folder, const struct cli_program *program,
    const struct cli_options *options, const struct sim_experiment *experiment, const char *output,
    struct sim_messages *messages);

/* Reads it. SIM_ERR_FILE, with a message, if there is none or it is none; SIM_ERR_MEMORY. May always be freed. */
int cli_request_init(struct cli_request *request, const struct cli_program *program, const char *folder,
    struct sim_messages *messages);
void cli_request_free(struct cli_request *request);

/* The experiment, from the request alone. SIM_ERR_INPUT, with messages, if this program makes another one of it;
 * SIM_ERR_MEMORY. */
int cli_request_experiment(
    const struct cli_request *request, struct sim_experiment *experiment, struct sim_messages *messages);

/* Whether this build of the program wrote it. */
int cli_request_is_ours(const struct cli_request *request);

#endif
