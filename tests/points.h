/* points.h - for tests of what scenario files of the cogov model make: a folder of its own for every test, the
 * design point of a text, and the messages that a text must give. */
#ifndef TESTS_POINTS_H
#define TESTS_POINTS_H

#include "sim/experiment.h"

#include <stdlib.h>
#include <unistd.h>

struct point {
    struct sim_experiment experiment;
    struct sim_messages messages;
    int status;
};

static char point_folder[64];

static inline int
point_enter(void **state)
{
    (void) state;
    strcpy(point_folder, "/tmp/cogov-point-XXXXXX");
    return mkdtemp(point_folder) == NULL || chdir(point_folder) != 0;
}

static inline int
point_leave(void **state)
{
    (void) state;
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", point_folder);
    return chdir("/") != 0 || system(command) != 0;
}

#define POINT_TEST(function) cmocka_unit_test_setup_teardown(function, point_enter, point_leave)

static inline void
point_write(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static inline const struct sim_model *
point_model(const char *name)
{
    return strcmp(name, "cogov") == 0 ? &cogov_model : NULL;
}

/* Reads x.yaml; setting: one --set, or NULL. */
static inline void
point_read(struct point *point, const char *setting)
{
    static const char *const no_folders[] = { NULL };
    static const char *const specs[] = { "x.yaml" };
    const struct sim_request request = { .specs = specs,
        .n_specs = 1,
        .settings = &setting,
        .n_settings = setting != NULL,
        .n_replicates = -1,
        .seed = -1,
        .n_ticks = -1,
        .burn_in = -1,
        .standard_replicates = 1,
        .search = { .folders = no_folders },
        .find_model = point_model,
        .model_names = "cogov" };
    sim_messages_init(&point->messages);
    point->status = sim_experiment_init(&point->experiment, &request, &point->messages);
}

static inline void
point_free(struct point *point)
{
    sim_experiment_free(&point->experiment);
    sim_messages_free(&point->messages);
}

static inline void
point_show(const struct point *point)
{
    char line[512];
    for (size_t i = 0; i < point->messages.count; i++) {
        sim_message_format(&point->messages.list[i], line, sizeof(line));
        print_error("%s\n", line);
    }
}

/* The design point of a scenario's text, which must be without fault. */
static inline void
point_init_with(struct point *point, const char *text, const char *setting)
{
    point_write("x.yaml", text);
    point_read(point, setting);
    point_show(point);
    assert_int_equal(point->status, SIM_OK);
}

static inline void
point_init(struct point *point, const char *text)
{
    point_init_with(point, text, NULL);
}

/* All messages about x.yaml as it is, in order; the list ends in NULL. */
static inline void
point_assert_refused(const char *const *lines)
{
    struct point point;
    char line[512];
    point_read(&point, NULL);
    size_t n = 0;
    for (; lines[n] != NULL; n++) {
        if (n >= point.messages.count) {
            fail_msg("not said: %s", lines[n]);
        }
        sim_message_format(&point.messages.list[n], line, sizeof(line));
        assert_string_equal(line, lines[n]);
    }
    if (point.messages.count > n) {
        point_show(&point);
        fail_msg("%zu messages more than expected", point.messages.count - n);
    }
    assert_int_equal(point.status, SIM_ERR_INPUT);
    point_free(&point);
}

#define point_refused(text, ...)                                          \
    do {                                                                  \
        point_write("x.yaml", text);                                      \
        point_assert_refused((const char *const[]){ __VA_ARGS__, NULL }); \
    } while (0)

#endif
