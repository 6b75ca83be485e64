/* tender.c - every lot of the street is put out to tender when contracts end, first in the first tender
 * month.
 *
 *     c(q) = c_0 + c_1 q^2,   p_j = c(q_j) (1 + m_0 / (1 + m_1 n)) (1 + r_K (1 - K_j))       (10)
 *     score_j = w_q q^_j / max q^ + (1 - w_q) min p / p_j
 *
 * q_j: capability; n: bids on the lot; K_j: belief that government pays in time, below K_min nobody bids;
 * q^: assessed quality, q_j with an error sd_e (1 - nu) xi, for the present provider what it has
 * delivered on average; nu: share that is verified. Best score wins, the first listed on a tie. A lot's
 * part of the street's budget, by residents and kind of lot, buys budget / (12 p) tickets a month. A
 * contract that delivered enough of what was promised may be renewed at its price, for what that buys of
 * the new year's budget. Organisations bid on special and personal services, firms on personal ones and
 * on the bundled property contract that serves public needs (Wang2018, Jianggan; m26). Comprehensive
 * scoring with a price formula; competition and quality Wang2018 (m14, m15, m16), risk Dacheng2020 (m17,
 * m18); forms assumption.
 *
 * A price is at least one fen. A lot with less than a fen a month is not put out to tender and counts
 * neither as a lot nor in bids. Without a bid a lot stays unfilled. With which community a tender begins
 * is drawn.
 */
#include "models/cogov/cogov.h"

struct bid {
    int32_t provider;
    double quality;
    double assessed;
    double price; /* CNY per ticket */
};

_Static_assert(sizeof(struct bid) <= COGOV_BID_BYTES, "the street's scratch has room for all bids");

/* One lot: the community, which of its lots, and the number that keys its draws. */
struct lot {
    const struct sim_view *community;
    uint32_t kind;
    uint32_t number;
};

static int
is_due(const struct cogov_params *p, uint32_t tick)
{
    int64_t first = 1 + (p->purchase_tender_month - p->city_start_month + 12) % 12;
    return (int64_t) tick >= first && ((int64_t) tick - first) % p->purchase_contract_length == 0;
}

void
cogov_end_contract(const struct cogov_contract *contract, uint32_t lot)
{
    contract->provider[lot] = -1;
    contract->price[lot] = contract->instalment[lot] = contract->months[lot] = 0;
    contract->units[lot] = contract->promised[lot] = contract->markup[lot] = 0;
    contract->delivered[lot] = contract->delivered_sum[lot] = 0;
}

static double
mean_delivered(const struct cogov_contract *contract, uint32_t lot)
{
    return contract->months[lot] > 0 ? contract->delivered_sum[lot] / (double) contract->months[lot] : 0;
}

/* Fen a month for a lot. */
static double
money_for(const struct sim_view *view, struct lot lot)
{
    const struct cogov_government *government = cogov_government_of(view);
    const struct cogov_community *community = cogov_community_of(lot.community);
    double bundled = cogov_params(view)->purchase_public_share, special = community->special_part[0];
    const double shares[LOTS] = { (1 - bundled) * special, (1 - bundled) * (1 - special), bundled };
    double people = community->population[0] / government->population[0];
    return (double) government->budget[0] / 12 * shares[lot.kind] * people;
}

/* What a lot's money pays each month and buys at a price in CNY. */
static void
fund(const struct cogov_contract *contract, uint32_t lot, double money, double price)
{
    contract->instalment[lot] = (int64_t) money;
    contract->units[lot] = money / 100 / price;
}

/* Renews a contract that did well, with some probability: it begins anew at its price, and as it was while its
 * money is the same. Else the lot is open, and its provider free for others. */
static void
renew_or_open(const struct sim_view *view, struct lot lot)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_contract *contract = cogov_contract_of(lot.community);
    uint32_t c = lot.kind;
    int held = contract->provider[c] >= 0;
    double money = money_for(view, lot);
    int renewed = held && money >= 1 && contract->months[c] > 0
        && mean_delivered(contract, c) >= p->purchase_renewal_threshold * contract->promised[c]
        && sim_draw(view->stream, UINT32_MAX, lot.number) < p->purchase_renewal_probability;
    contract->open[c] = !renewed;
    if (renewed) {
        contract->months[c] = 0;
        contract->delivered_sum[c] = 0;
        if (contract->instalment[c] != (int64_t) money) {
            fund(contract, c, money, (double) contract->price[c] / 100);
        }
    } else if (held) {
        *cogov_provider_of(view, contract->provider[c]).contracts -= 1;
    }
}

static int
may_bid(const struct sim_view *view, const struct cogov_provider *provider, int32_t index, uint32_t kind)
{
    const struct cogov_params *p = cogov_params(view);
    int is_firm = index >= (int32_t) cogov_organisation_count(view);
    int fit = is_firm
        ? kind != LOT_SPECIAL
        : kind != LOT_PUBLIC && cogov_is_professional(cogov_organisation_of(view), (uint32_t) index);
    return fit && *provider->credibility >= p->purchase_credibility_needed
        && *provider->contracts < (double) p->purchase_contracts_limit;
}

/* Who bids on a lot, with assessed quality; prices need the number of bids and come after. */
static uint32_t
collect_bids(
    const struct sim_view *view, struct lot lot, int32_t present, double present_quality, struct bid *bids)
{
    const struct cogov_params *p = cogov_params(view);
    int32_t providers = (int32_t) (cogov_organisation_count(view) + cogov_firm_count(view));
    double error = p->purchase_assessment_error * (1 - cogov_community_of(lot.community)->verified[0]);
    uint32_t n = 0;
    for (int32_t j = 0; j < providers; j++) {
        struct cogov_provider provider = cogov_provider_of(view, j);
        double draws[4];
        if (!may_bid(view, &provider, j, lot.kind)) {
            continue;
        }
        sim_draw4(view->stream, (uint32_t) j, lot.number, draws);
        if (draws[0] < p->purchase_bid_probability) {
            double assessed = provider.capability + error * sim_normal_at(draws[1]);
            bids[n++] = (struct bid){ j, provider.capability,
                sim_unit(j == present ? present_quality : assessed), 0 };
        }
    }
    return n;
}

/* Mark-up on cost with n bids. */
static double
markup_with(const struct cogov_params *p, uint32_t n)
{
    return p->purchase_markup / (1 + p->purchase_markup_competition * n);
}

static void
price_bids(const struct sim_view *view, struct bid *bids, uint32_t n)
{
    const struct cogov_params *p = cogov_params(view);
    double markup = markup_with(p, n);
    for (uint32_t b = 0; b < n; b++) {
        double belief = *cogov_provider_of(view, bids[b].provider).credibility;
        double cost = p->purchase_cost_base + p->purchase_cost_quality * bids[b].quality * bids[b].quality;
        double price = cost * (1 + markup) * (1 + p->purchase_risk_premium * (1 - belief));
        bids[b].price = price > 0.01 ? price : 0.01;
    }
}

/* The best of n > 0 bids by the scoring rule. */
static const struct bid *
best_bid(const struct cogov_params *p, const struct bid *bids, uint32_t n)
{
    const struct bid *best = bids;
    double most = 0, least = bids[0].price, top = -1;
    for (uint32_t b = 0; b < n; b++) {
        most = bids[b].assessed > most ? bids[b].assessed : most;
        least = bids[b].price < least ? bids[b].price : least;
    }
    for (uint32_t b = 0; b < n; b++) {
        double quality = most > 0 ? bids[b].assessed / most : 0;
        double score =
            p->purchase_quality_weight * quality + (1 - p->purchase_quality_weight) * least / bids[b].price;
        if (score > top) {
            top = score;
            best = &bids[b];
        }
    }
    return best;
}

static void
award(const struct sim_view *view, struct lot lot, const struct bid *bid, double money)
{
    const struct cogov_contract *contract = cogov_contract_of(lot.community);
    contract->provider[lot.kind] = bid->provider;
    contract->price[lot.kind] = (int64_t) (bid->price * 100 + 0.5);
    fund(contract, lot.kind, money, bid->price);
    contract->promised[lot.kind] = bid->assessed;
    *cogov_provider_of(view, bid->provider).contracts += 1;
}

static void
tender_lot(const struct sim_view *view, struct lot lot)
{
    const struct cogov_government *government = cogov_government_of(view);
    const struct cogov_contract *contract = cogov_contract_of(lot.community);
    struct bid *bids = view->scratch;
    int32_t present = contract->provider[lot.kind];
    double present_quality = mean_delivered(contract, lot.kind), money = money_for(view, lot);

    cogov_end_contract(contract, lot.kind);
    if (money < 1) {
        return;
    }
    uint32_t n = collect_bids(view, lot, present, present_quality, bids);
    government->lots[0] += 1;
    government->bids[0] += n;
    if (n > 0) {
        price_bids(view, bids, n);
        contract->markup[lot.kind] = markup_with(cogov_params(view), n);
        award(view, lot, best_bid(cogov_params(view), bids, n), money);
    }
}

static void
tender_if_open(const struct sim_view *view, struct lot lot)
{
    if (cogov_contract_of(lot.community)->open[lot.kind]) {
        tender_lot(view, lot);
    }
}

/* From a community drawn by lot on and round, so that none is favoured by its number where bidders are few. */
static void
each_lot(const struct sim_view *view, void (*task)(const struct sim_view *view, struct lot lot))
{
    uint32_t first = (uint32_t) (sim_draw(view->stream, UINT32_MAX - 1, 0) * view->n_below);
    for (uint32_t i = 0; i < view->n_below; i++) {
        uint32_t b = (first + i) % view->n_below;
        for (uint32_t kind = 0; kind < LOTS; kind++) {
            task(view, (struct lot){ view->below[b], kind, cogov_lot_number(b, kind) });
        }
    }
}

void
tender(const struct sim_view *view)
{
    const struct cogov_government *government = cogov_government_of(view);
    if (!is_due(cogov_params(view), view->tick)) {
        return;
    }
    government->lots[0] = government->bids[0] = 0;
    each_lot(view, renew_or_open);
    each_lot(view, tender_if_open);
}
