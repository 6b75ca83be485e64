/* verify.h - runs cells of a results file again, from the file alone, and compares what they record with what the
 * file holds: its digests, and every number.
 */
#ifndef ANALYSIS_VERIFY_H
#define ANALYSIS_VERIFY_H

#include "analysis/reader.h"

#include <signal.h>

struct sim_experiment;
struct sim_layout;
struct sim_model;

enum verify_finding {
    VERIFY_NOT_RUN,
    VERIFY_EQUAL,
    VERIFY_DIGEST,  /* the numbers are equal, the digest is not */
    VERIFY_NUMBERS, /* the digest is equal: the numbers were changed in the file */
    VERIFY_BOTH,    /* another result */
    VERIFY_FAILED,  /* it fails now */
};

#define VERIFY_DIGEST_SIZE 17

/* One cell. */
struct verify_cell {
    uint32_t design, replicate; /* which */
    enum verify_finding finding;
    char recorded_digest[VERIFY_DIGEST_SIZE], digest[VERIFY_DIGEST_SIZE]; /* in the file, and now */
    char error[256];                                                      /* why it fails; "" */
    uint32_t n_variables;                                                 /* that differ */
    char variable[128]; /* the first of them, "" if none; and in it the first number that differs: */
    uint32_t tick;      /* its month, 0 if it is none of a month */
    char label[160];    /* "" */
    double recorded, computed;
};

struct verify_how {
    const struct sim_model *(*find_model)(const char *name);
    int threads, bind;
    const volatile sig_atomic_t *stop;
};

/* Runs the cells, which are in the order of the file, and fills in what was found. SIM_ERR_INPUT with messages if the
 * file alone does not tell what to run; SIM_ERR_FILE, with a message, if it is damaged; SIM_ERR_STOPPED,
 * SIM_ERR_MEMORY. */
int verify_run(const struct reader *reader, struct verify_cell *cells, uint32_t n,
    const struct verify_how *how, struct sim_messages *messages);

/* The parts of it */

/* An experiment whose design points are those of the cells, each once and in their order. The model is known. Errors
 * as above. */
int verify_rebuild(const struct reader *reader, const struct verify_cell *cells, uint32_t n,
    const struct verify_how *how, struct sim_experiment *experiment, struct sim_messages *messages);

/* What is compared. */
struct verify_sheet {
    const struct reader *reader;
    const struct sim_model *model;
    const struct sim_layout *layout;
};

/* Compares the numbers that a cell recorded with every variable of the file. SIM_ERR_FILE with a message. */
int verify_compare(const struct verify_sheet *sheet, const double *numbers, struct verify_cell *cell,
    struct sim_messages *messages);

#endif
