"use strict";
/* run.js - what was run, in the words of a methods section, and what this page is.
 */

/* The sign that a scenario has in charts, if they show it. */
function scenarioSwatch(name) {
    const sign = shownScenarios().findIndex(scenario => scenario.name === name);
    return sign < 0 ? null : shapeSwatch(sign);
}

function factsList(pairs) {
    return element(
        "dl",
        { class: "facts" },
        pairs
            .filter(pair => pair[1] !== null && pair[1] !== undefined && pair[1] !== "")
            .map(([name, ...value]) => [element("dt", null, name), element("dd", null, value)])
    );
}

function scenarioList() {
    return element(
        "ul",
        null,
        DATA.scenarios.map(scenario =>
            element(
                "li",
                null,
                scenarioSwatch(scenario.name),
                sideTitle(scenario),
                " ",
                element("code", null, scenario.name),
                scenario.n_designs > 1
                    ? element("span", { class: "soft" }, " " + word("points_of_scenario", { n: scenario.n_designs }))
                    : null
            )
        )
    );
}

function designText(design) {
    const kind = designName(design.kind);
    const factors = (design.factors || []).map(factor => element("li", null, element("code", null, factor.name), " ", factorRange(factor)));
    return [kind, factors.length > 0 ? element("ul", null, factors) : null];
}

/* Between what a factor varies, or which texts it takes. */
function factorRange(factor) {
    const values = factor.values || [];
    const numbers = values.filter(exists);
    if (numbers.length > 0)
        return withUnit(word("from_to", { low: settingText(Math.min(...numbers)), high: settingText(Math.max(...numbers)) }), factor.unit);
    return [...new Set(values.filter(value => value !== null))].slice(0, 8).map(settingText).join(", ");
}

/* Under an analysis: how many runs it misses. */
function leftOutNote({ failed_cells, not_run_cells, missing_cells }) {
    const n = (failed_cells || 0) + (not_run_cells || 0) + (missing_cells || 0);
    return n > 0 ? element("p", { class: "counted" }, word("failed_left_out", { n })) : null;
}

function cellsText({ ran, failed, not_run }) {
    return word("cells_counts", { ran: fixed(ran, 0), failed: fixed(failed, 0), not_run: fixed(not_run, 0) });
}

function monthsText() {
    const parts = [word("months_of", { n: DATA.ticks })];
    if (DATA.burn_in > 0) parts.push(word("burn_in_of", { n: DATA.burn_in }));
    if (DATA.first_tick > 1) parts.push(word("recorded_from", { n: DATA.first_tick }));
    return parts.join(word("comma"));
}

/* Those after the first. */
function furtherFiles() {
    return resultsFiles()
        .slice(1)
        .map(({ file }) => file)
        .join(word("comma"));
}

function runSection() {
    const shown = (DATA.fan_groups || []).length;
    return [
        element("p", null, word("what_this_is", { generator: DATA.generator || "cogov", file: DATA.file || "" })),
        resultsFiles().length > 1 ? element("p", null, word("more_files", { files: furtherFiles() })) : null,
        factsList([
            [word("fact_scenarios"), scenarioList()],
            [word("fact_model"), element("code", null, DATA.model)],
            [word("fact_design"), DATA.design ? designText(DATA.design) : null],
            [word("fact_months"), monthsText()],
            [word("fact_replicates"), word("replicates_of", { n: DATA.replicates })],
            [word("fact_seed"), element("code", null, DATA.seed)],
            [word("fact_cells"), DATA.cells ? cellsText(DATA.cells) : null]
        ]),
        DATA.cells && DATA.cells.failed + DATA.cells.not_run > 0
            ? element("p", { class: "notice" }, word("some_cells_missing", { n: DATA.cells.failed + DATA.cells.not_run }))
            : null,
        shown > 0 && shown < DATA.scenarios.length
            ? element("p", { class: "notice" }, word("some_scenarios_shown", { n: shown, of: DATA.scenarios.length }))
            : null,
        element("p", { class: "soft" }, word("how_to_use"))
    ];
}
