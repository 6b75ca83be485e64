/* key_set.c - finds a key among those seen in constant time, so that large files are read in linear time. */
#include "sim/key_set.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <stdint.h>
#include <string.h>

static struct sim_key_slot *
find_slot(struct sim_key_slot *slots, size_t capacity, const char *key)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (const char *c = key; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char) *c) * 1099511628211u;
    }
    size_t i = (size_t) (hash ^ hash >> 32) & (capacity - 1);
    while (slots[i].key != NULL && strcmp(slots[i].key, key) != 0) {
        i = (i + 1) & (capacity - 1);
    }
    return &slots[i];
}

static int
widen(struct sim_key_set *set)
{
    size_t capacity = set->capacity == 0 ? 64 : 2 * set->capacity;
    struct sim_key_slot *slots = sim_alloc(capacity, sizeof(*slots));
    if (slots == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->slots[i].key != NULL) {
            *find_slot(slots, capacity, set->slots[i].key) = set->slots[i];
        }
    }
    sim_free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
    return SIM_OK;
}

int
sim_key_set_add(struct sim_key_set *set, const char *key, int line, int *earlier)
{
    *earlier = 0;
    if (2 * (set->count + 1) > set->capacity && widen(set) != SIM_OK) {
        return SIM_ERR_MEMORY;
    }
    struct sim_key_slot *slot = find_slot(set->slots, set->capacity, key);
    if (slot->key != NULL) {
        *earlier = slot->line;
        return SIM_OK;
    }
    *slot = (struct sim_key_slot){ sim_copy_text(key), line };
    set->count += slot->key != NULL;
    return slot->key == NULL ? SIM_ERR_MEMORY : SIM_OK;
}

void
sim_key_set_free(struct sim_key_set *set)
{
    for (size_t i = 0; i < set->capacity; i++) {
        sim_free(set->slots[i].key);
    }
    sim_free(set->slots);
    memset(set, 0, sizeof(*set));
}
