/* test_frontier_memory.c - the frontier and the export of a results file, when any request for memory is refused: they say
 * so, give back what they had, and leave no temporary file.
 */
#include "memory.h"
#include "sample.h"

#include "analysis/export.h"
#include "analysis/frontier.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static char folder[64], path[96], tables[96], space[96];
static struct reader reader;

static int
write_sample(void **state)
{
    struct sim_experiment experiment = sample_experiment(3, 4, 6, 0);
    struct sim_results results;
    (void) state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%.40s/frontier_XXXXXX", base == NULL ? "/tmp" : base);
    int ret = mkdtemp(folder) == NULL ? -1 : 0;
    snprintf(path, sizeof(path), "%s/x.h5", folder);
    snprintf(tables, sizeof(tables), "%s/tables", folder);
    snprintf(space, sizeof(space), "%s/tables/space", folder);
    ret = ret == 0 ? sample_results(&results, &experiment) : ret;
    ret = ret == 0 ? sim_cell_fail(&results, 4, "no") : ret;
    ret = ret == 0 ? sample_write(path, &results, NULL) : ret;
    sim_results_free(&results);
    return ret == 0 ? reader_init(&reader, path, NULL) : ret;
}

/* Removes what is in the tables' folder; how many files that were, or -1 if one of them was a temporary. */
static int
clear_tables(void)
{
    DIR *entries = opendir(tables);
    int n = 0, temporaries = 0;
    for (struct dirent *entry = entries == NULL ? NULL : readdir(entries); entry != NULL;
         entry = readdir(entries)) {
        int removed = unlinkat(dirfd(entries), entry->d_name, 0) == 0;
        temporaries += removed && entry->d_name[0] == '.';
        n += removed;
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return temporaries > 0 ? -1 : n;
}

static int
remove_sample(void **state)
{
    (void) state;
    reader_free(&reader);
    clear_tables();
    rmdir(tables);
    unlink(path);
    return rmdir(folder);
}

static int
find_frontier(void)
{
    static const char *const maximise[] = { "share" }, *const minimise[] = { "spending" };
    const struct frontier_request request = { maximise, minimise, 1, 1, 0.5, 100 };
    struct frontier frontier;
    FILE *out = fopen("/dev/null", "w");
    int ret = frontier_init(&frontier, &reader, &request, NULL);
    ret = ret == SIM_OK ? frontier_print_table(&frontier, out, 80) : ret;
    frontier_free(&frontier);
    fclose(out);
    return ret;
}

static int
write_tables(void)
{
    struct export export;
    int ret = export_init(&export, &reader, NULL, 0, 0, NULL);
    ret = ret == SIM_OK ? export_csv(&export, tables) : ret;
    ret = ret == SIM_OK ? export_behaviorspace(&export, space) : ret;
    ret = ret == SIM_OK ? export_publish(&export) : ret;
    export_free(&export);
    return ret;
}

/* Refuses each request in turn until there is none left. */
static void
refuse_each(int (*work)(void), int files)
{
    int ret = SIM_ERR_MEMORY;
    for (long n = 1; ret != SIM_OK; n++) {
        long live = memory_live;
        memory_fails_at(n, 0);
        ret = work();
        long requests = memory_requests;
        memory_fails_at(0, 0);
        assert_int_equal(memory_live, live);
        int left =
            clear_tables(); /* a file that has its name already keeps it, when the next is not given its own */
        assert_in_range(left, ret == SIM_OK ? files : 0, files);
        assert_int_equal(ret, requests >= n ? SIM_ERR_MEMORY : SIM_OK);
    }
}

static void
the_frontier_tells_of_refused_memory(void **state)
{
    (void) state;
    refuse_each(find_frontier, 0);
}

static void
the_export_tells_of_refused_memory(void **state)
{
    (void) state;
    refuse_each(write_tables, 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frontier_tells_of_refused_memory),
        cmocka_unit_test(the_export_tells_of_refused_memory),
    };
    return cmocka_run_group_tests(tests, write_sample, remove_sample);
}
