/* party_coordination.c - party branches in the grids bring scattered actors together.
 *
 *     C = 1 - (1 - C_0) exp(-gamma_P P (1 + chi)),   then   P <- P + rho_P (P* - P)          (4)
 *
 * P: coverage; chi: cross-appointment; C_0: coordination without the party, an input that is low where
 * the social network is weak beside the party's and government's (Dacheng2020, m40). Sign Wang2018,
 * Huang2018 (m9); form assumption.
 */
#include "models/cogov/cogov.h"

void
party_coordination(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_party *party = cogov_party_of(view);
    double reach = party->coverage[0] * (1 + p->empowerment_cross_appointment);
    party->coordination[0] =
        1 - (1 - p->party_base_coordination) * sim_exp(-p->party_coordination_effect * reach);
    party->coverage[0] += p->party_coverage_growth * (p->party_coverage_target - party->coverage[0]);
}
