/* key_set.h - the keys of a file seen so far, each with its line: a hash table with open addressing. Inside
 * the library only. */
#ifndef SIM_KEY_SET_H
#define SIM_KEY_SET_H

#include <stddef.h>

struct sim_key_slot {
    char *key;
    int line;
};

/* Empty when zeroed. */
struct sim_key_set {
    struct sim_key_slot *slots;
    size_t count, capacity; /* a power of two, or 0 */
};

/* Adds a key. If it is there already, *earlier is its line, else 0. SIM_ERR_MEMORY. */
int sim_key_set_add(struct sim_key_set *set, const char *key, int line, int *earlier);
void sim_key_set_free(struct sim_key_set *set);

#endif
