/* parts_remove.c - the small files of the folder, and the end of it all. */
#include "sim/parts_state.h"

#include "sim/alloc.h"
#include "sim/checkpoint.h"
#include "sim/error.h"
#include "sim/publish.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
sim_parts_asked_to_stop(const struct sim_parts *parts)
{
    char *path = sim_parts_path(parts, "stop");
    int asked = path != NULL && access(path, F_OK) == 0;
    sim_free(path);
    return asked;
}

void
sim_parts_tell(const struct sim_parts *parts, const char *name, const char *text)
{
    struct sim_publication file;
    char *path = name[0] == '\0' ? sim_print_text("%s/status.json", parts->folder)
                                 : sim_print_text("%s/status-%s.json", parts->folder, name);
    if (path != NULL && sim_publication_init(&file, path, SIM_REPLACE, NULL) == SIM_OK) {
        sim_publication_write(&file, 0, text, strlen(text));
        sim_publication_finish(&file, NULL);
        sim_publication_free(&file);
    }
    sim_free(path);
}

static int
begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

static int
ends(const char *name, const char *with)
{
    size_t length = strlen(name), end = strlen(with);
    return length >= end && strcmp(name + length - end, with) == 0;
}

/* CELL.state (states.h) */
static int
is_state(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits > 0 && strcmp(name + digits, ".state") == 0;
}

/* What goes with the shards whosever it is. */
static int
is_note(const char *name)
{
    int generation;
    return strcmp(name, "manifest") == 0 || begins(name, "manifest-") || strcmp(name, "status.json") == 0
        || (begins(name, "status-") && ends(name, ".json")) || sim_checkpoints_cell(name, &generation) >= 0
        || is_state(name) || strcmp(name, "request.json") == 0 || strcmp(name, "stop") == 0;
}

static int
is_lock(const char *name)
{
    return strcmp(name, "lock") == 0 || begins(name, "lock-");
}

/* Whether a file is a shard of this experiment and build. SIM_ERR_MEMORY. */
static int
look_whose(const struct sim_parts *parts, const char *path, int *ours)
{
    struct stat info;
    struct sim_shard shard;
    *ours = 0;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
        return SIM_OK;
    }
    int ret = sim_shard_init(&shard, path);
    if (ret == SIM_OK) {
        *ours = sim_shard_refusal(&shard, parts->experiment) == NULL;
    }
    sim_shard_free(&shard);
    return ret == SIM_ERR_FILE ? SIM_OK : ret;
}

static int
remove_file(const char *path)
{
    return unlink(path) == 0 || errno == ENOENT ? SIM_OK : SIM_ERR_FILE;
}

/* One file, if it is one of ours. */
static int
remove_ours(const struct sim_parts *parts, const struct sim_parts_names *known, const char *name)
{
    int ours = is_note(name) || sim_parts_names_have(known, name);
    char *path = sim_parts_path(parts, name);
    int ret = path == NULL ? SIM_ERR_MEMORY : SIM_OK;
    if (ret == SIM_OK && !ours && sim_parts_is_shard(name)) {
        ret = look_whose(parts, path, &ours);
    }
    if (ret == SIM_OK && ours) {
        ret = remove_file(path);
    }
    sim_free(path);
    return ret;
}

/* Whoever waits for a lock finds that it is gone, and makes another. */
static int
remove_lock(const struct sim_parts *parts, const char *name)
{
    char *path = sim_parts_path(parts, name);
    int ret = path == NULL ? SIM_ERR_MEMORY : remove_file(path);
    sim_free(path);
    return ret;
}

static int
first_fault(int ret, int next)
{
    return ret == SIM_OK ? next : ret;
}

static int
remove_all(struct sim_parts *parts, const struct sim_parts_names *names)
{
    struct sim_parts_names known = { 0 };
    int ret = sim_parts_known(&known, parts, 1);
    for (uint32_t i = 0; ret != SIM_ERR_MEMORY && i < names->n; i++) {
        ret = first_fault(ret, remove_ours(parts, &known, names->names[i]));
    }
    sim_free(known.names);
    sim_publish_sweep_folder(parts->folder);
    for (uint32_t i = 0; ret != SIM_ERR_MEMORY && i < names->n; i++) {
        if (is_lock(names->names[i])) {
            ret = first_fault(ret, remove_lock(parts, names->names[i]));
        }
    }
    int left = rmdir(parts->folder) != 0 && errno != ENOTEMPTY && errno != EEXIST && errno != ENOENT;
    return first_fault(ret, left ? SIM_ERR_FILE : SIM_OK);
}

int
sim_parts_remove(struct sim_parts *parts)
{
    if (access(parts->folder, F_OK) != 0) {
        return SIM_OK;
    }
    struct sim_parts_names names = { 0 };
    sim_parts_state(parts)->wrote = 0; /* whatever is there now is to go */
    int ret = sim_parts_lock_all(parts, NULL);
    ret = ret == SIM_OK ? sim_parts_names(&names, parts, NULL) : ret;
    ret = ret == SIM_OK ? remove_all(parts, &names) : ret;
    sim_parts_names_free(&names);
    if (ret != SIM_ERR_EXISTS) {
        sim_parts_unlock(parts);
        sim_parts_forget(parts);
    }
    return ret;
}
