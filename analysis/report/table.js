"use strict";
/* table.js - tables: of the numbers behind a chart, and one that its reader sorts. On a narrow page a row becomes
 * a list, for which every cell knows the name of its column.
 */

/* Of what has an interval, "x_low" and "x_high" are its ends. */
function columnTitle(name) {
    if (Object.hasOwn(COLUMNS, name)) return COLUMNS[name][language];
    const [, measure, end] = name.match(/^(.*)_(low|high)$/) || [];
    return measure && Object.hasOwn(COLUMNS, measure) ? word("end_" + end, { title: COLUMNS[measure][language] }) : name;
}

function headerCell(title, number) {
    return element("th", { scope: "col", class: number ? "number" : null }, title);
}

function cell(title, text, number) {
    return element("td", { class: number ? "number" : null, "data-column": title }, element("span", null, text));
}

/* How a value of the CSV is shown. */
function valueText(columns, row, i) {
    const value = row[i];
    if (value === null || value === undefined) return "–";
    if (typeof value === "number") return Number.isInteger(value) ? fixed(value, 0) : short(value);
    if (typeof value === "boolean") return word(value ? "yes" : "no");
    const observation = row[columns.indexOf("observation")];
    if (columns[i] === "observation") return observationTitle(value);
    if (columns[i] === "label") return value === "" ? "–" : labelTitle(observation, value);
    const names = {
        unit: unitTitle,
        group: groupName,
        first: groupName,
        second: groupName,
        place: placeName,
        period: period => word("period_" + period + "_short")
    };
    return Object.hasOwn(names, columns[i]) ? names[columns[i]](value) : String(value);
}

function placeName(place) {
    return language === "zh" ? known(PLACES_ZH, place) : String(place);
}

/* Of objects, what the columns name. */
function rowsTable(columns, objects) {
    return { columns, rows: objects.map(object => columns.map(name => (object[name] === undefined ? null : object[name]))) };
}

/* The numbers behind a chart. */
function numbersTable({ columns, rows }, title) {
    const titles = columns.map(columnTitle);
    const numbers = columns.map((name, i) => rows.some(row => typeof row[i] === "number"));
    return element(
        "table",
        { "aria-label": title },
        element(
            "thead",
            null,
            element(
                "tr",
                null,
                titles.map((text, i) => headerCell(text, numbers[i]))
            )
        ),
        element(
            "tbody",
            null,
            rows.map(row =>
                element(
                    "tr",
                    null,
                    row.map((value, i) => cell(titles[i], valueText(columns, row, i), numbers[i]))
                )
            )
        )
    );
}

function compareKeys(a, b) {
    const none_a = a === null || a === undefined,
        none_b = b === null || b === undefined;
    if (none_a || none_b) return Number(none_a) - Number(none_b);
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), language);
}

/* columns: [{title, number, text(row), key(row)}]. A button in each header sorts by key, again the other way;
 * what does not exist comes last either way. */
function sortableTable(columns, rows, title) {
    const body = element("tbody");
    const heads = columns.map(column => headerCell("", column.number));
    const fill = sorted =>
        body.replaceChildren(
            ...sorted.map(row =>
                element(
                    "tr",
                    null,
                    columns.map(column => cell(column.title, column.text(row), column.number))
                )
            )
        );
    const sortBy = i => {
        const down = heads[i].getAttribute("aria-sort") === "ascending";
        heads.forEach(head => head.removeAttribute("aria-sort"));
        heads[i].setAttribute("aria-sort", down ? "descending" : "ascending");
        const there = row => compareKeys(columns[i].key(row), null) < 0;
        const sorted = rows.filter(there).sort((a, b) => compareKeys(columns[i].key(a), columns[i].key(b)) * (down ? -1 : 1));
        fill([...sorted, ...rows.filter(row => !there(row))]);
    };
    heads.forEach((head, i) => head.append(element("button", { type: "button", click: () => sortBy(i) }, columns[i].title)));
    fill(rows);
    return element("table", { "aria-label": title }, element("thead", null, element("tr", null, heads)), body);
}
