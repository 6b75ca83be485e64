#include "sim/setting.h"

#include "sim/alloc.h"

#include <string.h>

void
sim_setting_free(struct sim_setting *setting)
{
    for (uint32_t e = 0; e < setting->n_eras; e++) {
        sim_free((void *) setting->eras[e].params);
    }
    sim_free((void *) setting->eras);
    memset(setting, 0, sizeof(*setting));
}
