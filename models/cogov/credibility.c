/* credibility.c - each provider's belief that government pays in time.
 *
 *     K <- K + k_up (1 - K) after a payment in time,   K <- K - k_dn K after a late one, k_dn > k_up  (12)
 *
 * Late payment costs credibility (公信力): Dacheng2020 (m17); asymmetric steps assumption.
 */
#include "models/cogov/cogov.h"

void
credibility(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    for (uint32_t block = 0; block < view->n_below; block++) {
        const struct cogov_contract *contract = cogov_contract_of(view->below[block]);
        for (uint32_t lot = 0; lot < LOTS; lot++) {
            if (contract->late[lot] >= 0) {
                double *belief = cogov_provider_of(view, contract->provider[lot]).credibility;
                *belief += contract->late[lot] ? -p->payment_credibility_loss * *belief
                                               : p->payment_credibility_gain * (1 - *belief);
            }
        }
    }
}
