/* hdf5_heap.h - whether the texts of a variable are whole. HDF5 keeps texts of any length in heaps that have no
 * checksum, and copies as much as a damaged one says, which ends the process. So they are looked at first. */
#ifndef SIM_HDF5_HEAP_H
#define SIM_HDF5_HEAP_H

#include <hdf5.h>
#include <stdint.h>

/* Of n texts from the first on, counted row by row: SIM_OK, also where HDF5 keeps them in another way than
 * sim_writer_texts; SIM_ERR_FILE if one is not where the file says, or has another length; SIM_ERR_MEMORY. */
int sim_heap_check(hid_t file, hid_t variable, uint64_t first, uint64_t n);

#endif
