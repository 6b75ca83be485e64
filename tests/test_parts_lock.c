/* test_parts_lock.c - who may write into the folder, and what the others are told. */
#include "parts_fixture.h"

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

/* A child that holds a lock for some time, then, if it should, removes all as if it had merged. */
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
    write_text("notes.txt", "mine"); /* so the folder stays */
    assert_int_equal(sim_parts_remove(&second.parts), SIM_OK);
    assert_int_equal(sim_parts_lock_all(&first.parts, &first.messages), SIM_ERR_EXISTS);
    assert_int_equal(first.messages.count, 0);
    assert_int_equal(count_entries(folder), 1);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(two_that_write_the_same_are_refused_with_the_holders_name),
        PARTS_TEST(whoever_finishes_last_holds_all),
        PARTS_TEST(a_killed_process_holds_nothing),
        PARTS_TEST(a_share_waits_for_who_merges_and_makes_the_folder_again),
        PARTS_TEST(who_comes_after_the_merge_holds_nothing),
        PARTS_TEST(without_locks_there_is_a_warning),
        PARTS_TEST(what_cannot_be_locked_is_told),
        PARTS_TEST(lock_sweeps_temporaries_of_the_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
