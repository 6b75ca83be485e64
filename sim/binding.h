/* binding.h - pins the threads of a team to processors, one each, within the mask that the process inherited.
 * Unpinned, two threads may share a processor while another is idle. */
#ifndef SIM_BINDING_H
#define SIM_BINDING_H

#include <stddef.h>

/* What was before, to be set back. */
struct sim_binding {
    int threads;
    void *mask; /* NULL: nothing was pinned */
};

/* Pins a team of so many threads, if wanted and if each can have a processor of its own. Never fails: what
 * cannot be pinned stays free. */
void sim_binding_init(struct sim_binding *binding, int threads, int wanted);

/* Sets the team free again. */
void sim_binding_free(struct sim_binding *binding);

/* Processors this process may use, at least 1. */
int sim_processors(void);

#endif
