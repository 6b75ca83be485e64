"use strict";
/* heatmap.js - interactions of pairs as a triangle of coloured cells.
 */

/* From blue below 0 through white to orange above it. */
function diverging(x) {
    const to = x < 0 ? [0, 114, 178] : [213, 94, 0];
    const depth = Math.min(1, Math.abs(x)) * 0.85;
    return "rgb(" + to.map(channel => Math.round(255 + (channel - 255) * depth)).join(",") + ")";
}

function heatCell(chart, pair, titles, size, x, y, largest) {
    const clear = pair.low > 0 || pair.high < 0;
    const depth = largest > 0 ? pair.value / largest : 0;
    const size_text = fixed(Math.abs(pair.value), decimalsFor(largest)).replace(/^0\./, ".");
    const text = /[1-9]/.test(size_text) ? (pair.value < 0 ? "−" : "+") + size_text : "0";
    const told = () => titles.join(" × ") + word("colon") + withInterval(pair);
    return chart.mark(
        told,
        { x, y, width: size, height: 30 },
        svg("rect", {
            x: x + 1,
            y: y + 1,
            width: size - 2,
            height: 28,
            fill: diverging(depth),
            stroke: clear ? "#1a1a1a" : "#d0d0d0",
            "stroke-width": clear ? 1.6 : 1
        }),
        size >= textWidth(text) + 4
            ? label(x + size / 2, y + 19, text, {
                  "text-anchor": "middle",
                  class: "small inked",
                  style: Math.abs(depth) > 0.72 ? "fill:#fff" : null
              })
            : null
    );
}

/* Of pairs {first, second, value, low, high} of names: a triangle of cells, columns by number. */
function drawHeatMap(chart, names, titles, pairs) {
    const drawn = pairs.filter(pair => exists(pair.value) && names.includes(pair.first) && names.includes(pair.second));
    chart.leaveOut(pairs.length - drawn.length);
    const numbered = titles.map((title, i) => i + 1 + "  " + title);
    const left = Math.min(chart.width * 0.36, 18 + Math.max(...numbered.map(textWidth)));
    const size = Math.min(64, (chart.width - left - 4) / names.length);
    const root = chart.root(28 + names.length * 30);
    const largest = Math.max(0, ...drawn.map(pair => Math.abs(pair.value)));
    titles.forEach((title, i) => {
        root.append(fittedLabel(4, 24 + i * 30 + 19, numbered[i], left - 10));
        root.append(label(left + (i + 0.5) * size, 16, String(i + 1), { "text-anchor": "middle", class: "soft" }));
    });
    for (const pair of drawn) {
        const [i, j] = [names.indexOf(pair.first), names.indexOf(pair.second)].sort((a, b) => a - b);
        root.append(heatCell(chart, pair, [titles[i], titles[j]], size, left + j * size, 24 + i * 30, largest));
    }
}
