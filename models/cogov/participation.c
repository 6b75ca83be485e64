/* participation.c - each resident chooses how deep to take part next: a multinomial logit over depths 0
 * (none) to 4 (decide).
 *
 *     V_d = b_d + b_J s + b_I (I - m) + b_T (T - m) + b_E (E - m) [d >= 3] + b_P (P_0 + P) [party]
 *         + b_X [online] + b_need [ticket] + b_age,d (age - a) / 10 + b_F [female]
 *         - c_d (busy_w [work] + c_r [tenant])                                                     (8)
 *     Pr(d) = A_d exp V_d / (1 + sum of A_d exp V_d)
 *
 * V_0 = 0; s: active neighbours; m: middle of the scale (attitudes.neutral); a: reference age; A_d:
 * availability of the channel; a closed one (A_d = 0) is never chosen. Signs Shi2019, Huang2018,
 * Dacheng2020 (m7, m10, m34); communities differ by age and tenure (Wang2018, m32); age and party from
 * Shanghai 2017, as reported; less time and way to go online Wang2018 (m29); the rest assumption.
 *
 * Influence may have the form of a threshold instead (Granovetter 1978): s is then 1 for whom at least
 * the share tau of neighbours is active, else 0. A resident with tau = 0 needs nobody.
 *
 * One draw is compared with the weights of depths 4, 3, 2, 1 added up; what remains is 0, whose weight is
 * 1.
 */
#include "models/cogov/cogov.h"

#include <string.h>

enum { CHUNK = 512, CHOICES = DEPTHS - 1 };

/* The parameters as the inner loops want them, by depth - 1. */
struct weights {
    float constant[CHOICES], age[CHOICES], time[CHOICES], efficacy[CHOICES], available[CHOICES];
    float influence, identity, trust, party, online, need, female, work, tenant, neutral, reference_age;
};

static struct weights
weights_of(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const double *available = cogov_committee_of(view)->available[0].of;
    const double reach = p->party_mobilisation_base + cogov_party_of(view)->coverage[0];
    const float deep = (float) p->participation_efficacy;
    struct weights w = {
        .constant = { (float) p->participation_attend_constant, (float) p->participation_volunteer_constant,
            (float) p->participation_deliberate_constant, (float) p->participation_decide_constant },
        .age = { (float) p->participation_attend_age, (float) p->participation_volunteer_age,
            (float) p->participation_deliberate_age, (float) p->participation_decide_age },
        .time = { (float) p->participation_attend_time, (float) p->participation_volunteer_time,
            (float) p->participation_deliberate_time, (float) p->participation_decide_time },
        .efficacy = { 0, 0, deep, deep },
        .influence = (float) p->participation_influence,
        .identity = (float) p->participation_identity,
        .trust = (float) p->participation_trust,
        .party = (float) (p->party_mobilisation * reach),
        .online = (float) p->platform_participation,
        .need = (float) p->participation_need,
        .female = (float) p->participation_female,
        .work = (float) p->participation_busy_work,
        .tenant = (float) p->participation_tenant_cost,
        .neutral = (float) p->attitudes_neutral,
        .reference_age = (float) p->participation_age_reference,
    };
    for (int d = 0; d < CHOICES; d++) {
        w.available[d] = (float) available[d + 1];
    }
    return w;
}

/* Whose threshold of active neighbours is reached, as 0 and 1. */
static void
thresholds_reached(const struct cogov_resident *r, uint32_t first, uint32_t n, float *reached)
{
    const float *s = r->active_neighbours + first, *threshold = r->threshold + first;
    for (uint32_t i = 0; i < n; i++) {
        reached[i] = s[i] >= threshold[i] ? 1.0f : 0.0f;
    }
}

/* What all depths share, and what a unit of time costs, for n residents from first. */
static void
common_utility(const struct cogov_resident *r, const struct weights *w, const float *s, uint32_t first,
    uint32_t n, float *common, float *cost)
{
    const float *identity = r->identity + first, *t = r->trust + first;
    const uint8_t *traits = r->traits + first, *need = r->need + first;
    for (uint32_t i = 0; i < n; i++) {
        float personal = ((traits[i] & TRAIT_PARTY) != 0 ? w->party : 0.0f)
            + ((traits[i] & TRAIT_FEMALE) != 0 ? w->female : 0.0f) + (need[i] != 0 ? w->need : 0.0f)
            + ((traits[i] & TRAIT_ONLINE) != 0 ? w->online : 0.0f);
        common[i] = w->influence * s[i] + w->identity * (identity[i] - w->neutral)
            + w->trust * (t[i] - w->neutral) + personal;
        cost[i] = ((traits[i] & TRAIT_WORK) != 0 ? w->work : 0.0f)
            + ((traits[i] & TRAIT_OWNER) != 0 ? 0.0f : w->tenant);
    }
}

static void
utility(const struct cogov_resident *r, const struct weights *w, int d, uint32_t first, uint32_t n,
    const float *common, const float *cost, float *v)
{
    const float *e = r->efficacy + first;
    const uint8_t *age = r->age + first;
    for (uint32_t i = 0; i < n; i++) {
        v[i] = w->constant[d] + common[i] + w->age[d] * (((float) age[i] - w->reference_age) * 0.1f)
            + w->efficacy[d] * (e[i] - w->neutral) - w->time[d] * cost[i];
    }
}

static void
choose(const struct weights *w, float v[CHOICES][CHUNK], const float *u, uint32_t n, uint8_t *depth)
{
    for (uint32_t i = 0; i < n; i++) {
        float four = w->available[3] * v[3][i];
        float three = four + w->available[2] * v[2][i];
        float two = three + w->available[1] * v[1][i];
        float one = two + w->available[0] * v[0][i];
        float x = u[i] * (1.0f + one);
        depth[i] = (uint8_t) ((x < one) + (x < two) + (x < three) + (x < four));
    }
}

void
participation(const struct sim_view *view)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct weights w = weights_of(view);
    const int threshold = cogov_params(view)->participation_influence_form == INFLUENCE_THRESHOLD;
    uint32_t n = cogov_resident_count(view);
    float reached[CHUNK], common[CHUNK], cost[CHUNK], u[CHUNK], v[CHOICES][CHUNK];

    for (uint32_t first = 0; first < n; first += CHUNK) {
        uint32_t size = n - first < CHUNK ? n - first : CHUNK;
        sim_draws_f32(view->stream, first, size, 0, u);
        if (threshold) {
            thresholds_reached(r, first, size, reached);
        }
        common_utility(r, &w, threshold ? reached : r->active_neighbours + first, first, size, common, cost);
        for (int d = 0; d < CHOICES; d++) {
            utility(r, &w, d, first, size, common, cost, v[d]);
            sim_exp_f32(v[d], size);
        }
        choose(&w, v, u, size, r->depth + first);
    }
    cogov_count_depths(view);
}

void
cogov_count_depths(const struct sim_view *view)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    struct cogov_census *census = community->census;
    uint32_t n = cogov_resident_count(view), by_age[UINT8_MAX + 1][DEPTHS] = { { 0 } };

    for (uint32_t i = 0; i < n; i++) {
        by_age[r->age[i]][r->depth[i]]++;
    }
    memset(census, 0, sizeof(*census));
    for (unsigned age = 0; age <= UINT8_MAX; age++) {
        for (int depth = 0; depth < DEPTHS; depth++) {
            census->of[cogov_age_group((uint8_t) age)][depth] += by_age[age][depth];
        }
    }
    community->volunteers[0] = cogov_share_at(census, n, DEPTH_VOLUNTEER, DEPTH_VOLUNTEER);
    community->deliberators[0] = cogov_share_at(census, n, DEPTH_DELIBERATE, DEPTH_DECIDE);
}
