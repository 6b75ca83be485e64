/* project_choice.c - residents choose what the street buys for their community.
 *
 *     part of special services = (1 - c_res) fixed + c_res special / (special + personal)     (10a)
 *
 * c_res: how far residents choose (purchase.resident_choice); special, personal: tickets of each kind when
 * waiting ones were last counted. What a bundled property contract takes is not theirs to divide. Those
 * who choose decide: the seats of (7) grow with it, in channels. Projects chosen by residents Wang2018
 * (Longgang); form assumption. While nobody asks for either, the fixed part holds.
 */
#include "models/cogov/cogov.h"

void
project_choice(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    double choice = p->switches_project_choice ? p->purchase_resident_choice : 0;
    int64_t special = 0, personal = 0;
    for (int tier = 0; tier < TIERS; tier++) {
        special += community->queue[0].of[tier][NEED_SPECIAL];
        personal += community->queue[0].of[tier][NEED_PERSONAL];
    }
    double fixed = p->purchase_special_share;
    double asked = special + personal > 0 ? (double) special / (double) (special + personal) : fixed;
    community->special_part[0] = (1 - choice) * fixed + choice * asked;
}
