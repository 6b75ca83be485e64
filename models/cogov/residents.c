/* residents.c - residents (居民): who they are, and with which attitudes they begin. The shape of the age
 * structure inside its three groups is an assumption.
 */
#include "models/cogov/cogov.h"

/* Shares by which communities differ. */
struct structure {
    double elderly, young, owner;
};

static struct structure
community_structure(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    double draws[4];
    sim_draw4(view->stream, 0, SETUP_COMMUNITY, draws);
    return (struct structure){ sim_distribution_at(&p->city_elderly_share, draws[0]),
        sim_distribution_at(&p->city_young_share, draws[1]),
        sim_distribution_at(&p->city_owner_share, draws[2]) };
}

/* 18-39 and 40-59 evenly; from 60 to 90 fewer and fewer, in a straight line. */
static uint8_t
draw_age(const struct structure *structure, double group, double within)
{
    if (group < structure->elderly) {
        return (uint8_t) (60 + (int) (31 * (1 - sqrt(1 - within))));
    }
    int young = group < structure->elderly + (1 - structure->elderly) * structure->young;
    return (uint8_t) (young ? 18 + (int) (22 * within) : 40 + (int) (20 * within));
}

static uint8_t
draw_traits(const struct cogov_params *p, const struct structure *structure, int old, const double *draws,
    double leads)
{
    unsigned traits = 0;
    traits |= draws[0] < p->residents_female_share ? TRAIT_FEMALE : 0;
    traits |=
        draws[1] < (old ? p->residents_employed_share_old : p->residents_employed_share) ? TRAIT_WORK : 0;
    traits |= draws[2] < structure->owner ? TRAIT_OWNER : 0;
    traits |= draws[3] < (old ? p->residents_party_share_old : p->residents_party_share) ? TRAIT_PARTY : 0;
    traits |= (traits & TRAIT_PARTY) != 0 || leads < p->residents_stair_leader_share ? TRAIT_LEADER : 0;
    return (uint8_t) traits;
}

void
cogov_draw_attitudes(const struct sim_view *view, uint32_t i, uint32_t k)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    double draws[8];
    sim_draw4(view->stream, i, k, draws);
    sim_draw4(view->stream, i, k + 1, draws + 4);
    r->trust[i] = (float) sim_distribution_at(&p->initial_trust, draws[0]);
    r->satisfaction[i] = (float) sim_distribution_at(&p->initial_satisfaction, draws[1]);
    r->expectation[i] = (float) sim_distribution_at(&p->initial_expectation, draws[2]);
    r->identity[i] = (float) sim_distribution_at(&p->initial_identity, draws[3]);
    r->efficacy[i] = (float) sim_distribution_at(&p->initial_efficacy, draws[4]);
    r->cognition[i] = (float) sim_distribution_at(&p->initial_cognition, draws[5]);
}

static void
count_leading_neighbours(const struct sim_view *view)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    uint8_t *leads = view->scratch;
    uint32_t n = cogov_resident_count(view);
    uint32_t *sum = (uint32_t *) (void *) ((unsigned char *) view->scratch + (n + 63) / 64 * 64);
    for (uint32_t i = 0; i < n; i++) {
        leads[i] = (r->traits[i] & TRAIT_LEADER) != 0;
    }
    sim_network_sum_u8(view->network, leads, sum);
    for (uint32_t i = 0; i < n; i++) {
        r->leader_ties[i] = (uint8_t) (sum[i] < 255 ? sum[i] : 255);
    }
}

void
residents_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    struct structure structure = community_structure(view);
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        double who[4], traits[4];
        sim_draw4(view->stream, i, SETUP_RESIDENT, who);
        sim_draw4(view->stream, i, SETUP_RESIDENT_TRAITS, traits);
        r->age[i] = draw_age(&structure, who[0], who[1]);
        r->traits[i] = draw_traits(p, &structure, r->age[i] >= p->residents_old_age, traits, who[2]);
        r->depth[i] = who[3] < p->initial_participation ? DEPTH_ATTEND : DEPTH_NONE;
        r->tenure[i] = UINT8_MAX;
        r->threshold[i] = (float) sim_distribution_at(
            &p->participation_threshold, sim_draw(view->stream, i, SETUP_THRESHOLD));
        cogov_draw_attitudes(view, i, SETUP_ATTITUDES);
    }
    count_leading_neighbours(view);
    cogov_count_depths(view);
}
