/* test_places.c - a table of real places makes streets of different sizes whose communities have parameters of
 * their own; and rules read a community's parameters through the community. */
#include "tiny.h"

#include "sim/alloc.h"
#include "sim/experiment.h"

#include "memory.h"
#include "points.h"

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

#define MONTHS 26

/* Numbers of some months, one row each; verified each month. */
static double *
record(const struct sim_setting *setting, int threads)
{
    struct sim_world world;
    char why[256] = "";
    assert_int_equal(
        sim_world_init_setting(&world, &cogov_model, setting, (struct sim_key){ 4, 0 }, threads), SIM_OK);
    double *rows = sim_alloc((size_t) MONTHS * world.row, sizeof(double));
    for (uint32_t t = 0; t < MONTHS; t++) {
        sim_world_step(&world);
        sim_world_observe(&world, rows + (size_t) t * world.row);
        if (sim_world_verify(&world, why, sizeof(why)) != SIM_OK) {
            fail_msg("%s", why);
        }
    }
    sim_world_free(&world);
    return rows;
}

/* How many of the months two settings share, bit for bit. */
static uint32_t
same_months(const struct sim_setting *a, const struct sim_setting *b, int threads)
{
    size_t bytes = sim_model_row(&cogov_model) * sizeof(double);
    double *x = record(a, 1), *y = record(b, threads);
    uint32_t same = 0;
    while (same < MONTHS && memcmp((char *) x + same * bytes, (char *) y + same * bytes, bytes) == 0) {
        same++;
    }
    sim_free(x);
    sim_free(y);
    return same;
}

static const struct sim_setting *
setting_of(const struct point *point)
{
    return &point->experiment.bases[0].setting;
}

static const struct cogov_params *
params_at(const struct sim_view *view)
{
    return view->params;
}

#define HEAD "model: cogov\ncity: {communities: t.csv, residents: 150}\n"

static void
empty_cells_are_no_table(void **state)
{
    (void) state;
    struct point with, without;
    point_write("t.csv",
        "street,community,city.residents,organisations.professional,burden.cut\n"
        "N,a,,,\nN,b,,,\nS,a,,,\nS,b,,,\nN,c,,,\nS,c,,,\n");
    point_init(&with, HEAD);
    point_init(&without, "model: cogov\ncity: {streets: 2, communities: 3, residents: 150}\n");
    assert_int_equal(same_months(setting_of(&without), setting_of(&with), 2), MONTHS);
    point_free(&with);
    point_free(&without);
}

static void
a_column_of_one_value_is_the_value_of_the_scenario(void **state)
{
    (void) state;
    struct point with, without;
    point_write("t.csv",
        "street,community,burden.cut,city.elderly_share,purchase.budget,city.residents\n"
        "N,a,0.4,\"normal(0.3, 0.02)\",200,120\nN,b,0.4,\"normal(0.3, 0.02)\",,120\n");
    point_init(&with, HEAD);
    point_init(&without,
        "model: cogov\ncity: {streets: 1, communities: 2, residents: 120, elderly_share: \"normal(0.3, 0.02)\"}\n"
        "burden.cut: 0.4\npurchase.budget: 200\n");
    assert_int_equal(same_months(setting_of(&without), setting_of(&with), 2), MONTHS);
    point_free(&with);
    point_init(&with, "model: cogov\ncity: {streets: 1, communities: 2, residents: 120}\n");
    assert_true(same_months(setting_of(&without), setting_of(&with), 2) < MONTHS);
    point_free(&with);
    point_free(&without);
}

static void
each_community_has_what_its_row_says(void **state)
{
    (void) state;
    struct point point;
    struct sim_world world;
    point_write("t.csv",
        "\xef\xbb\xbf# a byte order mark and lines of Windows\r\n"
        "community,city.residents, burden.cut ,street,purchase.budget\r\n"
        "\r\n"
        "东苑 , 300,0.3,北街,\r\n"
        "\"A, \"\"x\"\"\",,,南街,\r\n"
        "西苑,200,,北街,77\r\n"
        "东苑,,0.1,南街,\r\n"
        "C,,,北街,77.0\r\n");
    point_init(&point, HEAD "burden.cut: 0.2\n");
    const struct sim_setting *setting = setting_of(&point);
    char buffer[SIM_NAME_SIZE];
    assert_int_equal(setting->n_regions, 2);
    assert_string_equal(sim_setting_name(setting, 0, SIM_NO_BLOCK, buffer), "北街");
    assert_string_equal(sim_setting_name(setting, 1, SIM_NO_BLOCK, buffer), "南街");
    assert_string_equal(sim_setting_name(setting, 0, 0, buffer), "东苑");
    assert_string_equal(sim_setting_name(setting, 0, 2, buffer), "C");
    assert_string_equal(sim_setting_name(setting, 1, 0, buffer), "A, \"x\"");
    assert_string_equal(sim_setting_name(setting, 1, 1, buffer), "东苑");

    assert_int_equal(
        sim_world_init_setting(&world, &cogov_model, setting, (struct sim_key){ 4, 0 }, 1), SIM_OK);
    const struct sim_view *city = sim_world_view(&world);
    const struct sim_view *north = city->below[0], *south = city->below[1];
    assert_int_equal(city->n_below, 2);
    assert_int_equal(north->n_below, 3);
    assert_int_equal(south->n_below, 2);
    assert_int_equal(cogov_firm_count(north), 3 + params_at(north)->firms_service_companies);
    assert_int_equal(cogov_firm_count(south), 2 + params_at(south)->firms_service_companies);
    assert_int_equal(cogov_resident_count(north->below[0]), 300);
    assert_int_equal(cogov_resident_count(north->below[1]), 200);
    assert_int_equal(cogov_resident_count(north->below[2]), 150);
    assert_true(params_at(north->below[0])->burden_cut == 0.3);
    assert_true(params_at(north->below[1])->burden_cut == 0.2);
    assert_true(params_at(south->below[1])->burden_cut == 0.1);
    assert_true(params_at(city)->burden_cut == 0.2);
    assert_true(params_at(north)->purchase_budget == 77);
    assert_true(params_at(north->below[0])->purchase_budget == 77);
    assert_true(params_at(north->below[2])->purchase_budget == 77); /* its street's */
    assert_true(params_at(south)->purchase_budget == params_at(city)->purchase_budget);
    assert_int_equal(params_at(city)->city_streets, 2);
    assert_int_equal(params_at(city)->city_communities, 3);
    assert_ptr_equal(south->below[0]->params, city->params); /* nothing differs there */
    for (uint32_t b = 0; b < 2; b++) {
        assert_ptr_equal(south->below[b]->above, south);
        assert_int_equal(south->below[b]->region, 1);
        assert_int_equal(south->below[b]->block, b);
    }
    sim_world_free(&world);
    point_free(&point);
}

static void
an_event_changes_all_places_whatever_the_table_says(void **state)
{
    (void) state;
    struct point point;
    struct sim_world world;
    point_write("t.csv", "street,community,burden.cut,needs.rate\nN,a,0.3,0.1\nN,b,,\nS,c,0.5,\n");
    point_init(&point, HEAD "events: [{month: 2, set: {burden.cut: 0.7}}]\n");
    assert_int_equal(
        sim_world_init_setting(&world, &cogov_model, setting_of(&point), (struct sim_key){ 4, 0 }, 2),
        SIM_OK);
    const struct sim_view *north = sim_world_view(&world)->below[0];
    sim_world_step(&world);
    assert_true(params_at(north->below[0])->burden_cut == 0.3);
    sim_world_step(&world);
    assert_true(params_at(north->below[0])->burden_cut == 0.7);
    assert_true(params_at(north->below[0])->needs_rate == 0.1);
    assert_true(params_at(north->below[1])->burden_cut == 0.7);
    assert_true(params_at(north)->burden_cut == 0.7);
    assert_true(params_at(sim_world_view(&world)->below[1]->below[0])->burden_cut == 0.7);
    sim_world_free(&world);
    point_free(&point);
}

/* The same parameters, but what may differ below a level is nonsense above it. */
static void *
poisoned(const struct cogov_params *good, enum sim_level level)
{
    struct cogov_params *bad = sim_alloc(1, sizeof(*bad));
    *bad = *good;
    for (size_t f = 0; f < cogov_model.fields.count; f++) {
        const struct sim_field *field = &cogov_model.fields.list[f];
        void *member = (char *) bad + field->offset;
        if (field->level <= level) {
            continue;
        }
        if (field->type == SIM_REAL) {
            *(double *) member = (double) NAN;
        } else if (field->type == SIM_INTEGER) {
            *(int64_t *) member = 1000003;
        } else if (field->type == SIM_DISTRIBUTION) {
            ((struct sim_distribution *) member)->a = (double) NAN;
        } else if (field->type == SIM_CHOICE) {
            *(int *) member = 99;
        }
    }
    return bad;
}

/* Every rule, whatever its scope, reads what may differ by place at the place itself. */
static void
rules_read_what_differs_by_place_at_the_place(void **state)
{
    (void) state;
    enum { STREETS = 2, COMMUNITIES = 3, PLACES = 1 + STREETS + STREETS * COMMUNITIES };
    struct cogov_params p;
    tiny_params(&p, "city.streets=2 city.communities=3 city.residents=150 purchase.budget=200");
    void *city = poisoned(&p, SIM_WORLD), *street = poisoned(&p, SIM_REGION);
    const void *own[PLACES] = { NULL };
    for (int i = 1; i < PLACES; i++) {
        own[i] = i <= STREETS ? street : &p;
    }
    const struct sim_era plain = { .params = &p }, apart = { .params = city, .own = own };
    const uint32_t first_block[] = { 0, 3, 6 };
    const struct sim_setting expected = { .eras = &plain, .n_eras = 1 };
    const struct sim_setting setting = {
        .eras = &apart, .n_eras = 1, .n_regions = STREETS, .first_block = first_block
    };
    assert_int_equal(same_months(&expected, &setting, 1), MONTHS);
    sim_free(city);
    sim_free(street);
}

static void
every_fault_of_a_table_is_told_at_its_place(void **state)
{
    (void) state;
    point_write("t.csv",
        "street,community,city.resident,city.elderly_share,organisations.professional,city.streets,"
        "city.elderly_share\n"
        "北街,东苑,300,2,3,,\n"
        "北街,东苑,300,0.1,4,,\n"
        ",西苑,,,3.0\n"
        "南街,\"A\" b,200,\"normal(0.3, 0.05)\",,,\n"
        "南街,B,,x,,,,\n");
    point_refused(HEAD "burden.cut: 3\nevents: 1\n",
        "x.yaml:3:13: error: burden.cut: 3 is out of bounds; it must be from 0 to 1",
        "x.yaml:4:9: error: events must be a list of events, such as - {month: 24, set: {GROUP.NAME: VALUE}}",
        "t.csv:1:18: error: unknown column \"city.resident\"; did you mean \"city.residents\"?",
        "t.csv:1:78: error: city.streets is the same at all places; it belongs in the scenario, not in a table",
        "t.csv:1:91: error: column \"city.elderly_share\" is there twice",
        "t.csv:2:11: error: city.elderly_share: 2 is out of bounds; it must be from 0 to 0.8",
        "t.csv:3:4: error: community \"东苑\" is in line 2 already",
        "t.csv:3:15: error: organisations.professional is the same in all of a street; here it is 4, in line 2 3",
        "t.csv:4:1: error: 5 cells, but the header has 7", "t.csv:4:1: error: the street has no name",
        "t.csv:5:8: error: a comma is expected after the closing quote; a quote in a cell is doubled",
        "t.csv:6:1: error: 8 cells, but the header has 7",
        "t.csv:6:7: error: city.elderly_share: \"x\" is not a number or a distribution like normal(0.2, 0.05)",
        NULL);
}

static void
what_is_no_table_is_refused(void **state)
{
    (void) state;
    static const struct {
        const char *table, *message;
    } rows[] = {
        { "", "t.csv: error: the table is empty; a header is expected" },
        { "# nothing\n\n", "t.csv: error: the table is empty; a header is expected" },
        { "street,community\n", "t.csv: error: the table has no rows" },
        { "street,burden.cut\nN,0.1\n", "t.csv:1:1: error: a column \"community\" is missing" },
        { "community,burden.cut\nN,0.1\n", "t.csv:1:1: error: a column \"street\" is missing" },
        { "street,comunity\nN,a\n", "t.csv:1:1: error: a column \"community\" is missing" },
        { "street,community,\nN,a,\n", "t.csv:1:18: error: a column without a name" },
        { "street,community\nN,\n", "t.csv:2:3: error: the community has no name" },
        { "street,community\nN,\"a\n", "t.csv:2:3: error: the quote is not closed" },
        { "street,community\nN,a\"b\n",
            "t.csv:2:4: error: a quote within a cell; put the whole cell in quotes and double it" },
        { "street,community\nN,\"a\nb\"\n",
            "t.csv:2:3: error: the name of a community must be one line without tabs" },
        { "street,community\nN,\xff\n", "t.csv:2:3: error: this is not UTF-8 (byte 0xff)" },
        { "street,community,residents.degree\nN,a,\nN,b,7\n",
            "t.csv:3:5: error: residents.degree must be even, not 7" },
        { "street,community,needs.minor_share\nN,a,0.5\n",
            "t.csv:2:5: error: needs.minor_share, ordinary_share and major_share must add up to 1, not 0.8" },
    };
    for (size_t i = 0; i < SIM_COUNT_OF(rows); i++) {
        struct point point;
        char line[512];
        int told = 0;
        point_write("t.csv", rows[i].table);
        point_write("x.yaml", HEAD);
        point_read(&point, NULL);
        assert_int_equal(point.status, SIM_ERR_INPUT);
        for (size_t m = 0; m < point.messages.count; m++) {
            sim_message_format(&point.messages.list[m], line, sizeof(line));
            told |= strcmp(line, rows[i].message) == 0;
        }
        if (!told) {
            point_show(&point);
            fail_msg("not said: %s", rows[i].message);
        }
        point_free(&point);
    }
}

static void
the_number_of_streets_is_the_tables(void **state)
{
    (void) state;
    struct point point;
    point_write("t.csv", "street,community\nN,a\nS,b\n");
    point_init(&point, HEAD "city.streets: 2\n");
    point_free(&point);
    point_init(&point, HEAD "city.streets: 4\n"); /* the default */
    assert_int_equal(setting_of(&point)->n_regions, 2);
    point_free(&point);
    point_refused(HEAD "city.streets: 3\n",
        "x.yaml:3:15: error: city.streets is 3, but the table t.csv has 2; leave it out", NULL);
}

static void
a_table_is_found_beside_the_file_that_names_it_and_kept_with_the_spec(void **state)
{
    (void) state;
    struct point point, again, other;
    static const char text[] = "street,community,burden.cut\nN,a,0.5\nS,b,\n";
    assert_int_equal(system("mkdir sub"), 0);
    point_write("sub/t.csv", text);
    point_write("sub/low.yaml", HEAD "events: [{month: 3, set: {burden.cut: 0.1}}]\n");
    point_init(&point, "extends: sub/low.yaml\n");
    const struct sim_experiment *experiment = &point.experiment;
    const struct sim_given *table = &experiment->given[experiment->n_given - 1];
    assert_string_equal(table->stem, "t.csv");
    assert_string_equal(table->text, text);

    point_write("t.csv", table->text); /* the spec alone is enough */
    point_init(&again, experiment->bases[0].resolved);
    assert_string_equal(again.experiment.bases[0].resolved, experiment->bases[0].resolved);
    assert_int_equal(same_months(setting_of(&point), setting_of(&again), 1), MONTHS);

    point_write("t.csv", "street,community,burden.cut\nN,a,0.6\nS,b,\n");
    point_init(&other, experiment->bases[0].resolved);
    assert_string_not_equal(other.experiment.digest, again.experiment.digest);
    point_free(&other);
    point_free(&again);
    point_free(&point);

    point_init(&point, "extends: sub/low.yaml\ncity.communities: 3\n"); /* a later number wins */
    assert_null(setting_of(&point)->first_block);
    point_free(&point);
    point_refused("model: cogov\ncity: {communities: no.csv}\n",
        "x.yaml:2:21: error: the table no.csv cannot be read: No such file or directory", NULL);
    point_refused("model: cogov\ncity: {communities: all}\n",
        "x.yaml:2:21: error: city.communities: \"all\" is neither a whole number nor a table, whose name ends in "
        ".csv",
        NULL);
}

static void
no_refused_request_is_lost_or_leaks(void **state)
{
    (void) state;
    point_write("t.csv", "street,community,burden.cut,purchase.budget\nN,a,0.5,\nS,\"b\",,3\n");
    point_write(
        "x.yaml", HEAD "events: [{month: 3, set: {burden.cut: 0.1}}, {month: 4, set: {needs.rate: 0.1}}]\n");
    struct point point;
    int refused = 1;
    long n, live = memory_live;
    for (n = 1; refused; n++) {
        memory_fails_at(n, 0);
        point_read(&point, NULL);
        refused = memory_requests >= n;
        memory_fails_at(0, 0);
        int told = point.status == SIM_ERR_MEMORY || point.messages.out_of_memory;
        for (size_t m = 0; m < point.messages.count; m++) {
            told |= strstr(point.messages.list[m].text, "not enough memory") != NULL;
        }
        if (point.status != SIM_OK && !(refused && told)) {
            point_show(&point);
            fail_msg("request %ld refused: status %d", n, point.status);
        }
        point_free(&point);
        assert_int_equal(memory_live, live);
    }
    assert_true(n > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        POINT_TEST(empty_cells_are_no_table),
        POINT_TEST(a_column_of_one_value_is_the_value_of_the_scenario),
        POINT_TEST(each_community_has_what_its_row_says),
        POINT_TEST(an_event_changes_all_places_whatever_the_table_says),
        POINT_TEST(rules_read_what_differs_by_place_at_the_place),
        POINT_TEST(every_fault_of_a_table_is_told_at_its_place),
        POINT_TEST(what_is_no_table_is_refused),
        POINT_TEST(the_number_of_streets_is_the_tables),
        POINT_TEST(no_refused_request_is_lost_or_leaks),
        POINT_TEST(a_table_is_found_beside_the_file_that_names_it_and_kept_with_the_spec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
