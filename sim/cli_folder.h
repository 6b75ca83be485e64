/* cli_folder.h - what status, merge and retry share: which folder of parts, and which results file, a user means.
 */
#ifndef SIM_CLI_FOLDER_H
#define SIM_CLI_FOLDER_H

#include "sim/cli_request.h"
#include "sim/parts.h"

/* A folder of parts and its results file, whichever of the two was named. */
struct cli_folder {
    char *parts;  /* results.h5.parts */
    char *output; /* results.h5; NULL if the folder has a name of another kind */
    int is_there; /* the folder */
    int has_output;
};

/* SIM_ERR_INPUT, with a message, if neither is there or what is there is neither; SIM_ERR_MEMORY. May always be
 * freed. */
int cli_folder_init(struct cli_folder *folder, const char *named, struct sim_messages *messages);
void cli_folder_free(struct cli_folder *folder);

/* What was asked for there, and the experiment, for a command that goes on with it: SIM_ERR_INPUT too, with a message,
 * if another build wrote it. Both are to be freed in any case. */
int cli_folder_experiment(const struct cli_folder *folder, const struct cli_program *program,
    struct cli_request *request, struct sim_experiment *experiment, struct sim_messages *messages);

/* The number of shares that work or worked there, by the names of their files; 1 if they are none. */
uint32_t cli_folder_shares(const char *parts);

/* How far one share is. */
struct cli_tally {
    uint32_t cells, ok, failed;
};

void cli_tally_share(const struct sim_parts *parts, struct sim_share share, struct cli_tally *tally);

#endif
