/* choice.c - whether each resident takes part this month.
 *
 *     Pr(active) = Lambda(v),   Lambda(v) = 1 / (1 + exp(-v))
 *     v = b_0 + sigma e_i + J s_i + w a_i  [ + b_T (T_i - 1/2) with feedback ]
 *
 * s_i: share of neighbours active at the start of the month; a_i: own state then; e_i: own standard normal
 * deviate; T_i: trust. With probability 1 - k_p a resident does not choose and stays as before. Binary choice
 * with social interactions (Brock and Durlauf 2001). Who has no neighbour has s_i = 0.
 *
 * One uniform u serves both questions: u >= k_p keeps the state, u < k_p Lambda(v) makes it active. The
 * latter is asked without a division, as u (1 + exp(-v)) < k_p. Each loop is a function of its own, because
 * together they keep compilers from vectorising.
 */
#include "models/influence/influence.h"

#include "sim/vector.h"

#define SPAN 1024u /* residents at a time: their numbers stay in the first cache */

size_t
influence_choice_scratch(const struct sim_view *view)
{
    return view->level == SIM_BLOCK ? influence_resident_count(view) * sizeof(uint32_t) : 0;
}

/* minus_v[i] = -(constant + J share + w own), for n residents; share stands in minus_v before */
static void
weigh(const struct influence_params *p, const float *constant, const uint8_t *own, uint32_t n, float *minus_v)
{
    float influence = (float) p->choice_influence, own_weight = (float) p->choice_own_weight;
    for (uint32_t i = 0; i < n; i++) {
        minus_v[i] = -(constant[i] + influence * minus_v[i] + own_weight * (float) own[i]);
    }
}

static void
weigh_trust(float trust_weight, const float *trust, uint32_t n, float *minus_v)
{
    for (uint32_t i = 0; i < n; i++) {
        minus_v[i] -= trust_weight * (trust[i] - 0.5f);
    }
}

/* against[i] = exp(-v): the odds of staying out. Who chooses to be active never also keeps the state, for u
 * (1 + exp(-v)) >= u. */
static void
choose(const float *draw, const float *against, float revision, uint32_t n, uint8_t *active)
{
    for (uint32_t i = 0; i < n; i++) {
        uint8_t chosen = draw[i] * (1.0f + against[i]) < revision ? 1 : 0;
        uint8_t kept = draw[i] < revision ? 0 : active[i];
        active[i] = (uint8_t) (chosen | kept);
    }
}

void
influence_choice(const struct sim_view *view)
{
    const struct influence_params *p = view->params;
    const struct influence_resident *residents = influence_resident_of(view);
    uint32_t count = influence_resident_count(view);
    uint32_t *active_neighbours = view->scratch;
    float draw[SPAN], odds[SPAN];

    sim_network_sum_u8(view->network, residents->active_before, active_neighbours);
    for (uint32_t first = 0; first < count; first += SPAN) {
        uint32_t n = count - first < SPAN ? count - first : SPAN;
        sim_network_share(view->network, active_neighbours, first, n, odds);
        weigh(p, residents->constant + first, residents->active_before + first, n, odds);
        if (p->switches_feedback) {
            weigh_trust((float) p->choice_trust_weight, influence_mind_of(view)->trust + first, n, odds);
        }
        sim_exp_f32(odds, n);
        sim_draws_f32(view->stream, first, n, 0, draw);
        choose(draw, odds, (float) p->choice_revision_probability, n, residents->active + first);
    }
}
