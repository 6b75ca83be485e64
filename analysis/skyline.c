/* skyline.c - points that no other dominates. Sorted by their objectives, one after the other and the best first, a
 * point can be dominated only by one before it. With three objectives the first is then settled by the order, and what
 * matters of all before is the staircase of the best in the other two (Kung, Luccio & Preparata 1975, On finding the
 * maxima of a set of vectors, J ACM 22:469-476). With more, each is held against those on the skyline so far.
 */
#include "analysis/skyline.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND(point) ((point)->objectives[1])
#define THIRD(point) ((point)->objectives[2])

int
skyline_init(struct skyline *skyline, uint32_t n)
{
    *skyline = (struct skyline){ .n = n,
        .sorted = sim_alloc(n, sizeof(*skyline->sorted)),
        .found = sim_alloc(n, sizeof(*skyline->found)) };
    return skyline->sorted != NULL && skyline->found != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

void
skyline_free(struct skyline *skyline)
{
    sim_free(skyline->sorted);
    sim_free(skyline->found);
    *skyline = (struct skyline){ .n = 0 };
}

static int
better_first(const void *a, const void *b)
{
    const struct skyline_point *left = *(const struct skyline_point *const *) a;
    const struct skyline_point *right = *(const struct skyline_point *const *) b;
    for (int i = 0; i < SKYLINE_OBJECTIVES; i++) {
        if (left->objectives[i] != right->objectives[i]) {
            return left->objectives[i] > right->objectives[i] ? -1 : 1;
        }
    }
    return 0;
}

/* The first step of the staircase, whose second objective never rises and whose third does, that is below the point in
 * the second. */
static uint32_t
first_below(const struct skyline_point **stairs, uint32_t n, const struct skyline_point *point)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (SECOND(stairs[middle]) < SECOND(point)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Adds a point that no step dominates and takes out the steps that are no better in either objective. */
static uint32_t
add_step(const struct skyline_point **stairs, uint32_t n, uint32_t below, const struct skyline_point *point)
{
    uint32_t end = below;
    while (end < n && THIRD(stairs[end]) <= THIRD(point)) {
        end++;
    }
    memmove(stairs + below + 1, stairs + end, (n - end) * sizeof(*stairs));
    stairs[below] = point;
    return n - (end - below) + 1;
}

static int
is_above_stairs(const struct skyline_point **stairs, uint32_t *n, const struct skyline_point *point)
{
    uint32_t below = first_below(stairs, *n, point);
    if (below > 0 && THIRD(stairs[below - 1]) >= THIRD(point)) {
        return 0;
    }
    *n = add_step(stairs, *n, below, point);
    return 1;
}

/* For a point that is not better than the other in the first objective. */
static int
is_as_good(const struct skyline_point *point, const struct skyline_point *other, int n_objectives)
{
    int i = 0;
    while (i < n_objectives && point->objectives[i] >= other->objectives[i]) {
        i++;
    }
    return i == n_objectives;
}

static int
is_above_all(
    const struct skyline_point **found, uint32_t *n, const struct skyline_point *point, int n_objectives)
{
    for (uint32_t i = 0; i < *n; i++) {
        if (is_as_good(found[i], point, n_objectives)) {
            return 0;
        }
    }
    found[(*n)++] = point;
    return 1;
}

void
skyline_find(
    struct skyline *skyline, const struct skyline_point *points, int n_objectives, unsigned char *is_on)
{
    uint32_t n = 0, n_found = 0;
    for (uint32_t i = 0; i < skyline->n; i++) {
        is_on[i] = 0;
        skyline->sorted[n] = &points[i];
        n += isnan(points[i].objectives[0]) ? 0 : 1;
    }
    qsort(skyline->sorted, n, sizeof(*skyline->sorted), better_first);
    for (uint32_t i = 0; i < n; i++) {
        const struct skyline_point *point = skyline->sorted[i];
        int equal = i > 0 && better_first(&skyline->sorted[i - 1], &skyline->sorted[i]) == 0;
        is_on[point - points] = equal ? is_on[skyline->sorted[i - 1] - points]
            : n_objectives <= 3       ? (unsigned char) is_above_stairs(skyline->found, &n_found, point)
                                : (unsigned char) is_above_all(skyline->found, &n_found, point, n_objectives);
    }
}
