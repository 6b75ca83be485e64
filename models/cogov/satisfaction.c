/* satisfaction.c - satisfaction follows outcomes as they compare with expectations (expectancy-
 * disconfirmation).
 *
 *     S <- S + r_S (clip[m + a_Y (Y - m) + a_D d'] - S),   d = Y - X,  d' = l d if d < 0, else d  (15)
 *     X <- X + rho_X d + drift (1 - X)
 *
 * m: middle of the scale (attitudes.neutral). Y: outcome of one's own ticket, its service's quality
 * less a penalty for each month waited when resolved, low while it is open, never below a floor;
 * without a ticket the ambient quality. Form and sizes assumption; shared benefits Chen2022 (m41).
 */
#include "models/cogov/cogov.h"

/* What outcomes can be. */
struct outcomes {
    float of[1 + NEEDS]; /* by `solved`: 0 nothing asked, else the quality of that service */
    float penalty, floor;
};

static struct outcomes
outcomes_of(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    struct outcomes outcomes = { { (float) community->ambient[0] }, (float) p->attitudes_waiting_penalty,
        (float) p->attitudes_outcome_floor };
    for (int need = 0; need < NEEDS; need++) {
        outcomes.of[1 + need] = (float) community->quality[0].of[need];
    }
    return outcomes;
}

/* The outcome Y of resident i. */
static float
outcome(const struct outcomes *outcomes, const struct cogov_resident *r, uint32_t i)
{
    float quality = outcomes->of[r->solved[i]];
    if (r->need[i] != 0) {
        return outcomes->floor;
    }
    if (r->solved[i] != 0) {
        quality -= outcomes->penalty * (float) (r->waited[i] + r->waited_before[i] - 1);
        quality = quality > outcomes->floor ? quality : outcomes->floor;
    }
    return quality;
}

void
satisfaction(const struct sim_view *view)
{
    enum { CHUNK = 512 };
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct outcomes outcomes = outcomes_of(view);
    const float weight = (float) p->attitudes_quality_weight, gain = (float) p->attitudes_disconfirmation;
    const float loss = gain * (float) p->attitudes_loss_aversion,
                rate = (float) p->attitudes_satisfaction_rate;
    const float learn = (float) p->attitudes_expectation_rate, drift = (float) p->attitudes_expectation_drift;
    const float middle = (float) p->attitudes_neutral;
    uint32_t n = cogov_resident_count(view);
    float y[CHUNK];

    for (uint32_t first = 0; first < n; first += CHUNK) {
        uint32_t size = n - first < CHUNK ? n - first : CHUNK;
        float *s = r->satisfaction + first, *x = r->expectation + first;
        for (uint32_t i = 0; i < size; i++) {
            y[i] = outcome(&outcomes, r, first + i);
        }
        for (uint32_t i = 0; i < size; i++) {
            float d = y[i] - x[i];
            float target = middle + weight * (y[i] - middle) + (d < 0.0f ? loss : gain) * d;
            s[i] += rate * (sim_unit_f32(target) - s[i]);
            x[i] = sim_unit_f32(x[i] + learn * d + drift * (1.0f - x[i]));
        }
    }
}
