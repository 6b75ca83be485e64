/* channels.c - which channels of participation are open, and how far.
 *
 *     A_1 = a_10 + (1 - a_10) g,   A_2 = min(1, a_20 + a_2L phi Lk + a_2g g)                 (7)
 *     A_3 = phi D g,   A_4 = phi D g min(1, nu_4 + nu_c c_res)
 *
 * g: effectiveness of the committee; Lk: level of linkage; D: deliberation; phi: how far each is in force
 * (officials); c_res: how far residents choose projects, which is deciding. A committee taken up by
 * administration, without linkage, leaves no place for others. Shi2019, Huang2018 (m22, m35, m42),
 * Wang2018 (Longgang); forms assumption.
 */
#include "models/cogov/cogov.h"

void
channels(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    double g = committee->effectiveness[0];
    double linked = cogov_linked(view);
    double chosen = p->switches_project_choice ? p->purchase_resident_choice : 0;
    double seats = sim_unit(p->deliberation_seats + p->deliberation_choice_seats * chosen);
    double deliberation = p->deliberation_level * cogov_force(view, POLICY_DELIBERATION);
    double *available = committee->available[0].of;
    available[DEPTH_NONE] = 1;
    available[DEPTH_ATTEND] = p->deliberation_attend_base + (1 - p->deliberation_attend_base) * g;
    available[DEPTH_VOLUNTEER] = sim_unit(p->deliberation_volunteer_base
        + p->deliberation_volunteer_linkage * linked + p->deliberation_volunteer_effectiveness * g);
    available[DEPTH_DELIBERATE] = deliberation * g;
    available[DEPTH_DECIDE] = deliberation * g * seats;
}
