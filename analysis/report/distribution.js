"use strict";
/* distribution.js - how communities differ among themselves: five quantiles and inequality, on both sides.
 */

const SHARES = [5, 25, 50, 75, 95];

function quantileText(side, title) {
    const list = SHARES.map((share, i) => share + " %: " + short(side.quantiles[i])).join(", ");
    const gini = side.gini && exists(side.gini.value) ? word("semicolon") + word("gini_text", { gini: withInterval(side.gini) }) : "";
    return word("with_label", { title, label: list }) + gini;
}

/* A line from 5 to 95 %, a box from 25 to 75 %, a stroke at the median, the side's sign at its end. */
function quantileBox(chart, side, scale, y, index, text) {
    const at = side.quantiles.map(q => scale(q));
    return chart.mark(
        text,
        { x: 1, y: y - 20, width: chart.width - 2, height: 40 },
        line(at[0], y, at[4], y, { stroke: colour(index), "stroke-width": 2, "stroke-dasharray": DASHES[index % 8].join(" ") || null }),
        svg("rect", {
            x: at[1],
            y: y - 9,
            width: Math.max(1, at[3] - at[1]),
            height: 18,
            fill: "#fff",
            stroke: colour(index),
            "stroke-width": 2
        }),
        svg("rect", { x: at[1], y: y - 9, width: Math.max(1, at[3] - at[1]), height: 18, fill: tint(index, 0.25) }),
        line(at[2], y - 9, at[2], y + 9, { stroke: colour(index), "stroke-width": 3 }),
        shape(index, 12, y)
    );
}

function drawDistribution(chart, comparison, row) {
    const [title_a, title_b] = pairTitles(comparison);
    const [sign_a, sign_b] = pairSigns(comparison);
    const sides = (
        row
            ? [
                  [title_a, sign_a, row.a],
                  [title_b, sign_b, row.b]
              ]
            : []
    ).filter(([, , side]) => side && (side.quantiles || []).every(exists) && side.quantiles.length === 5);
    chart.leaveOut(2 - sides.length);
    if (sides.length === 0) return;
    const bottom = 16 + sides.length * 46;
    const root = chart.root(bottom + 42);
    const scale = linearScale(extent(sides.flatMap(([, , side]) => side.quantiles)), [34, chart.width - 16], chart.width < 560 ? 4 : 7);
    root.append(bottomAxis(scale, 4, bottom, withUnit(fullTitle(row.observation, row.label), row.unit)));
    sides.forEach(([title, sign, values], i) =>
        root.append(quantileBox(chart, values, scale, 30 + i * 46, sign, () => quantileText(values, title)))
    );
}

const DISTRIBUTION_COLUMNS = [
    "observation",
    "label",
    "unit",
    "place",
    "period",
    "scenario",
    "design",
    "n_places",
    "q5",
    "q25",
    "q50",
    "q75",
    "q95",
    "gini",
    "gini_low",
    "gini_high",
    "p90_p10"
];

function distributionRow(row, side, values) {
    const gini = values.gini || {};
    return [
        row.observation,
        row.label,
        row.unit,
        row.place,
        row.period,
        side.scenario,
        side.design,
        values.n_places,
        ...(values.quantiles || [null, null, null, null, null]),
        gini.value,
        gini.low,
        gini.high,
        values.p90_p10
    ];
}

function distributionFigure(list) {
    const { n, choices, chosen } = comparisonOutcomes(list, "distribution");
    if (n === 0) return null;
    return figure({
        id: "distribution",
        title: word("distribution_title"),
        reading: word("distribution_reading"),
        choices,
        legend: state => [sidesLegend(chosen(state).comparison), placesCount(chosen(state).row), giniDifference(chosen(state).row)],
        draw: (chart, state) => drawDistribution(chart, chosen(state).comparison, chosen(state).row),
        table: state => {
            const { comparison } = chosen(state);
            return {
                columns: DISTRIBUTION_COLUMNS,
                rows: (comparison.distribution || []).flatMap(row => [
                    distributionRow(row, comparison.a, row.a || {}),
                    distributionRow(row, comparison.b, row.b || {})
                ])
            };
        }
    });
}

/* Percentiles of few places say little: the reader sees how many there are. */
function placesCount(row) {
    return row ? element("li", null, word("places_text", { place: placeName(row.place), n: row.a.n_places })) : null;
}

function giniDifference(row) {
    return row && row.gini_difference && exists(row.gini_difference.value)
        ? element("li", null, word("gini_difference_text", { difference: withInterval(row.gini_difference) }))
        : null;
}
