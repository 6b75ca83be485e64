"use strict";
/* frontier.js - mixes of reforms: what each costs and brings, and which no other beats in everything.
 */

/* The number of the objective that is the cost; -1: none. */
function costObjective({ objectives, cost }) {
    const same = (a, b) => ["observation", "label", "period"].every(name => (a[name] || null) === (b[name] || null));
    return cost ? objectives.findIndex(objective => same(objective, cost)) : -1;
}

/* What an axis may show: the cost first, then what it buys, and how surely a mix is on the front. */
function frontierAxes(frontier) {
    const objectives = frontier.objectives.map((objective, i) => ({
        key: "objective_" + (i + 1),
        title: word("axis_objective", {
            title: withUnit(fullTitle(objective.observation, objective.label), objective.unit),
            sense: word("sense_" + objective.sense)
        }),
        of: point => point.objectives[i]
    }));
    const cost = frontier.cost
        ? [
              {
                  key: "cost",
                  title: word("axis_objective", {
                      title: withUnit(costTitle(frontier.cost), frontier.cost.unit),
                      sense: word("sense_minimise")
                  }),
                  of: point => point.cost
              }
          ]
        : [];
    const sure = {
        key: "probability_on_front",
        title: word("axis_probability"),
        of: point => ({ value: point.probability_on_front, low: null, high: null })
    };
    return [...cost, ...objectives.filter((axis, i) => i !== costObjective(frontier)), sure];
}

function costTitle(cost) {
    return cost.observation ? fullTitle(cost.observation, cost.label) : word("cost");
}

function pointTold(point, axes) {
    const state =
        word(point.on_front ? "on_front" : "off_front") + (point.within_budget === false ? word("comma") + word("over_budget") : "");
    const values = axes
        .filter(axis => axis.of(point) && exists(axis.of(point).value))
        .map(axis => axis.title + " " + withInterval(axis.of(point)));
    return [sideTitle(point) + word("colon") + state, settingsText(point.values), values.join(word("semicolon"))].filter(Boolean).join("\n");
}

/* On the front: a full diamond; beaten: a hollow circle; beyond the budget: a cross. */
function pointSign(point, x, y) {
    if (point.within_budget === false)
        return svg("path", { d: "M" + (x - 4) + " " + (y - 4) + "l8 8m-8 0l8 -8", stroke: "#595959", "stroke-width": 1.6, fill: "none" });
    return point.on_front
        ? svg("path", { d: "M" + x + " " + (y - 7) + "l7 7l-7 7l-7 -7z", fill: "#009e73", stroke: "#1a1a1a" })
        : svg("circle", { cx: x, cy: y, r: 4, fill: "#fff", stroke: "#595959", "stroke-width": 1.5 });
}

function pointSwatch(point) {
    return svg("svg", { class: "swatch", width: 16, height: 14, "aria-hidden": "true" }, pointSign(point, 8, 7));
}

/* A line through the front says something only if nothing else is asked for than these two axes. */
function frontLine(frontier, axes, points, x, y) {
    if (frontierAxes(frontier).length !== 3 || axes.some(axis => axis.key === "probability_on_front")) return null;
    const front = points
        .filter(point => point.on_front)
        .map(point => axes.map(axis => axis.of(point).value))
        .sort((a, b) => a[0] - b[0]);
    return svg("polyline", {
        points: front.map(([u, v]) => x(u) + "," + y(v)).join(" "),
        fill: "none",
        stroke: "#009e73",
        "stroke-width": 1.5,
        "stroke-dasharray": "5 3"
    });
}

/* Where the money ends, if money is on the axis along the bottom. */
function budgetLine(frontier, axis, x, chart) {
    const at = x(frontier.budget);
    if (axis.key !== "cost" || !exists(frontier.budget) || at < x.range[0] || at > x.range[1]) return null;
    const bottom = (chart.width < 560 ? 340 : 420) - 46;
    return svg(
        "g",
        null,
        line(at, 28, at, bottom, { stroke: "#1a1a1a", "stroke-width": 1.5, "stroke-dasharray": "2 3" }),
        label(at - 5, 40, word("budget_line"), { "text-anchor": "end", class: "soft" })
    );
}

/* The part of an interval that the plot shows: it makes room only for those on the front. */
function within(interval, scale) {
    return hasInterval(interval) ? { low: Math.max(interval.low, scale.domain[0]), high: Math.min(interval.high, scale.domain[1]) } : null;
}

function drawFrontier(chart, frontier, axes, all) {
    const there = point => axes.every(axis => axis.of(point) && exists(axis.of(point).value));
    const points = frontier.points.filter(there);
    chart.leaveOut(frontier.points.length - points.length);
    if (points.length === 0) return;
    const values = axis =>
        points.flatMap(point => [axis.of(point).value, ...(point.on_front ? [axis.of(point).low, axis.of(point).high] : [])]);
    const { root, x, y } = scatterFrame(
        chart,
        values(axes[0]),
        values(axes[1]),
        axes[0].title,
        axes[1].title,
        chart.width < 560 ? 340 : 420
    );
    addChildren(root, [budgetLine(frontier, axes[0], x, chart), frontLine(frontier, axes, points, x, y)]);
    const order = [...points].sort((a, b) => axes[0].of(a).value - axes[0].of(b).value);
    for (const point of order) {
        const at = [x(axes[0].of(point).value), y(axes[1].of(point).value)];
        const ink = { stroke: "#006b4f", "stroke-width": 1, class: point.on_front ? null : "spread" };
        root.append(
            chart.mark(
                () => pointTold(point, all),
                { x: at[0] - 8, y: at[1] - 8, width: 16, height: 16 },
                whisker(within(axes[0].of(point), x), x, at[1], ink),
                uprightWhisker(within(axes[1].of(point), y), y, at[0], ink),
                pointSign(point, ...at)
            )
        );
    }
}

function frontierTable(frontier, axes) {
    const parameters = [...new Set(frontier.points.flatMap(point => Object.keys(point.values || {})))];
    const measures = axes.filter(axis => axis.key !== "probability_on_front");
    const columns = [
        "design",
        "scenario",
        ...parameters,
        "n",
        ...measures.flatMap(({ key }) => [key, key + "_low", key + "_high"]),
        "on_front",
        "probability_on_front",
        "within_budget"
    ];
    return {
        columns,
        rows: frontier.points.map(point => [
            point.design,
            point.scenario,
            ...parameters.map(name => (point.values || {})[name]),
            point.n,
            ...measures.flatMap(axis => triple(axis.of(point))),
            point.on_front,
            point.probability_on_front,
            point.within_budget
        ])
    };
}

function frontierLegend(frontier) {
    const entry = (point, key) => legendEntry(pointSwatch(point), word(key));
    return [
        entry({ on_front: true }, "on_front"),
        entry({ on_front: false }, "off_front"),
        frontier.points.some(point => point.within_budget === false) ? entry({ within_budget: false }, "over_budget") : null
    ];
}

/* The mixes on the front, the surest first. */
function frontList(frontier) {
    const front = frontier.points
        .filter(point => point.on_front)
        .sort((a, b) => (b.probability_on_front || 0) - (a.probability_on_front || 0));
    return element(
        "details",
        { class: "expand" },
        element("summary", null, word("front_list", { n: front.length })),
        element(
            "ul",
            null,
            front
                .slice(0, 50)
                .map(point =>
                    element(
                        "li",
                        null,
                        sideTitle(point),
                        " ",
                        element("code", null, settingsText(point.values)),
                        " ",
                        exists(point.probability_on_front)
                            ? word("in_brackets", { text: word("probability_text", { p: fixed(point.probability_on_front, 2) }) })
                            : ""
                    )
                )
        )
    );
}

function frontierIntro(frontier) {
    const intro = word("frontier_intro", { n: frontier.points.length, front: frontier.points.filter(point => point.on_front).length });
    if (!exists(frontier.budget)) return intro;
    const unit = frontier.cost ? frontier.cost.unit : null;
    return sentences(intro, word("budget_text", { budget: withUnit(short(frontier.budget), unit) }));
}

function frontierSection() {
    const frontier = DATA.frontier;
    if (!frontier || (frontier.points || []).length === 0) return null;
    const axes = frontierAxes(frontier);
    const options = axes.map(axis => axis.title);
    const chosen = state => [axes[state.x], axes[state.y]];
    return [
        element("p", null, frontierIntro(frontier)),
        leftOutNote(frontier),
        figure({
            id: "front",
            title: word("frontier_title"),
            reading: word("frontier_reading"),
            choices: [
                { name: "x", label: word("choice_x"), options },
                { name: "y", label: word("choice_y"), options, first: 1 }
            ],
            legend: () => frontierLegend(frontier),
            draw: (chart, state) => drawFrontier(chart, frontier, chosen(state), axes),
            table: () => frontierTable(frontier, axes)
        }),
        frontList(frontier)
    ];
}
