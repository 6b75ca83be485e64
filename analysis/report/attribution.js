"use strict";
/* attribution.js - which groups of parameters make the difference: a waterfall from A to B of Shapley values, the
 * one-in and one-out effects in a table, and the interactions of pairs.
 */

function waterfallSteps(outcome) {
    let at = outcome.value_a;
    return outcome.groups.map(group => {
        const from = at;
        at += group.shapley && exists(group.shapley.value) ? group.shapley.value : 0;
        return { group, from, to: at };
    });
}

function waterfallBar(chart, outcome, { group, from, to }, scale, y) {
    const { low, high } = group.shapley;
    const rise = to >= from;
    const ink = rise ? COLOURS[2] : COLOURS[3];
    const [x, end] = [Math.min(scale(from), scale(to)), Math.max(scale(from), scale(to))];
    const told = () =>
        word("waterfall_text", {
            group: groupName(group.name),
            value: withUnit(withInterval(group.shapley), outcome.unit),
            one_in: withInterval(group.one_in),
            one_out: withInterval(group.one_out)
        });
    return chart.mark(
        told,
        { x: 1, y: y - 14, width: chart.width - 2, height: 28 },
        svg("rect", { x, y: y - 9, width: Math.max(1, end - x), height: 18, fill: rise ? ink : "#fff", stroke: ink, "stroke-width": 1.5 }),
        exists(low) && exists(high) ? line(scale(from + low), y, scale(from + high), y, { stroke: "#1a1a1a", "stroke-width": 1.5 }) : null,
        label(scale.sign_x, y + 4, rise ? "+" : "−", { "text-anchor": "middle" })
    );
}

function waterfallEnd(chart, text, value, index, scale, y, unit) {
    return chart.mark(
        () => text + word("colon") + withUnit(short(value), unit),
        { x: 1, y: y - 14, width: chart.width - 2, height: 28 },
        line(scale(value), y - 12, scale(value), y + 12, { stroke: colour(index), "stroke-width": 2 }),
        shape(index, scale(value), y, 6)
    );
}

function drawWaterfall(chart, attribution, outcome) {
    if (!exists(outcome.value_a) || !exists(outcome.value_b)) {
        chart.leaveOut();
        return;
    }
    const drawn = { ...outcome, groups: outcome.groups.filter(({ shapley }) => shapley && exists(shapley.value)) };
    chart.leaveOut(outcome.groups.length - drawn.groups.length);
    const steps = waterfallSteps(drawn);
    const ends = pairTitles(attribution).map((title, i) => word(i === 0 ? "side_a" : "side_b", { title }));
    const signs = pairSigns(attribution);
    const names = [ends[0], ...steps.map(({ group }) => groupName(group.name)), ends[1]];
    const left = Math.min(chart.width * 0.38, 30 + Math.max(...names.map(textWidth)));
    const bottom = 6 + names.length * 32;
    const root = chart.root(bottom + 42);
    const values = steps.flatMap(({ group, from, to }) => [from, to, from + group.shapley.low, from + group.shapley.high]);
    const scale = linearScale(
        extent([outcome.value_a, outcome.value_b, ...values]),
        [left + 18, chart.width - 16],
        chart.width < 560 ? 4 : 6
    );
    scale.sign_x = left + 6;
    const row = i => 22 + i * 32;
    root.append(bottomAxis(scale, 6, bottom, withUnit(fullTitle(outcome.observation, outcome.label), outcome.unit)));
    names.forEach((name, i) => root.append(fittedLabel(4, row(i) + 4, name, left - 10)));
    root.append(waterfallEnd(chart, ends[0], outcome.value_a, signs[0], scale, row(0), outcome.unit));
    steps.forEach((step, i) =>
        root.append(
            line(scale(step.from), row(i) + 9, scale(step.from), row(i + 1) - 9, { stroke: "#8a8a8a", "stroke-dasharray": "2 2" }),
            waterfallBar(chart, outcome, step, scale, row(i + 1))
        )
    );
    root.append(waterfallEnd(chart, ends[1], outcome.value_b, signs[1], scale, row(names.length - 1), outcome.unit));
}

function attributionRows(outcome) {
    const columns = [
        "observation",
        "label",
        "unit",
        "group",
        "shapley",
        "shapley_low",
        "shapley_high",
        "one_in",
        "one_in_low",
        "one_in_high",
        "one_out",
        "one_out_low",
        "one_out_high"
    ];
    return {
        columns,
        rows: outcome.groups.map(group => [
            outcome.observation,
            outcome.label,
            outcome.unit,
            group.name,
            ...triple(group.shapley),
            ...triple(group.one_in),
            ...triple(group.one_out)
        ])
    };
}

/* What a group adds on average, alone and as the last. */
function shareTable(outcome) {
    const column = name => ({
        title: word("share_" + name),
        number: true,
        key: group => (group[name] ? group[name].value : null),
        text: group => withInterval(group[name])
    });
    const name = { title: columnTitle("group"), key: group => groupName(group.name), text: group => groupName(group.name) };
    return sortableTable([name, column("shapley"), column("one_in"), column("one_out")], outcome.groups, word("waterfall_title"));
}

function waterfallFigure(attribution) {
    const chosen = state => attribution.outcomes[state.outcome];
    return figure({
        id: "waterfall",
        title: word("waterfall_title"),
        reading: word("waterfall_reading"),
        choices: [{ name: "outcome", label: word("choice_observation"), options: attribution.outcomes.map(outcomeTitle) }],
        legend: state => [
            sidesLegend(attribution),
            element("li", null, word("total_text", { total: withUnit(withInterval(chosen(state).total), chosen(state).unit) }))
        ],
        draw: (chart, state) => drawWaterfall(chart, attribution, chosen(state)),
        below: state => shareTable(chosen(state)),
        table: state => attributionRows(chosen(state))
    });
}

function interactionFigure(attribution) {
    const outcomes = attribution.outcomes.filter(outcome => (outcome.interactions || []).length > 0);
    if (outcomes.length === 0) return null;
    const names = attribution.groups.map(group => group.name);
    const columns = ["first", "second", "value", "low", "high"];
    return figure({
        id: "interactions",
        title: word("interactions_title"),
        reading: word("interactions_reading"),
        choices: [{ name: "outcome", label: word("choice_observation"), options: outcomes.map(outcomeTitle) }],
        draw: (chart, state) => drawHeatMap(chart, names, names.map(groupName), outcomes[state.outcome].interactions),
        table: state => rowsTable(columns, outcomes[state.outcome].interactions)
    });
}

function groupParameters(attribution) {
    return element(
        "details",
        null,
        element("summary", null, word("group_parameters")),
        element(
            "dl",
            { class: "facts" },
            attribution.groups.map(group => [
                element("dt", null, groupName(group.name)),
                element(
                    "dd",
                    null,
                    element(
                        "ul",
                        null,
                        group.parameters.map(parameter =>
                            element(
                                "li",
                                null,
                                element("code", null, parameter.name),
                                " ",
                                word("from_a_to_b", { a: settingText(parameter.a), b: settingText(parameter.b) })
                            )
                        )
                    )
                )
            ])
        )
    );
}

function attributionSection() {
    const attribution = DATA.attribution;
    if (!attribution || (attribution.outcomes || []).length === 0) return null;
    const [a, b] = pairTitles(attribution);
    const method =
        attribution.method === "permutations"
            ? word("method_permutations", { n: attribution.orders })
            : word("method_exact", { n: attribution.points });
    return [
        element(
            "p",
            null,
            sentences(
                word("attribution_intro", {
                    a,
                    b,
                    n: attribution.groups.length,
                    replicates: attribution.replicates
                }),
                method
            )
        ),
        leftOutNote(attribution),
        waterfallFigure(attribution),
        interactionFigure(attribution),
        groupParameters(attribution)
    ];
}
