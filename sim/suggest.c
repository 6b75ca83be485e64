/* suggest.c - finds words, and guesses what a misspelled one meant. */
#include "sim/suggest.h"

#include "sim/field.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int
sim_find_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    int index = 0;
    for (const char *at = words; at != NULL; index++) {
        size_t span = strcspn(at, "|");
        if (span == length && strncmp(at, word, length) == 0) {
            return index;
        }
        at = at[span] == '|' ? at + span + 1 : NULL;
    }
    return -1;
}

#define WORD_SIZE 256 /* longer words are near to nothing */

/* Edits between two words: insert, delete, replace, swap neighbours (Damerau 1964, each place edited once).
 * Case does not count. */
static size_t
edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_SIZE];
    if (a_length >= WORD_SIZE || b_length >= WORD_SIZE) {
        return SIZE_MAX;
    }
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b_length; j++) {
        last[j] = j;
        before[j] = 0;
    }
    for (size_t i = 1; i <= a_length; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            int x = tolower((unsigned char) a[i - 1]), y = tolower((unsigned char) b[j - 1]);
            size_t best = last[j - 1] + (x != y);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x == tolower((unsigned char) b[j - 2])
                && tolower((unsigned char) a[i - 2]) == y && before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b_length];
}

/* How far two words are apart, or SIZE_MAX if they are not near: up to an edit for every four characters, and
 * three at most. */
static size_t
nearness(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t longest = a_length > b_length ? a_length : b_length;
    size_t shortest = a_length > b_length ? b_length : a_length;
    size_t limit = (longest + 1) / 4 < 3 ? (longest + 1) / 4 : 3;
    if (longest - shortest > limit) {
        return SIZE_MAX;
    }
    size_t distance = edit_distance(a, a_length, b, b_length);
    return distance <= limit ? distance : SIZE_MAX;
}

static size_t
nearness_of_texts(const char *a, const char *b)
{
    return nearness(a, strlen(a), b, strlen(b));
}

/* Group and name are compared each for itself, lest a long shared group hide that the names have nothing in
 * common. A key without a group is compared as a whole: the point may be what is misspelled. */
static size_t
nearness_of_key(const struct sim_field *field, const char *key)
{
    const char *point = strchr(key, '.');
    if (point == NULL) {
        char whole[SIM_KEY_SIZE];
        sim_field_key(field, whole);
        return nearness_of_texts(key, whole);
    }
    size_t group = nearness(key, (size_t) (point - key), field->group, strlen(field->group));
    size_t name = group == SIZE_MAX ? SIZE_MAX : nearness_of_texts(point + 1, field->name);
    return name == SIZE_MAX ? SIZE_MAX : group + name;
}

static size_t
nearness_of_name(const struct sim_field *field, const char *key)
{
    const char *point = strrchr(key, '.');
    return nearness_of_texts(point == NULL ? key : point + 1, field->name);
}

/* The first of the nearest rows; NULL if none is near. */
static const struct sim_field *
nearest_field(const struct sim_fields *fields, const char *key,
    size_t (*measure)(const struct sim_field *, const char *))
{
    const struct sim_field *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < fields->count; i++) {
        size_t distance = measure(&fields->list[i], key);
        if (distance < least) {
            least = distance;
            nearest = &fields->list[i];
        }
    }
    return nearest;
}

static size_t
nearness_of_group(const struct sim_field *field, const char *group)
{
    return nearness_of_texts(group, field->group);
}

int
sim_fields_suggest_group(const struct sim_fields *fields, const char *group, char *nearest)
{
    const struct sim_field *field = nearest_field(fields, group, nearness_of_group);
    if (field == NULL) {
        return 0;
    }
    snprintf(nearest, SIM_KEY_SIZE, "%s", field->group);
    return 1;
}

int
sim_fields_suggest(const struct sim_fields *fields, const char *key, char *nearest)
{
    const struct sim_field *field = nearest_field(fields, key, nearness_of_key);
    if (field == NULL) {
        field = nearest_field(fields, key, nearness_of_name);
    }
    if (field == NULL) {
        return sim_fields_suggest_group(fields, key, nearest);
    }
    sim_field_key(field, nearest);
    return 1;
}

int
sim_suggest_word(const char *words, const char *word, char *nearest, size_t size)
{
    size_t least = SIZE_MAX;
    for (const char *at = words; at != NULL;) {
        size_t length = strcspn(at, "|");
        size_t distance = nearness(word, strlen(word), at, length);
        if (distance < least) {
            least = distance;
            snprintf(nearest, size, "%.*s", (int) length, at);
        }
        at = at[length] == '|' ? at + length + 1 : NULL;
    }
    return least != SIZE_MAX;
}
