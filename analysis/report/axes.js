"use strict";
/* axes.js - colours, signs and axes. Okabe and Ito's colours can be told apart with colour-blind eyes; a dash or a
 * shape says the same, so that colour is never alone.
 */

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1a1a1a", "#8c7a00"];
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [1, 4], [12, 5], [6, 2, 2, 2, 2, 2]];

function colour(i) {
    return COLOURS[i % COLOURS.length];
}

/* A colour with opacity, for bands on a canvas. */
function tint(i, opacity) {
    const value = parseInt(colour(i).slice(1), 16);
    return "rgba(" + (value >> 16) + "," + ((value >> 8) & 255) + "," + (value & 255) + "," + opacity + ")";
}

/* Circle, square, triangle, diamond, and the same hollow. */
function shape(i, x, y, size = 5) {
    const paint = { fill: i % 8 < 4 ? colour(i) : "#fff", stroke: colour(i), "stroke-width": 1.6 };
    const s = size;
    switch (i % 4) {
        case 0:
            return svg("circle", { cx: x, cy: y, r: s * 0.95, ...paint });
        case 1:
            return svg("rect", { x: x - s * 0.85, y: y - s * 0.85, width: s * 1.7, height: s * 1.7, ...paint });
        case 2:
            return svg("path", { d: "M" + x + " " + (y - s) + "l" + s + " " + s * 1.8 + "h" + -2 * s + "z", ...paint });
        default:
            return svg("path", {
                d:
                    "M" +
                    x +
                    " " +
                    (y - s * 1.2) +
                    "l" +
                    s * 1.2 +
                    " " +
                    s * 1.2 +
                    "l" +
                    -s * 1.2 +
                    " " +
                    s * 1.2 +
                    "l" +
                    -s * 1.2 +
                    " " +
                    -s * 1.2 +
                    "z",
                ...paint
            });
    }
}

function shapeSwatch(i) {
    return svg("svg", { class: "swatch", width: 16, height: 14, "aria-hidden": "true" }, shape(i, 8, 7, 5));
}

function lineSwatch(i) {
    return svg(
        "svg",
        { class: "swatch", width: 34, height: 14, "aria-hidden": "true" },
        svg("rect", { x: 0, y: 1, width: 34, height: 12, fill: tint(i, 0.2) }),
        svg("line", {
            x1: 0,
            x2: 34,
            y1: 7,
            y2: 7,
            stroke: colour(i),
            "stroke-width": 2,
            "stroke-dasharray": DASHES[i % 8].join(" ") || null
        })
    );
}

function legendEntry(swatch, text) {
    return element("li", null, swatch, text);
}

function line(x1, y1, x2, y2, attributes) {
    return svg("line", { x1, y1, x2, y2, ...attributes });
}

function label(x, y, text, attributes) {
    return svg("text", { x, y, ...attributes }, text);
}

const RULER = document.createElement("canvas").getContext("2d");

/* Pixels of a text of a chart. */
function textWidth(text) {
    RULER.font = '12px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';
    return RULER.measureText(text).width;
}

/* A text that fits; what is cut is in a title. */
function fittedLabel(x, y, text, width, attributes) {
    if (textWidth(text) <= width) return label(x, y, text, attributes);
    let cut = text;
    while (cut.length > 1 && textWidth(cut + "…") > width) cut = cut.slice(0, -1);
    return svg("text", { x, y, ...attributes }, cut.trimEnd() + "…", svg("title", null, text));
}

/* In the middle of its axis, or as far to the left as keeps its end on the page. */
function axisName(from, to, y, name) {
    const half = Math.min(textWidth(name), to + 8) / 2;
    return fittedLabel(Math.min((from + to) / 2, to + 12 - half), y, name, to + 8, { "text-anchor": "middle", class: "soft" });
}

/* Below its tick, but not beyond the edge of the page. */
function tickLabel(x, y, text, to) {
    const middle = x + textWidth(text) / 2 <= to + 14;
    return label(middle ? x : to + 14, y, text, { "text-anchor": middle ? "middle" : "end", class: "small" });
}

/* An axis along the bottom of a plot that reaches from top to bottom, with a grid and the name of what it measures. */
function bottomAxis(scale, top, bottom, name) {
    const [from, to] = scale.range;
    const nodes = scale.ticks.map((tick, i) => [
        line(scale(tick), top, scale(tick), bottom, { class: tick === 0 ? "zero" : "grid" }),
        tickLabel(scale(tick), bottom + 16, scale.texts[i], to)
    ]);
    return svg("g", null, nodes, line(from, bottom, to, bottom, { class: "axis" }), axisName(from, to, bottom + 34, name));
}

/* An axis along the left of a plot that reaches from left to right; its name stands above. */
function leftAxis(scale, left, right, name) {
    const [from, to] = scale.range;
    const nodes = scale.ticks.map((tick, i) => [
        line(left, scale(tick), right, scale(tick), { class: tick === 0 ? "zero" : "grid" }),
        label(left - 6, scale(tick) + 4, scale.texts[i], { "text-anchor": "end", class: "small" })
    ]);
    return svg(
        "g",
        null,
        nodes,
        line(left, from, left, to, { class: "axis" }),
        fittedLabel(4, Math.min(from, to) - 10, name, right - 4, { class: "soft" })
    );
}

/* Room that the numbers of a left axis take. */
function axisRoom(scale) {
    return 14 + Math.max(...scale.texts.map(textWidth));
}

/* A whisker along x or along y, if the interval exists. */
function whisker(interval, scale, across, attributes) {
    if (!hasInterval(interval)) return null;
    return line(scale(interval.low), across, scale(interval.high), across, { "stroke-width": 2, ...attributes });
}

function uprightWhisker(interval, scale, across, attributes) {
    if (!hasInterval(interval)) return null;
    return line(across, scale(interval.low), across, scale(interval.high), { "stroke-width": 2, ...attributes });
}

/* A plot of points: its frame with both axes, and scales from numbers to it. */
function scatterFrame(chart, xs, ys, x_name, y_name, height) {
    const y = linearScale(extent(ys, 0.08), [height - 46, 28], 5);
    const left = axisRoom(y);
    const x = linearScale(extent(xs, 0.08), [left, chart.width - 20], chart.width < 560 ? 4 : 7);
    const root = chart.root(height);
    root.append(leftAxis(y, left, chart.width - 20, y_name), bottomAxis(x, 28, height - 46, x_name));
    return { root, x, y, left };
}
