/* pattern_board.c - which patterns are judged, on which runs, and with which outcome. */
#include "analysis/pattern_board.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <string.h>

#define MECHANISM(switch_name, pattern)
#define PATTERN(id, name, claim, source, criterion, explanation) \
    { #id, name, claim, source, criterion, explanation, &plan_##id },
const struct pattern patterns[] = {
#include "analysis/patterns.def"
};
#undef PATTERN
#undef MECHANISM
const size_t n_patterns = sizeof(patterns) / sizeof(patterns[0]);

#define PATTERN(id, ...)
#define MECHANISM(switch_name, pattern) { #switch_name, #pattern },
const struct mechanism mechanisms[] = {
#include "analysis/patterns.def"
};
#undef PATTERN
#undef MECHANISM
const size_t n_mechanisms = sizeof(mechanisms) / sizeof(mechanisms[0]);

const struct pattern *
pattern_find(const char *id)
{
    for (size_t i = 0; i < n_patterns; i++) {
        if (strcmp(patterns[i].id, id) == 0) {
            return &patterns[i];
        }
    }
    return NULL;
}

void
board_init(struct pattern_board *board, const struct sim_request *request)
{
    memset(board, 0, sizeof(*board));
    run_set_init(&board->runs, request);
}

void
board_free(struct pattern_board *board)
{
    for (size_t i = 0; i < board->n; i++) {
        judge_free(&board->entries[i].judge);
        sim_free(board->entries[i].runs);
        sim_free(board->entries[i].reason);
    }
    sim_free(board->entries);
    run_set_free(&board->runs);
    memset(board, 0, sizeof(*board));
}

static struct pattern_entry *
find(const struct pattern_board *board, const char *id, const char *without)
{
    for (size_t i = 0; i < board->n; i++) {
        struct pattern_entry *entry = &board->entries[i];
        int same = without == NULL || entry->without == NULL ? without == entry->without
                                                             : strcmp(without, entry->without) == 0;
        if (same && strcmp(entry->pattern->id, id) == 0) {
            return entry;
        }
    }
    return NULL;
}

const struct pattern_entry *
board_find(const struct pattern_board *board, const char *id, const char *without)
{
    return find(board, id, without);
}

/* All runs of an entry, variant by variant. */
static int
add_runs(struct pattern_board *board, struct pattern_entry *entry)
{
    const struct pattern_plan *plan = entry->pattern->plan;
    size_t n = 0, next = 0;
    for (size_t v = 0; v < plan->n_variants; v++) {
        n += pattern_points(&plan->variants[v]);
    }
    entry->runs = sim_alloc(n, sizeof(*entry->runs));
    int ret = entry->runs != NULL ? SIM_OK : SIM_ERR_MEMORY;
    entry->untouched = entry->without != NULL;
    for (size_t v = 0; v < plan->n_variants; v++) {
        for (size_t k = 0; k < pattern_points(&plan->variants[v]) && ret == SIM_OK; k++) {
            size_t with = 0;
            ret = run_set_add(&board->runs, &plan->variants[v], k, &with);
            entry->runs[next] = with;
            if (ret == SIM_OK && entry->without != NULL) {
                ret = run_set_add_without(&board->runs, with, entry->without, &entry->runs[next]);
                entry->untouched = entry->untouched && entry->runs[next] == with;
            }
            next++;
        }
    }
    for (size_t i = 0; i < next && ret == SIM_OK && entry->reason == NULL; i++) {
        const struct run *run = &board->runs.list[entry->runs[i]];
        if (run->cannot) {
            entry->reason = sim_print_text("%s with \"%s\": %s", run->scenario, run->settings, run->fault);
            ret = entry->reason != NULL ? SIM_OK : SIM_ERR_MEMORY;
        }
    }
    return ret;
}

/* Gives a judge its runs and lets it judge. */
static int
let_judge(struct pattern_board *board, struct pattern_entry *entry, int rehearsal)
{
    judge_free(&entry->judge);
    if (judge_init(&entry->judge, entry->pattern, board->runs.n_replicates) != SIM_OK) {
        return SIM_ERR_MEMORY;
    }
    entry->judge.runs = &board->runs;
    entry->judge.run_of = entry->runs;
    entry->judge.board = board;
    entry->judge.rehearsal = rehearsal;
    entry->pattern->plan->judge(&entry->judge);
    return entry->judge.status;
}

/* What an entry asks for is looked for before anything runs. */
static int
rehearse(struct pattern_board *board, struct pattern_entry *entry)
{
    int ret = let_judge(board, entry, 1);
    if (ret == SIM_OK && entry->judge.missing != NULL) {
        entry->reason = sim_print_text("needs %s, which is not there", entry->judge.missing);
        ret = entry->reason != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    return ret;
}

/* The patterns that mechanisms are claimed to carry, with and without them. */
static int
add_mechanisms(struct pattern_board *board)
{
    int ret = SIM_OK;
    for (size_t m = 0; m < n_mechanisms && ret == SIM_OK; m++) {
        const struct pattern *pattern = pattern_find(mechanisms[m].pattern);
        ret = board_add(board, pattern, NULL, 0, NULL);
        ret = ret == SIM_OK ? board_add(board, pattern, mechanisms[m].switch_name, 0, NULL) : ret;
    }
    return ret;
}

int
board_add(
    struct pattern_board *board, const struct pattern *pattern, const char *without, int shown, size_t *index)
{
    struct pattern_entry *known = find(board, pattern->id, without);
    if (known != NULL) {
        known->shown |= shown;
        if (index != NULL) {
            *index = (size_t) (known - board->entries);
        }
        return SIM_OK;
    }
    if (strcmp(pattern->id, "P27") == 0) {
        int ret = add_mechanisms(board);
        if (ret != SIM_OK) {
            return ret;
        }
    }
    if (board->n == board->capacity) {
        size_t capacity = 2 * board->capacity + 32;
        struct pattern_entry *longer = sim_resize(board->entries, board->n, capacity, sizeof(*longer));
        if (longer == NULL) {
            return SIM_ERR_MEMORY;
        }
        board->entries = longer;
        board->capacity = capacity;
    }
    struct pattern_entry *entry = &board->entries[board->n++];
    *entry = (struct pattern_entry){ .pattern = pattern, .without = without, .shown = shown };
    if (index != NULL) {
        *index = board->n - 1;
    }
    int ret = add_runs(board, entry);
    if (ret == SIM_OK && entry->reason == NULL) {
        ret = rehearse(board, entry);
    }
    entry->outcome = entry->reason != NULL ? PATTERN_CANNOT : PATTERN_FAILS;
    return ret;
}

/* A run that failed leaves its pattern without a judgement. */
static int
look_for_failures(const struct pattern_board *board, struct pattern_entry *entry)
{
    size_t next = 0;
    for (size_t v = 0; v < entry->pattern->plan->n_variants; v++) {
        for (size_t k = 0; k < pattern_points(&entry->pattern->plan->variants[v]); k++, next++) {
            const struct run *run = &board->runs.list[entry->runs[next]];
            if (run->fault != NULL && entry->reason == NULL) {
                entry->reason =
                    sim_print_text("%s with \"%s\": %s", run->scenario, run->settings, run->fault);
                entry->outcome = PATTERN_CANNOT;
                return entry->reason != NULL ? SIM_OK : SIM_ERR_MEMORY;
            }
        }
    }
    return SIM_OK;
}

static int
judge_entry(struct pattern_board *board, struct pattern_entry *entry)
{
    int ret = look_for_failures(board, entry);
    if (ret != SIM_OK || entry->reason != NULL) {
        return ret;
    }
    ret = let_judge(board, entry, 0);
    entry->outcome = judge_holds(&entry->judge) ? PATTERN_HOLDS : PATTERN_FAILS;
    return ret;
}

int
board_judge(struct pattern_board *board)
{
    int ret = SIM_OK;
    for (int last = 0; last <= 1; last++) { /* P27 judges what the others came to */
        for (size_t i = 0; i < board->n && ret == SIM_OK; i++) {
            if ((strcmp(board->entries[i].pattern->id, "P27") == 0) == last) {
                ret = judge_entry(board, &board->entries[i]);
            }
        }
    }
    return ret;
}

size_t
pattern_flips(const struct pattern_entry *with, const struct pattern_entry *without)
{
    size_t flips = 0, n = with->judge.n_checks;
    for (size_t i = 0; i < n && without->judge.n_checks == n; i++) {
        const struct check *a = &with->judge.checks[i], *b = &without->judge.checks[i];
        int signs = (a->relation == IS_ABOVE && a->low == 0) || a->relation == IS_RISING;
        flips += a->holds && signs && b->mean + b->half < 0;
        flips += a->holds && a->relation == IS_FALLING && b->mean - b->half > 0;
    }
    return flips;
}
