/* suggest.h - what a misspelled word or key most likely means. Words are one text, separated by '|'. */
#ifndef SIM_SUGGEST_H
#define SIM_SUGGEST_H

#include <stddef.h>

struct sim_fields;

/* The how-many-th of the words this one is, counted from 0; -1 if none. words may be NULL. */
int sim_find_word(const char *words, const char *word);

/* The near word among words, written into nearest (size bytes); 0 when none. Case does not count. words may
 * be NULL. */
int sim_suggest_word(const char *words, const char *word, char *nearest, size_t size);

/* The key that a misspelled one most likely means, written into nearest (SIM_KEY_SIZE bytes); returns 0 when
 * nothing is near. Looks for a near spelling of the whole key, then for the right name under another group,
 * then for a group of nearly that name. */
int sim_fields_suggest(const struct sim_fields *fields, const char *key, char *nearest);

/* The near name among the groups; the same otherwise. */
int sim_fields_suggest_group(const struct sim_fields *fields, const char *group, char *nearest);

#endif
