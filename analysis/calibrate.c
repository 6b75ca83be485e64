#include "analysis/calibrate.h"

#include "sim/error.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_roots.h>
#include <math.h>

#define GRID 60             /* steps of the first, coarse search */
#define ITERATIONS 200      /* of a search, at most; some 30 are usual */
#define PROFILE_95 3.841459 /* 95 % quantile of chi^2 with one degree of freedom */

/* A fit that goes on: what stays the same while the free threshold varies. */
struct problem {
    const struct calibrate_series *series;
    const struct pool_terms *terms;
    enum calibrate_model model;
    double factor[CALIBRATE_YEARS * CALIBRATE_YEARS]; /* Cholesky's L of the covariance */
    double target;                                    /* of profile_gap */
};

static int
factorise(struct problem *problem)
{
    const struct calibrate_series *series = problem->series;
    double rounding = series->digit * series->digit / 12, flow = 0, before = series->start;
    for (int j = 0; j < CALIBRATE_YEARS; j++) {
        flow += fabs(series->years[j] - before) + 2 * 12 * problem->terms->exit_rate * before;
        before = series->years[j];
        for (int k = j; k < CALIBRATE_YEARS; k++) {
            problem->factor[j * CALIBRATE_YEARS + k] = flow + rounding * (j == k ? 2 : 1);
            problem->factor[k * CALIBRATE_YEARS + j] = problem->factor[j * CALIBRATE_YEARS + k];
        }
    }
    gsl_matrix_view matrix = gsl_matrix_view_array(problem->factor, CALIBRATE_YEARS, CALIBRATE_YEARS);
    return gsl_linalg_cholesky_decomp1(&matrix.matrix) == GSL_SUCCESS ? SIM_OK : SIM_ERR_INPUT;
}

/* x <- L^-1 x: in these terms errors are independent with variance 1. */
static void
whiten(const struct problem *problem, double *x)
{
    gsl_matrix_const_view factor =
        gsl_matrix_const_view_array(problem->factor, CALIBRATE_YEARS, CALIBRATE_YEARS);
    gsl_vector_view vector = gsl_vector_view_array(x, CALIBRATE_YEARS);
    gsl_blas_dtrsv(CblasLower, CblasNoTrans, CblasNonUnit, &factor.matrix, &vector.vector);
}

static struct pool_terms
terms_at(const struct problem *problem, double extra)
{
    struct pool_terms terms = *problem->terms;
    terms.registered = problem->series->start;
    if (problem->model == CALIBRATE_THRESHOLD) {
        terms.threshold = extra;
    }
    terms.threshold_after = terms.threshold - (problem->model == CALIBRATE_STEP ? extra : 0);
    terms.event = problem->model == CALIBRATE_STEP ? CALIBRATE_EVENT : 0;
    return terms;
}

static double
dot(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < CALIBRATE_YEARS; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static double
positive(double x)
{
    return x > 0 ? x : 0;
}

/* What pool and founders of 1 add to the yearly numbers, and what is left for them to explain; whitened. */
struct design {
    double pool[CALIBRATE_YEARS], founders[CALIBRATE_YEARS], rest[CALIBRATE_YEARS];
};

static void
make_design(const struct problem *problem, const struct pool_terms *terms, struct design *design)
{
    struct pool_terms unit = *terms;
    unit.pool = 0;
    unit.founders = 0;
    pool_years(&unit, CALIBRATE_YEARS, design->rest);
    for (int i = 0; i < CALIBRATE_YEARS; i++) {
        design->rest[i] = problem->series->years[i] - design->rest[i];
    }
    unit.registered = 0;
    unit.pool = 1;
    pool_years(&unit, CALIBRATE_YEARS, design->pool);
    unit.pool = 0;
    unit.founders = 1;
    pool_years(&unit, CALIBRATE_YEARS, design->founders);
    whiten(problem, design->rest);
    whiten(problem, design->pool);
    whiten(problem, design->founders);
}

/* Pool and founders by least squares, neither below 0: if one would be, it is 0 and the other alone fits. */
static void
solve(const struct design *design, struct pool_terms *terms)
{
    double pp = dot(design->pool, design->pool), ff = dot(design->founders, design->founders);
    double pf = dot(design->pool, design->founders), det = pp * ff - pf * pf;
    double py = dot(design->pool, design->rest), fy = dot(design->founders, design->rest);
    terms->pool = (ff * py - pf * fy) / det;
    terms->founders = (pp * fy - pf * py) / det;
    if (!(terms->pool >= 0)) {
        terms->pool = 0;
        terms->founders = positive(fy / ff);
    } else if (!(terms->founders >= 0)) {
        terms->founders = 0;
        terms->pool = positive(py / pp);
    }
}

static double
distance(const struct problem *problem, const struct pool_terms *terms)
{
    double rest[CALIBRATE_YEARS];
    pool_years(terms, CALIBRATE_YEARS, rest);
    for (int i = 0; i < CALIBRATE_YEARS; i++) {
        rest[i] = problem->series->years[i] - rest[i];
    }
    whiten(problem, rest);
    return dot(rest, rest);
}

static struct pool_terms
best_at(const struct problem *problem, double extra, struct design *design)
{
    struct pool_terms terms = terms_at(problem, extra);
    make_design(problem, &terms, design);
    solve(design, &terms);
    return terms;
}

/* chi^2 at a value of the free threshold or cut, pool and founders fitted anew */
static double
profile(double extra, void *context)
{
    const struct problem *problem = context;
    struct design design;
    struct pool_terms terms = best_at(problem, extra, &design);
    return distance(problem, &terms);
}

static double
profile_gap(double extra, void *context)
{
    return profile(extra, context) - ((const struct problem *) context)->target;
}

static double
limit_of(enum calibrate_model model)
{
    return model == CALIBRATE_STEP ? CALIBRATE_CUT_LIMIT : CALIBRATE_THRESHOLD_LIMIT;
}

/* Brent's method inside three points whose middle is the lowest. */
static int
refine(struct problem *problem, double low, double middle, double high, double *best)
{
    gsl_function function = { profile, problem };
    gsl_min_fminimizer *search = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (search == NULL) {
        return SIM_ERR_MEMORY;
    }
    int status = gsl_min_fminimizer_set(search, &function, middle, low, high);
    for (int i = 0; i < ITERATIONS && status == GSL_SUCCESS; i++) {
        status = gsl_min_fminimizer_iterate(search);
        if (gsl_min_test_interval(
                gsl_min_fminimizer_x_lower(search), gsl_min_fminimizer_x_upper(search), 1e-7, 0)
            == GSL_SUCCESS) {
            break;
        }
    }
    *best = status == GSL_SUCCESS ? gsl_min_fminimizer_x_minimum(search) : middle;
    gsl_min_fminimizer_free(search);
    return SIM_OK;
}

/* The lowest point of the profile between 0 and the limit, which may be an end. */
static int
minimise(struct problem *problem, double *best)
{
    double step = limit_of(problem->model) / GRID, lowest = INFINITY;
    int at = 0;
    for (int i = 0; i <= GRID; i++) {
        double value = profile(i * step, problem);
        at = value < lowest ? i : at;
        lowest = value < lowest ? value : lowest;
    }
    *best = at * step;
    if (at == 0) { /* the lowest point may still lie inside the first step */
        double inside = step / 256;
        if (!(profile(inside, problem) < lowest)) {
            return SIM_OK;
        }
        return refine(problem, 0, inside, step, best);
    }
    return at == GRID ? SIM_OK : refine(problem, *best - step, *best, *best + step, best);
}

/* Where the profile crosses its target between the best value and an end; the end if it does not. */
static int
crossing(struct problem *problem, double best, double end, double *found)
{
    gsl_function function = { profile_gap, problem };
    *found = end;
    if (!(profile_gap(end, problem) > 0) || !(profile_gap(best, problem) < 0)) {
        return SIM_OK;
    }
    gsl_root_fsolver *search = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (search == NULL) {
        return SIM_ERR_MEMORY;
    }
    int status = gsl_root_fsolver_set(search, &function, fmin(best, end), fmax(best, end));
    for (int i = 0; i < ITERATIONS && status == GSL_SUCCESS; i++) {
        status = gsl_root_fsolver_iterate(search);
        *found = gsl_root_fsolver_root(search);
        if (gsl_root_test_interval(
                gsl_root_fsolver_x_lower(search), gsl_root_fsolver_x_upper(search), 1e-7, 0)
            == GSL_SUCCESS) {
            break;
        }
    }
    gsl_root_fsolver_free(search);
    return SIM_OK;
}

/* What the noise leaves open; wider where the model fits worse than the noise explains. */
static double
inflation(const struct calibrate_fit *fit)
{
    double per_degree = fit->chi2 / (CALIBRATE_YEARS - fit->n_parameters);
    return per_degree > 1 ? per_degree : 1;
}

static void
set_errors(struct calibrate_fit *fit, const struct design *design)
{
    double pp = dot(design->pool, design->pool), ff = dot(design->founders, design->founders);
    double pf = dot(design->pool, design->founders), det = pp * ff - pf * pf;
    fit->pool_error = fit->terms.pool > 0 ? sqrt(inflation(fit) * ff / det) : (double) NAN;
    fit->founders_error = fit->terms.founders > 0 ? sqrt(inflation(fit) * pp / det) : (double) NAN;
}

static double
round_to(double x, double digits)
{
    return round(x * digits) / digits;
}

/* As many digits as are printed: what is told of the fit holds for what a scenario file will say. */
static void
round_terms(struct pool_terms *terms)
{
    terms->pool = round(terms->pool);
    terms->founders = round_to(terms->founders, 10);
    terms->threshold = round_to(terms->threshold, 1e4);
    terms->threshold_after = round_to(terms->threshold_after, 1e4);
}

static void
assess(struct calibrate_fit *fit, const struct problem *problem)
{
    double years[CALIBRATE_YEARS], squares = 0;
    int k = fit->n_parameters, left = CALIBRATE_YEARS - k - 1;
    pool_years(&fit->terms, CALIBRATE_YEARS, years);
    for (int i = 0; i < CALIBRATE_YEARS; i++) {
        double relative = years[i] / problem->series->years[i] - 1;
        squares += relative * relative;
    }
    fit->rmse = sqrt(squares / CALIBRATE_YEARS);
    fit->chi2 = distance(problem, &fit->terms);
    fit->aic = fit->chi2 + 2 * k;
    fit->aicc = left > 0 ? fit->aic + 2.0 * k * (k + 1) / left : (double) NAN;
}

static void
fill(struct calibrate_fit *fit, struct problem *problem, double extra)
{
    struct design design;
    fit->model = problem->model;
    fit->n_parameters = problem->model == CALIBRATE_PLAIN ? 2 : 3;
    fit->extra = problem->model == CALIBRATE_PLAIN ? (double) NAN : extra;
    fit->low = fit->high = fit->extra;
    fit->terms = best_at(problem, extra, &design);
    round_terms(&fit->terms);
    assess(fit, problem);
    set_errors(fit, &design);
}

static int
pose(struct problem *problem, const struct calibrate_series *series, const struct pool_terms *terms,
    enum calibrate_model model)
{
    *problem = (struct problem){ series, terms, model, { 0 }, 0 };
    return factorise(problem);
}

int
calibrate_fit_at(struct calibrate_fit *fit, const struct calibrate_series *series,
    const struct pool_terms *terms, enum calibrate_model model, double extra)
{
    struct problem problem;
    int ret = pose(&problem, series, terms, model);
    if (ret == SIM_OK) {
        fill(fit, &problem, extra);
    }
    return ret;
}

int
calibrate_fit(struct calibrate_fit *fit, const struct calibrate_series *series,
    const struct pool_terms *terms, enum calibrate_model model)
{
    struct problem problem;
    double best = 0;
    int ret = pose(&problem, series, terms, model);
    if (ret == SIM_OK && model != CALIBRATE_PLAIN) {
        ret = minimise(&problem, &best);
    }
    if (ret != SIM_OK) {
        return ret;
    }
    fill(fit, &problem, best);
    if (model != CALIBRATE_PLAIN) {
        problem.target = profile(best, &problem) + PROFILE_95 * inflation(fit);
        ret = crossing(&problem, best, 0, &fit->low);
    }
    if (ret == SIM_OK && model != CALIBRATE_PLAIN) {
        ret = crossing(&problem, best, limit_of(model), &fit->high);
    }
    return ret;
}

double
calibrate_effect(const struct pool_terms *terms, uint32_t n)
{
    double with[CALIBRATE_HORIZON], without[CALIBRATE_HORIZON];
    struct pool_terms plain = *terms;
    plain.event = 0;
    pool_years(terms, n, with);
    pool_years(&plain, n, without);
    return 100 * (with[n - 1] / without[n - 1] - 1);
}
