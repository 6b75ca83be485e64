/* hdf5_driver.h - HDF5's way to a publication.
 *
 * HDF5 cannot bear a failed write: its calls may succeed on a full disk, only the close fails, and the
 * library may then crash at exit. So it writes through a driver of our own that keeps the first failure to
 * itself and tells HDF5 that all is well. The publication knows it, and reports it at the end.
 */
#ifndef SIM_HDF5_DRIVER_H
#define SIM_HDF5_DRIVER_H

#include "sim/publish.h"

#include <hdf5.h>
#if H5_VERSION_GE(1, 13, 2)
#include <H5FDdevelop.h>
#endif

/* HDF5's view of the file that is written. */
struct sim_driver {
    H5FD_t public; /* HDF5's own members come first */
    struct sim_publication *publication;
    haddr_t allocated; /* end of what HDF5 has given out */
    haddr_t written;   /* end of what it has written */
    hid_t id;          /* -1: not registered */
};

/* Registers the driver; a negative value if HDF5 refuses. The driver must not move. */
herr_t sim_driver_init(struct sim_driver *driver, struct sim_publication *publication);
void sim_driver_free(struct sim_driver *driver);

/* Makes an access list open one new file through the driver. Negative if HDF5 refuses. */
herr_t sim_driver_choose(struct sim_driver *driver, hid_t access);

#endif
