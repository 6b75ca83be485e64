/* text_file.h - the whole text of a file that a user wrote, and whether it is text. Inside the library only. */
#ifndef SIM_TEXT_FILE_H
#define SIM_TEXT_FILE_H

#include "sim/message.h"
#include "sim/search.h"

#include <stddef.h>

/* Reads a file, from memory if search has files there, of at most `limit` bytes, a number of MiB, into a new text. A file that cannot be read or is
 * larger is a message: SIM_ERR_INPUT; or SIM_ERR_MEMORY. The text is NULL after both. */
int sim_text_file_read(const char *path, const struct sim_search *search, size_t limit, char **text,
    size_t *length, struct sim_messages *messages);

/* Where the text begins: after a byte order mark, if it has one. */
size_t sim_text_file_start(const char *text);

/* Finds the first byte that is not UTF-8, and the first character that no text has; a message at its place,
 * then SIM_ERR_INPUT. */
int sim_text_file_check(
    const char *path, const char *text, size_t start, size_t length, struct sim_messages *messages);

#endif
