"use strict";
/* provenance.js - cells that failed, and where the numbers come from.
 */

function failuresSection() {
    const cells = DATA.cells;
    if (!cells || !(cells.failures || []).length) return null;
    const total = cells.failures_total || cells.failures.length;
    const column = (name, number) => ({ title: columnTitle(name), number, key: row => row[name], text: row => String(row[name]) });
    return [
        element("p", null, word("failures_intro", { n: total })),
        total > cells.failures.length
            ? element("p", { class: "counted" }, word("failures_listed", { n: cells.failures.length, of: total }))
            : null,
        sortableTable(
            [column("scenario"), column("design", true), column("replicate", true), column("reason")],
            cells.failures,
            word("section_failures")
        )
    ];
}

/* An object, or a list of pairs. */
function buildPairs(build) {
    return Array.isArray(build) ? build.map(pair => (Array.isArray(pair) ? pair : [pair.name, pair.value])) : Object.entries(build || {});
}

function resolvedTexts() {
    return DATA.scenarios
        .filter(scenario => scenario.resolved)
        .map(scenario =>
            element(
                "details",
                { class: "expand" },
                element("summary", null, word("resolved_of", { title: sideTitle(scenario) })),
                element("pre", null, scenario.resolved)
            )
        );
}

/* All files that the page shows. */
function resultsFiles() {
    return DATA.files && DATA.files.length > 0 ? DATA.files : [{ file: DATA.file || "results.h5", spec_digest: DATA.spec_digest }];
}

/* A name that a shell takes for more than one word, in quotes. */
function quoted(name) {
    return /^[\w.\/+-]+$/.test(name) ? name : "'" + name.replace(/'/g, "'\\''") + "'";
}

function provenanceSection() {
    const code = text => (text === null || text === undefined || text === "" ? null : element("code", null, String(text)));
    return [
        element("p", null, word("provenance_intro")),
        factsList([
            [word("fact_generator"), code(DATA.generator)],
            ...resultsFiles().flatMap(({ file, spec_digest }) => [
                [word("fact_file"), code(file)],
                [word("fact_digest"), code(spec_digest)]
            ]),
            [word("fact_seed"), code(DATA.seed)],
            ...buildPairs(DATA.build).map(([name, value]) => [code(name), code(value)])
        ]),
        element("h3", null, word("rerun_title")),
        element("p", null, word("rerun_text")),
        element(
            "pre",
            null,
            resultsFiles().map(({ file }) => "cogov verify " + quoted(file) + "\n")
        ),
        resolvedTexts()
    ];
}
