/* purchase_budget.c - money for the purchase of services (政府购买服务): each January, and in the first month,
 * the street's government receives the year's budget per head times its residents, as far as the policy
 * of purchase is in force (phi B, see officials). What is not spent stays.
 */
#include "models/cogov/cogov.h"

void
purchase_budget(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_government *government = cogov_government_of(view);
    if (view->tick == 1 || cogov_month(p, view->tick) == 1) {
        int64_t budget = (int64_t) (p->purchase_budget * cogov_force(view, POLICY_PURCHASE) * 100
            * government->population[0]);
        government->budget[0] = budget;
        government->appropriated[0] += budget;
        government->cash[0] += budget;
    }
}
