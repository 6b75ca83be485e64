/* cli_status.c - looks at a folder of parts and changes nothing in it, not even a lock. */
#define _GNU_SOURCE /* locks of open files */
#include "sim/cli_status.h"

#include "sim/alloc.h"
#include "sim/checkpoint.h"
#include "sim/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
ends(const char *name, const char *with)
{
    size_t length = strlen(name), end = strlen(with);
    return length > end && strcmp(name + length - end, with) == 0;
}

/* Whether the other generation of a checkpoint is there and is the one that counts. */
static int
is_second(const char *parts, int64_t cell, int generation)
{
    char *other = sim_print_text("%s/%" PRId64 ".0.checkpoint", parts, cell);
    int second = generation == 1 && other != NULL && access(other, F_OK) == 0;
    sim_free(other);
    return second;
}

static void
look_at_file(struct cli_status *status, const char *parts, const char *name)
{
    struct stat info;
    int generation = 0;
    int64_t cell = sim_checkpoints_cell(name, &generation);
    if (name[0] == '.') {
        return;
    }
    if (cell >= 0) {
        status->n_checkpoints += !is_second(parts, cell, generation);
    } else if (strstr(name, ".h5.damaged") != NULL) {
        status->n_damaged++;
    } else if (strcmp(name, "stop") == 0) {
        status->asked_to_stop = 1;
    } else if (ends(name, ".h5")) {
        char *path = sim_print_text("%s/%s", parts, name);
        status->n_shards++;
        status->bytes += path != NULL && stat(path, &info) == 0 ? (uint64_t) info.st_size : 0;
        sim_free(path);
    }
}

static int
look_at_files(struct cli_status *status, const char *parts, struct sim_messages *messages)
{
    DIR *entries = opendir(parts);
    const struct dirent *entry;
    if (entries == NULL) {
        sim_messages_add(
            messages, SIM_ERROR, (struct sim_where){ parts, 0, 0 }, "cannot be read: %s", strerror(errno));
        return SIM_ERR_FILE;
    }
    while ((entry = readdir(entries)) != NULL) {
        look_at_file(status, parts, entry->d_name);
    }
    closedir(entries);
    return SIM_OK;
}

/* FOLDER/KIND-I-of-N.END, or FOLDER/KIND.END of the whole. */
static char *
path_of(const char *parts, const char *kind, struct sim_share share, const char *end)
{
    return share.count > 1
        ? sim_print_text("%s/%s-%" PRIu32 "-of-%" PRIu32 "%s", parts, kind, share.index + 1, share.count, end)
        : sim_print_text("%s/%s%s", parts, kind, end);
}

/* Whether somebody holds a lock alone, and who says so. */
static void
look_at_lock(struct cli_writer *writer, const char *path)
{
    struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return;
    }
    writer->is_alive = fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
    ssize_t n = writer->is_alive ? pread(file, writer->holder, sizeof(writer->holder) - 1, 0) : 0;
    writer->holder[n > 0 ? n : 0] = '\0';
    writer->holder[strcspn(writer->holder, "\n")] = '\0';
    close(file);
}

static void
look_at_status(struct cli_writer *writer, const char *path)
{
    json_t *object = json_load_file(path, 0, NULL);
    const char *state = json_string_value(json_object_get(object, "state"));
    const json_t *left = json_object_get(object, "seconds_left");
    if (state != NULL) {
        writer->has_status = 1;
        snprintf(writer->state, sizeof(writer->state), "%s", state);
        writer->rate = json_number_value(json_object_get(object, "cells_per_second"));
        writer->left = json_is_number(left) ? json_number_value(left) : -1;
    }
    json_decref(object);
}

static int
look_at_writer(struct cli_status *status, const char *parts, struct sim_share share)
{
    struct cli_writer *writer = &status->writers[status->n_writers++];
    char *lock = path_of(parts, "lock", share, ""), *told = path_of(parts, "status", share, ".json");
    *writer = (struct cli_writer){ .share = share, .left = -1 };
    int ret = lock != NULL && told != NULL ? SIM_OK : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        look_at_lock(writer, lock);
        look_at_status(writer, told);
    }
    sim_free(lock);
    sim_free(told);
    return ret;
}

int
cli_status_init(struct cli_status *status, const char *parts, struct sim_messages *messages)
{
    memset(status, 0, sizeof(*status));
    status->n_shares = cli_folder_shares(parts);
    status->writers = sim_alloc((size_t) status->n_shares + 1, sizeof(*status->writers));
    if (status->writers == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = look_at_files(status, parts, messages);
    if (ret == SIM_OK) {
        ret = look_at_writer(status, parts, (struct sim_share){ 0, 1 });
    }
    for (uint32_t i = 0; ret == SIM_OK && status->n_shares > 1 && i < status->n_shares; i++) {
        ret = look_at_writer(status, parts, (struct sim_share){ i, status->n_shares });
    }
    return ret;
}

void
cli_status_free(struct cli_status *status)
{
    sim_free(status->writers);
    memset(status, 0, sizeof(*status));
}

int
cli_status_is_alive(const struct cli_status *status)
{
    for (uint32_t i = 0; i < status->n_writers; i++) {
        if (status->writers[i].is_alive) {
            return 1;
        }
    }
    return 0;
}

static int
add_failure(struct cli_failures *failures, uint32_t cell, const char *error)
{
    struct cli_failure *failure = failures->list;
    uint32_t i = 0;
    while (i < failures->n && strcmp(failures->list[i].error, error) != 0) {
        i++;
    }
    if (i == failures->n) {
        failure = sim_resize(failures->list, failures->n, failures->n + 1u, sizeof(*failure));
        if (failure == NULL) {
            return SIM_ERR_MEMORY;
        }
        failures->list = failure;
        failures->list[failures->n++] = (struct cli_failure){ .error = error };
    }
    failure = &failures->list[i];
    if (failure->n < SIM_COUNT_OF(failure->first)) {
        failure->first[failure->n] = cell;
    }
    failure->n++;
    return SIM_OK;
}

int
cli_failures_init(struct cli_failures *failures, const struct sim_source *source)
{
    const uint32_t n = sim_experiment_cells(source->experiment);
    int ret = SIM_OK;
    *failures = (struct cli_failures){ .n = 0 };
    for (uint32_t cell = 0; ret == SIM_OK && cell < n; cell++) {
        struct sim_outcome outcome = source->outcome(source->context, cell);
        if (outcome.status == SIM_RUN_FAILED) {
            ret = add_failure(failures, cell, outcome.error);
        }
    }
    return ret;
}

void
cli_failures_free(struct cli_failures *failures)
{
    sim_free(failures->list);
    *failures = (struct cli_failures){ .n = 0 };
}
