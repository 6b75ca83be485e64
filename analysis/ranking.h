/* ranking.h - what is numbered, in the order of a size: the largest first. */
#ifndef ANALYSIS_RANKING_H
#define ANALYSIS_RANKING_H

#include <stddef.h>
#include <stdint.h>

struct ranking_entry {
    uint32_t number;
    double size; /* not negative */
};

/* By how far the value is from zero; NaN is as zero. */
struct ranking_entry ranking_entry(uint32_t number, double value);

/* Entries of equal size stay in the order of their numbers. */
void ranking_sort(struct ranking_entry *entries, size_t n);

#endif
