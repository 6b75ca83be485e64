/* registration.c - grassroots groups are founded, dissolve, and register as professional organisations.
 *
 *     G <- G + founders - fade G - registrations,   founders ~ Poisson                       (14a)
 *     registrations ~ Poisson(r_1 G / (1 + exp((Theta - capital) / s)))
 *
 * G: grassroots groups; Theta: capital that registration asks for, of which groups have a mean and a spread
 * s; r_1: rate at which they register if nothing keeps them away. Threshold Wang2018 (m20); form assumption.
 *
 * A group that registers takes a place that is free and owed nothing; without one it stays a group. Its
 * capability is drawn, its money and staffing are those of organisations at the start, and it believes of
 * government's payments what those in the street believe on average. While that is less than a bidder has to
 * believe, no group registers, for it would have nothing to register for (Dacheng2020: partners refuse risk,
 * m17).
 */
#include "models/cogov/cogov.h"

enum { DRAW_CHARACTER, DRAW_FOUNDERS, DRAW_REGISTRATIONS };

static double
poisson(const struct sim_view *view, double mean, uint32_t draw)
{
    return (double) sim_poisson_at(mean, sim_draw(view->stream, 0, draw));
}

/* What the street's professional organisations believe on average; where there is none, what they last did. */
static void
remember_belief(const struct sim_view *view)
{
    const struct cogov_organisation *o = cogov_organisation_of(view);
    double sum = 0, n = 0;
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        sum += cogov_is_professional(o, i) ? o->credibility[i] : 0;
        n += cogov_is_professional(o, i);
    }
    double *belief = cogov_government_of(view)->reputation;
    *belief = n > 0 ? sum / n : *belief;
}

/* So many groups take free places; returns how many found one. */
static double
enter(const struct sim_view *view, double wanted)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    double posts = p->organisations_entrant_posts * cogov_government_of(view)->population[0] / 1e4;
    const double *belief = cogov_government_of(view)->reputation;
    double entered = 0;
    for (uint32_t i = 0; i < cogov_organisation_count(view) && entered < wanted; i++) {
        if (!o->active[i] && o->receivable[i] == 0) {
            double draws[4];
            sim_draw4(view->stream, i, DRAW_CHARACTER, draws);
            cogov_begin_organisation(view, i, posts, draws, *belief);
            entered++;
        }
    }
    return entered;
}

void
registration(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_government *government = cogov_government_of(view);
    double *groups = government->grassroots;
    double missing =
        (p->organisations_threshold - p->organisations_capital) / p->organisations_capital_spread;
    double rate = p->organisations_registration_rate / (1 + sim_exp(missing));
    double wanted = poisson(view, rate * *groups, DRAW_REGISTRATIONS);

    remember_belief(view);
    if (government->reputation[0] < p->purchase_credibility_needed) {
        wanted = 0;
    }
    government->entered[0] = enter(view, wanted < *groups ? wanted : (double) (int64_t) *groups);
    *groups -= government->entered[0];
    *groups += poisson(view, p->organisations_founders, DRAW_FOUNDERS) - p->organisations_fade * *groups;
}
