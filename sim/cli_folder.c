/* cli_folder.c - from the name that a user gives to the folder of parts and its results file. */
#include "sim/cli_folder.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/provenance.h"
#include "sim/schedule.h"

#include <dirent.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".parts"

static int
is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int
is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* The bytes of a path without slashes at its end. */
static size_t
length_of(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    return length;
}

/* Both names, from either. */
static int
name_both(struct cli_folder *folder, const char *named)
{
    const size_t length = length_of(named), suffix = strlen(SUFFIX);
    int is_parts = length > suffix && strncmp(named + length - suffix, SUFFIX, suffix) == 0;
    if (is_parts) {
        folder->output = sim_print_text("%.*s", (int) (length - suffix), named);
        folder->parts = sim_print_text("%.*s", (int) length, named);
        return folder->output != NULL && folder->parts != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    if (is_folder(named)) {
        folder->parts = sim_print_text("%.*s", (int) length, named);
        return folder->parts != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    folder->output = sim_print_text("%s", named);
    folder->parts = sim_print_text("%s" SUFFIX, named);
    return folder->output != NULL && folder->parts != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

int
cli_folder_init(struct cli_folder *folder, const char *named, struct sim_messages *messages)
{
    memset(folder, 0, sizeof(*folder));
    int ret = name_both(folder, named);
    if (ret != SIM_OK) {
        return ret;
    }
    folder->is_there = is_folder(folder->parts);
    folder->has_output = folder->output != NULL && is_file(folder->output);
    if (!folder->is_there && !folder->has_output) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ named, 0, 0 },
            "there is neither a folder %s nor a results file", folder->parts);
        return SIM_ERR_INPUT;
    }
    return SIM_OK;
}

void
cli_folder_free(struct cli_folder *folder)
{
    sim_free(folder->parts);
    sim_free(folder->output);
    memset(folder, 0, sizeof(*folder));
}

int
cli_folder_experiment(const struct cli_folder *folder, const struct cli_program *program,
    struct cli_request *request, struct sim_experiment *experiment, struct sim_messages *messages)
{
    memset(experiment, 0, sizeof(*experiment));
    int ret = cli_request_init(request, program, folder->parts, messages);
    if (ret != SIM_OK) {
        return ret == SIM_ERR_FILE ? (int) SIM_ERR_INPUT : ret;
    }
    if (!cli_request_is_ours(request)) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ folder->parts, 0, 0 },
            "was made by another build of the program (cogov %s, build %s); only that one goes on with it, for the "
            "bytes of a results file must not depend on when it was interrupted",
            request->version, request->build);
        return SIM_ERR_INPUT;
    }
    return cli_request_experiment(request, experiment, messages);
}

/* N of a name such as lock-2-of-N or status-2-of-N.json; 1 if it is no such name. */
static uint32_t
shares_in(const char *name)
{
    static const char *const kinds[] = { "lock-%u-of-%u%n", "manifest-%u-of-%u%n", "status-%u-of-%u.json%n" };
    for (size_t i = 0; i < SIM_COUNT_OF(kinds); i++) {
        unsigned index, count;
        int length = 0;
        if (sscanf(name, kinds[i], &index, &count, &length) == 2 && length > 0 && name[length] == '\0'
            && index >= 1 && index <= count) {
            return count;
        }
    }
    return 1;
}

uint32_t
cli_folder_shares(const char *parts)
{
    uint32_t most = 1;
    DIR *entries = opendir(parts);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        uint32_t n = shares_in(entry->d_name);
        most = n > most ? n : most;
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return most;
}

void
cli_tally_share(const struct sim_parts *parts, struct sim_share share, struct cli_tally *tally)
{
    const struct sim_experiment *experiment = parts->experiment;
    *tally = (struct cli_tally){ 0 };
    for (uint32_t cell = 0; cell < parts->n_cells; cell++) {
        if (sim_schedule_shares(experiment, share, cell)) {
            tally->cells++;
            tally->ok += parts->cells[cell].status == SIM_RUN_OK;
            tally->failed += parts->cells[cell].status == SIM_RUN_FAILED;
        }
    }
}
