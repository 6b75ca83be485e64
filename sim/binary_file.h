/* binary_file.h - files of little-endian numbers and texts that end in a checksum of all that is before it. Inside
 * the library only.
 *
 *     magic (16 bytes) | version u32 | size of the file u64 | contents | xxh3 of 128 bits, the higher half first
 *
 * A text is its length (u32) and its bytes. Nothing is aligned. A number of several bytes is turned round where the
 * machine keeps it the other way, so that a file can go from one machine to another.
 */
#ifndef SIM_BINARY_FILE_H
#define SIM_BINARY_FILE_H

#include "sim/message.h"
#include "sim/publish.h"

#include <stdint.h>

#define SIM_BINARY_MAGIC 16
#define SIM_BINARY_LEAST (SIM_BINARY_MAGIC + 4 + 8 + 16) /* bytes of a file without contents */

/* What kind of file it is. */
struct sim_binary_form {
    const char *magic; /* SIM_BINARY_MAGIC bytes */
    const char *name;  /* in messages: "checkpoint" */
    uint32_t version;
};

/* A file that is being written, front to back. What goes wrong is told by sim_binary_finish. */
struct sim_binary_writer {
    struct sim_publication file;
    unsigned char *buffer;
    size_t held; /* bytes in it */
    uint64_t at; /* of the file, where they will stand */
    void *hash;
};

/* SIM_ERR_FILE with a message, SIM_ERR_MEMORY. May always be freed; that leaves no file unless it is finished. */
int sim_binary_writer_init(struct sim_binary_writer *writer, const char *path,
    const struct sim_binary_form *form, struct sim_messages *messages);
void sim_binary_writer_free(struct sim_binary_writer *writer);

void sim_binary_put(struct sim_binary_writer *writer, const void *bytes, size_t size);
void sim_binary_put_u32(struct sim_binary_writer *writer, uint32_t number);
void sim_binary_put_u64(struct sim_binary_writer *writer, uint64_t number);
void sim_binary_put_text(struct sim_binary_writer *writer, const char *text);

/* size bytes of numbers of 1, 2, 4 or 8 bytes each, as they are in memory */
void sim_binary_put_numbers(
    struct sim_binary_writer *writer, const void *numbers, size_t size, size_t number);

/* Gives the file its name. SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int sim_binary_finish(struct sim_binary_writer *writer, struct sim_messages *messages);

#define SIM_BINARY_WHY 256

/* A file, or a part of one that is like a file, that is being read. */
struct sim_binary_reader {
    int file;
    uint64_t first, size; /* the part: its place in the file, and its bytes */
    uint64_t at;          /* of the part, the next byte */
    unsigned char *buffer;
    size_t held, used;        /* bytes in it, and how many of them were taken */
    char checksum[33];        /* in hexadecimal */
    char why[SIM_BINARY_WHY]; /* why the file is refused; "" */
};

/* Opens a file, or the part of it from `first` on that is `size` bytes long (0: to the end), and reads all of it to
 * see that it is what it is to be and whole. Then it stands at the contents. SIM_ERR_INPUT with the reason in why;
 * SIM_ERR_FILE if there is no such file (why is "") or it cannot be read (why tells); SIM_ERR_MEMORY. May always be
 * freed. */
int sim_binary_reader_init(struct sim_binary_reader *reader, const char *path,
    const struct sim_binary_form *form, uint64_t first, uint64_t size);
void sim_binary_reader_free(struct sim_binary_reader *reader);

/* Notes why a file is refused, unless a reason is noted already. Returns SIM_ERR_INPUT. */
int sim_binary_refuse(struct sim_binary_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes of the contents not yet taken. */
uint64_t sim_binary_left(const struct sim_binary_reader *reader);

/* Each takes what is next. SIM_OK; SIM_ERR_INPUT, with the reason, if there is not so much; SIM_ERR_FILE, with the
 * reason, if it cannot be read. Then what was to be filled in is not, or in part. */
int sim_binary_get(struct sim_binary_reader *reader, void *bytes, size_t size);
int sim_binary_get_u32(struct sim_binary_reader *reader, uint32_t *number);
int sim_binary_get_u64(struct sim_binary_reader *reader, uint64_t *number);
int sim_binary_get_numbers(struct sim_binary_reader *reader, void *numbers, size_t size, size_t number);

/* Copies the whole file, or part, with its head and checksum, into one that is being written. */
int sim_binary_copy(struct sim_binary_writer *writer, struct sim_binary_reader *reader);

/* A new text. SIM_ERR_MEMORY too. */
int sim_binary_get_text(struct sim_binary_reader *reader, char **text);

#endif
