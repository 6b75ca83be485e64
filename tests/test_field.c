/* test_field.c - values are read strictly, refused with a reason, and printed so that they read back to the
 * same bits. */
#include "sim/error.h"
#include "sim/field.h"
#include "sim/random.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PARAMETERS(PARAM, CHOICE)                                                                          \
    PARAM(REAL, BLOCK, purchase, quality_weight, "w_q", 0.8, 0, 1, "1", "weight of quality", "Che 1993")   \
    PARAM(REAL, BLOCK, purchase, budget, "B", 60, 0, 1000, "CNY", "budget per resident and year",          \
        "assumption")                                                                                      \
    PARAM(REAL, BLOCK, attitudes, shock, "", -0, -INFINITY, INFINITY, "1", "any number", "assumption")     \
    PARAM(REAL, BLOCK, attitudes, stock, "", 0, 0, INFINITY, "items", "no upper bound", "assumption")      \
    PARAM(REAL, BLOCK, attitudes, debt, "", 0, -INFINITY, 0, "", "no lower bound", "assumption")           \
    PARAM(INTEGER, BLOCK, city, regions, "", 4, 1, 100, "streets", "streets", "assumption")                \
    PARAM(INTEGER, BLOCK, city, any, "", 0, -1e30, 1e30, "1", "any whole number", "assumption")            \
    PARAM(SWITCH, BLOCK, switches, linkage, "", on, 0, 1, "1", "three-society linkage", "assumption")      \
    CHOICE(BLOCK, party, mode, "", matrix, "off|matrix|leader", "how the party coordinates", "assumption") \
    PARAM(DISTRIBUTION, BLOCK, residents, trust, "", normal(0.5, 0.1), 0, 1, "1", "initial trust",         \
        "assumption")                                                                                      \
    PARAM(DISTRIBUTION, BLOCK, residents, income, "", 5000, -10, 1e6, "CNY", "income", "assumption")

struct parameters {
    PARAMETERS(SIM_PARAM_MEMBER, SIM_CHOICE_MEMBER)
};

#define PARAM_ROW(...) SIM_PARAM_ROW(struct parameters, __VA_ARGS__)
#define CHOICE_ROW(...) SIM_CHOICE_ROW(struct parameters, __VA_ARGS__)

static const struct sim_field rows[] = { PARAMETERS(PARAM_ROW, CHOICE_ROW) };
static const struct sim_fields fields = { rows, sizeof(rows) / sizeof(rows[0]), sizeof(struct parameters) };

static const struct sim_field *
field_of(const char *key)
{
    const struct sim_field *field = sim_fields_find(&fields, key);
    assert_non_null(field);
    return field;
}

static void
assert_read(struct parameters *parameters, const char *key, const char *text)
{
    char why[512] = "";
    int ret = sim_field_parse(field_of(key), text, parameters, why, sizeof(why));
    if (ret != SIM_OK) {
        fail_msg("%s = %s: %s", key, text, why);
    }
}

static void
every_default_is_what_its_row_says(void **state)
{
    (void) state;
    struct parameters parameters = { 0 };
    struct sim_messages messages;
    sim_messages_init(&messages);
    assert_int_equal(sim_fields_defaults(&fields, &parameters, &messages), SIM_OK);
    assert_int_equal(messages.count, 0);
    assert_true(parameters.purchase_quality_weight == 0.8);
    assert_int_equal(parameters.city_regions, 4);
    assert_int_equal(parameters.switches_linkage, 1);
    assert_int_equal(parameters.party_mode, 1);
    assert_int_equal(parameters.residents_trust.kind, SIM_NORMAL);
    assert_true(parameters.residents_trust.a == 0.5 && parameters.residents_trust.b == 0.1);
    assert_true(parameters.residents_trust.lowest == 0 && parameters.residents_trust.highest == 1);
    assert_int_equal(parameters.residents_income.kind, SIM_CONSTANT);
    sim_messages_free(&messages);
}

static void
a_table_with_a_bad_default_is_told(void **state)
{
    (void) state;
    struct sim_field bad[2] = { rows[0], rows[1] };
    bad[1].standard = "2000";
    struct parameters parameters = { 0 };
    struct sim_messages messages;
    sim_messages_init(&messages);
    assert_int_equal(
        sim_fields_defaults(&(struct sim_fields){ bad, 2, sizeof(parameters) }, &parameters, &messages),
        SIM_ERR_INPUT);
    assert_int_equal(messages.count, 1);
    assert_non_null(strstr(messages.list[0].text, "purchase.budget: 2000 is out of bounds"));
    sim_messages_free(&messages);
}

static void
good_values_are_read(void **state)
{
    (void) state;
    struct parameters p = { 0 };
    static const struct {
        const char *text;
        double value;
    } reals[] = { { "1", 1 }, { "+1", 1 }, { "-1", -1 }, { ".5", 0.5 }, { "5.", 5 }, { "1e3", 1000 },
        { "1E+3", 1000 }, { "2.5e-3", 0.0025 }, { "0.1", 0.1 }, { "0", 0 }, { "0e5", 0 }, { "1e-999", 0 } };
    for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
        assert_read(&p, "attitudes.shock", reals[i].text);
        assert_true(p.attitudes_shock == reals[i].value);
    }
    assert_read(&p, "city.any", "9223372036854775807");
    assert_true(p.city_any == INT64_MAX);
    assert_read(&p, "city.any", "-9223372036854775808");
    assert_true(p.city_any == INT64_MIN);
    static const char *const switches[] = { "off", "on", "false", "true" };
    for (int i = 0; i < 4; i++) {
        assert_read(&p, "switches.linkage", switches[i]);
        assert_int_equal(p.switches_linkage, i % 2);
    }
    static const char *const choices[] = { "off", "matrix", "leader" };
    for (int i = 0; i < 3; i++) {
        assert_read(&p, "party.mode", choices[i]);
        assert_int_equal(p.party_mode, i);
    }
    static const char *const distributions[] = { "0.3", "constant(0.3)", "uniform(0.3,0.4)",
        " normal ( 0.3 , 0.4 ) ", "lognormal(0.3, 0)" };
    for (size_t i = 0; i < 5; i++) {
        assert_read(&p, "residents.trust", distributions[i]);
        assert_int_equal(p.residents_trust.kind, i == 0 ? SIM_CONSTANT : (int) i - 1);
        assert_true(p.residents_trust.a == 0.3);
    }
}

static void
bounds_belong_to_the_allowed_values(void **state)
{
    (void) state;
    struct parameters p = { 0 };
    assert_read(&p, "purchase.quality_weight", "0");
    assert_read(&p, "purchase.quality_weight", "1");
    assert_read(&p, "city.regions", "100");
    assert_read(&p, "residents.trust", "uniform(0, 1)");
    assert_read(&p, "residents.trust", "normal(1, 5)");
}

static const struct {
    const char *key, *text, *why;
} refused[] = {
    { "purchase.quality_weight", "1.0000000001", "1.0000000001 is out of bounds; it must be from 0 to 1" },
    { "purchase.quality_weight", "-1e-300", "-1e-300 is out of bounds" },
    { "purchase.budget", "1000.5", "it must be from 0 to 1000 CNY" },
    { "attitudes.stock", "-1", "it must be at least 0 items" },
    { "attitudes.debt", "1", "it must be at most 0" },
    { "attitudes.shock", "high", "\"high\" is not a number" },
    { "attitudes.shock", "", "\"\" is not a number" },
    { "attitudes.shock", ".", "\".\" is not a number" },
    { "attitudes.shock", "1e", "is not a number" },
    { "attitudes.shock", "--1", "is not a number" },
    { "attitudes.shock", "+-1", "is not a number" },
    { "attitudes.shock", "1 2", "is not a number" },
    { "attitudes.shock", "5 %", "\"5 %\" is not a number" },
    { "attitudes.shock", "5%", "\"5%\" is not a number" },
    { "attitudes.shock", "1,5", "write the decimal point as a point" },
    { "attitudes.shock", "1_000", "\"1_000\" is not a number" },
    { "attitudes.shock", "0x10", "only decimal digits are read" },
    { "attitudes.shock", "0x1p3", "only decimal digits are read" },
    { "attitudes.shock", "0o17", "only decimal digits are read" },
    { "attitudes.shock", "010", "starts with a zero that does not count" },
    { "attitudes.shock", "-00.5", "starts with a zero that does not count" },
    { "attitudes.shock", "nan", "nan is not finite" },
    { "attitudes.shock", ".nan", ".nan is not finite" },
    { "attitudes.shock", ".NaN", ".NaN is not finite" },
    { "attitudes.shock", "inf", "inf is not finite" },
    { "attitudes.shock", "-.inf", "-.inf is not finite" },
    { "attitudes.shock", "Infinity", "Infinity is not finite" },
    { "attitudes.shock", "1e999", "1e999 is too large for a number" },
    { "attitudes.shock", "-1e999", "-1e999 is too large for a number" },
    { "attitudes.shock", "on", "\"on\" is not a number" },
    { "attitudes.shock", "\xd9\xa1", "is not a number" },
    { "city.regions", "0", "0 is out of bounds; it must be from 1 to 100 streets" },
    { "city.regions", "4.5", "4.5 is not a whole number" },
    { "city.regions", "4.0", "4.0 is not a whole number" },
    { "city.regions", "1e1", "1e1 is not a whole number" },
    { "city.regions", "four", "\"four\" is not a whole number" },
    { "city.any", "9223372036854775808", "is too large for a whole number" },
    { "city.any", "-9223372036854775809", "is too large for a whole number" },
    { "city.any", "nan", "nan is not finite; a whole number is expected" },
    { "switches.linkage", "yes", "it must be on, off, true or false" },
    { "switches.linkage", "1", "it must be on, off, true or false" },
    { "switches.linkage", "True", "did you mean \"true\"?" },
    { "switches.linkage", "OFF", "did you mean \"off\"?" },
    { "switches.linkage", "flase", "did you mean \"false\"?" },
    { "party.mode", "matrx", "did you mean \"matrix\"?" },
    { "party.mode", "Leader", "did you mean \"leader\"?" },
    { "party.mode", "anarchy", "it must be one of off, matrix, leader" },
    { "party.mode", "off|matrix", "is not one of the choices" },
    { "party.mode", "", "is not one of the choices" },
    { "residents.trust", "normel(0.5, 0.1)", "unknown distribution \"normel\"; did you mean \"normal\"?" },
    { "residents.trust", "beta(2, 3)", "there are constant, uniform, normal and lognormal" },
    { "residents.trust", "(0.5)", "unknown distribution \"\"" },
    { "residents.trust", "normal(0.5)", "normal takes 2 arguments, not 1" },
    { "residents.trust", "normal()", "normal takes 2 arguments, not 0" },
    { "residents.trust", "constant(1, 2, 3)", "constant takes 1 argument, not 3" },
    { "residents.trust", "uniform(0.7, 0.2)", "low end of uniform(low, high) is above the high end" },
    { "residents.trust", "uniform(-0.1, 0.2)", "the low end -0.1 is out of bounds" },
    { "residents.trust", "uniform(0.1, 1.2)", "the high end 1.2 is out of bounds; it must be from 0 to 1" },
    { "residents.trust", "normal(0.5, -0.1)", "standard deviation of normal(mean, sd) is negative" },
    { "residents.trust", "normal(1.5, 0.1)", "the mean 1.5 is out of bounds" },
    { "residents.trust", "lognormal(0.5, -0.1)", "sigma of lognormal(median, sigma) is negative" },
    { "residents.trust", "lognormal(1.5, 0.1)", "the median 1.5 is out of bounds" },
    { "residents.income", "lognormal(0, 0.1)", "median of lognormal(median, sigma) must be above 0" },
    { "residents.income", "lognormal(-1, 0.1)", "median of lognormal(median, sigma) must be above 0" },
    { "residents.trust", "constant(2)", "2 is out of bounds" },
    { "residents.trust", "2", "2 is out of bounds" },
    { "residents.trust", "high", "\"high\" is not a number or a distribution" },
    { "residents.trust", "nan", "nan is not finite" },
    { "residents.trust", "normal(0.5, inf)", "inf is not finite" },
    { "residents.trust", "normal(0.5, )", "\"\" is not a number" },
    { "residents.trust", "normal(0.5 0.1)", "normal takes 2 arguments, not 1" },
    { "residents.trust", "normal(0.5", "within {} a distribution stands in quotes" },
    { "residents.trust", "normal(0.5, 0.1) x", "does not end with a parenthesis" },
    { "residents.trust", "normal(0.5, 0.1))", "\"0.1)\" is not a number" },
    { "residents.trust", "(", "does not end with a parenthesis" },
    { "residents.trust", ")(", "does not end with a parenthesis" },
    { "residents.trust",
        "constant(0.200000000000000000000000000000000000000000000000000000000000000000000000000000000000000)",
        "...\" is not a number" },
};

static void
bad_values_are_refused_with_a_reason_and_change_nothing(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct parameters before, after;
        memset(&before, 0x5a, sizeof(before));
        memset(&after, 0x5a, sizeof(after));
        char why[512] = "";
        int ret = sim_field_parse(field_of(refused[i].key), refused[i].text, &after, why, sizeof(why));
        if (ret != SIM_ERR_INPUT || strstr(why, refused[i].why) == NULL) {
            fail_msg("%s = %s: status %d, reason: %s", refused[i].key, refused[i].text, ret, why);
        }
        assert_memory_equal(&before, &after, sizeof(before));
    }
}

static void
a_reason_fits_any_buffer(void **state)
{
    (void) state;
    char text[5000], why[16];
    struct parameters p;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (size_t i = 0; i < fields.count; i++) {
        assert_int_equal(sim_field_parse(&rows[i], text, &p, why, sizeof(why)), SIM_ERR_INPUT);
        assert_true(strlen(why) < sizeof(why));
    }
}

static void
a_quote_is_cut_between_characters(void **state)
{
    (void) state;
    char buffer[SIM_QUOTE_SIZE];
    assert_string_equal(sim_quote("三社联动", buffer), "三社联动");
    char text[301] = "";
    for (int i = 0; i < 100; i++) {
        memcpy(text + 3 * i, "社", 3);
    }
    const char *quote = sim_quote(text, buffer);
    assert_true(strlen(quote) < SIM_QUOTE_SIZE);
    assert_int_equal((strlen(quote) - 3) % 3, 0);
    assert_string_equal(quote + strlen(quote) - 6, "社...");
}

static uint64_t
next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Any finite double: all bit patterns are equally likely. */
static double
random_double(uint64_t *seed)
{
    for (;;) {
        uint64_t bits = next_random(seed);
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) {
            return value;
        }
    }
}

static void
assert_round_trip(const struct sim_field *field, const struct parameters *p, size_t offset, size_t size)
{
    char value[SIM_VALUE_SIZE], why[512];
    struct parameters back;
    memset(&back, 0, sizeof(back));
    sim_field_print(field, p, value);
    if (sim_field_parse(field, value, &back, why, sizeof(why)) != SIM_OK) {
        fail_msg("%s: %s", value, why);
    }
    assert_memory_equal((const char *) p + offset, (const char *) &back + offset, size);
}

static void
printed_reals_read_back_to_the_same_bits(void **state)
{
    (void) state;
    static const double edges[] = { 0.0, -0.0, 0.1, 1.0 / 3, 5e-324, 2.2250738585072014e-308,
        1.7976931348623157e308, -1e22 };
    struct parameters p;
    memset(&p, 0, sizeof(p));
    uint64_t seed = 20240601;
    for (int i = 0; i < 20000; i++) {
        p.attitudes_shock = i < 8 ? edges[i] : random_double(&seed);
        if (i % 2 == 0 && i > 8) {
            p.attitudes_shock = (double) (next_random(&seed) >> 11) * 0x1p-53;
        }
        assert_round_trip(
            field_of("attitudes.shock"), &p, offsetof(struct parameters, attitudes_shock), sizeof(double));
    }
}

static void
printed_integers_and_words_read_back(void **state)
{
    (void) state;
    struct parameters p;
    memset(&p, 0, sizeof(p));
    uint64_t seed = 7;
    for (int i = 0; i < 1000; i++) {
        p.city_any = (int64_t) (next_random(&seed) >> (i % 64));
        p.city_any = i % 2 == 0 ? p.city_any : -p.city_any;
        p.switches_linkage = i % 2;
        p.party_mode = i % 3;
        assert_round_trip(
            field_of("city.any"), &p, offsetof(struct parameters, city_any), sizeof(p.city_any));
        assert_round_trip(
            field_of("switches.linkage"), &p, offsetof(struct parameters, switches_linkage), sizeof(int));
        assert_round_trip(field_of("party.mode"), &p, offsetof(struct parameters, party_mode), sizeof(int));
    }
}

static void
printed_distributions_read_back_to_the_same_bits(void **state)
{
    (void) state;
    const struct sim_field *field = field_of("residents.trust");
    struct parameters p;
    memset(&p, 0, sizeof(p));
    uint64_t seed = 11;
    for (int i = 0; i < 4000; i++) {
        struct sim_distribution *d = &p.residents_trust;
        d->kind = (enum sim_distribution_kind)(i % SIM_DISTRIBUTION_COUNT);
        d->a = sim_uniform((uint32_t) next_random(&seed)) / 3;
        d->b = d->kind == SIM_CONSTANT ? 0 : d->a + sim_uniform((uint32_t) next_random(&seed)) / 3;
        d->lowest = 0;
        d->highest = 1;
        assert_round_trip(field, &p, offsetof(struct parameters, residents_trust), sizeof(*d));
    }
}

static void
values_print_as_a_user_would_write_them(void **state)
{
    static const struct {
        const char *key, *given, *printed;
    } cases[] = {
        { "attitudes.shock", "0.10", "0.1" },
        { "attitudes.shock", "1e-5", "1e-05" },
        { "city.regions", "+7", "7" },
        { "switches.linkage", "false", "off" },
        { "switches.linkage", "true", "on" },
        { "party.mode", "leader", "leader" },
        { "residents.trust", "constant(0.25)", "0.25" },
        { "residents.trust", "normal(0.2,0.05)", "normal(0.2, 0.05)" },
        { "residents.trust", "lognormal(0.2,.5)", "lognormal(0.2, 0.5)" },
    };
    (void) state;
    struct parameters p = { 0 };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char value[SIM_VALUE_SIZE];
        assert_read(&p, cases[i].key, cases[i].given);
        sim_field_print(field_of(cases[i].key), &p, value);
        assert_string_equal(value, cases[i].printed);
    }
}

static void
the_decimal_point_does_not_depend_on_the_locale(void **state)
{
    (void) state;
    static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8" };
    int found = 0;
    for (size_t i = 0; i < 5 && !found; i++) {
        found = setlocale(LC_NUMERIC, names[i]) != NULL;
    }
    if (!found) {
        print_message("SKIPPED: no locale with a decimal comma is installed\n");
        skip();
    }
    char value[SIM_VALUE_SIZE], why[512];
    struct parameters p = { 0 };
    assert_read(&p, "purchase.quality_weight", "0.25");
    assert_true(p.purchase_quality_weight == 0.25);
    sim_field_print(field_of("purchase.quality_weight"), &p, value);
    assert_string_equal(value, "0.25");
    assert_int_equal(
        sim_field_parse(field_of("purchase.quality_weight"), "1.5", &p, why, sizeof(why)), SIM_ERR_INPUT);
    assert_non_null(strstr(why, "1.5 is out of bounds"));
    char probe[16];
    snprintf(probe, sizeof(probe), "%.1f", 0.5);
    assert_string_equal(probe, "0,5"); /* the program's own locale is as it was */
    setlocale(LC_NUMERIC, "C");
}

static void
misspelled_keys_suggest_what_was_meant(void **state)
{
    static const struct {
        const char *given, *meant;
    } cases[] = {
        { "purchase.qualty_weight", "purchase.quality_weight" },
        { "purchase.quality_wieght", "purchase.quality_weight" },
        { "Purchase.Quality_Weight", "purchase.quality_weight" },
        { "purchse.quality_weight", "purchase.quality_weight" },
        { "purchase_quality_weight", "purchase.quality_weight" },
        { "quality_weight", "purchase.quality_weight" },
        { "tender.quality_weight", "purchase.quality_weight" },
        { "purchase.purchase.quality_weight", "purchase.quality_weight" },
        { "city.trust", "residents.trust" },
        { "residnets", "residents" },
        { "purchase.nonsense", "" },
        { "residents.zzz", "" },
        { "zzz", "" },
        { "", "" },
        { ".", "" },
    };
    (void) state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char nearest[SIM_KEY_SIZE] = "";
        int found = sim_fields_suggest(&fields, cases[i].given, nearest);
        assert_string_equal(nearest, cases[i].meant);
        assert_int_equal(found, cases[i].meant[0] != '\0');
    }
    char key[4096], nearest[SIM_KEY_SIZE];
    memset(key, 'a', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    assert_false(sim_fields_suggest(&fields, key, nearest));
}

static void
keys_are_found_only_whole(void **state)
{
    (void) state;
    assert_non_null(sim_fields_find(&fields, "city.any"));
    assert_null(sim_fields_find(&fields, "city.an"));
    assert_null(sim_fields_find(&fields, "city.any."));
    assert_null(sim_fields_find(&fields, "city"));
    assert_null(sim_fields_find(&fields, "any"));
    assert_null(sim_fields_find(&fields, ""));
    assert_true(sim_fields_has_group(&fields, "city"));
    assert_false(sim_fields_has_group(&fields, "cit"));
}

/* The inverse of each cumulative distribution at a few probabilities; normal quantiles from published tables.
 */
static void
distributions_invert_their_cumulative(void **state)
{
    (void) state;
    struct sim_distribution d = { SIM_CONSTANT, 0.3, 0, 0, 1 };
    assert_true(sim_distribution_at(&d, 0.9) == 0.3);
    d = (struct sim_distribution){ SIM_UNIFORM, -2, 6, -10, 10 };
    assert_true(sim_distribution_at(&d, 0.25) == 0);
    d = (struct sim_distribution){ SIM_NORMAL, 10, 2, -100, 100 };
    assert_true(fabs(sim_distribution_at(&d, 0.975) - (10 + 2 * 1.959963984540054)) < 1e-12);
    assert_true(fabs(sim_distribution_at(&d, 0.5) - 10) < 1e-15);
    d = (struct sim_distribution){ SIM_LOGNORMAL, 3, 0.5, 0, 100 };
    assert_true(fabs(sim_distribution_at(&d, 0.5) - 3) < 1e-14);
    assert_true(fabs(sim_distribution_at(&d, 0.025) - 3 * exp(-0.5 * 1.959963984540054)) < 1e-12);
}

static void
draws_stay_within_the_bounds(void **state)
{
    (void) state;
    for (int kind = 0; kind < SIM_DISTRIBUTION_COUNT; kind++) {
        struct sim_distribution d = { (enum sim_distribution_kind) kind, 0.5, 800, 0.2, 0.9 };
        int lowest = 0, highest = 0;
        double last = d.lowest;
        for (int i = 1; i < 4096; i++) {
            double x = sim_distribution_at(&d, i / 4096.0);
            assert_true(x >= d.lowest && x <= d.highest && x >= last);
            lowest += x == d.lowest;
            highest += x == d.highest;
            last = x;
        }
        assert_true(kind == SIM_CONSTANT || highest > 1000);
        assert_true(kind == SIM_CONSTANT || kind == SIM_UNIFORM || lowest > 1000);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_is_what_its_row_says),
        cmocka_unit_test(a_table_with_a_bad_default_is_told),
        cmocka_unit_test(good_values_are_read),
        cmocka_unit_test(bounds_belong_to_the_allowed_values),
        cmocka_unit_test(bad_values_are_refused_with_a_reason_and_change_nothing),
        cmocka_unit_test(a_reason_fits_any_buffer),
        cmocka_unit_test(a_quote_is_cut_between_characters),
        cmocka_unit_test(printed_reals_read_back_to_the_same_bits),
        cmocka_unit_test(printed_integers_and_words_read_back),
        cmocka_unit_test(printed_distributions_read_back_to_the_same_bits),
        cmocka_unit_test(values_print_as_a_user_would_write_them),
        cmocka_unit_test(the_decimal_point_does_not_depend_on_the_locale),
        cmocka_unit_test(misspelled_keys_suggest_what_was_meant),
        cmocka_unit_test(keys_are_found_only_whole),
        cmocka_unit_test(distributions_invert_their_cumulative),
        cmocka_unit_test(draws_stay_within_the_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
