/* experiment_base.c - the scenarios of an experiment: each is read, resolved, and kept with its files. */
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/experiment_draft.h"

#include <inttypes.h>
#include <string.h>

void *
sim_append(void **list, uint32_t *n, size_t size)
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
    struct sim_given *given = unique != NULL ? sim_append(&list, &experiment->n_given, sizeof(*given)) : NULL;
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
keep_place(struct sim_experiment *experiment, const char *path, const char *text)
{
    const struct sim_search known = { .files = experiment->files, .n_files = experiment->n_files };
    if (sim_search_file(&known, path) != NULL) {
        return SIM_OK;
    }
    struct sim_file copy = { sim_copy_text(path), sim_copy_text(text) };
    void *list = experiment->files;
    struct sim_file *file = copy.path != NULL && copy.text != NULL
        ? sim_append(&list, &experiment->n_files, sizeof(*file))
        : NULL;
    if (file == NULL) {
        sim_free((void *) copy.path);
        sim_free((void *) copy.text);
        return SIM_ERR_MEMORY;
    }
    experiment->files = list;
    *file = copy;
    return SIM_OK;
}

int
sim_draft_keep_file(struct sim_experiment *experiment, const struct sim_document *document)
{
    const char *kept;
    int ret = keep_place(experiment, document->path, document->text);
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
    return ret == SIM_OK ? keep_place(experiment, table->path, table->text) : ret;
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

/* A file without a model: is it an experiment? */
static const char *
what_is_missing(const struct sim_document *document)
{
    if (sim_document_branch(document, "scenarios") != NULL) {
        return "this is an experiment; name the scenarios that it lists";
    }
    if (sim_document_find(document, "design") != NULL || sim_document_branch(document, "design") != NULL
        || sim_document_branch(document, "vary") != NULL || sim_document_branch(document, "stop") != NULL
        || sim_document_find(document, "replicates") != NULL) {
        return "no scenarios; add a line such as \"scenarios: [base]\" to an experiment, or to a scenario \"model: "
               "influence\"";
    }
    return "no model; add a line such as \"model: influence\"";
}

/* loaded: the status of reading the files; if they could not be read, a missing model is no news. */
static const struct sim_model *
find_model(struct sim_draft *draft, const struct sim_scenario *scenario, int loaded)
{
    const struct sim_entry *entry = sim_scenario_top(scenario, "model");
    struct sim_where whole = { scenario->documents[scenario->n_documents - 1].path, 0, 0 };
    char nearest[SIM_KEY_SIZE];
    if (entry == NULL) {
        if (loaded == SIM_OK) {
            sim_messages_add(
                draft->messages, SIM_ERROR, whole, "%s", what_is_missing(&scenario->documents[0]));
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
keep_months(struct sim_draft *draft, const struct sim_events *events)
{
    for (size_t i = 0; i < events->count; i++) {
        const struct sim_change *change = &events->list[i];
        if (change->month == 0 || (i > 0 && change->event == change[-1].event)) {
            continue;
        }
        void *list = draft->months;
        struct sim_draft_month *month = sim_append(&list, &draft->n_months, sizeof(*month));
        if (month == NULL) {
            return SIM_ERR_MEMORY;
        }
        draft->months = list;
        struct sim_where where = change->month_entry->value_at;
        *month =
            (struct sim_draft_month){ sim_copy_text(where.file), where.line, where.column, change->month };
        if (month->file == NULL) {
            return SIM_ERR_MEMORY;
        }
    }
    return SIM_OK;
}

/* The scenario's parameters, all checked, and its text. */
static int
resolve_base(struct sim_draft *draft, struct sim_base *base, const struct sim_model *model,
    struct sim_draft_source *source)
{
    struct sim_resolution *resolution = &source->resolution;
    const char *table = NULL;
    int ret = sim_resolution_init(resolution, &source->scenario, model, draft->messages);
    if (ret != SIM_ERR_MEMORY && keep_months(draft, &resolution->events) != SIM_OK) {
        ret = SIM_ERR_MEMORY;
    }
    if (ret == SIM_OK && resolution->places.table.path != NULL) {
        ret = keep_table(draft->experiment, &resolution->places.table, &table);
    }
    if (ret == SIM_OK) {
        base->resolved = sim_resolution_text(resolution, base->title, table);
        base->setting = resolution->setting;
        resolution->setting = (struct sim_setting){ .n_eras = 0 };
        ret = base->resolved != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    return ret;
}

static int
fill_base(struct sim_draft *draft, struct sim_base *base, struct sim_draft_source *source, int loaded)
{
    struct sim_experiment *experiment = draft->experiment;
    const struct sim_scenario *scenario = &source->scenario;
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
    return resolve_base(draft, base, model, source);
}

/* Adds a base, and beside it the scenario that it was read from, which is taken over. */
static int
append_base(struct sim_draft *draft, struct sim_scenario *scenario, int loaded)
{
    struct sim_experiment *experiment = draft->experiment;
    void *sources = draft->sources;
    struct sim_draft_source *source = sim_append(&sources, &draft->n_sources, sizeof(*source));
    if (source == NULL) {
        return SIM_ERR_MEMORY;
    }
    draft->sources = sources;
    source->scenario = *scenario;
    *scenario = (struct sim_scenario){ .n_documents = 0 };
    void *bases = experiment->bases;
    struct sim_base *base = sim_append(&bases, &experiment->n_bases, sizeof(*base));
    if (base == NULL) {
        return SIM_ERR_MEMORY;
    }
    experiment->bases = bases;
    return fill_base(draft, base, source, loaded);
}

int
sim_draft_add_base(struct sim_draft *draft, const char *path)
{
    struct sim_scenario scenario;
    int loaded = sim_scenario_load(&scenario, path, &draft->request->search, draft->messages);
    int ret = loaded;
    for (size_t i = 0; ret != SIM_ERR_MEMORY && i < draft->request->n_settings; i++) {
        int set = sim_scenario_override(&scenario, draft->request->settings[i], (int) i + 1, draft->messages);
        ret = set == SIM_ERR_MEMORY ? set : ret;
    }
    for (size_t d = 0; loaded == SIM_OK && ret != SIM_ERR_MEMORY && d < scenario.n_documents; d++) {
        ret = sim_draft_keep_file(draft->experiment, &scenario.documents[d]);
    }
    if (ret != SIM_ERR_MEMORY && scenario.n_documents > 0) {
        ret = append_base(draft, &scenario, loaded);
    }
    sim_scenario_free(&scenario);
    return ret == SIM_ERR_MEMORY ? ret : SIM_OK;
}

int
sim_draft_find_base(struct sim_draft *draft, const char *name, const char *from, struct sim_where where)
{
    char *path = sim_search_find(&draft->request->search, name, from, where, draft->messages);
    int ret = path != NULL ? sim_draft_add_base(draft, path) : SIM_OK;
    sim_free(path);
    return ret;
}
