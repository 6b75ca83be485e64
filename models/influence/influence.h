/* influence.h - residents who choose each month whether to take part, under the influence of their
 * neighbours.
 *
 * On the complete network its answer is known in closed form, p = Lambda(h + J p) with Lambda(v) = 1 / (1 +
 * exp(-v)), so it checks the engine; it is also the benchmark against other frameworks, and the worked
 * example of a model.
 */
#ifndef MODELS_INFLUENCE_H
#define MODELS_INFLUENCE_H

#define SIM_MODEL influence
#define SIM_PARAMS "models/influence/params.def"
#define SIM_COLUMNS "models/influence/columns.def"
#define SIM_OBSERVATIONS "models/influence/observe.def"
#include "sim/tables.h"

extern const struct sim_model influence_model SIM_LABEL("influence_model");

/* The rules, in the order of the month; each in the source of its name. */
void influence_choice(const struct sim_view *view) SIM_LABEL("influence_choice");
size_t influence_choice_scratch(const struct sim_view *view) SIM_LABEL("influence_choice_scratch");
void influence_quality(const struct sim_view *view) SIM_LABEL("influence_quality");
void influence_trust(const struct sim_view *view) SIM_LABEL("influence_trust");

int influence_verify(const struct sim_view *world, char *why, size_t size) SIM_LABEL("influence_verify");

/* Residents active now. */
uint32_t influence_count_active(const struct sim_view *view) SIM_LABEL("influence_count_active");

#endif
