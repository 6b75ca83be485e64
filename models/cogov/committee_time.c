/* committee_time.c - how a committee divides its month between administrative and other work.
 *
 *     x_A = w_A n_A (1 - z) / (w_A n_A (1 - z) + w_N n_N),   w_N = w_res,  w_A = 1 - w_res   (2)
 *
 * n_A, n_N: administrative and own items; z: burden cut; w_res: weight of residents' satisfaction in
 * the yearly assessment. Multitask attention (Holmstrom and Milgrom 1991) with effort in proportion to
 * items times incentive (assumption; m1, m2, m3). A committee without any item has all its time for
 * residents.
 */
#include "models/cogov/cogov.h"

void
committee_time(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    double administrative =
        (1 - p->committee_resident_weight) * p->committee_administrative_items * (1 - p->burden_cut);
    double own = p->committee_resident_weight * p->committee_own_items;
    double x = administrative + own > 0 ? administrative / (administrative + own) : 0;
    committee->administrative[0] = x;
    committee->self_governance[0] = (1 - x) * p->committee_self_governance_share;
    committee->service[0] = (1 - x) * (1 - p->committee_self_governance_share);
}
