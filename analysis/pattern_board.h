/* pattern_board.h - the scoreboard: patterns, each with everything on or with one mechanism switched off, their
 * runs, and what became of them. */
#ifndef ANALYSIS_PATTERN_BOARD_H
#define ANALYSIS_PATTERN_BOARD_H

#include "analysis/pattern_runs.h"
#include "analysis/patterns.h"

#include <stdio.h>

enum pattern_outcome { PATTERN_HOLDS, PATTERN_FAILS, PATTERN_CANNOT };

struct pattern_entry {
    const struct pattern *pattern;
    const char *without; /* a switch that is off in all runs; NULL: none */
    int shown;           /* asked for; others only serve the knock-outs of P27 */
    int untouched;       /* without a switch that none of its runs has */
    size_t *runs;
    struct judge judge;
    enum pattern_outcome outcome;
    char *reason; /* why it cannot be judged; NULL: it can */
};

struct pattern_board {
    struct pattern_entry *entries;
    size_t n, capacity;
    struct run_set runs;
};

/* What a rule of the model is claimed to carry. */
struct mechanism {
    const char *switch_name;
    const char *pattern;
};

extern const struct mechanism mechanisms[];
extern const size_t n_mechanisms;

void board_init(struct pattern_board *board, const struct sim_request *request);
void board_free(struct pattern_board *board);

/* Adds a pattern, with its runs, unless it is there; looks whether all it asks for exists. P27 brings the
 * patterns with and without the mechanisms that carry them. SIM_ERR_MEMORY. */
int board_add(struct pattern_board *board, const struct pattern *pattern, const char *without, int shown,
    size_t *index);

/* Judges everything, once the runs are there. SIM_ERR_MEMORY. */
int board_judge(struct pattern_board *board);

/* The entry of this pattern and switch; NULL if there is none. */
const struct pattern_entry *board_find(
    const struct pattern_board *board, const char *id, const char *without);

const struct pattern *pattern_find(const char *id);

/* Checks that hold in one entry and whose interval lies on the other side of 0 in the other. */
size_t pattern_flips(const struct pattern_entry *with, const struct pattern_entry *without);

enum pattern_format { PATTERN_TEXT, PATTERN_JSON, PATTERN_CSV };

/* What is asked for, as a scoreboard, a list of patterns, the curves behind the checks (CSV). SIM_ERR_FILE,
 * SIM_ERR_MEMORY. */
int board_print(const struct pattern_board *board, enum pattern_format format, FILE *out);
int board_print_curves(const struct pattern_board *board, FILE *out);
int patterns_print_list(enum pattern_format format, FILE *out);

/* The matrix of patterns and switches that are off. */
int board_print_knock_outs(const struct pattern_board *board, const char *const *switches, size_t n_switches,
    enum pattern_format format, FILE *out);

#endif
