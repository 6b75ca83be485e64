/* document.h - one YAML file as a flat list of (key, text, place). No meaning: which keys exist and what
 * their values may be is told by whoever uses the entries.
 */
#ifndef SIM_DOCUMENT_H
#define SIM_DOCUMENT_H

#include "sim/message.h"
#include "sim/search.h"

#include <stddef.h>

#define SIM_FILE_LIMIT (1024 * 1024) /* bytes a scenario or experiment may have */

#define SIM_DEPTH_LIMIT 8 /* mappings and lists within each other, the file's own mapping not counted */
#define SIM_PATH_SIZE 256 /* bytes enough for any key of an entry or branch with its end */

/* A scalar. Its key is written with the keys of all that it stands in, joined by points, however the file
 * nests them; items of a list are counted from 0: "title", "purchase.quality_weight", "scenarios[0]",
 * "design.vary.purchase.quality_weight[1]". A key as written is shorter than SIM_KEY_SIZE (sim/field.h), not
 * empty, and free of brackets. */
struct sim_entry {
    char *key;
    char *text;
    struct sim_where key_at, value_at; /* of an item of a list: both the item's */
    int quoted;                        /* it stood in quotes, or was a block of text */
    size_t parent; /* the branch it stands in, counted from 1: branches[parent - 1]; 0 at the top level */
};

/* A mapping or a list, with the same kind of key. */
enum sim_branch_kind { SIM_MAPPING, SIM_LIST };

struct sim_branch {
    enum sim_branch_kind kind;
    char *key;
    struct sim_where key_at, value_at;
    size_t count; /* of what stands in it directly */
    size_t parent;
};

/* One file, in its own order. All strings are there even if the file could not be read. */
struct sim_document {
    char *path;
    char *stem; /* file name without folder and .yaml */
    char *text; /* the whole content, for /config */
    struct sim_entry *entries;
    size_t count, capacity;
    struct sim_branch *branches;
    size_t n_branches, branch_capacity;
};

/* Reads one file. Every fault found is a message: unreadable, larger than SIM_FILE_LIMIT, not UTF-8, control
 * characters, not YAML, repeated keys, keys that are empty, too long or no scalars, aliases, anchors and
 * tags, more than one document, a top level that is no mapping, values that are empty or null. A value that
 * is one of these faults has no entry; what else could be read has. search tells files in memory, or is NULL. Returns SIM_ERR_INPUT if there was any,
 * SIM_ERR_MEMORY. May always be freed. */
int sim_document_read(struct sim_document *document, const char *path, const struct sim_search *search,
    struct sim_messages *messages);
void sim_document_free(struct sim_document *document);

/* The entry, or the branch, with this key; NULL if none. */
const struct sim_entry *sim_document_find(const struct sim_document *document, const char *key);
const struct sim_branch *sim_document_branch(const struct sim_document *document, const char *key);

#endif
