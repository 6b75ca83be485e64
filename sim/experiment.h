/* experiment.h - what is to be run: design points x replicates = cells, all resolved and checked before
 * anything runs. */
#ifndef SIM_EXPERIMENT_H
#define SIM_EXPERIMENT_H

#include "sim/design.h"
#include "sim/model.h"
#include "sim/record.h"
#include "sim/scenario.h"
#include "sim/setting.h"
#include "sim/states.h"
#include "sim/stopping.h"

/* A scenario, resolved: what design points start from. */
struct sim_base {
    char *stem; /* of the scenario's file, made unique by #2, #3 ... */
    char *title;
    char *resolved;                  /* all that it says, as one complete scenario file */
    struct sim_setting setting;      /* the model's parameters, resolved */
    uint32_t first_point, n_points;  /* its design points; not looked at without a design */
    struct sim_variation *variation; /* what the design does to it; NULL: it is one point, as it stands */
};

/* A file as given, for /config. */
struct sim_given {
    char *stem; /* file name without .yaml; of a table the whole name */
    char *text;
};

struct sim_experiment {
    const struct sim_model *model;
    struct sim_base *bases;
    uint32_t n_bases;
    struct sim_design design; /* zeroed: none, and point i is scenario i */
    uint32_t n_points;        /* design points, scenario by scenario */
    uint32_t n_replicates, seed, n_ticks, burn_in;
    uint32_t first_tick; /* ticks that are not run, for the states that replicates start from have had them */
    struct sim_states states;     /* count 0: every run starts at the beginning */
    struct sim_stopping stopping; /* if it is on, n_replicates is its max, and many cells need not run */
    uint32_t stop_after;          /* failed cells after which the rest is not run; 0: all is run */
    struct sim_record record;     /* what is recorded besides the observations of the whole world */
    struct sim_given *given;      /* every file that was read, in order, each once */
    uint32_t n_given;
    struct sim_file *files; /* the same, and where they were found, each path once: in no file of results */
    uint32_t n_files;
    char **settings; /* the --set lines */
    uint32_t n_settings;
    char digest[33]; /* of the whole spec, not of the build: with it, names what a results file or a shard
                        belongs to */
};

/* How the command line asks for one. Numbers below 0 mean: as the files say, else the default. */
struct sim_request {
    const char *const *specs; /* one for run; two for compare */
    size_t n_specs;
    const char *const *settings; /* KEY=VALUE */
    size_t n_settings;
    int64_t n_replicates, seed, n_ticks, burn_in;
    const char *const *by; /* names of levels to record by, besides those of the file */
    size_t n_by;
    int64_t n_histories;
    const char *start_from;      /* a file of states; NULL: as the experiment file says */
    int64_t standard_replicates; /* if nobody says */
    struct sim_search search;
    const struct sim_model *(*find_model)(const char *name); /* NULL if there is none */
    const char *model_names;                                 /* separated by '|', for suggestions */
};

#define SIM_STANDARD_TICKS 120
#define SIM_STANDARD_BURN_IN 24
#define SIM_STANDARD_SEED 1

/* Reads and checks everything; every fault of every file is a message. SIM_ERR_INPUT, SIM_ERR_MEMORY. May
 * always be freed. */
int sim_experiment_init(
    struct sim_experiment *experiment, const struct sim_request *request, struct sim_messages *messages);
void sim_experiment_free(struct sim_experiment *experiment);

/* The parameters of one design point. */
struct sim_point {
    struct sim_setting setting; /* what a world is built from */
    void *own;                  /* of these, what was made for the point; NULL: nothing was */
};

/* The scenario that a design point starts from. */
const struct sim_base *sim_experiment_base(const struct sim_experiment *experiment, uint32_t point);

/* SIM_ERR_MEMORY. The experiment must outlive it. May always be freed. */
int sim_point_init(struct sim_point *point, const struct sim_experiment *experiment, uint32_t index);
void sim_point_free(struct sim_point *point);

/* What a factor of the design is at a point, before all events: as a value, and as text (of SIM_VALUE_SIZE bytes)
 * that sim_field_parse reads back to the same bits. Where the scenario does not vary it, it is the scenario's own. */
int sim_point_varies(const struct sim_experiment *experiment, uint32_t point, uint32_t factor);
void sim_point_member(
    const struct sim_experiment *experiment, uint32_t point, uint32_t factor, union sim_value *value);
void sim_point_value(const struct sim_experiment *experiment, uint32_t point, uint32_t factor, char *text);

/* The regions of a point's world and the blocks of each, if no table of places tells them. */
void sim_point_extent(
    const struct sim_experiment *experiment, uint32_t point, uint32_t *regions, uint32_t *blocks);

/* The scenario and all that varies, for messages: "base, purchase.quality_weight=0.25". Cut to size. */
void sim_point_describe(const struct sim_experiment *experiment, uint32_t point, char *text, size_t size);

/* Cells, and their numbering: design-major. */
static inline uint32_t
sim_experiment_cells(const struct sim_experiment *experiment)
{
    return experiment->n_points * experiment->n_replicates;
}

/* Ticks that each cell runs and records: first_tick + 1 to n_ticks. */
static inline uint32_t
sim_experiment_rows(const struct sim_experiment *experiment)
{
    return experiment->n_ticks - experiment->first_tick;
}

/* Numbers that a cell records: the rows of its ticks, then what does not change. */
static inline uint64_t
sim_experiment_numbers(const struct sim_experiment *experiment, const struct sim_layout *layout)
{
    return sim_experiment_rows(experiment) * layout->row + layout->once;
}

#endif
