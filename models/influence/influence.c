/* influence.c - the model's tables, its sizes, its initial state and its month. */
#define SIM_TABLE_ROWS
#include "models/influence/influence.h"

#include "sim/error.h"

#include <stdio.h>

enum { STREAM_NONE, STREAM_SIZE, STREAM_NETWORK, STREAM_SETUP, STREAM_CHOICE };

static void
extent(const void *params, uint32_t *regions, uint32_t *blocks)
{
    const struct influence_params *p = params;
    *regions = (uint32_t) p->city_streets;
    *blocks = (uint32_t) p->city_communities;
}

static void
size(const struct sim_view *view, uint32_t *count)
{
    const struct influence_params *p = view->params;
    if (view->level == SIM_BLOCK) {
        count[influence_resident_kind] = (uint32_t) p->city_residents;
        count[influence_mind_kind] = p->switches_feedback ? (uint32_t) p->city_residents : 0;
        count[influence_service_kind] = p->switches_feedback ? 1 : 0;
    }
}

static void
network(const struct sim_view *view, struct sim_network_plan *plan)
{
    /* in the order of the words of network.kind */
    static const enum sim_network_kind kinds[] = { SIM_NETWORK_COMPLETE, SIM_NETWORK_RING,
        SIM_NETWORK_SMALL_WORLD };
    const struct influence_params *p = view->params;
    plan->kind = kinds[p->network_kind];
    plan->count = influence_resident_count(view);
    plan->degree = (uint32_t) p->network_degree;
    plan->rewire = p->network_rewire;
}

static void
set_up_residents(const struct sim_view *view)
{
    const struct influence_params *p = view->params;
    const struct influence_resident *residents = influence_resident_of(view);
    float draws[256];
    uint32_t n = influence_resident_count(view);

    for (uint32_t first = 0; first < n; first += SIM_COUNT_OF(draws)) {
        uint32_t end = n - first < SIM_COUNT_OF(draws) ? n : first + SIM_COUNT_OF(draws);
        sim_draws_f32(view->stream, first, end - first, 0, draws);
        for (uint32_t i = first; i < end; i++) {
            residents->active[i] = (double) draws[i - first] < p->initial_active;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        double own =
            p->choice_spread > 0 ? p->choice_spread * sim_normal_at(sim_draw(view->stream, i, 0)) : 0;
        residents->constant[i] = (float) (p->choice_field + own);
    }
}

static void
set_up_feedback(const struct sim_view *view)
{
    const struct influence_params *p = view->params;
    const struct influence_mind *minds = influence_mind_of(view);
    for (uint32_t i = 0; i < influence_mind_count(view); i++) {
        minds->trust[i] = (float) p->initial_trust;
        minds->expectation[i] = (float) p->initial_expectation;
    }
    for (uint32_t i = 0; i < influence_service_count(view); i++) {
        influence_service_of(view)->quality[i] = p->initial_quality;
    }
}

static void
setup(const struct sim_view *view)
{
    if (view->level == SIM_BLOCK) {
        set_up_residents(view);
        set_up_feedback(view);
    }
}

static size_t
check(const void *params, struct sim_complaint *complaints, size_t limit)
{
    const struct influence_params *p = params;
    size_t n = 0;
    if (p->network_degree % 2 != 0 && n < limit) {
        complaints[n].key = "network.degree";
        snprintf(complaints[n++].text, sizeof(complaints->text),
            "must be even: half of the ties lead to either side of the ring");
    }
    int is_stored = p->network_kind != 0;
    if (is_stored && p->city_residents * p->network_degree > UINT32_MAX && n < limit) {
        complaints[n].key = "city.residents";
        snprintf(complaints[n++].text, sizeof(complaints->text),
            "residents times network.degree may be at most %u in one community", UINT32_MAX);
    }
    return n;
}

static const struct sim_phase month[] = {
    { "choice", SIM_BLOCK, influence_choice, STREAM_CHOICE, NULL, "p'",
        "each resident chooses whether to take part, by a logit of active neighbours and trust" },
    { "quality", SIM_BLOCK, influence_quality, STREAM_NONE, "switches.feedback", "q'",
        "quality of service follows participation" },
    { "trust", SIM_BLOCK, influence_trust, STREAM_NONE, "switches.feedback", "T', x'",
        "trust follows satisfaction, expectation follows quality" },
};

const struct sim_model influence_model = {
    .name = "influence",
    .title = "Participation under neighbours' influence",
    .doc = "Residents choose each month whether to take part, by a logit of the share of active neighbours; "
           "optionally participation feeds back through quality of service, satisfaction and trust.",
    .actors = "residents",
    SIM_TABLES_OF(influence),
    .phases = month,
    .n_phases = SIM_COUNT_OF(month),
    .level_names = { "city", "street", "community" },
    .history_key = "residents",
    .benchmark =
        "city.streets=1 city.communities={communities} city.residents={agents} network.kind=small_world "
        "network.degree=8 network.rewire=0.1 choice.field=-1.75 choice.influence=2.5 choice.own_weight=1 "
        "choice.spread=0.5",
    .extent = extent,
    .size = size,
    .scratch = influence_choice_scratch,
    .network = network,
    .setup = setup,
    .setup_stream = STREAM_SETUP,
    .network_stream = STREAM_NETWORK,
    .size_stream = STREAM_SIZE,
    .check = check,
    .verify = influence_verify,
};
