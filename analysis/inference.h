/* inference.h - the statistics by which two sides of paired runs are told apart, and inequality is measured. A NaN
 * stands for what is not defined.
 */
#ifndef ANALYSIS_INFERENCE_H
#define ANALYSIS_INFERENCE_H

#include <stddef.h>

/* Whether a number is no more than what rounding leaves of numbers of a size: means over months that are equal on paper
 * may differ in their last bits, and a difference of these bits is none. */
int inference_is_rounding(double number, double size);

/* B - A; 0 if they differ by rounding only. */
double inference_difference(double a, double b);

/* A number with its 95 % interval; low and high are NaN if it has none. */
struct inference_interval {
    double value, low, high;
};

/* The mean, with Student's t interval; no interval for fewer than two numbers. */
struct inference_interval inference_mean(const double *x, size_t n);

/* The two-sided p value of the paired t test of n differences against 0; NaN for fewer than two, or if all are 0. It
 * is 0 if all are the same and not 0. */
double inference_paired_p(const double *differences, size_t n);

/* The p values of a family, adjusted so that rejecting those below alpha makes a false rejection anywhere in the
 * family with a probability of at most alpha, however they depend on each other. Those that are NaN stay so and do
 * not belong to it. Holm 1979, Scandinavian Journal of Statistics 6: 65-70. SIM_ERR_MEMORY. */
int inference_holm(const double *p, size_t n, double *adjusted);

/* Hedges's g of two samples of n numbers each: the difference of means, B - A, in pooled standard deviations, less the
 * bias of small samples:
 *
 *     g = J (mean B - mean A) / sqrt((var A + var B) / 2),   J = Gamma(m / 2) / (sqrt(m / 2) Gamma((m - 1) / 2)),   m = 2 n - 2
 *
 * Hedges 1981, Journal of Educational Statistics 6: 107-128. NaN for fewer than two, or if neither side varies, but for rounding. */
double inference_hedges_g(const double *a, const double *b, size_t n);

/* How likely a number of b is above one of a: over all pairs of one of each, those that are equal but for rounding
 * count half. 0.5 if they do not differ. Vargha & Delaney 2000, Journal of Educational and Behavioral Statistics 25:
 * 101-132. Both are ascending, of n numbers each; NaN for fewer than two of each. */
double inference_superiority(const double *sorted_a, const double *sorted_b, size_t n);

/* The Gini coefficient of n ascending numbers, (sum over i of (2 i - n - 1) x_i) / (n sum x): 0 if all are equal,
 * 1 - 1 / n if one has all. NaN without numbers, if one is negative, or if their sum is 0. */
double inference_gini(const double *sorted, size_t n);

#endif
