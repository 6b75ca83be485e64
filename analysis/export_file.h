/* export_file.h - the files of an export: each is written under a temporary name, and they get their names together
 * once all of them are whole, so that a full disk leaves none.
 */
#ifndef ANALYSIS_EXPORT_FILE_H
#define ANALYSIS_EXPORT_FILE_H

#include "sim/publish.h"

#include <stdio.h>

#define EXPORT_BUFFER 65536 /* bytes */

struct export_file {
    struct sim_publication publication;
    char *path;
    FILE *out;     /* NULL once it is closed */
    uint64_t size; /* bytes written */
    char buffer[EXPORT_BUFFER];
};

struct export_files {
    struct export_file **list;
    uint32_t n;
    int overwrite; /* whether files that are there may be replaced */
    int unwritten; /* whether the disk took one of them not, or not all of it */
    struct sim_messages *messages;
};

/* A file to write to. SIM_ERR_INPUT with a message if there is one and it may not be replaced; SIM_ERR_FILE with a
 * message, SIM_ERR_MEMORY. */
int export_files_open(struct export_files *files, const char *path, FILE **out);

/* Closes the file opened last, if it is still open. SIM_ERR_FILE with a message if it took not all. */
int export_files_close(struct export_files *files);

/* Gives all files their names. The same errors. */
int export_files_publish(struct export_files *files);

/* Removes what was not published. */
void export_files_free(struct export_files *files);

#endif
