/* publish.c - files that appear whole or not at all. */
#include "sim/publish.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOST_SIZE 65 /* 64 bytes, Linux' limit, and the end */

static int
complain(struct sim_messages *messages, const char *path, const char *what, int error)
{
    struct sim_where where = { path, 0, 0 };
    const char *full = error == ENOSPC || error == EDQUOT ? "disk full: " : "";
    sim_messages_add(messages, SIM_ERROR, where, "%s: %s%s", what, full, strerror(error));
    return SIM_ERR_FILE;
}

static const char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static char *
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return sim_copy_text(".");
    }
    return slash == path ? sim_copy_text("/") : sim_print_text("%.*s", (int) (slash - path), path);
}

/* What has been done under a name of the folder holds against a loss of power after this. Some file systems
 * cannot flush a folder and say EINVAL; there is nothing better to do there. */
static int
flush_folder_of(const char *path, const char *done, struct sim_messages *messages)
{
    char *folder = folder_of(path);
    if (folder == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = SIM_OK;
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0 || (fsync(file) != 0 && errno != EINVAL)) {
        char what[128];
        int error = errno;
        snprintf(what, sizeof(what), "%s, but its folder cannot be flushed to the disk", done);
        ret = complain(messages, path, what, error);
    }
    if (file >= 0) {
        close(file);
    }
    sim_free(folder);
    return ret;
}

/* The name to replace: what a symbolic link leads to. NULL without memory. */
static char *
resolve(const char *path)
{
    char target[PATH_MAX];
    return sim_copy_text(realpath(path, target) == NULL ? path : target);
}

/* As it stands in the names of temporaries; a longer name is cut. */
static void
host_name(char host[HOST_SIZE])
{
    memset(host, 0, HOST_SIZE);
    if (gethostname(host, HOST_SIZE - 1) != 0 || host[0] == '\0') {
        snprintf(host, HOST_SIZE, "localhost");
    }
    host[strcspn(host, "/")] = '\0';
}

/* NULL without memory. */
static char *
temporary_of(const char *path)
{
    char host[HOST_SIZE];
    const char *name = name_of(path);
    host_name(host);
    return sim_print_text("%.*s.%s.%s-%ld.tmp", (int) (name - path), path, name, host, (long) getpid());
}

/* A temporary of our own process number is left over from an earlier process. */
static int
open_temporary(const char *temporary)
{
    int file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST && unlink(temporary) == 0) {
        file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    return file;
}

int
sim_publication_init(struct sim_publication *publication, const char *path, enum sim_publish_mode mode,
    struct sim_messages *messages)
{
    memset(publication, 0, sizeof(*publication));
    publication->file = -1;
    publication->mode = mode;
    struct stat there;
    if (mode == SIM_REPLACE && stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ path, 0, 0 },
            "cannot be written: it is not a regular file");
        return SIM_ERR_FILE;
    }
    publication->path = mode == SIM_REPLACE ? resolve(path) : sim_copy_text(path);
    if (publication->path == NULL) {
        return SIM_ERR_MEMORY;
    }
    char *temporary = temporary_of(publication->path);
    publication->file = temporary == NULL ? -1 : open_temporary(temporary);
    if (publication->file < 0) {
        int ret = temporary == NULL ? SIM_ERR_MEMORY : complain(messages, path, "cannot be written", errno);
        sim_free(temporary);
        sim_publication_free(publication);
        return ret;
    }
    publication->temporary = temporary;
    return SIM_OK;
}

static void
drop_temporary(struct sim_publication *publication, int remove)
{
    if (publication->temporary != NULL && remove) {
        unlink(publication->temporary);
    }
    sim_free(publication->temporary);
    publication->temporary = NULL;
}

void
sim_publication_free(struct sim_publication *publication)
{
    if (publication->file >= 0) {
        close(publication->file);
        publication->file = -1;
    }
    drop_temporary(publication, 1);
    sim_free(publication->path);
    publication->path = NULL;
}

void
sim_publication_write(struct sim_publication *publication, uint64_t offset, const void *bytes, size_t size)
{
    const char *rest = bytes;
    while (size > 0 && publication->error == 0) {
        ssize_t written =
            pwrite(publication->file, rest, size < SSIZE_MAX ? size : SSIZE_MAX, (off_t) offset);
        if (written < 0 && errno != EINTR) {
            publication->error = errno;
        }
        if (written > 0) {
            rest += written;
            size -= (size_t) written;
            offset += (uint64_t) written;
        }
    }
}

void
sim_publication_read(struct sim_publication *publication, uint64_t offset, void *bytes, size_t size)
{
    char *rest = bytes;
    memset(bytes, 0, size);
    while (size > 0) {
        ssize_t taken = pread(publication->file, rest, size < SSIZE_MAX ? size : SSIZE_MAX, (off_t) offset);
        if (taken == 0) {
            return;
        }
        if (taken < 0 && errno != EINTR) {
            publication->error = publication->error == 0 ? errno : publication->error;
            return;
        }
        if (taken > 0) {
            rest += taken;
            size -= (size_t) taken;
            offset += (uint64_t) taken;
        }
    }
}

void
sim_publication_resize(struct sim_publication *publication, uint64_t size)
{
    if (publication->error == 0 && ftruncate(publication->file, (off_t) size) != 0) {
        publication->error = errno;
    }
}

/* Where hard links are not possible, the name is looked at first, then taken. */
static int
take_name(const struct sim_publication *publication)
{
    if (publication->mode == SIM_REPLACE) {
        return rename(publication->temporary, publication->path);
    }
    if (link(publication->temporary, publication->path) == 0) {
        unlink(publication->temporary);
        return 0;
    }
    if (errno == EEXIST) {
        return -1;
    }
    struct stat there;
    if (lstat(publication->path, &there) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(publication->temporary, publication->path);
}

int
sim_publication_finish(struct sim_publication *publication, struct sim_messages *messages)
{
    if (publication->error == 0 && fsync(publication->file) != 0) {
        publication->error = errno;
    }
    if (close(publication->file) != 0 && publication->error == 0) {
        publication->error = errno;
    }
    publication->file = -1;
    if (publication->error != 0) {
        drop_temporary(publication, 1);
        return complain(messages, publication->path, "cannot be written", publication->error);
    }
    if (take_name(publication) != 0) {
        int error = errno;
        drop_temporary(publication, 1);
        if (error == EEXIST && publication->mode == SIM_KEEP) {
            return SIM_ERR_EXISTS;
        }
        return complain(messages, publication->path, "cannot be given its name", error);
    }
    drop_temporary(publication, 0);
    return flush_folder_of(publication->path, "is written", messages);
}

int
sim_publish_folder(const char *path, struct sim_messages *messages)
{
    if (mkdir(path, 0777) == 0) {
        return flush_folder_of(path, "is made", messages);
    }
    int error = errno;
    struct stat there;
    if (error == EEXIST && stat(path, &there) == 0 && S_ISDIR(there.st_mode)) {
        return SIM_OK;
    }
    if (error == EEXIST) {
        error = ENOTDIR; /* says more: a file has the name */
    }
    return complain(messages, path, "the folder cannot be made", error);
}

/* The process number in .NAME.HOST-PID.tmp, a temporary of this name (NULL: of any) on this host; 0 if the
 * entry is none. */
static long
owner_of(const char *entry, const char *name, const char *host)
{
    const char *mark = strrchr(entry, '-');
    size_t digits = mark == NULL ? 0 : strspn(mark + 1, "0123456789");
    if (entry[0] != '.' || digits == 0 || digits > 10 || strcmp(mark + 1 + digits, ".tmp") != 0) {
        return 0;
    }
    size_t before = (size_t) (mark - entry);
    size_t length = strlen(host);
    if (before < length + 3 || strncmp(mark - length, host, length) != 0 || mark[-1 - (long) length] != '.') {
        return 0;
    }
    size_t rest = before - length - 2;
    if (name != NULL && (strlen(name) != rest || strncmp(entry + 1, name, rest) != 0)) {
        return 0;
    }
    return strtol(mark + 1, NULL, 10);
}

static void
sweep(const char *folder, const char *name)
{
    char host[HOST_SIZE];
    host_name(host);
    DIR *entries = opendir(folder);
    for (struct dirent *entry = entries == NULL ? NULL : readdir(entries); entry != NULL;
         entry = readdir(entries)) {
        long owner = owner_of(entry->d_name, name, host);
        if (owner > 0 && owner != (long) getpid() && kill((pid_t) owner, 0) != 0 && errno == ESRCH) {
            unlinkat(dirfd(entries), entry->d_name, 0);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
}

void
sim_publish_sweep(const char *path)
{
    char *target = resolve(path);
    char *folder = target == NULL ? NULL : folder_of(target);
    if (folder != NULL) {
        sweep(folder, name_of(target));
    }
    sim_free(folder);
    sim_free(target);
}

void
sim_publish_sweep_folder(const char *folder)
{
    sweep(folder, NULL);
}
