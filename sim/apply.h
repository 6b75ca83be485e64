/* apply.h - from the entries of a file to parameters, as a table of fields tells. Inside the library only. */
#ifndef SIM_APPLY_H
#define SIM_APPLY_H

#include "sim/document.h"
#include "sim/field.h"

/* The keys of a scenario that are no parameters but a line of text, separated by '|'. */
#define SIM_RESERVED_KEYS "model|extends|title|place|source"

/* The key of the list that sim/events.h reads */
#define SIM_EVENTS_KEY "events"

/* Sets the member of a field from an entry, whose key is what messages call it. SIM_ERR_INPUT, with a message. */
int sim_apply_value(const struct sim_entry *entry, const struct sim_field *field, void *params,
    struct sim_messages *messages);

int sim_is_reserved(const char *key); /* SIM_RESERVED_KEYS only */

/* Sets the member that an entry names. A bad value, and a key that no field has, is a message at its place,
 * with what was most likely meant; then SIM_ERR_INPUT. */
int sim_apply_entry(const struct sim_entry *entry, const struct sim_fields *fields, void *params,
    struct sim_messages *messages);

/* The same for all entries of a file; misplaced lists and mappings are faults too. */
int sim_apply_document(const struct sim_document *document, const struct sim_fields *fields, void *params,
    struct sim_messages *messages);

/* The same for what stands in one mapping of a file, counted from 1 as parents are. Its keys are those below
 * the mapping's own. */
int sim_apply_mapping(const struct sim_document *document, size_t mapping, const struct sim_fields *fields,
    void *params, struct sim_messages *messages);

/* The field that an entry of such a mapping (0: of the whole file) sets; NULL if it stands elsewhere or sets
 * none. */
const struct sim_field *sim_apply_field(const struct sim_document *document, size_t mapping,
    const struct sim_entry *entry, const struct sim_fields *fields);

#endif
