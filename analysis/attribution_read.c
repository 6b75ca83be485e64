/* attribution_read.c - which groups there are, and which design point takes what from which scenario. */
#include "analysis/attribution.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <string.h>

#define FROM_B "from_b_" /* the coordinate of a group */

uint32_t
attribution_point(const struct attribution *attribution, uint64_t mixture)
{
    uint32_t low = 0, high = attribution->reader->n_designs;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (attribution->mixtures[middle] == mixture) {
            return middle;
        }
        if (attribution->mixtures[middle] < mixture) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return UINT32_MAX;
}

static int
damaged(const struct reader *reader, struct sim_messages *messages)
{
    return reader_damaged(reader, "the groups of its design", messages);
}

/* Names with blanks between them, to be found in turn: the length of the next one. */
static size_t
next_word(const char **text)
{
    *text += strspn(*text, " ");
    return strcspn(*text, " ");
}

static int
read_parameters(struct attribution *attribution, struct attribution_group *group, const char *keys)
{
    group->parameters = sim_alloc(attribution->factors.n, sizeof(struct factor *));
    if (group->parameters == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (size_t length; (length = next_word(&keys)) > 0; keys += length) {
        char *key = sim_print_text("%.*s", (int) length, keys);
        const struct factor *factor = key != NULL ? factors_find(&attribution->factors, key) : NULL;
        int ret = key == NULL                                                 ? SIM_ERR_MEMORY
            : factor == NULL || group->n_parameters == attribution->factors.n ? SIM_ERR_FILE
                                                                              : SIM_OK;
        sim_free(key);
        if (ret != SIM_OK) {
            return ret;
        }
        group->parameters[group->n_parameters++] = factor;
    }
    return SIM_OK;
}

/* The parameters of a group and, as bits of the mixtures, the points that take it from B. */
static int
read_group(struct attribution *attribution, uint32_t number, double *from_b)
{
    const struct reader *reader = attribution->reader;
    struct attribution_group *group = &attribution->groups[number];
    char *variable = sim_print_text(FROM_B "%s", group->name), *keys = NULL;
    int ret = variable != NULL ? reader_numbers(reader, variable, from_b, reader->n_designs) : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        ret = reader_attribute(reader, variable, "parameters", &keys);
    }
    if (ret == SIM_OK) {
        ret = keys != NULL ? read_parameters(attribution, group, keys) : SIM_ERR_FILE;
    }
    for (uint32_t p = 0; ret == SIM_OK && p < reader->n_designs; p++) {
        attribution->mixtures[p] |= (uint64_t) (from_b[p] != 0) << number;
    }
    sim_free(variable);
    sim_free(keys);
    return ret;
}

static int
read_groups(struct attribution *attribution)
{
    const struct reader *reader = attribution->reader;
    uint32_t n = reader_length(reader, "config/attribution_group");
    char **names = NULL;
    double *from_b = sim_alloc(reader->n_designs, sizeof(*from_b));
    if (n == 0 || n > ATTRIBUTION_GROUPS) {
        sim_free(from_b);
        return SIM_ERR_FILE;
    }
    attribution->mixtures = sim_alloc(reader->n_designs, sizeof(*attribution->mixtures));
    attribution->groups = sim_alloc(n, sizeof(*attribution->groups));
    int ret = from_b != NULL && attribution->mixtures != NULL && attribution->groups != NULL
        ? reader_texts(reader, "config/attribution_group", n, &names)
        : SIM_ERR_MEMORY;
    for (uint32_t g = 0; ret == SIM_OK && g < n; g++) {
        attribution->groups[attribution->n_groups++].name = sim_copy_text(names[g]);
        ret = attribution->groups[g].name != NULL ? read_group(attribution, g, from_b) : SIM_ERR_MEMORY;
    }
    if (names != NULL) {
        reader_free_texts(names, n);
    }
    sim_free(from_b);
    return ret;
}

static uint32_t
find_group(const struct attribution *attribution, const char *name, size_t length)
{
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        const char *own = attribution->groups[g].name;
        if (strlen(own) == length && strncmp(own, name, length) == 0) {
            return g;
        }
    }
    return UINT32_MAX;
}

/* An order of all groups, each once, of which every mixture is a point. */
static int
read_order(const struct attribution *attribution, const char *text, uint32_t *order)
{
    uint64_t mixture = 0;
    uint32_t n = 0;
    for (size_t length; (length = next_word(&text)) > 0; text += length) {
        uint32_t group = find_group(attribution, text, length);
        if (group == UINT32_MAX || (mixture >> group & 1) != 0) {
            return SIM_ERR_FILE;
        }
        mixture |= UINT64_C(1) << group;
        order[n++] = group;
        if (attribution_point(attribution, mixture) == UINT32_MAX) {
            return SIM_ERR_FILE;
        }
    }
    return n == attribution->n_groups ? SIM_OK : SIM_ERR_FILE;
}

static int
read_orders(struct attribution *attribution)
{
    const struct reader *reader = attribution->reader;
    uint32_t n = reader_length(reader, "config/attribution_order");
    char **texts = NULL;
    if (n == 0) {
        return SIM_OK;
    }
    attribution->orders = sim_alloc((size_t) n * attribution->n_groups, sizeof(*attribution->orders));
    int ret = attribution->orders != NULL ? reader_texts(reader, "config/attribution_order", n, &texts)
                                          : SIM_ERR_MEMORY;
    for (uint32_t o = 0; ret == SIM_OK && o < n; o++) {
        ret = read_order(attribution, texts[o], attribution->orders + (size_t) o * attribution->n_groups);
    }
    attribution->n_orders = n;
    if (texts != NULL) {
        reader_free_texts(texts, n);
    }
    return ret;
}

/* Mixtures must ascend from A to B; without orders all must be there, with them those of single groups. */
static int
check_mixtures(const struct attribution *attribution)
{
    const uint64_t all = attribution_all(attribution);
    const uint32_t n = attribution->reader->n_designs;
    int ok = attribution->mixtures[0] == 0 && attribution->mixtures[n - 1] == all;
    for (uint32_t p = 1; ok && p < n; p++) {
        ok = attribution->mixtures[p] > attribution->mixtures[p - 1];
    }
    if (attribution->n_orders == 0) {
        ok = ok && attribution->n_groups <= SHAPLEY_PLAYERS && n == all + 1;
    }
    for (uint32_t g = 0; ok && g < attribution->n_groups; g++) {
        ok = attribution_point(attribution, UINT64_C(1) << g) != UINT32_MAX
            && attribution_point(attribution, all & ~(UINT64_C(1) << g)) != UINT32_MAX;
    }
    return ok ? SIM_OK : SIM_ERR_FILE;
}

int
attribution_read(struct attribution *attribution, struct sim_messages *messages)
{
    int ret = factors_init(&attribution->factors, attribution->reader, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    if (strcmp(attribution->factors.kind, ATTRIBUTION_DESIGN) != 0) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ attribution->reader->path, 0, 0 },
            "its design points do not mix two scenarios (design: %s, not " ATTRIBUTION_DESIGN
            "); `cogov attribute A B` runs such a design",
            attribution->factors.kind);
        return SIM_ERR_INPUT;
    }
    ret = read_groups(attribution);
    ret = ret == SIM_OK ? read_orders(attribution) : ret;
    ret = ret == SIM_OK ? check_mixtures(attribution) : ret;
    return ret == SIM_ERR_FILE ? damaged(attribution->reader, messages) : ret;
}
