/* export_rows.c - the numbers of several variables of a results file, in blocks of bounded size. */
#include "analysis/export_rows.h"

#include "sim/alloc.h"
#include "sim/error.h"

/* What is in memory at a time. */
struct block {
    uint32_t designs, replicates, ticks; /* the most that it holds */
    uint32_t design, replicate, tick;    /* where it starts */
    uint32_t n_designs, n_replicates, n_ticks;
};

int
export_rows_add(struct export_rows *rows, const char *name, const char *head)
{
    const struct reader *reader = rows->reader;
    struct export_variable variable = { .name = name, .head = head, .inner = 1 };
    int outer = rows->has_ticks ? 3 : 2;
    variable.rank = reader_extent(reader, name, variable.extent);
    if (variable.rank < outer || variable.extent[0] != reader->n_designs
        || variable.extent[1] != reader->n_replicates
        || (rows->has_ticks && variable.extent[2] != reader->n_ticks)) {
        return SIM_ERR_FILE;
    }
    for (int i = outer; i < variable.rank; i++) {
        if (variable.extent[i] > UINT32_MAX / variable.inner) {
            return SIM_ERR_FILE;
        }
        variable.inner *= (uint32_t) variable.extent[i];
    }
    struct export_variable *longer = sim_resize(rows->list, rows->n, rows->n + 1u, sizeof(*longer));
    if (longer == NULL) {
        return SIM_ERR_MEMORY;
    }
    rows->list = longer;
    longer[rows->n++] = variable;
    return SIM_OK;
}

void
export_rows_free(struct export_rows *rows)
{
    for (uint32_t i = 0; i < rows->n; i++) {
        sim_free(rows->list[i].numbers);
    }
    sim_free(rows->list);
    *rows = (struct export_rows){ .n = 0 };
}

static uint32_t
at_most(uint64_t number, uint32_t most)
{
    return number == 0 ? 1 : number < most ? (uint32_t) number : most;
}

/* Whole design points, else some replicates of one, else some months of one. */
static struct block
plan_block(const struct export_rows *rows)
{
    const struct reader *reader = rows->reader;
    uint32_t n_ticks = rows->has_ticks ? reader->n_ticks : 1;
    uint64_t row = 0, room = rows->room > 0 ? rows->room : EXPORT_ROOM;
    for (uint32_t i = 0; i < rows->n; i++) {
        row += rows->list[i].inner;
    }
    uint64_t cells = room / (row * n_ticks);
    return (struct block){ .designs = at_most(cells / reader->n_replicates, reader->n_designs),
        .replicates = at_most(cells, reader->n_replicates),
        .ticks = at_most(room / row, n_ticks) };
}

static int
make_room(const struct export_rows *rows, const struct block *block)
{
    size_t n = (size_t) block->designs * block->replicates * block->ticks;
    int ret = SIM_OK;
    for (uint32_t i = 0; i < rows->n && ret == SIM_OK; i++) {
        struct export_variable *variable = &rows->list[i];
        sim_free(variable->numbers);
        variable->numbers = sim_alloc(n, variable->inner * sizeof(double));
        ret = variable->numbers != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    return ret;
}

static int
read_block(const struct export_rows *rows, const struct block *block, struct sim_messages *messages)
{
    int ret = SIM_OK, outer = rows->has_ticks ? 3 : 2;
    for (uint32_t v = 0; v < rows->n && ret == SIM_OK; v++) {
        const struct export_variable *variable = &rows->list[v];
        uint64_t start[READER_RANK] = { block->design, block->replicate, block->tick };
        uint64_t count[READER_RANK] = { block->n_designs, block->n_replicates, block->n_ticks };
        for (int i = outer; i < variable->rank; i++) {
            start[i] = 0;
            count[i] = variable->extent[i];
        }
        ret = reader_part(
            rows->reader, variable->name, variable->rank, start, count, variable->numbers, messages);
    }
    return ret;
}

static int
take_block(
    const struct export_rows *rows, const struct block *block, export_take take, FILE *out, void *context)
{
    const struct reader *reader = rows->reader;
    struct export_row row = { .rows = rows };
    int ret = SIM_OK;
    for (uint32_t d = 0; d < block->n_designs; d++) {
        for (uint32_t r = 0; r < block->n_replicates; r++) {
            row.design = block->design + d;
            row.replicate = block->replicate + r;
            int ran = reader_status(reader, row.design, row.replicate) == READER_RAN;
            for (uint32_t t = 0; t < block->n_ticks && ret == SIM_OK; t++, row.at++) {
                row.tick = reader->before + block->tick + t + 1;
                ret = ran ? take(&row, out, context) : SIM_OK;
            }
        }
    }
    return ret == SIM_OK && ferror(out) ? SIM_ERR_FILE : ret;
}

static uint32_t
rest(uint32_t all, uint32_t from, uint32_t most)
{
    return all - from < most ? all - from : most;
}

int
export_rows_write(
    const struct export_rows *rows, export_take take, FILE *out, void *context, struct sim_messages *messages)
{
    const struct reader *reader = rows->reader;
    uint32_t n_ticks = rows->has_ticks ? reader->n_ticks : 1;
    if (rows->n == 0) {
        return SIM_OK;
    }
    struct block block = plan_block(rows);
    int ret = make_room(rows, &block);
    while (ret == SIM_OK && block.design < reader->n_designs) {
        block.n_designs = rest(reader->n_designs, block.design, block.designs);
        block.n_replicates = rest(reader->n_replicates, block.replicate, block.replicates);
        block.n_ticks = rest(n_ticks, block.tick, block.ticks);
        ret = read_block(rows, &block, messages);
        if (ret == SIM_OK) {
            ret = take_block(rows, &block, take, out, context);
        }
        block.tick += block.n_ticks;
        block.replicate += block.tick == n_ticks ? block.n_replicates : 0;
        block.tick %= n_ticks;
        block.design += block.replicate == reader->n_replicates ? block.n_designs : 0;
        block.replicate %= reader->n_replicates;
    }
    return ret;
}
