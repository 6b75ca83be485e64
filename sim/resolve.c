/* resolve.c - lays what a scenario sets, its table of places and its events over each other, in this order,
 * and asks the model about each struct of parameters that comes of it. */
#include "sim/resolve.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All that is known while a scenario is resolved. */
struct draft {
    struct sim_resolution *resolution;
    const struct sim_scenario *scenario;
    const struct sim_model *model;
    struct sim_messages *messages;
};

/* What gave a parameter its value last; NULL if it has its default. */
static const struct sim_entry *
entry_of(const struct sim_scenario *scenario, const char *key)
{
    for (size_t i = scenario->n_overrides; i-- > 0;) {
        if (strcmp(scenario->overrides[i].key, key) == 0) {
            return &scenario->overrides[i];
        }
    }
    for (size_t d = scenario->n_documents; d-- > 0;) {
        const struct sim_entry *entry = sim_document_find(&scenario->documents[d], key);
        if (entry != NULL) {
            return entry;
        }
    }
    return NULL;
}

/* Where a parameter got its value last, to blame it. */
static struct sim_where
where_of(const struct sim_scenario *scenario, const char *key)
{
    const struct sim_entry *entry = entry_of(scenario, key);
    return entry != NULL ? entry->value_at
                         : (struct sim_where){ scenario->documents[scenario->n_documents - 1].path, 0, 0 };
}

/* The same in an era, whose changes are those from first to before end: in an event up to its last change,
 * else before the events. If none of them set it, it is the era's first change that is to blame, for before
 * it nothing was wrong. place: of the table; 0: the whole world. */
static struct sim_where
where_in_era(const struct draft *draft, size_t first, size_t end, uint32_t place, const char *key)
{
    const struct sim_events *events = &draft->resolution->events;
    for (size_t i = end; i-- > 0;) {
        char changed[SIM_KEY_SIZE];
        sim_field_key(events->list[i].field, changed);
        if (strcmp(changed, key) == 0) {
            return events->list[i].value->value_at;
        }
    }
    return end > first ? events->list[first].value->value_at
        : place > 0    ? sim_places_where(&draft->resolution->places, place, key)
                       : where_of(draft->scenario, key);
}

/* Complaints about one struct of parameters */
struct complaints {
    struct sim_complaint list[16];
    size_t count;
};

static void
ask_model(const struct sim_model *model, const void *params, struct complaints *complaints)
{
    size_t limit = SIM_COUNT_OF(complaints->list);
    size_t n = model->check != NULL ? model->check(params, complaints->list, limit) : 0;
    complaints->count = n < limit ? n : limit;
}

static int
is_among(const struct complaints *complaints, const struct sim_complaint *complaint)
{
    for (size_t i = 0; i < complaints->count; i++) {
        if (strcmp(complaints->list[i].key, complaint->key) == 0
            && strcmp(complaints->list[i].text, complaint->text) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Asks the model about a place in every era, and tells each complaint where it first arises. What is wrong
 * with the whole world too is told there. */
static void
check_place(const struct draft *draft, uint32_t place)
{
    const struct sim_setting *setting = &draft->resolution->setting;
    struct complaints before = { .count = 0 }, now, world = { .count = 0 };
    size_t first = 0, end = 0;
    for (uint32_t e = 0; e < setting->n_eras; e++) {
        const struct sim_era *era = &setting->eras[e];
        first = end;
        end = e > 0 ? sim_events_end(&draft->resolution->events, first) : 0;
        ask_model(draft->model, place > 0 ? era->own[place] : era->params, &now);
        if (place > 0) {
            ask_model(draft->model, era->params, &world);
        }
        for (size_t i = 0; i < now.count; i++) {
            if (!is_among(&before, &now.list[i]) && !is_among(&world, &now.list[i])) {
                sim_messages_add(draft->messages, SIM_ERROR,
                    where_in_era(draft, first, end, place, now.list[i].key), "%s", now.list[i].text);
            }
        }
        before = now;
    }
}

static uint32_t
count_places(const struct sim_places *places)
{
    return 1 + places->n_regions + places->n_blocks;
}

static void
check_setting(const struct draft *draft)
{
    const struct sim_setting *setting = &draft->resolution->setting;
    check_place(draft, 0);
    for (uint32_t i = 1; setting->eras[0].own != NULL && i < count_places(&draft->resolution->places); i++) {
        if (setting->eras[0].own[i] != NULL) {
            check_place(draft, i);
        }
    }
}

static void *
copy_params(const struct sim_model *model, const void *params)
{
    void *copy = sim_alloc(1, model->fields.size);
    if (copy != NULL) {
        memcpy(copy, params, model->fields.size);
    }
    return copy;
}

/* What a block without params of its own has. */
static const void *
params_above(const struct sim_places *places, const struct sim_era *era, uint32_t place)
{
    uint32_t region = 0;
    if (place > places->n_regions) {
        uint32_t block = place - 1 - places->n_regions;
        region = 1 + places->regions[places->rows[block]];
    }
    const void *own = region > 0 ? era->own[region] : NULL;
    return own != NULL ? own : era->params;
}

/* The places that the table sets apart, at the start. */
static int
add_own(const struct draft *draft, struct sim_era *era)
{
    const struct sim_places *places = &draft->resolution->places;
    const void **own = sim_alloc(count_places(places), sizeof(*own));
    if (own == NULL) {
        return SIM_ERR_MEMORY;
    }
    era->own = own;
    for (uint32_t i = 1; i < count_places(places); i++) {
        void *params = copy_params(draft->model, params_above(places, era, i));
        if (params == NULL) {
            return SIM_ERR_MEMORY;
        }
        if (sim_places_apply(places, i, params) > 0) {
            own[i] = params;
        } else {
            sim_free(params);
        }
    }
    return SIM_OK;
}

/* The era after some changes: at all places, whatever the table says. */
static int
add_era(
    const struct draft *draft, struct sim_era *era, const struct sim_era *before, size_t first, size_t end)
{
    const struct sim_events *events = &draft->resolution->events;
    uint32_t n = before->own != NULL ? count_places(&draft->resolution->places) : 1;
    const void **own = before->own != NULL ? sim_alloc(n, sizeof(*own)) : NULL;
    if (before->own != NULL && own == NULL) {
        return SIM_ERR_MEMORY;
    }
    era->first = events->list[first].month;
    era->own = own;
    for (uint32_t i = 0; i < n; i++) {
        const void *old = i == 0 ? before->params : before->own[i];
        void *params = old != NULL ? copy_params(draft->model, old) : NULL;
        if (old != NULL && params == NULL) {
            return SIM_ERR_MEMORY;
        }
        if (params != NULL) {
            sim_events_apply(events, first, end, params);
        }
        if (i == 0) {
            era->params = params;
        } else {
            own[i] = params;
        }
    }
    return SIM_OK;
}

/* The number of blocks and regions, and what they are called. */
static int
take_places(const struct draft *draft)
{
    const struct sim_places *places = &draft->resolution->places;
    struct sim_setting *setting = &draft->resolution->setting;
    uint32_t *first_block = sim_alloc((size_t) places->n_regions + 1, sizeof(*first_block));
    if (first_block == NULL) {
        return SIM_ERR_MEMORY;
    }
    memcpy(first_block, places->first_block, ((size_t) places->n_regions + 1) * sizeof(*first_block));
    setting->n_regions = places->n_regions;
    setting->first_block = first_block;
    setting->names = sim_places_names(places);
    return setting->names != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* Takes the parameters of the start, which become the setting's. */
static int
make_setting(const struct draft *draft, void *params)
{
    const struct sim_events *events = &draft->resolution->events;
    struct sim_setting *setting = &draft->resolution->setting;
    struct sim_era *eras = sim_alloc(1 + sim_events_months(events), sizeof(*eras));
    if (eras == NULL) {
        sim_free(params);
        return SIM_ERR_MEMORY;
    }
    eras[0].params = params;
    setting->eras = eras;
    setting->n_eras = 1;
    int ret = SIM_OK;
    if (draft->resolution->places.table.path != NULL) {
        ret = take_places(draft);
        ret = ret == SIM_OK ? add_own(draft, &eras[0]) : ret;
    }
    for (size_t first = 0, end; ret == SIM_OK && first < events->count; first = end) {
        end = sim_events_end(events, first);
        setting->n_eras++;
        ret = add_era(draft, &eras[setting->n_eras - 1], &eras[setting->n_eras - 2], first, end);
    }
    return ret;
}

/* Sets the numbers of regions and blocks to the table's; the scenario may not say another number of regions.
 */
static void
count_regions(const struct draft *draft, void *params, const void *defaults)
{
    const struct sim_places *places = &draft->resolution->places;
    const struct sim_field *field = sim_fields_find(&draft->model->fields, draft->model->regions);
    const struct sim_field *blocks = sim_places_field(&draft->model->fields);
    int64_t n = places->n_regions, said, standard, most = 0;
    memcpy(&said, (const char *) params + field->offset, sizeof(said));
    memcpy(&standard, (const char *) defaults + field->offset, sizeof(standard));
    if (said != n && said != standard) {
        sim_messages_add(draft->messages, SIM_ERROR, where_of(draft->scenario, draft->model->regions),
            "%s is %" PRId64 ", but the table %s has %" PRId64 "; leave it out", draft->model->regions, said,
            places->table.path, n);
    }
    for (uint32_t r = 0; r < places->n_regions; r++) {
        int64_t here = places->first_block[r + 1] - places->first_block[r];
        most = here > most ? here : most;
    }
    memcpy((char *) params + field->offset, &n, sizeof(n));
    memcpy((char *) params + blocks->offset, &most, sizeof(most));
}

/* The path of a table named in a file, or on the command line; NULL without memory. */
static char *
table_path(const struct sim_scenario *scenario, const struct sim_entry *entry)
{
    int in_file = entry < scenario->overrides || entry >= scenario->overrides + scenario->n_overrides;
    const char *slash = in_file ? strrchr(entry->value_at.file, '/') : NULL;
    if (entry->text[0] == '/' || slash == NULL) {
        return sim_copy_text(entry->text);
    }
    return sim_print_text("%.*s/%s", (int) (slash - entry->value_at.file), entry->value_at.file, entry->text);
}

/* Reads the table, if the scenario names one. */
static int
read_table(const struct draft *draft)
{
    const struct sim_field *field = sim_places_field(&draft->model->fields);
    char key[SIM_KEY_SIZE];
    if (field == NULL) {
        return SIM_OK;
    }
    sim_field_key(field, key);
    const struct sim_entry *entry = entry_of(draft->scenario, key);
    if (entry == NULL || !sim_field_names_table(entry->text)) {
        return SIM_OK;
    }
    char *path = table_path(draft->scenario, entry);
    int ret = path == NULL ? SIM_ERR_MEMORY
                           : sim_places_init(&draft->resolution->places, path, draft->scenario->search,
                               draft->model, entry->value_at, draft->messages);
    sim_free(path);
    return ret;
}

/* The worse of two statuses. */
static int
worse(int a, int b)
{
    return a == SIM_ERR_MEMORY || b == SIM_OK ? a : b;
}

int
sim_resolution_init(struct sim_resolution *resolution, const struct sim_scenario *scenario,
    const struct sim_model *model, struct sim_messages *messages)
{
    struct draft draft = { resolution, scenario, model, messages };
    memset(resolution, 0, sizeof(*resolution));
    resolution->model = model;
    void *defaults = sim_alloc(1, model->fields.size);
    void *params = NULL;
    int ret = defaults != NULL ? sim_fields_defaults(&model->fields, defaults, messages) : SIM_ERR_MEMORY;
    if (ret != SIM_OK) {
        goto out;
    }
    params = copy_params(model, defaults);
    ret = params != NULL ? sim_scenario_apply(scenario, &model->fields, params, messages) : SIM_ERR_MEMORY;
    if (ret != SIM_ERR_MEMORY) {
        ret = worse(ret, sim_events_init(&resolution->events, scenario, &model->fields, messages));
    }
    if (ret != SIM_ERR_MEMORY) {
        ret = worse(ret, read_table(&draft));
    }
    if (ret != SIM_OK) {
        goto out;
    }
    if (resolution->places.table.path != NULL) {
        count_regions(&draft, params, defaults);
    }
    ret = make_setting(&draft, params);
    params = NULL;
    if (ret == SIM_OK) {
        check_setting(&draft);
    }
out:
    sim_free(defaults);
    sim_free(params);
    return ret;
}

void
sim_resolution_free(struct sim_resolution *resolution)
{
    sim_setting_free(&resolution->setting);
    sim_events_free(&resolution->events);
    sim_places_free(&resolution->places);
}

char *
sim_resolution_text(const struct sim_resolution *resolution, const char *title, const char *table)
{
    const struct sim_model *model = resolution->model;
    const void *params = resolution->setting.eras[0].params;
    char *buffer = NULL;
    size_t size = 0;
    void *scratch = sim_alloc(1, model->fields.size);
    FILE *out = scratch != NULL ? open_memstream(&buffer, &size) : NULL;
    if (out == NULL) {
        sim_free(scratch);
        return NULL;
    }
    fputs("model: ", out);
    sim_print_quoted(out, model->name); /* one is named null */
    fputs("\ntitle: ", out);
    sim_print_quoted(out, title);
    fputc('\n', out);
    for (size_t f = 0; f < model->fields.count; f++) {
        const struct sim_field *field = &model->fields.list[f];
        char key[SIM_KEY_SIZE], value[SIM_VALUE_SIZE];
        sim_field_key(field, key);
        fprintf(out, "%s: ", key);
        if (field->type == SIM_PLACES && table != NULL) {
            sim_print_quoted(out, table);
        } else {
            sim_field_print(field, params, value);
            fputs(value, out);
        }
        fputc('\n', out);
    }
    sim_events_print(&resolution->events, scratch, out);
    char *copy = fclose(out) == 0 ? sim_copy_text(buffer) : NULL;
    free(buffer);
    sim_free(scratch);
    return copy;
}
