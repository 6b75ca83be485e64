/* scenario_files.h - for tests of what reads scenarios: a folder of its own for every test, a small table of
 * parameters, and the messages that a file must give. */
#ifndef TESTS_SCENARIO_FILES_H
#define TESTS_SCENARIO_FILES_H

#include "sim/error.h"
#include "sim/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A small table of parameters */

#define PARAMETERS(PARAM, CHOICE)                                                                          \
    PARAM(REAL, BLOCK, purchase, quality_weight, "w_q", 0.8, 0, 1, "1", "weight of quality", "Che 1993")   \
    PARAM(REAL, BLOCK, purchase, budget, "B", 60, 0, 1000, "CNY", "budget per resident and year",          \
        "assumption")                                                                                      \
    PARAM(INTEGER, BLOCK, city, regions, "", 4, 1, 100, "streets", "streets", "assumption")                \
    PARAM(SWITCH, BLOCK, switches, linkage, "", on, 0, 1, "1", "three-society linkage", "assumption")      \
    CHOICE(BLOCK, party, mode, "", matrix, "off|matrix|leader", "how the party coordinates", "assumption") \
    PARAM(DISTRIBUTION, BLOCK, residents, trust, "", normal(0.5, 0.1), 0, 1, "1", "initial trust",         \
        "assumption")

struct parameters {
    PARAMETERS(SIM_PARAM_MEMBER, SIM_CHOICE_MEMBER)
};

#define PARAM_ROW(...) SIM_PARAM_ROW(struct parameters, __VA_ARGS__)
#define CHOICE_ROW(...) SIM_CHOICE_ROW(struct parameters, __VA_ARGS__)

static const struct sim_field rows[] = { PARAMETERS(PARAM_ROW, CHOICE_ROW) };
static const struct sim_fields fields = { rows, sizeof(rows) / sizeof(rows[0]), sizeof(struct parameters) };

/* A folder of its own for every test */

static char folder[64];

static inline int
enter_folder(void **state)
{
    (void) state;
    strcpy(folder, "/tmp/cogov-scenario-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static inline int
leave_folder(void **state)
{
    (void) state;
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return chdir("/") != 0 || system(command) != 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_folder, leave_folder)

static inline void
write_bytes(const char *name, const char *bytes, size_t length)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline void
write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static const char *const folders[] = { "missing", "scenarios", NULL };
static const struct sim_search search = { .folders = folders };

/* What loading and applying a file leaves behind. */
struct outcome {
    struct sim_messages messages;
    struct sim_scenario scenario;
    struct parameters parameters;
    int status;
};

static inline void
read_scenario(struct outcome *outcome, const char *path, const char *const *settings)
{
    memset(outcome, 0, sizeof(*outcome));
    sim_messages_init(&outcome->messages);
    assert_int_equal(sim_fields_defaults(&fields, &outcome->parameters, NULL), SIM_OK);
    outcome->status = sim_scenario_load(&outcome->scenario, path, &search, &outcome->messages);
    for (int i = 0; settings != NULL && settings[i] != NULL; i++) {
        int ret = sim_scenario_override(&outcome->scenario, settings[i], i + 1, &outcome->messages);
        outcome->status = ret != SIM_OK ? ret : outcome->status;
    }
    int ret = sim_scenario_apply(&outcome->scenario, &fields, &outcome->parameters, &outcome->messages);
    outcome->status = ret != SIM_OK ? ret : outcome->status;
    sim_messages_sort(&outcome->messages);
    assert_int_equal(outcome->status == SIM_ERR_INPUT, outcome->messages.errors > 0);
}

static inline void
free_outcome(struct outcome *outcome)
{
    sim_scenario_free(&outcome->scenario);
    sim_messages_free(&outcome->messages);
}

static inline void
print_messages(const struct sim_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        char line[1024];
        sim_message_format(&messages->list[i], line, sizeof(line));
        print_message("    %s\n", line);
    }
}

/* The outcome has these lines and no others. */
static inline void
assert_messages(const struct outcome *outcome, const char *const *lines, size_t count)
{
    size_t same = 0;
    for (size_t i = 0; i < outcome->messages.count && i < count; i++) {
        char line[1024];
        sim_message_format(&outcome->messages.list[i], line, sizeof(line));
        same += strcmp(line, lines[i]) == 0;
    }
    if (same != count || outcome->messages.count != count) {
        print_messages(&outcome->messages);
        fail_msg("%zu messages, %zu of %zu as expected", outcome->messages.count, same, count);
    }
}

#define LINES(...) \
    (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)

/* A bad file and its one fault. */
struct bad {
    const char *text;
    int line, column;
    const char *message; /* a part */
};

/* Whether the outcome has this fault, once. */
static inline int
has_fault(const struct outcome *outcome, const struct bad *bad)
{
    int found = 0;
    for (size_t i = 0; i < outcome->messages.count; i++) {
        const struct sim_message *message = &outcome->messages.list[i];
        found += message->line == bad->line && message->column == bad->column
            && strcmp(message->file, "x.yaml") == 0 && message->severity == SIM_ERROR
            && strstr(message->text, bad->message) != NULL;
    }
    return found == 1;
}

/* Each of these files has its fault and no other. */
static inline void
assert_bad_files(const struct bad *files, size_t count)
{
    write_text("base.yaml", "title: Base\n");
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const struct bad *bad = &files[i];
        struct outcome outcome;
        write_text("x.yaml", bad->text);
        read_scenario(&outcome, "x.yaml", NULL);
        if (!has_fault(&outcome, bad) || outcome.messages.count != 1 || outcome.status != SIM_ERR_INPUT) {
            print_message("%sis expected to give %d:%d: %s, but gives\n", bad->text, bad->line, bad->column,
                bad->message);
            print_messages(&outcome.messages);
            wrong++;
        }
        free_outcome(&outcome);
    }
    assert_int_equal(wrong, 0);
}

#endif
