/* cli_status.h - what can be seen in a folder of parts by looking only: files, who works there, how far they are.
 */
#ifndef SIM_CLI_STATUS_H
#define SIM_CLI_STATUS_H

#include "sim/cli_folder.h"

/* One who writes there, or wrote: the whole, or one share. */
struct cli_writer {
    struct sim_share share;
    int is_alive;      /* it holds its lock */
    char holder[256];  /* what it says of itself in its lock; "" */
    int has_status;    /* the rest is from its status.json: */
    char state[16];    /* "running", "stopped" ... */
    double rate, left; /* cells a second, seconds; left < 0: not known */
};

struct cli_status {
    uint32_t n_shards, n_damaged, n_checkpoints; /* files; set aside as damaged; cells with a state kept */
    uint64_t bytes;                              /* of shards */
    uint32_t n_shares;
    struct cli_writer *writers; /* by share; of the whole: the first, also if there are shares */
    uint32_t n_writers;
    int asked_to_stop;
};

/* SIM_ERR_FILE with a message, SIM_ERR_MEMORY. May always be freed. */
int cli_status_init(struct cli_status *status, const char *parts, struct sim_messages *messages);
void cli_status_free(struct cli_status *status);

/* Whether anybody works there. */
int cli_status_is_alive(const struct cli_status *status);

/* The cells that failed, by reason. */
struct cli_failure {
    const char *error;
    uint32_t n;
    uint32_t first[3]; /* cells */
};

struct cli_failures {
    struct cli_failure *list; /* in the order of the first cell */
    uint32_t n;
};

/* SIM_ERR_MEMORY. The source must outlive it. May always be freed. */
int cli_failures_init(struct cli_failures *failures, const struct sim_source *source);
void cli_failures_free(struct cli_failures *failures);

#endif
