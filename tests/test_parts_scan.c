/* test_parts_scan.c - what is damaged, lost, foreign or no shard at all is told, and costs no other cell. */
#include "parts_fixture.h"

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
    assert_true(is_there("0-2.h5")); /* another's manifest may still speak of the other */
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
    add_cells(&it, 1, 1);
    assert_true(is_there("1-2.h5"));
    assert_int_equal(unlink(path_in("1-2.h5")), 0);
    look_again(&it);
    lock(&it);
    scan(&it);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(manifests_are_as_xxhsum_writes_them),
        PARTS_TEST(a_damaged_shard_is_set_aside_and_its_cells_run_again),
        PARTS_TEST(a_cut_shard_of_the_manifest_is_damaged),
        PARTS_TEST(a_lost_shard_is_told_until_its_cells_are_there),
        PARTS_TEST(shards_that_no_manifest_has_are_taken_if_their_digests_are_right),
        PARTS_TEST(lines_of_a_manifest_that_are_none_are_told_and_not_used),
        PARTS_TEST(anything_may_lie_in_the_folder),
        PARTS_TEST(shards_that_make_no_sense_are_not_used),
        PARTS_TEST(a_shard_that_vanishes_is_told_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
