/* observe.c - what is recorded, in the order of observe.def. Means over people are weighted by
 * residents; a community's own values by its residents.
 */
#include "models/cogov/cogov.h"

#include <math.h>
#include <string.h>

static void
mean_over_residents(const struct sim_view *view, struct sim_tally tally, const float *x)
{
    uint32_t n = cogov_resident_count(view);
    tally.value[0] = sim_sum_f32(x, n);
    tally.weight[0] = n;
}

/* A value of the community, weighted by its residents. */
static void
mean_over_people(const struct sim_view *view, struct sim_tally tally, uint32_t label, double x)
{
    double n = cogov_resident_count(view);
    tally.value[label] = n * x;
    tally.weight[label] = n;
}

/* Of all residents, those at depths from least to most. */
static void
share_of_residents(const struct sim_view *view, struct sim_tally tally, uint32_t label, int least, int most)
{
    for (unsigned group = 0; group < AGE_GROUPS; group++) {
        tally.value[label] += cogov_count_at(cogov_community_of(view)->census, group, least, most);
    }
    tally.weight[label] = cogov_resident_count(view);
}

/* Of each age group, those at depth least or deeper. */
static void
share_by_age(const struct sim_view *view, struct sim_tally tally, int least)
{
    const struct cogov_census *census = cogov_community_of(view)->census;
    for (unsigned group = 0; group < AGE_GROUPS; group++) {
        tally.value[group] = cogov_count_at(census, group, least, DEPTH_DECIDE);
        tally.weight[group] = cogov_count_at(census, group, DEPTH_NONE, DEPTH_DECIDE);
    }
}

void
cogov_observe_participation(const struct sim_view *view, struct sim_tally tally)
{
    share_of_residents(view, tally, 0, DEPTH_ATTEND, DEPTH_DECIDE);
}

void
cogov_observe_participation_by_depth(const struct sim_view *view, struct sim_tally tally)
{
    for (int depth = 0; depth < DEPTHS; depth++) {
        share_of_residents(view, tally, (uint32_t) depth, depth, depth);
    }
}

void
cogov_observe_deep_participation(const struct sim_view *view, struct sim_tally tally)
{
    share_of_residents(view, tally, 0, DEPTH_DELIBERATE, DEPTH_DECIDE);
}

void
cogov_observe_participation_by_age(const struct sim_view *view, struct sim_tally tally)
{
    share_by_age(view, tally, DEPTH_ATTEND);
}

void
cogov_observe_engagement_by_age(const struct sim_view *view, struct sim_tally tally)
{
    share_by_age(view, tally, DEPTH_VOLUNTEER);
}

void
cogov_observe_residents_by_age(const struct sim_view *view, struct sim_tally tally)
{
    const struct cogov_census *census = cogov_community_of(view)->census;
    for (unsigned group = 0; group < AGE_GROUPS; group++) {
        tally.value[group] = (double) (cogov_count_at(census, group, DEPTH_NONE, DEPTH_DECIDE)
            * cogov_params(view)->city_weight);
    }
}

void
cogov_observe_service_quality(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_people(view, tally, 0, cogov_community_of(view)->ambient[0]);
}

void
cogov_observe_service_quality_by_need(const struct sim_view *view, struct sim_tally tally)
{
    for (uint32_t need = 0; need < NEEDS; need++) {
        mean_over_people(view, tally, need, cogov_community_of(view)->quality[0].of[need]);
    }
}

void
cogov_observe_satisfaction(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_residents(view, tally, cogov_resident_of(view)->satisfaction);
}

void
cogov_observe_approval(const struct sim_view *view, struct sim_tally tally)
{
    const float *satisfaction = cogov_resident_of(view)->satisfaction;
    uint32_t n = cogov_resident_count(view), approve = 0;
    for (uint32_t i = 0; i < n; i++) {
        approve += satisfaction[i] > 0.5f;
    }
    tally.value[0] = approve;
    tally.weight[0] = n;
}

void
cogov_observe_trust(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_residents(view, tally, cogov_resident_of(view)->trust);
}

void
cogov_observe_identity(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_residents(view, tally, cogov_resident_of(view)->identity);
}

void
cogov_observe_efficacy(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_residents(view, tally, cogov_resident_of(view)->efficacy);
}

void
cogov_observe_cognition(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_residents(view, tally, cogov_resident_of(view)->cognition);
}

void
cogov_observe_legitimacy(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_people(view, tally, 0, cogov_committee_of(view)->legitimacy[0]);
}

void
cogov_observe_marginalised(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] =
        cogov_committee_of(view)->legitimacy[0] < cogov_params(view)->committee_marginal_legitimacy;
    tally.weight[0] = 1;
}

void
cogov_observe_effectiveness(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_people(view, tally, 0, cogov_committee_of(view)->effectiveness[0]);
}

void
cogov_observe_coordination(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_people(view, tally, 0, cogov_party_of(view)->coordination[0]);
}

void
cogov_observe_committee_time(const struct sim_view *view, struct sim_tally tally)
{
    const struct cogov_committee *committee = cogov_committee_of(view);
    mean_over_people(view, tally, 0, committee->administrative[0]);
    mean_over_people(view, tally, 1, committee->self_governance[0]);
    mean_over_people(view, tally, 2, committee->service[0]);
}

void
cogov_observe_online(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_people(view, tally, 0, cogov_community_of(view)->online[0]);
}

void
cogov_observe_platform_effect(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_people(view, tally, 0, cogov_community_of(view)->platform[0]);
}

void
cogov_observe_rumours(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = (double) cogov_community_of(view)->rumours[0];
}

void
cogov_observe_leaks(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = (double) cogov_community_of(view)->leaks[0];
}

void
cogov_observe_tickets_opened(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = (double) cogov_community_of(view)->opened[0];
}

void
cogov_observe_tickets_closed(const struct sim_view *view, struct sim_tally tally)
{
    for (int tier = 0; tier < TIERS; tier++) {
        tally.value[tier] = (double) cogov_community_of(view)->closed[0].of[tier];
    }
}

void
cogov_observe_tickets_waiting(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = (double) cogov_community_of(view)->waiting[0];
}

void
cogov_observe_contracts(const struct sim_view *view, struct sim_tally tally)
{
    for (int lot = 0; lot < LOTS; lot++) {
        tally.value[0] += cogov_contract_of(view)->provider[lot] >= 0;
    }
}

void
cogov_observe_bids(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = cogov_government_of(view)->bids[0];
    tally.weight[0] = cogov_government_of(view)->lots[0];
}

/* Mean over the community's contracts in force. */
static void
mean_over_contracts(const struct sim_view *view, struct sim_tally tally,
    double (*value)(const struct sim_view *view, int lot))
{
    for (int lot = 0; lot < LOTS; lot++) {
        if (cogov_contract_of(view)->provider[lot] >= 0) {
            tally.value[0] += value(view, lot);
            tally.weight[0] += 1;
        }
    }
}

static double
price_of(const struct sim_view *view, int lot)
{
    return (double) cogov_contract_of(view)->price[lot] / 100;
}

static double
markup_of(const struct sim_view *view, int lot)
{
    return cogov_contract_of(view)->markup[lot];
}

static double
delivered_of(const struct sim_view *view, int lot)
{
    return cogov_contract_of(view)->delivered[lot];
}

static double
capability_of(const struct sim_view *view, int lot)
{
    return cogov_provider_of(view->above, cogov_contract_of(view)->provider[lot]).capability;
}

static double
credibility_of(const struct sim_view *view, int lot)
{
    return *cogov_provider_of(view->above, cogov_contract_of(view)->provider[lot]).credibility;
}

void
cogov_observe_contract_price(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_contracts(view, tally, price_of);
}

void
cogov_observe_markup(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_contracts(view, tally, markup_of);
}

void
cogov_observe_units_bought(const struct sim_view *view, struct sim_tally tally)
{
    for (int lot = 0; lot < LOTS; lot++) {
        tally.value[0] += cogov_contract_of(view)->units[lot] * 1e4;
    }
    tally.weight[0] = cogov_community_of(view)->population[0];
}

void
cogov_observe_winner_quality(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_contracts(view, tally, capability_of);
}

void
cogov_observe_delivered_quality(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_contracts(view, tally, delivered_of);
}

/* A provider's contracts in force, and what they deliver together. */
struct delivery {
    double contracts;
    double quality;
};

_Static_assert(sizeof(struct delivery) <= COGOV_BID_BYTES, "the street's scratch has room for all providers");

/* What each of the street's providers delivers. */
static const struct delivery *
deliveries(const struct sim_view *view, uint32_t providers)
{
    struct delivery *all = view->scratch;
    memset(all, 0, providers * sizeof(*all));
    for (uint32_t b = 0; b < view->n_below; b++) {
        const struct cogov_contract *contract = cogov_contract_of(view->below[b]);
        for (int lot = 0; lot < LOTS; lot++) {
            if (contract->provider[lot] >= 0) {
                all[contract->provider[lot]].contracts += 1;
                all[contract->provider[lot]].quality += contract->delivered[lot];
            }
        }
    }
    return all;
}

void
cogov_observe_delivered_quality_spread(const struct sim_view *view, struct sim_tally tally)
{
    uint32_t providers = cogov_organisation_count(view) + cogov_firm_count(view);
    const struct delivery *all = deliveries(view, providers);
    double n = 0, sum = 0, squares = 0;
    for (uint32_t j = 0; j < providers; j++) {
        n += all[j].contracts > 0;
        sum += all[j].contracts > 0 ? all[j].quality / all[j].contracts : 0;
    }
    for (uint32_t j = 0; j < providers; j++) {
        double apart = all[j].contracts > 0 ? all[j].quality / all[j].contracts - sum / n : 0;
        squares += apart * apart;
    }
    if (n > 1) {
        tally.value[0] = sqrt(squares / (n - 1));
        tally.weight[0] = 1;
    }
}

void
cogov_observe_late_payments(const struct sim_view *view, struct sim_tally tally)
{
    const int8_t *late = cogov_contract_of(view)->late;
    for (int lot = 0; lot < LOTS; lot++) {
        tally.value[0] += late[lot] == 1;
        tally.weight[0] += late[lot] >= 0;
    }
}

void
cogov_observe_policies_in_force(const struct sim_view *view, struct sim_tally tally)
{
    for (int policy = 0; policy < POLICIES; policy++) {
        tally.value[policy] = cogov_government_of(view)->force[0].of[policy] >= 1;
        tally.weight[policy] = 1;
    }
}

void
cogov_observe_leader_changes(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = cogov_government_of(view)->leader_left[0];
}

void
cogov_observe_own_capacity(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = cogov_government_of(view)->capacity[0];
    tally.weight[0] = 1;
}

void
cogov_observe_innovations(const struct sim_view *view, struct sim_tally tally)
{
    for (int kind = 0; kind < INNOVATIONS; kind++) {
        tally.value[kind] = (double) cogov_government_of(view)->innovations[0].of[kind];
    }
}

void
cogov_observe_grassroots_groups(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = cogov_government_of(view)->grassroots[0];
}

void
cogov_observe_organisations_entered(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = cogov_government_of(view)->entered[0];
}

void
cogov_observe_organisations_exited(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = cogov_government_of(view)->exited[0];
}

void
cogov_observe_dependence(const struct sim_view *view, struct sim_tally tally)
{
    const struct cogov_organisation *o = cogov_organisation_of(view);
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        if (cogov_is_professional(o, i)) {
            tally.value[0] += o->income_all[i] > 0 ? o->income_government[i] / o->income_all[i] : 0;
            tally.weight[0] += 1;
        }
    }
}

void
cogov_observe_social_worker_turnover(const struct sim_view *view, struct sim_tally tally)
{
    const struct cogov_organisation *o = cogov_organisation_of(view);
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        double workers = o->posts[i] * o->staffing[i];
        tally.value[0] += workers * o->quitting[i];
        tally.weight[0] += workers;
    }
}

void
cogov_observe_social_organisations(const struct sim_view *view, struct sim_tally tally)
{
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        tally.value[0] += cogov_organisation_of(view)->active[i];
    }
}

void
cogov_observe_social_workers(const struct sim_view *view, struct sim_tally tally)
{
    const struct cogov_organisation *o = cogov_organisation_of(view);
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        tally.value[0] += o->posts[i] * o->staffing[i];
    }
}

void
cogov_observe_arrears(const struct sim_view *view, struct sim_tally tally)
{
    const struct cogov_government *government = cogov_government_of(view);
    tally.value[0] = (double) (government->accrued[0] - government->paid[0]) / 100;
    tally.weight[0] = government->population[0];
}

void
cogov_observe_credibility(const struct sim_view *view, struct sim_tally tally)
{
    mean_over_contracts(view, tally, credibility_of);
}

void
cogov_observe_spending(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = (double) cogov_government_of(view)->spending[0] / 100;
    tally.weight[0] = cogov_government_of(view)->population[0];
}

void
cogov_observe_sponsorship(const struct sim_view *view, struct sim_tally tally)
{
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        tally.value[0] += (double) cogov_organisation_of(view)->sponsored[i] / 100;
    }
    tally.weight[0] = cogov_government_of(view)->population[0];
}

void
cogov_observe_firm_quality(const struct sim_view *view, struct sim_tally tally)
{
    for (uint32_t block = 0; block < view->n_below; block++) {
        tally.value[0] += cogov_firm_of(view)->quality[block];
        tally.weight[0] += 1;
    }
}
