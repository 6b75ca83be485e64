#include "models/registry.h"

#include "sim/isa.h"

#include <string.h>

#define DECLARE(model, isa) \
    extern const struct sim_model model##_model_##isa __asm__("cogov_" #model "_model_" #isa);
#define DECLARE_ALL(model) SIM_ISAS(DECLARE, model)
MODELS(DECLARE_ALL)

struct build {
    const char *name;
    const char *isa;
    const struct sim_model *model;
};

#define ROW(model, isa) { #model, #isa, &model##_model_##isa },
#define ROWS(model) SIM_ISAS(ROW, model)
static const struct build builds[] = { MODELS(ROWS) };

static const struct build *
find(const char *name, const char *isa)
{
    for (size_t i = 0; i < SIM_COUNT_OF(builds); i++) {
        int wanted = isa == NULL || *isa == '\0' || strcmp(builds[i].isa, isa) == 0;
        if (wanted && strcmp(builds[i].name, name) == 0 && sim_isa_supported(builds[i].isa)) {
            return &builds[i];
        }
    }
    return NULL;
}

const struct sim_model *
models_find(const char *name, const char *isa)
{
    const struct build *build = find(name, isa);
    return build != NULL ? build->model : NULL;
}

const char *
models_isa(const char *isa)
{
    const struct build *build = find(builds[0].name, isa);
    return build != NULL ? build->isa : NULL;
}

const char *
models_names(void)
{
#define NAME(model) "|" #model
    return &(MODELS(NAME))[1];
}
