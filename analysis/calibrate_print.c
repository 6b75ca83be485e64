/* calibrate_print.c - the report of `cogov calibrate organisations` as text, CSV and JSON. */
#include "analysis/calibrate_report.h"

#include "analysis/organisations_data.h"
#include "sim/alloc.h"
#include "sim/error.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#define SOURCE "fitted: cogov calibrate organisations"

static const char *const model_names[CALIBRATE_MODELS] = { "plain", "step", "threshold" };

/* One year of one class */
struct line {
    int year;
    double observed, fitted, growth, without, growth_without, difference; /* observed may be NaN */
};

static void
make_lines(const struct calibrate_report *report, int class, struct line *lines)
{
    const struct calibrate_series *series = &report->series[class];
    double with[CALIBRATE_HORIZON], without[CALIBRATE_HORIZON];
    calibrate_years(report, class, with, without);
    lines[0] =
        (struct line){ ORGANISATIONS_FIRST_YEAR, series->start, series->start, NAN, series->start, NAN, 0 };
    for (int i = 1; i <= CALIBRATE_HORIZON; i++) {
        struct line *line = &lines[i];
        line->year = ORGANISATIONS_FIRST_YEAR + i;
        line->observed = i <= CALIBRATE_YEARS ? series->years[i - 1] : (double) NAN;
        line->fitted = with[i - 1];
        line->without = without[i - 1];
        line->growth = 100 * (line->fitted / lines[i - 1].fitted - 1);
        line->growth_without = 100 * (line->without / lines[i - 1].without - 1);
        line->difference = 100 * (line->fitted / line->without - 1);
    }
}

/* A number in a column; blanks for NaN. */
static void
put(FILE *out, int width, int digits, double x)
{
    if (isnan(x)) {
        fprintf(out, " %*s", width, "-");
    } else {
        fprintf(out, " %*.*f", width, digits, x);
    }
}

static void
print_assumptions(const struct calibrate_report *report, FILE *out)
{
    const struct pool_terms *terms = &report->assumed[0];
    fprintf(out,
        "Registered social organisations at the end of each year (Wang2018, Table 3), fitted by the pool model,\n"
        "equation (14). There are four numbers to fit in a class, so at most three parameters are free: the pool, the\n"
        "founders, and one threshold. All others are assumptions: fade %g and exits %g a month, registration of %g a\n"
        "month of those whom no threshold keeps away; threshold %g with mean capital %g and spread %g, so that %.3g\n"
        "of the pool registers in a month.\n\n",
        terms->fade, terms->exit_rate, terms->registration_rate, terms->threshold, terms->capital,
        terms->capital_spread, pool_openness(terms, terms->threshold));
}

static void
print_fits(const struct calibrate_report *report, FILE *out)
{
    fprintf(out,
        "Fits. plain: the threshold never changes; step: it is lower from March 2013 on; threshold: another one, the\n"
        "same before and after. chi2 weighs by what chance and rounding do; about 4 less the number of parameters is\n"
        "what a true model has. Errors of pool and founders are standard errors, given the threshold.\n\n"
        "  class                  model             pool  (error)  founders  (error)  threshold   after    chi2  RMSE %%"
        "     AIC    AICc\n");
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        for (int m = 0; m < CALIBRATE_MODELS; m++) {
            const struct calibrate_fit *fit = &report->fits[c][m];
            fprintf(out, "%c %-22s %-9s", fit == calibrate_taken(report, c) ? '*' : ' ',
                report->series[c].class, model_names[m]);
            put(out, 12, 0, fit->terms.pool);
            put(out, 8, 0, fit->pool_error);
            put(out, 9, 1, fit->terms.founders);
            put(out, 8, 1, fit->founders_error);
            put(out, 10, 4, fit->terms.threshold);
            put(out, 7, 4, fit->terms.threshold_after);
            put(out, 7, 2, fit->chi2);
            put(out, 7, 3, 100 * fit->rmse);
            put(out, 7, 2, fit->aic);
            put(out, 7, 2, fit->aicc);
            fprintf(out, "\n");
        }
    }
    fprintf(
        out, "  * what the scenarios take. AICc needs more years than there are for three parameters.\n\n");
}

static const struct calibrate_fit *
preferred(const struct calibrate_report *report, int class)
{
    const struct calibrate_fit *best = &report->fits[class][0];
    for (int m = 1; m < CALIBRATE_MODELS; m++) {
        best = report->fits[class][m].aic < best->aic ? &report->fits[class][m] : best;
    }
    return best;
}

static void
print_reform(const struct calibrate_report *report, FILE *out)
{
    fprintf(out, "What the years say of the reform of March 2013:\n\n");
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        const struct calibrate_fit *plain = &report->fits[c][CALIBRATE_PLAIN], *step = plain + CALIBRATE_STEP;
        fprintf(out,
            "  %-22s cut of the threshold %.4f (95 %% profile %.4f to %.4f): AIC %+.2f against plain; AIC prefers %s.\n"
            "  %-22s %+.2f %% organisations at the end of %d (%+.2f to %+.2f)\n",
            report->series[c].class, step->extra, step->low, step->high, step->aic - plain->aic,
            model_names[preferred(report, c)->model], "",
            calibrate_effect(&step->terms, CALIBRATE_EFFECT_YEARS),
            ORGANISATIONS_FIRST_YEAR + CALIBRATE_EFFECT_YEARS, report->effect_low[c], report->effect_high[c]);
    }
    fprintf(out,
        "\n  Foundations are the check: the reform was not about them, so a step that helps their fit tells how much a\n"
        "  step helps by chance. These numbers are no estimate of the reform.\n\n"
        "  The cut by the assumed threshold before the reform:\n\n"
        "  class                  threshold   rate/month      cut    chi2   2017 %%\n");
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        for (int i = 0; i < CALIBRATE_ASSUMED; i++) {
            const struct calibrate_fit *fit = &report->sensitivity[c][i];
            fprintf(out, "  %-22s", report->series[c].class);
            put(out, 9, 1, fit->terms.threshold);
            put(out, 12, 4, pool_openness(&fit->terms, fit->terms.threshold));
            put(out, 8, 4, fit->extra);
            put(out, 7, 2, fit->chi2);
            put(out, 8, 2, calibrate_effect(&fit->terms, CALIBRATE_EFFECT_YEARS));
            fprintf(out, "\n");
        }
    }
}

static void
print_years(const struct calibrate_report *report, FILE *out)
{
    fprintf(out,
        "\nYears; later than 2014 is prediction. Growth and difference in per cent; without: had the threshold stayed.\n");
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        struct line lines[CALIBRATE_HORIZON + 1];
        make_lines(report, c, lines);
        fprintf(out, "\n  %-22s observed    fitted  growth   without  growth  difference\n",
            report->series[c].class);
        for (int i = 0; i <= CALIBRATE_HORIZON; i++) {
            fprintf(out, "  %d %17s", lines[i].year, "");
            put(out, 8, 0, lines[i].observed);
            put(out, 9, 0, lines[i].fitted);
            put(out, 7, 2, lines[i].growth);
            put(out, 9, 0, lines[i].without);
            put(out, 7, 2, lines[i].growth_without);
            put(out, 11, 2, lines[i].difference);
            fprintf(out, "\n");
        }
    }
}

static void
print_criterion(const struct calibrate_report *report, FILE *out)
{
    fprintf(out,
        "\nP1 (relative RMSE of 2011-2014 at most 2 %%; growth rises to 2014, then falls; foundations 13 to 19 %%):\n\n");
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        fprintf(out, "  %-22s RMSE %.3f %%: %s; growth: %s\n", report->series[c].class,
            100 * calibrate_taken(report, c)->rmse, calibrate_error_holds(report, c) ? "holds" : "FAILS",
            calibrate_shape_holds(report, c) ? "holds" : "FAILS");
    }
}

void
calibrate_print_values(const struct calibrate_report *report, FILE *out)
{
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        const struct pool_terms *terms = &calibrate_taken(report, c)->terms;
        fprintf(out,
            "%s:\n  registered: %.0f # Wang2018, Table 3\n  pool: %.0f # " SOURCE
            "\n  founders: %.1f # " SOURCE "\n",
            report->series[c].class, terms->registered, terms->pool, terms->founders);
    }
}

void
calibrate_print_event(const struct calibrate_report *report, FILE *out)
{
    fprintf(out, "events:\n  - month: %d # March 2013, Wang2018\n    set:\n", CALIBRATE_EVENT);
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        if (report->is_reformed[c]) {
            fprintf(out, "      %s.threshold: %.4f # " SOURCE "\n", report->series[c].class,
                calibrate_taken(report, c)->terms.threshold_after);
        }
    }
}

void
calibrate_print_text(const struct calibrate_report *report, FILE *out)
{
    print_assumptions(report, out);
    print_fits(report, out);
    print_reform(report, out);
    print_years(report, out);
    print_criterion(report, out);
    fprintf(out, "\nFor scenarios/national-without-reform.yaml:\n\n");
    calibrate_print_values(report, out);
    fprintf(out, "\nFor scenarios/national.yaml, which extends it:\n\n");
    calibrate_print_event(report, out);
}

static void
put_csv(FILE *out, double x)
{
    if (isnan(x)) {
        fprintf(out, ",");
    } else {
        fprintf(out, ",%.10g", x);
    }
}

void
calibrate_print_csv(const struct calibrate_report *report, FILE *out)
{
    fprintf(out, "class,year,observed,fitted,growth,without_reform,growth_without_reform,difference\n");
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        struct line lines[CALIBRATE_HORIZON + 1];
        make_lines(report, c, lines);
        for (int i = 0; i <= CALIBRATE_HORIZON; i++) {
            const struct line *line = &lines[i];
            const double cells[] = { line->observed, line->fitted, line->growth, line->without,
                line->growth_without, line->difference };
            fprintf(out, "%s,%d", report->series[c].class, line->year);
            for (size_t k = 0; k < sizeof(cells) / sizeof(cells[0]); k++) {
                put_csv(out, cells[k]);
            }
            fprintf(out, "\n");
        }
    }
}

static json_t *
number(double x)
{
    return isnan(x) ? json_null() : json_real(x);
}

static json_t *
fit_json(const struct calibrate_report *report, int class, const struct calibrate_fit *fit)
{
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "class", report->series[class].class, "model", model_names[fit->model], "scenario",
        fit == calibrate_taken(report, class), "pool", number(fit->terms.pool), "pool_error",
        number(fit->pool_error), "founders", number(fit->terms.founders), "founders_error",
        number(fit->founders_error), "threshold", number(fit->terms.threshold), "threshold_after",
        number(fit->terms.threshold_after), "low", number(fit->low), "high", number(fit->high), "chi2",
        number(fit->chi2), "rmse", number(fit->rmse), "aic", number(fit->aic), "aicc", number(fit->aicc),
        "effect", number(calibrate_effect(&fit->terms, CALIBRATE_EFFECT_YEARS)));
}

static json_t *
line_json(const struct calibrate_report *report, int class, const struct line *line)
{
    return json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "class", report->series[class].class, "year",
        line->year, "observed", number(line->observed), "fitted", number(line->fitted), "growth",
        number(line->growth), "without_reform", number(line->without), "growth_without_reform",
        number(line->growth_without), "difference", number(line->difference));
}

static json_t *
sensitivity_json(const struct calibrate_report *report, int class, const struct calibrate_fit *fit)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "class", report->series[class].class, "threshold",
        number(fit->terms.threshold), "cut", number(fit->extra), "chi2", number(fit->chi2), "effect",
        number(calibrate_effect(&fit->terms, CALIBRATE_EFFECT_YEARS)));
}

/* What print writes, as a JSON text. */
static json_t *
text_json(const struct calibrate_report *report, void (*print)(const struct calibrate_report *, FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    print(report, out);
    json_t *json = fclose(out) == 0 ? json_string(text) : NULL;
    free(text);
    return json;
}

int
calibrate_print_json(const struct calibrate_report *report, FILE *out)
{
    json_t *fits = json_array(), *years = json_array(), *sensitivity = json_array(),
           *criterion = json_array();
    for (int c = 0; c < CALIBRATE_CLASSES; c++) {
        struct line lines[CALIBRATE_HORIZON + 1];
        make_lines(report, c, lines);
        for (int m = 0; m < CALIBRATE_MODELS; m++) {
            json_array_append_new(fits, fit_json(report, c, &report->fits[c][m]));
        }
        for (int i = 0; i <= CALIBRATE_HORIZON; i++) {
            json_array_append_new(years, line_json(report, c, &lines[i]));
        }
        for (int i = 0; i < CALIBRATE_ASSUMED; i++) {
            json_array_append_new(sensitivity, sensitivity_json(report, c, &report->sensitivity[c][i]));
        }
        json_array_append_new(criterion,
            json_pack("{s:s, s:f, s:b, s:b}", "class", report->series[c].class, "rmse",
                calibrate_taken(report, c)->rmse, "error_holds", calibrate_error_holds(report, c),
                "growth_holds", calibrate_shape_holds(report, c)));
    }
    json_t *root = json_pack("{s:s, s:o, s:o, s:o, s:o, s:{s:o, s:o}}", "source", "Wang2018, Table 3",
        "criterion", criterion, "fits", fits, "years", years, "sensitivity", sensitivity, "yaml",
        "national-without-reform", text_json(report, calibrate_print_values), "national",
        text_json(report, calibrate_print_event));
    if (root == NULL) {
        return SIM_ERR_MEMORY;
    }
    json_dumpf(root, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fprintf(out, "\n");
    json_decref(root);
    return SIM_OK;
}
