/* command_run_look.c - run an experiment, then look at its results. */
#include "analysis/command_run_look.h"

#include "analysis/command_results.h"
#include "sim/alloc.h"
#include "sim/comm.h"
#include "sim/error.h"
#include "sim/sink.h"
#include "sim/sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One process of an MPI job looks at the results. Of several shares, which a launcher may have started together, it is
 * the one that ends last, for no other has them. */
static int
run_and_look(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, const char *path, command_look look)
{
    const int shares = options->share.count > 1;
    int ret = cli_execute(program, options, experiment, path);
    if ((ret != CLI_DONE && ret != CLI_FAILED) || (!shares && sim_comm_told_rank() > 0)) {
        return ret;
    }
    if (ret == CLI_FAILED && sim_sink_matches(path, experiment) == SIM_ERR_CELL) {
        look(options, path);
    } else if (ret == CLI_DONE && (!shares || sim_sink_matches(path, experiment) == SIM_OK)) {
        ret = look(options, path);
    }
    return ret;
}

static void
remove_results(const struct sim_experiment *experiment, const char *path, const char *log)
{
    unlink(path);
    unlink(log);
    sim_sweep_forget(experiment, path);
}

static int
run_unkept(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, command_look look)
{
    const char *base = getenv("TMPDIR");
    char *folder = sim_print_text("%s/cogov-XXXXXX", base != NULL && *base != '\0' ? base : "/tmp");
    if (folder == NULL || mkdtemp(folder) == NULL) {
        cli_complain("no temporary folder: %s", strerror(errno));
        sim_free(folder);
        return CLI_FAILED;
    }
    char *path = sim_print_text("%s/results.h5", folder), *log = sim_print_text("%s/results.h5.log", folder);
    int ret = CLI_FAILED;
    if (path != NULL && log != NULL) {
        ret = run_and_look(program, options, experiment, path, look);
        remove_results(experiment, path, log);
    }
    rmdir(folder);
    sim_free(path);
    sim_free(log);
    sim_free(folder);
    return ret;
}

int
command_run_look(const struct cli_program *program, const struct cli_options *options,
    const struct sim_experiment *experiment, command_look look)
{
    if (command_check_observations(options, experiment->model) != CLI_DONE) {
        return CLI_WRONG;
    }
    if ((options->given & CLI_DRY_RUN) != 0) {
        return cli_dry_run(options, experiment);
    }
    if (options->output == NULL && (options->share.count > 1 || sim_comm_told_rank() >= 0)) {
        cli_complain("shares, and the processes of an MPI job, meet in a results file: name it with -o");
        return CLI_WRONG;
    }
    return options->output == NULL ? run_unkept(program, options, experiment, look)
                                   : run_and_look(program, options, experiment, options->output, look);
}
