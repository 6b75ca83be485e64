/* observe.c - what is recorded of each community. Sums are whole numbers, or taken in the fixed order of
 * sim_sum_f32. */
#include "models/influence/influence.h"

#include "sim/vector.h"

uint32_t
influence_count_active(const struct sim_view *view)
{
    const uint8_t *active = influence_resident_of(view)->active;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < influence_resident_count(view); i++) {
        sum += active[i];
    }
    return sum;
}

void
influence_observe_participation(const struct sim_view *view, struct sim_tally tally)
{
    *tally.value += influence_count_active(view);
    *tally.weight += influence_resident_count(view);
}

void
influence_observe_active(const struct sim_view *view, struct sim_tally tally)
{
    *tally.value += influence_count_active(view);
}

void
influence_observe_trust(const struct sim_view *view, struct sim_tally tally)
{
    *tally.value += sim_sum_f32(influence_mind_of(view)->trust, influence_mind_count(view));
    *tally.weight += influence_mind_count(view);
}

void
influence_observe_quality(const struct sim_view *view, struct sim_tally tally)
{
    for (uint32_t i = 0; i < influence_service_count(view); i++) {
        *tally.value += influence_service_of(view)->quality[i] * influence_resident_count(view);
        *tally.weight += influence_resident_count(view);
    }
}

void
influence_observe_expectation(const struct sim_view *view, struct sim_tally tally)
{
    *tally.value += sim_sum_f32(influence_mind_of(view)->expectation, influence_mind_count(view));
    *tally.weight += influence_mind_count(view);
}
