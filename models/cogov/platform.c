/* platform.c - the digital platform of a community: who would use it, and who does at the start.
 *
 *     pen = logistic(constant + slope (age - a) / 10 + [work] w)                             (19a)
 *
 * a: reference age. The mean over the base's adults is the penetration of the internet at the end of
 * 2017, 55.8 %, by CNNIC as reported in Wang2018. At the start users are in the state to which joining
 * and leaving lead.
 */
#include "models/cogov/cogov.h"

void
cogov_penetration(const struct sim_view *view, float share[2][COGOV_AGES])
{
    const struct cogov_params *p = cogov_params(view);
    for (int work = 0; work < 2; work++) {
        double constant = p->platform_penetration_constant + (work ? p->platform_penetration_work : 0);
        for (int age = 0; age < COGOV_AGES; age++) {
            double decades = (age - p->platform_penetration_reference) / 10;
            share[work][age] = (float) -(constant + p->platform_penetration_age * decades);
        }
        sim_exp_f32(share[work], COGOV_AGES);
        for (int age = 0; age < COGOV_AGES; age++) {
            share[work][age] = 1.0f / (1.0f + share[work][age]);
        }
    }
}

void
cogov_count_online(const struct sim_view *view)
{
    const uint8_t *traits = cogov_resident_of(view)->traits;
    uint32_t n = cogov_resident_count(view), online = 0;
    for (uint32_t i = 0; i < n; i++) {
        online += (traits[i] & TRAIT_ONLINE) != 0;
    }
    cogov_community_of(view)->online[0] = (double) online / n;
}

void
platform_setup(const struct sim_view *view)
{
    const struct cogov_resident *r = cogov_resident_of(view);
    const double coverage = cogov_coverage(view);
    float share[2][COGOV_AGES];

    cogov_penetration(view, share);
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        double uses = (double) share[(r->traits[i] & TRAIT_WORK) != 0][r->age[i]];
        unsigned online = sim_draw(view->stream, i, SETUP_PLATFORM) < coverage * uses ? TRAIT_ONLINE : 0;
        r->traits[i] = (uint8_t) (r->traits[i] | online);
    }
    cogov_community_of(view)->platform[0] = coverage * cogov_params(view)->platform_integration;
    cogov_count_online(view);
}
