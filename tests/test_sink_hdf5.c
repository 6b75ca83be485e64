/* test_sink_hdf5.c [FILE] - writing results files. With FILE, a results file with a failed and a
 * missing run is left there. */
#include "sample.h"

#include "sim/message.h"
#include "sim/publish.h"
#include "sim/sink.h"
#include "sim/statistics.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

#define PATH_SIZE 256
#define MANY 1000000

static char folder[64];

static int
make_folder(void **state)
{
    (void) state;
    snprintf(folder, sizeof(folder), "%s", "test_sink_XXXXXX");
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%.40s/test_sink_XXXXXX", base == NULL ? "/tmp" : base);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static void
path_in(char *path, const char *name)
{
    snprintf(path, PATH_SIZE, "%s/%.180s", folder, name);
}

static int
remove_folder(void **state)
{
    (void) state;
    DIR *entries = opendir(folder);
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char path[PATH_SIZE + 64];
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    closedir(entries);
    return rmdir(folder);
}

/* Entries of a folder, hidden ones too; one of them in name. */
static int
count_entries(const char *path, char *name)
{
    int n = 0;
    DIR *entries = opendir(path);
    assert_non_null(entries);
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            snprintf(name, PATH_SIZE, "%s", entry->d_name);
            n++;
        }
    }
    closedir(entries);
    return n;
}

static size_t
read_all(const char *path, char **bytes)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    *bytes = sim_alloc((size_t) info.st_size, 1);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(*bytes, 1, (size_t) info.st_size, file), info.st_size);
    fclose(file);
    return (size_t) info.st_size;
}

static void
assert_same_file(const char *a, const char *b)
{
    char *left;
    char *right;
    size_t size = read_all(a, &left);
    assert_int_equal(read_all(b, &right), size);
    assert_memory_equal(left, right, size);
    sim_free(left);
    sim_free(right);
}

static void
write_or_fail(const char *path, const struct sim_results *results)
{
    struct sim_messages messages;
    sim_messages_init(&messages);
    if (sample_write(path, results, &messages) != SIM_OK) {
        fail_msg("%s", messages.count > 0 ? messages.list[0].text : "no message");
    }
    assert_int_equal(messages.count, 0);
    sim_messages_free(&messages);
}

/* A failing write: the number-th call of pwrite and all after it, or none if it is MANY. Needs
 * -Wl,--wrap=pwrite. */
static int failing = MANY;
static int calls;

ssize_t __real_pwrite(int file, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t offset);

ssize_t
__wrap_pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    if (calls++ >= failing) {
        errno = ENOSPC;
        return -1;
    }
    return __real_pwrite(file, bytes, size > 1000 ? 1000 : size, offset);
}

/* A failing flush of folders; files are flushed. Needs -Wl,--wrap=fsync. */
static int folders_fail;

int __real_fsync(int file);
int __wrap_fsync(int file);

int
__wrap_fsync(int file)
{
    struct stat info;
    if (folders_fail && fstat(file, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(file);
}

static void
same_results_give_the_same_bytes(void **state)
{
    (void) state;
    char first[PATH_SIZE];
    char second[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(2, 3, 14, 2);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    const uint64_t odd = 0xfff8000000000123u;
    *sample_number(&results, 0, 1, 3, SHARE, 0) = (double) NAN;
    path_in(first, "a.h5");
    path_in(second, "b.h5");
    write_or_fail(first, &results);
    memcpy(sample_number(&results, 0, 1, 3, SHARE, 0), &odd, sizeof(odd)); /* any NaN is the same NaN */
    write_or_fail(second, &results);
    assert_same_file(first, second);
    *sample_number(&results, 0, 1, 3, SHARE, 0) = 0.5;
    write_or_fail(second, &results);
    char *a;
    char *b;
    size_t size = read_all(first, &a);
    assert_true(read_all(second, &b) != size || memcmp(a, b, size) != 0);
    sim_free(a);
    sim_free(b);
    sim_results_free(&results);
    unlink(first);
    unlink(second);
    assert_int_equal(count_entries(folder, first), 0);
}

static hid_t
open_variable(hid_t file, const char *name, int rank, hsize_t *extent)
{
    hid_t variable = H5Dopen2(file, name, H5P_DEFAULT);
    hid_t space = H5Dget_space(variable);
    assert_int_equal(H5Sget_simple_extent_ndims(space), rank);
    H5Sget_simple_extent_dims(space, extent, NULL);
    H5Sclose(space);
    return variable;
}

static void
numbers_stand_where_they_belong(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(3, 4, 6, 2);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    path_in(path, "r.h5");
    write_or_fail(path, &results);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hsize_t extent[4];
    double share[3][4][6];
    int64_t tickets[3][4][6][3];
    hid_t variable = open_variable(file, "share", 3, extent);
    assert_true(extent[0] == 3 && extent[1] == 4 && extent[2] == 6);
    assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, share) >= 0);
    H5Dclose(variable);
    variable = open_variable(file, "tickets", 4, extent);
    assert_true(extent[3] == 3);
    hid_t type = H5Dget_type(variable);
    assert_true(H5Tequal(type, H5T_STD_I64LE) > 0);
    H5Tclose(type);
    assert_true(H5Dread(variable, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, tickets) >= 0);
    H5Dclose(variable);
    H5Fclose(file);
    for (uint32_t d = 0; d < 3; d++) {
        for (uint32_t r = 0; r < 4; r++) {
            for (uint32_t t = 0; t < 6; t++) {
                assert_true(share[d][r][t] == *sample_number(&results, d, r, t + 1, SHARE, 0));
                assert_true(
                    (double) tickets[d][r][t][1] == *sample_number(&results, d, r, t + 1, TICKETS, 1));
            }
        }
    }
    sim_results_free(&results);
    unlink(path);
}

static void
summary_is_over_the_replicates_that_ran_and_have_a_value(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(1, 5, 2, 0);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    const double shares[] = { 0.5, 0.25, 0.75, 0, 0 };
    for (uint32_t r = 0; r < 5; r++) {
        *sample_number(&results, 0, r, 2, SHARE, 0) = shares[r];
        *sample_number(&results, 0, r, 1, SHARE, 0) = r == 0 ? 0.5 : (double) NAN;
        *sample_number(&results, 0, r, 2, TICKETS, 0) = 8;
    }
    *sample_number(&results, 0, 3, 2, SHARE, 0) = (double) NAN;
    assert_int_equal(sim_cell_fail(&results, 4, "no"), SIM_OK);
    path_in(path, "r.h5");
    write_or_fail(path, &results);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hsize_t extent[4];
    double summary[10][2];
    double tickets[10][2][3];
    hid_t variable = open_variable(file, "summary/share", 3, extent);
    assert_true(extent[0] == 1 && extent[1] == 10 && extent[2] == 2);
    assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, summary) >= 0);
    H5Dclose(variable);
    variable = open_variable(file, "summary/tickets", 4, extent);
    assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, tickets) >= 0);
    H5Dclose(variable);
    H5Fclose(file);
    assert_true(tickets[2][1][0] == 8); /* the zeros of a failed run are no counts */
    const double expected[] = { 0.5, 0.25, 0.25, 0.2625, 0.375, 0.5, 0.625, 0.7375, 0.75,
        sim_half_width_95(0.25, 3) };
    for (int s = 0; s < 10; s++) {
        assert_true(fabs(summary[s][1] - expected[s]) < 1e-15);
        int spread = s == 1 || s == 9;
        assert_true(spread ? isnan(summary[s][0]) : summary[s][0] == 0.5);
    }
    sim_results_free(&results);
    unlink(path);
}

static void
many_designs_and_long_texts_survive(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_base bases[900];
    struct sim_experiment experiment =
        sample_experiment(900, 2, 60, 0); /* more than one piece, the last one in part */
    for (uint32_t i = 0; i < 900; i++) {
        bases[i] = sample_bases[i % 3];
    }
    char *text = sim_alloc(SIM_FILE_LIMIT + 1, 1);
    memset(text, 'y', SIM_FILE_LIMIT);
    struct sim_given given = { (char[]){ "large" }, text };
    experiment.bases = bases;
    experiment.given = &given;
    experiment.n_given = 1;
    experiment.n_settings = 0;
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    path_in(path, "r.h5");
    write_or_fail(path, &results);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hsize_t extent[4];
    double *values = sim_alloc((size_t) 900 * 2 * 60 * 3, sizeof(*values));
    hid_t variable = open_variable(file, "by_depth", 4, extent);
    assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    for (uint32_t d = 0; d < 900; d++) {
        assert_true(
            values[((d * 2 + 1) * 60 + 59) * 3 + 2] == *sample_number(&results, d, 1, 60, BY_DEPTH, 2));
        assert_true(values[d * 2 * 60 * 3] == *sample_number(&results, d, 0, 1, BY_DEPTH, 0));
    }
    H5Dclose(variable);
    char *found = NULL;
    variable = open_variable(file, "config/file_text", 1, extent);
    hid_t type = H5Dget_type(variable);
    assert_true(H5Dread(variable, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &found) >= 0);
    assert_string_equal(found, text);
    H5free_memory(found);
    H5Tclose(type);
    H5Dclose(variable);
    H5Fclose(file);
    sim_free(values);
    sim_free(text);
    sim_results_free(&results);
    unlink(path);
}

/* Whatever write fails, the old file stays, nothing else is left, the reason is told, and HDF5 can be used
 * on. */
static void
any_failing_write_leaves_the_old_file(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    char old[PATH_SIZE];
    char name[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(2, 2, 5, 0);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    path_in(path, "r.h5");
    path_in(old, "old.h5");
    write_or_fail(path, &results);
    write_or_fail(old, &results);
    *sample_number(&results, 0, 0, 1, SHARE, 0) = 0.125;
    int ret = SIM_ERR_FILE;
    int failures = 0;
    for (failing = 0; ret != SIM_OK && failing < MANY; failing += 1 + failing / 16) {
        struct sim_messages messages;
        sim_messages_init(&messages);
        calls = 0;
        ret = sample_write(path, &results, &messages);
        if (ret != SIM_OK) {
            assert_int_equal(ret, SIM_ERR_FILE);
            assert_int_equal(messages.count, 1);
            assert_non_null(strstr(messages.list[0].text, "disk full"));
            assert_string_equal(messages.list[0].file, path);
            assert_same_file(path, old);
            assert_int_equal(count_entries(folder, name), 2);
            failures++;
        }
        sim_messages_free(&messages);
    }
    failing = MANY;
    assert_true(failures > 20);
    assert_int_equal(ret, SIM_OK);
    assert_int_equal(count_entries(folder, name), 2);
    assert_int_equal(H5Fget_obj_count((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
    sim_results_free(&results);
    unlink(path);
    unlink(old);
}

/* In a child, which the limit binds: exit status 0 if the sink failed cleanly, and the library let the
 * process end normally. */
static void
a_full_disk_is_told_and_the_process_ends_well(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    char name[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(2, 4, 100, 0);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    path_in(path, "r.h5");
    for (rlim_t limit = 0; limit < 60000; limit += 6000) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            struct sim_messages messages;
            struct rlimit size = { limit, limit };
            signal(SIGXFSZ, SIG_IGN);
            setrlimit(RLIMIT_FSIZE, &size);
            sim_messages_init(&messages);
            int ret = sample_write(path, &results, &messages);
            int told = messages.count == 1 && strstr(messages.list[0].text, strerror(EFBIG)) != NULL;
            sim_messages_free(&messages);
            sim_results_free(&results);
            H5close();
            _exit(ret == SIM_ERR_FILE && told ? 0 : 1);
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(count_entries(folder, name), 0);
    }
    sim_results_free(&results);
}

static void
hdf5_error_printing_is_left_as_it_was(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(1, 1, 2, 0);
    struct sim_results results;
    H5E_auto2_t before;
    H5E_auto2_t after;
    void *data;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    H5Eget_auto2(H5E_DEFAULT, &before, &data);
    assert_true(before != NULL);
    path_in(path, "r.h5");
    write_or_fail(path, &results);
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_OK);
    assert_int_equal(sample_write("/dev/null/no", &results, NULL), SIM_ERR_FILE);
    H5Eget_auto2(H5E_DEFAULT, &after, &data);
    assert_true(after == before);
    sim_results_free(&results);
    unlink(path);
}

static void
what_cannot_be_a_file_is_refused(void **state)
{
    (void) state;
    char missing[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(1, 1, 2, 0);
    struct sim_results results;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    path_in(missing, "no/such/r.h5");
    const char *const paths[] = { folder, "/dev/null", missing };
    for (size_t i = 0; i < 3; i++) {
        struct sim_messages messages;
        sim_messages_init(&messages);
        assert_int_equal(sample_write(paths[i], &results, &messages), SIM_ERR_FILE);
        assert_int_equal(messages.count, 1);
        sim_messages_free(&messages);
    }
    struct stat info;
    assert_true(stat("/dev/null", &info) == 0 && S_ISCHR(info.st_mode));
    sim_results_free(&results);
}

static void
a_folder_that_cannot_be_flushed_is_told_and_the_file_is_there(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(1, 1, 2, 0);
    struct sim_results results;
    struct sim_messages messages;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    path_in(path, "r.h5");
    sim_messages_init(&messages);
    folders_fail = 1;
    assert_int_equal(sample_write(path, &results, &messages), SIM_ERR_FILE);
    folders_fail = 0;
    assert_int_equal(messages.count, 1);
    assert_string_equal(messages.list[0].file, path);
    assert_non_null(strstr(messages.list[0].text, "is written, but its folder cannot be flushed"));
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_OK);
    sim_messages_free(&messages);
    sim_results_free(&results);
    unlink(path);
}

static void
a_publication_that_cannot_begin_leaves_nothing_to_free(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_publication publication;
    path_in(path, "no/such/file");
    assert_int_equal(sim_publication_init(&publication, path, SIM_KEEP, NULL), SIM_ERR_FILE);
    assert_null(publication.path);
    assert_null(publication.temporary);
    assert_int_equal(publication.file, -1);
    sim_publication_free(&publication);
}

static void
a_symbolic_link_stays_one(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    char linked[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(1, 1, 2, 0);
    struct sim_results results;
    struct stat info;
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    path_in(path, "r.h5");
    path_in(linked, "link.h5");
    write_or_fail(path, &results);
    assert_int_equal(symlink("r.h5", linked), 0);
    *sample_number(&results, 0, 0, 1, SHARE, 0) = 0.125;
    write_or_fail(linked, &results);
    assert_true(lstat(linked, &info) == 0 && S_ISLNK(info.st_mode));
    assert_same_file(linked, path);
    sim_results_free(&results);
    unlink(path);
    unlink(linked);
}

static void
only_the_complete_file_of_this_experiment_matches(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_experiment experiment = sample_experiment(2, 2, 3, 0);
    struct sim_experiment other = experiment;
    struct sim_results results;
    other.digest[0] = 'f';
    path_in(path, "r.h5");
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_ERR_FILE);
    assert_int_equal(sim_sink_matches(folder, &experiment), SIM_ERR_EXISTS);
    assert_int_equal(sample_results(&results, &experiment), SIM_OK);
    write_or_fail(path, &results);
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_OK);
    assert_int_equal(sim_sink_matches(path, &other), SIM_ERR_EXISTS);
    assert_int_equal(sim_cell_fail(&results, 1, "it failed"), SIM_OK);
    write_or_fail(path, &results);
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_ERR_CELL);
    assert_int_equal(sim_sink_matches(path, &other), SIM_ERR_EXISTS);
    results.cells[2].status = SIM_RUN_NOT_RUN;
    write_or_fail(path, &results);
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_ERR_EXISTS);
    assert_int_equal(truncate(path, 3000), 0);
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_ERR_EXISTS);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_ERR_EXISTS);
    sim_results_free(&results);
    unlink(path);
}

static void
touch(const char *name)
{
    char path[PATH_SIZE];
    path_in(path, name);
    int file = open(path, O_WRONLY | O_CREAT, 0666);
    assert_true(file >= 0);
    close(file);
}

static int
is_there(const char *name)
{
    char path[PATH_SIZE];
    path_in(path, name);
    return access(path, F_OK) == 0;
}

/* A process that lives no more. */
static long
dead_process(void)
{
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    return (long) child;
}

/* The name of a temporary, as a process of this host would make it. */
static void
temporary_name(char *name, const char *of, long process)
{
    char host[65] = "";
    gethostname(host, sizeof(host) - 1);
    snprintf(name, PATH_SIZE, ".%s.%s-%ld.tmp", of, host, process);
}

static void
temporaries_bear_the_name_the_host_and_the_process(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    char expected[PATH_SIZE];
    char found[PATH_SIZE];
    struct sim_publication publication;
    path_in(path, "r.h5");
    temporary_name(expected, "r.h5", (long) getpid());
    assert_int_equal(sim_publication_init(&publication, path, SIM_REPLACE, NULL), SIM_OK);
    assert_int_equal(count_entries(folder, found), 1);
    assert_string_equal(found, expected);
    sim_publication_free(&publication);
    assert_int_equal(count_entries(folder, found), 0);
}

static void
sweep_takes_only_temporaries_of_the_dead_of_this_host(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    char alive[PATH_SIZE];
    char dead[PATH_SIZE];
    char another[PATH_SIZE];
    char longer[PATH_SIZE];
    char shorter[PATH_SIZE];
    char elsewhere[PATH_SIZE];
    char similar[PATH_SIZE];
    long process = dead_process();
    temporary_name(alive, "r.h5", (long) getppid());
    temporary_name(dead, "r.h5", process);
    temporary_name(another, "other.h5", process);
    temporary_name(longer, "r.h5.x", process);
    temporary_name(shorter, "r.h", process);
    temporary_name(similar, "r.h5", process);
    similar[strlen(".r.h5.")] ^= 1; /* of a host with a name as long */
    snprintf(elsewhere, sizeof(elsewhere), ".r.h5.another-host-%ld.tmp", process);
    const char *const kept[] = { alive, another, longer, shorter, elsewhere, similar, ".r.h5.tmp",
        ".r.h5.-12x.tmp", "r.h5" };
    for (size_t i = 0; i < SIM_COUNT_OF(kept); i++) {
        touch(kept[i]);
    }
    touch(dead);
    path_in(path, "r.h5");
    sim_sink_sweep(path);
    assert_false(is_there(dead));
    for (size_t i = 0; i < SIM_COUNT_OF(kept); i++) {
        assert_true(is_there(kept[i]));
        path_in(path, kept[i]);
        unlink(path);
    }
}

static int
write_sample(const char *path)
{
    struct sim_experiment experiment = sample_experiment(2, 3, 30, 4);
    struct sim_results results;
    int ret = sample_results(&results, &experiment);
    if (ret == SIM_OK) {
        ret = sim_cell_fail(&results, 1, "the sample fails on purpose: 故意");
        sim_free(results.cells[5].rows);
        results.cells[5] = (struct sim_cell){ .status = SIM_RUN_NOT_RUN };
        ret = ret == SIM_OK ? sample_write(path, &results, NULL) : ret;
    }
    sim_results_free(&results);
    return ret;
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_results_give_the_same_bytes),
        cmocka_unit_test(numbers_stand_where_they_belong),
        cmocka_unit_test(summary_is_over_the_replicates_that_ran_and_have_a_value),
        cmocka_unit_test(many_designs_and_long_texts_survive),
        cmocka_unit_test(any_failing_write_leaves_the_old_file),
        cmocka_unit_test(a_full_disk_is_told_and_the_process_ends_well),
        cmocka_unit_test(hdf5_error_printing_is_left_as_it_was),
        cmocka_unit_test(what_cannot_be_a_file_is_refused),
        cmocka_unit_test(a_folder_that_cannot_be_flushed_is_told_and_the_file_is_there),
        cmocka_unit_test(a_publication_that_cannot_begin_leaves_nothing_to_free),
        cmocka_unit_test(a_symbolic_link_stays_one),
        cmocka_unit_test(only_the_complete_file_of_this_experiment_matches),
        cmocka_unit_test(temporaries_bear_the_name_the_host_and_the_process),
        cmocka_unit_test(sweep_takes_only_temporaries_of_the_dead_of_this_host),
    };
    if (argc > 1) {
        return write_sample(argv[1]) == SIM_OK ? 0 : 1;
    }
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
