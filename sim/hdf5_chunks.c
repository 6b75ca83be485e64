/* hdf5_chunks.c - looks at the pieces ("chunks") of variables before HDF5 reads them. */
#include "sim/hdf5_chunks.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_writer.h"

#include <stdint.h>

#define LONGEST UINT32_MAX /* bytes of a piece that HDF5 can have */

struct chunks {
    int rank;
    hsize_t piece[SIM_WRITER_RANK];                        /* the extent of one */
    hsize_t first[SIM_WRITER_RANK], last[SIM_WRITER_RANK]; /* element that is selected */
    uint64_t full;                                         /* bytes of a piece as it is in memory */
    uint32_t deflated;    /* its bit says that a piece did not go through deflate */
    unsigned char *bytes; /* of one as it is in the file */
    hsize_t n_bytes;
};

/* The bit of deflate among the filters, which may only be shuffle and deflate; 0 where that is not so. */
static uint32_t
find_deflate(hid_t properties)
{
    uint32_t bit = 0;
    int n = H5Pget_nfilters(properties);
    for (int i = 0; i < n; i++) {
        unsigned flags, settings;
        size_t n_values = 0;
        H5Z_filter_t filter =
            H5Pget_filter2(properties, (unsigned) i, &flags, &n_values, NULL, 0, NULL, &settings);
        if (filter != H5Z_FILTER_SHUFFLE && (filter != H5Z_FILTER_DEFLATE || bit != 0)) {
            return 0;
        }
        bit = filter == H5Z_FILTER_DEFLATE ? UINT32_C(1) << i : bit;
    }
    return bit;
}

/* Whether the variable is kept in such pieces, and some of it is selected. */
static int
describe(hid_t variable, hid_t space, struct chunks *chunks)
{
    hid_t type = H5Dget_type(variable);
    hid_t properties = H5Dget_create_plist(variable);
    int found = type >= 0 && properties >= 0 && H5Pget_layout(properties) == H5D_CHUNKED
        && H5Sget_select_npoints(space) > 0;
    if (found) {
        chunks->rank = H5Pget_chunk(properties, SIM_WRITER_RANK, chunks->piece);
        chunks->deflated = find_deflate(properties);
        chunks->full = H5Tget_size(type);
        found = chunks->deflated != 0 && chunks->rank >= 1 && chunks->rank <= SIM_WRITER_RANK
            && H5Sget_simple_extent_ndims(space) == chunks->rank
            && H5Sget_select_bounds(space, chunks->first, chunks->last) >= 0;
    }
    for (int i = 0; found && i < chunks->rank; i++) {
        chunks->full *= chunks->piece[i]; /* HDF5 has refused a file where it is more than 32 bits */
        found = chunks->piece[i] > 0;
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (properties >= 0) {
        H5Pclose(properties);
    }
    return found;
}

static int
make_room(struct chunks *chunks, hsize_t n)
{
    if (n > chunks->n_bytes) {
        sim_free(chunks->bytes);
        chunks->bytes = sim_alloc((size_t) n, 1);
        chunks->n_bytes = chunks->bytes == NULL ? 0 : n;
    }
    return chunks->bytes == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

/* HDF5 tells of the filters of a piece quickly only where it is read as it is. One that was never written holds
 * nothing. */
static int
check_chunk(hid_t variable, struct chunks *chunks, const hsize_t *at)
{
    hsize_t length = 0;
    uint32_t skipped = 0;
    if (H5Dget_chunk_storage_size(variable, at, &length) < 0) {
        return SIM_ERR_FILE;
    }
    if (length == 0) {
        return SIM_OK;
    }
    if (length > LONGEST || length > 2 * chunks->full + 1024) {
        return SIM_ERR_FILE; /* compressed it is hardly longer */
    }
    int ret = make_room(chunks, length);
    if (ret == SIM_OK && H5Dread_chunk(variable, H5P_DEFAULT, at, &skipped, chunks->bytes) < 0) {
        ret = SIM_ERR_FILE;
    }
    return ret == SIM_OK && (skipped & chunks->deflated) != 0 && length != chunks->full ? (int) SIM_ERR_FILE
                                                                                        : ret;
}

/* To the next piece, row by row; 0 after the last. */
static int
advance(const struct chunks *chunks, hsize_t *at)
{
    for (int i = chunks->rank - 1; i >= 0; i--) {
        at[i] += chunks->piece[i];
        if (at[i] <= chunks->last[i]) {
            return 1;
        }
        at[i] = chunks->first[i] / chunks->piece[i] * chunks->piece[i];
    }
    return 0;
}

int
sim_chunks_check(hid_t variable, hid_t space)
{
    struct chunks chunks = { .bytes = NULL };
    hsize_t at[SIM_WRITER_RANK] = { 0 };
    int ret = SIM_OK;
    if (!describe(variable, space, &chunks)) {
        return SIM_OK;
    }
    for (int i = 0; i < chunks.rank; i++) {
        at[i] = chunks.first[i] / chunks.piece[i] * chunks.piece[i];
    }
    do {
        ret = check_chunk(variable, &chunks, at);
    } while (ret == SIM_OK && advance(&chunks, at));
    sim_free(chunks.bytes);
    return ret;
}
