/* shapley.c - Shapley values, interactions, and how well they are known. */
#include "analysis/shapley.h"

#include "sim/statistics.h"

#include <math.h>

static uint32_t
size_of(uint32_t coalition)
{
    uint32_t n = 0;
    for (; coalition != 0; coalition &= coalition - 1) {
        n++;
    }
    return n;
}

/* weights[s] = s! (n - s - 1)! / n!, for s from 0 to n - 1; exact to a rounding each. */
static void
fill_weights(uint32_t n, double *weights)
{
    double choose = 1; /* n - 1 over s */
    for (uint32_t s = 0; s < n; s++) {
        weights[s] = 1 / (n * choose);
        choose = choose * (n - 1 - s) / (s + 1);
    }
}

void
shapley_values(uint32_t n, const double *v, double *phi)
{
    double weights[SHAPLEY_PLAYERS];
    const uint32_t all = (UINT32_C(1) << n) - 1;
    fill_weights(n, weights);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t own = UINT32_C(1) << i;
        phi[i] = 0;
        for (uint32_t s = 0; s <= all; s++) {
            if ((s & own) == 0) {
                phi[i] += weights[size_of(s)] * (v[s | own] - v[s]);
            }
        }
    }
}

double
shapley_interaction(uint32_t n, const double *v, uint32_t i, uint32_t j)
{
    double weights[SHAPLEY_PLAYERS], sum = 0;
    const uint32_t all = (UINT32_C(1) << n) - 1, a = UINT32_C(1) << i, b = UINT32_C(1) << j;
    fill_weights(n - 1, weights);
    for (uint32_t s = 0; s <= all; s++) {
        if ((s & (a | b)) == 0) {
            sum += weights[size_of(s)] * ((v[s | a | b] - v[s | a]) - (v[s | b] - v[s]));
        }
    }
    return sum;
}

/* Sums of squares of a layout of orders by replicates: between orders, between replicates, and the rest. */
struct squares {
    double mean, orders, replicates, rest;
};

static struct squares
decompose(const double *adds, uint32_t n_orders, uint32_t n_replicates)
{
    const size_t n = (size_t) n_orders * n_replicates;
    struct squares squares = { .mean = sim_mean(adds, n) };
    double all = 0;
    for (uint32_t o = 0; o < n_orders; o++) {
        double apart = sim_mean(adds + (size_t) o * n_replicates, n_replicates) - squares.mean;
        squares.orders += n_replicates * apart * apart;
    }
    for (uint32_t r = 0; r < n_replicates; r++) {
        double apart = 0;
        for (uint32_t o = 0; o < n_orders; o++) {
            apart += adds[(size_t) o * n_replicates + r] - squares.mean;
        }
        squares.replicates += apart * apart / n_orders;
    }
    for (size_t i = 0; i < n; i++) {
        all += (adds[i] - squares.mean) * (adds[i] - squares.mean);
    }
    squares.rest = fmax(all - squares.orders - squares.replicates, 0);
    return squares;
}

struct inference_interval
shapley_mean_of_orders(const double *adds, uint32_t n_orders, uint32_t n_replicates)
{
    const struct squares squares = decompose(adds, n_orders, n_replicates);
    struct inference_interval interval = { squares.mean, (double) NAN, (double) NAN };
    if (n_orders < 2 || n_replicates < 2) {
        return interval;
    }
    const double n = (double) n_orders * n_replicates, dof_o = n_orders - 1, dof_r = n_replicates - 1;
    const double o = squares.orders / dof_o / n, r = squares.replicates / dof_r / n;
    const double rest = squares.rest / (dof_o * dof_r) / n;
    const double variance = fmax(o + r - rest, fmax(o, r));
    const double spread = o * o / dof_o + r * r / dof_r + rest * rest / (dof_o * dof_r);
    const double dof = spread > 0 ? fmin(fmax(floor(variance * variance / spread), 1), 1e6) : 1;
    const double half = sqrt(variance) * sim_student_975((uint32_t) dof);
    interval.low = squares.mean - half;
    interval.high = squares.mean + half;
    return interval;
}
