"use strict";
/* curves.js - months on a canvas, by uPlot: fans of each scenario, and the difference of two with its interval.
 */

const CURVE_FONT = '12px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';
const FAN_LINES = ["low80", "high80", "low50", "high50", "median"];

/* Grey behind the months that means leave out. */
function shadeBurnIn(plot) {
    if (!(DATA.burn_in > 0)) return;
    const { left, top, width, height } = plot.bbox;
    const end = Math.min(left + width, plot.valToPos(DATA.burn_in, "x", true));
    if (end <= left) return;
    plot.ctx.save();
    plot.ctx.fillStyle = "#ececec";
    plot.ctx.fillRect(left, top, end - left, height);
    plot.ctx.fillStyle = "#595959";
    plot.ctx.font = 11 * devicePixelRatio + "px sans-serif";
    plot.ctx.textAlign = "left";
    plot.ctx.textBaseline = "top";
    if (plot.ctx.measureText(word("burn_in_short")).width < end - left - 8) plot.ctx.fillText(word("burn_in_short"), left + 5, top + 4);
    plot.ctx.restore();
}

function zeroLine(plot) {
    const y = plot.valToPos(0, "y", true);
    const { left, top, width, height } = plot.bbox;
    if (y < top || y > top + height) return;
    plot.ctx.save();
    plot.ctx.strokeStyle = "#4d4d4d";
    plot.ctx.beginPath();
    plot.ctx.moveTo(left, y);
    plot.ctx.lineTo(left + width, y);
    plot.ctx.stroke();
    plot.ctx.restore();
}

function curveAxes(unit) {
    const common = {
        stroke: "#1a1a1a",
        font: CURVE_FONT,
        labelFont: CURVE_FONT,
        grid: { stroke: "#e6e6e6", width: 1 },
        ticks: { stroke: "#8a8a8a", width: 1, size: 5 }
    };
    return [
        {
            ...common,
            label: word("axis_month"),
            labelSize: 22,
            size: 34,
            values: (plot, ticks) => ticks.map(tick => (Number.isInteger(tick) ? String(tick) : ""))
        },
        {
            ...common,
            label: unit,
            labelSize: 22,
            size: (plot, texts) => 14 + Math.max(20, ...(texts || []).map(textWidth)),
            values: (plot, ticks) => tickTexts(ticks)
        }
    ];
}

/* columns: one list for each line; lines and bands as uPlot wants them; told(i) says month i. */
function drawCurves(chart, { tick, columns, lines, bands, unit, told, zero }) {
    const extremes = extent([zero ? 0 : NaN, ...columns.flat()]);
    const plot = new uPlot(
        {
            width: chart.width,
            height: chart.width < 560 ? 260 : 340,
            legend: { show: false },
            cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
            scales: { x: { time: false }, y: { range: extremes } },
            axes: curveAxes(unit),
            series: [{}, ...lines],
            bands,
            hooks: {
                drawClear: [shadeBurnIn],
                drawAxes: zero ? [zeroLine] : [],
                setCursor: [
                    shown => {
                        if (exists(shown.cursor.idx)) chart.tell(shown.cursor.idx);
                    }
                ]
            }
        },
        [tick, ...columns],
        chart.box
    );
    tick.forEach((month, i) => {
        if (columns.some(column => exists(column[i])))
            chart.virtualMark(
                () => told(i),
                () => plot.setCursor({ left: plot.valToPos(month, "x"), top: 10 })
            );
        else
            chart.virtualMark(
                () => word("month_none", { month }),
                () => {}
            );
    });
    chart.leaveOut(columns.flat().filter(value => !exists(value)).length);
}

/* Lines of a fan: the bands' edges are not drawn, the median is. */
function fanLines(group) {
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    return [edge, edge, edge, edge, { stroke: colour(group), width: 2, dash: DASHES[group % 8], points: { show: false } }];
}

function fanBands(group, first) {
    return [
        { series: [first + 1, first], fill: tint(group, 0.16) },
        { series: [first + 3, first + 2], fill: tint(group, 0.26) }
    ];
}

/* The data has lines as texts; only those that are looked at become numbers. */
function unpackedFans(outcome) {
    const lines = series => FAN_LINES.map(name => [name, unpacked(series[name], series.decimals)]);
    return outcome.series.map(series => ({ ...series, ...Object.fromEntries(lines(series)) }));
}

function drawFan(chart, fans, outcome, hidden) {
    const shown = unpackedFans(outcome).filter(series => !hidden.has(series.group));
    const told = i =>
        word("month_text", { month: fans.tick[i] }) +
        shown
            .map(series =>
                exists(series.median[i])
                    ? "\n" +
                      word("fan_text", {
                          title: sideTitle(DATA.fan_groups[series.group]),
                          median: short(series.median[i]),
                          low80: short(series.low80[i]),
                          high80: short(series.high80[i]),
                          low50: short(series.low50[i]),
                          high50: short(series.high50[i])
                      })
                    : ""
            )
            .join("");
    drawCurves(chart, {
        tick: fans.tick,
        columns: shown.flatMap(series => FAN_LINES.map(name => series[name])),
        lines: shown.flatMap(series => fanLines(series.group)),
        bands: shown.flatMap((series, i) => fanBands(series.group, 1 + i * FAN_LINES.length)),
        unit: withUnit(fullTitle(outcome.observation, outcome.label), unitOf(outcome.observation)),
        told
    });
}

function unitOf(name) {
    const observation = OBSERVATIONS.get(name);
    return observation ? observation.unit : "1";
}

/* The series of all groups for each observation and label, in the file's order, the main ones first. */
function fanOutcomes(fans) {
    const outcomes = new Map();
    for (const series of fans.series) {
        const key = series.observation + "\n" + (series.label || "");
        if (!outcomes.has(key)) outcomes.set(key, { observation: series.observation, label: series.label, series: [] });
        outcomes.get(key).series.push(series);
    }
    const rank = outcome =>
        outcome.label || !MAIN_OBSERVATIONS.includes(outcome.observation)
            ? MAIN_OBSERVATIONS.length
            : MAIN_OBSERVATIONS.indexOf(outcome.observation);
    return [...outcomes.values()].sort((a, b) => rank(a) - rank(b));
}

/* A box to tick for each scenario, which shows it or not. */
function fanLegend(outcome, hidden, redraw) {
    return outcome.series.map(series => {
        const toggle = event => {
            if (event.target.checked) hidden.delete(series.group);
            else hidden.add(series.group);
            redraw();
        };
        const title = sideTitle(DATA.fan_groups[series.group]);
        return element(
            "li",
            null,
            element(
                "label",
                null,
                outcome.series.length > 1
                    ? element("input", { type: "checkbox", checked: !hidden.has(series.group), change: toggle })
                    : null,
                lineSwatch(series.group),
                word("fan_of", { title, n: series.n })
            )
        );
    });
}

function fanFigure(fans) {
    const outcomes = fanOutcomes(fans);
    const hidden = new Set();
    const columns = ["observation", "label", "unit", "scenario", "tick", "n", ...FAN_LINES];
    return figure({
        id: "fans",
        title: word("fans_title"),
        reading: pooledReading(
            DATA.tick_step > 1 ? sentences(word("fans_reading"), word("months_thinned", { n: DATA.tick_step })) : word("fans_reading")
        ),
        choices: [
            {
                name: "outcome",
                label: word("choice_observation"),
                options: outcomes.map(outcome => fullTitle(outcome.observation, outcome.label))
            }
        ],
        legend: (state, redraw) => fanLegend(outcomes[state.outcome], hidden, redraw),
        draw: (chart, state) => drawFan(chart, fans, outcomes[state.outcome], hidden),
        table: state => ({
            columns,
            rows: unpackedFans(outcomes[state.outcome]).flatMap(series =>
                fans.tick.map((tick, i) => [
                    series.observation,
                    series.label,
                    unitOf(series.observation),
                    DATA.fan_groups[series.group].name,
                    tick,
                    series.n,
                    ...FAN_LINES.map(name => series[name][i])
                ])
            )
        })
    });
}

function drawDifference(chart, series) {
    const told = i =>
        word("month_text", { month: series.tick[i] }) +
        " " +
        withUnit(withInterval({ value: series.difference[i], low: series.low[i], high: series.high[i] }), series.unit) +
        word("semicolon") +
        word("means_text", { a: short(series.mean_a[i]), b: short(series.mean_b[i]) });
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    drawCurves(chart, {
        tick: series.tick,
        columns: [series.low, series.high, series.difference],
        lines: [edge, edge, { stroke: COLOURS[6], width: 2, points: { show: false } }],
        bands: [{ series: [2, 1], fill: tint(3, 0.35) }],
        unit: word("axis_difference_of", { title: withUnit(fullTitle(series.observation, series.label), series.unit) }),
        told,
        zero: true
    });
}

function differenceFigure(list) {
    const { n, choices, chosen } = comparisonOutcomes(list, "series");
    if (n === 0) return null;
    const columns = ["tick", "n", "mean_a", "mean_b", "difference", "low", "high"];
    return figure({
        id: "difference",
        title: word("difference_title"),
        reading: word("difference_reading"),
        choices,
        legend: state => sidesLegend(chosen(state).comparison),
        draw: (chart, state) => {
            const { row } = chosen(state);
            if (row) drawDifference(chart, row);
        },
        table: state => {
            const { row } = chosen(state);
            return {
                columns: ["observation", "label", "unit", ...columns],
                rows: row ? row.tick.map((tick, i) => [row.observation, row.label, row.unit, ...columns.map(name => row[name][i])]) : []
            };
        }
    });
}

function curvesSection() {
    const fans = DATA.fans && (DATA.fans.series || []).length > 0 ? fanFigure(DATA.fans) : null;
    const difference = differenceFigure(COMPARISONS);
    return fans || difference ? [fans, difference] : null;
}
