/* test_parts.c - the folder of an unfinished experiment: cells go into shards and come back, whatever else lies there,
 * whoever else writes there, and whatever fails. */
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
static int opens;               /* of HDF5 files */

static int
io_fails(void)
{
    return ++io_calls == io_refuse;
}

ssize_t __real_pwrite(int file, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t offset);
int __real_fsync(int file);
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

int
__wrap_fsync(int file)
{
    errno = EIO;
    return io_fails() ? -1 : __real_fsync(file);
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

static int
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

static int
remove_folder(void **state)
{
    (void) state;
    char command[PATH_SIZE];
    snprintf(command, sizeof(command), "rm -rf '%s'", above);
    return system(command);
}

static const char *
path_in(const char *name)
{
    static char paths[4][PATH_SIZE];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_SIZE, "%s/%.200s", folder, name);
    return path;
}

static int
is_there(const char *name)
{
    struct stat info;
    return lstat(path_in(name), &info) == 0;
}

static void
write_text(const char *name, const char *text)
{
    FILE *file = fopen(path_in(name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void
read_text(const char *name, char *text, size_t size)
{
    FILE *file = fopen(path_in(name), "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

/* Changes one byte in the middle of a file. */
static void
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

static int
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

static int
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

static void
begin(struct fixture *it, uint32_t points, uint32_t replicates)
{
    it->experiment = sample_experiment(points, replicates, TICKS, 0);
    sim_messages_init(&it->messages);
    assert_int_equal(sample_results(&it->results, &it->experiment), SIM_OK);
    assert_int_equal(sim_parts_init(&it->parts, folder, &it->experiment), SIM_OK);
}

static void
end(struct fixture *it)
{
    sim_parts_free(&it->parts);
    sim_results_free(&it->results);
    sim_messages_free(&it->messages);
    assert_int_equal(H5Fget_obj_count((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
}

/* The same folder seen by a new process. */
static void
look_again(struct fixture *it)
{
    sim_parts_free(&it->parts);
    sim_messages_free(&it->messages);
    sim_messages_init(&it->messages);
    assert_int_equal(sim_parts_init(&it->parts, folder, &it->experiment), SIM_OK);
}

static struct sim_finished
well(const struct fixture *it, uint32_t cell)
{
    const struct sim_cell *source = &it->results.cells[cell];
    return (struct sim_finished){
        .cell = cell, .status = SIM_RUN_OK, .digest = source->digest, .rows = source->rows
    };
}

static struct sim_finished
failed(uint32_t cell, const char *error)
{
    struct sim_finished it = { .cell = cell, .status = SIM_RUN_FAILED };
    snprintf(it.error, sizeof(it.error), "%s", error);
    return it;
}

static void
add_as(struct fixture *it, const char *writer, const struct sim_finished *list, uint32_t n)
{
    if (sim_parts_add(&it->parts, writer, list, n, &it->messages) != SIM_OK) {
        fail_msg("%s", it->messages.count > 0 ? it->messages.list[0].text : "no message");
    }
}

/* A shard each. */
static void
add_cells(struct fixture *it, uint32_t first, uint32_t n)
{
    for (uint32_t i = first; i < first + n; i++) {
        struct sim_finished cell = well(it, i);
        add_as(it, "", &cell, 1);
    }
}

static void
scan(struct fixture *it)
{
    assert_int_equal(sim_parts_scan(&it->parts, &it->messages), SIM_OK);
}

static void
lock(struct fixture *it)
{
    assert_int_equal(sim_parts_lock(&it->parts, (struct sim_share){ 0, 1 }, &it->messages), SIM_OK);
}

static void
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
static int
said(const struct fixture *it, const char *what)
{
    int n = 0;
    for (size_t i = 0; i < it->messages.count; i++) {
        n += strstr(it->messages.list[i].text, what) != NULL;
    }
    return n;
}

static enum sim_run_status
status_of(const struct fixture *it, uint32_t cell)
{
    return (enum sim_run_status) it->parts.cells[cell].status;
}

static void
cells_come_back(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 2, 3);
    *sample_number(&it.results, 1, 1, 2, SHARE, 0) = (double) NAN;
    it.results.cells[4].digest = sim_cell_digest(&it.results, &it.results.cells[4]);
    struct sim_finished list[] = { well(&it, 4), failed(1, "too hot"), well(&it, 0), well(&it, 2) };
    struct sim_finished last = well(&it, 5);
    lock(&it);
    add_as(&it, "", list, 4);
    add_as(&it, "", &last, 1);
    assert_true(is_there("0.h5") && is_there("5.h5"));
    for (int round = 0; round < 2; round++) {
        assert_int_equal(it.parts.n_ok, 4);
        assert_int_equal(it.parts.n_failed, 1);
        assert_cell(&it, 0);
        assert_cell(&it, 2);
        assert_cell(&it, 4);
        assert_cell(&it, 5);
        assert_int_equal(status_of(&it, 3), SIM_RUN_NOT_RUN);
        look_again(&it);
        scan(&it);
    }
    assert_int_equal(it.messages.count, 0);
    end(&it);
}

static void
any_part_of_a_row_can_be_read(void **state)
{
    (void) state;
    struct fixture it;
    double numbers[64];
    begin(&it, 1, 3);
    struct sim_finished list[] = { well(&it, 0), well(&it, 1), well(&it, 2) };
    add_as(&it, "", list, 3);
    struct sim_source source = sim_parts_source(&it.parts);
    uint64_t total = sim_source_numbers(&source);
    for (uint64_t first = 0; first <= total; first++) {
        for (uint64_t n = 0; first + n <= total; n++) {
            assert_int_equal(source.numbers(source.context, 1, first, n, numbers), SIM_OK);
            assert_memory_equal(numbers, it.results.cells[1].rows + first, n * sizeof(*numbers));
        }
    }
    assert_int_equal(source.numbers(source.context, 1, total, 1, numbers), SIM_ERR_FILE);
    end(&it);
}

static void
what_is_missing_reads_as_in_memory(void **state)
{
    (void) state;
    struct fixture it;
    double a[64], b[64];
    begin(&it, 1, 3);
    struct sim_finished list[] = { failed(1, "it broke"), well(&it, 0) };
    add_as(&it, "", list, 2);
    assert_int_equal(sim_cell_fail(&it.results, 1, "it broke"), SIM_OK);
    struct sim_source expected = sim_results_source(&it.results);
    for (int round = 0; round < 2; round++) {
        struct sim_source source = sim_parts_source(&it.parts);
        struct sim_outcome outcome = source.outcome(source.context, 1);
        assert_int_equal(outcome.status, SIM_RUN_FAILED);
        assert_string_equal(outcome.error, "it broke");
        assert_true(outcome.digest == expected.outcome(expected.context, 1).digest);
        assert_int_equal(source.numbers(source.context, 1, 2, 10, a), SIM_OK);
        assert_int_equal(expected.numbers(expected.context, 1, 2, 10, b), SIM_OK);
        assert_memory_equal(a, b, 10 * sizeof(*a));
        outcome = source.outcome(source.context, 2);
        assert_int_equal(outcome.status, SIM_RUN_NOT_RUN);
        assert_string_equal(outcome.error, "");
        assert_true(outcome.digest == 0);
        assert_int_equal(source.numbers(source.context, 2, 0, 10, a), SIM_OK);
        assert_true(isnan(a[0]));
        look_again(&it);
        scan(&it);
    }
    end(&it);
}

static void
a_shard_of_failures_only_is_kept(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 3);
    struct sim_finished list[] = { failed(2, "b"), failed(1, "议事") };
    add_as(&it, "", list, 2);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_failed, 2);
    struct sim_source source = sim_parts_source(&it.parts);
    assert_string_equal(source.outcome(source.context, 1).error, "议事");
    assert_int_equal(it.messages.count, 0);
    end(&it);
}

static void
running_well_wins_and_order_does_not_matter(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 3);
    struct sim_finished first[] = { failed(0, "z"), failed(1, "m"), well(&it, 2) };
    struct sim_finished second[] = { well(&it, 0), failed(1, "k"), failed(2, "x") };
    struct sim_finished third[] = { well(&it, 0), failed(1, "p") };
    add_as(&it, "", first, 3);
    add_as(&it, "", second, 3);
    add_as(&it, "", third, 2);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(it.parts.n_ok, 2);
        assert_int_equal(it.parts.n_failed, 1);
        assert_cell(&it, 0);
        assert_cell(&it, 2);
        struct sim_source source = sim_parts_source(&it.parts);
        assert_string_equal(source.outcome(source.context, 1).error, "k");
        look_again(&it);
        scan(&it);
    }
    assert_int_equal(it.messages.count, 0);
    end(&it);
}

static void
a_second_scan_finds_what_has_come_and_reads_nothing_twice(void **state)
{
    (void) state;
    struct fixture it;
    struct fixture other;
    begin(&it, 1, 6);
    begin(&other, 1, 6);
    add_cells(&it, 0, 3);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 3);
    add_as(&other, "2-of-2", (struct sim_finished[]){ well(&other, 3), well(&other, 4) }, 2);
    add_cells(&it, 5, 1);
    opens = 0;
    scan(&it);
    assert_int_equal(opens, 1);
    assert_int_equal(it.parts.n_ok, 6);
    for (uint32_t cell = 0; cell < 6; cell++) {
        assert_cell(&it, cell);
    }
    assert_int_equal(unlink(path_in("1.h5")), 0);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 5);
    assert_int_equal(status_of(&it, 1), SIM_RUN_NOT_RUN);
    assert_cell(&it, 4);
    assert_int_equal(said(&it, "this shard is lost"), 1);
    end(&it);
    end(&other);
}

static void
no_folder_is_an_empty_one(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 1);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 0);
    assert_false(sim_parts_asked_to_stop(&it.parts));
    sim_parts_tell(&it.parts, "", "{}\n");
    assert_int_equal(sim_parts_remove(&it.parts), SIM_OK);
    assert_int_equal(it.messages.count, 0);
    assert_int_equal(count_entries(above), 0);
    end(&it);
}

static void
interleaved_shards_are_not_opened_for_each_cell(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 3, 200);
    for (uint32_t writer = 0; writer < 40; writer++) {
        struct sim_finished list[15];
        for (uint32_t i = 0; i < 15; i++) {
            list[i] = well(&it, i * 40 + writer);
        }
        add_as(&it, "", list, 15);
    }
    opens = 0;
    for (uint32_t cell = 0; cell < 600; cell++) {
        assert_cell(&it, cell);
    }
    assert_int_equal(opens, 40);
    add_cells(&it, 0, 100); /* the same cells again; those known stay */
    look_again(&it);
    scan(&it);
    for (uint32_t cell = 0; cell < 600; cell += 7) {
        assert_cell(&it, cell);
        assert_cell(&it, 599 - cell);
    }
    end(&it);
}

/* Manifests. */

static void
manifests_are_as_xxhsum_writes_them(void **state)
{
    (void) state;
    struct fixture it;
    char text[1024], command[PATH_SIZE];
    begin(&it, 1, 4);
    add_cells(&it, 0, 2);
    look_again(&it);
    add_cells(&it, 2, 1);
    struct sim_finished last = well(&it, 3);
    add_as(&it, "2-of-4", &last, 1);
    read_text("manifest", text, sizeof(text));
    assert_int_equal(strlen(text), 3 * (32 + 2 + 4 + 1) + 0);
    assert_string_equal(text + 32, strstr(text, "  0.h5\n"));
    assert_non_null(strstr(text, "  1.h5\n"));
    assert_non_null(strstr(text, "  2.h5\n"));
    read_text("manifest-2-of-4", text, sizeof(text));
    assert_string_equal(text + 32, "  3.h5\n");
    if (system("xxhsum --version >/dev/null 2>&1") != 0) {
        print_message("SKIPPED in part: there is no xxhsum here\n");
        end(&it);
        return;
    }
    snprintf(
        command, sizeof(command), "cd '%s' && xxhsum -q -c manifest && xxhsum -q -c manifest-2-of-4", folder);
    assert_int_equal(system(command), 0);
    flip("1.h5");
    snprintf(command, sizeof(command), "cd '%s' && xxhsum -q -c manifest >/dev/null 2>&1", folder);
    assert_int_not_equal(system(command), 0);
    end(&it);
}

static void
a_damaged_shard_is_set_aside_and_its_cells_run_again(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 3);
    lock(&it);
    add_cells(&it, 0, 3);
    flip("1.h5");
    look_again(&it);
    scan(&it); /* without the right to write */
    assert_int_equal(it.parts.n_ok, 2);
    assert_int_equal(it.messages.count, 1);
    assert_int_equal(it.messages.errors, 0);
    assert_string_equal(it.messages.list[0].file, path_in("1.h5"));
    assert_int_equal(
        said(&it, "it is damaged (its checksum is not that of the manifest); its cells are run again"), 1);
    assert_true(is_there("1.h5"));
    scan(&it);
    assert_int_equal(it.messages.count, 1);
    lock(&it);
    scan(&it);
    assert_int_equal(said(&it, "now called 1.h5.damaged; its cells are run again"), 1);
    assert_false(is_there("1.h5"));
    assert_true(is_there("1.h5.damaged"));
    assert_int_equal(status_of(&it, 1), SIM_RUN_NOT_RUN);
    add_cells(&it, 1, 1);
    assert_true(is_there("1-2.h5")); /* the manifest may still speak of the other */
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 3);
    assert_int_equal(it.messages.count, 0);
    assert_cell(&it, 1);
    end(&it);
}

static void
a_cut_shard_of_the_manifest_is_damaged(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 3);
    add_cells(&it, 0, 3);
    assert_int_equal(truncate(path_in("0.h5"), 0), 0);
    assert_int_equal(truncate(path_in("1.h5"), 1000), 0);
    write_text("1.h5.damaged", "an earlier one");
    look_again(&it);
    lock(&it);
    scan(&it);
    assert_int_equal(said(&it, "now called 0.h5.damaged;"), 1);
    assert_int_equal(said(&it, "now called 1.h5.damaged-2;"), 1);
    assert_int_equal(it.parts.n_ok, 1);
    end(&it);
}

static void
a_lost_shard_is_told_until_its_cells_are_there(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 2);
    add_cells(&it, 0, 2);
    assert_int_equal(unlink(path_in("0.h5")), 0);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.messages.count, 1);
    assert_string_equal(it.messages.list[0].file, path_in("0.h5"));
    assert_int_equal(said(&it, "this shard is lost"), 1);
    add_cells(&it, 0, 1);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 2);
    assert_int_equal(it.messages.count, 0);
    end(&it);
}

/* Changes a number of a shard's rows, or a text attribute, so that only its digests can tell. */
static void
forge_number(const char *name)
{
    double rows[64];
    hid_t file = H5Fopen(path_in(name), H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t variable = H5Dopen2(file, "rows", H5P_DEFAULT);
    assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) >= 0);
    rows[7] += 0.25;
    assert_true(H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) >= 0);
    H5Dclose(variable);
    H5Fclose(file);
}

static void
forge_attribute(const char *name, const char *attribute, size_t at, char byte)
{
    char text[64] = "";
    hid_t file = H5Fopen(path_in(name), H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t it = H5Aopen(file, attribute, H5P_DEFAULT);
    hid_t type = H5Aget_type(it);
    assert_true(H5Tget_size(type) < sizeof(text) && H5Aread(it, type, text) >= 0);
    text[at] = byte;
    assert_true(H5Awrite(it, type, text) >= 0);
    H5Tclose(type);
    H5Aclose(it);
    H5Fclose(file);
}

static void
shards_that_no_manifest_has_are_taken_if_their_digests_are_right(void **state)
{
    (void) state;
    struct fixture it;
    char text[1024];
    begin(&it, 1, 4);
    lock(&it);
    add_cells(&it, 0, 3);
    assert_int_equal(unlink(path_in("manifest")), 0);
    forge_number("1.h5");
    look_again(&it);
    lock(&it);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 2);
    assert_int_equal(it.messages.count, 1);
    assert_int_equal(
        said(&it, "it is damaged (the digest of cell 1 is not that of its numbers), and now called"), 1);
    assert_cell(&it, 0);
    assert_cell(&it, 2);
    add_cells(&it, 3, 1); /* and now the manifest knows them all */
    read_text("manifest", text, sizeof(text));
    assert_non_null(strstr(text, "  0.h5\n"));
    assert_non_null(strstr(text, "  2.h5\n"));
    assert_non_null(strstr(text, "  3.h5\n"));
    assert_int_equal(strlen(text), 3 * 39);
    flip("0.h5");
    look_again(&it);
    scan(&it);
    assert_int_equal(said(&it, "its checksum is not that of the manifest"), 1);
    end(&it);
}

static void
lines_of_a_manifest_that_are_none_are_told_and_not_used(void **state)
{
    (void) state;
    struct fixture it;
    char text[1024], line[2048];
    begin(&it, 1, 2);
    add_cells(&it, 0, 2);
    read_text("manifest", text, sizeof(text));
    FILE *file = fopen(path_in("manifest"), "w");
    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\0';
    fprintf(file, "0123  0.h5\n%.32s  /etc/0.h5\n%.32s  ../0.h5\n%s\n%s", text, text, line, text);
    fclose(file);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 2);
    assert_int_equal(it.messages.count, 4);
    assert_int_equal(it.messages.errors, 0);
    assert_int_equal(it.messages.list[0].line, 1);
    assert_int_equal(it.messages.list[3].line, 4);
    assert_int_equal(said(&it, "is not \"CHECKSUM  NAME\""), 1);
    assert_int_equal(said(&it, "outside of the folder"), 2);
    assert_int_equal(said(&it, "it is too long"), 1);
    file = fopen(path_in("manifest"), "w"); /* noise, and no end of line */
    for (int i = 0; i < 1000; i++) {
        fprintf(file, "%c%c\n", i & 0xff, i * 7 & 0xff);
    }
    fprintf(file, "%.32s  0.h5", text);
    fclose(file);
    assert_int_equal(mkdir(path_in("manifest-folder"), 0777), 0);
    look_again(&it);
    scan(&it);
    assert_int_equal(it.parts.n_ok, 2);
    assert_true(it.messages.count < 12);
    assert_int_equal(said(&it, "more lines are not used"), 1);
    assert_int_equal(said(&it, "Is a directory"), 1);
    end(&it);
}

static void
anything_may_lie_in_the_folder(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 8);
    add_cells(&it, 0, 5);
    assert_int_equal(unlink(path_in("manifest")), 0);
    forge_attribute("1.h5", "spec_digest", 3, 'z');
    forge_attribute("2.h5", "build_digest", 3, 'z');
    forge_attribute("3.h5", "Conventions", 12, '1');
    forge_attribute("4.h5", "Conventions", 0, 'x');
    write_text("empty.h5", "");
    write_text("text.h5", "cell\n1\n");
    write_text("notes.txt", "mine");
    write_text(".hidden.h5", "mine");
    write_text("half.h5", "\x89HDF\r\n\x1a\n and no more");
    assert_int_equal(mkdir(path_in("folder.h5"), 0777), 0);
    assert_int_equal(mkfifo(path_in("pipe.h5"), 0666), 0);
    assert_int_equal(mkfifo(path_in("manifest-pipe"), 0666), 0);
    assert_int_equal(symlink("nowhere", path_in("link.h5")), 0);
    look_again(&it);
    lock(&it);
    for (int round = 0; round < 2; round++) {
        scan(&it);
        assert_int_equal(it.parts.n_ok, 1);
    }
    assert_int_equal(it.messages.errors, 0);
    assert_int_equal(said(&it, "this shard is not used: it belongs to another experiment"), 1);
    assert_int_equal(said(&it, "another build of the program wrote it"), 1);
    assert_int_equal(said(&it, "an older version of the program wrote it"), 1);
    assert_int_equal(said(&it, "it is no shard"), 1);
    assert_int_equal(said(&it, "this shard is not used: it cannot be read"), 6);
    assert_int_equal(said(&it, "it is not a regular file"), 1 + 2); /* the manifest is told by each scan */
    assert_int_equal(it.messages.count, 10 + 2);
    const char *const kept[] = { "1.h5", "2.h5", "3.h5", "4.h5", "empty.h5", "text.h5", "notes.txt",
        ".hidden.h5", "half.h5", "folder.h5", "pipe.h5", "link.h5" };
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < SIM_COUNT_OF(kept); i++) {
            assert_true(is_there(kept[i]));
        }
        assert_int_equal(sim_parts_remove(&it.parts), SIM_OK);
    }
    assert_int_equal(count_entries(folder), SIM_COUNT_OF(kept));
    end(&it);
}

/* A whole shard of this experiment and build whose content makes no sense. */
static void
assert_senseless(
    struct fixture *it, const struct sim_finished *list, uint32_t n, uint64_t n_numbers, const char *why)
{
    const struct sim_finished *cells[16];
    for (uint32_t i = 0; i < n; i++) {
        cells[i] = &list[i];
    }
    assert_int_equal(sim_publish_folder(folder, NULL), SIM_OK);
    assert_int_equal(
        sim_shard_publish(path_in("9.h5"), &it->experiment, n_numbers, cells, n, n, NULL), SIM_OK);
    look_again(it);
    lock(it);
    scan(it);
    assert_int_equal(it->parts.n_ok + it->parts.n_failed, 0);
    assert_int_equal(it->messages.count, 1);
    assert_int_equal(said(it, why), 1);
    assert_true(is_there("9.h5.damaged"));
    assert_int_equal(unlink(path_in("9.h5.damaged")), 0);
}

static void
shards_that_make_no_sense_are_not_used(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 3);
    uint64_t n = sim_parts_state(&it.parts)->n_numbers;
    struct sim_finished list[] = { well(&it, 0), well(&it, 1), well(&it, 2), well(&it, 0) };
    assert_senseless(&it, list, 4, n, "it has more cells than the experiment");
    assert_senseless(&it, list, 3, n - 1, "its rows are not those of its cells");
    list[1].cell = 0;
    assert_senseless(&it, list, 2, n, "it has cell 0 twice");
    list[1].cell = 3;
    assert_senseless(&it, list, 3, n, "it has a cell 3, and the experiment has 3");
    list[1].cell = 1;
    list[1].status = SIM_RUN_NOT_RUN;
    assert_senseless(&it, list, 3, n, "its statuses are none");
    end(&it);
}

static void
a_shard_that_vanishes_is_told_by_name(void **state)
{
    (void) state;
    struct fixture it;
    double number;
    begin(&it, 1, 1);
    add_cells(&it, 0, 1);
    look_again(&it);
    scan(&it);
    assert_int_equal(unlink(path_in("0.h5")), 0);
    struct sim_source source = sim_parts_source(&it.parts);
    assert_string_equal(sim_parts_fault(&it.parts), "");
    assert_int_equal(source.numbers(source.context, 0, 0, 1, &number), SIM_ERR_FILE);
    assert_non_null(strstr(sim_parts_fault(&it.parts), path_in("0.h5")));
    end(&it);
}

/* Locks. */

/* What the second of two says who finds the first. */
static void
assert_refused(struct fixture *it, struct sim_share share, const char *who)
{
    char expected[PATH_SIZE], host[65] = "";
    gethostname(host, sizeof(host) - 1);
    snprintf(expected, sizeof(expected), who, (long) getpid(), host);
    sim_messages_free(&it->messages);
    sim_messages_init(&it->messages);
    assert_int_equal(sim_parts_lock(&it->parts, share, &it->messages), SIM_ERR_EXISTS);
    assert_int_equal(it->messages.count, 1);
    assert_int_equal(it->messages.errors, 1);
    assert_string_equal(it->messages.list[0].file, folder);
    if (strstr(it->messages.list[0].text, expected) != it->messages.list[0].text) {
        fail_msg("%s\n%s", it->messages.list[0].text, expected);
    }
}

static void
two_that_write_the_same_are_refused_with_the_holders_name(void **state)
{
    (void) state;
    const struct sim_share all = { 0, 1 };
    struct fixture first, second, third;
    begin(&first, 1, 4);
    begin(&second, 1, 4);
    begin(&third, 1, 4);
    lock(&first);
    assert_refused(&second, all, "process %ld on %s has been writing here since 20");
    assert_int_equal(said(&second, "; wait for it, or stop it"), 1);
    sim_parts_state(&second.parts)->patience_ms = 120;
    assert_refused(&second, (struct sim_share){ 1, 4 }, "process %ld on %s has been writing here since 20");
    add_cells(&first, 0, 4); /* the first is unharmed */
    sim_parts_unlock(&first.parts);

    assert_int_equal(sim_parts_lock(&first.parts, (struct sim_share){ 0, 4 }, NULL), SIM_OK);
    assert_int_equal(sim_parts_lock(&second.parts, (struct sim_share){ 1, 4 }, NULL), SIM_OK);
    assert_refused(&third, (struct sim_share){ 1, 4 }, "process %ld on %s has been writing here since 20");
    assert_int_equal(said(&third, "(share 2 of 4); wait for it"), 1);
    assert_refused(&third, all, "process %ld on %s has been writing here since 20");
    assert_int_equal(said(&third, "(share 1 of 4), process"), 1);
    assert_int_equal(said(&third, "(share 2 of 4); wait for them, or stop them"), 1);
    assert_int_equal(sim_parts_lock(&third.parts, (struct sim_share){ 2, 3 }, NULL), SIM_OK);
    end(&first);
    end(&second);
    end(&third);
}

static void
whoever_finishes_last_holds_all(void **state)
{
    (void) state;
    struct fixture first, second;
    begin(&first, 1, 4);
    begin(&second, 1, 4);
    assert_int_equal(sim_parts_lock(&first.parts, (struct sim_share){ 0, 2 }, NULL), SIM_OK);
    assert_int_equal(sim_parts_lock(&second.parts, (struct sim_share){ 1, 2 }, NULL), SIM_OK);
    assert_int_equal(sim_parts_lock_all(&first.parts, &first.messages), SIM_ERR_EXISTS);
    assert_int_equal(sim_parts_lock_all(&second.parts, &second.messages), SIM_OK);
    assert_int_equal(sim_parts_lock_all(&second.parts, &second.messages), SIM_OK);
    assert_int_equal(first.messages.count + second.messages.count, 0);
    assert_refused(&first, (struct sim_share){ 0, 1 }, "process %ld on %s has been writing here since 20");
    end(&first);
    end(&second);
}

/* A child that holds a lock, and goes on as a byte tells it: '.' nothing yet, 'm' merges, 'k' waits to be killed. */
static pid_t
holder(const struct fixture *it, struct sim_share share, int remove, int after_ms)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct sim_parts parts;
        if (sim_parts_init(&parts, folder, &it->experiment) != SIM_OK
            || sim_parts_lock(&parts, share, NULL) != SIM_OK || write(ready[1], "!", 1) != 1) {
            _exit(1);
        }
        usleep((useconds_t) after_ms * 1000);
        _exit(remove && sim_parts_remove(&parts) != SIM_OK);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void
a_killed_process_holds_nothing(void **state)
{
    (void) state;
    struct fixture it;
    int status;
    begin(&it, 1, 1);
    pid_t child = holder(&it, (struct sim_share){ 0, 1 }, 0, 60000);
    assert_int_equal(sim_parts_lock(&it.parts, (struct sim_share){ 0, 1 }, NULL), SIM_ERR_EXISTS);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    lock(&it);
    end(&it);
}

static void
a_share_waits_for_who_merges_and_makes_the_folder_again(void **state)
{
    (void) state;
    struct fixture it;
    int status;
    begin(&it, 1, 3);
    add_cells(&it, 0, 2);
    pid_t child = holder(&it, (struct sim_share){ 0, 1 }, 1, 300);
    assert_int_equal(sim_parts_lock(&it.parts, (struct sim_share){ 0, 2 }, &it.messages), SIM_OK);
    assert_int_equal(it.messages.count, 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(is_there("lock") && is_there("lock-1-of-2"));
    assert_false(is_there("0.h5"));
    struct fixture other;
    begin(&other, 1, 3);
    assert_int_equal(sim_parts_lock(&other.parts, (struct sim_share){ 0, 1 }, NULL), SIM_ERR_EXISTS);
    add_cells(&it, 2, 1);
    end(&other);
    end(&it);
}

static void
who_comes_after_the_merge_holds_nothing(void **state)
{
    (void) state;
    struct fixture first, second;
    begin(&first, 1, 1);
    begin(&second, 1, 1);
    assert_int_equal(sim_parts_lock(&first.parts, (struct sim_share){ 0, 2 }, NULL), SIM_OK);
    sim_parts_unlock(&first.parts);
    sim_parts_state(&first.parts)->writes = 1; /* as if it had just finished */
    lock(&second);
    assert_int_equal(sim_parts_remove(&second.parts), SIM_OK);
    assert_int_equal(sim_parts_lock_all(&first.parts, &first.messages), SIM_ERR_EXISTS);
    assert_int_equal(first.messages.count, 0);
    assert_int_equal(count_entries(above), 0);
    end(&first);
    end(&second);
}

static void
without_locks_there_is_a_warning(void **state)
{
    (void) state;
    const int errors[] = { ENOLCK, ENOTSUP, ENOSYS };
    struct fixture it;
    begin(&it, 1, 1);
    for (size_t i = 0; i < SIM_COUNT_OF(errors); i++) {
        look_again(&it);
        no_locks = errors[i];
        lock(&it);
        no_locks = 0;
        assert_int_equal(it.messages.count, 1);
        assert_int_equal(it.messages.errors, 0);
        assert_int_equal(said(&it, "locks do not work here"), 1);
        add_cells(&it, 0, 1);
    }
    look_again(&it);
    no_locks = EIO;
    assert_int_equal(sim_parts_lock(&it.parts, (struct sim_share){ 0, 1 }, &it.messages), SIM_ERR_FILE);
    no_locks = 0;
    assert_int_equal(it.messages.errors, 1);
    end(&it);
}

static void
what_cannot_be_locked_is_told(void **state)
{
    (void) state;
    struct fixture it;
    begin(&it, 1, 1);
    assert_int_equal(mkdir(folder, 0777), 0);
    assert_int_equal(mkfifo(path_in("lock"), 0666), 0);
    assert_int_equal(sim_parts_lock(&it.parts, (struct sim_share){ 0, 1 }, &it.messages), SIM_ERR_FILE);
    assert_int_equal(it.messages.errors, 1);
    assert_int_equal(unlink(path_in("lock")), 0);
    assert_int_equal(rmdir(folder), 0);
    FILE *file = fopen(folder, "w");
    fclose(file);
    assert_int_equal(sim_parts_lock(&it.parts, (struct sim_share){ 0, 1 }, &it.messages), SIM_ERR_FILE);
    assert_int_equal(sim_parts_scan(&it.parts, &it.messages), SIM_ERR_FILE);
    assert_int_equal(it.messages.errors, 3);
    end(&it);
}

static void
lock_sweeps_temporaries_of_the_dead(void **state)
{
    (void) state;
    struct fixture it;
    int status;
    char host[65] = "", name[PATH_SIZE];
    begin(&it, 1, 1);
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    gethostname(host, sizeof(host) - 1);
    snprintf(name, sizeof(name), ".3.h5.%s-%ld.tmp", host, (long) child);
    assert_int_equal(mkdir(folder, 0777), 0);
    write_text(name, "half");
    lock(&it);
    assert_false(is_there(name));
    end(&it);
}

/* Removal, and the small files. */

static void
remove_takes_what_is_ours_and_nothing_else(void **state)
{
    (void) state;
    struct fixture it, other;
    begin(&it, 1, 3);
    begin(&other, 1, 3);
    other.experiment.digest[5] = 'f';
    add_cells(&it, 0, 2);
    lock(&it);
    struct sim_finished cell = well(&it, 2);
    add_as(&it, "rank-1", &cell, 1);
    sim_parts_tell(&it.parts, "", "{\"cells\": 3}\n");
    sim_parts_tell(&it.parts, "2-of-4", "{}\n");
    write_text("17.0.checkpoint", "");
    write_text("17.1.checkpoint", "");
    write_text("request.json", "{}");
    write_text("stop", "");
    write_text("lock-2-of-4", "");
    add_cells(&other, 0, 1);
    write_text("1.h5.damaged", "mine");
    write_text("x.1.checkpoint", "mine");
    assert_true(is_there("0-2.h5"));
    look_again(&it); /* it needs no scan */
    assert_int_equal(sim_parts_lock(&other.parts, (struct sim_share){ 1, 2 }, NULL), SIM_OK);
    assert_int_equal(sim_parts_remove(&it.parts), SIM_ERR_EXISTS);
    assert_true(is_there("0.h5") && is_there("manifest"));
    sim_parts_unlock(&other.parts);
    assert_int_equal(sim_parts_remove(&it.parts), SIM_OK);
    assert_true(is_there("0-2.h5") && is_there("1.h5.damaged") && is_there("x.1.checkpoint"));
    assert_int_equal(count_entries(folder), 3);
    unlink(path_in("1.h5.damaged"));
    unlink(path_in("x.1.checkpoint"));
    assert_int_equal(sim_parts_scan(&other.parts, NULL), SIM_OK);
    assert_cell(&other, 0);
    assert_int_equal(sim_parts_remove(&other.parts), SIM_OK);
    assert_int_equal(other.parts.n_ok, 0);
    assert_int_equal(count_entries(above), 0);
    end(&it);
    end(&other);
}

static void
status_and_stop_are_files(void **state)
{
    (void) state;
    struct fixture it;
    char text[64];
    begin(&it, 1, 1);
    lock(&it);
    sim_parts_tell(&it.parts, "", "{\"cells\": 1}\n");
    sim_parts_tell(&it.parts, "", "{}\n");
    sim_parts_tell(&it.parts, "1-of-2", "[]\n");
    read_text("status.json", text, sizeof(text));
    assert_string_equal(text, "{}\n");
    read_text("status-1-of-2.json", text, sizeof(text));
    assert_string_equal(text, "[]\n");
    assert_false(sim_parts_asked_to_stop(&it.parts));
    write_text("stop", "");
    assert_true(sim_parts_asked_to_stop(&it.parts));
    end(&it);
}

/* Failures. */

/* Whatever call fails: a whole shard or none, the manifest as it was or as it should be, no temporary, nothing left
 * open; and the same again goes well. */
static void
any_failing_call_leaves_a_whole_shard_or_none(void **state)
{
    (void) state;
    struct fixture it;
    char before[1024], after[1024];
    int failures = 0, with_shard = 0;
    begin(&it, 1, 3);
    add_cells(&it, 0, 1);
    read_text("manifest", before, sizeof(before));
    int ret = SIM_ERR_FILE;
    for (int n = 1; n < 1000 && (ret != SIM_OK || io_calls >= n); n++) {
        look_again(&it);
        scan(&it);
        struct sim_finished list[] = { well(&it, 1), failed(2, "no") };
        int open_before = open_files();
        io_calls = 0;
        io_refuse = n;
        ret = sim_parts_add(&it.parts, "", list, 2, &it.messages);
        io_refuse = 0;
        int calls = io_calls;
        assert_int_equal(open_files(), open_before);
        assert_int_equal(it.messages.count, ret != SIM_OK);
        read_text("manifest", after, sizeof(after));
        int entries = count_entries(folder) - 2;
        assert_true(entries == 0 || entries == 1);
        assert_int_equal(entries, is_there("1.h5"));
        if (ret != SIM_OK) {
            assert_int_equal(ret, SIM_ERR_FILE);
            failures++;
            with_shard += entries;
        } else {
            assert_int_equal(entries, 1);
            assert_int_equal(strlen(after), 2 * 39);
        }
        assert_true(strcmp(after, before) == 0 || (entries == 1 && strlen(after) == 2 * 39));
        look_again(&it);
        scan(&it);
        assert_int_equal(it.messages.count, 0);
        assert_int_equal(it.parts.n_ok + it.parts.n_failed, entries == 1 ? 3 : 1);
        unlink(path_in("1.h5"));
        write_text("manifest", before);
        io_calls = calls;
    }
    assert_int_equal(ret, SIM_OK);
    assert_true(failures > 8 && with_shard >= 3);
    end(&it);
}

/* A request for memory that fails is told as such, and what is left can be freed; alone, or with all after it. */
static void
any_failing_request_for_memory_is_told(void **state)
{
    (void) state;
    struct fixture it;
    double number;
    begin(&it, 1, 5);
    add_cells(&it, 0, 2);
    struct sim_finished broken = failed(4, "议事");
    add_as(&it, "rank-1", &broken, 1);
    write_text("odd.h5", "");
    unlink(path_in("manifest"));
    for (int and_after = 0; and_after < 2; and_after++) {
        int ret = SIM_ERR_MEMORY;
        for (long n = 1; ret != SIM_OK && n < 2000; n++) {
            struct sim_parts parts;
            long live = memory_live;
            int files = open_files();
            memory_fails_at(n, and_after);
            ret = sim_parts_init(&parts, folder, &it.experiment);
            ret = ret == SIM_OK ? sim_parts_lock(&parts, (struct sim_share){ 1, 2 }, NULL) : ret;
            ret = ret == SIM_OK ? sim_parts_scan(&parts, NULL) : ret;
            struct sim_finished list[] = { well(&it, 2), failed(3, "no") };
            ret = ret == SIM_OK ? sim_parts_add(&parts, "", list, 2, NULL) : ret;
            if (ret == SIM_OK) {
                struct sim_source source = sim_parts_source(&parts);
                ret = source.numbers(source.context, 0, 0, 1, &number);
            }
            ret = ret == SIM_OK ? sim_parts_remove(&parts) : ret;
            memory_fails_at(0, 0);
            if (ret != SIM_OK && ret != SIM_ERR_MEMORY) {
                fail_msg("request %ld: %s", n, sim_status_text(ret));
            }
            sim_parts_free(&parts);
            assert_int_equal(memory_live, live);
            assert_int_equal(open_files(), files);
            assert_int_equal(H5Fget_obj_count((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
            if (ret != SIM_OK) { /* put back what may have been removed or added */
                for (int i = 0; i < 4; i++) {
                    char name[16];
                    snprintf(name, sizeof(name), "%d.h5", i);
                    unlink(path_in(name));
                }
                unlink(path_in("manifest"));
                look_again(&it);
                add_cells(&it, 0, 2);
                unlink(path_in("manifest"));
            }
        }
        assert_int_equal(ret, SIM_OK);
        if (and_after == 0) {
            look_again(&it);
            add_cells(&it, 0, 2);
        }
    }
    end(&it);
}

/* HDF5 tells its users what went wrong in a stack that prints itself: not here. */
static void
hdf5_prints_nothing(void **state)
{
    (void) state;
    struct fixture it;
    char text[64] = "";
    begin(&it, 1, 1);
    assert_int_equal(mkdir(folder, 0777), 0);
    write_text("1.h5", "nothing");
    fflush(stderr);
    int saved = dup(2);
    int log = open(path_in("log"), O_RDWR | O_CREAT, 0666);
    assert_true(saved >= 0 && log >= 0 && dup2(log, 2) == 2);
    close(log);
    scan(&it);
    fflush(stderr);
    dup2(saved, 2);
    close(saved);
    read_text("log", text, sizeof(text));
    assert_string_equal(text, "");
    assert_int_equal(it.messages.count, 1);
    end(&it);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cells_come_back),
        TEST(any_part_of_a_row_can_be_read),
        TEST(what_is_missing_reads_as_in_memory),
        TEST(a_shard_of_failures_only_is_kept),
        TEST(running_well_wins_and_order_does_not_matter),
        TEST(a_second_scan_finds_what_has_come_and_reads_nothing_twice),
        TEST(no_folder_is_an_empty_one),
        TEST(interleaved_shards_are_not_opened_for_each_cell),
        TEST(manifests_are_as_xxhsum_writes_them),
        TEST(a_damaged_shard_is_set_aside_and_its_cells_run_again),
        TEST(a_cut_shard_of_the_manifest_is_damaged),
        TEST(a_lost_shard_is_told_until_its_cells_are_there),
        TEST(shards_that_no_manifest_has_are_taken_if_their_digests_are_right),
        TEST(lines_of_a_manifest_that_are_none_are_told_and_not_used),
        TEST(anything_may_lie_in_the_folder),
        TEST(shards_that_make_no_sense_are_not_used),
        TEST(a_shard_that_vanishes_is_told_by_name),
        TEST(two_that_write_the_same_are_refused_with_the_holders_name),
        TEST(whoever_finishes_last_holds_all),
        TEST(a_killed_process_holds_nothing),
        TEST(a_share_waits_for_who_merges_and_makes_the_folder_again),
        TEST(who_comes_after_the_merge_holds_nothing),
        TEST(without_locks_there_is_a_warning),
        TEST(what_cannot_be_locked_is_told),
        TEST(lock_sweeps_temporaries_of_the_dead),
        TEST(remove_takes_what_is_ours_and_nothing_else),
        TEST(status_and_stop_are_files),
        TEST(any_failing_call_leaves_a_whole_shard_or_none),
        TEST(any_failing_request_for_memory_is_told),
        TEST(hdf5_prints_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
