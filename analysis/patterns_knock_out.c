/* patterns_knock_out.c - P27: each mechanism of the table in patterns.def is switched off, and the pattern that
 * it is claimed to carry has to fall.
 *
 * Its runs are those of the other patterns with one switch off, which the board adds. That no
 * other sign flips can only be seen in the whole matrix of patterns and switches, which --knock-out runs and
 * prints: here it is not judged. */
#include "analysis/pattern_board.h"

#include <string.h>

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
        : without->outcome == PATTERN_CANNOT          ? "cannot be judged without it"
                                                      : NULL;
    check_fact(judge,
        judge_text(judge, "without %s: %s %s", mechanism->switch_name, mechanism->pattern,
            why != NULL ? why : "falls"),
        why == NULL);
}

static int
is_claimed(const char *switch_name)
{
    for (size_t m = 0; m < n_mechanisms; m++) {
        if (strcmp(mechanisms[m].switch_name, switch_name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Rules of the model that no pattern is claimed for. */
static void
note_unclaimed(struct judge *judge)
{
    const struct pattern_entry *entry = board_find(judge->board, mechanisms[0].pattern, NULL);
    const char *name, *told = "";
    for (size_t i = 0; entry != NULL && (name = run_switch(&judge->runs->list[entry->runs[0]], i)) != NULL;
         i++) {
        if (!is_claimed(name)) {
            told = judge_text(judge, "%s%s%s", told, *told != '\0' ? ", " : "", name);
        }
    }
    judge_note(judge, "no pattern is claimed for %s", *told != '\0' ? told : "none");
}

static void
judge_P27(struct judge *judge)
{
    for (size_t m = 0; m < n_mechanisms && !judge->rehearsal; m++) {
        judge_mechanism(judge, &mechanisms[m]);
    }
    if (!judge->rehearsal) {
        note_unclaimed(judge);
    }
}

const struct pattern_plan plan_P27 = { NULL, 0, judge_P27 };
