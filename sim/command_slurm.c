/* command_slurm.c - cogov slurm: a batch script that runs an experiment, goes on after its time limit, and can be
 * stopped. It is printed, not submitted: sites differ in what must be added. */
#include "sim/cli.h"

#include "sim/alloc.h"
#include "sim/binding.h"
#include "sim/error.h"
#include "sim/provenance.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STANDARD_LIMIT 3600.0 /* seconds */
#define SHORTEST_GRACE 15.0   /* seconds between the signal and the end of the job */
#define LONGEST_GRACE 120.0
#define MEBIBYTE (1024.0 * 1024.0)
#define PROGRAM_MEMORY 128.0 /* MiB, with its libraries */
#define MEMORY_MARGIN 1.25   /* what allocators and page tables add */
#define MEMORY_ROUNDING 50.0 /* MiB */

/* What the script asks Slurm for. */
struct job {
    const char *output, *spec;
    char *program;       /* as the script calls it */
    int64_t tasks;       /* of the array, or of MPI; 1 */
    int64_t threads;     /* of a task */
    double limit, grace; /* seconds */
    double memory;       /* MiB for each processor */
    struct cli_cost cost;
};

/* As many as there are units of work for; more tasks would start, find nothing to do, and end. */
static int
check_tasks(const struct cli_options *options, const struct sim_experiment *experiment)
{
    int array = options->array > 0;
    int64_t tasks = array ? options->array : options->mpi;
    int by_point = array && experiment->stopping.n > 0;
    int64_t units = by_point ? experiment->n_points : sim_experiment_cells(experiment);
    if (options->array > 0 && options->mpi > 0) {
        cli_complain("--array and --mpi are two ways to share the cells; choose one");
        return CLI_WRONG;
    }
    if (tasks > units) {
        cli_complain("--%s %" PRId64 " is more than there is to share, %" PRId64
                     " %s%s; large cells are shared by threads: --threads",
            array ? "array" : "mpi", tasks, units, by_point ? "design point" : "cell", units > 1 ? "s" : "");
        return CLI_WRONG;
    }
    return CLI_DONE;
}

/* Slurm writes its log beside the results, so the folder must be there; and a line of a script ends at a newline. */
static int
check_name(const char *name)
{
    for (const unsigned char *at = (const unsigned char *) name; *at != '\0'; at++) {
        if (*at < ' ' || *at == 127) {
            cli_complain(
                "the name of the results file has a control character, which a batch script cannot hold");
            return CLI_WRONG;
        }
    }
    const char *slash = strrchr(name, '/');
    char *folder = slash == NULL ? sim_copy_text(".") : sim_print_text("%.*s/", (int) (slash - name), name);
    int ok = folder != NULL && access(folder, W_OK | X_OK) == 0;
    if (!ok) {
        cli_complain("the folder of %s cannot be written to: %s", name, strerror(errno));
    }
    sim_free(folder);
    return ok ? CLI_DONE : CLI_WRONG;
}

/* The program as it was called: by a name that is found in PATH, or by its place. */
static char *
program_name(const char *called)
{
    char place[PATH_MAX];
    if (strchr(called, '/') == NULL || realpath(called, place) == NULL) {
        return sim_copy_text(called);
    }
    return sim_copy_text(place);
}

static int
plan(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, struct job *job)
{
    int64_t cells = sim_experiment_cells(experiment), processors = sim_processors();
    int shared = options->array > 0 || options->mpi > 0;
    int ret = check_tasks(options, experiment);
    if (ret == CLI_DONE) {
        ret = check_name(options->output);
    }
    job->output = options->output;
    job->spec = options->words[0];
    job->tasks = options->array > 0 ? options->array : options->mpi > 0 ? options->mpi : 1;
    job->threads = options->threads > 0 ? options->threads
        : shared                        ? 1
                                        : (processors < cells ? processors : cells);
    job->limit = 60 * ceil((options->max_walltime > 0 ? options->max_walltime : STANDARD_LIMIT) / 60);
    job->grace = fmin(fmax(floor(job->limit / 4), SHORTEST_GRACE), LONGEST_GRACE);
    if (ret == CLI_DONE) {
        ret = cli_cost(experiment, (int) job->threads, &job->cost);
    }
    double memory = PROGRAM_MEMORY + MEMORY_MARGIN * job->cost.memory / MEBIBYTE;
    job->memory = MEMORY_ROUNDING * ceil(memory / (double) job->threads / MEMORY_ROUNDING);
    job->program = program_name(program->argv[0]);
    if (ret == CLI_DONE && job->program == NULL) {
        cli_complain("%s", sim_status_text(SIM_ERR_MEMORY));
        ret = CLI_FAILED;
    }
    return ret;
}

/* A word for the shell, in quotes if it needs them. */
static void
print_word(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./";
    if (*word != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            fputs("'\\''", stdout);
        } else {
            putchar(*word);
        }
    }
    putchar('\'');
}

/* A text as sbatch reads it in its lines: in double quotes a backslash takes the next character as it is. With
 * pattern, Slurm replaces %j and the like in it. */
static void
print_sbatch_text(const char *text, int length, const char *suffix, int pattern)
{
    putchar('"');
    for (int i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\') {
            putchar('\\');
        }
        if (text[i] == '%' && pattern) {
            putchar('%');
        }
        putchar(text[i]);
    }
    printf("%s\"\n", suffix);
}

static void
print_sbatch_lines(const struct job *job, const struct cli_options *options)
{
    const char *slash = strrchr(job->output, '/'), *stem = slash != NULL ? slash + 1 : job->output;
    const char *end = strrchr(stem, '.');
    long minutes = (long) (job->limit / 60);
    int length = end != NULL && end > stem ? (int) (end - stem) : (int) strlen(stem);
    printf("#!/bin/bash\n#SBATCH --job-name=");
    print_sbatch_text(stem, length, "", 0);
    if (strchr(job->output, '\\') == NULL) { /* Slurm replaces nothing in a name with a backslash */
        printf("#SBATCH --output=");
        print_sbatch_text(job->output, (int) strlen(job->output),
            options->array > 0 ? ".slurm-%A_%a.log" : ".slurm-%j.log", 1);
    }
    printf("#SBATCH --open-mode=append\n");
    if (options->array > 0) {
        printf("#SBATCH --array=1-%" PRId64 "\n", job->tasks);
    }
    printf("#SBATCH --ntasks=%" PRId64 "\n", options->mpi > 0 ? job->tasks : 1);
    printf("#SBATCH --cpus-per-task=%" PRId64 "\n", job->threads);
    printf("#SBATCH --mem-per-cpu=%.0fM\n", job->memory);
    printf("#SBATCH --time=%02ld:%02ld:00\n", minutes / 60, minutes % 60);
    printf("#SBATCH --signal=B:USR1@%.0f\n", job->grace);
    printf("#SBATCH --requeue\n");
}

/* For people: what to do with the script. */
static void
print_manual(const struct job *job, const struct sim_experiment *experiment)
{
    char time[CLI_TIME_SIZE];
    cli_print_time(time, job->cost.seconds / (double) job->tasks);
    printf("\n# cogov %s made this script: %s%.0f cell%s, about %s if processors are like here.\n",
        sim_version(), experiment->stopping.n > 0 ? "at most " : "", job->cost.cells,
        job->cost.cells > 1 ? "s" : "", time);
    printf(
        "#\n"
        "#   submit    sbatch THIS_FILE, in the folder where it was made; add what your site asks for (--account, --partition)\n"
        "#   watch     squeue --me;  ");
    print_word(job->program);
    printf(" status ");
    print_word(job->output);
    printf(".parts\n"
           "#   stop      touch ");
    print_word(job->output);
    printf(
        ".parts/stop, which ends every task in order; or scancel\n"
        "#   go on     remove that file and submit again; of an array, single tasks too: sbatch --array=3 THIS_FILE\n"
        "#\n"
        "# Before its time is over the job ends in order and puts itself back into the queue until all is done. For another\n"
        "# time limit make another script: cogov is told of it too, for where signals do not arrive.\n\n");
}

/* Both TERM and USR1 become one USR1 to the program: Slurm sends TERM to it as well, and a second signal of one kind
 * would end it at once. mpirun passes USR1 on to its processes, while TERM ends them. */
static const char before_program[] =
    "child= told= stopping= ended=\n"
    "\n"
    "# Tells the program, once, to end in order.\n"
    "tell() {\n"
    "    again=yes\n"
    "    if [ -n \"$child\" ] && [ -z \"$told\" ]; then\n"
    "        told=yes\n"
    "        kill -USR1 \"$child\" 2>/dev/null\n"
    "    fi\n"
    "}\n"
    "trap 'stopping=yes; tell' USR1           # Slurm: the time is nearly over\n"
    "trap 'stopping=yes; ended=yes; tell' TERM # somebody ends the job: scancel, preemption, shutdown\n"
    "\n"
    "echo \"$(date '+%F %T') ${SLURMD_NODENAME:-$HOSTNAME}: begin, restart ${SLURM_RESTART_COUNT:-0}\"\n";

static const char after_program[] =
    "child=$!\n"
    "[ -z \"$stopping\" ] || tell\n"
    "\n"
    "# A signal ends wait early, so wait again.\n"
    "again=yes\n"
    "while [ -n \"$again\" ]; do\n"
    "    again=\n"
    "    wait \"$child\"\n"
    "    status=$?\n"
    "done\n"
    "if [ \"$status\" -eq 138 ] && [ -n \"$told\" ]; then\n"
    "    status=75 # told before it could listen: it had not begun\n"
    "fi\n"
    "echo \"$(date '+%F %T') end, status $status\"\n"
    "\n"
    "# Stopped and not by somebody: back into the queue. Where a job that was ended shall run again, Slurm sees to it.\n"
    "if [ \"$status\" -eq 75 ] && [ -z \"$ended\" ] && [ ! -e \"$results.parts/stop\" ]; then\n"
    "    trap '' TERM # requeueing sends it\n"
    "    scontrol requeue \"$job\" || echo \"not requeued: submit again to go on\" >&2\n"
    "fi\n"
    "exit \"$status\"\n";

static void
print_option(const char *name, const char *value)
{
    printf(" \\\n    --%s ", name);
    print_word(value);
}

static void
print_number(const char *name, int64_t value)
{
    if (value >= 0) {
        printf(" \\\n    --%s %" PRId64, name, value);
    }
}

/* What changes neither cells nor their sharing, but how they are run. */
static void
print_policies(const struct cli_options *options)
{
    if ((options->given & CLI_CHECKPOINT) != 0 && options->checkpoint_ticks > 0) {
        printf(" \\\n    --checkpoint %" PRId64 "months", options->checkpoint_ticks);
    } else if ((options->given & CLI_CHECKPOINT) != 0 && options->checkpoint_seconds > 0) {
        printf(" \\\n    --checkpoint %.10gs", options->checkpoint_seconds);
    } else if ((options->given & CLI_CHECKPOINT) != 0) {
        printf(" \\\n    --checkpoint off");
    }
    if (options->stop_after > 0) {
        printf(" \\\n    --on-failure stop-after:%" PRId64, options->stop_after);
    } else if (options->stop_after == 0) {
        printf(" \\\n    --on-failure continue");
    }
    if (options->start_from != NULL) {
        print_option("start-from", options->start_from);
    }
    if (options->save_state != NULL) {
        print_option("save-state", options->save_state);
    }
    if ((options->given & CLI_VERIFY) != 0) {
        printf(" \\\n    --verify");
    }
    if ((options->given & CLI_OVERWRITE) != 0) {
        printf(" \\\n    --overwrite");
    }
}

static void
print_run(const struct job *job, const struct cli_options *options)
{
    if (options->mpi > 0) {
        printf("mpirun -q -n \"$SLURM_NTASKS\" ");
        printf(job->threads > 1 ? "--map-by \"slot:PE=$SLURM_CPUS_PER_TASK\" \\\n    " : "");
    }
    print_word(job->program);
    printf(" run -o \"$results\" --threads \"$SLURM_CPUS_PER_TASK\" --max-walltime %.0fs",
        job->limit - floor(job->grace / 2));
    if (options->array > 0) {
        printf(" \\\n    --shard \"$SLURM_ARRAY_TASK_ID/%" PRId64 "\"", job->tasks);
    }
    for (size_t i = 0; i < options->n_settings; i++) {
        print_option("set", options->settings[i]);
    }
    for (size_t i = 0; i < options->n_by; i++) {
        print_option("by", options->by[i]);
    }
    print_number("seed", options->seed);
    print_number("replicates", options->replicates);
    print_number("ticks", options->ticks);
    print_number("burn-in", options->burn_in);
    print_number("histories", options->histories);
    print_policies(options);
    printf(" \\\n    -- ");
    print_word(job->spec);
    printf(" &\n");
}

static void
print_script(
    const struct job *job, const struct cli_options *options, const struct sim_experiment *experiment)
{
    print_sbatch_lines(job, options);
    print_manual(job, experiment);
    printf("results=");
    print_word(job->output);
    printf(options->array > 0
            ? "\njob=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID # of the array this task only\n"
            : "\njob=$SLURM_JOB_ID\n");
    fputs(before_program, stdout);
    print_run(job, options);
    fputs(after_program, stdout);
}

static int
slurm(const struct cli_program *program, const struct cli_options *options)
{
    struct sim_experiment experiment;
    struct job job = { 0 };
    if (options->output == NULL) {
        cli_complain("name the results file: cogov slurm %s -o results.h5", options->words[0]);
        return CLI_WRONG;
    }
    int ret = cli_experiment(program, options, 1, &experiment);
    if (ret != CLI_DONE) {
        return ret;
    }
    ret = plan(program, options, &experiment, &job);
    if (ret == CLI_DONE) {
        print_script(&job, options, &experiment);
    }
    sim_free(job.program);
    sim_experiment_free(&experiment);
    return ret;
}

const struct cli_command command_slurm = {
    .name = "slurm",
    .arguments = "SPEC -o results.h5 [--array N | --mpi N] [options]",
    .summary =
        "Print a batch script for Slurm that runs an experiment, goes on after its time limit and can be stopped.",
    .notes =
        "    cogov slurm SPEC -o results.h5 --array 20 --max-walltime 12h >job.sh && sbatch job.sh\n\n"
        "Without --array or --mpi it is one task. --max-walltime is the time limit of the job, in whole minutes (default\n"
        "1h); --threads the processors of each task (default 1 of an array or MPI). Memory is estimated from the size of\n"
        "the largest scenario. The other options are passed on to cogov run.",
    .options = CLI_OUTPUT | CLI_SET | CLI_SEED | CLI_REPLICATES | CLI_TICKS | CLI_BURN_IN | CLI_BY
        | CLI_HISTORIES | CLI_THREADS | CLI_OVERWRITE | CLI_VERIFY | CLI_MAX_WALLTIME | CLI_CHECKPOINT
        | CLI_SAVE_STATE | CLI_START_FROM | CLI_ON_FAILURE | CLI_ARRAY | CLI_MPI,
    .fewest = 1,
    .most = 1,
    .run = slurm,
};
