/* test_record.c - what is recorded by place and of a sample of residents is what the world holds. */
#include "tiny.h"

#include "sim/alloc.h"
#include "sim/execute.h"

enum { REPLICATES = 2, TICKS = 5, RESIDENTS = 40 };

/* A city of two streets with three communities each, and one of one street with two. */
struct pair {
    struct cogov_params params[2];
    struct sim_base bases[2];
    struct sim_experiment experiment;
    struct sim_results results;
    struct sim_era eras[2];
};

static void
pair_init(struct pair *pair, int by_place, uint32_t n_agents)
{
    static const char *const cities[] = { "city.streets=2 city.communities=3 city.residents=normal(90,30)",
        "city.streets=1 city.communities=2 city.residents=normal(90,30) linkage.level=0.9" };
    memset(pair, 0, sizeof(*pair));
    for (int i = 0; i < 2; i++) {
        tiny_params(&pair->params[i], cities[i]);
        pair->eras[i].params = &pair->params[i];
        pair->bases[i].setting = (struct sim_setting){ .eras = &pair->eras[i], .n_eras = 1 };
    }
    pair->experiment = (struct sim_experiment){ .model = &cogov_model,
        .bases = pair->bases,
        .n_bases = 2,
        .n_points = 2,
        .n_replicates = REPLICATES,
        .seed = 11,
        .n_ticks = TICKS,
        .record = { { 0, (unsigned char) by_place, (unsigned char) by_place }, n_agents } };
    struct sim_execution how = { .threads = 2 };
    assert_int_equal(sim_results_init(&pair->results, &pair->experiment), SIM_OK);
    assert_int_equal(sim_execute(&pair->results, &how), SIM_OK);
}

/* Rows of a cell, and what follows them. */
static const double *
row_of(const struct pair *pair, uint32_t cell, uint32_t tick)
{
    return pair->results.cells[cell].rows + (size_t) (tick - 1) * pair->results.row;
}

static const double *
once_of(const struct pair *pair, uint32_t cell)
{
    return row_of(pair, cell, TICKS + 1);
}

static void
world_of(const struct pair *pair, uint32_t cell, struct sim_world *world)
{
    struct sim_key key = { pair->experiment.seed, cell % REPLICATES };
    assert_int_equal(sim_world_init(world, &cogov_model, &pair->params[cell / REPLICATES], key, 1), SIM_OK);
}

/* One number of all places of a level: checks it against the whole city's, with the weights of the world. */
static void
check_places(const struct sim_world *world, const double *by, uint32_t n, uint32_t most, enum sim_level level,
    const struct sim_observation *observation, uint32_t at, double city)
{
    double value = 0, weight = 0;
    for (uint32_t place = 0; place < n; place++) {
        double own = 0;
        for (uint32_t i = 0; i < world->n_places; i++) {
            int is_here = level == SIM_REGION
                ? i >= 1 && (i == 1 + place || (i > n && (i - 1 - n) / 3 == place))
                : i == 1 + world->n_regions + place;
            own += is_here ? world->tallies[(size_t) i * 2 * world->row + world->row + at] : 0;
        }
        int is_mean = observation->aggregate == SIM_MEAN;
        assert_true(isnan(by[place]) == (is_mean && !(own > 0)));
        value += isnan(by[place]) ? 0 : is_mean ? by[place] * own : by[place];
        weight += own;
    }
    for (uint32_t place = n; place < most; place++) {
        assert_true(isnan(by[place]));
    }
    if (observation->aggregate == SIM_COUNT) {
        assert_true(value == city);
    } else if (observation->aggregate == SIM_TOTAL) {
        assert_true(fabs(value - city) <= 1e-12 * fabs(city));
    } else {
        assert_true(isnan(city) ? !(weight > 0) : fabs(value / weight - city) <= 1e-12 * fmax(1, fabs(city)));
    }
}

static uint32_t
check_level(const struct pair *pair, const struct sim_world *world, uint32_t cell, enum sim_level level)
{
    const double *row = row_of(pair, cell, world->tick);
    const double *by = row + pair->results.layout.by[level];
    uint32_t most = pair->results.layout.places[level], checked = 0, at = 0;
    uint32_t n = sim_record_places(&pair->experiment, cell / REPLICATES, level);
    for (uint32_t o = 0; o < cogov_model.n_observations; o++) {
        const struct sim_observation *observation = &cogov_model.observations[o];
        for (uint32_t label = 0; label < sim_observation_labels(&cogov_model, observation); label++, at++) {
            if (observation->level >= level) {
                check_places(world, by, n, most, level, observation, at, row[at]);
                by += most;
                checked++;
            }
        }
    }
    return checked;
}

static void
places_add_up_to_the_city(void **state)
{
    struct pair pair;
    (void) state;
    pair_init(&pair, 1, 0);
    assert_int_equal(pair.results.layout.places[SIM_REGION], 2);
    assert_int_equal(pair.results.layout.places[SIM_BLOCK], 6);
    for (uint32_t cell = 0; cell < 2 * REPLICATES; cell++) {
        struct sim_world world;
        double *row = sim_alloc(pair.results.row, sizeof(*row));
        world_of(&pair, cell, &world);
        for (int t = 0; t < TICKS; t++) {
            sim_world_step(&world);
            sim_world_observe(&world, row);
            assert_memory_equal(row, row_of(&pair, cell, world.tick), world.row * sizeof(*row));
            assert_true(
                check_level(&pair, &world, cell, SIM_REGION) > check_level(&pair, &world, cell, SIM_BLOCK));
        }
        sim_world_free(&world);
        sim_free(row);
    }
    sim_results_free(&pair.results);
}

static const struct sim_view *
home_of(const struct sim_world *world, const double *once, uint32_t i)
{
    const struct sim_view *top = sim_world_view(world);
    uint32_t number = (uint32_t) once[SIM_AGENT_BLOCK * RESIDENTS + i];
    const struct sim_view *home = top->below[(uint32_t) once[SIM_AGENT_REGION * RESIDENTS + i]];
    home = home->below[number % home->n_below];
    assert_int_equal(home->region * top->below[0]->n_below + home->block, number);
    return home;
}

/* In the order of the HISTORY lines. */
static void
check_histories(const struct pair *pair, const struct sim_world *world, uint32_t cell)
{
    const double *once = once_of(pair, cell);
    const double *history = row_of(pair, cell, world->tick) + pair->results.layout.histories;
    for (uint32_t i = 0; i < RESIDENTS; i++) {
        const struct cogov_resident *r = cogov_resident_of(home_of(world, once, i));
        uint32_t n = (uint32_t) once[SIM_AGENT_INDEX * RESIDENTS + i];
        const double held[] = { r->tenure[n], r->depth[n], r->trust[n], r->satisfaction[n], r->expectation[n],
            r->identity[n], r->efficacy[n], r->cognition[n], r->need[n] };
        assert_true(once[SIM_AGENT_PLACES * RESIDENTS + i] == r->age[n]);
        for (uint32_t h = 0; h < SIM_COUNT_OF(held); h++) {
            assert_true(history[h * RESIDENTS + i] == held[h]);
        }
        assert_true(history + SIM_COUNT_OF(held) * RESIDENTS == row_of(pair, cell, world->tick + 1));
    }
}

static void
histories_are_the_columns_of_the_world(void **state)
{
    struct pair pair;
    (void) state;
    pair_init(&pair, 0, RESIDENTS);
    for (uint32_t cell = 0; cell < 2 * REPLICATES; cell++) {
        struct sim_world world;
        world_of(&pair, cell, &world);
        for (int t = 0; t < TICKS; t++) {
            sim_world_step(&world);
            check_histories(&pair, &world, cell);
        }
        sim_world_free(&world);
    }
    sim_results_free(&pair.results);
}

static int
is_same_agent(const double *one, uint32_t i, const double *other, uint32_t j, uint32_t n)
{
    return one[i] == other[j] && one[n + i] == other[n + j] && one[2 * n + i] == other[2 * n + j];
}

/* Everybody of a sample of 40 in the smaller city who is in the larger city's sample of 100000, which is all,
 * comes there in the same order. */
static void
samples_agree_between_sizes_cities_and_not_between_replicates(void **state)
{
    enum { ALL = 1200 };
    struct pair few, all;
    (void) state;
    pair_init(&few, 0, RESIDENTS);
    pair_init(&all, 0, ALL);
    uint32_t same = 0;
    for (uint32_t cell = 0; cell < 2 * REPLICATES; cell++) {
        const double *some = once_of(&few, cell), *every = once_of(&all, cell);
        for (uint32_t i = 0; i < RESIDENTS; i++) {
            for (uint32_t axis = 0; axis < SIM_AGENT_PLACES; axis++) {
                assert_true(some[axis * RESIDENTS + i] == every[axis * ALL + i]);
            }
            for (uint32_t j = 0; j < i; j++) {
                assert_false(is_same_agent(some, i, some, j, RESIDENTS));
            }
            same += is_same_agent(some, i, once_of(&few, cell ^ 1u), i, RESIDENTS) ? 1u : 0u;
        }
        assert_true(isnan(every[ALL - 1]));
    }
    assert_true(same < 4);
    /* the larger city's agents of the first street's first two communities, in order, are the smaller city's */
    const double *large = once_of(&all, 0), *small = once_of(&all, REPLICATES);
    uint32_t found = 0;
    for (uint32_t i = 0; i < ALL && !isnan(large[i]); i++) {
        if (large[i] == 0 && large[ALL + i] < 2) {
            assert_true(is_same_agent(large, i, small, found++, ALL));
        }
    }
    assert_true(found > 50 && isnan(small[found]));
    /* communities have draws of their own: hardly ever does the same index follow in another one */
    uint32_t repeated = 0;
    for (uint32_t i = 1; i < ALL && !isnan(large[i]); i++) {
        int is_same = large[SIM_AGENT_INDEX * ALL + i] == large[SIM_AGENT_INDEX * ALL + i - 1];
        repeated += is_same ? 1u : 0u;
    }
    assert_true(repeated < 40);
    sim_results_free(&few.results);
    sim_results_free(&all.results);
}

static void
digest_covers_what_is_recorded_besides(void **state)
{
    struct pair pair;
    (void) state;
    pair_init(&pair, 1, RESIDENTS);
    struct sim_cell *cell = &pair.results.cells[1];
    const size_t at[] = { pair.results.layout.by[SIM_REGION], pair.results.layout.by[SIM_BLOCK],
        pair.results.layout.histories, (size_t) TICKS * pair.results.row,
        sim_cell_numbers(&pair.results) - 1 };
    for (size_t i = 0; i < SIM_COUNT_OF(at); i++) {
        double kept = cell->rows[at[i]];
        assert_true(sim_cell_digest(&pair.results, cell) == cell->digest);
        cell->rows[at[i]] = kept + 1;
        assert_true(sim_cell_digest(&pair.results, cell) != cell->digest);
        cell->rows[at[i]] = kept;
    }
    assert_int_equal(sim_cell_fail(&pair.results, 1, "no"), SIM_OK);
    for (size_t i = 0; i < SIM_COUNT_OF(at); i++) {
        assert_true(isnan(cell->rows[at[i]]));
    }
    sim_results_free(&pair.results);
}

static void
nothing_is_added_unless_asked_for(void **state)
{
    struct pair pair;
    (void) state;
    pair_init(&pair, 0, 0);
    assert_int_equal(pair.results.row, sim_model_row(&cogov_model));
    assert_int_equal(sim_cell_numbers(&pair.results), (size_t) TICKS * sim_model_row(&cogov_model));
    sim_results_free(&pair.results);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_add_up_to_the_city),
        cmocka_unit_test(histories_are_the_columns_of_the_world),
        cmocka_unit_test(samples_agree_between_sizes_cities_and_not_between_replicates),
        cmocka_unit_test(digest_covers_what_is_recorded_besides),
        cmocka_unit_test(nothing_is_added_unless_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
