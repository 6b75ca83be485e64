/* hdf5_dimension.c - which coordinate variable ("dimension scale") a dimension of a variable has.
 *
 * HDF5 writes it down twice. The variable's DIMENSION_LIST leads through heaps that have no checksum, in which HDF5
 * itself gets lost if they are damaged; so it is read from the other side, the scales' REFERENCE_LIST.
 */
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/hdf5_reader.h"

#include <stddef.h>

#define LONGEST_LIST 100000 /* variables that a scale may belong to */

/* An entry of a scale's list of the variables it belongs to. */
struct reference {
    hobj_ref_t variable; /* its address in the file */
    int dimension;
};

static hid_t
reference_type(void)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct reference));
    if (type >= 0
        && (H5Tinsert(type, "dataset", HOFFSET(struct reference, variable), H5T_STD_REF_OBJ) < 0
            || H5Tinsert(type, "dimension", HOFFSET(struct reference, dimension), H5T_NATIVE_INT) < 0)) {
        H5Tclose(type);
        type = -1;
    }
    return type;
}

/* Whether an attribute has the members of a reference, and nothing that is kept elsewhere. */
static int
holds_references(hid_t attribute)
{
    hid_t type = H5Aget_type(attribute);
    int holds = type >= 0 && H5Tget_class(type) == H5T_COMPOUND && H5Tget_nmembers(type) == 2
        && H5Tget_member_index(type, "dataset") == 0 && H5Tget_member_class(type, 0) == H5T_REFERENCE
        && H5Tget_member_index(type, "dimension") == 1 && H5Tget_member_class(type, 1) == H5T_INTEGER;
    if (type >= 0) {
        H5Tclose(type);
    }
    return holds;
}

/* 0: unknown, or more than are believed. */
static size_t
count_references(hid_t attribute)
{
    hid_t space = H5Aget_space(attribute);
    hssize_t n = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
    if (space >= 0) {
        H5Sclose(space);
    }
    return n > 0 && n <= LONGEST_LIST ? (size_t) n : 0;
}

struct search {
    const struct sim_reader *reader;
    haddr_t address; /* of the variable */
    int dimension;   /* whose scale is looked for */
    uint64_t length; /* of the dimension */
    char *name;      /* of the scale; NULL: not found, or no memory */
    int status;
};

/* Whether a list of references names what is looked for. */
static int
has_reference(hid_t attribute, struct search *search)
{
    int found = 0;
    size_t n = holds_references(attribute) ? count_references(attribute) : 0;
    struct reference *list = sim_alloc(n, sizeof(*list));
    hid_t type = list == NULL ? -1 : reference_type();
    if (list == NULL) {
        search->status = SIM_ERR_MEMORY;
    }
    if (n > 0 && type >= 0 && H5Aread(attribute, type, list) >= 0) {
        for (size_t i = 0; i < n && !found; i++) {
            found = list[i].variable == search->address && list[i].dimension == search->dimension;
        }
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    sim_free(list);
    return found;
}

/* Ends the iteration where the scale is found, or memory is not. */
static herr_t
visit_variable(hid_t group, const char *name, const H5L_info_t *link, void *context)
{
    struct search *search = context;
    (void) link;
    if (H5Aexists_by_name(group, name, "REFERENCE_LIST", H5P_DEFAULT) <= 0
        || sim_reader_length(search->reader, name) != search->length) {
        return 0;
    }
    hid_t attribute = H5Aopen_by_name(group, name, "REFERENCE_LIST", H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0) {
        return 0;
    }
    int found = has_reference(attribute, search);
    H5Aclose(attribute);
    if (found) {
        search->name = sim_copy_text(name);
        search->status = search->name == NULL ? SIM_ERR_MEMORY : SIM_OK;
    }
    return found || search->status != SIM_OK;
}

int
sim_reader_last_dimension(const struct sim_reader *reader, const char *name, char **dimension)
{
    uint64_t extent[SIM_WRITER_RANK];
    hsize_t position = 0;
    H5O_info_t variable;
    struct search search = { .reader = reader, .status = SIM_OK };
    int rank = sim_reader_extent(reader, name, extent);
    if (rank > 0 && H5Oget_info_by_name(reader->file, name, &variable, H5P_DEFAULT) >= 0) {
        search.address = variable.addr;
        search.dimension = rank - 1;
        search.length = extent[rank - 1];
        H5Literate(reader->file, H5_INDEX_NAME, H5_ITER_NATIVE, &position, visit_variable, &search);
    }
    *dimension = search.status == SIM_OK && search.name == NULL ? sim_copy_text("") : search.name;
    return *dimension == NULL ? SIM_ERR_MEMORY : SIM_OK;
}
