/* faults.c - preloaded into the program under test: makes the n-th call of one function fail.
 *
 *     FAULT=pwrite:17        the 17th pwrite fails with EIO, once
 *     FAULT=pwrite:17+       that one and all after it fail with ENOSPC: the disk is full
 *     FAULT_RANK=1           only in this process of an MPI job
 *     FAULT_HIT=FILE         is made when the call fails, so that a test knows that there were so many calls
 *
 * A close that fails has closed the file; any other call that fails has done nothing. For pwrite every second fault
 * writes half of the bytes first, as a disk that fills up does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

/* What function is the next one to fail; 0: this call does not. */
static int
fails(const char *function)
{
    const char *fault = getenv("FAULT"), *hit = getenv("FAULT_HIT");
    const char *wanted = getenv("FAULT_RANK"), *rank = getenv("OMPI_COMM_WORLD_RANK");
    size_t length = strlen(function);
    if (wanted != NULL && (rank == NULL || strcmp(rank, wanted) != 0)) {
        return 0;
    }
    if (fault == NULL || strncmp(fault, function, length) != 0 || fault[length] != ':') {
        return 0;
    }
    char *end;
    long n = strtol(fault + length + 1, &end, 10);
    long call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    if (call != n && !(*end == '+' && call > n)) {
        return 0;
    }
    if (hit != NULL && call == n) {
        int (*real_open)(const char *, int, ...) = (int (*)(const char *, int, ...)) dlsym(RTLD_NEXT, "open");
        int (*real_close)(int) = (int (*)(int)) dlsym(RTLD_NEXT, "close");
        int file = real_open(hit, O_WRONLY | O_CREAT, 0666);
        if (file >= 0) {
            real_close(file);
        }
    }
    errno = *end == '+' ? ENOSPC : EIO;
    return 1;
}

#define REAL(name, type) ((type) dlsym(RTLD_NEXT, #name))

ssize_t
pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    ssize_t (*real)(int, const void *, size_t, off_t) =
        REAL(pwrite, ssize_t(*)(int, const void *, size_t, off_t));
    if (fails("pwrite")) {
        int error = errno;
        if (calls % 2 == 0 && size > 1) {
            return real(file, bytes, size / 2, offset);
        }
        errno = error;
        return -1;
    }
    return real(file, bytes, size, offset);
}

ssize_t
pwrite64(int file, const void *bytes, size_t size, off64_t offset)
{
    return pwrite(file, bytes, size, (off_t) offset);
}

ssize_t
write(int file, const void *bytes, size_t size)
{
    if (file > 2 && fails("write")) {
        return -1;
    }
    return REAL(write, ssize_t(*)(int, const void *, size_t))(file, bytes, size);
}

int
fsync(int file)
{
    return fails("fsync") ? -1 : REAL(fsync, int (*)(int))(file);
}

int
ftruncate(int file, off_t size)
{
    return fails("ftruncate") ? -1 : REAL(ftruncate, int (*)(int, off_t))(file, size);
}

int
rename(const char *from, const char *to)
{
    return fails("rename") ? -1 : REAL(rename, int (*)(const char *, const char *))(from, to);
}

int
link(const char *from, const char *to)
{
    return fails("link") ? -1 : REAL(link, int (*)(const char *, const char *))(from, to);
}

int
unlink(const char *path)
{
    return fails("unlink") ? -1 : REAL(unlink, int (*)(const char *))(path);
}

int
close(int file)
{
    int result = REAL(close, int (*)(int))(file);
    return file > 2 && fails("close") ? -1 : result;
}

void *
aligned_alloc(size_t alignment, size_t size)
{
    if (fails("aligned_alloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return REAL(aligned_alloc, void *(*) (size_t, size_t))(alignment, size);
}
