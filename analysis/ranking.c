/* ranking.c - what is numbered, in the order of a size: the largest first. */
#include "analysis/ranking.h"

#include <math.h>
#include <stdlib.h>

struct ranking_entry
ranking_entry(uint32_t number, double value)
{
    return (struct ranking_entry){ number, isnan(value) ? 0 : fabs(value) };
}

static int
largest_first(const void *left, const void *right)
{
    const struct ranking_entry *a = left, *b = right;
    int order = (a->size < b->size) - (a->size > b->size);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

void
ranking_sort(struct ranking_entry *entries, size_t n)
{
    qsort(entries, n, sizeof(*entries), largest_first);
}
