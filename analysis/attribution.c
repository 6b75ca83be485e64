/* attribution.c - reads which design point takes what from which scenario, and attributes outcomes to groups. */
#include "analysis/attribution.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FROM_B "from_b_" /* the coordinate of a group */

/* What one outcome is computed with: numbers by replicate, of those that count. */
struct work {
    double *values;  /* of all cells */
    uint32_t *used;  /* replicates */
    uint32_t n;      /* of them */
    double *game;    /* of one replicate: by mixture */
    double *phi;     /* of one replicate: by group */
    double *samples; /* samples[what * n_replicates + i]: contributions by group, then interactions by pair */
    double *sample;  /* by replicate */
    double *adds;    /* by order and replicate */
    uint32_t *path;  /* path[order * (n_groups + 1) + position]: design points from A to B */
};

static int
damaged(const struct reader *reader, struct sim_messages *messages)
{
    sim_messages_add(messages, SIM_ERROR, (struct sim_where){ reader->path, 0, 0 },
        "damaged or incomplete, at the groups of its design");
    return SIM_ERR_FILE;
}

static size_t
n_pairs(const struct attribution *attribution)
{
    return (size_t) attribution->n_groups * (attribution->n_groups - 1) / 2;
}

static uint32_t
last_point(const struct attribution *attribution)
{
    return attribution->reader->n_designs - 1;
}

static uint64_t
all_of(const struct attribution *attribution)
{
    return (UINT64_C(1) << attribution->n_groups) - 1;
}

/* The design point of a mixture; UINT32_MAX if there is none. */
static uint32_t
point_of(const struct attribution *attribution, uint64_t mixture)
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
    if (n == 0 || n > 63) {
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
        if (point_of(attribution, mixture) == UINT32_MAX) {
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
    const uint64_t all = all_of(attribution);
    const uint32_t n = attribution->reader->n_designs;
    int ok = attribution->mixtures[0] == 0 && attribution->mixtures[n - 1] == all;
    for (uint32_t p = 1; ok && p < n; p++) {
        ok = attribution->mixtures[p] > attribution->mixtures[p - 1];
    }
    if (attribution->n_orders == 0) {
        ok = ok && attribution->n_groups <= SHAPLEY_PLAYERS && n == all + 1;
    }
    for (uint32_t g = 0; ok && g < attribution->n_groups; g++) {
        ok = point_of(attribution, UINT64_C(1) << g) != UINT32_MAX
            && point_of(attribution, all & ~(UINT64_C(1) << g)) != UINT32_MAX;
    }
    return ok ? SIM_OK : SIM_ERR_FILE;
}

static int
read_design(struct attribution *attribution, struct sim_messages *messages)
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

/* Computing */

static int
work_init(struct work *work, const struct attribution *attribution)
{
    const size_t r = attribution->reader->n_replicates, d = attribution->reader->n_designs;
    const size_t k = attribution->n_groups;
    *work = (struct work){ .n = 0 };
    work->values = sim_alloc(d * r, sizeof(*work->values));
    work->used = sim_alloc(r, sizeof(*work->used));
    work->game = sim_alloc(d, sizeof(*work->game));
    work->phi = sim_alloc(k, sizeof(*work->phi));
    work->samples = sim_alloc((k + n_pairs(attribution)) * r, sizeof(*work->samples));
    work->sample = sim_alloc(r, sizeof(*work->sample));
    work->adds = sim_alloc(attribution->n_orders * r, sizeof(*work->adds));
    work->path = sim_alloc((size_t) attribution->n_orders * (k + 1), sizeof(*work->path));
    return work->values != NULL && work->used != NULL && work->game != NULL && work->phi != NULL
            && work->samples != NULL && work->sample != NULL && work->adds != NULL && work->path != NULL
        ? SIM_OK
        : SIM_ERR_MEMORY;
}

static void
work_free(struct work *work)
{
    sim_free(work->values);
    sim_free(work->used);
    sim_free(work->game);
    sim_free(work->phi);
    sim_free(work->samples);
    sim_free(work->sample);
    sim_free(work->adds);
    sim_free(work->path);
}

static void
find_paths(const struct attribution *attribution, struct work *work)
{
    const uint32_t k = attribution->n_groups;
    for (uint32_t o = 0; o < attribution->n_orders; o++) {
        uint32_t *path = work->path + (size_t) o * (k + 1);
        uint64_t mixture = 0;
        for (uint32_t i = 0; i < k; i++) {
            path[i] = point_of(attribution, mixture);
            mixture |= UINT64_C(1) << attribution->orders[(size_t) o * k + i];
        }
        path[k] = last_point(attribution);
    }
}

static double
value_at(const struct attribution *attribution, const struct work *work, uint32_t point, uint32_t i)
{
    return work->values[(size_t) point * attribution->reader->n_replicates + work->used[i]];
}

/* Replicates of which every point has a value. */
static void
choose_replicates(const struct attribution *attribution, struct work *work)
{
    const struct reader *reader = attribution->reader;
    work->n = 0;
    for (uint32_t r = 0; r < reader->n_replicates; r++) {
        int whole = 1;
        for (uint32_t p = 0; whole && p < reader->n_designs; p++) {
            whole = !isnan(work->values[(size_t) p * reader->n_replicates + r]);
        }
        if (whole) {
            work->used[work->n++] = r;
        }
    }
}

/* The mean of what B's point changes against A's. */
static struct shapley_interval
difference(const struct attribution *attribution, struct work *work, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < work->n; i++) {
        work->sample[i] = value_at(attribution, work, b, i) - value_at(attribution, work, a, i);
    }
    return shapley_mean(work->sample, work->n);
}

static double
mean_at(const struct attribution *attribution, struct work *work, uint32_t point)
{
    for (uint32_t i = 0; i < work->n; i++) {
        work->sample[i] = value_at(attribution, work, point, i);
    }
    return shapley_mean(work->sample, work->n).value;
}

static void
compute_all(const struct attribution *attribution, struct work *work, struct attribution_outcome *outcome)
{
    const uint32_t k = attribution->n_groups, stride = attribution->reader->n_replicates;
    double *pairs = work->samples + (size_t) k * stride;
    for (uint32_t i = 0; i < work->n; i++) {
        for (uint32_t p = 0; p < attribution->reader->n_designs; p++) {
            work->game[p] = value_at(attribution, work, p, i);
        }
        shapley_values(k, work->game, work->phi);
        for (uint32_t g = 0; g < k; g++) {
            work->samples[(size_t) g * stride + i] = work->phi[g];
            for (uint32_t h = g + 1; h < k; h++) {
                pairs[attribution_pair(attribution, g, h) * stride + i] =
                    shapley_interaction(k, work->game, g, h);
            }
        }
    }
    for (uint32_t g = 0; g < k; g++) {
        outcome->effects[g].shapley = shapley_mean(work->samples + (size_t) g * stride, work->n);
    }
    for (size_t pair = 0; pair < n_pairs(attribution); pair++) {
        outcome->interactions[pair] = shapley_mean(pairs + pair * stride, work->n);
    }
}

/* What a group adds in every order and replicate. */
static void
compute_along_orders(
    const struct attribution *attribution, struct work *work, struct attribution_outcome *outcome)
{
    const uint32_t k = attribution->n_groups;
    for (uint32_t g = 0; g < k; g++) {
        for (uint32_t o = 0; o < attribution->n_orders; o++) {
            const uint32_t *order = attribution->orders + (size_t) o * k;
            const uint32_t *path = work->path + (size_t) o * (k + 1);
            uint32_t turn = 0;
            while (order[turn] != g) {
                turn++;
            }
            for (uint32_t i = 0; i < work->n; i++) {
                work->adds[(size_t) o * work->n + i] = value_at(attribution, work, path[turn + 1], i)
                    - value_at(attribution, work, path[turn], i);
            }
        }
        outcome->effects[g].shapley = shapley_mean_of_orders(work->adds, attribution->n_orders, work->n);
    }
}

static int
compute(const struct attribution *attribution, struct work *work, struct attribution_outcome *outcome,
    struct sim_messages *messages)
{
    const uint64_t all = all_of(attribution);
    const uint32_t last = last_point(attribution);
    int ret = outcome_values(&outcome->outcome, attribution->reader, work->values, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    outcome->effects = sim_alloc(attribution->n_groups, sizeof(*outcome->effects));
    if (attribution->n_orders == 0) {
        outcome->interactions = sim_alloc(n_pairs(attribution), sizeof(*outcome->interactions));
    }
    if (outcome->effects == NULL || (attribution->n_orders == 0 && outcome->interactions == NULL)) {
        return SIM_ERR_MEMORY;
    }
    choose_replicates(attribution, work);
    outcome->n = work->n;
    outcome->value_a = mean_at(attribution, work, 0);
    outcome->value_b = mean_at(attribution, work, last);
    outcome->total = difference(attribution, work, 0, last);
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        const uint64_t own = UINT64_C(1) << g;
        outcome->effects[g].one_in = difference(attribution, work, 0, point_of(attribution, own));
        outcome->effects[g].one_out = difference(attribution, work, point_of(attribution, all & ~own), last);
    }
    if (attribution->n_orders == 0) {
        compute_all(attribution, work, outcome);
    } else {
        compute_along_orders(attribution, work, outcome);
    }
    return SIM_OK;
}

static int
compute_outcomes(
    struct attribution *attribution, const struct outcome *outcomes, size_t n, struct sim_messages *messages)
{
    struct work work;
    attribution->outcomes = sim_alloc(n, sizeof(*attribution->outcomes));
    int ret = work_init(&work, attribution);
    if (attribution->outcomes == NULL) {
        ret = SIM_ERR_MEMORY;
    }
    if (ret == SIM_OK) {
        find_paths(attribution, &work);
    }
    for (size_t i = 0; ret == SIM_OK && i < n; i++) {
        attribution->outcomes[attribution->n_outcomes].outcome = outcomes[i];
        ret = compute(attribution, &work, &attribution->outcomes[attribution->n_outcomes++], messages);
    }
    work_free(&work);
    return ret;
}

int
attribution_init(struct attribution *attribution, const struct reader *reader, const char *const *texts,
    size_t n_texts, struct sim_messages *messages)
{
    struct outcome *outcomes = NULL;
    size_t n = 0;
    uint64_t n_ran;
    *attribution = (struct attribution){ .reader = reader };
    int ret = read_design(attribution, messages);
    if (ret == SIM_OK) {
        ret = outcome_list(&outcomes, &n, reader, texts, n_texts, messages);
    }
    if (ret == SIM_OK) {
        outcome_cells(reader, 0, reader->n_designs, &n_ran, &attribution->n_failed, &attribution->n_not_run);
        ret = compute_outcomes(attribution, outcomes, n, messages);
    }
    sim_free(outcomes);
    return ret;
}

void
attribution_free(struct attribution *attribution)
{
    for (size_t i = 0; i < attribution->n_outcomes; i++) {
        sim_free(attribution->outcomes[i].effects);
        sim_free(attribution->outcomes[i].interactions);
    }
    for (uint32_t g = 0; g < attribution->n_groups; g++) {
        sim_free(attribution->groups[g].name);
        sim_free((void *) attribution->groups[g].parameters);
    }
    sim_free(attribution->outcomes);
    sim_free(attribution->groups);
    sim_free(attribution->mixtures);
    sim_free(attribution->orders);
    factors_free(&attribution->factors);
    *attribution = (struct attribution){ .reader = NULL };
}
