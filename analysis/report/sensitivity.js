"use strict";
/* sensitivity.js - which parameters an outcome depends on: Morris' elementary effects, Sobol' indices, or PAWN.
 */

/* What each method gives for a factor: the first measure orders the bars. */
const MEASURES = { morris: ["mu_star"], sobol: ["total", "first"], pawn: ["pawn"] };
const BAR_LOOKS = [
    { fill: "#56b4e9", stroke: "#1a1a1a" },
    { fill: "#fff", stroke: "#1a1a1a" }
];

function measureTitle(name) {
    return word("measure_" + name);
}

function measureSwatch(i) {
    return svg(
        "svg",
        { class: "swatch", width: 20, height: 14, "aria-hidden": "true" },
        svg("rect", { x: 1, y: 2, width: 18, height: 10, ...BAR_LOOKS[i] })
    );
}

function ordered(outcome, measure) {
    const value = factor => (factor[measure] && exists(factor[measure].value) ? factor[measure].value : -Infinity);
    return [...outcome.factors].sort((a, b) => value(b) - value(a));
}

function measureBar(chart, factor, measure, i, scale, y) {
    const interval = factor[measure];
    if (!interval || !exists(interval.value)) {
        chart.leaveOut();
        return null;
    }
    const told = () => word("with_label", { title: factor.name, label: measureTitle(measure) }) + word("colon") + withInterval(interval);
    const [from, to] = [scale(0), scale(interval.value)].sort((a, b) => a - b);
    return chart.mark(
        told,
        { x: 1, y: y - 8, width: chart.width - 2, height: 16 },
        svg("rect", { x: from, y: y - 5, width: Math.max(1, to - from), height: 10, "stroke-width": 1.5, ...BAR_LOOKS[i] }),
        whisker(interval, scale, y, { stroke: "#1a1a1a", "stroke-width": 1.5 })
    );
}

/* Names stand above their bars on a narrow page, for those of parameters are long. */
function drawMeasures(chart, outcome, measures, axis) {
    const factors = ordered(outcome, measures[0]);
    const narrow = chart.width < 560;
    const left = narrow ? 10 : Math.min(chart.width * 0.4, 14 + Math.max(...factors.map(factor => textWidth(factor.name))));
    const step = (narrow ? 20 : 8) + measures.length * 17;
    const bottom = 8 + factors.length * step;
    const values = factors.flatMap(factor =>
        measures.flatMap(name => (factor[name] ? [factor[name].value, factor[name].low, factor[name].high] : []))
    );
    const dummies = factors.map(factor => factor.dummy).filter(exists);
    const scale = linearScale(extent([0, ...values, ...dummies]), [left, chart.width - 16], narrow ? 4 : 6);
    const root = chart.root(bottom + 42);
    root.append(bottomAxis(scale, 8, bottom, axis));
    factors.forEach((factor, f) => {
        const top = 8 + f * step + (narrow ? 18 : 4);
        root.append(
            narrow
                ? fittedLabel(10, top - 4, factor.name, chart.width - 20)
                : fittedLabel(4, top + (step - 8) / 2 + 4, factor.name, left - 10)
        );
        measures.forEach((name, i) => addChildren(root, [measureBar(chart, factor, name, i, scale, top + 8 + i * 17)]));
    });
    if (dummies.length > 0)
        root.append(
            line(scale(Math.max(...dummies)), 8, scale(Math.max(...dummies)), bottom, {
                stroke: "#1a1a1a",
                "stroke-width": 1.5,
                "stroke-dasharray": "6 4"
            })
        );
}

/* A name beside its point where it hides no other; the others tell theirs to pointer and keyboard. */
function placeLabel(taken, x, y, text, { left, right, bottom }) {
    const width = textWidth(text);
    for (const [dx, dy] of [
        [9, 0],
        [-9 - width, 0],
        [-width / 2, -14],
        [-width / 2, 15],
        [9, -13],
        [9, 14]
    ]) {
        const box = { left: x + dx, right: x + dx + width, top: y + dy - 6, bottom: y + dy + 6 };
        const free =
            box.right < right &&
            box.left > left &&
            box.bottom < bottom &&
            taken.every(other => box.left > other.right || box.right < other.left || box.top > other.bottom || box.bottom < other.top);
        if (free) {
            taken.push(box);
            return label(x + dx, y + dy + 4, text);
        }
    }
    return null;
}

function drawMorris(chart, outcome) {
    const factors = ordered(outcome, "mu_star").filter(
        ({ mu_star, sigma }) => mu_star && sigma && exists(mu_star.value) && exists(sigma.value)
    );
    chart.leaveOut(outcome.factors.length - factors.length);
    if (factors.length === 0) return;
    const both = name => [0, ...factors.flatMap(factor => [factor[name].value, factor[name].low, factor[name].high])];
    const { root, x, y, left } = scatterFrame(chart, both("mu_star"), both("sigma"), measureTitle("mu_star"), measureTitle("sigma"), 360);
    const taken = factors.map(({ mu_star, sigma }) => ({
        left: x(mu_star.value) - 6,
        right: x(mu_star.value) + 6,
        top: y(sigma.value) - 6,
        bottom: y(sigma.value) + 6
    }));
    for (const factor of factors) {
        const { mu_star, sigma } = factor;
        const at = [x(mu_star.value), y(sigma.value)];
        const told = () =>
            factor.name +
            word("colon") +
            ["mu_star", "sigma", "mu"].map(name => word("measure_short_" + name) + " " + withInterval(factor[name])).join(word("comma"));
        root.append(
            chart.mark(
                told,
                { x: at[0] - 9, y: at[1] - 9, width: 18, height: 18 },
                whisker(mu_star, x, at[1], { stroke: "#8a8a8a", "stroke-width": 1 }),
                uprightWhisker(sigma, y, at[0], { stroke: "#8a8a8a", "stroke-width": 1 }),
                svg("circle", { cx: at[0], cy: at[1], r: 4.5, fill: "#56b4e9", stroke: "#1a1a1a", "stroke-width": 1.4 }),
                placeLabel(taken, at[0], at[1], factor.name, { left, right: chart.width, bottom: y.range[0] })
            )
        );
    }
}

function sensitivityTable(entry, outcome) {
    const names = { morris: ["mu", "mu_star", "sigma"], sobol: ["first", "total"], pawn: ["pawn", "pawn_max"] }[entry.method] || [];
    const columns = [
        "scenario",
        "observation",
        "label",
        "unit",
        "factor",
        ...names.flatMap(name => [name, name + "_low", name + "_high"]),
        ...(entry.method === "pawn" ? ["dummy"] : [])
    ];
    return {
        columns,
        rows: outcome.factors.map(factor => [
            entry.scenario,
            outcome.observation,
            outcome.label,
            outcome.unit,
            factor.name,
            ...names.flatMap(name => triple(factor[name])),
            ...(entry.method === "pawn" ? [factor.dummy] : [])
        ])
    };
}

function noiseText(outcome) {
    return exists(outcome.noise_share) ? element("li", null, word("noise_text", { share: fixed(outcome.noise_share * 100, 0) })) : null;
}

function pointsLeftOut(outcome) {
    return outcome.left_out > 0 ? element("li", null, word("points_left_out", { n: outcome.left_out })) : null;
}

function measureAxis(entry, outcome) {
    return entry.method === "morris" ? withUnit(measureTitle("mu_star"), outcome.unit) : word("axis_" + entry.method);
}

function measuresFigure(entry, number) {
    const measures = MEASURES[entry.method];
    const chosen = state => entry.outcomes[state.outcome];
    return figure({
        id: "sensitivity-" + number,
        title: word("sensitivity_title_" + entry.method, { title: sideTitle(entry) }),
        reading: word("sensitivity_reading_" + entry.method),
        choices: [{ name: "outcome", label: word("choice_observation"), options: entry.outcomes.map(outcomeTitle) }],
        legend: state => [
            measures.length > 1 ? measures.map((name, i) => legendEntry(measureSwatch(i), measureTitle(name))) : null,
            noiseText(chosen(state)),
            pointsLeftOut(chosen(state))
        ],
        draw: (chart, state) => drawMeasures(chart, chosen(state), measures, measureAxis(entry, chosen(state))),
        table: state => sensitivityTable(entry, chosen(state))
    });
}

function morrisFigure(entry, number) {
    return figure({
        id: "morris-" + number,
        title: word("morris_title", { title: sideTitle(entry) }),
        reading: word("morris_reading"),
        choices: [{ name: "outcome", label: word("choice_observation"), options: entry.outcomes.map(outcomeTitle) }],
        draw: (chart, state) => drawMorris(chart, entry.outcomes[state.outcome]),
        table: state => sensitivityTable(entry, entry.outcomes[state.outcome])
    });
}

function secondOrderFigure(entry, number) {
    const outcomes = entry.outcomes.filter(outcome => (outcome.second || []).length > 0);
    if (outcomes.length === 0) return null;
    return figure({
        id: "second-order-" + number,
        title: word("second_order_title", { title: sideTitle(entry) }),
        reading: word("second_order_reading"),
        choices: [{ name: "outcome", label: word("choice_observation"), options: outcomes.map(outcomeTitle) }],
        draw: (chart, state) => {
            const names = outcomes[state.outcome].factors.map(factor => factor.name);
            drawHeatMap(chart, names, names, outcomes[state.outcome].second);
        },
        table: state => rowsTable(["first", "second", "value", "low", "high"], outcomes[state.outcome].second)
    });
}

function sensitivitySection() {
    const entries = (DATA.sensitivity || []).filter(entry => entry.method in MEASURES && (entry.outcomes || []).length > 0);
    if (entries.length === 0) return null;
    return entries.map((entry, i) => [
        element(
            "p",
            null,
            word("sensitivity_intro_" + entry.method, {
                title: sideTitle(entry),
                n: entry.factors.length,
                points: fixed(entry.points, 0),
                replicates: entry.replicates
            })
        ),
        leftOutNote(entry),
        measuresFigure(entry, i + 1),
        entry.method === "morris" ? morrisFigure(entry, i + 1) : null,
        secondOrderFigure(entry, i + 1)
    ]);
}
