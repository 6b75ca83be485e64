/* design.c - the matrices of designs.
 *
 * Latin hypercube: McKay, Beckman & Conover 1979; each point lies at a random place of its stratum.
 * Sobol': GSL's sequence, 30 bits, from its zero point on; scrambled by a random digital shift.
 * Saltelli 2002: of each point of a Sobol' sequence in twice as many columns the first half is A, the second B; then
 * come A with each column of B, for pairs of columns B with each column of A too, and B.
 * Morris 1991: trajectories on a grid of p levels, with steps of p / (2 (p - 1)), that is p / 2 levels.
 */
#include "sim/design.h"

#include "sim/alloc.h"
#include "sim/design_attribution.h"
#include "sim/error.h"
#include "sim/random.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <string.h>

/* What random words are for: the k of their counters. Worlds draw at places, designs at none. */
enum { DRAW_ORDER, DRAW_IN_STRATUM, DRAW_SHIFT, DRAW_TRAJECTORY, DRAW_GROUPS };

#define SOBOL_BITS 30

#define DESIGN_NAME(code, name) name,
static const char *const names[] = { SIM_DESIGN_KINDS(DESIGN_NAME) };

const char *
sim_design_name(enum sim_design_kind kind)
{
    return names[kind];
}

int
sim_design_is_sampled(enum sim_design_kind kind)
{
    return kind == SIM_DESIGN_LHS || kind == SIM_DESIGN_SOBOL || kind == SIM_DESIGN_SALTELLI
        || kind == SIM_DESIGN_MORRIS;
}

static uint32_t
draw_word(uint32_t seed, uint32_t purpose, uint32_t column, uint32_t index)
{
    uint32_t nowhere = sim_place(SIM_NO_REGION, SIM_NO_BLOCK);
    struct sim_stream stream = { { seed, column }, nowhere, UINT32_MAX };
    return sim_draw_words(stream, index, purpose).v[0];
}

/* A generator of its own for each column or trajectory: one more of them changes no other. */
static gsl_rng *
make_generator(uint32_t seed, uint32_t purpose, uint32_t index)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (rng != NULL) {
        gsl_rng_set(rng, draw_word(seed, purpose, index, 0));
    }
    return rng;
}

static uint64_t
multiply(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* How many points a base point of saltelli makes. */
static uint32_t
rows_of_base(const struct sim_matrix_plan *plan)
{
    return (plan->second_order ? 2 : 1) * plan->n_columns + 2;
}

uint64_t
sim_matrix_points(const struct sim_matrix_plan *plan)
{
    uint64_t n = 1;
    switch (plan->kind) {
    case SIM_DESIGN_GRID:
        for (uint32_t c = 0; c < plan->n_columns; c++) {
            n = multiply(n, plan->n_levels[c]);
        }
        return n;
    case SIM_DESIGN_ONE_AT_A_TIME:
        for (uint32_t c = 0; c < plan->n_columns; c++) {
            n += plan->n_levels[c] - (plan->own_level[c] >= 0);
        }
        return n;
    case SIM_DESIGN_SALTELLI: return multiply(plan->n_points, rows_of_base(plan));
    case SIM_DESIGN_MORRIS: return multiply(plan->trajectories, (uint64_t) plan->n_columns + 1);
    default: return plan->n_points;
    }
}

/* The last column runs fastest. */
static int
fill_grid(const struct sim_matrix_plan *plan, struct sim_matrix *matrix)
{
    for (uint32_t p = 0; p < matrix->n_points; p++) {
        uint32_t rest = p;
        for (uint32_t c = plan->n_columns; c-- > 0;) {
            matrix->cells[(size_t) p * plan->n_columns + c] = rest % plan->n_levels[c];
            rest /= plan->n_levels[c];
        }
    }
    return SIM_OK;
}

static int
fill_one_at_a_time(const struct sim_matrix_plan *plan, struct sim_matrix *matrix)
{
    uint32_t point = 1;
    for (size_t i = 0; i < (size_t) matrix->n_points * plan->n_columns; i++) {
        matrix->cells[i] = SIM_OWN_LEVEL;
    }
    for (uint32_t c = 0; c < plan->n_columns; c++) {
        for (uint32_t level = 0; level < plan->n_levels[c]; level++) {
            if (plan->own_level[c] != (int64_t) level) {
                matrix->cells[(size_t) point++ * plan->n_columns + c] = level;
            }
        }
    }
    return SIM_OK;
}

/* One column: every stratum once, in random order. */
static int
fill_strata(const struct sim_matrix_plan *plan, struct sim_matrix *matrix, uint32_t column, uint32_t *order)
{
    gsl_rng *rng = make_generator(plan->seed, DRAW_ORDER, column);
    if (rng == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t p = 0; p < matrix->n_points; p++) {
        order[p] = p;
    }
    gsl_ran_shuffle(rng, order, matrix->n_points, sizeof(*order));
    for (uint32_t p = 0; p < matrix->n_points; p++) {
        double within = sim_uniform(draw_word(plan->seed, DRAW_IN_STRATUM, column, p));
        matrix->cells[(size_t) p * plan->n_columns + column] = (order[p] + within) / matrix->n_points;
    }
    gsl_rng_free(rng);
    return SIM_OK;
}

static int
fill_latin_hypercube(const struct sim_matrix_plan *plan, struct sim_matrix *matrix)
{
    uint32_t *order = sim_alloc(matrix->n_points, sizeof(*order));
    int ret = order != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t c = 0; c < plan->n_columns && ret == SIM_OK; c++) {
        ret = fill_strata(plan, matrix, c, order);
    }
    sim_free(order);
    return ret;
}

/* GSL leaves out the first point, which is 0 in all columns and belongs to the sequence. */
static int
fill_sequence(const struct sim_matrix_plan *plan, double *cells, uint32_t n_points, uint32_t n_columns)
{
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, n_columns);
    double u[SIM_SOBOL_COLUMNS] = { 0 };
    if (sequence == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < plan->skip; i++) {
        gsl_qrng_get(sequence, u);
    }
    for (uint32_t p = 0; p < n_points; p++) {
        for (uint32_t c = 0; c < n_columns; c++) {
            uint32_t digits = (uint32_t) (u[c] * (1u << SOBOL_BITS));
            uint32_t shift =
                plan->scramble ? draw_word(plan->seed, DRAW_SHIFT, c, 0) >> (32 - SOBOL_BITS) : 0;
            cells[(size_t) p * n_columns + c] = (double) (digits ^ shift) / (1u << SOBOL_BITS);
        }
        gsl_qrng_get(sequence, u);
    }
    gsl_qrng_free(sequence);
    return SIM_OK;
}

static int
fill_sobol(const struct sim_matrix_plan *plan, struct sim_matrix *matrix)
{
    return fill_sequence(plan, matrix->cells, matrix->n_points, matrix->n_columns);
}

/* The next row: one half of a base point with a column of the other; none: column n. */
static double *
mix(double *row, const double *most, const double *other, uint32_t column, uint32_t n)
{
    memcpy(row, most, n * sizeof(*row));
    if (column < n) {
        row[column] = other[column];
    }
    return row + n;
}

/* In the order of SALib, so that its functions can analyse the points. */
static int
fill_saltelli(const struct sim_matrix_plan *plan, struct sim_matrix *matrix)
{
    const uint32_t n = plan->n_columns;
    double *base = sim_alloc((size_t) plan->n_points * n, 2 * sizeof(*base)), *row = matrix->cells;
    int ret = base != NULL ? fill_sequence(plan, base, plan->n_points, 2 * n) : SIM_ERR_MEMORY;
    for (uint32_t p = 0; p < plan->n_points && ret == SIM_OK; p++) {
        const double *a = base + (size_t) p * 2 * n, *b = a + n;
        row = mix(row, a, b, n, n);
        for (uint32_t c = 0; c < n; c++) {
            row = mix(row, a, b, c, n);
        }
        for (uint32_t c = 0; c < n && plan->second_order; c++) {
            row = mix(row, b, a, c, n);
        }
        row = mix(row, b, a, n, n);
    }
    sim_free(base);
    return ret;
}

/* One trajectory: n_columns + 1 rows, each after the first with one column moved by half the levels. */
static int
fill_trajectory(
    const struct sim_matrix_plan *plan, struct sim_matrix *matrix, uint32_t trajectory, uint32_t *order)
{
    gsl_rng *rng = make_generator(plan->seed, DRAW_TRAJECTORY, trajectory);
    const uint32_t n = plan->n_columns, half = plan->grid / 2;
    double *row = matrix->cells + (size_t) trajectory * (n + 1) * n;
    if (rng == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t c = 0; c < n; c++) {
        uint32_t low = (uint32_t) gsl_rng_uniform_int(rng, half);
        uint32_t start = gsl_rng_uniform_int(rng, 2) == 0 ? low : low + half;
        row[c] = (double) start / (plan->grid - 1);
        order[c] = c;
    }
    gsl_ran_shuffle(rng, order, n, sizeof(*order));
    for (uint32_t step = 0; step < n; step++, row += n) {
        memcpy(row + n, row, n * sizeof(*row));
        uint32_t c = order[step], level = (uint32_t) (row[c] * (plan->grid - 1) + 0.5);
        row[n + c] = (double) (level < half ? level + half : level - half) / (plan->grid - 1);
    }
    gsl_rng_free(rng);
    return SIM_OK;
}

static int
fill_trajectories(const struct sim_matrix_plan *plan, struct sim_matrix *matrix)
{
    uint32_t *order = sim_alloc(plan->n_columns, sizeof(*order));
    int ret = order != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t t = 0; t < plan->trajectories && ret == SIM_OK; t++) {
        ret = fill_trajectory(plan, matrix, t, order);
    }
    sim_free(order);
    return ret;
}

int
sim_matrix_init(struct sim_matrix *matrix, const struct sim_matrix_plan *plan)
{
    static int (*const fill[])(const struct sim_matrix_plan *, struct sim_matrix *) = {
        [SIM_DESIGN_GRID] = fill_grid,
        [SIM_DESIGN_ONE_AT_A_TIME] = fill_one_at_a_time,
        [SIM_DESIGN_LHS] = fill_latin_hypercube,
        [SIM_DESIGN_SOBOL] = fill_sobol,
        [SIM_DESIGN_SALTELLI] = fill_saltelli,
        [SIM_DESIGN_MORRIS] = fill_trajectories,
    };
    *matrix = (struct sim_matrix){ NULL, (uint32_t) sim_matrix_points(plan), plan->n_columns };
    matrix->cells = sim_alloc((size_t) matrix->n_points * matrix->n_columns, sizeof(*matrix->cells));
    return matrix->cells != NULL ? fill[plan->kind](plan, matrix) : SIM_ERR_MEMORY;
}

int
sim_design_orders(uint32_t seed, uint32_t n, uint32_t n_orders, uint32_t *orders)
{
    for (uint32_t o = 0; o < n_orders; o++) {
        uint32_t *order = orders + (size_t) o * n;
        gsl_rng *rng = make_generator(seed, DRAW_GROUPS, o);
        if (rng == NULL) {
            return SIM_ERR_MEMORY;
        }
        for (uint32_t i = 0; i < n; i++) {
            order[i] = i;
        }
        gsl_ran_shuffle(rng, order, n, sizeof(*order));
        gsl_rng_free(rng);
    }
    return SIM_OK;
}

void
sim_matrix_free(struct sim_matrix *matrix)
{
    sim_free(matrix->cells);
    memset(matrix, 0, sizeof(*matrix));
}

void
sim_variation_free(struct sim_variation *variation)
{
    if (variation != NULL) {
        sim_free(variation->ranges);
        sim_free(variation->columns);
        sim_free(variation->extents);
        sim_free(variation->copies);
        sim_free(variation->holds);
        sim_free(variation);
    }
}

void
sim_design_free(struct sim_design *design)
{
    for (uint32_t i = 0; i < design->n_ranges; i++) {
        if (design->ranges[i] != NULL) {
            sim_free(design->ranges[i]->levels);
        }
        sim_free(design->ranges[i]);
    }
    for (uint32_t i = 0; i < design->n_matrices; i++) {
        if (design->matrices[i] != NULL) {
            sim_matrix_free(design->matrices[i]);
        }
        sim_free(design->matrices[i]);
    }
    sim_attribution_free(design->attribution);
    sim_free(design->factors);
    sim_free(design->ranges);
    sim_free(design->matrices);
    memset(design, 0, sizeof(*design));
}
