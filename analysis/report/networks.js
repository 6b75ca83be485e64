"use strict";
/* networks.js - the shares of the administrative, the party and the social network, as bars and as a point in a
 * triangle of which each corner is one network alone.
 */

const CORNERS = ["administrative", "party", "social"];

/* Where three shares lie in a triangle: social on top, administrative left, party right. */
function ternaryPoint([administrative, party, social], { left, top, side }) {
    const height = (side * Math.sqrt(3)) / 2;
    const sum = administrative + party + social;
    return [left + (side * (party + social / 2)) / sum, top + height * (1 - social / sum)];
}

function ternaryGrid(frame, titles) {
    const at = (...shares) => ternaryPoint(shares, frame);
    const path = points => "M" + points.map(point => point.join(" ")).join("L");
    const nodes = [svg("path", { d: path([at(1, 0, 0), at(0, 1, 0), at(0, 0, 1)]) + "Z", fill: "#fff", stroke: "#4d4d4d" })];
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
        const rest = 1 - share;
        nodes.push(
            svg("path", {
                d:
                    path([at(share, rest, 0), at(share, 0, rest)]) +
                    path([at(rest, share, 0), at(0, share, rest)]) +
                    path([at(rest, 0, share), at(0, rest, share)]),
                class: "grid",
                style: "shape-rendering:auto"
            })
        );
        const [x, y] = at(rest, 0, share);
        nodes.push(label(x - 6, y + 4, fixed(share * 100, 0) + " %", { "text-anchor": "end", class: "small soft" }));
    }
    const height = (frame.side * Math.sqrt(3)) / 2;
    const middle = frame.left + frame.side / 2;
    nodes.push(
        label(middle, frame.top - 8, titles[2], { "text-anchor": "middle" }),
        fittedLabel(frame.left - 14, frame.top + height + 18, titles[0], frame.side / 2 + 10),
        fittedLabel(frame.left + frame.side + 14, frame.top + height + 18, titles[1], frame.side / 2 + 10, { "text-anchor": "end" })
    );
    return svg("g", null, nodes);
}

function networkValues(profile, group) {
    return CORNERS.map(name => (group.values[profile.labels.indexOf(name)] || {}).value);
}

function drawTernary(chart, profile) {
    const side = Math.min(chart.width - 60, 400);
    const frame = { left: (chart.width - side) / 2, top: 26, side };
    const root = chart.root(26 + (side * Math.sqrt(3)) / 2 + 30);
    root.append(
        ternaryGrid(
            frame,
            CORNERS.map(name => labelTitle(profile.observation, name))
        )
    );
    for (const group of profile.groups) {
        const values = networkValues(profile, group);
        if (!values.every(exists) || values.reduce((a, b) => a + b) <= 0) {
            chart.leaveOut();
            continue;
        }
        const [x, y] = ternaryPoint(values, frame);
        const told = () =>
            groupTitle(group.group) +
            word("colon") +
            CORNERS.map(
                name => labelTitle(profile.observation, name) + " " + withInterval(group.values[profile.labels.indexOf(name)])
            ).join(word("comma"));
        root.append(chart.mark(told, { x: x - 12, y: y - 12, width: 24, height: 24 }, shape(group.group, x, y, 6.5)));
    }
}

function networksSection() {
    const profile = profilesOf(({ observation }) => observation === "networks")[0];
    if (!profile) return null;
    const triangle = CORNERS.every(name => profile.labels.includes(name))
        ? figure({
              id: "triangle",
              title: word("triangle_title"),
              reading: word("triangle_reading"),
              legend: () => groupsLegend(profile),
              draw: chart => drawTernary(chart, profile),
              table: () => profileTable([profile])
          })
        : null;
    return [stackedFigure(profile, "networks"), triangle];
}
