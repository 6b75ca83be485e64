"use strict";
/* figure.js - what all charts have in common: title, how to read it, choices, legend, the chart, the line that
 * tells the value under the pointer or at the keyboard's mark, the numbers as a table and as CSV.
 *
 * A kind of chart is a function that returns figure({...}) with
 *
 *     id, title, reading      reading: one sentence on how to read it
 *     choices                 [{name, label, options: [text ..]}]: what the reader chooses, or none
 *     legend(chosen)          nodes for the legend, or none
 *     draw(chart, chosen)     chart is a Chart; chosen[name] is the number of an option
 *     below(chosen)           what stands under the chart and changes with it, or none
 *     table(chosen)           {columns: [name ..], rows: [[value ..] ..]}: what is drawn, as numbers
 */

const FIGURES = new Map(); /* by id, those on the page */
const CHOSEN = new Map(); /* by id: what the reader chose, which another language keeps */
const PRINT_WIDTH = 660;

/* One drawing: its box, its width in pixels, and its marks in the order of the arrow keys. */
class Chart {
    constructor(box, width) {
        this.box = box;
        this.width = width;
        this.marks = [];
        this.left_out = 0;
    }

    /* An SVG root of the chart's width. */
    root(height) {
        const root = svg("svg", { width: this.width, height, viewBox: "0 0 " + this.width + " " + height, "aria-hidden": "true" });
        this.box.append(root);
        return root;
    }

    /* A mark that is drawn by nodes; halo is what answers the pointer. */
    mark(text, halo, ...nodes) {
        const group = svg("g", { class: "mark" }, svg("rect", { class: "halo", rx: 3, ...halo }), nodes);
        group.addEventListener("pointerenter", () => this.tell(this.marks.findIndex(mark => mark.node === group)));
        this.marks.push({ text, node: group, enter: () => group.classList.add("current"), leave: () => group.classList.remove("current") });
        return group;
    }

    /* A mark that something else draws, such as a month of a canvas. */
    virtualMark(text, enter) {
        this.marks.push({ text, node: null, enter, leave: () => {} });
    }

    leaveOut(n = 1) {
        this.left_out += n;
    }

    /* Set by the figure. */
    tell() {}
}

/* Left and right, up and down, home and end move between marks. */
function nextMark(key, at, n) {
    const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: n - 1 };
    if (!(key in moves) || n === 0) return null;
    return Math.min(n - 1, Math.max(0, moves[key]));
}

class Figure {
    constructor(spec) {
        this.spec = spec;
        this.at = -1;
        this.width = 0;
        this.chosen = CHOSEN.get(spec.id) || {};
        CHOSEN.set(spec.id, this.chosen);
        for (const choice of spec.choices || [])
            if (!(this.chosen[choice.name] < choice.options.length)) this.chosen[choice.name] = choice.first || 0;
        this.build();
        FIGURES.set(spec.id, this);
    }

    build() {
        const { id, title, reading } = this.spec;
        this.box = element("div", {
            class: "chart",
            id: id + "-chart",
            role: "img",
            tabindex: "0",
            "aria-describedby": id + "-reading",
            keydown: event => this.key(event),
            pointerleave: () => this.leave(),
            blur: () => this.leave()
        });
        this.told = element("p", { class: "told", "aria-live": "polite" });
        this.counted = element("p", { class: "counted" });
        this.legend = element("ul", { class: "legend" });
        this.below = element("div");
        this.node = element(
            "figure",
            { id, "aria-label": title },
            element("figcaption", null, element("h3", null, title), element("p", { id: id + "-reading" }, reading)),
            element(
                "div",
                { class: "choices" },
                (this.spec.choices || []).map(choice => this.select(choice))
            ),
            this.legend,
            this.box,
            this.told,
            this.counted,
            this.below,
            element("div", { class: "tools" }, this.csvButton(), this.dataTable())
        );
        this.watch = new ResizeObserver(() => this.fit(this.box.clientWidth));
        this.watch.observe(this.box);
    }

    select(choice) {
        const options = choice.options.map((text, i) => element("option", { value: i, selected: i === this.chosen[choice.name] }, text));
        const paper = element("span", { class: "paper" }, choice.options[this.chosen[choice.name]]);
        const changed = event => {
            this.chosen[choice.name] = Number(event.target.value);
            paper.textContent = choice.options[this.chosen[choice.name]];
            this.draw();
        };
        return element(
            "label",
            null,
            choice.label + " ",
            element("select", { change: changed, "data-choice": choice.name }, options),
            paper
        );
    }

    csvButton() {
        const save = () =>
            download(fileStem() + "-" + this.spec.id + ".csv", csvText(this.spec.table(this.chosen)), "text/csv;charset=utf-8");
        return element(
            "button",
            { type: "button", class: "csv", click: save, "aria-label": word("csv_of", { title: this.spec.title }) },
            "CSV"
        );
    }

    /* The numbers for who does not see the chart; made when asked for. */
    dataTable() {
        this.data = element("details", { toggle: () => this.fillData() }, element("summary", null, word("show_data")));
        return this.data;
    }

    fillData() {
        while (this.data.children.length > 1) this.data.lastChild.remove();
        if (this.data.open) this.data.append(numbersTable(this.spec.table(this.chosen), this.spec.title));
    }

    /* A new width draws anew, so that text keeps its size. */
    fit(width) {
        if (width > 0 && Math.abs(width - this.width) >= 1) {
            this.width = width;
            this.draw();
        }
    }

    draw() {
        if (this.width === 0) return;
        const chart = new Chart(this.box, this.width);
        chart.tell = i => this.tell(i);
        this.at = -1;
        this.told.textContent = "";
        this.box.replaceChildren();
        replaceAll(this.legend, this.spec.legend ? this.spec.legend(this.chosen, () => this.draw()) : null);
        this.marks = chart.marks;
        this.spec.draw(chart, this.chosen);
        replaceAll(this.below, this.spec.below ? this.spec.below(this.chosen) : null);
        this.box.dataset.marks = this.marks.length;
        this.box.setAttribute("aria-label", word("chart_label", { title: this.spec.title, n: this.marks.length }));
        this.counted.textContent = chart.left_out > 0 ? word("left_out", { n: chart.left_out }) : "";
        this.fillData();
    }

    key(event) {
        if (event.target !== this.box) return;
        const next = nextMark(event.key, this.at, this.marks.length);
        if (next === null) return;
        event.preventDefault();
        this.tell(next);
        this.marks[next].enter();
    }

    tell(i) {
        if (this.at >= 0 && this.marks[this.at]) this.marks[this.at].leave();
        this.at = i;
        const mark = this.marks[i];
        if (mark && mark.node) mark.enter();
        this.told.textContent = mark ? (typeof mark.text === "function" ? mark.text() : mark.text) : "";
    }

    leave() {
        if (this.at >= 0 && this.marks[this.at]) this.marks[this.at].leave();
    }
}

function figure(spec) {
    return new Figure(spec).node;
}

/* A page in another language begins with none. */
function forgetFigures() {
    for (const shown of FIGURES.values()) shown.watch.disconnect();
    FIGURES.clear();
}

/* Paper has a width of its own, and no details to open. */
function preparePrint() {
    for (const details of document.querySelectorAll("details.expand:not([open])")) {
        details.open = true;
        details.dataset.closed = "yes";
    }
    for (const shown of FIGURES.values()) {
        shown.screen_width = shown.width;
        shown.fit(PRINT_WIDTH);
    }
}

function endPrint() {
    for (const details of document.querySelectorAll("details[data-closed]")) {
        details.open = false;
        delete details.dataset.closed;
    }
    for (const shown of FIGURES.values()) shown.fit(shown.screen_width);
}

function fileStem() {
    return String(DATA.file || "report")
        .replace(/\.h5$/, "")
        .replace(/[^\w.-]+/g, "_");
}

/* RFC 4180, with the numbers as they are in the data; none is an empty field. */
function csvText({ columns, rows }) {
    const field = value => {
        const text = value === null || value === undefined ? "" : String(value);
        return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    };
    return [columns, ...rows].map(row => row.map(field).join(",") + "\n").join("");
}
