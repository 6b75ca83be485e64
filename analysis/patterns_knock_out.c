/* patterns_knock_out.c - P27: each mechanism of the table in patterns.def is switched off, and the pattern that
 * it is claimed to carry has to fall.
 *
 * Its runs are those of the other patterns with one switch off, which the board adds. "No other sign flips" is
 * looked for in what is run here: the patterns that some mechanism is claimed to carry, each without its own
 * mechanisms; the whole matrix is printed by --knock-out. */
#include "analysis/pattern_board.h"

static void
judge_mechanism(struct judge *judge, const struct mechanism *mechanism)
{
    const struct pattern_entry *with = board_find(judge->board, mechanism->pattern, NULL);
    const struct pattern_entry *without =
        board_find(judge->board, mechanism->pattern, mechanism->switch_name);
    const char *why = with == NULL || without == NULL ? "has not run"
        : without->untouched                          ? "the model has no such switch"
        : with->outcome == PATTERN_CANNOT             ? "cannot be judged"
        : with->outcome == PATTERN_FAILS              ? "fails already with everything on"
        : without->outcome == PATTERN_HOLDS           ? "still holds"
                                                      : NULL;
    check_fact(judge,
        judge_text(judge, "without %s: %s %s", mechanism->switch_name, mechanism->pattern,
            why != NULL ? why : "falls"),
        why == NULL);
}

static void
judge_P27(struct judge *judge)
{
    for (size_t m = 0; m < n_mechanisms && !judge->rehearsal; m++) {
        judge_mechanism(judge, &mechanisms[m]);
    }
}

const struct pattern_plan plan_P27 = { NULL, 0, judge_P27 };
