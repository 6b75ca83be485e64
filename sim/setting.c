/* setting.c - frees the parameters by place and month, and names the places. */
#include "sim/setting.h"

#include "sim/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
free_era(const struct sim_era *era, uint32_t n_places)
{
    for (uint32_t i = 0; era->own != NULL && i < n_places; i++) {
        sim_free((void *) era->own[i]);
    }
    sim_free((void *) era->own);
    sim_free((void *) era->params);
}

void
sim_setting_free(struct sim_setting *setting)
{
    uint32_t named =
        setting->first_block != NULL ? setting->n_regions + setting->first_block[setting->n_regions] : 0;
    for (uint32_t e = 0; e < setting->n_eras; e++) {
        free_era(&setting->eras[e], 1 + named);
    }
    for (uint32_t i = 0; setting->names != NULL && i < named; i++) {
        sim_free(setting->names[i]);
    }
    sim_free((void *) setting->eras);
    sim_free((void *) setting->first_block);
    sim_free(setting->names);
    memset(setting, 0, sizeof(*setting));
}

const char *
sim_setting_name(const struct sim_setting *setting, uint32_t region, uint32_t block, char *buffer)
{
    if (setting->names != NULL) {
        return setting
            ->names[block == SIM_NO_BLOCK ? region
                                          : setting->n_regions + setting->first_block[region] + block];
    }
    snprintf(buffer, SIM_NAME_SIZE, "%" PRIu32, 1 + (block == SIM_NO_BLOCK ? region : block));
    return buffer;
}
