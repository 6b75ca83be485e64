/* cli.h - the command line: one table of options, one struct a command. Only these sources and main.c print.
 */
#ifndef SIM_CLI_H
#define SIM_CLI_H

#include "sim/experiment.h"
#include "sim/results.h"
#include "sim/share.h"

#include <signal.h>
#include <stdio.h>

/* Exit statuses (contract C3) */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG = 2, CLI_STOPPED = 75 };

/* Options: OPTION(bit, name, letter or 0, argument or NULL, what it does) */
#define CLI_OPTIONS(OPTION)                                                                                  \
    OPTION(OUTPUT, "output", 'o', "FILE", "results file to write")                                           \
    OPTION(SET, "set", 0, "KEY=VALUE", "override a parameter, in every scenario; may be given again")        \
    OPTION(SEED, "seed", 0, "N", "seed of all random numbers (default 1)")                                   \
    OPTION(REPLICATES, "replicates", 0, "N", "replicates of each scenario (default 20; attribute 5; run 1)") \
    OPTION(TICKS, "ticks", 0, "N", "months to run (default 120)")                                            \
    OPTION(BURN_IN, "burn-in", 0, "N", "months left out of means (default 24, at most half of the run)")     \
    OPTION(BY, "by", 0, "PLACE", "record by place too, e.g. community; may be given again")                  \
    OPTION(HISTORIES, "histories", 0, "N", "record what becomes of N agents, a random sample")               \
    OPTION(THREADS, "threads", 0, "N", "threads (default: as many processors as the process may use)")       \
    OPTION(FORMAT, "format", 0, "FORMAT", "how to print; see above for what there is")                       \
    OPTION(OVERWRITE, "overwrite", 0, NULL, "replace a results file that holds something else")              \
    OPTION(DRY_RUN, "dry-run", 0, NULL, "print cells, memory, disk and estimated time; write nothing")       \
    OPTION(VERIFY, "verify", 0, NULL, "check the model's invariants after every month (slower)")             \
    OPTION(QUIET, "quiet", 'q', NULL, "no progress and no closing line")                                     \
    OPTION(NO_BIND, "no-bind", 0, NULL, "do not pin threads to processors")                                  \
    OPTION(MODEL, "model", 0, "NAME", "model (default cogov)")                                               \
    OPTION(AGENTS, "agents", 0, "N", "agents, about (default 1000000)")                                      \
    OPTION(LIST, "list", 0, NULL, "print what there is; run nothing")                                        \
    OPTION(PLOT_DATA, "plot-data", 0, NULL, "print the numbers behind, as CSV for a plot")                   \
    OPTION(KNOCK_OUT, "knock-out", 0, NULL, "repeat all with each switch off")                               \
    OPTION(SHARD, "shard", 0, "I/N", "do the I-th of N shares of the cells, for array jobs")                 \
    OPTION(MAX_WALLTIME, "max-walltime", 0, "TIME", "stop in order before that: 90s, 30min, 12h, 1:30:00")   \
    OPTION(CHECKPOINT, "checkpoint", 0, "EVERY",                                                             \
        "keep the state of a run every so often: a time, or months as 12months; off (default 10min)")        \
    OPTION(START_FROM, "start-from", 0, "FILE", "start from states that --save-state has kept")              \
    OPTION(                                                                                                  \
        SAVE_STATE, "save-state", 0, "FILE", "keep the last state of every replicate, to start others from") \
    OPTION(ON_FAILURE, "on-failure", 0, "POLICY",                                                            \
        "after a failed cell: continue, stop, or stop-after:N (default continue)")                           \
    OPTION(FAILED_CELLS, "failed", 0, NULL, "the cells that failed")                                         \
    OPTION(CELLS, "cells", 0, "N", "how many cells to run again (default 5)")                                \
    OPTION(ARRAY, "array", 0, "N", "an array job of N tasks")                                                \
    OPTION(MPI, "mpi", 0, "N", "an MPI job of N processes")                                                  \
    OPTION(OBSERVATION, "observation", 0, "NAME",                                                            \
        "what to look at: NAME, NAME:LABEL or NAME@end; may be given again")                                 \
    OPTION(RESAMPLES, "resamples", 0, "N", "bootstrap samples for intervals (default 2000)")                 \
    OPTION(SERIES, "series", 0, NULL, "print the differences month by month")                                \
    OPTION(METHOD, "method", 0, "METHOD", "how to analyse; see above for what there is")                     \
    OPTION(PERMUTATIONS, "permutations", 0, "N",                                                             \
        "orders of the groups that are sampled when there are too many for all")                             \
    OPTION(SALIB, "salib", 0, "FOLDER", "exchange samples and results with SALib, as files in this folder")  \
    OPTION(MAXIMISE, "maximise", 0, "NAME", "an objective, the more the better; may be given again")         \
    OPTION(MINIMISE, "minimise", 0, "NAME", "an objective, the less the better; may be given again")         \
    OPTION(BUDGET, "budget", 0, "AMOUNT", "the most that may be spent, in the unit of the cost")             \
    OPTION(CSV, "csv", 0, "FOLDER", "write tidy tables into this folder")                                    \
    OPTION(BEHAVIORSPACE, "behaviorspace", 0, "FILE", "write the table output of NetLogo's BehaviorSpace")   \
    OPTION(LANGUAGE, "language", 0, "LANGUAGE", "en or zh")                                                  \
    OPTION(HELP, "help", 'h', NULL, "this text")

#define CLI_OPTION_NUMBER(bit, ...) CLI_NUMBER_##bit,
enum { CLI_OPTIONS(CLI_OPTION_NUMBER) CLI_OPTION_COUNT };
#undef CLI_OPTION_NUMBER
#define CLI_OPTION_BIT(bit, ...) CLI_##bit = UINT64_C(1) << CLI_NUMBER_##bit,
__extension__ enum { CLI_OPTIONS(CLI_OPTION_BIT) };
_Static_assert(CLI_OPTION_COUNT <= 63, "each option has a bit of 64");
#undef CLI_OPTION_BIT

/* What the program brings that the engine does not know. */
struct cli_program {
    const struct sim_model *(*find_model)(const char *name);
    const char *model_names;           /* separated by '|' */
    const char *const *folders;        /* of scenarios, NULL at the end */
    const char *isa;                   /* instruction set that the models run in */
    const volatile sig_atomic_t *stop; /* set by a signal */
    void (*catch_signals)(int on); /* while on, a first signal sets stop; a second one but SIGUSR1 ends all */
    const char *standard_model;
    int argc;
    char **argv; /* as given, for the log */
};

/* The values of an option that may be given again. */
struct cli_words {
    const char **list;
    size_t n;
};

/* What the command line said. Numbers not given are -1, texts NULL. */
struct cli_options {
    uint64_t given; /* CLI_ bits */
    const char *output, *format, *model, *save_state, *start_from;
    int64_t seed, replicates, ticks, burn_in, threads, agents, histories, cells, array, mpi;
    struct sim_share share;    /* of --shard; 0 of 1 */
    double max_walltime;       /* seconds; 0: not given */
    double checkpoint_seconds; /* 0: not by time */
    int64_t checkpoint_ticks;  /* 0: not by ticks */
    int64_t resamples, permutations;
    double budget; /* NaN: not given */
    const char *method, *salib, *csv, *behaviorspace, *language;
    struct cli_words observations, maximise, minimise;
    int64_t stop_after;    /* failed cells; 0: never, -1: not given */
    const char **settings; /* of --set */
    size_t n_settings;
    const char **by; /* of --by */
    size_t n_by;
    char **words; /* the rest */
    size_t n_words;
};

struct cli_command {
    const char *name;
    const char *arguments; /* for usage */
    const char *summary;
    const char *notes;
    uint64_t options;    /* CLI_ bits that it takes, besides HELP */
    size_t fewest, most; /* words */
    const char *formats; /* separated by '|', the first is the default; NULL: takes none */
    int (*run)(
        const struct cli_program *program, const struct cli_options *options); /* returns the exit status */
};

/* Parses and runs one command; argv[0] is the command's name. Returns the exit status. */
int cli_run_command(
    const struct cli_program *program, const struct cli_command *command, int argc, char **argv);

/* "cogov: error: ..." on standard error. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether a file can be made beside the output: CLI_DONE or, with a complaint, CLI_WRONG, CLI_FAILED. */
int cli_check_folder(const char *output);

/* Every message on standard error, one line each. */
void cli_print_messages(const struct sim_messages *messages);

/* What the options ask for, as the engine wants it. replicates: if nobody says. Its texts are the options'. */
struct sim_request cli_ask(
    const struct cli_program *program, const struct cli_options *options, int64_t replicates);

/* Reads the specs among the words and the options into an experiment; prints what is wrong. Returns CLI_DONE
 * or CLI_WRONG, CLI_FAILED. */
int cli_experiment(const struct cli_program *program, const struct cli_options *options, int64_t replicates,
    struct sim_experiment *experiment);

/* The same, but leaves the messages to the caller. */
int cli_read_experiment(const struct cli_program *program, const struct cli_options *options,
    int64_t replicates, struct sim_experiment *experiment, struct sim_messages *messages);

/* Runs an experiment into the file, resuming from its shards; all of `cogov run` but the dry run. Returns the
 * exit status. A file that holds these results already is left as it is. */
int cli_execute(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *output);

/* What a run would take. */
struct cli_cost {
    double cells, cell_seconds,
        world_bytes;              /* a cell by one thread, the mean; the largest, without its numbers */
    double memory, disk, seconds; /* bytes, bytes, of all */
    uint64_t agents;              /* of the largest cell */
};

/* Builds a world of each scenario and runs a few months of it. Returns CLI_DONE or, with a complaint, CLI_FAILED. */
int cli_cost(const struct sim_experiment *experiment, int threads, struct cli_cost *cost);

/* Prints what cli_execute would do. */
int cli_dry_run(const struct cli_options *options, const struct sim_experiment *experiment);

/* "5 min 10 s" */
#define CLI_TIME_SIZE 32
void cli_print_time(char *text, double seconds);

/* A line of progress on standard error: on a terminal one that is rewritten, else a line each 5 percent. */
enum cli_meter_kind { CLI_METER_NOTHING, CLI_METER_TERMINAL, CLI_METER_LINES };

struct cli_meter {
    enum cli_meter_kind shown;
    int percent, ended, open; /* open: the line on the terminal has no end yet */
};

void cli_meter_init(struct cli_meter *meter, const struct cli_options *options);

/* share: of all that is done, 0 to 1; what: in words; months simulated in so many seconds. */
void cli_meter_show(struct cli_meter *meter, double share, const char *what, double months, double seconds);

/* Ends a line that would be rewritten, before something else is printed. */
void cli_meter_break(struct cli_meter *meter);

/* Columns of the terminal, or 100 if standard output is none. */
int cli_width(void);

/* Whether threads are to be pinned: unless asked not to, and unless the user or a batch system has placed
 * them already. */
int cli_binds(const struct cli_options *options);

/* Reads a time, "90s", "30min", "12h", "2d" or "1:30:00", into seconds, at most a year. Nonzero if it is none. */
int cli_seconds(const char *text, double *seconds);

/* Reads a whole number from lowest to highest. Nonzero if it is none. */
int cli_number(const char *text, int64_t lowest, int64_t highest, int64_t *number);

/* The commands of the engine */
extern const struct cli_command command_run, command_check, command_bench, command_params,
    command_observations, command_phases, command_state, command_sources, command_scenarios, command_models,
    command_status, command_merge, command_retry, command_slurm;

#endif
