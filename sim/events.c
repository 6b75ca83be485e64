/* events.c - finds the events in the files of a scenario, checks them, and brings their changes in order. */
#include "sim/events.h"

#include "sim/alloc.h"
#include "sim/apply.h"
#include "sim/error.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_KEYS "month|set|note"
#define EXAMPLE "such as - {month: 24, set: {GROUP.NAME: VALUE}}"

/* One event of a file while it is read. */
struct event {
    const struct sim_document *document;
    size_t mapping; /* branches[mapping - 1] is the event's */
    size_t set;     /* the same of what it sets; 0: none */
    int has_set;    /* it has the key, whatever stands there */
    uint32_t month; /* 0: none, or a wrong one */
    const struct sim_entry *month_entry, *note;
};

/* All that is known while events are collected. */
struct draft {
    struct sim_events *events;
    const struct sim_fields *fields;
    struct sim_messages *messages;
    void *scratch; /* a struct of parameters to try values on */
    size_t n_events;
};

/* A key of what stands directly in an event: without "events[3]." */
static const char *
key_in_event(const struct event *event, const char *key)
{
    return key + strlen(event->document->branches[event->mapping - 1].key) + 1;
}

static void
report_key(struct draft *draft, const char *key, struct sim_where where)
{
    char nearest[SIM_KEY_SIZE], quote[SIM_QUOTE_SIZE];
    sim_quote(key, quote);
    if (sim_suggest_word(EVENT_KEYS, key, nearest, sizeof(nearest))) {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "unknown key \"%s\" in an event; did you mean \"%s\"?", quote, nearest);
    } else {
        sim_messages_add(draft->messages, SIM_ERROR, where,
            "unknown key \"%s\" in an event; it has month, set and note, and parameters stand in set", quote);
    }
}

static void
read_month(struct draft *draft, struct event *event, const struct sim_entry *entry)
{
    static const struct sim_field field = {
        .type = SIM_INTEGER, .lowest = 1, .highest = SIM_MONTH_LIMIT, .unit = "1"
    };
    char why[256] = "a number is expected, not a quoted text";
    int64_t month = 0;
    event->month_entry = entry;
    if (entry->quoted || sim_field_parse(&field, entry->text, &month, why, sizeof(why)) != SIM_OK) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, "month: %s", why);
        return;
    }
    event->month = (uint32_t) month;
}

static void
read_text(struct draft *draft, struct event *event, const struct sim_entry *entry)
{
    const char *key = key_in_event(event, entry->key);
    if (strcmp(key, "month") == 0) {
        read_month(draft, event, entry);
    } else if (strcmp(key, "set") == 0) {
        event->has_set = 1;
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
            "set: a mapping of parameters to values is expected, not a text");
    } else if (strcmp(key, "note") != 0) {
        report_key(draft, key, entry->key_at);
    } else if (entry->text[0] == '\0' || strpbrk(entry->text, "\n\t") != NULL) {
        sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, "note %s",
            entry->text[0] == '\0' ? "is empty" : "must be one line without tabs");
    } else {
        event->note = entry;
    }
}

static void
read_branch(struct draft *draft, struct event *event, size_t number)
{
    const struct sim_branch *branch = &event->document->branches[number - 1];
    const char *key = key_in_event(event, branch->key);
    const char *kind = branch->kind == SIM_LIST ? "list" : "mapping";
    event->has_set |= strcmp(key, "set") == 0;
    if (sim_find_word(EVENT_KEYS, key) < 0) {
        report_key(draft, key, branch->key_at);
    } else if (strcmp(key, "set") != 0) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at, "%s: %s is expected, not a %s", key,
            strcmp(key, "month") == 0 ? "a whole number" : "a text", kind);
    } else if (branch->kind == SIM_LIST) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "set: a mapping of parameters to values is expected, not a list");
    } else {
        event->set = number;
    }
}

/* An array with room for one more; SIM_ERR_MEMORY. */
static int
add_change(struct sim_events *events, const struct sim_change *change)
{
    if (events->count == events->capacity) {
        size_t capacity = events->capacity == 0 ? 16 : 2 * events->capacity;
        struct sim_change *list = sim_resize(events->list, events->count, capacity, sizeof(*list));
        if (list == NULL) {
            return SIM_ERR_MEMORY;
        }
        events->list = list;
        events->capacity = capacity;
    }
    events->list[events->count++] = *change;
    return SIM_OK;
}

/* Every parameter that the event sets. */
static int
read_changes(struct draft *draft, const struct event *event, size_t file)
{
    const struct sim_document *document = event->document;
    int ret = SIM_OK;
    size_t before = draft->events->count;
    int applied =
        sim_apply_mapping(document, event->set, draft->fields, draft->scratch, draft->messages) == SIM_OK;
    for (size_t i = 0; i < document->count && ret == SIM_OK; i++) {
        const struct sim_entry *entry = &document->entries[i];
        const struct sim_field *field = sim_apply_field(document, event->set, entry, draft->fields);
        if (field != NULL && field->once) {
            sim_messages_add(draft->messages, SIM_ERROR, entry->key_at,
                "%s.%s is read at the start only; an event cannot change it", field->group, field->name);
            applied = 0;
        } else if (field != NULL) {
            ret = add_change(draft->events,
                &(struct sim_change){
                    event->month, file, draft->n_events, field, entry, event->month_entry, event->note });
        }
    }
    if (ret == SIM_OK && applied && draft->events->count == before) {
        sim_messages_add(draft->messages, SIM_ERROR, document->branches[event->set - 1].value_at,
            "set: the event sets nothing");
    }
    return ret;
}

/* One item of the list that is a mapping. */
static int
read_event(struct draft *draft, const struct sim_document *document, size_t mapping, size_t file)
{
    struct event event = { .document = document, .mapping = mapping };
    const struct sim_branch *item = &document->branches[mapping - 1];
    for (size_t i = 0; i < document->count; i++) {
        if (document->entries[i].parent == mapping) {
            read_text(draft, &event, &document->entries[i]);
        }
    }
    for (size_t i = mapping; i < document->n_branches; i++) {
        if (document->branches[i].parent == mapping) {
            read_branch(draft, &event, i + 1);
        }
    }
    if (event.month_entry == NULL) {
        sim_messages_add(
            draft->messages, SIM_ERROR, item->value_at, "the event has no month; it is a mapping " EXAMPLE);
    }
    if (!event.has_set) {
        sim_messages_add(
            draft->messages, SIM_ERROR, item->value_at, "the event sets nothing; it is a mapping " EXAMPLE);
    }
    draft->n_events++;
    return event.set != 0 ? read_changes(draft, &event, file) : SIM_OK;
}

/* The events of one file. */
static int
read_file(struct draft *draft, const struct sim_document *document, size_t file)
{
    const struct sim_branch *list = sim_document_branch(document, SIM_EVENTS_KEY);
    const struct sim_entry *text = sim_document_find(document, SIM_EVENTS_KEY);
    if (text != NULL || (list != NULL && (list->kind != SIM_LIST || list->count == 0))) {
        sim_messages_add(draft->messages, SIM_ERROR, text != NULL ? text->value_at : list->value_at,
            SIM_EVENTS_KEY " must be a list of events, " EXAMPLE);
        return SIM_OK;
    }
    size_t parent = list != NULL ? (size_t) (list - document->branches) + 1 : 0;
    int ret = SIM_OK;
    for (size_t i = 0; parent != 0 && i < document->count; i++) {
        if (document->entries[i].parent == parent) {
            sim_messages_add(draft->messages, SIM_ERROR, document->entries[i].value_at,
                "an event must be a mapping, " EXAMPLE);
        }
    }
    for (size_t i = parent; parent != 0 && i < document->n_branches && ret == SIM_OK; i++) {
        const struct sim_branch *item = &document->branches[i];
        if (item->parent == parent && item->kind == SIM_MAPPING) {
            ret = read_event(draft, document, i + 1, file);
        } else if (item->parent == parent) {
            sim_messages_add(
                draft->messages, SIM_ERROR, item->value_at, "an event must be a mapping, " EXAMPLE);
        }
    }
    return ret;
}

/* By month and parameter; those of a later file come later. */
static int
compare_targets(const void *a, const void *b)
{
    const struct sim_change *x = a, *y = b;
    return x->month != y->month ? (x->month < y->month ? -1 : 1)
        : x->field != y->field  ? (x->field < y->field ? -1 : 1)
        : x->event != y->event  ? (x->event < y->event ? -1 : 1)
                                : 0;
}

/* By month, then as they were read: an event's own in the order of the parameters' table. */
static int
compare_order(const void *a, const void *b)
{
    const struct sim_change *x = a, *y = b;
    return x->month != y->month ? (x->month < y->month ? -1 : 1)
        : x->event != y->event  ? (x->event < y->event ? -1 : 1)
                                : (x->field < y->field ? -1 : x->field > y->field);
}

/* Of several changes of one parameter in one month keeps that of the last file. */
static void
settle(struct draft *draft)
{
    struct sim_events *events = draft->events;
    size_t kept = 0;
    if (events->count == 0) {
        return;
    }
    qsort(events->list, events->count, sizeof(*events->list), compare_targets);
    for (size_t i = 0; i < events->count; i++) {
        const struct sim_change *change = &events->list[i];
        struct sim_change *last = kept > 0 ? &events->list[kept - 1] : NULL;
        int again = last != NULL && change->month == last->month && change->field == last->field;
        if (again && change->file == last->file && change->event != last->event && change->month != 0) {
            sim_messages_add(draft->messages, SIM_ERROR, change->value->key_at,
                "%s.%s is set twice in month %" PRIu32 "; line %d sets it already", change->field->group,
                change->field->name, change->month, last->value->key_at.line);
        }
        events->list[again ? kept - 1 : kept] = *change;
        kept += !again;
    }
    events->count = kept;
    qsort(events->list, events->count, sizeof(*events->list), compare_order);
}

int
sim_events_init(struct sim_events *events, const struct sim_scenario *scenario,
    const struct sim_fields *fields, struct sim_messages *messages)
{
    memset(events, 0, sizeof(*events));
    struct draft draft = { .events = events, .fields = fields, .messages = messages };
    size_t errors = messages->errors;
    int ret = SIM_OK;
    draft.scratch = sim_alloc(1, fields->size);
    if (draft.scratch == NULL) {
        return SIM_ERR_MEMORY;
    }
    for (size_t d = 0; d < scenario->n_documents && ret == SIM_OK; d++) {
        ret = read_file(&draft, &scenario->documents[d], d);
    }
    if (ret == SIM_OK) {
        settle(&draft);
    }
    sim_free(draft.scratch);
    return ret == SIM_OK && messages->errors > errors ? SIM_ERR_INPUT : ret;
}

void
sim_events_free(struct sim_events *events)
{
    sim_free(events->list);
    memset(events, 0, sizeof(*events));
}

size_t
sim_events_end(const struct sim_events *events, size_t first)
{
    size_t end = first;
    while (end < events->count && events->list[end].month == events->list[first].month) {
        end++;
    }
    return end;
}

uint32_t
sim_events_months(const struct sim_events *events)
{
    uint32_t months = 0;
    for (size_t i = 0; i < events->count; i = sim_events_end(events, i)) {
        months++;
    }
    return months;
}

void
sim_events_apply(const struct sim_events *events, size_t first, size_t end, void *params)
{
    char why[512];
    for (size_t i = first; i < end; i++) {
        /* It was read before, so it can be read. */
        sim_field_parse(events->list[i].field, events->list[i].value->text, params, why, sizeof(why));
    }
}

void
sim_print_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
        }
        if (*text == '\n') {
            fputs("\\n", out);
        } else {
            fputc(*text, out);
        }
    }
    fputc('"', out);
}

void
sim_events_print(const struct sim_events *events, void *params, FILE *out)
{
    fputs(events->count > 0 ? SIM_EVENTS_KEY ":\n" : "", out);
    for (size_t i = 0; i < events->count; i++) {
        const struct sim_change *change = &events->list[i];
        char key[SIM_KEY_SIZE], value[SIM_VALUE_SIZE];
        if (i == 0 || change[-1].event != change->event) {
            fprintf(out, "  - month: %" PRIu32 "\n", change->month);
            if (change->note != NULL) {
                fputs("    note: ", out);
                sim_print_quoted(out, change->note->text);
                fputc('\n', out);
            }
            fputs("    set:\n", out);
        }
        sim_events_apply(events, i, i + 1, params);
        sim_field_key(change->field, key);
        sim_field_print(change->field, params, value);
        fprintf(out, "      %s: %s\n", key, value);
    }
}
