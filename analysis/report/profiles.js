"use strict";
/* profiles.js - means of the averaged months by depth, age, need ...: dots with intervals, or stacked where the
 * labels share a whole.
 */

const STACKED = ["committee_time", "networks"];

function profilesOf(test) {
    return (DATA.profiles || []).filter(test);
}

function groupTitle(index) {
    return sideTitle((DATA.fan_groups || [])[index] || DATA.scenarios[index] || {});
}

function groupsLegend(profile) {
    return profile.groups.map(({ group }) => legendEntry(shapeSwatch(group), groupTitle(group)));
}

function profileTold(profile, { group }, i, interval) {
    return (
        word("with_label", { title: groupTitle(group), label: labelTitle(profile.observation, profile.labels[i]) }) +
        word("colon") +
        withUnit(withInterval(interval), unitOf(profile.observation))
    );
}

function profileTable(profiles) {
    return {
        columns: ["observation", "label", "unit", "scenario", "first_tick", "last_tick", "value", "low", "high"],
        rows: profiles.flatMap(profile =>
            profile.groups.flatMap(({ group, values }) =>
                values.map((interval, i) => [
                    profile.observation,
                    profile.labels[i],
                    unitOf(profile.observation),
                    (DATA.fan_groups[group] || {}).name,
                    profile.first_tick,
                    profile.last_tick,
                    ...triple(interval)
                ])
            )
        )
    };
}

/* Depths of participation differ a hundredfold: then the axis is in powers of ten, and says so. */
function profileScale(profile, range) {
    const values = profile.groups
        .flatMap(({ values }) => values.flatMap(triple))
        .filter(exists);
    const low = Math.min(...values),
        high = Math.max(...values);
    if (low > 0 && high / low > 100) return Object.assign(logScale([low, high], range), { logarithmic: true });
    return linearScale(extent([0, ...values]), range, range[1] - range[0] < 400 ? 4 : 6);
}

function profileDot(chart, profile, group, i, scale, y) {
    const interval = group.values[i];
    if (!interval || !exists(interval.value)) {
        chart.leaveOut();
        return null;
    }
    return chart.mark(
        () => profileTold(profile, group, i, interval),
        { x: 1, y: y - 8, width: chart.width - 2, height: 16 },
        whisker(interval, scale, y, { stroke: colour(group.group) }),
        shape(group.group, scale(interval.value), y, 5)
    );
}

/* A block for each label, a row in it for each scenario. */
function drawProfile(chart, profile) {
    const labels = profile.labels.map(text => labelTitle(profile.observation, text));
    const left = Math.min(chart.width * 0.4, 18 + Math.max(...labels.map(textWidth)));
    const block = profile.groups.length * 17 + 12;
    const bottom = 8 + labels.length * block;
    const scale = profileScale(profile, [left, chart.width - 16]);
    const root = chart.root(bottom + 42);
    const axis = withUnit(fullTitle(profile.observation, null), unitOf(profile.observation));
    root.append(bottomAxis(scale, 8, bottom, scale.logarithmic ? word("axis_log", { axis }) : axis));
    labels.forEach((text, i) => {
        const top = 8 + i * block;
        if (i > 0) root.append(line(0, top, chart.width - 16, top, { class: "grid" }));
        root.append(fittedLabel(4, top + block / 2 + 4, text, left - 14));
        profile.groups.forEach((group, g) => addChildren(root, [profileDot(chart, profile, group, i, scale, top + 14 + g * 17)]));
    });
}

/* Two neighbours in a bar differ in lightness and in their hatching, and each says its name where there is room. */
const PARTS = [
    { fill: "#0072b2", ink: "#fff", hatch: null },
    { fill: "#f3c677", ink: "#1a1a1a", hatch: "M0 8L8 0" },
    { fill: "#8fd3bd", ink: "#1a1a1a", hatch: "M2 2h2v2h-2z" },
    { fill: "#e3b5d0", ink: "#1a1a1a", hatch: "M0 4H8" },
    { fill: "#b5dcf4", ink: "#1a1a1a", hatch: "M4 0V8" },
    { fill: "#595959", ink: "#fff", hatch: null }
];

function hatching(id, i) {
    const part = PARTS[i % PARTS.length];
    return svg(
        "pattern",
        { id: id + "-hatch-" + i, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
        svg("rect", { width: 8, height: 8, fill: part.fill }),
        part.hatch ? svg("path", { d: part.hatch, stroke: "#1a1a1a", "stroke-opacity": 0.35, fill: "none" }) : null
    );
}

function partSwatch(i) {
    const part = PARTS[i % PARTS.length];
    return svg(
        "svg",
        { class: "swatch", width: 16, height: 14, "aria-hidden": "true" },
        svg("rect", { x: 0.5, y: 0.5, width: 15, height: 13, fill: part.fill, stroke: "#1a1a1a", "stroke-width": 0.6 }),
        part.hatch
            ? svg("path", { d: part.hatch, transform: "translate(4 3)", stroke: "#1a1a1a", "stroke-opacity": 0.6, fill: "none" })
            : null
    );
}

function stackedPart(chart, profile, group, i, from, to, y, id) {
    const part = PARTS[i % PARTS.length];
    const text = fixed(group.values[i].value * 100, 0) + " %";
    const room = to - from > textWidth(text) + 8;
    return chart.mark(
        () => profileTold(profile, group, i, group.values[i]),
        { x: from, y: y - 2, width: Math.max(1, to - from), height: 30 },
        svg("rect", {
            x: from,
            y,
            width: Math.max(0, to - from),
            height: 26,
            fill: "url(#" + id + "-hatch-" + i + ")",
            stroke: "#1a1a1a",
            "stroke-width": 0.8
        }),
        room
            ? svg("rect", {
                  x: (from + to) / 2 - textWidth(text) / 2 - 3,
                  y: y + 5,
                  width: textWidth(text) + 6,
                  height: 16,
                  fill: part.fill
              })
            : null,
        room ? label((from + to) / 2, y + 17, text, { "text-anchor": "middle", class: "inked", style: "fill:" + part.ink }) : null
    );
}

/* One bar for each scenario; its name stands above, so that the bar has the whole width. */
function drawStacked(chart, profile, id) {
    const bottom = profile.groups.length * 56 + 6;
    const root = chart.root(bottom + 42);
    const scale = linearScale([0, 1], [10, chart.width - 16], chart.width < 560 ? 5 : 10);
    scale.texts = scale.ticks.map(tick => fixed(tick * 100, 0) + " %");
    root.append(
        svg(
            "defs",
            null,
            profile.labels.map((text, i) => hatching(id, i))
        ),
        bottomAxis(scale, bottom - 4, bottom, word("axis_share"))
    );
    profile.groups.forEach((group, g) => {
        const y = g * 56 + 22;
        root.append(shape(group.group, 16, y - 9), fittedLabel(28, y - 5, groupTitle(group.group), chart.width - 50));
        let sum = 0;
        group.values.forEach((interval, i) => {
            if (!interval || !exists(interval.value)) {
                chart.leaveOut();
                return;
            }
            root.append(stackedPart(chart, profile, group, i, scale(sum), scale(sum + interval.value), y, id));
            sum += interval.value;
        });
    });
}

function profilePeriod(profile) {
    return periodTitle({ ...profile, period: profile.period || "average" });
}

/* How to read what is taken over all runs of a scenario: with a note if they vary parameters too. */
function pooledReading(reading) {
    return (DATA.fan_groups || []).some(group => group.n_designs > 1) ? sentences(reading, word("points_pooled")) : reading;
}

function profileReading(profile) {
    return pooledReading(word("profile_reading", { period: profilePeriod(profile) }));
}

function dotsFigure(profile) {
    return figure({
        id: "profile-" + profile.observation,
        title: observationTitle(profile.observation),
        reading: profileReading(profile),
        legend: () => groupsLegend(profile),
        draw: chart => drawProfile(chart, profile),
        table: () => profileTable([profile])
    });
}

/* words: "committee" or "networks". */
function stackedFigure(profile, words) {
    const id = "stack-" + profile.observation;
    return figure({
        id,
        title: word(words + "_title"),
        reading: word(words + "_reading", { period: profilePeriod(profile) }),
        legend: () => profile.labels.map((text, i) => legendEntry(partSwatch(i), labelTitle(profile.observation, text))),
        draw: chart => drawStacked(chart, profile, id),
        table: () => profileTable([profile])
    });
}

/* All other profiles in one figure, by choice. */
function otherProfiles(profiles) {
    if (profiles.length === 0) return null;
    const chosen = state => profiles[state.outcome];
    return figure({
        id: "profiles",
        title: word("other_profiles_title"),
        reading: profileReading(profiles[0]),
        choices: [
            { name: "outcome", label: word("choice_observation"), options: profiles.map(profile => fullTitle(profile.observation, null)) }
        ],
        legend: state => groupsLegend(chosen(state)),
        draw: (chart, state) => drawProfile(chart, chosen(state)),
        table: state => profileTable([chosen(state)])
    });
}

function profilesSection() {
    const first = ["participation_by_depth", "participation_by_age", "engagement_by_age"];
    const dots = first.flatMap(name => profilesOf(profile => profile.observation === name));
    const others = profilesOf(profile => !first.includes(profile.observation) && !STACKED.includes(profile.observation));
    return dots.length + others.length > 0 ? [dots.map(dotsFigure), otherProfiles(others)] : null;
}

function committeeSection() {
    const time = profilesOf(profile => profile.observation === "committee_time");
    return time.length > 0 ? time.map(profile => stackedFigure(profile, "committee")) : null;
}
