/* sink_parts.h - what the sources of the results file share: sink_hdf5.c makes its variables, sink_record.c those
 * of what is recorded by place and of single agents, sink_design.c those that tell the design points apart; sink_runs.c
 * tells how the runs ended; sink_fill.c fills the variables; sink_summary.c computes the numbers of /summary;
 * sink_config.c writes the attributes, /config and /provenance. sink_count.c reads. No other source needs it. It has
 * nothing to do with parts.h.
 */
#ifndef SIM_SINK_PARTS_H
#define SIM_SINK_PARTS_H

#include "sim/hdf5_writer.h"
#include "sim/source.h"

#define SIM_SINK_CONVENTIONS "CF-1.9 cogov-1"
#define SIM_SINK_COORDINATES "scenario title" /* of every design point */

#define SIM_SINK_TEXTS 16384 /* in memory at a time */

#define SIM_STATISTICS(X) X(mean) X(sd) X(min) X(q025) X(q25) X(median) X(q75) X(q975) X(max) X(half_width_95)
#define SIM_STATISTIC_ENUM(name) SIM_STATISTIC_##name,
enum sim_statistic { SIM_STATISTICS(SIM_STATISTIC_ENUM) SIM_N_STATISTICS };

/* Coordinate variables of one group; -1 where it has none. */
struct sim_sink_scales {
    hid_t design, replicate, tick, statistic;
    hid_t *dimensions;
};

/* One variable (design, replicate[, tick] ...) in the numbers of the cells: an observation of the whole world,
 * or by place, or of the histories. */
struct sim_sink_column {
    hid_t variable, summary; /* open; -1: it has none in /summary */
    enum sim_form form;
    int once;        /* whether it follows the rows, and has no tick */
    uint64_t offset; /* of its first number in a row, or after the rows */
    uint64_t labels; /* numbers of a tick */
    int64_t missing; /* of integers: what stands for NaN */
};

/* How many of each are in memory at a time: whole design points; or some replicates of one; or some ticks of
 * one cell. A function of the experiment alone. */
struct sim_sink_plan {
    int whole; /* whether all replicates and ticks of a design point are in memory together */
    hsize_t points, replicates, ticks, summary_ticks;
    hsize_t runs[SIM_WRITER_RANK], summary_runs[SIM_WRITER_RANK]; /* the same, as the writer has it */
    size_t stride;                    /* numbers of a cell that are in memory together */
    size_t numbers, statistics, slab; /* room for numbers of cells, their statistics, a part of a variable */
};

/* A results file that is being written. */
struct sim_sink_job {
    struct sim_writer writer;
    const struct sim_source *source;
    const struct sim_experiment *experiment;
    const struct sim_model *model;
    uint32_t n_replicates, n_ticks; /* in the file */
    uint64_t room;                  /* for numbers in memory */
    struct sim_sink_scales scales;
    char *coordinates; /* names of the variables (design) that tell what a design point is */
    struct sim_sink_plan plan;
    struct sim_sink_column *columns; /* the observations of the whole world come first */
    uint32_t n_columns, room_columns;
    int8_t *statuses;   /* of all cells */
    const char **texts; /* room for SIM_SINK_TEXTS, and for one text a design point, a file or a setting */
    double *values;     /* room for one number a replicate */
    double *student;    /* by degrees of freedom; 0: not yet known */
};

void sim_sink_describe(
    struct sim_sink_job *job, hid_t object, const char *long_name, const char *description);

/* sim_sink_write with so many numbers in memory, if they hold a row of one cell and a number of each replicate. */
int sim_sink_write_within(
    const char *path, const struct sim_source *source, uint64_t room, struct sim_messages *messages);

/* A coordinate variable: first, first + 1 ... To be closed. */
hid_t sim_sink_write_integers(struct sim_sink_job *job, hid_t group, const char *name, int64_t first,
    uint32_t count, const char *long_name);

/* The same of texts. */
hid_t sim_sink_write_labels(struct sim_sink_job *job, hid_t group, const char *name,
    const char *const *labels, uint32_t count, const char *long_name);

/* The names of all variables (design) that tell what a design point is. A new text; NULL without memory. */
char *sim_sink_coordinates(const struct sim_experiment *experiment);

/* The parameters that vary, if there is a design. */
void sim_sink_write_factors(struct sim_sink_job *job, hid_t group);

/* Into /config: the groups of a design that mixes two scenarios, and their orders, if it has some. */
void sim_sink_write_attribution(struct sim_sink_job *job, hid_t group);

/* The long_name, the units and more of an observation. coordinates: the variables beside it that tell what its
 * numbers belong to. */
void sim_sink_describe_observation(struct sim_sink_job *job, hid_t variable,
    const struct sim_observation *observation, const char *coordinates);

/* Takes the statuses of all cells, and counts the replicates that the file has: with sequential stopping as many as
 * any design point got. */
void sim_sink_count_replicates(struct sim_sink_job *job);

/* How the runs ended. */
void sim_sink_write_runs(struct sim_sink_job *job);

/* The start of the shape of every column: (design, replicate, tick). */
struct sim_shape sim_sink_shape(const struct sim_sink_job *job);

/* Adds a column, to be filled and closed by sim_sink_fill. */
void sim_sink_add(struct sim_sink_job *job, struct sim_sink_column column);

/* The variables of what is recorded by place, and of the histories, if anything is. The scales of / are open. */
void sim_sink_write_record(struct sim_sink_job *job);

/* Numbers of a tick that are observations of the whole world, and so have statistics. */
uint64_t sim_sink_summarised(const struct sim_sink_job *job);

void sim_sink_plan(struct sim_sink_job *job);

/* Reads what the cells recorded, fills all columns and their summaries, and closes them. */
void sim_sink_fill(struct sim_sink_job *job);

/* The statistics of n numbers of one design point: the i-th of each of its replicates, one replicate every stride
 * numbers. statistics: SIM_N_STATISTICS for each of the n. statuses: of the replicates. */
void sim_sink_summarise(struct sim_sink_job *job, const double *numbers, size_t stride, size_t n,
    const int8_t *statuses, double *statistics);

void sim_sink_write_attributes(struct sim_sink_job *job);
void sim_sink_write_config(struct sim_sink_job *job);
void sim_sink_write_provenance(struct sim_sink_job *job);

#endif
