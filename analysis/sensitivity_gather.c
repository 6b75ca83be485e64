/* sensitivity_gather.c - the points and outcomes of a results file, and how much of the outcomes is noise. */
#include "analysis/sensitivity.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <inttypes.h>
#include <math.h>

/* A results file, and how many replicates of each design point were asked for: where there is a stopping rule, of
 * some more than of others. */
struct source {
    const struct reader *reader;
    uint32_t *asked;
};

static int
source_init(struct source *source, const struct reader *reader)
{
    double *numbers = sim_alloc(reader->n_designs, sizeof(*numbers));
    *source = (struct source){ reader, sim_alloc(reader->n_designs, sizeof(*source->asked)) };
    int ret = numbers != NULL && source->asked != NULL ? SIM_OK : SIM_ERR_MEMORY;
    int is_there = ret == SIM_OK && reader_length(reader, "replicates") == reader->n_designs
        && reader_numbers(reader, "replicates", numbers, reader->n_designs) == SIM_OK;
    for (uint32_t d = 0; d < reader->n_designs && ret == SIM_OK; d++) {
        int is_fewer = is_there && numbers[d] >= 1 && numbers[d] < reader->n_replicates;
        source->asked[d] = is_fewer ? (uint32_t) numbers[d] : reader->n_replicates;
    }
    sim_free(numbers);
    return ret;
}

static void
count_cells(struct sensitivity_scenario *scenario, const struct source *source)
{
    const struct reader *reader = source->reader;
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        uint32_t design = scenario->first_design + p, n = source->asked[design];
        for (uint32_t r = 0; r < n; r++) {
            enum reader_status status = reader_status(reader, design, r);
            scenario->failed_cells += status == READER_FAILED;
            scenario->missing_cells += status == READER_NOT_RUN;
        }
    }
}

/* Means over replicates; NaN unless every one of them that was asked for has a value, because replicates share their luck
 * over the points, and a mean of some of them would differ from the others by what these are like. Returns how many
 * replicates all points have of which the mean is known. */
static uint32_t
take_means(struct sensitivity_scenario *scenario, struct sensitivity_outcome *outcome,
    const struct source *source, const double *values)
{
    const uint32_t stride = source->reader->n_replicates;
    uint32_t fewest = stride;
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        uint32_t design = scenario->first_design + p, n = source->asked[design];
        outcome->y[p] = sim_mean(values + (size_t) design * stride, n);
        fewest = !isnan(outcome->y[p]) && n < fewest ? n : fewest;
    }
    return fewest;
}

/* Sums of squares of an analysis of variance of points by replicates. */
struct squares {
    double within; /* of cells about the means of their points */
    double luck;   /* of means of replicates over the points: what they have in common */
    double points; /* of means of points */
    uint32_t n_points;
};

/* The first n replicates of all points that are known. values: of the scenario; means: room, by replicate. */
static void
sum_squares(struct squares *squares, const struct sensitivity_scenario *scenario, const double *y,
    const double *values, uint32_t n, double *means)
{
    uint32_t stride = scenario->n_replicates;
    double all = 0;
    *squares = (struct squares){ .n_points = 0 };
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        const double *own = values + (size_t) p * stride;
        double sd = sim_sd(own, n);
        if (!isnan(y[p])) {
            squares->within += sd * sd * (n - 1);
            squares->n_points++;
            for (uint32_t r = 0; r < n; r++) {
                means[r] += own[r];
                all += own[r] / n;
            }
        }
    }
    all /= squares->n_points;
    for (uint32_t r = 0; r < n; r++) {
        double difference = means[r] / squares->n_points - all;
        squares->luck += squares->n_points * difference * difference;
    }
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        double difference = sim_mean(values + (size_t) p * stride, n) - all;
        squares->points += isnan(y[p]) ? 0 : n * difference * difference;
    }
}

/* y = mean + point + luck of the replicate + rest. Luck that the points share moves all of them alike and leaves the indices
 * as they are; the rest does not, and a mean of n replicates has an n-th of its variance. */
static void
share_noise(struct sensitivity_outcome *outcome, const struct squares *squares, uint32_t n)
{
    double points = squares->points / (squares->n_points - 1.0); /* n times the variance of the means */
    double rest = fmax(0, squares->within - squares->luck) / ((squares->n_points - 1.0) * (n - 1.0));
    double within = squares->within / (squares->n_points * (n - 1.0));
    double between = fmax(0, points - rest) / n;
    if (between + within > 0) {
        outcome->noise_share = within / (between + within);
        outcome->noise_left = points > rest ? rest / points : 1;
    }
}

static int
measure_noise(const struct sensitivity_scenario *scenario, struct sensitivity_outcome *outcome,
    const double *values, uint32_t n)
{
    struct squares squares;
    double *means = sim_alloc(n, sizeof(*means));
    if (means == NULL) {
        return SIM_ERR_MEMORY;
    }
    if (n > 1) {
        sum_squares(&squares, scenario, outcome->y, values, n, means);
        if (squares.n_points > 1) {
            share_noise(outcome, &squares, n);
        }
    }
    sim_free(means);
    return SIM_OK;
}

static int
gather_outcome(struct sensitivity_scenario *scenario, const struct source *source,
    const struct outcome *outcome, const double *values)
{
    struct sensitivity_outcome *own = sensitivity_add_outcome(scenario);
    if (own == NULL) {
        return SIM_ERR_MEMORY;
    }
    own->observation = outcome->observation->name;
    own->label = outcome_label(outcome);
    own->unit = outcome->observation->unit;
    own->period = outcome->period == OUTCOME_END ? "end" : "average";
    own->first_tick = outcome->first_tick;
    own->last_tick = outcome->last_tick;
    uint32_t n = take_means(scenario, own, source, values);
    return measure_noise(scenario, own, values + (size_t) scenario->first_design * scenario->n_replicates, n);
}

static int
gather_outcomes(struct sensitivity *sensitivity, const struct source *source, const struct outcome *outcomes,
    size_t n, struct sim_messages *messages)
{
    const struct reader *reader = source->reader;
    double *values = sim_alloc((size_t) reader->n_designs * reader->n_replicates, sizeof(*values));
    int ret = values != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t i = 0; i < n && ret == SIM_OK; i++) {
        ret = outcome_values(&outcomes[i], reader, values, messages);
        for (uint32_t s = 0; s < sensitivity->n_scenarios && ret == SIM_OK; s++) {
            ret = gather_outcome(&sensitivity->scenarios[s], source, &outcomes[i], values);
        }
    }
    sim_free(values);
    return ret;
}

/* A scenario in which nothing varies has nothing to analyse. */
static int
gather_scenario(struct sensitivity *sensitivity, const struct source *source, const struct factors *factors,
    uint32_t base, uint32_t first, struct sim_messages *messages)
{
    const struct reader *reader = source->reader;
    struct sensitivity_sample sample;
    int ret = sensitivity_sample_init(&sample, factors, base, first, factors_points(reader, first));
    if (ret != SIM_OK || sample.n_factors == 0) {
        if (ret == SIM_OK && factors->n > 0) {
            sim_messages_add(messages, SIM_NOTE, (struct sim_where){ reader->path, 0, 0 },
                "%s: nothing varies there, and it is passed over", reader->scenarios[first]);
        }
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
    count_cells(scenario, source);
    return SIM_OK;
}

static int
gather_scenarios(struct sensitivity *sensitivity, const struct source *source, struct sim_messages *messages)
{
    const struct reader *reader = source->reader;
    struct factors factors;
    int ret = factors_init(&factors, reader, messages);
    uint32_t base = 0;
    for (uint32_t first = 0; first < reader->n_designs && ret == SIM_OK; base++) {
        ret = gather_scenario(sensitivity, source, &factors, base, first, messages);
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
    struct source source;
    int ret = source_init(&source, reader);
    if (ret == SIM_OK) {
        ret = gather_scenarios(sensitivity, &source, messages);
    }
    if (ret == SIM_OK) {
        ret = outcome_list(&outcomes, &n, reader, request->observations, request->n_observations, messages);
    }
    if (ret == SIM_OK) {
        ret = gather_outcomes(sensitivity, &source, outcomes, n, messages);
    }
    sim_free(outcomes);
    sim_free(source.asked);
    return ret;
}
