/* sink_count.c - how the cells of a results file ended. */
#include "sim/sink.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"
#include "sim/sink_parts.h"

#include <string.h>

static int
count(struct sim_reader *reader, uint32_t counts[SIM_RUN_NOT_RUN + 1])
{
    uint64_t extent[SIM_WRITER_RANK];
    if (!sim_reader_says(reader, "/", "Conventions", SIM_SINK_CONVENTIONS)
        || sim_reader_extent(reader, "run_status", extent) != 2) {
        return SIM_ERR_FILE;
    }
    size_t n = (size_t) (extent[0] * extent[1]);
    int8_t *statuses = sim_alloc(n, sizeof(*statuses));
    int ret = statuses != NULL ? sim_reader_numbers(reader, "run_status", SIM_FORM_BYTE, statuses, n)
                               : SIM_ERR_MEMORY;
    for (size_t i = 0; ret == SIM_OK && i < n; i++) {
        if (statuses[i] >= SIM_RUN_OK && statuses[i] <= SIM_RUN_NOT_RUN) {
            counts[statuses[i]]++;
        }
    }
    sim_free(statuses);
    return ret;
}

int
sim_sink_count(const char *path, uint32_t counts[SIM_RUN_NOT_RUN + 1])
{
    struct sim_reader reader;
    struct sim_silence silence = sim_silence_begin();
    memset(counts, 0, (SIM_RUN_NOT_RUN + 1) * sizeof(*counts));
    int ret = sim_reader_init(&reader, path);
    if (ret == SIM_OK) {
        ret = count(&reader, counts);
    }
    sim_reader_free(&reader);
    sim_silence_end(silence);
    return ret;
}
