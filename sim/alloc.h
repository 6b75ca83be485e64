/* alloc.h - the only place where the library takes memory, so that tests can make any request fail. */
#ifndef SIM_ALLOC_H
#define SIM_ALLOC_H

#include <stddef.h>

#define SIM_ALIGNMENT 64 /* bytes: a cache line, and the widest vector */

void *sim_alloc(size_t count, size_t size); /* zeroed, SIM_ALIGNMENT-aligned; NULL without memory or on
                                               overflow; count or size 0 gives a valid pointer */
void *sim_resize(void *memory, size_t old_count, size_t count, size_t size); /* like realloc with the new part
                                                               zeroed; the old block stays valid on NULL */
char *sim_copy_text(const char *text);                                       /* strdup; NULL gives NULL */
char *sim_print_text(const char *format, ...)
    __attribute__((format(printf, 1, 2))); /* asprintf; NULL without memory */
void sim_free(void *memory);               /* NULL is fine */

#endif
