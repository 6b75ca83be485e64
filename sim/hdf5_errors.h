/* hdf5_errors.h - HDF5's error stack: its printing silenced while we work, and put back as it was; its reason
 * for a failure. Only sources that include hdf5_*.h see HDF5.
 */
#ifndef SIM_HDF5_ERRORS_H
#define SIM_HDF5_ERRORS_H

#include <hdf5.h>
#include <stddef.h>

/* HDF5's error printing, as it was. */
struct sim_silence {
    H5E_auto2_t print;
    void *data;
};

struct sim_silence sim_silence_begin(void);
void sim_silence_end(struct sim_silence silence);

/* What went wrong first in the last call of HDF5; "" if nothing did. The next call of HDF5 forgets it. */
void sim_hdf5_reason(char *text, size_t size);

#endif
