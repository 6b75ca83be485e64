/* scenario.h - scenarios: a YAML file, what it extends, and the overrides of the command line. Which
 * parameters there are is told by a table of fields when a scenario is applied.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "sim/document.h"
#include "sim/field.h"
#include "sim/message.h"
#include "sim/search.h"

/* A scenario: its file and all it extends, base first, then the overrides of the command line. */
struct sim_scenario {
    struct sim_document *documents; /* base first, the named file last */
    size_t n_documents;
    const struct sim_search *search; /* that found them */
    struct sim_entry *overrides;
    char **override_places; /* "--set 1" ... */
    size_t n_overrides;
};

/* Loads a scenario file and its chain of extends. Cycles, a model, title or extends that is no plain text,
 * and two models that differ are faults too. SIM_ERR_INPUT, SIM_ERR_MEMORY; what could be read is there after
 * SIM_ERR_INPUT. May always be freed. */
int sim_scenario_load(struct sim_scenario *scenario, const char *path, const struct sim_search *search,
    struct sim_messages *messages);
void sim_scenario_free(struct sim_scenario *scenario);

/* Adds the n-th --set of the command line (n from 1): "KEY=VALUE", to a loaded scenario. Its place is "--set
 * n". Of two for the same key the later holds. */
int sim_scenario_override(
    struct sim_scenario *scenario, const char *assignment, int n, struct sim_messages *messages);

/* The last text given to a top-level key ("model", "title") along the chain, with its place; NULL if none.
 * Only "model" is inherited: the others speak of one file. */
const struct sim_entry *sim_scenario_top(const struct sim_scenario *scenario, const char *key);

/* Sets params (already holding the defaults) from all entries in order of precedence: what is extended, the
 * file, the overrides. Every unknown key, misplaced list or mapping and bad value is a message, whether or
 * not another overrides it. */
int sim_scenario_apply(const struct sim_scenario *scenario, const struct sim_fields *fields, void *params,
    struct sim_messages *messages);

#endif
