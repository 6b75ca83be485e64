/* hdf5_driver.c - HDF5's way to a publication. */
#include "sim/hdf5_driver.h"

/* HDF5 first tries whether the file exists: it does not. */
static H5FD_t *
driver_open(const char *name, unsigned flags, hid_t access, haddr_t limit)
{
    (void) name;
    (void) limit;
    struct sim_driver *const *driver = H5Pget_driver_info(access);
    return driver == NULL || (flags & H5F_ACC_CREAT) == 0 ? NULL : &(*driver)->public;
}

static herr_t
driver_close(H5FD_t *file)
{
    (void) file;
    return 0;
}

static herr_t
driver_query(const H5FD_t *file, unsigned long *features)
{
    (void) file;
    *features = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t
driver_get_end(const H5FD_t *file, H5FD_mem_t type)
{
    (void) type;
    return ((const struct sim_driver *) file)->allocated;
}

static herr_t
driver_set_end(H5FD_t *file, H5FD_mem_t type, haddr_t end)
{
    (void) type;
    ((struct sim_driver *) file)->allocated = end;
    return 0;
}

static haddr_t
driver_written(const H5FD_t *file, H5FD_mem_t type)
{
    (void) type;
    return ((const struct sim_driver *) file)->written;
}

static herr_t
driver_read(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t size, void *bytes)
{
    (void) type;
    (void) transfer;
    sim_publication_read(((struct sim_driver *) file)->publication, at, bytes, size);
    return 0;
}

static herr_t
driver_write(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t at, size_t size, const void *bytes)
{
    (void) type;
    (void) transfer;
    struct sim_driver *driver = (struct sim_driver *) file;
    sim_publication_write(driver->publication, at, bytes, size);
    driver->written = at + size > driver->written ? at + size : driver->written;
    return 0;
}

static herr_t
driver_truncate(H5FD_t *file, hid_t transfer, hbool_t closing)
{
    (void) transfer;
    (void) closing;
    struct sim_driver *driver = (struct sim_driver *) file;
    if (driver->written != driver->allocated) {
        sim_publication_resize(driver->publication, driver->allocated);
        driver->written = driver->allocated;
    }
    return 0;
}

static const H5FD_class_t driver_class = {
#if H5_VERSION_GE(1, 13, 2)
    .version = H5FD_CLASS_VERSION,
    .value = 511,
#endif
    .name = "sim_publication",
    .maxaddr = INT64_MAX,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(struct sim_driver *),
    .open = driver_open,
    .close = driver_close,
    .query = driver_query,
    .get_eoa = driver_get_end,
    .set_eoa = driver_set_end,
    .get_eof = driver_written,
    .read = driver_read,
    .write = driver_write,
    .truncate = driver_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

herr_t
sim_driver_init(struct sim_driver *driver, struct sim_publication *publication)
{
    driver->publication = publication;
    driver->allocated = driver->written = 0;
    driver->id = H5FDregister(&driver_class);
    return driver->id < 0 ? -1 : 0;
}

void
sim_driver_free(struct sim_driver *driver)
{
    if (driver->id >= 0) {
        H5FDunregister(driver->id);
        driver->id = -1;
    }
}

herr_t
sim_driver_choose(struct sim_driver *driver, hid_t access)
{
    return H5Pset_driver(access, driver->id, &driver);
}
