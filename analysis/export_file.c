/* export_file.c - the files of an export, as streams over publications. */
#define _GNU_SOURCE /* streams with functions of one's own */
#include "analysis/export_file.h"

#include "sim/alloc.h"
#include "sim/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static ssize_t
write_bytes(void *cookie, const char *bytes, size_t size)
{
    struct export_file *file = cookie;
    sim_publication_write(&file->publication, file->size, bytes, size);
    file->size += size;
    errno = file->publication.error;
    return file->publication.error == 0 ? (ssize_t) size : 0;
}

static int
refuse(const struct export_files *files, const char *path, const char *why)
{
    sim_messages_add(files->messages, SIM_ERROR, (struct sim_where){ path, 0, 0 }, "%s", why);
    return SIM_ERR_INPUT;
}

static int
exists(const struct export_files *files, const char *path)
{
    return refuse(files, path, "is there already; name another place, or add --overwrite");
}

/* Remembers whose fault it is: that of the disk. */
static int
written(struct export_files *files, int ret)
{
    files->unwritten |= ret == SIM_ERR_FILE;
    return ret;
}

static int
is_twice(const struct export_files *files, const char *path)
{
    uint32_t i = 0;
    while (i < files->n && strcmp(files->list[i]->path, path) != 0) {
        i++;
    }
    return i < files->n;
}

static int
open_file(struct export_file *file, const struct export_files *files, const char *path)
{
    const cookie_io_functions_t functions = { .write = write_bytes };
    int ret = sim_publication_init(
        &file->publication, path, files->overwrite ? SIM_REPLACE : SIM_KEEP, files->messages);
    if (ret == SIM_OK) {
        file->out = fopencookie(file, "w", functions);
        ret = file->out != NULL && setvbuf(file->out, file->buffer, _IOFBF, EXPORT_BUFFER) == 0
            ? SIM_OK
            : SIM_ERR_MEMORY;
    }
    return ret;
}

int
export_files_open(struct export_files *files, const char *path, FILE **out)
{
    *out = NULL;
    if (!files->overwrite && access(path, F_OK) == 0) {
        return exists(files, path);
    }
    if (is_twice(files, path)) {
        return refuse(files, path, "two tables cannot have the same name");
    }
    struct export_file **longer =
        sim_resize(files->list, files->n, files->n + 1u, sizeof(struct export_file *));
    struct export_file *file = sim_alloc(1, sizeof(*file));
    files->list = longer != NULL ? longer : files->list;
    if (longer == NULL || file == NULL) {
        sim_free(file);
        return SIM_ERR_MEMORY;
    }
    file->publication.file = -1;
    file->path = sim_copy_text(path);
    if (file->path == NULL) {
        sim_free(file);
        return SIM_ERR_MEMORY;
    }
    files->list[files->n++] = file;
    int ret = open_file(file, files, path);
    *out = file->out;
    return written(files, ret);
}

int
export_files_close(struct export_files *files)
{
    struct export_file *file = files->n > 0 ? files->list[files->n - 1] : NULL;
    if (file == NULL || file->out == NULL) {
        return SIM_OK;
    }
    fclose(file->out); /* the publication remembers what went wrong */
    file->out = NULL;
    return file->publication.error == 0
        ? SIM_OK
        : written(files, sim_publication_finish(&file->publication, files->messages));
}

int
export_files_publish(struct export_files *files)
{
    int ret = SIM_OK;
    for (uint32_t i = 0; i < files->n && ret == SIM_OK; i++) {
        ret = written(files, sim_publication_finish(&files->list[i]->publication, files->messages));
        ret = ret == SIM_ERR_EXISTS ? exists(files, files->list[i]->path) : ret;
    }
    return ret;
}

void
export_files_free(struct export_files *files)
{
    for (uint32_t i = 0; i < files->n; i++) {
        struct export_file *file = files->list[i];
        if (file->out != NULL) {
            fclose(file->out);
        }
        sim_publication_free(&file->publication);
        sim_free(file->path);
        sim_free(file);
    }
    sim_free(files->list);
    *files = (struct export_files){ .n = 0 };
}
