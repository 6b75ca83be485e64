/* search.c - tries the places where a file may be; if it is in none, looks for names that are near. */
#include "sim/search.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/suggest.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".yaml"

const char *
sim_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

size_t
sim_stem_length(const char *name)
{
    size_t length = strlen(name), suffix = strlen(SUFFIX);
    return length > suffix && strcmp(name + length - suffix, SUFFIX) == 0 ? length - suffix : length;
}

static int
has_suffix(const char *name)
{
    return name[sim_stem_length(name)] != '\0';
}

const struct sim_file *
sim_search_file(const struct sim_search *search, const char *path)
{
    for (size_t i = 0; search != NULL && i < search->n_files; i++) {
        if (strcmp(search->files[i].path, path) == 0) {
            return &search->files[i];
        }
    }
    return search != NULL && search->beside != NULL && strcmp(search->beside->path, path) == 0
        ? search->beside
        : NULL;
}

static int
is_file(const struct sim_search *search, const char *path)
{
    struct stat info;
    return sim_search_file(search, path) != NULL
        || (!sim_search_is_in_memory(search) && stat(path, &info) == 0 && !S_ISDIR(info.st_mode));
}

/* FOLDER/NAME and suffix if that is a file; NULL if not. Without memory *ret is SIM_ERR_MEMORY. */
static char *
try_file(const struct sim_search *search, const char *folder, const char *name, const char *suffix, int *ret)
{
    size_t length = strlen(folder);
    const char *slash = length == 0 || folder[length - 1] == '/' ? "" : "/";
    char *path = *name == '/' ? sim_print_text("%s%s", name, suffix)
                              : sim_print_text("%s%s%s%s", folder, slash, name, suffix);
    if (path == NULL) {
        *ret = SIM_ERR_MEMORY;
    } else if (!is_file(search, path)) {
        sim_free(path);
        path = NULL;
    }
    return path;
}

/* Tries every place in order. *found stays NULL if it is in none. */
static int
find_file(const struct sim_search *search, const char *name, const char *folder, char **found)
{
    int ret = SIM_OK;
    const char *suffix = has_suffix(name) ? "" : SUFFIX;
    *found = try_file(search, folder, name, "", &ret);
    if (*found == NULL && *suffix != '\0') {
        *found = try_file(search, folder, name, suffix, &ret);
    }
    for (size_t i = 0; *found == NULL && *name != '/' && search != NULL && search->folders[i] != NULL; i++) {
        *found = try_file(search, search->folders[i], name, suffix, &ret);
    }
    return *found == NULL ? ret : SIM_OK;
}

/* Names of scenarios, separated by '|'. */
struct near {
    char *words; /* NULL if there are none */
    size_t count;
};

static int
add_near(struct near *near, const char *name)
{
    if (sim_find_word(near->words, name) >= 0) {
        return SIM_OK;
    }
    char *words = near->words == NULL ? sim_copy_text(name) : sim_print_text("%s|%s", near->words, name);
    if (words == NULL) {
        return SIM_ERR_MEMORY;
    }
    sim_free(near->words);
    near->words = words;
    near->count++;
    return SIM_OK;
}

static int
is_scenario(const struct dirent *file)
{
    return file->d_name[0] != '.' && has_suffix(file->d_name) && strchr(file->d_name, '|') == NULL;
}

/* By name without the suffix in the order of bytes, whatever the locale. */
static int
compare_files(const struct dirent **first, const struct dirent **second)
{
    const char *a = (*first)->d_name, *b = (*second)->d_name;
    size_t a_length = sim_stem_length(a), b_length = sim_stem_length(b);
    int order = strncmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Adds the names in a folder, which may be missing. */
static int
list_folder(const struct sim_search *search, struct near *near, const char *folder)
{
    struct dirent **files = NULL;
    int ret = SIM_OK;
    if (sim_search_is_in_memory(search)) {
        return SIM_OK;
    }
    int n = scandir(*folder == '\0' ? "." : folder, &files, is_scenario, compare_files);
    for (int i = 0; i < n; i++) {
        char *name = files[i]->d_name;
        name[sim_stem_length(name)] = '\0';
        ret = ret == SIM_OK ? add_near(near, name) : ret;
        free(files[i]); /* scandir's own */
    }
    free(files);
    return ret;
}

#define FEW 12 /* names to list when none is near */

static void
report_missing(
    const char *name, const struct near *near, struct sim_where where, struct sim_messages *messages)
{
    char quote[SIM_QUOTE_SIZE], nearest[256], wanted[SIM_QUOTE_SIZE];
    sim_quote(name, quote);
    sim_quote(sim_file_name(name), wanted);
    wanted[sim_stem_length(wanted)] = '\0';
    if (sim_suggest_word(near->words, wanted, nearest, sizeof(nearest))) {
        sim_messages_add(
            messages, SIM_ERROR, where, "there is no scenario \"%s\"; did you mean \"%s\"?", quote, nearest);
    } else if (near->count > 0 && near->count <= FEW) {
        for (char *bar = strchr(near->words, '|'); bar != NULL; bar = strchr(bar, '|')) {
            *bar = ' ';
        }
        sim_messages_add(
            messages, SIM_ERROR, where, "there is no scenario \"%s\"; there are: %s", quote, near->words);
    } else {
        sim_messages_add(messages, SIM_ERROR, where,
            "there is no scenario \"%s\", neither here nor in the folders of scenarios", quote);
    }
}

char *
sim_search_find(const struct sim_search *search, const char *name, const char *from, struct sim_where where,
    struct sim_messages *messages)
{
    struct near near = { NULL, 0 };
    char *found = NULL;
    int length = from == NULL ? 0 : (int) (sim_file_name(from) - from);
    char *folder = sim_print_text("%.*s", length, from == NULL ? "" : from);
    int ret = folder == NULL ? SIM_ERR_MEMORY : find_file(search, name, folder, &found);
    if (ret != SIM_OK || found != NULL) {
        goto out;
    }
    if (from != NULL) {
        ret = list_folder(search, &near, folder);
    }
    for (size_t i = 0; ret == SIM_OK && search != NULL && search->folders[i] != NULL; i++) {
        ret = list_folder(search, &near, search->folders[i]);
    }
    if (ret == SIM_OK) {
        report_missing(name, &near, where, messages);
    }
out:
    if (ret != SIM_OK) {
        sim_messages_add(messages, SIM_ERROR, where, "%s", sim_status_text(ret));
    }
    sim_free(near.words);
    sim_free(folder);
    return found;
}
