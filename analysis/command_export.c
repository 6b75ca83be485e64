/* command_export.c - cogov export: a results file as tidy CSV, and as NetLogo's BehaviorSpace writes its tables. */
#include "analysis/command_export.h"

#include "analysis/command_results.h"
#include "analysis/export.h"
#include "sim/error.h"
#include "sim/publish.h"

#include <sys/stat.h>

static int
export_results(const struct cli_options *options, const struct reader *reader, struct sim_messages *messages,
    void *context)
{
    struct export export;
    int *unwritten = context;
    int ret = export_init(&export, reader, options->observations.list, options->observations.n,
        (options->given & CLI_OVERWRITE) != 0, messages);
    if (ret == SIM_OK && options->csv != NULL) {
        ret = export_csv(&export, options->csv);
    }
    if (ret == SIM_OK && options->behaviorspace != NULL) {
        sim_publish_sweep(options->behaviorspace);
        ret = export_behaviorspace(&export, options->behaviorspace);
    }
    if (ret == SIM_OK) {
        ret = export_publish(&export);
    }
    *unwritten = export.files.unwritten;
    export_free(&export);
    return ret;
}

/* Whether both names lead to the same file. */
static int
is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev
        && of_a.st_ino == of_b.st_ino;
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    (void) program;
    if (options->csv == NULL && options->behaviorspace == NULL) {
        cli_complain("say what to write: --csv FOLDER or --behaviorspace FILE, or both");
        return CLI_WRONG;
    }
    if (options->behaviorspace != NULL && is_same_file(options->behaviorspace, options->words[0])) {
        cli_complain("--behaviorspace %s would replace the results themselves", options->behaviorspace);
        return CLI_WRONG;
    }
    int unwritten = 0;
    int status = command_with_results(options, options->words[0], export_results, &unwritten);
    return unwritten ? CLI_FAILED : status;
}

const struct cli_command command_export = {
    .name = "export",
    .arguments = "results.h5 --csv FOLDER | --behaviorspace FILE [options]",
    .summary = "Write results as tidy CSV tables, or as the table output of NetLogo's BehaviorSpace.",
    .notes =
        "--csv writes design.csv, cells.csv, observations.csv, summary.csv, series.csv and one series_by_... for each\n"
        "dimension, and for what was recorded by place and of single agents. One row is one observation, in UTF-8; numbers\n"
        "read back to the same bits, an empty field is a missing value. --behaviorspace writes six lines of header, then a\n"
        "row for each run and month, so that scripts which read.csv(file, skip = 6) can be used. --observation limits both\n"
        "to whole observations, by NAME, and leaves out the histories of agents.\n"
        "Texts, such as titles, are those of the results file; bytes that are not UTF-8 become ?. A spreadsheet program\n"
        "takes a text that starts with = + - or @ for a formula: import such a table as text if you do not know who wrote it.",
    .options = CLI_CSV | CLI_BEHAVIORSPACE | CLI_OBSERVATION | CLI_OVERWRITE,
    .fewest = 1,
    .most = 1,
    .formats = NULL,
    .run = run,
};
