/* experiment.c - settles what files and the command line said, and names the whole by a digest. */
#include "sim/experiment.h"

#include "sim/alloc.h"
#include "sim/design_draft.h"
#include "sim/error.h"
#include "sim/events.h"
#include "sim/experiment_draft.h"
#include "sim/stopping_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#define REPLICATES_LIMIT 1000000
#define TICKS_LIMIT SIM_MONTH_LIMIT
#define CELLS_LIMIT 100000000

static const struct sim_where nowhere = { NULL, 0, 0 };

/* What the command line says wins over the file, and that over the default. */
static int64_t
settle_number(struct sim_draft *draft, int which, int64_t asked, int64_t standard)
{
    const struct sim_draft_number *number = &draft->numbers[which];
    if (asked >= 0 && (asked < number->lowest || asked > number->highest)) {
        sim_messages_add(draft->messages, SIM_ERROR, nowhere,
            "%s must lie between %" PRId64 " and %" PRId64 ", not %" PRId64, number->key, number->lowest,
            number->highest, asked);
        return standard;
    }
    return asked >= 0 ? asked : number->value >= 0 ? number->value : standard;
}

/* Whether the file says a number that is none, and the command line does not say another. */
static int
is_wrong(const struct sim_draft *draft, int which, int64_t asked)
{
    const struct sim_draft_number *number = &draft->numbers[which];
    return asked < 0 && number->at.file != NULL && number->value < 0;
}

static struct sim_where
where_of_start(const struct sim_draft *draft)
{
    return (struct sim_where){ draft->start_file, draft->start_line, draft->start_column };
}

/* Opens the file of states, if runs start from one. */
static int
settle_start(struct sim_draft *draft)
{
    struct sim_experiment *experiment = draft->experiment;
    int ret = SIM_OK;
    if (draft->request->start_from != NULL) {
        struct sim_where option = { "--start-from", 0, 0 };
        ret = sim_draft_keep_start(draft, draft->request->start_from, NULL, option);
    }
    if (ret == SIM_OK && draft->start_from != NULL) {
        ret = sim_states_init(&experiment->states, draft->start_from, where_of_start(draft), draft->messages);
        experiment->first_tick = experiment->states.tick;
    }
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

static void
settle_numbers(struct sim_draft *draft)
{
    const struct sim_request *request = draft->request;
    struct sim_experiment *experiment = draft->experiment;
    experiment->n_replicates = (uint32_t) settle_number(
        draft, SIM_NUMBER_REPLICATES, request->n_replicates, request->standard_replicates);
    experiment->seed = (uint32_t) settle_number(draft, SIM_NUMBER_SEED, request->seed, SIM_STANDARD_SEED);
    experiment->n_ticks =
        (uint32_t) settle_number(draft, SIM_NUMBER_TICKS, request->n_ticks, SIM_STANDARD_TICKS);
    int64_t half = experiment->n_ticks / 2;
    int64_t standard = half < SIM_STANDARD_BURN_IN ? half : SIM_STANDARD_BURN_IN;
    int64_t burn_in = settle_number(draft, SIM_NUMBER_BURN_IN, request->burn_in, standard);
    burn_in = burn_in > experiment->first_tick ? burn_in : experiment->first_tick;
    if (experiment->n_ticks <= experiment->first_tick) {
        sim_messages_add(draft->messages, SIM_ERROR, where_of_start(draft),
            "start_from: %s holds states of month %" PRIu32 ", but the run ends with month %" PRIu32
            "; ticks count from the start",
            draft->start_from, experiment->first_tick, experiment->n_ticks);
        return;
    }
    if (burn_in >= experiment->n_ticks && !is_wrong(draft, SIM_NUMBER_TICKS, request->n_ticks)) {
        int in_file = request->burn_in < 0 && draft->numbers[SIM_NUMBER_BURN_IN].value >= 0;
        sim_messages_add(draft->messages, SIM_ERROR,
            in_file ? draft->numbers[SIM_NUMBER_BURN_IN].at : nowhere,
            "burn_in is %" PRId64 " months, but the run has only %" PRIu32 "; leave at least one to average",
            burn_in, experiment->n_ticks);
    }
    experiment->burn_in = (uint32_t) burn_in;
}

/* When design points have replicates enough, which is then the largest number of them; what failures do. */
static void
settle_stopping(struct sim_draft *draft)
{
    struct sim_experiment *experiment = draft->experiment;
    if (draft->file.path == NULL) {
        return;
    }
    sim_stopping_read(&experiment->stopping, experiment->model, &draft->file, draft->request->n_replicates,
        draft->messages);
    sim_failure_read(&experiment->stop_after, &draft->file, draft->messages);
    if (experiment->stopping.n > 0) {
        experiment->n_replicates = experiment->stopping.max;
    }
}

/* Events that come after the end would never happen. */
static void
check_months(struct sim_draft *draft)
{
    uint32_t n_ticks = draft->experiment->n_ticks;
    for (uint32_t i = 0; i < draft->n_months; i++) {
        const struct sim_draft_month *named = &draft->months[i];
        if (named->month > n_ticks) {
            sim_messages_add(draft->messages, SIM_ERROR,
                (struct sim_where){ named->file, named->line, named->column },
                "month %" PRIu32 " comes after the run's last month, %" PRIu32, named->month, n_ticks);
        }
    }
}

/* What the command line wants recorded besides the file. */
static void
settle_record(struct sim_draft *draft)
{
    const struct sim_request *request = draft->request;
    struct sim_experiment *experiment = draft->experiment;
    struct sim_record asked = { .by = { 0 } };
    if (experiment->model == NULL) {
        return;
    }
    for (size_t i = 0; i < request->n_by; i++) {
        struct sim_where where = { "--by", 0, 0 };
        sim_record_by(&asked, experiment->model, request->by[i], where, draft->messages);
    }
    for (int level = 0; level < SIM_LEVELS; level++) {
        experiment->record.by[level] |= asked.by[level];
    }
    if (request->n_histories > 0) {
        struct sim_where where = { "--histories", 0, 0 };
        sim_record_agents(
            &experiment->record, experiment->model, request->n_histories, where, draft->messages);
    }
}

static void
hash_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text, strlen(text) + 1);
}

/* What every factor is at every point. */
static void
hash_points(XXH3_state_t *state, const struct sim_experiment *experiment)
{
    const struct sim_design *design = &experiment->design;
    char text[SIM_VALUE_SIZE > SIM_KEY_SIZE ? SIM_VALUE_SIZE : SIM_KEY_SIZE];
    for (uint32_t f = 0; f < design->n_factors; f++) {
        sim_field_key(design->factors[f].field, text);
        hash_text(state, text);
    }
    for (uint32_t p = 0; design->n_factors > 0 && p < experiment->n_points; p++) {
        for (uint32_t f = 0; f < design->n_factors; f++) {
            sim_point_value(experiment, p, f, text);
            hash_text(state, text);
        }
    }
}

static int
make_digest(struct sim_experiment *experiment)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL) {
        return SIM_ERR_MEMORY;
    }
    char numbers[128];
    snprintf(numbers, sizeof(numbers), "%s %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32,
        experiment->model->name, experiment->n_bases, experiment->n_replicates, experiment->seed,
        experiment->n_ticks, experiment->burn_in);
    XXH3_128bits_reset(state);
    hash_text(state, numbers);
    for (uint32_t i = 0; i < experiment->n_bases; i++) {
        hash_text(state, experiment->bases[i].stem);
        hash_text(state, experiment->bases[i].resolved);
    }
    for (uint32_t i = 0; i < experiment->n_given; i++) {
        hash_text(state, experiment->given[i].stem);
        hash_text(state, experiment->given[i].text);
    }
    for (uint32_t i = 0; i < experiment->n_settings; i++) {
        hash_text(state, experiment->settings[i]);
    }
    if (sim_record_is_on(&experiment->record)) {
        const struct sim_record *record = &experiment->record;
        snprintf(numbers, sizeof(numbers), "record %d %d %" PRIu32, record->by[SIM_REGION],
            record->by[SIM_BLOCK], record->n_agents);
        hash_text(state, numbers);
    }
    if (experiment->states.count > 0) {
        hash_text(state, "start_from");
        hash_text(state, experiment->states.checksum);
    }
    hash_points(state, experiment);
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    snprintf(experiment->digest, sizeof(experiment->digest), "%016" PRIx64 "%016" PRIx64,
        (uint64_t) hash.high64, (uint64_t) hash.low64);
    XXH3_freeState(state);
    return SIM_OK;
}

static int
keep_settings(struct sim_experiment *experiment, const struct sim_request *request)
{
    experiment->settings = sim_alloc(request->n_settings, sizeof(*experiment->settings));
    for (size_t i = 0; experiment->settings != NULL && i < request->n_settings; i++) {
        experiment->settings[i] = sim_copy_text(request->settings[i]);
        if (experiment->settings[i] == NULL) {
            return SIM_ERR_MEMORY;
        }
        experiment->n_settings++;
    }
    return experiment->settings != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

static void
draft_free(struct sim_draft *draft)
{
    for (uint32_t i = 0; i < draft->n_months; i++) {
        sim_free(draft->months[i].file);
    }
    for (uint32_t i = 0; i < draft->n_sources; i++) {
        sim_resolution_free(&draft->sources[i].resolution);
        sim_scenario_free(&draft->sources[i].scenario);
    }
    sim_free(draft->months);
    sim_free(draft->start_from);
    sim_free(draft->start_file);
    sim_free(draft->numbers_file);
    sim_free(draft->sources);
    sim_document_free(&draft->file);
}

int
sim_experiment_init(
    struct sim_experiment *experiment, const struct sim_request *request, struct sim_messages *messages)
{
    struct sim_draft draft = { experiment, request, messages,
        { { "replicates", 1, REPLICATES_LIMIT, -1, nowhere }, { "seed", 0, UINT32_MAX, -1, nowhere },
            { "ticks", 1, TICKS_LIMIT, -1, nowhere }, { "burn_in", 0, TICKS_LIMIT, -1, nowhere } },
        .errors = messages->errors };
    memset(experiment, 0, sizeof(*experiment));
    int ret = keep_settings(experiment, request);
    for (size_t i = 0; ret == SIM_OK && i < request->n_specs; i++) {
        ret = sim_draft_add_spec(&draft, request->specs[i]);
    }
    if (ret != SIM_OK) {
        goto out;
    }
    ret = settle_start(&draft);
    if (ret != SIM_OK) {
        goto out;
    }
    settle_numbers(&draft);
    settle_stopping(&draft);
    ret = sim_design_read(&draft);
    if (ret != SIM_OK) {
        goto out;
    }
    check_months(&draft);
    settle_record(&draft);
    if ((uint64_t) experiment->n_points * experiment->n_replicates > CELLS_LIMIT) {
        sim_messages_add(messages, SIM_ERROR, nowhere,
            "%" PRIu32 " %s x %" PRIu32 " replicates are more than %d cells", experiment->n_points,
            experiment->design.kind == SIM_DESIGN_NONE ? "scenarios" : "design points",
            experiment->n_replicates, CELLS_LIMIT);
    }
    if (messages->errors == draft.errors && experiment->n_bases == 0) {
        sim_messages_add(messages, SIM_ERROR, nowhere, "no scenario to run");
    }
    if (messages->errors == draft.errors) {
        sim_record_check(experiment, messages);
    }
    if (messages->errors == draft.errors && experiment->states.count > 0
        && sim_states_check(experiment, where_of_start(&draft), messages) == SIM_ERR_MEMORY) {
        ret = SIM_ERR_MEMORY;
        goto out;
    }
    sim_messages_sort(messages);
    ret = messages->errors > draft.errors ? SIM_ERR_INPUT : make_digest(experiment);
out:
    draft_free(&draft);
    if (ret != SIM_OK) {
        sim_experiment_free(experiment);
    }
    return ret;
}

void
sim_experiment_free(struct sim_experiment *experiment)
{
    for (uint32_t i = 0; i < experiment->n_bases; i++) {
        sim_free(experiment->bases[i].stem);
        sim_free(experiment->bases[i].title);
        sim_free(experiment->bases[i].resolved);
        sim_setting_free(&experiment->bases[i].setting);
        sim_variation_free(experiment->bases[i].variation);
    }
    for (uint32_t i = 0; i < experiment->n_given; i++) {
        sim_free(experiment->given[i].stem);
        sim_free(experiment->given[i].text);
    }
    for (uint32_t i = 0; i < experiment->n_settings; i++) {
        sim_free(experiment->settings[i]);
    }
    for (uint32_t i = 0; i < experiment->n_files; i++) {
        sim_free((void *) experiment->files[i].path);
        sim_free((void *) experiment->files[i].text);
    }
    sim_design_free(&experiment->design);
    sim_states_free(&experiment->states);
    sim_free(experiment->bases);
    sim_free(experiment->files);
    sim_free(experiment->given);
    sim_free(experiment->settings);
    memset(experiment, 0, sizeof(*experiment));
}
