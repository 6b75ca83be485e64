/* committee.c - the resident committee (居民委员会) of a community. At the start its time follows its items
 * alone, it has its full authority and every channel is open; the rules of the first month replace
 * that.
 */
#include "models/cogov/cogov.h"

void
committee_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    double items = p->committee_administrative_items + p->committee_own_items;
    double own = items > 0 ? p->committee_own_items / items : 1;
    committee->administrative[0] = 1 - own;
    committee->self_governance[0] = own * p->committee_self_governance_share;
    committee->service[0] = own * (1 - p->committee_self_governance_share);
    committee->authority[0] = 1;
    committee->effectiveness[0] = sim_pow(own, 1 - p->committee_authority_elasticity);
    committee->legitimacy[0] = p->initial_legitimacy;
    for (int depth = 0; depth < DEPTHS; depth++) {
        committee->available[0].of[depth] = 1;
    }
}
