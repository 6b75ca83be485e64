/* organisations.c - social organisations (社会组织) of a street and their social workers. Professional
 * ones come first; they may bid. Posts are shared in equal parts among them. Recreational ones (dance
 * teams, calligraphy clubs) are counted and do nothing more. The memory of income begins with the
 * wages of a full staff.
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

/* Money and staff of one professional organisation with so many posts. */
static void
endow(const struct sim_view *view, uint32_t i, double posts)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    o->posts[i] = posts;
    o->staffing[i] = p->organisations_staffing;
    o->opening[i] = (int64_t) (posts * p->organisations_wage * 100 * p->organisations_reserve);
    o->reserve[i] = o->opening[i];
    o->income_all[i] = posts * p->organisations_wage * 100;
    o->income_government[i] = p->organisations_dependence * o->income_all[i];
}

void
organisations_setup(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    uint32_t professional = cogov_professional_count(view);
    double posts = p->organisations_posts * cogov_government_of(view)->population[0] / 1e4;

    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        o->professional[i] = i < professional;
        o->capability[i] =
            sim_distribution_at(&p->organisations_capability, sim_draw(view->stream, i, SETUP_ORGANISATION));
        o->credibility[i] = p->initial_credibility;
        if (i < professional) {
            endow(view, i, posts / professional);
        }
    }
}
