/* government.c - the street's government (街道): its purse for purchase, its stress, its desk. */
#include "models/cogov/cogov.h"

void
government_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_government *government = cogov_government_of(view);
    double population = 0;
    for (uint32_t b = 0; b < view->n_below; b++) {
        population += (double) (cogov_resident_count(view->below[b]) * p->city_weight);
    }
    government->population[0] = population;
    government->stress[0] = p->payment_stress;
    government->desk_ratio[0] = 1;
    government->capacity[0] = p->government_capacity;
    government->reputation[0] = p->initial_credibility;
    government->grassroots[0] = p->organisations_grassroots;
    for (int policy = 0; policy < POLICIES; policy++) {
        government->force[0].of[policy] = 1;
        government->institutionalised[0].of[policy] = p->government_institutionalisation;
    }
}
