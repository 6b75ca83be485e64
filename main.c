/* main.c - the program: it alone knows the engine, the models and the analysis, handles signals, and exits.
 */
#include "analysis/command_attribute.h"
#include "analysis/command_calibrate.h"
#include "analysis/command_compare.h"
#include "analysis/command_export.h"
#include "analysis/command_frontier.h"
#include "analysis/command_patterns.h"
#include "analysis/command_report.h"
#include "analysis/command_sensitivity.h"
#include "analysis/command_verify.h"
#include "models/registry.h"
#include "sim/cli.h"
#include "sim/provenance.h"

#include <errno.h>
#include <gsl/gsl_errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef COGOV_SCENARIO_FOLDER
#define COGOV_SCENARIO_FOLDER "/usr/local/share/cogov/scenarios"
#endif

static const struct cli_command *const commands[] = { &command_run, &command_compare, &command_attribute,
    &command_sensitivity, &command_frontier, &command_report, &command_export, &command_status,
    &command_merge, &command_retry, &command_verify, &command_slurm, &command_patterns, &command_calibrate,
    &command_check, &command_params, &command_observations, &command_phases, &command_state, &command_sources,
    &command_scenarios, &command_models, &command_bench };

static volatile sig_atomic_t stop;

static void
ask_to_stop(int number)
{
    (void) number;
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED); /* any thread may read it */
}

/* SIGTERM, SIGINT and SIGUSR1 end a run in order; elsewhere they end the program, as does a second SIGTERM or
 * SIGINT. SIGUSR1 may come more than once: launchers and batch scripts pass it on as they like. */
static void
catch_signals(int on)
{
    static const int signals[] = { SIGTERM, SIGINT, SIGUSR1 };
    struct sigaction action = { .sa_flags = SA_RESTART };
    action.sa_handler = on ? ask_to_stop : SIG_DFL;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIM_COUNT_OF(signals); i++) {
        action.sa_flags = SA_RESTART | (signals[i] == SIGUSR1 ? 0 : (int) SA_RESETHAND);
        sigaction(signals[i], &action, NULL);
    }
}

static const struct sim_model *
find_model(const char *name)
{
    return models_find(name, getenv("COGOV_ISA"));
}

static void
print_usage(FILE *out)
{
    fprintf(out,
        "cogov %s: parallel agent-based simulation of the co-governance of urban communities\n\n"
        "usage: cogov COMMAND ...\n\n",
        sim_version());
    for (size_t i = 0; i < SIM_COUNT_OF(commands); i++) {
        fprintf(out, "  %-13s %s\n", commands[i]->name, commands[i]->summary);
    }
    fprintf(out, "\ncogov COMMAND --help tells more; cogov --version the version.\n");
}

static int
run_named(const struct cli_program *program, int argc, char **argv)
{
    char names[512] = "", nearest[32];
    for (size_t i = 0; i < SIM_COUNT_OF(commands); i++) {
        if (strcmp(argv[1], commands[i]->name) == 0) {
            return cli_run_command(program, commands[i], argc - 1, argv + 1);
        }
        strcat(names, "|");
        strcat(names, commands[i]->name);
    }
    int near = sim_suggest_word(names + 1, argv[1], nearest, sizeof(nearest));
    cli_complain("no command \"%s\"%s%s%s; see cogov --help", argv[1], near ? "; did you mean \"" : "",
        near ? nearest : "", near ? "\"?" : "");
    return CLI_WRONG;
}

/* HDF5 may crash at exit after a write that failed, so nothing runs then but the reports of coverage and
 * leaks, where there are any. */
void __gcov_dump(void) __attribute__((weak));
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static _Noreturn void
leave(int status)
{
    fflush(stderr);
    if (__lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check() != 0
        && status == CLI_DONE) {
        status = CLI_FAILED;
    }
    if (__gcov_dump != NULL) {
        __gcov_dump();
    }
    _exit(status);
}

/* A folder as seen from the program's own, wherever that is; the folder it was configured for if nobody can tell. */
static const char *
folder_from_here(char *path, const char *below)
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - strlen(below) - 1);
    char *slash = NULL;
    for (ssize_t i = 0; i < length; i++) {
        slash = path[i] == '/' ? &path[i] : slash;
    }
    if (slash == NULL) {
        return COGOV_SCENARIO_FOLDER;
    }
    strcpy(slash, below);
    return path;
}

int
main(int argc, char **argv)
{
    char installed[PATH_MAX], built[PATH_MAX];
    const char *const folders[] = { "scenarios", folder_from_here(installed, "/../share/cogov/scenarios"),
        COGOV_SCENARIO_FOLDER, folder_from_here(built, "/../../scenarios"), NULL };
    struct cli_program program = { find_model, models_names(), folders, models_isa(getenv("COGOV_ISA")),
        &stop, catch_signals, "cogov", argc, argv };
    int status = CLI_WRONG;

    gsl_set_error_handler_off(); /* its functions return what went wrong */
    signal(SIGXFSZ, SIG_IGN);    /* a write beyond the file size limit is an error, like a full disk */
    if (program.isa == NULL) {
        cli_complain(
            "COGOV_ISA=%s: this program or processor has no such instruction set", getenv("COGOV_ISA"));
    } else if (argc < 2) {
        print_usage(stderr);
    } else if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        status = CLI_DONE;
    } else if (strcmp(argv[1], "--version") == 0) {
        printf("cogov %s\n", sim_version());
        status = CLI_DONE;
    } else {
        status = run_named(&program, argc, argv);
    }
    int unwritten = fflush(stdout) != 0 ? errno : 0;
    if (unwritten != 0 || ferror(stdout)) {
        cli_complain("standard output could not be written%s%s", unwritten != 0 ? ": " : "",
            unwritten != 0 ? strerror(unwritten) : "");
        status = status == CLI_DONE ? CLI_FAILED : status;
    }
    leave(status);
}
