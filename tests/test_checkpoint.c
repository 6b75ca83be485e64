/* test_checkpoint.c - a run that goes on from its state is the run that was never interrupted, and no state but its
 * own, whole, is taken. */
#include "branches.h"

#include "memory.h"

#include "sim/checkpoint.h"
#include "sim/record.h"

#include <errno.h>
#include <math.h>

/* A disk that is full after some writes. Needs -Wl,--wrap=pwrite. */
static int writes, writes_fail_at = -1;

ssize_t __real_pwrite(int file, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t offset);

ssize_t
__wrap_pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    if (writes_fail_at >= 0 && writes++ >= writes_fail_at) {
        errno = ENOSPC;
        return -1;
    }
    return __real_pwrite(file, bytes, size, offset);
}

enum { MONTHS = 14, TICKS_OF_TINY = 3 };

static const char *const specs[] = {
    "cogov.yaml",
    "influence.yaml",
    "registration.yaml",
};

static void
write_specs(void)
{
    write_text("city.yaml",
        "model: cogov\n"
        "city: {streets: 2, communities: 2, residents: 'normal(90, 30)', start_month: 11}\n"
        "organisations: {professional: 3, recreational: 4, entry_slots: 3}\n"
        "platform: {coverage: 0.5}\n"
        "events:\n"
        "  - {month: 3, set: {purchase.budget: 10}}\n"
        "  - {month: 9, set: {purchase.budget: 90, linkage.level: 0.9}}\n");
    write_text("town.yaml",
        "model: influence\n"
        "city: {streets: 2, communities: 3, residents: 70}\n"
        "choice: {spread: 0.5, own_weight: 0.4, revision_probability: 0.6}\n"
        "switches: {feedback: on}\n"
        "events: [{month: 7, set: {choice.field: -1}}]\n");
    write_text("country.yaml", "model: registration\n");
    write_text("cogov.yaml",
        "scenarios: [city]\nreplicates: 2\nticks: 14\nrecord: {by: [community, street], residents: 20}\n");
    write_text("influence.yaml", "scenarios: [town]\nreplicates: 2\nticks: 14\n");
    write_text("registration.yaml", "scenarios: [country]\nreplicates: 2\nticks: 14\n");
    write_text("tiny.yaml", "model: 'null'\n");
}

static int
enter(void **state)
{
    int ret = enter_folder(state);
    write_specs();
    return ret;
}

#define CHECKPOINT_TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave_folder)

static void
run_init(struct one_run *run, const struct sim_experiment *experiment, uint32_t cell, int threads)
{
    memset(run, 0, sizeof(*run));
    run->experiment = experiment;
    run->cell = cell;
    sim_record_layout(experiment, &run->layout);
    run->n_numbers = (size_t) (experiment->n_ticks * run->layout.row + run->layout.once);
    run->numbers = sim_alloc(run->n_numbers, sizeof(double));
    assert_non_null(run->numbers);
    assert_int_equal(sim_point_init(&run->point, experiment, cell / experiment->n_replicates), SIM_OK);
    assert_int_equal(
        sim_world_init_setting(&run->world, experiment->model, &run->point.setting, key_of(run), threads),
        SIM_OK);
    assert_int_equal(sim_recorder_init(&run->recorder, &run->layout, &run->world), SIM_OK);
    sim_recorder_start(&run->recorder, &run->world, run->numbers + run->n_numbers - run->layout.once);
}

static void
run_free(struct one_run *run)
{
    sim_recorder_free(&run->recorder);
    sim_world_free(&run->world);
    sim_point_free(&run->point);
    sim_free(run->numbers);
}

static void
run_to(struct one_run *run, uint32_t tick)
{
    char why[256];
    while (run->world.tick < tick) {
        double *row = run->numbers + run->world.tick * run->layout.row;
        sim_world_step(&run->world);
        sim_world_observe(&run->world, row);
        sim_recorder_tick(&run->recorder, &run->world, row);
        assert_int_equal(sim_world_verify(&run->world, why, sizeof(why)), SIM_OK);
    }
}

static struct sim_checkpoint
checkpoint_of(const struct one_run *run)
{
    return (struct sim_checkpoint){ .spec = run->experiment->digest,
        .build = "0123456789abcdef",
        .cell = run->cell,
        .n_ticks = run->experiment->n_ticks,
        .numbers = run->numbers,
        .n_numbers = run->n_numbers,
        .n_once = run->layout.once,
        .n_rows = run->world.tick * run->layout.row };
}

static void
save(const struct one_run *run, const char *path)
{
    struct sim_checkpoint checkpoint = checkpoint_of(run);
    assert_int_equal(sim_checkpoint_write(path, &run->world, &checkpoint, NULL), SIM_OK);
}

static int
load(struct one_run *run, const char *path, struct sim_messages *messages)
{
    struct sim_checkpoint checkpoint = checkpoint_of(run);
    int ret = sim_checkpoint_read(path, &run->world, &checkpoint, messages);
    if (ret == SIM_OK) {
        assert_int_equal(checkpoint.n_rows, run->world.tick * run->layout.row);
    }
    return ret;
}

/* Runs to a tick, keeps the state, and goes on in another process, as it were, to the end. The world that takes the
 * state is a fresh one, or has run for a while. */
static void
check_resumed(const struct sim_experiment *experiment, const struct one_run *straight, uint32_t tick,
    int threads_before, int threads_after, uint32_t ran_before)
{
    struct one_run before, after;
    run_init(&before, experiment, straight->cell, threads_before);
    run_to(&before, tick);
    save(&before, "a.checkpoint");
    run_free(&before);
    run_init(&after, experiment, straight->cell, threads_after);
    run_to(&after, ran_before);
    for (uint64_t i = 0; i < after.layout.once; i++) {
        after.numbers[after.n_numbers - 1 - i] = -1; /* they come from the file */
    }
    assert_int_equal(load(&after, "a.checkpoint", NULL), SIM_OK);
    assert_int_equal(after.world.tick, tick);
    run_to(&after, MONTHS);
    if (memcmp(after.numbers, straight->numbers, straight->n_numbers * sizeof(double)) != 0) {
        fail_msg("%s resumed from month %u differs", experiment->model->name, tick);
    }
    run_free(&after);
}

static void
a_resumed_run_equals_the_straight_one_from_every_month(void **state)
{
    (void) state;
    for (size_t i = 0; i < SIM_COUNT_OF(specs); i++) {
        struct sim_experiment experiment;
        struct one_run straight;
        make_experiment(&experiment, specs[i]);
        run_init(&straight, &experiment, 1, 1);
        run_to(&straight, MONTHS);
        for (uint32_t tick = 0; tick <= MONTHS; tick++) {
            check_resumed(&experiment, &straight, tick, 1, 1, 0);
            check_resumed(&experiment, &straight, tick, 3, 3, 0);
            check_resumed(&experiment, &straight, tick, 1, 3, MONTHS);
        }
        run_free(&straight);
        sim_experiment_free(&experiment);
    }
}

/* Whole files */

struct bytes {
    unsigned char *list;
    size_t n;
};

static struct bytes
read_bytes(const char *path)
{
    struct bytes bytes;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    bytes.n = (size_t) ftell(file);
    rewind(file);
    bytes.list = sim_alloc(bytes.n, 1);
    assert_int_equal(fread(bytes.list, 1, bytes.n, file), bytes.n);
    fclose(file);
    return bytes;
}

static void
a_state_is_the_same_file_for_any_number_of_threads(void **state)
{
    struct sim_experiment experiment;
    struct one_run one, three;
    (void) state;
    make_experiment(&experiment, "cogov.yaml");
    run_init(&one, &experiment, 1, 1);
    run_init(&three, &experiment, 1, 3);
    run_to(&one, 5);
    run_to(&three, 5);
    save(&one, "1");
    save(&three, "3");
    struct bytes a = read_bytes("1"), b = read_bytes("3");
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.list, b.list, a.n);
    sim_free(a.list);
    sim_free(b.list);
    run_free(&one);
    run_free(&three);
    sim_experiment_free(&experiment);
}

/* A world of a few bytes at tick 2, and its file. */
struct tiny_state {
    struct sim_experiment experiment;
    struct one_run run;
    struct bytes file;
};

static void
tiny_state_init(struct tiny_state *tiny)
{
    struct sim_messages messages;
    write_text("small.yaml", "scenarios: [town2]\nticks: 3\n");
    write_text("town2.yaml",
        "model: influence\ncity: {streets: 1, communities: 1, residents: 5}\nnetwork.degree: 2\n");
    assert_int_equal(read_experiment(&tiny->experiment, "small.yaml", NULL, &messages), SIM_OK);
    sim_messages_free(&messages);
    run_init(&tiny->run, &tiny->experiment, 0, 1);
    run_to(&tiny->run, 2);
    save(&tiny->run, "tiny.checkpoint");
    tiny->file = read_bytes("tiny.checkpoint");
}

static void
tiny_state_free(struct tiny_state *tiny)
{
    sim_free(tiny->file.list);
    run_free(&tiny->run);
    sim_experiment_free(&tiny->experiment);
}

/* Reads a file that is to be refused into a world that stands elsewhere: not a bit of it changes. */
static void
assert_refused(struct one_run *run, const char *words)
{
    struct sim_messages messages;
    const struct sim_view *town = sim_world_place(&run->world, 2);
    void *active;
    unsigned char before[5];
    uint32_t tick = run->world.tick;
    memcpy(&active, town->agents[0], sizeof(active));
    memcpy(before, active, sizeof(before));
    double first = run->numbers[0];
    sim_messages_init(&messages);
    assert_int_equal(load(run, "bad", &messages), SIM_ERR_INPUT);
    assert_memory_equal(before, active, sizeof(before));
    assert_true(run->numbers[0] == first && run->world.tick == tick);
    assert_int_equal(messages.count, 1);
    assert_says(&messages, words);
}

static void
every_flipped_bit_is_refused(void **state)
{
    struct tiny_state tiny;
    struct one_run fresh;
    (void) state;
    tiny_state_init(&tiny);
    run_init(&fresh, &tiny.experiment, 0, 1);
    for (size_t i = 0; i < tiny.file.n; i++) {
        unsigned char bit = (unsigned char) (1u << i % 8);
        tiny.file.list[i] ^= bit;
        write_bytes("bad", (const char *) tiny.file.list, tiny.file.n);
        assert_refused(&fresh,
            i < 16       ? "is no checkpoint"
                : i < 20 ? "of version"
                : i < 28 ? "bytes where it says"
                         : "is damaged: its checksum differs");
        tiny.file.list[i] ^= bit;
    }
    write_bytes("bad", (const char *) tiny.file.list, tiny.file.n);
    assert_int_equal(load(&fresh, "bad", NULL), SIM_OK);
    run_free(&fresh);
    tiny_state_free(&tiny);
}

static void
every_shorter_or_longer_file_is_refused(void **state)
{
    struct tiny_state tiny;
    struct one_run fresh;
    (void) state;
    tiny_state_init(&tiny);
    run_init(&fresh, &tiny.experiment, 0, 1);
    for (size_t n = 0; n < tiny.file.n; n++) {
        write_bytes("bad", (const char *) tiny.file.list, n);
        assert_refused(&fresh, "cut off");
    }
    char *longer = sim_alloc(tiny.file.n + 1, 1);
    memcpy(longer, tiny.file.list, tiny.file.n);
    write_bytes("bad", longer, tiny.file.n + 1);
    assert_refused(&fresh, "is damaged: it has");
    sim_free(longer);
    run_free(&fresh);
    tiny_state_free(&tiny);
}

/* What the world that reads differs in from the one that wrote. */
static void
a_state_of_something_else_is_refused_with_the_reason(void **state)
{
    struct tiny_state tiny;
    struct one_run fresh;
    (void) state;
    tiny_state_init(&tiny);
    write_bytes("bad", (const char *) tiny.file.list, tiny.file.n);
    run_init(&fresh, &tiny.experiment, 0, 1);
    struct sim_messages messages;
    const struct {
        struct sim_checkpoint other;
        const char *words;
    } cases[] = {
        { { .spec = "fedc", .build = "0123456789abcdef", .n_ticks = 3 }, "is of another experiment" },
        { { .spec = tiny.experiment.digest, .build = "0", .n_ticks = 3 },
            "was written by another build of the program" },
        { { .spec = tiny.experiment.digest, .build = "0123456789abcdef", .cell = 7, .n_ticks = 3 },
            "is of cell 0, not of cell 7" },
        { { .spec = tiny.experiment.digest, .build = "0123456789abcdef", .n_ticks = 1 },
            "is of tick 2, while the run has only 1" },
        { { .spec = tiny.experiment.digest, .build = "0123456789abcdef", .n_ticks = 3, .n_numbers = 1 },
            "recorded numbers" },
    };
    for (size_t i = 0; i < SIM_COUNT_OF(cases); i++) {
        struct sim_checkpoint checkpoint = cases[i].other;
        checkpoint.numbers = fresh.numbers;
        checkpoint.n_numbers = checkpoint.n_numbers > 0 ? checkpoint.n_numbers : fresh.n_numbers;
        checkpoint.n_once = fresh.layout.once;
        sim_messages_init(&messages);
        assert_int_equal(sim_checkpoint_read("bad", &fresh.world, &checkpoint, &messages), SIM_ERR_INPUT);
        assert_says(&messages, cases[i].words);
    }
    fresh.world.key.replicate = 3;
    assert_refused(&fresh, "is of seed 1, replicate 0, not of seed 1, replicate 3");
    run_free(&fresh);
    tiny_state_free(&tiny);
}

/* Another world, read as if experiment and cell were the same. */
static void
assert_other_world_refused(const char *scenario, const char *words)
{
    struct tiny_state tiny;
    struct sim_experiment experiment;
    struct sim_messages messages;
    struct one_run other;
    tiny_state_init(&tiny);
    write_text("other.yaml", scenario);
    make_experiment(&experiment, "other.yaml");
    run_init(&other, &experiment, 0, 1);
    struct sim_checkpoint checkpoint = checkpoint_of(&other);
    checkpoint.spec = tiny.experiment.digest;
    sim_messages_init(&messages);
    assert_int_equal(
        sim_checkpoint_read("tiny.checkpoint", &other.world, &checkpoint, &messages), SIM_ERR_INPUT);
    assert_says(&messages, words);
    run_free(&other);
    sim_experiment_free(&experiment);
    tiny_state_free(&tiny);
}

static void
a_state_of_another_world_is_refused_with_the_place(void **state)
{
    (void) state;
    assert_other_world_refused("model: registration\n", "is of model \"influence\", not of \"registration\"");
    assert_other_world_refused(
        "model: influence\ncity: {streets: 2, communities: 1, residents: 5}\nnetwork.degree: 2\n",
        "another number of places: streets 1, here 2");
    assert_other_world_refused(
        "model: influence\ncity: {streets: 1, communities: 2, residents: 5}\nnetwork.degree: 2\n",
        "street 1 has 1 below it, here 2");
    assert_other_world_refused(
        "model: influence\ncity: {streets: 1, communities: 1, residents: 6}\nnetwork.degree: 2\n",
        "community 1 of street 1 has 5 of kind \"resident\", here 6");
}

/* A model whose columns have changed since. */
static void
a_state_with_other_columns_is_refused_with_the_column(void **state)
{
    struct tiny_state tiny;
    struct sim_model changed;
    struct sim_column columns[16];
    (void) state;
    tiny_state_init(&tiny);
    write_bytes("bad", (const char *) tiny.file.list, tiny.file.n);
    changed = *tiny.experiment.model;
    memcpy(columns, changed.columns, changed.n_columns * sizeof(*columns));
    changed.columns = columns;
    tiny.run.world.model = &changed;
    columns[0].type = "int8_t";
    assert_refused(&tiny.run,
        "has a column \"resident.active: uint8_t, 1 bytes, kept\" where the model has "
        "\"resident.active: int8_t, 1 bytes, kept\" now");
    columns[0].type = "uint8_t";
    changed.n_columns--;
    assert_refused(&tiny.run, "columns, while model");
    tiny_state_free(&tiny);
}

/* Every element can be turned round number by number on a machine of the other byte order. */
static void
columns_of_all_models_are_numbers_or_structs_of_one_type_of_number(void **state)
{
#define MODEL_NAME(name) #name,
    static const char *const names[] = { MODELS(MODEL_NAME) };
#define NUMBER_NAME(name) #name,
    static const char *const numbers[] = { SIM_NUMBERS(NUMBER_NAME) };
    (void) state;
    for (size_t m = 0; m < SIM_COUNT_OF(names); m++) {
        const struct sim_model *model = models_find(names[m], NULL);
        for (uint32_t c = 0; c < model->n_columns; c++) {
            const struct sim_column *column = &model->columns[c];
            int is_number = strncmp(column->type, "struct ", 7) == 0;
            for (size_t n = 0; n < SIM_COUNT_OF(numbers); n++) {
                is_number |= strcmp(column->type, numbers[n]) == 0 && column->number == column->item;
            }
            int is_width =
                column->number == 1 || column->number == 2 || column->number == 4 || column->number == 8;
            if (!is_number || !is_width || column->item % column->number != 0) {
                fail_msg("%s.%s is a %s", model->name, column->name, column->type);
            }
        }
    }
}

/* Generations */

static void
save_generation(struct one_run *run, uint32_t tick)
{
    struct sim_checkpoint checkpoint;
    run_to(run, tick);
    checkpoint = checkpoint_of(run);
    assert_int_equal(sim_checkpoints_save(".", &run->world, &checkpoint, NULL), SIM_OK);
}

/* Loads into a fresh world; the tick it stands at, or -1. */
static int
load_generation(const struct sim_experiment *experiment, size_t expected_messages)
{
    struct sim_messages messages;
    struct one_run run;
    run_init(&run, experiment, 0, 1);
    sim_messages_init(&messages);
    struct sim_checkpoint checkpoint = checkpoint_of(&run);
    int ret = sim_checkpoints_load(".", &run.world, &checkpoint, &messages);
    int tick = ret == SIM_OK ? (int) run.world.tick : -1;
    assert_true(ret == SIM_OK || ret == SIM_ERR_FILE);
    assert_int_equal(messages.count, expected_messages);
    assert_int_equal(messages.errors, 0);
    sim_messages_free(&messages);
    run_free(&run);
    return tick;
}

static void
damage(const char *path)
{
    struct bytes bytes = read_bytes(path);
    bytes.list[bytes.n / 2] ^= 4;
    write_bytes(path, (const char *) bytes.list, bytes.n);
    sim_free(bytes.list);
}

static void
the_newer_generation_is_taken_and_the_older_if_it_is_damaged(void **state)
{
    struct sim_experiment experiment;
    struct one_run run;
    (void) state;
    make_experiment(&experiment, "influence.yaml");
    run_init(&run, &experiment, 0, 1);
    assert_int_equal(load_generation(&experiment, 0), -1);
    save_generation(&run, 2);
    assert_int_equal(load_generation(&experiment, 0), 2);
    save_generation(&run, 4);
    save_generation(&run, 6);
    assert_int_equal(load_generation(&experiment, 0), 6);
    const char *newer = "0.1.checkpoint", *older = "0.0.checkpoint";
    damage(newer);
    assert_int_equal(load_generation(&experiment, 1), 4);
    save_generation(&run, 8); /* in place of the damaged one, not of the last good one */
    assert_int_equal(load_generation(&experiment, 0), 8);
    damage(newer);
    assert_int_equal(load_generation(&experiment, 1), 4);
    damage(older);
    assert_int_equal(load_generation(&experiment, 2), -1);
    sim_checkpoints_remove(".", 0);
    assert_int_equal(access(older, F_OK), -1);
    assert_int_equal(access(newer, F_OK), -1);
    run_free(&run);
    sim_experiment_free(&experiment);
}

/* Checkpoints of another experiment that lie there have no say. */
static void
what_another_experiment_left_is_replaced(void **state)
{
    struct sim_experiment experiment, other;
    struct one_run run, theirs;
    (void) state;
    make_experiment(&experiment, "influence.yaml");
    write_text("influence2.yaml", "scenarios: [town]\nreplicates: 3\nticks: 14\n");
    make_experiment(&other, "influence2.yaml");
    run_init(&theirs, &other, 0, 1);
    save_generation(&theirs, 9);
    save_generation(&theirs, 10);
    run_init(&run, &experiment, 0, 1);
    save_generation(&run, 1);
    assert_int_equal(load_generation(&experiment, 1), 1); /* and one of theirs is told of */
    save_generation(&run, 2);
    save_generation(&run, 3);
    assert_int_equal(load_generation(&experiment, 0), 3);
    damage("0.1.checkpoint");
    damage("0.0.checkpoint");
    run_free(&run);
    run_free(&theirs);
    sim_experiment_free(&experiment);
    sim_experiment_free(&other);
}

/* Faults of the machine */

static void
a_full_disk_leaves_the_last_state_as_it_is(void **state)
{
    struct tiny_state tiny;
    struct sim_messages messages;
    (void) state;
    tiny_state_init(&tiny);
    run_to(&tiny.run, 3);
    struct sim_checkpoint checkpoint = checkpoint_of(&tiny.run);
    int ret = SIM_ERR_FILE, n = 0;
    for (; ret != SIM_OK; n++) {
        writes = 0;
        writes_fail_at = n;
        sim_messages_init(&messages);
        ret = sim_checkpoint_write("tiny.checkpoint", &tiny.run.world, &checkpoint, &messages);
        struct bytes now = read_bytes("tiny.checkpoint");
        if (ret != SIM_OK) {
            assert_int_equal(ret, SIM_ERR_FILE);
            assert_int_equal(now.n, tiny.file.n);
            assert_memory_equal(now.list, tiny.file.list, now.n);
            assert_says(&messages, "disk full");
        } else {
            assert_true(memcmp(now.list, tiny.file.list, tiny.file.n) != 0);
            sim_messages_free(&messages);
        }
        sim_free(now.list);
    }
    writes_fail_at = -1;
    assert_true(n > 2);
    tiny_state_free(&tiny);
}

static void
every_refused_request_for_memory_is_an_error_and_no_leak(void **state)
{
    struct tiny_state tiny;
    struct one_run fresh;
    (void) state;
    tiny_state_init(&tiny);
    run_init(&fresh, &tiny.experiment, 0, 1);
    save_generation(&tiny.run, 2);
    struct sim_checkpoint checkpoint = checkpoint_of(&tiny.run), read = checkpoint_of(&fresh);
    for (int what = 0; what < 4; what++) {
        int ret = SIM_ERR_MEMORY;
        for (long n = 1; ret != SIM_OK; n++) {
            long live = memory_live;
            memory_fails_at(n, 1);
            ret = what == 0 ? sim_checkpoint_write("x", &tiny.run.world, &checkpoint, NULL)
                : what == 1 ? sim_checkpoint_read("tiny.checkpoint", &fresh.world, &read, NULL)
                : what == 2 ? sim_checkpoints_save(".", &tiny.run.world, &checkpoint, NULL)
                            : sim_checkpoints_load(".", &fresh.world, &read, NULL);
            memory_fails_at(0, 0);
            assert_true(ret == SIM_OK || ret == SIM_ERR_MEMORY);
            assert_int_equal(memory_live, live);
            assert_true(n < 100);
        }
    }
    run_free(&fresh);
    tiny_state_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHECKPOINT_TEST(a_resumed_run_equals_the_straight_one_from_every_month),
        CHECKPOINT_TEST(a_state_is_the_same_file_for_any_number_of_threads),
        CHECKPOINT_TEST(every_flipped_bit_is_refused),
        CHECKPOINT_TEST(every_shorter_or_longer_file_is_refused),
        CHECKPOINT_TEST(a_state_of_something_else_is_refused_with_the_reason),
        CHECKPOINT_TEST(a_state_of_another_world_is_refused_with_the_place),
        CHECKPOINT_TEST(a_state_with_other_columns_is_refused_with_the_column),
        CHECKPOINT_TEST(columns_of_all_models_are_numbers_or_structs_of_one_type_of_number),
        CHECKPOINT_TEST(the_newer_generation_is_taken_and_the_older_if_it_is_damaged),
        CHECKPOINT_TEST(what_another_experiment_left_is_replaced),
        CHECKPOINT_TEST(a_full_disk_leaves_the_last_state_as_it_is),
        CHECKPOINT_TEST(every_refused_request_for_memory_is_an_error_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
