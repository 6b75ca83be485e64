/* resolve.h - from a scenario that was read to the parameters of every place and month, all checked. Inside
 * the library only. */
#ifndef SIM_RESOLVE_H
#define SIM_RESOLVE_H

#include "sim/events.h"
#include "sim/model.h"
#include "sim/places.h"
#include "sim/scenario.h"
#include "sim/setting.h"

struct sim_resolution {
    const struct sim_model *model;
    struct sim_setting setting;
    struct sim_events events;
    struct sim_places places; /* table.path NULL: the scenario names no table */
};

/* Every fault of the parameters, the events and the table is a message. SIM_ERR_INPUT, SIM_ERR_MEMORY; the
 * events are there after SIM_ERR_INPUT too. May always be freed. The scenario must outlive it. */
int sim_resolution_init(struct sim_resolution *resolution, const struct sim_scenario *scenario,
    const struct sim_model *model, struct sim_messages *messages);
void sim_resolution_free(struct sim_resolution *resolution);

/* All that it says, as one complete scenario file, as a new text. table: the name of its table. NULL without
 * memory. */
char *sim_resolution_text(const struct sim_resolution *resolution, const char *title, const char *table);

#endif
