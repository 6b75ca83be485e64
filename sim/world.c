/* world.c - a world and its tick. The loops over places here are the only ones that threads share within one
 * world.
 *
 * Consecutive phases of the same scope run place by place, not phase by phase, so that what a place holds stays
 * in cache.
 */
#include "sim/world.h"

#include "sim/alloc.h"
#include "sim/clock.h"
#include "sim/error.h"
#include "sim/place.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <string.h>

/* What one thread needs for itself. */
struct sim_worker {
    unsigned char *scratch;
    double *phase_seconds;
    int failed; /* it had not enough memory */
};

uint32_t
sim_model_row(const struct sim_model *model)
{
    uint32_t row = 0;
    for (uint32_t i = 0; i < model->n_observations; i++) {
        row += sim_observation_labels(model, &model->observations[i]);
    }
    return row;
}

/* First and number of the places of one level. */
static void
places_of(const struct sim_world *world, enum sim_level level, uint32_t *first, uint32_t *n)
{
    *first = level == SIM_WORLD ? 0 : level == SIM_REGION ? 1 : 1 + world->n_regions;
    *n = level == SIM_WORLD   ? 1
        : level == SIM_REGION ? world->n_regions
                              : world->first_block[world->n_regions];
}

static void
set_stream(const struct sim_world *world, struct sim_view *view, uint32_t stream)
{
    view->tick = world->tick;
    view->stream = sim_stream_at(world->key, sim_place_number(view), world->tick, stream);
}

/* Does a task at n places from first on, on the world's threads: the only parallel loop of a world. With one
 * thread there is none, so that nothing is nested where cells run side by side. */
typedef void place_task(
    struct sim_world *world, struct sim_place *place, struct sim_worker *worker, const void *context);

static void
each_place(struct sim_world *world, uint32_t first, uint32_t n, place_task *task, const void *context)
{
    if (world->threads == 1 || n == 1) {
        for (uint32_t i = first; i < first + n; i++) {
            task(world, &world->places[i], &world->workers[0], context);
        }
        return;
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(world->threads)
    for (uint32_t i = first; i < first + n; i++) {
        task(world, &world->places[i], &world->workers[omp_get_thread_num()], context);
    }
}

static void
make_place(struct sim_world *world, struct sim_place *place, struct sim_worker *worker, const void *context)
{
    (void) context;
    worker->failed |= sim_place_make(world, place) != SIM_OK;
}

static void
set_up_place(struct sim_world *world, struct sim_place *place, struct sim_worker *worker, const void *context)
{
    (void) context;
    set_stream(world, &place->view, world->model->setup_stream);
    place->view.scratch = worker->scratch;
    world->model->setup(&place->view);
}

/* The initial state of the places of one level. */
static int
set_up_level(struct sim_world *world, enum sim_level level)
{
    uint32_t first, n;
    places_of(world, level, &first, &n);
    each_place(world, first, n, make_place, NULL);
    for (int t = 0; t < world->threads; t++) {
        if (world->workers[t].failed) {
            return SIM_ERR_MEMORY;
        }
    }
    each_place(world, first, n, set_up_place, NULL);
    return SIM_OK;
}

static int
workers_init(struct sim_world *world)
{
    size_t scratch = 0;
    for (uint32_t i = 0; world->model->scratch != NULL && i < world->n_places; i++) {
        size_t bytes = world->model->scratch(&world->places[i].view);
        scratch = bytes > scratch ? bytes : scratch;
    }
    world->workers = sim_alloc((size_t) world->threads, sizeof(*world->workers));
    for (int t = 0; world->workers != NULL && t < world->threads; t++) {
        world->workers[t].scratch = sim_alloc(scratch, 1);
        world->workers[t].phase_seconds = sim_alloc(world->model->n_phases, sizeof(double));
        if (world->workers[t].scratch == NULL || world->workers[t].phase_seconds == NULL) {
            return SIM_ERR_MEMORY;
        }
    }
    world->bytes += scratch * (size_t) world->threads;
    return world->workers != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* Whether a phase runs in each era: always without a switch, else while the switch is on. */
static void
phase_init(struct sim_world *world, uint32_t phase)
{
    const struct sim_model *model = world->model;
    const char *key = model->phases[phase].switched_by;
    const struct sim_field *field = key != NULL ? sim_fields_find(&model->fields, key) : NULL;
    assert(key == NULL || (field != NULL && field->type == SIM_SWITCH));
    for (uint32_t e = 0; e < world->n_eras; e++) {
        int on = 1;
        if (field != NULL) {
            memcpy(&on, (const unsigned char *) world->eras[e].params + field->offset, sizeof(on));
        }
        world->runs[(size_t) e * model->n_phases + phase] = on != 0;
    }
}

static int
eras_init(struct sim_world *world, const struct sim_setting *setting)
{
    const struct sim_model *model = world->model;
    assert(setting->n_eras > 0 && setting->eras[0].first == 0);
    world->eras = sim_alloc(setting->n_eras, sizeof(*world->eras));
    world->runs = sim_alloc(setting->n_eras, model->n_phases);
    if (world->eras == NULL || world->runs == NULL) {
        return SIM_ERR_MEMORY;
    }
    memcpy(world->eras, setting->eras, setting->n_eras * sizeof(*world->eras));
    world->n_eras = setting->n_eras;
    for (uint32_t p = 0; p < model->n_phases; p++) {
        phase_init(world, p);
    }
    return SIM_OK;
}

/* How many regions there are, and how many blocks each of them has. */
static int
extent_init(struct sim_world *world, const struct sim_setting *setting)
{
    uint32_t blocks = 0;
    world->n_regions = setting->n_regions;
    if (setting->first_block == NULL) {
        world->model->extent(setting->eras[0].params, &world->n_regions, &blocks);
    }
    world->first_block = sim_alloc((size_t) world->n_regions + 1, sizeof(*world->first_block));
    if (world->first_block == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t r = 0; r <= world->n_regions; r++) {
        world->first_block[r] = setting->first_block != NULL ? setting->first_block[r] : r * blocks;
    }
    world->n_places = 1 + world->n_regions + world->first_block[world->n_regions];
    return SIM_OK;
}

static int
places_init(struct sim_world *world)
{
    const struct sim_model *model = world->model;
    uint32_t region = 0;
    world->places = sim_alloc(world->n_places, sizeof(*world->places));
    if (world->places == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < world->n_places; i++) {
        if (sim_place_init(world, i, &region) != SIM_OK) {
            return SIM_ERR_MEMORY;
        }
    }
    for (uint32_t i = 0; i < world->n_places; i++) {
        set_stream(world, &world->places[i].view, model->size_stream);
        model->size(&world->places[i].view, world->places[i].count);
        for (uint32_t k = 0; k < model->n_kinds; k++) {
            world->agents += world->places[i].count[k];
        }
    }
    return SIM_OK;
}

size_t
sim_world_bytes(const struct sim_model *model, const struct sim_setting *setting, struct sim_key key)
{
    struct sim_world world = { .model = model, .key = key, .threads = 1 };
    size_t bytes = 0;
    int ret = extent_init(&world, setting);
    if (ret == SIM_OK) {
        ret = eras_init(&world, setting);
    }
    if (ret == SIM_OK) {
        ret = places_init(&world);
    }
    for (uint32_t i = 0; ret == SIM_OK && i < world.n_places; i++) {
        bytes += sim_place_bytes(model, &world.places[i]);
    }
    sim_world_free(&world);
    return bytes;
}

int
sim_world_init(struct sim_world *world, const struct sim_model *model, const void *params, struct sim_key key,
    int threads)
{
    const struct sim_era always = { .params = params };
    const struct sim_setting setting = { .eras = &always, .n_eras = 1 };
    return sim_world_init_setting(world, model, &setting, key, threads);
}

int
sim_world_init_setting(struct sim_world *world, const struct sim_model *model,
    const struct sim_setting *setting, struct sim_key key, int threads)
{
    int ret;
    memset(world, 0, sizeof(*world));
    world->model = model;
    world->key = key;
    world->threads = threads > 1 ? threads : 1;
    world->row = sim_model_row(model);

    ret = extent_init(world, setting);
    if (ret == SIM_OK) {
        ret = eras_init(world, setting);
    }
    if (ret == SIM_OK) {
        ret = places_init(world);
    }
    if (ret == SIM_OK) {
        ret = workers_init(world);
    }
    for (int level = SIM_WORLD; ret == SIM_OK && level < SIM_LEVELS; level++) {
        ret = set_up_level(world, (enum sim_level) level);
    }
    if (ret != SIM_OK) {
        goto out;
    }
    world->tallies = sim_alloc((size_t) world->n_places * world->row, 2 * sizeof(double));
    if (world->tallies == NULL) {
        ret = SIM_ERR_MEMORY;
        goto out;
    }
    if (model->settle != NULL) {
        world->places[0].view.scratch = world->workers[0].scratch;
        model->settle(&world->places[0].view);
    }
    for (uint32_t i = 0; i < world->n_places; i++) {
        world->bytes += world->places[i].bytes + world->places[i].network.bytes;
    }
out:
    if (ret != SIM_OK) {
        sim_world_free(world);
    }
    return ret;
}

void
sim_world_free(struct sim_world *world)
{
    for (uint32_t i = 0; world->places != NULL && i < world->n_places; i++) {
        sim_place_free(&world->places[i]);
    }
    for (int t = 0; world->workers != NULL && t < world->threads; t++) {
        sim_free(world->workers[t].scratch);
        sim_free(world->workers[t].phase_seconds);
    }
    sim_free(world->workers);
    sim_free(world->runs);
    sim_free(world->eras);
    sim_free(world->first_block);
    sim_free(world->places);
    sim_free(world->tallies);
    memset(world, 0, sizeof(*world));
}

/* A run of phases of one scope. */
struct phase_run {
    uint32_t first, end;
};

/* One run of phases at one place. The places of the tick's first run keep their columns here, while they are
 * in cache. */
static void
run_phases(struct sim_world *world, struct sim_place *place, struct sim_worker *worker, const void *context)
{
    const struct phase_run *run = context;
    const unsigned char *runs = world->runs + (size_t) world->era * world->model->n_phases;
    if (run->first == 0) {
        sim_place_keep(world->model, place);
    }
    place->view.scratch = worker->scratch;
    for (uint32_t p = run->first; p < run->end; p++) {
        const struct sim_phase *phase = &world->model->phases[p];
        if (!runs[p]) {
            continue;
        }
        double start = world->timed ? sim_seconds() : 0;
        set_stream(world, &place->view, phase->stream);
        phase->rule(&place->view);
        if (world->timed) {
            worker->phase_seconds[p] += sim_seconds() - start;
        }
    }
}

/* Goes on to the parameters that hold in the current tick. */
static void
find_era(struct sim_world *world)
{
    while (world->era + 1 < world->n_eras && world->eras[world->era + 1].first <= world->tick) {
        world->era++;
    }
}

static void
begin_tick(struct sim_world *world, struct sim_place *place, struct sim_worker *worker, const void *context)
{
    const enum sim_level *first_scope = context;
    (void) worker;
    place->view.tick = world->tick;
    place->view.params = sim_place_params(world, place);
    if (place->view.level != *first_scope) {
        sim_place_keep(world->model, place);
    }
}

void
sim_world_step(struct sim_world *world)
{
    const struct sim_model *model = world->model;
    enum sim_level first_scope = model->n_phases > 0 ? model->phases[0].scope : SIM_LEVELS;
    world->tick++;
    find_era(world);
    each_place(world, 0, world->n_places, begin_tick, &first_scope);
    for (uint32_t phase = 0; phase < model->n_phases;) {
        struct phase_run run = { phase, phase + 1 };
        uint32_t first, n;
        while (run.end < model->n_phases && model->phases[run.end].scope == model->phases[phase].scope) {
            run.end++;
        }
        places_of(world, model->phases[phase].scope, &first, &n);
        each_place(world, first, n, run_phases, &run);
        phase = run.end;
    }
}

/* Everything the observations see at one place, into its own row of tallies. */
static void
observe_place(
    struct sim_world *world, struct sim_place *place, struct sim_worker *worker, const void *context)
{
    const struct sim_model *model = world->model;
    struct sim_view *view = &place->view;
    double *value = world->tallies + (size_t) (place - world->places) * 2 * world->row;
    (void) context;
    memset(value, 0, 2 * world->row * sizeof(double));
    view->scratch = worker->scratch;
    for (uint32_t o = 0; o < model->n_observations; o++) {
        const struct sim_observation *observation = &model->observations[o];
        if (observation->level == view->level) {
            observation->observe(view, (struct sim_tally){ value, value + world->row });
        }
        value += sim_observation_labels(model, observation);
    }
}

int
sim_world_observe(struct sim_world *world, double *row)
{
    const struct sim_model *model = world->model;
    int ret = SIM_OK;
    each_place(world, 0, world->n_places, observe_place, NULL);
    uint32_t at = 0;
    for (uint32_t o = 0; o < model->n_observations; o++) {
        uint32_t labels = sim_observation_labels(model, &model->observations[o]);
        for (uint32_t label = 0; label < labels; label++, at++) {
            double value = 0, weight = 0;
            for (uint32_t i = 0; i < world->n_places; i++) {
                const double *tally = world->tallies + (size_t) i * 2 * world->row;
                value += tally[at];
                weight += tally[world->row + at];
            }
            if (model->observations[o].aggregate == SIM_MEAN) {
                value = weight > 0 ? value / weight : (double) NAN;
            }
            row[at] = value;
            if (ret == SIM_OK && !isfinite(value)
                && (model->observations[o].aggregate != SIM_MEAN || weight > 0)) {
                world->faulty = o;
                ret = SIM_ERR_STATE;
            }
        }
    }
    return ret;
}

int
sim_world_verify(const struct sim_world *world, char *why, size_t size)
{
    return world->model->verify != NULL ? world->model->verify(&world->places[0].view, why, size) : SIM_OK;
}

const struct sim_view *
sim_world_view(const struct sim_world *world)
{
    return &world->places[0].view;
}

const struct sim_view *
sim_world_place(const struct sim_world *world, uint32_t place)
{
    return &world->places[place].view;
}

void
sim_world_resume(struct sim_world *world, uint32_t tick)
{
    world->tick = tick;
    world->era = 0;
    find_era(world);
    for (uint32_t i = 0; i < world->n_places; i++) {
        world->places[i].view.tick = tick;
        world->places[i].view.params = sim_place_params(world, &world->places[i]);
    }
}

double
sim_world_phase_seconds(const struct sim_world *world, uint32_t phase)
{
    double seconds = 0;
    for (int t = 0; t < world->threads; t++) {
        seconds += world->workers[t].phase_seconds[phase];
    }
    return seconds;
}
