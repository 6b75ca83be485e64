/* memory.h - counts what the library takes from the C library and gives back, and refuses what a test says.
 * The test is linked with WRAP aligned_alloc malloc calloc realloc free, so that calls of these from the
 * library's own objects come here.
 */
#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H

#include <stddef.h>

void *__real_aligned_alloc(size_t alignment, size_t size);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

static long memory_requests;    /* so far */
static long memory_live;        /* granted and not given back */
static long memory_refuse;      /* the how-many-th request is refused; 0: none */
static int memory_refuse_after; /* and all after it */

/* From now on the n-th request fails, alone or with all that follow. n = 0: none. */
static void
memory_fails_at(long n, int and_after)
{
    memory_requests = 0;
    memory_refuse = n;
    memory_refuse_after = and_after;
}

static int
memory_is_refused(void)
{
    long request = __atomic_add_fetch(&memory_requests, 1, __ATOMIC_RELAXED);
    return memory_refuse > 0
        && (request == memory_refuse || (memory_refuse_after && request > memory_refuse));
}

static void *
memory_granted(void *memory)
{
    __atomic_add_fetch(&memory_live, memory != NULL, __ATOMIC_RELAXED);
    return memory;
}

void *
__wrap_aligned_alloc(size_t alignment, size_t size)
{
    /* What the C standard lets fail, fails. */
    int odd = size == 0 || size % alignment != 0;
    return memory_is_refused() || odd ? NULL : memory_granted(__real_aligned_alloc(alignment, size));
}

void *
__wrap_malloc(size_t size)
{
    return memory_is_refused() ? NULL : memory_granted(__real_malloc(size));
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return memory_is_refused() ? NULL : memory_granted(__real_calloc(count, size));
}

void *
__wrap_realloc(void *memory, size_t size)
{
    if (memory_is_refused()) {
        return NULL;
    }
    return memory == NULL ? memory_granted(__real_realloc(NULL, size)) : __real_realloc(memory, size);
}

void
__wrap_free(void *memory)
{
    __atomic_sub_fetch(&memory_live, memory != NULL, __ATOMIC_RELAXED);
    __real_free(memory);
}

#endif
