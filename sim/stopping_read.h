/* stopping_read.h - stop: and on_failure: of an experiment file. Inside the library only. */
#ifndef SIM_STOPPING_READ_H
#define SIM_STOPPING_READ_H

#include "sim/document.h"
#include "sim/model.h"
#include "sim/stopping.h"

/* The keys that these two read */
#define SIM_STOPPING_KEYS "stop|on_failure"

/* Reads stop: {half_width: {NAME: NUMBER, ...}, min: .., step: .., max: ..}; without it the stopping stays off.
 * most: what the command line says max is; below 0: nothing. Every fault is a message. */
void sim_stopping_read(struct sim_stopping *stopping, const struct sim_model *model,
    const struct sim_document *document, int64_t most, struct sim_messages *messages);

/* Reads on_failure: continue, stop, or {stop_after: N}: how many failed cells end a run; 0: none. */
void sim_failure_read(
    uint32_t *stop_after, const struct sim_document *document, struct sim_messages *messages);

#endif
