/* message.h - what the library has to say to a person, with the place it speaks of, in the order it was
 * found.
 *
 * The library prints nothing; the program asks for each message as one line, like a compiler's:
 * x.yaml:14:7: error: unknown parameter "purchase.qualty_weight"; did you mean "purchase.quality_weight"?
 */
#ifndef SIM_MESSAGE_H
#define SIM_MESSAGE_H

#include <stddef.h>

enum sim_severity { SIM_ERROR, SIM_WARNING, SIM_NOTE };

/* A place in what a user wrote. file NULL: no place. line 0: the file as a whole (or "--set 2"). Both count
 * from 1, columns in characters, not bytes. The name belongs to whoever made the place and must outlive it;
 * messages copy it. */
struct sim_where {
    const char *file;
    int line;
    int column;
};

struct sim_message {
    enum sim_severity severity;
    const char *file; /* belongs to the messages */
    int line;
    int column;
    char *text;       /* one line: control characters are replaced */
    size_t file_rank; /* the how-many-th file that messages speak of */
    size_t order;     /* the how-many-th message */
};

struct sim_messages {
    struct sim_message *list;
    size_t count, capacity;
    char **files; /* every file spoken of, once, in order of first appearance */
    size_t n_files;
    size_t errors;     /* how many of them are errors */
    int out_of_memory; /* one or more could not be kept */
};

void sim_messages_init(struct sim_messages *messages);
void sim_messages_free(struct sim_messages *messages);

/* Adds a message; printf's format. Never fails: without memory it is counted and out_of_memory is set.
 * messages may be NULL. */
void sim_messages_add(struct sim_messages *messages, enum sim_severity severity, struct sim_where where,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Sorts by file (in order of first appearance; messages without a place come first), line, column and order
 * of arrival, so that faults read from top to bottom. A message said twice of one place (two scenarios extend
 * the same file) is kept once. */
void sim_messages_sort(struct sim_messages *messages);

/* Writes the line of one message, without newline, into text (cut to size, always terminated); returns the
 * full length. */
size_t sim_message_format(const struct sim_message *message, char *text, size_t size);

/* Copies a text of this length into a buffer of size bytes; one that does not fit ends in "...", which no
 * number does, and is cut between characters. */
void sim_cut(const char *from, size_t length, char *to, size_t size);

/* Text to quote in a message: the text, or its first characters and "..." if it is long. buffer has
 * SIM_QUOTE_SIZE bytes. */
#define SIM_QUOTE_SIZE 64
const char *sim_quote(const char *text, char *buffer);

#endif
