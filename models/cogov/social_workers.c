/* social_workers.c - the month of an organisation's books and staff.
 *
 *     R <- R + receipts + sponsorship + other income - wages - overhead                      (11c)
 *     h = h_w (1 + h_R [R < 0]),   w <- w (1 - h) + rehire (1 - w) [R > 0]                   (13)
 *
 * R: reserve; w: share of posts filled. Turnover as reported from Shenzhen; forms assumption.
 */
#include "models/cogov/cogov.h"

static void
keep_books(const struct cogov_params *p, const struct cogov_organisation *o, uint32_t i)
{
    int64_t income = cogov_income(p, o, i);
    int64_t wages = (int64_t) (o->posts[i] * o->staffing[i] * p->organisations_wage * 100);
    int64_t overhead = (int64_t) ((double) income * p->organisations_overhead);
    o->reserve[i] += income - wages - overhead;
    o->income[i] += income;
    o->outgo[i] += wages + overhead;
}

void
social_workers(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_organisation *o = cogov_organisation_of(view);
    for (uint32_t i = 0; i < cogov_organisation_count(view); i++) {
        if (!cogov_is_professional(o, i)) {
            continue;
        }
        keep_books(p, o, i);
        double quit = sim_unit(
            p->organisations_quit_rate * (1 + (o->reserve[i] < 0 ? p->organisations_quit_unpaid : 0)));
        o->quitting[i] = quit;
        double hired = o->reserve[i] > 0 ? p->organisations_rehire * (1 - o->staffing[i]) : 0;
        o->staffing[i] = sim_unit(o->staffing[i] * (1 - quit) + hired);
    }
}
