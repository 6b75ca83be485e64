/* sensitivity_sample.c - the points of an analysis, and which scheme they follow. */
#include "analysis/sensitivity_sample.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <stdlib.h>
#include <string.h>

/* Some design points of a file: n from first on, of scenario number base. */
struct block {
    const struct factors *factors;
    uint32_t base, first, n;
};

static int
varies(const struct block *block, const struct factor *factor)
{
    for (uint32_t p = block->first + 1; p < block->first + block->n; p++) {
        if (factor->texts != NULL ? strcmp(factor->texts[p], factor->texts[block->first]) != 0
                                  : factor->values[p] != factor->values[block->first]) {
            return 1;
        }
    }
    return 0;
}

/* Parameters that move together have this name in common. */
static const char *
group_of(const struct factor *factor)
{
    return factor->moves_with != NULL ? factor->moves_with : factor->name;
}

/* The first parameter that varies in the block together with this one: itself, if it has a column of its own. */
static uint32_t
leader_of(const struct block *block, uint32_t number)
{
    const struct factor *list = block->factors->list;
    for (uint32_t f = 0; f < number; f++) {
        if (strcmp(group_of(&list[f]), group_of(&list[number])) == 0 && varies(block, &list[f])) {
            return f;
        }
    }
    return number;
}

int
sensitivity_sample_add(
    struct sensitivity_sample *sample, const char *name, const char *unit, double low, double high)
{
    struct sensitivity_factor *longer =
        sim_resize(sample->factors, sample->n_factors, sample->n_factors + 1u, sizeof(*longer));
    if (longer == NULL) {
        return SIM_ERR_MEMORY;
    }
    sample->factors = longer;
    struct sensitivity_factor *factor = &longer[sample->n_factors++];
    factor->name = sim_copy_text(name);
    factor->unit = sim_copy_text(unit);
    factor->low = low;
    factor->high = high;
    return factor->name != NULL && factor->unit != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* The different texts of a choice. */
struct levels {
    const char **texts;
    uint32_t n;
};

/* The number of a text, which is added if it is new; UINT32_MAX without memory. */
static uint32_t
level_of(struct levels *levels, const char *text)
{
    for (uint32_t i = 0; i < levels->n; i++) {
        if (strcmp(levels->texts[i], text) == 0) {
            return i;
        }
    }
    const char **longer = sim_resize(levels->texts, levels->n, levels->n + 1u, sizeof(*longer));
    if (longer == NULL) {
        return UINT32_MAX;
    }
    levels->texts = longer;
    longer[levels->n] = text;
    return levels->n++;
}

static int
in_alphabet(const void *left, const void *right)
{
    return strcmp(*(const char *const *) left, *(const char *const *) right);
}

/* All texts of a block in alphabetical order: the number of a text must not depend on which point the seed has put
 * first. */
static int
find_levels(struct levels *levels, const struct block *block, const struct factor *factor)
{
    for (uint32_t p = 0; p < block->n; p++) {
        if (level_of(levels, factor->texts[block->first + p]) == UINT32_MAX) {
            return SIM_ERR_MEMORY;
        }
    }
    qsort(levels->texts, levels->n, sizeof(*levels->texts), in_alphabet);
    return SIM_OK;
}

static char *
join(const struct levels *levels)
{
    char *all = sim_copy_text("");
    for (uint32_t i = 0; i < levels->n && all != NULL; i++) {
        char *longer = sim_print_text("%s%s%s", all, i > 0 ? " | " : "", levels->texts[i]);
        sim_free(all);
        all = longer;
    }
    return all;
}

static int
fill_texts(struct sensitivity_sample *sample, uint32_t column, const struct block *block,
    const struct factor *factor)
{
    struct sensitivity_factor *own = &sample->factors[column];
    struct levels levels = { NULL, 0 };
    int ret = find_levels(&levels, block, factor);
    for (uint32_t p = 0; p < block->n && ret == SIM_OK; p++) {
        sample->x[(size_t) p * sample->n_factors + column] =
            level_of(&levels, factor->texts[block->first + p]);
    }
    if (ret == SIM_OK) {
        own->high = levels.n - 1u;
        own->levels = join(&levels);
        ret = own->levels != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    sim_free(levels.texts);
    return ret;
}

/* Without a range in the file, it varies between its least and its greatest value. */
static void
fill_numbers(struct sensitivity_sample *sample, uint32_t column, const struct block *block,
    const struct factor *factor)
{
    struct sensitivity_factor *own = &sample->factors[column];
    own->low = own->high = factor->values[block->first];
    for (uint32_t p = 0; p < block->n; p++) {
        double value = factor->values[block->first + p];
        sample->x[(size_t) p * sample->n_factors + column] = value;
        own->low = value < own->low ? value : own->low;
        own->high = value > own->high ? value : own->high;
    }
    if (factor->lows != NULL && factor->lows[block->base] < factor->highs[block->base]) {
        own->low = factor->lows[block->base];
        own->high = factor->highs[block->base];
    }
}

static int
add_factors(struct sensitivity_sample *sample, const struct block *block)
{
    const struct factors *factors = block->factors;
    int ret = SIM_OK;
    for (uint32_t f = 0; f < factors->n && ret == SIM_OK; f++) {
        uint32_t leader = leader_of(block, f);
        if (varies(block, &factors->list[f]) && leader == f) {
            ret = sensitivity_sample_add(sample, factors->list[f].name, factors->list[f].unit, 0, 0);
        } else if (varies(block, &factors->list[f])) {
            for (uint32_t c = 0; c < sample->n_factors; c++) {
                sample->factors[c].n_more += strcmp(sample->factors[c].name, factors->list[leader].name) == 0;
            }
        }
    }
    return ret;
}

int
sensitivity_sample_init(struct sensitivity_sample *sample, const struct factors *factors, uint32_t base,
    uint32_t first, uint32_t n_points)
{
    const struct block block = { factors, base, first, n_points };
    *sample = (struct sensitivity_sample){ .n_points = n_points };
    int ret = add_factors(sample, &block);
    if (ret == SIM_OK) {
        sample->x = sim_alloc((size_t) n_points * sample->n_factors, sizeof(*sample->x));
        ret = sample->x != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    for (uint32_t c = 0; c < sample->n_factors && ret == SIM_OK; c++) {
        const struct factor *factor = factors_find(factors, sample->factors[c].name);
        if (factor->texts != NULL) {
            ret = fill_texts(sample, c, &block, factor);
        } else {
            fill_numbers(sample, c, &block, factor);
        }
    }
    return ret;
}

void
sensitivity_sample_free(struct sensitivity_sample *sample)
{
    for (uint32_t f = 0; f < sample->n_factors; f++) {
        sim_free(sample->factors[f].name);
        sim_free(sample->factors[f].unit);
        sim_free(sample->factors[f].levels);
    }
    sim_free(sample->factors);
    sim_free(sample->x);
    *sample = (struct sensitivity_sample){ .n_points = 0 };
}

uint32_t
sensitivity_sample_step(const struct sensitivity_sample *sample, uint32_t point)
{
    uint32_t moved = UINT32_MAX, n_moved = 0;
    for (uint32_t f = 0; f < sample->n_factors; f++) {
        if (sensitivity_sample_at(sample, point, f) != sensitivity_sample_at(sample, point + 1, f)) {
            moved = f;
            n_moved++;
        }
    }
    return n_moved == 1 ? moved : UINT32_MAX;
}

/* Whether each factor moves once after this point. n steps that move one factor each move all of them if no two move
 * the same. */
static int
is_trajectory(const struct sensitivity_sample *sample, uint32_t first)
{
    for (uint32_t step = 0; step < sample->n_factors; step++) {
        uint32_t moved = sensitivity_sample_step(sample, first + step);
        for (uint32_t before = 0; before < step && moved != UINT32_MAX; before++) {
            moved = sensitivity_sample_step(sample, first + before) != moved ? moved : UINT32_MAX;
        }
        if (moved == UINT32_MAX) {
            return 0;
        }
    }
    return 1;
}

uint32_t
sensitivity_sample_trajectories(const struct sensitivity_sample *sample)
{
    uint32_t length = sample->n_factors + 1;
    if (sample->n_factors == 0 || sample->n_points % length != 0) {
        return 0;
    }
    for (uint32_t first = 0; first < sample->n_points; first += length) {
        if (!is_trajectory(sample, first)) {
            return 0;
        }
    }
    return sample->n_points / length;
}

uint32_t
sensitivity_sample_rows(uint32_t n_factors, int second_order)
{
    return (second_order ? 2 : 1) * n_factors + 2;
}

/* Whether a point is another one, but with one factor, if there is such, of a third. */
static int
is_mix(
    const struct sensitivity_sample *sample, uint32_t point, uint32_t most, uint32_t other, uint32_t factor)
{
    for (uint32_t f = 0; f < sample->n_factors; f++) {
        if (sensitivity_sample_at(sample, point, f)
            != sensitivity_sample_at(sample, f == factor ? other : most, f)) {
            return 0;
        }
    }
    return 1;
}

static int
is_base(const struct sensitivity_sample *sample, uint32_t a, int second_order)
{
    uint32_t k = sample->n_factors, b = a + sensitivity_sample_rows(k, second_order) - 1;
    for (uint32_t f = 0; f < k; f++) {
        if (!is_mix(sample, a + 1 + f, a, b, f)
            || (second_order && !is_mix(sample, a + 1 + k + f, b, a, f))) {
            return 0;
        }
    }
    return 1;
}

uint32_t
sensitivity_sample_bases(const struct sensitivity_sample *sample, int *second_order)
{
    for (*second_order = 1; *second_order >= 0; (*second_order)--) {
        uint32_t rows = sensitivity_sample_rows(sample->n_factors, *second_order), first = 0;
        while (sample->n_points % rows == 0 && first < sample->n_points
            && is_base(sample, first, *second_order)) {
            first += rows;
        }
        if (first == sample->n_points && first > 0) {
            return first / rows;
        }
    }
    *second_order = 0;
    return 0;
}
