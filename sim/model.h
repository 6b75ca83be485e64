/* model.h - what a model gives the engine: tables, a few functions, and the list of phases that makes its
 * month.
 *
 * A world is regions, each with blocks; every kind of agent lives at one level, and the agents of one place
 * are contiguous. A rule gets a view of one place and loops over its agents. It writes only what belongs to
 * that place; it may read the places above. A rule of region or world scope may also read and write the
 * places below it, for no other rule runs there at that time.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "sim/field.h"
#include "sim/message.h"
#include "sim/network.h"
#include "sim/random.h"

#include <stdint.h>

/* One place, as a rule sees it. */
struct sim_view {
    const void *params; /* the model's parameter struct, of this tick */
    enum sim_level level;
    uint32_t region, block;   /* block counts within its region */
    uint32_t tick;            /* 0 in set-up, then 1, 2 ... */
    struct sim_stream stream; /* of the phase that runs: give it to the draws */
    void *const *agents; /* by kind: the model's struct of column pointers, positioned at this place; NULL for
                            kinds of another level */
    const uint32_t *count;             /* by kind: how many agents live here */
    const struct sim_network *network; /* block level, if the model has one */
    const struct sim_view *above;      /* the region of a block, the world of a region */
    struct sim_view *const *below;     /* the regions of the world, the blocks of a region */
    uint32_t n_below;
    void *scratch; /* scratch_size bytes for this rule alone; contents are lost when it returns */
};

typedef void sim_rule(const struct sim_view *view);

struct sim_phase {
    const char *name;
    enum sim_level scope;
    sim_rule *rule;
    uint32_t stream;         /* which stream its draws come from; each phase that draws has its own */
    const char *switched_by; /* key of the switch that leaves this phase out, e.g. "switches.trust"; NULL: it
                                always runs */
    const char *equation;    /* where the model's description has it, e.g. "(8)"; NULL: nowhere */
    const char *doc;         /* one sentence; NULL: none */
};

struct sim_kind {
    const char *name;
    enum sim_level level;
    size_t size; /* of its struct of column pointers */
    const char *doc;
};

struct sim_column {
    const char *name;
    int kind;
    size_t item;      /* bytes of one element */
    size_t offset;    /* of its pointer in the kind's struct */
    size_t before;    /* of the pointer to the copy from the start of the tick; 0: none kept. (Never the first
                      member.) */
    const char *type; /* of one element, as C writes it: a number, or a struct of numbers of one type */
    const char *unit;
    const char *doc;
    size_t number; /* bytes of each of these numbers; 0: of the element, which is one */
};

/* The type of a column's elements as far as histories know them. */
#define SIM_NUMBERS(X) \
    X(uint8_t) X(int8_t) X(uint16_t) X(int16_t) X(uint32_t) X(int32_t) X(int64_t) X(float) X(double)
#define SIM_NUMBER_CONSTANT(type) SIM_NUMBER_##type,
enum sim_number_type { SIM_NUMBERS(SIM_NUMBER_CONSTANT) SIM_NUMBER_TYPES };
#define SIM_NUMBER_OF(expression)           \
    _Generic((expression), uint8_t          \
             : SIM_NUMBER_uint8_t, int8_t   \
             : SIM_NUMBER_int8_t, uint16_t  \
             : SIM_NUMBER_uint16_t, int16_t \
             : SIM_NUMBER_int16_t, uint32_t \
             : SIM_NUMBER_uint32_t, int32_t \
             : SIM_NUMBER_int32_t, int64_t  \
             : SIM_NUMBER_int64_t, float    \
             : SIM_NUMBER_float, double     \
             : SIM_NUMBER_double)

/* When a history takes a column down */
enum sim_moment { SIM_AT_START, SIM_EACH_TICK };

/* A column that the histories of a sample of agents hold. All of a model are of one kind, at block level. */
struct sim_history {
    const char *name; /* of the column */
    int kind;
    size_t offset; /* of its pointer in the kind's struct */
    enum sim_number_type type;
    enum sim_moment moment;
};

/* A dimension of observations besides design, replicate and tick, with its labels. */
struct sim_dimension {
    const char *name;
    const char *doc;
    const char *const *labels;
    uint32_t count;
    const char *const *labels_zh; /* as many, in Chinese; NULL: none are given */
};

enum sim_aggregate {
    SIM_MEAN,  /* sum of value over places / sum of weight; NaN where the weight is 0 */
    SIM_TOTAL, /* sum of value */
    SIM_COUNT, /* sum of value, a whole number: an integer in the file */
};

/* Where an observation adds up what it sees at one place: value and weight, one of each per label (one if it
 * has no dimension). Each place has its own, zeroed; places are added in a fixed order. */
struct sim_tally {
    double *value;
    double *weight;
};

typedef void sim_observe(const struct sim_view *view, struct sim_tally tally);

struct sim_observation {
    const char *name;
    const char *title; /* long_name: a few words */
    const char *doc;   /* one sentence */
    const char *unit;
    int dimension; /* index into the model's dimensions; -1: none */
    enum sim_aggregate aggregate;
    enum sim_level level;   /* at which places it is called */
    double lowest, highest; /* valid range; both NaN: none stated */
    sim_observe *observe;
    const char *title_zh; /* title in Chinese; NULL: none is given */
};

/* A sentence about a value or combination of values that the bounds alone cannot refuse. */
struct sim_complaint {
    const char *key; /* the parameter to blame */
    char text[256];
};

struct sim_model {
    const char *name;
    const char *title;
    const char *doc;
    const char *actors; /* kinds of actors it speaks of, comma separated */
    struct sim_fields fields;
    const struct sim_kind *kinds;
    uint32_t n_kinds;
    const struct sim_column *columns;
    uint32_t n_columns;
    const struct sim_history *histories;
    uint32_t n_histories;
    const struct sim_dimension *dimensions;
    uint32_t n_dimensions;
    const struct sim_observation *observations;
    uint32_t n_observations;
    const struct sim_phase *phases;
    uint32_t n_phases;
    const char
        *level_names[SIM_LEVELS]; /* what the model calls its places, one word each, e.g. "city", "street",
                                            "community"; NULL: they cannot be recorded by, nor be in a table */
    const char *history_key;      /* what an experiment file calls the size of the sample; NULL: none */
    const char *benchmark; /* "KEY=VALUE ..." separated by blanks: the settings of cogov bench; "{agents}"
                              stands for agents per block (about 8,000), "{communities}" for the number of
                              blocks that bench's --agents N then makes */

    const char *regions; /* key of the INTEGER parameter that is the number of regions; NULL: none, and no
                                 parameter of type PLACES */

    /* Sizes. extent: regions and blocks of each, if no table of places tells them; size: agents of each kind
     * of the place's level, called for the world, then each region, then each block of a region (the view has
     * params, place and stream only, reaches above, and knows how many places are below); scratch: bytes a rule may use at this place. */
    void (*extent)(const void *params, uint32_t *regions, uint32_t *blocks);
    void (*size)(const struct sim_view *view, uint32_t *count);
    size_t (*scratch)(const struct sim_view *view);
    void (*network)(const struct sim_view *view, struct sim_network_plan *plan); /* NULL: no network */
    void (*setup)(
        const struct sim_view *view); /* initial state of one place: the world, regions, then blocks */
    void (*settle)(
        const struct sim_view *view); /* after all places are set up, once with the world; NULL: nothing */
    uint32_t setup_stream, network_stream, size_stream;

    /* Returns how many complaints (at most limit) there are about params. NULL: none ever. */
    size_t (*check)(const void *params, struct sim_complaint *complaints, size_t limit);
    /* Checks every invariant of the state, over the whole world. SIM_OK, or SIM_ERR_STATE with the first
     * fault in why. */
    int (*verify)(const struct sim_view *world, char *why, size_t size);
};

/* Number of elements of a table: the compiler counts. */
#define SIM_COUNT_OF(table) ((uint32_t) (sizeof(table) / sizeof((table)[0])))

#endif
