/* innovation.c - streets adopt innovations of community governance; richer ones more.
 *
 *     innovations in a month ~ Poisson(n_0 index^eta), each of a kind drawn by the cases     (23c)
 *
 * index: budget per head over the national mean. Kinds and their numbers of cases, and east 116, centre 28,
 * west 30 cases: Wang2018 (m23). eta is the maximum of the likelihood of these three numbers when 11, 8 and 12
 * provinces count alike and the index is 1.42, 0.82 and 0.76; the indexes are an assumption (product per
 * head stands for the budget), and so eta is one.
 */
#include "models/cogov/cogov.h"

#define CASES(theme, label, label_zh, cases) cases,
#define PLUS_CASES(theme, label, label_zh, cases) +cases

static const uint8_t weights[INNOVATIONS] = { COGOV_INNOVATIONS(CASES) };
enum { ALL_CASES = 0 COGOV_INNOVATIONS(PLUS_CASES) };

enum { DRAW_COUNT, DRAW_KIND };

static uint32_t
kind_at(double u)
{
    double left = u * ALL_CASES;
    uint32_t kind = 0;
    while (left >= weights[kind]) {
        left -= weights[kind++];
    }
    return kind;
}

void
innovation(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    int64_t *adopted = cogov_government_of(view)->innovations[0].of;
    double mean = p->government_innovation_rate
        * sim_pow(p->government_budget_index, p->government_innovation_elasticity);
    int64_t n = sim_poisson_at(mean, sim_draw(view->stream, 0, DRAW_COUNT));
    for (uint32_t kind = 0; kind < INNOVATIONS; kind++) {
        adopted[kind] = 0;
    }
    for (uint32_t i = 0; i < (uint32_t) n; i++) {
        adopted[kind_at(sim_draw(view->stream, i, DRAW_KIND))]++;
    }
}
