/* world.h - one running instance of a model: its places, their agents, and the tick. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/model.h"
#include "sim/setting.h"

struct sim_place;
struct sim_worker;

struct sim_world {
    const struct sim_model *model;
    struct sim_key key;
    int threads;   /* that share the places of this world, at least 1 */
    uint32_t tick; /* finished ticks */
    uint32_t n_regions;
    uint32_t *first_block; /* by region: the index of its first block among all blocks; then their number */
    struct sim_place *places; /* world, regions, then all blocks, region by region */
    uint32_t n_places;
    double *tallies;            /* n_places rows of 2 * row doubles */
    uint32_t row;               /* numbers recorded each tick: one per observation and label */
    struct sim_worker *workers; /* by thread */
    struct sim_era *eras;       /* copies, in order of time */
    uint32_t n_eras, era;       /* how many, and which holds */
    unsigned char *runs;        /* n_eras rows: by phase, whether its switch, if any, is on */
    int timed;                  /* set it to have the seconds of each phase counted */
    uint64_t agents;            /* of all kinds */
    size_t bytes;               /* memory held */
    uint32_t faulty;            /* the observation that sim_world_observe could not make */
};

/* Builds the world with its initial state. params must outlive it. SIM_ERR_MEMORY. May always be freed. */
int sim_world_init(struct sim_world *world, const struct sim_model *model, const void *params,
    struct sim_key key, int threads);

/* The same with parameters that change. All that the setting points to must outlive the world. */
int sim_world_init_setting(struct sim_world *world, const struct sim_model *model,
    const struct sim_setting *setting, struct sim_key key, int threads);
void sim_world_free(struct sim_world *world);

/* One tick: every phase, in order. */
void sim_world_step(struct sim_world *world);

/* About how many bytes a world would hold, without building it; 0 without memory. */
size_t sim_world_bytes(const struct sim_model *model, const struct sim_setting *setting, struct sim_key key);

/* What the observations see now: world->row numbers, observation by observation in the order of the table; NaN for a
 * mean of nothing. SIM_ERR_STATE if another number is not finite: then world->faulty tells the first such
 * observation. */
int sim_world_observe(struct sim_world *world, double *row);

/* The model's own check of its invariants. */
int sim_world_verify(const struct sim_world *world, char *why, size_t size);

/* The view of the whole world, for tests and models' own use. */
const struct sim_view *sim_world_view(const struct sim_world *world);

/* The view of each place: the world, the regions, then all blocks, region by region; n_places of them. */
const struct sim_view *sim_world_place(const struct sim_world *world, uint32_t place);

/* After the columns of all places have been set to what they were at the end of a tick: the next step is the
 * one after it. */
void sim_world_resume(struct sim_world *world, uint32_t tick);

/* Seconds spent in one phase so far, summed over threads and places; 0 unless timed. */
double sim_world_phase_seconds(const struct sim_world *world, uint32_t phase);

/* Numbers that the observations of a model record each tick. */
uint32_t sim_model_row(const struct sim_model *model);

/* Numbers that one observation records each tick: the labels of its dimension, or one. */
static inline uint32_t
sim_observation_labels(const struct sim_model *model, const struct sim_observation *observation)
{
    return observation->dimension < 0 ? 1 : model->dimensions[observation->dimension].count;
}

#endif
