/* cogov.h - what the sources of the cogov model share: its tables, its rules, and a few words. */
#ifndef MODELS_COGOV_H
#define MODELS_COGOV_H

#include "sim/random.h"
#include "sim/vector.h"

#include <stdint.h>

enum cogov_depth { DEPTH_NONE, DEPTH_ATTEND, DEPTH_VOLUNTEER, DEPTH_DELIBERATE, DEPTH_DECIDE, DEPTHS };
enum { AGE_GROUPS = 6 };
enum cogov_need { NEED_PUBLIC, NEED_SPECIAL, NEED_PERSONAL, NEED_DEVELOPMENTAL, NEEDS };
enum cogov_tier { TIER_GRID, TIER_COMMUNITY, TIER_STREET, TIERS };
enum cogov_lot { LOT_SPECIAL, LOT_PERSONAL, LOT_PUBLIC, LOTS };
enum cogov_network { NETWORK_ADMINISTRATIVE, NETWORK_PARTY, NETWORK_SOCIAL, NETWORKS };

enum cogov_policy {
    POLICY_DELIBERATION,
    POLICY_LINKAGE,
    POLICY_PURCHASE,
    POLICY_PLATFORM,
    POLICY_EMPOWERMENT,
    POLICIES
};

enum cogov_influence { INFLUENCE_LINEAR, INFLUENCE_THRESHOLD }; /* participation.influence_form */

enum cogov_trait {
    TRAIT_FEMALE = 1,
    TRAIT_WORK = 2,
    TRAIT_OWNER = 4,
    TRAIT_PARTY = 8,
    TRAIT_LEADER = 16,
    TRAIT_ONLINE = 32
};

/* What 174 urban cases tried, by theme and kind, with their numbers (Wang2018): X(theme, label, label in Chinese, cases). */
#define COGOV_INNOVATIONS(X)                                                 \
    X(INSTITUTIONS, "administrative system", "行政体制", 16)                 \
    X(INSTITUTIONS, "party building", "党建", 20)                            \
    X(INSTITUTIONS, "self-governing organisation", "自治组织", 5)            \
    X(INSTITUTIONS, "democratic deliberation", "民主协商", 11)               \
    X(INSTITUTIONS, "cooperative governance", "协同治理", 23)                \
    X(ORGANISATIONS, "non-governmental organisation", "非政府组织", 2)       \
    X(ORGANISATIONS, "civil organisation", "民间组织", 8)                    \
    X(ORGANISATIONS, "professional service organisation", "专业服务组织", 4) \
    X(SERVICE, "basic public service", "基本公共服务", 18)                   \
    X(SERVICE, "commercial service", "商业服务", 5)                          \
    X(SERVICE, "social service", "社会服务", 12)                             \
    X(SERVICE, "comprehensive service", "综合服务", 8)                       \
    X(CULTURE, "spiritual culture", "精神文化", 9)                           \
    X(CULTURE, "behavioural culture", "行为文化", 4)                         \
    X(CULTURE, "material culture", "物质文化", 0)                            \
    X(SMART, "virtual organisation", "虚拟组织", 2)                          \
    X(SMART, "platform", "平台", 13)                                         \
    X(SMART, "smart service", "智慧服务", 4)                                 \
    X(GREEN, "green idea", "绿色理念", 5)                                    \
    X(GREEN, "green environment", "绿色环境", 3)                             \
    X(GREEN, "green life", "绿色生活", 2)
#define COGOV_INNOVATION_LABEL(theme, label, label_zh, cases) LABEL(label, label_zh),
#define COGOV_INNOVATION_ONE(theme, label, label_zh, cases) +1
enum { INNOVATIONS = 0 COGOV_INNOVATIONS(COGOV_INNOVATION_ONE) };

struct cogov_by_policy {
    double of[POLICIES];
};
struct cogov_by_innovation {
    int64_t of[INNOVATIONS];
};
struct cogov_by_depth {
    double of[DEPTHS];
};
struct cogov_by_need {
    double of[NEEDS];
};
struct cogov_by_tier {
    int64_t of[TIERS];
};
struct cogov_census {
    uint32_t of[AGE_GROUPS][DEPTHS];
};
struct cogov_queues {
    int64_t of[TIERS][NEEDS];
};

#define SIM_MODEL cogov
#define SIM_PARAMS "models/cogov/params.def"
#define SIM_COLUMNS "models/cogov/columns.def"
#define SIM_OBSERVATIONS "models/cogov/observe.def"
#include "sim/tables.h"

/* Purposes of random draws. A number is for ever: new ones go to the end, none is used again. */
enum cogov_stream {
    STREAM_NONE = 0,
    STREAM_SIZE = 1,
    STREAM_NETWORK = 2,
    STREAM_SETUP = 3,
    STREAM_STRESS = 4,
    STREAM_TENDER = 5,
    STREAM_NEEDS = 6,
    STREAM_RESOLVE = 7,
    STREAM_EFFICACY = 8,
    STREAM_MOBILITY = 9,
    STREAM_PARTICIPATION = 10,
    STREAM_PAYMENT = 11,
    STREAM_OFFICIALS = 12,
    STREAM_REGISTRATION = 13,
    STREAM_EXIT = 14,
    STREAM_INNOVATION = 15,
    STREAM_PLATFORM = 16,
    STREAM_RUMOUR = 17,
    STREAM_PRIVACY = 18,
    STREAM_SPONSORSHIP = 19,
};

/* What a draw of a size is for: its k. */
enum cogov_size_draw { SIZE_PROFESSIONAL, SIZE_RECREATIONAL, SIZE_RESIDENTS };

/* What a set-up draw is for: its k, so that no two kinds of agents share one though their places may have the
 * same number. */
enum cogov_setup_draw {
    SETUP_ORGANISATION,
    SETUP_FIRM,
    SETUP_COMMUNITY,
    SETUP_RESIDENT,
    SETUP_RESIDENT_TRAITS,
    SETUP_ATTITUDES,
    SETUP_MORE_ATTITUDES,
    SETUP_PLATFORM,
    SETUP_THRESHOLD,
};

extern const struct sim_model cogov_model SIM_LABEL("cogov_model");

/* Rules: void committee_time(const struct sim_view *view), each in the source of its name. */
#define RULE(name, scope, stream, switching, equation, doc) \
    void name(const struct sim_view *view) SIM_LABEL("cogov_rule_" #name);
#include "models/cogov/rules.def"
#undef RULE

/* Initial state of one place, each actor in the source of its name. */
#define COGOV_SETUP(actor) void actor##_setup(const struct sim_view *view) SIM_LABEL("cogov_setup_" #actor);
COGOV_SETUP(government)
COGOV_SETUP(organisations)
COGOV_SETUP(firms)
COGOV_SETUP(party)
COGOV_SETUP(committee)
COGOV_SETUP(community)
COGOV_SETUP(residents)
COGOV_SETUP(platform)
#undef COGOV_SETUP

/* What a newcomer brings, and each resident at the start: attitudes from the initial distributions, drawn for
 * resident i. */
void cogov_draw_attitudes(const struct sim_view *view, uint32_t i, uint32_t k)
    SIM_LABEL("cogov_draw_attitudes");

/* Scratch of a street: so many bytes for each provider. */
#define COGOV_BID_BYTES 32

/* How many of a street's organisations are professional at the start; they come first. Recreational ones
 * follow, then free places for those that register. */
uint32_t cogov_professional_count(const struct sim_view *view) SIM_LABEL("cogov_professional_count");

/* Money, staff and belief of professional organisation i when it begins; what government still paid or owed to
 * an earlier one in its place stays on record. */
void cogov_begin_organisation(const struct sim_view *street, uint32_t i, double posts, const double *draws,
    double credibility) SIM_LABEL("cogov_begin_organisation");

/* The lot has no provider any more. What became of this month's instalment stays on record. */
void cogov_end_contract(const struct cogov_contract *contract, uint32_t lot) SIM_LABEL("cogov_end_contract");

/* Counts what the community's residents do now: the census, and the shares of volunteers and of those who
 * deliberate or decide. Rules that change a depth keep it true. */
void cogov_count_depths(const struct sim_view *view) SIM_LABEL("cogov_count_depths");

/* Counts the platform's users among the community's residents into its online share. Rules that change who is
 * online keep it true. */
void cogov_count_online(const struct sim_view *view) SIM_LABEL("cogov_count_online");

/* Ages go from 0 to 90 in a table. */
enum { COGOV_AGES = 91 };

/* Share of residents who would use the platform at full coverage, by work (0, 1) and age. */
void cogov_penetration(const struct sim_view *view, float share[2][COGOV_AGES])
    SIM_LABEL("cogov_penetration");

int cogov_verify(const struct sim_view *world, char *why, size_t size) SIM_LABEL("cogov_verify");
size_t cogov_check(const void *params, struct sim_complaint *complaints, size_t limit)
    SIM_LABEL("cogov_check");

static inline const struct cogov_params *
cogov_params(const struct sim_view *view)
{
    return view->params;
}

/* The number that keys the draws of a community's lot. The first two kinds keep the numbers from the time when
 * there was no other. */
static inline uint32_t
cogov_lot_number(uint32_t block, uint32_t kind)
{
    return kind < LOT_PUBLIC ? block * 2 + kind : 0x100000u + block;
}

/* Calendar month, 1 to 12, of a tick. */
static inline int64_t
cogov_month(const struct cogov_params *p, uint32_t tick)
{
    return 1 + (p->city_start_month - 1 + (int64_t) tick - 1) % 12;
}

/* Share of a policy's level that is in force at a street or community. */
static inline double
cogov_force(const struct sim_view *view, enum cogov_policy policy)
{
    return cogov_government_of(view->level == SIM_BLOCK ? view->above : view)->force[0].of[policy];
}

/* Level of three-society linkage in force at the community. */
static inline double
cogov_linked(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    return p->switches_linkage ? p->linkage_level * cogov_force(view, POLICY_LINKAGE) : 0;
}

/* A professional organisation that exists: it may bid, employs social workers and can be sponsored. */
static inline int
cogov_is_professional(const struct cogov_organisation *o, uint32_t i)
{
    return o->active[i] != 0 && o->professional[i] != 0;
}

/* What a professional organisation receives in the month from all sources, in fen. */
static inline int64_t
cogov_income(const struct cogov_params *p, const struct cogov_organisation *o, uint32_t i)
{
    int64_t others = (int64_t) (o->posts[i] * p->organisations_other_income * 100);
    return o->received[i] + o->sponsored[i] + others;
}

/* Coverage of the community's platform in force. */
static inline double
cogov_coverage(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    return p->switches_platform_adoption ? p->platform_coverage * cogov_force(view, POLICY_PLATFORM) : 0;
}

/* Probability that a ticket of the community goes to the right desk where actors are coordinated so well (5). */
static inline double
cogov_rightly_routed(const struct sim_view *view, double coordination)
{
    const struct cogov_params *p = cogov_params(view);
    return 1
        - p->tiers_misrouting * (1 - coordination)
        * (1 - p->platform_routing_effect * cogov_community_of(view)->platform[0]);
}

/* Tickets a month that the committee does by itself for each unit of its time. */
static inline double
cogov_committee_tickets(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    return p->committee_staff * (cogov_community_of(view)->population[0] / 1e4) * p->tiers_staff_tickets;
}

/* Tickets of public needs a month that the committee and the street's station can serve at the community. */
static inline double
cogov_public_desk(const struct sim_view *view)
{
    double scale = cogov_community_of(view)->population[0] / 1e4;
    return cogov_committee_tickets(view) * cogov_committee_of(view)->service[0]
        + cogov_params(view)->tiers_station_tickets * scale;
}

/* 18, 30, 40, 50, 60, 70 and over */
static inline unsigned
cogov_age_group(uint8_t age)
{
    unsigned group = age < 30 ? 0u : age / 10u - 2u;
    return group < AGE_GROUPS - 1 ? group : AGE_GROUPS - 1;
}

/* Residents of an age group at depths from least to most. */
static inline uint32_t
cogov_count_at(const struct cogov_census *census, unsigned group, int least, int most)
{
    uint32_t count = 0;
    for (int depth = least; depth <= most; depth++) {
        count += census->of[group][depth];
    }
    return count;
}

/* Of n residents, the share at depths from least to most. */
static inline double
cogov_share_at(const struct cogov_census *census, uint32_t n, int least, int most)
{
    uint32_t count = 0;
    for (unsigned group = 0; group < AGE_GROUPS; group++) {
        count += cogov_count_at(census, group, least, most);
    }
    return n > 0 ? (double) count / n : 0;
}

/* A provider of contracts: an organisation or a firm of the street. */
struct cogov_provider {
    double capability;
    double shading;
    double posts;    /* 0 for firms */
    double staffing; /* 1 for firms */
    double *credibility;
    double *contracts;
    int64_t *receivable;
    int64_t *received;
    int64_t *received_ever;
};

static inline struct cogov_provider
cogov_provider_of(const struct sim_view *street, int32_t provider)
{
    const struct cogov_organisation *o = cogov_organisation_of(street);
    const struct cogov_firm *f = cogov_firm_of(street);
    int32_t organisations = (int32_t) cogov_organisation_count(street);
    if (provider < organisations) {
        int32_t i = provider;
        return (struct cogov_provider){ o->capability[i], o->shading[i], o->posts[i], o->staffing[i],
            &o->credibility[i], &o->contracts[i], &o->receivable[i], &o->received[i], &o->received_ever[i] };
    }
    int32_t i = provider - organisations;
    return (struct cogov_provider){ f->quality[i], f->shading[i], 0, 1, &f->credibility[i], &f->contracts[i],
        &f->receivable[i], &f->received[i], &f->received_ever[i] };
}

#endif
