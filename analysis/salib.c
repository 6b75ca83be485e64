/* salib.c - points and outcomes from SALib's files. */
#include "analysis/salib.h"

#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/statistics.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARAMETERS "params.txt"
#define POINTS "model_input.txt"
#define OUTCOME "model_output"
#define BLANKS " \t\r\n"
#define MOST_FIELDS 1000

/* A file, line by line; empty ones and those that begin with # are passed over. */
struct lines {
    FILE *file;
    char *path, *text;
    size_t size;
    int number;
    struct sim_messages *messages;
};

static int
lines_open(struct lines *lines, const char *folder, const char *name, struct sim_messages *messages)
{
    *lines = (struct lines){ .messages = messages, .path = sim_print_text("%s/%s", folder, name) };
    lines->file = lines->path != NULL ? fopen(lines->path, "r") : NULL;
    if (lines->path != NULL && lines->file == NULL) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ lines->path, 0, 0 }, "cannot be read: %s",
            strerror(errno));
        return SIM_ERR_FILE;
    }
    return lines->file != NULL ? SIM_OK : SIM_ERR_MEMORY;
}

static void
lines_close(struct lines *lines)
{
    if (lines->file != NULL) {
        fclose(lines->file);
    }
    free(lines->text);
    sim_free(lines->path);
}

/* The next line, cut into at most MOST_FIELDS fields at blanks, or at commas if it has some; how many, 0 at the end. */
static uint32_t
next_line(struct lines *lines, char **fields)
{
    while (getline(&lines->text, &lines->size, lines->file) >= 0) {
        char *text = lines->text + strspn(lines->text, BLANKS), *rest = NULL;
        uint32_t n = 0;
        lines->number++;
        if (*text == '\0' || *text == '#') {
            continue;
        }
        const char *cut = strchr(text, ',') != NULL ? "," : BLANKS;
        for (char *field = strtok_r(text, cut, &rest); field != NULL && n < MOST_FIELDS;
             field = strtok_r(NULL, cut, &rest)) {
            field += strspn(field, BLANKS);
            for (size_t length = strlen(field); length > 0 && strchr(BLANKS, field[length - 1]) != NULL;) {
                field[--length] = '\0';
            }
            fields[n++] = field;
        }
        return n;
    }
    return 0;
}

static int
wrong(const struct lines *lines, const char *what, const char *text)
{
    char quote[SIM_QUOTE_SIZE];
    sim_messages_add(lines->messages, SIM_ERROR, (struct sim_where){ lines->path, lines->number, 1 }, what,
        sim_quote(text, quote));
    return SIM_ERR_INPUT;
}

/* A number; nan too. Nonzero if it is none. */
static int
read_number(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end == text || *end != '\0' || isinf(*number);
}

/* Which column of the points a parameter has, and which group: that of its first. */
struct parameters {
    char **groups;     /* by factor of the sample */
    uint32_t *columns; /* by factor */
    uint32_t n, n_groups;
};

static void
parameters_free(struct parameters *parameters)
{
    for (uint32_t f = 0; f < parameters->n_groups; f++) {
        sim_free(parameters->groups[f]);
    }
    sim_free(parameters->groups);
    sim_free(parameters->columns);
}

static int
add_parameter(struct sensitivity_sample *sample, struct parameters *parameters, char **fields, uint32_t n,
    const struct lines *lines)
{
    const char *group = n > 3 && strcmp(fields[3], "NA") != 0 ? fields[3] : fields[0];
    double low, high;
    if (n < 3 || n > 5 || read_number(fields[1], &low) != 0 || read_number(fields[2], &high) != 0) {
        return wrong(lines, "a parameter is a name, its lower and its upper end, not \"%s\"", fields[0]);
    }
    if (!(low < high)) {
        return wrong(lines, "%s: the lower end is not below the upper one", fields[0]);
    }
    uint32_t column = parameters->n++;
    for (uint32_t f = 0; f < sample->n_factors; f++) {
        if (strcmp(parameters->groups[f], group) == 0) {
            sample->factors[f].n_more++;
            return SIM_OK;
        }
    }
    uint32_t f = sample->n_factors;
    char **groups = sim_resize(parameters->groups, f, f + 1u, sizeof(*groups));
    parameters->groups = groups != NULL ? groups : parameters->groups;
    uint32_t *columns = sim_resize(parameters->columns, f, f + 1u, sizeof(*columns));
    parameters->columns = columns != NULL ? columns : parameters->columns;
    char *copy = groups != NULL && columns != NULL ? sim_copy_text(group) : NULL;
    if (copy == NULL) {
        return SIM_ERR_MEMORY;
    }
    groups[f] = copy;
    parameters->n_groups++;
    columns[f] = column;
    return sensitivity_sample_add(sample, fields[0], "", low, high);
}

static int
read_parameters(struct sensitivity_sample *sample, struct parameters *parameters, const char *folder,
    struct sim_messages *messages)
{
    struct lines lines;
    char *fields[MOST_FIELDS];
    int ret = lines_open(&lines, folder, PARAMETERS, messages);
    for (uint32_t n = 1; ret == SIM_OK && n > 0;) {
        n = next_line(&lines, fields);
        ret = n > 0 ? add_parameter(sample, parameters, fields, n, &lines) : SIM_OK;
    }
    if (ret == SIM_OK && sample->n_factors == 0) {
        ret = wrong(&lines, "has no parameters", "");
    }
    lines_close(&lines);
    return ret;
}

/* Numbers of a file, a row a line. */
struct numbers {
    double *list;
    size_t n, capacity;
    uint32_t n_rows;
};

static int
add_number(struct numbers *numbers, double number)
{
    if (numbers->n == numbers->capacity) {
        size_t wanted = numbers->capacity == 0 ? 1024 : 2 * numbers->capacity;
        double *longer = sim_resize(numbers->list, numbers->n, wanted, sizeof(*longer));
        if (longer == NULL) {
            return SIM_ERR_MEMORY;
        }
        numbers->list = longer;
        numbers->capacity = wanted;
    }
    numbers->list[numbers->n++] = number;
    return SIM_OK;
}

static int
read_row(struct numbers *numbers, char **fields, uint32_t n, uint32_t n_columns, const struct lines *lines)
{
    int ret = SIM_OK;
    if (n != n_columns) {
        sim_messages_add(lines->messages, SIM_ERROR, (struct sim_where){ lines->path, lines->number, 1 },
            "has %" PRIu32 " numbers where %" PRIu32 " are expected", n, n_columns);
        return SIM_ERR_INPUT;
    }
    for (uint32_t c = 0; c < n && ret == SIM_OK; c++) {
        double number;
        ret = read_number(fields[c], &number) == 0 ? add_number(numbers, number)
                                                   : wrong(lines, "\"%s\" is no number", fields[c]);
    }
    numbers->n_rows++;
    return ret;
}

static int
read_numbers(struct numbers *numbers, const char *folder, const char *name, uint32_t n_columns,
    struct sim_messages *messages)
{
    struct lines lines;
    char *fields[MOST_FIELDS];
    int ret = lines_open(&lines, folder, name, messages);
    *numbers = (struct numbers){ .n = 0 };
    for (uint32_t n = 1; ret == SIM_OK && n > 0;) {
        n = next_line(&lines, fields);
        ret = n > 0 ? read_row(numbers, fields, n, n_columns, &lines) : SIM_OK;
    }
    if (ret == SIM_OK && numbers->n_rows == 0) {
        ret = wrong(&lines, "has no numbers", "");
    }
    lines_close(&lines);
    return ret;
}

static int
read_points(struct sensitivity_sample *sample, const struct parameters *parameters, const char *folder,
    struct sim_messages *messages)
{
    struct numbers numbers;
    int ret = read_numbers(&numbers, folder, POINTS, parameters->n, messages);
    sample->n_points = ret == SIM_OK ? numbers.n_rows : 0;
    sample->x =
        ret == SIM_OK ? sim_alloc((size_t) sample->n_points * sample->n_factors, sizeof(double)) : NULL;
    ret = ret == SIM_OK && sample->x == NULL ? SIM_ERR_MEMORY : ret;
    for (uint32_t p = 0; p < sample->n_points && ret == SIM_OK; p++) {
        for (uint32_t f = 0; f < sample->n_factors; f++) {
            sample->x[(size_t) p * sample->n_factors + f] =
                numbers.list[(size_t) p * parameters->n + parameters->columns[f]];
        }
    }
    sim_free(numbers.list);
    return ret;
}

static int
read_outcome(struct sensitivity_scenario *scenario, const char *folder, const char *name,
    struct sim_messages *messages)
{
    struct numbers numbers;
    int ret = read_numbers(&numbers, folder, name, 1, messages);
    if (ret == SIM_OK && numbers.n_rows != scenario->sample.n_points) {
        char *path = sim_print_text("%s/%s", folder, name);
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ path, 0, 0 },
            "has %" PRIu32 " outcomes for the %" PRIu32 " points of " POINTS, numbers.n_rows,
            scenario->sample.n_points);
        sim_free(path);
        ret = SIM_ERR_INPUT;
    }
    struct sensitivity_outcome *outcome = ret == SIM_OK ? sensitivity_add_outcome(scenario) : NULL;
    ret = ret == SIM_OK && outcome == NULL ? SIM_ERR_MEMORY : ret;
    if (ret == SIM_OK) {
        const char *below = name + strlen(OUTCOME), *dot = strrchr(below, '.');
        memcpy(outcome->y, numbers.list, numbers.n * sizeof(*outcome->y));
        outcome->own_name =
            sim_print_text("%.*s", (int) (dot - below) - (*below == '_'), below + (*below == '_'));
        outcome->observation =
            outcome->own_name != NULL && *outcome->own_name != '\0' ? outcome->own_name : "output";
        outcome->unit = "";
        ret = outcome->own_name != NULL ? SIM_OK : SIM_ERR_MEMORY;
    }
    sim_free(numbers.list);
    return ret;
}

static int
is_outcome(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return strncmp(entry->d_name, OUTCOME, strlen(OUTCOME)) == 0 && n > 4
        && strcmp(entry->d_name + n - 4, ".txt") == 0;
}

static int
read_outcomes(struct sensitivity_scenario *scenario, const char *folder, struct sim_messages *messages)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_outcome, alphasort), ret = n < 0 ? SIM_ERR_MEMORY : SIM_OK;
    if (n == 0) {
        sim_messages_add(messages, SIM_ERROR, (struct sim_where){ folder, 0, 0 },
            "has no " OUTCOME ".txt nor " OUTCOME "_NAME.txt, with a line for each point");
        ret = SIM_ERR_INPUT;
    }
    for (int i = 0; i < n; i++) {
        ret = ret == SIM_OK ? read_outcome(scenario, folder, entries[i]->d_name, messages) : ret;
        free(entries[i]);
    }
    free(entries);
    return ret;
}

int
salib_read(
    struct sensitivity *sensitivity, const char *folder, uint32_t n_samples, struct sim_messages *messages)
{
    struct parameters parameters = { .n = 0 };
    *sensitivity = (struct sensitivity){ .source = folder, .seed = 1, .n_samples = n_samples };
    struct sensitivity_scenario *scenario = sensitivity_add_scenario(sensitivity);
    int ret =
        scenario != NULL ? read_parameters(&scenario->sample, &parameters, folder, messages) : SIM_ERR_MEMORY;
    if (ret == SIM_OK) {
        ret = read_points(&scenario->sample, &parameters, folder, messages);
    }
    if (ret == SIM_OK) {
        ret = read_outcomes(scenario, folder, messages);
    }
    parameters_free(&parameters);
    return ret;
}

int
salib_is_folder(const char *path)
{
    char *inside = sim_print_text("%s/" PARAMETERS, path);
    int is_there = inside != NULL && access(inside, F_OK) == 0;
    sim_free(inside);
    return is_there;
}
