/* month.c - one month of each class: groups are founded, register or dissolve; organisations are struck off.
 *
 *     G <- G + founders - registrations - faded
 *     N <- N + registrations - exits
 *     founders ~ Poisson(F),  registrations ~ Poisson(r(Theta) G),  faded ~ Poisson(f G),  exits ~ Poisson(x_0 N)
 *     r(Theta) = r_1 Lambda((capital - Theta) / s),   Lambda(v) = 1 / (1 + exp(-v))
 *
 * G: pool of unregistered groups; N: registered organisations; F: founders, f: fade, r_1: registration rate;
 * Theta: threshold; s: spread of capital; x_0: exit rate. G and N on the right are those of the start of the
 * month. Nobody registers or dissolves twice: a draw beyond what is there takes all of it. Equation (14) of the
 * model; the Poisson forms are its own, that of faded and exits an assumption.
 */
#include "models/registration/registration.h"

#include "sim/vector.h"

enum { DRAW_FOUNDERS, DRAW_REGISTRATIONS, DRAW_FADED, DRAW_EXITS };

double
registration_openness(const struct registration_terms *terms)
{
    double v = (terms->capital - terms->threshold) / terms->capital_spread;
    return terms->registration_rate / (1 + sim_exp(-v));
}

static int64_t
at_most(int64_t count, int64_t limit)
{
    return count < limit ? count : limit;
}

void
registration_month(const struct sim_view *world)
{
    const struct registration_register *rows = registration_register_of(world);
    for (uint32_t c = 0; c < registration_register_count(world); c++) {
        struct registration_terms terms = registration_terms_of(world, (enum registration_class) c);
        double rate[] = { terms.founders, registration_openness(&terms) * (double) rows->pool[c],
            terms.fade * (double) rows->pool[c], terms.exit_rate * (double) rows->registered[c] };
        int64_t drawn[SIM_COUNT_OF(rate)];
        for (uint32_t k = 0; k < SIM_COUNT_OF(rate); k++) {
            drawn[k] = sim_poisson_at(rate[k], sim_draw(world->stream, c, k));
        }
        int64_t registrations = at_most(drawn[DRAW_REGISTRATIONS], rows->pool[c]);
        int64_t faded = at_most(drawn[DRAW_FADED], rows->pool[c] - registrations);
        int64_t exits = at_most(drawn[DRAW_EXITS], rows->registered[c]);
        rows->pool[c] += drawn[DRAW_FOUNDERS] - registrations - faded;
        rows->registered[c] += registrations - exits;
        rows->registrations[c] = registrations;
        rows->founded_sum[c] += drawn[DRAW_FOUNDERS];
        rows->faded_sum[c] += faded;
        rows->registrations_sum[c] += registrations;
        rows->exits_sum[c] += exits;
    }
}
