/* party.c - the party organisation (党组织) of a community. */
#include "models/cogov/cogov.h"

void
party_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_party *party = cogov_party_of(view);
    party->coverage[0] = p->party_coverage;
    party->coordination[0] = p->party_base_coordination;
}
