/* statistics.h - the few statistics that go into a results file. Only additions, products, quotients, square
 * roots and SLEEF's deterministic arc tangent are used, so that the bits are the same on every machine.
 */
#ifndef SIM_STATISTICS_H
#define SIM_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* NaN without numbers. Of equal numbers it is that number, exactly. */
double sim_mean(const double *x, size_t n);

/* Standard deviation with n - 1; NaN for fewer than two numbers. Of equal numbers it is 0, exactly. */
double sim_sd(const double *x, size_t n);

/* Ascending, in place. No NaN. */
void sim_sort(double *x, size_t n);

/* The quantile at probability p of ascending numbers, linear between them (type 7 of Hyndman & Fan 1996); NaN
 * without numbers. */
double sim_quantile(const double *sorted, size_t n, double p);

/* The 97.5 % quantile of Student's t with dof >= 1 degrees of freedom; NaN for 0. */
double sim_student_975(uint32_t dof);

/* Half of the 95 % interval of the mean of n numbers with this standard deviation; NaN for n < 2. */
double sim_half_width_95(double sd, size_t n);

#endif
