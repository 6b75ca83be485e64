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
collect(struct sim_sink_job *job, const double *numbers, size_t stride, const int8_t *statuses)
{
    size_t n = 0;
    for (size_t r = 0; r < job->n_replicates; r++) {
        double number = numbers[r * stride];
        if (statuses[r] == SIM_RUN_OK && !isnan(number)) {
            job->values[n++] = number;
        }
    }
    return n;
}

void
sim_sink_summarise(struct sim_sink_job *job, const double *numbers, size_t stride, size_t n,
    const int8_t *statuses, double *statistics)
{
    for (size_t i = 0; i < n; i++) {
        double *out = statistics + i * SIM_N_STATISTICS;
        summarise(job, collect(job, numbers + i, stride, statuses), out);
        for (int s = 0; s < SIM_N_STATISTICS; s++) {
            out[s] = isnan(out[s]) ? (double) NAN : out[s]; /* of the bit patterns of NaN, always the same */
        }
    }
}
