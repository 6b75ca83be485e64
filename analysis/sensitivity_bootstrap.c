/* sensitivity_bootstrap.c - statistics of a sample with their intervals. */
#include "analysis/sensitivity_methods.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>

int
sensitivity_bootstrap(const struct sensitivity_data *data, uint32_t n_rows, resample_statistics statistics,
    void *context, uint32_t n_out, struct inference_interval *estimates)
{
    const struct resample_plan plan = { n_rows, data->n_samples, data->seed, statistics, context, n_out };
    uint32_t *rows = sim_alloc(n_rows, sizeof(*rows));
    double *values = sim_alloc(n_out, 3 * sizeof(*values));
    int ret = rows != NULL && values != NULL ? SIM_OK : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        for (uint32_t i = 0; i < n_rows; i++) {
            rows[i] = i;
        }
        statistics(rows, n_rows, context, values);
        ret = resample_intervals(&plan, values + n_out, values + 2 * (size_t) n_out);
    }
    for (uint32_t i = 0; i < n_out && ret == SIM_OK; i++) {
        double low = values[n_out + i], high = values[2 * (size_t) n_out + i];
        int exists = !isnan(values[i]); /* samples may be without the row that spoils it */
        estimates[i] = (struct inference_interval){ values[i], exists ? low : NAN, exists ? high : NAN };
    }
    sim_free(rows);
    sim_free(values);
    return ret;
}
