/* statistics.c - mean, standard deviation, quantiles, and the 97.5 % quantile of Student's t. */
#include "sim/statistics.h"

#include <math.h>
#include <sleef.h>
#include <stdlib.h>

/* Up to here the exact series is summed; beyond, five terms of the expansion in 1 / dof are as good. */
#define LARGEST_SUMMED 1000

double
sim_mean(const double *x, size_t n)
{
    if (n == 0) {
        return NAN;
    }
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    double mean = sum / (double) n;
    if (!isfinite(mean)) {
        return mean;
    }
    double rest = 0;
    for (size_t i = 0; i < n; i++) {
        rest += x[i] - mean;
    }
    return mean + rest / (double) n;
}

double
sim_sd(const double *x, size_t n)
{
    if (n < 2) {
        return NAN;
    }
    double mean = sim_mean(x, n);
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
    }
    return sqrt(squares / (double) (n - 1));
}

/* -0 before 0: equal inputs in any order sort to the same bits. */
static int
ascending(const void *left, const void *right)
{
    double a = *(const double *) left;
    double b = *(const double *) right;
    if (a == b) {
        return !!signbit(b) - !!signbit(a);
    }
    return a < b ? -1 : 1;
}

void
sim_sort(double *x, size_t n)
{
    qsort(x, n, sizeof(*x), ascending);
}

double
sim_quantile(const double *sorted, size_t n, double p)
{
    if (n == 0) {
        return NAN;
    }
    double at = p * (double) (n - 1);
    size_t below = (size_t) at;
    if (below >= n - 1) {
        return sorted[n - 1];
    }
    double low = sorted[below];
    double high = sorted[below + 1];
    return low == high ? low : low + (at - (double) below) * (high - low);
}

/* P(-t < T < t) by the finite trigonometric series of Abramowitz & Stegun (26.7.3, 26.7.4), with tan(theta) =
 * t / sqrt(dof). */
static double
student_within(double t, uint32_t dof)
{
    double v = (double) dof;
    double cosine2 = v / (v + t * t);
    double sine = t / sqrt(v + t * t);
    int odd = dof % 2 == 1;
    double term = odd ? sqrt(cosine2) : 1;
    double sum = dof == 1 ? 0 : term;
    for (uint32_t k = odd ? 3 : 2; k < dof; k += 2) {
        term *= cosine2 * (double) (k - 1) / (double) k;
        sum += term;
    }
    if (!odd) {
        return sine * sum;
    }
    return (Sleef_cinz_atand1_u10purec(t / sqrt(v)) + sine * sum) * (2 / 3.14159265358979323846);
}

static double
student_975_by_bisection(uint32_t dof)
{
    double low = 1.9;
    double high = 13;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) {
            return middle;
        }
        if (student_within(middle, dof) < 0.95) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/* The normal quantile and four corrections (Abramowitz & Stegun 26.7.5). */
static double
student_975_by_expansion(uint32_t dof)
{
    const double z = 1.95996398454005423552;
    const double z2 = z * z;
    double u = 1 / (double) dof;
    double g1 = z * (z2 + 1) / 4;
    double g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
    double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    double g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
    return z + u * (g1 + u * (g2 + u * (g3 + u * g4)));
}

double
sim_student_975(uint32_t dof)
{
    if (dof == 0) {
        return NAN;
    }
    return dof <= LARGEST_SUMMED ? student_975_by_bisection(dof) : student_975_by_expansion(dof);
}

double
sim_half_width_95(double sd, size_t n)
{
    return n < 2 ? NAN : sim_student_975((uint32_t) (n - 1)) * sd / sqrt((double) n);
}
