/* attribution.h - why two scenarios differ: the difference of an outcome between A and B over groups of parameters,
 * from a results file whose design points mix the two (design: attribution).
 *
 * The value v(S) of a set of groups S is the outcome when they are taken from B and the others from A. What a group
 * contributes is its Shapley value: the mean over all orders in which the groups may change from A to B of what it
 * changes when its turn comes. The contributions add up to v(all) - v(none), which is B - A. Besides: what the group
 * changes alone (one in) and as the last (one out), and how far two groups change more, or less, together than each by
 * itself (interaction). All within replicates, which see the same luck at all points; then the mean over replicates.
 *
 * With a random sample of orders the contributions are estimates, whose intervals hold the error of the sample too,
 * and there are no interactions. A replicate of which any point has no value is left out.
 *
 * The columns of the CSV: observation, label, unit, period, first_tick, last_tick, n, effect, group, second, value,
 * low, high, with effect among value_a, value_b, total, shapley, one_in, one_out, interaction.
 */
#ifndef ANALYSIS_ATTRIBUTION_H
#define ANALYSIS_ATTRIBUTION_H

#include "analysis/factors.h"
#include "analysis/outcome.h"
#include "analysis/shapley.h"

#include <jansson.h>
#include <stdio.h>

#define ATTRIBUTION_GROUPS 63            /* at most: each is a bit of a mixture */
#define ATTRIBUTION_DESIGN "attribution" /* the kind of design that it reads */

struct attribution_group {
    char *name;
    const struct factor **parameters;
    uint32_t n_parameters; /* 0: events, or tables of places */
};

struct attribution_effect {
    struct inference_interval shapley, one_in, one_out;
};

struct attribution_outcome {
    struct outcome outcome;
    uint32_t n; /* replicates */
    double value_a, value_b;
    struct inference_interval total;         /* B - A */
    struct attribution_effect *effects;      /* by group */
    struct inference_interval *interactions; /* by pair, as attribution_pair has them; NULL: none */
};

struct attribution {
    const struct reader *reader; /* must outlive it */
    struct factors factors;
    struct attribution_group *groups;
    uint32_t n_groups;
    uint64_t *mixtures; /* by design point: the groups that are B's, as bits; ascending */
    uint32_t *orders;   /* orders[order * n_groups + position] */
    uint32_t n_orders;  /* 0: all mixtures are there */
    struct attribution_outcome *outcomes;
    size_t n_outcomes;
    uint64_t n_failed, n_not_run; /* cells */
};

/* texts: outcomes as outcome_list takes them. SIM_ERR_INPUT, with a message, if the file has another design;
 * SIM_ERR_FILE, SIM_ERR_MEMORY. May always be freed. */
int attribution_init(struct attribution *attribution, const struct reader *reader, const char *const *texts,
    size_t n_texts, struct sim_messages *messages);
void attribution_free(struct attribution *attribution);

/* The first part of it: what the design is, without outcomes. */
int attribution_read(struct attribution *attribution, struct sim_messages *messages);

/* The design point of a mixture; UINT32_MAX if there is none. */
uint32_t attribution_point(const struct attribution *attribution, uint64_t mixture);

/* The mixture that is B. */
static inline uint64_t
attribution_all(const struct attribution *attribution)
{
    return (UINT64_C(1) << attribution->n_groups) - 1;
}

/* The how-many-th pair the groups first < second are. */
static inline size_t
attribution_pair(const struct attribution *attribution, uint32_t first, uint32_t second)
{
    return (size_t) first * attribution->n_groups - (size_t) first * (first + 1) / 2 + second - first - 1;
}

/* A new object, NULL without memory. */
json_t *attribution_json(const struct attribution *attribution);

/* Each writes all of it to out, in UTF-8. SIM_ERR_FILE if out takes it not, SIM_ERR_MEMORY. */
int attribution_print_table(const struct attribution *attribution, FILE *out, int columns);
int attribution_print_csv(const struct attribution *attribution, FILE *out);
int attribution_print_json(const struct attribution *attribution, FILE *out);

#endif
