/* schedule.c - which cell is next. With a stopping rule, a design point is open from its first cell until the rule
 * has decided; only open points keep the values of their replicates. */
#include "sim/schedule.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"
#include "sim/world.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A design point under a stopping rule. */
struct open_point {
    uint32_t point;
    uint32_t wanted; /* replicates so far asked for */
    uint32_t next;   /* replicate: no one before it is free */
    uint32_t n_back; /* replicates of those wanted that have finished */
    double *values;  /* by replicate: its values; NaN if it failed */
    struct open_point *after;
};

struct points {
    struct open_point *first; /* in order */
    uint32_t next;            /* the first point that was never open */
    double *column;           /* room for one value of each replicate */
};

uint32_t
sim_schedule_n_values(const struct sim_experiment *experiment)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < experiment->stopping.n; i++) {
        uint32_t observation = experiment->stopping.list[i].observation;
        n += sim_observation_labels(experiment->model, &experiment->model->observations[observation]);
    }
    return n;
}

/* Where the numbers of an observation stand in a row. */
static uint32_t
column_of(const struct sim_model *model, uint32_t observation)
{
    uint32_t column = 0;
    for (uint32_t o = 0; o < observation; o++) {
        column += sim_observation_labels(model, &model->observations[o]);
    }
    return column;
}

/* The mean of one number over the ticks after burn-in that have a value. */
static double
mean_of(const struct sim_experiment *experiment, const struct sim_layout *layout, const double *numbers,
    uint32_t column)
{
    double sum = 0;
    uint32_t n = 0;
    uint32_t left_out =
        experiment->burn_in > experiment->first_tick ? experiment->burn_in - experiment->first_tick : 0;
    for (uint32_t row = left_out; row < sim_experiment_rows(experiment); row++) {
        double number = numbers[row * layout->row + column];
        sum += isnan(number) ? 0 : number;
        n += isnan(number) ? 0 : 1;
    }
    return n > 0 ? sum / n : (double) NAN;
}

void
sim_schedule_values(const struct sim_experiment *experiment, const struct sim_layout *layout,
    const double *numbers, double *values)
{
    const struct sim_model *model = experiment->model;
    for (uint32_t i = 0; i < experiment->stopping.n; i++) {
        uint32_t observation = experiment->stopping.list[i].observation;
        uint32_t column = column_of(model, observation);
        uint32_t labels = sim_observation_labels(model, &model->observations[observation]);
        for (uint32_t label = 0; label < labels; label++) {
            *values++ = mean_of(experiment, layout, numbers, column + label);
        }
    }
}

/* Whether the first n replicates of a point are precise enough. */
static int
is_precise(const struct sim_schedule *schedule, const struct open_point *open, uint32_t n)
{
    const struct sim_experiment *experiment = schedule->experiment;
    const struct sim_stopping *stopping = &experiment->stopping;
    double *column = ((struct points *) schedule->points)->column;
    uint32_t n_values = sim_schedule_n_values(experiment), value = 0;
    for (uint32_t i = 0; i < stopping->n; i++) {
        const struct sim_observation *observation =
            &experiment->model->observations[stopping->list[i].observation];
        uint32_t labels = sim_observation_labels(experiment->model, observation);
        for (uint32_t end = value + labels; value < end; value++) {
            size_t count = 0;
            for (uint32_t r = 0; r < n; r++) {
                column[count] = open->values[(size_t) r * n_values + value];
                count += isnan(column[count]) ? 0 : 1;
            }
            if (!(sim_half_width_95(sim_sd(column, count), count) <= stopping->list[i].half_width)) {
                return 0;
            }
        }
    }
    return 1;
}

int
sim_schedule_init(struct sim_schedule *schedule, const struct sim_source *source, struct sim_share share,
    int failed_again, struct sim_messages *messages)
{
    const struct sim_experiment *experiment = source->experiment;
    memset(schedule, 0, sizeof(*schedule));
    schedule->experiment = experiment;
    schedule->source = *source;
    schedule->share = share;
    schedule->failed_again = failed_again;
    schedule->n_cells = sim_experiment_cells(experiment);
    if (experiment->stopping.n == 0) {
        return SIM_OK;
    }
    uint32_t n_values = sim_schedule_n_values(experiment);
    if (n_values > SIM_SCHEDULE_VALUES) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ NULL, 0, 0 },
            "the observations of stop.half_width have %" PRIu32 " labels together, at most %d can be watched",
            n_values, SIM_SCHEDULE_VALUES);
        return SIM_ERR_INPUT;
    }
    struct points *points = sim_alloc(1, sizeof(*points));
    schedule->points = points;
    if (points != NULL) {
        points->column = sim_alloc(experiment->n_replicates, sizeof(*points->column));
    }
    return points != NULL && points->column != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

static void
close_point(struct points *points, struct open_point *open)
{
    struct open_point **at = &points->first;
    while (*at != open) {
        at = &(*at)->after;
    }
    *at = open->after;
    sim_free(open->values);
    sim_free(open);
}

void
sim_schedule_free(struct sim_schedule *schedule)
{
    struct points *points = schedule->points;
    while (points != NULL && points->first != NULL) {
        close_point(points, points->first);
    }
    if (points != NULL) {
        sim_free(points->column);
    }
    sim_free(points);
    memset(schedule, 0, sizeof(*schedule));
}

/* Whether a cell was there at the start and need not be run. */
static int
is_there(const struct sim_schedule *schedule, uint32_t cell)
{
    enum sim_run_status status = schedule->source.outcome(schedule->source.context, cell).status;
    return status == SIM_RUN_OK || (status == SIM_RUN_FAILED && !schedule->failed_again);
}

/* Without a stopping rule: the next free cell of the share. */
static enum sim_next
next_cell(struct sim_schedule *schedule, uint32_t *cell)
{
    while (schedule->next < schedule->n_cells
        && (!sim_share_has(schedule->share, schedule->next) || is_there(schedule, schedule->next))) {
        schedule->next++;
    }
    if (schedule->next == schedule->n_cells) {
        return SIM_NEXT_END;
    }
    *cell = schedule->next++;
    return SIM_NEXT_CELL;
}

/* Whether a point whose wanted replicates are all back wants more; then it does. */
static int
wants_more(struct sim_schedule *schedule, struct open_point *open)
{
    const struct sim_stopping *stopping = &schedule->experiment->stopping;
    if (open->wanted == stopping->max || is_precise(schedule, open, open->wanted)) {
        return 0;
    }
    uint32_t left = stopping->max - open->wanted;
    open->wanted += left < stopping->step ? left : stopping->step;
    return 1;
}

/* The values of a replicate that was there at the start. */
static int
recall(struct sim_schedule *schedule, uint32_t cell, double *values)
{
    const struct sim_source *source = &schedule->source;
    size_t n = sim_source_numbers(source);
    if (source->outcome(source->context, cell).status != SIM_RUN_OK) {
        return SIM_OK; /* they are NaN */
    }
    double *numbers = sim_alloc(n, sizeof(*numbers));
    int ret = numbers != NULL ? source->numbers(source->context, cell, 0, n, numbers) : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        sim_schedule_values(schedule->experiment, &source->layout, numbers, values);
    }
    sim_free(numbers);
    return ret;
}

static int
open_point(struct sim_schedule *schedule, struct open_point **opened)
{
    struct points *points = schedule->points;
    const struct sim_experiment *experiment = schedule->experiment;
    size_t n = (size_t) experiment->n_replicates * sim_schedule_n_values(experiment);
    struct open_point *open = sim_alloc(1, sizeof(*open)), **last = &points->first;
    if (open == NULL) {
        return SIM_ERR_MEMORY;
    }
    while (*last != NULL) {
        last = &(*last)->after;
    }
    *last = open;
    open->point = points->next++;
    open->wanted = experiment->stopping.min;
    open->values = sim_alloc(n, sizeof(*open->values));
    for (size_t i = 0; open->values != NULL && i < n; i++) {
        open->values[i] = (double) NAN;
    }
    *opened = open;
    return open->values != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* The next free replicate of an open point; those that were there at the start are taken in on the way.
 * SIM_NEXT_END: it wanted no more and is closed. */
static enum sim_next
next_replicate(struct sim_schedule *schedule, struct open_point *open, uint32_t *cell, int *status)
{
    uint32_t n_values = sim_schedule_n_values(schedule->experiment);
    do {
        while (open->next < open->wanted) {
            uint32_t replicate = open->next++;
            *cell = open->point * schedule->experiment->n_replicates + replicate;
            if (!is_there(schedule, *cell)) {
                return SIM_NEXT_CELL;
            }
            open->n_back++;
            *status = recall(schedule, *cell, &open->values[(size_t) replicate * n_values]);
            if (*status != SIM_OK) {
                return SIM_NEXT_END;
            }
        }
        if (open->n_back < open->wanted) {
            return SIM_NEXT_WAIT;
        }
    } while (wants_more(schedule, open));
    if (schedule->asked != NULL) {
        schedule->asked[open->point] = open->wanted;
    }
    close_point(schedule->points, open);
    return SIM_NEXT_END;
}

/* Opens the next point of the share; NULL in *opened if there is none. */
static int
open_next(struct sim_schedule *schedule, struct open_point **opened)
{
    struct points *points = schedule->points;
    *opened = NULL;
    while (points->next < schedule->experiment->n_points && !sim_share_has(schedule->share, points->next)) {
        points->next++;
    }
    return points->next < schedule->experiment->n_points ? open_point(schedule, opened) : SIM_OK;
}

/* With a stopping rule: of the open points the first that has a free replicate, else of the next ones. */
static enum sim_next
next_of_points(struct sim_schedule *schedule, uint32_t *cell, int *status)
{
    struct points *points = schedule->points;
    struct open_point *open = points->first, *after;
    while (*status == SIM_OK) {
        if (open == NULL) {
            *status = open_next(schedule, &open);
            if (*status != SIM_OK || open == NULL) {
                return points->first != NULL && *status == SIM_OK ? SIM_NEXT_WAIT : SIM_NEXT_END;
            }
        }
        after = open->after;
        enum sim_next next = next_replicate(schedule, open, cell, status);
        if (next == SIM_NEXT_CELL) {
            return next;
        }
        open = after;
    }
    return SIM_NEXT_END;
}

enum sim_next
sim_schedule_next(struct sim_schedule *schedule, uint32_t *cell, int *status)
{
    *status = SIM_OK;
    return schedule->points != NULL ? next_of_points(schedule, cell, status) : next_cell(schedule, cell);
}

void
sim_schedule_back(struct sim_schedule *schedule, uint32_t cell, const double *values)
{
    struct points *points = schedule->points;
    uint32_t replicates = schedule->experiment->n_replicates;
    uint32_t n_values = sim_schedule_n_values(schedule->experiment);
    struct open_point *open = points != NULL ? points->first : NULL;
    while (open != NULL && open->point != cell / replicates) {
        open = open->after;
    }
    if (open != NULL) {
        double *here = &open->values[(size_t) (cell % replicates) * n_values];
        if (values != NULL) {
            memcpy(here, values, n_values * sizeof(*here));
        }
        open->n_back++;
    }
}

/* asked: as in struct sim_schedule. */
static int
look_through(const struct sim_source *source, uint32_t *asked, uint32_t *left)
{
    struct sim_schedule schedule;
    uint32_t cell;
    int status = SIM_OK;
    *left = 0;
    int ret = sim_schedule_init(&schedule, source, (struct sim_share){ 0, 1 }, 0, NULL);
    schedule.asked = asked;
    while (ret == SIM_OK && sim_schedule_next(&schedule, &cell, &status) == SIM_NEXT_CELL) {
        *left += 1;
    }
    sim_schedule_free(&schedule);
    return ret == SIM_OK ? status : ret;
}

int
sim_schedule_left(const struct sim_source *source, uint32_t *left)
{
    return look_through(source, NULL, left);
}

static struct sim_outcome
outcome_if_asked(void *context, uint32_t cell)
{
    const struct sim_ruled *ruled = context;
    uint32_t replicates = ruled->all.experiment->n_replicates;
    return cell % replicates < ruled->asked[cell / replicates]
        ? ruled->all.outcome(ruled->all.context, cell)
        : (struct sim_outcome){ SIM_RUN_NOT_RUN, "", 0 };
}

static int
numbers_if_asked(void *context, uint32_t cell, uint64_t first, uint64_t n, double *numbers)
{
    const struct sim_ruled *ruled = context;
    const struct sim_source *all = &ruled->all;
    uint32_t replicates = all->experiment->n_replicates;
    if (cell % replicates < ruled->asked[cell / replicates]) {
        return all->numbers(all->context, cell, first, n, numbers);
    }
    sim_source_missing(all->experiment, &all->layout, first, n, numbers);
    return SIM_OK;
}

int
sim_ruled_init(struct sim_ruled *ruled, const struct sim_source *all)
{
    uint32_t left;
    *ruled = (struct sim_ruled){ .source = *all, .all = *all };
    if (all->experiment->stopping.n == 0) {
        return SIM_OK;
    }
    ruled->asked = sim_alloc(all->experiment->n_points, sizeof(*ruled->asked));
    if (ruled->asked == NULL) {
        return SIM_ERR_MEMORY;
    }
    ruled->source.outcome = outcome_if_asked;
    ruled->source.numbers = numbers_if_asked;
    ruled->source.context = ruled;
    return look_through(all, ruled->asked, &left);
}

void
sim_ruled_free(struct sim_ruled *ruled)
{
    sim_free(ruled->asked);
    memset(ruled, 0, sizeof(*ruled));
}
