/* factors.c - the parameters that vary over the design points of a results file. */
#include "analysis/factors.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <stdio.h>
#include <string.h>

static int
read_values(struct factor *factor, const struct reader *reader)
{
    factor->values = sim_alloc(reader->n_designs, sizeof(*factor->values));
    return factor->values != NULL ? reader_numbers(reader, factor->name, factor->values, reader->n_designs)
                                  : SIM_ERR_MEMORY;
}

static int
read_texts(struct factor *factor, const struct reader *reader)
{
    return reader_texts(reader, factor->name, reader->n_designs, &factor->texts);
}

/* Its range in every scenario, if the file tells. */
static int
read_ranges(struct factor *factor, const struct reader *reader, uint32_t n_bases)
{
    double *lows = sim_alloc(n_bases, sizeof(*lows)), *highs = sim_alloc(n_bases, sizeof(*highs));
    if (lows == NULL || highs == NULL) {
        sim_free(lows);
        sim_free(highs);
        return SIM_ERR_MEMORY;
    }
    if (reader_attribute_numbers(reader, factor->name, "range_low", lows, n_bases) == SIM_OK
        && reader_attribute_numbers(reader, factor->name, "range_high", highs, n_bases) == SIM_OK) {
        factor->lows = lows;
        factor->highs = highs;
    } else {
        sim_free(lows);
        sim_free(highs);
    }
    return SIM_OK;
}

static int
read_factor(struct factor *factor, const struct reader *reader, const char *name, uint32_t n_bases)
{
    factor->name = sim_copy_text(name);
    int ret =
        factor->name != NULL ? reader_attribute(reader, name, "long_name", &factor->title) : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        ret = reader_attribute(reader, name, "units", &factor->unit);
    }
    if (ret == SIM_OK) {
        ret = reader_attribute(reader, name, "moves_with", &factor->moves_with);
    }
    if (ret == SIM_OK) {
        factor->title = factor->title != NULL ? factor->title : sim_copy_text("");
        factor->unit = factor->unit != NULL ? factor->unit : sim_copy_text("");
        ret = factor->title != NULL && factor->unit != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    if (ret == SIM_OK) {
        ret = reader_is_number(reader, name) ? read_values(factor, reader) : read_texts(factor, reader);
    }
    return ret == SIM_OK ? read_ranges(factor, reader, n_bases) : ret;
}

static int
add_factor(struct factors *factors, const struct reader *reader, const char *name)
{
    struct factor *longer = sim_resize(factors->list, factors->n, factors->n + 1u, sizeof(*longer));
    if (longer == NULL) {
        return SIM_ERR_MEMORY;
    }
    factors->list = longer;
    return read_factor(&longer[factors->n++], reader, name, factors->n_bases);
}

/* Keys of parameters have a dot; no other variable of the design points has one. */
static int
is_factor(const struct reader *reader, const char *name)
{
    return strchr(name, '.') != NULL && reader_length(reader, name) == reader->n_designs;
}

static int
read_kind(struct factors *factors, const struct reader *reader)
{
    int ret = reader_attribute(reader, "/config", "design", &factors->kind);
    if (ret == SIM_OK && factors->kind == NULL) {
        factors->kind = sim_copy_text("none");
        ret = factors->kind != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    return ret;
}

int
factors_init(struct factors *factors, const struct reader *reader, struct sim_messages *messages)
{
    char **names = NULL;
    uint32_t n = 0;
    *factors = (struct factors){ .n_designs = reader->n_designs };
    factors->n_bases = reader_length(reader, "config/scenario");
    int ret = read_kind(factors, reader);
    if (ret == SIM_OK) {
        ret = reader_variables(reader, &names, &n);
    }
    for (uint32_t i = 0; ret == SIM_OK && i < n; i++) {
        ret = is_factor(reader, names[i]) ? add_factor(factors, reader, names[i]) : SIM_OK;
    }
    if (ret == SIM_ERR_FILE) {
        reader_damaged(reader, "what varies over the design points", messages);
    }
    reader_free_texts(names, n);
    return ret;
}

void
factors_free(struct factors *factors)
{
    for (uint32_t i = 0; i < factors->n; i++) {
        struct factor *factor = &factors->list[i];
        if (factor->texts != NULL) {
            reader_free_texts(factor->texts, factors->n_designs);
        }
        sim_free(factor->values);
        sim_free(factor->lows);
        sim_free(factor->highs);
        sim_free(factor->name);
        sim_free(factor->title);
        sim_free(factor->unit);
        sim_free(factor->moves_with);
    }
    sim_free(factors->list);
    sim_free(factors->kind);
    *factors = (struct factors){ .n = 0 };
}

const struct factor *
factors_find(const struct factors *factors, const char *name)
{
    for (uint32_t i = 0; i < factors->n; i++) {
        if (strcmp(factors->list[i].name, name) == 0) {
            return &factors->list[i];
        }
    }
    return NULL;
}

uint32_t
factors_points(const struct reader *reader, uint32_t first)
{
    uint32_t last = first;
    while (last < reader->n_designs && strcmp(reader->scenarios[last], reader->scenarios[first]) == 0) {
        last++;
    }
    return last - first;
}

int
factor_is_switch(const struct factor *factor)
{
    return factor->texts == NULL && factor->unit[0] == '\0';
}

void
factors_print(const struct factor *factor, uint32_t design, char *text, size_t size)
{
    if (factor->texts != NULL) {
        snprintf(text, size, "%s", factor->texts[design]);
    } else if (factor_is_switch(factor)) {
        snprintf(text, size, "%s", factor->values[design] != 0 ? "on" : "off");
    } else {
        snprintf(text, size, "%.6g", factor->values[design]);
    }
}
