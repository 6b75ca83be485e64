/* test_cogov_participation.c - what residents see of their neighbours, and the choice of a depth against the
 * logit of equation (8). */
#include "tiny.h"

/* --- the logit, independently --- */

/* A_d exp V_d of resident i, d from 1 to 4. */
static double
weight_of(const struct sim_view *view, uint32_t i, int d)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const double constant[] = { 0, p->participation_attend_constant, p->participation_volunteer_constant,
        p->participation_deliberate_constant, p->participation_decide_constant };
    const double age[] = { 0, p->participation_attend_age, p->participation_volunteer_age,
        p->participation_deliberate_age, p->participation_decide_age };
    const double cost[] = { 0, p->participation_attend_time, p->participation_volunteer_time,
        p->participation_deliberate_time, p->participation_decide_time };
    double v = constant[d] + p->participation_influence * (double) r->active_neighbours[i];
    v += p->participation_identity * ((double) r->identity[i] - p->attitudes_neutral);
    v += p->participation_trust * ((double) r->trust[i] - p->attitudes_neutral);
    v += d >= 3 ? p->participation_efficacy * ((double) r->efficacy[i] - p->attitudes_neutral) : 0;
    v += r->traits[i] & TRAIT_PARTY
        ? p->party_mobilisation * (p->party_mobilisation_base + cogov_party_of(view)->coverage[0])
        : 0;
    v += r->traits[i] & TRAIT_ONLINE ? p->platform_participation : 0;
    v += r->need[i] ? p->participation_need : 0;
    v += age[d] * (r->age[i] - p->participation_age_reference) / 10;
    v += r->traits[i] & TRAIT_FEMALE ? p->participation_female : 0;
    v -= cost[d] * (r->traits[i] & TRAIT_WORK ? p->participation_busy_work : 0);
    v -= cost[d] * (r->traits[i] & TRAIT_OWNER ? 0 : p->participation_tenant_cost);
    return cogov_committee_of(view)->available[0].of[d] * exp(v);
}

static void
random_weights(struct cogov_params *p, uint64_t *random)
{
    double *const draws[] = { &p->participation_influence, &p->participation_identity,
        &p->participation_trust, &p->participation_efficacy, &p->party_mobilisation,
        &p->party_mobilisation_base, &p->participation_need, &p->platform_participation,
        &p->participation_female, &p->participation_busy_work, &p->participation_tenant_cost,
        &p->participation_attend_age, &p->participation_volunteer_age, &p->participation_deliberate_age,
        &p->participation_decide_age, &p->participation_attend_time, &p->participation_volunteer_time,
        &p->participation_deliberate_time, &p->participation_decide_time };
    for (size_t d = 0; d < sizeof(draws) / sizeof(draws[0]); d++) {
        *draws[d] = 2 * tiny_random(random);
    }
    p->attitudes_neutral = tiny_random(random);
    p->participation_age_reference = 20 + 40 * tiny_random(random);
    p->participation_attend_constant = -tiny_random(random);
    p->participation_volunteer_constant = -2 * tiny_random(random);
    p->participation_deliberate_constant = -2 * tiny_random(random);
    p->participation_decide_constant = -2 * tiny_random(random);
}

static void
random_channels(const struct sim_view *view, uint64_t *random)
{
    for (int d = 1; d < DEPTHS; d++) {
        cogov_committee_of(view)->available[0].of[d] = tiny_random(random);
    }
    cogov_party_of(view)->coverage[0] = tiny_random(random);
}

/* --- choice --- */

static void
identical_residents_choose_with_the_logits_shares(void **state)
{
    enum { N = 30000, MONTHS = 2 };
    struct tiny tiny;
    uint64_t random = 11;
    (void) state;
    tiny_init(&tiny, "city.residents=30000");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    for (int trial = 0; trial < 6; trial++) {
        double count[DEPTHS] = { 0 }, share[DEPTHS] = { 1 }, sum = 1;
        random_weights(&tiny.p, &random);
        random_channels(view, &random);
        tiny_shuffle(view, &random);
        for (uint32_t i = 1; i < N; i++) {
            float *const attitudes[] = { r->active_neighbours, r->identity, r->trust, r->efficacy };
            for (int a = 0; a < 4; a++) {
                attitudes[a][i] = attitudes[a][0];
            }
            r->age[i] = r->age[0];
            r->traits[i] = r->traits[0];
            r->need[i] = r->need[0];
        }
        for (int d = 1; d < DEPTHS; d++) {
            share[d] = weight_of(view, 0, d);
            sum += share[d];
        }
        for (uint32_t month = 1; month <= MONTHS; month++) {
            tiny_run(view, participation, STREAM_PARTICIPATION, MONTHS * (uint32_t) trial + month);
            for (uint32_t i = 0; i < N; i++) {
                count[r->depth[i]]++;
            }
        }
        for (int d = 0; d < DEPTHS; d++) {
            assert_likely(count[d], N * MONTHS, share[d] / sum);
        }
    }
    tiny_free(&tiny);
}

/* The depth at which the draw falls; -1 if it is too near a border to tell. */
static int
depth_at(const struct sim_view *view, uint32_t i, double u)
{
    double sum = 1, weight[DEPTHS] = { 1 }, reached = 0;
    for (int d = 1; d < DEPTHS; d++) {
        weight[d] = weight_of(view, i, d);
        sum += weight[d];
    }
    for (int d = DEPTHS - 1; d >= 1; d--) {
        reached += weight[d] / sum;
        if (fabs(u - reached) < 1e-5) {
            return -1;
        }
        if (u < reached) {
            return d;
        }
    }
    return 0;
}

static void
every_resident_chooses_by_own_utility(void **state)
{
    enum { N = 3001 };
    static float u[N];
    struct tiny tiny;
    uint64_t random = 13;
    int skipped = 0;
    (void) state;
    tiny_init(&tiny, "city.residents=3001");
    const struct sim_view *view = tiny_community(&tiny, 0);
    for (uint32_t month = 1; month <= 5; month++) {
        random_weights(&tiny.p, &random);
        random_channels(view, &random);
        tiny_shuffle(view, &random);
        sim_draws_f32(tiny_stream(view, month, STREAM_PARTICIPATION), 0, N, 0, u);
        tiny_run(view, participation, STREAM_PARTICIPATION, month);
        for (uint32_t i = 0; i < N; i++) {
            int depth = depth_at(view, i, (double) u[i]);
            skipped += depth < 0;
            if (depth >= 0) {
                assert_int_equal(cogov_resident_of(view)->depth[i], depth);
            }
        }
    }
    assert_true(skipped < 10);
    tiny_free(&tiny);
}

static void
closed_channels_are_never_chosen(void **state)
{
    enum { N = 20000 };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny,
        "city.residents=20000 deliberation.level=0 participation.deliberate_constant=10 participation.decide_constant=10 "
        "participation.efficacy=5 participation.deliberate_age=3 participation.decide_age=3");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    double *available = cogov_committee_of(view)->available[0].of;
    authority(view);
    channels(view);
    for (uint32_t month = 1; month <= 20; month++) {
        uint32_t shallow = 0;
        tiny_run(view, participation, STREAM_PARTICIPATION, month);
        for (uint32_t i = 0; i < N; i++) {
            assert_true(r->depth[i] < DEPTH_DELIBERATE);
            shallow += r->depth[i] > 0;
        }
        assert_true(shallow > 0);
    }
    for (int d = 1; d < DEPTHS; d++) {
        available[d] = 0;
    }
    tiny_run(view, participation, STREAM_PARTICIPATION, 21);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(r->depth[i], DEPTH_NONE);
    }
    tiny_free(&tiny);
}

/* --- signs, under common random numbers --- */

enum { PEOPLE = 4000 };

static void
choose(const struct sim_view *view, uint8_t *depth)
{
    tiny_run(view, participation, STREAM_PARTICIPATION, 1);
    memcpy(depth, cogov_resident_of(view)->depth, PEOPLE);
}

/* Nobody is less active, or less deep, after than before, and somebody is more. */
static void
assert_raised(const uint8_t *before, const uint8_t *after)
{
    int more_active = 0, more_deep = 0;
    for (int i = 0; i < PEOPLE; i++) {
        assert_true((after[i] > 0) >= (before[i] > 0));
        assert_true((after[i] >= 3) >= (before[i] >= 3));
        more_active += (after[i] > 0) > (before[i] > 0);
        more_deep += (after[i] >= 3) > (before[i] >= 3);
    }
    assert_true(more_active > 10);
    assert_true(more_deep > 3);
}

static void
coefficients_raise_participation(struct tiny *tiny, const char *name, double by, int raises)
{
    static uint8_t before[PEOPLE], after[PEOPLE];
    const struct sim_view *view = tiny_community(tiny, 0);
    const struct sim_field *field = sim_fields_find(&cogov_model.fields, name);
    assert_non_null(field);
    double *member = (double *) (void *) ((unsigned char *) &tiny->p + field->offset), value = *member;
    choose(view, before);
    *member = value + by;
    choose(view, after);
    *member = value;
    if (raises) {
        assert_raised(before, after);
    } else {
        assert_raised(after, before);
    }
}

static void
each_coefficient_has_its_sign(void **state)
{
    struct tiny tiny;
    uint64_t random = 17;
    (void) state;
    tiny_init(&tiny, "city.residents=4000");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    tiny_shuffle(view, &random);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        r->age[i] = 70;
        r->identity[i] = r->trust[i] = r->efficacy[i] = .9f;
    }
    coefficients_raise_participation(&tiny, "participation.influence", .5, 1);
    coefficients_raise_participation(&tiny, "participation.identity", .7, 1);
    coefficients_raise_participation(&tiny, "participation.trust", .7, 1);
    coefficients_raise_participation(&tiny, "participation.efficacy", 1, 1);
    coefficients_raise_participation(&tiny, "participation.need", .7, 1);
    coefficients_raise_participation(&tiny, "platform.participation", .7, 1);
    coefficients_raise_participation(&tiny, "participation.female", .7, 1);
    coefficients_raise_participation(&tiny, "party.mobilisation", .7, 1);
    coefficients_raise_participation(&tiny, "party.mobilisation_base", .7, 1);
    coefficients_raise_participation(&tiny, "participation.busy_work", .7, 0);
    coefficients_raise_participation(&tiny, "participation.tenant_cost", .7, 0);
    coefficients_raise_participation(&tiny, "participation.decide_age", .3, 1);
    coefficients_raise_participation(&tiny, "participation.deliberate_age", .3, 1);
    tiny_free(&tiny);
}

static void
party_coverage_moves_members_only(void **state)
{
    static uint8_t before[PEOPLE], after[PEOPLE];
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=4000 residents.party_share=.5 residents.party_share_old=.5");
    const struct sim_view *view = tiny_community(&tiny, 0);
    cogov_party_of(view)->coverage[0] = .1;
    choose(view, before);
    cogov_party_of(view)->coverage[0] = .9;
    choose(view, after);
    assert_raised(before, after);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        assert_true((cogov_resident_of(view)->traits[i] & TRAIT_PARTY) != 0 || before[i] == after[i]);
    }
    tiny_free(&tiny);
}

static void
efficacy_counts_for_depth_alone(void **state)
{
    static uint8_t before[PEOPLE], after[PEOPLE];
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=4000");
    const struct sim_view *view = tiny_community(&tiny, 0);
    cogov_committee_of(view)->available[0].of[DEPTH_DELIBERATE] =
        cogov_committee_of(view)->available[0].of[DEPTH_DECIDE] = 0;
    choose(view, before);
    tiny_set(&tiny.p, "participation.efficacy=5");
    choose(view, after);
    assert_memory_equal(before, after, PEOPLE);
    tiny_free(&tiny);
}

static void
volunteers_and_deliberators_are_counted(void **state)
{
    static const uint8_t depth[] = { 0, 1, 2, 3, 4, 2, 0, 0, 4, 4 };
    struct tiny tiny;
    (void) state;
    tiny_init(&tiny, "city.residents=100 city.weight=10");
    const struct sim_view *view = tiny_community(&tiny, 0);
    memcpy(cogov_resident_of(view)->depth, depth, 10);
    cogov_count_depths(view);
    assert_near(cogov_community_of(view)->volunteers[0], .2, 1e-15);
    assert_near(cogov_community_of(view)->deliberators[0], .4, 1e-15);
    tiny_free(&tiny);
}

/* --- neighbours --- */

/*     1   3 - 4
 *     | \ |
 *     2 - 0     5 */
static uint32_t six_start[] = { 0, 3, 5, 7, 9, 10, 10 };
static uint16_t six_ties[] = { 1, 2, 3, 0, 2, 0, 1, 0, 4, 3 };

struct six {
    struct tiny tiny;
    struct sim_network network;
    struct sim_view view;
};

/* Residents 1 and 4 lead and are active, as is 3; now everybody is, which nobody is to see yet. */
static void
six_init(struct six *six, const char *settings)
{
    static const uint8_t leader_ties[] = { 1, 0, 1, 1, 0, 0 },
                         active[] = { 0, DEPTH_ATTEND, 0, DEPTH_DECIDE, DEPTH_VOLUNTEER, 0 };
    tiny_init(&six->tiny, "city.weight=8 residents.leader_weight=3");
    tiny_set(&six->tiny.p, settings);
    six->network = (struct sim_network){ SIM_NETWORK_SMALL_WORLD, 6, six_start, six_ties, NULL, 0 };
    six->view = *tiny_community(&six->tiny, 0);
    six->view.network = &six->network;
    const struct cogov_resident *r = cogov_resident_of(&six->view);
    assert_int_equal(cogov_resident_count(&six->view), 6);
    for (uint32_t i = 0; i < 6; i++) {
        r->traits[i] = i == 1 ? TRAIT_PARTY | TRAIT_LEADER : i == 4 ? TRAIT_LEADER : TRAIT_FEMALE;
        r->leader_ties[i] = leader_ties[i];
        r->depth_before[i] = active[i];
        r->depth[i] = DEPTH_ATTEND;
        r->trust_before[i] = .1f * (float) (i + 1);
        r->trust[i] = .95f;
        r->tenure[i] = 255;
    }
}

static void
leaders_among_neighbours_count_more(void **state)
{
    static const double active[] = { 4.0 / 5, 0, 3.0 / 4, 3.0 / 4, 1, 0 };
    static const double trust[] = { (.2 + .3 + .4) / 3, (.1 + .3) / 2, (.1 + .2) / 2, (.1 + .5) / 2, .4, .6 };
    struct six six;
    (void) state;
    six_init(&six, "");
    neighbours(&six.view);
    for (uint32_t i = 0; i < 6; i++) {
        assert_near((double) cogov_resident_of(&six.view)->active_neighbours[i], active[i], 1e-6);
        assert_near((double) cogov_resident_of(&six.view)->trust_neighbours[i], trust[i], 1e-6);
    }
    tiny_free(&six.tiny);
}

static void
with_weight_one_leaders_count_like_anybody(void **state)
{
    static const double active[] = { 2.0 / 3, 0, 1.0 / 2, 1.0 / 2, 1, 0 };
    struct six six;
    (void) state;
    six_init(&six, "residents.leader_weight=1");
    neighbours(&six.view);
    for (uint32_t i = 0; i < 6; i++) {
        assert_near((double) cogov_resident_of(&six.view)->active_neighbours[i], active[i], 1e-6);
    }
    tiny_free(&six.tiny);
}

static void
newcomers_ties_have_to_grow(void **state)
{
    struct six six;
    (void) state;
    six_init(&six, "residents.settling_time=8");
    const struct cogov_resident *r = cogov_resident_of(&six.view);
    for (int tenure = 0; tenure < 20; tenure++) {
        r->tenure[0] = (uint8_t) tenure;
        neighbours(&six.view);
        assert_near((double) r->active_neighbours[0], .8 * fmin(1, tenure / 8.0), 1e-6);
        assert_near((double) r->active_neighbours[4], 1, 1e-6);
        assert_near((double) r->trust_neighbours[0], .3, 1e-6);
    }
    tiny_free(&six.tiny);
}

static void
without_neighbours_residents_see_nobody(void **state)
{
    struct six six;
    (void) state;
    for (int how = 0; how < 2; how++) {
        six_init(&six, how == 0 ? "switches.neighbours=off" : "");
        six.network.kind = how == 0 ? SIM_NETWORK_SMALL_WORLD : SIM_NETWORK_NONE;
        neighbours(&six.view);
        for (uint32_t i = 0; i < 6; i++) {
            assert_near((double) cogov_resident_of(&six.view)->active_neighbours[i], 0, 0);
            assert_near((double) cogov_resident_of(&six.view)->trust_neighbours[i], .1 * (i + 1), 1e-6);
        }
        tiny_free(&six.tiny);
    }
}

static void
set_up_counts_leading_neighbours(void **state)
{
    struct tiny tiny;
    uint32_t leaders = 0;
    (void) state;
    tiny_init(&tiny, "city.residents=900 residents.stair_leader_share=.2 residents.rewire=.3");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    for (uint32_t i = 0; i < 900; i++) {
        uint32_t leading = 0;
        for (uint32_t tie = view->network->start[i]; tie < view->network->start[i + 1]; tie++) {
            leading += (r->traits[view->network->narrow[tie]] & TRAIT_LEADER) != 0;
        }
        assert_int_equal(r->leader_ties[i], leading);
        assert_true((r->traits[i] & TRAIT_PARTY) == 0 || (r->traits[i] & TRAIT_LEADER) != 0);
        leaders += (r->traits[i] & TRAIT_LEADER) != 0;
    }
    assert_in_range(leaders, 160, 310);
    tiny_free(&tiny);
}

/* --- influence by thresholds --- */

enum { RING = 600 };

/* Residents on a ring with two neighbours to either side, or with such ties rewired; nothing but neighbours
 * counts, and only activities are open. */
static void
start_cascade(struct tiny *tiny, const char *settings)
{
    tiny_init(tiny, settings);
    tiny->p.participation_attend_constant = -40;
    tiny->p.participation_influence = 80;
    const struct sim_view *view = tiny_community(tiny, 0);
    for (int d = DEPTH_VOLUNTEER; d < DEPTHS; d++) {
        cogov_committee_of(view)->available[0].of[d] = 0;
    }
    memset(cogov_resident_of(view)->depth, DEPTH_NONE, RING);
    memset(cogov_resident_of(view)->depth + 100, DEPTH_ATTEND, 6);
}

static uint32_t
cascade_step(const struct tiny *tiny, uint32_t month)
{
    const struct sim_view *view = tiny_community(tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    uint32_t active = 0;
    memcpy(r->depth_before, r->depth, RING);
    tiny_run(view, neighbours, STREAM_NONE, month);
    tiny_run(view, participation, STREAM_PARTICIPATION, month);
    for (uint32_t i = 0; i < RING; i++) {
        active += r->depth[i] > 0;
    }
    return active;
}

#define RING_OF_FOUR                                                                                        \
    "city.residents=600 residents.degree=4 participation.influence_form=threshold initial.participation=0 " \
    "residents.leader_weight=1 "

/* Beside a group of active residents one sees two of four active, the next one of four. */
static void
on_a_ring_a_cascade_goes_as_fast_as_the_threshold_lets_it(void **state)
{
    static const struct {
        const char *settings;
        int growth;
    } cases[] = {
        { RING_OF_FOUR "residents.rewire=0 participation.threshold=.2", 4 },
        { RING_OF_FOUR "residents.rewire=0 participation.threshold=.25", 4 },
        { RING_OF_FOUR "residents.rewire=0 participation.threshold=.3", 2 },
        { RING_OF_FOUR "residents.rewire=0 participation.threshold=.5", 2 },
        { RING_OF_FOUR "residents.rewire=0 participation.threshold=.55", -2 },
        { RING_OF_FOUR "residents.rewire=0 participation.threshold=.8", -4 },
    };
    (void) state;
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        struct tiny tiny;
        start_cascade(&tiny, cases[c].settings);
        for (int month = 1; month <= 320; month++) {
            int expected = 6 + month * cases[c].growth;
            expected = expected < 0 ? 0 : expected > RING ? RING : expected;
            assert_int_equal(cascade_step(&tiny, (uint32_t) month), expected);
        }
        tiny_free(&tiny);
    }
}

/* Months until nearly everybody is active; 0 if that never happens. */
static uint32_t
months_to_spread(const char *settings)
{
    struct tiny tiny;
    uint32_t month = 1;
    start_cascade(&tiny, settings);
    while (month <= 320 && cascade_step(&tiny, month) < RING * 97 / 100) {
        month++;
    }
    tiny_free(&tiny);
    return month <= 320 ? month : 0;
}

/* Who needs one neighbour is reached sooner by far ties; who needs half of them is not reached at all (Centola
 * and Macy 2007). */
static void
far_ties_speed_up_low_thresholds_and_stop_high_ones(void **state)
{
    (void) state;
    assert_in_range(
        months_to_spread(RING_OF_FOUR "residents.rewire=0 participation.threshold=.05"), 140, 150);
    assert_in_range(months_to_spread(RING_OF_FOUR "residents.rewire=.2 participation.threshold=.05"), 3, 40);
    assert_in_range(months_to_spread(RING_OF_FOUR "residents.rewire=0 participation.threshold=.5"), 285, 300);
    assert_int_equal(months_to_spread(RING_OF_FOUR "residents.rewire=1 participation.threshold=.5"), 0);
}

static void
residents_without_a_threshold_need_nobody(void **state)
{
    struct tiny tiny;
    (void) state;
    start_cascade(&tiny, RING_OF_FOUR "residents.degree=0 participation.threshold=0");
    assert_int_equal(cascade_step(&tiny, 1), RING);
    for (int i = 0; i < RING; i += 2) {
        cogov_resident_of(tiny_community(&tiny, 0))->threshold[i] = .001f;
    }
    assert_int_equal(cascade_step(&tiny, 2), RING / 2);
    tiny_free(&tiny);
}

static void
thresholds_change_the_choice_alone_and_only_where_asked_for(void **state)
{
    static float seen[PEOPLE];
    static uint8_t before[PEOPLE], after[PEOPLE];
    struct tiny tiny;
    uint64_t random = 31;
    (void) state;
    tiny_init(&tiny, "city.residents=4000 participation.threshold=uniform(.2,.6)");
    const struct sim_view *view = tiny_community(&tiny, 0);
    const struct cogov_resident *r = cogov_resident_of(view);
    tiny_shuffle(view, &random);
    memcpy(seen, r->active_neighbours, sizeof(seen));
    choose(view, before);
    tiny_set(&tiny.p, "participation.influence_form=threshold");
    choose(view, after);
    assert_true(memcmp(before, after, PEOPLE) != 0);
    assert_memory_equal(seen, r->active_neighbours, sizeof(seen));
    double mean = 0;
    for (int i = 0; i < PEOPLE; i++) {
        mean += (double) r->threshold[i] / PEOPLE;
        assert_true(r->threshold[i] >= .2f && r->threshold[i] <= .6f);
        r->active_neighbours[i] = r->active_neighbours[i] >= r->threshold[i] ? 1 : 0;
        r->threshold[i] = 1;
    }
    assert_near(mean, .4, 4.5 * .4 / sqrt(12 * PEOPLE));
    tiny_set(&tiny.p, "participation.influence_form=linear");
    choose(view, before);
    assert_memory_equal(before, after, PEOPLE);
    tiny_free(&tiny);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identical_residents_choose_with_the_logits_shares),
        cmocka_unit_test(every_resident_chooses_by_own_utility),
        cmocka_unit_test(closed_channels_are_never_chosen),
        cmocka_unit_test(each_coefficient_has_its_sign),
        cmocka_unit_test(party_coverage_moves_members_only),
        cmocka_unit_test(efficacy_counts_for_depth_alone),
        cmocka_unit_test(volunteers_and_deliberators_are_counted),
        cmocka_unit_test(leaders_among_neighbours_count_more),
        cmocka_unit_test(with_weight_one_leaders_count_like_anybody),
        cmocka_unit_test(newcomers_ties_have_to_grow),
        cmocka_unit_test(without_neighbours_residents_see_nobody),
        cmocka_unit_test(set_up_counts_leading_neighbours),
        cmocka_unit_test(on_a_ring_a_cascade_goes_as_fast_as_the_threshold_lets_it),
        cmocka_unit_test(far_ties_speed_up_low_thresholds_and_stop_high_ones),
        cmocka_unit_test(residents_without_a_threshold_need_nobody),
        cmocka_unit_test(thresholds_change_the_choice_alone_and_only_where_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
