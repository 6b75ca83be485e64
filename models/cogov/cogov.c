/* cogov.c - co-governance of urban communities: the model as the engine sees it. The month is in
 * rules.def.
 */
#define SIM_TABLE_ROWS
#include "models/cogov/cogov.h"

/* The month. A rule that reads its switch itself always runs. */
static const struct sim_phase month[] = {
#define SKIPS(name) "switches." #name
#define READS(name) NULL
#define RULE(name, scope, stream, switching, equation, doc) \
    { #name, scope, name, stream, switching(name), equation, doc },
#include "models/cogov/rules.def"
#undef RULE
#undef SKIPS
#undef READS
};

static void
extent(const void *params, uint32_t *regions, uint32_t *blocks)
{
    const struct cogov_params *p = params;
    *regions = (uint32_t) p->city_streets;
    *blocks = (uint32_t) p->city_communities;
}

static uint32_t
whole(double x)
{
    return (uint32_t) (x + 0.5);
}

static void
size_street(const struct sim_view *view, uint32_t *count)
{
    const struct cogov_params *p = cogov_params(view);
    double recreational =
        sim_distribution_at(&p->organisations_recreational, sim_draw(view->stream, 0, SIZE_RECREATIONAL));
    count[cogov_government_kind] = 1;
    count[cogov_organisation_kind] =
        cogov_professional_count(view) + whole(recreational) + (uint32_t) p->organisations_entry_slots;
    count[cogov_firm_kind] = view->n_below + (uint32_t) p->firms_service_companies;
}

static void
size_community(const struct sim_view *view, uint32_t *count)
{
    const struct cogov_params *p = cogov_params(view);
    double persons = sim_distribution_at(&p->city_residents, sim_draw(view->stream, 0, SIZE_RESIDENTS));
    uint32_t agents = whole(persons / (double) p->city_weight);
    count[cogov_party_kind] = 1;
    count[cogov_committee_kind] = 1;
    count[cogov_community_kind] = 1;
    count[cogov_contract_kind] = LOTS;
    count[cogov_resident_kind] = agents > 0 ? agents : 1;
}

static void
size(const struct sim_view *view, uint32_t *count)
{
    if (view->level == SIM_REGION) {
        size_street(view, count);
    } else if (view->level == SIM_BLOCK) {
        size_community(view, count);
    }
}

/* Residents: sums over neighbours, and what is summed. Street: bids. */
static size_t
scratch(const struct sim_view *view)
{
    return view->level == SIM_BLOCK ? (size_t) cogov_resident_count(view) * 6 + 64
        : view->level == SIM_REGION
        ? (size_t) (cogov_organisation_count(view) + cogov_firm_count(view)) * COGOV_BID_BYTES
        : 0;
}

static void
network(const struct sim_view *view, struct sim_network_plan *plan)
{
    const struct cogov_params *p = cogov_params(view);
    *plan = (struct sim_network_plan){ .kind = p->residents_degree > 0 ? SIM_NETWORK_SMALL_WORLD
                                                                       : SIM_NETWORK_NONE,
        .count = cogov_resident_count(view),
        .degree = (uint32_t) p->residents_degree,
        .rewire = p->residents_rewire };
}

static void
setup(const struct sim_view *view)
{
    if (view->level == SIM_REGION) {
        government_setup(view);
        organisations_setup(view);
        firms_setup(view);
    } else if (view->level == SIM_BLOCK) {
        party_setup(view);
        committee_setup(view);
        community_setup(view);
        residents_setup(view);
        platform_setup(view);
    }
}

const struct sim_model cogov_model = {
    .name = "cogov",
    .title = "Co-governance of urban communities",
    .doc =
        "Party, government, resident committees, residents, social organisations with social workers, and firms; "
        "three-society linkage "
        "and government purchase of services produce participation and service quality.",
    .actors =
        "party, government, resident committees, residents, social organisations, social workers, firms",
    SIM_TABLES_OF(cogov),
    .regions = "city.streets",
    .level_names = { "city", "street", "community" },
    .phases = month,
    .n_phases = SIM_COUNT_OF(month),
    .history_key = "residents",
    .benchmark = "city.streets=1 city.communities={communities} city.residents={agents}",
    .extent = extent,
    .size = size,
    .scratch = scratch,
    .network = network,
    .setup = setup,
    .setup_stream = STREAM_SETUP,
    .network_stream = STREAM_NETWORK,
    .size_stream = STREAM_SIZE,
    .check = cogov_check,
    .verify = cogov_verify,
};
