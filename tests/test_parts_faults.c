/* test_parts_faults.c - whatever fails, nothing that was safe is lost. */
#include "parts_fixture.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(any_failing_call_leaves_a_whole_shard_or_none),
        PARTS_TEST(any_failing_request_for_memory_is_told),
        PARTS_TEST(hdf5_prints_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
