/* apply.h - from the entries of a file to parameters, as a table of fields tells. Inside the library only. */
#ifndef SIM_APPLY_H
#define SIM_APPLY_H

#include "sim/document.h"
#include "sim/field.h"

/* The keys of a scenario that are no parameters, separated by '|'. */
#define SIM_RESERVED_KEYS "model|extends|title|place|source"

int sim_is_reserved(const char *key);

/* Sets the member that an entry names. A bad value, and a key that no field has, is a message at its place,
 * with what was most likely meant; then SIM_ERR_INPUT. */
int sim_apply_entry(const struct sim_entry *entry, const struct sim_fields *fields, void *params,
    struct sim_messages *messages);

/* The same for all entries of a file; misplaced lists and mappings are faults too. */
int sim_apply_document(const struct sim_document *document, const struct sim_fields *fields, void *params,
    struct sim_messages *messages);

#endif
