"use strict";
/* differences.js - two scenarios side by side: the main differences as a forest plot and in words, and all of them
 * in a table.
 */

/* What a reader of community governance asks for first; a model without these shows what it has. */
const MAIN_OBSERVATIONS = [
    "participation",
    "deep_participation",
    "service_quality",
    "satisfaction",
    "approval",
    "trust",
    "identity",
    "efficacy",
    "cognition",
    "legitimacy",
    "marginalised",
    "effectiveness",
    "coordination",
    "tickets_waiting",
    "social_workers",
    "spending"
];
const MAIN_LIMIT = 16;

/* The lines of a comparison that report_compact.c made texts of. */
const SERIES_LINES = ["mean_a", "mean_b", "difference", "low", "high"];

function unpackedComparison(comparison) {
    const { columns, rows } = comparison.rows;
    const lines = series => SERIES_LINES.map(name => [name, unpacked(series[name], series.decimals[name])]);
    return {
        ...comparison,
        rows: rows.map(values => Object.fromEntries(columns.map((name, i) => [name, values[i]]))),
        series: comparison.series.map(series => ({ ...series, ...Object.fromEntries(lines(series)) }))
    };
}

const COMPARISONS = (DATA.compare || []).map(unpackedComparison).filter(({ rows }) => rows.length > 0);

function comparisonTitle(comparison) {
    const [a, b] = pairTitles(comparison);
    return word("b_against_a", { a, b });
}

function comparisonChoice(list) {
    return list.length < 2 ? [] : [{ name: "comparison", label: word("choice_comparison"), options: list.map(comparisonTitle) }];
}

/* Choices of a comparison, if there are several, and of one of the outcomes that their lists of this name hold; and
 * what is chosen: row is undefined where the chosen comparison lacks that outcome. */
function comparisonOutcomes(list, name) {
    const key = row => row.observation + "\n" + (row.label || "");
    const outcomes = new Map(list.flatMap(comparison => comparison[name] || []).map(row => [key(row), row]));
    const keys = [...outcomes.keys()];
    return {
        n: keys.length,
        choices: [
            ...comparisonChoice(list),
            {
                name: "outcome",
                label: word("choice_observation"),
                options: [...outcomes.values()].map(row => fullTitle(row.observation, row.label))
            }
        ],
        chosen: state => {
            const comparison = list[state.comparison || 0];
            return { comparison, row: (comparison[name] || []).find(row => key(row) === keys[state.outcome]) };
        }
    };
}

/* Averages if there are any months after the burn-in, else the last month. */
function mainRows({ rows }) {
    const period = rows.some(row => row.period === "average") ? "average" : "end";
    const whole = rows.filter(row => row.period === period && !row.label);
    const main = MAIN_OBSERVATIONS.map(name => whole.find(row => row.observation === name)).filter(Boolean);
    return (main.length > 0 ? main : whole).slice(0, MAIN_LIMIT);
}

/* "Trust: higher by 0.12 [0.10, 0.14]"; an interval around 0 is no clear difference, but 0 alone is none at all. */
function differenceInWords(row) {
    const values = { observation: fullTitle(row.observation, row.label), difference: withUnit(withInterval(differenceOf(row)), row.unit) };
    if (!exists(row.difference)) return word("difference_none", values);
    if (row.low === 0 && row.high === 0) return word("difference_equal", values);
    if (row.low > 0) return word("difference_higher", values);
    if (row.high < 0) {
        const turned = { value: -row.difference, low: -row.high, high: -row.low };
        return word("difference_lower", { ...values, difference: withUnit(withInterval(turned), row.unit) });
    }
    return word("difference_unclear", values);
}

function effectText(row) {
    return exists(row.effect_size) ? word("effect_text", { effect: fixed(row.effect_size, 2) }) : "";
}

function differenceTold(row) {
    const parts = [
        differenceInWords(row),
        word("means_text", { a: short(row.mean_a), b: short(row.mean_b) }),
        effectText(row),
        exists(row.superiority) ? word("superiority_text", { p: fixed(row.superiority, 2) }) : "",
        exists(row.p_holm) ? word("p_holm_text", { p: probability(row.p_holm) }) : ""
    ];
    return parts.filter(Boolean).join(word("semicolon"));
}

/* How far from 0 a difference reaches. */
function reach(row) {
    return Math.max(...[row.difference, row.low, row.high].filter(exists).map(Math.abs));
}

/* A few that reach much farther than the rest would press it together: they have an axis of their own. */
function splitByReach(rows) {
    const sorted = rows.map(reach).sort((a, b) => a - b);
    const limit = 4 * sorted[Math.floor(sorted.length / 2)];
    const far = rows.filter(row => reach(row) > limit);
    return rows.length < 4 || limit === 0 || far.length === 0 ? [rows] : [rows.filter(row => !far.includes(row)), far];
}

/* [unit, rows] of each axis, in the order of their first rows: only what has one unit has one axis. */
function forestPanels(rows) {
    const units = [...new Set(rows.map(row => row.unit))];
    return units.flatMap(unit => splitByReach(rows.filter(row => row.unit === unit)).map(own => [unit, own]));
}

/* Where labels, plot and effects stand: on a narrow page a label stands above its line. */
function forestLayout(width, rows) {
    const narrow = width < 560;
    const label_width = narrow
        ? width
        : Math.min(width * 0.36, 12 + Math.max(...rows.map(row => textWidth(fullTitle(row.observation, row.label)))));
    return { narrow, label_width, left: narrow ? 10 : label_width + 8, right: narrow ? width - 14 : width - 84, step: narrow ? 40 : 26 };
}

function forestRow(chart, row, scale, layout, y) {
    const interval = differenceOf(row);
    const clear = row.low > 0 || row.high < 0;
    const ink = "#1a1a1a";
    const dot_y = layout.narrow ? y + 26 : y + layout.step / 2;
    const text_y = layout.narrow ? y + 13 : dot_y + 4;
    const effect = exists(row.effect_size) ? fixed(row.effect_size, 2) : "";
    return chart.mark(
        () => differenceTold(row),
        { x: 1, y: y + 1, width: chart.width - 2, height: layout.step - 2 },
        fittedLabel(4, text_y, fullTitle(row.observation, row.label), layout.label_width - (layout.narrow ? 70 : 4)),
        label(chart.width - 6, text_y, effect, { "text-anchor": "end" }),
        whisker(interval, scale, dot_y, { stroke: ink }),
        svg("circle", { cx: scale(row.difference), cy: dot_y, r: 4.5, fill: clear ? ink : "#fff", stroke: ink, "stroke-width": 1.8 })
    );
}

function forestPanel(chart, root, rows, unit, layout, top) {
    const bottom = top + rows.length * layout.step;
    const domain = extent([0, ...rows.flatMap(row => [row.difference, row.low, row.high])]);
    const pad = (domain[1] - domain[0]) * 0.03;
    const scale = linearScale(
        [domain[0] - (domain[0] === 0 ? pad : 0), domain[1] + (domain[1] === 0 ? pad : 0)],
        [layout.left, layout.right],
        layout.narrow ? 4 : 6
    );
    root.append(bottomAxis(scale, top, bottom, word("axis_difference", { unit: unitTitle(unit) })));
    root.append(line(scale(0), top, scale(0), bottom, { class: "zero" }));
    rows.forEach((row, i) => root.append(forestRow(chart, row, scale, layout, top + i * layout.step)));
    return bottom;
}

function drawForest(chart, rows) {
    const drawn = rows.filter(row => exists(row.difference));
    chart.leaveOut(rows.length - drawn.length);
    if (drawn.length === 0) return;
    const layout = forestLayout(chart.width, drawn);
    const panels = forestPanels(drawn);
    const root = chart.root(24 + drawn.length * layout.step + panels.length * 58);
    if (drawn.some(row => exists(row.effect_size)))
        root.append(label(chart.width - 6, 14, word("column_effect"), { "text-anchor": "end", class: "soft" }));
    let top = 24;
    for (const [unit, own] of panels) top = forestPanel(chart, root, own, unit, layout, top) + 58;
}

const COMPARE_COLUMNS = [
    "observation",
    "label",
    "unit",
    "period",
    "first_tick",
    "last_tick",
    "n",
    "mean_a",
    "mean_b",
    "difference",
    "low",
    "high",
    "bootstrap_low",
    "bootstrap_high",
    "effect_size",
    "superiority",
    "p",
    "p_holm",
    "ratio",
    "trend_a",
    "trend_b"
];

function sidesLegend(pair) {
    const signs = pairSigns(pair);
    return pairTitles(pair).map((title, i) => legendEntry(shapeSwatch(signs[i]), word(i === 0 ? "side_a" : "side_b", { title })));
}

function forestFigure(list) {
    const chosen = state => list[state.comparison || 0];
    return figure({
        id: "forest",
        title: word("forest_title"),
        reading: word("forest_reading"),
        choices: comparisonChoice(list),
        legend: state => sidesLegend(chosen(state)),
        draw: (chart, state) => drawForest(chart, mainRows(chosen(state))),
        table: state => rowsTable(COMPARE_COLUMNS, mainRows(chosen(state)))
    });
}

function fullComparison(comparison) {
    const number = (title, name, text) => ({ title, number: true, key: row => row[name], text: text || (row => short(row[name])) });
    const columns = [
        {
            title: columnTitle("observation"),
            key: row => fullTitle(row.observation, row.label),
            text: row => fullTitle(row.observation, row.label)
        },
        { title: columnTitle("unit"), key: row => row.unit, text: row => unitTitle(row.unit) },
        { title: columnTitle("period"), key: row => row.period, text: periodTitle },
        number(columnTitle("mean_a"), "mean_a"),
        number(columnTitle("mean_b"), "mean_b"),
        number(columnTitle("difference"), "difference", row => withInterval(differenceOf(row))),
        number(columnTitle("effect_size"), "effect_size", row => fixed(row.effect_size, 2)),
        number(columnTitle("superiority"), "superiority", row => fixed(row.superiority, 2)),
        number(columnTitle("p_holm"), "p_holm", row => probability(row.p_holm))
    ];
    const save = () =>
        download(fileStem() + "-compare.csv", csvText(rowsTable(COMPARE_COLUMNS, comparison.rows)), "text/csv;charset=utf-8");
    return element(
        "details",
        { class: "full expand" },
        element("summary", null, word("full_table", { n: comparison.rows.length, title: comparisonTitle(comparison) })),
        element("p", { class: "soft" }, word("full_table_reading")),
        element(
            "button",
            { type: "button", class: "csv", click: save, "aria-label": word("csv_of", { title: comparisonTitle(comparison) }) },
            "CSV"
        ),
        sortableTable(columns, comparison.rows, comparisonTitle(comparison))
    );
}

function comparisonInWords(comparison) {
    const [a, b] = pairTitles(comparison);
    const rows = mainRows(comparison);
    return [
        element("p", null, word("compare_intro", { a, b, n: comparison.pairs, period: rows.length > 0 ? periodTitle(rows[0]) : "" })),
        leftOutNote(comparison),
        element(
            "ul",
            { class: "headline" },
            rows.map(row =>
                element(
                    "li",
                    null,
                    differenceInWords(row),
                    exists(row.effect_size) ? element("span", { class: "soft" }, word("in_brackets", { text: effectText(row) })) : null
                )
            )
        )
    ];
}

function differencesSection() {
    const list = COMPARISONS;
    if (list.length === 0) return null;
    return [
        comparisonInWords(list[0]),
        forestFigure(list),
        list
            .slice(1)
            .map(comparison =>
                element(
                    "details",
                    { class: "expand" },
                    element("summary", null, comparisonTitle(comparison)),
                    comparisonInWords(comparison)
                )
            ),
        list.map(fullComparison),
        distributionFigure(list)
    ];
}
