/* pattern_print.c - scoreboards, lists, curves and the matrix of knock-outs, as text, CSV or JSON. */
#include "analysis/csv.h"
#include "analysis/pattern_board.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const char *const outcomes[] = { "holds", "FAILS", "CANNOT" };
static const char *const relations[] = { "above", "at least", "below", "between", "rises", "falls", "is so" };

/* What a check asks for: "above 0". */
static void
print_bound(const struct check *check, FILE *out)
{
    fputs(relations[check->relation], out);
    if (check->relation <= IS_AT_LEAST) {
        fprintf(out, " %g", check->low);
    } else if (check->relation == IS_BELOW) {
        fprintf(out, " %g", check->high);
    } else if (check->relation == IS_BETWEEN) {
        fprintf(out, " %g and %g", check->low, check->high);
    }
}

static void
print_check(const struct check *check, FILE *out)
{
    fprintf(out, "      %-6s %s", check->holds ? "ok" : "FAILS", check->what);
    if (check->relation != IS_SO) {
        fprintf(out, ": %+.4g +- %.2g, ", check->mean, check->half);
        print_bound(check, out);
    }
    if (check->detail != NULL) {
        fprintf(out, " (%s)", check->detail);
    }
    fputc('\n', out);
}

static void
print_entry(const struct pattern_entry *entry, FILE *out)
{
    fprintf(out, "%-5s %-6s %s\n", entry->pattern->id, outcomes[entry->outcome], entry->pattern->name);
    if (entry->outcome == PATTERN_CANNOT) {
        fprintf(out, "             %s\n", entry->reason);
        return;
    }
    for (size_t i = 0; i < entry->judge.n_checks; i++) {
        print_check(&entry->judge.checks[i], out);
    }
    for (size_t i = 0; i < entry->judge.n_notes; i++) {
        fprintf(out, "      note   %s\n", entry->judge.notes[i]);
    }
    if (entry->outcome == PATTERN_FAILS) {
        fprintf(out, "      asked  %s\n", entry->pattern->criterion);
        if (*entry->pattern->explanation != '\0') {
            fprintf(out, "      why    %s\n", entry->pattern->explanation);
        }
    }
}

static void
print_text(const struct pattern_board *board, FILE *out)
{
    size_t n = 0, holding = 0, cannot = 0;
    for (size_t i = 0; i < board->n; i++) {
        const struct pattern_entry *entry = &board->entries[i];
        if (entry->shown && entry->without == NULL) {
            print_entry(entry, out);
            n++;
            holding += entry->outcome == PATTERN_HOLDS;
            cannot += entry->outcome == PATTERN_CANNOT;
        }
    }
    fprintf(out, "\n%zu of %zu hold", holding, n);
    if (cannot > 0) {
        fprintf(out, ", %zu cannot be judged", cannot);
    }
    fprintf(out, " (%u replicates%s)\n", board->runs.n_replicates,
        board->runs.n_replicates < PATTERN_REPLICATES ? "; the criteria are for at least 20" : "");
}

static json_t *
json_number(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

static json_t *
json_check(const struct check *check)
{
    return json_pack("{s:s, s:o, s:o, s:I, s:s, s:o, s:o, s:s?, s:b}", "what", check->what, "measured",
        json_number(check->mean), "half_width", json_number(check->half), "n", (json_int_t) check->n,
        "relation", relations[check->relation], "low", json_number(check->low), "high",
        json_number(check->high), "detail", check->detail, "holds", check->holds);
}

static json_t *
json_entry(const struct pattern_entry *entry)
{
    const struct pattern *pattern = entry->pattern;
    json_t *checks = json_array(), *notes = json_array();
    int failed = 0;
    for (size_t i = 0; i < entry->judge.n_checks && entry->outcome != PATTERN_CANNOT; i++) {
        failed |= json_array_append_new(checks, json_check(&entry->judge.checks[i]));
    }
    for (size_t i = 0; i < entry->judge.n_notes && entry->outcome != PATTERN_CANNOT; i++) {
        failed |= json_array_append_new(notes, json_string(entry->judge.notes[i]));
    }
    if (failed) {
        json_decref(checks);
        json_decref(notes);
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s?, s:s, s:o, s:o}", "id", pattern->id, "name",
        pattern->name, "claim", pattern->claim, "source", pattern->source, "criterion", pattern->criterion,
        "holds", entry->outcome == PATTERN_HOLDS, "error", entry->reason, "explanation", pattern->explanation,
        "checks", checks, "notes", notes);
}

static json_t *
json_board(const struct pattern_board *board)
{
    json_t *list = json_array();
    for (size_t i = 0; i < board->n; i++) {
        const struct pattern_entry *entry = &board->entries[i];
        if (entry->shown && entry->without == NULL && json_array_append_new(list, json_entry(entry)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* Writes JSON and lets go of it. */
static int
dump(json_t *all, FILE *out)
{
    if (all == NULL) {
        return SIM_ERR_MEMORY;
    }
    int failed = json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(all);
    fputc('\n', out);
    return failed ? SIM_ERR_FILE : SIM_OK;
}

/* A text, and a number, of a row, each with what follows. */
static void
print_field(const char *text, FILE *out)
{
    csv_text(out, text != NULL ? text : "");
    fputc(',', out);
}

static void
print_number_field(double number, FILE *out)
{
    csv_number(out, number);
    fputc(',', out);
}

static void
print_csv(const struct pattern_board *board, FILE *out)
{
    fputs("pattern,name,outcome,check,measured,half_width,n,relation,low,high,holds\n", out);
    for (size_t i = 0; i < board->n; i++) {
        const struct pattern_entry *entry = &board->entries[i];
        size_t rows = entry->judge.n_checks > 0 ? entry->judge.n_checks : 1;
        struct check none = { .what = entry->reason, .mean = NAN, .half = NAN, .low = NAN, .high = NAN };
        for (size_t c = 0; c < rows && entry->shown && entry->without == NULL; c++) {
            const struct check *check = entry->outcome == PATTERN_CANNOT ? &none : &entry->judge.checks[c];
            fprintf(out, "%s,", entry->pattern->id);
            print_field(entry->pattern->name, out);
            fprintf(out, "%s,", outcomes[entry->outcome]);
            print_field(check->what, out);
            print_number_field(check->mean, out);
            print_number_field(check->half, out);
            fprintf(out, "%u,%s,", check->n, check == &none ? "" : relations[check->relation]);
            print_number_field(check->low, out);
            print_number_field(check->high, out);
            fprintf(out, "%d\n", check->holds);
            rows = check == &none ? 1 : rows;
        }
    }
}

int
board_print(const struct pattern_board *board, enum pattern_format format, FILE *out)
{
    if (format == PATTERN_JSON) {
        return dump(json_board(board), out);
    }
    (format == PATTERN_CSV ? print_csv : print_text)(board, out);
    return ferror(out) ? SIM_ERR_FILE : SIM_OK;
}

/* One row for each thing that a judge looked at, with the 95 % interval over the replicates that have it. */
static void
print_sight(const struct pattern_entry *entry, const struct sight *sight, double *kept, FILE *out)
{
    size_t n = 0;
    for (uint32_t r = 0; r < entry->judge.n_replicates; r++) {
        kept[n] = sight->numbers[r];
        n += isnan(sight->numbers[r]) ? 0 : 1;
    }
    double mean = sim_mean(kept, n), half = sim_half_width_95(sim_sd(kept, n), n);
    fprintf(out, "%s,", entry->pattern->id);
    print_field(sight->variant, out);
    fprintf(out, "%s,", sight->value != NULL ? sight->value : "");
    print_field(sight->observation, out);
    print_field(sight->label, out);
    print_number_field(mean, out);
    print_number_field(mean - half, out);
    csv_number(out, mean + half);
    fputc('\n', out);
}

/* A judge may look twice. */
static int
seen_before(const struct judge *judge, size_t which)
{
    const struct sight *b = &judge->sights[which];
    for (size_t i = 0; i < which; i++) {
        const struct sight *a = &judge->sights[i];
        int values =
            a->value == NULL || b->value == NULL ? a->value == b->value : !strcmp(a->value, b->value);
        int labels =
            a->label == NULL || b->label == NULL ? a->label == b->label : !strcmp(a->label, b->label);
        if (values && labels && a->variant == b->variant && strcmp(a->observation, b->observation) == 0) {
            return 1;
        }
    }
    return 0;
}

int
board_print_curves(const struct pattern_board *board, FILE *out)
{
    double *kept = sim_alloc(board->runs.n_replicates + 1, sizeof(*kept));
    if (kept == NULL) {
        return SIM_ERR_MEMORY;
    }
    fputs("pattern,variant,x,observation,label,mean,lower,upper\n", out);
    for (size_t i = 0; i < board->n; i++) {
        const struct pattern_entry *entry = &board->entries[i];
        for (size_t s = 0; s < entry->judge.n_sights && entry->shown && entry->without == NULL; s++) {
            if (!seen_before(&entry->judge, s)) {
                print_sight(entry, &entry->judge.sights[s], kept, out);
            }
        }
    }
    sim_free(kept);
    return ferror(out) ? SIM_ERR_FILE : SIM_OK;
}

int
patterns_print_list(enum pattern_format format, FILE *out)
{
    json_t *list = format == PATTERN_JSON ? json_array() : NULL;
    if (format == PATTERN_CSV) {
        fputs("id,name,claim,source,criterion\n", out);
    }
    for (size_t i = 0; i < n_patterns; i++) {
        const struct pattern *p = &patterns[i];
        if (format == PATTERN_JSON) {
            json_array_append_new(list,
                json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", p->id, "name", p->name, "claim", p->claim,
                    "source", p->source, "criterion", p->criterion));
        } else if (format == PATTERN_CSV) {
            fprintf(out, "%s,", p->id);
            print_field(p->name, out);
            print_field(p->claim, out);
            print_field(p->source, out);
            csv_text(out, p->criterion);
            fputc('\n', out);
        } else {
            fprintf(out, "%-5s %s (%s)\n      claim     %s\n      criterion %s\n", p->id, p->name, p->source,
                p->claim, p->criterion);
        }
    }
    return format == PATTERN_JSON ? dump(list, out) : ferror(out) ? SIM_ERR_FILE : SIM_OK;
}

/* What became of a pattern without a switch. */
enum fate { UNCHANGED, GONE, COME, REVERSED, UNKNOWN };
static const char fate_marks[] = ".x+-?";
static const char *const fate_words[] = { "unchanged", "falls", "newly holds", "a sign is reversed",
    "unknown" };

static enum fate
fate_of(const struct pattern_entry *with, const struct pattern_entry *without)
{
    if (with->outcome == PATTERN_CANNOT || without->outcome == PATTERN_CANNOT) {
        return UNKNOWN;
    }
    if (pattern_flips(with, without) > 0) {
        return REVERSED;
    }
    return with->outcome == without->outcome ? UNCHANGED : with->outcome == PATTERN_HOLDS ? GONE : COME;
}

/* Patterns of the board, with everything on, that the matrix has. */
static const struct pattern_entry *
next_column(const struct pattern_board *board, size_t *from)
{
    for (; *from < board->n; ++*from) {
        const struct pattern_entry *entry = &board->entries[*from];
        if (entry->shown && entry->without == NULL && entry->pattern->plan->n_variants > 0) {
            return &board->entries[(*from)++];
        }
    }
    return NULL;
}

static void
print_matrix(const struct pattern_board *board, const char *const *switches, size_t n, FILE *out)
{
    const struct pattern_entry *with;
    fprintf(out, "\n%-20s", "without");
    for (size_t i = 0; (with = next_column(board, &i)) != NULL;) {
        fprintf(out, " %3s", with->pattern->id);
    }
    fputc('\n', out);
    for (size_t s = 0; s < n; s++) {
        fprintf(out, "%-20s", switches[s]);
        for (size_t i = 0; (with = next_column(board, &i)) != NULL;) {
            const struct pattern_entry *without = board_find(board, with->pattern->id, switches[s]);
            fprintf(out, " %3c", fate_marks[fate_of(with, without)]);
        }
        fputc('\n', out);
    }
    fputs(
        "\n. unchanged   x falls   + newly holds   - a sign is reversed, with its interval   ? cannot be judged\n",
        out);
}

static int
changes_nothing(const struct pattern_board *board, const char *switch_name)
{
    const struct pattern_entry *with;
    for (size_t i = 0; (with = next_column(board, &i)) != NULL;) {
        enum fate fate = fate_of(with, board_find(board, with->pattern->id, switch_name));
        if (fate != UNCHANGED && fate != UNKNOWN) {
            return 0;
        }
    }
    return 1;
}

static json_t *
json_knock_out(const struct pattern_board *board, const char *switch_name)
{
    const struct pattern_entry *with;
    json_t *fates = json_object();
    for (size_t i = 0; (with = next_column(board, &i)) != NULL;) {
        const struct pattern_entry *without = board_find(board, with->pattern->id, switch_name);
        json_object_set_new(fates, with->pattern->id, json_string(fate_words[fate_of(with, without)]));
    }
    return json_pack("{s:s, s:b, s:o}", "switch", switch_name, "changes_nothing",
        changes_nothing(board, switch_name), "patterns", fates);
}

int
board_print_knock_outs(const struct pattern_board *board, const char *const *switches, size_t n_switches,
    enum pattern_format format, FILE *out)
{
    if (format == PATTERN_JSON) {
        json_t *rows = json_array();
        for (size_t s = 0; s < n_switches; s++) {
            json_array_append_new(rows, json_knock_out(board, switches[s]));
        }
        return dump(json_pack("{s:o, s:o}", "patterns", json_board(board), "knock_outs", rows), out);
    }
    print_text(board, out);
    print_matrix(board, switches, n_switches, out);
    fputs("\nChange no pattern: ", out);
    int n = 0;
    for (size_t s = 0; s < n_switches; s++) {
        if (changes_nothing(board, switches[s])) {
            fprintf(out, "%s%s", n++ > 0 ? ", " : "", switches[s]);
        }
    }
    fprintf(out, "%s\n", n > 0 ? "" : "none");
    return ferror(out) ? SIM_ERR_FILE : SIM_OK;
}
