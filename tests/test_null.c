/* test_null.c - the smallest model satisfies the contract, and its tables hold what its lists say. */
#include "models/null/null.h"

#include "sim/error.h"
#include "sim/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
counts_its_residents_month_after_month(void **state)
{
    struct null_params params;
    struct sim_world world;
    char why[256];
    double row[1];
    (void) state;
    assert_int_equal(sim_fields_defaults(&null_model.fields, &params, NULL), SIM_OK);
    params.city_streets = 2;
    params.city_communities = 3;
    params.city_residents = 50;
    assert_int_equal(sim_world_init(&world, &null_model, &params, (struct sim_key){ 1, 0 }, 1), SIM_OK);
    for (int t = 0; t < 3; t++) {
        sim_world_step(&world);
        sim_world_observe(&world, row);
        assert_true(row[0] == 300);
        assert_int_equal(sim_world_verify(&world, why, sizeof(why)), SIM_OK);
    }
    const struct sim_view *block = sim_world_view(&world)->below[1]->below[2];
    null_resident_of(block)->state[49] = 0;
    assert_int_equal(sim_world_verify(&world, why, sizeof(why)), SIM_ERR_STATE);
    assert_string_equal(why, "region 1, block 2, resident 49: state is not 1");
    sim_world_free(&world);
}

static void
tables_hold_one_row_for_each_line(void **state)
{
    (void) state;
    assert_int_equal(null_model.fields.count, 3);
    assert_int_equal(null_model.fields.size, sizeof(struct null_params));
    assert_int_equal(null_model.n_kinds, 1);
    assert_int_equal(null_model.n_columns, 1);
    assert_int_equal(null_model.n_dimensions, 0);
    assert_int_equal(null_model.n_observations, 1);
    assert_string_equal(null_model.kinds[0].name, "resident");
    assert_string_equal(null_model.columns[0].name, "state");
    assert_int_equal(null_model.columns[0].item, 1);
    assert_int_equal(null_model.columns[0].before, 0);
    assert_string_equal(null_model.observations[0].name, "agents");
    assert_int_equal(null_model.observations[0].dimension, -1);
    assert_true(null_model.observations[0].observe == null_observe_agents);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_its_residents_month_after_month),
        cmocka_unit_test(tables_hold_one_row_for_each_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
