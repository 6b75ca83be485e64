/* community.c - what a community (社区) has in common, and its lots. */
#include "models/cogov/cogov.h"

void
community_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    const struct cogov_contract *contract = cogov_contract_of(view);
    community->population[0] = (double) (cogov_resident_count(view) * p->city_weight);
    community->ambient[0] = p->initial_quality;
    for (int need = 0; need < NEEDS; need++) {
        community->quality[0].of[need] = p->initial_quality;
        community->resolution[0].of[need] = 0;
    }
    for (int lot = 0; lot < LOTS; lot++) {
        contract->provider[lot] = -1;
        contract->late[lot] = -1;
    }
    community->special_part[0] = p->purchase_special_share;
}
