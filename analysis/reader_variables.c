/* reader_variables.c - variables and attributes of a results file by their names, with HDF5 silenced. What is not
 * UTF-8 can stand in no JSON, CSV or page: in texts it becomes '?', and a thing with such a name is left out.
 */
#include "analysis/reader.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"
#include "sim/utf8.h"

#include <string.h>

static int
is_utf8(const char *text)
{
    size_t left = strlen(text), bytes;
    uint32_t point;
    for (; left > 0; text += bytes, left -= bytes) {
        bytes = sim_utf8_decode((const unsigned char *) text, left, &point);
        if (bytes == 0) {
            return 0;
        }
    }
    return 1;
}

static void
leave_out_unreadable(char **names, uint32_t *n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *n; i++) {
        if (is_utf8(names[i])) {
            names[kept++] = names[i];
        } else {
            sim_free(names[i]);
        }
    }
    *n = kept;
}

int
reader_extent(const struct reader *reader, const char *variable, uint64_t extent[READER_RANK])
{
    _Static_assert(READER_RANK == SIM_WRITER_RANK, "the same dimensions");
    struct sim_silence silence = sim_silence_begin();
    int rank = sim_reader_extent(reader->file, variable, extent);
    sim_silence_end(silence);
    return rank;
}

int
reader_last_dimension(const struct reader *reader, const char *variable, char **name)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_last_dimension(reader->file, variable, name);
    sim_silence_end(silence);
    return ret;
}

int
reader_cell(const struct reader *reader, const char *variable, uint32_t design, uint32_t replicate,
    double *values, uint64_t n)
{
    const uint64_t index[] = { design, replicate };
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_part(reader->file, variable, index, 2, values, n);
    sim_silence_end(silence);
    return ret;
}

int
reader_text(
    const struct reader *reader, const char *variable, const uint64_t *index, int n_index, char **text)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_text(reader->file, variable, index, n_index, text);
    sim_silence_end(silence);
    if (ret == SIM_OK) {
        sim_utf8_repair(*text);
    }
    return ret;
}

int
reader_numbers(const struct reader *reader, const char *variable, double *numbers, uint32_t n)
{
    const uint64_t start = 0, count = n;
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_box(reader->file, variable, 1, &start, &count, numbers);
    sim_silence_end(silence);
    return ret;
}

int
reader_texts(const struct reader *reader, const char *variable, uint32_t n, char ***texts)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_texts(reader->file, variable, n, texts);
    sim_silence_end(silence);
    for (uint32_t i = 0; ret == SIM_OK && i < n; i++) {
        sim_utf8_repair((*texts)[i]);
    }
    return ret;
}

int
reader_number(const struct reader *reader, const char *variable, uint32_t index, double *number)
{
    const uint64_t at = index;
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_part(reader->file, variable, &at, 1, number, 1);
    sim_silence_end(silence);
    return ret;
}

uint32_t
reader_length(const struct reader *reader, const char *variable)
{
    struct sim_silence silence = sim_silence_begin();
    uint32_t length = sim_reader_length(reader->file, variable);
    sim_silence_end(silence);
    return length;
}

int
reader_is_number(const struct reader *reader, const char *variable)
{
    struct sim_silence silence = sim_silence_begin();
    int is_number = sim_reader_is_number(reader->file, variable);
    sim_silence_end(silence);
    return is_number;
}

int
reader_attribute(const struct reader *reader, const char *object, const char *name, char **text)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_text_attribute(reader->file, object, name, text);
    sim_silence_end(silence);
    if (*text != NULL) {
        sim_utf8_repair(*text);
    }
    return ret;
}

int
reader_attributes(const struct reader *reader, const char *object, char ***names, uint32_t *n)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_attributes(reader->file, object, names, n);
    sim_silence_end(silence);
    if (ret == SIM_OK) {
        leave_out_unreadable(*names, n);
    }
    return ret;
}

int
reader_attribute_numbers(
    const struct reader *reader, const char *object, const char *name, double *values, uint32_t n)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_reals_attribute(reader->file, object, name, values, n);
    sim_silence_end(silence);
    return ret;
}

int
reader_variables(const struct reader *reader, char ***names, uint32_t *n)
{
    struct sim_silence silence = sim_silence_begin();
    int ret = sim_reader_variables(reader->file, names, n);
    sim_silence_end(silence);
    if (ret == SIM_OK) {
        leave_out_unreadable(*names, n);
    }
    return ret;
}

void
reader_free_texts(char **texts, uint32_t n)
{
    sim_reader_free_texts(texts, n);
}
