/* field.h - rows that describe the members of a parameter struct. From one row come the default, the bounds,
 * the override on the command line, the manual, the HDF5 record and the ODD+D table.
 *
 * A model lists its parameters in a params.def, one line each:
 *
 *     PARAM(REAL, REGION, purchase, quality_weight, "w_q", 0.8, 0, 1, "1", "weight of quality", "Che 1993")
 *
 * which makes the member purchase_quality_weight, the key purchase.quality_weight and the row. The default
 * stands there as a user would write it in a scenario. The second word says the smallest places whose value
 * may differ: WORLD, REGION or BLOCK; WORLD_ONCE, REGION_ONCE or BLOCK_ONCE if it is read at the start only,
 * so that no later month can change it.
 */
#ifndef SIM_FIELD_H
#define SIM_FIELD_H

#include "sim/distribution.h"
#include "sim/message.h"
#include "sim/suggest.h"

#include <stddef.h>
#include <stdint.h>

enum sim_type {
    SIM_REAL,         /* double */
    SIM_INTEGER,      /* int64_t */
    SIM_SWITCH,       /* int: 0 or 1; written true, false, on, off */
    SIM_CHOICE,       /* int: index into choices */
    SIM_DISTRIBUTION, /* struct sim_distribution */
    SIM_PLACES,       /* int64_t: blocks of each region; or the name of a table of them, FILE.csv */
};

enum sim_level { SIM_WORLD, SIM_REGION, SIM_BLOCK, SIM_LEVELS };

/* Level and once, by the word in PARAM */
#define SIM_VARIES_WORLD SIM_WORLD, 0
#define SIM_VARIES_REGION SIM_REGION, 0
#define SIM_VARIES_BLOCK SIM_BLOCK, 0
#define SIM_VARIES_WORLD_ONCE SIM_WORLD, 1
#define SIM_VARIES_REGION_ONCE SIM_REGION, 1
#define SIM_VARIES_BLOCK_ONCE SIM_BLOCK, 1

/* C types of the members, by the word in PARAM */
#define SIM_MEMBER_REAL double
#define SIM_MEMBER_INTEGER int64_t
#define SIM_MEMBER_SWITCH int
#define SIM_MEMBER_CHOICE int
#define SIM_MEMBER_DISTRIBUTION struct sim_distribution
#define SIM_MEMBER_PLACES int64_t

struct sim_field {
    enum sim_type type;
    enum sim_level level; /* the smallest places whose value may differ */
    int once;             /* 1: read at the start only */
    const char *group;
    const char *name;
    const char *symbol;   /* in the equations; "" if none */
    size_t offset;        /* of the member in the parameter struct */
    const char *standard; /* the default, as text */
    double lowest, highest;
    const char *unit;    /* "1" for dimensionless */
    const char *doc;     /* one sentence */
    const char *source;  /* evidence key, or "assumption ..." */
    const char *choices; /* SIM_CHOICE only: words separated by '|'; else NULL */
};

struct sim_fields {
    const struct sim_field *list;
    size_t count;
    size_t size; /* of the parameter struct, bytes */
};

/* One struct member and one row; a params.def is included twice with these as PARAM and CHOICE. */
#define SIM_PARAM_MEMBER(type, varies, group, name, ...) SIM_MEMBER_##type group##_##name;
#define SIM_PARAM_ROW(                                                                             \
    structure, type, varies, group, name, symbol, standard, lowest, highest, unit, doc, source)    \
    { SIM_##type, SIM_VARIES_##varies, #group, #name, symbol, offsetof(structure, group##_##name), \
        #standard, lowest, highest, unit, doc, source, NULL },
#define SIM_CHOICE_MEMBER(varies, group, name, ...) int group##_##name;
#define SIM_CHOICE_ROW(structure, varies, group, name, symbol, standard, words, doc, source)       \
    { SIM_CHOICE, SIM_VARIES_##varies, #group, #name, symbol, offsetof(structure, group##_##name), \
        #standard, 0, 0, "1", doc, source, words },

#define SIM_KEY_SIZE 128   /* bytes enough for any "group.name" with its end */
#define SIM_VALUE_SIZE 128 /* bytes enough for any printed value with its end */

/* "group.name" into key, of SIM_KEY_SIZE bytes. */
void sim_field_key(const struct sim_field *field, char *key);

/* The row with this "group.name"; NULL if none. */
const struct sim_field *sim_fields_find(const struct sim_fields *fields, const char *key);

/* Nonzero if some row is in this group. */
int sim_fields_has_group(const struct sim_fields *fields, const char *group);

/* What a field's value has to be, in words: "a number", "on or off". */
const char *sim_field_expects(const struct sim_field *field);

/* Nonzero if a text that a PLACES field takes names a table. */
int sim_field_names_table(const char *text);

/* Sets one member from text; the name of a table leaves it as it was. On SIM_ERR_INPUT the reason, with bounds and unit, is in why (of size bytes) and
 * the member unchanged. */
int sim_field_parse(const struct sim_field *field, const char *text, void *params, char *why, size_t size);

/* The member's value as text that sim_field_parse reads back to the same bits; value has SIM_VALUE_SIZE
 * bytes. */
void sim_field_print(const struct sim_field *field, const void *params, char *value);

/* Sets every member to its default. SIM_ERR_INPUT, with a message, if a row's own default is invalid (a fault
 * of the table). */
int sim_fields_defaults(const struct sim_fields *fields, void *params, struct sim_messages *messages);

#endif
