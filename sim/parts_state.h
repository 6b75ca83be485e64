/* parts_state.h - what the sources of parts.h share: parts.c adds and reads cells, parts_scan.c finds those that are
 * there, parts_manifest.c knows the checksums, parts_lock.c the locks, parts_remove.c clears up. Inside the library only.
 */
#ifndef SIM_PARTS_STATE_H
#define SIM_PARTS_STATE_H

#include "sim/parts.h"
#include "sim/shard.h"

/* xxh128 of a file, in hexadecimal digits as xxhsum -H2 prints it, with its end. */
#define SIM_CHECKSUM_SIZE 33

/* A text that grows. */
struct sim_parts_text {
    char *bytes; /* NULL or ended by 0 */
    size_t length, capacity;
};

/* What manifests say of a file. */
struct sim_manifest_line {
    char *name;
    char checksum[SIM_CHECKSUM_SIZE];
};

/* The manifests of all writers: lines sorted by name. A name may have several lines if a shard of that name was lost
 * and written anew. */
struct sim_manifest {
    struct sim_manifest_line *lines;
    uint32_t n, capacity;
};

/* Whoever writes a manifest of his own. */
struct sim_parts_writer {
    char *name;                 /* "", "2-of-4" ... */
    struct sim_parts_text text; /* of the manifest */
};

/* A file of the folder whose name is a shard's. */
struct sim_parts_shard {
    char *name;
    uint64_t rows_at; /* where its numbers start; 0: not yet known */
    int used;         /* 0: it was refused, and that was told */
};

/* A shard whose numbers are being read. */
struct sim_parts_open {
    int file;
    uint32_t index; /* of the shard */
    uint64_t used;  /* when, by a count; 0: nothing is open */
};

#define SIM_PARTS_OPEN 64

struct sim_parts_state {
    uint64_t n_numbers; /* of a cell */
    struct sim_parts_shard *shards;
    uint32_t n_shards, shards_capacity;
    struct sim_manifest manifest;
    struct sim_parts_text adopted; /* lines for shards that have none and are whole */
    struct sim_parts_writer *writers;
    uint32_t n_writers;
    struct sim_parts_text errors; /* one after another, each with its end; the first is "" */
    uint64_t failed_digest;       /* of a cell that failed; 0: not yet known */
    struct sim_parts_open open[SIM_PARTS_OPEN];
    uint64_t uses;
    int lock, share_lock; /* files; -1: not held */
    int patience_ms;      /* of a share that finds all locked: the holder may be about to merge */
    int writes;           /* has the right to write, */
    int wrote;            /* or had it once */
    int whole;            /* and nobody else has */
    char fault[256];
};

static inline struct sim_parts_state *
sim_parts_state(const struct sim_parts *parts)
{
    return parts->state;
}

/* FOLDER/NAME as a new text; NULL without memory. */
char *sim_parts_path(const struct sim_parts *parts, const char *name);

/* SIM_ERR_MEMORY; then the text is as it was. */
int sim_parts_append(struct sim_parts_text *text, const char *bytes, size_t n);

/* Whether a name is a shard's: NAME.h5, not hidden. */
int sim_parts_is_shard(const char *name);

/* Adds a shard to the list: used (rows_at: where its numbers start, or 0), or refused. SIM_ERR_MEMORY. */
int sim_parts_know(struct sim_parts *parts, const char *name, int used, uint64_t rows_at);

/* Takes what became of a cell unless something better is known. SIM_ERR_MEMORY. */
int sim_parts_take(struct sim_parts *parts, uint32_t cell, const struct sim_outcome *outcome, uint32_t shard,
    uint32_t index);

/* Forgets all that scan and add have found. */
void sim_parts_forget(struct sim_parts *parts);

/* The names in the folder, sorted. No folder is an empty one. SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
struct sim_parts_names {
    char **names;
    uint32_t n, capacity;
};
int sim_parts_names(
    struct sim_parts_names *names, const struct sim_parts *parts, struct sim_messages *messages);
void sim_parts_names_free(struct sim_parts_names *names);
int sim_parts_names_have(const struct sim_parts_names *names, const char *name);

/* The names of the shards known, or of those used, sorted. They belong to the state; the list is to be freed.
 * SIM_ERR_MEMORY. */
int sim_parts_known(struct sim_parts_names *known, const struct sim_parts *parts, int only_used);

/* Opens a regular file for reading; -1 and errno. A pipe without a writer does not hold us up. */
int sim_parts_open_file(const char *path);

/* The checksum of a file that is a regular one. SIM_ERR_FILE, and errno; SIM_ERR_MEMORY. */
int sim_checksum_file(const char *path, char checksum[SIM_CHECKSUM_SIZE]);

/* Adds the lines of all manifests among the names; sorts. Lines that are none are messages (warnings).
 * SIM_ERR_MEMORY. */
int sim_manifest_read(struct sim_manifest *manifest, const struct sim_parts *parts,
    const struct sim_parts_names *names, struct sim_messages *messages);
void sim_manifest_free(struct sim_manifest *manifest);

/* The first of the lines of a name; NULL if it has none. */
const struct sim_manifest_line *sim_manifest_find(const struct sim_manifest *manifest, const char *name);

/* Whether one of the lines of a name has this checksum. */
int sim_manifest_says(const struct sim_manifest *manifest, const char *name, const char *checksum);

/* CHECKSUM  NAME and the end of the line. SIM_ERR_MEMORY. */
int sim_manifest_line(struct sim_parts_text *text, const char *checksum, const char *name);

/* Adds a shard that is in the folder to the manifest of a writer, which is replaced. SIM_ERR_FILE with a message,
 * SIM_ERR_MEMORY. */
int sim_manifest_add(
    struct sim_parts *parts, const char *writer, const char *shard, struct sim_messages *messages);

#endif
