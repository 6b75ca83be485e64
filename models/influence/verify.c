/* verify.c - the invariants of the state: states are 0 or 1, constants finite, shares shares. */
#include "models/influence/influence.h"

#include "sim/error.h"

#include <math.h>
#include <stdio.h>

static int
is_share(double x)
{
    return x >= 0 && x <= 1; /* not NaN */
}

/* The first resident with a fault, and what is wrong; NULL if nothing is. */
static const char *
fault_of(const struct sim_view *block, uint32_t *resident)
{
    const struct influence_resident *residents = influence_resident_of(block);
    const struct influence_mind *minds = influence_mind_of(block);
    for (uint32_t i = 0; i < influence_resident_count(block); i++) {
        *resident = i;
        if (residents->active[i] > 1 || residents->active_before[i] > 1) {
            return "active is neither 0 nor 1";
        }
        if (!isfinite(residents->constant[i])) {
            return "constant is not finite";
        }
    }
    for (uint32_t i = 0; i < influence_mind_count(block); i++) {
        *resident = i;
        if (!is_share((double) minds->trust[i]) || !is_share((double) minds->expectation[i])) {
            return "trust or expectation is not between 0 and 1";
        }
    }
    *resident = 0;
    if (influence_service_count(block) > 0 && !is_share(*influence_service_of(block)->quality)) {
        return "quality is not between 0 and 1";
    }
    return NULL;
}

int
influence_verify(const struct sim_view *world, char *why, size_t size)
{
    for (uint32_t r = 0; r < world->n_below; r++) {
        for (uint32_t b = 0; b < world->below[r]->n_below; b++) {
            uint32_t resident;
            const char *fault = fault_of(world->below[r]->below[b], &resident);
            if (fault != NULL) {
                snprintf(why, size, "street %u, community %u, resident %u: %s", r, b, resident, fault);
                return SIM_ERR_STATE;
            }
        }
    }
    return SIM_OK;
}
