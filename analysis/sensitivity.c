/* sensitivity.c - which method fits the points, and its estimates for every outcome. */
#include "analysis/sensitivity.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"
#include "sim/suggest.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Below these the intervals are rough. */
#define FEW_TRAJECTORIES 4
#define FEW_BASES 32
#define FEW_POINTS 100

static const struct {
    const char *name;
    uint32_t n_measures, rank;
    const char *measures[SENSITIVITY_MEASURES];
} methods[] = {
    [SENSITIVITY_MORRIS] = { "morris", MORRIS_MEASURES, MORRIS_MU_STAR, { "mu_star", "mu", "sigma" } },
    [SENSITIVITY_SOBOL] = { "sobol", SOBOL_MEASURES, SOBOL_TOTAL, { "first", "total" } },
    [SENSITIVITY_PAWN] = { "pawn", PAWN_MEASURES, PAWN_MEDIAN, { "pawn", "pawn_max" } },
};

const char *
sensitivity_method_name(enum sensitivity_method method)
{
    return methods[method].name;
}

const char *
sensitivity_measure_name(enum sensitivity_method method, uint32_t measure)
{
    return methods[method].measures[measure];
}

uint32_t
sensitivity_measures(enum sensitivity_method method)
{
    return methods[method].n_measures;
}

uint32_t
sensitivity_rank_measure(enum sensitivity_method method)
{
    return methods[method].rank;
}

struct sensitivity_scenario *
sensitivity_add_scenario(struct sensitivity *sensitivity)
{
    uint32_t n = sensitivity->n_scenarios;
    struct sensitivity_scenario *longer = sim_resize(sensitivity->scenarios, n, n + 1u, sizeof(*longer));
    if (longer == NULL) {
        return NULL;
    }
    sensitivity->scenarios = longer;
    sensitivity->n_scenarios++;
    return &longer[n];
}

struct sensitivity_outcome *
sensitivity_add_outcome(struct sensitivity_scenario *scenario)
{
    size_t n = scenario->n_outcomes;
    struct sensitivity_outcome *longer = sim_resize(scenario->outcomes, n, n + 1u, sizeof(*longer));
    if (longer == NULL) {
        return NULL;
    }
    scenario->outcomes = longer;
    scenario->n_outcomes++;
    longer[n].noise_share = longer[n].noise_left = NAN;
    longer[n].y = sim_alloc(scenario->sample.n_points, sizeof(*longer[n].y));
    return longer[n].y != NULL ? &longer[n] : NULL;
}

static void
scenario_free(struct sensitivity_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_outcomes; i++) {
        struct sensitivity_outcome *outcome = &scenario->outcomes[i];
        sim_free(outcome->own_name);
        sim_free(outcome->y);
        sim_free(outcome->estimates);
        sim_free(outcome->dummies);
        sim_free(outcome->second);
    }
    sim_free(scenario->outcomes);
    sensitivity_sample_free(&scenario->sample);
}

void
sensitivity_free(struct sensitivity *sensitivity)
{
    for (uint32_t s = 0; s < sensitivity->n_scenarios; s++) {
        scenario_free(&sensitivity->scenarios[s]);
    }
    sim_free(sensitivity->scenarios);
    sim_free(sensitivity->kind);
    *sensitivity = (struct sensitivity){ .n_scenarios = 0 };
}

/* A list may hold points of any scheme: somebody else has sampled them. */
static int
is_foreign(const struct sensitivity *sensitivity)
{
    return sensitivity->kind == NULL || strcmp(sensitivity->kind, "list") == 0;
}

static int
may_be(const struct sensitivity *sensitivity, const char *kind)
{
    return is_foreign(sensitivity) || strcmp(sensitivity->kind, kind) == 0;
}

/* Which schemes the points follow. Any two points of one factor are a trajectory, so this must be said by the design or
 * by who asks. */
static void
recognise(const struct sensitivity *sensitivity, struct sensitivity_scenario *scenario, int asks_morris)
{
    const struct sensitivity_sample *sample = &scenario->sample;
    int may_be_morris =
        may_be(sensitivity, "morris") && (!is_foreign(sensitivity) || sample->n_factors > 1 || asks_morris);
    scenario->n_trajectories = may_be_morris ? sensitivity_sample_trajectories(sample) : 0;
    scenario->n_bases =
        may_be(sensitivity, "saltelli") ? sensitivity_sample_bases(sample, &scenario->second_order) : 0;
}

static int
refuse(const struct sensitivity *sensitivity, const struct sensitivity_scenario *scenario, const char *why,
    struct sim_messages *messages)
{
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ sensitivity->source, 0, 0 }, "%s%s%s",
        scenario->name != NULL ? scenario->name : "", scenario->name != NULL ? ": " : "", why);
    return SIM_ERR_INPUT;
}

/* Whether the method fits the points. */
static int
check_method(const struct sensitivity *sensitivity, const struct sensitivity_scenario *scenario,
    struct sim_messages *messages)
{
    if (sensitivity->kind != NULL && strcmp(sensitivity->kind, "attribution") == 0) {
        return refuse(sensitivity, scenario,
            "the points are mixtures of two scenarios; cogov attribute tells what makes the difference between them",
            messages);
    }
    if (sensitivity->kind != NULL && strcmp(sensitivity->kind, "one-at-a-time") == 0) {
        return refuse(sensitivity, scenario,
            "points that leave the scenario in one parameter each say nothing of what these do together; use the "
            "design morris, saltelli or lhs",
            messages);
    }
    if (scenario->method == SENSITIVITY_MORRIS && scenario->n_trajectories == 0) {
        return refuse(sensitivity, scenario,
            "the points are no trajectories, which Morris' method needs; use the design morris, or --method pawn",
            messages);
    }
    if (scenario->method == SENSITIVITY_SOBOL && scenario->n_bases == 0) {
        return refuse(sensitivity, scenario,
            "the points are not those of Saltelli, which Sobol' indices need; use the design saltelli, or "
            "--method pawn",
            messages);
    }
    if (scenario->method == SENSITIVITY_PAWN && scenario->n_trajectories > 0) {
        return refuse(sensitivity, scenario,
            "the points of a trajectory depend on each other, which PAWN does not allow; use --method morris, or "
            "the design lhs",
            messages);
    }
    return SIM_OK;
}

/* One index is made of points from all over the design, and what is missing is not missing at random. */
static int
check_cells(const struct sensitivity *sensitivity, const struct sensitivity_scenario *scenario,
    struct sim_messages *messages)
{
    if (scenario->method != SENSITIVITY_SOBOL || scenario->failed_cells + scenario->missing_cells == 0) {
        return SIM_OK;
    }
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ sensitivity->source, 0, 0 },
        "%s: Sobol' indices need every cell; cells that failed: %" PRIu64 ", that were not run: %" PRIu64
        "; run them again: cogov retry %s.parts --failed",
        scenario->name, scenario->failed_cells, scenario->missing_cells, sensitivity->source);
    return SIM_ERR_CELL;
}

static void
warn(const struct sensitivity *sensitivity, const struct sensitivity_scenario *scenario,
    struct sim_messages *messages)
{
    static const struct {
        uint32_t few;
        const char *one, *many;
    } limits[] = { [SENSITIVITY_MORRIS] = { FEW_TRAJECTORIES, "trajectory is", "trajectories are" },
        [SENSITIVITY_SOBOL] = { FEW_BASES, "base point is", "base points are" },
        [SENSITIVITY_PAWN] = { FEW_POINTS, "point is", "points are" } };
    uint32_t n = scenario->method == SENSITIVITY_MORRIS ? scenario->n_trajectories
        : scenario->method == SENSITIVITY_SOBOL         ? scenario->n_bases
                                                        : scenario->sample.n_points;
    if (n < limits[scenario->method].few) {
        sim_messages_add(messages, SIM_WARNING, (struct sim_where){ sensitivity->source, 0, 0 },
            "%s%s%" PRIu32 " %s few for this method: with fewer than %" PRIu32
            " even the intervals are rough",
            scenario->name != NULL ? scenario->name : "", scenario->name != NULL ? ": " : "", n,
            n == 1 ? limits[scenario->method].one : limits[scenario->method].many,
            limits[scenario->method].few);
    }
}

static int
choose_method(const struct sensitivity *sensitivity, struct sensitivity_scenario *scenario,
    const char *method, struct sim_messages *messages)
{
    int word = method != NULL ? sim_find_word(SENSITIVITY_METHOD_NAMES, method) : -1;
    recognise(sensitivity, scenario, word == SENSITIVITY_MORRIS);
    scenario->method = word >= 0       ? (enum sensitivity_method) word
        : scenario->n_trajectories > 0 ? SENSITIVITY_MORRIS
        : scenario->n_bases > 0        ? SENSITIVITY_SOBOL
                                       : SENSITIVITY_PAWN;
    int ret = check_method(sensitivity, scenario, messages);
    if (ret == SIM_OK) {
        ret = check_cells(sensitivity, scenario, messages);
    }
    if (ret == SIM_OK) {
        warn(sensitivity, scenario, messages);
    }
    return ret;
}

/* Of the points of Saltelli only A and B are independent of each other; the others repeat their coordinates. */
static int
is_mixed(const struct sensitivity_scenario *scenario, uint32_t point)
{
    uint32_t rows = scenario->n_bases > 0
        ? sensitivity_sample_rows(scenario->sample.n_factors, scenario->second_order)
        : 1;
    return point % rows != 0 && point % rows != rows - 1;
}

/* Mean and variance over the points that are independent of each other; room: by point. */
static void
summarise(const struct sensitivity_scenario *scenario, struct sensitivity_outcome *outcome, double *room)
{
    uint32_t n = 0;
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        room[n] = outcome->y[p];
        n += isnan(outcome->y[p]) || is_mixed(scenario, p) ? 0 : 1;
        outcome->left_out += isnan(outcome->y[p]) ? 1 : 0;
    }
    double sd = sim_sd(room, n);
    outcome->mean = sim_mean(room, n);
    outcome->variance = sd * sd;
    outcome->noise_left = outcome->variance > 0 ? outcome->noise_left : (double) NAN;
}

static int
estimate_pawn(const struct sensitivity_scenario *scenario, struct sensitivity_outcome *outcome,
    struct sensitivity_data *data, double *room)
{
    for (uint32_t p = 0; p < scenario->sample.n_points; p++) {
        room[p] = is_mixed(scenario, p) ? (double) NAN : outcome->y[p];
    }
    data->y = room;
    return pawn_estimate(data, outcome->estimates, outcome->dummies);
}

static int
make_room(const struct sensitivity_scenario *scenario, struct sensitivity_outcome *outcome)
{
    const uint32_t k = scenario->sample.n_factors;
    outcome->estimates =
        sim_alloc((size_t) k * methods[scenario->method].n_measures, sizeof(*outcome->estimates));
    outcome->dummies = scenario->method == SENSITIVITY_PAWN ? sim_alloc(k, sizeof(*outcome->dummies)) : NULL;
    int pairs = scenario->method == SENSITIVITY_SOBOL && scenario->second_order && k > 1;
    outcome->second = pairs ? sim_alloc((size_t) k * (k - 1) / 2, sizeof(*outcome->second)) : NULL;
    return outcome->estimates != NULL && (outcome->dummies != NULL || scenario->method != SENSITIVITY_PAWN)
            && (outcome->second != NULL || !pairs)
        ? SIM_OK
        : SIM_ERR_MEMORY;
}

static int
estimate_outcome(const struct sensitivity *sensitivity, const struct sensitivity_scenario *scenario,
    struct sensitivity_outcome *outcome, double *room)
{
    struct sensitivity_data data = { &scenario->sample, outcome->y, sensitivity->n_samples,
        sensitivity->seed };
    int ret = make_room(scenario, outcome);
    summarise(scenario, outcome, room);
    if (ret == SIM_OK && scenario->method == SENSITIVITY_MORRIS) {
        ret = morris_estimate(&data, outcome->estimates, &outcome->left_out);
    } else if (ret == SIM_OK && scenario->method == SENSITIVITY_SOBOL) {
        ret = sobol_estimate(&data, scenario->second_order, outcome->estimates, outcome->second);
    } else if (ret == SIM_OK) {
        ret = estimate_pawn(scenario, outcome, &data, room);
    }
    return ret;
}

int
sensitivity_estimate(struct sensitivity *sensitivity, const char *method, struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (uint32_t s = 0; s < sensitivity->n_scenarios && ret == SIM_OK; s++) {
        struct sensitivity_scenario *scenario = &sensitivity->scenarios[s];
        double *room = sim_alloc(scenario->sample.n_points, sizeof(*room));
        ret = room != NULL ? choose_method(sensitivity, scenario, method, messages) : SIM_ERR_MEMORY;
        for (size_t i = 0; i < scenario->n_outcomes && ret == SIM_OK; i++) {
            ret = estimate_outcome(sensitivity, scenario, &scenario->outcomes[i], room);
        }
        sim_free(room);
    }
    return ret;
}

int
sensitivity_init(struct sensitivity *sensitivity, const struct reader *reader,
    const struct sensitivity_request *request, struct sim_messages *messages)
{
    int ret = sensitivity_gather(sensitivity, reader, request, messages);
    return ret == SIM_OK ? sensitivity_estimate(sensitivity, request->method, messages) : ret;
}

void
sensitivity_factor_name(const struct sensitivity_factor *factor, char *text, size_t size)
{
    if (factor->n_more > 0) {
        snprintf(text, size, "%s +%" PRIu32, factor->name, factor->n_more);
    } else {
        snprintf(text, size, "%s", factor->name);
    }
}
