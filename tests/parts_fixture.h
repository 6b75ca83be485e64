/* parts_fixture.h - a folder of parts, an experiment whose cells have known numbers, and calls of the system that fail
 * when a test says so. */
#ifndef TESTS_PARTS_FIXTURE_H
#define TESTS_PARTS_FIXTURE_H

#include "sample.h"

#include "memory.h"

#include "sim/message.h"
#include "sim/parts.h"
#include "sim/parts_state.h"
#include "sim/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

#define PATH_SIZE 512
#define TICKS 3

/* The library's calls that fail. Needs WRAP pwrite fsync close rename link open fcntl H5Fopen. */

static int io_calls, io_refuse; /* the how-many-th call fails; 0: none */
static int no_locks;            /* errno of a file system without locks; 0: it has them */
static int opens, file_opens;   /* by HDF5, and by ourselves */

static inline int
io_fails(void)
{
    return ++io_calls == io_refuse;
}

ssize_t __real_pwrite(int file, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t offset);
int __wrap_fsync(int file);
int __real_close(int file);
int __wrap_close(int file);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_fcntl(int file, int command, ...);
int __wrap_fcntl(int file, int command, ...);
hid_t __real_H5Fopen(const char *path, unsigned flags, hid_t access);
hid_t __wrap_H5Fopen(const char *path, unsigned flags, hid_t access);

ssize_t
__wrap_pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    errno = ENOSPC;
    return io_fails() ? -1 : __real_pwrite(file, bytes, size, offset);
}

/* What a loss of power would do is not tested here, and waiting for the disk takes long. */
int
__wrap_fsync(int file)
{
    (void) file;
    errno = EIO;
    return io_fails() ? -1 : 0;
}

/* The file is closed all the same, as Linux does it. */
int
__wrap_close(int file)
{
    int ret = __real_close(file);
    if (io_fails()) {
        errno = EIO;
        return -1;
    }
    return ret;
}

int
__wrap_rename(const char *from, const char *to)
{
    errno = EIO;
    return io_fails() ? -1 : __real_rename(from, to);
}

int
__wrap_link(const char *from, const char *to)
{
    errno = EIO;
    return io_fails() ? -1 : __real_link(from, to);
}

int
__wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    errno = EMFILE;
    file_opens++;
    return io_fails() ? -1 : __real_open(path, flags, mode);
}

int
__wrap_fcntl(int file, int command, ...)
{
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    errno = no_locks;
    return no_locks ? -1 : __real_fcntl(file, command, argument);
}

hid_t
__wrap_H5Fopen(const char *path, unsigned flags, hid_t access)
{
    opens++;
    return __real_H5Fopen(path, flags, access);
}

/* Files. */

static char folder[128]; /* of the parts, in a new one for each test */
static char above[96];

static inline int
make_folder(void **state)
{
    (void) state;
    const char *base = getenv("TMPDIR");
    snprintf(above, sizeof(above), "%.60s/test_parts_XXXXXX", base == NULL ? "/tmp" : base);
    if (mkdtemp(above) == NULL) {
        return -1;
    }
    snprintf(folder, sizeof(folder), "%s/r.h5.parts", above);
    io_refuse = no_locks = 0;
    memory_fails_at(0, 0);
    return 0;
}

static inline int
remove_folder(void **state)
{
    (void) state;
    char command[PATH_SIZE];
    snprintf(command, sizeof(command), "rm -rf '%s'", above);
    return system(command);
}

static inline const char *
path_in(const char *name)
{
    static char paths[4][PATH_SIZE];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_SIZE, "%s/%.200s", folder, name);
    return path;
}

static inline int
is_there(const char *name)
{
    struct stat info;
    return lstat(path_in(name), &info) == 0;
}

static inline void
write_text(const char *name, const char *text)
{
    FILE *file = fopen(path_in(name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void
read_text(const char *name, char *text, size_t size)
{
    FILE *file = fopen(path_in(name), "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

/* Changes one byte in the middle of a file. */
static inline void
flip(const char *name)
{
    struct stat info;
    char byte;
    int file = open(path_in(name), O_RDWR);
    assert_true(file >= 0 && fstat(file, &info) == 0);
    assert_int_equal(pread(file, &byte, 1, info.st_size / 2), 1);
    byte ^= 1;
    assert_int_equal(pwrite(file, &byte, 1, info.st_size / 2), 1);
    close(file);
}

static inline int
count_entries(const char *path)
{
    int n = -2;
    DIR *entries = opendir(path);
    assert_non_null(entries);
    while (readdir(entries) != NULL) {
        n++;
    }
    closedir(entries);
    return n;
}

static inline int
open_files(void)
{
    return count_entries("/proc/self/fd");
}

/* Experiments, cells and messages. */

struct fixture {
    struct sim_experiment experiment;
    struct sim_results results; /* what cells should hold */
    struct sim_parts parts;
    struct sim_messages messages;
};

static inline void
begin(struct fixture *it, uint32_t points, uint32_t replicates)
{
    it->experiment = sample_experiment(points, replicates, TICKS, 0);
    sim_messages_init(&it->messages);
    assert_int_equal(sample_results(&it->results, &it->experiment), SIM_OK);
    assert_int_equal(sim_parts_init(&it->parts, folder, &it->experiment), SIM_OK);
}

static inline void
end(struct fixture *it)
{
    sim_parts_free(&it->parts);
    sim_results_free(&it->results);
    sim_messages_free(&it->messages);
    assert_int_equal(H5Fget_obj_count((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
}

/* The same folder seen by a new process. */
static inline void
look_again(struct fixture *it)
{
    sim_parts_free(&it->parts);
    sim_messages_free(&it->messages);
    sim_messages_init(&it->messages);
    assert_int_equal(sim_parts_init(&it->parts, folder, &it->experiment), SIM_OK);
}

static inline struct sim_finished
well(const struct fixture *it, uint32_t cell)
{
    const struct sim_cell *source = &it->results.cells[cell];
    return (struct sim_finished){
        .cell = cell, .status = SIM_RUN_OK, .digest = source->digest, .rows = source->rows
    };
}

static inline struct sim_finished
failed(uint32_t cell, const char *error)
{
    struct sim_finished it = { .cell = cell, .status = SIM_RUN_FAILED };
    snprintf(it.error, sizeof(it.error), "%s", error);
    return it;
}

static inline void
add_as(struct fixture *it, const char *writer, const struct sim_finished *list, uint32_t n)
{
    if (sim_parts_add(&it->parts, writer, list, n, &it->messages) != SIM_OK) {
        fail_msg("%s", it->messages.count > 0 ? it->messages.list[0].text : "no message");
    }
}

/* A shard each. */
static inline void
add_cells(struct fixture *it, uint32_t first, uint32_t n)
{
    for (uint32_t i = first; i < first + n; i++) {
        struct sim_finished cell = well(it, i);
        add_as(it, "", &cell, 1);
    }
}

static inline void
scan(struct fixture *it)
{
    assert_int_equal(sim_parts_scan(&it->parts, &it->messages), SIM_OK);
}

static inline void
lock(struct fixture *it)
{
    assert_int_equal(sim_parts_lock(&it->parts, (struct sim_share){ 0, 1 }, &it->messages), SIM_OK);
}

static inline void
assert_cell(struct fixture *it, uint32_t cell)
{
    double numbers[64];
    struct sim_source source = sim_parts_source(&it->parts);
    size_t n = sim_source_numbers(&source);
    assert_true(n <= 64);
    struct sim_outcome outcome = source.outcome(source.context, cell);
    assert_int_equal(outcome.status, SIM_RUN_OK);
    assert_true(outcome.digest == it->results.cells[cell].digest);
    assert_string_equal(outcome.error, "");
    assert_int_equal(source.numbers(source.context, cell, 0, n, numbers), SIM_OK);
    assert_memory_equal(numbers, it->results.cells[cell].rows, n * sizeof(*numbers));
}

/* How many messages speak of this. */
static inline int
said(const struct fixture *it, const char *what)
{
    int n = 0;
    for (size_t i = 0; i < it->messages.count; i++) {
        n += strstr(it->messages.list[i].text, what) != NULL;
    }
    return n;
}

static inline enum sim_run_status
status_of(const struct fixture *it, uint32_t cell)
{
    return (enum sim_run_status) it->parts.cells[cell].status;
}

#define PARTS_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

#endif
