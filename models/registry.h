/* registry.h - the models that this program has. */
#ifndef MODELS_REGISTRY_H
#define MODELS_REGISTRY_H

#include "sim/model.h"

/* One word a model, one folder each. */
#define MODELS(X) X(null) X(influence) X(cogov) X(registration)

/* The model of this name, in the widest build that the processor runs, or in the build that isa names ("v2",
 * "v3", "v4", "plain"; NULL or "" for the widest). NULL if there is none. */
const struct sim_model *models_find(const char *name, const char *isa);

/* The names, separated by '|'. */
const char *models_names(void);

/* The name of the build that models_find takes for isa, e.g. "v4"; NULL if this program or processor has no
 * such build. */
const char *models_isa(const char *isa);

#endif
