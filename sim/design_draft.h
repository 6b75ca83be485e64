/* design_draft.h - a design while it is read: design_read.c reads its kind and numbers, design_vary.c what
 * varies, design_link.c what moves together, design_points.c a list of points,
 * design_groups.c what of two scenarios is mixed and design_mixtures.c how, design_build.c makes the points of each scenario and has the model
 * check them. Inside the library only. */
#ifndef SIM_DESIGN_DRAFT_H
#define SIM_DESIGN_DRAFT_H

#include "sim/experiment_draft.h"

#define SIM_LEVELS_LIMIT 10000          /* of one parameter */
#define SIM_DESIGN_POINTS_LIMIT 1000000 /* of one scenario */

enum {
    SIM_DESIGN_NUMBER_POINTS,
    SIM_DESIGN_NUMBER_LEVELS,
    SIM_DESIGN_NUMBER_TRAJECTORIES,
    SIM_DESIGN_NUMBER_SKIP,
    SIM_DESIGN_NUMBER_SCRAMBLE,
    SIM_DESIGN_NUMBER_SECOND_ORDER,
    SIM_DESIGN_NUMBER_PERMUTATIONS,
    SIM_DESIGN_NUMBERS
};

/* One of the numbers beside design: */
struct sim_design_number {
    int64_t value; /* -1: not said */
    struct sim_where at;
};

/* A parameter that varies: by scenario. */
struct sim_factor_draft {
    const struct sim_field *field;
    const struct sim_range **ranges; /* NULL: it does not vary there */
    struct sim_where *at;
    uint32_t group; /* the first factor of those that it moves together with; its own number if alone */
    int is_linked;
};

/* What one point of a list sets. */
struct sim_listed {
    uint32_t point, factor, level;
};

struct sim_design_draft {
    struct sim_draft *draft;
    struct sim_experiment *experiment;
    const struct sim_fields *fields;
    const struct sim_document *document;
    struct sim_messages *messages;
    const char *prefix;  /* of the keys: "", or "design." */
    struct sim_where at; /* of design: */
    struct sim_design_number numbers[SIM_DESIGN_NUMBERS];
    struct sim_factor_draft *factors; /* as many as experiment->design.factors */
    uint32_t n_factors;
    struct sim_listed *listed;
    size_t n_listed, listed_capacity;
    struct sim_where *point_at; /* of a list: by point */
    uint32_t n_points;
};

/* Reads the design of the experiment's file, if it has one, and makes the design points; every fault is a
 * message. Without design every scenario is a point. The seed must be known. SIM_ERR_MEMORY. */
int sim_design_read(struct sim_draft *draft);

/* The steps of it, each SIM_ERR_MEMORY only. */
int sim_design_read_vary(struct sim_design_draft *draft);
int sim_design_read_links(struct sim_design_draft *draft);
int sim_design_read_points(struct sim_design_draft *draft);
int sim_design_read_groups(struct sim_design_draft *draft);
int sim_design_build(struct sim_design_draft *draft);
int sim_design_build_mixtures(struct sim_design_draft *draft);
int sim_design_check_points(struct sim_design_draft *draft);

/* Which structs of parameters of a scenario follow the factors: all but those that an event has changed, or
 * that a table of places sets. SIM_ERR_MEMORY. */
int sim_variation_plan(struct sim_variation *variation, const struct sim_design *design,
    const struct sim_base *base, const struct sim_resolution *resolution);

/* The factor of a field, added if it is new; NULL without memory. */
struct sim_factor_draft *sim_design_factor(struct sim_design_draft *draft, const struct sim_field *field);

/* A new range, which belongs to the design. NULL without memory. */
struct sim_range *sim_design_add_range(struct sim_design_draft *draft);

/* Reads the value of an entry for a field. SIM_ERR_INPUT, with a message. */
int sim_design_value(struct sim_design_draft *draft, const struct sim_entry *entry,
    const struct sim_field *field, union sim_value *value);

/* The branch, or entry, with a key of the design ("vary"), wherever the design stands; NULL if there is none. */
const struct sim_branch *sim_design_branch(const struct sim_design_draft *draft, const char *key);
const struct sim_entry *sim_design_entry(const struct sim_design_draft *draft, const char *key);

/* Says what a key of the design must be, if it is something else, or empty. */
void sim_design_check_shape(
    struct sim_design_draft *draft, const char *key, enum sim_branch_kind expected, const char *text);

/* What follows path and a point in a key; NULL if it begins otherwise. */
const char *sim_design_below(const char *key, const char *path);

/* Whether what has this parent stands in the mapping of this path, or in a group of parameters in it. */
int sim_design_stands_in(const struct sim_design_draft *draft, size_t parent, const char *path);

/* A key that no parameter has. */
void sim_design_report_parameter(
    struct sim_design_draft *draft, const char *key, struct sim_where where, int is_mapping);

#endif
