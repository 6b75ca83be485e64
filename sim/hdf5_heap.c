/* hdf5_heap.c - looks at the heaps of texts, as the HDF5 File Format Specification has them (III.E, Disk Format:
 * Level 1E): 16 bytes of header, "GCOL", version and size; then objects, each with 16 bytes of header, its number
 * and length, in steps of 8 bytes; number 0 is what is free at the end.
 */
#include "sim/hdf5_heap.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER 16    /* bytes, of a heap and of an object */
#define REFERENCE 16 /* bytes of a text in its variable: length, address of the heap, number of the object */
#define BATCH 256    /* references that are read at a time */
#define ADDRESS_SIZE 8

struct heap {
    int file;
    uint64_t file_size;
    uint64_t address, size;
    unsigned char *bytes; /* NULL: none is in memory */
};

static uint64_t
little_endian(const unsigned char *bytes, int n)
{
    uint64_t value = 0;
    for (int i = n - 1; i >= 0; i--) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static int
read_bytes(const struct heap *heap, uint64_t address, uint64_t n, unsigned char *bytes)
{
    if (address > heap->file_size || n > heap->file_size - address) {
        return SIM_ERR_FILE;
    }
    return pread(heap->file, bytes, (size_t) n, (off_t) address) == (ssize_t) n ? SIM_OK : SIM_ERR_FILE;
}

static int
read_heap(struct heap *heap, uint64_t address)
{
    unsigned char header[HEADER];
    sim_free(heap->bytes);
    heap->bytes = NULL;
    if (read_bytes(heap, address, HEADER, header) != SIM_OK || memcmp(header, "GCOL", 4) != 0) {
        return SIM_ERR_FILE;
    }
    heap->address = address;
    heap->size = little_endian(header + 8, 8);
    if (heap->size < HEADER || heap->size > heap->file_size - address) {
        return SIM_ERR_FILE;
    }
    heap->bytes = sim_alloc((size_t) heap->size, 1);
    return heap->bytes == NULL ? (int) SIM_ERR_MEMORY : read_bytes(heap, address, heap->size, heap->bytes);
}

/* Whether all objects of the heap lie in it, and one of them has this number and length. */
static int
has_object(const struct heap *heap, uint64_t number, uint64_t length)
{
    int found = 0;
    for (uint64_t at = HEADER; at + HEADER <= heap->size;) {
        uint64_t has_number = little_endian(heap->bytes + at, 2);
        uint64_t has_length = little_endian(heap->bytes + at + 8, 8), room = heap->size - at;
        if (has_number == 0) {
            return found && has_length >= HEADER && has_length <= room;
        }
        if (has_length > room - HEADER) {
            return 0;
        }
        found = found || (has_number == number && has_length == length);
        at += HEADER + (has_length + 7) / 8 * 8;
    }
    return found;
}

static int
check_reference(struct heap *heap, const unsigned char *reference)
{
    uint64_t length = little_endian(reference, 4), address = little_endian(reference + 4, 8);
    int ret = SIM_OK;
    if (length == 0) {
        return SIM_OK;
    }
    if (heap->bytes == NULL || heap->address != address) {
        ret = read_heap(heap, address);
    }
    if (ret == SIM_OK && !has_object(heap, little_endian(reference + 12, 4), length)) {
        ret = SIM_ERR_FILE;
    }
    return ret;
}

/* Where the references of a variable begin, and the file's descriptor; 0 if HDF5 keeps them in another way. */
static int
find_references(hid_t file, hid_t variable, uint64_t *start, struct heap *heap)
{
    struct stat status;
    size_t address_size = 0, length_size = 0;
    void *descriptor = NULL;
    hid_t made = H5Fget_create_plist(file), access = H5Fget_access_plist(file);
    haddr_t offset = H5Dget_offset(variable);
    int found = made >= 0 && access >= 0 && offset != HADDR_UNDEF
        && H5Pget_sizes(made, &address_size, &length_size) >= 0 && address_size == ADDRESS_SIZE
        && length_size == ADDRESS_SIZE && H5Pget_driver(access) == H5FD_SEC2
        && H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor) >= 0 && descriptor != NULL
        && fstat(*(int *) descriptor, &status) == 0;
    if (found) {
        *start = offset;
        heap->file = *(int *) descriptor;
        heap->file_size = (uint64_t) status.st_size;
    }
    if (made >= 0) {
        H5Pclose(made);
    }
    if (access >= 0) {
        H5Pclose(access);
    }
    return found;
}

int
sim_heap_check(hid_t file, hid_t variable, uint64_t first, uint64_t n)
{
    struct heap heap = { .file = -1 };
    unsigned char references[BATCH * REFERENCE];
    uint64_t start = 0;
    if (!find_references(file, variable, &start, &heap)) {
        return SIM_OK;
    }
    int ret = SIM_OK;
    while (ret == SIM_OK && n > 0) {
        uint64_t batch = n < BATCH ? n : BATCH;
        ret = read_bytes(&heap, start + first * REFERENCE, batch * REFERENCE, references);
        for (uint64_t i = 0; ret == SIM_OK && i < batch; i++) {
            ret = check_reference(&heap, references + i * REFERENCE);
        }
        first += batch;
        n -= batch;
    }
    sim_free(heap.bytes);
    return ret;
}
