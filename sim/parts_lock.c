/* parts_lock.c - who may write into the folder: locks on files in it, which the system releases when the process ends,
 * however it ends. A process that runs all holds `lock` alone; one that runs a share holds it together with the others,
 * and lock-I-of-N alone. Each tells who it is in the file that it alone holds.
 */
#define _GNU_SOURCE /* locks of open files */
#include "sim/parts_state.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HOLDER_SIZE 256
#define HOLDERS_TOLD 4
#define POLL_MS 50
#define TRIES 100 /* to hold a lock that is not removed meanwhile */

enum { AGAIN = -1 }; /* besides a status */

/* Tries to lock an open file; 0 or errno. type: F_WRLCK (alone), F_RDLCK (with others), F_UNLCK. */
static int
lock_file(int file, short type)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET };
    int ret;
    do {
        ret = fcntl(file, F_OFD_SETLK, &lock);
    } while (ret != 0 && errno == EINTR);
    return ret == 0 ? 0 : errno;
}

/* How others hold a file: F_WRLCK, F_RDLCK or F_UNLCK. */
static short
held_by_others(int file)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    return fcntl(file, F_OFD_GETLK, &lock) == 0 ? lock.l_type : (short) F_UNLCK;
}

static int
is_busy(int error)
{
    return error == EAGAIN || error == EACCES;
}

/* Locks do not work on this file system, or this system. */
static int
has_no_locks(int error)
{
    return error == ENOLCK || error == ENOTSUP || error == EOPNOTSUPP || error == ENOSYS || error == EINVAL;
}

static int
complain(const char *path, const char *what, int error, struct sim_messages *messages)
{
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ path, 0, 0 }, "%s: %s", what, strerror(error));
    return SIM_ERR_FILE;
}

/* Reads who holds a file, in one line. */
static void
read_holder(int file, char holder[HOLDER_SIZE])
{
    ssize_t n = pread(file, holder, HOLDER_SIZE - 1, 0);
    holder[n > 0 ? n : 0] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    if (holder[0] == '\0') {
        snprintf(holder, HOLDER_SIZE, "another process is writing here");
    }
}

/* A holder that cannot tell who it is holds the lock all the same. */
static void
write_holder(int file, struct sim_share share)
{
    char host[65] = "", when[64] = "", line[HOLDER_SIZE];
    struct tm tm;
    time_t now = time(NULL);
    gethostname(host, sizeof(host) - 1);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &tm));
    int length = snprintf(
        line, sizeof(line), "process %ld on %s has been writing here since %s", (long) getpid(), host, when);
    if (share.count > 1) {
        length += snprintf(line + length, sizeof(line) - (size_t) length,
            " (share %" PRIu32 " of %" PRIu32 ")", share.index + 1, share.count);
    }
    line[length] = '\n';
    ssize_t written = pwrite(file, line, (size_t) length + 1, 0);
    if (ftruncate(file, written < 0 ? 0 : (off_t) written) != 0) {
        return;
    }
}

/* Adds the holder of one share to those told, if it is held. */
static void
tell_share(const struct sim_parts *parts, const char *name, struct sim_parts_text *told, int *n)
{
    char holder[HOLDER_SIZE];
    char *path = sim_parts_path(parts, name);
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0 && held_by_others(file) != F_UNLCK && (*n)++ < HOLDERS_TOLD) {
        read_holder(file, holder);
        if (told->length > 0) {
            sim_parts_append(told, ", ", 2);
        }
        sim_parts_append(told, holder, strlen(holder));
    }
    if (file >= 0) {
        close(file);
    }
    sim_free(path);
}

/* Who keeps us from holding `lock`, as far as can be told. */
static void
tell_holders(const struct sim_parts *parts, int file, struct sim_messages *messages)
{
    int n = 0;
    char holder[HOLDER_SIZE];
    struct sim_parts_text told = { 0 };
    struct sim_parts_names names = { 0 };
    const struct sim_where where = { parts->folder, 0, 0 };
    if (held_by_others(file) == F_RDLCK && sim_parts_names(&names, parts, NULL) == SIM_OK) {
        for (uint32_t i = 0; i < names.n; i++) {
            if (strncmp(names.names[i], "lock-", 5) == 0) {
                tell_share(parts, names.names[i], &told, &n);
            }
        }
    }
    sim_parts_names_free(&names);
    if (told.length > 0 && n > HOLDERS_TOLD) {
        sim_messages_add(messages, SIM_ERROR, where, "%s and %d more; wait for them, or stop them",
            told.bytes, n - HOLDERS_TOLD);
    } else if (told.length > 0) {
        sim_messages_add(messages, SIM_ERROR, where, "%s; wait for %s, or stop %s", told.bytes,
            n == 1 ? "it" : "them", n == 1 ? "it" : "them");
    } else {
        read_holder(file, holder);
        sim_messages_add(messages, SIM_ERROR, where, "%s; wait for it, or stop it", holder);
    }
    sim_free(told.bytes);
}

/* -1 and errno if there is no such file, and flags do not say O_CREAT. A pipe does not hold us up. */
static int
open_lock(const char *path, int flags)
{
    struct stat info = { 0 };
    int file = open(path, flags | O_RDWR | O_CLOEXEC | O_NONBLOCK, 0666);
    if (file >= 0 && (fstat(file, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(file);
        errno = EINVAL;
        return -1;
    }
    return file;
}

/* Whether the name still leads to the file: whoever merged before us has removed it. */
static int
is_current(const char *path, int file)
{
    struct stat named, held;
    return stat(path, &named) == 0 && fstat(file, &held) == 0 && named.st_dev == held.st_dev
        && named.st_ino == held.st_ino;
}

/* Locks an open file, waiting for others a while; 0 or errno. Without locks it warns and goes on. */
static int
wait_for(int file, const char *path, short type, int patience_ms, struct sim_messages *messages)
{
    const struct timespec pause = { 0, POLL_MS * 1000000L };
    int error = lock_file(file, type);
    for (int waited = 0; is_busy(error) && waited < patience_ms; waited += POLL_MS) {
        nanosleep(&pause, NULL);
        error = lock_file(file, type);
    }
    if (has_no_locks(error)) {
        sim_messages_add(messages, SIM_WARNING, (struct sim_where){ path, 0, 0 },
            "locks do not work here (%s): make sure that nobody else writes the same", strerror(error));
        return 0;
    }
    if (error != 0 && !is_busy(error)) {
        complain(path, "cannot be locked", error, messages);
    }
    return error;
}

/* Holds a file of the folder, which is made. SIM_ERR_EXISTS, with a message, if others hold it; AGAIN if it was
 * removed meanwhile. */
static int
try_to_hold(const struct sim_parts *parts, const char *path, short type, int patience_ms, int *file,
    struct sim_messages *messages)
{
    int ret = sim_publish_folder(parts->folder, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    int it = open_lock(path, O_CREAT);
    if (it < 0) {
        return errno == ENOENT ? AGAIN : complain(path, "cannot be opened for writing", errno, messages);
    }
    int error = wait_for(it, path, type, patience_ms, messages);
    if (error == 0 && is_current(path, it)) {
        *file = it;
        return SIM_OK;
    }
    if (is_busy(error)) {
        tell_holders(parts, it, messages);
    }
    close(it);
    return error == 0 ? AGAIN : is_busy(error) ? SIM_ERR_EXISTS : SIM_ERR_FILE;
}

/* The same until it stays. */
static int
hold(const struct sim_parts *parts, const char *name, short type, int patience_ms, int *file,
    struct sim_messages *messages)
{
    int ret = AGAIN;
    char *path = sim_parts_path(parts, name);
    for (int i = 0; path != NULL && ret == AGAIN && i < TRIES; i++) {
        ret = try_to_hold(parts, path, type, patience_ms, file, messages);
    }
    if (path != NULL && ret == AGAIN) {
        ret = complain(path, "is removed again and again", ENOENT, messages);
    }
    sim_free(path);
    return path == NULL ? SIM_ERR_MEMORY : ret;
}

static int
hold_share(struct sim_parts *parts, struct sim_share share, struct sim_messages *messages)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    int ret = hold(parts, "lock", F_RDLCK, state->patience_ms, &state->lock, messages);
    if (ret == SIM_OK) {
        char name[64];
        snprintf(name, sizeof(name), "lock-%" PRIu32 "-of-%" PRIu32, share.index + 1, share.count);
        ret = hold(parts, name, F_WRLCK, 0, &state->share_lock, messages);
    }
    return ret;
}

int
sim_parts_lock(struct sim_parts *parts, struct sim_share share, struct sim_messages *messages)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    sim_parts_unlock(parts);
    sim_parts_forget(parts);
    int ret = share.count > 1 ? hold_share(parts, share, messages)
                              : hold(parts, "lock", F_WRLCK, 0, &state->lock, messages);
    if (ret != SIM_OK) {
        sim_parts_unlock(parts);
        return ret;
    }
    state->writes = state->wrote = 1;
    state->whole = share.count <= 1;
    write_holder(state->whole ? state->lock : state->share_lock, share);
    sim_publish_sweep_folder(parts->folder);
    return SIM_OK;
}

/* Holds `lock` alone if nobody else does. Who wrote here before and finds it gone comes after somebody who has merged
 * and removed it. */
static int
try_to_hold_all(struct sim_parts *parts, const char *path, int wrote, struct sim_messages *messages)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    int file = open_lock(path, wrote ? 0 : O_CREAT);
    if (file < 0) {
        return wrote && errno == ENOENT ? SIM_ERR_EXISTS
                                        : complain(path, "cannot be opened for writing", errno, messages);
    }
    int error = wait_for(file, path, F_WRLCK, 0, messages);
    if (error != 0 || !is_current(path, file)) {
        close(file);
        return error == 0 || is_busy(error) ? SIM_ERR_EXISTS : SIM_ERR_FILE;
    }
    state->lock = file;
    state->writes = 1;
    state->whole = 1;
    write_holder(file, (struct sim_share){ 0, 1 });
    return SIM_OK;
}

int
sim_parts_lock_all(struct sim_parts *parts, struct sim_messages *messages)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    if (state->whole) {
        return SIM_OK;
    }
    sim_parts_unlock(parts);
    char *path = sim_parts_path(parts, "lock");
    int ret = path == NULL ? SIM_ERR_MEMORY : try_to_hold_all(parts, path, state->wrote, messages);
    sim_free(path);
    return ret;
}

void
sim_parts_unlock(struct sim_parts *parts)
{
    struct sim_parts_state *state = sim_parts_state(parts);
    if (state->share_lock >= 0) {
        close(state->share_lock);
    }
    if (state->lock >= 0) {
        close(state->lock);
    }
    state->lock = state->share_lock = -1;
    state->writes = state->whole = 0;
}
