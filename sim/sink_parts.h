/* sink_parts.h - what the sources of the results file share: sink_hdf5.c writes it, sink_record.c what is
 * recorded by place and of single agents, sink_summary.c computes the numbers of /summary, sink_config.c
 * writes the attributes, /config and /provenance. No other source needs it.
 */
#ifndef SIM_SINK_PARTS_H
#define SIM_SINK_PARTS_H

#include "sim/hdf5_writer.h"
#include "sim/results.h"

#define SIM_SINK_CONVENTIONS "CF-1.9 cogov-1"
#define SIM_SINK_COORDINATES "scenario title" /* of every design point */

#define SIM_STATISTICS(X) X(mean) X(sd) X(min) X(q025) X(q25) X(median) X(q75) X(q975) X(max) X(half_width_95)
#define SIM_STATISTIC_ENUM(name) SIM_STATISTIC_##name,
enum sim_statistic { SIM_STATISTICS(SIM_STATISTIC_ENUM) SIM_N_STATISTICS };

/* Coordinate variables of one group; -1 where it has none. */
struct sim_sink_scales {
    hid_t design, replicate, tick, statistic;
    hid_t *dimensions;
};

/* One variable in the rows of the cells: an observation of the whole world, or by place, or a column of the
 * histories. */
struct sim_sink_column {
    const struct sim_observation *observation; /* NULL for histories */
    enum sim_form form;
    uint32_t offset, labels; /* labels: numbers of a tick */
};

/* A results file that is being written. */
struct sim_sink_job {
    struct sim_writer writer;
    const struct sim_results *results;
    const struct sim_experiment *experiment;
    const struct sim_model *model;
    struct sim_sink_scales scales;
    const char *coordinates; /* names of the variables (design) that tell what a design point is */
    const char **texts;      /* room for one text a design point, a cell, a file or a setting */
    double *values;          /* room for one number a replicate */
    double *student;         /* by degrees of freedom; 0: not yet known */
};

/* One number of one cell; of the many bit patterns of NaN, always the same. */
double sim_sink_number(const struct sim_sink_job *job, const struct sim_sink_column *column, uint64_t cell,
    uint32_t tick, uint32_t label);

void sim_sink_describe(
    struct sim_sink_job *job, hid_t object, const char *long_name, const char *description);

/* A coordinate variable: first, first + 1 ... To be closed. */
hid_t sim_sink_write_integers(struct sim_sink_job *job, hid_t group, const char *name, int64_t first,
    uint32_t count, const char *long_name);

/* The long_name, the units and more of an observation. coordinates: the variables beside it that tell what its
 * numbers belong to. */
void sim_sink_describe_observation(struct sim_sink_job *job, hid_t variable,
    const struct sim_observation *observation, const char *coordinates);

/* Fills a variable (design, replicate, tick ...) with the numbers of a column. */
void sim_sink_fill(struct sim_sink_job *job, hid_t variable, const struct sim_sink_column *column,
    const struct sim_shape *shape);

/* What is recorded by place, and the histories, if anything is. The scales of / are open. */
void sim_sink_write_record(struct sim_sink_job *job);

/* The statistics of some design points, in the order of the variable. */
void sim_sink_gather_summary(struct sim_sink_job *job, const struct sim_sink_column *column, hsize_t first,
    hsize_t count, double *out);

void sim_sink_write_attributes(struct sim_sink_job *job);
void sim_sink_write_config(struct sim_sink_job *job);
void sim_sink_write_provenance(struct sim_sink_job *job);

#endif
