/* pattern_checks.c - the kinds of checks and their statistics. */
#include "analysis/patterns.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <math.h>
#include <stdio.h>

/* Mean and half-width of the 95 % interval over the replicates that have a number. */
struct interval {
    double mean, half;
    uint32_t n;
};

static struct interval
interval_of(struct judge *judge, const double *numbers)
{
    double *kept = judge_numbers(judge);
    size_t n = 0;
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        if (!isnan(numbers[r])) {
            kept[n++] = numbers[r];
        }
    }
    struct interval interval = { sim_mean(kept, n), sim_half_width_95(sim_sd(kept, n), n), (uint32_t) n };
    for (uint32_t r = 0; kept == judge->nothing && r < judge->n_replicates; r++) {
        kept[r] = NAN;
    }
    return interval;
}

static struct check *
add(struct judge *judge, const char *what, enum check_relation relation, double low, double high)
{
    struct check *longer = sim_resize(judge->checks, judge->n_checks, judge->n_checks + 1, sizeof(*longer));
    if (longer == NULL) {
        judge->status = SIM_ERR_MEMORY;
        return NULL;
    }
    judge->checks = longer;
    struct check *check = &judge->checks[judge->n_checks++];
    *check = (struct check){ .what = (char *) judge_text(judge, "%s", what),
        .mean = NAN,
        .half = NAN,
        .relation = relation,
        .low = low,
        .high = high };
    return check;
}

/* A comparison with NaN is false, so that a check without numbers fails. */
static void
add_bounded(struct judge *judge, const char *what, const double *numbers, enum check_relation relation,
    double low, double high)
{
    struct interval x = interval_of(judge, numbers);
    struct check *check = add(judge, what, relation, low, high);
    if (check == NULL) {
        return;
    }
    check->mean = x.mean;
    check->half = x.half;
    check->n = x.n;
    switch (relation) {
    case IS_ABOVE: check->holds = x.mean - x.half > low; break;
    case IS_AT_LEAST: check->holds = x.mean - x.half >= low; break;
    case IS_BELOW: check->holds = x.mean + x.half < high; break;
    default: check->holds = x.mean - x.half >= low && x.mean + x.half <= high; break;
    }
}

void
check_above(struct judge *judge, const char *what, const double *numbers, double bound)
{
    add_bounded(judge, what, numbers, IS_ABOVE, bound, NAN);
}

void
check_at_least(struct judge *judge, const char *what, const double *numbers, double bound)
{
    add_bounded(judge, what, numbers, IS_AT_LEAST, bound, NAN);
}

void
check_below(struct judge *judge, const char *what, const double *numbers, double bound)
{
    add_bounded(judge, what, numbers, IS_BELOW, NAN, bound);
}

void
check_between(struct judge *judge, const char *what, const double *numbers, double low, double high)
{
    add_bounded(judge, what, numbers, IS_BETWEEN, low, high);
}

void
check_plus(struct judge *judge, const char *what, const double *numbers)
{
    check_above(judge, what, numbers, 0);
}

/* sign: 1 rises, -1 falls. */
static void
check_monotone(struct judge *judge, const char *what, const double *const *numbers, size_t n,
    enum check_relation relation)
{
    int sign = relation == IS_RISING ? 1 : -1;
    struct interval worst = { NAN, NAN, 0 };
    size_t at = 0;
    int steps = n >= 2;
    for (size_t k = 1; k < n; k++) {
        struct interval step = interval_of(judge, judge_minus(judge, numbers[k], numbers[k - 1]));
        steps = steps && sign * step.mean >= 0;
        if (!(sign * step.mean >= sign * worst.mean)) {
            worst = step;
            at = k;
        }
    }
    struct check *check = add(judge, what, relation, relation == IS_RISING ? 0 : (double) NAN,
        relation == IS_RISING ? (double) NAN : 0);
    if (check == NULL || n < 2) {
        return;
    }
    struct interval total = interval_of(judge, judge_minus(judge, numbers[n - 1], numbers[0]));
    check->mean = total.mean;
    check->half = total.half;
    check->n = total.n;
    check->holds = steps && sign * total.mean - total.half > 0;
    check->detail = (char *) judge_text(judge, "last less first; least step %+.3g +- %.2g, step %zu of %zu",
        worst.mean, worst.half, at, n - 1);
}

void
check_rises(struct judge *judge, const char *what, const double *const *numbers, size_t n)
{
    check_monotone(judge, what, numbers, n, IS_RISING);
}

void
check_falls(struct judge *judge, const char *what, const double *const *numbers, size_t n)
{
    check_monotone(judge, what, numbers, n, IS_FALLING);
}

/* The least-squares slope of y on x over a sweep, in each replicate. */
static const double *
slopes(struct judge *judge, const double *const *x, const double *const *y, size_t n)
{
    double *slope = judge_numbers(judge);
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        double mean_x = 0, mean_y = 0, xy = 0, xx = 0;
        for (size_t k = 0; k < n; k++) {
            mean_x += x[k][r] / (double) n;
            mean_y += y[k][r] / (double) n;
        }
        for (size_t k = 0; k < n; k++) {
            xy += (x[k][r] - mean_x) * (y[k][r] - mean_y);
            xx += (x[k][r] - mean_x) * (x[k][r] - mean_x);
        }
        slope[r] = xx > 0 ? xy / xx : (double) NAN;
    }
    return slope;
}

void
check_slope_up(
    struct judge *judge, const char *what, const double *const *x, const double *const *y, size_t n)
{
    add_bounded(judge, what, slopes(judge, x, y, n), IS_ABOVE, 0, NAN);
}

void
check_slope_down(
    struct judge *judge, const char *what, const double *const *x, const double *const *y, size_t n)
{
    add_bounded(judge, what, slopes(judge, x, y, n), IS_BELOW, NAN, 0);
}

double
judge_mean(const struct judge *judge, const double *numbers)
{
    double sum = 0;
    uint32_t n = 0;
    for (uint32_t r = 0; r < judge->n_replicates; r++) {
        if (!isnan(numbers[r])) {
            sum += numbers[r];
            n++;
        }
    }
    return n > 0 ? sum / n : (double) NAN;
}

size_t
check_peak(struct judge *judge, const char *what, const double *const *numbers, size_t n)
{
    size_t peak = 0;
    for (size_t k = 1; k < n; k++) {
        peak = judge_mean(judge, numbers[k]) > judge_mean(judge, numbers[peak]) ? k : peak;
    }
    if (n > 0) {
        check_plus(judge, judge_text(judge, "%s: peak less the first", what),
            judge_minus(judge, numbers[peak], numbers[0]));
        check_plus(judge, judge_text(judge, "%s: peak less the last", what),
            judge_minus(judge, numbers[peak], numbers[n - 1]));
    }
    return peak;
}

void
check_fact(struct judge *judge, const char *what, int holds)
{
    struct check *check = add(judge, what, IS_SO, NAN, NAN);
    if (check != NULL) {
        check->holds = holds;
    }
}

int
judge_holds(const struct judge *judge)
{
    int holds = judge->n_checks > 0 && judge->missing == NULL && judge->status == SIM_OK;
    for (size_t i = 0; i < judge->n_checks; i++) {
        holds = holds && judge->checks[i].holds;
    }
    return holds;
}
