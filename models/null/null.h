/* null.h - the model that does nothing: the contract of model.h in its smallest form. */
#ifndef MODELS_NULL_H
#define MODELS_NULL_H

#define SIM_MODEL null
#define SIM_PARAMS "models/null/params.def"
#define SIM_COLUMNS "models/null/columns.def"
#define SIM_OBSERVATIONS "models/null/observe.def"
#include "sim/tables.h"

extern const struct sim_model null_model SIM_LABEL("null_model");

#endif
