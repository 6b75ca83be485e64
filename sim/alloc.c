#include "sim/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
sim_alloc(size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - SIM_ALIGNMENT) / size) {
        return NULL;
    }
    size_t bytes = (count * size + SIM_ALIGNMENT - 1) / SIM_ALIGNMENT * SIM_ALIGNMENT;
    if (bytes == 0) {
        bytes = SIM_ALIGNMENT;
    }
    void *memory = aligned_alloc(SIM_ALIGNMENT, bytes);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}

void *
sim_resize(void *memory, size_t old_count, size_t count, size_t size)
{
    void *larger = sim_alloc(count, size);
    if (larger != NULL && memory != NULL) {
        memcpy(larger, memory, (old_count < count ? old_count : count) * size);
        sim_free(memory);
    }
    return larger;
}

char *
sim_copy_text(const char *text)
{
    if (text == NULL) {
        return NULL;
    }
    size_t bytes = strlen(text) + 1;
    char *copy = sim_alloc(bytes, 1);
    if (copy != NULL) {
        memcpy(copy, text, bytes);
    }
    return copy;
}

char *
sim_print_text(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = length < 0 ? NULL : sim_alloc((size_t) length + 1, 1);
    if (text != NULL) {
        va_start(list, format);
        vsnprintf(text, (size_t) length + 1, format, list);
        va_end(list);
    }
    return text;
}

void
sim_free(void *memory)
{
    free(memory);
}
