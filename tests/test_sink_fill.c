/* test_sink_fill.c - the results file is the same wherever its numbers come from and however few of them are in
 * memory, and memory is bounded. */
#include "tiny.h"

#include "memory.h"
#include "sim/alloc.h"
#include "sim/execute.h"
#include "sim/message.h"
#include "sim/sink.h"
#include "sim/sink_parts.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPLICATES = 3, TICKS = 5, AGENTS = 7, PATH_SIZE = 128 };

static char folder[64];

static int
make_folder(void **state)
{
    (void) state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%.40s/test_sink_XXXXXX", base == NULL ? "/tmp" : base);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
    (void) state;
    return rmdir(folder); /* every test has tidied up */
}

static const char *
path_in(char *path, const char *name)
{
    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

/* Two cities of which by place and residents are recorded; one run has failed. */
struct cities {
    struct cogov_params params[2];
    struct sim_base bases[2];
    struct sim_era eras[2];
    struct sim_experiment experiment;
    struct sim_results results;
};

static void
cities_init(struct cities *cities)
{
    static const char *const settings[] = { "city.streets=2 city.communities=2", "city.residents=60" };
    static char stems[2][8] = { "large", "small" }, resolved[] = "model: cogov\n";
    memset(cities, 0, sizeof(*cities));
    for (int i = 0; i < 2; i++) {
        tiny_params(&cities->params[i], settings[i]);
        cities->eras[i].params = &cities->params[i];
        cities->bases[i] = (struct sim_base){
            .stem = stems[i], .resolved = resolved, .setting = { .eras = &cities->eras[i], .n_eras = 1 }
        };
    }
    cities->experiment = (struct sim_experiment){ .model = &cogov_model,
        .bases = cities->bases,
        .n_bases = 2,
        .n_points = 2,
        .n_replicates = REPLICATES,
        .seed = 11,
        .n_ticks = TICKS,
        .record = { { 0, 1, 1 }, AGENTS } };
    struct sim_execution how = { .threads = 2 };
    assert_int_equal(sim_results_init(&cities->results, &cities->experiment), SIM_OK);
    assert_int_equal(sim_execute(&cities->results, &how), SIM_OK);
    assert_int_equal(sim_cell_fail(&cities->results, 4, "on purpose"), SIM_OK);
}

/* What two files hold is compared name by name: all numbers, and all texts. */
static hid_t
memory_type(hid_t variable)
{
    hid_t type = H5Dget_type(variable);
    hid_t native = H5Tis_variable_str(type) > 0 ? H5Tcopy(type) : H5Tget_native_type(type, H5T_DIR_ASCEND);
    H5Tclose(type);
    return native;
}

static void
assert_same_variable(hid_t left, hid_t right, const char *name)
{
    hid_t a = H5Dopen2(left, name, H5P_DEFAULT), b = H5Dopen2(right, name, H5P_DEFAULT);
    hid_t type = memory_type(a), space = H5Dget_space(a);
    size_t n = (size_t) H5Sget_simple_extent_npoints(space), size = H5Tget_size(type);
    char *x = sim_alloc(n, size), *y = sim_alloc(n, size);
    assert_true(H5Dread(a, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, x) >= 0);
    assert_true(H5Dread(b, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, y) >= 0);
    if (H5Tis_variable_str(type) > 0) {
        for (size_t i = 0; i < n; i++) {
            const char *const *texts[] = { (const char *const *) (void *) x,
                (const char *const *) (void *) y };
            assert_string_equal(
                texts[0][i] == NULL ? "" : texts[0][i], texts[1][i] == NULL ? "" : texts[1][i]);
        }
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, x);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, y);
    } else if (memcmp(x, y, n * size) != 0) {
        fail_msg("%s differs", name);
    }
    sim_free(x);
    sim_free(y);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(a);
    H5Dclose(b);
}

struct pair {
    hid_t files[2];
    int n;
};

static herr_t
compare_object(hid_t root, const char *name, const H5O_info_t *info, void *context)
{
    struct pair *pair = context;
    (void) root;
    if (info->type == H5O_TYPE_DATASET) {
        assert_same_variable(pair->files[0], pair->files[1], name);
        pair->n++;
    }
    return 0;
}

/* Returns how many variables there are. */
static int
assert_same_content(const char *left, const char *right)
{
    struct pair pair = {
        { H5Fopen(left, H5F_ACC_RDONLY, H5P_DEFAULT), H5Fopen(right, H5F_ACC_RDONLY, H5P_DEFAULT) }, 0
    };
    assert_true(H5Ovisit1(pair.files[0], H5_INDEX_NAME, H5_ITER_INC, compare_object, &pair) >= 0);
    H5Fclose(pair.files[0]);
    H5Fclose(pair.files[1]);
    return pair.n;
}

/* A source that counts what is asked of another. */
struct counted {
    struct sim_source source;
    uint64_t calls, numbers, longest;
    uint32_t fails_at; /* a cell that cannot be read */
};

static struct sim_outcome
counted_outcome(void *context, uint32_t cell)
{
    struct counted *counted = context;
    return counted->source.outcome(counted->source.context, cell);
}

static int
counted_numbers(void *context, uint32_t cell, uint64_t first, uint64_t n, double *numbers)
{
    struct counted *counted = context;
    assert_true(n > 0 && first + n <= sim_source_numbers(&counted->source));
    counted->calls++;
    counted->numbers += n;
    counted->longest = n > counted->longest ? n : counted->longest;
    return cell == counted->fails_at
        ? SIM_ERR_FILE
        : counted->source.numbers(counted->source.context, cell, first, n, numbers);
}

static struct sim_source
counting(struct counted *counted, struct sim_source source)
{
    *counted = (struct counted){ .source = source, .fails_at = UINT32_MAX };
    source.outcome = counted_outcome;
    source.numbers = counted_numbers;
    source.context = counted;
    return source;
}

static void
each_number_is_read_once(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct cities cities;
    struct counted counted;
    cities_init(&cities);
    struct sim_source source = counting(&counted, sim_results_source(&cities.results));
    assert_int_equal(sim_sink_write(path_in(path, "r.h5"), &source, NULL), SIM_OK);
    assert_int_equal(counted.calls, 2 * REPLICATES);
    assert_int_equal(counted.numbers, 2 * REPLICATES * sim_cell_numbers(&cities.results));
    unlink(path);
    sim_results_free(&cities.results);
}

/* From whole design points down to single ticks of single runs. */
static void
the_content_is_the_same_however_little_is_in_memory(void **state)
{
    (void) state;
    char whole[PATH_SIZE], path[PATH_SIZE];
    struct cities cities;
    cities_init(&cities);
    struct counted counted;
    struct sim_source source = counting(&counted, sim_results_source(&cities.results));
    uint64_t cell = sim_cell_numbers(&cities.results), row = cities.results.row;
    assert_int_equal(sim_sink_write(path_in(whole, "whole.h5"), &source, NULL), SIM_OK);
    const uint64_t rooms[] = { 1, 5 * row, cell, 4 * cell, 9 * cell };
    const uint64_t longest[] = { row + source.layout.once, 2 * row + source.layout.once, 4 * row, cell,
        cell };
    for (size_t i = 0; i < SIM_COUNT_OF(rooms); i++) {
        counted.longest = 0;
        assert_int_equal(sim_sink_write_within(path_in(path, "r.h5"), &source, rooms[i], NULL), SIM_OK);
        assert_true(counted.longest <= longest[i]);
        assert_true(assert_same_content(whole, path) > 100);
        unlink(path);
    }
    unlink(whole);
    sim_results_free(&cities.results);
}

static void
what_cannot_be_read_is_told_and_leaves_nothing(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct cities cities;
    struct counted counted;
    struct sim_messages messages;
    cities_init(&cities);
    sim_messages_init(&messages);
    struct sim_source source = counting(&counted, sim_results_source(&cities.results));
    counted.fails_at = 3;
    assert_int_equal(sim_sink_write(path_in(path, "r.h5"), &source, &messages), SIM_ERR_FILE);
    assert_int_equal(messages.count, 1);
    assert_non_null(strstr(messages.list[0].text, "what cell 3 recorded"));
    assert_int_equal(H5Fget_obj_count((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
    sim_messages_free(&messages);
    sim_results_free(&cities.results);
}

static void
any_refused_memory_is_told_and_leaves_no_part_of_a_file(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct cities cities;
    cities_init(&cities);
    struct sim_source source = sim_results_source(&cities.results);
    int ret = SIM_ERR_MEMORY;
    long n = 1, tries = 0, live = memory_live;
    for (; ret != SIM_OK; n += 1 + n / 6, tries++) {
        memory_fails_at(n, 1);
        ret = sim_sink_write(path_in(path, "r.h5"), &source, NULL);
        memory_fails_at(0, 0);
        assert_int_equal(memory_live, live);
        assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY);
        /* Where the folder cannot be flushed, the file is there and complete. */
        assert_true(access(path, F_OK) != 0 || sim_sink_matches(path, &cities.experiment) == SIM_ERR_CELL);
        unlink(path);
    }
    assert_true(tries > 10);
    sim_results_free(&cities.results);
}

/* Many tiny runs: four numbers a month that are made when asked for. */
static const struct sim_observation few[] = {
    { "a", "a", "a share", "1", -1, SIM_MEAN, SIM_BLOCK, 0, 1, NULL, NULL },
    { "b", "b", "a share", "1", -1, SIM_MEAN, SIM_BLOCK, 0, 1, NULL, NULL },
    { "c", "c", "money", "CNY", -1, SIM_TOTAL, SIM_WORLD, (double) NAN, (double) NAN, NULL, NULL },
    { "d", "d", "tickets", "tickets", -1, SIM_COUNT, SIM_BLOCK, 0, (double) INFINITY, NULL, NULL },
};
static const struct sim_model few_model = { .name = "few",
    .title = "few",
    .observations = few,
    .n_observations = SIM_COUNT_OF(few) };

static double
made(uint32_t cell, uint64_t i)
{
    return (double) ((cell + i) % 7) + (i % 4 == 2 ? cell : 0);
}

static int
make_numbers(void *context, uint32_t cell, uint64_t first, uint64_t n, double *numbers)
{
    (void) context;
    for (uint64_t i = 0; i < n; i++) {
        numbers[i] = made(cell, first + i);
    }
    return SIM_OK;
}

static struct sim_outcome
make_outcome(void *context, uint32_t cell)
{
    (void) context;
    return (struct sim_outcome){ SIM_RUN_OK, "", cell };
}

static struct sim_source
make_source(struct sim_experiment *experiment, uint32_t points, uint32_t replicates, uint32_t ticks)
{
    static char stem[] = "few", resolved[] = "model: few\n";
    static struct sim_base base = { .stem = stem, .resolved = resolved };
    static struct sim_base bases[20000];
    assert_true(points <= SIM_COUNT_OF(bases));
    for (uint32_t p = 0; p < points; p++) {
        bases[p] = base;
    }
    *experiment = (struct sim_experiment){ .model = &few_model,
        .bases = bases,
        .n_bases = points,
        .n_points = points,
        .n_replicates = replicates,
        .n_ticks = ticks };
    struct sim_source source = { .experiment = experiment, .outcome = make_outcome, .numbers = make_numbers };
    source.layout.row = SIM_COUNT_OF(few);
    return source;
}

static double
read_one(hid_t file, const char *name, int rank, const hsize_t *at)
{
    double number = -1;
    const hsize_t one[] = { 1, 1, 1 };
    hid_t variable = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(variable);
    hid_t memory = H5Screate(H5S_SCALAR);
    assert_int_equal(H5Sget_simple_extent_ndims(space), rank);
    assert_true(H5Sselect_hyperslab(space, H5S_SELECT_SET, at, NULL, one, NULL) >= 0);
    assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &number) >= 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(variable);
    return number;
}

static void
check_made(const char *path, const struct sim_experiment *experiment)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    uint32_t n = experiment->n_replicates, ticks = experiment->n_ticks,
             cells = sim_experiment_cells(experiment);
    for (uint32_t i = 0; i < 50; i++) {
        uint32_t cell = i < 3 ? cells - 1 - i : (uint32_t) ((uint64_t) i * 2654435761u % cells);
        const hsize_t at[] = { cell / n, cell % n, i % ticks };
        for (uint32_t o = 0; o < SIM_COUNT_OF(few); o++) {
            assert_true(read_one(file, few[o].name, 3, at) == made(cell, at[2] * SIM_COUNT_OF(few) + o));
        }
        assert_true(read_one(file, "run_status", 2, at) == SIM_RUN_OK);
        const hsize_t highest[] = { at[0], SIM_STATISTIC_max, at[2] };
        double most = 0;
        for (uint32_t r = 0; r < n; r++) {
            most = fmax(most, made((uint32_t) at[0] * n + r, at[2] * SIM_COUNT_OF(few) + 2));
        }
        assert_true(read_one(file, "summary/c", 3, highest) == most);
    }
    H5Fclose(file);
}

/* In a child, whose peak is its own: exit status 0 if it grew by no more than is promised. */
static int
grows_too_much(const char *path, const struct sim_source *source)
{
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    int ret = sim_sink_write(path, source, NULL);
    getrusage(RUSAGE_SELF, &after);
    long limit = (SIM_SINK_MEMORY >> 10) + (long) sim_experiment_cells(source->experiment) / 10 + 8192;
    fprintf(stderr, "%ld KiB more, %ld allowed\n", after.ru_maxrss - before.ru_maxrss, limit);
    return ret != SIM_OK || after.ru_maxrss - before.ru_maxrss > limit;
}

static void
memory_is_bounded(void **state)
{
    (void) state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    print_message("sanitizers need memory of their own\n");
    skip();
#endif
    static const uint32_t shapes[][3] = { { 10000, 20, 12 }, { 2, 100000, 12 } };
    char path[PATH_SIZE];
    path_in(path, "r.h5");
    for (size_t i = 0; i < SIM_COUNT_OF(shapes); i++) {
        struct sim_experiment experiment;
        struct sim_source source = make_source(&experiment, shapes[i][0], shapes[i][1], shapes[i][2]);
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            _exit(grows_too_much(path, &source));
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        check_made(path, &experiment);
        unlink(path);
    }
}

/* Which cells are run is decided while they run: a source of which the later replicates of some points were not. */
static struct sim_outcome
stopped_outcome(void *context, uint32_t cell)
{
    static const uint32_t ran[] = { 4, 7, 0 };
    uint32_t point = cell / 20, replicate = cell % 20;
    (void) context;
    if (replicate >= ran[point]) {
        return (struct sim_outcome){ SIM_RUN_NOT_RUN, "", 0 };
    }
    return (struct sim_outcome){ cell == 1 ? SIM_RUN_FAILED : SIM_RUN_OK, cell == 1 ? "failed" : "", cell };
}

static void
sequential_stopping_keeps_the_replicates_that_some_point_got(void **state)
{
    (void) state;
    char path[PATH_SIZE];
    struct sim_experiment experiment;
    struct sim_source source = make_source(&experiment, 3, 20, 4);
    source.outcome = stopped_outcome;
    experiment.stopping.n = 1;
    assert_int_equal(sim_sink_write(path_in(path, "r.h5"), &source, NULL), SIM_OK);
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_ERR_CELL);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), variable = H5Dopen2(file, "d", H5P_DEFAULT);
    hid_t space = H5Dget_space(variable);
    hsize_t extent[3];
    H5Sget_simple_extent_dims(space, extent, NULL);
    assert_true(extent[0] == 3 && extent[1] == 7 && extent[2] == 4);
    H5Sclose(space);
    H5Dclose(variable);
    const double counts[] = { 3, 7, 0 };
    for (hsize_t p = 0; p < 3; p++) {
        assert_true(read_one(file, "replicates", 1, &p) == counts[p]);
        assert_true(
            read_one(file, "run_status", 2, (hsize_t[]){ p, 6 }) == (p == 1 ? SIM_RUN_OK : SIM_RUN_NOT_RUN));
        assert_true(read_one(file, "d", 3, (hsize_t[]){ p, 5, 3 }) == made((uint32_t) p * 20 + 5, 15));
    }
    assert_true(read_one(file, "summary/c", 3, (hsize_t[]){ 0, SIM_STATISTIC_max, 0 })
        == fmax(made(0, 2), made(3, 2)));
    H5Fclose(file);
    experiment.stopping.n = 0; /* then cells are missing, and the file would have 20 replicates */
    assert_int_equal(sim_sink_matches(path, &experiment), SIM_ERR_EXISTS);
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_is_read_once),
        cmocka_unit_test(the_content_is_the_same_however_little_is_in_memory),
        cmocka_unit_test(what_cannot_be_read_is_told_and_leaves_nothing),
        cmocka_unit_test(any_refused_memory_is_told_and_leaves_no_part_of_a_file),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(sequential_stopping_keeps_the_replicates_that_some_point_got),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
