/* provenance.h - what built this program: the same in every run of one build. */
#ifndef SIM_PROVENANCE_H
#define SIM_PROVENANCE_H

struct sim_provenance {
    const char *name; /* "version", "git_revision", "source" (a digest), "compiler", "flags" ... */
    const char *value;
};

/* Pairs, ended by a NULL name. */
const struct sim_provenance *sim_provenance(void);

/* A digest of all pairs: xxh64, 16 hex digits and end, into text of SIM_BUILD_SIZE bytes. */
#define SIM_BUILD_SIZE 17
void sim_provenance_digest(char *text);

/* The program's version, as in VERSION. */
const char *sim_version(void);

#endif
