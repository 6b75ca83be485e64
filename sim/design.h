/* design.h - which parameters vary over the design points of an experiment, how, and what they are at each.
 *
 * A matrix says where each point stands: one row a point, one column for each group of parameters that move
 * together. In designs made of levels (grid, list, one-at-a-time) a cell is the number of a level; in sampled
 * ones (lhs, sobol, saltelli, morris) it is a number u from 0 to 1. A range turns it into a value. Scenarios with the same
 * groups share one matrix, so that their points differ in nothing but the scenario.
 *
 * All of it is integer arithmetic and single divisions, so a design is the same bits on every machine.
 */
#ifndef SIM_DESIGN_H
#define SIM_DESIGN_H

#include "sim/field.h"

#include <stdint.h>

#define SIM_DESIGN_KINDS(X) \
    X(NONE, "none")         \
    X(GRID, "grid")         \
    X(LIST, "list")         \
    X(LHS, "lhs")           \
    X(SOBOL, "sobol")       \
    X(SALTELLI, "saltelli") \
    X(MORRIS, "morris") X(ONE_AT_A_TIME, "one-at-a-time") X(ATTRIBUTION, "attribution")
#define SIM_DESIGN_ENUM(code, name) SIM_DESIGN_##code,
enum sim_design_kind { SIM_DESIGN_KINDS(SIM_DESIGN_ENUM) SIM_DESIGN_COUNT };
#undef SIM_DESIGN_ENUM

const char *sim_design_name(enum sim_design_kind kind);

/* Nonzero if the cells of its matrix are u and not levels. */
int sim_design_is_sampled(enum sim_design_kind kind);

/* A value of one parameter; which member, the field's type tells. */
union sim_value {
    double real;
    int64_t integer; /* INTEGER, PLACES */
    int index;       /* SWITCH, CHOICE */
    struct sim_distribution distribution;
};

void sim_value_get(const struct sim_field *field, const void *params, union sim_value *value);
void sim_value_set(const struct sim_field *field, void *params, const union sim_value *value);
int sim_value_equal(const struct sim_field *field, const union sim_value *a, const union sim_value *b);

/* As text that sim_field_parse reads back to the same bits; text has SIM_VALUE_SIZE bytes. */
void sim_value_print(const struct sim_field *field, const union sim_value *value, char *text);

/* The values that a parameter may take. */
struct sim_range {
    union sim_value *levels;
    uint32_t n_levels; /* 0: every number from low to high */
    union sim_value low, high;
};

/* low + u (high - low), never outside of the two. */
double sim_range_between(double low, double high, double u);

/* The value of a number u from 0 to 1. Whole numbers, and levels, are equally likely parts of it. */
void sim_range_at(
    const struct sim_range *range, const struct sim_field *field, double u, union sim_value *value);

#define SIM_OWN_LEVEL (-1.0) /* in a matrix of levels: the scenario's own value */

struct sim_matrix {
    double *cells; /* cells[point * n_columns + column] */
    uint32_t n_points, n_columns;
};

/* What a matrix is made from. */
struct sim_matrix_plan {
    enum sim_design_kind kind; /* not NONE, LIST nor ATTRIBUTION */
    uint32_t n_columns, seed;
    uint32_t n_points;           /* lhs, sobol; saltelli: base points */
    uint32_t trajectories, grid; /* morris: how many, and on how many levels, an even number */
    uint32_t skip;               /* sobol, saltelli: points left out at the start */
    int scramble;                /* sobol, saltelli: a random digital shift */
    int second_order;            /* saltelli: with what pairs of columns need */
    const uint32_t *n_levels;    /* grid, one-at-a-time: by column */
    const int64_t *own_level; /* one-at-a-time, by column: the level that the scenario has itself; -1: none */
};

#define SIM_SOBOL_COLUMNS 40                         /* at most */
#define SIM_SALTELLI_COLUMNS (SIM_SOBOL_COLUMNS / 2) /* each takes two */

/* How many points that makes; UINT64_MAX if they cannot be counted. */
uint64_t sim_matrix_points(const struct sim_matrix_plan *plan);

/* sim_matrix_points must fit in 32 bits. SIM_ERR_MEMORY. May always be freed. */
int sim_matrix_init(struct sim_matrix *matrix, const struct sim_matrix_plan *plan);
void sim_matrix_free(struct sim_matrix *matrix);

/* Random orders of the numbers 0 to n - 1: orders[order * n + position]. SIM_ERR_MEMORY. */
int sim_design_orders(uint32_t seed, uint32_t n, uint32_t n_orders, uint32_t *orders);

/* A copy of a struct of parameters that a design point needs: in which era, of which place (0: the world). */
struct sim_place_copy {
    uint32_t era, place;
};

/* The size of a world without a table of places. */
struct sim_extent {
    uint32_t regions, blocks; /* blocks of each region */
};

/* What a design does to one scenario. */
struct sim_variation {
    const struct sim_range **ranges; /* by factor; NULL: it does not vary here */
    uint32_t *columns;               /* by factor: of the matrix */
    const struct sim_matrix *matrix;
    struct sim_extent *extents; /* by row of the matrix, for a design may vary them; NULL: a table tells */
    /* For sim_point_init: which structs follow the factors */
    struct sim_place_copy *copies;
    uint32_t n_copies,
        n_places;         /* n_places: with which the arrays of places are copied too; 0: they need not be */
    unsigned char *holds; /* holds[copy * n_factors + factor]: nothing later or nearer sets the parameter */
};

struct sim_factor {
    const struct sim_field *field;
};

/* Zeroed: no design, and every scenario is one point. */
struct sim_design {
    enum sim_design_kind kind;
    int second_order;           /* of saltelli */
    struct sim_factor *factors; /* those of all scenarios first, in the order of the file */
    uint32_t n_factors;
    struct sim_range **ranges;
    uint32_t n_ranges;
    struct sim_matrix **matrices;
    uint32_t n_matrices;
    struct sim_attribution
        *attribution; /* which scenario each point takes what from; NULL but for that design */
};

void sim_design_free(struct sim_design *design);
void sim_variation_free(struct sim_variation *variation); /* and the memory that it is in; NULL is fine */

#endif
