/* organisations.c - social organisations (社会组织) of a street and their social workers. Professional ones
 * come first; they may bid. Posts are shared in equal parts among them. Recreational ones (dance teams,
 * calligraphy clubs) are counted and do nothing more. Places at the end are free until groups register.
 * The memory of income begins with the wages of a full staff.
 */
#include "models/cogov/cogov.h"

/* The same draw whenever it is asked for: sizes come before set-up. */
uint32_t
cogov_professional_count(const struct sim_view *view)
{
    double draw =
        sim_draw(sim_stream_at(view->stream.key, view->stream.place, 0, STREAM_SIZE), 0, SIZE_PROFESSIONAL);
    return (uint32_t) (sim_distribution_at(&cogov_params(view)->organisations_professional, draw) + 0.5);
}

/* How capable an organisation is, and how far it shirks where nobody looks, from two draws. */
static void
draw_character(const struct sim_view *street, uint32_t i, const double *draws)
{
    const struct cogov_params *p = cogov_params(street);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    o->capability[i] = sim_distribution_at(&p->organisations_capability, draws[0]);
    o->shading[i] = sim_distribution_at(&p->purchase_shading, draws[1]);
}

void
cogov_begin_organisation(
    const struct sim_view *street, uint32_t i, double posts, const double *draws, double credibility)
{
    const struct cogov_params *p = cogov_params(street);
    const struct cogov_organisation *o = cogov_organisation_of(street);
    double wages = posts * p->organisations_wage * 100;
    o->active[i] = o->professional[i] = 1;
    draw_character(street, i, draws);
    o->credibility[i] = credibility;
    o->posts[i] = posts;
    o->staffing[i] = p->organisations_staffing;
    o->opening[i] = (int64_t) (wages * p->organisations_reserve);
    o->reserve[i] = o->opening[i];
    o->income[i] = o->outgo[i] = 0;
    o->income_all[i] = wages;
    o->income_government[i] = p->organisations_dependence * wages;
    o->responsiveness[i] = 1;
}

void
organisations_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    uint32_t professional = cogov_professional_count(view), n = cogov_organisation_count(view);
    uint32_t existing = n - (uint32_t) p->organisations_entry_slots;
    double posts = p->organisations_posts * cogov_government_of(view)->population[0] / 1e4;

    for (uint32_t i = 0; i < existing; i++) {
        double draws[4];
        sim_draw4(view->stream, i, SETUP_ORGANISATION, draws);
        if (i < professional) {
            cogov_begin_organisation(view, i, posts / professional, draws, p->initial_credibility);
        } else {
            o->active[i] = 1;
            draw_character(view, i, draws);
            o->credibility[i] = p->initial_credibility;
        }
    }
}
