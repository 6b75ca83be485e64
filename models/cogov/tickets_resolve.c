/* tickets_resolve.c - tickets are routed to a desk and resolved there, or wait.
 *
 *     mu = mu_0 (1 - C) (1 - kappa_X x_eff)                                                  (5)
 *     Pr(resolved at tier l) = (1 - mu) min(1, cap_l,k / queue_l,k) (eta_l + (1 - eta_l) x_eff)  (6)
 *
 * C: coordination; x_eff: the digital platform as far as it is integrated (m27); an idle one does nothing
 * here (m31). cap_grid: grid workers, for all needs; cap_street: see street_desk. cap_community by need
 * (Shi2019, Gusu): public, the committee's time for service, the street's station and units of a bundled
 * property contract; special, the least of contracted units and what social workers can do for each of
 * the provider's contracts; personal, the property company and contracted units; developmental,
 * volunteers and the committee's time for self-governance. Capacities are in proportion to residents.
 * Buck-passing and unclear duties Shi2019, Dacheng2020 (m8, m39); forms assumption.
 */
#include "models/cogov/cogov.h"

#include <string.h>

/* Tickets that the holder of the special contract can serve: the least of what is bought and what its workers
 * can do. */
static double
triad_capacity(const struct sim_view *view)
{
    const struct cogov_contract *contract = cogov_contract_of(view);
    int32_t index = contract->provider[LOT_SPECIAL];
    if (index < 0) {
        return 0;
    }
    struct cogov_provider provider = cogov_provider_of(view->above, index);
    double cases =
        provider.posts * provider.staffing * cogov_params(view)->organisations_cases / *provider.contracts;
    return contract->units[LOT_SPECIAL] < cases ? contract->units[LOT_SPECIAL] : cases;
}

static void
community_capacity(const struct sim_view *view, double *capacity)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_committee *committee = cogov_committee_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    double scale = community->population[0] / 1e4;
    capacity[NEED_PUBLIC] = cogov_public_desk(view) + cogov_contract_of(view)->units[LOT_PUBLIC];
    capacity[NEED_SPECIAL] = triad_capacity(view);
    capacity[NEED_PERSONAL] = p->firms_tickets * scale + cogov_contract_of(view)->units[LOT_PERSONAL];
    capacity[NEED_DEVELOPMENTAL] = cogov_committee_tickets(view) * committee->self_governance[0]
        + p->tiers_volunteer_tickets * community->volunteers[0] * community->population[0];
}

static double
ratio(double capacity, int64_t queue)
{
    return queue > 0 ? sim_unit(capacity / (double) queue) : 1;
}

/* Success of a rightly routed ticket, which an effective platform raises. */
static double
success(double usual, double platform)
{
    return usual + (1 - usual) * platform;
}

/* Probability that a ticket is resolved this month, by tier and need. */
static void
probabilities(const struct sim_view *view, float probability[TIERS][NEEDS])
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    const struct cogov_queues *queue = community->queue;
    double platform = community->platform[0];
    double right = cogov_rightly_routed(view, cogov_party_of(view)->coordination[0]);
    double capacity[NEEDS];
    double grid = p->tiers_grid_workers * community->population[0] / 1e4 * p->tiers_grid_tickets;
    int64_t grid_queue = 0;

    community_capacity(view, capacity);
    for (int need = 0; need < NEEDS; need++) {
        grid_queue += queue->of[TIER_GRID][need];
    }
    for (int need = 0; need < NEEDS; need++) {
        double at_community = ratio(capacity[need], queue->of[TIER_COMMUNITY][need]);
        double at_street = cogov_government_of(view->above)->desk_ratio[0];
        probability[TIER_GRID][need] =
            (float) (right * ratio(grid, grid_queue) * success(p->tiers_grid_success, platform));
        probability[TIER_COMMUNITY][need] =
            (float) (right * at_community * success(p->tiers_community_success, platform));
        probability[TIER_STREET][need] =
            (float) (right * at_street * success(p->tiers_street_success, platform));
    }
}

static void
count_resolution(const struct sim_view *view, const int64_t *closed)
{
    const struct cogov_community *community = cogov_community_of(view);
    for (int need = 0; need < NEEDS; need++) {
        int64_t asked = 0;
        for (int tier = 0; tier < TIERS; tier++) {
            asked += community->queue[0].of[tier][need];
        }
        if (asked > 0) {
            community->resolution[0].of[need] = (double) closed[need] / (double) asked;
        }
    }
}

void
tickets_resolve(const struct sim_view *view)
{
    enum { CHUNK = 1024 };
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    float probability[TIERS][NEEDS], u[CHUNK];
    int64_t closed[NEEDS] = { 0 };
    uint32_t n = cogov_resident_count(view);

    probabilities(view, probability);
    memset(community->closed, 0, sizeof(*community->closed));
    memset(r->solved, 0, n);
    for (uint32_t first = 0; first < n; first += CHUNK) {
        uint32_t size = n - first < CHUNK ? n - first : CHUNK;
        sim_draws_f32(view->stream, first, size, 0, u);
        for (uint32_t c = 0; c < size; c++) {
            uint32_t i = first + c;
            if (r->need[i] == 0) {
                continue;
            }
            unsigned need = r->need[i] - 1u, tier = r->tier[i];
            r->waited[i] = (uint8_t) (r->waited[i] + (r->waited[i] < UINT8_MAX));
            if (u[c] < probability[tier][need]) {
                r->solved[i] = r->need[i];
                r->need[i] = 0;
                community->closed[0].of[tier] += p->city_weight;
                closed[need] += p->city_weight;
            }
        }
    }
    for (int tier = 0; tier < TIERS; tier++) {
        community->closed_ever[0] += community->closed[0].of[tier];
        community->waiting[0] -= community->closed[0].of[tier];
    }
    count_resolution(view, closed);
}
