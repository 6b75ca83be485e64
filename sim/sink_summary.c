/* sink_summary.c - the numbers of /summary: statistics over the replicates of a design point that ran and
 * have a value.
 */
#include "sim/sink_parts.h"

#include "sim/statistics.h"

#include <math.h>

static double
student(struct sim_sink_job *job, size_t dof)
{
    if (job->student[dof] == 0) {
        job->student[dof] = sim_student_975((uint32_t) dof);
    }
    return job->student[dof];
}

/* Statistics of the first n of job->values. */
static void
summarise(struct sim_sink_job *job, size_t n, double *statistics)
{
    double *x = job->values;
    for (int i = 0; i < SIM_N_STATISTICS; i++) {
        statistics[i] = (double) NAN;
    }
    if (n == 0) {
        return;
    }
    sim_sort(x, n);
    statistics[SIM_STATISTIC_mean] = sim_mean(x, n);
    statistics[SIM_STATISTIC_min] = x[0];
    statistics[SIM_STATISTIC_q025] = sim_quantile(x, n, 0.025);
    statistics[SIM_STATISTIC_q25] = sim_quantile(x, n, 0.25);
    statistics[SIM_STATISTIC_median] = sim_quantile(x, n, 0.5);
    statistics[SIM_STATISTIC_q75] = sim_quantile(x, n, 0.75);
    statistics[SIM_STATISTIC_q975] = sim_quantile(x, n, 0.975);
    statistics[SIM_STATISTIC_max] = x[n - 1];
    if (n > 1) {
        statistics[SIM_STATISTIC_sd] = sim_sd(x, n);
        statistics[SIM_STATISTIC_half_width_95] =
            student(job, n - 1) * statistics[SIM_STATISTIC_sd] / sqrt((double) n);
    }
}

/* The values of the replicates that ran and have one. */
static size_t
collect(struct sim_sink_job *job, const struct sim_sink_column *column, uint64_t point, uint32_t tick,
    uint32_t label)
{
    size_t n = 0;
    uint64_t first = point * job->experiment->n_replicates;
    for (uint64_t cell = first; cell < first + job->experiment->n_replicates; cell++) {
        if (job->results->cells[cell].status == SIM_RUN_OK) {
            double number = sim_sink_number(job, column, cell, tick, label);
            job->values[n] = number;
            n += isnan(number) ? 0 : 1;
        }
    }
    return n;
}

void
sim_sink_gather_summary(
    struct sim_sink_job *job, const struct sim_sink_column *column, hsize_t first, hsize_t count, double *out)
{
    double statistics[SIM_N_STATISTICS];
    uint32_t ticks = sim_experiment_rows(job->experiment);
    for (uint64_t point = first; point < first + count; point++) {
        for (uint32_t tick = 0; tick < ticks; tick++) {
            for (uint32_t label = 0; label < column->labels; label++) {
                summarise(job, collect(job, column, point, tick, label), statistics);
                for (uint64_t s = 0; s < SIM_N_STATISTICS; s++) {
                    uint64_t row = ((point - first) * SIM_N_STATISTICS + s) * ticks + tick;
                    out[row * column->labels + label] = isnan(statistics[s]) ? (double) NAN : statistics[s];
                }
            }
        }
    }
}
