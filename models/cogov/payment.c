/* payment.c - the street pays, in time or late.
 *
 *     each instalment is late with probability f, or while the evaluation is pending; arrears are repaid at the rate r_a (1 - f) a month  (11b)
 *
 * f: fiscal stress. An instalment for which there is no cash is late too. Where anything is verified, the
 * evaluation is pending in the first months of each contract year (payment.evaluation_months); what falls
 * due then joins the arrears and is repaid at their rate. Late payment Dacheng2020 (m17); sizes as
 * reported from Shenzhen and Dongguan. Money is conserved to the fen: what was appropriated is cash or
 * paid, what fell due is paid or owed.
 */
#include "models/cogov/cogov.h"

static void
pay(const struct cogov_government *government, const struct cogov_provider *provider, int64_t amount)
{
    government->cash[0] -= amount;
    government->paid[0] += amount;
    government->spending[0] += amount;
    *provider->received += amount;
    *provider->received_ever += amount;
}

static void
repay_arrears(const struct sim_view *view, double stress)
{
    const struct cogov_government *government = cogov_government_of(view);
    const double rate = cogov_params(view)->payment_repayment * (1 - stress);
    int32_t providers = (int32_t) (cogov_organisation_count(view) + cogov_firm_count(view));
    for (int32_t j = 0; j < providers; j++) {
        struct cogov_provider provider = cogov_provider_of(view, j);
        int64_t share = rate > 0 ? (int64_t) ((double) *provider.receivable * rate) + 1 : 0;
        int64_t amount = share < *provider.receivable ? share : *provider.receivable;
        amount = amount < government->cash[0] ? amount : government->cash[0];
        *provider.received = 0;
        *provider.receivable -= amount;
        pay(government, &provider, amount);
    }
}

static int
is_pending(const struct sim_view *view, uint32_t block, uint32_t lot)
{
    int64_t year =
        (cogov_contract_of(view->below[block])->months[lot] + 11) % 12; /* months delivered count from 1 */
    return cogov_params(view)->switches_payment && cogov_community_of(view->below[block])->verified[0] > 0
        && year < cogov_params(view)->payment_evaluation_months;
}

static void
settle_instalment(const struct sim_view *view, uint32_t block, uint32_t lot, double stress)
{
    const struct cogov_government *government = cogov_government_of(view);
    const struct cogov_contract *contract = cogov_contract_of(view->below[block]);
    int64_t amount = contract->instalment[lot];
    contract->late[lot] = -1;
    if (contract->provider[lot] < 0) {
        return;
    }
    struct cogov_provider provider = cogov_provider_of(view, contract->provider[lot]);
    int late = sim_draw(view->stream, cogov_lot_number(block, lot), 0) < stress
        || is_pending(view, block, lot) || government->cash[0] < amount;
    government->accrued[0] += amount;
    contract->late[lot] = (int8_t) late;
    if (late) {
        *provider.receivable += amount;
    } else {
        pay(government, &provider, amount);
    }
}

void
payment(const struct sim_view *view)
{
    const struct cogov_government *government = cogov_government_of(view);
    double stress = cogov_params(view)->switches_payment ? government->stress[0] : 0;
    government->spending[0] = 0;
    repay_arrears(view, stress);
    for (uint32_t block = 0; block < view->n_below; block++) {
        for (uint32_t lot = 0; lot < LOTS; lot++) {
            settle_instalment(view, block, lot, stress);
        }
    }
}
