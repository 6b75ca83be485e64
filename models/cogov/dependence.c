/* dependence.c - who pays is answered to: an organisation that lives on government's money listens less to
 * residents.
 *
 *     dep = government's part of income over all of it, both remembered over some months
 *     responsiveness = 1 - phi_dep dep                                                       (13b)
 *
 * Dependence weakens will and quality: Huang2018 (m13); form assumption.
 */
#include "models/cogov/cogov.h"

void
dependence(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    const double memory = 1.0 / (double) p->organisations_income_memory;
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        if (cogov_is_professional(o, i)) {
            double all = (double) cogov_income(p, o, i);
            o->income_government[i] += memory * ((double) o->received[i] - o->income_government[i]);
            o->income_all[i] += memory * (all - o->income_all[i]);
            double share = o->income_all[i] > 0 ? o->income_government[i] / o->income_all[i] : 0;
            o->responsiveness[i] = sim_unit(1 - p->organisations_dependence_effect * share);
        }
    }
}
