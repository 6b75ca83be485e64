/* needs_arise.c - residents without an open ticket come to need something.
 *
 *     Pr = 1 - exp(-lambda_0 (1 + phi_old [elderly]))                                      (1)
 *
 * Type and severity are drawn from fixed shares; severity is the tier at which the ticket enters.
 * Types and their providers Shi2019 (Gusu, m25); rate and shares assumption.
 */
#include "models/cogov/cogov.h"

/* Which of n shares, which add up to 1, a uniform draw falls into. */
static unsigned
pick(const double *shares, unsigned n, double u)
{
    unsigned i = 0;
    for (double sum = shares[0]; i + 1 < n && u >= sum; sum += shares[i]) {
        i++;
    }
    return i;
}

static void
open_ticket(const struct sim_view *view, uint32_t i)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const double types[NEEDS] = { p->needs_public_share, p->needs_special_share, p->needs_personal_share,
        p->needs_developmental_share };
    const double severities[TIERS] = { p->needs_minor_share, p->needs_ordinary_share, p->needs_major_share };
    double draws[4];
    sim_draw4(view->stream, i, 0, draws);
    r->need[i] = (uint8_t) (1 + pick(types, NEEDS, draws[0]));
    r->tier[i] = (uint8_t) pick(severities, TIERS, draws[1]);
    r->waited[i] = r->waited_before[i] = 0;
}

void
needs_arise(const struct sim_view *view)
{
    enum { CHUNK = 1024 };
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_resident *r = cogov_resident_of(view);
    const struct cogov_community *community = cogov_community_of(view);
    float usual = (float) (1 - sim_exp(-p->needs_rate));
    float old = (float) (1 - sim_exp(-p->needs_rate * (1 + p->needs_elderly_extra)));
    int64_t elderly = p->residents_old_age;
    uint32_t n = cogov_resident_count(view);
    int64_t opened = 0;
    float u[CHUNK];

    for (uint32_t first = 0; first < n; first += CHUNK) {
        uint32_t size = n - first < CHUNK ? n - first : CHUNK;
        sim_draws_f32(view->stream, first, size, 0, u);
        for (uint32_t i = 0; i < size; i++) {
            uint32_t who = first + i;
            if (r->need[who] == 0 && u[i] < (r->age[who] >= elderly ? old : usual)) {
                open_ticket(view, who);
                opened += p->city_weight;
            }
        }
    }
    community->opened[0] = opened;
    community->opened_ever[0] += opened;
    community->waiting[0] += opened;
}
