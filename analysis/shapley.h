/* shapley.h - what each player adds in a cooperative game (Shapley 1953), and each pair beyond what the two add apart
 * (Grabisch & Roubens 1999). A game of n players is its value for every coalition, v[S], the players of S being the
 * bits of its number.
 */
#ifndef ANALYSIS_SHAPLEY_H
#define ANALYSIS_SHAPLEY_H

#include "analysis/inference.h"

#include <stdint.h>

#define SHAPLEY_PLAYERS 24 /* at most, for v has 2^n values */

/* phi[i] = sum over S without i of |S|! (n - |S| - 1)! / n! (v[S + i] - v[S]). They sum to v[all] - v[0]. */
void shapley_values(uint32_t n, const double *v, double *phi);

/* The Shapley interaction index of the players i and j:
 * sum over S without both of |S|! (n - |S| - 2)! / (n - 1)! (v[S + i + j] - v[S + i] - v[S + j] + v[S]). */
double shapley_interaction(uint32_t n, const double *v, uint32_t i, uint32_t j);

/* The mean of what a player adds in random orders of the players, adds[order * n_replicates + replicate]. Its interval
 * holds the error of both samples, that of orders and that of replicates, which are crossed: the variance of the mean
 * is (MS_orders + MS_replicates - MS_rest) / (n_orders n_replicates), with Satterthwaite's degrees of freedom. None for
 * fewer than two orders or two replicates. */
struct inference_interval shapley_mean_of_orders(
    const double *adds, uint32_t n_orders, uint32_t n_replicates);

#endif
