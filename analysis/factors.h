/* factors.h - the parameters that vary over the design points of a results file, as its coordinates tell them.
 */
#ifndef ANALYSIS_FACTORS_H
#define ANALYSIS_FACTORS_H

#include "analysis/reader.h"

struct factor {
    char *name;       /* "purchase.quality_weight" */
    char *title;      /* what it is, in words */
    char *unit;       /* "" for a switch or a choice */
    char *moves_with; /* the parameter that it is linked to; NULL: none */
    double *values;   /* by design; NULL: it is a choice, and has texts */
    char **texts;     /* by design; NULL: it has values */
    double *lows,
        *highs; /* by scenario of /config, in order: between what it was sampled; NULL: it was not */
};

struct factors {
    struct factor *list;
    uint32_t n;
    uint32_t n_designs, n_bases; /* of the file: design points; scenarios that they start from */
    char *kind;                  /* of the design: "grid", "lhs" ...; "none" if every point is a scenario */
};

/* SIM_ERR_FILE, with a message; SIM_ERR_MEMORY. May always be freed. */
int factors_init(struct factors *factors, const struct reader *reader, struct sim_messages *messages);
void factors_free(struct factors *factors);

/* NULL if there is none. */
const struct factor *factors_find(const struct factors *factors, const char *name);

/* How many design points from first on start from the same scenario: the points of a scenario stand together. */
uint32_t factors_points(const struct reader *reader, uint32_t first);

/* Whether it is on (not 0) or off. */
int factor_is_switch(const struct factor *factor);

/* What a factor is at a design point, as text. */
void factors_print(const struct factor *factor, uint32_t design, char *text, size_t size);

#endif
