#define _GNU_SOURCE
#include "sim/binding.h"

#include "sim/alloc.h"

#include <omp.h>
#include <sched.h>

int
sim_processors(void)
{
    cpu_set_t mask;
    int n = sched_getaffinity(0, sizeof(mask), &mask) == 0 ? CPU_COUNT(&mask) : 1;
    return n > 0 ? n : 1;
}

/* Pins the calling thread to the i-th processor of the mask. */
static void
pin(const cpu_set_t *mask, int i)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, mask) && i-- == 0) {
            CPU_SET(cpu, &one);
            sched_setaffinity(0, sizeof(one), &one);
            return;
        }
    }
}

void
sim_binding_init(struct sim_binding *binding, int threads, int wanted)
{
    *binding = (struct sim_binding){ threads, wanted ? sim_alloc(1, sizeof(cpu_set_t)) : NULL };
    cpu_set_t *mask = binding->mask;
    if (mask != NULL && (sched_getaffinity(0, sizeof(*mask), mask) != 0 || threads > CPU_COUNT(mask))) {
        sim_free(mask);
        binding->mask = mask = NULL;
    }
    if (mask != NULL) {
#pragma omp parallel num_threads(threads)
        pin(mask, omp_get_thread_num());
    }
}

void
sim_binding_free(struct sim_binding *binding)
{
    const cpu_set_t *mask = binding->mask;
    if (mask != NULL) {
#pragma omp parallel num_threads(binding->threads)
        sched_setaffinity(0, sizeof(*mask), mask);
    }
    sim_free(binding->mask);
    binding->mask = NULL;
}
