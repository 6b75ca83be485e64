/* command_calibrate.c - cogov calibrate: which parameters come from data, and the fits themselves. */
#include "analysis/command_calibrate.h"

#include "analysis/calibrate_report.h"
#include "analysis/penetration.h"
#include "sim/cli_table.h"
#include "sim/error.h"

#include <math.h>
#include <string.h>

static int
says(const struct cli_options *options, const char *format)
{
    return options->format != NULL && strcmp(options->format, format) == 0;
}

static const struct sim_fields *
fields_of(const struct cli_program *program, const char *name)
{
    const struct sim_model *model = program->find_model(name);
    if (model == NULL) {
        cli_complain("this program has no model \"%s\"; it has %s", name, program->model_names);
    }
    return model != NULL ? &model->fields : NULL;
}

static int
failed(int status)
{
    cli_complain("%s", sim_status_text(status));
    return CLI_FAILED;
}

static int
calibrate_organisations(const struct cli_program *program, const struct cli_options *options)
{
    struct calibrate_report report;
    const struct sim_fields *fields = fields_of(program, "registration");
    if (fields == NULL) {
        return CLI_FAILED;
    }
    int ret = calibrate_report_init(&report, fields);
    if (ret != SIM_OK) {
        return failed(ret);
    }
    if (says(options, "csv")) {
        calibrate_print_csv(&report, stdout);
    } else if (says(options, "json")) {
        ret = calibrate_print_json(&report, stdout);
    } else {
        calibrate_print_text(&report, stdout);
    }
    return ret == SIM_OK ? CLI_DONE : failed(ret);
}

/* What is calibrated on what. The patterns that are not named here are predictions. */
static const char *const anchors[][4] = {
    { "P1", "pool, founders and threshold after the reform, of each class of the model registration",
        "least squares on the yearly numbers of 2010-2014 (Wang2018, Table 3); 2015 and later are predictions",
        "cogov calibrate organisations" },
    { "P3", "participation.*_age",
        "not fitted: below the gross slope of election turnout by age, as reported (Shanghai 2017)",
        "cogov patterns" },
    { "P4", "participation.*_constant",
        "set by hand once, so that participation is shallow (Shi2019); not fitted", "cogov patterns" },
    { "P5", "committee.administrative_items, committee.own_items",
        "taken from the items of Ezhou (Shi2019); the share of time follows without a free parameter",
        "cogov patterns" },
    { "P26", "organisations.dependence, organisations.other_income",
        "set by hand near the share of purchase in the income of the top 100 agencies in 2015, 92 %, as reported",
        "cogov patterns" },
    { "P9 (approval)", "government.capacity, tiers.*_tickets, organisations.posts, firms.quality",
        "southern-jiangsu's capacity and these defaults were set by hand with sight of levels of satisfaction: no "
        "independent prediction",
        "cogov patterns" },
    { "P13 (spread)", "purchase.shading", "providers differ in it because the source speaks of uncertainty",
        "cogov patterns" },
    { "P23", "government.innovation_elasticity",
        "fitted to the regions' shares of the 174 cases (Wang2018) with assumed budgets", "cogov patterns" },
};

enum { ANCHOR_COLUMNS = 4 };

static int
solve_penetration(const struct cli_program *program, double *constant, double *standard)
{
    struct penetration penetration;
    const char *missing;
    const struct sim_fields *fields = fields_of(program, "cogov");
    int ret = fields == NULL ? SIM_ERR_INPUT : penetration_init(&penetration, fields, &missing);
    if (fields != NULL && ret == SIM_ERR_INPUT) {
        cli_complain("the model cogov has no parameter %s", missing);
    }
    if (ret == SIM_OK) {
        *standard = penetration.standard;
        ret = penetration_solve(&penetration, PENETRATION_OBSERVED, constant);
    }
    return ret;
}

static int
calibrate_anchors(const struct cli_program *program, const struct cli_options *options)
{
    struct cli_table table = { .heads = { "anchor", "parameters", "how", "command" },
        .n_columns = ANCHOR_COLUMNS };
    double constant, standard;
    char how[256];
    if (says(options, "csv")) {
        cli_complain("calibrate anchors prints text or json, not csv");
        return CLI_WRONG;
    }
    int ret = solve_penetration(program, &constant, &standard);
    if (ret != SIM_OK) {
        return ret == SIM_ERR_INPUT ? CLI_FAILED : failed(ret);
    }
    for (size_t i = 0; i < sizeof(anchors) / sizeof(anchors[0]); i++) {
        cli_table_add(&table, anchors[i]);
    }
    snprintf(how, sizeof(how),
        "%.4f solves that the mean over the base's adults is %.3f (CNNIC, end of 2017, Wang2018); the default is %g",
        constant, PENETRATION_OBSERVED, standard);
    const char *row[ANCHOR_COLUMNS] = { "penetration", "platform.penetration_constant", how,
        "cogov calibrate anchors" };
    cli_table_add(&table, row);
    return cli_table_print(&table, options);
}

static int
run(const struct cli_program *program, const struct cli_options *options)
{
    if (strcmp(options->words[0], "organisations") == 0) {
        return calibrate_organisations(program, options);
    }
    if (strcmp(options->words[0], "anchors") == 0) {
        return calibrate_anchors(program, options);
    }
    char nearest[32];
    int near = sim_suggest_word("organisations|anchors", options->words[0], nearest, sizeof(nearest));
    cli_complain("calibrate takes organisations or anchors, not \"%s\"%s%s%s", options->words[0],
        near ? "; did you mean \"" : "", near ? nearest : "", near ? "\"?" : "");
    return CLI_WRONG;
}

const struct cli_command command_calibrate = {
    .name = "calibrate",
    .arguments = "organisations|anchors [options]",
    .summary = "Fit parameters to data and print the values, their errors, and what they predict.",
    .notes =
        "organisations: the national series of registered social organisations by the pool model; with and without a\n"
        "lower threshold from March 2013 on, predictions to 2022, and the values for scenarios/national*.yaml.\n"
        "anchors: what else is calibrated, on what, by which command; solves the platform's penetration constant.\n"
        "Nothing is written: values go into files by hand. CSV is for organisations: a row for each class and year.",
    .options = CLI_FORMAT,
    .fewest = 1,
    .most = 1,
    .formats = "text|json|csv",
    .run = run,
};
