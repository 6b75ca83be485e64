/* test_skyline.c - points that no other dominates, against the definition. */
#include "analysis/skyline.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define MOST 60

static int
dominates(const struct skyline_point *a, const struct skyline_point *b)
{
    int better = 0;
    for (int i = 0; i < SKYLINE_OBJECTIVES; i++) {
        if (!(a->objectives[i] >= b->objectives[i])) {
            return 0;
        }
        better |= a->objectives[i] > b->objectives[i];
    }
    return better;
}

static int
is_dominated(const struct skyline_point *points, uint32_t n, uint32_t point)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!isnan(points[i].objectives[0]) && dominates(&points[i], &points[point])) {
            return 1;
        }
    }
    return 0;
}

/* Objectives on few levels, so that many are equal. */
static void
draw(gsl_rng *rng, struct skyline_point *points, uint32_t n, int n_objectives)
{
    unsigned long levels = 2 + gsl_rng_uniform_int(rng, 12);
    for (uint32_t i = 0; i < n; i++) {
        points[i] = (struct skyline_point){ { 0 } };
        for (int o = 0; o < n_objectives; o++) {
            points[i].objectives[o] = (double) gsl_rng_uniform_int(rng, levels) - 3;
        }
        if (gsl_rng_uniform_int(rng, 10) == 0) {
            points[i].objectives[0] = NAN;
        }
    }
}

static void
is_what_nobody_dominates(void **state)
{
    (void) state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    struct skyline_point points[MOST];
    unsigned char is_on[MOST];
    for (int round = 0; round < 4000; round++) {
        uint32_t n = (uint32_t) gsl_rng_uniform_int(rng, MOST + 1);
        int n_objectives = 1 + round % SKYLINE_OBJECTIVES;
        struct skyline skyline;
        assert_int_equal(skyline_init(&skyline, n), SIM_OK);
        draw(rng, points, n, n_objectives);
        skyline_find(&skyline, points, n_objectives, is_on);
        for (uint32_t i = 0; i < n; i++) {
            int expected = !isnan(points[i].objectives[0]) && !is_dominated(points, n, i);
            assert_int_equal(is_on[i], expected);
        }
        skyline_free(&skyline);
    }
    gsl_rng_free(rng);
}

static void
equal_points_are_both_on_it(void **state)
{
    (void) state;
    const struct skyline_point points[] = { { { 1, 2, 3 } }, { { 1, 2, 3 } }, { { 1, 2, 2 } },
        { { 0, 9, 0 } } };
    unsigned char is_on[4];
    struct skyline skyline;
    assert_int_equal(skyline_init(&skyline, 4), SIM_OK);
    skyline_find(&skyline, points, 3, is_on);
    assert_memory_equal(is_on, "\1\1\0\1", 4);
    skyline_free(&skyline);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_nobody_dominates),
        cmocka_unit_test(equal_points_are_both_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
