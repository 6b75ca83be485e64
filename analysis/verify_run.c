/* verify_run.c - runs the cells again, some at a time, and judges each as it ends. */
#include "analysis/verify.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/execute.h"
#include "sim/experiment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The cells as the work sees them. */
struct job {
    const struct reader *reader;
    struct verify_cell *cells;
    uint32_t *numbers; /* of each in the experiment that runs */
    uint32_t n, given; /* given: to a thread */
    struct verify_sheet sheet;
    struct sim_messages *messages;
};

static enum sim_next
next_cell(void *context, uint32_t *cell)
{
    struct job *job = context;
    if (job->given == job->n) {
        return SIM_NEXT_END;
    }
    *cell = job->numbers[job->given++];
    return SIM_NEXT_CELL;
}

static void
judge(struct verify_cell *cell)
{
    int same_digest = strcmp(cell->digest, cell->recorded_digest) == 0, same_numbers = cell->n_variables == 0;
    cell->finding = same_digest && same_numbers ? VERIFY_EQUAL
        : same_numbers                          ? VERIFY_DIGEST
        : same_digest                           ? VERIFY_NUMBERS
                                                : VERIFY_BOTH;
}

/* What the file says of a cell's digest. */
static int
read_digest(const struct job *job, struct verify_cell *cell)
{
    const uint64_t index[] = { cell->design, cell->replicate };
    char *text = NULL;
    int ret = reader_text(job->reader, "run_digest", index, 2, &text);
    if (ret == SIM_OK) {
        snprintf(cell->recorded_digest, sizeof(cell->recorded_digest), "%s", text);
    } else if (ret == SIM_ERR_FILE) {
        sim_messages_add(job->messages, SIM_ERROR, (struct sim_where){ job->reader->path, 0, 0 },
            "damaged or incomplete, at run_digest");
    }
    sim_free(text);
    return ret;
}

static int
end_cell(void *context, struct sim_finished *finished)
{
    struct job *job = context;
    uint32_t i = 0;
    while (job->numbers[i] != finished->cell) {
        i++;
    }
    struct verify_cell *cell = &job->cells[i];
    int ret = read_digest(job, cell);
    if (ret != SIM_OK) {
        return ret;
    }
    if (finished->status != SIM_RUN_OK) {
        cell->finding = VERIFY_FAILED;
        snprintf(cell->error, sizeof(cell->error), "%s", finished->error);
        return SIM_OK;
    }
    snprintf(cell->digest, sizeof(cell->digest), "%016" PRIx64, finished->digest);
    ret = verify_compare(&job->sheet, finished->rows, cell, job->messages);
    if (ret == SIM_OK) {
        judge(cell);
    }
    return ret;
}

/* The file's coordinates tell how many places and agents there are in the numbers of a cell. */
static void
find_layout(const struct reader *reader, const struct sim_model *model, struct sim_layout *layout)
{
    uint32_t places[SIM_LEVELS] = { 0 }, n_agents = 0;
    for (int level = SIM_REGION; level < SIM_LEVELS; level++) {
        if (model->level_names[level] != NULL) {
            places[level] = reader_length(reader, model->level_names[level]);
        }
    }
    if (model->n_histories > 0) {
        n_agents = reader_length(reader, model->kinds[model->histories[0].kind].name);
    }
    sim_record_layout_of(model, places, n_agents, layout);
}

/* The numbers that the cells have among the design points of the experiment. */
static void
number_cells(struct job *job)
{
    uint32_t point = 0;
    for (uint32_t i = 0; i < job->n; i++) {
        point += i > 0 && job->cells[i].design != job->cells[i - 1].design;
        job->numbers[i] = point * job->reader->n_replicates + job->cells[i].replicate;
    }
}

int
verify_run(const struct reader *reader, struct verify_cell *cells, uint32_t n, const struct verify_how *how,
    struct sim_messages *messages)
{
    struct sim_experiment experiment = { 0 };
    struct sim_layout layout;
    struct job job = { .reader = reader, .cells = cells, .n = n, .messages = messages };
    const struct sim_work work = { .context = &job, .next = next_cell, .done = end_cell };
    const struct sim_crew crew = {
        .threads = how->threads, .bind = how->bind, .cells = n, .stop = how->stop
    };
    struct sim_effort effort;
    int ret = verify_rebuild(reader, cells, n, how, &experiment, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    find_layout(reader, experiment.model, &layout);
    job.sheet = (struct verify_sheet){ reader, experiment.model, &layout };
    job.numbers = sim_alloc(n, sizeof(*job.numbers));
    if (job.numbers != NULL) {
        number_cells(&job);
        ret = sim_execute_work(&experiment, &layout, &work, &crew, &effort);
    } else {
        ret = SIM_ERR_MEMORY;
    }
    sim_free(job.numbers);
    sim_experiment_free(&experiment);
    return ret;
}
