/* test_experiment.c - what is written in files and on the command line becomes design points, or one list of
 * every fault. */
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The stream that a text is printed into is memory, too. */

FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);

FILE *
__wrap_open_memstream(char **text, size_t *size)
{
    FILE *stream = memory_is_refused() ? NULL : __real_open_memstream(text, size);
    __atomic_add_fetch(&memory_live, stream != NULL, __ATOMIC_RELAXED);
    return stream;
}

/* Two models with the same parameters. */

#define PARAMETERS(PARAM, CHOICE)                                                                          \
    PARAM(REAL, BLOCK, purchase, quality_weight, "w_q", 0.8, 0, 1, "1", "weight of quality", "assumption") \
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

static void
complain(struct sim_complaint *complaints, size_t *n, size_t limit, const char *name, const char *text)
{
    if (*n < limit) {
        complaints[*n].key = name;
        snprintf(complaints[*n].text, sizeof(complaints->text), "%s", text);
        (*n)++;
    }
}

static size_t
check(const void *params, struct sim_complaint *complaints, size_t limit)
{
    const struct parameters *p = params;
    size_t n = 0;
    if ((double) p->city_regions * p->purchase_budget > 1000) {
        complain(complaints, &n, limit, "city.regions", "too many streets for this budget");
        complain(complaints, &n, limit, "purchase.budget", "too much for so many streets");
    }
    return n;
}

#define FIELDS                                              \
    {                                                       \
        rows, SIM_COUNT_OF(rows), sizeof(struct parameters) \
    }
static const struct sim_model town = { .name = "town", .fields = FIELDS, .check = check };
static const struct sim_model village = { .name = "village", .fields = FIELDS };

static const struct sim_model *
find_model(const char *name)
{
    return strcmp(name, "town") == 0 ? &town : strcmp(name, "village") == 0 ? &village : NULL;
}

/* A folder of its own for every test */

static char folder[64];

static int
enter_folder(void **state)
{
    (void) state;
    memory_fails_at(0, 0);
    strcpy(folder, "/tmp/cogov-experiment-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
leave_folder(void **state)
{
    (void) state;
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void
write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* What is asked for and what comes of it. Specs and settings end in NULL. */

static const char *const no_folders[] = { NULL };

struct ask {
    const char *specs[5];
    const char *settings[5];
    int64_t replicates, seed, ticks, burn_in; /* 0: not said */
};

struct outcome {
    struct sim_experiment experiment;
    struct sim_messages messages;
    int status;
};

static void
request(struct outcome *outcome, const struct ask *ask)
{
    struct sim_request request = { .specs = ask->specs,
        .settings = ask->settings,
        .n_replicates = ask->replicates != 0 ? ask->replicates : -1,
        .seed = ask->seed != 0 ? ask->seed : -1,
        .n_ticks = ask->ticks != 0 ? ask->ticks : -1,
        .burn_in = ask->burn_in != 0 ? ask->burn_in : -1,
        .standard_replicates = 6,
        .search = { .folders = no_folders },
        .find_model = find_model,
        .model_names = "town|village" };
    while (ask->specs[request.n_specs] != NULL) {
        request.n_specs++;
    }
    while (ask->settings[request.n_settings] != NULL) {
        request.n_settings++;
    }
    sim_messages_init(&outcome->messages);
    memset(&outcome->experiment, 0xa5, sizeof(outcome->experiment));
    outcome->status = sim_experiment_init(&outcome->experiment, &request, &outcome->messages);
}

static void
end(struct outcome *outcome)
{
    sim_experiment_free(&outcome->experiment);
    sim_messages_free(&outcome->messages);
}

static void
show_messages(const struct sim_messages *messages)
{
    char text[512];
    for (size_t i = 0; i < messages->count; i++) {
        sim_message_format(&messages->list[i], text, sizeof(text));
        print_error("%s\n", text);
    }
}

static const struct sim_experiment *
request_well(struct outcome *outcome, const struct ask *ask)
{
    request(outcome, ask);
    show_messages(&outcome->messages);
    assert_int_equal(outcome->status, SIM_OK);
    assert_int_equal(outcome->messages.count, 0);
    return &outcome->experiment;
}

/* All messages, in order; the list ends in NULL. */
static void
assert_refused(const struct ask *ask, const char *const *lines)
{
    struct outcome outcome;
    char text[512];
    size_t n = 0;
    request(&outcome, ask);
    for (; lines[n] != NULL; n++) {
        if (n >= outcome.messages.count) {
            fail_msg("not said: %s", lines[n]);
        }
        sim_message_format(&outcome.messages.list[n], text, sizeof(text));
        assert_string_equal(text, lines[n]);
    }
    if (outcome.messages.count > n) {
        show_messages(&outcome.messages);
        fail_msg("%zu messages more than expected", outcome.messages.count - n);
    }
    assert_int_equal(outcome.status, SIM_ERR_INPUT);
    assert_null(outcome.experiment.bases);
    end(&outcome);
}

#define REFUSED(ask, ...) assert_refused(ask, (const char *const[]){ __VA_ARGS__, NULL })

static const struct parameters *
params_of(const struct sim_experiment *experiment, uint32_t point)
{
    return experiment->bases[point].setting.eras[0].params;
}

/* Scenarios */

static void
a_scenario_alone_is_one_point_with_the_standard_numbers(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("a.yaml", "model: town\n");
    const struct sim_experiment *experiment = request_well(&outcome, &(struct ask){ .specs = { "a.yaml" } });
    assert_ptr_equal(experiment->model, &town);
    assert_int_equal(experiment->n_points, 1);
    assert_int_equal(experiment->n_replicates, 6);
    assert_int_equal(experiment->seed, 1);
    assert_int_equal(experiment->n_ticks, 120);
    assert_int_equal(experiment->burn_in, 24);
    assert_int_equal(experiment->n_given, 1);
    assert_string_equal(experiment->given[0].stem, "a");
    assert_string_equal(experiment->given[0].text, "model: town\n");
    assert_string_equal(experiment->bases[0].stem, "a");
    assert_int_equal(sim_experiment_cells(experiment), 6);
    assert_int_equal(strlen(experiment->digest), 32);
    end(&outcome);
}

static void
later_layers_win_over_earlier_ones(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("base.yaml",
        "model: town\npurchase: {quality_weight: 0.1, budget: 11}\ncity.regions: 7\nparty: {mode: leader}\n");
    write_file("a.yaml", "extends: base\npurchase: {quality_weight: 0.2, budget: 12}\n");
    const struct sim_experiment *experiment = request_well(
        &outcome, &(struct ask){ .specs = { "a" }, .settings = { "purchase.quality_weight=0.3" } });
    const struct parameters *p = params_of(experiment, 0);
    assert_true(p->purchase_quality_weight == 0.3); /* --set */
    assert_true(p->purchase_budget == 12);          /* the scenario */
    assert_int_equal(p->city_regions, 7);           /* what it extends */
    assert_int_equal(p->party_mode, 2);
    assert_int_equal(p->switches_linkage, 1); /* the default */
    assert_true(p->residents_trust.a == 0.5);
    end(&outcome);
}

static void
settings_hold_for_every_point_and_the_last_of_a_key_wins(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("a.yaml", "model: town\ncity: {regions: 2}\n");
    write_file("b.yaml", "model: town\ncity: {regions: 3}\n");
    const struct sim_experiment *experiment = request_well(&outcome,
        &(struct ask){ .specs = { "a", "b" },
            .settings = { "city.regions=8", "city.regions=9", "switches.linkage=off" } });
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(params_of(experiment, i)->city_regions, 9);
        assert_int_equal(params_of(experiment, i)->switches_linkage, 0);
    }
    assert_int_equal(experiment->n_settings, 3);
    assert_string_equal(experiment->settings[2], "switches.linkage=off");
    end(&outcome);
}

static void
titles_are_the_files_own_and_else_the_stem(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("base.yaml", "model: town\ntitle: The base\n");
    write_file("heir.yaml", "extends: base\n");
    write_file("named.yaml", "extends: base\ntitle: 上清寺街道\n");
    const struct sim_experiment *experiment =
        request_well(&outcome, &(struct ask){ .specs = { "base", "heir", "named" } });
    assert_string_equal(experiment->bases[0].title, "The base");
    assert_string_equal(experiment->bases[1].title, "heir");
    assert_string_equal(experiment->bases[2].title, "上清寺街道");
    end(&outcome);
}

static void
equal_stems_are_made_different(void **state)
{
    (void) state;
    struct outcome outcome;
    assert_int_equal(system("mkdir other"), 0);
    write_file("a.yaml", "model: town\n");
    write_file("other/a.yaml", "model: town\ncity: {regions: 2}\n");
    write_file("a#2.yaml", "model: town\ncity: {regions: 3}\n");
    const struct sim_experiment *experiment =
        request_well(&outcome, &(struct ask){ .specs = { "a", "other/a", "a#2", "a" } });
    const char *const stems[] = { "a", "a#2", "a#2#2", "a#3" };
    const int regions[] = { 4, 2, 3, 4 };
    for (uint32_t i = 0; i < 4; i++) {
        assert_string_equal(experiment->bases[i].stem, stems[i]);
        assert_int_equal(params_of(experiment, i)->city_regions, regions[i]);
    }
    assert_int_equal(experiment->n_given, 3); /* the first and the last are one file */
    end(&outcome);
}

static void
each_file_is_kept_once_in_the_order_of_reading(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("base.yaml", "model: town\n");
    write_file("a.yaml", "extends: base\n");
    write_file("b.yaml", "extends: base\ntitle: b\n");
    write_file("both.yaml", "scenarios: [b, a]\n");
    const struct sim_experiment *experiment = request_well(&outcome, &(struct ask){ .specs = { "both" } });
    const char *const stems[] = { "both", "base", "b", "a" };
    assert_int_equal(experiment->n_given, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_string_equal(experiment->given[i].stem, stems[i]);
    }
    end(&outcome);
}

/* Experiments */

#define WHOLE "scenarios: [b, a]\nreplicates: 3\nseed: 77\nticks: 40\nburn_in: 4\ntitle: A question\n"

static void
an_experiment_says_scenarios_and_numbers(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("a.yaml", "model: town\n");
    write_file("b.yaml", "model: town\n");
    write_file("whole.yaml", WHOLE);
    const struct sim_experiment *experiment = request_well(&outcome, &(struct ask){ .specs = { "whole" } });
    assert_int_equal(experiment->n_points, 2);
    assert_string_equal(experiment->bases[0].stem, "b");
    assert_string_equal(experiment->bases[1].stem, "a");
    assert_int_equal(experiment->n_replicates, 3);
    assert_int_equal(experiment->seed, 77);
    assert_int_equal(experiment->n_ticks, 40);
    assert_int_equal(experiment->burn_in, 4);
    end(&outcome);
}

static void
the_command_line_wins_over_the_experiment(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("a.yaml", "model: town\n");
    write_file("b.yaml", "model: town\n");
    write_file("whole.yaml", WHOLE);
    const struct sim_experiment *experiment = request_well(&outcome,
        &(struct ask){
            .specs = { "whole" }, .replicates = 5, .seed = UINT32_MAX, .ticks = 50, .burn_in = 6 });
    assert_int_equal(experiment->n_replicates, 5);
    assert_true(experiment->seed == UINT32_MAX);
    assert_int_equal(experiment->n_ticks, 50);
    assert_int_equal(experiment->burn_in, 6);
    end(&outcome);
}

static void
scenarios_are_found_beside_the_experiment(void **state)
{
    (void) state;
    struct outcome outcome;
    assert_int_equal(system("mkdir sub"), 0);
    write_file("sub/a.yaml", "model: town\ncity: {regions: 2}\n");
    write_file("sub/one.yaml", "scenarios: [a]\n");
    const struct sim_experiment *experiment =
        request_well(&outcome, &(struct ask){ .specs = { "sub/one.yaml" } });
    assert_int_equal(params_of(experiment, 0)->city_regions, 2);
    end(&outcome);
}

static void
short_runs_have_half_as_burn_in(void **state)
{
    (void) state;
    const int64_t cases[][2] = { { 1, 0 }, { 2, 1 }, { 3, 1 }, { 12, 6 }, { 47, 23 }, { 48, 24 }, { 49, 24 },
        { 500, 24 } };
    write_file("a.yaml", "model: town\n");
    for (size_t i = 0; i < SIM_COUNT_OF(cases); i++) {
        struct outcome outcome;
        const struct sim_experiment *experiment =
            request_well(&outcome, &(struct ask){ .specs = { "a" }, .ticks = cases[i][0] });
        assert_int_equal(experiment->n_ticks, cases[i][0]);
        assert_int_equal(experiment->burn_in, cases[i][1]);
        end(&outcome);
    }
}

/* The resolved text */

static void
assert_same_params(const struct sim_experiment *a, const struct sim_experiment *b)
{
    const struct sim_fields *fields = &a->model->fields;
    char one[SIM_VALUE_SIZE], other[SIM_VALUE_SIZE];
    for (size_t f = 0; f < fields->count; f++) {
        sim_field_print(&fields->list[f], params_of(a, 0), one);
        sim_field_print(&fields->list[f], params_of(b, 0), other);
        assert_string_equal(one, other);
    }
    assert_memory_equal(params_of(a, 0), params_of(b, 0), fields->size);
}

static void
the_resolved_text_is_the_same_scenario_bit_for_bit(void **state)
{
    (void) state;
    const char *const titles[] = { "plain", "'on'", "\"say \\\"x\\\" and \\\\ : # {\"", "上清寺街道（前）",
        "\"- \"", "'  blanks  '" };
    write_file("base.yaml", "model: town\npurchase: {quality_weight: 0.1, budget: 1e-300}\n");
    for (size_t i = 0; i < SIM_COUNT_OF(titles); i++) {
        struct outcome first, again;
        char text[256];
        snprintf(text, sizeof(text),
            "extends: base\ntitle: %s\npurchase.quality_weight: 0.30000000000000004\nparty: {mode: off}\n"
            "residents: {trust: \"lognormal(0.1, 0.7)\"}\nswitches: {linkage: off}\n",
            titles[i]);
        write_file("a.yaml", text);
        const struct sim_experiment *experiment =
            request_well(&first, &(struct ask){ .specs = { "a" }, .settings = { "city.regions=3" } });
        write_file("resolved.yaml", experiment->bases[0].resolved);
        request_well(&again, &(struct ask){ .specs = { "resolved" } });
        assert_same_params(&first.experiment, &again.experiment);
        assert_true(params_of(&again.experiment, 0)->purchase_quality_weight == 0.30000000000000004);
        assert_string_equal(first.experiment.bases[0].title, again.experiment.bases[0].title);
        assert_string_equal(first.experiment.bases[0].resolved, again.experiment.bases[0].resolved);
        end(&first);
        end(&again);
    }
}

/* The digest */

static void
digest_of(const struct ask *ask, char *digest)
{
    struct outcome outcome;
    const struct sim_experiment *experiment = request_well(&outcome, ask);
    memcpy(digest, experiment->digest, sizeof(experiment->digest));
    end(&outcome);
}

static void
every_ingredient_changes_the_digest(void **state)
{
    (void) state;
    const struct ask asks[] = {
        { .specs = { "a" } },
        { .specs = { "a" }, .seed = 2 },
        { .specs = { "a" }, .ticks = 121 },
        { .specs = { "a" }, .burn_in = 23 },
        { .specs = { "a" }, .replicates = 7 },
        { .specs = { "a" }, .settings = { "city.regions=5" } },
        { .specs = { "a" }, .settings = { "city.regions=4" } }, /* the default, but said */
        { .specs = { "a" }, .settings = { "city.regions=5", "city.regions=4" } },
        { .specs = { "title" } },
        { .specs = { "comment" } },
        { .specs = { "value" } },
        { .specs = { "village" } },
        { .specs = { "a", "value" } },
        { .specs = { "value", "a" } }, /* designs 0 and 1 change places */
        { .specs = { "a", "a" } },
        { .specs = { "list" } },
    };
    char digests[SIM_COUNT_OF(asks)][33];
    write_file("a.yaml", "model: town\n");
    write_file("title.yaml", "model: town\ntitle: a\n");
    write_file("comment.yaml", "model: town # x\n");
    write_file("value.yaml", "model: town\ncity: {regions: 6}\n");
    write_file("village.yaml", "model: village\n");
    write_file("list.yaml", "scenarios: [a]\n");
    for (size_t i = 0; i < SIM_COUNT_OF(asks); i++) {
        digest_of(&asks[i], digests[i]);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(digests[i], digests[j]) == 0) {
                fail_msg("asks %zu and %zu have one digest", j, i);
            }
        }
    }
}

static void
the_text_alone_changes_the_digest(void **state)
{
    (void) state;
    const char *const texts[] = { "model: town\n", "model: town\ntitle: a b\n", "model: town\n# a remark\n",
        "model: village\n" };
    char digests[SIM_COUNT_OF(texts)][33];
    for (size_t i = 0; i < SIM_COUNT_OF(texts); i++) {
        write_file("a.yaml", texts[i]);
        digest_of(&(struct ask){ .specs = { "a" } }, digests[i]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(digests[i], digests[j]);
        }
    }
}

static struct sim_field later_rows[SIM_COUNT_OF(rows)];
static struct sim_model later_town;

static const struct sim_model *
find_later_model(const char *name)
{
    return strcmp(name, "town") == 0 ? &later_town : NULL;
}

static void
another_default_changes_the_digest(void **state)
{
    (void) state;
    char digest[33];
    struct sim_experiment later;
    struct sim_messages messages;
    write_file("a.yaml", "model: town\n");
    digest_of(&(struct ask){ .specs = { "a" }, .replicates = 1 }, digest);
    memcpy(later_rows, rows, sizeof(rows));
    later_town = town;
    later_town.fields.list = later_rows;
    for (size_t i = 0; i < 2; i++) {
        const char *const spec = "a";
        struct sim_request request = { .specs = &spec,
            .n_specs = 1,
            .n_replicates = 1,
            .seed = -1,
            .n_ticks = -1,
            .burn_in = -1,
            .search = { .folders = no_folders },
            .find_model = find_later_model,
            .model_names = "town" };
        sim_messages_init(&messages);
        assert_int_equal(sim_experiment_init(&later, &request, &messages), SIM_OK);
        assert_int_equal(strcmp(later.digest, digest) == 0, i == 0);
        sim_experiment_free(&later);
        sim_messages_free(&messages);
        later_rows[0].standard = "0.7";
    }
}

static void
the_digest_does_not_know_where_and_when_files_were_read(void **state)
{
    (void) state;
    char first[33], again[33];
    char path[128];
    assert_int_equal(system("mkdir sub"), 0);
    write_file("base.yaml", "model: town\n");
    write_file("sub/base.yaml", "model: town\n");
    write_file("a.yaml", "extends: base\n");
    write_file("sub/a.yaml", "extends: base\n");
    write_file("b.yaml", "model: village\n");
    digest_of(&(struct ask){ .specs = { "a" } }, first);
    digest_of(&(struct ask){ .specs = { "b" } }, again);
    assert_string_not_equal(first, again);
    snprintf(path, sizeof(path), "%s/a.yaml", folder);
    const struct ask asks[] = { { .specs = { "a" } }, { .specs = { "a.yaml" } }, { .specs = { "./a" } },
        { .specs = { "sub/a" } }, { .specs = { path } },
        { .specs = { "a" }, .replicates = 6, .seed = 1, .ticks = 120, .burn_in = 24 } };
    for (size_t i = 0; i < SIM_COUNT_OF(asks); i++) {
        digest_of(&asks[i], again);
        assert_string_equal(first, again);
    }
}

/* Faults */

static void
all_faults_of_all_files_are_told_at_once(void **state)
{
    (void) state;
    write_file("a.yaml", "model: town\npurchase:\n  qualty_weight: 0.5\n  budget: 2000\n");
    write_file("b.yaml", "model: town\ncity: {regions: many}\n");
    write_file("list.yaml", "scenarios: [a, b, c]\nreplicate: 3\nseed: -1\nticks: 10\nburn_in: 10\n");
    REFUSED((&(struct ask){ .specs = { "list" }, .settings = { "city.region=3" }, .replicates = 2000000 }),
        "error: replicates must lie between 1 and 1000000, not 2000000",
        "a.yaml:3:3: error: unknown parameter \"purchase.qualty_weight\"; "
        "did you mean \"purchase.quality_weight\"?",
        "a.yaml:4:11: error: purchase.budget: 2000 is out of bounds; it must be from 0 to 1000 CNY",
        "--set 1: error: unknown parameter \"city.region\"; did you mean \"city.regions\"?",
        "b.yaml:2:17: error: city.regions: \"many\" is not a whole number",
        "list.yaml:1:19: error: there is no scenario \"c\"; there are: a b list",
        "list.yaml:2:1: error: unknown key \"replicate\" in an experiment; did you mean \"replicates\"?",
        "list.yaml:3:7: error: seed: -1 is out of bounds; it must be from 0 to 4294967295",
        "list.yaml:5:10: error: burn_in is 10 months, but the run has only 10; leave at least one to average");
    write_file("list.yaml", "scenarios: [a2]\nticks: ten\nburn_in: 300\n"); /* of how many, nobody knows */
    write_file("a2.yaml", "model: town\n");
    REFUSED(
        (&(struct ask){ .specs = { "list" } }), "list.yaml:2:8: error: ticks: \"ten\" is not a whole number");
}

static void
numbers_of_an_experiment_are_checked(void **state)
{
    (void) state;
    write_file("a.yaml", "model: town\n");
    write_file("list.yaml", "scenarios: [a]\nreplicates: 0\nseed: \"3\"\nticks: 65536\nburn_in: x\n");
    REFUSED((&(struct ask){ .specs = { "list" } }),
        "list.yaml:2:13: error: replicates: 0 is out of bounds; it must be from 1 to 1000000",
        "list.yaml:3:7: error: seed: a number is expected, not a quoted text",
        "list.yaml:4:8: error: ticks: 65536 is out of bounds; it must be from 1 to 65535",
        "list.yaml:5:10: error: burn_in: \"x\" is not a whole number");
}

static void
what_is_no_key_of_an_experiment_is_told(void **state)
{
    (void) state;
    write_file("a.yaml", "model: town\n");
    write_file("list.yaml", "scenarios: [a]\ncity: {regions: 3}\ndesign: gird\nrecord: {by: [community]}\n");
    REFUSED((&(struct ask){ .specs = { "list" } }),
        "list.yaml:2:1: error: unknown key \"city\" in an experiment; "
        "it has scenarios, replicates, seed, ticks, burn_in, start_from, record, "
        "title, design, stop, on_failure; parameters belong in scenarios",
        "list.yaml:3:9: error: unknown design \"gird\"; did you mean \"grid\"?",
        "list.yaml:4:15: error: model \"town\" records nothing by place");
    write_file("word.yaml", "scenarios: a\n");
    REFUSED((&(struct ask){ .specs = { "word" } }),
        "word.yaml:1:12: error: scenarios must be a list, such as [a, b]");
    write_file("nested.yaml", "scenarios: [a, [a]]\n");
    REFUSED((&(struct ask){ .specs = { "nested" } }),
        "nested.yaml:1:16: error: scenarios: a name is expected, not a list");
    write_file("none.yaml", "scenarios: []\n");
    REFUSED((&(struct ask){ .specs = { "none" } }), "none.yaml:1:12: error: scenarios lists none");
}

static void
models_must_be_known_and_one(void **state)
{
    (void) state;
    write_file("a.yaml", "model: town\n");
    write_file("b.yaml", "model: village\n");
    write_file("c.yaml", "title: x\nmodel: twon\n");
    write_file("d.yaml", "title: x\nmodel: cosmos\n");
    write_file("e.yaml", "title: x\n");
    REFUSED((&(struct ask){ .specs = { "a", "b" } }),
        "b.yaml:1:8: error: model \"village\", while another scenario of this run has \"town\"; "
        "one run has one model");
    REFUSED((&(struct ask){ .specs = { "c" } }),
        "c.yaml:2:8: error: unknown model \"twon\"; did you mean \"town\"?");
    REFUSED((&(struct ask){ .specs = { "d" } }),
        "d.yaml:2:8: error: unknown model \"cosmos\"; models are town|village");
    REFUSED((&(struct ask){ .specs = { "e" } }),
        "e.yaml: error: no model; add a line such as \"model: influence\"");
    write_file("e.yaml", "design: grid\nvary: {city.regions: [1, 2]}\n");
    REFUSED((&(struct ask){ .specs = { "e" } }),
        "e.yaml: error: no scenarios; add a line such as \"scenarios: [base]\" to an experiment, or to a "
        "scenario \"model: influence\"");
}

static void
a_file_that_cannot_be_read_is_not_blamed_for_having_no_model(void **state)
{
    (void) state;
    write_file("a.yaml", "title: [\n");
    write_file("b.yaml", "extends: bsae\n");
    write_file("base.yaml", "model: town\n");
    REFUSED((&(struct ask){ .specs = { "a" } }), "a.yaml:1:8: error: title must be a text, not a list",
        "a.yaml:2:1: error: not YAML: did not find expected node content (while parsing a flow node)");
    REFUSED((&(struct ask){ .specs = { "b" } }),
        "b.yaml:1:10: error: there is no scenario \"bsae\"; did you mean \"base\"?");
}

static void
complaints_of_the_model_stand_at_the_values(void **state)
{
    (void) state;
    write_file("base.yaml", "model: town\ncity:\n  regions: 90\n");
    write_file("a.yaml", "extends: base\npurchase: {budget: 100}\n");
    REFUSED((&(struct ask){ .specs = { "a" } }), "base.yaml:3:12: error: too many streets for this budget",
        "a.yaml:2:20: error: too much for so many streets");
    REFUSED((&(struct ask){ .specs = { "a" }, .settings = { "purchase.budget=90", "purchase.budget=200" } }),
        "base.yaml:3:12: error: too many streets for this budget",
        "--set 2: error: too much for so many streets");
    write_file("b.yaml", "model: town\ncity.regions: 50\n");
    REFUSED((&(struct ask){ .specs = { "b" } }), "b.yaml: error: too much for so many streets",
        "b.yaml:2:15: error: too many streets for this budget");
}

static void
nothing_to_run_is_a_fault(void **state)
{
    (void) state;
    REFUSED((&(struct ask){ .specs = { NULL } }), "error: no scenario to run");
    REFUSED((&(struct ask){ .specs = { "missing" } }),
        "error: there is no scenario \"missing\", neither here nor in the folders of scenarios");
}

/* Memory */

static int
is_told_as_memory(const struct outcome *outcome)
{
    if (outcome->status == SIM_ERR_MEMORY) {
        return 1;
    }
    int told = outcome->messages.out_of_memory;
    for (size_t i = 0; i < outcome->messages.count; i++) {
        told |= strcmp(outcome->messages.list[i].text, sim_status_text(SIM_ERR_MEMORY)) == 0;
    }
    return told && outcome->status == SIM_ERR_INPUT;
}

static void
assert_every_refusal_is_told(const struct ask *ask, int and_after)
{
    struct outcome whole;
    request_well(&whole, ask);
    long n, live = memory_live;
    for (n = 1;; n++) {
        struct outcome outcome;
        memory_fails_at(n, and_after);
        request(&outcome, ask);
        int refused = memory_requests >= n;
        memory_fails_at(0, 0);
        if (outcome.status == SIM_OK) { /* some requests can be done without */
            assert_string_equal(outcome.experiment.digest, whole.experiment.digest);
        } else if (!refused || !is_told_as_memory(&outcome)) {
            show_messages(&outcome.messages);
            fail_msg(
                "request %ld refused: status %d, %zu messages", n, outcome.status, outcome.messages.count);
        }
        end(&outcome);
        if (!refused) {
            break;
        }
        assert_int_equal(memory_live, live);
    }
    assert_true(n > 100);
    end(&whole);
}

static void
no_refused_request_is_lost_or_leaks(void **state)
{
    (void) state;
    write_file("base.yaml", "model: town\ntitle: 'The base'\n");
    write_file("a.yaml",
        "extends: base\npurchase: {budget: 100}\nresidents: {trust: \"uniform(0.1, 0.7)\"}\n"
        "events: [{month: 2, set: {purchase.budget: 90}}, {month: 9, set: {party: {mode: off}}}]\n");
    write_file("list.yaml", "scenarios: [a, base, a]\nticks: 30\n");
    const struct ask ask = { .specs = { "list", "base" },
        .settings = { "city.regions=2", "switches.linkage=off" } };
    assert_every_refusal_is_told(&ask, 0);
    assert_every_refusal_is_told(&ask, 1);
}

static void
nor_is_one_of_a_design(void **state)
{
    (void) state;
    static const char *const designs[] = {
        "design: grid\nvary: {purchase.budget: {from: 0, to: 9, steps: 3}, party.mode: [off, leader]}\n",
        "design: lhs\npoints: 4\nvary: {purchase.budget: [0, 9]}\nvary_in: {a: {switches.linkage: [off, on]}}\n",
        "design: morris\ntrajectories: 2\nvary: {purchase.budget: [0, 9], city.regions: [1, 3]}\n",
        ("design: one-at-a-time\nvary: {purchase.budget: [0, 9], city.regions: [1, 3]}\n"
         "link: [[purchase.budget, city.regions]]\n"),
        "design: list\npoints: [{purchase.budget: 3}, {residents: {trust: 0.5}}, {}]\n",
    };
    write_file("base.yaml", "model: town\ntitle: 'The base'\n");
    write_file("a.yaml", "extends: base\nevents: [{month: 2, set: {purchase.budget: 90}}]\n");
    for (size_t i = 0; i < SIM_COUNT_OF(designs); i++) {
        char text[512];
        snprintf(text, sizeof(text), "scenarios: [a, base]\n%s", designs[i]);
        write_file("list.yaml", text);
        assert_every_refusal_is_told(&(struct ask){ .specs = { "list" } }, 0);
        assert_every_refusal_is_told(&(struct ask){ .specs = { "list" } }, 1);
    }
}

static void
freed_twice_is_nothing(void **state)
{
    (void) state;
    struct outcome outcome;
    write_file("a.yaml", "model: town\n");
    request_well(&outcome, &(struct ask){ .specs = { "a" } });
    sim_experiment_free(&outcome.experiment);
    end(&outcome);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_scenario_alone_is_one_point_with_the_standard_numbers),
        TEST(later_layers_win_over_earlier_ones),
        TEST(settings_hold_for_every_point_and_the_last_of_a_key_wins),
        TEST(titles_are_the_files_own_and_else_the_stem),
        TEST(equal_stems_are_made_different),
        TEST(each_file_is_kept_once_in_the_order_of_reading),
        TEST(an_experiment_says_scenarios_and_numbers),
        TEST(the_command_line_wins_over_the_experiment),
        TEST(scenarios_are_found_beside_the_experiment),
        TEST(short_runs_have_half_as_burn_in),
        TEST(the_resolved_text_is_the_same_scenario_bit_for_bit),
        TEST(every_ingredient_changes_the_digest),
        TEST(the_text_alone_changes_the_digest),
        TEST(another_default_changes_the_digest),
        TEST(the_digest_does_not_know_where_and_when_files_were_read),
        TEST(all_faults_of_all_files_are_told_at_once),
        TEST(numbers_of_an_experiment_are_checked),
        TEST(what_is_no_key_of_an_experiment_is_told),
        TEST(models_must_be_known_and_one),
        TEST(a_file_that_cannot_be_read_is_not_blamed_for_having_no_model),
        TEST(complaints_of_the_model_stand_at_the_values),
        TEST(nothing_to_run_is_a_fault),
        TEST(no_refused_request_is_lost_or_leaks),
        TEST(nor_is_one_of_a_design),
        TEST(freed_twice_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
