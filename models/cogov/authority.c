/* authority.c - a committee needs authority and time to be effective; losing administrative items without
 * being empowered makes it marginal (边缘化).
 *
 *     U = 1 - z (1 - e'),   e' = min(1, phi e + xi chi),   g = U^theta x_N^(1 - theta)           (3)
 *
 * z: burden cut; e: empowerment, phi: how far it is in force (officials); chi: cross-appointment; x_N:
 * time for residents. Huang2018 (m4, m5), empowerment first Wang2018 (m24); Cobb-Douglas form assumption.
 * With r = w_A n_A / (w_N n_N) and e' = 0, g has an interior maximum at z* = 1 - theta / (r (1 - 2
 * theta)) if theta < 1/2 and that lies in (0, 1), and g rises up to z = 1 if and only if e' >= theta /
 * (theta + (1 - theta) r).
 */
#include "models/cogov/cogov.h"

void
authority(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    double theta = p->committee_authority_elasticity;
    double level = p->empowerment_level * cogov_force(view, POLICY_EMPOWERMENT);
    double empowered = sim_unit(level + p->empowerment_cross_effect * p->empowerment_cross_appointment);
    double left = p->switches_authority ? 1 - p->burden_cut * (1 - empowered) : 1;
    double own = 1 - committee->administrative[0];
    committee->authority[0] = left;
    committee->effectiveness[0] =
        left > 0 && own > 0 ? sim_unit(sim_pow(left, theta) * sim_pow(own, 1 - theta)) : 0;
}
