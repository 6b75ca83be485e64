/* frontier.c - objectives, means over replicates, and the front by these means. */
#include "analysis/frontier.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const to_maximise[] = { "participation", "service_quality" };
static const char *const to_minimise[] = { "spending" };
#define N_TO_MAXIMISE (sizeof(to_maximise) / sizeof(*to_maximise))
#define N_TO_MINIMISE (sizeof(to_minimise) / sizeof(*to_minimise))
static const char standard_cost[] = "spending";
static const char money[] = "CNY"; /* how units of money begin */

static int
complain(const struct frontier *frontier, struct sim_messages *messages, const char *format, const char *word)
{
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ frontier->reader->path, 0, 0 }, format, word);
    return SIM_ERR_INPUT;
}

static int
is_same(const struct outcome *a, const struct outcome *b)
{
    return a->observation == b->observation && a->label == b->label && a->period == b->period;
}

static int
add_objective(struct frontier *frontier, const char *text, int maximised, struct sim_messages *messages)
{
    _Static_assert(SKYLINE_OBJECTIVES == 8, "a message below says so");
    struct outcome outcome;
    int ret = outcome_parse(&outcome, frontier->reader, text, messages);
    for (int i = 0; ret == SIM_OK && i < frontier->n_outcomes; i++) {
        if (is_same(&frontier->outcomes[i], &outcome)) {
            ret = complain(frontier, messages, "the objective \"%s\" is named twice", text);
        }
    }
    if (ret == SIM_OK && frontier->n_outcomes == SKYLINE_OBJECTIVES) {
        ret = complain(frontier, messages, "too many objectives, at \"%s\"; 8 are the most", text);
    }
    if (ret == SIM_OK) {
        frontier->maximised[frontier->n_outcomes] = maximised;
        frontier->outcomes[frontier->n_outcomes++] = outcome;
        frontier->n_objectives = frontier->n_outcomes;
    }
    return ret;
}

/* all: each must be there. */
static int
add_objectives(struct frontier *frontier, const char *const *texts, size_t n, int maximised, int all,
    struct sim_messages *messages)
{
    int ret = SIM_OK;
    for (size_t i = 0; i < n && ret != SIM_ERR_MEMORY; i++) {
        if (all || reader_find(frontier->reader, texts[i]) != NULL) {
            int one = add_objective(frontier, texts[i], maximised, messages);
            ret = one == SIM_OK ? ret : one;
        }
    }
    return ret;
}

static int
choose_objectives(
    struct frontier *frontier, const struct frontier_request *request, struct sim_messages *messages)
{
    int named = request->n_maximise + request->n_minimise > 0;
    int ret = named ? add_objectives(frontier, request->maximise, request->n_maximise, 1, 1, messages)
                    : add_objectives(frontier, to_maximise, N_TO_MAXIMISE, 1, 0, messages);
    if (ret == SIM_OK || ret == SIM_ERR_INPUT) {
        int rest = named ? add_objectives(frontier, request->minimise, request->n_minimise, 0, 1, messages)
                         : add_objectives(frontier, to_minimise, N_TO_MINIMISE, 0, 0, messages);
        ret = rest == SIM_OK ? ret : rest;
    }
    if (ret == SIM_OK && frontier->n_objectives == 0) {
        ret = complain(frontier, messages, "nothing of what is looked at by default is in it: name the %s",
            "objectives with --maximise and --minimise");
    }
    return ret;
}

static int
is_money(const struct outcome *outcome)
{
    return strncmp(outcome->observation->unit, money, strlen(money)) == 0;
}

/* Money that is minimised, else the first that is; with a budget alone, spending. */
static int
choose_cost(struct frontier *frontier, struct sim_messages *messages)
{
    frontier->cost = -1;
    for (int i = 0; i < frontier->n_objectives; i++) {
        int first = frontier->cost < 0
            || (!is_money(&frontier->outcomes[frontier->cost]) && is_money(&frontier->outcomes[i]));
        if (!frontier->maximised[i] && first) {
            frontier->cost = i;
        }
    }
    if (frontier->cost >= 0 || isnan(frontier->budget)) {
        return SIM_OK;
    }
    if (reader_find(frontier->reader, standard_cost) == NULL) {
        return complain(frontier, messages, "a budget needs a cost: name it with %s", "--minimise");
    }
    frontier->cost = frontier->n_outcomes++;
    return outcome_parse(&frontier->outcomes[frontier->cost], frontier->reader, standard_cost, messages);
}

/* Cells that lack one number lack all. */
static void
drop_incomplete(struct frontier *frontier, size_t n_cells)
{
    size_t n = (size_t) frontier->n_outcomes;
    for (size_t cell = 0; cell < n_cells; cell++) {
        double *numbers = frontier->numbers + cell * n;
        for (size_t i = 1; i < n; i++) {
            numbers[0] = isnan(numbers[i]) ? numbers[i] : numbers[0];
        }
        frontier->incomplete += isnan(numbers[0]) && frontier->reader->run_status[cell] == READER_RAN;
    }
}

static int
read_numbers(struct frontier *frontier, struct sim_messages *messages)
{
    const struct reader *reader = frontier->reader;
    size_t n_cells = (size_t) reader->n_designs * reader->n_replicates, n = (size_t) frontier->n_outcomes;
    uint64_t ran;
    double *values = sim_alloc(n_cells, sizeof(*values));
    frontier->numbers = sim_alloc(n_cells, n * sizeof(*frontier->numbers));
    int ret = values != NULL && frontier->numbers != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (size_t i = 0; i < n && ret == SIM_OK; i++) {
        ret = outcome_values(&frontier->outcomes[i], reader, values, messages);
        for (size_t cell = 0; cell < n_cells; cell++) {
            frontier->numbers[cell * n + i] = values[cell];
        }
    }
    if (ret == SIM_OK) {
        drop_incomplete(frontier, n_cells);
        outcome_cells(reader, 0, reader->n_designs, &ran, &frontier->failed, &frontier->not_run);
    }
    sim_free(values);
    return ret;
}

/* values: room for a number of each replicate. */
static void
estimate(const struct frontier *frontier, uint32_t design, double *values, struct frontier_point *point)
{
    size_t replicates = frontier->reader->n_replicates, n = (size_t) frontier->n_outcomes;
    const double *numbers = frontier->numbers + design * replicates * n;
    for (size_t i = 0; i < n; i++) {
        point->n = 0;
        for (size_t r = 0; r < replicates; r++) {
            values[point->n] = numbers[r * n + i];
            point->n += isnan(numbers[r * n]) ? 0 : 1;
        }
        point->numbers[i] = inference_mean(values, point->n);
    }
    point->within_budget =
        isnan(frontier->budget) || point->numbers[frontier->cost].value <= frontier->budget;
    point->probability = NAN;
}

static int
estimate_all(struct frontier *frontier)
{
    const struct reader *reader = frontier->reader;
    double *values = sim_alloc(reader->n_replicates, sizeof(*values));
    frontier->points = sim_alloc(reader->n_designs, sizeof(*frontier->points));
    int ret = values != NULL && frontier->points != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t d = 0; d < reader->n_designs && ret == SIM_OK; d++) {
        estimate(frontier, d, values, &frontier->points[d]);
    }
    sim_free(values);
    return ret;
}

static int
find_front(struct frontier *frontier)
{
    uint32_t n = frontier->reader->n_designs;
    struct skyline skyline;
    struct skyline_point *points = sim_alloc(n, sizeof(*points));
    unsigned char *is_on = sim_alloc(n, 1);
    int ret = skyline_init(&skyline, n);
    if (ret == SIM_OK && points != NULL && is_on != NULL) {
        for (uint32_t d = 0; d < n; d++) {
            const struct frontier_point *point = &frontier->points[d];
            for (int i = 0; i < frontier->n_objectives; i++) {
                double value = point->numbers[i].value;
                points[d].objectives[i] = frontier->maximised[i] ? value : -value;
            }
            points[d].objectives[0] = point->within_budget ? points[d].objectives[0] : (double) NAN;
        }
        skyline_find(&skyline, points, frontier->n_objectives, is_on);
        for (uint32_t d = 0; d < n; d++) {
            frontier->points[d].on_front = is_on[d];
        }
    } else {
        ret = SIM_ERR_MEMORY;
    }
    skyline_free(&skyline);
    sim_free(points);
    sim_free(is_on);
    return ret;
}

int
frontier_init(struct frontier *frontier, const struct reader *reader, const struct frontier_request *request,
    struct sim_messages *messages)
{
    *frontier =
        (struct frontier){ .reader = reader, .budget = request->budget, .n_samples = request->n_samples };
    int ret = choose_objectives(frontier, request, messages);
    if (ret == SIM_OK) {
        ret = choose_cost(frontier, messages);
    }
    if (ret == SIM_OK) {
        ret = factors_init(&frontier->factors, reader, messages);
    }
    if (ret == SIM_OK) {
        ret = read_numbers(frontier, messages);
    }
    if (ret == SIM_OK) {
        ret = estimate_all(frontier);
    }
    if (ret == SIM_OK) {
        ret = find_front(frontier);
    }
    return ret == SIM_OK ? frontier_resample(frontier) : ret;
}

void
frontier_free(struct frontier *frontier)
{
    factors_free(&frontier->factors);
    sim_free(frontier->points);
    sim_free(frontier->numbers);
    *frontier = (struct frontier){ .n_outcomes = 0 };
}

struct ranked {
    double value; /* of the first objective, the more the better */
    uint32_t design;
};

static int
best_first(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->value != right->value) {
        return left->value > right->value ? -1 : 1;
    }
    return left->design < right->design ? -1 : 1;
}

int
frontier_rank(const struct frontier *frontier, uint32_t *designs, uint32_t n)
{
    struct ranked *ranked = sim_alloc(n, sizeof(*ranked));
    if (ranked == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n; i++) {
        double value = frontier->points[designs[i]].numbers[0].value;
        ranked[i] = (struct ranked){ frontier->maximised[0] ? value : -value, designs[i] };
    }
    qsort(ranked, n, sizeof(*ranked), best_first);
    for (uint32_t i = 0; i < n; i++) {
        designs[i] = ranked[i].design;
    }
    sim_free(ranked);
    return SIM_OK;
}

uint32_t *
frontier_front(const struct frontier *frontier, uint32_t *n)
{
    uint32_t *designs = sim_alloc(frontier->reader->n_designs, sizeof(*designs));
    *n = 0;
    for (uint32_t d = 0; designs != NULL && d < frontier->reader->n_designs; d++) {
        designs[*n] = d;
        *n += frontier->points[d].on_front ? 1 : 0;
    }
    if (designs != NULL && frontier_rank(frontier, designs, *n) != SIM_OK) {
        sim_free(designs);
        designs = NULL;
    }
    return designs;
}

struct frontier_counts
frontier_count(const struct frontier *frontier)
{
    struct frontier_counts counts = { .on_front = 0 };
    for (uint32_t d = 0; d < frontier->reader->n_designs; d++) {
        const struct frontier_point *point = &frontier->points[d];
        uint32_t *kind = point->n == 0 ? &counts.empty
            : !point->within_budget    ? &counts.over_budget
            : point->on_front          ? &counts.on_front
                                       : &counts.dominated;
        *kind += 1;
        if (!isnan(frontier->budget)) {
            const struct inference_interval *cost = &point->numbers[frontier->cost];
            counts.uncertain += cost->low <= frontier->budget && cost->high > frontier->budget;
        }
    }
    return counts;
}
