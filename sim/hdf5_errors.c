/* hdf5_errors.c - HDF5's error stack. */
#include "sim/hdf5_errors.h"

#include <stdio.h>

struct reason {
    char *text;
    size_t size;
};

struct sim_silence
sim_silence_begin(void)
{
    struct sim_silence silence = { NULL, NULL };
    H5Eget_auto2(H5E_DEFAULT, &silence.print, &silence.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return silence;
}

void
sim_silence_end(struct sim_silence silence)
{
    H5Eset_auto2(H5E_DEFAULT, silence.print, silence.data);
}

/* The deepest entry of the stack says what went wrong first; it comes last. */
static herr_t
keep_reason(unsigned n, const H5E_error2_t *error, void *context)
{
    (void) n;
    struct reason *reason = context;
    snprintf(reason->text, reason->size, "%s", error->desc == NULL ? "" : error->desc);
    return 0;
}

void
sim_hdf5_reason(char *text, size_t size)
{
    struct reason reason = { text, size };
    text[0] = '\0';
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_reason, &reason);
}
