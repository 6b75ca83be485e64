/* firms.c - firms of a street: one property company for each community, in their order, then service
 * companies. Property companies change with their contracts (23), service companies do not.
 */
#include "models/cogov/cogov.h"

void
firms_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_firm *firm = cogov_firm_of(view);
    for (uint32_t i = 0; i < cogov_firm_count(view); i++) {
        double draws[4];
        sim_draw4(view->stream, i, SETUP_FIRM, draws);
        firm->quality[i] = sim_distribution_at(&p->firms_quality, draws[0]);
        firm->shading[i] = sim_distribution_at(&p->purchase_shading, draws[1]);
        firm->credibility[i] = p->initial_credibility;
    }
}
