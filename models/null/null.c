/* null.c - the model that does nothing. To write your own, copy this folder, rename it, and add its name to
 * MODELS in models/registry.h; then a line in params.def makes a parameter, a line in columns.def something
 * that agents have, a line in observe.def and a function here something that is recorded, and a row in the
 * list of phases a rule.
 */
#define SIM_TABLE_ROWS
#include "models/null/null.h"

#include "sim/error.h"

#include <stdio.h>

enum { STREAM_SETUP = 1, STREAM_NETWORK, STREAM_SIZE, STREAM_NOTHING };

static void
extent(const void *params, uint32_t *regions, uint32_t *blocks)
{
    const struct null_params *p = params;
    *regions = (uint32_t) p->city_streets;
    *blocks = (uint32_t) p->city_communities;
}

static void
size(const struct sim_view *view, uint32_t *count)
{
    const struct null_params *p = view->params;
    if (view->level == SIM_BLOCK) {
        count[null_resident_kind] = (uint32_t) p->city_residents;
    }
}

static size_t
scratch(const struct sim_view *view)
{
    (void) view;
    return 0;
}

static void
setup(const struct sim_view *view)
{
    if (view->level == SIM_BLOCK) {
        const struct null_resident *residents = null_resident_of(view);
        for (uint32_t i = 0; i < null_resident_count(view); i++) {
            residents->state[i] = 1;
        }
    }
}

static void
nothing(const struct sim_view *view)
{
    (void) view;
}

void
null_observe_agents(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] += (double) null_resident_count(view);
}

static int
verify(const struct sim_view *world, char *why, size_t why_size)
{
    for (uint32_t r = 0; r < world->n_below; r++) {
        const struct sim_view *region = world->below[r];
        for (uint32_t b = 0; b < region->n_below; b++) {
            const struct sim_view *block = region->below[b];
            for (uint32_t i = 0; i < null_resident_count(block); i++) {
                if (null_resident_of(block)->state[i] != 1) {
                    snprintf(why, why_size, "region %u, block %u, resident %u: state is not 1", r, b, i);
                    return SIM_ERR_STATE;
                }
            }
        }
    }
    return SIM_OK;
}

static const struct sim_phase tick[] = {
    { "nothing", SIM_BLOCK, nothing, STREAM_NOTHING, NULL, NULL, "does nothing" },
};

const struct sim_model null_model = {
    .name = "null",
    .title = "Nothing happens",
    .doc = "Residents who do nothing: the contract between engine and model in its smallest form.",
    .actors = "residents",
    SIM_TABLES_OF(null),
    .phases = tick,
    .n_phases = SIM_COUNT_OF(tick),
    .level_names = { "city", "street", "community" },
    .benchmark = "city.residents={agents} city.communities={communities}",
    .extent = extent,
    .size = size,
    .scratch = scratch,
    .setup = setup,
    .setup_stream = STREAM_SETUP,
    .network_stream = STREAM_NETWORK,
    .size_stream = STREAM_SIZE,
    .verify = verify,
};
