/* tables.h - a model's tables from lists of one line each: a parameter, a column, an observation.
 *
 * A model's header names its lists and includes this file:
 *
 *     #define SIM_MODEL influence
 *     #define SIM_PARAMS "models/influence/params.def"
 *     #define SIM_COLUMNS "models/influence/columns.def"
 *     #define SIM_OBSERVATIONS "models/influence/observe.def"
 *     #include "sim/tables.h"
 *
 * params.def: PARAM and CHOICE lines, see field.h. They make struct influence_params.
 *
 * columns.def: the kinds of agents and what each of them has.
 *
 *     KIND(resident, SIM_BLOCK, "people, one row each")
 *         SNAPSHOT(resident, uint8_t, active, "1", "whether the resident takes part")
 *         COLUMN(resident, float, constant, "1", "own constant of the choice")
 *     END_KIND(resident)
 *
 *     HISTORY(resident, active, SIM_EACH_TICK)
 *
 * An element is a number, or a struct of numbers of one type and nothing else, so that its bytes can be kept in
 * a file (checkpoint.h).
 *
 * HISTORY lines come last: columns that are recorded of a sample of agents where asked for, each tick or at
 * the start only. The others make struct influence_resident { uint8_t *active; uint8_t *active_before; float *constant; }, where a
 * SNAPSHOT also keeps a copy from the start of the tick; the enum constant influence_resident_kind; and
 *
 *     const struct influence_resident *influence_resident_of(const struct sim_view *view);
 *     uint32_t influence_resident_count(const struct sim_view *view);
 *
 * the columns at a place (NULL at a place of another level), and how many agents live there.
 *
 * observe.def: DIMENSION lines, then OBSERVE lines. What a reader sees in tables and figures, labels and titles, is
 * in English and in Chinese. The fifth word of OBSERVE is a dimension's name, or none.
 *
 *     DIMENSION(depth, "depth of participation", LABEL("none", "不参与"), LABEL("attend", "参加活动"))
 *     OBSERVE(participation, "share active", "参与率", "1", none, SIM_MEAN, SIM_BLOCK, 0, 1, "share who take part")
 *
 * These make the enum constant influence_by_depth and declare a function that a source of the model defines:
 *
 *     void influence_observe_participation(const struct sim_view *view, struct sim_tally tally);
 *
 * The one source that holds the struct sim_model defines SIM_TABLE_ROWS before it includes the model's
 * header. There the tables themselves are made, and SIM_TABLES_OF(influence) stands for all their members of
 * struct sim_model.
 *
 * This file may be included once for each model, so only its first part is guarded.
 */
#ifndef SIM_TABLES_H
#define SIM_TABLES_H

#include "sim/isa.h"
#include "sim/model.h"

#include <math.h>
#include <stddef.h>

#define SIM_NAME__(model, name) model##_##name
#define SIM_NAME_(model, name) SIM_NAME__(model, name)
#define SIM_NAME(name) SIM_NAME_(SIM_MODEL, name) /* influence_name */

/* Every table ends in an empty row, so that none is empty. */
#define SIM_TABLES_OF(model)                                                                        \
    .fields = { model##_fields, SIM_COUNT_OF(model##_fields) - 1, sizeof(struct model##_params) },  \
    .kinds = model##_kinds, .n_kinds = SIM_COUNT_OF(model##_kinds) - 1, .columns = model##_columns, \
    .n_columns = SIM_COUNT_OF(model##_columns) - 1, .histories = model##_histories,                 \
    .n_histories = SIM_COUNT_OF(model##_histories) - 1, .dimensions = model##_dimensions,           \
    .n_dimensions = SIM_COUNT_OF(model##_dimensions) - 1, .observations = model##_observations,     \
    .n_observations = SIM_COUNT_OF(model##_observations) - 1

#endif

/* struct influence_params */
#define PARAM(...) SIM_PARAM_MEMBER(__VA_ARGS__)
#define CHOICE(...) SIM_CHOICE_MEMBER(__VA_ARGS__)
struct SIM_NAME(params) {
#include SIM_PARAMS
};
#undef PARAM
#undef CHOICE

/* struct influence_resident ... */
#define HISTORY(kind, name, moment)
/* clang-format off */
#define KIND(kind, level, doc) struct SIM_NAME(kind) {
#define COLUMN(kind, type, name, unit, doc) type *name;
#define SNAPSHOT(kind, type, name, unit, doc) type *name; type *name##_before;
#define END_KIND(kind) };
#include SIM_COLUMNS
#undef KIND
#undef COLUMN
#undef SNAPSHOT
#undef END_KIND
/* clang-format on */

#define COLUMN(kind, type, name, unit, doc)
#define SNAPSHOT(kind, type, name, unit, doc)

/* enum influence_kind { influence_resident_kind ... } */
#define KIND(kind, level, doc) SIM_NAME(kind##_kind),
#define END_KIND(kind)
enum SIM_NAME(kind) {
#include SIM_COLUMNS
    SIM_NAME(kind_count)
};
#undef KIND
#undef END_KIND

/* influence_resident_of(view), influence_resident_count(view) */
#define KIND(kind, level, doc)                                                                   \
    static inline const struct SIM_NAME(kind) * SIM_NAME(kind##_of)(const struct sim_view *view) \
    {                                                                                            \
        return (const struct SIM_NAME(kind) *) view->agents[SIM_NAME(kind##_kind)];              \
    }                                                                                            \
    static inline uint32_t SIM_NAME(kind##_count)(const struct sim_view *view)                   \
    {                                                                                            \
        return view->count[SIM_NAME(kind##_kind)];                                               \
    }
#define END_KIND(kind)
#include SIM_COLUMNS
#undef KIND
#undef COLUMN
#undef SNAPSHOT
#undef END_KIND

/* enum influence_by { influence_by_none = -1, influence_by_depth ... } */
#define DIMENSION(name, ...) SIM_NAME(by_##name),
#define OBSERVE(...)
enum SIM_NAME(by) {
    SIM_NAME(by_none) = -1,
#include SIM_OBSERVATIONS
    SIM_NAME(by_count)
};
#undef DIMENSION
#undef OBSERVE

/* void influence_observe_participation(view, tally) ... */
#define DIMENSION(...)
#define OBSERVE(name, ...)                                                             \
    void SIM_NAME(observe_##name)(const struct sim_view *view, struct sim_tally tally) \
        SIM_LABEL(SIM_ISA_TEXT(SIM_MODEL) "_observe_" #name);
#include SIM_OBSERVATIONS
#undef DIMENSION
#undef OBSERVE

#ifdef SIM_TABLE_ROWS

#define PARAM(...) SIM_PARAM_ROW(struct SIM_NAME(params), __VA_ARGS__)
#define CHOICE(...) SIM_CHOICE_ROW(struct SIM_NAME(params), __VA_ARGS__)
static const struct sim_field SIM_NAME(fields)[] = {
#include SIM_PARAMS
    { .name = NULL },
};
#undef PARAM
#undef CHOICE

#define COLUMN(kind, type, name, unit, doc)
#define SNAPSHOT(kind, type, name, unit, doc)
#define KIND(kind, level, doc) { #kind, level, sizeof(struct SIM_NAME(kind)), doc },
#define END_KIND(kind)
static const struct sim_kind SIM_NAME(kinds)[] = {
#include SIM_COLUMNS
    { .name = NULL },
};
#undef KIND
#undef COLUMN
#undef SNAPSHOT

#define KIND(kind, level, doc)
#define COLUMN(kind, type, name, unit, doc)                                                              \
    { #name, SIM_NAME(kind##_kind), sizeof(type), offsetof(struct SIM_NAME(kind), name), 0, #type, unit, \
        doc, _Alignof(type) },
#define SNAPSHOT(kind, type, name, unit, doc)                                            \
    { #name, SIM_NAME(kind##_kind), sizeof(type), offsetof(struct SIM_NAME(kind), name), \
        offsetof(struct SIM_NAME(kind), name##_before), #type, unit, doc, _Alignof(type) },
static const struct sim_column SIM_NAME(columns)[] = {
#include SIM_COLUMNS
    { .name = NULL },
};
#undef KIND
#undef COLUMN
#undef SNAPSHOT
#undef END_KIND

#undef HISTORY
#define KIND(kind, level, doc)
#define COLUMN(kind, type, name, unit, doc)
#define SNAPSHOT(kind, type, name, unit, doc)
#define HISTORY(kind, name, moment)                                        \
    { #name, SIM_NAME(kind##_kind), offsetof(struct SIM_NAME(kind), name), \
        SIM_NUMBER_OF(*((const struct SIM_NAME(kind) *) NULL)->name), moment },
#define END_KIND(kind)
static const struct sim_history SIM_NAME(histories)[] = {
#include SIM_COLUMNS
    { .name = NULL },
};
#undef KIND
#undef COLUMN
#undef SNAPSHOT
#undef END_KIND

#define OBSERVE(...)
#define DIMENSION(name, doc, ...) static const char *const SIM_NAME(name##_labels)[] = { __VA_ARGS__ };
#define LABEL(label, label_zh) label
#include SIM_OBSERVATIONS
#undef LABEL
#undef DIMENSION

#define DIMENSION(name, doc, ...) static const char *const SIM_NAME(name##_labels_zh)[] = { __VA_ARGS__ };
#define LABEL(label, label_zh) label_zh
#include SIM_OBSERVATIONS
#undef LABEL
#undef DIMENSION

#define DIMENSION(name, doc, ...)                                                 \
    { #name, doc, SIM_NAME(name##_labels), SIM_COUNT_OF(SIM_NAME(name##_labels)), \
        SIM_NAME(name##_labels_zh) },
static const struct sim_dimension SIM_NAME(dimensions)[] = {
#include SIM_OBSERVATIONS
    { .name = NULL },
};
#undef DIMENSION
#undef OBSERVE

#define DIMENSION(...)
#define OBSERVE(name, title, title_zh, unit, by, aggregate, level, lowest, highest, doc) \
    { #name, title, doc, unit, SIM_NAME(by_##by), aggregate, level, lowest, highest,     \
        SIM_NAME(observe_##name), title_zh },
static const struct sim_observation SIM_NAME(observations)[] = {
#include SIM_OBSERVATIONS
    { .name = NULL },
};
#undef DIMENSION
#undef OBSERVE

#endif

#undef HISTORY
#undef SIM_MODEL
#undef SIM_PARAMS
#undef SIM_COLUMNS
#undef SIM_OBSERVATIONS
