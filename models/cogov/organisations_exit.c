/* organisations_exit.c - professional organisations close.
 *
 *     exit if R < -credit months of full wages, or with probability x_0                      (14b)
 *
 * R: reserve. Its staff goes and its contracts end: their lots stay unfilled until the next tender. What
 * government owes it stays owed and is paid, which its creditors get. Exit from debt follows late payment
 * (Dacheng2020, m17); form assumption.
 */
#include "models/cogov/cogov.h"

static void
end_contracts(const struct sim_view *view, uint32_t i)
{
    for (uint32_t b = 0; b < view->n_below; b++) {
        const struct cogov_contract *contract = cogov_contract_of(view->below[b]);
        for (uint32_t lot = 0; lot < LOTS; lot++) {
            if (contract->provider[lot] == (int32_t) i) {
                cogov_end_contract(contract, lot);
            }
        }
    }
}

static void
close_down(const struct sim_view *view, uint32_t i)
{
    const struct cogov_organisation *o = cogov_organisation_of(view);
    end_contracts(view, i);
    o->active[i] = 0;
    o->contracts[i] = o->posts[i] = o->staffing[i] = o->quitting[i] = 0;
}

void
organisations_exit(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    double *exited = cogov_government_of(view)->exited;
    *exited = 0;
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        double credit = p->organisations_credit * o->posts[i] * p->organisations_wage * 100;
        if (cogov_is_professional(o, i)
            && ((double) o->reserve[i] < -credit
                || sim_draw(view->stream, i, 0) < p->organisations_exit_rate)) {
            close_down(view, i);
            *exited += 1;
        }
    }
}
