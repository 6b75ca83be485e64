/* property_contracts.c - residents renew the contract of their property company, and it changes.
 *
 *     q <- q + r_F (mean S - q)   each time a contract ends                                  (23b)
 *
 * q: the company's quality of service; S: satisfaction of its community; r_F: firms.revision. Contracts of
 * the street's communities end in different months, one community after the other. Return for firms that
 * take part Wang2018 (m26); form assumption.
 */
#include "models/cogov/cogov.h"

void
property_contracts(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    double *quality = cogov_firm_of(view)->quality;
    for (uint32_t block = 0; block < view->n_below; block++) {
        const struct sim_view *below = view->below[block];
        uint32_t n = cogov_resident_count(below);
        if (n > 0 && (view->tick + block) % p->firms_contract_length == 0) {
            double satisfied = sim_unit(sim_sum_f32(cogov_resident_of(below)->satisfaction, n) / n);
            quality[block] += p->firms_revision * (satisfied - quality[block]);
        }
    }
}
