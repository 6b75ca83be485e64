/* organisations.c - social organisations (社会组织) of a street and their social workers. Professional ones
 * come first; they may bid. Posts are shared in equal parts among them. Recreational ones (dance teams,
 * calligraphy clubs) are counted and do nothing more. */
#include "models/cogov/cogov.h"

static double
street_population(const struct sim_view *view)
{
    double population = 0;
    for (uint32_t b = 0; b < view->n_below; b++) {
        population += (double) (cogov_resident_count(view->below[b]) * cogov_params(view)->city_weight);
    }
    return population;
}

static uint32_t
count_professional(const struct sim_view *view)
{
    const struct cogov_organisation *o = cogov_organisation_of(view);
    uint32_t n = 0;
    while (n < cogov_organisation_count(view) && o->professional[n]) {
        n++;
    }
    return n;
}

/* Money and staff of one professional organisation with so many posts. */
static void
endow(const struct sim_view *view, uint32_t i, double posts)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    double others = posts * p->organisations_other_income * 100;
    o->posts[i] = posts;
    o->staffing[i] = p->organisations_staffing;
    o->opening[i] = (int64_t) (posts * p->organisations_wage * 100 * p->organisations_reserve);
    o->reserve[i] = o->opening[i];
    double dependence = p->organisations_dependence < 1 ? p->organisations_dependence : 1;
    o->income_all[i] = dependence < 1 ? others / (1 - dependence) : others;
    o->income_government[i] = dependence * o->income_all[i];
}

void
organisations_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    uint32_t n = cogov_organisation_count(view), professional;
    double draws[4];

    sim_draw4(sim_stream_at(view->stream.key, view->stream.place, 0, STREAM_SIZE), 0, SIM_REGION, draws);
    uint32_t wanted = (uint32_t) (sim_distribution_at(&p->organisations_professional, draws[0]) + 0.5);
    for (uint32_t i = 0; i < n; i++) {
        o->professional[i] = i < wanted;
        o->capability[i] =
            sim_distribution_at(&p->organisations_capability, sim_draw(view->stream, i, SETUP_ORGANISATION));
        o->credibility[i] = p->initial_credibility;
    }
    professional = count_professional(view);
    for (uint32_t i = 0; i < professional; i++) {
        endow(view, i, p->organisations_posts * street_population(view) / 1e4 / professional);
    }
}
