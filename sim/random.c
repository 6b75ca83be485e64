/* random.c - the standard normal deviate and the Poisson count from a uniform draw. The draws themselves are inline, in random.h. */
#include "sim/random.h"

#include "sim/vector.h"

#include <assert.h>
#include <math.h>

/* A rational function of degree 7; the denominator's constant is 1. */
struct rational {
    double above[8];
    double below[8];
};

/* The three of algorithm AS 241, PPND16 (Wichura 1988, Applied Statistics 37, 477-484). */
static const struct rational centre = {
    { 3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
        4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4,
        2.5090809287301226727e+3 },
    { 1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
        2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
        5.2264952788528545610e+3 },
};
static const struct rational shoulder = {
    { 1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
        1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2,
        7.74545014278341407640e-4 },
    { 1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
        1.05075007164441684324e-9 },
};
static const struct rational tail = {
    { 6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
        2.01033439929228813265e-7 },
    { 1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
        2.04426310338993978564e-15 },
};

static double
rational_at(const struct rational *rational, double x)
{
    double above = rational->above[7], below = rational->below[7];
    for (int i = 6; i >= 0; i--) {
        above = above * x + rational->above[i];
        below = below * x + rational->below[i];
    }
    return above / below;
}

double
sim_normal_at(double u)
{
    double from_middle = u - 0.5;
    if (fabs(from_middle) <= 0.425) {
        return from_middle * rational_at(&centre, 0.180625 - from_middle * from_middle);
    }
    double r = sqrt(-sim_log(from_middle < 0 ? u : 1 - u));
    double deviate = r <= 5 ? rational_at(&shoulder, r - 1.6) : rational_at(&tail, r - 5);
    return from_middle < 0 ? -deviate : deviate;
}

#define POISSON_FROM_ZERO 500.0 /* means up to which exp(-mean) is a probability to begin with */
#define POISSON_NOTHING 0x1p-60 /* terms below this change no sum of probabilities */

/* Upwards from a count whose probability and cumulative sum are known. Where u is nearer to 1 than the sum gets
 * in double precision, the terms run out first. */
static int64_t
poisson_upwards(double mean, double u, int64_t count, double probability, double sum)
{
    while (sum < u && (probability > POISSON_NOTHING || (double) count < mean)) {
        count++;
        probability *= mean / (double) count;
        sum += probability;
    }
    return count;
}

/* The probability of the most likely count n, the whole part of a mean >= 500:
 *
 *     mean^n exp(-mean) / n! = exp(n log(1 + x) - n x - rest) / sqrt(2 pi n),   x = (mean - n) / n < 1 / 500
 *
 * with n! by Stirling's series; log(1 + x) - x and the rest by their series, whose first terms left out are below
 * 1e-16, so that nothing large cancels. */
static double
poisson_at_mode(double mean, double n)
{
    double two_pi = 6.28318530717958647693, x = (mean - n) / n;
    double excess = x * x * (-1.0 / 2 + x * (1.0 / 3 - x * (1.0 / 4 - x * (1.0 / 5 - x / 6))));
    double rest = (1.0 / 12 - (1.0 / 360 - 1.0 / (1260 * n * n)) / (n * n)) / n;
    return sim_exp(n * excess - rest) / sqrt(two_pi * n);
}

/* From the most likely count: the sum of all below it first, then up or down to u. */
static int64_t
poisson_from_mode(double mean, double u)
{
    int64_t mode = (int64_t) mean;
    double at_mode = poisson_at_mode(mean, (double) mode);
    double probability = at_mode, sum = at_mode;
    for (int64_t count = mode; count > 0 && probability > POISSON_NOTHING * at_mode; count--) {
        probability *= (double) count / mean;
        sum += probability;
    }
    if (sum < u) {
        return poisson_upwards(mean, u, mode, at_mode, sum);
    }
    int64_t count = mode;
    for (probability = at_mode; count > 0 && sum - probability >= u; count--) {
        sum -= probability;
        probability *= (double) count / mean;
    }
    return count;
}

int64_t
sim_poisson_at(double mean, double u)
{
    assert(mean >= 0 && mean <= 1e12);
    double none = sim_exp(-mean);
    return mean <= POISSON_FROM_ZERO ? poisson_upwards(mean, u, 0, none, none) : poisson_from_mode(mean, u);
}
