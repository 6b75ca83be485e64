/* search.h - finds the file that a scenario or experiment is named by. */
#ifndef SIM_SEARCH_H
#define SIM_SEARCH_H

#include "sim/message.h"

#include <stddef.h>

/* A file in memory. */
struct sim_file {
    const char *path; /* as it was found */
    const char *text;
};

/* Where scenarios named without a path are looked for, in order; NULL-terminated. */
struct sim_search {
    const char *const *folders;
    /* If there are any, they are all the files that there are, and nothing is looked for on the disk: so that what
     * was read once can be read again as it was. Paths are the same if their texts are. */
    const struct sim_file *files;
    size_t n_files;
    const struct sim_file *beside; /* one in memory besides those of the disk; NULL: none */
};

/* Whether only files in memory count; search may be NULL. */
static inline int
sim_search_is_in_memory(const struct sim_search *search)
{
    return search != NULL && search->files != NULL;
}

/* The file in memory with this path; NULL if there is none. */
const struct sim_file *sim_search_file(const struct sim_search *search, const char *path);

/* Finds the file a SPEC or an extends names, the first that is there of: the path as given and with .yaml
 * (relative to the folder of `from`, or to the current one if from is NULL), then the name with .yaml in the
 * search folders. Returns a new text, or NULL with a message at `where` that tells near names. */
char *sim_search_find(const struct sim_search *search, const char *name, const char *from,
    struct sim_where where, struct sim_messages *messages);

/* The part of a path after its folder, and the bytes of that before ".yaml". */
const char *sim_file_name(const char *path);
size_t sim_stem_length(const char *name);

#endif
