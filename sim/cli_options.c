/* cli_options.c - the options of the command line: their help, and from words to struct cli_options. */
#include "sim/cli_options.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHARES_LIMIT 100000
#define TIME_LIMIT (366 * 86400.0) /* seconds */

/* Options whose value is a name and cannot be empty. */
#define NAMES                                                                               \
    (CLI_OUTPUT | CLI_START_FROM | CLI_SAVE_STATE | CLI_SALIB | CLI_CSV | CLI_BEHAVIORSPACE \
        | CLI_OBSERVATION | CLI_MAXIMISE | CLI_MINIMISE)

struct option_row {
    const char *name;
    int letter;
    const char *argument;
    const char *doc;
};

static const struct option_row option_rows[] = {
#define OPTION_ROW(bit, name, letter, argument, doc) { name, letter, argument, doc },
    CLI_OPTIONS(OPTION_ROW)
#undef OPTION_ROW
};

static int
takes(const struct cli_command *command, int number)
{
    return number == CLI_NUMBER_HELP || (command->options >> number & 1) != 0;
}

int
cli_number(const char *text, int64_t lowest, int64_t highest, int64_t *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*text == '\0' || *text == ' ' || *end != '\0' || errno != 0 || value < lowest || value > highest) {
        return -1;
    }
    *number = value;
    return 0;
}

static int
is_word_of(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; n > 0 && at != NULL; at = strchr(at, '|'), at = at != NULL ? at + 1 : NULL) {
        if (strncmp(at, word, n) == 0 && (at[n] == '|' || at[n] == '\0')) {
            return 1;
        }
    }
    return 0;
}

/* What a unit of time is in seconds; 0 if it is none. */
static double
unit_seconds(const char *unit)
{
    static const struct {
        const char *names;
        double seconds;
    } units[] = { { "s|sec|second|seconds", 1 }, { "min|minute|minutes", 60 }, { "h|hour|hours", 3600 },
        { "d|day|days", 86400 } };
    for (size_t i = 0; i < SIM_COUNT_OF(units); i++) {
        if (is_word_of(units[i].names, unit)) {
            return units[i].seconds;
        }
    }
    return 0;
}

int
cli_seconds(const char *text, double *seconds)
{
    char *end;
    double number = strtod(text, &end);
    unsigned hours, minutes, rest;
    int length = 0;
    if (sscanf(text, "%u:%2u:%2u%n", &hours, &minutes, &rest, &length) == 3 && text[length] == '\0'
        && minutes < 60 && rest < 60) {
        *seconds = 3600.0 * hours + 60.0 * minutes + rest;
    } else if (end != text && text[0] >= '0' && text[0] <= '9') {
        *seconds = number * unit_seconds(end);
    } else {
        return -1;
    }
    return *seconds > 0 && *seconds <= TIME_LIMIT ? 0 : -1;
}

void
cli_print_help(const struct cli_command *command)
{
    printf("usage: cogov %s%s%s\n\n%s\n", command->name, *command->arguments != '\0' ? " " : "",
        command->arguments, command->summary);
    if (command->notes != NULL) {
        printf("\n%s\n", command->notes);
    }
    printf("\n");
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        char left[64], letter[8] = "    ";
        if (!takes(command, i)) {
            continue;
        }
        if (row->letter != 0) {
            snprintf(letter, sizeof(letter), "-%c, ", row->letter);
        }
        snprintf(left, sizeof(left), "%s--%s%s%s", letter, row->name, row->argument != NULL ? " " : "",
            row->argument != NULL ? row->argument : "");
        printf("  %-24s %s", left, row->doc);
        if (i == CLI_NUMBER_FORMAT) {
            printf(": %s (default %.*s)", command->formats, (int) strcspn(command->formats, "|"),
                command->formats);
        }
        printf("\n");
    }
    printf(
        "\nExit status: 0 done; 1 the run or an analysis failed; 2 wrong use or wrong input; 75 stopped by a\n"
        "signal, a time limit or a stop file: run again to go on.\n");
}

/* A numeric option. */
static int
set_number(const char *name, const char *text, int64_t lowest, int64_t highest, int64_t *number)
{
    if (cli_number(text, lowest, highest, number) != 0) {
        cli_complain("--%s must be a whole number from %" PRId64 " to %" PRId64 ", not \"%s\"", name, lowest,
            highest, text);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

/* --shard I/N */
static int
set_share(const char *text, struct sim_share *share)
{
    char index[32] = "";
    const char *slash = strchr(text, '/');
    int64_t i, n;
    if (slash != NULL && slash - text < (long) sizeof(index)) {
        memcpy(index, text, (size_t) (slash - text));
    }
    if (slash == NULL || cli_number(slash + 1, 1, SHARES_LIMIT, &n) != 0
        || cli_number(index, 1, n, &i) != 0) {
        cli_complain("--shard must be I/N, such as 2/4, with I from 1 to N and N at most %d, not \"%s\"",
            SHARES_LIMIT, text);
        return CLI_WRONG;
    }
    *share = (struct sim_share){ (uint32_t) i - 1, (uint32_t) n };
    return CLI_DONE;
}

static int
set_time(const char *name, const char *text, double *seconds)
{
    if (cli_seconds(text, seconds) != 0) {
        cli_complain("--%s must be a time such as 90s, 30min, 12h, 2d or 1:30:00, not \"%s\"", name, text);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

/* --checkpoint EVERY: a time, a number of months, or off. */
static int
set_checkpoint(const char *text, struct cli_options *options)
{
    char number[32] = "";
    size_t digits = strspn(text, "0123456789");
    int months = digits > 0 && digits < sizeof(number) && is_word_of("month|months", text + digits);
    options->checkpoint_seconds = 0;
    options->checkpoint_ticks = 0;
    memcpy(number, text, digits < sizeof(number) ? digits : 0);
    if (strcmp(text, "off") == 0 || (months && cli_number(number, 1, 65535, &options->checkpoint_ticks) == 0)
        || (!months && cli_seconds(text, &options->checkpoint_seconds) == 0)) {
        return CLI_DONE;
    }
    cli_complain(
        "--checkpoint must be a time such as 10min, a number of months such as 12months, or off, not \"%s\"",
        text);
    return CLI_WRONG;
}

/* --on-failure continue, stop or stop-after:N */
static int
set_policy(const char *text, int64_t *stop_after)
{
    static const char after[] = "stop-after:";
    if (strcmp(text, "continue") == 0) {
        *stop_after = 0;
    } else if (strcmp(text, "stop") == 0) {
        *stop_after = 1;
    } else if (strncmp(text, after, strlen(after)) != 0
        || cli_number(text + strlen(after), 1, 100000000, stop_after) != 0) {
        cli_complain("--on-failure must be continue, stop, or stop-after:N with N from 1, not \"%s\"", text);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

/* An amount of money. */
static int
set_budget(const char *text, double *budget)
{
    char *end;
    *budget = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(*budget) || *budget < 0) {
        cli_complain("--budget must be an amount of 0 or more, not \"%s\"", text);
        return CLI_WRONG;
    }
    return CLI_DONE;
}

static int
add_word(struct cli_words *words, const char *text)
{
    const char **longer = sim_resize(words->list, words->n, words->n + 1, sizeof(*longer));
    if (longer == NULL) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        return CLI_FAILED;
    }
    words->list = longer;
    words->list[words->n++] = text;
    return CLI_DONE;
}

static int
set_option(const struct cli_command *command, struct cli_options *options, int number, char *text)
{
    const char *name = option_rows[number].name;
    options->given |= UINT64_C(1) << number;
    if ((NAMES >> number & 1) != 0 && *text == '\0') {
        cli_complain("--%s has an empty name", name);
        return CLI_WRONG;
    }
    switch (number) {
    case CLI_NUMBER_OUTPUT: options->output = text; break;
    case CLI_NUMBER_MODEL: options->model = text; break;
    case CLI_NUMBER_SET: options->settings[options->n_settings++] = text; break;
    case CLI_NUMBER_BY: options->by[options->n_by++] = text; break;
    case CLI_NUMBER_HISTORIES: return set_number(name, text, 1, SIM_SAMPLE_LIMIT, &options->histories);
    case CLI_NUMBER_SEED: return set_number(name, text, 0, UINT32_MAX, &options->seed);
    case CLI_NUMBER_REPLICATES: return set_number(name, text, 1, 1000000, &options->replicates);
    case CLI_NUMBER_TICKS: return set_number(name, text, 1, 65535, &options->ticks);
    case CLI_NUMBER_BURN_IN: return set_number(name, text, 0, 65534, &options->burn_in);
    case CLI_NUMBER_THREADS: return set_number(name, text, 1, 4096, &options->threads);
    case CLI_NUMBER_AGENTS: return set_number(name, text, 1, 1000000000, &options->agents);
    case CLI_NUMBER_CELLS: return set_number(name, text, 1, 100000000, &options->cells);
    case CLI_NUMBER_ARRAY: return set_number(name, text, 1, 10000, &options->array);
    case CLI_NUMBER_MPI: return set_number(name, text, 1, 1000000, &options->mpi);
    case CLI_NUMBER_START_FROM: options->start_from = text; break;
    case CLI_NUMBER_SAVE_STATE: options->save_state = text; break;
    case CLI_NUMBER_SHARD: return set_share(text, &options->share);
    case CLI_NUMBER_MAX_WALLTIME: return set_time(name, text, &options->max_walltime);
    case CLI_NUMBER_CHECKPOINT: return set_checkpoint(text, options);
    case CLI_NUMBER_ON_FAILURE: return set_policy(text, &options->stop_after);
    case CLI_NUMBER_OBSERVATION: return add_word(&options->observations, text);
    case CLI_NUMBER_MAXIMISE: return add_word(&options->maximise, text);
    case CLI_NUMBER_MINIMISE: return add_word(&options->minimise, text);
    case CLI_NUMBER_RESAMPLES: return set_number(name, text, 100, 1000000, &options->resamples);
    case CLI_NUMBER_PERMUTATIONS: return set_number(name, text, 1, 1000000, &options->permutations);
    case CLI_NUMBER_BUDGET: return set_budget(text, &options->budget);
    case CLI_NUMBER_METHOD: options->method = text; break;
    case CLI_NUMBER_SALIB: options->salib = text; break;
    case CLI_NUMBER_CSV: options->csv = text; break;
    case CLI_NUMBER_BEHAVIORSPACE: options->behaviorspace = text; break;
    case CLI_NUMBER_LANGUAGE: options->language = text; break;
    case CLI_NUMBER_FORMAT:
        if (!is_word_of(command->formats, text)) {
            cli_complain("--format must be one of %s, not \"%s\"", command->formats, text);
            return CLI_WRONG;
        }
        options->format = text;
        break;
    default: break;
    }
    return CLI_DONE;
}

/* getopt's tables of what this command takes; long_options has room for all and an end, letters for ":" and
 * two for each. */
static void
make_tables(const struct cli_command *command, struct option *long_options, char *letters)
{
    int n = 0;
    *letters++ = ':';
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        if (!takes(command, i)) {
            continue;
        }
        long_options[n++] = (struct option){ row->name,
            row->argument != NULL ? required_argument : no_argument, NULL, 256 + i };
        if (row->letter != 0) {
            *letters++ = (char) row->letter;
            if (row->argument != NULL) {
                *letters++ = ':';
            }
        }
    }
    long_options[n] = (struct option){ NULL, 0, NULL, 0 };
    *letters = '\0';
}

static int
number_of_letter(int letter)
{
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (option_rows[i].letter == letter) {
            return i;
        }
    }
    return -1;
}

/* A mistyped option, and what was meant. */
static void
complain_of_option(const struct cli_command *command, const char *word)
{
    char names[1024] = "", nearest[64];
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (takes(command, i)) {
            strcat(names, "|");
            strcat(names, option_rows[i].name);
        }
    }
    int near = sim_suggest_word(names + 1, word + strspn(word, "-"), nearest, sizeof(nearest));
    cli_complain("cogov %s has no option \"%s\"%s%s%s; see cogov %s --help", command->name, word,
        near ? "; did you mean \"--" : "", near ? nearest : "", near ? "\"?" : "", command->name);
}

int
cli_parse(const struct cli_command *command, int argc, char **argv, struct cli_options *options)
{
    struct option long_options[CLI_OPTION_COUNT + 1];
    char letters[2 * CLI_OPTION_COUNT + 2];
    int found, ret = CLI_DONE;
    make_tables(command, long_options, letters);
    opterr = 0;
    optind = 1;
    while (ret == CLI_DONE && (found = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
        if (found == '?') {
            complain_of_option(command, argv[optind - 1]);
            ret = CLI_WRONG;
        } else if (found == ':') {
            cli_complain("%s needs a value; see cogov %s --help", argv[optind - 1], command->name);
            ret = CLI_WRONG;
        } else {
            ret = set_option(command, options, found >= 256 ? found - 256 : number_of_letter(found), optarg);
        }
    }
    options->words = argv + optind;
    options->n_words = (size_t) (argc - optind);
    int counts = options->n_words >= command->fewest && options->n_words <= command->most;
    if (ret == CLI_DONE && !counts && (options->given & CLI_HELP) == 0) {
        cli_complain("usage: cogov %s %s", command->name, command->arguments);
        ret = CLI_WRONG;
    }
    return ret;
}
