/* scenario.h - YAML files as flat lists of (key, text, place), and scenarios with what they extend. No
 * meaning: which keys exist and what their values may be is told by a table of fields when the entries are
 * applied.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "sim/field.h"
#include "sim/message.h"

#define SIM_FILE_LIMIT (1024 * 1024) /* bytes a scenario or experiment may have */

#define SIM_DEPTH_LIMIT 8 /* mappings and lists within each other, the file's own mapping not counted */
#define SIM_PATH_SIZE 256 /* bytes enough for any key of an entry or branch with its end */

/* A scalar. Its key is written with the keys of all that it stands in, joined by points, however the file
 * nests them; items of a list are counted from 0: "title", "purchase.quality_weight", "scenarios[0]",
 * "design.vary.purchase.quality_weight[1]". A key as written is shorter than SIM_KEY_SIZE, not empty, and
 * free of brackets. */
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
 * is one of these faults has no entry; what else could be read has. Returns SIM_ERR_INPUT if there was any,
 * SIM_ERR_MEMORY. May always be freed. */
int sim_document_read(struct sim_document *document, const char *path, struct sim_messages *messages);
void sim_document_free(struct sim_document *document);

/* The entry, or the branch, with this key; NULL if none. */
const struct sim_entry *sim_document_find(const struct sim_document *document, const char *key);
const struct sim_branch *sim_document_branch(const struct sim_document *document, const char *key);

/* Where scenarios named without a path are looked for, in order; NULL-terminated. */
struct sim_search {
    const char *const *folders;
};

/* Finds the file a SPEC or an extends names, the first that is there of: the path as given and with .yaml
 * (relative to the folder of `from`, or to the current one if from is NULL), then the name with .yaml in the
 * search folders. Returns a new text, or NULL with a message at `where` that tells near names. */
char *sim_search_find(const struct sim_search *search, const char *name, const char *from,
    struct sim_where where, struct sim_messages *messages);

/* A scenario: its file and all it extends, base first, then the overrides of the command line. */
struct sim_scenario {
    struct sim_document *documents; /* base first, the named file last */
    size_t n_documents;
    struct sim_entry *overrides;
    char **override_places; /* "--set 1" ... */
    size_t n_overrides;
};

/* Loads a scenario file and its chain of extends. Cycles, a model, title or extends that is no plain text,
 * and two models that differ are faults too. SIM_ERR_INPUT, SIM_ERR_MEMORY; what could be read is there after
 * SIM_ERR_INPUT. May always be freed. */
int sim_scenario_load(struct sim_scenario *scenario, const char *path, const struct sim_search *search,
    struct sim_messages *messages);
void sim_scenario_free(struct sim_scenario *scenario);

/* Adds the n-th --set of the command line (n from 1): "KEY=VALUE", to a loaded scenario. Its place is "--set
 * n". Of two for the same key the later holds. */
int sim_scenario_override(
    struct sim_scenario *scenario, const char *assignment, int n, struct sim_messages *messages);

/* The last text given to a top-level key ("model", "title") along the chain, with its place; NULL if none.
 * "title" and "extends" are never inherited. */
const struct sim_entry *sim_scenario_top(const struct sim_scenario *scenario, const char *key);

/* Sets params (already holding the defaults) from all entries in order of precedence: what is extended, the
 * file, the overrides. Every unknown key, misplaced list or mapping and bad value is a message, whether or
 * not another overrides it. */
int sim_scenario_apply(const struct sim_scenario *scenario, const struct sim_fields *fields, void *params,
    struct sim_messages *messages);

/* Sets one member from an entry; the fault is a message at the entry's value. */
int sim_entry_apply(const struct sim_entry *entry, const struct sim_field *field, void *params,
    struct sim_messages *messages);

/* The message for a key that no field has, at its place, with what was most likely meant. */
void sim_entry_unknown(
    const struct sim_entry *entry, const struct sim_fields *fields, struct sim_messages *messages);

#endif
