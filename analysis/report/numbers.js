"use strict";
/* numbers.js - numbers as people read them, scales and their ticks. */

function exists(x) {
    return typeof x === "number" && Number.isFinite(x);
}

/* With so many decimals; a number that does not exist is a dash, and -0 is 0. */
function fixed(x, decimals) {
    if (x === "inf") return "∞";
    if (!exists(x)) return "–";
    const text = Math.abs(x).toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return x < 0 && /[1-9]/.test(text) ? "−" + text : text;
}

/* Decimals that show two digits of this size. */
function decimalsFor(size) {
    if (!exists(size) || size === 0) return 3;
    return Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(Math.abs(size)))));
}

/* Three digits. */
function short(x) {
    return fixed(x, exists(x) && x !== 0 ? decimalsFor(x / 10) : 0);
}

/* What a parameter is set to: a switch on or off, or three digits without zeros that nobody wrote. */
function settingText(value) {
    if (typeof value === "boolean") return word(value ? "switch_on" : "switch_off");
    const text = typeof value === "number" ? short(value) : String(value);
    return typeof value === "number" && text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function hasInterval(interval) {
    return Boolean(interval) && exists(interval.low) && exists(interval.high);
}

/* "0.123 [0.118, 0.128]", to two digits of the interval's width. */
function withInterval(interval) {
    if (!interval || !exists(interval.value)) return "–";
    if (!hasInterval(interval)) return short(interval.value);
    const width = interval.high - interval.low;
    const decimals = width > 1e-9 * Math.abs(interval.value) ? decimalsFor(width) : decimalsFor(interval.value / 10);
    return fixed(interval.value, decimals) + " [" + fixed(interval.low, decimals) + ", " + fixed(interval.high, decimals) + "]";
}

/* The three columns of a table that an interval takes. */
function triple(interval) {
    return interval ? [interval.value, interval.low, interval.high] : [null, null, null];
}

function differenceOf(row) {
    return { value: row.difference, low: row.low, high: row.high };
}

/* p-values: small ones only as small. */
function probability(p) {
    return exists(p) && p < 0.001 ? "<\u00a00.001" : fixed(p, 3);
}

/* At most n round numbers from low to high, which a step of 1, 2 or 5 times a power of ten separates. */
function ticksBetween(low, high, n) {
    const rough = (high - low) / Math.max(1, n);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find(factor => factor * power >= rough * 0.999999);
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
    return ticks;
}

/* As many decimals as tell neighbouring ticks apart. */
function tickTexts(ticks) {
    const decimals = Math.max(0, ...ticks.map(tick => (String(tick).split(".")[1] || "").length));
    return ticks.map(tick => (Math.abs(tick) > 0 && Math.abs(tick) < 1e-6 ? tick.toExponential(0) : fixed(tick, Math.min(decimals, 8))));
}

/* The smallest interval around all that exists, with a margin on both sides; of nothing it is 0 to 1. */
function extent(values, margin = 0.05) {
    let low = Infinity,
        high = -Infinity;
    for (const value of values.filter(exists)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
    }
    if (low > high) return [0, 1];
    if (low === high) {
        const around = Math.abs(low) * 0.1 || 0.5;
        return [low - around, high + around];
    }
    const room = (high - low) * margin;
    return [low === 0 ? 0 : low - room, high === 0 ? 0 : high + room];
}

const PACKED_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The numbers of a series that report_packed of report_json.c made a text of: differences in steps of 10^-decimals, as
 * Base64 VLQ; "." is a number that does not exist. They may have more than the 32 bits of <<. */
function unpacked(text, decimals) {
    const unit = 10 ** Math.abs(decimals);
    const numbers = [];
    let steps = 0,
        bits = 0,
        weight = 1;
    for (const character of text) {
        if (character === ".") {
            numbers.push(null);
            continue;
        }
        const digit = PACKED_DIGITS.indexOf(character);
        bits += (digit & 31) * weight;
        weight *= 32;
        if (digit & 32) continue;
        steps += bits % 2 === 1 ? -Math.floor(bits / 2) : bits / 2;
        numbers.push(decimals < 0 ? steps * unit : steps / unit);
        bits = 0;
        weight = 1;
    }
    return numbers;
}

/* From numbers to pixels. */
function linearScale([low, high], [from, to], ticks = 6) {
    const scale = x => from + ((x - low) / (high - low)) * (to - from);
    scale.ticks = ticksBetween(low, high, ticks);
    scale.texts = tickTexts(scale.ticks);
    scale.domain = [low, high];
    scale.range = [from, to];
    return scale;
}

const POWER_ROOM = 64;

/* The same for numbers above 0 that differ by orders of magnitude; a tick for each that has room for its text. */
function logScale([low, high], [from, to]) {
    const first = Math.floor(Math.log10(low)),
        last = Math.ceil(Math.log10(high));
    const scale = x => from + ((Math.log10(x) - first) / (last - first)) * (to - from);
    scale.ticks = [];
    const step = Math.ceil((last - first) / Math.max(1, Math.floor(Math.abs(to - from) / POWER_ROOM)));
    for (let power = last; power >= first; power -= step) scale.ticks.unshift(Number("1e" + power));
    scale.texts = scale.ticks.map(tick => (tick < 1e-6 ? tick.toExponential(0) : String(tick)));
    scale.range = [from, to];
    return scale;
}
