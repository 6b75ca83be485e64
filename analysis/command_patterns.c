/* command_patterns.c - cogov patterns: runs what the patterns need and prints the scoreboard, the curves behind
 * it, or what becomes of the patterns when mechanisms are switched off. */
#include "analysis/command_patterns.h"

#include "analysis/pattern_board.h"
#include "sim/alloc.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/publish.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_LIMIT 128
#define SWITCH_GROUP "switches"

/* What the words of the command line name. */
struct request {
    const struct pattern *patterns[WORDS_LIMIT];
    size_t n_patterns;
    const char *switches[WORDS_LIMIT];
    size_t n_switches;
    enum pattern_format format;
};

/* What the line of progress tells. */
struct watch {
    struct cli_meter meter;
    struct run_progress latest;
};

static void
show_progress(void *context, const struct run_progress *progress)
{
    struct watch *watch = context;
    char what[64];
    watch->latest = *progress;
    snprintf(what, sizeof(what), "of %" PRIu32 " runs", progress->runs);
    cli_meter_show(&watch->meter,
        progress->months > 0 ? (double) progress->months_done / (double) progress->months : 1, what,
        (double) progress->months_done, progress->seconds);
}

static int
complain_of_word(const struct cli_program *program, const char *word, int knock_out)
{
    const struct sim_model *model = program->find_model(program->standard_model);
    char names[4096] = "", nearest[64];
    for (size_t i = 0; i < n_patterns; i++) {
        strcat(strcat(names, "|"), patterns[i].id);
    }
    for (size_t f = 0; f < model->fields.count && knock_out; f++) {
        const struct sim_field *field = &model->fields.list[f];
        if (strcmp(field->group, SWITCH_GROUP) == 0
            && strlen(names) + strlen(field->name) + 2 < sizeof(names)) {
            strcat(strcat(names, "|"), field->name);
        }
    }
    int near = sim_suggest_word(names + 1, word, nearest, sizeof(nearest));
    cli_complain("no pattern %s\"%s\"%s%s%s; see cogov patterns --list", knock_out ? "or switch " : "", word,
        near ? "; did you mean \"" : "", near ? nearest : "", near ? "\"?" : "");
    return CLI_WRONG;
}

/* One word: a pattern, or a switch with or without its group. */
static int
read_word(const struct cli_program *program, const char *word, int knock_out, struct request *request)
{
    const struct sim_model *model = program->find_model(program->standard_model);
    const struct pattern *pattern = pattern_find(word);
    const char *name = strncmp(word, SWITCH_GROUP ".", strlen(SWITCH_GROUP) + 1) == 0
        ? word + strlen(SWITCH_GROUP) + 1
        : word;
    char key[SIM_KEY_SIZE];
    snprintf(key, sizeof(key), SWITCH_GROUP ".%.100s", name);
    if (pattern != NULL) {
        request->patterns[request->n_patterns++] = pattern;
    } else if (knock_out && sim_fields_find(&model->fields, key) != NULL) {
        request->switches[request->n_switches++] = name;
    } else {
        return complain_of_word(program, word, knock_out);
    }
    return CLI_DONE;
}

/* All that is not chosen: every pattern, every switch of the model. */
static void
fill_request(const struct cli_program *program, int knock_out, struct request *request)
{
    const struct sim_model *model = program->find_model(program->standard_model);
    for (size_t i = 0; i < n_patterns && request->n_patterns < WORDS_LIMIT; i++) {
        request->patterns[request->n_patterns++] = &patterns[i];
    }
    for (size_t f = 0; f < model->fields.count && knock_out && request->n_switches < WORDS_LIMIT; f++) {
        if (strcmp(model->fields.list[f].group, SWITCH_GROUP) == 0) {
            request->switches[request->n_switches++] = model->fields.list[f].name;
        }
    }
}

static int
read_request(const struct cli_program *program, const struct cli_options *options, struct request *request)
{
    int knock_out = (options->given & CLI_KNOCK_OUT) != 0, curves = (options->given & CLI_PLOT_DATA) != 0;
    const char *format = options->format != NULL ? options->format : "text";
    int ret = CLI_DONE;
    request->format = strcmp(format, "json") == 0 ? PATTERN_JSON
        : strcmp(format, "csv") == 0              ? PATTERN_CSV
                                                  : PATTERN_TEXT;
    for (size_t i = 0; i < options->n_words; i++) {
        ret = read_word(program, options->words[i], knock_out, request) != CLI_DONE ? CLI_WRONG : ret;
    }
    struct request all = { .n_patterns = 0 };
    fill_request(program, knock_out, &all);
    if (request->n_patterns == 0) {
        memcpy(request->patterns, all.patterns, sizeof(all.patterns));
        request->n_patterns = all.n_patterns;
    }
    if (request->n_switches == 0) {
        memcpy(request->switches, all.switches, sizeof(all.switches));
        request->n_switches = all.n_switches;
    }
    if (options->replicates == 1) {
        cli_complain("--replicates must be at least 2 here: every criterion needs an interval");
        ret = CLI_WRONG;
    }
    if (knock_out && curves) {
        cli_complain("--knock-out and --plot-data print different things; ask for one");
        ret = CLI_WRONG;
    }
    if ((knock_out && request->format == PATTERN_CSV) || (curves && options->format != NULL)) {
        cli_complain("%s has no --format %s", knock_out ? "--knock-out" : "--plot-data", format);
        ret = CLI_WRONG;
    }
    return ret;
}

/* What is asked for, as text that goes to a file or to standard output. */
static int
print_board(const struct cli_options *options, const struct pattern_board *board,
    const struct request *request, FILE *out)
{
    if ((options->given & CLI_KNOCK_OUT) != 0) {
        return board_print_knock_outs(board, request->switches, request->n_switches, request->format, out);
    }
    return (options->given & CLI_PLOT_DATA) != 0 ? board_print_curves(board, out)
                                                 : board_print(board, request->format, out);
}

/* A file appears whole or not at all. */
static int
publish(const char *path, const char *text, size_t size)
{
    struct sim_publication file;
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = sim_publication_init(&file, path, SIM_REPLACE, &messages);
    if (ret == SIM_OK) {
        sim_publication_write(&file, 0, text, size);
        ret = sim_publication_finish(&file, &messages);
        sim_publication_free(&file);
    }
    cli_print_messages(&messages);
    sim_messages_free(&messages);
    return ret;
}

static int
write_board(
    const struct cli_options *options, const struct pattern_board *board, const struct request *request)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = options->output != NULL ? open_memstream(&text, &size) : stdout;
    int ret = SIM_ERR_MEMORY;
    if (out != NULL) {
        ret = (options->given & CLI_LIST) != 0 ? patterns_print_list(request->format, out)
                                               : print_board(options, board, request, out);
    }
    if (out != NULL && options->output != NULL) {
        ret = fclose(out) == 0 && ret == SIM_OK ? publish(options->output, text, size) : SIM_ERR_MEMORY;
        free(text);
    }
    return ret;
}

static int
execute(const struct cli_program *program, const struct cli_options *options, struct pattern_board *board,
    struct watch *watch)
{
    struct run_execution execution = { .threads = options->threads > 0 ? (int) options->threads : 0,
        .bind = cli_binds(options),
        .stop = program->stop,
        .progress = show_progress,
        .context = watch };
    cli_meter_init(&watch->meter, options);
    program->catch_signals(1);
    int ret = run_set_execute(&board->runs, &execution);
    program->catch_signals(0);
    return ret;
}

/* Everything once more for each switch; from the first runs it is known how long that takes. */
static int
knock_out(const struct cli_program *program, const struct cli_options *options, struct pattern_board *board,
    const struct request *request, struct watch *watch)
{
    int ret = SIM_OK;
    for (size_t s = 0; s < request->n_switches; s++) {
        for (size_t p = 0; p < request->n_patterns && ret == SIM_OK; p++) {
            ret = board_add(board, request->patterns[p], request->switches[s], 0, NULL);
        }
    }
    if (ret != SIM_OK) {
        return ret;
    }
    double months = (double) watch->latest.months_done;
    double seconds = months > 0 ? (double) run_set_months(&board->runs) * watch->latest.seconds / months : 0;
    if (watch->meter.shown != CLI_METER_NOTHING) {
        char time[CLI_TIME_SIZE];
        cli_print_time(time, seconds);
        fprintf(stderr, "cogov: %zu switches x %zu patterns: about %s\n", request->n_switches,
            request->n_patterns, time);
    }
    return execute(program, options, board, watch);
}

static int
has_failed(const struct pattern_board *board)
{
    for (size_t i = 0; i < board->n; i++) {
        const struct pattern_entry *entry = &board->entries[i];
        if (entry->shown && entry->without == NULL && entry->outcome != PATTERN_HOLDS) {
            return 1;
        }
    }
    return 0;
}

static int
judge_all_of(const struct cli_program *program, const struct cli_options *options,
    struct pattern_board *board, const struct request *request)
{
    struct watch watch = { .latest = { 0 } };
    int ret = SIM_OK;
    for (size_t p = 0; p < request->n_patterns && ret == SIM_OK; p++) {
        ret = board_add(board, request->patterns[p], NULL, 1, NULL);
    }
    ret = ret == SIM_OK ? execute(program, options, board, &watch) : ret;
    if (ret == SIM_OK && (options->given & CLI_KNOCK_OUT) != 0) {
        ret = knock_out(program, options, board, request, &watch);
    }
    ret = ret == SIM_OK ? board_judge(board) : ret;
    return ret == SIM_OK ? write_board(options, board, request) : ret;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    struct request request = { .n_patterns = 0 };
    if (options->n_words > WORDS_LIMIT || read_request(program, options, &request) != CLI_DONE) {
        return CLI_WRONG;
    }
    if ((options->given & CLI_LIST) != 0) {
        return write_board(options, NULL, &request) == SIM_OK ? CLI_DONE : CLI_FAILED;
    }
    struct sim_request common = { .n_replicates =
                                      options->replicates > 0 ? options->replicates : PATTERN_REPLICATES,
        .seed = options->seed,
        .n_ticks = -1,
        .burn_in = -1,
        .standard_replicates = PATTERN_REPLICATES,
        .search = { .folders = program->folders },
        .find_model = program->find_model,
        .model_names = program->model_names };
    struct pattern_board board;
    board_init(&board, &common);
    int status = judge_all_of(program, options, &board, &request);
    int ret = status == SIM_OK ? (has_failed(&board) ? CLI_FAILED : CLI_DONE) : CLI_FAILED;
    if (status == SIM_ERR_STOPPED) {
        fprintf(stderr, "cogov: stopped; nothing is kept of patterns\n");
        ret = CLI_STOPPED;
    } else if (status != SIM_OK && !ferror(stdout)) {
        cli_complain("%s", sim_status_text(status));
    }
    board_free(&board);
    return ret;
}

const struct cli_command command_patterns = {
    .name = "patterns",
    .arguments = "[PATTERN ...] [options]   (or --knock-out [SWITCH ...] [PATTERN ...])",
    .summary =
        "Run the patterns that a valid model shows, with the statistics their criteria name, and print which hold.",
    .notes =
        "PATTERN is one of those that --list tells; without any, all are run. Exit status 1 if one does not hold.\n"
        "--plot-data prints, as CSV, what each judge looked at: the curve behind a pattern. --knock-out reruns the\n"
        "patterns with each SWITCH off (without any: every switch of the model) and prints which pattern falls.",
    .options = CLI_OUTPUT | CLI_SEED | CLI_REPLICATES | CLI_THREADS | CLI_FORMAT | CLI_QUIET | CLI_NO_BIND
        | CLI_LIST | CLI_PLOT_DATA | CLI_KNOCK_OUT,
    .fewest = 0,
    .most = WORDS_LIMIT,
    .formats = "text|json|csv",
    .run = run,
};
