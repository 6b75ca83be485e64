/* export.h - a results file as tidy tables: CSV (RFC 4180) in UTF-8, one row an observation, one column a variable.
 *
 *     design.csv              design, scenario, title, each parameter that varies
 *     cells.csv               design, scenario, replicate, run_status (ok, failed, not_run), run_error
 *     observations.csv        name, long_name, unit, dimension, valid_min, valid_max, description, table
 *     series.csv              design, scenario, replicate, tick, each observation without a dimension
 *     series_by_DIMENSION.csv the same and the label, each observation by that dimension
 *     summary.csv             design, scenario, observation, label, tick, each statistic over replicates
 *
 * and if the file records them, with community and resident for the names that the model has for places and agents,
 *
 *     community.csv           design, scenario, community, name, street, street_name: which places there are
 *     series_by_community.csv, series_by_DIMENSION_by_community.csv     as above, by place
 *     resident.csv            design, scenario, replicate, resident, and what does not change: who is in the sample
 *     series_of_resident.csv  the same month by month, what does
 *
 * Numbers read back to the same bits; what does not exist is an empty field; switches are 1 or 0. What has not run, and
 * places and agents that a design point lacks, have no rows. Texts are as the file has them.
 *
 * The memory that it takes does not grow with the file.
 */
#ifndef ANALYSIS_EXPORT_H
#define ANALYSIS_EXPORT_H

#include "analysis/export_file.h"
#include "analysis/export_rows.h"
#include "analysis/factors.h"

struct export
{
    const struct reader *reader; /* must outlive it */
    struct factors factors;
    const struct reader_observation **observations; /* that are asked for */
    uint32_t n_observations;
    int is_part; /* whether that are not all */
    struct export_files files;
    struct sim_messages *messages;
};

/* names: observations to export; none: all, and the histories of agents. SIM_ERR_INPUT with a message if there is no such;
 * SIM_ERR_FILE, SIM_ERR_MEMORY. May always be freed, which removes what was not published. */
int export_init(struct export *export, const struct reader *reader, const char *const *names, size_t n_names,
    int overwrite, struct sim_messages *messages);
void export_free(struct export *export);

/* Writes all tables into a folder, which is made; or one table as NetLogo's BehaviorSpace has it (behaviorspace.c).
 * SIM_ERR_INPUT with a message if a file is there already; SIM_ERR_FILE, SIM_ERR_MEMORY. The files have their names only
 * once export_publish has succeeded. */
int export_csv(struct export *export, const char *folder);
int export_behaviorspace(struct export *export, const char *path);
int export_publish(struct export *export);

/* Parts of export_csv. */
int export_tables(struct export *export, const char *folder);
int export_series(struct export *export, const char *folder);
int export_records(struct export *export, const char *folder);
int export_summary(struct export *export, const char *folder);

/* Opens FOLDER/NAME.csv. */
int export_open(struct export *export, const char *folder, const char *name, FILE **out);

/* Closes the table opened last, if it is still open, with the status of writing it; returns what failed. */
int export_close(struct export *export, int ret);

/* The heads of variables, after those of the columns before, and the end of the line. */
void export_heads(const struct export_rows *rows, FILE *out);

/* design and scenario, which most rows begin with. */
void export_design(const struct export *export, uint32_t design, FILE *out);

/* Whether both have labels of the same dimension, or none. */
int export_same_dimension(const struct reader_observation *a, const struct reader_observation *b);

/* The table that an observation is in, without .csv. */
void export_table_of(const struct reader_observation *observation, char *text, size_t size);

#endif
