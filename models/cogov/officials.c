/* officials.c - leaders of the street come and go, and policies that live by a leader go with the leader
 * (人走政息).
 *
 *     the leader leaves with probability h_o; each policy then survives with probability
 *         iota + (1 - iota) rho_new, else it lapses                                          (17)
 *     iota <- iota + e_i (1 + s_l law + s_p min(1, deliberators / reference)) (1 - iota)
 *
 * iota: how far a policy stands by itself; rho_new: probability that a new leader takes up one that does
 * not; law: how far policies are in law; deliberators: mean over the street's communities of their share
 * over the reference. A lapsed policy keeps a remainder of its level and does not come back; what is in
 * force is phi times the level of a policy, phi = 1 or the remainder. With iota fixed survival is
 * geometric, nearly exponential with hazard h_o (1 - iota) (1 - rho_new). Wang2018 (m21); forms
 * assumption.
 */
#include "models/cogov/cogov.h"

enum { DRAW_LEADER, DRAW_POLICIES };

/* How many take part in deliberation, as a share of what full support asks for. */
static double
support(const struct sim_view *view)
{
    double sum = 0;
    for (uint32_t b = 0; b < view->n_below; b++) {
        const struct sim_view *community = view->below[b];
        double reference = cogov_params(community)->needs_deliberation_reference;
        sum += sim_unit(cogov_community_of(community)->deliberators[0] / reference);
    }
    return sum / view->n_below;
}

void
officials(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_government *government = cogov_government_of(view);
    double backing =
        1 + p->government_law_support * p->government_in_law + p->government_public_support * support(view);
    double step = sim_unit(p->government_institutionalisation_rate * backing);
    int left = sim_draw(view->stream, 0, DRAW_LEADER) < p->government_leader_turnover;

    government->leader_left[0] = (uint8_t) left;
    for (uint32_t policy = 0; policy < POLICIES; policy++) {
        double *iota = &government->institutionalised[0].of[policy];
        double survival = *iota + (1 - *iota) * p->government_readoption;
        if (left && sim_draw(view->stream, policy, DRAW_POLICIES) >= survival) {
            double *force = &government->force[0].of[policy];
            *force = p->government_policy_remainder < *force ? p->government_policy_remainder : *force;
        }
        *iota += step * (1 - *iota);
    }
}
