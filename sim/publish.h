/* publish.h - files that appear whole or not at all: written under a temporary name .NAME.HOST-PID.tmp in the
 * same folder, flushed to the disk, then given their name; then the folder is flushed.
 */
#ifndef SIM_PUBLISH_H
#define SIM_PUBLISH_H

#include "sim/message.h"

#include <stddef.h>
#include <stdint.h>

enum sim_publish_mode {
    SIM_REPLACE, /* what has the name now is replaced in one step */
    SIM_KEEP,    /* what has the name now is kept: SIM_ERR_EXISTS, without a message */
};

/* A file on its way to its name. It remembers the first failure of a write, and writes nothing after it. */
struct sim_publication {
    enum sim_publish_mode mode;
    char *path;      /* the name to be */
    char *temporary; /* the name now; NULL once it has gone */
    int file;        /* -1: closed */
    int error;       /* errno of the first failure */
};

/* Opens the temporary. A path that is a symbolic link stays one: the file that it names is replaced. A
 * failure leaves nothing to free. SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_publication_init(struct sim_publication *publication, const char *path, enum sim_publish_mode mode,
    struct sim_messages *messages);

/* Removes the temporary unless it was published. */
void sim_publication_free(struct sim_publication *publication);

void sim_publication_write(
    struct sim_publication *publication, uint64_t offset, const void *bytes, size_t size);

/* What was written; zeros where nothing was, or where it was lost. */
void sim_publication_read(struct sim_publication *publication, uint64_t offset, void *bytes, size_t size);

/* Cuts or extends the file. */
void sim_publication_resize(struct sim_publication *publication, uint64_t size);

/* Gives the file its name, or reports the first failure. SIM_ERR_FILE with a message, SIM_ERR_EXISTS,
 * SIM_ERR_MEMORY. If only the flush of the folder fails, the file has its name, but may lose it when the
 * power fails: SIM_ERR_FILE too, and the message says so. */
int sim_publication_finish(struct sim_publication *publication, struct sim_messages *messages);

/* Makes a folder unless it is there, and flushes the folder above. SIM_ERR_FILE with a message,
 * SIM_ERR_MEMORY. */
int sim_publish_folder(const char *path, struct sim_messages *messages);

/* Removes the temporaries of path left by processes of this host that no longer live. Those of other hosts,
 * which may share the folder, stay. */
void sim_publish_sweep(const char *path);

/* The same for the temporaries of all names in a folder. */
void sim_publish_sweep_folder(const char *folder);

#endif
