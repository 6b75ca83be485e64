/* patterns.h - the patterns that a valid model shows (docs/model.md): each is a few runs and a judge of what
 * they show. patterns.def lists them; analysis/patterns_*.c hold their runs and judges.
 *
 * A judge asks for what was observed, by the names of its variants and of the model's observations, and adds
 * checks. An array of a judge has one number a replicate. Two variants share their luck replicate by
 * replicate, so that differences are taken within replicates. "Interval" is the 95 % interval of the mean over
 * replicates by Student's t; numbers that are none (NaN) leave their replicate out.
 */
#ifndef ANALYSIS_PATTERNS_H
#define ANALYSIS_PATTERNS_H

#include "sim/message.h"

#include <stddef.h>
#include <stdint.h>

#define PATTERN_MONTHS 24      /* the last so many months are averaged */
#define PATTERN_REPLICATES 20  /* the criteria are for at least so many */
#define PATTERN_STEPS_LIMIT 24 /* values of a sweep, at most */

/* How large the city of a variant is. */
enum pattern_city {
    CITY_SMALL,   /* 1 street x 8 communities x 1,000 residents */
    CITY_STREETS, /* 8 streets x 8 communities x 300 residents: for what few actors of a street decide */
    CITY_LEADERS, /* 160 streets x 1 community x 50 residents: for what happens once a street */
    CITY_AS_IT_IS /* as the scenario says */
};

/* Runs that a pattern needs: one, or one for each value of a sweep. */
struct pattern_variant {
    const char *label;    /* what the judge calls it */
    const char *scenario; /* as on the command line */
    const char *settings; /* "KEY=VALUE ..." separated by blanks; % stands for the value of the sweep */
    const char *values;   /* of the sweep, separated by blanks; NULL: one run */
    enum pattern_city city;
    uint32_t n_ticks; /* 0: 120 */
    int monthly;      /* keep every month, for judge_month */
};

struct judge;

struct pattern_plan {
    const struct pattern_variant *variants;
    size_t n_variants;
    void (*judge)(struct judge *judge);
};

struct pattern {
    const char *id;
    const char *name;
    const char *claim;       /* one sentence */
    const char *source;      /* keys of docs/model.md */
    const char *criterion;   /* in words, with every interpretation made */
    const char *explanation; /* printed when it fails; "": none yet */
    const struct pattern_plan *plan;
};

extern const struct pattern patterns[];
extern const size_t n_patterns;

/* The plan of each is beside its judge; this makes it of variants_P6 and judge_P6. */
#define PATTERN(id, ...) extern const struct pattern_plan plan_##id;
#define MECHANISM(switch_name, pattern)
#include "analysis/patterns.def"
#undef PATTERN
#undef MECHANISM
#define PATTERN_PLAN(id)                                                                                     \
    const struct pattern_plan plan_##id = { variants_##id, sizeof(variants_##id) / sizeof(variants_##id[0]), \
        judge_##id };

/* What a measured number has to be. */
enum check_relation { IS_ABOVE, IS_AT_LEAST, IS_BELOW, IS_BETWEEN, IS_RISING, IS_FALLING, IS_SO };

struct check {
    char *what;
    char *detail; /* more of what was measured; NULL: nothing */
    double mean, half;
    uint32_t n; /* replicates behind them; 0: a fact, not a mean */
    enum check_relation relation;
    double low, high; /* bounds; of IS_BELOW: high; of IS_ABOVE and IS_AT_LEAST: low */
    int holds;
};

/* What a judge looked at: the curve behind its checks. */
struct sight {
    const char *variant;
    const char *value; /* of the sweep; NULL: none */
    const char *observation, *label;
    const double *numbers;
};

struct pattern_board;
struct run_set;

struct judge {
    const struct pattern *pattern;
    uint32_t n_replicates;
    const struct run_set *runs;  /* NULL: of made-up numbers only */
    const size_t *run_of;        /* variant by variant, value by value */
    struct pattern_board *board; /* for the judge of knock-outs, else unused */
    int rehearsal;               /* nothing has run yet: only whether all that is asked for exists */
    struct check *checks;
    size_t n_checks;
    char **notes;
    size_t n_notes;
    struct sight *sights;
    size_t n_sights;
    char *missing; /* what it asked for that is not there; NULL: nothing */
    void **memory; /* all that judge_numbers and judge_text gave out */
    size_t n_memory;
    double *nothing; /* NaN, given out where numbers are missing */
    int status;      /* SIM_ERR_MEMORY */
};

int judge_init(struct judge *judge, const struct pattern *pattern, uint32_t n_replicates);
void judge_free(struct judge *judge);

/* Observed means of the last PATTERN_MONTHS months, or of all months, or the number of one month. point: the
 * how-many-th value of the sweep. label: of the observation's dimension, NULL if it has none. Never NULL. */
const double *judge_last(
    struct judge *judge, const char *variant, size_t point, const char *observation, const char *label);
const double *judge_all(
    struct judge *judge, const char *variant, size_t point, const char *observation, const char *label);
const double *judge_month(struct judge *judge, const char *variant, size_t point, const char *observation,
    const char *label, uint32_t tick);

/* judge_all, summed over all labels of the observation's dimension. */
const double *judge_all_labels(
    struct judge *judge, const char *variant, size_t point, const char *observation);

/* judge_last for every value of a sweep, or for the single run; returns how many. */
size_t judge_sweep(struct judge *judge, const char *variant, const char *observation, const char *label,
    const double **numbers);

/* The values of a variant, and one of them as a number. */
size_t judge_points(const struct judge *judge, const char *variant);
double judge_value(const struct judge *judge, const char *variant, size_t point);

/* New arrays, element by element. */
double *judge_numbers(struct judge *judge);
double *judge_plus(struct judge *judge, const double *a, const double *b);
double *judge_minus(struct judge *judge, const double *a, const double *b);
double *judge_times(struct judge *judge, const double *a, double factor);
double *judge_over(struct judge *judge, const double *a, const double *b);

const char *judge_text(struct judge *judge, const char *format, ...) __attribute__((format(printf, 2, 3)));
void judge_note(struct judge *judge, const char *format, ...) __attribute__((format(printf, 2, 3)));
double judge_mean(const struct judge *judge, const double *numbers);

/* The interval lies above the bound, not below it, below it, between two. */
void check_above(struct judge *judge, const char *what, const double *numbers, double bound);
void check_at_least(struct judge *judge, const char *what, const double *numbers, double bound);
void check_below(struct judge *judge, const char *what, const double *numbers, double bound);
void check_between(struct judge *judge, const char *what, const double *numbers, double low, double high);

/* Above 0. */
void check_plus(struct judge *judge, const char *what, const double *numbers);

/* Monotone over a sweep: no step's mean within replicates goes the other way, and the interval of last less
 * first lies above 0 (falls: below 0). A step of exactly nothing is allowed. */
void check_rises(struct judge *judge, const char *what, const double *const *numbers, size_t n);
void check_falls(struct judge *judge, const char *what, const double *const *numbers, size_t n);

/* More of one goes with more (less) of the other over a sweep: the interval of the least-squares slope of y on x, one slope a
 * replicate, lies above (below) 0. */
void check_slope_up(
    struct judge *judge, const char *what, const double *const *x, const double *const *y, size_t n);
void check_slope_down(
    struct judge *judge, const char *what, const double *const *x, const double *const *y, size_t n);

/* An interior maximum: the largest mean is at neither end, and exceeds each end with its interval. Returns
 * where. */
size_t check_peak(struct judge *judge, const char *what, const double *const *numbers, size_t n);

/* Something that is so or not. */
void check_fact(struct judge *judge, const char *what, int holds);

/* Every check holds, and there is one. */
int judge_holds(const struct judge *judge);

#endif
