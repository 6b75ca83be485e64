/* evaluation.c - how much of what providers promise and deliver is verified.
 *
 *     verified = min(1, q / q_s) (nu (1 - h) + h min(1, deliberators / reference))           (10b)
 *
 * q: the street's own capacity, q_s: what supervision needs (m37); nu: share that a third party verifies;
 * h: weight of residents who deliberate, without whom evaluators need not be honest. It stands before the
 * tender because bids are assessed by it, and what linkage finds delivered later in the month; residents
 * do not change what they do between the two. Third-party evaluation Dacheng2020 (m19); form assumption.
 */
#include "models/cogov/cogov.h"

void
evaluation(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    double seen = sim_unit(community->deliberators[0] / p->needs_deliberation_reference);
    double capacity = cogov_government_of(view->above)->capacity[0], needed = p->government_supervision;
    double use = capacity < needed ? capacity / needed : 1;
    community->verified[0] = use
        * (p->purchase_evaluation * (1 - p->purchase_public_evaluation)
            + p->purchase_public_evaluation * seen);
}
