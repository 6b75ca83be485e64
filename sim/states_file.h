/* states_file.h - what the two sources of states.h share. Inside the library only. */
#ifndef SIM_STATES_FILE_H
#define SIM_STATES_FILE_H

#include "sim/binary_file.h"
#include "sim/model.h"
#include "sim/setting.h"

extern const struct sim_binary_form sim_states_form;

/* The values of a setting that are read at the start only, of the world and of each place that has its own, a line each:
 * "PLACE KEY: VALUE", in the order of places (0: the world) and fields. A new text; NULL without memory. */
char *sim_states_once(const struct sim_model *model, const struct sim_setting *setting);

#endif
