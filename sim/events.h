/* events.h - the events of a scenario: values that change at the start of a month. Inside the library only.
 *
 *     events:
 *       - month: 24
 *         note: why and from where
 *         set: {purchase: {budget: 10}, switches.linkage: off}
 *
 * A file adds its events to those of the file that it extends. Where two files change the same parameter in
 * the same month, the one that extends the other holds.
 */
#ifndef SIM_EVENTS_H
#define SIM_EVENTS_H

#include "sim/field.h"
#include "sim/scenario.h"
#include "sim/setting.h"

#include <stdio.h>

#define SIM_MONTH_LIMIT 65535

/* One parameter that changes. What it points to belongs to the scenario. */
struct sim_change {
    uint32_t month;
    size_t file, event; /* the how-many-th document of the chain and event of the scenario */
    const struct sim_field *field;
    const struct sim_entry *value;
    const struct sim_entry *month_entry;
    const struct sim_entry *note; /* NULL: none */
};

/* In order of month, then of the files and what stands in them. */
struct sim_events {
    struct sim_change *list;
    size_t count, capacity;
};

/* Collects and checks the events of a scenario; every fault is a message. SIM_ERR_INPUT, SIM_ERR_MEMORY. May
 * always be freed. */
int sim_events_init(struct sim_events *events, const struct sim_scenario *scenario,
    const struct sim_fields *fields, struct sim_messages *messages);
void sim_events_free(struct sim_events *events);

/* The months in which something changes. */
uint32_t sim_events_months(const struct sim_events *events);

/* The number of the first change of a later month than that of the change `first`. */
size_t sim_events_end(const struct sim_events *events, size_t first);

/* Makes the changes from first to before end in one struct of parameters. */
void sim_events_apply(const struct sim_events *events, size_t first, size_t end, void *params);

/* Writes them as a scenario file has them; nothing if there are none. Overwrites params. */
void sim_events_print(const struct sim_events *events, void *params, FILE *out);

/* Text as a YAML string in double quotes. */
void sim_print_quoted(FILE *out, const char *text);

#endif
