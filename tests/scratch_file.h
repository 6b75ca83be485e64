/* scratch_file.h - an empty file for a group of tests: make_path before them, remove_path after. */
#ifndef TESTS_SCRATCH_FILE_H
#define TESTS_SCRATCH_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[64];

static int
make_path(void **state)
{
    (void) state;
    const char *base = getenv("TMPDIR");
    snprintf(path, sizeof(path), "%.40s/cogov_XXXXXX", base == NULL ? "/tmp" : base);
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int
remove_path(void **state)
{
    (void) state;
    return unlink(path);
}

#endif
