/* document.c - takes a file's bytes, checks its characters, and keeps what sim/yaml_reader.h finds in it. */
#include "sim/document.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/text_file.h"
#include "sim/yaml_reader.h"

#include <string.h>

int
sim_document_read(struct sim_document *document, const char *path, const struct sim_search *search,
    struct sim_messages *messages)
{
    memset(document, 0, sizeof(*document));
    const char *name = sim_file_name(path);
    document->path = sim_copy_text(path);
    document->stem = sim_print_text("%.*s", (int) sim_stem_length(name), name);
    document->text = sim_copy_text("");
    if (document->path == NULL || document->stem == NULL || document->text == NULL) {
        return SIM_ERR_MEMORY;
    }
    size_t length = 0;
    char *text = NULL;
    int ret = sim_text_file_read(path, search, SIM_FILE_LIMIT, &text, &length, messages);
    if (ret != SIM_OK) {
        return ret;
    }
    sim_free(document->text);
    document->text = text;
    size_t start = sim_text_file_start(text);
    ret = sim_text_file_check(document->path, text, start, length, messages);
    return ret == SIM_OK ? sim_yaml_read(document, start, length, messages) : ret;
}

void
sim_document_free(struct sim_document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        sim_free(document->entries[i].key);
        sim_free(document->entries[i].text);
    }
    for (size_t i = 0; i < document->n_branches; i++) {
        sim_free(document->branches[i].key);
    }
    sim_free(document->entries);
    sim_free(document->branches);
    sim_free(document->path);
    sim_free(document->stem);
    sim_free(document->text);
    memset(document, 0, sizeof(*document));
}

const struct sim_entry *
sim_document_find(const struct sim_document *document, const char *key)
{
    for (size_t i = 0; i < document->count; i++) {
        if (strcmp(document->entries[i].key, key) == 0) {
            return &document->entries[i];
        }
    }
    return NULL;
}

const struct sim_branch *
sim_document_branch(const struct sim_document *document, const char *key)
{
    for (size_t i = 0; i < document->n_branches; i++) {
        if (strcmp(document->branches[i].key, key) == 0) {
            return &document->branches[i];
        }
    }
    return NULL;
}
