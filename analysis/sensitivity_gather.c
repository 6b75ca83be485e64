/* sensitivity_gather.c - the points and outcomes of a results file, and how much of the outcomes is noise. */
#include "analysis/sensitivity.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <inttypes.h>
#include <math.h>

/* Replicates that were asked for, where a stopping rule asks for more at some points than at others. */
static uint32_t
replicates_at(const struct reader *reader, uint32_t design)
{
    double n;
    return reader_number(reader, "replicates", design, &n) == SIM_OK && n >= 1 && n <= reader->n_replicates
        ? (uint32_t) n
        : reader->n_replicates;
}

static void
count_cells(struct sensitivity_scenario *scenario, const struct reader *reader)
{
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        uint32_t design = scenario->first_design + p, n = replicates_at(reader, design);
        for (uint32_t r = 0; r < n; r++) {
            int8_t status = reader->run_status[(size_t) design * reader->n_replicates + r];
            scenario->failed_cells += status == 1;
            scenario->missing_cells += status == 2;
        }
    }
}

/* Sums over the points of which all replicates are known. */
struct noise {
    double within, of_mean; /* variances over replicates; what is left of them in the mean */
    uint32_t n;
};

/* Means over replicates; NaN unless every one of them that was asked for has a value, because replicates share their luck
 * over the points, and a mean of some of them would differ from the others by what these are like. */
static void
take_means(struct sensitivity_scenario *scenario, struct sensitivity_outcome *outcome,
    const struct reader *reader, const double *values, struct noise *noise)
{
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        uint32_t design = scenario->first_design + p, n = replicates_at(reader, design);
        const double *own = values + (size_t) design * reader->n_replicates;
        double sd = sim_sd(own, n);
        outcome->y[p] = sim_mean(own, n);
        if (!isnan(sd)) {
            noise->within += sd * sd;
            noise->of_mean += sd * sd / n;
            noise->n++;
        }
    }
}

/* Between points and within them, as in an analysis of variance with random effects. */
static void
share_noise(struct sensitivity_outcome *outcome, uint32_t n_points, const struct noise *noise, double *known)
{
    uint32_t n = 0;
    outcome->noise_share = outcome->noise_left = NAN;
    for (uint32_t p = 0; p < n_points; p++) {
        known[n] = outcome->y[p];
        n += isnan(outcome->y[p]) ? 0 : 1;
    }
    double sd = sim_sd(known, n), means = sd * sd;
    double within = noise->within / noise->n, of_mean = noise->of_mean / noise->n;
    double between = means > of_mean ? means - of_mean : 0;
    if (noise->n > 0 && between + within > 0) {
        outcome->noise_share = within / (between + within);
        outcome->noise_left = of_mean < means ? of_mean / means : 1;
    }
}

static int
gather_outcome(struct sensitivity_scenario *scenario, const struct reader *reader,
    const struct outcome *outcome, const double *values)
{
    struct noise noise = { .n = 0 };
    double *known = sim_alloc(scenario->sample.n_points, sizeof(*known));
    struct sensitivity_outcome *own = known != NULL ? sensitivity_add_outcome(scenario) : NULL;
    if (own != NULL) {
        own->observation = outcome->observation->name;
        own->label = outcome_label(outcome);
        own->unit = outcome->observation->unit;
        own->period = outcome->period == OUTCOME_END ? "end" : "average";
        own->first_tick = outcome->first_tick;
        own->last_tick = outcome->last_tick;
        take_means(scenario, own, reader, values, &noise);
        share_noise(own, scenario->sample.n_points, &noise, known);
    }
    sim_free(known);
    return own != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

static int
gather_outcomes(struct sensitivity *sensitivity, const struct reader *reader, const struct outcome *outcomes,
    size_t n, struct sim_messages *messages)
{
    double *values = sim_alloc((size_t) reader->n_designs * reader->n_replicates, sizeof(*values));
    int ret = values != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t i = 0; i < n && ret == SIM_OK; i++) {
        ret = outcome_values(&outcomes[i], reader, values, messages);
        for (uint32_t s = 0; s < sensitivity->n_scenarios && ret == SIM_OK; s++) {
            ret = gather_outcome(&sensitivity->scenarios[s], reader, &outcomes[i], values);
        }
    }
    sim_free(values);
    return ret;
}

/* A scenario in which nothing varies has nothing to analyse. */
static int
gather_scenario(struct sensitivity *sensitivity, const struct reader *reader, const struct factors *factors,
    uint32_t base, uint32_t first)
{
    struct sensitivity_sample sample;
    int ret = sensitivity_sample_init(&sample, factors, base, first, factors_points(reader, first));
    if (ret != SIM_OK || sample.n_factors == 0) {
        sensitivity_sample_free(&sample);
        return ret;
    }
    struct sensitivity_scenario *scenario = sensitivity_add_scenario(sensitivity);
    if (scenario == NULL) {
        sensitivity_sample_free(&sample);
        return SIM_ERR_MEMORY;
    }
    scenario->name = reader->scenarios[first];
    scenario->title = reader->titles[first];
    scenario->first_design = first;
    scenario->n_replicates = reader->n_replicates;
    scenario->sample = sample;
    count_cells(scenario, reader);
    return SIM_OK;
}

static int
gather_scenarios(struct sensitivity *sensitivity, const struct reader *reader, struct sim_messages *messages)
{
    struct factors factors;
    int ret = factors_init(&factors, reader, messages);
    uint32_t base = 0;
    for (uint32_t first = 0; first < reader->n_designs && ret == SIM_OK; base++) {
        ret = gather_scenario(sensitivity, reader, &factors, base, first);
        first += factors_points(reader, first);
    }
    sensitivity->kind = ret == SIM_OK ? sim_copy_text(factors.kind) : NULL;
    ret = ret == SIM_OK && sensitivity->kind == NULL ? SIM_ERR_MEMORY : ret;
    factors_free(&factors);
    if (ret == SIM_OK && sensitivity->n_scenarios == 0) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
            "nothing varies over its design points; run an experiment with a design, such as morris or saltelli");
        ret = SIM_ERR_INPUT;
    }
    return ret;
}

int
sensitivity_gather(struct sensitivity *sensitivity, const struct reader *reader,
    const struct sensitivity_request *request, struct sim_messages *messages)
{
    struct outcome *outcomes = NULL;
    size_t n = 0;
    *sensitivity = (struct sensitivity){
        .source = reader->path, .seed = (uint64_t) reader->seed, .n_samples = request->n_samples
    };
    int ret = gather_scenarios(sensitivity, reader, messages);
    if (ret == SIM_OK) {
        ret = outcome_list(&outcomes, &n, reader, request->observations, request->n_observations, messages);
    }
    if (ret == SIM_OK) {
        ret = gather_outcomes(sensitivity, reader, outcomes, n, messages);
    }
    sim_free(outcomes);
    return ret;
}
