/* skyline.h - which of many points no other dominates: as good in all objectives and better in one. Equal points do
 * not dominate each other.
 */
#ifndef ANALYSIS_SKYLINE_H
#define ANALYSIS_SKYLINE_H

#include <stdint.h>

#define SKYLINE_OBJECTIVES 8

/* A point: the more the better in each objective; those that there are not are 0 in all points. A point whose first
 * is NaN takes no part. */
struct skyline_point {
    double objectives[SKYLINE_OBJECTIVES];
};

/* Room for the work on n points. */
struct skyline {
    uint32_t n;
    const struct skyline_point **sorted;
    const struct skyline_point **found;
};

/* SIM_ERR_MEMORY. May always be freed. */
int skyline_init(struct skyline *skyline, uint32_t n);
void skyline_free(struct skyline *skyline);

/* is_on[i]: whether point i takes part and no other dominates it. n log n steps for up to three objectives; for more, n
 * times as many as are on it. */
void skyline_find(
    struct skyline *skyline, const struct skyline_point *points, int n_objectives, unsigned char *is_on);

#endif
