/* experiment.c - from scenarios and experiments, overrides and options to design points, all checked. */
#include "sim/experiment.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/resolve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define REPLICATES_LIMIT 1000000
#define TICKS_LIMIT SIM_MONTH_LIMIT
#define CELLS_LIMIT 100000000

/* What an experiment file may say about numbers. */
struct number {
    const char *key;
    int64_t lowest, highest;
    int64_t value; /* -1: not said */
};

enum { NUMBER_REPLICATES, NUMBER_SEED, NUMBER_TICKS, NUMBER_BURN_IN, NUMBERS };

/* A month that a scenario names: it must come before the end, which is known when all files are read. */
struct named_month {
    char *file;
    int line, column;
    uint32_t month;
};

/* All that is known while the scenarios are collected. */
struct draft {
    struct sim_experiment *experiment;
    const struct sim_request *request;
    struct sim_messages *messages;
    struct number numbers[NUMBERS];
    struct named_month *months;
    uint32_t n_months;
    char *start_from, *start_file; /* a file of states, and the file that names it; NULL: none */
    int start_line, start_column;
};

static const struct sim_where nowhere = { NULL, 0, 0 };

/* A longer array of n + 1 items in place of *list; the new item is zeroed. */
static void *
append(void **list, uint32_t *n, size_t size)
{
    void *longer = sim_resize(*list, *n, *n + 1u, size);
    if (longer == NULL) {
        return NULL;
    }
    *list = longer;
    return (unsigned char *) longer + size * (*n)++;
}

/* Keeps a file as given. name: what it is called, made unique by #2, #3 ... before `tail` if another text has
 * that name; kept, unless NULL, becomes the name that it got. */
static int
keep_text(struct sim_experiment *experiment, const char *name, const char *tail, const char *text,
    const char **kept)
{
    char *unique = sim_print_text("%s%s", name, tail);
    for (uint32_t i = 0, n = 2; unique != NULL && i < experiment->n_given; i++) {
        int taken = strcmp(experiment->given[i].stem, unique) == 0;
        if (taken && strcmp(experiment->given[i].text, text) == 0) {
            sim_free(unique);
            *kept = experiment->given[i].stem;
            return SIM_OK;
        }
        if (taken && tail[0] != '\0') {
            sim_free(unique);
            unique = sim_print_text("%s#%" PRIu32 "%s", name, n++, tail);
            i = UINT32_MAX; /* once more from the first */
        }
    }
    void *list = experiment->given;
    struct sim_given *given = unique != NULL ? append(&list, &experiment->n_given, sizeof(*given)) : NULL;
    if (given == NULL) {
        sim_free(unique);
        return SIM_ERR_MEMORY;
    }
    experiment->given = list;
    given->stem = unique;
    given->text = sim_copy_text(text);
    *kept = unique;
    return given->text != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* Remembers where a file was found. */
static int
keep_file(struct sim_experiment *experiment, const char *path, const char *text)
{
    const struct sim_search known = { .files = experiment->files, .n_files = experiment->n_files };
    if (sim_search_file(&known, path) != NULL) {
        return SIM_OK;
    }
    struct sim_file copy = { sim_copy_text(path), sim_copy_text(text) };
    void *list = experiment->files;
    struct sim_file *file =
        copy.path != NULL && copy.text != NULL ? append(&list, &experiment->n_files, sizeof(*file)) : NULL;
    if (file == NULL) {
        sim_free((void *) copy.path);
        sim_free((void *) copy.text);
        return SIM_ERR_MEMORY;
    }
    experiment->files = list;
    *file = copy;
    return SIM_OK;
}

static int
keep_given(struct sim_experiment *experiment, const struct sim_document *document)
{
    const char *kept;
    int ret = keep_file(experiment, document->path, document->text);
    return ret == SIM_OK ? keep_text(experiment, document->stem, "", document->text, &kept) : ret;
}

/* Keeps a table; the resolved text calls it by the name that it got. */
static int
keep_table(struct sim_experiment *experiment, const struct sim_table *table, const char **kept)
{
    const char *name = sim_file_name(table->path), *tail = strrchr(name, '.');
    char *stem = sim_print_text("%.*s", (int) (tail - name), name);
    int ret = stem != NULL ? keep_text(experiment, stem, tail, table->text, kept) : SIM_ERR_MEMORY;
    sim_free(stem);
    return ret == SIM_OK ? keep_file(experiment, table->path, table->text) : ret;
}

/* stem, or stem#2, stem#3 ... if scenarios before have it. */
static char *
unique_stem(const struct sim_experiment *experiment, const char *stem)
{
    char *name = sim_copy_text(stem);
    for (int n = 2; name != NULL; n++) {
        int taken = 0;
        for (uint32_t i = 0; i < experiment->n_bases; i++) {
            taken |= experiment->bases[i].stem != NULL && strcmp(experiment->bases[i].stem, name) == 0;
        }
        if (!taken) {
            break;
        }
        sim_free(name);
        name = sim_print_text("%s#%d", stem, n);
    }
    return name;
}

/* loaded: the status of reading the files; if they could not be read, a missing model is no news. */
static const struct sim_model *
find_model(struct draft *draft, const struct sim_scenario *scenario, int loaded)
{
    const struct sim_entry *entry = sim_scenario_top(scenario, "model");
    struct sim_where whole = { scenario->documents[scenario->n_documents - 1].path, 0, 0 };
    char nearest[SIM_KEY_SIZE];
    if (entry == NULL) {
        if (loaded == SIM_OK) {
            const char *text = sim_document_branch(&scenario->documents[0], "scenarios") != NULL
                ? "this is an experiment; name the scenarios that it lists"
                : "no model; add a line such as \"model: influence\"";
            sim_messages_add(draft->messages, SIM_ERROR, whole, "%s", text);
        }
        return NULL;
    }
    const struct sim_model *model = draft->request->find_model(entry->text);
    if (model == NULL) {
        int near = sim_suggest_word(draft->request->model_names, entry->text, nearest, sizeof(nearest));
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, "unknown model \"%s\"; %s%s%s",
            entry->text, near ? "did you mean \"" : "models are ",
            near ? nearest : draft->request->model_names, near ? "\"?" : "");
    } else if (draft->experiment->model != NULL && model != draft->experiment->model) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "model \"%s\", while another scenario of this run has \"%s\"; one run has one model", model->name,
            draft->experiment->model->name);
        return NULL;
    }
    return model;
}

/* Remembers the months of the events until it is known how many there are. */
static int
keep_months(struct draft *draft, const struct sim_events *events)
{
    for (size_t i = 0; i < events->count; i++) {
        const struct sim_change *change = &events->list[i];
        if (change->month == 0 || (i > 0 && change->event == change[-1].event)) {
            continue;
        }
        void *list = draft->months;
        struct named_month *month = append(&list, &draft->n_months, sizeof(*month));
        if (month == NULL) {
            return SIM_ERR_MEMORY;
        }
        draft->months = list;
        struct sim_where where = change->month_entry->value_at;
        *month = (struct named_month){ sim_copy_text(where.file), where.line, where.column, change->month };
        if (month->file == NULL) {
            return SIM_ERR_MEMORY;
        }
    }
    return SIM_OK;
}

/* The scenario's parameters, all checked, and its text. */
static int
resolve_base(struct draft *draft, struct sim_base *base, const struct sim_model *model,
    const struct sim_scenario *scenario)
{
    struct sim_resolution resolution;
    const char *table = NULL;
    int ret = sim_resolution_init(&resolution, scenario, model, draft->messages);
    if (ret != SIM_ERR_MEMORY && keep_months(draft, &resolution.events) != SIM_OK) {
        ret = SIM_ERR_MEMORY;
    }
    if (ret == SIM_OK && resolution.places.table.path != NULL) {
        ret = keep_table(draft->experiment, &resolution.places.table, &table);
    }
    if (ret == SIM_OK) {
        base->resolved = sim_resolution_text(&resolution, base->title, table);
        base->setting = resolution.setting;
        resolution.setting = (struct sim_setting){ .n_eras = 0 };
        ret = base->resolved != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    sim_resolution_free(&resolution);
    return ret;
}

static int
fill_base(struct draft *draft, struct sim_base *base, const struct sim_scenario *scenario, int loaded)
{
    struct sim_experiment *experiment = draft->experiment;
    const struct sim_document *file = &scenario->documents[scenario->n_documents - 1];
    const struct sim_model *model = find_model(draft, scenario, loaded);
    const struct sim_entry *title = sim_scenario_top(scenario, "title");
    if (model == NULL) {
        return SIM_ERR_INPUT;
    }
    experiment->model = model;
    base->stem = unique_stem(experiment, file->stem);
    base->title = sim_copy_text(title != NULL ? title->text : file->stem);
    if (base->stem == NULL || base->title == NULL) {
        return SIM_ERR_MEMORY;
    }
    return resolve_base(draft, base, model, scenario);
}

static int
add_base(struct draft *draft, const char *path)
{
    struct sim_experiment *experiment = draft->experiment;
    struct sim_scenario scenario;
    int loaded = sim_scenario_load(&scenario, path, &draft->request->search, draft->messages);
    int ret = loaded;
    for (size_t i = 0; ret != SIM_ERR_MEMORY && i < draft->request->n_settings; i++) {
        int set = sim_scenario_override(&scenario, draft->request->settings[i], (int) i + 1, draft->messages);
        ret = set == SIM_ERR_MEMORY ? set : ret;
    }
    for (size_t d = 0; loaded == SIM_OK && ret != SIM_ERR_MEMORY && d < scenario.n_documents; d++) {
        ret = keep_given(experiment, &scenario.documents[d]);
    }
    if (ret != SIM_ERR_MEMORY && scenario.n_documents > 0) {
        void *list = experiment->bases;
        struct sim_base *base = append(&list, &experiment->n_bases, sizeof(*base));
        experiment->bases = base != NULL ? list : experiment->bases;
        ret = base != NULL ? fill_base(draft, base, &scenario, loaded) : SIM_ERR_MEMORY;
    }
    sim_scenario_free(&scenario);
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

static int
find_and_add(struct draft *draft, const char *name, const char *from, struct sim_where where)
{
    char *path = sim_search_find(&draft->request->search, name, from, where, draft->messages);
    int ret = path != NULL ? add_base(draft, path) : SIM_OK;
    sim_free(path);
    return ret;
}

#define KEYS "scenarios|replicates|seed|ticks|burn_in|start_from|title|record"
#define SCENARIOS_ARE_A_LIST "scenarios must be a list, such as [a, b]"

/* The number of this name; NULL if there is none. */
static struct number *
number_named(struct draft *draft, const char *key)
{
    for (int i = 0; i < NUMBERS; i++) {
        if (strcmp(draft->numbers[i].key, key) == 0) {
            return &draft->numbers[i];
        }
    }
    return NULL;
}

static void
read_number(struct draft *draft, const struct sim_entry *entry, struct number *number)
{
    struct sim_field field = { .type = SIM_INTEGER,
        .group = "",
        .name = number->key,
        .lowest = (double) number->lowest,
        .highest = (double) number->highest,
        .unit = "1" };
    char why[256];
    int64_t value;
    if (entry->quoted || sim_field_parse(&field, entry->text, &value, why, sizeof(why)) != SIM_OK) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, "%s: %s", number->key,
            entry->quoted ? "a number is expected, not a quoted text" : why);
        return;
    }
    number->value = value;
}

static void
report_key(struct draft *draft, const char *key, struct sim_where where)
{
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    if (strcmp(key, "design") == 0) {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "\"%s\" is reserved; this version runs scenarios and replicates only", key);
    } else if (sim_suggest_word(KEYS, key, nearest, sizeof(nearest))) {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "unknown key \"%s\" in an experiment; did you mean \"%s\"?", sim_quote(key, quote), nearest);
    } else {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "unknown key \"%s\" in an experiment; it has scenarios, replicates, seed, ticks, burn_in, start_from, record, title; "
            "parameters belong in scenarios",
            sim_quote(key, quote));
    }
}

/* Whether a key is of what sim_record_read reads. */
static int
is_of_record(const char *key)
{
    return strncmp(key, "record", 6) == 0 && (key[6] == '\0' || key[6] == '.');
}

/* Any list or mapping but the list of scenarios is a fault. */
static void
check_branch(struct draft *draft, const struct sim_branch *branch)
{
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    if (is_of_record(branch->key)) {
        return;
    }
    if (strncmp(branch->key, "scenarios[", 10) == 0) {
        sim_messages_add(
            draft->messages, SIM_ERROR, branch->value_at, "scenarios: a name is expected, not a %s", kind);
    } else if (branch->parent == 0 && strcmp(branch->key, "scenarios") == 0 && branch->kind == SIM_LIST) {
        if (branch->count == 0) {
            sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, "scenarios lists none");
        }
    } else if (branch->parent != 0) {
        return;
    } else if (strcmp(branch->key, "scenarios") == 0) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, SCENARIOS_ARE_A_LIST);
    } else if (strcmp(branch->key, "title") == 0 || strcmp(branch->key, "start_from") == 0) {
        sim_messages_add(
            draft->messages, SIM_ERROR, branch->value_at, "%s must be a text, not a %s", branch->key, kind);
    } else if (number_named(draft, branch->key) != NULL) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "%s: a whole number is expected, not a %s", branch->key, kind);
    } else {
        report_key(draft, branch->key, branch->key_at);
    }
}

/* The file of states that runs start from, at the place that names it. */
static int
keep_start(struct draft *draft, const char *name, const char *from, struct sim_where where)
{
    sim_free(draft->start_from);
    sim_free(draft->start_file);
    draft->start_from = sim_states_path(name, from);
    draft->start_file = sim_copy_text(where.file);
    draft->start_line = where.line;
    draft->start_column = where.column;
    return draft->start_from != NULL && draft->start_file != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

/* One entry of an experiment file. */
static int
read_entry(struct draft *draft, const struct sim_document *document, const struct sim_entry *entry)
{
    struct number *number = number_named(draft, entry->key);
    if (entry->parent != 0) {
        const struct sim_branch *branch = &document->branches[entry->parent - 1];
        int listed = branch->kind == SIM_LIST && strcmp(branch->key, "scenarios") == 0;
        return listed ? find_and_add(draft, entry->text, document->path, entry->value_at) : SIM_OK;
    }
    if (strcmp(entry->key, "start_from") == 0) {
        return keep_start(draft, entry->text, document->path, entry->value_at);
    }
    if (number != NULL) {
        read_number(draft, entry, number);
    } else if (strcmp(entry->key, "scenarios") == 0) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, SCENARIOS_ARE_A_LIST);
    } else if (strcmp(entry->key, "title") != 0 && !is_of_record(entry->key)) {
        report_key(draft, entry->key, entry->key_at);
    }
    return SIM_OK;
}

static int
read_experiment_file(struct draft *draft, const char *path)
{
    struct sim_document document;
    int ret = sim_document_read(&document, path, &draft->request->search, draft->messages);
    if (ret == SIM_OK) {
        ret = keep_given(draft->experiment, &document);
    }
    for (size_t i = 0; ret != SIM_ERR_MEMORY && i < document.n_branches; i++) {
        check_branch(draft, &document.branches[i]);
    }
    for (size_t i = 0; ret != SIM_ERR_MEMORY && i < document.count; i++) {
        ret = read_entry(draft, &document, &document.entries[i]);
    }
    if (ret != SIM_ERR_MEMORY) { /* the scenarios have told the model by now */
        sim_record_read(&draft->experiment->record, draft->experiment->model, &document, draft->messages);
    }
    sim_document_free(&document);
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

/* An experiment has a key scenarios; whatever is wrong with the file is said when it is read in earnest. */
static int
is_experiment_file(const struct sim_search *search, const char *path, int *is)
{
    struct sim_document document;
    int ret = sim_document_read(&document, path, search, NULL);
    *is = ret != SIM_ERR_MEMORY
        && (sim_document_branch(&document, "scenarios") != NULL
            || sim_document_find(&document, "scenarios") != NULL);
    sim_document_free(&document);
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

static int
add_spec(struct draft *draft, const char *spec)
{
    int ret = SIM_OK, is_experiment = 0;
    char *path = sim_search_find(&draft->request->search, spec, NULL, nowhere, draft->messages);
    if (path != NULL) {
        ret = is_experiment_file(&draft->request->search, path, &is_experiment);
    }
    if (path != NULL && ret == SIM_OK) {
        ret = is_experiment ? read_experiment_file(draft, path) : add_base(draft, path);
    }
    sim_free(path);
    return ret;
}

/* What the command line says wins over the file, and that over the default. */
static int64_t
settle_number(struct draft *draft, int which, int64_t asked, int64_t standard)
{
    const struct number *number = &draft->numbers[which];
    if (asked >= 0 && (asked < number->lowest || asked > number->highest)) {
        sim_messages_add(draft->messages, SIM_ERROR, nowhere,
            "%s must lie between %" PRId64 " and %" PRId64 ", not %" PRId64, number->key, number->lowest,
            number->highest, asked);
        return standard;
    }
    return asked >= 0 ? asked : number->value >= 0 ? number->value : standard;
}

static struct sim_where
where_of_start(const struct draft *draft)
{
    return (struct sim_where){ draft->start_file, draft->start_line, draft->start_column };
}

/* Opens the file of states, if runs start from one. */
static int
settle_start(struct draft *draft)
{
    struct sim_experiment *experiment = draft->experiment;
    int ret = SIM_OK;
    if (draft->request->start_from != NULL) {
        struct sim_where option = { "--start-from", 0, 0 };
        ret = keep_start(draft, draft->request->start_from, NULL, option);
    }
    if (ret == SIM_OK && draft->start_from != NULL) {
        ret = sim_states_init(&experiment->states, draft->start_from, where_of_start(draft), draft->messages);
        experiment->first_tick = experiment->states.tick;
    }
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

static void
settle_numbers(struct draft *draft)
{
    const struct sim_request *request = draft->request;
    struct sim_experiment *experiment = draft->experiment;
    experiment->n_replicates = (uint32_t) settle_number(
        draft, NUMBER_REPLICATES, request->n_replicates, request->standard_replicates);
    experiment->seed = (uint32_t) settle_number(draft, NUMBER_SEED, request->seed, SIM_STANDARD_SEED);
    experiment->n_ticks = (uint32_t) settle_number(draft, NUMBER_TICKS, request->n_ticks, SIM_STANDARD_TICKS);
    int64_t half = experiment->n_ticks / 2;
    int64_t standard = half < SIM_STANDARD_BURN_IN ? half : SIM_STANDARD_BURN_IN;
    int64_t burn_in = settle_number(draft, NUMBER_BURN_IN, request->burn_in, standard);
    burn_in = burn_in > experiment->first_tick ? burn_in : experiment->first_tick;
    if (experiment->n_ticks <= experiment->first_tick) {
        sim_messages_add(draft->messages, SIM_ERROR, where_of_start(draft),
            "start_from: %s holds states of month %" PRIu32 ", but the run ends with month %" PRIu32
            "; ticks count from the start",
            draft->start_from, experiment->first_tick, experiment->n_ticks);
        return;
    }
    if (burn_in >= experiment->n_ticks) {
        sim_messages_add(draft->messages, SIM_ERROR, nowhere,
            "burn_in is %" PRId64 " months, but the run has only %" PRIu32 "; leave at least one to average",
            burn_in, experiment->n_ticks);
    }
    experiment->burn_in = (uint32_t) burn_in;
}

/* Events that come after the end would never happen. */
static void
check_months(struct draft *draft)
{
    uint32_t n_ticks = draft->experiment->n_ticks;
    for (uint32_t i = 0; i < draft->n_months; i++) {
        const struct named_month *named = &draft->months[i];
        if (named->month > n_ticks) {
            sim_messages_add(draft->messages, SIM_ERROR,
                (struct sim_where){ named->file, named->line, named->column },
                "month %" PRIu32 " comes after the run's last month, %" PRIu32, named->month, n_ticks);
        }
    }
}

/* What the command line wants recorded besides the file. */
static void
settle_record(struct draft *draft)
{
    const struct sim_request *request = draft->request;
    struct sim_experiment *experiment = draft->experiment;
    struct sim_record asked = { .by = { 0 } };
    if (experiment->model == NULL) {
        return;
    }
    for (size_t i = 0; i < request->n_by; i++) {
        struct sim_where where = { "--by", 0, 0 };
        sim_record_by(&asked, experiment->model, request->by[i], where, draft->messages);
    }
    for (int level = 0; level < SIM_LEVELS; level++) {
        experiment->record.by[level] |= asked.by[level];
    }
    if (request->n_histories > 0) {
        struct sim_where where = { "--histories", 0, 0 };
        sim_record_agents(
            &experiment->record, experiment->model, request->n_histories, where, draft->messages);
    }
}

static void
hash_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text, strlen(text) + 1);
}

static int
make_digest(struct sim_experiment *experiment)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL) {
        return SIM_ERR_MEMORY;
    }
    char numbers[128];
    snprintf(numbers, sizeof(numbers), "%s %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32,
        experiment->model->name, experiment->n_bases, experiment->n_replicates, experiment->seed,
        experiment->n_ticks, experiment->burn_in);
    XXH3_128bits_reset(state);
    hash_text(state, numbers);
    for (uint32_t i = 0; i < experiment->n_bases; i++) {
        hash_text(state, experiment->bases[i].stem);
        hash_text(state, experiment->bases[i].resolved);
    }
    for (uint32_t i = 0; i < experiment->n_given; i++) {
        hash_text(state, experiment->given[i].stem);
        hash_text(state, experiment->given[i].text);
    }
    for (uint32_t i = 0; i < experiment->n_settings; i++) {
        hash_text(state, experiment->settings[i]);
    }
    if (sim_record_is_on(&experiment->record)) {
        const struct sim_record *record = &experiment->record;
        snprintf(numbers, sizeof(numbers), "record %d %d %" PRIu32, record->by[SIM_REGION],
            record->by[SIM_BLOCK], record->n_agents);
        hash_text(state, numbers);
    }
    if (experiment->states.count > 0) {
        hash_text(state, "start_from");
        hash_text(state, experiment->states.checksum);
    }
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    snprintf(experiment->digest, sizeof(experiment->digest), "%016" PRIx64 "%016" PRIx64,
        (uint64_t) hash.high64, (uint64_t) hash.low64);
    XXH3_freeState(state);
    return SIM_OK;
}

static int
keep_settings(struct sim_experiment *experiment, const struct sim_request *request)
{
    experiment->settings = sim_alloc(request->n_settings, sizeof(*experiment->settings));
    for (size_t i = 0; experiment->settings != NULL && i < request->n_settings; i++) {
        experiment->settings[i] = sim_copy_text(request->settings[i]);
        if (experiment->settings[i] == NULL) {
            return SIM_ERR_MEMORY;
        }
        experiment->n_settings++;
    }
    return experiment->settings != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

int
sim_experiment_init(
    struct sim_experiment *experiment, const struct sim_request *request, struct sim_messages *messages)
{
    struct draft draft = { experiment, request, messages,
        { { "replicates", 1, REPLICATES_LIMIT, -1 }, { "seed", 0, UINT32_MAX, -1 },
            { "ticks", 1, TICKS_LIMIT, -1 }, { "burn_in", 0, TICKS_LIMIT, -1 } },
        .months = NULL };
    memset(experiment, 0, sizeof(*experiment));
    size_t errors = messages->errors;
    int ret = keep_settings(experiment, request);
    for (size_t i = 0; ret == SIM_OK && i < request->n_specs; i++) {
        ret = add_spec(&draft, request->specs[i]);
    }
    if (ret != SIM_OK) {
        goto out;
    }
    experiment->n_points = experiment->n_bases;
    ret = settle_start(&draft);
    if (ret != SIM_OK) {
        goto out;
    }
    settle_numbers(&draft);
    check_months(&draft);
    settle_record(&draft);
    if ((uint64_t) experiment->n_bases * experiment->n_replicates > CELLS_LIMIT) {
        sim_messages_add(messages, SIM_ERROR, nowhere,
            "%" PRIu32 " scenarios x %" PRIu32 " replicates are more than %d cells", experiment->n_bases,
            experiment->n_replicates, CELLS_LIMIT);
    }
    if (messages->errors == errors && experiment->n_bases == 0) {
        sim_messages_add(messages, SIM_ERROR, nowhere, "no scenario to run");
    }
    if (messages->errors == errors) {
        sim_record_check(experiment, messages);
    }
    if (messages->errors == errors && experiment->states.count > 0
        && sim_states_check(experiment, where_of_start(&draft), messages) == SIM_ERR_MEMORY) {
        ret = SIM_ERR_MEMORY;
        goto out;
    }
    sim_messages_sort(messages);
    ret = messages->errors > errors ? SIM_ERR_INPUT : make_digest(experiment);
out:
    for (uint32_t i = 0; i < draft.n_months; i++) {
        sim_free(draft.months[i].file);
    }
    sim_free(draft.months);
    sim_free(draft.start_from);
    sim_free(draft.start_file);
    if (ret != SIM_OK) {
        sim_experiment_free(experiment);
    }
    return ret;
}

const struct sim_base *
sim_experiment_base(const struct sim_experiment *experiment, uint32_t point)
{
    return &experiment->bases[point];
}

int
sim_point_init(struct sim_point *point, const struct sim_experiment *experiment, uint32_t index)
{
    *point = (struct sim_point){ .setting = sim_experiment_base(experiment, index)->setting };
    return SIM_OK;
}

void
sim_point_free(struct sim_point *point)
{
    sim_setting_free(&point->own);
    *point = (struct sim_point){ .own = { .n_eras = 0 } };
}

void
sim_experiment_free(struct sim_experiment *experiment)
{
    for (uint32_t i = 0; i < experiment->n_bases; i++) {
        sim_free(experiment->bases[i].stem);
        sim_free(experiment->bases[i].title);
        sim_free(experiment->bases[i].resolved);
        sim_setting_free(&experiment->bases[i].setting);
    }
    for (uint32_t i = 0; i < experiment->n_given; i++) {
        sim_free(experiment->given[i].stem);
        sim_free(experiment->given[i].text);
    }
    for (uint32_t i = 0; i < experiment->n_settings; i++) {
        sim_free(experiment->settings[i]);
    }
    for (uint32_t i = 0; i < experiment->n_files; i++) {
        sim_free((void *) experiment->files[i].path);
        sim_free((void *) experiment->files[i].text);
    }
    sim_states_free(&experiment->states);
    sim_free(experiment->bases);
    sim_free(experiment->files);
    sim_free(experiment->given);
    sim_free(experiment->settings);
    memset(experiment, 0, sizeof(*experiment));
}
