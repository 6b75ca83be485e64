/* test_sweep_memory.c - whatever request for memory is refused in a sweep: no crash, nothing leaks, no broken file, and
 * the same sweep again makes the file that it would have made. */
#include "branches.h"

#include "memory.h"

#include "sim/sink.h"
#include "sim/sweep.h"

#include <dirent.h>
#include <hdf5.h>
#include <math.h>

/* Waiting for the disk takes long, and the machine does not lose power. Needs -Wl,--wrap=fsync. */
int __wrap_fsync(int file);

int
__wrap_fsync(int file)
{
    (void) file;
    return 0;
}

/* The stream that a text is printed into is memory, too. Needs -Wl,--wrap=open_memstream. */
FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);

FILE *
__wrap_open_memstream(char **text, size_t *size)
{
    FILE *stream = memory_is_refused() ? NULL : __real_open_memstream(text, size);
    __atomic_add_fetch(&memory_live, stream != NULL, __ATOMIC_RELAXED);
    return stream;
}

enum { MOST = 5000, STEPS = 40 };

static int
enter(void **state)
{
    int ret = enter_folder(state);
    write_text("town.yaml", "model: influence\ncity: {streets: 1, communities: 1, residents: 10}\n");
    /* A design, a rule that stops it, and records by place. */
    write_text("design.yaml",
        "scenarios: [town]\nticks: 2\nburn_in: 1\ndesign: grid\nvary: {choice.field: [0, 0.5]}\n"
        "stop: {half_width: {participation: 0.2}, min: 2, step: 1, max: 3}\nrecord: {by: [community]}\n");
    write_text("one.yaml", "scenarios: [town]\nticks: 2\nreplicates: 2\n");
    memory_fails_at(0, 0);
    return ret;
}

#define SWEEP_TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave_folder)

static int
count_entries(const char *path)
{
    int n = 0;
    DIR *entries = opendir(path);
    assert_non_null(entries);
    while (readdir(entries) != NULL) {
        n++;
    }
    closedir(entries);
    return n;
}

static int
is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static int
are_same(const char *a, const char *b)
{
    FILE *one = fopen(a, "rb"), *two = fopen(b, "rb");
    int left, right;
    assert_non_null(one);
    assert_non_null(two);
    do {
        left = getc(one);
        right = getc(two);
    } while (left == right && left != EOF);
    fclose(one);
    fclose(two);
    return left == right;
}

/* A sweep and what it must make. */
struct trial {
    struct sim_experiment experiment;
    const char *save_state;
    const char *states; /* the reference of save_state */
    int threads;
    long refused, failed, with_file; /* sweeps that ended so */
};

static int
sweep_to(const struct trial *trial, const char *output, int again)
{
    struct sim_messages messages;
    struct sim_sweep_report report;
    struct sim_sweep_plan plan = { .output = output,
        .share = { 0, 1 },
        .crew = { .threads = trial->threads, .keep_ticks = 1, .verify = 1 },
        .failed_again = again,
        .save_state = trial->save_state };
    sim_messages_init(&messages);
    int ret = sim_sweep(&trial->experiment, &plan, &report, &messages);
    assert_true(!report.complete || is_there(output));
    assert_true(ret != SIM_OK || report.complete);
    sim_messages_free(&messages);
    return ret;
}

/* The file of another sweep's failed cells is a file all the same. */
static void
check_file(struct trial *trial, long n, int ret)
{
    int matches = sim_sink_matches("results.h5", &trial->experiment);
    if (ret == SIM_OK && (matches != SIM_OK || !are_same("results.h5", "reference.h5"))) {
        fail_msg("request %ld: well, but the file is another", n);
    }
    if (ret == SIM_ERR_CELL && matches != SIM_ERR_CELL && matches != SIM_ERR_FILE) {
        fail_msg("request %ld: cells failed, and the file is %s", n, sim_status_text(matches));
    }
    if (ret == SIM_ERR_MEMORY && matches != SIM_ERR_FILE && matches != SIM_OK && matches != SIM_ERR_CELL) {
        fail_msg("request %ld: the file is broken", n);
    }
    int no_state = ret == SIM_ERR_FILE && trial->save_state != NULL; /* of a cell that failed */
    if (ret != SIM_OK && ret != SIM_ERR_CELL && ret != SIM_ERR_MEMORY && ret != SIM_ERR_STOPPED
        && !no_state) {
        fail_msg("request %ld: %s", n, sim_status_text(ret));
    }
    trial->failed += ret == SIM_ERR_CELL;
    trial->refused += ret == SIM_ERR_MEMORY || ret == SIM_ERR_STOPPED || no_state;
    trial->with_file += matches != SIM_ERR_FILE;
}

static void
check_again(struct trial *trial, long n)
{
    int ret = sweep_to(trial, "results.h5", 1);
    if (ret != SIM_OK) {
        fail_msg("request %ld: the sweep again: %s", n, sim_status_text(ret));
    }
    if (!are_same("results.h5", "reference.h5")) {
        fail_msg("request %ld: the sweep again makes another file", n);
    }
    if (is_there("results.h5.parts")) {
        fail_msg("request %ld: parts are left", n);
    }
    if (trial->save_state != NULL && !are_same(trial->save_state, trial->states)) {
        fail_msg("request %ld: the sweep again saves other states", n);
    }
}

/* Request n is refused, alone or with all that follow. How many requests there were. */
static long
refuse(struct trial *trial, long n, int and_after)
{
    unlink("results.h5");
    if (trial->save_state != NULL) {
        unlink(trial->save_state);
    }
    long live = memory_live;
    int entries = count_entries("/proc/self/fd");
    memory_fails_at(n, and_after);
    int ret = sweep_to(trial, "results.h5", 0);
    long requests = memory_requests;
    memory_fails_at(0, 0);
    if (memory_live != live) {
        fail_msg("request %ld%s: %ld pieces leak", n, and_after ? " and after" : "", memory_live - live);
    }
    assert_int_equal(count_entries("/proc/self/fd"), entries);
    assert_int_equal(H5Fget_obj_count((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
    check_file(trial, n, ret);
    check_again(trial, n);
    return requests;
}

static void
trial_init(struct trial *trial, const char *spec, const char *save_state, int threads)
{
    *trial = (struct trial){ .threads = threads };
    make_experiment(&trial->experiment, spec);
    trial->save_state = save_state != NULL ? "reference.states" : NULL;
    assert_int_equal(sweep_to(trial, "reference.h5", 0), SIM_OK);
    trial->states = trial->save_state;
    trial->save_state = save_state;
}

static void
every_request(const char *spec, const char *save_state)
{
    for (int and_after = 0; and_after < 2; and_after++) {
        struct trial trial;
        trial_init(&trial, spec, save_state, 1);
        long n = 1;
        while (n < MOST && refuse(&trial, n, and_after) >= n) {
            n += and_after && save_state != NULL ? 5 : 1; /* that takes long and differs little */
        }
        assert_in_range(n, 100, MOST - 1);
        assert_true(trial.refused > 20 && trial.with_file > 0);
        assert_true(and_after || save_state != NULL || trial.failed > 10);
        sim_experiment_free(&trial.experiment);
    }
}

static void
a_sweep_of_a_design_survives_every_refusal_of_memory(void **state)
{
    (void) state;
    every_request("design.yaml", NULL);
}

static void
a_sweep_that_saves_its_states_survives_every_refusal_of_memory(void **state)
{
    (void) state;
    every_request("one.yaml", "results.states");
}

static void
two_threads_survive_refusals_of_memory(void **state)
{
    (void) state;
    for (int and_after = 0; and_after < 2; and_after++) {
        struct trial trial;
        trial_init(&trial, "design.yaml", NULL, 2);
        long n = 1 + and_after, requests = 0;
        do {
            requests = refuse(&trial, n, and_after);
            n += requests / STEPS + 1;
        } while (n <= requests);
        sim_experiment_free(&trial.experiment);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SWEEP_TEST(a_sweep_of_a_design_survives_every_refusal_of_memory),
        SWEEP_TEST(a_sweep_that_saves_its_states_survives_every_refusal_of_memory),
        SWEEP_TEST(two_threads_survive_refusals_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
