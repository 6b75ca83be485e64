"use strict";
/* words.js - the language of the page, and the names of things in it.
 *
 * The language is the first part of the address after #, as in "#zh/networks", so that a link keeps it and
 * nothing is stored; without it the data says which.
 */

const DATA = JSON.parse(document.getElementById("data").textContent);
const LANGUAGES = { en: { name: "English", tag: "en" }, zh: { name: "中文", tag: "zh-CN" } };
let language = "en";

function languageOfAddress() {
    const asked = location.hash.slice(1).split("/")[0];
    if (asked in LANGUAGES) return asked;
    return DATA.language in LANGUAGES ? DATA.language : "en";
}

function partOfAddress() {
    return location.hash.slice(1).split("/")[1] || "";
}

/* A sentence of strings.js; {name} in it is replaced by values.name, and {name|cell|cells} by the first word if
 * that is 1, else by the second. */
function word(key, values) {
    const text = STRINGS[language][key];
    if (text === undefined) {
        console.error("no words for " + key + " in " + language);
        return key;
    }
    return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name, one, more) => {
        if (!values || !(name in values)) return whole;
        return one === undefined ? String(values[name]) : Number(values[name]) === 1 ? one : more;
    });
}

/* A name that the program writes, in a table of names.js; an unknown one stays as it is. */
function known(table, text) {
    if (text === null || text === undefined) return "";
    return Object.hasOwn(table, text) ? table[text] : String(text);
}

function groupName(name) {
    return known(language === "zh" ? GROUPS_ZH : GROUPS_EN, name);
}

/* Two sentences, with a blank between them where the language has one. */
function sentences(a, b) {
    return word("sentence", { a, b });
}

function unitName(unit) {
    return language === "zh" ? known(UNITS_ZH, unit) : String(unit);
}

function designName(kind) {
    return Object.hasOwn(DESIGNS, kind) ? DESIGNS[kind][language] : String(kind);
}

const OBSERVATIONS = new Map((DATA.observations || []).map(observation => [observation.name, observation]));

/* English titles begin sentences, headings and axes. */
function capital(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

function observationTitle(name) {
    const observation = OBSERVATIONS.get(name);
    if (!observation) return name;
    return (language === "zh" && observation.title_zh) || capital(observation.title || name);
}

/* "70+" of age_group, "decide" of depth ...: the file's own words if it has them. */
function labelTitle(name, label) {
    const observation = OBSERVATIONS.get(name);
    if (language !== "zh") return known(LABELS_EN, label);
    const at = observation && observation.labels ? observation.labels.indexOf(label) : -1;
    return (at >= 0 && observation.labels_zh && observation.labels_zh[at]) || label;
}

function fullTitle(name, label) {
    const title = observationTitle(name);
    return label === null || label === undefined || label === "" ? title : word("with_label", { title, label: labelTitle(name, label) });
}

/* "1" is a share or an index: it has no name on an axis. */
function unitTitle(unit) {
    return !unit || unit === "1" ? word("unit_one") : unitName(unit);
}

function withUnit(text, unit) {
    return !unit || unit === "1" ? text : word("with_unit", { text, unit: unitName(unit) });
}

/* What a person calls a side of a comparison: its title, or else its name. */
function sideTitle(side) {
    return side.title || side.scenario || side.name || "";
}

/* What the varied parameters are set to. */
function settingsText(values) {
    return Object.entries(values || {})
        .map(([name, value]) => name + " = " + settingText(value))
        .join(word("comma"));
}

const SETTINGS_IN_TITLE = 6;

/* Of a side that may be one of many design points of its scenario; the point's number stands for settings without room. */
function pointTitle(side) {
    const values = Object.entries(side.values || {});
    if (values.length === 0) return sideTitle(side);
    const settings = settingsText(Object.fromEntries(values.slice(0, SETTINGS_IN_TITLE)));
    const more = values.length > SETTINGS_IN_TITLE ? word("comma") + "…" : "";
    return word("point_of", { title: sideTitle(side), design: side.design, settings: settings + more });
}

/* Of A and of B, which never read the same. */
function pairTitles({ a, b }) {
    const titles = [a, b].map(pointTitle);
    return titles[0] === titles[1] ? [a, b].map(side => word("named_title", { title: pointTitle(side), name: side.scenario })) : titles;
}

/* Scenarios that charts show, each with a colour and a sign of its own. */
function shownScenarios() {
    return DATA.fan_groups || DATA.scenarios || [];
}

/* Colours and signs of A and of B: those that their scenarios have everywhere on the page, or two others if the page does
 * not show both, or if both are points of one scenario. */
function pairSigns({ a, b }) {
    const shown = shownScenarios();
    const signs = [a, b].map(side => shown.findIndex(scenario => scenario.name === side.scenario));
    return signs[0] < 0 || signs[1] < 0 || signs[0] === signs[1] ? [shown.length, shown.length + 1] : signs;
}

function periodTitle(row) {
    if (row.period === "end") return word("period_end", { last: row.last_tick });
    return word("period_average", { first: row.first_tick, last: row.last_tick });
}

/* Of a list of outcomes, for a choice. */
function outcomeTitle(row) {
    return word("with_period", { title: fullTitle(row.observation, row.label), period: periodTitle(row) });
}
