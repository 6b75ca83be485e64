/* command_results.c - what all commands that read a results file do alike. */
#include "analysis/command_results.h"

#include "analysis/outcome.h"
#include "sim/error.h"
#include "sim/model.h"
#include "sim/suggest.h"

#include <string.h>

int
command_conclude(int ret, const struct sim_messages *messages)
{
    int unwritten = ferror(stdout); /* main tells of it */
    cli_print_messages(messages);
    if (ret != SIM_OK && messages->errors == 0 && !unwritten) {
        cli_complain("%s", sim_status_text(ret));
    }
    int wrong = ret == SIM_ERR_INPUT || (ret == SIM_ERR_FILE && !unwritten && messages->errors > 0);
    return ret == SIM_OK ? CLI_DONE : wrong ? CLI_WRONG : CLI_FAILED;
}

int
command_with_results(const struct cli_options *options, const char *path, command_work work, void *context)
{
    struct reader reader;
    struct sim_messages messages;
    sim_messages_init(&messages);
    int ret = reader_init(&reader, path, &messages);
    if (ret == SIM_OK) {
        ret = work(options, &reader, &messages, context);
    }
    int status = command_conclude(ret, &messages);
    reader_free(&reader);
    sim_messages_free(&messages);
    return status;
}

int
command_is_results(const char *word)
{
    size_t n = strlen(word);
    return n > 3 && strcmp(word + n - 3, ".h5") == 0;
}

static int
check_label(const struct sim_model *model, const struct sim_observation *observation, const char *label)
{
    if (observation->dimension < 0) {
        cli_complain("%s has no labels, so none can be \"%s\"", observation->name, label);
        return CLI_WRONG;
    }
    const struct sim_dimension *dimension = &model->dimensions[observation->dimension];
    char nearest[OUTCOME_TEXT] = "";
    for (uint32_t i = 0; i < dimension->count; i++) {
        if (strcmp(dimension->labels[i], label) == 0) {
            return CLI_DONE;
        }
        if (nearest[0] == '\0') {
            sim_suggest_word(dimension->labels[i], label, nearest, sizeof(nearest));
        }
    }
    cli_complain(nearest[0] != '\0' ? "%s has no %s \"%s\"; did you mean \"%s\"?"
                                    : "%s has no %s \"%s\"%s; `cogov observations` lists them",
        observation->name, dimension->name, label, nearest);
    return CLI_WRONG;
}

static int
check_observation(const struct sim_model *model, const char *text)
{
    char name[OUTCOME_TEXT], nearest[OUTCOME_TEXT] = "";
    enum outcome_period period;
    const char *label;
    if (outcome_split(text, name, &period, &label) != SIM_OK) {
        cli_complain("--observation is too long");
        return CLI_WRONG;
    }
    for (uint32_t i = 0; i < model->n_observations; i++) {
        const struct sim_observation *observation = &model->observations[i];
        if (strcmp(observation->name, name) == 0) {
            return label != NULL ? check_label(model, observation, label) : CLI_DONE;
        }
        if (nearest[0] == '\0') {
            sim_suggest_word(observation->name, name, nearest, sizeof(nearest));
        }
    }
    cli_complain(nearest[0] != '\0' ? "model %s has no observation \"%s\"; did you mean \"%s\"?"
                                    : "model %s has no observation \"%s\"%s; `cogov observations` lists them",
        model->name, name, nearest);
    return CLI_WRONG;
}

int
command_check_observations(const struct cli_options *options, const struct sim_model *model)
{
    int ret = CLI_DONE;
    for (size_t i = 0; i < options->observations.n && ret == CLI_DONE; i++) {
        ret = check_observation(model, options->observations.list[i]);
    }
    return ret;
}
