/* report_fans.c - how an observation goes over the months in the cells of a scenario: median, and the bands that half and
 * four fifths of the cells are in. Reads some months at a time, so that memory stays bounded.
 */
#include "analysis/report_fans.h"
#include "analysis/report_data.h"
#include "analysis/report_json.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#define PIECE 8388608 /* numbers that are read at a time, or one month's if these are more */

static const double probabilities[FAN_QUANTILES] = { 0.1, 0.25, 0.5, 0.75, 0.9 };
static const char *const names[FAN_QUANTILES] = { "low80", "low50", "median", "high50", "high80" };

/* One observation of one group of cells. */
struct fan {
    const struct report_file *file;
    const struct reader_observation *observation;
    const struct report_group *group;
    uint32_t step, n_months; /* of the fan */
    double *numbers;         /* of some months: by design, replicate, tick, label */
    double *cells;           /* of one month and label, without those that have none */
    double *quantiles;       /* by label, quantile, month of the fan */
    uint32_t *n;             /* by label: the most cells that have a value in a month */
};

/* Puts the numbers of these ranks, ascending, where they stand in ascending order, and no smaller one behind them. */
static void
place_ranks(double *numbers, size_t first, size_t end, const size_t *ranks, size_t n)
{
    if (n == 0 || end - first < 2) {
        return;
    }
    size_t middle = ranks[n / 2];
    gsl_stats_select(numbers + first, 1, end - first, middle - first);
    size_t below = n / 2, above = n / 2 + 1;
    while (below > 0 && ranks[below - 1] == middle) {
        below--;
    }
    while (above < n && ranks[above] == middle) {
        above++;
    }
    place_ranks(numbers, first, middle, ranks, below);
    place_ranks(numbers, middle + 1, end, ranks + above, n - above);
}

void
fan_quantiles(double *numbers, size_t n, double quantiles[FAN_QUANTILES])
{
    size_t ranks[2 * FAN_QUANTILES];
    for (size_t q = 0; q < FAN_QUANTILES && n > 0; q++) {
        size_t below = (size_t) (probabilities[q] * (double) (n - 1));
        ranks[2 * q] = below;
        ranks[2 * q + 1] = below + 1 < n ? below + 1 : below;
    }
    /* Ranks of neighbouring quantiles may cross when there are few numbers. */
    for (size_t i = 1; i < 2 * FAN_QUANTILES && n > 0; i++) {
        ranks[i] = ranks[i] < ranks[i - 1] ? ranks[i - 1] : ranks[i];
    }
    place_ranks(numbers, 0, n, ranks, n > 0 ? 2 * FAN_QUANTILES : 0);
    for (size_t q = 0; q < FAN_QUANTILES; q++) {
        quantiles[q] = sim_quantile(numbers, n, probabilities[q]);
    }
}

/* Takes the cells of a month and label from a box that was read. */
static size_t
gather(const struct fan *fan, const struct reader_box *box, uint32_t tick, uint32_t label)
{
    const struct reader *reader = fan->file->reader;
    const size_t stride = (size_t) box->n_ticks * box->n_labels;
    const double *number = fan->numbers + (size_t) (tick - box->tick) * box->n_labels + label;
    size_t n = 0;
    for (uint32_t d = 0; d < box->n_designs; d++) {
        for (uint32_t r = 0; r < reader->n_replicates; r++, number += stride) {
            if (reader_status(reader, box->design + d, r) == READER_RAN && !isnan(*number)) {
                fan->cells[n++] = *number;
            }
        }
    }
    return n;
}

static void
take_months(struct fan *fan, const struct reader_box *box)
{
    uint32_t first = (fan->file->reader->n_ticks - 1) % fan->step; /* so that the last month is one */
    for (uint32_t tick = box->tick; tick < box->tick + box->n_ticks; tick++) {
        if (tick % fan->step != first) {
            continue;
        }
        for (uint32_t label = 0; label < box->n_labels; label++) {
            double quantiles[FAN_QUANTILES];
            size_t n = gather(fan, box, tick, label);
            fan->n[label] = n > fan->n[label] ? (uint32_t) n : fan->n[label];
            fan_quantiles(fan->cells, n, quantiles);
            for (size_t q = 0; q < FAN_QUANTILES; q++) {
                fan->quantiles[(label * FAN_QUANTILES + q) * fan->n_months + tick / fan->step] = quantiles[q];
            }
        }
    }
}

static int
read_months(struct fan *fan, struct sim_messages *messages)
{
    const struct reader *reader = fan->file->reader;
    struct reader_box box = { .design = fan->group->first_design,
        .n_designs = fan->group->n_designs,
        .n_replicates = reader->n_replicates,
        .n_labels = fan->observation->n_labels };
    size_t cells = (size_t) box.n_designs * box.n_replicates;
    size_t fit = PIECE / (cells * box.n_labels) > 0 ? PIECE / (cells * box.n_labels) : 1;
    uint32_t ticks = fit < reader->n_ticks ? (uint32_t) fit : reader->n_ticks;
    fan->numbers = sim_alloc(cells * box.n_labels, ticks * sizeof(double));
    fan->cells = sim_alloc(cells, sizeof(double));
    fan->quantiles = sim_alloc((size_t) box.n_labels * FAN_QUANTILES, fan->n_months * sizeof(double));
    fan->n = sim_alloc(box.n_labels, sizeof(*fan->n));
    if (fan->numbers == NULL || fan->cells == NULL || fan->quantiles == NULL || fan->n == NULL) {
        return SIM_ERR_MEMORY;
    }
    int ret = SIM_OK;
    for (box.tick = 0; ret == SIM_OK && box.tick < reader->n_ticks; box.tick += ticks) {
        uint32_t left = reader->n_ticks - box.tick;
        box.n_ticks = ticks < left ? ticks : left;
        ret = reader_box(reader, fan->observation, &box, fan->numbers, messages);
        if (ret == SIM_OK) {
            take_months(fan, &box);
        }
    }
    return ret;
}

static json_t *
series_json(const struct fan *fan, uint32_t label)
{
    const double *quantiles = fan->quantiles + (size_t) label * FAN_QUANTILES * fan->n_months;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < (size_t) FAN_QUANTILES * fan->n_months; i++) {
        low = isfinite(quantiles[i]) ? fmin(low, quantiles[i]) : low;
        high = isfinite(quantiles[i]) ? fmax(high, quantiles[i]) : high;
    }
    int decimals = report_decimals(low, high);
    json_t *series = json_pack("{s:o, s:o, s:I, s:I, s:i}", "observation",
        answer_json_text(fan->observation->name), "label",
        answer_json_text(fan->observation->labels != NULL ? fan->observation->labels[label] : NULL), "group",
        (json_int_t) (fan->group - fan->file->groups), "n", (json_int_t) fan->n[label], "decimals", decimals);
    int failed = series == NULL;
    for (size_t q = 0; q < FAN_QUANTILES && !failed; q++) {
        failed = report_set(
            series, names[q], report_packed(quantiles + q * fan->n_months, fan->n_months, decimals));
    }
    if (failed) {
        json_decref(series);
    }
    return failed ? NULL : series;
}

static void
forget_numbers(struct fan *fan)
{
    sim_free(fan->numbers);
    sim_free(fan->cells);
    sim_free(fan->quantiles);
    sim_free(fan->n);
    fan->numbers = fan->cells = fan->quantiles = NULL;
    fan->n = NULL;
}

static int
add_series(json_t *series, struct fan *fan, struct sim_messages *messages)
{
    int ret = read_months(fan, messages);
    for (uint32_t label = 0; ret == SIM_OK && label < fan->observation->n_labels; label++) {
        ret = report_append(series, series_json(fan, label)) ? SIM_ERR_MEMORY : SIM_OK;
    }
    forget_numbers(fan);
    return ret;
}

static json_t *
tick_json(const void *context, uint32_t i)
{
    const struct fan *fan = context;
    const struct reader *reader = fan->file->reader;
    uint32_t first = (reader->n_ticks - 1) % fan->step;
    return json_integer((json_int_t) reader->before + first + i * fan->step + 1);
}

int
report_fans(json_t *data, const struct report_file *file, struct sim_messages *messages)
{
    const struct reader *reader = file->reader;
    struct fan fan = { .file = file, .step = (reader->n_ticks + REPORT_TICKS - 1) / REPORT_TICKS };
    fan.n_months = (reader->n_ticks + fan.step - 1) / fan.step;
    json_t *series = json_array();
    int ret = series != NULL ? SIM_OK : SIM_ERR_MEMORY;
    for (uint32_t o = 0; o < reader->n_observations; o++) {
        fan.observation = &reader->observations[o];
        for (uint32_t g = 0; ret == SIM_OK && file->shown[o] && g < file->n_shown; g++) {
            fan.group = &file->groups[g];
            ret = add_series(series, &fan, messages);
        }
    }
    json_t *fans =
        json_pack("{s:o, s:o}", "tick", answer_json_array(fan.n_months, tick_json, &fan), "series", series);
    int failed = report_set(data, "tick_step", json_integer(fan.step));
    failed = report_set(data, "fans", fans) || failed;
    return ret == SIM_OK && failed ? (int) SIM_ERR_MEMORY : ret;
}
