/* networks.c - through which network of actors the month's needs were met.
 *
 *     party = R (1 - r(C_0) / r(C)),   r(C) = 1 - mu_0 (1 - C) (1 - kappa_X x_eff)
 *     social = (R_soc + R_pub u / (u + h)) r(C_0) / r(C)
 *     administrative = the rest of R
 *
 * R: tickets resolved; r: probability that a ticket is routed rightly (5), with the coordination C that there is
 * and with C_0, what it would be without the party (4). So the party's are those that found their desk only since
 * it coordinates; the others belong to who did the work. R_soc: special, personal and developmental needs
 * resolved at the community, by social organisations and their social workers, companies, volunteers and
 * residents' self-governance; R_pub: public needs resolved there, by a contract of u tickets a month beside the
 * h of the committee and the street's station (6). Grid and street are the administration's. Strong
 * government and party networks beside a weak social one: Dacheng2020 (m40); measure ours.
 */
#include "models/cogov/cogov.h"

/* Tickets resolved this month: all, and those resolved at the community. */
struct resolved {
    int64_t all, public, other;
};

static struct resolved
count_resolved(const struct sim_view *view)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    const int64_t weight = cogov_params(view)->city_weight;
    struct resolved resolved = { 0 };
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        if (r->solved[i] == 0) {
            continue;
        }
        int is_public = r->solved[i] - 1 == NEED_PUBLIC, is_here = r->tier[i] == TIER_COMMUNITY;
        resolved.all += weight;
        resolved.public += is_public && is_here ? weight : 0;
        resolved.other += !is_public && is_here ? weight : 0;
    }
    return resolved;
}

/* Of the tickets that are routed rightly, the share that would be without the party. */
static double
routed_anyway(const struct sim_view *view)
{
    double with = cogov_rightly_routed(view, cogov_party_of(view)->coordination[0]);
    double without = cogov_rightly_routed(view, cogov_params(view)->party_base_coordination);
    return with > 0 ? without / with : 1;
}

void
cogov_observe_networks(const struct sim_view *view, struct sim_tally tally)
{
    struct resolved resolved = count_resolved(view);
    double all = (double) resolved.all, anyway = routed_anyway(view);
    double bought = cogov_contract_of(view)->units[LOT_PUBLIC];
    double here = bought + cogov_public_desk(view);
    double social = (double) resolved.other + (here > 0 ? (double) resolved.public * bought / here : 0);
    tally.value[NETWORK_ADMINISTRATIVE] = (all - social) * anyway;
    tally.value[NETWORK_PARTY] = all * (1 - anyway);
    tally.value[NETWORK_SOCIAL] = social * anyway;
    for (int network = 0; network < NETWORKS; network++) {
        tally.weight[network] = all;
    }
}
