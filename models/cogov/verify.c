/* verify.c - which parameters do not go together, and what must always hold of the state: tickets and
 * money are conserved, shares are shares.
 */
#include "models/cogov/cogov.h"

#include "sim/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int broken(char *why, size_t size, const struct sim_view *view, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static int
broken(char *why, size_t size, const struct sim_view *view, const char *format, ...)
{
    va_list list;
    int length =
        snprintf(why, size, "tick %u, street %u, community %u: ", view->tick, view->region, view->block);
    if (length >= 0 && (size_t) length < size) {
        va_start(list, format);
        vsnprintf(why + length, size - (size_t) length, format, list);
        va_end(list);
    }
    return SIM_ERR_STATE;
}

struct shares {
    const char *key;
    const char *text;
    double sum;
};

static double
apart(double sum)
{
    return sum > 1 ? sum - 1 : 1 - sum;
}

size_t
cogov_check(const void *params, struct sim_complaint *complaints, size_t limit)
{
    const struct cogov_params *p = params;
    const struct shares shares[] = {
        { "needs.public_share", "needs.public_share, special_share, personal_share and developmental_share",
            p->needs_public_share + p->needs_special_share + p->needs_personal_share
                + p->needs_developmental_share },
        { "needs.minor_share", "needs.minor_share, ordinary_share and major_share",
            p->needs_minor_share + p->needs_ordinary_share + p->needs_major_share },
        { "linkage.organisation_share", "linkage.organisation_share, worker_share and volunteer_share",
            p->linkage_organisation_share + p->linkage_worker_share + p->linkage_volunteer_share },
    };
    size_t n = 0;
    for (size_t i = 0; i < SIM_COUNT_OF(shares); i++) {
        if (apart(shares[i].sum) > 1e-9) {
            if (n < limit) {
                complaints[n].key = shares[i].key;
                snprintf(complaints[n].text, sizeof(complaints[n].text), "%s must add up to 1, not %g",
                    shares[i].text, shares[i].sum);
            }
            n++;
        }
    }
    if (p->residents_degree % 2 != 0) {
        if (n < limit) {
            complaints[n].key = "residents.degree";
            snprintf(complaints[n].text, sizeof(complaints[n].text),
                "residents.degree must be even, not %" PRId64, p->residents_degree);
        }
        n++;
    }
    return n;
}

static int
is_share(double x)
{
    return x >= 0 && x <= 1;
}

static int
verify_residents(const struct sim_view *view, char *why, size_t size)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    struct cogov_census census = { 0 };
    int64_t open = 0, online = 0;
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        int shares = is_share(r->trust[i]) && is_share(r->satisfaction[i]) && is_share(r->expectation[i])
            && is_share(r->identity[i]) && is_share(r->efficacy[i]) && is_share(r->cognition[i])
            && is_share(r->active_neighbours[i]) && is_share(r->threshold[i]);
        if (!shares) {
            return broken(why, size, view, "resident %u has an attitude outside [0, 1]", i);
        }
        if (r->depth[i] >= DEPTHS || r->need[i] > NEEDS || r->solved[i] > NEEDS || r->tier[i] >= TIERS
            || r->age[i] < 18 || r->age[i] > 90) {
            return broken(why, size, view, "resident %u has a code out of range", i);
        }
        if (r->need[i] != 0 && r->solved[i] != 0) {
            return broken(why, size, view, "resident %u has a ticket both open and resolved", i);
        }
        census.of[cogov_age_group(r->age[i])][r->depth[i]]++;
        online += (r->traits[i] & TRAIT_ONLINE) != 0;
        open += r->need[i] != 0 ? cogov_params(view)->city_weight : 0;
    }
    const struct cogov_community *community = cogov_community_of(view);
    if (memcmp(&census, community->census, sizeof(census)) != 0) {
        return broken(why, size, view, "the census is not what residents do");
    }
    if (community->online[0] != (double) online / cogov_resident_count(view)) {
        return broken(why, size, view, "%" PRId64 " residents are online, not the share %g", online,
            community->online[0]);
    }
    if (open != community->waiting[0]
        || community->opened_ever[0] - community->closed_ever[0] - community->withdrawn_ever[0] != open) {
        return broken(why, size, view, "tickets are not conserved: %" PRId64 " open, %" PRId64 " counted",
            open, community->waiting[0]);
    }
    return SIM_OK;
}

static int
verify_community(const struct sim_view *view, char *why, size_t size)
{
    const struct cogov_committee *committee = cogov_committee_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    double time = committee->administrative[0] + committee->self_governance[0] + committee->service[0];
    int shares = is_share(committee->authority[0]) && is_share(committee->effectiveness[0])
        && is_share(committee->legitimacy[0]) && is_share(community->ambient[0])
        && is_share(community->platform[0]) && is_share(community->special_part[0])
        && is_share(community->verified[0]) && is_share(cogov_party_of(view)->coordination[0])
        && is_share(cogov_party_of(view)->coverage[0]);
    for (int need = 0; need < NEEDS; need++) {
        shares =
            shares && is_share(community->quality[0].of[need]) && is_share(community->resolution[0].of[need]);
    }
    for (int depth = 0; depth < DEPTHS; depth++) {
        shares = shares && is_share(committee->available[0].of[depth]);
    }
    if (!shares) {
        return broken(why, size, view, "a value of the community lies outside [0, 1]");
    }
    if (community->rumours[0] < 0 || community->leaks[0] < 0) {
        return broken(why, size, view, "incidents are counted below 0");
    }
    if (apart(time) > 1e-12) {
        return broken(why, size, view, "the committee's time adds up to %.17g", time);
    }
    return verify_residents(view, why, size);
}

static int
verify_money(const struct sim_view *street, char *why, size_t size)
{
    const struct cogov_government *government = cogov_government_of(street);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    int32_t organisations = (int32_t) cogov_organisation_count(street);
    int32_t providers = organisations + (int32_t) cogov_firm_count(street);
    int64_t owed = 0, received = 0;
    for (int32_t j = 0; j < providers; j++) {
        struct cogov_provider provider = cogov_provider_of(street, j);
        owed += *provider.receivable;
        received += *provider.received_ever;
        if (!is_share(*provider.credibility) || !is_share(provider.staffing) || *provider.receivable < 0) {
            return broken(why, size, street, "provider %d has a value out of range", (int) j);
        }
        if (j < organisations && o->reserve[j] != o->opening[j] + o->income[j] - o->outgo[j]) {
            return broken(why, size, street, "the books of organisation %d do not balance", (int) j);
        }
    }
    if (government->cash[0] < 0 || government->appropriated[0] != government->cash[0] + government->paid[0]
        || government->accrued[0] != government->paid[0] + owed || government->paid[0] != received) {
        return broken(why, size, street, "money is not conserved: %" PRId64 " fen owed", owed);
    }
    return SIM_OK;
}

/* Places of organisations: who does not exist has no posts and no contract, and nobody is professional but who
 * was or registered. */
static int
verify_organisations(const struct sim_view *street, char *why, size_t size)
{
    const struct cogov_organisation *o = cogov_organisation_of(street);
    uint32_t n = cogov_organisation_count(street);
    for (uint32_t i = 0; i < n; i++) {
        double held = 0;
        for (uint32_t b = 0; b < street->n_below; b++) {
            for (uint32_t lot = 0; lot < LOTS; lot++) {
                held += cogov_contract_of(street->below[b])->provider[lot] == (int32_t) i;
            }
        }
        if (held < o->contracts[i] || held > o->contracts[i]) {
            return broken(
                why, size, street, "organisation %u holds %g contracts, not %g", i, held, o->contracts[i]);
        }
        if (!(o->posts[i] >= 0) || !is_share(o->responsiveness[i]) || !is_share(o->quitting[i])) {
            return broken(why, size, street, "organisation %u has a value out of range", i);
        }
        if (!cogov_is_professional(o, i) && (o->posts[i] != 0 || held > 0)) {
            return broken(why, size, street, "organisation %u works though it is not there to work", i);
        }
    }
    return SIM_OK;
}

/* Policies and capacity are shares, groups and changes of the month are not negative. */
static int
verify_government(const struct sim_view *street, char *why, size_t size)
{
    const struct cogov_government *government = cogov_government_of(street);
    int sound = is_share(government->capacity[0]) && is_share(government->reputation[0])
        && government->grassroots[0] >= 0 && government->entered[0] >= 0 && government->exited[0] >= 0
        && government->leader_left[0] <= 1;
    for (int policy = 0; policy < POLICIES; policy++) {
        sound = sound && is_share(government->force[0].of[policy])
            && is_share(government->institutionalised[0].of[policy]);
    }
    for (int kind = 0; kind < INNOVATIONS; kind++) {
        sound = sound && government->innovations[0].of[kind] >= 0;
    }
    return sound ? SIM_OK : broken(why, size, street, "a value of the government is out of range");
}

/* What firms gave arrived, and property companies' quality is a share. */
static int
verify_firms(const struct sim_view *street, char *why, size_t size)
{
    const struct cogov_organisation *o = cogov_organisation_of(street);
    const struct cogov_firm *firm = cogov_firm_of(street);
    int64_t given = 0, received = 0;
    for (uint32_t i = 0; i < cogov_organisation_count(street); i++) {
        received += o->sponsored[i];
        if (o->sponsored[i] < 0) {
            return broken(why, size, street, "organisation %u is sponsored with less than nothing", i);
        }
    }
    for (uint32_t i = 0; i < cogov_firm_count(street); i++) {
        given += firm->sponsoring[i];
        if (firm->sponsoring[i] < 0 || !is_share(firm->quality[i])) {
            return broken(why, size, street, "firm %u has a value out of range", i);
        }
    }
    if (given != received) {
        return broken(
            why, size, street, "firms gave %" PRId64 " fen, organisations have %" PRId64, given, received);
    }
    return SIM_OK;
}

int
cogov_verify(const struct sim_view *world, char *why, size_t size)
{
    for (uint32_t s = 0; s < world->n_below; s++) {
        const struct sim_view *street = world->below[s];
        int ret = verify_money(street, why, size);
        ret = ret == SIM_OK ? verify_organisations(street, why, size) : ret;
        ret = ret == SIM_OK ? verify_government(street, why, size) : ret;
        ret = ret == SIM_OK ? verify_firms(street, why, size) : ret;
        for (uint32_t c = 0; ret == SIM_OK && c < street->n_below; c++) {
            ret = verify_community(street->below[c], why, size);
        }
        if (ret != SIM_OK) {
            return ret;
        }
    }
    return SIM_OK;
}
