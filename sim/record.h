/* record.h - what may be recorded besides the observations of the whole world: the observations by place, and
 * the histories of a sample of agents.
 *
 * Both are numbers of the same rows that the observations fill, so that digests, shards and memory know no
 * difference. A tick's row holds
 *
 *     the model's row | by region: observation, label, place | by block: the same | history, agent
 *
 * and the last row is followed by what does not change: the region, the block and the index of each agent
 * of the sample, then each column that is taken down at the start. A number that does not exist (a place that
 * a smaller world lacks, an agent of a cell that failed) is NaN here, whatever its type in a file.
 *
 * The sample is simple and random, without replacement, and the same for every design point: each agent has
 * a 64-bit ticket, drawn by (seed, replicate) for its (region, block, index), and the N lowest are taken,
 * lowest first. So a sample of 10 is the start of a sample of 100, worlds that are built alike have the same
 * sample, and of two worlds that differ each keeps those of the other's sample that it has among its own
 * lowest.
 */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include "sim/document.h"
#include "sim/model.h"

struct sim_experiment;
struct sim_world;

#define SIM_SAMPLE_LIMIT 100000 /* agents */
#define SIM_RECORD_LIMIT \
    (UINT64_C(4) * 1024 * 1024 * 1024) /* numbers of all cells together, if more than the
                                                               observations of the world is recorded */
#define SIM_SAMPLE_STREAM 0xffffu      /* of the tickets, at tick 0; models' streams stay below */

/* What is asked for. */
struct sim_record {
    unsigned char by[SIM_LEVELS]; /* whether by places of this level; never SIM_WORLD */
    uint32_t n_agents;            /* in the sample; 0: no histories */
};

/* Where everything stands in the numbers of a cell. */
struct sim_layout {
    uint64_t row;                /* numbers of a tick */
    uint64_t by[SIM_LEVELS];     /* where those by place start in a row */
    uint32_t places[SIM_LEVELS]; /* the most that a design point has; 0: not recorded by */
    uint64_t histories;          /* where they start in a row */
    uint32_t n_agents;
    uint64_t once; /* numbers after the last row */
};

enum { SIM_AGENT_REGION, SIM_AGENT_BLOCK, SIM_AGENT_INDEX, SIM_AGENT_PLACES }; /* what those start with */

/* Takes `record:` of an experiment file; every fault is a message. model may be NULL if that is a fault already
 * told: then only the form is checked. */
void sim_record_read(struct sim_record *record, const struct sim_model *model,
    const struct sim_document *document, struct sim_messages *messages);

/* The same for one level, by the name that the model has for it, and for the size of the sample. */
void sim_record_by(struct sim_record *record, const struct sim_model *model, const char *name,
    struct sim_where where, struct sim_messages *messages);
void sim_record_agents(struct sim_record *record, const struct sim_model *model, int64_t n,
    struct sim_where where, struct sim_messages *messages);

/* Whether anything is asked for. */
int sim_record_is_on(const struct sim_record *record);

/* How many places of a level one design point has, and region and block (of its region) of each. */
uint32_t sim_record_places(const struct sim_experiment *experiment, uint32_t point, enum sim_level level);
void sim_record_place(const struct sim_experiment *experiment, uint32_t point, enum sim_level level,
    uint32_t place, uint32_t *region, uint32_t *block);

/* Whether an observation is recorded by places of a level: those seen at the level or below it are. */
static inline int
sim_record_has(const struct sim_observation *observation, enum sim_level level)
{
    return observation->level >= level;
}

void sim_record_layout(const struct sim_experiment *experiment, struct sim_layout *layout);

/* The same from numbers alone: the places of each level that are recorded by (0: they are not), and the agents. */
void sim_record_layout_of(const struct sim_model *model, const uint32_t places[SIM_LEVELS], uint32_t n_agents,
    struct sim_layout *layout);

/* Checks the size of what is asked for. */
void sim_record_check(const struct sim_experiment *experiment, struct sim_messages *messages);

/* An agent of the sample. */
struct sim_sampled {
    uint64_t ticket;
    const struct sim_view *place;
    uint32_t order; /* of the place among those of its level */
    uint32_t index;
};

/* Takes down one cell. */
struct sim_recorder {
    const struct sim_layout *layout;
    struct sim_sampled *sample; /* lowest ticket first */
    uint32_t n_sampled;         /* fewer than asked for if there are no more */
};

/* Draws the sample of a world that is set up. SIM_ERR_MEMORY. May always be freed. */
int sim_recorder_init(
    struct sim_recorder *recorder, const struct sim_layout *layout, const struct sim_world *world);
void sim_recorder_free(struct sim_recorder *recorder);

/* What does not change, before the first tick: layout->once numbers. */
void sim_recorder_start(const struct sim_recorder *recorder, const struct sim_world *world, double *once);

/* A tick's row, once sim_world_observe has filled its first numbers. */
void sim_recorder_tick(const struct sim_recorder *recorder, const struct sim_world *world, double *row);

#endif
