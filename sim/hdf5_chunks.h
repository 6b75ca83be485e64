/* hdf5_chunks.h - whether the compressed pieces of a variable can be what HDF5 takes them for. Where they lie, how long they
 * are and which filters they went through stands in tables without a checksum, and HDF5 takes a piece that went
 * through none for whole, however short it is, and reads on behind it. So they are looked at first. */
#ifndef SIM_HDF5_CHUNKS_H
#define SIM_HDF5_CHUNKS_H

#include <hdf5.h>

/* Of the pieces that hold what is selected of a variable, whose space this is: SIM_OK, also where they have other
 * filters than sim_writer's; SIM_ERR_FILE if one is not compressed and has not its full length; SIM_ERR_MEMORY. */
int sim_chunks_check(hid_t variable, hid_t space);

#endif
